package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The commands as a shell sees them, in this process. */
final class Shell {

  private Shell() {}

  /** What a command left: its exit code and what it said. */
  record Outcome(int code, String out, String error) {

    /** Exit code 2, at most three lines that hold these words, nothing else said. */
    void isRefusal(String... words) {
      assertThat(code).isEqualTo(2);
      assertThat(out).isEmpty();
      assertThat(error.lines().count()).isBetween(1L, 3L);
      assertThat(error).contains(words).doesNotContain("\tat ", "Exception:");
    }
  }

  static Outcome run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter error = new StringWriter();
    CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(error));
    int code = line.execute(arguments);
    return new Outcome(code, out.toString(), error.toString());
  }

  /** Every file and folder below, with what it holds. */
  static Map<String, String> contents(Path folder) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.toList()) {
        String held = Files.isDirectory(path) ? "a folder" : Files.readString(path, StandardCharsets.ISO_8859_1);
        all.put(folder.relativize(path).toString(), held);
      }
    }
    return all;
  }
}
