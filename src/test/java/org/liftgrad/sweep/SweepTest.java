package org.liftgrad.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps from begin to end, in this JVM. */
class SweepTest {

  @TempDir Path folder;

  private Path ledger() {
    return folder.resolve("coins.ledger");
  }

  private String csv(Path ledger) throws IOException {
    Path file = folder.resolve("export.csv");
    Ledger.open(ledger).exportCsv(file);
    return Files.readString(file);
  }

  private String uninterrupted(Plan plan) throws IOException {
    Path file = folder.resolve("uninterrupted.ledger");
    Files.deleteIfExists(file);
    Sweep.of(plan).into(file).workers(1).run();
    return csv(file);
  }

  @Test
  void everyRunIsARowInTheOrderOfThePlan() throws IOException {
    SweepProgress end = Sweep.of(Coins.plan()).into(ledger()).workers(1).run();
    assertThat(end.complete()).isTrue();
    assertThat(end.total()).isEqualTo(30);
    assertThat(end.failed()).isPositive();
    List<String> lines = csv(ledger()).lines().toList();
    assertThat(lines).hasSize(31);
    assertThat(lines.get(0)).isEqualTo("tosses,bias,name,turned,replicate,heads,share,more,winner,odds,failure");
    assertThat(lines.get(1)).isEqualTo("1,0.0,\"a, \"\"b\"\"\",false,0,0,0.0,false,TAILS,0.0,");
    assertThat(lines).anyMatch(line -> line.contains(",Infinity,"));
    assertThat(lines).anyMatch(line -> line.endsWith(",,,,,,\"IllegalStateException: four is not, \"\"allowed\"\"\""));
    assertThat(folder.toFile().list()).as("nothing left beside").containsExactlyInAnyOrder("coins.ledger", "export.csv");
  }

  @Test
  void theBytesDoNotDependOnWorkersOrOnHowOftenItWasStopped() throws IOException {
    String expected = uninterrupted(Coins.plan());
    Sweep sweep = Sweep.of(Coins.plan()).into(ledger()).beginOrResume();
    int sessions = 0;
    while (!sweep.workers(1 + sessions % 3).atMost(7).run().complete()) {
      sessions++;
    }
    assertThat(sessions).isEqualTo(4);
    assertThat(csv(ledger())).isEqualTo(expected);
    assertThat(Ledger.open(ledger()).status().sessions()).hasSize(5);
  }

  @Test
  void valuesAndReplicatesThatAreAddedLaterChangeNothingThatWasThere() throws IOException {
    Sweep.of(Coins.plan().over("bias", 0.5).replicates(2)).into(ledger()).run();
    String before = csv(ledger());
    Sweep.of(Coins.plan().over("bias", 0.25, 0.5)).into(ledger()).resume().run();
    SweepProgress end = Sweep.of(Coins.plan()).into(ledger()).resume().run();
    assertThat(end.complete()).isTrue();
    assertThat(end.here()).as("computed in the last session").isEqualTo(10);
    String after = csv(ledger());
    assertThat(after).isEqualTo(uninterrupted(Coins.plan()));
    assertThat(after.lines().toList()).containsAll(before.lines().toList());
  }

  @Test
  void everyRunIsComputedOnce() {
    Set<String> seen = ConcurrentHashMap.newKeySet();
    AtomicInteger twice = new AtomicInteger();
    Experiment noting =
        Experiment.named("noting").whole("k").runs(List.of(Column.whole("square")), run -> {
          twice.addAndGet(seen.add(run.toString()) ? 0 : 1);
          return Row.start().and("square", (long) run.whole("k") * run.whole("k"));
        });
    Plan plan = Plan.of(noting).over("k", 1, 2, 3, 4, 5).replicates(100);
    Sweep sweep = Sweep.of(plan).into(ledger()).beginOrResume().workers(4);
    sweep.atMost(123).run();
    assertThat(sweep.run().complete()).isTrue();
    assertThat(seen).hasSize(500);
    assertThat(twice).hasValue(0);
  }

