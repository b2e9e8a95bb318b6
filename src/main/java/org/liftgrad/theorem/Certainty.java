package org.liftgrad.theorem;

/** How sure we are that a statement is what the paper says. */
public enum Certainty {
  /** The authors state it, in the paper or in its review thread. */
  STATED("stated by the authors"),
  /** Read off the settings and results of the authors' code. */
  READ_OFF_THE_CODE("read off the authors' code"),
  /** Put together from several sources; the exact form is uncertain. */
  RECONSTRUCTED("reconstructed, exact form uncertain"),
  /** Derived by this project. */
  DERIVED("derived by this project");

  private final String words;

  Certainty(String words) {
    this.words = words;
  }

  /** In words. */
  @Override
  public String toString() {
    return words;
  }
}
