package org.liftgrad.blueprint;

import java.util.List;

/**
 * σ_b(z, count) = z / count, for a pre-activation whose last entry counts what was added up in the others, as
 * {@link CountedPower} makes it; the average of nothing is 0.
 *
 * @param inputs one space R^(S + 1)
 */
public record Average(List<Space> inputs) implements ActivationFunction {

  /** Refuses what is not one vector with room for a count. */
  public Average {
    inputs = CountedPower.counted(inputs);
  }

  @Override
  public String name() {
    return "average";
  }

  @Override
  public Space output() {
    return Space.of(inputs.get(0).dimension() - 1);
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    double[] sums = preactivations[0];
    int entries = inputs.get(0).dimension() - 1;
    for (int c = 0; c < entries; c++) {
      for (int s = 0; s < batch; s++) {
        double count = sums[entries * batch + s];
        value[c * batch + s] = count == 0 ? 0 : sums[c * batch + s] / count;
      }
    }
  }

  @Override
  public void reverse(
      double[][] preactivations,
      double[] value,
      double[] valueGradient,
      double[][] preactivationGradients,
      int batch) {
    double[] sums = preactivations[0];
    double[] gradient = preactivationGradients[0];
    int entries = inputs.get(0).dimension() - 1;
    for (int s = 0; s < batch; s++) {
      double count = sums[entries * batch + s];
      double ofCount = 0;
      for (int c = 0; c < entries; c++) {
        double each = count == 0 ? 0 : valueGradient[c * batch + s] / count;
        gradient[c * batch + s] = each;
        ofCount -= each * value[c * batch + s];
      }
      gradient[entries * batch + s] = ofCount;
    }
  }
}
