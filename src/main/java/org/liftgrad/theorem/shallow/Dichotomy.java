package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** W3: on orthogonal inputs a run converges if and only if its start is well initialised. */
final class Dichotomy {

  private static final double BROKEN_SHARE = 0.1;

  private Dichotomy() {}

  static Check check() {
    return Check.named("shallow/W3", "Converge if and only if well initialised", "shallow/proposition-1-dichotomy")
        .asks("On exactly orthogonal inputs, under Assumption 1, does a run converge exactly when its start is well initialised?")
        .holdsIf(
            "no run is an exception: L < 1e-6/(2n) within H = 50 √(np) log(np) if and only if the start is well"
                + " initialised")
        .control("Assumption 1: |a_j| = 0.1 ‖w_j‖ at the start", "ten times too small; exceptions in one run of five")
        .plan(Scale.QUICK, plan(List.of("dominant"), 1000))
        .plan(Scale.PAPER, plan(List.of("dominant", "balanced"), 1000))
        .plan(Scale.BEYOND, plan(List.of("dominant", "balanced"), 5000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("neurons").length * plan.words("readouts").size(),
                    0.1, "at n = 20, p = 6 to 24, seed 1000"))
        .runs(Dichotomy::run);
  }

  private static Parameters plan(List<String> readouts, int runs) {
    return Parameters.none()
        .whole("points", 20, 1, Size.MOST_POINTS, "the number of points n; d = n")
        .wholes("neurons", List.of(6, 10, 16, 24), 1, 100_000, "numbers of neurons p")
        .words(
            "readouts", readouts, List.of("dominant", "balanced"),
            "dominant: |a| = ‖w‖ + Exp(1); balanced: |a| = ‖w‖")
        .number("horizonFactor", 50, 1e-3, 1e6, "the horizon H over √(np) log(np)")
        .whole("runs", runs, 1, 1_000_000, "runs a width and readout law, each with data and start of its own");
  }

  private record Cell(int neurons, String readout) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (int neurons : plan.wholes("neurons")) {
      for (String readout : plan.words("readouts")) {
        cells.add(new Cell(neurons, readout));
      }
    }
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    int exceptions = (int) rows.stream().filter(row -> row.yes("exception")).count();
    int unconverged =
        (int) rows.stream().filter(row -> row.yes("exception") && row.yes("well initialised")).count();
    Proportion share = new Proportion(exceptions, rows.size());
    double[] neurons = Arrays.stream(plan.wholes("neurons")).asDoubleStream().toArray();
    double[] converged = new double[neurons.length];
    double[] formula = new double[neurons.length];
    int n = plan.whole("points");
    for (int k = 0; k < neurons.length; k++) {
      int p = (int) neurons[k];
      List<Row> some = rows.stream().filter(row -> row.whole("neurons") == p).toList();
      converged[k] = (double) some.stream().filter(row -> row.yes("converged")).count() / some.size();
      formula[k] = Width.probabilityWellInitialised(p, n - n / 2, n / 2);
    }
    Finding finding =
        Finding.judged(exceptions == 0, rows)
            .measured("share of runs that are exceptions", share.estimate())
            .predicted(0)
            .interval(share.clopperPearson(0.95))
            .explained(
                exceptions + " exceptions in " + rows.size() + " runs: " + unconverged
                    + " well initialised that did not converge within H, " + (exceptions - unconverged)
                    + " that converged without being so.")
            .figure(
                Plot.plot(neurons, converged).points("P(converged)", neurons, converged)
                    .line("exact P(well initialised), half the labels positive", neurons, formula)
                    .xLabel("neurons").yLabel("P(converged)").title("Orthogonal data, n = " + n));
    return trial.controlled()
        ? finding.outside("Assumption 1, |a_j| ≥ ‖w_j‖, by the factor " + BROKEN_SHARE)
        : finding;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    int n = plan.whole("points");
    ShallowNetwork drawn = Starts.orthogonal(trial, n, cell.neurons, replicate);
    ShallowNetwork network =
        trial.controlled()
            ? Starts.withShare(drawn, BROKEN_SHARE)
            : cell.readout.equals("balanced") ? Starts.withShare(drawn, 1) : drawn;
    double horizon = Starts.horizon(plan.number("horizonFactor"), n, cell.neurons);
    Solution solution =
        Starts.followed(GradientFlow.gradientFlow(network)
            .until(StopCondition.lossBelow(Starts.fitted(n)))
            .until(StopCondition.timeReached(horizon)));
    boolean well = network.wellInitialised();
    boolean converged = solution.loss() <= Starts.fitted(n) * (1 + 1e-9);
    return Row.start()
        .and("points", n)
        .and("neurons", cell.neurons)
        .and("readout", cell.readout)
        .and("run", replicate)
        .and("well initialised", well)
        .and("converged", converged)
        .and("exception", well != converged)
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("horizon", horizon)
        .and("ending", solution.ending().toString());
  }
}
