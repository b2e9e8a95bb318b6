package org.liftgrad.plot;

import java.util.LinkedHashMap;
import java.util.Map;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.statistics.Columns;
import tech.tablesaw.api.Table;

/** Figures of every kind, for the tests and for the eye. */
final class Gallery {

  private Gallery() {}

  static Map<String, Figure> all() {
    Map<String, Figure> figures = new LinkedHashMap<>();
    figures.put("loss", loss());
    figures.put("default", Plot.plot(trajectory()));
    figures.put("slope", slopes());
    figures.put("short-decades", shortDecades());
    figures.put("histogram", Plot.histogram(gaussians(5000)).density().title("σ of the residual"));
    figures.put("histogram-count", Plot.histogram(gaussians(300)).bins(12).xLabel("value [1]"));
    figures.put("heat", Plot.heatMap(matrix(30, 40)).title("Gram matrix ‖X‖"));
    figures.put("heat-log", Plot.heatMap(positive(250, 250)).logColour().title("Squares"));
    figures.put("tiny", Plot.plot(new double[] {1e-9, 2e-9, 4e-9}, new double[] {3e12, 3.5e12, 2e12}));
    figures.put("constant", Plot.plot(new double[] {1, 2, 3}, new double[] {5, 5, 5}).logY());
    figures.put("dense", dense());
    figures.put("cloud", cloud());
    figures.put("many", many());
    figures.put("probability", probability());
    figures.put("long-names", longNames());
    figures.put("long-names-beside", longTitled(many()));
    figures.put("longest-names", longest());
    figures.put("long-heat", longTitled(Plot.heatMap(matrix(30, 40))).xLabel(LONG).yLabel(LONG));
    figures.put("clouds", clouds());
    figures.put("shapes", shapes());
    figures.put("formulas", formulas());
    figures.put("intervals", intervals());
    return figures;
  }

  /** Too long for a line in full size. */
  static final String LONG = "Which activation needs how many neurons: the least width at which $p_j \\ge 1 - \\varepsilon$ of the runs converge";

  static Figure longTitled(Figure figure) {
    return figure.title(LONG);
  }

  /** A legend that beside the plot would take more than its half. */
  static Figure longNames() {
    Columns columns = Columns.named("time", 0, 1, 2, 3);
    for (int i = 0; i < 4; i++) {
      columns = columns.and("share of the runs with width p = " + (1 << i) + " that converged before the end", i, i + 1, i + 1.5, i + 3);
    }
    return longTitled(Plot.plot(columns.table("long"))).yLabel("share of the runs that converged");
  }

  /** More than there is room for, of everything. */
  static Figure longest() {
    Columns columns = Columns.named("time", 0, 1, 2, 3);
    for (int i = 0; i < 12; i++) {
      columns = columns.and(LONG + " in its regime " + i, i, i + 1, i + 1.5, i + 3);
    }
    return Plot.plot(columns.table("long")).title(LONG + " – " + LONG).xLabel(LONG + ", " + LONG).yLabel(LONG);
  }

  /** Three clouds of many points each. */
  static Figure clouds() {
    return Plot.plot(gaussians(50_000, 1), gaussians(50_000, 2)).points("sphere", gaussians(50_000, 1), gaussians(50_000, 2))
        .points("gaussian", gaussians(50_000, 3), gaussians(50_000, 4)).points("rademacher", gaussians(50_000, 5), gaussians(50_000, 6))
        .title("Three clouds");
  }

  static Figure shapes() {
    Figure figure = Plot.plot(new double[] {0}, new double[] {0}).points("law 0", gaussians(600, 10), gaussians(600, 20));
    for (int i = 1; i < 7; i++) {
      figure = figure.points("law " + i, gaussians(20, 10 + i), gaussians(20, 20 + i));
    }
    return figure;
  }

  /** Two sizes, each with its intervals, which the legend tells once. */
  static Figure intervals() {
    double[] x = {0.01, 0.1, 1};
    return Plot.plot(x, x).points("n = 10", x, new double[] {0.9, 0.95, 1}).intervals("95 %", x, new double[] {0.8, 0.9, 0.97}, new double[] {0.94, 0.99, 1})
        .points("n = 20", x, new double[] {0.5, 0.6, 0.7}).intervals("95 %", x, new double[] {0.4, 0.5, 0.6}, new double[] {0.6, 0.7, 0.8})
        .bound("1 − ε", 0.95).logX();
  }

  static Figure formulas() {
    return Plot.plot(new double[] {1, 2, 3}, new double[] {3, 2, 1}).y("y").line("bound $E_i$ C", new double[] {1, 3}, new double[] {1, 2})
        .title("$E_i$ C  and   $\\lambda_{min}$ of it").xLabel("  E_i C").yLabel("$C_x^+$ C");
  }

