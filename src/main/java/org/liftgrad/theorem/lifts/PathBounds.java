package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.TangentFeatures;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** G2 and G3: how long a path is and how fast the loss falls on it, with c and ε measured along that path. */
final class PathBounds {

  private static final double ROUNDING = 1e-6;
  /** What the control leaves of the readout's gradient. */
  private static final double SLOWED = 0.01;

  private static final String ROOT = "length over √(t (L(0) − L(t)))";
  private static final String LENGTH = "length over that of the largest c";
  private static final String LOCAL_LENGTH = "length over that of c along the path";
  private static final String TIME = "time over that of the largest c";
  private static final String LOCAL_TIME = "time over that of c along the path";
  private static final String FIXED_TIME = "time over that of a fixed readout";

  private PathBounds() {}

  static Check length() {
    return Check.named("lifts/G2", "How long a path is", "lifts/lemma-2.6", "lifts/lemma-2.7", "lifts/theorem-2.1")
        .asks(
            "Is the path at most √(t (L(0) − L(t))) long, and at most c log((√L(0) − √ε)/(√L(t) − √ε)), for the c that is measured along"
                + " it?")
        .holdsIf(
            "in no run is the path longer than any of these three, to 1e-6: the root, the bound with the largest c so far (lemma 2.6), the"
                + " one with c as it changes along the path (lemma 2.7)")
        .control("the mechanism: a gradient with a factor 2 too many, so that the flow is twice as fast", "the factor 2")
        .plan(Scale.QUICK, plan(List.of(32, 64), 7, 8, 1))
        .plan(Scale.PAPER, plan(List.of(8, 32, 128, 512), 11, 24, 12))
        .plan(Scale.BEYOND, plan(List.of(8, 32, 128, 512, 2048), 11, 48, 30))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    ProductFlows.runs(plan), 1, "as t → 0 the length is √2 times the root, in every run"))
        .runs(trial -> run(trial, true));
  }

  static Check time() {
    return Check.named("lifts/G3", "How fast the loss falls", "lifts/lemma-2.5", "lifts/lyapunov", "lifts/theorem-2.1")
        .asks("Is L(t) under the curve that lemma 2.5 gives for the c measured along the path, and under that of a fixed readout?")
        .holdsIf(
            "in no run a level of the loss is reached later than any of these three say, to 1e-6: lemma 2.5 with the largest c so far, with c"
                + " as it changes, and the Lyapunov argument with a readout fixed at the start, as long as that says something")
        .control("the mechanism: the readout's gradient is a hundredth of what it should be", "the factor 0.01")
        .plan(Scale.QUICK, plan(List.of(32, 64), 7, 8, 1))
        .plan(Scale.PAPER, plan(List.of(8, 32, 128, 512), 11, 24, 12))
        .plan(Scale.BEYOND, plan(List.of(8, 32, 128, 512, 2048), 11, 48, 30))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(ProductFlows.runs(plan), 0.75, "18 of 24 runs at n = 32 and 64, seed 1000"))
        .runs(trial -> run(trial, false));
  }

  private static Parameters plan(List<Integer> widths, int grid, int states, int runs) {
    return ProductFlows.plan(widths, grid, 1e-9, runs)
        .number("floor", 0.01, 1e-9, 0.999, "ε as a share of L(0); under the level at which a flow ends")
        .whole("states", states, 2, 10_000, "states of a path at which c is measured, equally far from each other");
  }

  /** The states of a path. */
  private static final class Memory implements MeasuredFlow.Witness {
    private final List<MeasuredFlow.Moment> moments = new ArrayList<>();
    private final List<double[]> states = new ArrayList<>();

    @Override
    public void at(MeasuredFlow.Moment moment, double[] parameters) {
      moments.add(moment);
      states.add(parameters.clone());
    }

    /** The start, the end, and those nearest after equal lengths between. */
    List<Integer> spread(int number) {
      double whole = moments.get(moments.size() - 1).length();
      List<Integer> chosen = new ArrayList<>();
      int next = 0;
      for (int k = 0; k < number; k++) {
        while (next < moments.size() - 1 && moments.get(next).length() < whole * k / (number - 1)) {
          next++;
        }
        if (chosen.isEmpty() || chosen.get(chosen.size() - 1) != next) {
          chosen.add(next);
        }
      }
      return chosen;
    }
  }

  /** Measured figures over their bounds, at their largest along a path. */
  private record Bounds(
      double largest, double root, double length, double localLength, double time, double localTime, double fixedTime,
      double lastOfFixed) {
    boolean lengthHolds() {
      return root <= 1 + ROUNDING && length <= 1 + ROUNDING && localLength <= 1 + ROUNDING;
    }

    boolean timeHolds() {
      return time <= 1 + ROUNDING && localTime <= 1 + ROUNDING && fixedTime <= 1 + ROUNDING;
    }
  }

  private static Bounds bounds(Memory memory, MeasuredFlow.Course course, Parameters plan) {
    List<MeasuredFlow.Moment> moments = memory.moments;
    double start = moments.get(0).loss();
    double floor = plan.number("floor") * start;
    double e = Math.sqrt(floor);
    double h0 = Math.sqrt(start);
    double root = 0;
    for (MeasuredFlow.Moment moment : moments.subList(1, moments.size())) {
      root = Math.max(root, moment.length() / Math.sqrt(moment.time() * (start - moment.loss())));
    }
    double largest = 0;
    double length = 0;
    double localLength = 0;
    double time = 0;
    double localTime = 0;
    double sumOfLengths = 0;
    double sumOfTimes = 0;
    double before = 0;
    MeasuredFlow.Moment last = moments.get(0);
    for (int at : memory.spread(plan.whole("states"))) {
      MeasuredFlow.Moment moment = moments.get(at);
      LiftedNetwork network = course.start().withParameters(memory.states.get(at));
      double c = TangentFeatures.of(network, course.task()).normFor(floor);
      largest = Math.max(largest, c);
      if (at > 0) {
        sumOfLengths += (moment.length() - last.length()) * 0.5 * (1 / before + 1 / c);
        sumOfTimes += (moment.time() - last.time()) * (1 / (before * before) + 1 / (c * c));
        double h = Math.sqrt(moment.loss());
        double fall = StrictMath.log((h0 - e) / (h - e));
        double rise = delay(h, e) - delay(h0, e);
        length = Math.max(length, moment.length() / (largest * fall));
        localLength = Math.max(localLength, sumOfLengths / fall);
        time = Math.max(time, moment.time() / (0.5 * largest * largest * rise));
        localTime = Math.max(localTime, sumOfTimes / rise);
      }
      before = c;
      last = moment;
    }
    FixedReadout readout = FixedReadout.of(course.start(), course.task(), floor);
    double whole = readout.squaredDistance(memory.states.get(0));
    double worst = 0;
    double fixedTime = 0;
    double lastOfFixed = start;
    for (int k = 0; k < moments.size(); k++) {
      worst = Math.max(worst, readout.error(memory.states.get(k)));
      double h = Math.sqrt(moments.get(k).loss());
      if (h > worst) {
        fixedTime = Math.max(fixedTime, moments.get(k).time() * 4 * h * (h - worst) / whole);
        lastOfFixed = moments.get(k).loss();
      }
    }
    return new Bounds(largest, root, length, localLength, time, localTime, fixedTime, lastOfFixed / start);
  }

  /** Ψ of lemma 2.5. */
  private static double delay(double h, double e) {
    return 1 / (e * (h - e)) + StrictMath.log((h - e) / h) / (e * e);
  }

  private static Row row(Trial trial, ProductFlows.Cell cell, int replicate, boolean ofLength) {
    Parameters plan = trial.parameters();
    MeasuredFlow.Course plain = ProductFlows.course(ProductFlows.network(trial, cell, replicate), plan);
    MeasuredFlow.Course course =
        !trial.controlled()
            ? plain
            : ofLength
                ? plain.drivenBy(ProductFlows.scaled(plain.task(), 2), 2 * plain.loss())
                : plain.at(ProductFlows.rates(plain.start().lift(), 1, SLOWED));
    MeasuredFlow.Twice<Memory> twice = MeasuredFlow.twice(course, plan.number("tolerance"), Memory::new);
    Bounds bounds = bounds(twice.witness(), course, plan);
    Bounds finer = bounds(twice.finer(), course, plan);
    boolean same =
        ofLength ? bounds.lengthHolds() == finer.lengthHolds() : bounds.timeHolds() == finer.timeHolds();
    return Resolution.into(
        Row.start()
            .and("width", cell.width())
            .and("law", cell.law())
            .and("run", replicate)
            .and("time", twice.coarse().last().time())
            .and("L over L(0)", twice.coarse().last().loss() / twice.coarse().moments().get(0).loss())
            .and("length", twice.coarse().last().length())
            .and("largest c", bounds.largest)
            .and(ROOT, bounds.root)
            .and(LENGTH, bounds.length)
            .and(LOCAL_LENGTH, bounds.localLength)
            .and(TIME, bounds.time)
            .and(LOCAL_TIME, bounds.localTime)
            .and(FIXED_TIME, bounds.fixedTime)
            .and("a fixed readout speaks down to L over L(0)", bounds.lastOfFixed)
            .and("holds", ofLength ? bounds.lengthHolds() : bounds.timeHolds()),
        twice.change(), same);
  }

  private static Finding run(Trial trial, boolean ofLength) {
    Parameters plan = trial.parameters();
    List<Row> rows =
        trial.runs(ProductFlows.cells(plan), plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate, ofLength));
    List<String> columns = ofLength ? List.of(ROOT, LENGTH, LOCAL_LENGTH) : List.of(TIME, LOCAL_TIME, FIXED_TIME);
    double worst = columns.stream().mapToDouble(column -> most(rows, column)).max().orElseThrow();
    List<String> shares =
        columns.stream()
            .map(column -> column + ": " + Numbers.rounded(most(rows, column), 4) + " at most, " + Numbers.rounded(median(rows, column), 2) + " in the median")
            .toList();
    long silent = rows.stream().filter(row -> row.number("largest c") == Double.POSITIVE_INFINITY).count();
    Finding finding =
        Finding.judged(rows.stream().allMatch(row -> row.yes("holds")), rows)
            .measured((ofLength ? "length" : "time") + " over its bound, at its largest", worst)
            .predicted(1)
            .explained(
                "Over " + rows.size() + " runs, " + String.join("; ", shares) + "."
                    + (silent == 0 ? "" : " In " + silent + " runs some state has no tangent step down to ε, and the largest c says nothing.")
                    + (ofLength
                        ? ""
                        : " A readout fixed at the start says something down to L = "
                            + Numbers.rounded(median(rows, "a fixed readout speaks down to L over L(0)"), 2) + " L(0), in the median."))
            .figure(
                Plot.plot(Row.table(ofLength ? "G2" : "G3", rows)).x("width").points(columns.toArray(String[]::new)).bound("bound", 1)
                    .logLog().title(ofLength ? "Lengths of paths over their bounds" : "Times over their bounds"));
    return Resolution.guarding(finding);
  }

  private static double most(List<Row> rows, String column) {
    return rows.stream().mapToDouble(row -> row.number(column)).max().orElseThrow();
  }

  private static double median(List<Row> rows, String column) {
    return Summary.median(rows.stream().mapToDouble(row -> row.number(column)).toArray());
  }
}
