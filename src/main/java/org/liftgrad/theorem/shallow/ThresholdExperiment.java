package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;
import org.liftgrad.theorem.shallow.Training.Way;

/** E1b and E1c: how the threshold N(d, p) of experiments 1.1 and 1.2 goes with d and with p. */
final class ThresholdExperiment {

  private static final double LEVEL = 0.95;
  private static final String DECIDING =
      " descent is judged, or the flow where it is asked for alone; where N is cut off by the sizes that are tried it only reports";
  private static final int RESAMPLES = 1000;
  /** A percentile interval of a dozen runs covers less than it says. */
  private static final double FALSE_ALARM = 0.1;
  private static final int NEURONS = 30;
  private static final int LEAST_DIMENSION = 5;
  private static final int MOST_DIMENSION = 1000;

  /** Standard deviation of log N of a single bisection, at most: d = 10 and 20, p = 20 to 80, seed 1000. */
  private static final double SPREAD = 0.2;
  /** The median has this much more of it than the mean, of normal errors. */
  private static final double OF_MEDIAN = 1.25;
  /** Exponents at seed 1000, rounded to the unfavourable side: N in p; in d with p = 3d; in p with d ∝ p. */
  private static final double SEEN_IN_NEURONS = 0.4;
  private static final double CONTROLLED_IN_DIMENSION = 1.7;
  private static final double CONTROLLED_IN_NEURONS = 1.9;

  private ThresholdExperiment() {}

  // ---------------------------------------------------------------- the checks

