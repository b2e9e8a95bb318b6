package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C, as a shell sends it to a command of environment/ that is at work. */
class InterruptionTest {

  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", ".")).toAbsolutePath();

  @TempDir Path scratch;

  @Test
  void ctrlCIsOneSentenceAndLeavesNothing() throws Exception {
    Assumptions.assumeTrue(
        new ProcessBuilder("env", "--default-signal=INT", "true").start().waitFor() == 0,
        "this env cannot undo that a shell in the background ignores SIGINT");
    Path folder = Files.createDirectory(scratch.resolve("with a space"));
    Path out = scratch.resolve("standard output");
    Path error = scratch.resolve("standard error");
    write(folder);
    Map<String, String> before = Shell.contents(folder);
    ProcessBuilder builder =
        new ProcessBuilder(
                "env", "--default-signal=INT", "/bin/bash", HOME.resolve("environment/liftgrad").toString(), "flow",
                "--inputs", "X.csv", "--labels", "y.csv", "--weights", "W.csv", "--readout", "a.csv",
                "--time", "1e6", "--method", "descent:1e-6", "--maximum-steps", "1e15", "--output", "out")
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
    assertThat(Files.readString(error).lines()).containsExactly("flow: interrupted; nothing was written.");
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(out)).isEmpty();
    assertThat(Shell.contents(folder)).isEqualTo(before);
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
