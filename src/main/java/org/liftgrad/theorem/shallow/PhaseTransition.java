package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.GroupFlow;
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

/**
 * T2a, T2c and T2d: Theorem 2 in closed form, at any n that a double can hold. Each n of a plan is one cell;
 * where a plan has fewer than three, n² and n⁴ of its largest are added, or its square and fourth roots where that is
 * at least 10⁴⁸, so that an exponent in log n or in n can always be fitted.
 */
final class PhaseTransition {

  /** From here on the next terms of the limit, of order 1/√n beside 1/log n, are a tenth of it at most. */
  private static final double LEAST_POINTS = 1e4;
  /** By then they are far below the 2 % of the rules. */
  private static final double LEAST_LARGEST = 1e12;
  /** From here on powers of n would leave the range of doubles, and its fourth root is large enough. */
  private static final double LEAST_TO_GO_DOWN = 1e48;
  /** Where the file asks for the width to be within 2 %; elsewhere as much as 1/log n makes of that. */
  private static final double FILE_POINTS = 1e40;
  private static final double FILE_WIDTH = 0.02;
  /** Rounding of an exponent that is fitted to figures without noise. */
  private static final double ROUNDING = 1e-6;

  private static final double LEVEL = 0.95;
  /** Places at which an interval of time is looked at. */
  private static final int PIECES = 4000;

  private PhaseTransition() {}

  private static Check.Draft planned(Check.Draft draft) {
    List<Double> file = List.of(1e4, 1e6, 1e8, 1e12, 1e18, 1e27, 1e40);
    List<Double> beyond = List.of(1e4, 1e6, 1e8, 1e12, 1e18, 1e27, 1e40, 1e80);
    return draft
        .control(
            "the hypothesis that ‖D_j‖/√n tends to d_j: here ‖D_j‖ = d_j n^¼, as for groups of √n points",
            "an exponent off by 0.25")
        .plan(Scale.QUICK, plan(file))
        .plan(Scale.PAPER, plan(file))
        .plan(Scale.BEYOND, plan(beyond))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .recorded(Scale.BEYOND, Verdict.HOLDS)
        .assured(PhaseTransition::assurance);
  }

  private static Parameters plan(List<Double> points) {
    return Parameters.none()
        .numbers("n", points, 2, Double.MAX_VALUE, "numbers of points")
        .numbers("targets", List.of(Math.sqrt(2), Math.sqrt(0.5)), 1e-6, 1e6, "d_j = ‖D_j‖/√n, one a group and neuron")
        .number("squaredNorm", 1, 1e-100, 1e100, "v(0), the squared norm of every neuron at the start")
        .number("fraction", 0.1, 1e-6, 0.49, "ε: a drop lasts from 1 − ε to ε of a group's loss");
  }

  private static Assurance assurance(Parameters plan) {
    double least = Arrays.stream(plan.numbers("n")).min().orElseThrow();
    boolean large = least >= LEAST_POINTS && largest(plan) >= StrictMath.log(LEAST_LARGEST);
    boolean usual = plan.numbers("targets").length <= 10 && relativeStart(plan) <= 10;
    return new Assurance(
        large && usual ? 0 : 1,
        1,
        "Deterministic: a closed form without anything drawn. "
            + (large && usual
                ? "With the control in place T is off by n^¼."
                : "The statement is about n → ∞ with all else fixed: with an n below 10⁴, none (of those added where fewer than three are said) from 10¹² on, more than ten groups, or a start"
                    + " more than a factor of ten from p d_j, the rule is for larger n."));
  }

  /** How far p d_j/v(0) is from 1, as a factor: its logarithm over log n is the correction to every time. */
  private static double relativeStart(Parameters plan) {
    double[] targets = plan.numbers("targets");
    return Arrays.stream(targets)
        .map(d -> Math.abs(StrictMath.log(targets.length * d / plan.number("squaredNorm"))))
        .map(StrictMath::exp)
        .max()
        .orElseThrow();
  }

