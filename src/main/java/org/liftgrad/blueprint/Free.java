package org.liftgrad.blueprint;

/**
 * M(0, y) = y, without parameters: W = {0}, Z = Y.
 *
 * @param source Y
 */
public record Free(Space source) implements MessageFunction {

  @Override
  public String name() {
    return "free";
  }

  @Override
  public Space weights() {
    return Space.ofDimensionZero();
  }

  @Override
  public Space output() {
    return source;
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    int count = this.source.dimension() * batch;
    for (int j = 0; j < count; j++) {
      preactivation[j] += source[j];
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
      sourceGradient[j] += preactivationGradient[j];
    }
  }
}
