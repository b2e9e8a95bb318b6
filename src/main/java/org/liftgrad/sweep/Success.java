package org.liftgrad.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Logistic;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;

/**
 * How often something succeeded, cell by cell.
 *
 * @param figure what was asked
 * @param axes what tells the cells apart
 * @param shares one a cell, in the order of the plan
 * @param level of the exact intervals
 */
public record Success(String figure, List<Column> axes, List<Share> shares, double level) implements Tabular {

  /**
   * One cell.
   *
   * @param cell its values of the axes
   * @param runs how many of its runs succeeded
   */
  public record Share(List<Object> cell, Proportion runs) {
    /** Copies the list. */
    public Share {
      cell = List.copyOf(cell);
    }
  }

  /** Copies the lists. */
  public Success {
    axes = List.copyOf(axes);
    shares = List.copyOf(shares);
  }

  /** A row a cell: the axes, runs, successes, share, and the lower and upper end of its exact interval. */
  @Override
  public Table table() {
    Table table = Results.cellTable(figure, axes, shares.stream().map(Share::cell).toList());
    return table.addColumns(
        LongColumn.create("runs", shares.stream().mapToLong(each -> each.runs.trials()).toArray()),
        LongColumn.create("successes", shares.stream().mapToLong(each -> each.runs.successes()).toArray()),
        DoubleColumn.create("share", shares.stream().mapToDouble(each -> each.runs.estimate()).toArray()),
        DoubleColumn.create("lower", shares.stream().mapToDouble(each -> each.runs.clopperPearson(level).lower()).toArray()),
        DoubleColumn.create("upper", shares.stream().mapToDouble(each -> each.runs.clopperPearson(level).upper()).toArray()));
  }

  /**
   * Where the share crosses a probability along an axis, by a logistic curve in the axis, for each combination of the
   * other axes.
   *
   * @param axis an axis of numbers
   * @param probability strictly between 0 and 1
   */
  public Thresholds threshold(String axis, double probability) {
    return threshold(axis, probability, false);
  }

  /** The same by a logistic curve in the logarithm of the axis, for sizes that grow by factors. */
  public Thresholds logThreshold(String axis, double probability) {
    return threshold(axis, probability, true);
  }

  private Thresholds threshold(String axis, double probability, boolean logarithm) {
    Column along =
        axes.stream().filter(each -> each.name().equals(axis)).findFirst()
            .orElseThrow(
                () -> Argument.refused("axis", "“" + axis + "”", "one of " + String.join(", ", axes.stream().map(Column::name).toList())));
    Argument.require(
        along.type() == Type.WHOLE || along.type() == Type.NUMBER, "axis “" + axis + "”", "of type " + along.type(), "one of numbers");
    Argument.probability("probability", probability);
    Map<List<Object>, List<Share>> groups = new LinkedHashMap<>();
    for (Share share : shares) {
      List<Object> other = new ArrayList<>(share.cell);
      other.remove(axes.indexOf(along));
      groups.computeIfAbsent(other, key -> new ArrayList<>()).add(share);
    }
    List<Thresholds.Threshold> thresholds = new ArrayList<>();
    groups.forEach(
        (other, some) -> {
          double[] x = some.stream().mapToDouble(each -> ((Number) each.cell.get(axes.indexOf(along))).doubleValue()).toArray();
          thresholds.add(Thresholds.Threshold.of(other, x, some.stream().map(Share::runs).toList(), probability, level, logarithm));
        });
    return new Thresholds(
        figure, axis, probability, axes.stream().filter(each -> !each.equals(along)).toList(), thresholds);
  }

  /** A line a cell. */
  @Override
  public String toString() {
    return figure + ": " + Plan.counted(shares.size(), "cell");
  }
}
