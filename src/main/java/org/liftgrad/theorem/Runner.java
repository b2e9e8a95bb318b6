package org.liftgrad.theorem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * Runs numbered tasks over several threads and hands their results back in the order of their
 * numbers. The tasks must not share anything that changes.
 */
final class Runner {

  private final int threads;

  /** A runner on this many threads; 0 for as many as there are processors. */
  Runner(int threads) {
    this.threads = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  /**
   * Runs all tasks.
   *
   * @param done hears after each task how many are done; from any thread
   * @throws CancellationException where the calling thread is interrupted; its interrupt flag is kept
   */
  <T> List<T> run(int count, IntFunction<T> task, IntConsumer done) {
    List<T> results = new ArrayList<>(Collections.nCopies(count, null));
    // The failure of the smallest number is the one told, so that the same fault is told each time.
    List<Throwable> failures = new ArrayList<>(Collections.nCopies(count, null));
    AtomicInteger next = new AtomicInteger();
    AtomicInteger finished = new AtomicInteger();
    AtomicBoolean stopped = new AtomicBoolean();
    Runnable worker =
        () -> {
          while (!stopped.get() && !Thread.currentThread().isInterrupted()) {
            int number = next.getAndIncrement();
            if (number >= count) {
              return;
            }
            try {
              T result = task.apply(number);
              synchronized (results) {
                results.set(number, result);
              }
              done.accept(finished.incrementAndGet());
            } catch (RuntimeException | Error failure) {
              synchronized (results) {
                failures.set(number, failure);
              }
              stopped.set(true);
            }
          }
        };
    if (threads == 1 || count == 1) {
      worker.run();
    } else {
      inParallel(worker, Math.min(threads, count), stopped);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("The check was interrupted; nothing of it was kept.");
    }
    synchronized (results) {
      for (Throwable failure : failures) {
        if (failure instanceof RuntimeException exception) {
          throw exception;
        }
        if (failure instanceof Error error) {
          throw error;
        }
      }
      return Collections.unmodifiableList(results);
    }
  }

  private static void inParallel(Runnable worker, int workers, AtomicBoolean stopped) {
    List<Thread> crew = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      Thread thread = new Thread(worker, "check " + k);
      thread.setDaemon(true);
      thread.start();
      crew.add(thread);
    }
    boolean interrupted = false;
    for (Thread thread : crew) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException stop) {
          interrupted = true;
          stopped.set(true);
          // The flow looks at its own thread's flag and ends early.
          crew.forEach(Thread::interrupt);
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
