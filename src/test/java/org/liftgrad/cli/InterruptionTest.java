package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.flow.Checkpoint;

/** Ctrl-C, as a shell sends it to a command of environment/ that is at work. */
class InterruptionTest {

  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", ".")).toAbsolutePath();

  private static final String METHOD = "descent:1e-6";

  @TempDir Path scratch;

  @Test
  void ctrlCIsOneSentenceAndLeavesNothing() throws Exception {
    Path folder = folder();
    Map<String, String> before = Shell.contents(folder);
    assertThat(interrupted(folder)).containsExactly("flow: interrupted; nothing was written.");
    assertThat(Shell.contents(folder)).isEqualTo(before);
  }

  @Test
  void ctrlCKeepsTheRunWhereThatIsAskedFor() throws Exception {
    Path folder = folder();
    List<String> said = interrupted(folder, "--checkpoint", "run.checkpoint");
    assertThat(said).hasSize(1);
    assertThat(said.get(0))
        .matches("flow: interrupted; the run is kept in run.checkpoint at t = .* of 1000000; go on with --resume run.checkpoint\\.");
    assertThat(folder.resolve("out")).doesNotExist();

    // To a time a little later, by way of the checkpoint and without it.
    double later = 1.1 * Checkpoint.load(folder.resolve("run.checkpoint")).time();
    assertThat(flow(folder, later, "resumed", "--resume", folder.resolve("run.checkpoint").toString()).code()).isZero();
    assertThat(flow(folder, later, "whole").code()).isZero();
    assertThat(Shell.contents(folder.resolve("resumed"))).isEqualTo(Shell.contents(folder.resolve("whole")));
  }

  private static Shell.Outcome flow(Path folder, double time, String output, String... more) {
    List<String> line = new ArrayList<>(List.of("flow"));
    for (String file : List.of("inputs X.csv", "labels y.csv", "weights W.csv", "readout a.csv", "output " + output)) {
      line.add("--" + file.split(" ")[0]);
      line.add(folder.resolve(file.split(" ")[1]).toString());
    }
    line.addAll(List.of("--time", Double.toString(time), "--method", METHOD, "--maximum-steps", "1e15"));
    line.addAll(List.of(more));
    return Shell.run(line.toArray(String[]::new));
  }

  /** Sends Ctrl-C to a run at work, and returns the lines of its standard error. */
  private List<String> interrupted(Path folder, String... more) throws Exception {
    Assumptions.assumeTrue(
        new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0,
        "this env cannot undo that a shell in the background ignores SIGINT");
    Path out = scratch.resolve("standard output");
    Path error = scratch.resolve("standard error");
    List<String> line =
        new ArrayList<>(
            List.of(
                "env", "--default-signal=INT", "/bin/bash", HOME.resolve("environment/liftgrad").toString(), "flow",
                "--inputs", "X.csv", "--labels", "y.csv", "--weights", "W.csv", "--readout", "a.csv",
                "--time", "1e6", "--method", METHOD, "--maximum-steps", "1e15", "--output", "out"));
    line.addAll(List.of(more));
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(error.toFile());
    builder.environment().put("LIFTGRAD_BUILT", "yes"); // we run inside the build
    Process process = builder.start();
    try {
      // At work: past the start of a JVM, which takes a fraction of this.
      Duration atWork = Duration.ofSeconds(3);
      while (process.isAlive() && process.info().totalCpuDuration().orElse(Duration.ZERO).compareTo(atWork) < 0) {
        Thread.sleep(50);
      }
      // The shell's own kill: a bare Debian has no other.
      assertThat(new ProcessBuilder("bash", "-c", "kill -INT " + process.pid()).start().waitFor()).isZero();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(out)).isEmpty();
    return Files.readString(error).lines().toList();
  }

  private Path folder() throws IOException {
    Path folder = Files.createDirectory(scratch.resolve("with a space"));
    write(folder);
    return folder;
  }

  private static void write(Path folder) throws IOException {
    for (Map.Entry<String, List<String>> file :
        Map.of(
                "X.csv", List.of("1,0.1", "0.2,1"),
                "y.csv", List.of("1", "-1"),
                "W.csv", List.of("0.3,0.2"),
                "a.csv", List.of("0.5"))
            .entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
