package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Row;

/** Shares of runs against something, with their exact 95 % intervals. */
final class ShareFigure {

  private ShareFigure() {}

  /** A line of shares. */
  record Line(String name, List<Double> at, List<Proportion> shares) {}

  static Figure of(String title, String axis, List<Line> lines) {
    List<Row> table = new ArrayList<>();
    for (Line line : lines) {
      for (int k = 0; k < line.at.size(); k++) {
        table.add(Row.start().and(axis, line.at.get(k)).and("share of runs", line.shares.get(k).estimate()));
      }
    }
    Figure figure = Plot.plot(Row.table(title, table)).xLabel(axis).yLabel("share of runs").yRange(0, 1).title(title);
    for (Line line : lines) {
      double[] x = line.at.stream().mapToDouble(Double::doubleValue).toArray();
      List<Interval> intervals = line.shares.stream().map(share -> share.clopperPearson(0.95)).toList();
      figure =
          figure.line(line.name, x, line.shares.stream().mapToDouble(Proportion::estimate).toArray())
              .band(
                  "", x, intervals.stream().mapToDouble(Interval::lower).toArray(),
                  intervals.stream().mapToDouble(Interval::upper).toArray());
    }
    return figure;
  }
}
