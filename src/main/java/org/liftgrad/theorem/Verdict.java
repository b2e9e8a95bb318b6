package org.liftgrad.theorem;

import java.util.Locale;

/** What a run of a check says of its statement. */
public enum Verdict {
  /** The rule, set before the run, was met. */
  HOLDS,
  /** The rule was not met: the figures contradict the statement as we read it. */
  FAILS,
  /** No verdict: there is no rule, or the plan could hardly have told the negative control apart. */
  REPORTED;

  /** In lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
