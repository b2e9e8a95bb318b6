package org.liftgrad.statistics;

import org.hipparchus.distribution.continuous.BetaDistribution;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.distribution.discrete.HypergeometricDistribution;
import org.liftgrad.kernel.Argument;

/**
 * Successes among independent trials, with the intervals for the probability behind them.
 *
 * <p>Clopper–Pearson comes from quantiles of the beta distribution; Hipparchus' own
 * {@code BinomialProportion} is not used, because it answers [0, 0] where no trial succeeded and
 * rounds the number of successes down from a quotient.
 *
 * @param successes how many trials succeeded, in 0 … trials
 * @param trials how many there were, at least 1
 */
public record Proportion(int successes, int trials) {

  private static final NormalDistribution NORMAL = new NormalDistribution();

  /**
   * Checks the counts.
   *
   * @throws IllegalArgumentException for no trials, or successes outside 0 … trials
   */
  public Proportion {
    Argument.positive("trials", trials);
    Argument.require(
        successes >= 0 && successes <= trials, "successes", successes, "between 0 and trials = " + trials);
  }

  /** Successes over trials. */
  public double estimate() {
    return (double) successes / trials;
  }

  /** The trials that did not succeed, as a proportion. */
  public Proportion complement() {
    return new Proportion(trials - successes, trials);
  }

  /**
   * The score interval (Wilson 1927, JASA 22): near its level on average, sometimes a little below.
   * Always within [0, 1].
   *
   * @param level strictly between 0 and 1
   */
  public Interval wilson(double level) {
    double z = deviate(level);
    double centre = (successes + z * z / 2) / (trials + z * z);
    double half =
        z
            * Math.sqrt((double) successes * (trials - successes) / trials + z * z / 4)
            / (trials + z * z);
    // At the ends the two terms cancel exactly on paper; do not leave 1e-17 of rounding in their place.
    double lower = successes == 0 ? 0 : Math.max(0, centre - half);
    double upper = successes == trials ? 1 : Math.min(1, centre + half);
    return new Interval(lower, upper, level);
  }

  /**
   * The exact interval (Clopper and Pearson 1934, Biometrika 26): it covers with at least its level
   * whatever the truth.
   *
   * @param level strictly between 0 and 1
   */
  public Interval clopperPearson(double level) {
    double tail = (1 - Argument.probability("level", level)) / 2;
    return new Interval(exactLower(tail), exactUpper(tail), level);
  }

  /**
   * The exact one-sided upper bound: the true probability is below it with at least the level. With
   * 0 successes in 400 trials and level 0.95 it is 0.0075.
   *
   * @param level strictly between 0 and 1
   */
  public double upperBound(double level) {
    return exactUpper(1 - Argument.probability("level", level));
  }

  /**
   * The exact one-sided lower bound: the true probability is above it with at least the level.
   *
   * @param level strictly between 0 and 1
   */
  public double lowerBound(double level) {
    return exactLower(1 - Argument.probability("level", level));
  }

  /**
   * Half the width of Hoeffding's interval, √(log(2/(1 − level)) / (2 trials)): the bars of the
   * second paper's figures.
   *
   * @param level strictly between 0 and 1
   */
  public double hoeffding(double level) {
    return Math.sqrt(StrictMath.log(2 / (1 - Argument.probability("level", level))) / (2.0 * trials));
  }

  /**
   * The interval of Agresti and Caffo (2000, American Statistician 54) for the probability behind
   * this proportion minus that behind the other: one success and one failure are added to each.
   *
   * @param level strictly between 0 and 1
   */
  public Interval minus(Proportion other, double level) {
    double p = (successes + 1.0) / (trials + 2.0);
    double q = (other.successes + 1.0) / (other.trials + 2.0);
    double half =
        deviate(level) * Math.sqrt(p * (1 - p) / (trials + 2) + q * (1 - q) / (other.trials + 2));
    return new Interval(Math.max(-1, p - q - half), Math.min(1, p - q + half), level);
  }

  /**
   * Whether the two probabilities are equal: the score test with the pooled estimate, two-sided. Its
   * false-alarm rate is close to nominal where each of the four counts expected is 5 or more; below
   * that use {@link #exactTestAgainst}.
   */
  public TestResult scoreTestAgainst(Proportion other) {
    double pooled = ((double) successes + other.successes) / ((double) trials + other.trials);
    double spread = Math.sqrt(pooled * (1 - pooled) * (1.0 / trials + 1.0 / other.trials));
    double difference = estimate() - other.estimate();
    // All trials alike: no spread, and no difference either.
    double z = spread == 0 ? 0 : difference / spread;
    double pValue = Math.min(1, 2 * NORMAL.cumulativeProbability(-Math.abs(z)));
    return new TestResult("two proportions, score test", z, pValue);
  }

  /**
   * Whether the two probabilities are equal: Fisher's exact test, two-sided (the sum of all tables no
   * more likely than the one seen). Its false-alarm rate is at most nominal at any size.
   */
  public TestResult exactTestAgainst(Proportion other) {
    int total = Math.addExact(trials, other.trials);
    int good = successes + other.successes;
    HypergeometricDistribution tables = new HypergeometricDistribution(total, good, trials);
    double seen = tables.probability(successes);
    double pValue = 0;
    for (int k = tables.getSupportLowerBound(); k <= tables.getSupportUpperBound(); k++) {
      double probability = tables.probability(k);
      // Tables as likely as the one seen count, whatever the last digits say.
      if (probability <= seen * (1 + 1e-9)) {
        pValue += probability;
      }
    }
    return new TestResult(
        "two proportions, Fisher's exact test", estimate() - other.estimate(), Math.min(1, pValue));
  }

  /** As in {@code 387 of 400 = 0.9675}. */
  @Override
  public String toString() {
    return successes + " of " + trials + " = " + Numbers.rounded(estimate(), 4);
  }

  private double exactLower(double tail) {
    return successes == 0 ? 0 : beta(successes, trials - successes + 1.0, tail);
  }

  private double exactUpper(double tail) {
    // The same quantile seen from the failures, so that a bound near 1 keeps its digits.
    return successes == trials ? 1 : 1 - beta(trials - successes, successes + 1.0, tail);
  }

  private static double beta(double first, double second, double level) {
    return new BetaDistribution(first, second, 1e-15).inverseCumulativeProbability(level);
  }

  private static double deviate(double level) {
    return NORMAL.inverseCumulativeProbability(0.5 + Argument.probability("level", level) / 2);
  }
}
