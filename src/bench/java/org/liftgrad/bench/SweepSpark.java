package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;

/**
 * L3: what Spark adds to a sweep of five minutes on two cores, from the command to its end: the time with {@code
 * --spark local[2]} over that with {@code --workers 2}. A quick run takes one minute, in which Spark's start weighs more.
 */
final class SweepSpark implements Job {

  private static final double MOST = 1.1;

  @Override
  public String id() {
    return "L3";
  }

  @Override
  public List<Bar> run(Setting setting) {
    String work = "a sweep of " + (setting.quick() ? "one minute" : "five minutes") + ", Spark local[2] over two workers";
    String bar = "≤ " + MOST + "×";
    Path checkout = setting.folder().toAbsolutePath().getParent().getParent();
    if (!Files.exists(checkout.resolve("target/.spark-built"))) {
      return List.of(Bar.notMeasured(id(), work, bar, "run without --spark"));
    }
    if (setting.threads() != 2) {
      return List.of(Bar.notMeasured(id(), work, bar, "not run with --threads 2"));
    }
    // Two kinds of run, and two cores.
    int replicates = (setting.quick() ? 60 : 300) * 1000 / SweepWorkers.RUN_MILLISECONDS;
    Plan plan = SweepWorkers.PLAN.replicates(replicates);
    plan.save(setting.folder().resolve("spark.json"));
    double workers = Rounds.alone(() -> command(setting, checkout, "--workers", "2"));
    double spark = Rounds.alone(() -> command(setting, checkout, "--spark", "local[2]"));
    double ratio = spark / workers;
    return List.of(
        new Bar(
            id(), work, time(spark), time(workers) + ", two workers", Numbers.rounded(ratio, 3) + "×", bar,
            Outcome.atMost(ratio, MOST), plan.runs() + " runs"));
  }

  /** Seconds of a command. */
  private static double command(Setting setting, Path checkout, String... how) {
    Path ledger = setting.folder().resolve("spark.ledger");
    List<String> line =
        new ArrayList<>(
            List.of(
                "bash", checkout.resolve("environment/liftgrad").toString(), "sweep", "run",
                setting.folder().resolve("spark.json").toString(), "--ledger", ledger.toString()));
    line.addAll(List.of(how));
    try {
      Files.deleteIfExists(ledger);
      long began = System.nanoTime();
      Process process = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(setting.folder().resolve("spark.log").toFile()).start();
      if (!process.waitFor(1, TimeUnit.HOURS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IllegalStateException("the sweep failed: " + Files.readString(setting.folder().resolve("spark.log")));
      }
      double seconds = (System.nanoTime() - began) * 1e-9;
      if (!Ledger.open(ledger).status().complete()) {
        throw new IllegalStateException("the sweep is not complete");
      }
      Files.delete(ledger);
      return seconds;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
