/**
 * The gradient flow θ' = −p∇L of a shallow network: what to integrate, until when, how exactly and
 * what to observe go in, a {@link org.liftgrad.flow.Solution} comes out.
 *
 * <pre>{@code
 * Solution run = gradientFlow(network, data)
 *     .until(lossBelow(1e-10))
 *     .observe(loss(), curvature(), slidingPairs())
 *     .solve();
 * }</pre>
 *
 * <p><b>Statements.</b> The flow itself and its local-PL curvature are those of Dana, Bach and
 * Pillaud-Vivien (2025), sections 2 and 3; a_j² − ‖w_j‖² is conserved by Lemmas 1 and 1'. What happens
 * at a kink of the ReLU, and that the Gram matrix is all the flow needs, is derived in this project.
 *
 * <p><b>Lifts.</b> {@link org.liftgrad.flow.LiftTraining} trains a network on a lift: by Dormand-Prince where its
 * activations are smooth, by descent with step halving, marked so, where they are not. It knows nothing of what follows.
 *
 * <p><b>Comparing.</b> {@link org.liftgrad.flow.Trajectory} holds the states of a run at given times and says how far
 * they are from those of another. Compare neuron by neuron: one that went another way is diluted in a norm over all.
 *
 * <p><b>Three methods.</b> The exact flow (ReLU, leaky or not); Dormand-Prince of Hipparchus (smooth
 * activations, and ReLU on orthogonal inputs); gradient descent, to be compared with either.
 *
 * <p><b>How the exact flow goes on.</b> A pair (neuron j, point i) is active, inactive, or slides: it is
 * held at ⟨w_j, x_i⟩ = 0 by an indicator between 0 and 1, as gradient descent does by chattering. For leaky
 * ReLU of slope s the indicator lies between s and 1; written as s + (1 − s) s', with s' between 0 and 1, it is
 * the same problem again, with s/(1 − s) times G r added to every pull: one solver serves both.
 *
 * <ol>
 *   <li>{@code PairState}: where the run stands, with a bound on the rounding error of what is compared with 0.
 *   <li>{@code StepSeries}: between events the right-hand side is a polynomial in the state, so the state is
 *       a power series in time, a Gram product an order; it is also the dense output.
 *   <li>{@code EventSearch}, {@code FirstRoot}: the first pre-activation, share or readout that reaches its
 *       bound, found without stepping over a root.
 *   <li>{@code Settling}, {@code KinkProblem}: at an event every pair of its neuron that is at zero gets its
 *       mode anew, as a convex box problem: the velocity of the neuron jumps, so other shares jump too.
 *   <li>{@code GrazingWatch}: how near the run came to the places where the flow map is discontinuous. On 250
 *       jumps of the final state, found by bisection in one entry of the start, the margin was under 1e-6 on both
 *       sides a relative 1e-9 away from each. Turns and crossings alone missed one side of 20 of them (a
 *       sliding pair whose residual passes 0) and both of some more (another event just after a crossing).
 *   <li>{@code ExactIntegrator}: the loop over these.
 * </ol>
 *
 * <p><b>Neuron by neuron.</b> Past a few thousand pairs an event must not cost a step of the whole network. Over a
 * macro-step the residuals are polynomials in time, the same for all neurons; given them, a neuron goes through its
 * own events as a scalar power series; what comes of it is projected (L2 in time) on polynomials again, until
 * nothing changes: waveform relaxation. {@code SweepIntegrator} is the loop, {@code NeuronSweep} one neuron's way,
 * {@code SlidingSet} the factored Gram matrix of where it slides, {@code RowSpace} the coordinates, {@code Anderson}
 * the acceleration, {@code NeuronLog} and {@code SweepSegment} the dense output. {@code GradientFlow.tolerance} says
 * which way is taken. The two ways are two programs, and each is the other's test.
 *
 * <ul>
 *   <li>Measured on two cores, one run each: 46,800 pairs (n = 1300, d = 100, p = 36, law S) to t = 872, 62,576
 *       events, 7.7 s at an error of the state of some 6e-7; 3,100 pairs (n = 100, d = 10⁴, p = 31) to a loss of 1e-10,
 *       2,676 events, 0.45 s at an error of 9e-7. One thread needs 1.6 times as long.
 *   <li>The error of the state came out between 0.04 and 1.4 times the tolerance. Where the residuals have fallen by
 *       10⁵ they are not resolved any better.
 *   <li>Vectors are rows of their own, four added to one sum at a time: 20 Gflop/s a thread; into two or three sums
 *       at a time 11, eight to one sum 9 (JDK 17). The sums of moments over all 16 subsets of four neurons halve the
 *       additions. Most candidates for an event are told apart by the mean of the drive alone.
 *   <li>With about as many dimensions as points (2m &gt; n) a neuron's path is much longer than the way of any one
 *       pair, so that its length tells nothing apart, and nearly all pairs were looked at for every event: there {@code
 *       FollowedPairs} keeps the pre-activations of all points and the forces on them (law S, d = 4n²: 2.6 times as fast at
 *       n = 640). Doing so in any dimension, with the integrals of the residuals pair by pair instead of moments and two
 *       products for all neurons at once, was 1.1 to 1.4 times slower at n = 1300, d = 100: the product with all inputs is
 *       twice as long as the one it saves.
 *   <li>Orthogonal inputs are coordinates by themselves: a product with all of them is n multiplications, and pairs that
 *       nothing moves are not looked at. Against a factor of the Gram matrix 3.8 times as fast at n = 100, p = 54, 8 times at
 *       n = 800, p = 35; against event by event at 1e-10, at a tolerance of 1e-6, 6 and 24 times (0.10 s for 0.65 s, 1.0 s for
 *       25 s, to a loss of 1e-6/(2n), one thread). Up to some 2,000 pairs, or at a tolerance of 1e-9 some 6,000, event by event
 *       is the faster way there, so that it stays the default. Touching only the one entry that an event changes made no
 *       difference.
 *   <li>A state that no observer asks for is not worked out (a tenth of the time at n = 1300, d = 100).
 *   <li>What did not help: remembering Anderson's pairs from one macro-step to the next (13,083 residual passes with,
 *       12,936 without); cubic residuals at a tolerance of 1e-6 (a fifth more passes, half the error).
 *   <li>A sliding pair whose share has come to 0 goes inactive at the next event of its neuron: kept as sliding,
 *       rounding woke dead neurons when their residual turned.
 * </ul>
 *
 * <p><b>Checkpoints.</b> {@code solution.checkpoint()} can be saved, loaded and resumed to the same bytes: {@link
 * org.liftgrad.flow.Checkpoint}. A run to an earlier time is a part of one to a later time up to the last boundary
 * between steps: the end cuts a step short and has no other influence. So the checkpoint is that boundary, and
 * the step is taken anew.
 *
 * <p><b>Descent</b> counts the pairs that change sides without a branch, a neuron at a time, and looks ahead at its loss
 * without working out the state there: 1.6 times as fast at n = 960, d = 40, p = 30, 1.4 at n = 280, d = 20, 1.25 at n = 400,
 * d = 30, p = 1600, where half of a step waits for the memory. Two thirds of a step are now the product with the inputs.
 *
 * <p><b>The right-hand side</b> ({@link org.liftgrad.flow.RightHandSide}), which descent and the stock solver use, goes
 * over the points in tiles, on all cores. On orthogonal inputs it waits for little but the memory on the Vector path:
 * 1.45 to 1.7 ns a pair and thread, against 0.55 to 0.65 of a copy by one thread alone, which by itself nearly
 * exhausts the memory; 2.0 to 2.7 on Java's path, of which 1.2 are arithmetic (C2 has no reductions, and no cheap
 * maximum). What did not help: tiles that fit the core's own cache (512 points; 1.9 and 2.4 to 2.8: short stretches of
 * memory are read slowly); reading u a second time instead of keeping max(u, 0) (2.4 to 2.6); reading
 * ahead of the next row or of the row to be written (no difference beyond noise); dot products as sums in many parts.
 *
 * <p><b>Choices, and what was tried and failed.</b>
 *
 * <ul>
 *   <li>The order is chosen step by step, from 3 to 22, against an estimate of the next event. With a fixed
 *       order 22 a run of 780 events (n = 40, p = 24) took 3.2 times as many products, with order at least 8
 *       1.3 times.
 *   <li>What stands side by side is summed side by side, an order at a time, where the compiler uses wide registers; series
 *       that cannot reach zero are told apart by their largest possible motion, without a branch on their signs. The same
 *       bytes; on orthogonal inputs (n = 100, p = 54) 1.24 times as fast, on law S (n = 40) 1.2 times, for n = 20 no difference.
 *   <li>D0 = 0 (nothing pushes a pair at its kink) leaves it inactive, for good while that stays so. Taken as
 *       a crossing or as sliding with share 0, rounding wakes dead neurons.
 *   <li>Comparing forces with 0 by the rounding error of the sum alone is not enough: near convergence
 *       residuals are themselves rounding noise, shares z/r leave [0, 1] by noise and come back, and one
 *       problem in two hundred of the fuzz stalled. Bounds count the noise of the residuals, and are the same in
 *       every comparison; a share must leave [0, 1] by more than its bound.
 *   <li>Pairs at zero whose speed is rounding are told apart by the first higher term of their series that is
 *       not; two terms were too few for readouts that start at 0.
 *   <li>Time is counted in a unit near the fastest scale of the start, and truncation is measured in lengths,
 *       not in coefficients: without that inputs of size 1e8 overflowed or lost digits.
 *   <li>A step allocates nothing. It took the k-th root in the choice of the order away from StrictMath.pow, which
 *       makes small arrays in every call: the logarithm and the exponential do it instead.
 *   <li>Events are looked for as far as the series reaches, also past the end of the run: with the end as the
 *       limit the last bits of a root depended on it, and resumed runs differed from others.
 * </ul>
 *
 * <p><b>Not covered.</b>
 *
 * <ul>
 *   <li>Parallel inputs are refused: they share a kink, where neither the box problem nor a root tells their
 *       pairs apart; the message says how to merge points of one direction.
 *   <li>A start on an unstable kink (D0 &lt; 0 &lt; D1) is refused, as the flow could go either way.
 *   <li>Where more than one continuation exists the run takes one and counts it as ambiguous: a sliding pair
 *       whose readout changes its sign, a weight that passes through 0 (in few dimensions sliding leads there), a
 *       repelling pair that meets its kink together with another event of its neuron (symmetric inputs),
 *       a repelling pair pinned to zero by others whose inputs span its own.
 *   <li>Near a grazing of a repelling pair trajectories part at finite speed: {@link
 *       org.liftgrad.flow.GrazingMargin} says how near the run came, and an {@link org.liftgrad.flow.ErrorEstimate}
 *       whether a looser run went another way. Balanced neurons (|a_j| = ‖w_j‖) on their
 *       way to the saddle at 0 part in the same way, and so do those whose readout turned and that go back on their
 *       path to a point where two pairs cross at once (seed 20042 of the fuzz); no margin says so.
 *   <li>Inputs in special position (small whole numbers, so that sums of inputs vanish or kinks meet): of 100,000
 *       problems of the fuzz that nothing was fitted to (seeds 100000 to 200000), a third of them of this kind,
 *       seven broke, all of this kind.
 *       Four stalled, and say so (115650, 129825, 139223, 170491); two gave states that differ by less than 1e-2
 *       at two tolerances (121444, 157104); one started with a pair at zero on the wrong side (190732). Taking back
 *       in {@code KinkProblem} an input that was set aside as dependent, once fewer slide, mended none of them.
 *   <li>Leaky ReLU: of 29,400 problems of the fuzz none broke; with another rounding of the choice of steps one
 *       stalled (seed 682, special position too), so the rate is about that of ReLU.
 *   <li>Neuron by neuron: inputs in special position, where events coincide; a weight that passes through 0; linearly
 *       dependent inputs with n &lt; d. Event by event does these. A pair counts as past its kink by 1e-13 of its size.
 * </ul>
 */
package org.liftgrad.flow;
