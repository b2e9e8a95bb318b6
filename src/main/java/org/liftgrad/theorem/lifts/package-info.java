/**
 * The checks of the Random Sparse Lifts paper, one class a check or a small family; ids as in the theory file.
 * {@link org.liftgrad.theorem.lifts.LiftsCatalogue} joins five chapters: structure (groups A to D), copies of a witness
 * (E), tangent approximation (F), mechanics of the flow (G), convergence (H).
 *
 * <p>Of the paper's statements titles and some hypotheses are known, most contents are reconstructed, and several results
 * are this project's own; each statement says which.
 */
package org.liftgrad.theorem.lifts;
