package org.liftgrad.blueprint;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * σ_b(q, k) = scale · q kᵀ for vectors q ∈ R^m and k ∈ R^n: the scores of an attention head, one coordinate of queries
 * and keys at a time (Vaswani et al. 2017, with scale 1/√d_h).
 *
 * @param scale finite
 * @param inputs R^m and R^n
 */
public record OuterProduct(double scale, List<Space> inputs) implements ActivationFunction {

  /** Refuses what is not two vectors. */
  public OuterProduct {
    Argument.finite("scale", scale);
    inputs = Arity.of(2, inputs);
    for (Space space : inputs) {
      Arity.ranked("a pre-activation", space, 1, "a vector");
    }
  }

  @Override
  public String name() {
    return "outer product";
  }

  @Override
  public Space output() {
    return Space.of(inputs.get(0).dimension(), inputs.get(1).dimension());
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    double[] q = preactivations[0];
    double[] k = preactivations[1];
    int columns = inputs.get(1).dimension();
    for (int i = 0; i < inputs.get(0).dimension(); i++) {
      for (int j = 0; j < columns; j++) {
        int at = (i * columns + j) * batch;
        for (int s = 0; s < batch; s++) {
          value[at + s] = scale * q[i * batch + s] * k[j * batch + s];
        }
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
    double[] q = preactivations[0];
    double[] k = preactivations[1];
    double[] qGradient = preactivationGradients[0];
    double[] kGradient = preactivationGradients[1];
    int rows = inputs.get(0).dimension();
    int columns = inputs.get(1).dimension();
    Arrays.fill(qGradient, 0, rows * batch, 0);
    Arrays.fill(kGradient, 0, columns * batch, 0);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int at = (i * columns + j) * batch;
        for (int s = 0; s < batch; s++) {
          double gradient = scale * valueGradient[at + s];
          qGradient[i * batch + s] += gradient * k[j * batch + s];
          kGradient[j * batch + s] += gradient * q[i * batch + s];
        }
      }
    }
  }
}
