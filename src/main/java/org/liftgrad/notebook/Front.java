package org.liftgrad.notebook;

/**
 * Where a display goes: the notebook in front of the reader, or a terminal. The kernel adapter puts itself here when it
 * starts; without one (JShell, a test, a program) displays are printed as plain text.
 */
public interface Front {

  /**
   * Shows a display now, below what the running cell has shown so far.
   *
   * @param display what to show
   */
  void show(Display display);

  /**
   * Shows a display that will be replaced in place.
   *
   * @param first what to show until then
   * @return the place, to be closed with what shall remain
   */
  Slot open(Display first);

  /** A place in a cell's output whose content can change. */
  interface Slot {
    /**
     * Replaces the content; a front that cannot (a log, a pipe) leaves it out.
     *
     * @param display the new content
     */
    void replace(Display display);

    /**
     * Sets the content that remains.
     *
     * @param last the last content; a rerun gives the same output only if it holds no times
     */
    void close(Display last);
  }

  /**
   * The front in use.
   *
   * @return the kernel's, or one that prints text
   */
  static Front current() {
    return CurrentFront.front;
  }

  /**
   * Chooses the front; for kernel adapters and tests.
   *
   * @param front the front to use from now on
   */
  static void use(Front front) {
    CurrentFront.front = java.util.Objects.requireNonNull(front, "front");
  }
}
