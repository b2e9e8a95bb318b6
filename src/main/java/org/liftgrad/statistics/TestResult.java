package org.liftgrad.statistics;

import org.liftgrad.kernel.Argument;

/**
 * What a statistical test found.
 *
 * @param name the test
 * @param statistic its statistic, in the unit that its method names
 * @param pValue the probability, were the hypothesis true, of a statistic as extreme; in [0, 1]
 */
public record TestResult(String name, double statistic, double pValue) {

  /**
   * Checks the p-value.
   *
   * @throws IllegalArgumentException for a p-value outside [0, 1]
   */
  public TestResult {
    Argument.between("pValue", pValue, 0, 1);
  }

  /**
   * Whether the hypothesis is rejected at this false-alarm rate.
   *
   * @param falseAlarm strictly between 0 and 1, decided before the data were seen
   */
  public boolean rejectsAt(double falseAlarm) {
    return pValue <= Argument.probability("falseAlarm", falseAlarm);
  }

  /** As in {@code Kolmogorov–Smirnov, two samples: statistic 0.0312, p = 0.71}. */
  @Override
  public String toString() {
    return name + ": statistic " + Numbers.rounded(statistic, 4) + ", p = " + Numbers.rounded(pValue, 3);
  }
}
