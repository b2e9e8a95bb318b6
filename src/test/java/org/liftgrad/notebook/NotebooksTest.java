package org.liftgrad.notebook;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/**
 * Every code cell of every notebook runs, in this JVM and without Python: a failure names the notebook and the cell.
 * Long, because a check runs in the notebook that shows it; {@code environment/reproduce} runs the notebooks anyway.
 */
@Tag("long")
class NotebooksTest {
  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", "."));
  private static final Front BEFORE = Front.current();

  @AfterAll
  static void putTheFrontBack() {
    Front.use(BEFORE);
  }

  @TestFactory
  Stream<DynamicContainer> everyNotebook() throws IOException {
    Path folder = HOME.resolve("notebooks");
    if (!Files.isDirectory(folder)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".ipynb")).sorted().map(NotebooksTest::cells).toList()
          .stream();
    }
  }

  private static DynamicContainer cells(Path notebook) {
    String name = notebook.getFileName().toString();
    List<DynamicTest> tests = new ArrayList<>();
    NotebookKernel[] kernel = new NotebookKernel[1]; // made by the first cell that runs, not while listing
    AtomicBoolean stopped = new AtomicBoolean();
    for (NotebookFile.Cell cell : NotebookFile.codeCells(notebook)) {
      tests.add(dynamicTest("cell " + cell.number(), notebook.toUri(), () -> {
        assumeTrue(!stopped.get(), "an earlier cell failed");
        if (kernel[0] == null) {
          kernel[0] = new NotebookKernel(Displays.standard());
          kernel[0].install();
        }
        try {
          kernel[0].eval(cell.source());
        } catch (Exception e) {
          stopped.set(true);
          fail(name + ", cell " + cell.number() + ":\n" + String.join("\n", kernel[0].formatError(e)), e);
        }
      }));
    }
    return dynamicContainer(name, tests);
  }

  /** Reads a notebook's code cells, numbered among all its cells as a reader counts them. */
  static final class NotebookFile {
    record Cell(int number, String source) {}

    private NotebookFile() {}

    static List<Cell> codeCells(Path file) {
      try {
        List<Cell> cells = new ArrayList<>();
        int number = 0;
        for (JsonNode cell : new ObjectMapper().readTree(file.toFile()).get("cells")) {
          number++;
          StringBuilder source = new StringBuilder();
          if (cell.get("source").isArray()) {
            cell.get("source").forEach(line -> source.append(line.asText()));
          } else {
            source.append(cell.get("source").asText());
          }
          if (cell.get("cell_type").asText().equals("code") && !source.toString().isBlank()) {
            cells.add(new Cell(number, source.toString()));
          }
        }
        return cells;
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(file + " cannot be read", e);
      }
    }
  }
}
