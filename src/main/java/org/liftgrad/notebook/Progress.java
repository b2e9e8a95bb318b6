package org.liftgrad.notebook;

import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far a long computation has come, in one place that is updated at most twice a second and ends as one line. That
 * line holds no times, so a notebook run again shows the same. With {@code LIFTGRAD_PROGRESS=off} or {@code CI} in the
 * environment only the line at the end is shown.
 *
 * <pre>{@code
 * try (Progress progress = Progress.of("trials", 200)) {
 *   for (int i = 1; i <= 200; i++) { progress.at(i); }
 * }                                   // ends as: trials: 200 of 200
 * }</pre>
 *
 * <p>{@link #at} may be called from any thread and costs a clock reading.
 */
public final class Progress implements AutoCloseable {
  private static final long INTERVAL_NANOS = 500_000_000L;

  private final String what;
  private final long total;
  private final boolean live;
  private final LongSupplier nanos;
  private final long started;
  private final Front.Slot slot;
  private long shownAt;
  private long done;
  private boolean closed;

  Progress(String what, long total, boolean live, Front front, LongSupplier nanos) {
    this.what = Objects.requireNonNull(what, "what");
    this.total = total;
    this.live = live;
    this.nanos = nanos;
    this.started = nanos.getAsLong();
    this.shownAt = started;
    // Opened at once even if short: the output's place among the cell's others must not depend on speed.
    this.slot = front.open(Display.text(what + ": …"));
  }

  /**
   * Starts a progress display in the current front.
   *
   * @param what what is counted, in the plural: {@code "trials"}
   * @param total how many there will be; 0 if unknown
   * @return the display, to be closed
   * @throws IllegalArgumentException if the total is negative
   */
  public static Progress of(String what, long total) {
    if (total < 0) {
      throw new IllegalArgumentException("total must be at least 0 (0: unknown), not " + total + ".");
    }
    boolean off = "off".equals(System.getenv("LIFTGRAD_PROGRESS")) || System.getenv("CI") != null;
    return new Progress(what, total, !off, Front.current(), System::nanoTime);
  }

  /**
   * Says how many are done.
   *
   * @param count done so far; a smaller count than before (another thread's, late) changes nothing
   */
  public void at(long count) {
    at(count, () -> line() + ", " + (nanos.getAsLong() - started) / 1_000_000_000L + " s");
  }

  /**
   * Says how many are done, in words of one's own.
   *
   * @param count done so far; a smaller count than before (another thread's, late) changes nothing
   * @param words a line, asked for only where it is shown
   */
  public synchronized void at(long count, Supplier<String> words) {
    done = Math.max(done, count);
    if (!live || closed) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - shownAt < INTERVAL_NANOS) {
      return;
    }
    shownAt = now;
    String line = words.get();
    String bar = total > 0
        ? "<progress value=\"" + Math.min(done, total) + "\" max=\"" + total + "\"></progress> "
        : "";
    slot.replace(Display.text(line).withHtml("<div>" + bar + Displays.escape(line) + "</div>"));
  }

  /** Ends the display with the count reached. */
  @Override
  public void close() {
    close(line());
  }

  /**
   * Ends the display with a summary; later calls change nothing.
   *
   * @param summary one line without times
   */
  public synchronized void close(String summary) {
    if (!closed) {
      closed = true;
      slot.close(Display.text(summary));
    }
  }

  private String line() {
    return what + ": " + done + (total > 0 ? " of " + total : "");
  }
}
