package org.liftgrad.blueprint;

/**
 * M(w, y) = w y with one weight for all entries: W = R, Z = Y.
 *
 * @param source Y
 */
public record Linear(Space source) implements MessageFunction {

  @Override
  public String name() {
    return "linear";
  }

  @Override
  public Space weights() {
    return Space.real();
  }

  @Override
  public Space output() {
    return source;
  }

  @Override
  public boolean linearInWeights() {
    return true;
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    double weight = weights[at];
    int count = this.source.dimension() * batch;
    for (int j = 0; j < count; j++) {
      preactivation[j] += weight * source[j];
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
    int count = this.source.dimension() * batch;
    double sum = 0;
    for (int j = 0; j < count; j++) {
      sourceGradient[j] += weight * preactivationGradient[j];
      sum += preactivationGradient[j] * source[j];
    }
    weightGradient[at] += sum;
  }
}
