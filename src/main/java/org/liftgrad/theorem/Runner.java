package org.liftgrad.theorem;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.liftgrad.kernel.Workers;

/**
 * Runs numbered tasks over the {@link Workers} and hands their results back in the order of their
 * numbers. The tasks must not share anything that changes. A task has one core: what it asks of the
 * workers itself it gets in its own thread; only a task that is alone has them all.
 */
final class Runner {

  private final int threads;

  /** A runner on this many threads at most; 0 for all workers. */
  Runner(int threads) {
    this.threads = threads;
  }

  /**
   * Runs all tasks.
   *
   * @param name of a task, for the sentence of its failure
   * @param done hears after each task how many are done: 1, 2, … in this order, from any thread
   * @throws CancellationException where the calling thread is interrupted; its interrupt flag is kept
   * @throws RuntimeException what a task threw, with the task named; of several the one with the
   *     smallest number, so that the same fault is told on any number of threads
   */
  <T> List<T> run(int count, IntFunction<T> task, IntFunction<String> name, IntConsumer done) {
    Region<T> region = new Region<>(count, task, done);
    if (threads == 1) {
      Workers.serially(region::takeTasks);
    } else {
      int crew = Math.min(count, threads == 0 ? Workers.count() : Math.min(threads, Workers.count()));
      Workers.run(crew, number -> region.takeTasks());
    }
    return region.results(name);
  }

  /** One call of {@link #run}: the crew takes its tasks in the order of their numbers. */
  private static final class Region<T> {
    private final int count;
    private final IntFunction<T> task;
    private final IntConsumer done;
    private final Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    // What follows is guarded by this.
    private final List<T> results;
    private final Set<Thread> crew = new HashSet<>();
    private int finished;
    private boolean stopped;
    private int failed = Integer.MAX_VALUE;
    private Throwable failure;

    Region(int count, IntFunction<T> task, IntConsumer done) {
      this.count = count;
      this.task = task;
      this.done = done;
      results = new ArrayList<>(Collections.nCopies(count, null));
    }

    void takeTasks() {
      Thread self = Thread.currentThread();
      join(self);
      try {
        // All numbers below one that failed are taken by then and come to their end, so the smallest
        // that fails is always seen.
        while (!stopped() && !self.isInterrupted()) {
          int number = next.getAndIncrement();
          if (number >= count) {
            break;
          }
          perform(number);
        }
      } finally {
        leave(self);
      }
      if (self == caller) {
        awaitCrew();
      }
    }

    private void perform(int number) {
      try {
        T result = task.apply(number);
        synchronized (this) {
          results.set(number, result);
          done.accept(++finished);
        }
      } catch (RuntimeException | Error thrown) {
        synchronized (this) {
          stopped = true;
          if (number < failed) {
            failed = number;
            failure = thrown;
          }
        }
      }
    }

    private synchronized boolean stopped() {
      return stopped;
    }

    private synchronized void join(Thread self) {
      crew.add(self);
    }

    private synchronized void leave(Thread self) {
      crew.remove(self);
      if (self != caller) {
        // An interrupt was meant for the task. Nobody interrupts a thread that is not of the crew.
        Thread.interrupted();
      }
      notifyAll();
    }

    /**
     * Waits in the caller, which can be interrupted here; the workers' own wait hears of it at its end
     * only. A flow looks at its own thread's flag and ends early.
     */
    private synchronized void awaitCrew() {
      boolean interrupted = Thread.interrupted();
      while (true) {
        if (interrupted) {
          stopped = true;
          crew.forEach(Thread::interrupt);
        }
        if (crew.isEmpty()) {
          break;
        }
        try {
          wait();
        } catch (InterruptedException stop) {
          interrupted = true;
        }
      }
      if (interrupted) {
        caller.interrupt();
      }
    }

    synchronized List<T> results(IntFunction<String> name) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("The check was interrupted; nothing of it was kept.");
      }
      if (failure != null) {
        throw named(name.apply(failed), failure);
      }
      return Collections.unmodifiableList(results);
    }

    /** The same kind of failure, so that a refusal stays a refusal, with the task in its sentence. */
    private static RuntimeException named(String which, Throwable failure) {
      String sentence = which + ": " + failure.getMessage();
      if (failure instanceof Error error) {
        error.addSuppressed(new IllegalStateException(which));
        throw error;
      }
      return failure instanceof IllegalArgumentException
          ? new IllegalArgumentException(sentence, failure)
          : new IllegalStateException(sentence, failure);
    }
  }
}
