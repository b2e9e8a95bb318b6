package org.liftgrad.sweep;

import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * How far a sweep has come. What it counts as finished is in the ledger, on the disk.
 *
 * @param total how many runs the plan has
 * @param done how many are in the ledger with their figures
 * @param failed how many are in it with the reason why they failed
 * @param here how many of them were finished since this sweep began or resumed
 * @param rate how many are finished a second, since the first of them; 0 while that cannot be said
 */
public record SweepProgress(long total, long done, long failed, long here, double rate) {

  /** Refuses counts that cannot be. */
  public SweepProgress {
    Argument.require(total >= 0 && done >= 0 && failed >= 0 && done + failed <= total, "done", done, "between 0 and total");
  }

  /** How many runs are in the ledger. */
  public long finished() {
    return done + failed;
  }

  /** Is every run in the ledger? */
  public boolean complete() {
    return finished() == total;
  }

  /** How many seconds the rest takes at that rate; infinite where there is none. */
  public double secondsLeft() {
    return complete() ? 0 : (total - finished()) / rate;
  }

  /** As in {@code 120 of 400 runs, 3 failed, 12 a second, 24 s left}. */
  @Override
  public String toString() {
    String text = counts();
    return rate == 0 || complete()
        ? text
        : text + ", " + perSecond(rate) + ", " + duration(secondsLeft()) + " left";
  }

  /** The same without the times: for what must read the same when it is run again. */
  public String counts() {
    return finished() + " of " + Numbers.counted(total, "run") + (failed == 0 ? "" : ", " + failed + " failed");
  }

  private static String perSecond(double rate) {
    return rate >= 1 ? Numbers.rounded(rate, 2) + " a second" : Numbers.rounded(60 * rate, 2) + " a minute";
  }

  /** A length of time in its two largest units, as in {@code 2 h 5 min}. */
  public static String duration(double seconds) {
    long whole = Math.round(Math.min(seconds, 1e9));
    if (whole < 60) {
      return whole + " s";
    } else if (whole < 3600) {
      return whole / 60 + " min" + (whole < 600 ? " " + whole % 60 + " s" : "");
    }
    return whole < 86_400 ? whole / 3600 + " h " + whole % 3600 / 60 + " min" : whole / 86_400 + " d " + whole % 86_400 / 3600 + " h";
  }
}
