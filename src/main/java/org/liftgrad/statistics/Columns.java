package org.liftgrad.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.Column;

/**
 * Tables from named columns, and columns from tables. A unit stands in brackets at the end of a
 * column's name, as in {@code time [1/μ]}; a lookup may leave it out.
 *
 * <pre>{@code
 * Table table = Columns.named("time", time).and("loss", loss).table("trajectory");
 * double[] values = Columns.values(table, "loss");
 * }</pre>
 *
 * <p>Immutable: {@code and} returns a new value.
 */
public final class Columns {

  private final List<Column<?>> columns;

  private Columns(List<Column<?>> columns) {
    this.columns = columns;
  }

  /** Starts with a column of numbers, which are copied. */
  public static Columns named(String name, double... values) {
    return new Columns(List.of()).and(name, values);
  }

  /** Starts with a column of whole numbers, which are copied. */
  public static Columns named(String name, int[] values) {
    return new Columns(List.of()).and(name, values);
  }

  /** Starts with a column of texts, which are copied. */
  public static Columns named(String name, String... values) {
    return new Columns(List.of()).and(name, values);
  }

  /**
   * Adds a column of numbers, which are copied.
   *
   * @throws IllegalArgumentException for a name already taken, or another number of rows
   */
  public Columns and(String name, double... values) {
    return with(DoubleColumn.create(name, values.clone()));
  }

  /**
   * Adds a column of whole numbers, which are copied.
   *
   * @throws IllegalArgumentException for a name already taken, or another number of rows
   */
  public Columns and(String name, int[] values) {
    return with(IntColumn.create(name, values.clone()));
  }

  /**
   * Adds a column of texts, which are copied.
   *
   * @throws IllegalArgumentException for a name already taken, or another number of rows
   */
  public Columns and(String name, String... values) {
    return with(StringColumn.create(name, values.clone()));
  }

  /** The table of these columns. */
  public Table table(String name) {
    Table table = Table.create(name);
    for (Column<?> column : columns) {
      table.addColumns(column.copy());
    }
    return table;
  }

  /**
   * The full name of a column: the name itself, or the one column of that name and a unit.
   *
   * @throws IllegalArgumentException for a name that no column or more than one column answers to
   */
  public static String find(Table table, String name) {
    List<String> names = table.columnNames();
    if (names.contains(name)) {
      return name;
    }
    List<String> withUnit = names.stream().filter(each -> each.startsWith(name + " [")).toList();
    Argument.require(
        withUnit.size() == 1, "column", "“" + name + "”", "one of " + String.join(", ", names));
    return withUnit.get(0);
  }

  /** Whether a column holds numbers. */
  public static boolean isNumeric(Table table, String name) {
    return table.column(find(table, name)) instanceof tech.tablesaw.api.NumericColumn<?>;
  }

  /**
   * The numbers of a column, copied; NaN where the table has none.
   *
   * @throws IllegalArgumentException for an unknown column or one that does not hold numbers
   */
  public static double[] values(Table table, String name) {
    String found = find(table, name);
    Argument.require(
        isNumeric(table, found), "column", "“" + found + "” of " + table.column(found).type(),
        "a column of numbers");
    return table.numberColumn(found).asDoubleArray();
  }

  private Columns with(Column<?> column) {
    for (Column<?> each : columns) {
      Argument.require(
          !each.name().equalsIgnoreCase(column.name()), "column", "“" + column.name() + "”",
          "a name not taken before (upper and lower case are the same)");
      Argument.require(
          each.size() == column.size(), "the length of column “" + column.name() + "”", column.size(),
          "that of the others = " + each.size());
    }
    List<Column<?>> more = new ArrayList<>(columns);
    more.add(column);
    return new Columns(List.copyOf(more));
  }

  /** The names of the columns. */
  @Override
  public String toString() {
    return "columns " + columns.stream().map(Column::name).collect(Collectors.joining(", ")) + "; table(name) makes a table";
  }
}
