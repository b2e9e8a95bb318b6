package org.liftgrad.bench;

/** What became of a bar. */
public enum Outcome {
  /** Measured, and as good as the bar asks. */
  KEPT("kept"),
  /** Measured, and not. */
  MISSED("not kept"),
  /** Measured; no bar says what it must be. */
  REPORTED("reported"),
  /** Not measured; the remark says why. */
  NOT_MEASURED("not measured");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /** Written so that NaN is not kept. */
  static Outcome atLeast(double measured, double bar) {
    return measured >= bar ? KEPT : MISSED;
  }

  /** Written so that NaN is not kept. */
  static Outcome atMost(double measured, double bar) {
    return measured <= bar ? KEPT : MISSED;
  }

  @Override
  public String toString() {
    return text;
  }
}
