package org.liftgrad.theorem;

import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * What a plan can tell, worked out from its parameters before anything runs.
 *
 * @param falseAlarm the probability that the rule fails although the statement holds, in [0, 1]
 * @param power the probability that the rule fails with the negative control in place, in [0, 1]
 * @param reason how both were worked out, in a sentence or two
 */
public record Assurance(double falseAlarm, double power, String reason) {

  /** Under this power a plan gives no verdict. */
  public static final double LEAST_POWER = 0.8;

  /** At this false-alarm rate a plan gives no verdict either: its rule is for larger plans. */
  public static final double MOST_FALSE_ALARM = 0.5;

  /** Checks the two probabilities. */
  public Assurance {
    Argument.between("falseAlarm", falseAlarm, 0, 1);
    Argument.between("power", power, 0, 1);
  }

  /**
   * Of an inequality or identity that holds at every time of every run: it cannot fail by chance,
   * and its power is the chance that one run at least breaks it with the control in place.
   *
   * @param runs how many independent runs
   * @param shareBroken the least share of single runs that break it with the control in place
   * @param where where that share was seen
   */
  public static Assurance deterministic(long runs, double shareBroken, String where) {
    Argument.between("shareBroken", shareBroken, 0, 1);
    double power = -StrictMath.expm1(runs * StrictMath.log1p(-shareBroken));
    return new Assurance(
        0,
        shareBroken == 1 ? 1 : power,
        "Deterministic: no run may break it, so there is no false alarm. With the control in place at least "
            + Numbers.rounded(100 * shareBroken, 3) + " % of single runs break it (" + where
            + "), and one of " + runs + " is enough.");
  }

  /** Can the plan tell the control from the statement often enough for a verdict? */
  public boolean decides() {
    return power >= LEAST_POWER && falseAlarm < MOST_FALSE_ALARM;
  }

  /** Both rates in a line. */
  @Override
  public String toString() {
    return "false-alarm rate " + Numbers.rounded(falseAlarm, 2) + ", power " + Numbers.rounded(power, 4)
        + ". " + reason;
  }
}
