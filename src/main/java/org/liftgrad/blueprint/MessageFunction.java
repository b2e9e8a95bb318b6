package org.liftgrad.blueprint;

/**
 * What an edge e = (a, b) of a blueprint does: a map M_e : W_e × Y_a → Z_e, differentiable in both arguments, with its
 * reverse rule (Random Sparse Lifts, definition 3.3). Implement it, as a record, to add one of your own; a blueprint
 * compares its reverse rule with finite differences when it is built ({@link Derivatives}).
 *
 * <p><b>Rows.</b> An activation or a pre-activation of a batch is a row: entry c of sample s stands at place
 * {@code c * batch + s}, so that loops over samples run along the array. Rows begin at 0 of their array, which may be
 * longer. Weights have no batch: the entries of W_e begin at {@code at}.
 *
 * <p>Implementations hold no state that changes, may be called by several threads at once, and allocate nothing in
 * {@link #add} and {@link #addReverse}. No two of the arrays they are given are the same.
 */
public interface MessageFunction {

  /** A few words for pictures and refusals, such as {@code convolution 3×3}. */
  String name();

  /** W_e; of dimension 0 where there are no parameters. */
  Space weights();

  /** Y_a. */
  Space source();

  /** Z_e. */
  Space output();

  /**
   * Is M(w, y) linear in w? Then M(0, y) = 0, so that an edge of weight 0 is as good as none. Not so for a message
   * without parameters.
   */
  default boolean linearInWeights() {
    return false;
  }

  /**
   * Adds M(w, y) to a pre-activation, sample by sample.
   *
   * @param weights holds w from {@code at} on; not modified
   * @param at where w begins
   * @param source a row of y; not modified
   * @param preactivation a row of Z_e; modified
   * @param batch the number of samples, at least 1
   */
  void add(double[] weights, int at, double[] source, double[] preactivation, int batch);

  /**
   * Adds the gradients with respect to y and w, given the one with respect to the pre-activation.
   *
   * @param weights holds w from {@code at} on; not modified
   * @param at where w, and the gradient with respect to it, begin
   * @param source a row of y; not modified
   * @param preactivationGradient a row of Z_e; not modified
   * @param sourceGradient a row of Y_a, to which (∂M/∂y)ᵀ g is added; modified
   * @param weightGradient to which the sum over samples, in their order, of (∂M/∂w)ᵀ g is added from {@code at} on;
   *     modified
   * @param batch the number of samples, at least 1
   */
  void addReverse(
      double[] weights,
      int at,
      double[] source,
      double[] preactivationGradient,
      double[] sourceGradient,
      double[] weightGradient,
      int batch);
}
