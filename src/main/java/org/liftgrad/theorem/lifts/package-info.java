/**
 * The checks of the Random Sparse Lifts paper, one class a check or a small family; ids as in the theory file.
 * {@link org.liftgrad.theorem.lifts.LiftsCatalogue} joins five chapters: structure (groups A to D), copies of a witness
 * (E), tangent approximation (F), mechanics of the flow (G), convergence (H).
 *
 * <p>Of the paper's statements titles and some hypotheses are known, most contents are reconstructed, and several results
 * are this project's own; each statement says which.
 *
 * <p><b>Tangent approximation</b> (F). Two rules of the theory file ask for ε(∞) to more digits than a decomposition in
 * double precision can give: derivatives of a tanh network have singular values all the way down to rounding, and the
 * vectors of the smallest mean nothing. So F1 judges the runs whose range is clear (every column of J adds at least 1e-5
 * of the longest, or nothing), and reports the others; and F9 puts ε(c), for all c up to 1000, between what a step
 * known by hand leaves and the dual bound tried at f*, both exact. F7's steps are the readout's, as those of 4.9, and its
 * search finds a lower bound of a supremum. F10 is not in the file: the step of 4.9 itself, with copies counted.
 */
package org.liftgrad.theorem.lifts;
