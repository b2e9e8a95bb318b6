package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** E2: no vertex is read by many. */
final class OutDegrees {

  private static final double LEVEL = 0.95;

  private OutDegrees() {}

  static Check check() {
    return Check.named("lifts/E2", "No vertex is read by many", "lifts/influence")
        .asks("Under law (K), is the largest out-degree at most max(e² k, ln(n/δ)), but for a share δ of the draws?")
        .holdsIf("at every n the share of draws past the bound is not shown to be more than δ (95 % Clopper–Pearson, one-sided)")
        .control("that parents are uniform: they are ⌊n U²⌋, which favours the first", "the first is read by √n times as many")
        .plan(Scale.QUICK, plan(List.of(1000, 10_000), 200))
        .plan(Scale.PAPER, plan(List.of(1000, 10_000, 100_000), 200))
        .plan(Scale.BEYOND, plan(List.of(1000, 10_000, 100_000, 1_000_000, 10_000_000), 200))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(OutDegrees::assurance)
        .runs(OutDegrees::run);
  }

  private static Parameters plan(List<Integer> widths, int draws) {
    return Parameters.none()
        .wholes("widths", widths, 10, 100_000_000, "n, of both fibres")
        .whole("inDegree", 3, 1, 100, "k")
        .number("delta", 0.05, 1e-6, 0.5, "δ: how often the bound may be passed")
        .whole("draws", draws, 1, 1_000_000, "draws of each size");
  }

  private static double bound(Parameters plan, int width) {
    return Math.max(StrictMath.exp(2) * plan.whole("inDegree"), StrictMath.log(width / plan.number("delta")));
  }

  private static boolean exceeds(int count, int draws, double delta) {
    return new Proportion(count, draws).lowerBound(LEVEL) > delta;
  }

  /** P(a vertex is read by this many or more), where each edge reads it with a probability. */
  private static double tail(int edges, double probability, double least) {
    return new Binomial(edges, Math.min(1, probability)).atLeast((int) Math.floor(least) + 1);
  }

  private static Assurance assurance(Parameters plan) {
    int draws = plan.whole("draws");
    double delta = plan.number("delta");
    double falseAlarm = 0;
    double missed = 1;
    for (int n : plan.wholes("widths")) {
      int edges = plan.whole("inDegree") * n;
      double bound = bound(plan, n);
      // At most the sum over vertices.
      double past = Math.min(1, n * tail(edges, 1.0 / n, bound));
      falseAlarm += new Binomial(draws, past).probabilityThat(count -> exceeds(count, draws, delta));
      // At least that of the first vertex, which ⌊n U²⌋ hits with probability n^−½.
      double pastControlled = tail(edges, 1 / Math.sqrt(n), bound);
      missed *= 1 - new Binomial(draws, pastControlled).probabilityThat(count -> exceeds(count, draws, delta));
    }
    return new Assurance(
        Math.min(1, falseAlarm), Math.max(0, Math.min(1, 1 - missed)),
        "Out-degrees are binomial: the chance of a draw past the bound is at most the sum over vertices, and with the control in"
            + " place at least that of the first vertex.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Integer> widths = Arrays.stream(plan.wholes("widths")).boxed().toList();
    int draws = plan.whole("draws");
    double delta = plan.number("delta");
    List<Row> rows =
        trial.runs(
            widths, draws,
            (n, draw) -> {
              int most = Arrays.stream(outDegrees(trial, n, draw)).max().orElseThrow();
              return Row.start().and("width", n).and("draw", draw).and("largest out-degree", most)
                  .and("past the bound", most > bound(plan, n));
            });
    boolean met = true;
    int mostPast = -1;
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int c = 0; c < widths.size(); c++) {
      List<Row> runs = rows.subList(c * draws, (c + 1) * draws);
      int past = (int) runs.stream().filter(row -> row.yes("past the bound")).count();
      met &= !exceeds(past, draws, delta);
      mostPast = Math.max(mostPast, past);
      double[] degrees = runs.stream().mapToDouble(row -> row.number("largest out-degree")).toArray();
      double bound = bound(plan, widths.get(c));
      found.add(
          "n = " + widths.get(c) + ": " + Numbers.rounded(Summary.mean(degrees), 4) + " on average, at most "
              + Numbers.rounded(Arrays.stream(degrees).max().orElseThrow(), 4) + ", bound " + Numbers.rounded(bound, 4));
      table.add(
          Row.start().and("width", (double) widths.get(c)).and("mean of the largest", Summary.mean(degrees))
              .and("bound", bound));
    }
    Proportion share = new Proportion(mostPast, draws);
    return Finding.judged(met, rows)
        .measured("share of draws past the bound, at the n with most of them", share.estimate())
        .predicted(delta)
        .interval(new Interval(share.lowerBound(LEVEL), share.upperBound(LEVEL), 0.9))
        .explained("Largest out-degrees: " + String.join("; ", found) + ".")
        .figure(
            Plot.plot(Row.table("E2", table)).x("width").points("mean of the largest").bound("max(e² k, ln(n/δ))", "bound")
                .logX().title("Who is read most"));
  }

  private static int[] outDegrees(Trial trial, int n, int draw) {
    int degree = trial.parameters().whole("inDegree");
    if (!trial.controlled()) {
      return EdgeLaw.inDegree(degree).draw(n, n, trial.seed("edges", n, draw), 0).outDegrees();
    }
    RandomStream stream = trial.stream("edges", n, draw);
    int[] degrees = new int[n];
    for (long e = 0; e < (long) degree * n; e++) {
      double uniform = stream.nextUniform();
      degrees[(int) Math.min(n - 1, n * uniform * uniform)]++;
    }
    return degrees;
  }
}
