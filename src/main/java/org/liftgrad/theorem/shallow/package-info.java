/**
 * The checks of the weakly-interacting-data paper, one class a check or a small family; ids as in the
 * theory file. {@link org.liftgrad.theorem.shallow.ShallowCatalogue} lists them.
 *
 * <p>Conventions: every run is the exact flow unless it says otherwise; a start has converged when L &lt;
 * 1e-6/(2n) within the horizon H that the rule names; an indicator is strict, so a pair that slides
 * counts as inactive.
 *
 * <p>Theorem 2 (T2a, T2c, T2d) is checked in closed form at any n that a double holds; P2a holds the closed form against the
 * flow of whole networks, and P2b and T2b follow the groups of large ones one by one.
 *
 * <p>What failed: whole networks in group initialisation at n in the thousands, where the groups one by one cost next to
 * nothing; judging the last rate of a random start by the smallest eigenvalue
 * alone, as one run in a hundred has another one too near (O1a takes them all); and asking the whole loss of many groups,
 * from 1e-20 to 1e-24 of its start, for the rate of the slowest to 2 % (P2b looks at that group alone).
 *
 * <p>Rules that were tried and dropped, as they are not true of the statement's own law: that the curves of C1b
 * collapse (the transition becomes sharp with n, so the Kolmogorov distance between n = 40 and 160 is 0.5 and more), and
 * that three degrees of freedom are heavy enough for C1c (at n = 40 two draws in a hundred are far out; with
 * 2.1 degrees twenty). Waiting times of B7 from ε = 0.1 on: that is no small start, and R² fell under 0.999.
 *
 * <p>The reviewers' questions (P2c, P3c, T2e, B1, B4, B6, B9, B14 to B17). The file has no rule for most of them; where ours
 * judge, they ask what our own argument says. P2c: noise on a neuron in the span of its group makes half of its other pairs
 * active, whatever its size, as a pair at 0 stands on its kink; with a margin below 0 small noise does nothing. Both are
 * asked, and the first fails. A control with d fixed was too weak for B1: γ_c grows with n nearly as fast as that makes it
 * fall, so d falls like 1/n there. The horizon is in units of the authors' cap, and B17 has that of p₁ at every width. B15
 * compares losses by descent: the flow event by event takes p² as long; its quick plan was changed several times for cost
 * and precision, as a small one had missed the exponent by chance. B16 leaves out the last step, which is seen cut at the
 * loss that is asked for.
 *
 * <p>What the theorems do not speak of (B10 to B13, B18). B10 judges that the kernel moves, by its exponent in n, and
 * reports models whose kernel stays, in closed form; the others report. A start √n times as large was too weak a control
 * for B10: in n² dimensions pre-activations are as small as 1/√n beside it, so that as large a share of the pairs changes
 * sides at every n, and the exponent is 0; it is n times as large now. B13 is descent in plain loops, as the flow engine
 * has the squared loss only. B12 descends with a small step, as two hidden layers have no exact flow here; with step
 * halving, which we had first, half of the failures were runs that stood at a kink, where no step however small takes its
 * share of the loss, and not lost. The control of B18 has no start near the teacher: no small network fits shuffled labels,
 * and at a positive loss everything slides.
 *
 * <p>The Conjecture (E2, E2b, E2d): their first control multiplied labels by n^¼, which mended exponents that were too steep,
 * and so it passed once; it divides now. E1b, E1d, E2, E2b, E2d and P2c fail at their quick plans, and are meant to be
 * read: the figures contradict the statement there.
 */
package org.liftgrad.theorem.shallow;
