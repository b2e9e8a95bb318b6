package org.liftgrad.blueprint;

import java.util.List;

/**
 * σ_b(z_1, z_2) = z_1 − z_2.
 *
 * @param inputs the spaces of the two pre-activations, the same
 */
public record Difference(List<Space> inputs) implements ActivationFunction {

  /** Refuses any other number of pre-activations than two, and different spaces. */
  public Difference {
    inputs = Arity.alike(2, inputs);
  }

  @Override
  public String name() {
    return "difference";
  }

  @Override
  public Space output() {
    return inputs.get(0);
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    int count = output().dimension() * batch;
    for (int j = 0; j < count; j++) {
      value[j] = preactivations[0][j] - preactivations[1][j];
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
      preactivationGradients[0][j] = valueGradient[j];
      preactivationGradients[1][j] = -valueGradient[j];
    }
  }
}
