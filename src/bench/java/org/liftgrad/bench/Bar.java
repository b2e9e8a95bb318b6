package org.liftgrad.bench;

import java.util.Set;

/**
 * A row of the table: what was measured, against what, and what it must be.
 *
 * @param id the job, such as S1
 * @param work what was done
 * @param ours how long we took, as text with its unit
 * @param against whom, and how long they took
 * @param measured the figure that the bar is about, with its spread
 * @param bar what it must be; empty where it is only reported
 * @param outcome whether it is
 * @param remark what a reader must know
 */
public record Bar(
    String id, String work, String ours, String against, String measured, String bar, Outcome outcome, String remark) {

  /** The bars whose miss is an error of the run (exit code 1). The others are aims: shown, not enforced. */
  static final Set<String> PROMISED = Set.of("S1", "S6", "S10", "L1", "L2", "N1");

  /** A job that could not be measured, and why. */
  static Bar notMeasured(String id, String work, String bar, String why) {
    return new Bar(id, work, "–", "–", "–", bar, Outcome.NOT_MEASURED, why);
  }

  /** Does a miss end the run with exit code 1? */
  boolean promised() {
    return PROMISED.contains(id);
  }

  /** Is this a promise that was not kept? */
  boolean broken() {
    return outcome == Outcome.MISSED && promised();
  }
}
