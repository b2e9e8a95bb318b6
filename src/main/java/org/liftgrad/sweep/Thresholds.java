package org.liftgrad.sweep;

import java.util.List;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Logistic;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Where a share crosses a probability along an axis.
 *
 * @param figure what succeeded or not
 * @param axis along what
 * @param probability which is crossed
 * @param others the other axes
 * @param thresholds one for each combination of their values
 */
public record Thresholds(String figure, String axis, double probability, List<Column> others, List<Threshold> thresholds)
    implements Tabular {

  /**
   * One crossing.
   *
   * @param cell the values of the other axes
   * @param value where it is; empty where every run succeeded or every run failed
   * @param interval its likelihood-ratio interval; an end is infinite where the runs do not bound it
   * @param remark how it was found
   */
  public record Threshold(List<Object> cell, Optional<Double> value, Optional<Interval> interval, String remark) {

    /** Copies the list. */
    public Threshold {
      cell = List.copyOf(cell);
    }

    static Threshold of(
        List<Object> cell, double[] x, List<Proportion> runs, double probability, double level, boolean logarithm) {
      long good = runs.stream().mapToLong(Proportion::successes).sum();
      long all = runs.stream().mapToLong(Proportion::trials).sum();
      if (good == 0 || good == all || x.length < 2) {
        String remark = x.length < 2 ? "one value only" : good == 0 ? "none succeeded" : "all succeeded";
        return new Threshold(cell, Optional.empty(), Optional.empty(), remark);
      }
      double[] at = x.clone();
      for (int k = 0; k < x.length && logarithm; k++) {
        at[k] = StrictMath.log(Argument.positive("a value of the axis", x[k]));
      }
      Logistic curve = Logistic.fit(at, runs);
      double value = curve.threshold(probability);
      Interval interval = curve.thresholdInterval(probability, level);
      return new Threshold(
          cell,
          Optional.of(logarithm ? StrictMath.exp(value) : value),
          Optional.of(
              logarithm
                  ? new Interval(StrictMath.exp(interval.lower()), StrictMath.exp(interval.upper()), level)
                  : interval),
          curve.separated() ? "a jump between two values" : "logistic curve" + (logarithm ? " in the logarithm" : ""));
    }
  }

  /** Copies the lists. */
  public Thresholds {
    others = List.copyOf(others);
    thresholds = List.copyOf(thresholds);
  }

  /** A row for each combination: the other axes, threshold, lower and upper end of its interval, remark. */
  @Override
  public Table table() {
    Table table =
        Results.cellTable(
            figure + " with probability " + probability + ", along " + axis, others,
            thresholds.stream().map(Threshold::cell).toList());
    return table.addColumns(
        DoubleColumn.create(axis, thresholds.stream().mapToDouble(each -> each.value.orElse(Double.NaN)).toArray()),
        DoubleColumn.create("lower", thresholds.stream().mapToDouble(each -> each.interval.map(Interval::lower).orElse(Double.NaN)).toArray()),
        DoubleColumn.create("upper", thresholds.stream().mapToDouble(each -> each.interval.map(Interval::upper).orElse(Double.NaN)).toArray()),
        StringColumn.create("remark", thresholds.stream().map(Threshold::remark)));
  }

  /** What is crossed where. */
  @Override
  public String toString() {
    return table().print();
  }
}
