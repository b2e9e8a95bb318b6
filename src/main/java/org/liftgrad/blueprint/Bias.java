package org.liftgrad.blueprint;

/**
 * M(w, y) = w y 1, from a constant vertex of value y = 1: the same bias for every entry of Z. W = R, Y = R.
 *
 * @param output Z
 */
public record Bias(Space output) implements MessageFunction {

  @Override
  public String name() {
    return "bias";
  }

  @Override
  public Space weights() {
    return Space.real();
  }

  @Override
  public Space source() {
    return Space.real();
  }

  @Override
  public boolean linearInWeights() {
    return true;
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    double weight = weights[at];
    for (int c = 0; c < output.dimension(); c++) {
      for (int s = 0; s < batch; s++) {
        preactivation[c * batch + s] += weight * source[s];
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
    double weight = weights[at];
    double sum = 0;
    for (int c = 0; c < output.dimension(); c++) {
      for (int s = 0; s < batch; s++) {
        double gradient = preactivationGradient[c * batch + s];
        sourceGradient[s] += weight * gradient;
        sum += gradient * source[s];
      }
    }
    weightGradient[at] += sum;
  }
}
