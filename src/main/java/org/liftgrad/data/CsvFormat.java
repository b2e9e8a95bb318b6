package org.liftgrad.data;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;

/** Comma-separated numbers, no header line, a line a row. */
final class CsvFormat {

  private CsvFormat() {}

  /** Reads a whole file; its name is for the refusals. */
  static DMatrixRMaj read(Path file, byte[] content) {
    double[] numbers = new double[Math.max(16, content.length / 16)];
    int count = 0;
    int columns = -1;
    int rows = 0;
    int at = startOf(content);
    while (at < content.length) {
      int end = at;
      while (end < content.length && content[end] != '\n') {
        end++;
      }
      int last = end > at && content[end - 1] == '\r' ? end - 1 : end;
      int column = 0;
      int from = at;
      while (from <= last) {
        int comma = from;
        while (comma < last && content[comma] != ',') {
          comma++;
        }
        column++;
        if (count == numbers.length) {
          numbers = Arrays.copyOf(numbers, 2 * count);
        }
        numbers[count++] = number(file, content, from, comma, rows + 1, column);
        from = comma + 1;
      }
      if (columns >= 0 && column != columns) {
        throw Argument.refused(
            "the number of columns in line " + (rows + 1) + " of " + file, column, columns + ", as in line 1");
      }
      columns = column;
      rows++;
      at = end + 1;
    }
    Argument.require(rows >= 1, "the file " + file, "empty", "a matrix of at least one number");
    return DMatrixRMaj.wrap(rows, columns, Arrays.copyOf(numbers, count));
  }

  /** Spreadsheets put a byte order mark before UTF-8. */
  private static int startOf(byte[] content) {
    boolean marked =
        content.length >= 3 && content[0] == (byte) 0xEF && content[1] == (byte) 0xBB && content[2] == (byte) 0xBF;
    return marked ? 3 : 0;
  }

  private static double number(Path file, byte[] content, int from, int to, int line, int column) {
    String text = new String(content, from, Math.min(to - from, 400), StandardCharsets.ISO_8859_1).strip();
    // Java would also read hexadecimal numbers and the suffixes of its own literals.
    boolean plain = to - from <= 400 && !text.isEmpty();
    for (int i = 0; i < text.length(); i++) {
      plain &= "0123456789+-.eE".indexOf(text.charAt(i)) >= 0;
    }
    double value = Double.NaN;
    if (plain) {
      try {
        value = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        value = Double.NaN;
      }
    }
    if (!Double.isFinite(value)) {
      String expected =
          "a finite number in a comma-separated file without a header line" + (line == 1 ? "" : " or empty lines");
      throw Argument.refused("line " + line + ", column " + column + " of " + file, shown(text), expected);
    }
    return value;
  }

  /** The text in quotes, short and without control characters. */
  static String shown(String text) {
    String safe = text.replaceAll("[^\\x20-\\x7E]", "?");
    return "'" + (safe.length() > 40 ? safe.substring(0, 40) + "…" : safe) + "'";
  }
}
