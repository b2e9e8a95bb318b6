package org.liftgrad.flow;

/**
 * Anderson acceleration of a fixed-point iteration x ← g(x): the next point is the combination of the
 * last images whose residuals g(x) − x, combined alike, are smallest in a weighted least-squares sense.
 */
final class Anderson {

  private static final double REGULAR = 1e-14;

  private final int memory;
  private final double[][] stepsOfImage;
  private final double[][] stepsOfGap;
  private final double[] lastImage;
  private final double[] lastGap;
  private final double[] gap;
  private final double[] weights;
  private final double[][] normal;
  private final double[] right;
  private int kept;
  private int next;
  private boolean started;

  /**
   * Remembers so many pairs.
   *
   * @param weights of the least squares, a number a coordinate; not modified
   */
  Anderson(int memory, double[] weights) {
    this.memory = memory;
    this.weights = weights;
    int size = weights.length;
    stepsOfImage = new double[memory][size];
    stepsOfGap = new double[memory][size];
    lastImage = new double[size];
    lastGap = new double[size];
    gap = new double[size];
    normal = new double[memory][memory];
    right = new double[memory];
  }

  /** Keeps the remembered pairs, but the next point does not follow the last one. */
  void restart() {
    started = false;
  }

  void forget() {
    started = false;
    kept = 0;
    next = 0;
  }

  /**
   * The next point.
   *
   * @param point x; modified: the next point
   * @param image g(x); not modified
   */
  void advance(double[] point, double[] image) {
    int size = point.length;
    for (int i = 0; i < size; i++) {
      gap[i] = image[i] - point[i];
    }
    if (started) {
      for (int i = 0; i < size; i++) {
        stepsOfImage[next][i] = image[i] - lastImage[i];
        stepsOfGap[next][i] = gap[i] - lastGap[i];
      }
      next = (next + 1) % memory;
      kept = Math.min(kept + 1, memory);
    }
    System.arraycopy(image, 0, lastImage, 0, size);
    System.arraycopy(gap, 0, lastGap, 0, size);
    started = true;
    System.arraycopy(image, 0, point, 0, size);
    if (kept > 0 && solve()) {
      for (int s = 0; s < kept; s++) {
        RowSpace.add(-right[s], stepsOfImage[s], point, size);
      }
    }
  }

  /** The normal equations of the steps; false where they say nothing. */
  private boolean solve() {
    double trace = 0;
    for (int s = 0; s < kept; s++) {
      right[s] = inner(stepsOfGap[s], gap);
      for (int t = 0; t <= s; t++) {
        normal[s][t] = inner(stepsOfGap[s], stepsOfGap[t]);
      }
      trace = Math.max(trace, normal[s][s]);
    }
    if (!(trace > 0)) {
      return false;
    }
    // Cholesky, in place.
    for (int s = 0; s < kept; s++) {
      normal[s][s] += REGULAR * trace;
      for (int t = 0; t <= s; t++) {
        double sum = normal[s][t] - RowSpace.dot(normal[s], normal[t], t);
        if (t < s) {
          normal[s][t] = sum / normal[t][t];
        } else if (sum > 0) {
          normal[s][s] = Math.sqrt(sum);
        } else {
          return false;
        }
      }
    }
    for (int s = 0; s < kept; s++) {
      right[s] = (right[s] - RowSpace.dot(normal[s], right, s)) / normal[s][s];
    }
    for (int s = kept - 1; s >= 0; s--) {
      right[s] /= normal[s][s];
      for (int t = 0; t < s; t++) {
        right[t] -= normal[s][t] * right[s];
      }
    }
    return true;
  }

  private double inner(double[] left, double[] other) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += weights[i] * left[i] * other[i];
    }
    return sum;
  }
}
