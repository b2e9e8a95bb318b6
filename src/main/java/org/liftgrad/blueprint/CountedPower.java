package org.liftgrad.blueprint;

import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * M(0, y) = (y^power, 1), without parameters: powers of the entries, and a 1 that counts. Added up over a fibre it gives
 * {@link Average} and {@link RootMeanSquare} what they divide by. W = {0}, Y = R^S, Z = R^(S + 1).
 *
 * @param power 1 or 2
 * @param source R^S
 */
public record CountedPower(int power, Space source) implements MessageFunction {

  /** Refuses other powers, and what is no vector. */
  public CountedPower {
    Argument.require(power == 1 || power == 2, "power", power, "1 or 2");
    Arity.ranked("the source of a counted power", source, 1, "a vector");
  }

  /** What the activation functions at the other end demand. */
  static List<Space> counted(List<Space> inputs) {
    List<Space> one = Arity.of(1, inputs);
    Space space = Arity.ranked("the pre-activation", one.get(0), 1, "a vector with a count");
    Argument.require(space.dimension() >= 2, "the pre-activation", "in " + space, "in R^2 or more: entries and a count");
    return one;
  }

  @Override
  public String name() {
    return power == 1 ? "sum and count" : "squares and count";
  }

  @Override
  public Space weights() {
    return Space.ofDimensionZero();
  }

  @Override
  public Space output() {
    return Space.of(source.dimension() + 1);
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    int count = this.source.dimension() * batch;
    for (int j = 0; j < count; j++) {
      preactivation[j] += power == 1 ? source[j] : source[j] * source[j];
    }
    for (int s = 0; s < batch; s++) {
      preactivation[count + s] += 1;
    }
  }

  @Override
  public void addReverse(
      double[] weights,
      int at,
      double[] source,
      double[] preactivationGradient,
      double[] sourceGradient,
      double[] weightGradient,
      int batch) {
    int count = this.source.dimension() * batch;
    for (int j = 0; j < count; j++) {
      sourceGradient[j] += power == 1 ? preactivationGradient[j] : 2 * source[j] * preactivationGradient[j];
    }
  }
}
