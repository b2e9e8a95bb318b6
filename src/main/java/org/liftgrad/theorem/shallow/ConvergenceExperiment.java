package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.hipparchus.special.Beta;
import org.hipparchus.util.CombinatoricsUtils;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Interval;
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
import org.liftgrad.theorem.shallow.Training.Way;

/** E1a: experiment 1.0 again, the share of runs that meet the stopping rule before the cap. */
final class ConvergenceExperiment {

  private static final double LEVEL = 0.99;
  /** One published share may be outside where so many are compared; of fewer, none. */
  private static final int SIZES_FOR_ONE_OUTSIDE = 10;
  /** The threshold is judged where so many sizes lie in the transition. */
  private static final int SIZES_FOR_THRESHOLD = 4;
  private static final int TRANSITION_FROM = 1500;
  private static final int TRANSITION_TO = 1800;
  private static final double EPSILON = 0.05;

  private ConvergenceExperiment() {}

  static Check check() {
    return Check.named("shallow/E1a", "Experiment 1.0: how many points are learned", "shallow/experiment-1.0")
        .asks("Do the authors' settings give the authors' shares of runs that reach L < 1/(2n) before their cap, at d = 100?")
        .holdsIf(
            "the published share lies in the " + Numbers.rounded(100 * LEVEL, 3) + " % interval of Agresti and Caffo around ours"
                + " (one exception among " + SIZES_FOR_ONE_OUTSIDE + " sizes or more), and, where at least " + SIZES_FOR_THRESHOLD
                + " sizes lie in " + TRANSITION_FROM + " to " + TRANSITION_TO + ", the fitted threshold is "
                + Numbers.rounded(Published.THRESHOLD, 6) + " ± " + Numbers.rounded(Published.THRESHOLD_MARGIN, 3)
                + "; descent is judged, or the flow where it is asked for alone")
        .control("the mechanism: the factor p of θ' = −p∇L is left out", "steps 1/p as long; no run reaches the goal")
        .plan(Scale.QUICK, plan(List.of(1300, 1800), 2, List.of("descent"), List.of(1300), 1))
        .plan(
            Scale.PAPER,
            plan(Published.sizes(), Published.RUNS, List.of("descent", "flow"), List.of(1300, 1500, 1600, 1700, 1800, 1900, 2000), 10))
        .plan(
            Scale.BEYOND,
            plan(Published.sizes(), 500, List.of("descent", "flow"), Published.sizes(), Published.RUNS))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(ConvergenceExperiment::assurance)
        .runs(ConvergenceExperiment::run);
  }

  private static Parameters plan(
      List<Integer> points, int runs, List<String> by, List<Integer> flowPoints, int flowRuns) {
    return Parameters.none()
        .wholes("points", points, 2, 10_000, "numbers of points n; 1300, 1350 … 2100 are published")
        .whole("runs", runs, 1, 100_000, "runs a size by descent, each with data and start of its own")
        .words("by", by, List.of("descent", "flow"), "descent: step 1 on p L, as the authors; flow: exact, from the same starts")
        .wholes("flowPoints", flowPoints, 2, 10_000, "those of the points that the flow is run at, where there are others by descent")
        .whole("flowRuns", flowRuns, 1, 100_000, "runs a size by the flow");
  }

  private record Cell(int points, int neurons, Way way) {}

  private static int runs(Parameters plan, Way way) {
    return plan.whole(way == Way.DESCENT ? "runs" : "flowRuns");
  }

  private static List<Cell> cells(Parameters plan, Way way) {
    List<Integer> followed = Arrays.stream(plan.wholes("flowPoints")).boxed().toList();
    boolean all = way == Way.DESCENT || !Way.DESCENT.in(plan);
    return !way.in(plan)
        ? List.of()
        : Arrays.stream(plan.wholes("points"))
            .filter(points -> all || followed.contains(points))
            .mapToObj(points -> new Cell(points, Width.widthFor(points, EPSILON), way))
            .toList();
  }

  /** What the verdict is about: descent, where it is asked for. */
  private static Way judged(Parameters plan) {
    return Way.DESCENT.in(plan) ? Way.DESCENT : Way.FLOW;
  }

  private static List<Integer> compared(Parameters plan) {
    return Arrays.stream(plan.wholes("points")).boxed().distinct().filter(Published.shares()::containsKey).toList();
  }

  private static int allowed(int sizes) {
    return sizes >= SIZES_FOR_ONE_OUTSIDE ? 1 : 0;
  }

  private static boolean judgesThreshold(Parameters plan) {
    return Arrays.stream(plan.wholes("points"))
            .distinct()
            .filter(points -> points >= TRANSITION_FROM && points <= TRANSITION_TO)
            .count()
        >= SIZES_FOR_THRESHOLD;
  }

  private static boolean outside(Proportion ours, Proportion theirs) {
    return !ours.minus(theirs, LEVEL).contains(0);
  }

