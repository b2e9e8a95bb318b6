package org.liftgrad.blueprint;

import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * σ_b(Z)_ij = exp(z_ij) / Σ_k exp(z_ik), the sum over the entries of row i that count; 0 for those that do not. The
 * attention of a head, from its scores (Vaswani et al. 2017).
 *
 * @param mask which entries count
 * @param inputs one space of matrices, of the size of the mask
 */
public record RowSoftmax(Mask mask, List<Space> inputs) implements ActivationFunction {

  /** Refuses what is not one matrix of the size of the mask. */
  public RowSoftmax {
    inputs = Arity.of(1, inputs);
    Argument.require(
        inputs.get(0).equals(Space.of(mask.rows(), mask.columns())), "the pre-activation", "in " + inputs.get(0),
        "in R^" + mask.rows() + "×" + mask.columns() + ", the size of the mask");
  }

  @Override
  public String name() {
    return "row softmax";
  }

  @Override
  public Space output() {
    return inputs.get(0);
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    double[] scores = preactivations[0];
    for (int i = 0; i < mask.rows(); i++) {
      for (int s = 0; s < batch; s++) {
        // From the largest score on, so that nothing overflows.
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < mask.columns(); j++) {
          largest = mask.allows(i, j) ? Math.max(largest, scores[at(i, j, s, batch)]) : largest;
        }
        double sum = 0;
        for (int j = 0; j < mask.columns(); j++) {
          int at = at(i, j, s, batch);
          value[at] = mask.allows(i, j) ? StrictMath.exp(scores[at] - largest) : 0;
          sum += value[at];
        }
        for (int j = 0; j < mask.columns(); j++) {
          value[at(i, j, s, batch)] /= sum;
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
    double[] gradient = preactivationGradients[0];
    for (int i = 0; i < mask.rows(); i++) {
      for (int s = 0; s < batch; s++) {
        double mean = 0;
        for (int j = 0; j < mask.columns(); j++) {
          int at = at(i, j, s, batch);
          mean += value[at] * valueGradient[at];
        }
        for (int j = 0; j < mask.columns(); j++) {
          int at = at(i, j, s, batch);
          gradient[at] = value[at] * (valueGradient[at] - mean);
        }
      }
    }
  }

  private int at(int i, int j, int s, int batch) {
    return (i * mask.columns() + j) * batch + s;
  }
}