  static Table trajectory() {
    int n = 400;
    double[] time = new double[n];
    double[] loss = new double[n];
    double[] curvature = new double[n];
    double[] lower = new double[n];
    double[] upper = new double[n];
    double[] bound = new double[n];
    for (int i = 0; i < n; i++) {
      time[i] = i * 0.5;
      loss[i] = StrictMath.exp(-0.14 * time[i]) / (1 + StrictMath.exp(-(time[i] - 60) / 5)) + 1e-13;
      curvature[i] = 0.05 + 0.01 * StrictMath.sin(time[i] / 9);
      lower[i] = loss[i] / 3;
      upper[i] = loss[i] * 3;
      bound[i] = 2 * StrictMath.exp(-0.1 * time[i]);
    }
    return Columns.named("time [n]", time).and("loss", loss).and("curvature μ", curvature)
        .and("lower", lower).and("upper", upper).and("bound", bound).table("trajectory");
  }

  static Figure loss() {
    return Plot.plot(trajectory()).x("time").y("loss").band("lower", "upper").named("10–90 % of runs")
        .bound("2 e^(−t/10)", "bound").event("last ‖w‖ event", 31, 62.5).logY()
        .title("Loss of the flow, μ = 0.05").xLabel("time t [n]").yLabel("loss L(t)");
  }

  static Figure slopes() {
    double[] h = {1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1};
    double[] error = new double[h.length];
    for (int i = 0; i < h.length; i++) {
      error[i] = 0.3 * h[i] * (1 + 0.1 * StrictMath.sin(9 * i));
    }
    return Plot.plot(Columns.named("step η", h).and("error ‖θ − θ(t)‖", error).table("steps"))
        .points("error ‖θ − θ(t)‖").slope(1).slope("slope 1/2", 0.5).logLog();
  }

  static Figure shortDecades() {
    double[] n = {10, 20, 40, 80};
    return Plot.plot(n, new double[] {0.21, 0.105, 0.048, 0.026}).logLog().slope(-1)
        .xLabel("points n").yLabel("rate μ");
  }

  static Figure dense() {
    int n = 100_000;
    double[] x = new double[n];
    double[] y = new double[n];
    double[] z = new double[n];
    RandomStream stream = RandomStream.of(1, "dense");
    for (int i = 0; i < n; i++) {
      x[i] = i;
      y[i] = StrictMath.sin(i * 2e-4) + 0.1 * stream.nextGaussian();
      z[i] = 0.5 * StrictMath.cos(i * 1e-4) + 0.05 * stream.nextGaussian();
    }
    return Plot.plot(Columns.named("step", x).and("noisy", y).and("quieter", z).table("walk"));
  }

  static Figure cloud() {
    return Plot.plot(gaussians(100_000, 1), gaussians(100_000, 2)).points("y");
  }

  static Figure many() {
    Columns columns = Columns.named("time", 0, 1, 2, 3);
    for (int i = 0; i < 8; i++) {
      columns = columns.and("network with width p = " + (1 << i), i, i + 1, i + 1.5, i + 3);
    }
    return Plot.plot(columns.table("many")).bound("limit", 12);
  }

  static Figure probability() {
    double[] n = {1300, 1400, 1500, 1600, 1700, 1800};
    double[] p = {1, 1, 0.96, 0.85, 0.25, 0};
    double[] lower = {0.96, 0.96, 0.9, 0.76, 0.17, 0};
    double[] upper = {1, 1, 0.99, 0.91, 0.36, 0.04};
    return Plot.plot(
            Columns.named("points n", n).and("P(converged)", p).and("lower", lower).and("upper", upper)
                .table("probability"))
        .y("P(converged)").band("lower", "upper").named("Wilson, 95 %").bound("1 − ε", 0.95)
        .event("threshold", 1651);
  }

  static double[] gaussians(int count, long... keys) {
    RandomStream stream = RandomStream.of(3, "gallery", keys);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = stream.nextGaussian();
    }
    return values;
  }

  static double[][] matrix(int rows, int columns) {
    double[] values = gaussians(rows * columns, 5);
    double[][] matrix = new double[rows][columns];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        matrix[i][j] = (i == j ? 3 : 0) + 0.3 * values[i * columns + j];
      }
    }
    return matrix;
  }

  static double[][] positive(int rows, int columns) {
    double[][] matrix = matrix(rows, columns);
    for (double[] row : matrix) {
      for (int j = 0; j < columns; j++) {
        row[j] = StrictMath.exp(-Math.abs(row[j]) * 4) * StrictMath.exp(-j / 20.0);
      }
    }
    return matrix;
  }

  /** Writes all to a folder: {@code java … org.liftgrad.plot.Gallery target/gallery}. */
  public static void main(String[] arguments) {
    java.nio.file.Path folder = java.nio.file.Path.of(arguments[0]);
    all().forEach(
        (name, figure) -> {
          figure.save(folder.resolve(name + ".png"));
          figure.save(folder.resolve(name + ".svg"));
        });
  }
}
