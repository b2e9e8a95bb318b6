package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;
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
 * F10, not in the theory file: the step of 4.9 itself. A witness of one hidden vertex, tanh(x₁ + x₂), has exact copies in
 * lifts whose weights are −1, 0 or 1; the parameters are moved, and the witness's readout is shared out among the copies
 * that survive.
 */
final class CopiesStep {

  private static final double ROUNDING = 1e-10;
  private static final Blueprint BLUEPRINT =
      Blueprint.blueprint("one hidden layer").input("x").vertex("h", Activation.tanh()).from("x").readout("t").from("h").build();
  private static final Regression TARGET = Regression.onGrid(7, 2, x -> StrictMath.tanh(x[0] + x[1]));
  private static final LiftedNetwork WITNESS = LiftedNetwork.of(Lift.full(BLUEPRINT, 2, 1, 1), 1, 1, 1);
  /** ‖a*‖₁. */
  private static final double READOUT = 1;

  private CopiesStep() {}

  static Check check() {
    return Check.named("lifts/F10", "Sharing a readout out among copies", "lifts/readout-step")
        .asks(
            "Does moving to the witness's readout, shared out among its surviving copies, land where 4.9 says, by a step no longer than"
                + " it says?")
        .holdsIf(
            "in every run with a surviving copy, with S the surviving copies: f + J u is Φâ to 1e-10; ‖Φâ − f*‖ is at most ‖a*‖₁ ω(2η);"
                + " ‖u‖ is at most ‖θ − θ₀‖ + ‖a*‖₁/√|S|; and ε at that length is at most (‖a*‖₁ ω(2η))²")
        .control("the mechanism: every copy gets the whole readout of the witness", "|S| times as much, for S of 2 or more")
        .plan(Scale.QUICK, plan(List.of(100, 400), List.of(0.0, 0.5, 2.0), 6))
        .plan(Scale.PAPER, plan(List.of(100, 400, 1600, 6400), List.of(0.0, 0.5, 1.0, 2.0, 4.0), 50))
        .plan(Scale.BEYOND, plan(List.of(100, 400, 1600, 6400, 25600), List.of(0.0, 0.5, 1.0, 2.0, 4.0, 8.0), 200))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * cells(plan).size(), 0.5, "at n = 100 and 400, moves up to 2, seed 1000"))
        .runs(CopiesStep::run);
  }

  private static Parameters plan(List<Integer> widths, List<Double> moves, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 1, 1_000_000, "widths n of the hidden fibre")
        .numbers("moves", moves, 0, 1e6, "how far the parameters are moved, in a random direction")
        .number("tolerance", 0.05, 1e-12, 0.49, "η")
        .whole("runs", runs, 1, 100_000, "runs a width and move, each with a lift of its own");
  }

  private record Cell(int width, double move) {
    @Override
    public String toString() {
      return "n = " + width + ", moved by " + Numbers.rounded(move, 6);
    }
  }

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (int width : plan.wholes("widths")) {
      Arrays.stream(plan.numbers("moves")).forEach(move -> cells.add(new Cell(width, move)));
    }
    return cells;
  }

  private static Finding run(Trial trial) {
    List<Row> rows =
        trial.runs(
            cells(trial.parameters()), trial.parameters().whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Row> judged = rows.stream().filter(row -> row.whole("survivors") > 0).toList();
    long broken = judged.stream().filter(row -> !row.yes("as 4.9 says")).count();
    double farthest = judged.stream().mapToDouble(row -> row.number("‖Φâ − f*‖ over its bound")).max().orElse(Double.NaN);
    double longest = judged.stream().mapToDouble(row -> row.number("‖u‖ over its bound")).max().orElse(Double.NaN);
    return Finding.judged(broken == 0 && !judged.isEmpty(), rows)
        .measured("runs that break one of the four", broken)
        .predicted(0)
        .explained(
            "Of " + rows.size() + " runs " + judged.size() + " have a surviving copy, and " + broken
                + " of these break a bound. The step is at most " + Numbers.rounded(longest, 4)
                + " of what it may be, and lands at most " + Numbers.rounded(farthest, 4) + " of the allowed error from the target.")
        .figure(
            Plot.plot(Row.table("F10", rows)).x("survivors").by("moved by").points("‖u‖").slope("∝ 1/√|S|", -0.5).logLog()
                .title("‖u‖ against the surviving copies"));
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    double tolerance = trial.parameters().number("tolerance");
    long[] address = {cell.width, StrictMath.round(1e6 * cell.move), replicate};
    LiftedNetwork start =
        LiftBuilder.lift(BLUEPRINT).fibre("x", 2).width("h", cell.width).inDegree(2).weights(ParameterLaw.atoms(-1, 0, 1))
            .seed(trial.seed("network", address)).sparse();
    LiftedNetwork moved = moved(start, cell.move, trial.stream("move", address));
    Coverage surviving = Coverage.of(start, WITNESS, tolerance).surviving(moved.parameters());
    int survivors = surviving.copies("h", 0);
    double[] shared = shared(trial, moved, surviving);
    double[] step = shared.clone();
    double[] here = moved.parameters();
    double square = 0;
    for (int k = 0; k < step.length; k++) {
      step[k] -= here[k];
      square += step[k] * step[k];
    }
    double allowedStep = cell.move + READOUT / Math.sqrt(survivors);
    double allowedError = READOUT * Coverage.errorBound(2 * tolerance, 1, 1, 2, 1, 1);
    double landed = Linearisation.of(moved, TARGET).lossAfter(step, 1);
    double exact = new Passes(moved.lift(), TARGET).loss(shared);
    double residual =
        survivors == 0 ? Double.NaN : TangentFeatures.ofReadout(moved, TARGET).residualWithin(allowedStep);
    boolean holds =
        Math.abs(landed - exact) <= ROUNDING
            && Math.sqrt(exact) <= allowedError + ROUNDING
            && Math.sqrt(square) <= allowedStep + ROUNDING
            && residual <= allowedError * allowedError + ROUNDING;
    return Row.start()
        .and("n", cell.width)
        .and("moved by", cell.move)
        .and("run", replicate)
        .and("copies", Coverage.of(start, WITNESS, tolerance).copies("h", 0))
        .and("survivors", survivors)
        .and("‖u‖", Math.sqrt(square))
        .and("‖u‖ over its bound", Math.sqrt(square) / allowedStep)
        .and("‖Φâ − f*‖ over its bound", Math.sqrt(exact) / allowedError)
        .and("ε at the allowed length", residual)
        .and("as 4.9 says", holds);
  }

  private static LiftedNetwork moved(LiftedNetwork start, double length, RandomStream stream) {
    double[] parameters = start.parameters();
    double[] direction = new double[parameters.length];
    Arrays.setAll(direction, k -> stream.nextGaussian());
    double norm = Math.sqrt(Arrays.stream(direction).map(entry -> entry * entry).sum());
    for (int k = 0; k < parameters.length; k++) {
      parameters[k] += length / norm * direction[k];
    }
    return start.withParameters(parameters);
  }

  /** The parameters with â for the readout. */
  private static double[] shared(Trial trial, LiftedNetwork network, Coverage surviving) {
    Edge readout = network.blueprint().edge("h", "t");
    Edges edges = network.lift().edges(readout.index());
    double[] parameters = network.parameters();
    double each = trial.controlled() ? READOUT : READOUT / surviving.copies("h", 0);
    for (int e = 0; e < edges.count(); e++) {
      parameters[network.lift().blockStart(readout.group()) + e] =
          surviving.isCopy("h", 0, edges.source(e)) ? each : 0;
    }
    return parameters;
  }
}
