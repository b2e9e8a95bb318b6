package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.hipparchus.special.Erf;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Logistic;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * B1 and B17: with n = γ d points, up to which γ_c does the flow converge (in half of the runs), and how does γ_c move
 * with the number of points and with the width?
 */
final class WidthAndDimension {

  private static final double LEVEL = 0.95;
  private static final int RESAMPLES = 1000;
  private static final double EPSILON = 0.05;
  /** Residuals at the end are a thousandth of the labels. */
  private static final double TOLERANCE = 1e-7;
  /** The deviation of log γ_c times the root of the number of runs a cell: γ = 1 to 8, n = 8 to 64, seed 1000. */
  private static final double DEVIATION = 0.7;
  /** The exponent of γ_c in n, at most, for the power: n = 16 to 64, seed 1000. */
  private static final double SEEN_EXPONENT = 0.75;

  private WidthAndDimension() {}

  static Check dimension() {
    return Check.named("shallow/B1", "Is a dimension in proportion to n enough?", "shallow/linear-dimension")
        .asks(
            "On law S with n = γ d points and p = ⌈4 log(n/0.05)⌉ neurons, does the γ up to which half of the runs converge"
                + " stay away from 0 as n grows?")
        .holdsIf(
            "the 95 % bootstrap interval of the exponent in n of γ_c, where a logistic curve of P(conv) in log γ is ½, is"
                + " not entirely below 0; conv is L <"
                + " 1e-6/(2n) within H = horizonFactor · ⅜ √(np) log(np) and 20 n p steps; the papers' cap has the factor 1")
        .control("the hypothesis d ∝ n: the dimension falls like 1/n from that of the smallest n", "the exponent is smaller"
            + " by 2")
        .plan(Scale.QUICK, dimensionPlan(List.of(8, 16), List.of(1.0, 2.0, 4.0), 4, 12))
        .plan(Scale.PAPER, dimensionPlan(List.of(32, 64, 128), List.of(1.0, 2.0, 4.0, 8.0, 16.0), 10, 20))
        .plan(Scale.BEYOND, dimensionPlan(List.of(32, 64, 128, 256, 512, 1024, 2000), List.of(0.0625, 0.25, 1.0, 2.0, 4.0,
            8.0, 16.0, 32.0), 250, 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(WidthAndDimension::assurance)
        .runs(WidthAndDimension::runDimension);
  }

  static Check width() {
    return Check.named("shallow/B17", "How many more points a wider network learns", "shallow/linear-dimension")
        .asks("How does γ_c, the ratio n/d up to which half of the runs converge, grow with the number of neurons?")
        .control("the width: p₁ neurons in every cell", "γ_c does not move")
        .plan(Scale.QUICK, widthPlan(List.of(8), List.of(1.0, 4.0), List.of(1.0, 2.0, 4.0), 4, 5))
        .plan(Scale.PAPER, widthPlan(List.of(32, 64), List.of(1.0, 2.0, 4.0, 8.0), List.of(2.0, 4.0, 8.0, 16.0), 10, 10))
        .plan(Scale.BEYOND, widthPlan(List.of(32, 64, 128, 256), List.of(1.0, 2.0, 4.0, 8.0), List.of(1.0, 2.0, 4.0, 8.0,
            16.0, 32.0), 250, 100))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(plan -> new Assurance(0, 1, "It reports an exponent with its interval; with the control the widths and so"
            + " the runs are the same, and it is 0."))
        .runs(WidthAndDimension::runWidth);
  }

  private static Parameters dimensionPlan(List<Integer> points, List<Double> ratios, double horizonFactor, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 5000, "numbers of points n")
        .numbers("ratios", ratios, 1e-3, 1e3, "γ = n/d; d is rounded and at least 2")
        .number("horizonFactor", horizonFactor, 0.1, 1e5, "the horizon H over the papers' cap ⅜ √(np) log(np), p that of"
            + " factor 1")
        .whole("runs", runs, 2, 1_000_000, "runs a cell, each with data and start of its own");
  }

  private static Parameters widthPlan(List<Integer> points, List<Double> widthFactors, List<Double> ratios,
      double horizonFactor, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 5000, "numbers of points n")
        .numbers("widthFactors", widthFactors, 0.05, 1000, "widths p over p₁ = ⌊log(n/0.05)/log(4/3)⌋ + 1")
        .numbers("ratios", ratios, 1e-3, 1e3, "γ = n/d; d is rounded and at least 2")
        .number("horizonFactor", horizonFactor, 0.1, 1e5, "the horizon H over the papers' cap ⅜ √(np) log(np), p that of"
            + " factor 1")
        .whole("runs", runs, 2, 1_000_000, "runs a cell, each with data and start of its own");
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = Arrays.stream(plan.wholes("points")).distinct().mapToDouble(StrictMath::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    double deviation = DEVIATION / Math.sqrt(plan.whole("runs") * spread);
    boolean several = spread > 0 && plan.numbers("ratios").length >= 2;
    double missed = several ? Erf.erfc(((2 - SEEN_EXPONENT) / deviation - 1.96) / Math.sqrt(2)) / 2
        : 1;
    return new Assurance(
        0.025,
        1 - missed,
        "If γ_c does not move with n, its interval is below 0 in 2.5 % of all cases by its level. With the control the"
            + " exponent is smaller by 2: we take a normal"
            + " law around " + Numbers.rounded(SEEN_EXPONENT - 2, 2) + ", as it was " + SEEN_EXPONENT + " at most without,"
            + " with the deviation of log γ_c seen ("
            + DEVIATION + " over the root of the number of runs; n = 16 to 64, seed 1000).");
  }

  private record Cell(int points, double ratio, double widthFactor, long dimension, int neurons) {}

  private static long dimension(double points, double ratio) {
    return Math.max(2, Math.round(points / ratio));
  }

  private static Finding runDimension(Trial trial) {
    Parameters plan = trial.parameters();
    int[] sizes = Arrays.stream(plan.wholes("points")).distinct().sorted().toArray();
    Argument.require(sizes.length >= 2, "points", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (int points : sizes) {
      for (double ratio : ratios(plan)) {
        cells.add(new Cell(points, ratio, 1, dimension(trial.controlled() ? (double) sizes[0] * sizes[0] / points
            : points, ratio), Width.theoremWidth(points, EPSILON)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    double[] x = Arrays.stream(sizes).asDoubleStream().toArray();
    Thresholds found = Thresholds.of(trial, cells, rows, plan.whole("runs"), x, cell -> cell.points);
    Finding finding =
        Finding.judged(found.interval.upper() >= 0, rows)
            .measured("exponent of γ_c in n", found.exponent)
            .predicted(0)
            .interval(found.interval)
            .explained("γ_c, by n: " + found.text + ". " + shares(cells, rows, plan.whole("runs")) + " " + ofWell(rows))
            .figure(
                Plot.plot(Row.table("B1", drawn(cells, rows, plan.whole("runs"), cell -> "n = "
                    + cell.points))).x("points over dimension").by("size")
                    .points("P(conv)").logX().title("Convergence with n = γ d points"));
    return trial.controlled() ? finding.outside("a dimension in proportion to n, as it falls like 1/n")
        : finding.outside("Assumption 2, as d is of order n only");
  }

  private static Finding runWidth(Trial trial) {
    Parameters plan = trial.parameters();
    double[] factors = Arrays.stream(plan.numbers("widthFactors")).distinct().sorted().toArray();
    Argument.require(factors.length >= 2, "widthFactors", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (double factor : factors) {
        for (double ratio : ratios(plan)) {
          int neurons = Math.max(1, (int) Math.round((trial.controlled() ? 1 : factor) * Width.widthFor(points, EPSILON)));
          cells.add(new Cell(points, ratio, factor, dimension(points, ratio), neurons));
        }
      }
    }
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
    List<String> texts = new ArrayList<>();
    Thresholds last = null;
    for (int points : plan.wholes("points")) {
      List<Cell> some = cells.stream().filter(cell -> cell.points == points).toList();
      int from = cells.indexOf(some.get(0)) * runs;
      last = Thresholds.of(trial, some, rows.subList(from, from + some.size() * runs), runs, factors,
          cell -> cell.widthFactor);
      texts.add(
          "n = " + points + ", by p/p₁: " + last.text + ", with the exponent " + Numbers.rounded(last.exponent, 3) + " "
              + last.interval);
    }
    Finding finding =
        Finding.reported(rows)
            .measured("exponent of γ_c in p, at the last n", last.exponent)
            .interval(last.interval)
            .explained(
                "γ_c: " + String.join("; ", texts) + ". An exponent below 1 is growth slower than in proportion to p, which"
                    + " is how the authors read their own figure. "
                    + shares(cells, rows, runs) + " " + ofWell(rows))
            .figure(
                Plot.plot(Row.table("B17", drawn(cells, rows, runs, cell -> "n = " + cell.points + ", p = " + cell.neurons)))
                    .x("points over dimension").by("size").points("P(conv)").logX().title("Convergence with n = γ d points"));
    return trial.controlled() ? finding.outside("the widths of the question, as all are p₁")
        : finding.outside("Assumption 2, as d is of order n only");
  }

  private static double[] ratios(Parameters plan) {
    double[] ratios = Arrays.stream(plan.numbers("ratios")).distinct().sorted().toArray();
    Argument.require(ratios.length >= 2, "ratios", plan, "at least two different numbers");
    return ratios;
  }

  private static String ofWell(List<Row> rows) {
    List<Row> well = rows.stream().filter(row -> row.yes("well initialised")).toList();
    long lost = well.stream().filter(row -> !row.yes("converged")).count();
    return lost + " of " + well.size() + " well-initialised starts did not converge; " + Starts.outOfSteps(rows) + " runs ended at the limit"
        + " on steps, "
        + rows.stream().filter(row -> row.text("ending").equals("TIME_REACHED")).count() + " at the horizon.";
  }

  private static String shares(List<Cell> cells, List<Row> rows, int runs) {
    List<String> shares = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      shares.add(
          "n = " + cell.points + ", d = " + cell.dimension + ", p = " + cell.neurons + ": "
              + Numbers.rounded(Row.share(rows.subList(c * runs, (c + 1) * runs), "converged").estimate(), 3));
    }
    return "P(conv): " + String.join("; ", shares) + ".";
  }

  private static List<Row> drawn(List<Cell> cells, List<Row> rows, int runs, Function<Cell, String> size) {
    List<Row> drawn = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      drawn.add(
          Row.start().and("points over dimension", cells.get(c).ratio).and("size", size.apply(cells.get(c)))
              .and("P(conv)", Row.share(rows.subList(c * runs, (c + 1) * runs), "converged").estimate()));
    }
    return drawn;
  }

  /** γ_c for every value of one size, and its exponent in it. */
  private record Thresholds(double exponent, Interval interval, String text) {
    static Thresholds of(
        Trial trial, List<Cell> cells, List<Row> rows, int runs, double[] sizes,
            ToDoubleFunction<Cell> size) {
      boolean[][] converged = new boolean[cells.size()][runs];
      for (int c = 0; c < cells.size(); c++) {
        for (int k = 0; k < runs; k++) {
          converged[c][k] = rows.get(c * runs + k).yes("converged");
        }
      }
      int[] all = new int[runs];
      Arrays.setAll(all, k -> k);
      double[] thresholds = thresholds(cells, converged, all, sizes, size);
      String text =
          Arrays.stream(sizes).boxed()
              .map(value -> Numbers.rounded(value, 4) + ": " + Numbers.rounded(thresholds[Arrays.binarySearch(sizes, value)],
                  3))
              .collect(Collectors.joining(", "));
      Interval interval =
          Bootstrap.seed(trial.seed("bootstrap", cells.get(0).points)).resamples(RESAMPLES)
              .ofIndices(runs, drawn -> Line.logLog(sizes, thresholds(cells, converged, drawn, sizes, size)).slope(), LEVEL);
      return new Thresholds(Line.logLog(sizes, thresholds).slope(), interval, text);
    }

    private static double[] thresholds(
        List<Cell> cells, boolean[][] converged, int[] drawn, double[] sizes,
            ToDoubleFunction<Cell> size) {
      double[] thresholds = new double[sizes.length];
      for (int s = 0; s < sizes.length; s++) {
        List<Double> x = new ArrayList<>();
        List<Proportion> shares = new ArrayList<>();
        int successes = 0;
        for (int c = 0; c < cells.size(); c++) {
          if (size.applyAsDouble(cells.get(c)) == sizes[s]) {
            int count = 0;
            for (int k : drawn) {
              count += converged[c][k] ? 1 : 0;
            }
            x.add(StrictMath.log(cells.get(c).ratio));
            shares.add(new Proportion(count, drawn.length));
            successes += count;
          }
        }
        thresholds[s] = StrictMath.exp(threshold(x, shares, successes));
      }
      return thresholds;
    }

    /** Half a step past the end where all runs, or none, converge. */
    private static double threshold(List<Double> x, List<Proportion> shares, int successes) {
      int last = x.size() - 1;
      if (successes == 0) {
        return x.get(0) - (x.get(1) - x.get(0)) / 2;
      }
      if (successes == shares.stream().mapToInt(Proportion::trials).sum()) {
        return x.get(last) + (x.get(last) - x.get(last - 1)) / 2;
      }
      double fitted = Logistic.fit(x.stream().mapToDouble(Double::doubleValue).toArray(), shares).threshold(0.5);
      double least = x.get(0) - (x.get(1) - x.get(0)) / 2;
      double most = x.get(last) + (x.get(last) - x.get(last - 1)) / 2;
      return Double.isNaN(fitted) ? (least + most) / 2 : Math.max(least, Math.min(most, fitted));
    }
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    ShallowNetwork network = Starts.lawS(trial, cell.points, cell.dimension, cell.neurons, replicate);
    double fitted = Starts.fitted(cell.points);
    // The same time at every width: that of a flow with the factor p does not grow with p (B15).
    double pairs = (double) cell.points * Math.round(cell.neurons / (trial.controlled() ? 1 : cell.widthFactor));
    Solution solution =
        Starts.followed(
            GradientFlow.gradientFlow(network)
                .tolerance(TOLERANCE)
                .until(StopCondition.lossBelow(fitted))
                .until(StopCondition.timeReached(trial.parameters().number("horizonFactor") * 0.375 * Math.sqrt(pairs) * StrictMath.log(pairs)))
                .maximumSteps(Starts.mostSteps(network)));
    return Row.start()
        .and("points", cell.points)
        .and("ratio", cell.ratio)
        .and("dimension", cell.dimension)
        .and("neurons", cell.neurons)
        .and("width factor", cell.widthFactor)
        .and("run", replicate)
        .and("well initialised", network.wellInitialised())
        .and("converged", Starts.converged(solution))
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("steps", solution.statistics().steps())
        .and("ending", solution.ending().name());
  }
}
