package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Passes;
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

/**
 * H5: the flow reaches the loss of a witness that is not perfect. The target is a bump w = tanh(u + 1) − tanh(u − 1) along
 * u = x₁ + x₂, which two hidden vertices compute, plus s times a chessboard of ±1 on the grid: the witness has loss s².
 */
final class WitnessLoss {

  private static final int POINTS = 15;

  private WitnessLoss() {}

  static Check check() {
    return Check.named("lifts/H5", "Down to the witness's loss", "lifts/witness-loss", "lifts/theorem-4.3")
        .asks("Where the best witness at hand has loss ε_w > 0, do wide sparse lifts get to ε_w and a little more?")
        .holdsIf(
            "for every witness loss the exact lower 95 % limit of the share of runs that reach L ≤ ε_w + 0.02 ‖w‖² is at"
                + " least 0.95, and half the steps change nothing (G8)")
        .control("the hypothesis: in-degree 1, so that no lift hosts the witness", "one of two parents is missing")
        .plan(Scale.QUICK, plan(List.of(0.1, 0.3), 64, 500, 60, 1e-6))
        .plan(Scale.PAPER, plan(List.of(0.05, 0.1, 0.2, 0.4), 256, 2000, 100, 1e-8))
        .plan(Scale.BEYOND, plan(List.of(0.025, 0.05, 0.1, 0.2, 0.4, 0.8), 8192, 2000, 100, 1e-6))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(WitnessLoss::assurance)
        .runs(WitnessLoss::run);
  }

  private static Parameters plan(List<Double> chessboards, int width, double horizon, int runs, double tolerance) {
    return Parameters.none()
        .numbers("chessboards", chessboards, 1e-6, 10, "s, the square root of the witness's loss ε_w")
        .whole("width", width, 1, 1_000_000, "width n of the hidden fibre")
        .number("share", 0.02, 1e-9, 1, "how far above ε_w, over ‖w‖²")
        .number("horizon", horizon, 0.1, 1e12, "the most time of a flow, as n t")
        .whole("runs", runs, 1, 1_000_000, "runs a witness loss")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private static boolean certified(Proportion share) {
    return share.lowerBound(0.95) >= 0.95;
  }

  private static Assurance assurance(Parameters plan) {
    int runs = plan.whole("runs");
    if (plan.whole("width") < 64 || plan.number("horizon") < 500 || plan.number("share") < 0.02 || plan.number("share") > 0.05) {
      return new Assurance(1, 0, "Shares are known from n = 64 and n t = 500 on, 0.02 to 0.05 above the witness.");
    }
    double share = 0.9995;
    double each = new Binomial(runs, share).probabilityThat(k -> certified(new Proportion(k, runs)));
    return new Assurance(
        1 - StrictMath.pow(each, plan.numbers("chessboards").length), 1,
        "Binomial probabilities with a share of"
            + " " + share + " (all of 200 runs at seed 1001, n = 64, s = 0.1 and 0.3). With in-degree 1 the bump's"
            + " part that is no sum of functions of one coordinate, 0.07 ‖w‖², stays, and no run can succeed.");
  }

  static double bump(double sum) {
    return StrictMath.tanh(sum + 1) - StrictMath.tanh(sum - 1);
  }

  /** The bump with a chessboard. */
  static Regression task(double chessboard) {
    Regression bump = Regression.onGrid(POINTS, 2, x -> bump(x[0] + x[1]));
    double[] targets = bump.targets();
    Arrays.setAll(targets, s -> targets[s] + ((s % POINTS + s / POINTS) % 2 == 0 ? chessboard : -chessboard));
    return Regression.of(bump.inputs(), targets, targets.length);
  }

  /** Lifts of x → h → t with biases, tanh, weights N(0, 1.5²), readout 0. */
  static LiftBuilder lifts(int width) {
    return LiftBuilder.lift(Architectures.twoLayerPerceptron(Activation.tanh())).fibre("x", 2).width("h", width)
        .weights(ParameterLaw.normal(ProductTask.DEVIATION));
  }

  /** The witness: two hidden vertices with weights 1, biases 1 and −1, readouts 1 and −1. */
  static LiftedNetwork witness() {
    return LiftedNetwork.of(
        LiftBuilder.lift(Architectures.twoLayerPerceptron(Activation.tanh())).fibre("x", 2).width("h", 2).full().lift(),
        1, 1, 1, 1, 1, -1, 1, -1, 0);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Double> cells = Arrays.stream(plan.numbers("chessboards")).distinct().boxed().toList();
    int runs = plan.whole("runs");
    double norm = task(0).lossOfZero();
    List<Row> rows = trial.runs(cells, runs, (chessboard, replicate) -> row(trial, chessboard, norm, replicate));
    boolean met = true;
    Proportion worst = null;
    List<String> told = new ArrayList<>();
    for (int k = 0; k < cells.size(); k++) {
      Proportion share = Row.share(rows.subList(k * runs, (k + 1) * runs), "reached");
      met &= certified(share);
      worst = worst == null || share.estimate() < worst.estimate() ? share : worst;
      told.add("ε_w = " + Numbers.rounded(cells.get(k) * cells.get(k), 3) + ": " + share);
    }
    return Resolution.guarding(
        Finding.judged(met, rows)
            .measured(
                "share of runs that come as near as asked to the witness's loss, for the witness loss where it is least",
                worst.estimate())
            .predicted(1)
            .interval(worst.clopperPearson(0.95))
            .explained("Runs that reached it: " + String.join("; ", told) + ". ‖w‖² = " + Numbers.rounded(norm, 4) + ".")
            .figure(
                Plot.plot(Row.table("H5", rows)).x("witness's loss").points("loss").line("to be reached").logLog()
                    .title("Loss at the end against the witness's")));
  }

  private static Row row(Trial trial, double chessboard, double norm, int replicate) {
    Parameters plan = trial.parameters();
    int width = plan.whole("width");
    Regression task = task(chessboard);
    // Of the witness itself, as a network: s² to the last digits.
    double[] outputs = new double[task.samples()];
    new Passes(witness().lift(), task).outputs(witness().parameters(), outputs);
    double witnessLoss = task.loss(outputs);
    double level = witnessLoss + plan.number("share") * norm;
    LiftedNetwork start =
        lifts(width).edges(EdgeLaw.inDegree(trial.controlled() ? 1 : 2)).seed(trial.seed("network", width, replicate)).sparse();
    LossLevels run =
        LossLevels.train(start, task, new double[] {level}, plan.number("horizon") / width, plan.number("tolerance"), replicate);
    return run.into(
        Row.start().and("chessboard", chessboard).and("width", width).and("run", replicate)
            .and("witness's loss", witnessLoss).and("to be reached", level).and("loss", run.last()).and("reached", run.reached(0))
            .and("n t", width * run.end()));
  }
}