  @Test
  void anInterruptLetsTheRunsAtWorkEndAndKeepsThem() throws Exception {
    CountDownLatch atWork = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Experiment slow =
        Experiment.named("slow").whole("k").runs(List.of(Column.yesOrNo("undisturbed")), run -> {
          if (run.whole("k") == 3) {
            atWork.countDown();
            interrupted.await();
            Thread.sleep(50);
          }
          return Row.start().and("undisturbed", !Thread.currentThread().isInterrupted());
        });
    Plan plan = Plan.of(slow).over("k", 1, 2, 3, 4, 5);
    Thread main = Thread.currentThread();
    Thread other = new Thread(() -> {
      try {
        atWork.await();
        main.interrupt();
        Thread.sleep(50);
        interrupted.countDown();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    other.start();
    SweepProgress end = Sweep.of(plan).into(ledger()).workers(1).run();
    assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    other.join();
    assertThat(end.done()).isEqualTo(3);
    assertThat(csv(ledger())).doesNotContain("false");
    assertThat(Sweep.of(plan).into(ledger()).resume().run().complete()).isTrue();
  }

  @Test
  void aFailedRunIsTriedAgainOnlyWhenThatIsAsked() throws IOException {
    boolean[] broken = {true};
    AtomicInteger runs = new AtomicInteger();
    Experiment moody =
        Experiment.named("moody").whole("k").runs(List.of(Column.whole("k again")), run -> {
          runs.incrementAndGet();
          if (broken[0] && run.whole("k") == 2) {
            throw new IllegalArgumentException("not today");
          }
          return Row.start().and("k again", run.whole("k"));
        });
    Sweep sweep = Sweep.of(Plan.of(moody).over("k", 1, 2, 3)).into(ledger()).beginOrResume();
    SweepProgress first = sweep.run();
    assertThat(first.counts()).isEqualTo("3 of 3 runs, 1 failed");
    assertThat(csv(ledger())).contains("2,0,,IllegalArgumentException: not today\n");
    assertThat(sweep.run().here()).isZero();
    assertThat(sweep.retryFailed().run().failed()).isEqualTo(1);
    broken[0] = false;
    assertThat(sweep.retryFailed().run().counts()).isEqualTo("3 of 3 runs");
    assertThat(csv(ledger())).isEqualTo("k,replicate,k again,failure\n1,0,1,\n2,0,2,\n3,0,3,\n");
    assertThat(runs).hasValue(5);
  }

  @Test
  void progressGrowsAndCountsWhatIsInTheLedger() throws IOException {
    List<SweepProgress> heard = new ArrayList<>();
    List<Long> inLedger = new ArrayList<>();
    Sweep.of(Coins.plan().replicates(200)).into(ledger())
        .progress(progress -> {
          heard.add(progress);
          LedgerStatus status = Ledger.open(ledger()).status();
          inLedger.add(status.done() + status.failed());
        })
        .run();
    assertThat(heard).hasSizeGreaterThan(1).isSortedAccordingTo((a, b) -> Long.compare(a.finished(), b.finished()));
    for (int k = 0; k < heard.size(); k++) {
      assertThat(inLedger.get(k)).as("reported means committed").isGreaterThanOrEqualTo(heard.get(k).finished());
    }
    assertThat(heard.get(heard.size() - 1).complete()).isTrue();
  }

  @Test
  void aSecondSweepOnTheLedgerIsRefused() {
    Experiment nosy =
        Experiment.named("nosy").whole("k").runs(List.of(Column.text("said")), run -> {
          try {
            Sweep.of(Coins.plan()).into(ledger()).resume().run();
            return Row.start().and("said", "nothing");
          } catch (IllegalArgumentException refusal) {
            return Row.start().and("said", refusal.getMessage());
          }
        });
    Sweep.of(Plan.of(nosy).over("k", 1)).into(ledger()).run();
    assertThat(Ledger.open(ledger()).results().table().stringColumn("said").get(0))
        .isEqualTo("the ledger " + ledger() + " is in use by this process; it must be free, as one process at a time writes to a ledger.");
  }

  @Test
  void anotherPlanIsRefusedWithTheDifferenceNamed() {
    Sweep.of(Coins.plan()).into(ledger()).run();
    refused(Coins.plan().seed(4), "seed is 4; it must be 3, as in the ledger");
    refused(Coins.plan().replicates(4), "replicates is 4; it must be at least 5, as in the ledger");
    refused(Coins.plan().over("bias", 0, 0.5), "axis “bias” is without 0.25; it must be one with all the values of the ledger");
    refused(Coins.plan().record("heads"), "record is heads; it must be heads, share, more, winner, odds, as in the ledger");
    Experiment other =
        new Experiment(
            "coins", 2, "", Coins.experiment().parameters(), Coins.experiment().figures(), Coins.experiment().body());
    refused(
        Plan.of(other).over("tosses", 1, 10).over("bias", 0, 0.25, 0.5).replicates(5).seed(3),
        "the version of the experiment coins is 2; it must be 1, as in the ledger");
    refused(Plan.of("shallow-start").over("points", 2).over("dimension", 4).over("neurons", 2), "experiment is shallow-start; it must be coins");
  }

  private void refused(Plan plan, String words) {
    assertThatIllegalArgumentException().isThrownBy(() -> Sweep.of(plan).into(ledger()).resume().run()).withMessageContaining(words);
  }

  @Test
  void aNewLedgerMustBeNewAndAResumedOneThere() {
    assertThatIllegalArgumentException().isThrownBy(() -> Sweep.of(Coins.plan()).into(ledger()).resume().run())
        .withMessageContaining("which does not exist; it must be an existing one to resume.");
    Sweep.of(Coins.plan()).into(ledger()).run();
    assertThatIllegalArgumentException().isThrownBy(() -> Sweep.of(Coins.plan()).into(ledger()).run())
        .withMessageContaining("which exists; it must be a new file, unless the sweep is to resume.");
  }

  @Test
  void verifyFindsTheBitThatWasChanged() {
    Sweep.of(Coins.plan()).into(ledger()).run();
    assertThat(Ledger.open(ledger()).verify(Coins.plan(), 1000, 1).toString())
        .isEqualTo("30 of 30 finished runs computed again: all bits the same");
    Experiment other =
        new Experiment(
            "coins", 1, "", Coins.experiment().parameters(), Coins.experiment().figures(),
            run -> {
              Coins.Tossed tossed = Coins.toss(run);
              double share = run.whole("tosses") == 10 && run.replicate() == 3 ? Math.nextUp(tossed.share()) : tossed.share();
              return Row.of(new Coins.Tossed(tossed.heads(), share, tossed.more(), tossed.winner(), tossed.odds()));
            });
    Plan plan = Plan.of(other).over("tosses", 1, 10).over("bias", 0, 0.25, 0.5).replicates(5).seed(3);
    Verification found = Ledger.open(ledger()).verify(plan, 30, 1);
    assertThat(found.same()).isFalse();
    assertThat(found.differences().get(0)).startsWith("tosses = 10, bias = 0.0, replicate 3: “share” was 0.0 and now is 4.9E-324");
    assertThat(Ledger.open(ledger()).verify(Coins.plan(), 4, 9).sampled()).isEqualTo(4);
  }

  @Test
  void aLedgerMayHaveAnyName() throws IOException {
    for (String name : List.of("with a space", "100%25 ü?a=1&b#c;d", "…'\"")) {
      Path file = folder.resolve(name);
      Sweep.of(Coins.plan()).into(file).run();
      assertThat(csv(file)).hasLineCount(31);
    }
  }
}
