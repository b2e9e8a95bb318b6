package org.liftgrad.sweep;

import java.util.List;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;

/**
 * Exponents of a figure along an axis.
 *
 * @param figure whose medians are fitted
 * @param axis along what
 * @param others the other axes
 * @param slopes one for each combination of their values
 */
public record Slopes(String figure, String axis, List<Column> others, List<Slope> slopes) implements Tabular {

  /**
   * One exponent.
   *
   * @param cell the values of the other axes
   * @param value d log(median) / d log(axis), by least squares
   * @param interval its bootstrap interval
   */
  public record Slope(List<Object> cell, double value, Interval interval) {
    /** Copies the list. */
    public Slope {
      cell = List.copyOf(cell);
    }
  }

  /** Copies the lists. */
  public Slopes {
    others = List.copyOf(others);
    slopes = List.copyOf(slopes);
  }

  /** A row for each combination: the other axes, slope, lower and upper end of its interval. */
  @Override
  public Table table() {
    Table table =
        Results.cellTable("log " + figure + " against log " + axis, others, slopes.stream().map(Slope::cell).toList());
    return table.addColumns(
        DoubleColumn.create("slope", slopes.stream().mapToDouble(Slope::value).toArray()),
        DoubleColumn.create("lower", slopes.stream().mapToDouble(each -> each.interval.lower()).toArray()),
        DoubleColumn.create("upper", slopes.stream().mapToDouble(each -> each.interval.upper()).toArray()));
  }

  /** A line each. */
  @Override
  public String toString() {
    return table().print();
  }
}
