package org.liftgrad.theorem;

/**
 * The negative control of a check: the same run with one hypothesis of the statement, or one piece
 * of its mechanism, broken. The rule that judges it is the same; a check whose control passes tests
 * nothing.
 *
 * @param breaks which hypothesis or mechanism, in a phrase
 * @param size how far it is broken, in a phrase
 */
public record Control(String breaks, String size) {

  /** What and how far. */
  @Override
  public String toString() {
    return breaks + " (" + size + ")";
  }
}
