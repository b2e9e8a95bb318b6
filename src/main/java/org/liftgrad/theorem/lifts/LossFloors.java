package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
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

/** H3 and H4: what no lift of a blueprint can do, no training can. */
final class LossFloors {

  private static final double ROUNDING = 1e-9;

  private LossFloors() {}

  // ---- H3

  static Check additive() {
    return Check.named("lifts/H3", "With one parent nothing of x₁x₂ is learnt", "lifts/floors")
        .asks("With in-degree 1, does the loss on x₁x₂ stay at or above ‖x₁x₂‖², for every width, depth, start and time?")
        .holdsIf("L/‖x₁x₂‖² ≥ 1 − 1e-9 at the end of every step of every flow; half the steps change nothing (G8)")
        .control("the mechanism: in-degree 2, so that vertices mix the two coordinates", "one parent more")
        .plan(Scale.QUICK, additivePlan(List.of(8, 64), List.of(1, 2, 3), 100, 5, 1e-6))
        .plan(Scale.PAPER, additivePlan(List.of(8, 16, 32, 64, 128, 256, 512), List.of(1, 2, 3), 1000, 20, 1e-6))
        .plan(Scale.BEYOND, additivePlan(List.of(8, 64, 512, 4096, 32_768), List.of(1, 2, 3, 4, 6), 1000, 20, 1e-6))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                plan.words("readouts").contains("zero")
                    ? Assurance.deterministic(
                        (long) plan.wholes("widths").length * plan.wholes("depths").length * plan.whole("runs"), 0.8,
                        "all of 30 runs with a readout of 0 at seed 1001, widths 8 and 64, depths 1 to 3, n t ≤ 100")
                    : new Assurance(0, 0, "The control's share is known for starts with a readout of 0 only."))
        .runs(LossFloors::judgeAdditive);
  }

  private static Parameters additivePlan(
      List<Integer> widths, List<Integer> depths, double horizon, int runs, double tolerance) {
    return Parameters.none()
        .wholes("widths", widths, 1, 1_000_000, "widths n of all hidden fibres")
        .wholes("depths", depths, 1, 20, "numbers of hidden layers")
        .words("readouts", List.of("zero", "random"), List.of("zero", "random"), "readouts at the start: 0, or of variance 1/n")
        .number("horizon", horizon, 0, 1e12, "the time of a flow, as n t")
        .whole("runs", runs, 1, 1_000_000, "runs a width, depth and readout")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private record AdditiveCell(int depth, int width, String readout) {}

  private static Finding judgeAdditive(Trial trial) {
    Parameters plan = trial.parameters();
    Regression task = ProductTask.REGRESSION;
    List<AdditiveCell> cells = new ArrayList<>();
    for (int depth : plan.wholes("depths")) {
      for (int width : plan.wholes("widths")) {
        plan.words("readouts").forEach(readout -> cells.add(new AdditiveCell(depth, width, readout)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> additiveRow(trial, task, cell, replicate));
    double lowest = rows.stream().mapToDouble(row -> row.number("least L over ‖f*‖²")).min().orElseThrow();
    return Resolution.guarding(
        Finding.judged(lowest >= 1 - ROUNDING, rows)
            .measured("least L/‖x₁x₂‖² of all steps", lowest)
            .predicted(1)
            .explained(
                "A vertex with one parent sees one coordinate only, so outputs are g(x₁) + h(x₂), and x₁x₂ is orthogonal"
                    + " to these on a grid that is symmetric about 0. The least L/‖f*‖² of"
                    + " " + rows.size() + " runs is 1 − " + Numbers.rounded(1 - lowest, 2) + ".")
            .figure(
                Plot.plot(Row.table("H3", rows)).x("width").by("depth").points("L over ‖f*‖² at the end").logX()
                    .title("Loss at the end")));
  }

  private static Row additiveRow(Trial trial, Regression task, AdditiveCell cell, int replicate) {
    LiftBuilder lifts = LiftBuilder.lift(Architectures.perceptron(cell.depth, Activation.tanh())).fibre("x", 2);
    for (int layer = 1; layer <= cell.depth; layer++) {
      lifts = lifts.width("h" + layer, cell.width);
    }
    boolean zeroReadout = cell.readout.equals("zero");
    LiftedNetwork start =
        lifts.inDegree(trial.controlled() ? 2 : 1).weights(ParameterLaw.normal(ProductTask.DEVIATION))
            .readout(zeroReadout ? ReadoutLaw.zero() : ReadoutLaw.overWidth(1))
            .seed(trial.seed("network", cell.depth, cell.width, zeroReadout ? 0 : 1, replicate)).sparse();
    double zero = task.lossOfZero();
    // A loss that the statement forbids, so that every flow goes on to its time.
    LossLevels run =
        LossLevels.follow(
            start, task, new double[] {0.5 * zero}, trial.parameters().number("horizon") / cell.width,
            trial.parameters().number("tolerance"), replicate);
    return run.into(
        Row.start().and("depth", cell.depth).and("width", cell.width).and("readout", cell.readout).and("run", replicate)
            .and("least L over ‖f*‖²", run.lowest() / zero).and("L over ‖f*‖² at the end", run.last() / zero)
            .and("n t", cell.width * run.end()));
  }

  // ---- H4

  static Check missingInput() {
    return Check.named("lifts/H4", "An input that is not read leaves its floor", "lifts/floors", "lifts/theorem-4.3")
        .asks("On x₁x₂ + x₃/2, does a blueprint without x₃ go down to Var(x₃)/4 and never below?")
        .holdsIf(
            "no step of any flow ends under Var(x₃)/4 (1 − 1e-9), and the exact lower 95 % limit of the share of runs that"
                + " come within 0.1 ‖x₁x₂‖² of it is at least 0.95; half the steps change nothing (G8)")
        .control("the hypothesis: x₃ is read too", "an input more")
        .plan(Scale.QUICK, missingPlan(5, 2, 128, 600, 60, 1e-6))
        .plan(Scale.PAPER, missingPlan(11, 11, 128, 2000, 100, 1e-8))
        .plan(Scale.BEYOND, missingPlan(11, 11, 2048, 2000, 100, 1e-6))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(LossFloors::missingAssurance)
        .runs(LossFloors::judgeMissing);
  }

  private static Parameters missingPlan(int points, int third, int width, double horizon, int runs, double tolerance) {
    return Parameters.none()
        .whole("points", points, 2, 1000, "points of the grid along x₁ and x₂")
        .whole("thirdPoints", third, 2, 1000, "and along x₃")
        .whole("width", width, 1, 1_000_000, "width n of both hidden fibres")
        .number("horizon", horizon, 0.1, 1e12, "the time of a flow, as n t")
        .whole("runs", runs, 1, 1_000_000, "runs")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private static Assurance missingAssurance(Parameters plan) {
    int runs = plan.whole("runs");
    if (plan.whole("width") < 128 || plan.number("horizon") < 600) {
      return new Assurance(1, 0, "Shares are known from n = 128 and n t = 600 on.");
    }
    double share = 0.999;
    double kept = new Binomial(runs, share).probabilityThat(k -> new Proportion(k, runs).lowerBound(0.95) >= 0.95);
    Assurance below = Assurance.deterministic(runs, 0.8, "all of 10 runs at seed 1001, n = 128, grids of 5 × 5 × 2");
    return new Assurance(
        1 - kept, below.power(),
        "That no run is under the floor is deterministic; that a run comes near it in time has probability " + share
            + " or more (60 of 60 at seed 1001). " + below.reason());
  }

  /** The samples of a grid over three coordinates; the inputs are the first two, or all. */
  private static Regression third(int points, int thirdPoints, boolean all) {
    int samples = points * points * thirdPoints;
    double[] inputs = new double[(all ? 3 : 2) * samples];
    double[] targets = new double[samples];
    for (int s = 0; s < samples; s++) {
      double first = place(s % points, points);
      double second = place(s / points % points, points);
      double last = place(s / points / points, thirdPoints);
      inputs[s] = first;
      inputs[samples + s] = second;
      if (all) {
        inputs[2 * samples + s] = last;
      }
      targets[s] = first * second + 0.5 * last;
    }
    return Regression.of(inputs, targets, samples);
  }

  private static double place(int number, int points) {
    return (2.0 * number - (points - 1)) / (points - 1);
  }

  /** The mean of the squares of a coordinate of the grid. */
  private static double variance(int points) {
    double sum = 0;
    for (int k = 0; k < points; k++) {
      sum += place(k, points) * place(k, points);
    }
    return sum / points;
  }

  private static Finding judgeMissing(Trial trial) {
    Parameters plan = trial.parameters();
    int points = plan.whole("points");
    Regression task = third(points, plan.whole("thirdPoints"), trial.controlled());
    double floor = 0.25 * variance(plan.whole("thirdPoints"));
    double near = floor + 0.1 * variance(points) * variance(points);
    int width = plan.whole("width");
    List<Row> rows =
        trial.runs(
            List.of("n = " + width), plan.whole("runs"),
            (cell, replicate) -> {
              LiftedNetwork start =
                  ProductTask.withoutEdges(width).fibre("x", task.inputDimension()).inDegree(2)
                      .seed(trial.seed("network", width, replicate)).sparse();
              // The second loss is one that the statement forbids: a flow goes on to its time.
              LossLevels run =
                  LossLevels.train(
                      start, task, new double[] {near, 0.98 * floor}, plan.number("horizon") / width,
                      plan.number("tolerance"), replicate);
              return run.into(
                  Row.start().and("width", width).and("run", replicate).and("least L over the floor", run.lowest() / floor)
                      .and("near the floor", run.reached(0)).and("n t until near", width * run.times().get(0)));
            });
    double lowest = rows.stream().mapToDouble(row -> row.number("least L over the floor")).min().orElseThrow();
    Proportion share = Row.share(rows, "near the floor");
    boolean met = lowest >= 1 - ROUNDING && share.lowerBound(0.95) >= 0.95;
    return Resolution.guarding(
        Finding.judged(met, rows)
            .measured("least L over Var(x₃)/4", lowest)
            .predicted(1)
            .explained(
                "The least loss is"
                    + " " + Numbers.rounded(lowest, 8) + " of the floor " + Numbers.rounded(floor, 4) + ", where the start has "
                    + Numbers.rounded(task.lossOfZero(), 4) + "; " + share + " runs came within 0.1 ‖x₁x₂‖² of it.")
            .figure(
                Plot.plot(Row.table("H4", rows)).x("run").points("least L over the floor").bound("the floor", 1)
                    .title("Loss at the end, x₃ not read")));
  }
}