  // ---------------------------------------------------------------- beforehand

  private static Assurance assurance(Parameters plan) {
    int runs = runs(plan, judged(plan));
    List<Integer> sizes = compared(plan);
    int allowed = allowed(sizes.size());
    double[] chances = new double[allowed + 2]; // of 0, 1 … sizes outside; the last holds all that is more
    chances[0] = 1;
    int told = 0;
    for (int points : sizes) {
      Proportion theirs = Published.shares().get(points);
      double miss = missed(theirs, runs);
      for (int k = allowed + 1; k >= 0; k--) {
        chances[k] = chances[k] * (k > allowed ? 1 : 1 - miss) + (k > 0 ? chances[k - 1] * miss : 0);
      }
      told += outside(new Proportion(0, runs), theirs) ? 1 : 0;
    }
    boolean threshold = judgesThreshold(plan);
    double offThreshold = threshold ? offThreshold(plan, runs) : 0;
    return new Assurance(
        Math.min(1, chances[allowed + 1] + offThreshold),
        told > allowed ? 1 : 0,
        "False alarm: behind each published share lies a probability of Jeffreys' beta law, ours are counts of the same one, and the"
            + " chances that an interval misses are put together; "
            + (threshold
                ? "the threshold is off with probability " + Numbers.rounded(offThreshold, 2) + ", by the information of both experiments. "
                : "the threshold is not judged by this plan. ")
            + "With the control in place no run reached the goal (n = 1300 and 2100, seed 1000), which is told apart at "
            + told + " of " + sizes.size() + " published sizes.");
  }

  /** The chance that our interval misses a published share though both have one probability behind them. */
  private static double missed(Proportion theirs, int runs) {
    double a = theirs.successes() + 0.5;
    double b = theirs.trials() - theirs.successes() + 0.5;
    double sum = 0;
    for (int k = 0; k <= runs; k++) {
      if (outside(new Proportion(k, runs), theirs)) {
        sum +=
            StrictMath.exp(
                CombinatoricsUtils.binomialCoefficientLog(runs, k) + Beta.logBeta(a + k, b + runs - k) - Beta.logBeta(a, b));
      }
    }
    return Math.min(1, sum);
  }

  private static double offThreshold(Parameters plan, int runs) {
    double variance =
        variance(Arrays.stream(plan.wholes("points")).distinct().toArray(), runs)
            + variance(Published.sizes().stream().mapToInt(Integer::intValue).toArray(), Published.RUNS);
    return 2 * new NormalDistribution().cumulativeProbability(-Published.THRESHOLD_MARGIN / Math.sqrt(variance));
  }

  /** Of the fitted threshold, where the published curve is the truth: from Fisher's information of threshold and slope. */
  private static double variance(int[] sizes, int runs) {
    Logistic curve = Published.curve();
    double threshold = curve.threshold(0.5);
    double w = 0;
    double wx = 0;
    double wxx = 0;
    for (int points : sizes) {
      double p = curve.probability(points);
      double weight = runs * p * (1 - p);
      w += weight;
      wx += weight * (points - threshold);
      wxx += weight * (points - threshold) * (points - threshold);
    }
    return wxx / (w * wxx - wx * wx) / (curve.slope() * curve.slope());
  }

