package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
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

/** E0, which the theory file does not have: sparse lifts of a perceptron with linear readout are linear in it. */
final class LinearReadout {

  private static final double ALLOWED = 1e-12;

  private LinearReadout() {}

  static Check check() {
    return Check.named("lifts/E0", "Networks are linear in their readout", "lifts/definition-4.1")
        .asks("With hidden weights of any value, is a sparse lift's output linear in its readout weights?")
        .holdsIf("F(α a + β b) differs from α F(a) + β F(b) by 1e-12 of its size at most, in every run")
        .control("that outputs are plain sums: they go through a hyperbolic tangent", "a slope that is 1 at 0 only")
        .plan(Scale.QUICK, plan(200, 20))
        .plan(Scale.PAPER, plan(2000, 200))
        .plan(Scale.BEYOND, plan(200_000, 20))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic(plan.whole("runs"), 0.9, "all of 100, seed 1000"))
        .runs(LinearReadout::run);
  }

  private static Parameters plan(int width, int runs) {
    return Parameters.none()
        .whole("width", width, 1, 10_000_000, "n, of both hidden layers")
        .whole("inDegree", 2, 1, 1000, "k")
        .whole("runs", runs, 1, 1_000_000, "lifts, each with readouts and inputs of its own");
  }

  private static Finding run(Trial trial) {
    List<Row> rows =
        trial.runs(List.of("K"), trial.parameters().whole("runs"), (law, run) -> row(trial, run));
    double worst = rows.stream().mapToDouble(row -> row.number("error")).max().orElseThrow();
    return Finding.judged(worst <= ALLOWED, rows)
        .measured("largest relative difference from linearity", worst)
        .predicted(0)
        .explained(
            "In " + rows.size() + " lifts of n = " + trial.parameters().whole("width") + " outputs are linear in the readout to "
                + Numbers.rounded(worst, 2) + ".")
        .figure(Plot.plot(Row.table("E0", rows)).x("run").points("error").bound("allowed", ALLOWED).title("Distance from linearity"));
  }

  private static Blueprint blueprint(boolean controlled) {
    BlueprintBuilder builder =
        Blueprint.blueprint("perceptron").input("x").constant("one")
            .vertex("h1", Activation.tanh()).from("x", "one").vertex("h2", Activation.tanh()).from("h1", "one");
    return (controlled ? builder.output("t", ActivationRule.pointwise(Activation.tanh())) : builder.readout("t")).from("h2").build();
  }

  private static Row row(Trial trial, int run) {
    Parameters plan = trial.parameters();
    int width = plan.whole("width");
    LiftedNetwork lift =
        LiftBuilder.lift(blueprint(trial.controlled())).fibre("x", 2).width("h1", width).width("h2", width)
            .inDegree(plan.whole("inDegree")).seed(trial.seed("lift", run)).sparse();
    RandomStream stream = trial.stream("readouts", run);
    int readout = lift.lift().blockStart(lift.blueprint().edge("h2", "t").group());
    double[] one = new double[width];
    double[] other = new double[width];
    Arrays.setAll(one, k -> stream.nextGaussian() / Math.sqrt(width));
    Arrays.setAll(other, k -> stream.nextGaussian() / Math.sqrt(width));
    double alpha = stream.nextUniform(-2, 2);
    double beta = stream.nextUniform(-2, 2);
    double[] mixed = new double[width];
    Arrays.setAll(mixed, k -> alpha * one[k] + beta * other[k]);
    DMatrixRMaj inputs = new DMatrixRMaj(20, 2);
    Arrays.setAll(inputs.data, k -> stream.nextUniform(-1, 1));
    double[] first = outputs(lift, readout, one, inputs);
    double[] second = outputs(lift, readout, other, inputs);
    double[] both = outputs(lift, readout, mixed, inputs);
    double error = 0;
    for (int s = 0; s < both.length; s++) {
      error = Math.max(error, Math.abs(both[s] - alpha * first[s] - beta * second[s]) / Math.max(1, Math.abs(both[s])));
    }
    return Row.start().and("run", run).and("error", error);
  }

  private static double[] outputs(LiftedNetwork lift, int at, double[] readout, DMatrixRMaj inputs) {
    double[] parameters = lift.parameters();
    System.arraycopy(readout, 0, parameters, at, readout.length);
    return lift.withParameters(parameters).predict(inputs).data;
  }
}
