package org.liftgrad.sweep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.sweep.Column;
import org.liftgrad.sweep.Executor;
import org.liftgrad.sweep.Experiment;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Row;
import org.liftgrad.sweep.SparkSettings;
import org.liftgrad.sweep.Sweep;
import org.liftgrad.sweep.SweepProgress;

/** Sweeps on Spark: in this JVM, and on a real master with real workers on loopback, of which one is killed. */
class SparkExecutorTest {

  /** Some tens of milliseconds a run, more and fewer. */
  private static final Plan PLAN =
      Plan.of("shallow-flow").over("points", 8, 16).over("dimension", 100).over("neurons", 4, 12).replicates(40).seed(7);

  @TempDir Path folder;

  private String csv(Path ledger) throws Exception {
    Path file = folder.resolve("export.csv");
    Ledger.open(ledger).exportCsv(file);
    return Files.readString(file);
  }

  /** What a run on one thread exports. */
  private String serial(Plan plan) throws Exception {
    Path ledger = folder.resolve("serial.ledger");
    assertThat(Sweep.of(plan).into(ledger).workers(1).run().complete()).isTrue();
    return csv(ledger);
  }

  @Test
  void sparkInThisJvmGivesTheBytesOfASerialRun() throws Exception {
    Path ledger = folder.resolve("local.ledger");
    Sweep sweep = Sweep.of(PLAN).into(ledger).on(Executor.spark(SparkSettings.of("local[2]"))).beginOrResume();
    assertThat(sweep.atMost(50).run().done()).isEqualTo(50);
    assertThat(sweep.run().complete()).isTrue();
    assertThat(csv(ledger)).isEqualTo(serial(PLAN));
    assertThat(Ledger.open(ledger).status().sessions().get(1).executor()).isEqualTo("Spark, local[2]");
  }

  @Test
  void sparkInThisJvmRunsAnExperimentThatIsNotRegistered() throws Exception {
    Experiment mine =
        Experiment.named("mine").whole("k").runs(List.of(Column.number("uniform"), Column.text("word")), run -> {
          if (run.whole("k") == 3) {
            throw new IllegalStateException("three");
          }
          return Row.start().and("uniform", run.stream("u").nextUniform()).and("word", "ü" + run.replicate());
        });
    Plan plan = Plan.of(mine).over("k", 1, 2, 3).replicates(50);
    Path ledger = folder.resolve("mine.ledger");
    SweepProgress end = Sweep.of(plan).into(ledger).on(Executor.spark(SparkSettings.of("local[2]"))).run();
    assertThat(end.counts()).isEqualTo("150 of 150 runs, 50 failed");
    assertThat(csv(ledger)).isEqualTo(serial(plan));
  }

  @Test
  void aClusterThatLosesAWorkerGivesTheBytesOfASerialRun() throws Exception {
    System.setProperty("spark.executor.memory", "512m");
    Path ledger = folder.resolve("cluster.ledger");
    try (StandaloneCluster cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")))) {
      cluster.worker(1);
      Process lost = cluster.worker(1);
      AtomicBoolean killed = new AtomicBoolean();
      SweepProgress end =
          Sweep.of(PLAN)
              .into(ledger)
              .on(Executor.spark(cluster.settings()))
              .progress(
                  progress -> {
                    if (progress.finished() >= PLAN.runs() / 3 && lost.descendants().findAny().isPresent() && !killed.getAndSet(true)) {
                      StandaloneCluster.kill(lost);
                    }
                  })
              .run();
      assertThat(killed).as("a worker was killed while it computed").isTrue();
      assertThat(end.complete()).isTrue();
    } finally {
      System.clearProperty("spark.executor.memory");
    }
    assertThat(csv(ledger)).isEqualTo(serial(PLAN));
  }

  /** Spark itself tries for a minute. */
  @Test
  @Tag("long")
  void aClusterTakesNothingFromOneWithoutItsSecret() throws Exception {
    Path nothing = folder.resolve("nothing.ledger");
    try (StandaloneCluster cluster = new StandaloneCluster(Files.createDirectory(folder.resolve("cluster")))) {
      cluster.worker(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Sweep.of(PLAN).into(nothing).on(Executor.spark(cluster.settings("guessed"))).run())
          .withMessageContaining("which did not take the sweep; it must be a master that runs Spark 4.2.0 and has the same secret.");
    }
    assertThat(nothing).doesNotExist();
  }

  @Test
  void aMasterThatDoesNotAnswerIsOneSentence() {
    Path ledger = folder.resolve("nothing.ledger");
    Executor nobody = Executor.spark(new SparkSettings("spark://127.0.0.1:1", SparkSettings.LOOPBACK, Optional.of("secret")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sweep.of(PLAN).into(ledger).on(nobody).run())
        .withMessage("spark is spark://127.0.0.1:1, where no master answers (ConnectException); it must be the address of one that runs.");
    assertThat(ledger).doesNotExist();
    Experiment mine =
        Experiment.named("mine").whole("k").runs(List.of(Column.whole("k again")), run -> Row.start().and("k again", run.whole("k")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Sweep.of(Plan.of(mine).over("k", 1)).into(ledger).on(nobody).run())
        .withMessageContaining("experiment is mine, which is not registered");
  }
}
