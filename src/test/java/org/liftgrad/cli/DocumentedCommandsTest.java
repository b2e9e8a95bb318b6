package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every command line that the documentation shows is one that the commands understand. */
class DocumentedCommandsTest {

  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", "."));
  private static final String COMMAND = "environment/liftgrad ";

  private static List<Path> documents() {
    return Stream.of("README.md", "CONTRIBUTING.md", "src/main/java/org/liftgrad/cli/package-info.java").map(HOME::resolve).toList();
  }

  /** Lines of code blocks, and commands within a sentence. */
  private static List<String> lines() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path document : documents()) {
      for (String line : Files.readAllLines(document)) {
        String text = line.replaceFirst("^ \\* ", "");
        if (text.startsWith(COMMAND)) {
          found.add(text.replaceFirst("\\s+#.*", ""));
        } else {
          Stream.of(text.split("`")).filter(each -> each.startsWith(COMMAND)).forEach(found::add);
        }
      }
    }
    return found;
  }

  @TestFactory
  List<DynamicTest> everyLine() throws IOException {
    return lines().stream()
        .map(line -> dynamicTest(line, () -> {
          String[] words = line.substring(COMMAND.length()).strip().split("\\s+");
          assertThatCode(() -> Main.commandLine().parseArgs(words)).doesNotThrowAnyException();
        }))
        .toList();
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(lines()).hasSizeGreaterThan(10);
  }
}
