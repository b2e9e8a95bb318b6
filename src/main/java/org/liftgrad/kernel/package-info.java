/**
 * What everything else stands on: random streams with an address
 * ({@link org.liftgrad.kernel.RandomStream}), matrix products with one order of summation
 * ({@link org.liftgrad.kernel.Products}), refusals of arguments in one form
 * ({@link org.liftgrad.kernel.Argument}) and where a figure comes from
 * ({@link org.liftgrad.kernel.Provenance}).
 *
 * <pre>{@code
 * RandomStream.of(seed, "labels", replicate).nextGaussian();
 * Products.gram(inputs);
 * }</pre>
 */
package org.liftgrad.kernel;
