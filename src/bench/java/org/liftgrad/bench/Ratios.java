package org.liftgrad.bench;

import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/**
 * What two sides took, round by round, and their ratio: each round has its own ratio, so that what slows
 * the machine down for a while slows both and falls out.
 *
 * @param ratios theirs / ours of each round
 */
public record Ratios(Summary ratios) {

  /**
   * Theirs over ours.
   *
   * @param theirs seconds, one figure a round
   * @param ours seconds, as many, above 0
   */
  public static Ratios of(double[] theirs, double[] ours) {
    Argument.require(
        theirs.length == ours.length, "the number of their rounds", theirs.length, "ours = " + ours.length);
    double[] ratios = new double[ours.length];
    for (int k = 0; k < ratios.length; k++) {
      ratios[k] = theirs[k] / Argument.positive("seconds of round " + k, ours[k]);
    }
    return new Ratios(Summary.of(ratios));
  }

  /** The smaller figure of each round: the faster of several others. */
  public static double[] fastest(double[] first, double[] second) {
    Argument.require(
        first.length == second.length, "the number of rounds", second.length, "that of the other = " + first.length);
    double[] fastest = new double[first.length];
    for (int k = 0; k < fastest.length; k++) {
      fastest[k] = Math.min(first[k], second[k]);
    }
    return fastest;
  }

  /** The median. */
  public double median() {
    return ratios.median();
  }

  /** As in {@code 2.1 (2.0 … 2.4)}: the median and the spread over the rounds. */
  @Override
  public String toString() {
    return Numbers.rounded(median(), 3) + " (" + Numbers.rounded(ratios.least(), 3) + " … "
        + Numbers.rounded(ratios.most(), 3) + ")";
  }
}
