package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Plot;
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

/** H13: hidden weights that are never negative hold no copy of tanh(x₁ − x₂), at any width; yet they may learn it. */
final class WeightHole {

  private static final double SHARE = 0.1;

  private WeightHole() {}

  static Check check() {
    return Check.named("lifts/H13", "A hole in the law of the weights", "lifts/weight-hole")
        .asks("Where the law of the weights has no mass near a witness's weights, is there no copy at all, and what does training do?")
        .holdsIf("no start has a single η-copy of the witness, and the law of copies gives 0; training is reported, not judged")
        .control("the hole: weights of both signs", "mass at the negative weight again")
        .plan(Scale.QUICK, plan(List.of(64, 1024), 20, 1e-6))
        .plan(Scale.PAPER, plan(List.of(64, 256, 1024, 4096), 100, 1e-8))
        .plan(Scale.BEYOND, plan(List.of(64, 1024, 16_384, 100_000), 100, 1e-6))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(WeightHole::assurance)
        .runs(WeightHole::run);
  }

  private static Parameters plan(List<Integer> widths, int runs, double tolerance) {
    return Parameters.none()
        .wholes("widths", widths, 1, 10_000_000, "widths n of the hidden fibre")
        .number("eta", 0.3, 0, 0.999, "η, the tolerance of a copy")
        .number("horizon", 1000, 0.1, 1e12, "the most time of a flow, as n t")
        .whole("runs", runs, 1, 1_000_000, "runs a width")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private static LiftBuilder lifts(int width, boolean hole) {
    ParameterLaw both = ParameterLaw.normal(ProductTask.DEVIATION);
    return PlainLifts.lifts(1, width).weights(hole ? both.outside(Double.NEGATIVE_INFINITY, 0) : both);
  }

  private static CopyLaw law(int width, boolean hole, double tolerance) {
    return CopyLaw.of(lifts(width, hole), PlainLifts.ridge(-1), tolerance);
  }

  private static Assurance assurance(Parameters plan) {
    double missed = 1;
    for (int width : plan.wholes("widths")) {
      double once = law(width, false, plan.number("eta")).atLeastOne("h1", 0);
      missed *= StrictMath.pow(1 - once, plan.whole("runs"));
    }
    return new Assurance(
        0, 1 - missed,
        "Deterministic: no weight can be where the law has no mass. With both signs the probability that no start has a"
            + " copy follows from the law of copies.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    boolean hole = !trial.controlled();
    List<Integer> widths = Arrays.stream(plan.wholes("widths")).distinct().sorted().boxed().toList();
    int runs = plan.whole("runs");
    Regression task = Regression.onGrid(11, 2, x -> StrictMath.tanh(x[0] - x[1]));
    List<Row> rows = trial.runs(widths, runs, (width, replicate) -> row(trial, task, width, hole, replicate));
    double most = rows.stream().mapToDouble(row -> row.number("copies")).max().orElseThrow();
    double predicted = law(widths.get(widths.size() - 1), hole, plan.number("eta")).mean("h1", 0);
    List<String> told = new ArrayList<>();
    for (int k = 0; k < widths.size(); k++) {
      Proportion share = Row.share(rows.subList(k * runs, (k + 1) * runs), "reached");
      told.add("n = " + widths.get(k) + ": " + share);
    }
    return Resolution.guarding(
        Finding.judged(most == 0 && predicted == 0, rows)
            .measured("most η-copies in a start", most)
            .predicted(0)
            .explained(
                "The law of copies has mean"
                    + " " + Numbers.rounded(predicted, 4) + " at the largest width; the most that was found is "
                    + Numbers.rounded(most, 6) + ". Training is not judged: 0.1 ‖f*‖² was reached, " + String.join("; ", told)
                    + ". Without copies the theorem is silent, and weights are free to cross 0.")
            .figure(
                Plot.plot(Row.table("H13", rows)).x("width").points("copies", "loss over ‖f*‖²").logX()
                    .title("Copies at the start, loss at the end")));
  }

  private static Row row(Trial trial, Regression task, int width, boolean hole, int replicate) {
    Parameters plan = trial.parameters();
    LiftedNetwork start = lifts(width, hole).seed(trial.seed("network", width, replicate)).sparse();
    int copies = Coverage.of(start, PlainLifts.ridge(-1), plan.number("eta")).copies("h1", 0);
    double zero = task.lossOfZero();
    LossLevels run =
        LossLevels.train(
            start, task, new double[] {SHARE * zero}, plan.number("horizon") / width, plan.number("tolerance"), replicate);
    return run.into(
        Row.start().and("width", width).and("run", replicate).and("copies", copies).and("reached", run.reached(0))
            .and("loss over ‖f*‖²", run.last() / zero).and("n t", width * run.end()));
  }
}
