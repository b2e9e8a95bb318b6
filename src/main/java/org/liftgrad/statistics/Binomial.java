package org.liftgrad.statistics;

import java.util.function.IntPredicate;
import org.hipparchus.distribution.discrete.BinomialDistribution;
import org.hipparchus.special.Beta;
import org.liftgrad.kernel.Argument;

/**
 * The number of successes in independent trials, with exact probabilities: what a plan's false-alarm
 * rate and its power are worked out from before it runs. Thin over Hipparchus.
 *
 * <pre>{@code
 * // How often does "lower Wilson bound at least 0.95" fail when the truth is 0.99?
 * new Binomial(400, 0.99).probabilityThat(k -> new Proportion(k, 400).wilson(0.95).lower() < 0.95)
 * }</pre>
 *
 * @param trials how many trials, at least 0
 * @param probability of a success in one trial, in [0, 1]
 */
public record Binomial(int trials, double probability) {

  /**
   * Checks the parameters.
   *
   * @throws IllegalArgumentException for negative trials or a probability outside [0, 1]
   */
  public Binomial {
    Argument.atLeast("trials", trials, 0);
    Argument.between("probability", probability, 0, 1);
  }

  /** P(X = successes); 0 outside 0 … trials. */
  public double exactly(int successes) {
    return distribution().probability(successes);
  }

  /** P(X ≤ successes). */
  public double atMost(int successes) {
    if (successes >= trials) {
      return 1;
    }
    // Of the failures, so that a small probability is not one minus a number near one.
    return successes < 0 ? 0 : Beta.regularizedBeta(1 - probability, trials - successes, successes + 1.0);
  }

  /** P(X ≥ successes), computed as a tail of its own: small values keep their digits. */
  public double atLeast(int successes) {
    if (successes <= 0) {
      return 1;
    }
    return successes > trials
        ? 0
        : Beta.regularizedBeta(probability, successes, trials - successes + 1.0);
  }

  /**
   * The least number of successes k with P(X ≤ k) ≥ {@code level}.
   *
   * @param level in [0, 1]
   */
  public int quantile(double level) {
    Argument.between("level", level, 0, 1);
    return distribution().inverseCumulativeProbability(level);
  }

  /**
   * P(the rule holds of X): the probability that a pass rule passes, or fails, when the true
   * probability is the one given here.
   *
   * @param rule a rule on the number of successes; asked once for each of 0 … trials
   */
  public double probabilityThat(IntPredicate rule) {
    BinomialDistribution distribution = distribution();
    double sum = 0;
    for (int k = 0; k <= trials; k++) {
      if (rule.test(k)) {
        sum += distribution.probability(k);
      }
    }
    return Math.min(1, sum);
  }

  private BinomialDistribution distribution() {
    return new BinomialDistribution(trials, probability);
  }
}