  static Check dimension() {
    return Check.named("shallow/E1b", "Experiment 1.1: the threshold against d", "shallow/experiment-1.1")
        .asks("With p = " + NEURONS + ", is the number of points N(d, p) that half the runs learn before the cap proportional to d?")
        .holdsIf(
            "the bootstrap " + Numbers.rounded(100 * LEVEL, 3) + " % interval of the slope of log N against log d contains 1;"
                + DECIDING)
        .control("the hypothesis that p is fixed: p = 3d", "p from 30 at d = 10 on")
        .plan(
            Scale.QUICK, dimensions(List.of(10, 20), "bisection", 16, List.of("descent"), List.of(10, 20), 8))
        .plan(
            Scale.PAPER,
            dimensions(
                List.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100), "grid", 20, List.of("descent", "flow"), List.of(10, 20, 30, 40), 10))
        .plan(
            Scale.BEYOND,
            dimensions(
                List.of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 140, 200, 280, 400), "bisection", 20, List.of("descent", "flow"),
                List.of(10, 20, 30, 40, 60, 80, 100), 20))
        .recorded(Scale.QUICK, Verdict.FAILS)
        .recorded(Scale.PAPER, Verdict.FAILS)
        .assured(plan -> assurance(plan, "dimensions"))
        .runs(trial -> run(trial, "dimensions"));
  }

  static Check neurons() {
    return Check.named("shallow/E1c", "Experiment 1.2: the threshold against p", "shallow/experiment-1.2")
        .asks("At fixed d, does the number of points N(d, p) that half the runs learn before the cap grow slower than p?")
        .holdsIf(
            "the bootstrap " + Numbers.rounded(100 * LEVEL, 3) + " % interval of the slope of log N against log p lies below 1;"
                + DECIDING)
        .control("the hypothesis that d is fixed: d in proportion to p", "d from the plan's own at the smallest p on")
        .plan(Scale.QUICK, neurons(10, List.of(20, 40, 80), 8, List.of("descent"), List.of(20), 8))
        .plan(
            Scale.PAPER,
            neurons(
                30, List.of(50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600), 12, List.of("descent", "flow"),
                List.of(50, 75, 100), 12))
        .plan(
            Scale.BEYOND,
            neurons(
                30, List.of(50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 3200, 6400), 25, List.of("descent", "flow"),
                List.of(50, 75, 100, 150, 200, 300, 400), 25))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> assurance(plan, "neurons"))
        .runs(trial -> run(trial, "neurons"));
  }

  private static Parameters dimensions(
      List<Integer> dimensions, String search, int runs, List<String> by, List<Integer> flowDimensions, int flowRuns) {
    return Parameters.none()
        .wholes("dimensions", dimensions, LEAST_DIMENSION, MOST_DIMENSION, "dimensions d")
        .wholes("neurons", List.of(NEURONS), 1, 100_000, "the number of neurons p; one")
        .words(
            "search", List.of(search), List.of("grid", "bisection"),
            "grid: n = d, 2d … 30d − 200 as the authors, and a logistic curve; bisection: one in log n a run, from d to 40d, and the"
                + " median")
        .whole("runs", runs, 2, 100_000, "runs a dimension (of a grid: and a size) by descent, each with data and start of its own")
        .words("by", by, List.of("descent", "flow"), "descent: step 1 on p L, as the authors; flow: exact, from the same starts")
        .wholes("flowDimensions", flowDimensions, LEAST_DIMENSION, MOST_DIMENSION, "those of the dimensions that the flow is run at")
        .whole("flowRuns", flowRuns, 2, 100_000, "runs of the flow");
  }

  private static Parameters neurons(
      int dimension, List<Integer> neurons, int runs, List<String> by, List<Integer> flowNeurons, int flowRuns) {
    return Parameters.none()
        .wholes("neurons", neurons, 1, 100_000, "numbers of neurons p")
        .wholes("dimensions", List.of(dimension), LEAST_DIMENSION, MOST_DIMENSION, "the dimension d; one")
        .words(
            "search", List.of("bisection"), List.of("grid", "bisection"),
            "bisection: one in log n a run, from d to 40d, and the median; grid: at d = 30 n = 100, 110 … 500, in which the authors'"
                + " windows lie, at other d in proportion, and a logistic curve")
        .whole("runs", runs, 2, 100_000, "runs a width by descent, each with data and start of its own")
        .words("by", by, List.of("descent", "flow"), "descent: step 1 on p L, as the authors; flow: exact, from the same starts")
        .wholes("flowNeurons", flowNeurons, 1, 100_000, "those of the widths that the flow is run at")
        .whole("flowRuns", flowRuns, 2, 100_000, "runs of the flow");
  }

  // ---------------------------------------------------------------- cells

  /**
   * One size.
   *
   * @param points n of a grid, 0 of a bisection
   */
  private record Cell(int dimension, int neurons, int points, Way way) {}

  private static boolean alongDimensions(String axis) {
    return axis.equals("dimensions");
  }

  private static int[] along(Parameters plan, String axis, Way way) {
    int[] followed = plan.wholes(alongDimensions(axis) ? "flowDimensions" : "flowNeurons");
    boolean all = way == Way.DESCENT || !Way.DESCENT.in(plan);
    return !way.in(plan)
        ? new int[0]
        : Arrays.stream(plan.wholes(axis))
            .filter(each -> all || Arrays.stream(followed).anyMatch(other -> other == each))
            .distinct()
            .sorted()
            .toArray();
  }

  private static List<Cell> cells(Trial trial, String axis, int at, Way way) {
    Parameters plan = trial.parameters();
    int fixed = plan.wholes(alongDimensions(axis) ? "neurons" : "dimensions")[0];
    int dimension = alongDimensions(axis) ? at : fixed;
    int neurons = alongDimensions(axis) ? fixed : at;
    if (trial.controlled()) {
      if (alongDimensions(axis)) {
        neurons = 3 * at;
      } else {
        int least = Arrays.stream(plan.wholes(axis)).min().orElseThrow();
        dimension = Math.min(MOST_DIMENSION, (int) Math.round((double) fixed * at / least));
      }
    }
    if (plan.words("search").get(0).equals("bisection")) {
      return List.of(new Cell(dimension, neurons, 0, way));
    }
    int step = alongDimensions(axis) ? dimension : Math.max(1, dimension / 3);
    int least = alongDimensions(axis) ? dimension : 10 * step;
    int most = alongDimensions(axis) ? Math.max(30 * dimension - 200, 10 * dimension) : 50 * step;
    List<Cell> cells = new ArrayList<>();
    for (int points = least; points <= most; points += step) {
      cells.add(new Cell(dimension, neurons, points, way));
    }
    return cells;
  }

  private static int runs(Parameters plan, Way way) {
    return plan.whole(way == Way.DESCENT ? "runs" : "flowRuns");
  }

  private static Way judged(Parameters plan) {
    return Way.DESCENT.in(plan) ? Way.DESCENT : Way.FLOW;
  }

  // ---------------------------------------------------------------- beforehand

  private static Assurance assurance(Parameters plan, String axis) {
    Way way = judged(plan);
    double[] x = Arrays.stream(along(plan, axis, way)).mapToDouble(each -> StrictMath.log(each)).toArray();
    if (x.length < 2) {
      return new Assurance(1, 0, "A slope needs two values of " + axis + ".");
    }
    double mean = Arrays.stream(x).average().orElseThrow();
    double spread = Arrays.stream(x).map(each -> (each - mean) * (each - mean)).sum();
    double error = OF_MEDIAN * SPREAD / Math.sqrt(runs(plan, way)) / Math.sqrt(spread);
    NormalDistribution normal = new NormalDistribution();
    double z = normal.inverseCumulativeProbability(0.5 + LEVEL / 2);
    boolean linear = alongDimensions(axis);
    // Of E1b the interval must miss 1; of E1c its upper end must not be below 1.
    double power =
        linear
            ? normal.cumulativeProbability((CONTROLLED_IN_DIMENSION - 1) / error - z)
            : normal.cumulativeProbability((CONTROLLED_IN_NEURONS - 1) / error + z);
    double falseAlarm =
        linear ? FALSE_ALARM : normal.cumulativeProbability(z - (1 - SEEN_IN_NEURONS) / error) + FALSE_ALARM / 2;
    return new Assurance(
        Math.min(1, falseAlarm),
        power,
        "The slope has a standard error of " + Numbers.rounded(error, 2) + ", from a spread of at most " + SPREAD
            + " of log N between single bisections (a grid gives the same or better). "
            + (linear
                ? "A proportional law is missed with 5 % or, with few runs, up to 10 %; with p = 3d the slope was "
                    + CONTROLLED_IN_DIMENSION + " or more."
                : "The slope was " + SEEN_IN_NEURONS + " or less, and with d in proportion to p " + CONTROLLED_IN_NEURONS + " or more.")
            + " All seen at seed 1000, d = 10 and 20, p = 20 to 80.");
  }

  // ---------------------------------------------------------------- the runs

  /** The thresholds of one way of running, along the axis. */
  private record Curve(Way way, double[] x, List<Threshold> thresholds, int runs) {

    double[] values() {
      return values(null);
    }

    private double[] values(int[] drawn) {
      return thresholds.stream().mapToDouble(each -> drawn == null ? each.ofAll(runs) : each.of(drawn)).toArray();
    }

    boolean cutOff() {
      return thresholds.stream().anyMatch(Threshold::cutOff);
    }

    boolean hasSlope() {
      return x.length >= 2;
    }

    double slope() {
      return Line.logLog(x, values()).slope();
    }

    Interval slopeInterval(Trial trial) {
      return Bootstrap.seed(trial.seed("bootstrap", way.ordinal()))
          .resamples(RESAMPLES)
          .ofIndices(runs, drawn -> Line.logLog(x, values(drawn)).slope(), LEVEL);
    }

    Interval interval(Trial trial, int k) {
      return Bootstrap.seed(trial.seed("bootstrap of a threshold", way.ordinal(), (long) x[k]))
          .resamples(RESAMPLES)
          .ofIndices(runs, thresholds.get(k)::of, LEVEL);
    }

    String said(Trial trial) {
      List<String> each = new ArrayList<>();
      double[] values = values();
      for (int k = 0; k < x.length; k++) {
        Interval interval = interval(trial, k);
        each.add(
            Numbers.rounded(x[k], 6) + ": " + Numbers.rounded(values[k], 4) + " (" + Numbers.rounded(interval.lower(), 4) + " to "
                + Numbers.rounded(interval.upper(), 4) + ")" + thresholds.get(k).note());
      }
      return "By " + way + ", N at " + String.join(", ", each)
          + (hasSlope() ? "; slope " + (cutOff() ? "of these " : "") + Numbers.rounded(slope(), 4) + " " + slopeInterval(trial) : "")
          + ".";
    }
  }

  private static Finding run(Trial trial, String axis) {
    Parameters plan = trial.parameters();
    boolean dimensions = alongDimensions(axis);
    String other = dimensions ? "neurons" : "dimensions";
    Argument.require(
        plan.wholes(other).length == 1, other, plan.wholes(other).length + " values", "one value");
    Argument.require(
        plan.words("search").size() == 1, "search", String.join(",", plan.words("search")), "grid or bisection");
    List<Row> rows = new ArrayList<>();
    List<Curve> curves = new ArrayList<>();
    for (Way way : Way.values()) {
      int[] along = along(plan, axis, way);
      if (along.length == 0) {
        continue;
      }
      int runs = runs(plan, way);
      List<Cell> cells = new ArrayList<>();
      Map<Integer, List<Integer>> places = new LinkedHashMap<>();
      for (int at : along) {
        List<Integer> here = places.computeIfAbsent(at, key -> new ArrayList<>());
        for (Cell cell : cells(trial, axis, at, way)) {
          here.add(cells.size());
          cells.add(cell);
        }
      }
      List<Row> found = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
      List<Threshold> thresholds = new ArrayList<>();
      for (List<Integer> here : places.values()) {
        thresholds.add(threshold(cells, here, found, runs));
      }
      curves.add(new Curve(way, Arrays.stream(along).asDoubleStream().toArray(), thresholds, runs));
      rows.addAll(found);
    }
    Curve judged = curves.get(0);
    if (!judged.hasSlope()) {
      return Finding.reported(rows)
          .measured("N at the only value", judged.values()[0])
          .interval(judged.interval(trial, 0))
          .explained(judged.said(trial))
          .figure(figure(axis, curves));
    }
    Interval interval = judged.slopeInterval(trial);
    boolean met = dimensions ? interval.contains(1) : interval.upper() < 1;
    String laws =
        judged.x.length < 3
            ? ""
            : " Laws by Akaike's criterion, with how much worse than the best: "
                + FittedLaw.said(laws(dimensions, judged.x, judged.values())) + ".";
    Finding finding =
        (judged.cutOff() ? Finding.reported(rows) : Finding.judged(met, rows))
            .measured("the exponent of N in " + (dimensions ? "d" : "p"), judged.slope())
            .interval(interval)
            .explained(
                curves.stream().map(each -> each.said(trial)).collect(Collectors.joining(" ")) + laws
                    + (dimensions ? published(judged) : ""))
            .figure(figure(axis, curves));
    return dimensions ? finding.predicted(1) : finding;
  }

  private static List<FittedLaw> laws(boolean dimensions, double[] x, double[] y) {
    return dimensions
        ? FittedLaw.ranked(FittedLaw.linear(x, y), FittedLaw.affine(x, y), FittedLaw.power(x, y))
        : FittedLaw.ranked(
            FittedLaw.logarithm(x, y), FittedLaw.root(x, y), FittedLaw.affine(x, y), FittedLaw.power(x, y));
  }

  private static Threshold threshold(List<Cell> cells, List<Integer> places, List<Row> rows, int runs) {
    int first = places.get(0);
    if (cells.get(first).points == 0) {
      return new Threshold.Bisected(
          rows.subList(first * runs, (first + 1) * runs).stream()
              .map(row -> new Threshold.Search(row.number("threshold"), (int) row.whole("trainings"), row.yes("within")))
              .toList());
    }
    boolean[][] converged = new boolean[places.size()][runs];
    for (int k = 0; k < places.size(); k++) {
      for (int run = 0; run < runs; run++) {
        converged[k][run] = rows.get(places.get(k) * runs + run).yes("converged");
      }
    }
    return new Threshold.Grid(places.stream().mapToDouble(place -> cells.get(place).points).toArray(), converged);
  }

  /** How far the published thresholds are, and what they say by themselves. */
  private static String published(Curve curve) {
    Map<Integer, Integer> published = Published.thresholds();
    double[] values = curve.values();
    double most = 0;
    int common = 0;
    for (int k = 0; k < curve.x.length; k++) {
      Integer theirs = published.get((int) curve.x[k]);
      if (theirs != null) {
        common++;
        most = Math.max(most, Math.abs(StrictMath.log(values[k] / theirs)));
      }
    }
    double[] d = published.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
    double[] n = published.values().stream().mapToDouble(Integer::doubleValue).toArray();
    return (common == 0 ? "" : " From the published thresholds ours differ by a factor of at most " + Numbers.rounded(StrictMath.exp(most), 3) + ".")
        + " The ten published ones have slope " + Numbers.rounded(Line.logLog(d, n).slope(), 3) + ".";
  }

  private static Figure figure(String axis, List<Curve> curves) {
    boolean dimensions = alongDimensions(axis);
    double[] x = curves.get(0).x;
    Figure figure = Plot.plot(x, x);
    if (dimensions) {
      Map<Integer, Integer> published = Published.thresholds();
      figure =
          figure.points(
              "published", published.keySet().stream().mapToDouble(Integer::doubleValue).toArray(),
              published.values().stream().mapToDouble(Integer::doubleValue).toArray());
    }
    for (Curve curve : curves) {
      figure = figure.points(curve.way.toString(), curve.x, curve.values());
    }
    if (x.length >= 3) {
      for (FittedLaw law : laws(dimensions, x, curves.get(0).values())) {
        if (!law.name().equals("a x + b") || dimensions) {
          double[] fine = new double[101];
          Arrays.setAll(fine, k -> x[0] * StrictMath.pow(x[x.length - 1] / x[0], k / 100.0));
          figure = figure.line(law.name(), fine, Arrays.stream(fine).map(law.value()).toArray());
        }
      }
    }
    return figure.xLabel(dimensions ? "d" : "p").yLabel("N(d, p)").logLog()
        .title("Experiment " + (dimensions ? "1.1" : "1.2") + ": half the runs stop in time");
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Row row =
        Row.start()
            .and("dimension", cell.dimension)
            .and("neurons", cell.neurons)
            .and("by", cell.way.toString())
            .and("run", replicate);
    if (cell.points > 0) {
      return row.and("search", "grid").and("points", cell.points)
          .and("converged", converges(trial, cell.points, cell, replicate));
    }
    Threshold.Search found =
        Threshold.search(
            cell.dimension, 40 * cell.dimension, points -> converges(trial, points, cell, replicate));
    return row.and("search", "bisection").and("threshold", found.points())
        .and("trainings", found.trainings())
        .and("within", found.within());
  }

  private static boolean converges(Trial trial, int points, Cell cell, int replicate) {
    ShallowNetwork start = Starts.lawS(trial, points, cell.dimension, cell.neurons, replicate);
    return Training.reached(
        Training.until(
            Training.goal(points), cell.way, Training.training(start, cell.way, Training.cap(points, cell.neurons))));
  }
}