  /** log n of the plan, ascending, with those that are added where there are fewer than three. */
  private static double[] logPoints(Parameters plan) {
    double[] said =
        Arrays.stream(plan.numbers("n")).map(StrictMath::log).distinct().sorted().toArray();
    if (said.length >= 3) {
      return said;
    }
    double largest = said[said.length - 1];
    double factor = largest >= StrictMath.log(LEAST_TO_GO_DOWN) ? 0.5 : 2;
    return DoubleStream.concat(Arrays.stream(said), DoubleStream.of(factor * largest, factor * factor * largest))
        .distinct()
        .sorted()
        .toArray();
  }

  private static double largest(Parameters plan) {
    double[] logs = logPoints(plan);
    return logs[logs.length - 1];
  }

  /** The targets as they are at this n: those of the plan, or the control's. */
  private static GroupFlow flow(Trial trial, double logPoints) {
    double shrunk = trial.controlled() ? StrictMath.exp(-logPoints / 4) : 1;
    double[] targets = Arrays.stream(trial.parameters().numbers("targets")).map(d -> d * shrunk).toArray();
    return GroupFlow.targets(targets).squaredNorm(trial.parameters().number("squaredNorm")).logPoints(logPoints);
  }

  /** The same groups at the same n with the targets of the plan: what the statement predicts. */
  private static double limitTime(Trial trial, int group) {
    return 1 / (4 * trial.parameters().numbers("targets")[group]);
  }

  private static Row cell(GroupFlow flow) {
    return Row.start()
        .and("n", StrictMath.exp(flow.logPoints()))
        .and("log n", flow.logPoints());
  }

  private static Finding outside(Trial trial, Finding finding) {
    double[] targets = trial.parameters().numbers("targets");
    if (Arrays.stream(targets).distinct().count() < targets.length) {
      finding = finding.outside("the d_j are distinct: two are equal");
    }
    return trial.controlled() ? finding.outside("‖D_j‖/√n → d_j, by the factor n^−¼") : finding;
  }

  // ---------------------------------------------------------------- T2a

  static Check times() {
    return planned(Check.named("shallow/T2a", "When each group is learned, and how sharply", "shallow/theorem-2"))
        .asks("Is group j learned at t_j = √n log n/(4d_j) up to a share of order 1/log n, within a relative width of order 1/log n?")
        .holdsIf(
            "for every group the 95 % interval of the exponent of |t(½) 4d_j/(√n log n) − 1| in log n contains −1 (to 1e-6),"
                + " and (t(ε) − t(1 − ε))/t(½) · log n is within 2 % of its limit at n = 1e40, elsewhere at the largest n within"
                + " 2 % · log(1e40)/log n")
        .runs(PhaseTransition::runTimes);
  }

  private static Finding runTimes(Trial trial) {
    double[] logs = logPoints(trial.parameters());
    double fraction = trial.parameters().number("fraction");
    double limit = GroupFlow.limitWidth(fraction);
    int groups = trial.parameters().numbers("targets").length;
    List<Row> rows = new ArrayList<>();
    for (double log : logs) {
      GroupFlow flow = flow(trial, log);
      for (int j = 0; j < groups; j++) {
        double place = flow.timeOfRemaining(j, 0.5) / limitTime(trial, j);
        double width = flow.relativeWidth(j, fraction) * log;
        rows.add(
            cell(flow)
                .and("group", j)
                .and("T(1/2) over its limit", place)
                .and("miss of the place", Math.abs(place - 1))
                .and("width times log n", width)
                .and("width over its limit", width / limit));
      }
    }
    boolean met = true;
    double worst = 0;
    List<String> found = new ArrayList<>();
    for (int j = 0; j < groups; j++) {
      int group = j;
      List<Row> some = rows.stream().filter(row -> row.whole("group") == group).toList();
      double[] misses = some.stream().mapToDouble(row -> row.number("miss of the place")).toArray();
      double last = some.get(some.size() - 1).number("width over its limit") - 1;
      double allowed = FILE_WIDTH * StrictMath.log(FILE_POINTS) / logs[logs.length - 1];
      met &= Math.abs(last) <= allowed;
      worst = Math.abs(last) > Math.abs(worst) ? last : worst;
      String exponent = "nothing to fit, as it is at its limit";
      if (Arrays.stream(misses).allMatch(miss -> miss > 1e-12)) {
        Line line = Line.logLog(logs, misses);
        Interval interval = line.slopeInterval(LEVEL);
        met &= interval.lower() <= -1 + ROUNDING && interval.upper() >= -1 - ROUNDING;
        exponent = "exponent " + Numbers.rounded(line.slope(), 4) + " " + interval;
      }
      found.add(
          "group " + j + ": " + exponent + ", width · log n off by " + Numbers.rounded(100 * last, 3) + " % of its limit (allowed "
              + Numbers.rounded(100 * allowed, 3) + " %)");
    }
    Figure figure =
        Plot.plot(Row.table("T2a", rows)).x("log n").by("group").points("miss of the place").slope("∝ 1/log n", -1).logLog()
            .yLabel("|t(1/2) · 4d/(√n log n) − 1|").title("Distance of t(1/2) from its limit");
    return outside(
        trial,
        Finding.judged(met, rows)
            .measured("width · log n over its limit, minus 1, of the group that is furthest off at the largest n", worst)
            .predicted(0)
            .explained(
                "From n = " + magnitude(logs[0]) + " to " + magnitude(logs[logs.length - 1])
                    + ": " + String.join("; ", found) + ". The limit of the width · log n is " + Numbers.rounded(limit, 5)
                    + ".")
            .figure(figure));
  }

