package org.liftgrad.theorem;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Version;
import org.liftgrad.sweep.KeptRuns;

/** A check about to run, as its {@link Experiment} sees it: parameters, seeds, processors. */
public final class Trial {

  private final String id;
  private final Parameters parameters;
  private final RunSettings settings;
  private final Runner runner;
  private final Optional<CommittedRows> committed;
  private int parts;

  /**
   * A trial.
   *
   * @param committed rows to judge in place of runs; nothing is run then
   */
  Trial(String id, Parameters parameters, RunSettings settings, Optional<CommittedRows> committed) {
    this.id = id;
    this.parameters = parameters;
    this.settings = settings;
    this.committed = committed;
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
    parts++;
    if (committed.isPresent()) {
      return committed.get().rows(section(), cells, replicates);
    }
    Run<C, T> kept = settings.ledger().map(ledger -> kept(ledger, run)).orElse(run);
    return inParallel(
        "runs",
        cells.size() * replicates,
        k -> kept.of(cells.get(k / replicates), k % replicates),
        k -> "run " + k % replicates + " of " + cells.get(k / replicates));
  }

  /**
   * The same run, whose rows are kept in a ledger and found there. A run that gives no {@link Row} is computed as ever.
   * All that a row depends on beside cell and replicate is in the section's plan, and so a row that is found is the one
   * that would be computed.
   */
  @SuppressWarnings("unchecked") // what is found under a section was put there by this check's own runs, which give rows
  private <C, T> Run<C, T> kept(KeptRuns ledger, Run<C, T> run) {
    KeptRuns.Section section =
        ledger.section(section(), "Liftgrad " + Version.current() + "; seed " + settings.seed() + "; " + parameters);
    return (cell, replicate) -> {
      String name = String.valueOf(cell);
      Optional<org.liftgrad.sweep.Row> found = section.find(name, replicate);
      if (found.isPresent()) {
        return (T) Row.of(found.get());
      }
      T result = run.of(cell, replicate);
      if (Thread.currentThread().isInterrupted()) {
        // A flow that is told to stop ends where it is: what comes of it is no row of this cell.
        throw new CancellationException("The run was interrupted.");
      }
      return result instanceof Row row ? (T) Row.of(section.keep(name, replicate, row.kept())) : result;
    };
  }

  private String section() {
    return section(id, settings, parts);
  }

  /** What a ledger calls the runs of one part of a check, from 1. */
  static String section(String check, RunSettings settings, int part) {
    return check + ", " + settings.scale() + (settings.controlled() ? ", control" : "") + (part == 1 ? "" : ", part " + part);
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
