package org.liftgrad.sweep;

import java.util.List;
import java.util.Optional;

/**
 * How a run came out: its recorded figures, or why it failed.
 *
 * @param run its number in the plan
 * @param values the recorded figures in their one form, in the plan's order; empty where it failed
 * @param failure why it failed
 * @param seconds how long it took
 */
record Outcome(long run, List<Object> values, Optional<String> failure, double seconds) {

  private static final int MOST_LETTERS = 500;

  static Outcome failed(long run, Throwable failure, double seconds) {
    String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
    String reason = (failure.getClass().getSimpleName() + message).replaceAll("\\p{Cntrl}+", " ").strip();
    return new Outcome(
        run, List.of(), Optional.of(reason.length() > MOST_LETTERS ? reason.substring(0, MOST_LETTERS) + " …" : reason), seconds);
  }
}
