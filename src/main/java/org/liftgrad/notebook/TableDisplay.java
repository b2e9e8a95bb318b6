package org.liftgrad.notebook;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.ejml.data.DMatrix;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/** Shows a table or a matrix: its shape and its first rows, figures right-aligned and at six digits. */
final class TableDisplay {
  private static final int ROWS = 20;
  private static final int COLUMNS = 8;
  private static final int DIGITS = 6;

  private TableDisplay() {}

  static Display of(Table table) {
    int shown = Math.min(ROWS, table.rowCount());
    List<List<String>> cells = new ArrayList<>();
    List<Boolean> right = new ArrayList<>();
    for (Column<?> column : table.columns()) {
      right.add(column instanceof NumericColumn);
      List<String> of = new ArrayList<>();
      of.add(column.name());
      for (int row = 0; row < shown; row++) {
        of.add(cell(column, row));
      }
      cells.add(of);
    }
    return shown(shape(table, shown), cells, right, shown);
  }

  /** A matrix: its shape and its first rows and columns, each under its index from 0. */
  static Display matrix(DMatrix matrix) {
    int rows = Math.min(ROWS, matrix.getNumRows());
    int columns = Math.min(COLUMNS, matrix.getNumCols());
    List<List<String>> cells = new ArrayList<>();
    List<String> indices = new ArrayList<>(List.of(""));
    for (int row = 0; row < rows; row++) {
      indices.add(Integer.toString(row));
    }
    cells.add(indices);
    for (int column = 0; column < columns; column++) {
      List<String> of = new ArrayList<>(List.of(Integer.toString(column)));
      for (int row = 0; row < rows; row++) {
        of.add(figure(matrix.get(row, column)));
      }
      cells.add(of);
    }
    List<String> cut = new ArrayList<>();
    if (rows < matrix.getNumRows()) {
      cut.add(rows + " rows");
    }
    if (columns < matrix.getNumCols()) {
      cut.add(columns + " columns");
    }
    String shape =
        "matrix, " + matrix.getNumRows() + " × " + matrix.getNumCols()
            + (cut.isEmpty() ? "" : ", first " + String.join(" and ", cut) + " shown");
    return shown(shape, cells, Collections.nCopies(cells.size(), true), rows);
  }

  private static Display shown(String shape, List<List<String>> cells, List<Boolean> right, int shown) {
    return Display.text(text(shape, cells, right, shown)).withHtml(html(shape, cells, right, shown));
  }

  /** Six significant digits, plain where that is short; the full figure is in the table itself. */
  static String figure(double value) {
    if (!Double.isFinite(value) || value == 0) {
      return Double.isNaN(value) ? "NaN" : value == 0 ? "0" : value > 0 ? "∞" : "-∞";
    }
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return Long.toString((long) value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN))
        .stripTrailingZeros();
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < 9) {
      return rounded.toPlainString();
    }
    BigDecimal mantissa = rounded.movePointLeft(exponent).stripTrailingZeros();
    return mantissa.toPlainString() + "e" + exponent;
  }

  private static String cell(Column<?> column, int row) {
    if (column.isMissing(row)) {
      return "";
    }
    Object value = column.get(row);
    return value instanceof Double || value instanceof Float
        ? figure(((Number) value).doubleValue())
        : String.valueOf(value);
  }

  private static String shape(Table table, int shown) {
    String name = table.name() == null || table.name().isBlank() ? "" : table.name() + ": ";
    String rows = table.rowCount() == 1 ? "1 row" : table.rowCount() + " rows";
    String columns = table.columnCount() == 1 ? "1 column" : table.columnCount() + " columns";
    return name + rows + ", " + columns + (shown < table.rowCount() ? ", first " + shown + " shown" : "");
  }

  private static String text(String shape, List<List<String>> cells, List<Boolean> right, int shown) {
    StringBuilder text = new StringBuilder(shape);
    for (int row = 0; row <= shown && !cells.isEmpty(); row++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < cells.size(); c++) {
        List<String> column = cells.get(c);
        int width = column.stream().mapToInt(String::length).max().orElse(0);
        String pad = " ".repeat(width - column.get(row).length());
        line.append(c == 0 ? "" : "  ").append(right.get(c) ? pad + column.get(row) : column.get(row) + pad);
      }
      text.append('\n').append(line.toString().stripTrailing());
    }
    return text.toString();
  }

  private static String html(String shape, List<List<String>> cells, List<Boolean> right, int shown) {
    // No colours: the page around it is light or dark.
    StringBuilder html = new StringBuilder("<table><caption style=\"text-align:left\">")
        .append(Displays.escape(shape)).append("</caption>\n");
    for (int row = 0; row <= shown && !cells.isEmpty(); row++) {
      String tag = row == 0 ? "th" : "td";
      html.append(row == 0 ? "<thead><tr>" : row == 1 ? "<tbody>\n<tr>" : "<tr>");
      for (int c = 0; c < cells.size(); c++) {
        html.append('<').append(tag).append(right.get(c) ? " style=\"text-align:right\">" : " style=\"text-align:left\">")
            .append(Displays.escape(cells.get(c).get(row))).append("</").append(tag).append('>');
      }
      html.append(row == 0 ? "</tr></thead>" : "</tr>\n");
    }
    return html.append(shown > 0 && !cells.isEmpty() ? "</tbody>" : "").append("</table>").toString();
  }
}
