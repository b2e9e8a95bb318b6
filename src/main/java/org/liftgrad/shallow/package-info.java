/**
 * One-hidden-layer networks h(x) = (1/p) Σ_j a_j σ(⟨w_j, x⟩) and their starts.
 *
 * <p>A {@link org.liftgrad.shallow.ShallowNetwork} is a network as its data see it: pre-activations,
 * weight norms and readout, which is all that the gradient flow needs in any dimension; the hidden
 * weights are there too where the inputs are stored.
 *
 * <pre>{@code
 * var network = shallowNetwork(data).neurons(widthFor(200, 0.05)).dominantReadout().seed(7).build();
 * network.wellInitialised();                       // Lemma 5, on this start
 * probabilityWellInitialised(27, 50, 50);          // and its exact probability on orthogonal data
 * CurvatureBounds.of(data).lower(network.activeEnergy());   // equation (7)
 * }</pre>
 *
 * <p>Where the inputs are {@linkplain org.liftgrad.data.Inputs.Implied exact in law}, pre-activations
 * are drawn from their law given the Gram matrix: for Gaussian weights at the price of n·p numbers in
 * any dimension, for other laws at that of drawing the p·d weights once.
 *
 * <p>Statements of the second paper that live here: Assumption 1, Lemma 5 (width), Lemma 12, equations
 * (6) and (7) and the key inequality ({@link org.liftgrad.shallow.CurvatureBounds}), the asymptotic
 * kernel of 4.1, group initialisation (4.2) and its closed form: one group in
 * {@link org.liftgrad.shallow.OneNeuronGroup} (4.3), all of them and the phase transition of Theorem 2 in
 * {@link org.liftgrad.shallow.GroupFlow} (4.5).
 *
 * <pre>{@code
 * var flow = GroupFlow.targets(Math.sqrt(2), Math.sqrt(0.5)).points(1e80);   // ‖D_j‖/√n, aligned, v(0) = 1
 * flow.timeOfRemaining(0, 0.5);                    // when half of group 0's loss is left, in units of √n log n
 * flow.relativeWidth(0, 0.1) * flow.logPoints();   // 7.36; 7.376 in the limit
 * }</pre>
 *
 * <p>The closed forms are written as sums of numbers of one sign, over the larger of the two exponentials that
 * meet in them; that was enough, and no numbers of more than 53 bits were needed, from 4 points to 10³⁰⁰
 * (with log n in place of n there is no end). The formulas of the theory file as they stand lose all digits
 * of the loss once it is some 10⁻¹⁶ of its start.
 */
package org.liftgrad.shallow;
