package org.liftgrad.plot;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The cells of a heat map.
 *
 * @param cells rows from the top; NaN where there is none
 * @param columnNames one a column
 * @param rowNames one a row, from the top
 * @param logarithmic whether colours go by the logarithm
 */
record HeatMap(
    double[][] cells, List<String> columnNames, List<String> rowNames, boolean logarithmic) {

  /** More than this a side are averaged in blocks: a figure has no more pixels to show them. */
  static final int MOST = 100;

  static HeatMap of(double[][] matrix) {
    Argument.positive("the number of rows", matrix.length);
    int columns = Argument.positive("the number of columns", matrix[0].length);
    double[][] cells = new double[matrix.length][];
    for (int i = 0; i < cells.length; i++) {
      Argument.require(
          matrix[i].length == columns, "the length of row " + i, matrix[i].length,
          "that of row 0 = " + columns);
      cells[i] = matrix[i].clone();
    }
    return new HeatMap(cells, count(columns), count(cells.length), false);
  }

  static HeatMap of(double[] x, double[] y, double[] values) {
    TreeSet<Double> columns = new TreeSet<>();
    TreeSet<Double> rows = new TreeSet<>();
    TreeMap<Double, TreeMap<Double, double[]>> sums = new TreeMap<>();
    for (int i = 0; i < x.length; i++) {
      Argument.finite("x[" + i + "]", x[i]);
      Argument.finite("y[" + i + "]", y[i]);
      columns.add(x[i]);
      rows.add(y[i]);
      double[] sum =
          sums.computeIfAbsent(y[i], row -> new TreeMap<>()).computeIfAbsent(x[i], c -> new double[2]);
      sum[0] += values[i];
      sum[1]++;
    }
    Argument.positive("the number of rows", rows.size());
    double[][] cells = new double[rows.size()][columns.size()];
    int i = 0;
    for (double row : rows.descendingSet()) {
      int j = 0;
      for (double column : columns) {
        double[] sum = sums.get(row).get(column);
        cells[i][j++] = sum == null ? Double.NaN : sum[0] / sum[1];
      }
      i++;
    }
    return new HeatMap(cells, names(columns), names(rows.descendingSet()), false);
  }

  HeatMap withLogarithm() {
    return new HeatMap(cells, columnNames, rowNames, true);
  }

  /** What a colour stands for; NaN where nothing is drawn. */
  double level(double value) {
    double level = logarithmic ? (value > 0 ? StrictMath.log10(value) : Double.NaN) : value;
    return Double.isFinite(level) ? level : Double.NaN;
  }

  /** The same with blocks averaged, so that no side has more than {@link #MOST} cells. */
  HeatMap reduced() {
    int high = (cells.length + MOST - 1) / MOST;
    int wide = (cells[0].length + MOST - 1) / MOST;
    if (high == 1 && wide == 1) {
      return this;
    }
    int rows = (cells.length + high - 1) / high;
    int columns = (cells[0].length + wide - 1) / wide;
    double[][] blocks = new double[rows][columns];
    List<String> names = new ArrayList<>();
    List<String> sides = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      sides.add(rowNames.get(i * high));
      for (int j = 0; j < columns; j++) {
        if (i == 0) {
          names.add(columnNames.get(j * wide));
        }
        double sum = 0;
        int count = 0;
        for (int k = i * high; k < Math.min(cells.length, (i + 1) * high); k++) {
          for (int l = j * wide; l < Math.min(cells[0].length, (j + 1) * wide); l++) {
            if (Double.isFinite(cells[k][l])) {
              sum += cells[k][l];
              count++;
            }
          }
        }
        blocks[i][j] = count == 0 ? Double.NaN : sum / count;
      }
    }
    return new HeatMap(blocks, names, sides, logarithmic);
  }

  private static List<String> count(int number) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      names.add(Integer.toString(i));
    }
    return names;
  }

  private static List<String> names(Iterable<Double> values) {
    List<String> names = new ArrayList<>();
    for (double value : values) {
      names.add(Numbers.rounded(value, 4));
    }
    return names;
  }
}
