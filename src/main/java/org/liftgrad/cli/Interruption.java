package org.liftgrad.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while a command works: nothing is written any more, what the command has begun to write is put
 * away, and one sentence says how things stand. The JVM then ends with 128 and the signal's number: 130
 * for Ctrl-C.
 */
final class Interruption implements AutoCloseable {

  /** The exit code of a command that was interrupted. */
  static final int EXIT = 130;

  private static final long PATIENCE_SECONDS = 10;

  private final String command;
  private final PrintWriter error;
  private final Thread worker = Thread.currentThread();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::interrupt, "interruption");
  private boolean requested;
  private boolean writing;
  private String standing = "nothing was written";

  /** Watches until it is closed, in the same thread. */
  Interruption(String command, PrintWriter error) {
    this.command = command;
    this.error = error;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void interrupt() {
    boolean wait;
    synchronized (this) {
      requested = true;
      wait = writing;
    }
    worker.interrupt();
    try {
      if (wait) {
        finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    error.println(sentence());
    error.flush();
  }

  /** What is said of it. */
  synchronized String sentence() {
    return command + ": interrupted; " + standing + ".";
  }

  /** Has the user asked to stop? The command then says nothing more by itself. */
  synchronized boolean requested() {
    return requested;
  }

  /**
   * Writes, unless the user has asked to stop; once begun, the JVM waits until all is in its place or
   * put away again.
   *
   * @return whether it wrote
   */
  boolean write(Runnable files) {
    synchronized (this) {
      if (requested) {
        return false;
      }
      writing = true;
    }
    files.run();
    synchronized (this) {
      standing = "all files had been written";
    }
    return true;
  }

  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM is on its way down, and the hook at work.
    }
  }
}
