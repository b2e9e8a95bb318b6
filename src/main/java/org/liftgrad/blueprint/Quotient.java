package org.liftgrad.blueprint;

import java.util.List;

/**
 * σ_b(z_1, z_2) = z_1 / z_2, entry by entry. It is for denominators that cannot be 0, such as those of
 * {@link RootMeanSquare}.
 *
 * @param inputs the spaces of the two pre-activations, the same
 */
public record Quotient(List<Space> inputs) implements ActivationFunction {

  /** Refuses any other number of pre-activations than two, and different spaces. */
  public Quotient {
    inputs = Arity.alike(2, inputs);
  }

  @Override
  public String name() {
    return "quotient";
  }

  @Override
  public Space output() {
    return inputs.get(0);
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    int count = output().dimension() * batch;
    for (int j = 0; j < count; j++) {
      value[j] = preactivations[0][j] / preactivations[1][j];
    }
  }

  @Override
  public void reverse(
      double[][] preactivations,
      double[] value,
      double[] valueGradient,
      double[][] preactivationGradients,
      int batch) {
    int count = output().dimension() * batch;
    for (int j = 0; j < count; j++) {
      double gradient = valueGradient[j] / preactivations[1][j];
      preactivationGradients[0][j] = gradient;
      preactivationGradients[1][j] = -gradient * value[j];
    }
  }
}
