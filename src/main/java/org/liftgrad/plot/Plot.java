package org.liftgrad.plot;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.statistics.Columns;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Tabular;
import org.liftgrad.sweep.Success;
import tech.tablesaw.api.Table;

/**
 * Where every picture starts: one line from a table to a figure.
 *
 * <pre>{@code
 * plot(run.table()).x("time").y("loss").logY()
 * histogram(table, "rate").bins(30)
 * heatMap(gram)
 * diagram(blueprint)
 * }</pre>
 */
public final class Plot {

  private Plot() {}

  /**
   * A figure of a table, which is copied. With nothing further said it draws every column of numbers
   * against the first.
   *
   * @param table at least one column of numbers and one row
   * @throws IllegalArgumentException for a table without rows or without a column of numbers
   */
  public static Figure plot(Table table) {
    return Figure.of(table);
  }

  /** A figure of anything that has a table. */
  public static Figure plot(Tabular tabular) {
    return Figure.of(tabular.table());
  }

  /**
   * Shares with their exact intervals: a line and a band along the axis of numbers that has most values, one for each
   * combination of the other axes.
   *
   * @throws IllegalArgumentException where no axis is one of numbers
   */
  public static Figure plot(Success success) {
    String axis = success.longestAxis();
    Figure figure = Figure.of(success.table()).xLabel(axis).yLabel("share of runs").yRange(0, 1).title(success.figure());
    for (Success.Line line : success.along(axis)) {
      double[] x = line.shares().stream().mapToDouble(share -> line.at(share)).toArray();
      List<Interval> intervals = line.shares().stream().map(share -> share.runs().clopperPearson(success.level())).toList();
      figure =
          figure
              .line(line.name(), x, line.shares().stream().mapToDouble(share -> share.runs().estimate()).toArray())
              .band("", x, intervals.stream().mapToDouble(Interval::lower).toArray(),
                  intervals.stream().mapToDouble(Interval::upper).toArray());
    }
    return figure;
  }

  /**
   * A line through points.
   *
   * @param x at least one number
   * @param y as many numbers
   * @throws IllegalArgumentException for empty arrays or lengths that differ
   */
  public static Figure plot(double[] x, double[] y) {
    Argument.positive("the length of x", x.length);
    Argument.require(y.length == x.length, "the length of y", y.length, "that of x = " + x.length);
    return Figure.of(Columns.named("x", x).and("y", y).table("points"));
  }

  /**
   * A histogram of values; {@link Figure#bins} and {@link Figure#density} say how.
   *
   * @param values at least one finite number; others are left out with a note
   */
  public static Figure histogram(double... values) {
    Argument.positive("the length of values", values.length);
    return histogram(Columns.named("value", values).table("values"), "value");
  }

  /**
   * A histogram of a column.
   *
   * @param column a column of numbers, with or without its unit
   */
  public static Figure histogram(Table table, String column) {
    return Figure.of(table).histogram(column);
  }

  /**
   * A heat map of a matrix, row 0 at the top.
   *
   * @param matrix at least one row and one column, rows of equal length; cells that are not finite
   *     stay white
   */
  public static Figure heatMap(double[][] matrix) {
    return Figure.of(HeatMap.of(matrix));
  }

  /** A heat map of a matrix, row 0 at the top; the matrix is not modified. */
  public static Figure heatMap(DMatrixRMaj matrix) {
    double[][] rows = new double[matrix.numRows][matrix.numCols];
    for (int i = 0; i < matrix.numRows; i++) {
      for (int j = 0; j < matrix.numCols; j++) {
        rows[i][j] = matrix.get(i, j);
      }
    }
    return heatMap(rows);
  }

  /**
   * A heat map of a table with one row a cell: distinct values of two columns, in ascending order,
   * become columns (left to right) and rows (bottom to top). Several rows of one cell are averaged; a
   * cell without a row stays white.
   *
   * @param x a column of numbers
   * @param y a column of numbers
   * @param value a column of numbers
   */
  public static Figure heatMap(Table table, String x, String y, String value) {
    return Figure.of(
            HeatMap.of(
                Columns.values(table, x), Columns.values(table, y), Columns.values(table, value)))
        .xLabel(Columns.find(table, x))
        .yLabel(Columns.find(table, y))
        .title(Columns.find(table, value));
  }

  /**
   * The graph of a blueprint, with the spaces and functions of its vertices and edges. Of more than 60 vertices those
   * alike are drawn as one.
   */
  public static Diagram diagram(Blueprint blueprint) {
    return new BlueprintDiagram(blueprint, vertex -> "").draw();
  }

  /** The fibres of a lift and its edges; of large fibres the first vertices. */
  public static Diagram diagram(Lift lift) {
    return new LiftDiagram(lift).draw();
  }

  /** As {@link #diagram(Lift)}, each edge in the colour of its weight's sign. */
  public static Diagram diagram(LiftedNetwork network) {
    return new LiftDiagram(network).draw();
  }

  /** As {@link #diagram(Lift)}, copies of the vertices of a witness in colour, with the edges into them. */
  public static Diagram diagram(Coverage coverage) {
    return new LiftDiagram(coverage).draw();
  }

  /**
   * A bundle over a finite set, and its pullback.
   *
   * @param bundle Y over the codomain of the map
   * @param map π, between sets of at most 60 elements
   */
  public static Diagram diagram(Bundle bundle, FiniteMap map) {
    return BundleDiagram.draw(bundle, map);
  }
}
