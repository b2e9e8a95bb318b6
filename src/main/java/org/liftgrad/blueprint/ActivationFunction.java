package org.liftgrad.blueprint;

import java.util.List;

/**
 * What a vertex b of a blueprint does: a map σ_b from the tuple of its incoming pre-activations, one for each edge of
 * the blueprint that ends in b, in their order, to Y_b, with its reverse rule (Random Sparse Lifts, definition 3.3).
 * Implement it, as a record, to add one of your own; a blueprint compares its reverse rule with finite differences
 * when it is built ({@link Derivatives}).
 *
 * <p>Rows are as in {@link MessageFunction}: entry c of sample s at place {@code c * batch + s}, from 0 of each array
 * on. The same demands hold here: no state, no allocation, safe for several threads; and no two arrays are the same.
 */
public interface ActivationFunction {

  /** A few words for pictures and refusals, such as {@code row softmax}. */
  String name();

  /** The spaces Z_e of the incoming pre-activations. */
  List<Space> inputs();

  /** Y_b. */
  Space output();

  /**
   * Computes the activation, sample by sample.
   *
   * @param preactivations a row for each of {@link #inputs}; not modified
   * @param value a row of Y_b, overwritten
   * @param batch the number of samples, at least 1
   */
  void apply(double[][] preactivations, double[] value, int batch);

  /**
   * Computes the gradients with respect to the pre-activations, given the one with respect to the activation.
   *
   * @param preactivations as given to {@link #apply}; not modified
   * @param value what {@link #apply} made of them; not modified
   * @param valueGradient a row of Y_b; not modified
   * @param preactivationGradients a row for each of {@link #inputs}, overwritten
   * @param batch the number of samples, at least 1
   */
  void reverse(
      double[][] preactivations,
      double[] value,
      double[] valueGradient,
      double[][] preactivationGradients,
      int batch);
}
