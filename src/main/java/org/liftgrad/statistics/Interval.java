package org.liftgrad.statistics;

import org.liftgrad.kernel.Argument;

/**
 * An interval with the confidence that it was built for.
 *
 * @param lower the lower end; −∞ for a one-sided upper bound
 * @param upper the upper end, at least {@code lower}; +∞ for a one-sided lower bound
 * @param level the confidence, strictly between 0 and 1, such as 0.95
 */
public record Interval(double lower, double upper, double level) {

  /**
   * Checks the ends and the level.
   *
   * @throws IllegalArgumentException for ends that are not numbers or not in order, or a level
   *     outside (0, 1)
   */
  public Interval {
    Argument.require(!Double.isNaN(lower), "lower", lower, "a number");
    Argument.require(upper >= lower, "upper", upper, "a number of at least lower = " + lower);
    Argument.probability("level", level);
  }

  /** Whether the value lies within, the ends included. */
  public boolean contains(double value) {
    return value >= lower && value <= upper;
  }

  /** Whether the whole interval lies within [least, most], the ends included. */
  public boolean within(double least, double most) {
    return lower >= least && upper <= most;
  }

  /** Whether the two intervals have a point in common. */
  public boolean meets(Interval other) {
    return lower <= other.upper && other.lower <= upper;
  }

  /** Upper end minus lower end. */
  public double width() {
    return upper - lower;
  }

  /** As in {@code [0.9254, 0.9691] (95 %)}. */
  @Override
  public String toString() {
    return "[" + Numbers.rounded(lower, 4) + ", " + Numbers.rounded(upper, 4) + "] ("
        + Numbers.rounded(100 * level, 6) + " %)";
  }
}
