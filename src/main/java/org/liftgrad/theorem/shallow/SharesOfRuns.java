package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Row;

/** Shares of runs for a figure: points with their intervals, in a series for each size. */
final class SharesOfRuns {

  /** Of more series the intervals would hide each other. */
  private static final int MOST_WITH_INTERVALS = 8;

  private static final double LEVEL = 0.95;

  /** A share at a place. */
  private record Point(double x, Proportion share) {}

  private final Map<String, List<Point>> series = new LinkedHashMap<>();

  void add(String name, double x, Proportion share) {
    series.computeIfAbsent(name, each -> new ArrayList<>()).add(new Point(x, share));
  }

  boolean isEmpty() {
    return series.isEmpty();
  }

  /** On a logarithmic axis where every place is positive. */
  Figure logarithmic(String xLabel) {
    boolean positive = series.values().stream().flatMap(List::stream).allMatch(each -> each.x > 0);
    return positive ? figure(xLabel).logX() : figure(xLabel);
  }

  Figure figure(String xLabel) {
    List<Row> table = new ArrayList<>();
    series.forEach(
        (name, points) ->
            points.forEach(
                each -> table.add(Row.start().and("x", each.x).and("size", name).and("P(conv)", each.share.estimate()))));
    Figure figure = Plot.plot(Row.table("shares", table)).x("x");
    if (series.size() > MOST_WITH_INTERVALS) {
      return figure.by("size").points("P(conv)").xLabel(xLabel).yLabel("P(conv)");
    }
    for (Map.Entry<String, List<Point>> each : series.entrySet()) {
      List<Point> points = each.getValue();
      double[] x = points.stream().mapToDouble(Point::x).toArray();
      List<Interval> intervals = points.stream().map(point -> point.share.wilson(LEVEL)).toList();
      figure =
          figure
              .points(each.getKey(), x, points.stream().mapToDouble(point -> point.share.estimate()).toArray())
              .intervals(
                  "95 % interval", x, intervals.stream().mapToDouble(Interval::lower).toArray(),
                  intervals.stream().mapToDouble(Interval::upper).toArray());
    }
    return figure.xLabel(xLabel).yLabel("P(conv)");
  }
}
