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
 * and so it passed once; it divides now. E1b, E1d, E2, E2b, E2d and P2c fail at their quick plans and at the paper's; they are
 * meant to be read: the figures contradict the statement there.
 *
 * <h2>Where plans and rules differ from the theory file</h2>
 *
 * <p>Unless said otherwise a paper plan has the file's sizes, a quick one a few small ones, and a beyond one more than both. What
 * is not the file's:
 * <ul>
 *   <li>The flow is exact, so that the file's rules on the steps of a solver became rules on tolerances: L1a asks 1e-8 of
 *       the flow and an exponent in [0.8, 1.2] of descent, PLa 1e-6 of the integral.
 *   <li>W1 draws fair bits, one a readout and one a pair: that is the law of signs and activations on orthogonal inputs, exactly, but
 *       no network is built. W2 and W3 draw networks and use their own test.
 *   <li>C1a: the file has n to 640 for every law. Sphere and Gaussian inputs go there, as they are exact in law; Rademacher,
 *       truncated and anisotropic ones, whose n·d entries have to be drawn, go to 160 (quick 40, beyond 320).
 *   <li>C1b: n = 40 to 640; 20 is left out, as the crossing still drifts by n^0.16 from there to 80. That curves collapse is not asked
 *       (see above), but that the crossing does not drift, is in proportion to 1/κ², and is steep. That it lies at (5/κ)² is reported.
 *   <li>T1a to T1c: of their cells those with d = n² satisfy Assumption 2 with a constant κ of about 4 only, and not with a
 *       small one (notebooks 02 and 06), so there the rules ask more than the theorem says. A run also ends after 20 n p steps. The slope
 *       of the slowest rate in n that T1b's rule has in the file, and T1c's largest scale for which all good starts converge, are
 *       reported.
 *   <li>T1d: the random start is multiplied by 0.01, as what is left of the start at the end does not scale with c.
 *   <li>O1a: 100 runs a size in the file, 20 in the paper plan, 100 in the beyond one. Its rule that no run is 10 % off is replaced:
 *       every run is held against the linear equation with all its eigenvalues, to 1 %, which chance cannot break.
 *   <li>O1c: in a plan from n = 50 or more to 800 or more the intervals have to lie in the file's ranges; at smaller plans, the quick one
 *       among them, they only have to meet them. So the quick plan is judged more loosely than the paper's.
 *   <li>P2b: the exponent is that of the whole loss, the 2 % are asked of the slowest group alone.
 *   <li>P2c: the file asks for an interval that contains α up to some noise ς*. Here all runs at the smallest noise have to
 *       converge, with exponents within 0.03 of −α; larger noises are reported.
 *   <li>P3c: n = 20 and 50, widths p₁/2 and p₁, seven δ (0.8 is left out) and 300 runs, where the file has n = 20 and 100, widths to 2 p₁,
 *       eight δ and 1000 runs. It reports.
 *   <li>T2d asks in addition for one peak a group but the last; T2e reports, as in the file.
 *   <li>E1a: as in the file at its 17 sizes. The quick plan has two sizes and two runs each, away from the transition, no exception is
 *       allowed there, and the threshold is not fitted.
 *   <li>E1c: the file compares four models by AIC. What decides here is that the interval of the slope in logarithms lies below 1; the
 *       AIC of the models is reported.
 *   <li>E1d is the file's rule on the two largest multiples of the cap in the plan: 250 and 50 at the paper's sizes, 10 and 3 at the
 *       quick ones. That thresholds which the sizes cut off are not judged, here and in E1b and E1c, was added when the paper's
 *       rows showed the flow learn every size up to 24 d, so that it seemed to have settled; those of descent, which decide,
 *       are not cut off.
 *   <li>E1f: the published figure is that of one size, n = 2100. Here it is asked of the mean of 20 runs of descent at each of three sizes.
 *   <li>E2, E2b: the file's rule is for a regime. Every regime of the plan must meet it, so that one is enough to fail, and the rows
 *       say which. The paper plan has three laws of the width and n to 2048 (E2b: two, and 256), the weights multiplied
 *       by 0.01; the file also has 1, which is for the beyond plan or {@code --set weightScales}.
 *   <li>B1: γ = 1 to 16 and n = 32, 64 and 128 (the file: 1/16 to 16, n to 2000, which is the beyond plan). In place of a trend test of
 *       P(conv) at each γ it asks whether the exponent of γ_c in n may be 0 or more. Its control moves that exponent by 2, so the
 *       power is against that, and says nothing of a slow drift such as n^−¼.
 *   <li>B2: several chi-squared tests are taken, so that each has the level 0.01 over their number in place of the file's 0.05; the
 *       trend is between the smallest and the largest scale. The smallest width for P(conv) ≥ 0.95 is not judged.
 *   <li>B5: n = 8 to 32, to 256 in the beyond plan only. Of leaky ReLU every run has to converge, which is more than the file's interval.
 * </ul>
 *
 * <h2>Controls</h2>
 *
 * <p>A control breaks a hypothesis or a mechanism. In most checks that is done to the data, the start or the flow. In some the
 * broken mechanism is, by arithmetic, a change to the figure that is computed, and the runs themselves are the same:
 * <ul>
 *   <li>T1b: without its factor p the flow takes the same path p times as slowly, so the rates of the very same runs are held against a
 *       p times larger unit. PLc: μ is computed without the factor p.
 *   <li>L1a and L1c: the conserved quantity is computed with a wrong factor (1.25 for 1, 1 for β). PLa: the curvature is computed as by a
 *       program that knows no sliding. P2a: the closed form turns with 2τ for τ.
 *   <li>PLb: the curvature is that of a network whose hidden weights are held at that instant. The flow itself trains both layers.
 *   <li>O1a: the kernel is that of the start, as lazy training would have it.
 * </ul>
 * These show that a check would notice such a mistake in the formula. They do not show what a flow would do that breaks the statement.
 * T1e and O1b break hypotheses: parts of a data set that do not share their slowest point, and inputs that are not orthogonal.
 */
package org.liftgrad.theorem.shallow;
