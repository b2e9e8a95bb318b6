package org.liftgrad.theorem.shallow;

import org.liftgrad.statistics.Binomial;

/**
 * The counts of successes for which an interval holds a given probability, found from the binomial
 * law itself: false-alarm rate and power of a rule on exact intervals without trying every count.
 *
 * @param least the smallest count accepted
 * @param most the largest
 */
record AcceptedCounts(int least, int most) {

  /** Those whose Clopper–Pearson interval contains this probability. */
  static AcceptedCounts containing(int trials, double probability, double level) {
    double tail = (1 - level) / 2;
    Binomial counts = new Binomial(trials, probability);
    return new AcceptedCounts(counts.quantile(tail), counts.quantile(1 - tail));
  }

  /** Those whose Clopper–Pearson interval is not entirely below this probability. */
  static AcceptedCounts notBelow(int trials, double probability, double level) {
    return new AcceptedCounts(containing(trials, probability, level).least, trials);
  }

  /** Those in both. */
  AcceptedCounts and(AcceptedCounts other) {
    return new AcceptedCounts(Math.max(least, other.least), Math.min(most, other.most));
  }

  /** The probability of these counts when this is the truth. */
  double probability(int trials, double truth) {
    if (most < least) {
      return 0;
    }
    Binomial counts = new Binomial(trials, truth);
    return Math.max(0, counts.atMost(most) - (least == 0 ? 0 : counts.atMost(least - 1)));
  }
}
