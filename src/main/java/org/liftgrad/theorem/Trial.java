package org.liftgrad.theorem;

import java.util.List;
import java.util.function.IntFunction;
import org.liftgrad.kernel.RandomStream;

/** A check about to run, as its {@link Experiment} sees it: parameters, seeds, processors. */
public final class Trial {

  private final String id;
  private final Parameters parameters;
  private final RunSettings settings;
  private final Runner runner;

  Trial(String id, Parameters parameters, RunSettings settings) {
    this.id = id;
    this.parameters = parameters;
    this.settings = settings;
    runner = new Runner(settings.threads());
  }

  /** The plan, with what the user replaced. */
  public Parameters parameters() {
    return parameters;
  }

  /** Is the negative control in place? */
  public boolean controlled() {
    return settings.controlled();
  }

  /**
   * A seed for one purpose of one run. The address is made of the user's seed, the check, the
   * purpose and the keys, so that adding a cell or changing the number of runs leaves the others as
   * they were. The control uses the same seeds: it differs in what it breaks only.
   *
   * @param purpose such as {@code "data"}
   * @param keys what tells the run from others, such as sizes and replicate
   */
  public long seed(String purpose, long... keys) {
    return RandomStream.seedOf(settings.seed(), id + " " + purpose, keys);
  }

  /** A stream of random numbers at such an address. */
  public RandomStream stream(String purpose, long... keys) {
    return RandomStream.of(settings.seed(), id + " " + purpose, keys);
  }

  /**
   * Runs every replicate of every cell over the processors. A run has one of them: what it solves is not
   * shared out again.
   *
   * @param cells what is varied
   * @param replicates how often each is run
   * @param run from a cell and a replicate (from 0) to a result
   * @return all results, replicates of the first cell first
   * @throws java.util.concurrent.CancellationException where the calling thread is interrupted
   * @throws RuntimeException what a run threw, with cell and replicate in its sentence
   */
  public <C, T> List<T> runs(List<C> cells, int replicates, Run<C, T> run) {
    return inParallel(
        "runs",
        cells.size() * replicates,
        k -> run.of(cells.get(k / replicates), k % replicates),
        k -> "run " + k % replicates + " of " + cells.get(k / replicates));
  }

  /**
   * Runs numbered tasks over the processors.
   *
   * @param what what is counted, in the plural
   * @param count how many
   * @param task from a number (from 0) to a result
   * @return the results in the order of their numbers
   * @throws java.util.concurrent.CancellationException where the calling thread is interrupted
   * @throws RuntimeException what a task threw, with the task named in its sentence
   */
  public <T> List<T> inParallel(String what, int count, IntFunction<T> task) {
    return inParallel(what, count, task, number -> what + ", number " + number);
  }

  private <T> List<T> inParallel(String what, int count, IntFunction<T> task, IntFunction<String> name) {
    return runner.run(
        count, task, number -> id + ", " + name.apply(number), done -> settings.progress().at(id + ": " + what, done, count));
  }

  /** One run of a cell. */
  @FunctionalInterface
  public interface Run<C, T> {
    /** From a cell and a replicate (from 0) to a result. */
    T of(C cell, int replicate);
  }
}
