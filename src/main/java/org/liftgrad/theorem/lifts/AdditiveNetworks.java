package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.ReadoutLaw;
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

/** F9: with in-degree 1 the condition fails as far as it can: no tangent step removes anything of x₁x₂, at any width. */
final class AdditiveNetworks {

  private static final double ALLOWED = 1e-10;
  /** The lengths of steps that are told of: a thousand times what in-degree 2 needs. */
  private static final double RADIUS = 1000;

  private AdditiveNetworks() {}

  static Check check() {
    return Check.named("lifts/F9", "With one parent a vertex no step helps", "lifts/tangent-approximation")
        .asks("With in-degree 1, where every network is additive, is all of ‖f*‖² left on the product task by every tangent step?")
        .holdsIf(
            "at the start and at random readouts, for every width, ε(c)/‖f*‖² is within 1e-10 of 1 for all c up to 1000: what the step to"
                + " a readout of 0 leaves, from above, and weak duality with f* itself, from below")
        .control("the hypothesis: in-degree 2 in place of 1", "vertices that see both inputs")
        .plan(Scale.QUICK, plan(List.of(8, 32, 128), 4))
        .plan(Scale.PAPER, plan(List.of(8, 32, 128, 512, 2048), 24))
        .plan(Scale.BEYOND, plan(List.of(8, 32, 128, 512, 2048, 8192), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * Width.of(plan).size(), 0.9, "at n = 8, 32 and 128, seed 1000"))
        .runs(AdditiveNetworks::run);
  }

  private static Parameters plan(List<Integer> widths, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 1, 100_000, "widths n of both hidden fibres")
        .whole("runs", runs, 1, 100_000, "runs a width, each with a lift of its own");
  }

  private static Finding run(Trial trial) {
    List<Row> rows =
        trial.runs(
            Width.of(trial.parameters()), trial.parameters().whole("runs"), (width, replicate) -> row(trial, width, replicate));
    double worst = rows.stream().mapToDouble(row -> row.number("off by")).max().orElseThrow();
    double decomposed = rows.stream().mapToDouble(row -> Math.abs(row.number("ε(∞) by decomposition") - 1)).max().orElseThrow();
    long broken = rows.stream().filter(row -> !(row.number("off by") < ALLOWED)).count();
    return Finding.judged(broken == 0, rows)
        .measured("largest |ε(c)/‖f*‖² − 1| that the two bounds leave room for, c ≤ 1000", worst)
        .predicted(0)
        .explained(
            "The bounds leave room for more than 1e-10 in " + broken + " of " + rows.size() + " runs, for "
                + Numbers.rounded(worst, 3) + " at most. x₁x₂ is orthogonal to every sum of a function of x₁ and one of x₂ on a"
                + " centred product grid; the derivatives of an additive network are such sums, and so is the network. ε(∞) by"
                + " decomposition of J is off by up to " + Numbers.rounded(decomposed, 3)
                + ": its singular values run down to rounding, where their vectors mean nothing.")
        .figure(
            Plot.plot(Row.table("F9", rows)).x("n").points("at least", "at most", "ε(∞) by decomposition").logX()
                .yRange(0, 1.1).bound("no step helps", 1).yLabel("ε/‖f*‖²").title("What no tangent step removes of x₁x₂"));
  }

  private static Row row(Trial trial, Width width, int replicate) {
    int degree = trial.controlled() ? 2 : 1;
    long seed = trial.seed("network", width.vertices(), replicate);
    LiftedNetwork start = ProductTask.lift(width.vertices(), degree, seed).sparse();
    LiftedNetwork elsewhere = ProductTask.lift(width.vertices(), degree, seed).readout(ReadoutLaw.overWidth(4)).sparse();
    double least = Math.min(atLeast(start), atLeast(elsewhere));
    // Taking the readout back is a tangent step that leaves the function 0, whose loss is ‖f*‖².
    double most = new Passes(start.lift(), ProductTask.REGRESSION).loss(start.parameters()) / ProductTask.INITIAL_LOSS;
    return Row.start()
        .and("n", width.vertices())
        .and("run", replicate)
        .and("at least", least)
        .and("at most", most)
        .and(
            "ε(∞) by decomposition",
            TangentFeatures.of(elsewhere, ProductTask.REGRESSION).leastResidual() / ProductTask.INITIAL_LOSS)
        .and("off by", Math.max(Math.abs(least - 1), Math.abs(most - 1)));
  }

  /** The dual bound on ε(c) over ‖f*‖², tried at f*: (⟨f*, f* − f⟩ − c ‖Jᵀ f*‖)²/‖f*‖⁴, or 0 where it says nothing. */
  private static double atLeast(LiftedNetwork network) {
    Passes passes = new Passes(network.lift(), ProductTask.REGRESSION);
    double[] targets = ProductTask.REGRESSION.targets();
    double[] masses = ProductTask.REGRESSION.masses();
    double[] outputs = new double[targets.length];
    passes.outputs(network.parameters(), outputs);
    double[] weighted = new double[targets.length];
    double overlap = 0;
    for (int s = 0; s < targets.length; s++) {
      weighted[s] = masses[s] * targets[s];
      overlap += weighted[s] * (targets[s] - outputs[s]);
    }
    double[] image = new double[network.lift().parameters()];
    passes.transposedDerivative(network.parameters(), weighted, image);
    double norm = Math.sqrt(Arrays.stream(image).map(entry -> entry * entry).sum());
    double root = Math.max(0, overlap - RADIUS * norm) / ProductTask.INITIAL_LOSS;
    return root * root;
  }
}
