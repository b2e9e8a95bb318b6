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
 * kernel of 4.1, group initialisation (4.2) and its closed form
 * ({@link org.liftgrad.shallow.OneNeuronGroup}, 4.3 and 4.5).
 */
package org.liftgrad.shallow;