  // ---------------------------------------------------------------- T2c

  static Check steps() {
    return planned(Check.named("shallow/T2c", "The loss becomes a staircase", "shallow/theorem-2"))
        .asks("Does the loss tend to the step function, at a distance of order 1/log n?")
        .holdsIf(
            "log n times ∫ |L − limit| over L(0), in the time 4t/(√n log n) and up to twice the last jump, is within a factor of two of"
                + " its limit at every n, and within 2 % of it at the largest")
        .runs(PhaseTransition::runSteps);
  }

  private static Finding runSteps(Trial trial) {
    double[] logs = logPoints(trial.parameters());
    double[] targets = trial.parameters().numbers("targets");
    double[] distances = new double[logs.length];
    double predicted = limitDistance(targets, trial.parameters().number("squaredNorm"));
    List<Row> rows = new ArrayList<>();
    double[] jumps = new double[targets.length];
    Arrays.setAll(jumps, j -> limitTime(trial, j));
    for (int k = 0; k < logs.length; k++) {
      GroupFlow flow = flow(trial, logs[k]);
      distances[k] = distance(flow, targets, jumps) * logs[k];
      rows.add(cell(flow).and("distance times log n", distances[k]).and("over its limit", distances[k] / predicted));
    }
    double last = distances[logs.length - 1];
    boolean met =
        Math.abs(last / predicted - 1) <= 0.02
            && Arrays.stream(distances).allMatch(each -> each >= predicted / 2 && each <= 2 * predicted);
    return outside(
        trial,
        Finding.judged(met, rows)
            .measured("log n times the distance to the step function, over L(0), at the largest n", last)
            .predicted(predicted)
            .explained(
                "From n = " + magnitude(logs[0]) + " to " + magnitude(logs[logs.length - 1]) + " log n times the distance goes from "
                    + Numbers.rounded(distances[0], 4) + " to " + Numbers.rounded(last, 6) + "; its limit, worked out from d_j and v(0), is "
                    + Numbers.rounded(predicted, 6) + ".")
            .figure(
                Plot.plot(Row.table("T2c", rows)).x("log n").points("distance times log n").logX().bound("limit", predicted)
                    .title("Distance of the loss to its steps, times log n")));
  }

  /** ∫ |L − limit| d(4T)/L(0) up to twice the last jump, by the midpoint rule between jumps. */
  private static double distance(GroupFlow flow, double[] targets, double[] jumps) {
    double[] ends = Arrays.stream(jumps).sorted().distinct().toArray();
    double start = 0;
    double sum = 0;
    for (int piece = 0; piece <= ends.length; piece++) {
      double end = piece < ends.length ? ends[piece] : 2 * start;
      double limit = 0;
      for (int j = 0; j < targets.length; j++) {
        limit += jumps[j] > start ? targets[j] * targets[j] / 2 : 0;
      }
      double step = (end - start) / PIECES;
      for (int k = 0; k < PIECES; k++) {
        sum += Math.abs(flow.loss(start + (k + 0.5) * step) - limit) * step;
      }
      start = end;
    }
    double all = Arrays.stream(targets).map(d -> d * d / 2).sum();
    return 4 * sum / all;
  }

