package org.liftgrad.sweep;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.liftgrad.kernel.WholeFile;
import org.liftgrad.statistics.Numbers;

/**
 * The finished cells of one section of {@link KeptRuns}, as a small file that can be kept under version control: a
 * compressed line a cell, with the figures of its runs in the order of their replicates. The same rows give the same
 * bytes.
 *
 * <pre>{@code
 * for (FinishedCells cells : FinishedCells.of(ledger)) {
 *   cells.write(folder.resolve(cells.fileName()));
 * }
 * }</pre>
 */
public final class FinishedCells {

  private static final String FORMAT = "liftgrad cells 1";
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .streamWriteConstraints(StreamWriteConstraints.defaults())
          .build();

  private final String name;
  private final String plan;
  private final List<Column> figures;
  private final Map<String, List<Row>> cells;

  private FinishedCells(String name, String plan, List<Column> figures, Map<String, List<Row>> cells) {
    this.name = name;
    this.plan = plan;
    this.figures = figures;
    this.cells = Collections.unmodifiableMap(cells);
  }

  /**
   * Those of every section of a ledger, which may be in use. A cell is finished when it has as many runs as the cell of
   * its section that has most.
   *
   * @throws IllegalArgumentException where it cannot be read
   */
  public static List<FinishedCells> of(Path ledger) {
    try (LedgerFile file = LedgerFile.toRead(LedgerFile.real(ledger), LedgerFile.shown(ledger))) {
      return file.sections().stream().map(section -> of(file, section)).toList();
    }
  }

  private static FinishedCells of(LedgerFile file, LedgerFile.Section section) {
    Map<String, List<Row>> runs = new LinkedHashMap<>();
    KeptRuns.forEach(
        file, section,
        (cell, replicate, row) -> {
          List<Row> known = runs.computeIfAbsent(cell, key -> new ArrayList<>());
          // Rows come in the order of their replicates; from a gap on the cell is not finished.
          if (known.size() == replicate) {
            known.add(row);
          }
        });
    int whole = runs.values().stream().mapToInt(List::size).max().orElse(0);
    runs.values().removeIf(rows -> rows.size() < whole);
    runs.replaceAll((cell, rows) -> Collections.unmodifiableList(rows));
    return new FinishedCells(section.name(), section.plan(), section.figures(), runs);
  }

  /** The section's name, such as {@code shallow/T1a, paper}. */
  public String name() {
    return name;
  }

  /** All that the rows depend on beside cell and replicate. */
  public String plan() {
    return plan;
  }

  /** How many cells are finished. */
  public int count() {
    return cells.size();
  }

  /** The rows of a cell in the order of their replicates; none where it is not finished. */
  public List<Row> rows(String cell) {
    return cells.getOrDefault(cell, List.of());
  }

  /** A name for the file: {@code shallow-T1a-paper.cells} for the section {@code shallow/T1a, paper}. */
  public String fileName() {
    return fileName(name);
  }

  /** The name of the file of a section. */
  public static String fileName(String section) {
    return section.replaceAll("[^A-Za-z0-9]+", "-") + ".cells";
  }

  /**
   * Writes the file, beside its place and then renamed.
   *
   * @throws IllegalArgumentException if its folder does not exist
   */
  public void write(Path file) {
    WholeFile.write(file, this::write);
  }

  private void write(OutputStream file) throws IOException {
    try (GZIPOutputStream out = new GZIPOutputStream(file)) {
      line(
          out,
          json -> {
            json.writeStartObject();
            json.writeStringField("format", FORMAT);
            json.writeStringField("name", name);
            json.writeStringField("plan", plan);
            json.writeArrayFieldStart("figures");
            for (Column figure : figures) {
              json.writeStartArray();
              json.writeString(figure.name());
              json.writeString(figure.type().toString());
              json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
          });
      for (Map.Entry<String, List<Row>> cell : cells.entrySet()) {
        line(
            out,
            json -> {
              json.writeStartArray();
              json.writeString(cell.getKey());
              for (Row row : cell.getValue()) {
                for (Column figure : figures) {
                  write(json, row.value(figure));
                }
              }
              json.writeEndArray();
            });
      }
    }
  }

  private interface Line {
    void write(JsonGenerator json) throws IOException;
  }

  private static void line(OutputStream out, Line content) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      content.write(json);
    }
    text.write('\n');
    out.write(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Long whole) {
      json.writeNumber(whole);
    } else if (value instanceof Double number) {
      json.writeNumber(number);
    } else if (value instanceof Boolean answer) {
      json.writeBoolean(answer);
    } else {
      json.writeString(value.toString());
    }
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param in closed at the end
   * @param shown how a refusal calls it, such as {@code the file x.cells}
   * @throws IllegalArgumentException where it is something else, or damaged
   */
  public static FinishedCells read(InputStream in, String shown) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8))) {
      return read(lines);
    } catch (IOException | UncheckedIOException | ClassCastException | IndexOutOfBoundsException damaged) {
      throw new IllegalArgumentException(shown + " is no file of finished cells, or is damaged; it must be as it was written.", damaged);
    }
  }

  private static FinishedCells read(BufferedReader lines) throws IOException {
    Header header = header(lines.readLine());
    Map<String, List<Row>> cells = new LinkedHashMap<>();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      List<Object> values = values(line);
      List<Row> rows = new ArrayList<>();
      for (int at = 1; at < values.size(); ) {
        List<Object> of = new ArrayList<>();
        for (Column figure : header.figures) {
          of.add(figure.type().form(values.get(at++)).orElseThrow(IndexOutOfBoundsException::new));
        }
        rows.add(Row.of(header.figures, of));
      }
      cells.put((String) values.get(0), Collections.unmodifiableList(rows));
    }
    return new FinishedCells(header.name, header.plan, header.figures, cells);
  }

  private record Header(String name, String plan, List<Column> figures) {}

  private static Header header(String line) throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    List<Column> figures = new ArrayList<>();
    try (JsonParser json = JSON.createParser(line == null ? "" : line)) {
      require(json.nextToken() == JsonToken.START_OBJECT);
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        if (json.nextToken() == JsonToken.VALUE_STRING) {
          facts.put(field, json.getText());
          continue;
        }
        while (json.nextToken() == JsonToken.START_ARRAY) {
          String figure = json.nextTextValue();
          figures.add(new Column(figure, Type.named(json.nextTextValue()).orElseThrow(IndexOutOfBoundsException::new)));
          json.nextToken();
        }
      }
    }
    require(FORMAT.equals(facts.get("format")) && facts.containsKey("name") && facts.containsKey("plan") && !figures.isEmpty());
    return new Header(facts.get("name"), facts.get("plan"), List.copyOf(figures));
  }

  private static void require(boolean met) {
    if (!met) {
      throw new IndexOutOfBoundsException();
    }
  }

  private static List<Object> values(String line) throws IOException {
    List<Object> values = new ArrayList<>();
    try (JsonParser json = JSON.createParser(line)) {
      require(json.nextToken() == JsonToken.START_ARRAY);
      for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken()) {
        values.add(
            switch (token) {
              case VALUE_NUMBER_INT -> json.getLongValue();
              case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
              case VALUE_TRUE -> true;
              case VALUE_FALSE -> false;
              case VALUE_STRING -> json.getText();
              default -> throw new IndexOutOfBoundsException();
            });
      }
    }
    return values;
  }

  /** Whose cells, and how many. */
  @Override
  public String toString() {
    return name + ": " + Numbers.counted(cells.size(), "finished cell");
  }
}
