package org.liftgrad.sweep;

import java.util.Optional;
import java.util.ServiceLoader;
import org.liftgrad.kernel.Argument;

/**
 * Where the runs of a sweep are computed. Which run is computed where, and in which order, changes no figure.
 *
 * <p>{@link #allCores} is what a sweep uses unless told otherwise; {@link #spark} hands the runs to an Apache Spark
 * cluster, where the library was built with it.
 */
public interface Executor {

  /** A short name for the ledger's record of who computed what. */
  String name();

  /**
   * Gets ready to run a plan. Nothing has been touched yet.
   *
   * @throws IllegalArgumentException in one sentence, for a plan that it cannot run or a machine that does not answer
   */
  Crew open(Plan plan);

  /** An executor that is ready. */
  interface Crew extends AutoCloseable {

    /**
     * Computes runs until {@link Work#take} gives no more, and hands over what comes out. Returns when all that was
     * taken is handed over, or given up because this thread was interrupted twice.
     *
     * @throws RuntimeException what {@link Work} threw, or a fault of the machine
     */
    void execute(Work work);

    @Override
    default void close() {}
  }

  /** The runs of a sweep that are still to be computed. Safe for use by several threads at once. */
  interface Work {

    /** The plan as {@link Batch#compute} wants it. */
    String planText();

    /**
     * Takes the next runs.
     *
     * @param most how many at most, at least 1
     * @return their numbers in the plan; empty where nothing is left, or where the sweep is to stop
     */
    long[] take(int most);

    /** How many runs have not been taken. */
    long left();

    /** Computes a run in this thread and hands it over. */
    void compute(long run);

    /**
     * Hands over what {@link Batch#compute} gave, in another JVM.
     *
     * @return how long its runs took there, in seconds, added up
     * @throws IllegalStateException where that JVM computes on another path of products, or is of another version
     */
    double finished(byte[] batch);

    /** Says that {@link #take} is to give no more; what is being computed still comes to its end. */
    void stop();
  }

  /** All cores of this machine. */
  static Executor allCores() {
    return new LocalExecutor(Runtime.getRuntime().availableProcessors());
  }

  /**
   * Threads of this JVM, a run each at a time.
   *
   * @param number from 1 to {@value LocalExecutor#MOST}
   */
  static Executor workers(int number) {
    return new LocalExecutor(number);
  }

  /**
   * An Apache Spark cluster.
   *
   * @param settings master and addresses
   * @throws IllegalArgumentException where Spark is not on the class path
   */
  static Executor spark(SparkSettings settings) {
    return sparkProvider()
        .orElseThrow(
            () -> Argument.refused(
                "spark", settings.master(), "left out here, as Spark is not on the class path (environment/liftgrad sweep run"
                    + " --spark and environment/lab --spark fetch it)"))
        .connect(settings);
  }

  /** Is Spark on the class path? */
  static boolean sparkIsHere() {
    return sparkProvider().isPresent();
  }

  private static Optional<SparkProvider> sparkProvider() {
    return ServiceLoader.load(SparkProvider.class, Executor.class.getClassLoader()).findFirst();
  }

  /** Makes Spark's executor; the profile {@code spark} of the build brings one. */
  interface SparkProvider {
    /** An executor, not yet connected. */
    Executor connect(SparkSettings settings);
  }
}
