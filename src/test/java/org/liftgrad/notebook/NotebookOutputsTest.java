package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the committed notebooks show: every cell's outputs are there, light, without script and without a fault. */
class NotebookOutputsTest {

  private static final int WIDEST = 110;
  private static final Path FOLDER = Path.of(System.getProperty("liftgrad.home", "."), "notebooks");

  @TestFactory
  List<DynamicTest> everyNotebook() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted()
          .map(file -> dynamicTest(file.getFileName().toString(), file.toUri(), () -> looksAsItShould(file))).toList();
    }
  }

  private static void looksAsItShould(Path file) throws IOException {
    int number = 0;
    for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).get("cells")) {
      number++;
      String where = "cell " + number;
      if (cell.get("cell_type").asText().equals("code")) {
        assertThat(joined(cell.get("source")).lines()).as("lines of " + where + ", which a page shows without scrolling")
            .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(WIDEST));
      }
      for (JsonNode output : cell.path("outputs")) {
        assertThat(output.get("output_type").asText()).as(where).isNotEqualTo("error");
        assertThat(bytes(output)).as("weight of " + where).isLessThan(Display.MOST_BYTES);
        String html = joined(output.path("data").path("text/html"));
        assertThat(html).as(where).doesNotContainIgnoringCase("<script").doesNotContain("src=\"http").doesNotContain("url(http");
        assertThat(joined(output.path("data").path("text/plain"))).as(where).doesNotContain("could not be shown");
      }
    }
  }

  private static long bytes(JsonNode output) {
    long bytes = 0;
    for (JsonNode form : output.path("data")) {
      bytes += (form.isObject() ? form.toString() : joined(form)).getBytes(StandardCharsets.UTF_8).length;
    }
    return bytes + joined(output.path("text")).getBytes(StandardCharsets.UTF_8).length;
  }

  private static String joined(JsonNode text) {
    if (!text.isArray()) {
      return text.asText("");
    }
    StringBuilder whole = new StringBuilder();
    text.forEach(line -> whole.append(line.asText()));
    return whole.toString();
  }
}
