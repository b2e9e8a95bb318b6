package org.liftgrad.blueprint;

import org.liftgrad.kernel.Argument;

/**
 * M(w, y) = w · the mean of the entries of y: the readout of a convolutional network. W = R, Z = R.
 *
 * @param source Y, of dimension at least 1
 */
public record Mean(Space source) implements MessageFunction {

  /** Refuses a source without entries. */
  public Mean {
    Argument.atLeast("the dimension of the source", source.dimension(), 1);
  }

  @Override
  public String name() {
    return "mean";
  }

  @Override
  public Space weights() {
    return Space.real();
  }

  @Override
  public Space output() {
    return Space.real();
  }

  @Override
  public boolean linearInWeights() {
    return true;
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    double weight = weights[at] / this.source.dimension();
    for (int c = 0; c < this.source.dimension(); c++) {
      for (int s = 0; s < batch; s++) {
        preactivation[s] += weight * source[c * batch + s];
      }
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
    int entries = this.source.dimension();
    double weight = weights[at] / entries;
    double sum = 0;
    for (int c = 0; c < entries; c++) {
      for (int s = 0; s < batch; s++) {
        sourceGradient[c * batch + s] += weight * preactivationGradient[s];
        sum += preactivationGradient[s] * source[c * batch + s];
      }
    }
    weightGradient[at] += sum / entries;
  }
}
