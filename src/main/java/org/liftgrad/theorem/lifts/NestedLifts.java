package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.LiftBuilder;
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

/** F6: a lift that grows, its old vertices with their in-edges and weights, has an ε(c) that falls, run by run. */
final class NestedLifts {

  /** Rounding, beside a loss of 0.16. */
  private static final double ROUNDING = 1e-12;
  private static final double LEAST_FALL = 0.1;
  /** The share of steps of a chain that raise ε(c) with the control, at least. */
  private static final double SHARE_BROKEN = 0.1;
  private static final double ASTRAY = 0.001;

  private NestedLifts() {}

  static Check check() {
    return Check.named("lifts/F6", "Growing a lift only helps", "lifts/tangent-approximation", "lifts/readout-step")
        .asks("Does ε(c) at the start never rise as a lift grows, and does it go to 0?")
        .holdsIf(
            "along every chain of lifts, each of which keeps the one before, ε(c) rises by at most 1e-12 for every c, and at c = 1 its"
                + " median at the largest width is under a tenth of that at the smallest")
        .control("the nesting: in-edges and weights are drawn again at every width", "nothing of the lift before is kept")
        .plan(Scale.QUICK, plan(List.of(32, 40, 48, 56, 64, 96, 128, 256), 8))
        .plan(Scale.PAPER, plan(List.of(32, 40, 48, 56, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048), 24))
        .plan(Scale.BEYOND, plan(List.of(32, 40, 48, 56, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096, 8192), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(NestedLifts::assurance)
        .runs(NestedLifts::run);
  }

  private static Parameters plan(List<Integer> widths, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 2, 1_000_000, "widths n of both hidden fibres; two or more")
        .numbers("radii", List.of(0.5, 2.0), 1e-6, 1e6, "further radii c, beside 1")
        .whole("runs", runs, 1, 100_000, "chains, each with draws of its own");
  }

  private static Assurance assurance(Parameters plan) {
    int steps = Width.of(plan).size() - 1;
    double power = 1 - StrictMath.pow(1 - SHARE_BROKEN, (double) plan.whole("runs") * steps);
    return new Assurance(
        ASTRAY, power,
        "That ε never rises is deterministic; that its median falls to a tenth is missed with probability under " + ASTRAY
            + " (from 32 to 128 it falls to a sixtieth, seed 1000). With the control at least "
            + Numbers.rounded(100 * SHARE_BROKEN, 3) + " % of the steps of a chain raise it (to n = 256, seed 1000), and one is enough.");
  }

  private static List<Double> radii(Parameters plan) {
    List<Double> radii = new ArrayList<>(List.of(1.0));
    Arrays.stream(plan.numbers("radii")).filter(radius -> radius != 1).distinct().forEach(radii::add);
    return radii;
  }

  private static String column(double radius) {
    return "ε(" + Numbers.rounded(radius, 6) + ")";
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Width> widths = Width.of(plan);
    Argument.require(widths.size() >= 2, "widths", plan, "at least two different ones");
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(widths, runs, (width, replicate) -> row(trial, widths, width, replicate));
    double rise = Double.NEGATIVE_INFINITY;
    int risen = 0;
    for (int chain = 0; chain < runs; chain++) {
      double most = Double.NEGATIVE_INFINITY;
      for (int k = 1; k < widths.size(); k++) {
        for (double radius : radii(plan)) {
          double after = rows.get(k * runs + chain).number(column(radius));
          most = Math.max(most, after - rows.get((k - 1) * runs + chain).number(column(radius)));
        }
      }
      risen += most > ROUNDING ? 1 : 0;
      rise = Math.max(rise, most);
    }
    double first = median(rows.subList(0, runs));
    double last = median(rows.subList(rows.size() - runs, rows.size()));
    return Finding.judged(risen == 0 && last < LEAST_FALL * first, rows)
        .measured("median of ε(1) at the largest width over that at the smallest", last / first)
        .predicted(0)
        .explained(
            "ε rises somewhere along " + risen + " of " + runs + " chains; the largest change from a width to the next is "
                + Numbers.rounded(rise, 3) + ". At c = 1 its median goes from " + Numbers.rounded(first, 3) + " at " + widths.get(0) + " to "
                + Numbers.rounded(last, 3) + " at " + widths.get(widths.size() - 1) + ", of a loss of 0.16.")
        .figure(
            Plot.plot(Row.table("F6", rows)).x("n").points("ε(1)").logX().title("ε(1) as a lift grows"));
  }

  private static double median(List<Row> rows) {
    return Summary.median(rows.stream().mapToDouble(row -> row.number("ε(1)")).toArray());
  }

  private static Row row(Trial trial, List<Width> widths, Width width, int chain) {
    TangentFeatures features =
        TangentFeatures.ofReadout(network(trial, widths, width, chain), ProductTask.REGRESSION);
    Row row = Row.start().and("n", width.vertices()).and("chain", chain).and("ε(∞)", features.leastResidual());
    for (double radius : radii(trial.parameters())) {
      row = row.and(column(radius), features.residualWithin(radius));
    }
    return row;
  }

  /** Grown through the widths of the plan up to this one. */
  private static LiftedNetwork network(Trial trial, List<Width> widths, Width width, int chain) {
    if (trial.controlled()) {
      return ProductTask.lift(width.vertices(), 2, trial.seed("drawn again", width.vertices(), chain)).sparse();
    }
    long seed = trial.seed("chain", chain);
    LiftedNetwork network = ProductTask.lift(widths.get(0).vertices(), 2, seed).sparse();
    for (int k = 1; k <= widths.indexOf(width); k++) {
      LiftBuilder next = ProductTask.lift(widths.get(k).vertices(), 2, seed);
      network = next.keeping(network).sparse();
    }
    return network;
  }
}
