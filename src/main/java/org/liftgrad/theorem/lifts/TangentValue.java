package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.TangentFeatures;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** F1 and F4: the value function ε(c) = min over ‖u‖ ≤ c of ‖r + J u‖² is what it is said to be, at random parameters. */
final class TangentValue {

  private static final double ROUNDING = 1e-9;
  /**
   * The range of J is told to {@link #ROUNDING} where no column adds less than this of the longest, but for those that add
   * nothing; rounding of J turns the range by 2⁻⁵³ over it. Saturated neurons leave columns that add less.
   */
  private static final double CLEAR = 1e-5;
  /** How far a level is from the loss that it must tell from. */
  private static final double APART = 1e-6;

  private TangentValue() {}

  /** Random parameters: the reference task's law, with a readout of variance 4/n. */
  static LiftedNetwork network(Trial trial, Width width, int replicate) {
    return ProductTask.lift(width.vertices(), 2, trial.seed("network", width.vertices(), replicate))
        .readout(ReadoutLaw.overWidth(4)).sparse();
  }

  private static Parameters plan(List<Integer> widths, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 1, 1000, "widths n of both hidden fibres")
        .whole("runs", runs, 1, 1_000_000, "runs a width, each with parameters of its own");
  }

  private static long runs(Parameters plan) {
    return (long) plan.whole("runs") * Width.of(plan).size();
  }

  // ---------------------------------------------------------------- F1

  static Check minimum() {
    return Check.named("lifts/F1", "What no tangent step removes", "lifts/tangent-approximable")
        .asks(
            "Is the least ‖r + J u‖² what a projection leaves of r, is it attained at ‖u‖ ≤ c, and is A(0, ε) where the loss is under ε?")
        .holdsIf(
            "in every run whose columns of J add at least 1e-5 of the longest, or nothing, the following differ by at most 1e-9: ε(∞), ‖r + J u‖² for the step u that attains it, and ‖r‖² less that of its"
                + " projection on the range of J; at the c with ε(c) half-way between ε(∞) and L, ‖u‖ and c, ‖r + J u‖² and ε(c), and"
                + " the root of ε(c) and the lower bound by weak duality; and in every run θ is in A(0, ε) for ε 1e-6 above L, but not for ε 1e-6 below")
        .control("the mechanism: the tangent step with the wrong sign", "r − J u for r + J u")
        .plan(Scale.QUICK, plan(List.of(1, 2, 3), 20))
        .plan(Scale.PAPER, plan(List.of(1, 2, 3), 350))
        .plan(Scale.BEYOND, plan(List.of(1, 2, 3), 5000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(runs(plan), 0.3, "at n = 1, 2 and 3, seed 1000"))
        .runs(TangentValue::judgedMinimum);
  }

  private static Finding judgedMinimum(Trial trial) {
    List<Row> rows =
        trial.runs(
            Width.of(trial.parameters()), trial.parameters().whole("runs"),
            (width, replicate) -> minimumRow(trial, width, replicate));
    double worst = 0;
    double unclear = 0;
    boolean members = true;
    int clear = 0;
    for (Row row : rows) {
      members &= row.yes("member as L says");
      if (row.number("weakest column") >= CLEAR) {
        worst = Math.max(worst, row.number("largest difference"));
        clear++;
      } else {
        unclear = Math.max(unclear, row.number("largest difference"));
      }
    }
    return Finding.judged(clear > 0 && worst <= ROUNDING && members, rows)
        .measured("largest difference in the runs that are judged", worst)
        .predicted(0)
        .explained(
            "In " + rows.size() + " runs ε(∞) is between " + extreme(rows, "ε(∞)/L", true) + " and "
                + extreme(rows, "ε(∞)/L", false) + " of the loss. In the " + clear + " whose range is clear the decomposition, the step put"
                + " into J written out, the projection by Gram and Schmidt and the dual bound differ by " + Numbers.rounded(worst, 3)
                + " at most, in the others by " + Numbers.rounded(unclear, 3) + "; membership in A(0, ε) is "
                + (members ? "what the loss says in every run." : "not what the loss says in some runs."))
        .figure(
            Plot.plot(Row.table("F1", rows)).x("ε(∞)").points("by projection").bound("equal", "ε(∞)")
                .title("What no tangent step removes, by two ways"));
  }

  private static Row minimumRow(Trial trial, Width width, int replicate) {
    LiftedNetwork network = network(trial, width, replicate);
    TangentFeatures features = TangentFeatures.of(network, ProductTask.REGRESSION);
    Linearisation written = Linearisation.of(network, ProductTask.REGRESSION);
    double sign = trial.controlled() ? -1 : 1;
    double loss = new Passes(network.lift(), ProductTask.REGRESSION).loss(network.parameters());
    double least = features.leastResidual();
    Linearisation.Projection projection = written.projection();
    double attained = written.lossAfter(features.stepWithin(Double.MAX_VALUE), sign);
    double half = 0.5 * (loss + least);
    double radius = features.normFor(half);
    double[] step = features.stepWithin(radius);
    double[] after = written.residualAfter(step, sign);
    double norm = Math.sqrt(Arrays.stream(step).map(each -> each * each).sum());
    double worst = Math.max(Math.abs(least - projection.left()), Math.abs(least - attained));
    worst = Math.max(worst, Math.abs(norm - radius) / Math.max(1, radius));
    worst = Math.max(worst, Math.abs(written.lossAfter(step, sign) - features.residualWithin(radius)));
    worst = Math.max(worst, Math.abs(Math.sqrt(features.residualWithin(radius)) - written.dualBound(after, radius)));
    return Row.start()
        .and("n", width.vertices())
        .and("run", replicate)
        .and("parameters", network.lift().parameters())
        .and("L", loss)
        .and("ε(∞)", least)
        .and("ε(∞)/L", least / loss)
        .and("by projection", projection.left())
        .and("weakest column", projection.weakest())
        .and("by the step", attained)
        .and("c half-way", radius)
        .and("largest difference", worst)
        .and(
            "member as L says",
            features.isApproximable(0, loss * (1 + APART)) && !features.isApproximable(0, loss * (1 - APART)));
  }

  private static String extreme(List<Row> rows, String column, boolean least) {
    double[] values = rows.stream().mapToDouble(row -> row.number(column)).toArray();
    return Numbers.rounded(
        least ? Arrays.stream(values).min().orElseThrow() : Arrays.stream(values).max().orElseThrow(), 3);
  }

  // ---------------------------------------------------------------- F4

  static Check convexity() {
    return Check.named("lifts/F4", "The root of ε(c) falls and is convex", "lifts/tangent-approximable")
        .asks("Does √ε(c) never rise with c, and does it fall ever more slowly?")
        .holdsIf(
            "in every run, on the grid of c from 0 to three times the c with ε(c) half-way between ε(∞) and L, no first difference of"
                + " √ε is above 1e-9 and no second difference under −1e-9")
        .control(
            "the mechanism: the best step of length at most c is replaced by the step of length c along the gradient",
            "it overshoots within the grid")
        .plan(Scale.QUICK, gridPlan(List.of(2, 4, 8, 16, 32), 6, 60))
        .plan(Scale.PAPER, gridPlan(List.of(2, 4, 8, 16, 32), 200, 60))
        .plan(Scale.BEYOND, gridPlan(List.of(2, 4, 8, 16, 32, 64, 128), 500, 240))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(runs(plan), 0.5, "at n = 2 to 32, seed 1000"))
        .runs(TangentValue::judgedConvexity);
  }

  private static Parameters gridPlan(List<Integer> widths, int runs, int points) {
    return plan(widths, runs).whole("points", points, 3, 100_000, "cells of the grid of c");
  }

  private static Finding judgedConvexity(Trial trial) {
    List<Row> rows =
        trial.runs(
            Width.of(trial.parameters()), trial.parameters().whole("runs"),
            (width, replicate) -> convexityRow(trial, width, replicate));
    double rise = Double.NEGATIVE_INFINITY;
    double bend = Double.POSITIVE_INFINITY;
    for (Row row : rows) {
      rise = Math.max(rise, row.number("largest rise of √ε"));
      bend = Math.min(bend, row.number("least bend of √ε"));
    }
    return Finding.judged(rise <= ROUNDING && bend >= -ROUNDING, rows)
        .measured("least second difference of √ε in all runs", bend)
        .explained(
            "In " + rows.size() + " runs the largest first difference of √ε is " + Numbers.rounded(rise, 3)
                + " and the least second difference " + Numbers.rounded(bend, 3) + ".")
        .figure(curve(trial));
  }

  private static double[] radii(Trial trial, TangentFeatures features) {
    int points = trial.parameters().whole("points");
    double most = 3 * features.normFor(0.5 * (features.loss() + features.leastResidual()));
    double[] radii = new double[points + 1];
    Arrays.setAll(radii, k -> most * k / points);
    return radii;
  }

  private static double[] roots(Trial trial, LiftedNetwork network, TangentFeatures features, double[] radii) {
    if (!trial.controlled()) {
      return Arrays.stream(radii).map(radius -> Math.sqrt(features.residualWithin(radius))).toArray();
    }
    Linearisation written = Linearisation.of(network, ProductTask.REGRESSION);
    double[] direction = written.steepest();
    return Arrays.stream(radii).map(radius -> Math.sqrt(written.lossAfter(direction, radius))).toArray();
  }

  private static Row convexityRow(Trial trial, Width width, int replicate) {
    LiftedNetwork network = network(trial, width, replicate);
    TangentFeatures features = TangentFeatures.of(network, ProductTask.REGRESSION);
    double[] radii = radii(trial, features);
    double[] roots = roots(trial, network, features, radii);
    double rise = Double.NEGATIVE_INFINITY;
    double bend = Double.POSITIVE_INFINITY;
    for (int k = 1; k < roots.length; k++) {
      rise = Math.max(rise, roots[k] - roots[k - 1]);
      bend = k == 1 ? bend : Math.min(bend, roots[k] - 2 * roots[k - 1] + roots[k - 2]);
    }
    return Row.start()
        .and("n", width.vertices())
        .and("run", replicate)
        .and("L", features.loss())
        .and("ε(∞)", features.leastResidual())
        .and("largest c", radii[radii.length - 1])
        .and("largest rise of √ε", rise)
        .and("least bend of √ε", bend);
  }

  /** The first run of every width, from 1 at c = 0. */
  private static Figure curve(Trial trial) {
    Figure figure = null;
    for (Width width : Width.of(trial.parameters())) {
      LiftedNetwork network = network(trial, width, 0);
      TangentFeatures features = TangentFeatures.of(network, ProductTask.REGRESSION);
      double[] radii = radii(trial, features);
      double[] roots = roots(trial, network, features, radii);
      double[] shares = Arrays.stream(radii).map(radius -> radius / radii[radii.length - 1]).toArray();
      double[] ratios = Arrays.stream(roots).map(root -> root / roots[0]).toArray();
      figure = (figure == null ? Plot.plot(shares, ratios).named(width.toString()) : figure.line(width.toString(), shares, ratios));
    }
    return figure.xLabel("c over the largest").yLabel("√(ε(c)/L)").title("The value function, one run a width");
  }
}
