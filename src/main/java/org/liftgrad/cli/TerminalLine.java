package org.liftgrad.cli;

import java.io.PrintWriter;
import java.util.function.Supplier;

/**
 * One line that is written over and over in a terminal, at most twice a second, and gone at the end.
 * Says nothing where the error stream is no terminal: {@code environment/liftgrad} looks, and tells
 * by the system property {@code liftgrad.terminal}.
 */
final class TerminalLine implements AutoCloseable {

  /** Is the error stream a terminal? */
  static final boolean LIVE = Boolean.getBoolean("liftgrad.terminal");

  private static final long INTERVAL_NANOS = 500_000_000L;
  private static final String CLEAR = "\r\u001b[K";

  private final PrintWriter error;
  private long shownAt = System.nanoTime();
  private boolean shown;

  TerminalLine(PrintWriter error) {
    this.error = error;
  }

  /** Shows a text, unless one was shown just now. */
  void show(Supplier<String> text) {
    long now = System.nanoTime();
    if (LIVE && now - shownAt >= INTERVAL_NANOS) {
      shownAt = now;
      shown = true;
      error.print(CLEAR + text.get());
      error.flush();
    }
  }

  /** Says a sentence that stays, above the line. */
  void say(String sentence) {
    clear();
    error.println(sentence);
    error.flush();
  }

  @Override
  public void close() {
    clear();
  }

  private void clear() {
    if (shown) {
      shown = false;
      error.print(CLEAR);
      error.flush();
    }
  }
}
