package org.liftgrad.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Workers;
import org.liftgrad.statistics.Numbers;

/**
 * Threads of this JVM, one run each at a time; a run has one core, since there are many of them.
 *
 * @param workers how many
 */
record LocalExecutor(int workers) implements Executor {

  static final int MOST = 1024;

  LocalExecutor {
    Argument.require(workers >= 1 && workers <= MOST, "workers", workers, "from 1 to " + MOST);
  }

  @Override
  public String name() {
    return Numbers.counted(workers, "worker");
  }

  @Override
  public Crew open(Plan plan) {
    return this::execute;
  }

  private void execute(Work work) {
    AtomicReference<Throwable> fault = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (int k = 0; k < workers; k++) {
      // Not the caller's own thread: an interrupt of that one asks to stop, and must not end a run half-way.
      Thread thread = new Thread(() -> takeRuns(work, fault), "sweep-" + (k + 1));
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    join(threads, work);
    if (fault.get() instanceof Error error) {
      throw error;
    } else if (fault.get() instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private static void takeRuns(Work work, AtomicReference<Throwable> fault) {
    try {
      Workers.serially(
          () -> {
            for (long[] run = work.take(1); run.length > 0 && fault.get() == null; run = work.take(1)) {
              work.compute(run[0]);
            }
          });
    } catch (RuntimeException | Error thrown) {
      fault.compareAndSet(null, thrown);
    }
  }

  /** Waits for all; the first interrupt lets the runs at work come to their end, the second one ends them. */
  private static void join(List<Thread> threads, Work work) {
    int interrupts = 0;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupts++;
          work.stop();
          if (interrupts > 1) {
            threads.forEach(Thread::interrupt);
          }
        }
      }
    }
    if (interrupts > 0) {
      Thread.currentThread().interrupt();
    }
  }
}
