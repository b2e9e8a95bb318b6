package org.liftgrad.cli;

import java.io.PrintWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Ctrl-C while a command works: nothing is written any more, what the command has begun to write is put
 * away, and one sentence says how things stand. A command that can be taken up again is given the time to keep
 * where it stands. The JVM then ends with 128 and the signal's number: 130 for Ctrl-C.
 */
final class Interruption implements AutoCloseable {

  /** The exit code of a command that was interrupted. */
  static final int EXIT = 130;

  /** So long a step may last before the command can answer. */
  private static final long MOST_SECONDS = 60;

  private final String command;
  private final PrintWriter error;
  private final Thread worker = Thread.currentThread();
  private final Thread hook = new Thread(this::interrupt, "interruption");
  private volatile boolean requested;
  private volatile OutputFolder folder;
  private volatile CompletableFuture<String> farewell;

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

  /** From now on the command answers an interruption itself, with {@link #kept}. */
  void awaitFarewell() {
    farewell = new CompletableFuture<>();
  }

  /** What the command has kept, as the rest of a sentence; empty for nothing. */
  void kept(String what) {
    CompletableFuture<String> awaited = farewell;
    if (awaited != null) {
      awaited.complete(what);
    }
  }

  /** Has the user asked to stop? The command then says nothing more by itself. */
  boolean requested() {
    return requested;
  }

  private void interrupt() {
    requested = true;
    worker.interrupt();
    boolean nothingWritten = folder == null || folder.abandon();
    String kept = farewell();
    if (kept.isEmpty()) {
      tell(nothingWritten);
    } else {
      say(kept);
    }
  }

  private String farewell() {
    CompletableFuture<String> awaited = farewell;
    try {
      return awaited == null ? "" : awaited.get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      return "";
    }
  }

  /** Says that it was interrupted, and whether it had written anything. */
  void tell(boolean nothingWritten) {
    say(nothingWritten ? "nothing was written." : "all files had been written.");
  }

  /** Says that it was interrupted, and the rest of the sentence. */
  void say(String rest) {
    // A terminal has just shown ^C.
    error.print(TerminalLine.LIVE ? "\n" : "");
    error.println(command + ": interrupted; " + rest);
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
