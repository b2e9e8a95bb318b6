package org.liftgrad.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The threads of {@link Workers}. One region (a call of {@link #run}) at a time; its tasks are claimed by
 * counting down the lower half of one number whose upper half is the number of the region. A thread that
 * comes late therefore claims nothing of a region it does not know: it reads the body first and takes the
 * task only if the number is still the one it read, and while a region has unclaimed tasks its body stays.
 */
final class Team {

  /** How long a thread looks for more work before it sleeps. Waking one takes several times as long. */
  static final int SPIN_MICROSECONDS = 50;

  /** Looks between two looks at the clock. */
  private static final int LOOKS = 64;

  private final Thread[] threads;
  /** 1 where a thread sleeps or is about to. */
  private final AtomicIntegerArray asleep;
  private final AtomicReference<Thread> owner = new AtomicReference<>();
  private final AtomicLong claims = new AtomicLong();
  private final AtomicInteger unfinished = new AtomicInteger();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean ownerAsleep;
  private volatile boolean closed;
  // Written by the owner before it publishes a region in claims, read after claims.
  private int tasks;
  private Workers.Task body;
  private IntConsumer plain;
  private final Workers.Task plainTask = (task, thread) -> plain.accept(task);

  /**
   * Starts the threads.
   *
   * @param count how many work, the caller among them
   */
  Team(int count) {
    threads = new Thread[count - 1];
    asleep = new AtomicIntegerArray(count - 1);
    for (int k = 0; k < threads.length; k++) {
      int number = k;
      threads[k] = new Thread(() -> work(number), "liftgrad-worker-" + (k + 1));
      // The last thread of a program must not be one of these.
      threads[k].setDaemon(true);
      threads[k].start();
    }
  }

  int count() {
    return threads.length + 1;
  }

  /** One after the other in the calling thread. */
  static void inTurn(int tasks, IntConsumer body) {
    for (int task = 0; task < tasks; task++) {
      body.accept(task);
    }
  }

  static void inTurn(int tasks, Workers.Task body) {
    for (int task = 0; task < tasks; task++) {
      body.run(task, 0);
    }
  }

  void run(int howMany, IntConsumer what) {
    if (isTaken(howMany)) {
      inTurn(howMany, what);
    } else {
      plain = what;
      region(howMany, plainTask);
    }
  }

  void run(int howMany, Workers.Task what) {
    if (isTaken(howMany)) {
      inTurn(howMany, what);
    } else {
      region(howMany, what);
    }
  }

  /** Whether somebody else has the threads; otherwise the caller has them now. */
  private boolean isTaken(int howMany) {
    // So they are where the caller is itself in a task of ours: the region it belongs to has an owner.
    return howMany == 0 || !owner.compareAndSet(null, Thread.currentThread());
  }

  private void region(int howMany, Workers.Task what) {
    try {
      tasks = howMany;
      body = what;
      unfinished.set(howMany);
      long region = claims.get() >>> 32;
      claims.set((region + 1) << 32 | howMany);
      wake(Math.min(threads.length, howMany - 1));
      takeTasks(0);
      awaitOthers();
      Throwable thrown = failure.get();
      if (thrown != null) {
        failure.set(null);
        rethrow(thrown);
      }
    } finally {
      body = null;
      plain = null;
      owner.set(null);
    }
  }

  /** Ends the threads. */
  void close() {
    closed = true;
    for (Thread thread : threads) {
      LockSupport.unpark(thread);
    }
  }

  private static void rethrow(Throwable thrown) {
    // A body can throw nothing else.
    if (thrown instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) thrown;
  }

  private void wake(int most) {
    for (int k = 0; k < most; k++) {
      if (asleep.get(k) == 1) {
        LockSupport.unpark(threads[k]);
      }
    }
  }

  private void takeTasks(int thread) {
    for (long seen = claims.get(); (int) seen > 0; seen = claims.get()) {
      int task = tasks - (int) seen;
      Workers.Task what = body;
      if (claims.compareAndSet(seen, seen - 1)) {
        perform(what, task, thread);
      }
    }
  }

  private void perform(Workers.Task what, int task, int thread) {
    try {
      if (failure.get() == null) {
        what.run(task, thread);
      }
    } catch (RuntimeException | Error thrown) {
      failure.compareAndSet(null, thrown);
    } finally {
      if (unfinished.decrementAndGet() == 0 && ownerAsleep) {
        LockSupport.unpark(owner.get());
      }
    }
  }

  private void awaitOthers() {
    boolean interrupted = false;
    while (unfinished.get() > 0) {
      if (!spin(true, 0)) {
        ownerAsleep = true;
        if (unfinished.get() > 0) {
          LockSupport.park(this);
        }
        ownerAsleep = false;
        // A thread that is interrupted cannot sleep; the interrupt is handed on below.
        interrupted |= Thread.interrupted();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work(int number) {
    while (!closed) {
      long seen = claims.get();
      if ((int) seen > 0) {
        takeTasks(number + 1);
      } else if (!spin(false, seen)) {
        asleep.set(number, 1);
        if (claims.get() == seen && !closed) {
          LockSupport.park(this);
        }
        asleep.set(number, 0);
        // What a task did to this thread ends with it.
        Thread.interrupted();
      }
    }
  }

  /** Looks for a while whether there is something to do; false where there was not. */
  private boolean spin(boolean owning, long seen) {
    long began = System.nanoTime();
    do {
      for (int look = 0; look < LOOKS; look++) {
        if (owning ? unfinished.get() == 0 : claims.get() != seen) {
          return true;
        }
        Thread.onSpinWait();
      }
    } while (System.nanoTime() - began < SPIN_MICROSECONDS * 1000L);
    return false;
  }
}
