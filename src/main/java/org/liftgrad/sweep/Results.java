package org.liftgrad.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.Summary;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.BooleanColumn;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The runs of a ledger that were done, as a table with a row each: the axes of the plan, the replicate, the recorded
 * figures. Parameters of one value only are left out; failed runs are counted ({@link #failed}) and left out too.
 *
 * <pre>{@code
 * Results results = ledger.results();
 * results.success("converged");                           // a row a cell: share and exact interval
 * results.success("converged").threshold("neurons", 0.95) // where the share crosses 95 %
 * results.slope("time", "points")                         // d log(median time) / d log(points), with its interval
 * results.where("points", 20).table()
 * }</pre>
 *
 * <p>Immutable.
 */
public final class Results implements Tabular {

  private static final double LEVEL = 0.95;

  private final Table table;
  private final List<Column> axes;
  private final long failed;

  private Results(Table table, List<Column> axes, long failed) {
    this.table = table;
    this.axes = axes;
    this.failed = failed;
  }

  static Results of(LedgerFile file) {
    LedgerFile.Section section = Ledger.section(file);
    Plan plan = Ledger.plan(file);
    List<Column> axes = plan.axes().stream().map(name -> plan.experiment().parameter(name).column()).toList();
    List<Column> columns = new ArrayList<>(axes);
    columns.addAll(section.figures());
    List<String> names = new ArrayList<>(columns.stream().map(Column::name).toList());
    names.add(axes.size(), "replicate");
    List<tech.tablesaw.columns.Column<?>> filled = new ArrayList<>(columns.stream().map(column -> empty(column)).toList());
    filled.add(axes.size(), LongColumn.create("replicate"));
    file.forEach(
        section, names, false,
        row -> {
          int place = 1;
          for (tech.tablesaw.columns.Column<?> column : filled) {
            Type type = place == axes.size() + 1 ? Type.WHOLE : columns.get(place <= axes.size() ? place - 1 : place - 2).type();
            append(column, LedgerFile.value(row, place++, type));
          }
        });
    Table table = Table.create(plan.experiment().name(), filled);
    return new Results(table, axes, file.count(section).failed());
  }

  private static tech.tablesaw.columns.Column<?> empty(Column column) {
    return switch (column.type()) {
      case WHOLE -> LongColumn.create(column.name());
      case NUMBER -> DoubleColumn.create(column.name());
      case TEXT -> StringColumn.create(column.name());
      case YES_OR_NO -> BooleanColumn.create(column.name());
    };
  }

  private static void append(tech.tablesaw.columns.Column<?> column, Object value) {
    if (column instanceof LongColumn wholes) {
      wholes.append((Long) value);
    } else if (column instanceof DoubleColumn numbers) {
      numbers.append((Double) value);
    } else if (column instanceof BooleanColumn answers) {
      answers.append((Boolean) value);
    } else {
      ((StringColumn) column).append((String) value);
    }
  }

  /** A column of some values, all of one type. */
  static tech.tablesaw.columns.Column<?> column(Column column, List<?> values) {
    tech.tablesaw.columns.Column<?> filled = empty(column);
    values.forEach(value -> append(filled, value));
    return filled;
  }

  /** The table; a copy. */
  @Override
  public Table table() {
    return table.copy();
  }

  /** The parameters that have several values, in the experiment's order. */
  public List<String> axes() {
    return axes.stream().map(Column::name).toList();
  }

  /** How many rows there are. */
  public int rows() {
    return table.rowCount();
  }

  /** How many runs of the ledger failed; they are in no figure. */
  public long failed() {
    return failed;
  }

  /** Only the runs that have this value of an axis, which is an axis no longer. */
  public Results where(String axis, Object value) {
    Column column = axis(axis);
    Object wanted =
        column.type().form(value)
            .orElseThrow(() -> Argument.refused("the value of axis “" + axis + "”", value, column.type().words()));
    List<Integer> rows = new ArrayList<>();
    for (int row = 0; row < table.rowCount(); row++) {
      if (table.column(axis).get(row).equals(wanted)) {
        rows.add(row);
      }
    }
    Argument.require(!rows.isEmpty(), "axis “" + axis + "”", wanted, "one of " + table.column(axis).unique().asList());
    Table some = table.rows(rows.stream().mapToInt(Integer::intValue).toArray());
    some.removeColumns(axis);
    return new Results(some, axes.stream().filter(each -> !each.equals(column)).toList(), failed);
  }

  /** How often a yes-or-no figure is yes, a row a cell, with exact 95 % intervals. */
  public Success success(String figure) {
    return success(figure, LEVEL);
  }

  /**
   * How often a yes-or-no figure is yes, a row a cell.
   *
   * @param level of the exact intervals (Clopper and Pearson), strictly between 0 and 1
   */
  public Success success(String figure, double level) {
    Argument.probability("level", level);
    Argument.require(
        figure(figure) instanceof BooleanColumn, "figure “" + figure + "”", "of type " + figure(figure).type(), "a yes or a no");
    BooleanColumn answers = (BooleanColumn) figure(figure);
    List<Success.Share> shares = new ArrayList<>();
    cells(axes).forEach(
        (cell, rows) -> {
          int yes = 0;
          for (int row : rows) {
            yes += answers.get(row) ? 1 : 0;
          }
          shares.add(new Success.Share(cell, new Proportion(yes, rows.size())));
        });
    return new Success(figure, axes, shares, level);
  }

  /** The median of a figure and its quartiles, a row a cell: axes, runs, median, lower and upper quartile, mean. */
  public Table summary(String figure) {
    double[] values = numbers(figure);
    List<List<Object>> cells = new ArrayList<>();
    List<Summary> summaries = new ArrayList<>();
    cells(axes).forEach(
        (cell, rows) -> {
          cells.add(cell);
          summaries.add(Summary.of(picked(values, rows)));
        });
    Table summary = cellTable(figure, axes, cells);
    return summary.addColumns(
        LongColumn.create("runs", summaries.stream().mapToLong(Summary::count).toArray()),
        DoubleColumn.create("median", summaries.stream().mapToDouble(Summary::median).toArray()),
        DoubleColumn.create("lower quartile", summaries.stream().mapToDouble(Summary::lowerQuartile).toArray()),
        DoubleColumn.create("upper quartile", summaries.stream().mapToDouble(Summary::upperQuartile).toArray()),
        DoubleColumn.create("mean", summaries.stream().mapToDouble(Summary::mean).toArray()));
  }

  /**
   * The exponent of a figure over an axis, for each combination of the other axes: the slope of log median against log
   * axis, with its 95 % bootstrap interval over the runs of each value.
   *
   * @param figure a figure above 0
   * @param axis an axis of numbers above 0
   */
  public Slopes slope(String figure, String axis) {
    Column along = numeric(axis);
    double[] values = numbers(figure);
    List<Column> others = axes.stream().filter(each -> !each.equals(along)).toList();
    List<Slopes.Slope> slopes = new ArrayList<>();
    Map<List<Object>, Map<Double, double[]>> groups = new LinkedHashMap<>();
    cells(axes).forEach(
        (cell, rows) -> {
          List<Object> other = new ArrayList<>(cell);
          Object at = other.remove(axes.indexOf(along));
          groups.computeIfAbsent(other, key -> new LinkedHashMap<>()).put(((Number) at).doubleValue(), picked(values, rows));
        });
    groups.forEach(
        (other, sizes) -> {
          Argument.require(sizes.size() >= 2, "the number of values of axis “" + axis + "”", sizes.size(), "at least 2");
          double[] x = sizes.keySet().stream().mapToDouble(Double::doubleValue).toArray();
          double[][] runs = sizes.values().toArray(double[][]::new);
          double[] medians = new double[x.length];
          for (int k = 0; k < x.length; k++) {
            medians[k] = Summary.median(runs[k]);
          }
          Interval interval = Bootstrap.seed(1).logLogSlope(x, runs, Summary::median, LEVEL);
          slopes.add(new Slopes.Slope(other, Line.logLog(x, medians).slope(), interval));
        });
    return new Slopes(figure, axis, others, slopes);
  }

  private static double[] picked(double[] values, List<Integer> rows) {
    return rows.stream().mapToDouble(row -> values[row]).toArray();
  }

  /** The rows of each combination of values, in the order of the plan. */
  private Map<List<Object>, List<Integer>> cells(List<Column> by) {
    Argument.require(table.rowCount() > 0, "the number of runs that were done", 0, "at least 1");
    Map<List<Object>, List<Integer>> cells = new LinkedHashMap<>();
    for (int row = 0; row < table.rowCount(); row++) {
      List<Object> cell = new ArrayList<>(by.size());
      for (Column column : by) {
        cell.add(table.column(column.name()).get(row));
      }
      cells.computeIfAbsent(cell, key -> new ArrayList<>()).add(row);
    }
    return cells;
  }

  /** A table that begins with the values of some axes, a row a cell. */
  static Table cellTable(String name, List<Column> axes, List<List<Object>> cells) {
    Table table = Table.create(name);
    for (int k = 0; k < axes.size(); k++) {
      int axis = k;
      table.addColumns(column(axes.get(k), cells.stream().map(cell -> cell.get(axis)).toList()));
    }
    return table;
  }

  private Column axis(String name) {
    return axes.stream().filter(each -> each.name().equals(name)).findFirst()
        .orElseThrow(() -> Argument.refused("axis", "“" + name + "”", "one of " + String.join(", ", axes())));
  }

  private Column numeric(String name) {
    Column axis = axis(name);
    Argument.require(axis.isNumeric(), "axis “" + name + "”", "of type " + axis.type(), "one of numbers");
    return axis;
  }

  private tech.tablesaw.columns.Column<?> figure(String name) {
    Argument.require(
        table.columnNames().contains(name), "figure", "“" + name + "”", "one of " + String.join(", ", table.columnNames()));
    return table.column(name);
  }

  private double[] numbers(String figure) {
    tech.tablesaw.columns.Column<?> column = figure(figure);
    Argument.require(
        column instanceof LongColumn || column instanceof DoubleColumn, "figure “" + figure + "”", "of type " + column.type(),
        "one of numbers");
    return table.numberColumn(figure).asDoubleArray();
  }

  /** How many runs, and over which axes. */
  @Override
  public String toString() {
    return Numbers.counted(table.rowCount(), "run") + " of " + table.name() + (axes.isEmpty() ? "" : " over " + String.join(", ", axes()));
  }
}