  /**
   * With u = 2d(T − t) log n around its own time t, group j has 1 − q = 1/(1 + e^u), and its jump is at
   * u = −log b, b = p d/v(0). So ∫ |(1 − q)² − step| du = log(1 + b) + log(1 + 1/b) + 1 − 2b/(1 + b).
   */
  private static double limitDistance(double[] targets, double squaredNorm) {
    double sum = 0;
    double all = 0;
    for (double d : targets) {
      double b = targets.length * d / squaredNorm;
      sum += d * (StrictMath.log1p(b) + StrictMath.log1p(1 / b) + 1 - 2 * b / (1 + b));
      all += d * d / 2;
    }
    return sum / all;
  }

  // ---------------------------------------------------------------- T2d

  static Check curvature() {
    return planned(Check.named("shallow/T2d", "The curvature peaks at every drop", "shallow/theorem-2"))
        .asks("Does each group's curvature go from 4v(0)/(np) to 4‖D_j‖/n, and has the whole a peak of order 1/√n near each t_j, with a dip between?")
        .holdsIf(
            "μ_j starts at 4v(0)/(np) and ends at 4d_j/√n, to 1e-9, at every n; at the largest n there is exactly one local maximum of"
                + " μ between neighbouring plateaus, for every group but the last, whose rise ends at 4d/√n; and the maxima go with n to"
                + " powers within 0.05 of −1/2")
        .runs(PhaseTransition::runCurvature);
  }

