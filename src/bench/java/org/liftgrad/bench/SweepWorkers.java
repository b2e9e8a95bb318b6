package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.liftgrad.statistics.Summary;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Sweep;

/** L2: a sweep of runs of 50 ms and more on two workers against one. */
final class SweepWorkers implements Job {

  private static final double LEAST = 1.8;

  /** Some 67 ms a run on a core; two kinds of run. */
  static final Plan PLAN = Plan.of("shallow-flow").over("points", 30).over("dimension", 900).over("neurons", 20, 24).seed(7);

  static final int RUN_MILLISECONDS = 67;

  @Override
  public String id() {
    return "L2";
  }

  @Override
  public List<Bar> run(Setting setting) {
    String work = "a sweep of 60 flows, n=30, two workers against one";
    String bar = "≥ " + LEAST + "×";
    if (setting.threads() < 2) {
      return List.of(Bar.notMeasured(id(), work, bar, "run with --threads 1"));
    }
    Path ledger = setting.folder().resolve("workers.ledger");
    Map<String, double[]> seconds =
        new Rounds()
            .with("one", () -> Rounds.seconds(() -> sweep(ledger, 1)))
            .with("two", () -> Rounds.seconds(() -> sweep(ledger, 2)))
            .run(setting.rounds());
    Ratios ratios = Ratios.of(seconds.get("one"), seconds.get("two"));
    double one = Summary.median(seconds.get("one"));
    return List.of(
        new Bar(
            id(), work, time(Summary.median(seconds.get("two"))), time(one) + ", one worker", ratios + "×", bar,
            Outcome.atLeast(ratios.median(), LEAST), time(one / 60) + " a run"));
  }

  private static void sweep(Path ledger, int workers) {
    try {
      Files.deleteIfExists(ledger);
      Sweep.of(PLAN.replicates(30)).into(ledger).workers(workers).run();
      Files.deleteIfExists(ledger);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
