package org.liftgrad.theorem;

import java.util.Locale;

/** What a statement is in its paper. */
public enum Kind {
  /** Fixes a word. */
  DEFINITION,
  /** A hypothesis that others lean on. */
  ASSUMPTION,
  /** A numbered equation or inequality. */
  EQUATION,
  /** A step of a proof. */
  LEMMA,
  /** A result of its own. */
  PROPOSITION,
  /** A main result. */
  THEOREM,
  /** What follows from one. */
  COROLLARY,
  /** Expected, not proven. */
  CONJECTURE,
  /** Said in passing. */
  CLAIM,
  /** A numerical experiment. */
  EXPERIMENT,
  /** A figure. */
  FIGURE,
  /** An open question of the reviewers. */
  QUESTION;

  /** In lower case. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
