package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.ShallowNetwork;
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
 * PLb to PLe: the inequalities between curvature, active energies and residuals, at both ends of
 * every step of the flow and at the quadrature times within it. One violation is enough to fail.
 */
final class CurvatureInequalities {

  /** Rounding: a ratio of the two sides may miss 1 by this. */
  private static final double ROUNDING = 1e-9;
  /** C of Theorem 1 for norms and labels in [1, 2]; that of the data at hand is larger. */
  private static final double LAW_CONSTANT = 0.5;
  /** The controls of PLd and PLe: |a|/‖w‖. */
  private static final double BROKEN_SHARE = 0.1;

  private CurvatureInequalities() {}

  private static Parameters sizes(List<Integer> points, int runs) {
    return Size.plan(points, List.of(1.0, 4.0, 16.0), runs);
  }

  private static long runs(Parameters plan) {
    return (long) plan.whole("runs") * Size.of(plan).size();
  }

  // ---------------------------------------------------------------- PLb

  static Check fromEnergy() {
    return Check.named("shallow/PLb", "Curvature is at least what equation (7) says", "shallow/equation-7")
        .asks("Is μ at least (2 λ_min/n) min_i E_i at all times?")
        .holdsIf(
            "μ over its bound is at least 1 − 1e-9 at every time of every run (to L < 1e-10, or t = 10⁴ n, or 20 n p steps)")
        .control(
            "the mechanism: hidden weights that are held, so that the readouts alone make the loss fall",
            "at the start a readout moves 1/√d times as fast as the hidden weights, and μ has the square of that")
        .plan(Scale.QUICK, sizes(List.of(5, 10, 20), 10))
        .plan(Scale.PAPER, sizes(List.of(5, 10, 20, 50), 50))
        .plan(Scale.BEYOND, sizes(List.of(5, 10, 20, 50, 100), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(runs(plan), 0.9, "90 of 90 at n = 5, 10 and 20, seed 1000"))
        .runs(
            trial -> {
              List<Row> rows =
                  trial.runs(
                      Size.of(trial.parameters()),
                      trial.parameters().whole("runs"),
                      (size, replicate) -> {
                        ShallowNetwork network = lawS(trial, size, replicate);
                        CurvatureBounds bounds = CurvatureBounds.of(network.data());
                        Solution solution =
                            flow(
                                network,
                                Observer.smallest(
                                    "ratio",
                                    state ->
                                        ratio(
                                            trial.controlled() ? curvatureOfReadouts(state) : state.curvature(),
                                            bounds.lower(state.activeEnergy()))));
                        return ended(size.row(replicate), solution)
                            .and("smallest eigenvalue", bounds.smallestEigenvalue())
                            .and("ratio", solution.last("ratio"));
                      });
              return judged(rows, "smallest μ / ((2 λ_min/n) min E_i) over times and runs");
            });
  }

  /** Σ_j a_j'²/(p L): what μ is at this state where only readouts are trained. */
  private static double curvatureOfReadouts(FlowState state) {
    double sum = 0;
    for (int j = 0; j < state.neurons(); j++) {
      double speed = 0;
      for (int i = 0; i < state.points(); i++) {
        speed += state.residual(i) * Math.max(state.preactivation(j, i), 0) / state.points();
      }
      sum += speed * speed;
    }
    return sum / (state.neurons() * state.loss());
  }

  // ---------------------------------------------------------------- PLc

  static Check fromResidual() {
    return Check.named("shallow/PLc", "Curvature is at least what equation (6) says", "shallow/equation-6")
        .asks("Is μ at least (2 λ_min C_y⁻/(n C_x⁺)) min_i |1 − r_i/y_i| at all times, and how often does that say little?")
        .holdsIf(
            "μ over its bound is at least 1 − 1e-9 at every time of every run (to L < 1e-10, or t = 10⁴ n, or 20 n p steps), and so is"
                + " μ over (C/n) min_i |1 − r_i/y_i| where λ_min ≥ (C_x⁻)²/2")
        .control(
            "the mechanism: the flow's factor p is left out of the curvature",
            "17 to 24 times too small; the smallest ratio is near 2.5")
        .plan(Scale.QUICK, sizes(List.of(5, 10, 20), 10))
        .plan(Scale.PAPER, sizes(List.of(5, 10, 20, 50), 50))
        .plan(Scale.BEYOND, sizes(List.of(5, 10, 20, 50, 100), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(runs(plan), 0.1, "at n = 5, 10 and 20, seed 1000"))
        .runs(
            trial -> {
              List<Row> rows =
                  trial.runs(
                      Size.of(trial.parameters()),
                      trial.parameters().whole("runs"),
                      (size, replicate) -> residualRow(trial, size, replicate));
              double vacuous = 0;
              double least = Double.POSITIVE_INFINITY;
              for (Row row : rows) {
                vacuous += row.number("vacuous share of time") / rows.size();
                least = Math.min(least, row.number("ratio with C = 1/2 of law S"));
              }
              Finding finding = judged(rows, "smallest μ / bound (6) over times and runs");
              return finding.explained(
                  finding.explanation() + " The bounds are taken with the norms, labels and λ_min of the data at hand; with"
                      + " the law's C/n, C = 1/2, the smallest ratio is " + Numbers.rounded(least, 4) + ". Over a run's time to L < 1e-10, bound (6) was under a tenth of bound (7)"
                      + " for a share of " + Numbers.rounded(vacuous, 3) + " on average.");
            });
  }

  private static Row residualRow(Trial trial, Size size, int replicate) {
    ShallowNetwork network = lawS(trial, size, replicate);
    double[] labels = network.data().labels();
    CurvatureBounds bounds = CurvatureBounds.of(network.data());
    boolean constantApplies =
        bounds.smallestEigenvalue() >= bounds.norms().least() * bounds.norms().least() / 2;
    double factor = trial.controlled() ? 1.0 / size.neurons() : 1;
    Solution solution =
        flow(
            network,
            Observer.smallest(
                "ratio",
                state -> ratio(factor * state.curvature(), bounds.fitLower(state.residual(), labels))),
            Observer.smallest(
                "constant",
                state -> ratio(factor * state.curvature(), bounds.theoremLower(state.residual(), labels))),
            Observer.integral(
                "vacuous",
                state ->
                    bounds.fitLower(state.residual(), labels) < 0.1 * bounds.lower(state.activeEnergy())
                        ? 1
                        : 0));
    double ratio = solution.last("ratio");
    double constant = solution.last("constant");
    return ended(size.row(replicate), solution)
        .and("smallest eigenvalue", bounds.smallestEigenvalue())
        .and("ratio with λ_min", ratio)
        .and("ratio with C", constantApplies ? constant : Double.NaN)
        .and("ratio with C = 1/2 of law S", constant * bounds.constant() / LAW_CONSTANT)
        .and("ratio", constantApplies ? Math.min(ratio, constant) : ratio)
        .and("vacuous share of time", solution.last("vacuous") / solution.time());
  }

  // ---------------------------------------------------------------- PLd

  static Check upper() {
    return Check.named("shallow/PLd", "Curvature is at most what Lemma 12 says", "shallow/lemma-12")
        .asks("On orthogonal inputs, is μ at most (4/n)(C_x⁺)² max_i E_i at all times, and at least its lower bound?")
        .holdsIf(
            "both bounds hold to 1e-9 relative at every time of every run (to L < 1e-10, or t = 10⁴ n, or 20 n p steps)")
        .control("Assumption 1: |a_j| = 0.1 ‖w_j‖ at the start", "ten times too small; the upper bound breaks from t = 0")
        .plan(Scale.QUICK, orthogonalPlan(List.of(5, 10, 20), 20))
        .plan(Scale.PAPER, orthogonalPlan(List.of(5, 10, 20, 50), 50))
        .plan(Scale.BEYOND, orthogonalPlan(List.of(5, 10, 20, 50, 100), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.2, "at n = 5, 10 and 20, seed 1000"))
        .runs(
            trial -> {
              List<Row> rows =
                  trial.runs(
                      orthogonalSizes(trial.parameters()),
                      trial.parameters().whole("runs"),
                      (size, replicate) -> {
                        ShallowNetwork drawn = Starts.orthogonal(trial, size.points(), size.neurons(), replicate);
                        ShallowNetwork network =
                            trial.controlled() ? Starts.withShare(drawn, BROKEN_SHARE) : drawn;
                        CurvatureBounds bounds = CurvatureBounds.of(network.data());
                        Solution solution =
                            flow(
                                network,
                                Observer.smallest(
                                    "upper",
                                    state -> ratio(bounds.orthogonalUpper(state.activeEnergy()), state.curvature())),
                                Observer.smallest(
                                    "lower",
                                    state -> ratio(state.curvature(), bounds.orthogonalLower(state.activeEnergy()))));
                        return ended(size.row(replicate), solution)
                            .and("upper bound over μ", solution.last("upper"))
                            .and("μ over lower bound", solution.last("lower"))
                            .and("ratio", Math.min(solution.last("upper"), solution.last("lower")));
                      });
              return outside(trial, judged(rows, "smallest of upper bound / μ and μ / lower bound over times and runs"));
            });
  }

  private static Parameters orthogonalPlan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .number("epsilon", 0.05, 1e-12, 0.999, "ε of the papers' width p = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  private static List<Size> orthogonalSizes(Parameters plan) {
    return java.util.Arrays.stream(plan.wholes("points"))
        .mapToObj(
            points -> new Size(points, points, org.liftgrad.shallow.Width.widthFor(points, plan.number("epsilon"))))
        .toList();
  }

  // ---------------------------------------------------------------- PLe

  static Check key() {
    return Check.named("shallow/PLe", "A fitted point has active energy", "shallow/key-inequality")
        .asks("Is E_i at least |h(x_i)|/C_x⁺ for every point at all times?")
        .holdsIf("E_i C_x⁺ over |h(x_i)| is at least 1 − 1e-9 for every point at every time of every run (to L < 1e-10, or t = 10⁴ n, or 20 n p steps)")
        .control("Assumption 1: |a_j| = 0.1 ‖w_j‖ at the start", "ten times too small; it breaks where a readout passes zero")
        .plan(Scale.QUICK, sizes(List.of(5, 10, 20), 10))
        .plan(Scale.PAPER, sizes(List.of(5, 10, 20, 50), 50))
        .plan(Scale.BEYOND, sizes(List.of(5, 10, 20, 50, 100), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(runs(plan), 0.1, "at n = 5, 10 and 20, seed 1000"))
        .runs(
            trial -> {
              List<Row> rows =
                  trial.runs(
                      Size.of(trial.parameters()),
                      trial.parameters().whole("runs"),
                      (size, replicate) -> {
                        ShallowNetwork drawn = lawS(trial, size, replicate);
                        ShallowNetwork network =
                            trial.controlled() ? Starts.withShare(drawn, BROKEN_SHARE) : drawn;
                        double[] labels = network.data().labels();
                        double norm = network.data().normBounds().most();
                        Solution solution =
                            flow(network, Observer.smallest("ratio", state -> energyOverFit(state, labels, norm)));
                        return ended(size.row(replicate), solution).and("ratio", solution.last("ratio"));
                      });
              return outside(trial, judged(rows, "smallest E_i C_x⁺ / |h(x_i)| over points, times and runs"));
            });
  }

  private static double energyOverFit(FlowState state, double[] labels, double norm) {
    double[] energy = state.activeEnergy();
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < energy.length; i++) {
      // h = y − r keeps the rounding of y.
      double fit = Math.abs(labels[i] - state.residual(i)) - 1e-13;
      least = Math.min(least, fit > 0 ? energy[i] * norm / fit : Double.POSITIVE_INFINITY);
    }
    return least;
  }

  // ---------------------------------------------------------------- all of them

  private static ShallowNetwork lawS(Trial trial, Size size, int replicate) {
    return Starts.lawS(trial, size.points(), size.dimension(), size.neurons(), replicate);
  }

  private static Solution flow(ShallowNetwork network, Observer... observers) {
    int points = network.data().points();
    return Starts.followed(Starts.until(network, 1e-10, 1e4 * points).observe(observers));
  }

  private static Row ended(Row row, Solution solution) {
    return row.and("time", solution.time())
        .and("loss", solution.loss())
        .and("ending", solution.ending().toString());
  }

  /** Left over right; infinite where the right side is 0, as the inequality says nothing there. */
  private static double ratio(double left, double right) {
    return right > 0 ? left / right : Double.POSITIVE_INFINITY;
  }

  private static Finding judged(List<Row> rows, String quantity) {
    double least = Double.POSITIVE_INFINITY;
    long broken = 0;
    for (Row row : rows) {
      least = Math.min(least, row.number("ratio"));
      broken += row.number("ratio") < 1 - ROUNDING ? 1 : 0;
    }
    double[] ratios =
        rows.stream().mapToDouble(row -> row.number("ratio")).filter(Double::isFinite).toArray();
    Finding finding =
        Finding.judged(broken == 0, rows)
            .measured(quantity, least)
            .predicted(1)
            .explained(
                "It is broken in " + broken + " of " + rows.size() + " runs; the smallest ratio is "
                    + Numbers.rounded(least, 6) + ".");
    return ratios.length == 0 ? finding : finding.figure(picture(ratios, quantity));
  }

  /** Ratios so far apart are drawn on a logarithmic axis. */
  private static final double WIDE = 30;

  private static Figure picture(double[] ratios, String quantity) {
    double least = Arrays.stream(ratios).min().orElse(1);
    double most = Arrays.stream(ratios).max().orElse(1);
    Figure figure = Plot.histogram(ratios).xLabel("smallest ratio of a run").title(quantity).event("broken below 1", 1);
    // One run far away would leave a single bar for all others.
    return least > 0 && most > WIDE * least ? figure.logX() : figure;
  }

  private static Finding outside(Trial trial, Finding finding) {
    return trial.controlled()
        ? finding.outside("Assumption 1, |a_j| ≥ ‖w_j‖, by the factor " + BROKEN_SHARE)
        : finding;
  }
}
