package org.liftgrad.statistics;

import org.hipparchus.distribution.continuous.ChiSquaredDistribution;
import org.hipparchus.special.Gamma;
import org.liftgrad.kernel.Argument;

/**
 * Pearson's tests on counts. Their false-alarm rate is close to nominal where every expected count is
 * 5 or more; smaller expected counts are refused rather than mislead.
 */
public final class ChiSquared {

  private ChiSquared() {}

  /**
   * Whether counts follow given probabilities.
   *
   * @param probabilities one a class, each above 0, with sum 1 to within 1e-9
   * @param counts one a class, each at least 0
   * @return Σ (count − expected)² / expected, with classes − 1 degrees of freedom
   * @throws IllegalArgumentException for lengths that differ, fewer than two classes, or an expected
   *     count below 5
   */
  public static TestResult goodnessOfFit(double[] probabilities, long[] counts) {
    Argument.atLeast("the number of classes", probabilities.length, 2);
    Argument.require(
        counts.length == probabilities.length, "the length of counts", counts.length,
        "that of probabilities = " + probabilities.length);
    long total = 0;
    double sum = 0;
    for (int i = 0; i < counts.length; i++) {
      Argument.require(counts[i] >= 0, "counts[" + i + "]", counts[i], "at least 0");
      Argument.positive("probabilities[" + i + "]", probabilities[i]);
      total += counts[i];
      sum += probabilities[i];
    }
    Argument.require(Math.abs(sum - 1) <= 1e-9, "the sum of probabilities", sum, "1 to within 1e-9");
    double statistic = 0;
    for (int i = 0; i < counts.length; i++) {
      statistic += term(counts[i], total * probabilities[i]);
    }
    return result("chi-squared, goodness of fit", statistic, counts.length - 1);
  }

  /**
   * Whether rows and columns of a table of counts are independent; with one row a sample, whether the
   * samples have one law.
   *
   * @param counts at least two rows of equal length, at least two, each count at least 0
   * @return Σ (count − expected)² / expected, with (rows − 1)(columns − 1) degrees of freedom
   * @throws IllegalArgumentException for a ragged table or an expected count below 5
   */
  public static TestResult independence(long[][] counts) {
    Argument.atLeast("the number of rows", counts.length, 2);
    int columns = Argument.atLeast("the number of columns", counts[0].length, 2);
    long[] rowSums = new long[counts.length];
    long[] columnSums = new long[columns];
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      Argument.require(
          counts[i].length == columns, "the length of row " + i, counts[i].length,
          "that of row 0 = " + columns);
      for (int j = 0; j < columns; j++) {
        Argument.require(counts[i][j] >= 0, "counts[" + i + "][" + j + "]", counts[i][j], "at least 0");
        rowSums[i] += counts[i][j];
        columnSums[j] += counts[i][j];
        total += counts[i][j];
      }
    }
    double statistic = 0;
    for (int i = 0; i < counts.length; i++) {
      for (int j = 0; j < columns; j++) {
        statistic += term(counts[i][j], (double) rowSums[i] / total * columnSums[j]);
      }
    }
    return result("chi-squared, independence", statistic, (counts.length - 1) * (columns - 1));
  }

  /**
   * Whether several proportions have one probability behind them.
   *
   * @param proportions at least two
   */
  public static TestResult equalProportions(Proportion... proportions) {
    long[][] counts = new long[proportions.length][];
    for (int i = 0; i < counts.length; i++) {
      counts[i] =
          new long[] {proportions[i].successes(), proportions[i].trials() - proportions[i].successes()};
    }
    return independence(counts);
  }

  /**
   * P(X ≥ statistic) of the chi-squared law.
   *
   * @param statistic at least 0
   * @param degrees degrees of freedom, above 0
   */
  public static double tail(double statistic, double degrees) {
    Argument.notNegative("statistic", statistic);
    Argument.positive("degrees", degrees);
    return Gamma.regularizedGammaQ(degrees / 2, statistic / 2);
  }

  /**
   * P(X ≤ x) of the chi-squared law.
   *
   * @param x any number; 0 below 0
   * @param degrees degrees of freedom, above 0
   */
  public static double distribution(double x, double degrees) {
    return new ChiSquaredDistribution(Argument.positive("degrees", degrees)).cumulativeProbability(x);
  }

  private static double term(long count, double expected) {
    Argument.require(expected >= 5, "an expected count", expected, "at least 5; join classes");
    return (count - expected) * (count - expected) / expected;
  }

  private static TestResult result(String name, double statistic, int degrees) {
    return new TestResult(name, statistic, Math.max(0, Math.min(1, tail(statistic, degrees))));
  }
}
