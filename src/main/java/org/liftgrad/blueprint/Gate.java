package org.liftgrad.blueprint;

import java.util.List;

/**
 * σ_b(z_1, z_2) = z_1 φ(z_2), entry by entry (Dauphin et al. 2017); with the identity for φ the product.
 *
 * @param function φ
 * @param inputs the spaces of the two pre-activations, the same
 */
public record Gate(Activation function, List<Space> inputs) implements ActivationFunction {

  /** Refuses any other number of pre-activations than two, and different spaces. */
  public Gate {
    inputs = Arity.alike(2, inputs);
  }

  @Override
  public String name() {
    return function instanceof Activation.Identity ? "product" : function.name() + " gate";
  }

  @Override
  public Space output() {
    return inputs.get(0);
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    int count = output().dimension() * batch;
    double[] gated = preactivations[0];
    function.apply(preactivations[1], value, count);
    for (int j = 0; j < count; j++) {
      value[j] *= gated[j];
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
    double[] gated = preactivations[0];
    double[] opening = preactivations[1];
    double[] gatedGradient = preactivationGradients[0];
    double[] openingGradient = preactivationGradients[1];
    function.apply(opening, gatedGradient, count);
    function.slopes(opening, gatedGradient, openingGradient, count);
    for (int j = 0; j < count; j++) {
      gatedGradient[j] *= valueGradient[j];
      openingGradient[j] *= valueGradient[j] * gated[j];
    }
  }
}
