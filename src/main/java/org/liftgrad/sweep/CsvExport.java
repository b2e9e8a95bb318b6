package org.liftgrad.sweep;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;

/** A section as comma-separated values (RFC 4180, with line feeds): a header line and a line a run. */
final class CsvExport {

  private CsvExport() {}

  /** The columns of an export: keys, replicate, figures, failure. */
  static List<String> names(LedgerFile.Section section) {
    List<String> names = new ArrayList<>(section.keys().stream().map(Column::name).toList());
    names.add("replicate");
    names.addAll(section.figures().stream().map(Column::name).toList());
    names.add("failure");
    return names;
  }

  /** Writes a file beside, and puts it in place when it is whole. */
  static long write(LedgerFile ledger, LedgerFile.Section section, Path file) {
    return inPlace(
        file,
        beside -> {
          long[] rows = {0};
          try (BufferedWriter out = Files.newBufferedWriter(beside, StandardCharsets.UTF_8)) {
            List<String> names = names(section);
            out.write(names.stream().map(CsvExport::quoted).collect(Collectors.joining(",")));
            out.write('\n');
            StringBuilder line = new StringBuilder();
            ledger.forEach(
                section, names, true,
                row -> {
                  rows[0]++;
                  line(row, section, line);
                  append(out, line);
                });
          }
          return rows[0];
        });
  }

  private static void append(BufferedWriter out, StringBuilder line) {
    try {
      out.append(line);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    line.setLength(0);
  }

  private static void line(ResultSet row, LedgerFile.Section section, StringBuilder line) throws SQLException {
    int place = 1;
    for (Column key : section.keys()) {
      append(line, LedgerFile.value(row, place++, key.type()));
      line.append(',');
    }
    line.append(row.getLong(place++)).append(',');
    String failure = row.getString(place + section.figures().size());
    for (Column figure : section.figures()) {
      if (failure == null) {
        append(line, LedgerFile.value(row, place, figure.type()));
      }
      place++;
      line.append(',');
    }
    line.append(failure == null ? "" : quoted(failure)).append('\n');
  }

  private static void append(StringBuilder line, Object value) {
    if (value instanceof Double number) {
      // The shortest digits that read back as the same number, as JDKs from 19 on have them and older ones have not.
      line.append(NumberOutput.toString(number, true));
    } else if (value instanceof String text) {
      line.append(quoted(text));
    } else {
      line.append(value);
    }
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(letter -> letter == ',' || letter == '"' || letter == '\n' || letter == '\r');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** Writes to the path that it is given and returns how many rows that were. */
  interface Content {
    long write(Path beside) throws IOException;
  }

  /** A file that is whole or not there; one of an earlier export stays until then. */
  static long inPlace(Path file, Content content) {
    Path whole = file.toAbsolutePath();
    if (Files.isDirectory(whole)) {
      throw new IllegalArgumentException("the export " + file + " is a folder; it must be a file, new or old.");
    }
    Path beside = whole.resolveSibling("." + whole.getFileName() + "-" + UUID.randomUUID() + ".part");
    try {
      try {
        long rows = content.write(beside);
        Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return rows;
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException | UncheckedIOException e) {
      Throwable cause = e instanceof UncheckedIOException wrapped ? wrapped.getCause() : e;
      throw new IllegalArgumentException(
          "the export " + file + " cannot be written (" + cause.getClass().getSimpleName() + "); its folder must be a writable one.", e);
    }
  }
}
