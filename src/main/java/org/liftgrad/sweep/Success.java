package org.liftgrad.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;
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

  /**
   * The cells that differ in one axis only.
   *
   * @param others the other axes
   * @param cell their values
   * @param place of the axis in the cells of the shares
   * @param shares in the order of that axis
   */
  public record Line(List<Column> others, List<Object> cell, int place, List<Share> shares) {

    /** Copies the lists. */
    public Line {
      others = List.copyOf(others);
      cell = List.copyOf(cell);
      shares = List.copyOf(shares);
    }

    /** The value of the axis at a share. */
    public double at(Share share) {
      return ((Number) share.cell.get(place)).doubleValue();
    }

    /** As in {@code points = 20, law = S}; empty where there is no other axis. */
    public String name() {
      List<String> parts = new ArrayList<>();
      for (int k = 0; k < others.size(); k++) {
        parts.add(others.get(k).name() + " = " + Plan.shown(cell.get(k)));
      }
      return String.join(", ", parts);
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
   * other axes. Far from one half the answer leans on the tail of that curve more than on runs, and the interval, which
   * takes the curve for granted, does not say so.
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
    Argument.probability("probability", probability);
    List<Thresholds.Threshold> thresholds =
        along(axis).stream()
            .map(
                line -> Thresholds.Threshold.of(
                    line.cell, line.shares.stream().mapToDouble(line::at).toArray(), line.shares.stream().map(Share::runs).toList(),
                    probability, level, logarithm))
            .toList();
    return new Thresholds(figure, axis, probability, others(axis), thresholds);
  }

  /** The shares along an axis of numbers, for each combination of the other axes. */
  public List<Line> along(String axis) {
    int place = axes.indexOf(numeric(axis));
    List<Column> others = others(axis);
    Map<List<Object>, List<Share>> groups = new LinkedHashMap<>();
    for (Share share : shares) {
      List<Object> other = new ArrayList<>(share.cell);
      other.remove(place);
      groups.computeIfAbsent(other, key -> new ArrayList<>()).add(share);
    }
    return groups.entrySet().stream().map(group -> new Line(others, group.getKey(), place, group.getValue())).toList();
  }

  /**
   * The axis of numbers that has most values; of two, the one that the experiment names first.
   *
   * @throws IllegalArgumentException where there is none
   */
  public String longestAxis() {
    String longest = "";
    long most = 0;
    for (int k = 0; k < axes.size(); k++) {
      int place = k;
      long values = shares.stream().map(share -> share.cell.get(place)).distinct().count();
      if (axes.get(k).isNumeric() && values > most) {
        most = values;
        longest = axes.get(k).name();
      }
    }
    Argument.require(most > 0, "the number of axes of numbers", 0, "at least 1");
    return longest;
  }

  private Column numeric(String axis) {
    Column along =
        axes.stream().filter(each -> each.name().equals(axis)).findFirst()
            .orElseThrow(
                () -> Argument.refused("axis", "“" + axis + "”", "one of " + String.join(", ", axes.stream().map(Column::name).toList())));
    Argument.require(along.isNumeric(), "axis “" + axis + "”", "of type " + along.type(), "one of numbers");
    return along;
  }

  private List<Column> others(String axis) {
    return axes.stream().filter(each -> !each.name().equals(axis)).toList();
  }

  /** What was asked, of how many cells. */
  @Override
  public String toString() {
    return figure + ": " + Numbers.counted(shares.size(), "cell");
  }
}
