package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.special.Erf;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Row;

/**
 * An exponent in n. The authors average over runs and then take logarithms; of broad laws that is not the mean of the
 * logarithms, so both are given.
 *
 * @param slope of the logarithm of the mean
 * @param interval of that slope, 95 %, by resampling runs within each size
 * @param ofLogs the slope of the mean of the logarithm
 */
record Exponent(double slope, Interval interval, double ofLogs) {

  /** Of a column of rows that say their number of points. */
  static Exponent of(List<Row> rows, double[] sizes, String column, long seed) {
    return of(sizes, values(rows, sizes, column), seed);
  }

  /**
   * Of the runs of each size.
   *
   * @param sizes two at least
   * @param values above 0, the runs of each size
   * @param seed of the resampling
   */
  static Exponent of(double[] sizes, double[][] values, long seed) {
    double[] means = Arrays.stream(values).mapToDouble(Summary::mean).toArray();
    double[] logs = Arrays.stream(values).mapToDouble(runs -> Summary.mean(logarithms(runs))).toArray();
    return new Exponent(
        Line.logLog(sizes, means).slope(),
        Bootstrap.seed(seed).logLogSlope(sizes, values, Summary::mean, 0.95),
        Line.fit(logarithms(sizes), logs).slope());
  }

  /** A column of rows, size by size. */
  static double[][] values(List<Row> rows, double[] sizes, String column) {
    return Arrays.stream(sizes)
        .mapToObj(
            size -> rows.stream().filter(row -> row.whole("points") == (long) size).mapToDouble(row -> row.number(column)).toArray())
        .toArray(double[][]::new);
  }

  static double[] logarithms(double... values) {
    return Arrays.stream(values).map(StrictMath::log).toArray();
  }

  /** The chance that a standard normal number is above this. */
  static double tail(double deviations) {
    return Erf.erfc(deviations / Math.sqrt(2)) / 2;
  }
}
