package org.liftgrad.kernel;

import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Work shared by all cores: {@code Workers.run(tasks, body)} calls {@code body} for every number from 0
 * to tasks − 1, on a fixed set of threads of which the caller is one, and returns when all are done.
 *
 * <p>Which thread takes which task is left to chance, so results must not depend on it: a task writes to
 * its own places only, and sums over tasks are taken by the caller in a fixed order.
 *
 * <p>Between two calls the threads spin for {@value Team#SPIN_MICROSECONDS} µs before they sleep, so that
 * thousands of short calls a second cost about a microsecond each. A call allocates nothing; a caller that
 * must not allocate either keeps its {@code body} in a field.
 *
 * <p>A call from inside a task runs in the calling thread alone, and so does a call while another thread
 * has the workers: nothing ever waits for threads, and trials that run side by side each stay on one core.
 *
 * <p>The system property {@value #PROPERTY} gives the number of threads, the caller among them; without it
 * there are as many as processors.
 */
public final class Workers {

  /** The system property with the number of threads, from 1 to {@value #MOST}. */
  public static final String PROPERTY = "liftgrad.workers";

  /** The most threads that can be asked for. */
  public static final int MOST = 1024;

  private static final ThreadLocal<Boolean> SERIAL = ThreadLocal.withInitial(() -> Boolean.FALSE);

  private static volatile Team shared;

  /** The work of a region whose tasks need memory of their own. */
  @FunctionalInterface
  public interface Task {

    /**
     * Does one task.
     *
     * @param task from 0
     * @param thread from 0 to {@link Workers#threads} − 1; no two tasks of one region run at the same time
     *     with the same one
     */
    void run(int task, int thread);
  }

  private Workers() {}

  /**
   * Calls {@code body} with 0 … tasks − 1 and returns when all calls have returned.
   *
   * @param tasks at least 0
   * @param body called from several threads at once
   * @throws RuntimeException what a task threw (one of them, where several did); tasks that had not begun
   *     by then are left out
   * @throws IllegalArgumentException where the number of threads asked for is not allowed
   */
  public static void run(int tasks, IntConsumer body) {
    Argument.atLeast("tasks", tasks, 0);
    Team team = team();
    if (tasks < 2 || team.count() < 2 || SERIAL.get()) {
      Team.inTurn(tasks, body);
    } else {
      team.run(tasks, body);
    }
  }

  /**
   * As {@link #run(int, IntConsumer)}, for tasks that need memory of their own: each is told which of the
   * threads it runs on, so that a caller can keep one working array a thread.
   */
  public static void run(int tasks, Task body) {
    Argument.atLeast("tasks", tasks, 0);
    Team team = team();
    if (tasks < 2 || team.count() < 2 || SERIAL.get()) {
      Team.inTurn(tasks, body);
    } else {
      team.run(tasks, body);
    }
  }

  /** How many threads there are, the caller among them, whether or not they may be used here. */
  public static int threads() {
    return team().count();
  }

  /** How many threads {@link #run} shares its tasks among, here and now: 1 inside {@link #serially}. */
  public static int count() {
    return SERIAL.get() ? 1 : team().count();
  }

  /** Runs a piece of code whose calls of {@link #run}, from this thread, take one thread only. */
  public static void serially(Runnable code) {
    serially(
        () -> {
          code.run();
          return Boolean.TRUE;
        });
  }

  /** As {@link #serially(Runnable)}, with a result. */
  public static <T> T serially(Supplier<T> code) {
    boolean before = SERIAL.get();
    SERIAL.set(true);
    try {
      return code.get();
    } finally {
      SERIAL.set(before);
    }
  }

  private static Team team() {
    Team team = shared;
    return team != null ? team : make();
  }

  private static synchronized Team make() {
    if (shared == null) {
      shared = new Team(asked(System.getProperty(PROPERTY, "")));
    }
    return shared;
  }

  /** The number of threads that a value of the property asks for. */
  static int asked(String value) {
    if (value.isBlank()) {
      return Math.min(MOST, Runtime.getRuntime().availableProcessors());
    }
    int count;
    try {
      count = Integer.parseInt(value.strip());
    } catch (NumberFormatException notANumber) {
      count = 0;
    }
    Argument.require(count >= 1 && count <= MOST, PROPERTY, value, "a whole number from 1 to " + MOST);
    return count;
  }
}
