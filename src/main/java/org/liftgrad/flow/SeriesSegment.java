package org.liftgrad.flow;

import java.util.Arrays;

/**
 * The values of a step's power series: over the arrays of {@link StepSeries}, or over a copy of them that later
 * steps do not change.
 */
final class SeriesSegment implements Segment {

  private final FlowProblem problem;
  private final double unit;
  // [order][pair], [order][neuron], [order][point], [order][pair]; see StepSeries.
  private final double[][] u;
  private final double[][] a;
  private final double[][] r;
  private final double[][] drive;
  private final double[] c;
  private final byte[] modes;
  private double start;
  private int order;

  /** Over these arrays, which are kept; not modified. */
  SeriesSegment(
      FlowProblem problem,
      double unit,
      double[][] u,
      double[][] a,
      double[][] r,
      double[][] drive,
      double[] c,
      byte[] modes) {
    this.problem = problem;
    this.unit = unit;
    this.u = u;
    this.a = a;
    this.r = r;
    this.drive = drive;
    this.c = c;
    this.modes = modes;
  }

  /** Says where the step starts and the highest order in use. */
  SeriesSegment at(double stepStart, int highest) {
    start = stepStart;
    order = highest;
    return this;
  }

  @Override
  public Segment copy() {
    return new SeriesSegment(
            problem, unit, copy(u, order + 1), copy(a, order + 1), copy(r, order + 1), copy(drive, order), c.clone(),
            modes.clone())
        .at(start, order);
  }

  private static double[][] copy(double[][] series, int orders) {
    double[][] copy = new double[orders][];
    Arrays.setAll(copy, k -> series[k].clone());
    return copy;
  }

  @Override
  public long bytes() {
    long pairs = problem.pairs();
    return 8 * ((2L * order + 2) * pairs + (order + 1L) * (problem.points + problem.neurons)) + pairs;
  }

  private double delay(double at) {
    return (at - start) / unit;
  }

  @Override
  public void fill(double at, FlowState target) {
    double delay = delay(at);
    for (int pair = 0; pair < problem.pairs(); pair++) {
      target.preactivations[pair] = value(u, pair, order, delay);
      target.preactivationSpeeds[pair] = slope(u, pair, order, delay) / unit;
    }
    for (int j = 0; j < problem.neurons; j++) {
      target.readout[j] = value(a, j, order, delay);
      target.readoutSpeeds[j] = slope(a, j, order, delay) / unit;
    }
    for (int i = 0; i < problem.points; i++) {
      target.residual[i] = value(r, i, order, delay);
    }
    System.arraycopy(modes, 0, target.modes, 0, target.modes.length);
  }

  @Override
  public void fillCoefficients(double at, double[] target) {
    double delay = delay(at);
    for (int pair = 0; pair < target.length; pair++) {
      target[pair] = c[pair] + coefficientChange(pair, delay);
    }
  }

  /** C' = drive/n, so its series is that of the drive, integrated. */
  private double coefficientChange(int pair, double delay) {
    double sum = 0;
    for (int k = order - 1; k >= 0; k--) {
      sum = sum * delay + drive[k][pair] / (k + 1);
    }
    return sum * delay * unit / problem.points;
  }

  /** The same for {@code count} pairs from one on, as the first of the numbers in {@code change}. */
  void coefficientChanges(int from, int count, double delay, double[] change) {
    Arrays.fill(change, 0, count, 0);
    for (int k = order - 1; k >= 0; k--) {
      double[] term = drive[k];
      for (int m = 0; m < count; m++) {
        change[m] = change[m] * delay + term[from + m] / (k + 1);
      }
    }
    for (int m = 0; m < count; m++) {
      change[m] = change[m] * delay * unit / problem.points;
    }
  }

  @Override
  public double loss(double at) {
    double delay = delay(at);
    double sum = 0;
    for (int i = 0; i < problem.points; i++) {
      double value = value(r, i, order, delay);
      sum += value * value;
    }
    return sum / (2 * problem.points);
  }

  // ---------------------------------------------------------------- polynomials

  static double value(double[][] series, int at, int highest, double delay) {
    double value = 0;
    for (int k = highest; k >= 0; k--) {
      value = value * delay + series[k][at];
    }
    return value;
  }

  /** The values of {@code count} series from one on. An order at a time: what stands side by side is summed side by side. */
  static void values(double[][] series, int from, int count, int highest, double delay, double[] values) {
    Arrays.fill(values, 0, count, 0);
    for (int k = highest; k >= 0; k--) {
      double[] term = series[k];
      for (int m = 0; m < count; m++) {
        values[m] = values[m] * delay + term[from + m];
      }
    }
  }

  /** Bounds on how far {@code count} series from one on move away from their starts within a delay. */
  static void motions(double[][] series, int from, int count, int highest, double delay, double[] motions) {
    Arrays.fill(motions, 0, count, 0);
    for (int k = highest; k >= 1; k--) {
      double[] term = series[k];
      for (int m = 0; m < count; m++) {
        motions[m] = (motions[m] + Math.abs(term[from + m])) * delay;
      }
    }
  }

  static double slope(double[][] series, int at, int highest, double delay) {
    double value = 0;
    for (int k = highest; k >= 1; k--) {
      value = value * delay + k * series[k][at];
    }
    return value;
  }

  static double bend(double[][] series, int at, int highest, double delay) {
    double value = 0;
    for (int k = highest; k >= 2; k--) {
      value = value * delay + k * (k - 1.0) * series[k][at];
    }
    return value;
  }
}
