package org.liftgrad.theorem;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Proportion;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * One run in the table of a check: named whole numbers, numbers, texts and yes-or-no answers in a
 * fixed order. Immutable; {@code and} returns another row.
 */
public final class Row {

  private final Map<String, Object> cells;

  private Row(Map<String, Object> cells) {
    this.cells = Collections.unmodifiableMap(cells);
  }

  /** A row without columns. */
  public static Row start() {
    return new Row(new LinkedHashMap<>());
  }

  /** Adds a whole number. */
  public Row and(String name, long value) {
    return with(name, value);
  }

  /** Adds a number; NaN and the infinities are allowed. */
  public Row and(String name, double value) {
    return with(name, value);
  }

  /** Adds a text. */
  public Row and(String name, String value) {
    return with(name, value);
  }

  /** Adds a yes or a no. */
  public Row and(String name, boolean value) {
    return with(name, value);
  }

  /** A number, whole or not. */
  public double number(String name) {
    return ((Number) cell(name)).doubleValue();
  }

  /** A whole number. */
  public long whole(String name) {
    return (Long) cell(name);
  }

  /** A yes or a no. */
  public boolean yes(String name) {
    return (Boolean) cell(name);
  }

  /** A text. */
  public String text(String name) {
    return (String) cell(name);
  }

  private Object cell(String name) {
    Object value = cells.get(name);
    // The sentence is put together only where it is needed: a verdict asks millions of cells.
    if (value == null) {
      throw Argument.refused("column", name, "one of " + cells.keySet());
    }
    return value;
  }

  private Row with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(cells);
    more.put(name, value);
    return new Row(more);
  }

  /**
   * The share of rows that say yes.
   *
   * @param column of truth values
   */
  public static Proportion share(List<Row> rows, String column) {
    return new Proportion((int) rows.stream().filter(row -> row.yes(column)).count(), rows.size());
  }

  /**
   * The table of rows that have the same columns.
   *
   * @param name the table's name
   * @param rows at least one; all with the columns of the first, of the same types
   */
  public static Table table(String name, List<Row> rows) {
    Argument.require(!rows.isEmpty(), "the number of rows", 0, "at least 1");
    Table table = Table.create(name);
    rows.get(0).cells.forEach((column, first) -> table.addColumns(column(column, first, rows)));
    return table;
  }

  private static Column<?> column(String name, Object first, List<Row> rows) {
    if (first instanceof Long) {
      return LongColumn.create(name, rows.stream().mapToLong(row -> row.whole(name)).toArray());
    }
    if (first instanceof Double) {
      return DoubleColumn.create(name, rows.stream().mapToDouble(row -> row.number(name)).toArray());
    }
    if (first instanceof Boolean) {
      BooleanColumn column = BooleanColumn.create(name);
      rows.forEach(row -> column.append(row.yes(name)));
      return column;
    }
    return StringColumn.create(name, rows.stream().map(row -> row.text(name)));
  }

  /** The same for a ledger. */
  org.liftgrad.sweep.Row kept() {
    org.liftgrad.sweep.Row row = org.liftgrad.sweep.Row.start();
    for (Map.Entry<String, Object> cell : cells.entrySet()) {
      if (cell.getValue() instanceof Double number) {
        row = row.and(cell.getKey(), number);
      } else if (cell.getValue() instanceof Long whole) {
        row = row.and(cell.getKey(), whole);
      } else if (cell.getValue() instanceof Boolean answer) {
        row = row.and(cell.getKey(), answer);
      } else {
        row = row.and(cell.getKey(), cell.getValue().toString());
      }
    }
    return row;
  }

  /** A row from a ledger. */
  static Row of(org.liftgrad.sweep.Row kept) {
    Map<String, Object> cells = new LinkedHashMap<>();
    kept.names().forEach(name -> cells.put(name, kept.value(name)));
    return new Row(cells);
  }

  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Object> cell : cells.entrySet()) {
      json.writeFieldName(cell.getKey());
      if (cell.getValue() instanceof Double number) {
        Json.number(json, number);
      } else if (cell.getValue() instanceof Long whole) {
        json.writeNumber(whole);
      } else if (cell.getValue() instanceof Boolean answer) {
        json.writeBoolean(answer);
      } else {
        json.writeString(cell.getValue().toString());
      }
    }
    json.writeEndObject();
  }

  /** Names and values. */
  @Override
  public String toString() {
    return cells.toString();
  }
}
