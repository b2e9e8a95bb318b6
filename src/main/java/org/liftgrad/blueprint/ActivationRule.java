package org.liftgrad.blueprint;

import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * An activation function for whatever pre-activations arrive at its vertex: what
 * {@link BlueprintBuilder#vertex(String, ActivationRule)} takes. For an activation function of your own, a record
 * {@code Larger(List<Space> inputs) implements ActivationFunction}, it is {@code Larger::new}.
 */
@FunctionalInterface
public interface ActivationRule {

  /**
   * The activation function of a vertex.
   *
   * @param inputs the spaces Z_e of its incoming pre-activations, in the order of the edges
   * @throws IllegalArgumentException where there is none for these spaces, such as for too few
   */
  ActivationFunction on(List<Space> inputs);

  /** A function of each entry of the sum ({@link PointwiseSum}). */
  static ActivationRule pointwise(Activation function) {
    return inputs -> new PointwiseSum(function, inputs);
  }

  /** The plain sum ({@link PointwiseSum} of the identity). */
  static ActivationRule sum() {
    return pointwise(Activation.identity());
  }

  /** z_1 φ(z_2) ({@link Gate}). */
  static ActivationRule gate(Activation function) {
    return inputs -> new Gate(function, inputs);
  }

  /** z_1 z_2 ({@link Gate} of the identity). */
  static ActivationRule product() {
    return gate(Activation.identity());
  }

  /** z_1 − z_2 ({@link Difference}). */
  static ActivationRule difference() {
    return Difference::new;
  }

  /** z_1 / z_2 ({@link Quotient}). */
  static ActivationRule quotient() {
    return Quotient::new;
  }

  /** What was added up, over its count ({@link Average}). */
  static ActivationRule average() {
    return Average::new;
  }

  /** The root of what was added up over its count, and ε ({@link RootMeanSquare}). */
  static ActivationRule rootMeanSquare(double epsilon) {
    return inputs -> new RootMeanSquare(epsilon, inputs);
  }

  /** scale · z_1 z_2ᵀ ({@link OuterProduct}): attention scores. */
  static ActivationRule outerProduct(double scale) {
    return inputs -> new OuterProduct(scale, inputs);
  }

  /** The softmax of each row ({@link RowSoftmax}). */
  static ActivationRule rowSoftmax() {
    return inputs -> {
      Space scores = matrix(inputs);
      return new RowSoftmax(Mask.none(scores.size(0), scores.size(1)), inputs);
    };
  }

  /** The softmax of each row, over the entries up to the diagonal ({@link RowSoftmax}). */
  static ActivationRule causalSoftmax() {
    return inputs -> new RowSoftmax(Mask.causal(matrix(inputs).size(0)), inputs);
  }

  /** The softmax of each row, over the entries that a mask lets count ({@link RowSoftmax}). */
  static ActivationRule rowSoftmax(Mask mask) {
    return inputs -> new RowSoftmax(mask, inputs);
  }

  private static Space matrix(List<Space> inputs) {
    Argument.atLeast("the number of pre-activations", inputs.size(), 1);
    return Arity.ranked("the pre-activation", inputs.get(0), 2, "a matrix");
  }

  /** z_1 z_2, a matrix by a vector ({@link Mix}): attention applied to values. */
  static ActivationRule mix() {
    return Mix::new;
  }
}
