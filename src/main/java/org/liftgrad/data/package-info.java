/**
 * Data sets and their laws: what a network is trained on.
 *
 * <p>A {@link org.liftgrad.data.Dataset} is n points with real labels. What the gradient flow needs of
 * the inputs is their Gram matrix alone; {@link org.liftgrad.data.Inputs} says what else is known of
 * them, which is what a start is drawn from:
 *
 * <table>
 *   <caption>Forms of inputs</caption>
 *   <tr><th>form</th><th>when</th><th>price</th></tr>
 *   <tr><td>stored</td><td>your own data; anything that fits into memory</td><td>n·d numbers</td></tr>
 *   <tr><td>streamed</td><td>any law of independent entries, too wide to keep</td><td>n² numbers, n·d draws at each use</td></tr>
 *   <tr><td>exact in law</td><td>rotation-invariant laws, n ≤ d, any d up to 10¹⁵</td><td>n² numbers</td></tr>
 *   <tr><td>along axes</td><td>orthogonal inputs</td><td>n numbers</td></tr>
 * </table>
 *
 * <pre>{@code
 * var orthogonal = orthogonalData().points(200).norms(1, 2).labels(signed(1, 2)).seed(7).build();
 * var wide = lawS().points(1000).dimension(1_000_000_000_000L).exactInLaw().seed(7).build();
 * var heavy = subGaussianData().points(100).dimension(10_000).law(studentT(3)).streamed().build();
 * var own = readData("X.npy", "y.csv");
 * wide.weakInteraction(0.5).holds();    // Assumption 2 on the data at hand
 * }</pre>
 *
 * <p>Same seed, same bits: a stream of numbers has an address, sums have one order, and neither the
 * number of points that follow, nor the width of blocks, nor the JDK changes a bit of the first ones.
 *
 * <p>Statements of the second paper that live here: the bounds of 1.3, Assumption 2 (its normalisation
 * is reconstructed), Lemma 4 and Corollary 1 through the laws, the groups of 4.2. Bartlett's
 * decomposition: Anderson, An Introduction to Multivariate Statistical Analysis, section 7.2.
 */
package org.liftgrad.data;
