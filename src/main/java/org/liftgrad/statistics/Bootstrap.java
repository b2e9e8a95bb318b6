package org.liftgrad.statistics;

import java.util.function.ToDoubleFunction;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;

/**
 * Percentile intervals by resampling runs with replacement (Efron and Tibshirani, An Introduction to
 * the Bootstrap, chapter 13). The same seed gives the same interval on every machine.
 *
 * <p>A percentile interval is approximate: with few runs it covers less often than it says. Give it
 * 20 runs or more a size.
 *
 * @param resamples how often to resample, at least 1000
 * @param seed addresses the random numbers
 */
public record Bootstrap(int resamples, long seed) {

  /** Checks the number of resamples. */
  public Bootstrap {
    Argument.atLeast("resamples", resamples, 1000);
  }

  /** 2000 resamples with this seed. */
  public static Bootstrap seed(long seed) {
    return new Bootstrap(2000, seed);
  }

  /** The same with another number of resamples, at least 1000. */
  public Bootstrap resamples(int number) {
    return new Bootstrap(number, seed);
  }

  /**
   * The interval of any statistic of single runs.
   *
   * @param runs one figure a run, at least one
   * @param statistic such as {@code Summary::median}; it is handed an array that it may not keep
   * @param level strictly between 0 and 1
   */
  public Interval interval(double[] runs, ToDoubleFunction<double[]> statistic, double level) {
    Samples.notEmpty("runs", runs);
    double[] drawn = new double[runs.length];
    return ofIndices(
        runs.length,
        indices -> {
          for (int i = 0; i < drawn.length; i++) {
            drawn[i] = runs[indices[i]];
          }
          return statistic.applyAsDouble(drawn);
        },
        level);
  }

  /**
   * The interval of a statistic of runs that carry more than one number: the statistic is given the
   * places of the runs drawn.
   *
   * @param runs how many runs there are, at least 1
   * @param statistic of an array of {@code runs} places in 0 … runs − 1, which it may not keep
   * @param level strictly between 0 and 1
   */
  public Interval ofIndices(int runs, ToDoubleFunction<int[]> statistic, double level) {
    Argument.positive("runs", runs);
    RandomStream stream = RandomStream.of(seed, "bootstrap", resamples);
    int[] indices = new int[runs];
    double[] found = new double[resamples];
    for (int resample = 0; resample < resamples; resample++) {
      for (int i = 0; i < runs; i++) {
        indices[i] = stream.nextInt(runs);
      }
      found[resample] = statistic.applyAsDouble(indices);
    }
    return percentile(found, level);
  }

  /**
   * The interval of a slope over sizes: runs are resampled within each size, reduced to one figure a
   * size, and a line is fitted.
   *
   * @param sizes one x a size, at least two and not all equal
   * @param runs the runs of each size, at least one each
   * @param reduce from the runs of one size to its y, such as {@code Summary::median}
   * @param level strictly between 0 and 1
   */
  public Interval slope(
      double[] sizes, double[][] runs, ToDoubleFunction<double[]> reduce, double level) {
    return slopes(sizes, runs, reduce, level, false);
  }

  /**
   * As {@link #slope}, of log y against log size: the interval of an exponent. The runs are reduced
   * first and the logarithm is taken after (log of the mean, not mean of the log).
   *
   * @param sizes one size each, above 0, at least two and not all equal
   * @param runs the runs of each size, at least one each
   * @param reduce from the runs of one size to its y, above 0
   * @param level strictly between 0 and 1
   */
  public Interval logLogSlope(
      double[] sizes, double[][] runs, ToDoubleFunction<double[]> reduce, double level) {
    return slopes(sizes, runs, reduce, level, true);
  }

  private Interval slopes(
      double[] sizes, double[][] runs, ToDoubleFunction<double[]> reduce, double level, boolean logLog) {
    Argument.require(
        runs.length == sizes.length, "the length of runs", runs.length, "that of sizes = " + sizes.length);
    double[][] drawn = new double[runs.length][];
    for (int size = 0; size < runs.length; size++) {
      drawn[size] = new double[Samples.notEmpty("runs[" + size + "]", runs[size]).length];
    }
    RandomStream stream = RandomStream.of(seed, "bootstrap of slopes", resamples);
    double[] x = logLog ? Samples.logarithms("sizes", sizes) : sizes;
    double[] y = new double[sizes.length];
    double[] found = new double[resamples];
    for (int resample = 0; resample < resamples; resample++) {
      for (int size = 0; size < runs.length; size++) {
        for (int i = 0; i < drawn[size].length; i++) {
          drawn[size][i] = runs[size][stream.nextInt(drawn[size].length)];
        }
        y[size] = reduce.applyAsDouble(drawn[size]);
      }
      found[resample] = Line.fit(x, logLog ? Samples.logarithms("reduced runs", y) : y).slope();
    }
    return percentile(found, level);
  }

  private static Interval percentile(double[] found, double level) {
    Argument.probability("level", level);
    double[] sorted = Samples.sorted(Argument.finite("statistic", found));
    return new Interval(
        Summary.ofSorted(sorted, (1 - level) / 2), Summary.ofSorted(sorted, (1 + level) / 2), level);
  }
}
