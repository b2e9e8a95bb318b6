package org.liftgrad.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.kernel.RandomStream;

/** SIGKILL at random moments of a sweep's process: while it starts and opens its ledger, and while it is at work. */
class KilledSweepTest {

  @TempDir Path folder;

  @Test
  void tenKillsLoseNothingThatWasReported() throws Exception {
    survives(10);
  }

  @Test
  @Tag("long")
  void twoHundredKillsLoseNothingThatWasReported() throws Exception {
    survives(200);
  }

  private void survives(int kills) throws Exception {
    // More work than the killed processes can do, so that all of them are at it.
    Plan plan = Plan.of("padded").over("k", 1, 2, 3).over("milliseconds", 2).replicates(300 * kills).seed(11);
    Path file = folder.resolve("plan.json");
    plan.save(file);
    Path ledger = folder.resolve("killed.ledger");
    RandomStream moments = RandomStream.of(4, "kills");
    // How long this machine takes to the first report, with what else it has to do: as long as the last one took.
    double start = 1;
    long kept = 0;
    for (int kill = 0; kill < kills; kill++) {
      Path said = folder.resolve("said");
      Process process =
          OtherJvm.start(OtherJvm.command(folder, ReportingSweep.class, file.toString(), ledger.toString(), "2"), said);
      try {
        if (kill % 2 == 0) {
          start = secondsToTheFirstReport(process, said);
          wait(process, moments.nextUniform(0, 0.3));
        } else {
          wait(process, moments.nextUniform(0, start));
        }
      } finally {
        process.destroyForcibly().waitFor();
      }
      long reported = lastNumber(Files.readString(said));
      if (Files.exists(ledger)) {
        LedgerStatus status = Ledger.open(ledger).status();
        assertThat(status.failed()).isZero();
        assertThat(status.done()).as("after kill %d", kill).isGreaterThanOrEqualTo(Math.max(reported, kept));
        kept = status.done();
      }
    }
    assertThat(kept).as("some were killed at work, none was done").isBetween(1L, plan.runs() - 1);
    Sweep.of(plan).into(ledger).resume().workers(64).run();
    Path whole = folder.resolve("whole.ledger");
    Sweep.of(plan).into(whole).workers(64).run();
    assertThat(csv(ledger)).isEqualTo(csv(whole));
  }

  /** Of finished runs: that of its begin, with what was there before, is the line before. */
  private static double secondsToTheFirstReport(Process process, Path said) throws Exception {
    long began = System.nanoTime();
    while (process.isAlive() && Files.readAllLines(said).size() < 2) {
      assertThat(System.nanoTime() - began).isLessThan(120_000_000_000L);
      Thread.sleep(5);
    }
    return (System.nanoTime() - began) * 1e-9;
  }

  private static void wait(Process process, double seconds) throws InterruptedException {
    process.waitFor(Math.round(1e6 * seconds), TimeUnit.MICROSECONDS);
  }

  /** The last line may be half a one. */
  private static long lastNumber(String said) {
    assertThat(said).doesNotContain("Exception");
    String whole = said.substring(0, said.lastIndexOf('\n') + 1).strip();
    return whole.isEmpty() ? 0 : Long.parseLong(whole.substring(whole.lastIndexOf('\n') + 1));
  }

  private static String csv(Path ledger) throws Exception {
    Path file = ledger.resolveSibling(ledger.getFileName() + ".csv");
    Ledger.open(ledger).exportCsv(file);
    return Files.readString(file);
  }
}
