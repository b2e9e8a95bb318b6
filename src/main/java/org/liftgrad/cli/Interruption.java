package org.liftgrad.cli;

import java.io.PrintWriter;

/**
 * Ctrl-C while a command works: nothing is written any more, what the command has begun to write is put
 * away, and one sentence says how things stand. The JVM then ends with 128 and the signal's number: 130
 * for Ctrl-C.
 */
final class Interruption implements AutoCloseable {

  /** The exit code of a command that was interrupted. */
  static final int EXIT = 130;

  private final String command;
  private final PrintWriter error;
  private final Thread worker = Thread.currentThread();
  private final Thread hook = new Thread(this::interrupt, "interruption");
  private volatile boolean requested;
  private volatile OutputFolder folder;

  /** Watches until it is closed, in the same thread. */
  Interruption(String command, PrintWriter error) {
    this.command = command;
    this.error = error;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** The folder that is to be left as it was. */
  void spare(OutputFolder output) {
    folder = output;
  }

  /** Has the user asked to stop? The command then says nothing more by itself. */
  boolean requested() {
    return requested;
  }

  private void interrupt() {
    requested = true;
    worker.interrupt();
    tell(folder == null || folder.abandon());
  }

  /** Says that it was interrupted, and whether it had written anything. */
  void tell(boolean nothingWritten) {
    // A terminal has just shown ^C.
    error.print(TerminalLine.LIVE ? "\n" : "");
    error.println(
        command + ": interrupted; " + (nothingWritten ? "nothing was written." : "all files had been written."));
    error.flush();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way down, and the hook at work.
    }
  }
}
