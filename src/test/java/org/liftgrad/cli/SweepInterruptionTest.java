package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.sweep.Ledger;

/** Ctrl-C, once and twice, as a shell sends it to a sweep at work. */
class SweepInterruptionTest {

  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", ".")).toAbsolutePath();
  private static final String COME_TO_THEIR_END = "sweep: interrupted; the runs at work come to their end (once more gives them up).";

  @TempDir Path folder;

  /** Sends Ctrl-C to a sweep at work, so many times; returns what it said. */
  private List<String> interrupted(int times, int points, int neurons, int replicates) throws Exception {
    Assumptions.assumeTrue(
        new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0,
        "this env cannot undo that a shell in the background ignores SIGINT");
    Files.writeString(
        folder.resolve("plan.json"),
        "{\"format\": \"liftgrad plan 1\", \"experiment\": \"shallow-flow\", \"replicates\": " + replicates
            + ", \"axes\": {\"points\": " + points + ", \"dimension\": 400, \"neurons\": " + neurons + "}}");
    Path said = folder.resolve("said");
    ProcessBuilder builder =
        new ProcessBuilder(
                "env", "--default-signal=INT", "/bin/bash", HOME.resolve("environment/liftgrad").toString(), "sweep", "run",
                "plan.json", "--ledger", "a.ledger", "--workers", "2")
            .directory(folder.toFile()).redirectErrorStream(true).redirectOutput(said.toFile());
    builder.environment().put("LIFTGRAD_BUILT", "yes"); // we run inside the build
    Process process = builder.start();
    try {
      // At work: past the start of a JVM, which takes a fraction of this.
      while (process.isAlive() && process.info().totalCpuDuration().orElse(Duration.ZERO).compareTo(Duration.ofMillis(2000)) < 0) {
        Thread.sleep(20);
      }
      for (int k = 1; k <= times; k++) {
        new ProcessBuilder("bash", "-c", "kill -INT " + process.pid()).start().waitFor();
        while (process.isAlive() && Files.readAllLines(said).size() < k) {
          Thread.sleep(20);
        }
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(130);
    return Files.readAllLines(said);
  }

  @Test
  void ctrlCLetsTheRunsAtWorkEndAndSaysHowToResume() throws Exception {
    List<String> said = interrupted(1, 20, 16, 60);
    assertThat(said).hasSize(2);
    assertThat(said.get(0)).isEqualTo(COME_TO_THEIR_END);
    Matcher kept = Pattern.compile("sweep: interrupted; ([0-9]+) of 60 runs are kept in a\\.ledger; go on with --resume\\.").matcher(said.get(1));
    assertThat(kept.matches()).as(said.get(1)).isTrue();
    assertThat(Ledger.open(folder.resolve("a.ledger")).status().done()).isEqualTo(Long.parseLong(kept.group(1))).isPositive();
    assertThat(folder.toFile().list()).containsExactlyInAnyOrder("plan.json", "said", "a.ledger");
    Shell.Outcome resumed = Shell.run("sweep", "run", "--ledger", folder.resolve("a.ledger").toString(), "--resume");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.out()).startsWith("60 of 60 runs");
  }

  @Test
  void aSecondCtrlCGivesTheRunsAtWorkUp() throws Exception {
    List<String> said = interrupted(2, 300, 200, 4);
    assertThat(said)
        .containsExactly(
            COME_TO_THEIR_END,
            "sweep: interrupted; the runs at work are given up, and what was finished is kept in a.ledger; go on with --resume.");
    assertThat(Ledger.open(folder.resolve("a.ledger")).status().left()).isEqualTo(4);
  }
}