  // ---------------------------------------------------------------- the runs

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows = new ArrayList<>();
    Map<Way, Map<Integer, Proportion>> shares = new LinkedHashMap<>();
    for (Way way : Way.values()) {
      List<Cell> cells = cells(plan, way);
      if (cells.isEmpty()) {
        continue;
      }
      int runs = runs(plan, way);
      List<Row> found = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
      Map<Integer, Proportion> ofWay = new LinkedHashMap<>();
      for (int c = 0; c < cells.size(); c++) {
        ofWay.put(cells.get(c).points, Row.share(found.subList(c * runs, (c + 1) * runs), "converged"));
      }
      shares.put(way, ofWay);
      rows.addAll(found);
    }
    Map<Integer, Proportion> ours = shares.get(judged(plan));
    List<Integer> compared = compared(plan);
    List<String> outside = new ArrayList<>();
    for (int points : compared) {
      if (outside(ours.get(points), Published.shares().get(points))) {
        outside.add("n = " + points + ": " + ours.get(points) + ", published " + Published.shares().get(points));
      }
    }
    boolean met = outside.size() <= allowed(compared.size());
    Optional<Logistic> curve = curve(ours);
    if (judgesThreshold(plan)) {
      met &=
          curve.isPresent()
              && Math.abs(curve.get().threshold(0.5) - Published.THRESHOLD) <= Published.THRESHOLD_MARGIN;
    }
    String text =
        (compared.isEmpty()
                ? "None of these sizes is published."
                : (compared.size() - outside.size()) + " of " + compared.size() + " published shares lie in our intervals"
                    + (outside.isEmpty() ? "." : "; outside: " + String.join("; ", outside) + "."))
            + shares.entrySet().stream().map(each -> " By " + each.getKey() + ": " + crossing(each.getValue()) + ".").reduce("", String::concat)
            + pairs(rows);
    Finding finding = compared.isEmpty() ? Finding.reported(rows) : Finding.judged(met, rows);
    if (curve.isPresent()) {
      finding =
          finding
              .measured("the n at which half the runs reach L < 1/(2n) before the cap", curve.get().threshold(0.5))
              .interval(curve.get().thresholdInterval(0.5, 0.95));
    } else {
      Proportion first = ours.values().iterator().next();
      finding =
          finding.measured("the share at n = " + ours.keySet().iterator().next(), first.estimate()).interval(first.wilson(0.95));
    }
    return (curve.isPresent() ? finding.predicted(Published.THRESHOLD) : finding)
        .explained(text)
        .figure(figure(shares));
  }

  /** Nothing where a threshold cannot be seen. */
  private static Optional<Logistic> curve(Map<Integer, Proportion> shares) {
    long good = shares.values().stream().filter(each -> each.successes() > 0).count();
    long bad = shares.values().stream().filter(each -> each.successes() < each.trials()).count();
    return shares.size() < 2 || good == 0 || bad == 0
        ? Optional.empty()
        : Optional.of(
            Logistic.fit(
                shares.keySet().stream().mapToDouble(Integer::doubleValue).toArray(), List.copyOf(shares.values())));
  }

  private static String crossing(Map<Integer, Proportion> shares) {
    Optional<Logistic> curve = curve(shares);
    if (curve.isEmpty()) {
      return "no threshold between these sizes";
    }
    Interval interval = curve.get().thresholdInterval(0.5, 0.95);
    return "threshold " + Numbers.rounded(curve.get().threshold(0.5), 5) + " (" + Numbers.rounded(interval.lower(), 5) + " to "
        + Numbers.rounded(interval.upper(), 5) + ")";
  }

  /** How often descent and flow end differently from one start. */
  private static String pairs(List<Row> rows) {
    Map<String, Boolean> descents = new LinkedHashMap<>();
    rows.stream()
        .filter(row -> row.text("by").equals(Way.DESCENT.toString()))
        .forEach(row -> descents.put(row.whole("points") + " " + row.whole("run"), row.yes("converged")));
    int pairs = 0;
    int differing = 0;
    for (Row row : rows) {
      Boolean other = descents.get(row.whole("points") + " " + row.whole("run"));
      if (row.text("by").equals(Way.FLOW.toString()) && other != null) {
        pairs++;
        differing += other != row.yes("converged") ? 1 : 0;
      }
    }
    return pairs == 0 ? "" : " From the same start descent and flow ended differently in " + differing + " of " + pairs + " pairs.";
  }

  private static Figure figure(Map<Way, Map<Integer, Proportion>> shares) {
    double[] x = Published.sizes().stream().mapToDouble(Integer::doubleValue).toArray();
    Figure figure =
        Plot.plot(x, x).points("published", x, Published.shares().values().stream().mapToDouble(Proportion::estimate).toArray());
    for (Map.Entry<Way, Map<Integer, Proportion>> each : shares.entrySet()) {
      Map<Integer, Proportion> ofWay = each.getValue();
      double[] at = ofWay.keySet().stream().mapToDouble(Integer::doubleValue).toArray();
      figure =
          figure.points(each.getKey().toString(), at, ofWay.values().stream().mapToDouble(Proportion::estimate).toArray());
      Optional<Logistic> curve = curve(ofWay);
      if (curve.isPresent() && !curve.get().separated()) {
        double[] fine = new double[201];
        double least = Math.min(at[0], x[0]);
        double most = Math.max(at[at.length - 1], x[x.length - 1]);
        Arrays.setAll(fine, k -> least + (most - least) * k / 200);
        figure =
            figure.line(each.getKey() + ", fitted", fine, Arrays.stream(fine).map(curve.get()::probability).toArray());
      }
    }
    return figure.xLabel("n").yLabel("share that stops in time").yRange(0, 1.02).title("Experiment 1.0, d = 100");
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    ShallowNetwork start = Starts.lawS(trial, cell.points, Published.DIMENSION, cell.neurons, replicate);
    double cap = Training.cap(cell.points, cell.neurons);
    GradientFlow training =
        trial.controlled() ? Training.withoutFactor(start, cell.way, cap) : Training.training(start, cell.way, cap);
    Solution end = Training.until(Training.goal(cell.points), cell.way, training);
    return Training.row(start, cell.way, replicate)
        .and("cap", cap)
        .and("converged", Training.reached(end))
        .and("time", end.time())
        .and("remaining loss", end.loss() / start.loss())
        .and("ending", end.ending().toString());
  }
}
