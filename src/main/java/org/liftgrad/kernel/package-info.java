/**
 * What everything else stands on: random streams with an address
 * ({@link org.liftgrad.kernel.RandomStream}), matrix products with one order of summation
 * ({@link org.liftgrad.kernel.Products} for data, {@link org.liftgrad.kernel.DenseProducts} for the flow, on
 * all cores by {@link org.liftgrad.kernel.Workers}), refusals of arguments in one form
 * ({@link org.liftgrad.kernel.Argument}), files written as a whole ({@link org.liftgrad.kernel.WholeFile}) and where a
 * figure comes from ({@link org.liftgrad.kernel.Provenance}).
 *
 * <pre>{@code
 * RandomStream.of(seed, "labels", replicate).nextGaussian();
 * Products.gram(inputs);
 * DenseProducts.asked().factor(gram).multiply(neurons, coefficients, preactivations);
 * }</pre>
 *
 * <p><b>Paths of products.</b> Java's own is the default. {@code -Dliftgrad.products=vector|native|fastest}, or
 * {@code LIFTGRAD_PRODUCTS} for the commands in environment/, asks for another; the Vector module needs {@code
 * --add-modules jdk.incubator.vector}, which the commands add then only, as a JVM with it says so at every start.
 *
 * <p><b>What was tried, and what it gave</b> (Gflop/s of one core of an AMD Zen 4 with vectors of 512 bits, JDK 17
 * and 25 alike unless said; the machine was shared, so these are the best of many):
 *
 * <ul>
 *   <li>Rows of B and C as stretches of one array: 8 to 13, whatever the blocking. The compiler (C2) vectorises
 *       only arrays of their own, read at one common index.
 *   <li>One row of A by 4, 6, 8 rows of B: 20, 21 (27 with B in the smallest cache), 9; by 8 the loop is too large
 *       to be unrolled.
 *   <li>Two rows of A by 4 of B: 13 on 17, 30 on 25, as the compiler pairs the uses of a shared row of B at random.
 *       With the operands of the second row's multiplications the other way round: 35 on both. Three or four rows
 *       by 3 or 4: vectorised on one JDK or on none, 7 to 35.
 *   <li>Products and sums apart instead of fused multiply-adds: 28 to 31 where vectorised. Fused ones have the same
 *       bits by specification, one rounding less, and are slow only on processors without them.
 *   <li>Leaving out zeros of a pair of rows: 36 to 44 where half the entries are zero (as behind ReLU). Row by row,
 *       which leaves out more: 30 to 38.
 *   <li>Where B stays in the cache, zeros listed and rows multiplied one pair after the other instead of all lists first:
 *       steps of descent 1.0 to 1.1 times as fast (n = 280 to 960, p = 30 to 1600), not worth a second way.
 *   <li>Vector module, four rows by three vectors in registers, B packed: 40 to 49. Without packing 20 and less from
 *       1000 columns on. The Vector products of netlib-blas 3.2.0: 8 to 31. OpenBLAS 0.3.21 through its bridge: 40 to 56.
 * </ul>
 */
package org.liftgrad.kernel;
