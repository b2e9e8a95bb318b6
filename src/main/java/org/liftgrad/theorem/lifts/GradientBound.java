package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.TangentFeatures;
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

/**
 * F2 and F3: Lemma 2.4 at random parameters and all c, with ε = ε(c), the smallest for which the parameters are
 * tangent-approximable. As c goes to 0 both sides become equal, so a factor that is missing shows.
 */
final class GradientBound {

  private static final double ROUNDING = 1e-9;

  private GradientBound() {}

  private static Parameters plan(List<Integer> widths, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 1, 4096, "widths n of both hidden fibres")
        .whole("runs", runs, 1, 1_000_000, "runs a width, each with parameters of its own")
        .whole("radii", 20, 2, 10_000, "radii c, evenly spaced in their logarithm")
        .number("leastExponent", -3, -6, 6, "the decimal exponent of the smallest c")
        .number("mostExponent", 2.7, -6, 9, "the decimal exponent of the largest c");
  }

  private static Check.Draft planned(Check.Draft draft) {
    return draft
        .plan(Scale.QUICK, plan(List.of(2, 4, 8, 16, 32), 10))
        .plan(Scale.PAPER, plan(List.of(2, 4, 8, 16, 32), 200))
        .plan(Scale.BEYOND, plan(List.of(2, 4, 8, 16, 32, 64, 128), 500))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * Width.of(plan).size(), 0.5, "at n = 2 to 32 and c from 1e-3, seed 1000"));
  }

  /** ‖∇L‖ by a reverse pass, over all parameters. */
  private static double gradientNorm(LiftedNetwork network) {
    double[] gradient = new double[network.lift().parameters()];
    new Passes(network.lift(), ProductTask.REGRESSION).gradient(network.parameters(), gradient);
    double square = 0;
    for (double entry : gradient) {
      square += entry * entry;
    }
    return Math.sqrt(square);
  }

  private static double[] radii(Parameters plan) {
    double[] radii = new double[plan.whole("radii")];
    double least = plan.number("leastExponent");
    double span = plan.number("mostExponent") - least;
    for (int k = 0; k < radii.length; k++) {
      radii[k] = StrictMath.pow(10, least + span * k / (radii.length - 1));
    }
    return radii;
  }

  // ---------------------------------------------------------------- F2

  static Check length() {
    return planned(
            Check.named("lifts/F2", "The gradient is at least as long as Lemma 2.4 says", "lifts/lemma-2.4")
                .asks("Is ‖∇L‖ at least (2/c) √L (√L − √ε(c)) for every c?")
                .holdsIf("the bound exceeds ‖∇L‖ by at most 1e-9 for every c of every run")
                .control("the mechanism: the factor 2 is left out of the gradient", "half as long; at small c the bound is nearly equal"))
        .runs(
            trial ->
                judged(
                    trial, "‖∇L‖", "largest bound over ‖∇L‖",
                    (network, features) -> (trial.controlled() ? 0.5 : 1) * gradientNorm(network),
                    (features, radius, drop) -> 2 / radius * Math.sqrt(features.loss()) * drop,
                    ""));
  }

  // ---------------------------------------------------------------- F3

  static Check quotient() {
    return planned(
            Check.named("lifts/F3", "The residual's Rayleigh quotient is at least what Lemma 2.4 says", "lifts/lemma-2.4")
                .asks("Is ⟨r, K r⟩/‖r‖², for the tangent kernel K, at least ((√L − √ε(c))/c)² for every c?")
                .holdsIf("the bound exceeds the quotient by at most 1e-9 for every c of every run")
                .control(
                    "the mechanism: the kernel of the readout alone, without the derivatives with respect to hidden weights",
                    "K less a positive part; at small c the bound is nearly equal"))
        .runs(
            trial ->
                judged(
                    trial, "⟨r, K r⟩/‖r‖²", "largest bound over ⟨r, K r⟩/‖r‖²",
                    (network, features) ->
                        trial.controlled()
                            ? TangentFeatures.ofReadout(network, ProductTask.REGRESSION).rayleighQuotient()
                            : gradientNorm(network) * gradientNorm(network) / (4 * features.loss()),
                    (features, radius, drop) -> drop / radius * (drop / radius),
                    " Where there are fewer than " + ProductTask.REGRESSION.samples()
                        + " parameters the least eigenvalue of K is 0; the bound is not, for only the direction of r matters."));
  }

  private interface Measure {
    double of(LiftedNetwork network, TangentFeatures features);
  }

  private interface Bound {
    /** The drop is √L − √ε(c). */
    double of(TangentFeatures features, double radius, double drop);
  }

  private static Finding judged(
      Trial trial, String name, String quantity, Measure measure, Bound bound, String remark) {
    List<Row> rows =
        trial.runs(
            Width.of(trial.parameters()), trial.parameters().whole("runs"),
            (width, replicate) -> {
              LiftedNetwork network = TangentValue.network(trial, width, replicate);
              TangentFeatures features = TangentFeatures.of(network, ProductTask.REGRESSION);
              double measured = measure.of(network, features);
              double slack = Double.POSITIVE_INFINITY;
              double tightest = 0;
              for (double radius : radii(trial.parameters())) {
                double drop = Math.sqrt(features.loss()) - Math.sqrt(features.residualWithin(radius));
                double demanded = bound.of(features, radius, drop);
                slack = Math.min(slack, measured - demanded);
                tightest = Math.max(tightest, demanded / measured);
              }
              return Row.start()
                  .and("n", width.vertices())
                  .and("run", replicate)
                  .and("parameters", network.lift().parameters())
                  .and("L", features.loss())
                  .and("ε(∞)", features.leastResidual())
                  .and(name, measured)
                  .and("least slack", slack)
                  .and("largest bound over it", tightest);
            });
    double slack = rows.stream().mapToDouble(row -> row.number("least slack")).min().orElseThrow();
    double tightest = rows.stream().mapToDouble(row -> row.number("largest bound over it")).max().orElseThrow();
    long broken = rows.stream().filter(row -> row.number("least slack") < -ROUNDING).count();
    long singular =
        rows.stream().filter(row -> row.whole("parameters") < ProductTask.REGRESSION.samples()).count();
    return Finding.judged(broken == 0, rows)
        .measured(quantity, tightest)
        .predicted(1)
        .explained(
            "It is broken in " + broken + " of " + rows.size() + " runs; the least slack is " + Numbers.rounded(slack, 3)
                + ", the largest bound over " + name + " " + Numbers.rounded(tightest, 8) + "; in " + singular
                + " runs there are fewer parameters than samples." + remark)
        .figure(
            Plot.plot(Row.table(trial.controlled() ? "control" : "runs", rows)).x(name).points("largest bound over it").logX()
                .bound("equal", 1).title(quantity + ", over c"));
  }
}