  private static Finding runCurvature(Trial trial) {
    double[] logs = logPoints(trial.parameters());
    double[] targets = trial.parameters().numbers("targets");
    int groups = targets.length;
    Integer[] order = new Integer[groups];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, (i, j) -> Double.compare(targets[j], targets[i]));
    List<Row> rows = new ArrayList<>();
    boolean ends = true;
    int merged = 0;
    boolean shapes = true;
    double[][] logPeaks = new double[groups][logs.length];
    double[][] logDips = new double[groups - 1][logs.length];
    for (int k = 0; k < logs.length; k++) {
      GroupFlow flow = flow(trial, logs[k]);
      for (int j = 0; j < groups; j++) {
        double start = 4 * trial.parameters().number("squaredNorm") / groups * StrictMath.exp(-logs[k] / 2);
        ends &= near(flow.rootCurvature(j, 0), start);
        ends &= near(flow.rootCurvature(j, 100 * flow.timeOfRemaining(j, 0.5)), 4 * targets[j]);
      }
      for (int place = 0; place < groups; place++) {
        Peak peak = Peak.of(flow, order, place);
        boolean single = peak.maxima() == (place == groups - 1 ? 0 : 1);
        shapes &= k < logs.length - 1 || single;
        merged += single ? 0 : 1;
        logPeaks[place][k] = StrictMath.log(peak.height()) - logs[k] / 2;
        if (place < groups - 1) {
          logDips[place][k] = StrictMath.log(peak.dipAfter()) - logs[k] / 2;
        }
        rows.add(
            cell(flow)
                .and("group", (int) order[place])
                .and("√n μ at the peak", peak.height())
                .and("time of the peak over t(1/2)", peak.time() / flow.timeOfRemaining(order[place], 0.5))
                .and("local maxima", peak.maxima())
                .and("√n μ at the dip after", peak.dipAfter()));
      }
    }
    boolean scaled = true;
    double worst = -0.5;
    List<String> found = new ArrayList<>();
    for (int place = 0; place < groups; place++) {
      double slope = Line.fit(logs, logPeaks[place]).slope();
      scaled &= Math.abs(slope + 0.5) <= 0.05;
      worst = Math.abs(slope + 0.5) > Math.abs(worst + 0.5) ? slope : worst;
      String dip = "";
      if (place < groups - 1) {
        double faster = targets[order[place]];
        double slower = targets[order[place + 1]];
        // Where the fall of the one, n^{1 − 4d₁T}, meets the rise of the other, n^{2d₂T − ½}.
        dip =
            " and in the dip after it n^" + Numbers.rounded(Line.fit(logs, logDips[place]).slope(), 4) + " (our prediction n^"
                + Numbers.rounded(-1 + 3 * slower / (4 * faster + 2 * slower), 4) + ")";
      }
      found.add("group " + order[place] + ": μ at the peak goes as n^" + Numbers.rounded(slope, 4) + dip);
    }
    Finding finding =
        Finding.judged(ends && shapes && scaled, rows)
            .measured("exponent in n of the peak that is furthest from its prediction", worst)
            .predicted(-0.5)
            .explained(
                "The ends of each group's curvature are " + (ends ? "" : "not ") + "those of the statement. The last group's drop is a"
                    + " rise to 4d/√n that is not left again; the others should have one maximum each, and in " + merged + " of "
                    + rows.size() + " cases, " + (shapes ? "none" : "some") + " of them at the largest n, that is not so. "
                    + String.join("; ", found) + ".")
            .figure(picture(flow(trial, logs[logs.length / 2])));
    return outside(trial, finding);
  }

  private static Figure picture(GroupFlow flow) {
    double end = 2 * Arrays.stream(times(flow)).max().orElseThrow();
    double[] time = new double[1000];
    double[] curvature = new double[time.length];
    for (int k = 0; k < time.length; k++) {
      time[k] = end * (k + 1) / time.length;
      curvature[k] = flow.rootCurvature(time[k]);
    }
    return Plot.plot(time, curvature).line("√n μ", time, curvature).event("half learned", times(flow)).logY()
        .xLabel("t / (√n log n)").yLabel("√n μ").title("Curvature at n = " + magnitude(flow.logPoints()));
  }

  private static double[] times(GroupFlow flow) {
    double[] times = new double[flow.groups()];
    Arrays.setAll(times, j -> flow.timeOfRemaining(j, 0.5));
    return times;
  }

  private static boolean near(double found, double expected) {
    return Math.abs(found / expected - 1) <= 1e-9;
  }

  /**
   * The curvature around the time at which one group is learned, from the middle of the plateau before to the middle of
   * the one after; of the last group, to three times its time.
   *
   * @param height the largest √n μ there
   * @param time where
   * @param maxima the number of local maxima inside
   * @param dipAfter the smallest √n μ from there to the next group's time; NaN for the last group
   */
  private record Peak(double height, double time, int maxima, double dipAfter) {
    static Peak of(GroupFlow flow, Integer[] order, int place) {
      double here = flow.timeOfRemaining(order[place], 0.5);
      boolean last = place == order.length - 1;
      double before = place == 0 ? 0 : flow.timeOfRemaining(order[place - 1], 0.5);
      double after = last ? 5 * here : flow.timeOfRemaining(order[place + 1], 0.5);
      double low = place == 0 ? 0 : dip(flow, before, here);
      double high = last ? after : dip(flow, here, after);
      double[] curvature = new double[PIECES + 1];
      Arrays.setAll(curvature, k -> flow.rootCurvature(low + (high - low) * k / PIECES));
      int best = 0;
      int maxima = 0;
      for (int k = 0; k <= PIECES; k++) {
        best = curvature[k] > curvature[best] ? k : best;
        // Rounding makes steps of 1e-15 on the last plateau.
        boolean inside = k > 0 && k < PIECES;
        maxima += inside && curvature[k] > curvature[k - 1] * (1 + 1e-12) && curvature[k] > curvature[k + 1] * (1 + 1e-12) ? 1 : 0;
      }
      return new Peak(
          curvature[best], low + (high - low) * best / PIECES, maxima, last ? Double.NaN : flow.rootCurvature(high));
    }

    /** Where the curvature is smallest between two times. */
    private static double dip(GroupFlow flow, double from, double to) {
      double best = from;
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k <= PIECES; k++) {
        double time = from + (to - from) * k / PIECES;
        double curvature = flow.rootCurvature(time);
        if (curvature < least) {
          least = curvature;
          best = time;
        }
      }
      return best;
    }
  }

  private static String magnitude(double logPoints) {
    return "10^" + Numbers.rounded(logPoints / StrictMath.log(10), 4);
  }
}
