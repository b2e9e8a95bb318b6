package org.liftgrad.statistics;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;

/**
 * A family of tests judged together: m tests, each with its own false-alarm rate, of which at most
 * {@code allowed} may reject. The rule is decided before the tests run, and its own false-alarm rate
 * and power are exact for independent tests.
 *
 * <pre>{@code
 * Family family = Family.of(60, 0.01, 1e-3);   // 60 tests at 1 %: how many rejections are normal?
 * family.allowed();                            // 4
 * family.falseAlarm();                         // 3.5e-4
 * }</pre>
 *
 * @param tests how many tests, at least 1
 * @param level the false-alarm rate of each, strictly between 0 and 1
 * @param allowed how many may reject, in 0 … tests
 */
public record Family(int tests, double level, int allowed) {

  /** Checks the numbers. */
  public Family {
    Argument.positive("tests", tests);
    Argument.probability("level", level);
    Argument.between("allowed", allowed, 0, tests);
  }

  /**
   * The strictest rule whose false-alarm rate is at most the one given.
   *
   * @param tests how many tests, at least 1
   * @param level the false-alarm rate of each, strictly between 0 and 1
   * @param falseAlarm of the whole family, strictly between 0 and 1
   */
  public static Family of(int tests, double level, double falseAlarm) {
    Argument.probability("falseAlarm", falseAlarm);
    int allowed = 0;
    while (allowed < tests && new Family(tests, level, allowed).falseAlarm() > falseAlarm) {
      allowed++;
    }
    return new Family(tests, level, allowed);
  }

  /** P(more than {@code allowed} tests reject) where every hypothesis is true. */
  public double falseAlarm() {
    return new Binomial(tests, level).atLeast(allowed + 1);
  }

  /**
   * P(more than {@code allowed} tests reject) where each rejects with this probability.
   *
   * @param powerOfOne in [0, 1]
   */
  public double power(double powerOfOne) {
    return new Binomial(tests, powerOfOne).atLeast(allowed + 1);
  }

  /** How many of the p-values reject at the level. */
  public int rejections(double... pValues) {
    Argument.require(
        pValues.length == tests, "the number of p-values", pValues.length, "tests = " + tests);
    int rejections = 0;
    for (double pValue : pValues) {
      if (Argument.between("p-value", pValue, 0, 1) <= level) {
        rejections++;
      }
    }
    return rejections;
  }

  /** Whether at most {@code allowed} of the p-values reject. */
  public boolean passes(double... pValues) {
    return rejections(pValues) <= allowed;
  }

  /**
   * P-values adjusted for a family (Holm 1979, Scandinavian Journal of Statistics 6): reject those at
   * most α, and the chance of any false rejection is at most α, whatever the dependence.
   *
   * @param pValues each in [0, 1]; left as they were
   * @return in the order given
   */
  public static double[] holm(double... pValues) {
    int tests = checked(pValues).length;
    Integer[] order = new Integer[tests];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (i, j) -> Double.compare(pValues[i], pValues[j]));
    double[] adjusted = new double[tests];
    double most = 0;
    for (int rank = 0; rank < tests; rank++) {
      most = Math.max(most, Math.min(1, (tests - rank) * pValues[order[rank]]));
      adjusted[order[rank]] = most;
    }
    return adjusted;
  }

  /**
   * P-values times their number, at most 1 (Bonferroni): valid whatever the dependence, and never more
   * powerful than {@link #holm}.
   *
   * @param pValues each in [0, 1]; left as they were
   * @return in the order given
   */
  public static double[] bonferroni(double... pValues) {
    double[] adjusted = checked(pValues).clone();
    for (int i = 0; i < adjusted.length; i++) {
      adjusted[i] = Math.min(1, adjusted.length * adjusted[i]);
    }
    return adjusted;
  }

  private static double[] checked(double[] pValues) {
    for (int i = 0; i < pValues.length; i++) {
      Argument.between("pValues[" + i + "]", pValues[i], 0, 1);
    }
    return pValues;
  }

  /** As in {@code at most 4 of 60 tests may reject at 0.01: false-alarm rate 0.00035}. */
  @Override
  public String toString() {
    return "at most " + allowed + " of " + tests + " tests may reject at " + Numbers.rounded(level, 6)
        + ": false-alarm rate " + Numbers.rounded(falseAlarm(), 2);
  }
}
