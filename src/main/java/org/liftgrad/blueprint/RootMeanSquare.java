package org.liftgrad.blueprint;

import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * σ_b(z, count) = √(z / count + ε), for a pre-activation whose last entry counts what was added up in the others, as
 * {@link CountedPower} of squares makes it; √ε where nothing was. The denominator of layer normalisation (Ba, Kiros and
 * Hinton 2016).
 *
 * @param epsilon ε, above 0
 * @param inputs one space R^(S + 1)
 */
public record RootMeanSquare(double epsilon, List<Space> inputs) implements ActivationFunction {

  /** Refuses what is not one vector with room for a count. */
  public RootMeanSquare {
    Argument.positive("epsilon", epsilon);
    inputs = CountedPower.counted(inputs);
  }

  @Override
  public String name() {
    return "root mean square";
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
        value[c * batch + s] = Math.sqrt((count == 0 ? 0 : sums[c * batch + s] / count) + epsilon);
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
        int at = c * batch + s;
        double each = count == 0 ? 0 : valueGradient[at] / (2 * value[at] * count);
        gradient[at] = each;
        ofCount -= count == 0 ? 0 : each * sums[at] / count;
      }
      gradient[entries * batch + s] = ofCount;
    }
  }
}
