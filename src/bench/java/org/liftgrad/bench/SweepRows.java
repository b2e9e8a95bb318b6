package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.liftgrad.sweep.Column;
import org.liftgrad.sweep.Experiment;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Row;
import org.liftgrad.sweep.Sweep;
import org.liftgrad.statistics.Numbers;

/** L1: a million tiny runs. What a row costs from its random number to the disk, and how long a full ledger takes to read. */
final class SweepRows implements Job {

  private static final double MOST_MICROSECONDS = 20;

  @Override
  public String id() {
    return "L1";
  }

  @Override
  public List<Bar> run(Setting setting) {
    int replicates = setting.quick() ? 100 : 1000;
    Experiment tiny =
        Experiment.named("tiny").whole("k").number("x").otherwise(0.5)
            .runs(
                List.of(Column.number("u"), Column.yesOrNo("under")),
                run -> {
                  double u = run.stream("u").nextUniform();
                  return Row.start().and("u", u).and("under", u < run.number("x"));
                });
    Plan plan = Plan.of(tiny).over("k", IntStream.range(0, 1000).toArray()).replicates(replicates);
    Path ledger = setting.folder().resolve("rows.ledger");
    Path export = setting.folder().resolve("rows.csv");
    List<Double> heap = new ArrayList<>();
    try {
      Files.deleteIfExists(ledger);
      Sweep sweep = Sweep.of(plan).into(ledger).workers(1).beginOrResume();
      double half = Rounds.alone(() -> Rounds.seconds(() -> sweep.atMost(plan.runs() / 2).run()));
      heap.add(heapMegabytes());
      sweep.run();
      heap.add(heapMegabytes());
      double row = 1e6 * half / (plan.runs() / 2.0);
      double status = Rounds.alone(() -> Rounds.seconds(() -> Ledger.open(ledger).status()));
      double csv = Rounds.alone(() -> Rounds.seconds(() -> Ledger.open(ledger).exportCsv(export)));
      String rows = plan.runs() + " rows";
      return List.of(
          new Bar(
              id(), "a tiny run, computed and recorded, one worker, " + rows, Numbers.rounded(row, 3) + " µs", "–",
              Numbers.rounded(row, 3) + " µs", "≤ " + Numbers.rounded(MOST_MICROSECONDS, 3) + " µs",
              Outcome.atMost(row, MOST_MICROSECONDS),
              "heap after collection " + Numbers.rounded(heap.get(0), 3) + " MB half-way, " + Numbers.rounded(heap.get(1), 3) + " MB at the end"),
          new Bar(id(), "status of a ledger of " + rows, time(status), "–", time(status), "", Outcome.REPORTED, ""),
          new Bar(id(), "export of " + rows + " as CSV", time(csv), "–", time(csv), "", Outcome.REPORTED, ""));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } finally {
      List.of(ledger, export).forEach(file -> file.toFile().delete());
    }
  }

  private static double heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }
}
