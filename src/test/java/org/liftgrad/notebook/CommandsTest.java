package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of environment/ from a folder elsewhere, through a link whose path has a space. */
class CommandsTest {
  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", ".")).toAbsolutePath();

  @TempDir Path scratch;
  private Path commands;

  record Outcome(int code, String out, String error) {}

  @BeforeEach
  void link() throws IOException {
    commands = Files.createSymbolicLink(Files.createDirectory(scratch.resolve("with a space")).resolve("checkout"), HOME)
        .resolve("environment");
  }

  @AfterEach
  void unlink() throws IOException {
    try (Stream<Path> all = Files.walk(scratch)) {
      for (Path link : all.filter(Files::isSymbolicLink).toList()) {
        Files.delete(link);
      }
    }
  }

  private Outcome run(Map<String, String> environment, String command, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("/bin/bash", commands.resolve(command).toString()));
    line.addAll(List.of(arguments));
    Path out = scratch.resolve("out");
    Path error = scratch.resolve("error");
    ProcessBuilder builder = new ProcessBuilder(line).directory(scratch.toFile())
        .redirectOutput(out.toFile()).redirectError(error.toFile());
    builder.environment().put("LIFTGRAD_BUILT", "yes"); // we run inside the build
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Outcome(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(error, StandardCharsets.UTF_8));
  }

  private static void assertRefused(Outcome outcome, String sentence) {
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error()).contains(sentence).hasLineCount(1);
  }

  @Test
  void anUnknownScaleNotebookOrOptionIsOneSentence() throws Exception {
    assertRefused(run(Map.of(), "reproduce", "--scale", "huge"), "--scale is one of quick, paper, beyond, not 'huge'.");
    assertRefused(run(Map.of(), "reproduce", "nowhere"), "there is no one notebook 'nowhere'");
    assertRefused(run(Map.of(), "reproduce", "--fast"), "--fast is not an option");
    assertRefused(run(Map.of(), "test", "fast"), "fast is not an option");
    assertRefused(run(Map.of("LIFTGRAD_CASES", "/nowhere/at all"), "test", "-q"), "/nowhere/at all, which is not a folder.");
  }

  @Test
  void theShellHasTheLibraryAtHand() throws Exception {
    Path lines = scratch.resolve("lines.jsh");
    Files.writeString(
        lines,
        """
        var data = lawS().points(3).dimension(9).seed(1).build();
        System.out.println(data);
        System.out.println(List.of(lossBelow(1e-3)));
        /exit
        """);
    Outcome outcome = run(Map.of(), "liftgrad", "shell", lines.toString());
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.out()).contains("3 points in dimension 9").doesNotContain("Error", "Exception");
    assertThat(outcome.code()).isZero();
    assertRefused(run(Map.of(), "liftgrad", "shell", "nowhere.jsh"), "the file nowhere.jsh is missing or not readable");
  }

  @Test
  void helpSaysHowToCallIt() throws Exception {
    for (String command : List.of("reproduce", "test", "lab", "bench", "update-checksums")) {
      Outcome outcome = run(Map.of(), command, "--help");
      assertThat(outcome.code()).isZero();
      assertThat(outcome.out()).contains("environment/" + command + " [").doesNotContain("source ", "#");
      assertThat(outcome.error()).isEmpty();
    }
  }

  @Test
  void anOldPythonIsOneSentence() throws Exception {
    Path tools = Files.createDirectory(scratch.resolve("tools"));
    for (String name : List.of("python3", "python")) {
      Path old = Files.writeString(tools.resolve(name), "#!/bin/sh\nexit 1\n");
      assertThat(old.toFile().setExecutable(true)).isTrue();
    }
    for (String name : List.of("bash", "dirname", "readlink", "basename", "uname")) {
      Path tool = List.of(Path.of("/usr/bin", name), Path.of("/bin", name)).stream().filter(Files::exists).findFirst()
          .orElseThrow();
      Files.createSymbolicLink(tools.resolve(name), tool);
    }
    Outcome outcome = run(Map.of("PATH", tools.toString()), "reproduce");
    assertRefused(outcome, "please install Python 3.9 or newer with its venv module");
  }
}
