package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
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
 * P3a: two orthonormal points with labels 1 and −M, neurons along their sum with alternating signs and
 * |a| = δ‖w‖. The large label drags every readout below 0 unless it is large enough at the start.
 */
final class Counterexample {

  /** The loss that is left when point 1 is lost: y_1²/(2n). */
  private static final double STUCK = 0.25;
  private static final double NEAR_STUCK = 1e-3;
  private static final double FITTED = 1e-6;
  /** Up to this δ every run has to be stuck: 0.1 is about the threshold of M = 2. */
  private static final double SURELY_STUCK = 0.05;

  private Counterexample() {}

  static Check check() {
    return Check.named("shallow/P3a", "Small readouts can all change their sign", "shallow/proposition-3", "shallow/assumption-1")
        .asks("Without Assumption 1, can a well-initialised start on two orthogonal points lose one of them for good?")
        .holdsIf(
            "for every width of 2 or more the loss is within 1e-3 of y_1²/(2n) = 0.25 or below 1e-6 at the horizon in every run, it is"
                + " 0.25 for every δ ≤ 0.05 and for no δ ≥ 1, and in each series over δ the runs at 0.25 come first"
                + " and last the longer the larger M is")
        .control("the mechanism: the second label is M in place of −M", "no readout is dragged through 0")
        .plan(Scale.QUICK, plan(List.of(1, 2, 20), 5))
        .plan(Scale.PAPER, plan(List.of(1, 2, 20, 100), 50))
        .plan(Scale.BEYOND, plan(List.of(1, 2, 20, 100, 1000), 200))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    cells(plan).stream().filter(cell -> cell.judged() && cell.delta <= SURELY_STUCK).count() * plan.whole("runs"),
                    0.99, "every run with δ ≤ 0.05, p = 2 to 100, M = 2 to 10, seed 1000"))
        .runs(Counterexample::run);
  }

  private static Parameters plan(List<Integer> neurons, int runs) {
    return Parameters.none()
        .numbers("labels", List.of(2.0, 5.0, 10.0), 2, 100, "sizes M of the second label; the first is 1")
        .numbers(
            "deltas", List.of(0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.0, 1.5), 0.001, 100,
            "δ = |a_j|/‖w_j‖ at the start; Assumption 1 is δ ≥ 1")
        .wholes("neurons", neurons, 1, 10_000, "numbers of neurons p; one neuron cannot be well initialised and is reported only")
        .number("horizon", 1000, 1, 1e6, "the time at which the loss is looked at")
        .whole("runs", runs, 1, 100_000, "runs a cell, with norms of their own");
  }

  private record Cell(int neurons, double label, double delta) {
    boolean judged() {
      return neurons >= 2;
    }
  }

  private static List<Cell> cells(Parameters plan) {
    double[] labels = Arrays.stream(plan.numbers("labels")).sorted().toArray();
    double[] deltas = Arrays.stream(plan.numbers("deltas")).sorted().toArray();
    List<Cell> cells = new ArrayList<>();
    for (int neurons : plan.wholes("neurons")) {
      for (double label : labels) {
        for (double delta : deltas) {
          cells.add(new Cell(neurons, label, delta));
        }
      }
    }
    return cells;
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows =
        trial.runs(cells(plan), plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Row> judged = rows.stream().filter(row -> row.whole("neurons") >= 2).toList();
    List<Row> stuck = judged.stream().filter(row -> row.yes("stuck")).toList();
    long neither = judged.stream().filter(row -> !row.yes("stuck") && !row.yes("fitted")).count();
    long freed = judged.stream().filter(row -> row.number("delta") <= SURELY_STUCK && !row.yes("stuck")).count();
    long lost = stuck.stream().filter(row -> row.number("delta") >= 1).count();
    boolean ordered = inOrder(plan, judged);
    double largest = stuck.stream().mapToDouble(row -> row.number("delta")).max().orElse(0);
    String single =
        rows.size() == judged.size()
            ? ""
            : " One neuron alone has one sign, is not well initialised, and ended at y_1²/(2n) or at y_2²/(2n) = M²/4.";
    Finding finding =
        judged.isEmpty() ? Finding.reported(rows) : Finding.judged(neither + freed + lost == 0 && ordered, rows);
    return finding
        .measured("largest δ at which a run ended at y_1²/(2n)", largest)
        .predicted(1)
        .explained(
            neither + " of " + judged.size() + " runs with two neurons or more ended at neither loss, " + freed
                + " with δ ≤ 0.05 were not stuck and " + lost + " with δ ≥ 1 were; the order in δ and M is "
                + (ordered ? "kept" : "broken") + ". The largest δ that was stuck: " + thresholds(plan, stuck) + "." + single)
        .figure(
            Plot.plot(Row.table("P3a", shares(plan, judged.isEmpty() ? rows : judged))).x("delta").by("M").points("share stuck").logX()
                .event("Assumption 1", 1).title("Runs that end at a loss of 0.25"))
        .outside("Assumption 1, |a_j| ≥ ‖w_j‖, where δ < 1, as the statement wants it");
  }

  /** Does a series over δ begin with its stuck runs, and do they reach at least as far for a larger M? */
  private static boolean inOrder(Parameters plan, List<Row> judged) {
    int deltas = plan.numbers("deltas").length;
    int labels = plan.numbers("labels").length;
    int runs = plan.whole("runs");
    for (int first = 0; first < judged.size(); first += labels * deltas * runs) {
      for (int replicate = 0; replicate < runs; replicate++) {
        int before = 0;
        for (int label = 0; label < labels; label++) {
          int count = 0;
          int last = 0;
          for (int delta = 0; delta < deltas; delta++) {
            if (judged.get(first + (label * deltas + delta) * runs + replicate).yes("stuck")) {
              count++;
              last = delta + 1;
            }
          }
          if (last > count || count < before) {
            return false;
          }
          before = count;
        }
      }
    }
    return true;
  }

  private static String thresholds(Parameters plan, List<Row> stuck) {
    return Arrays.stream(plan.numbers("labels"))
        .sorted()
        .mapToObj(
            label ->
                Numbers.rounded(
                        stuck.stream().filter(row -> row.number("M") == label).mapToDouble(row -> row.number("delta")).max().orElse(0),
                        3)
                    + " for M = " + Numbers.rounded(label, 4))
        .collect(Collectors.joining(", "));
  }

  private static List<Row> shares(Parameters plan, List<Row> judged) {
    List<Row> shares = new ArrayList<>();
    for (double label : Arrays.stream(plan.numbers("labels")).sorted().toArray()) {
      for (double delta : Arrays.stream(plan.numbers("deltas")).sorted().toArray()) {
        List<Row> some =
            judged.stream().filter(row -> row.number("M") == label && row.number("delta") == delta).toList();
        shares.add(
            Row.start().and("M", Numbers.rounded(label, 4)).and("delta", delta)
                .and("share stuck", (double) some.stream().filter(row -> row.yes("stuck")).count() / some.size()));
      }
    }
    return shares;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    ShallowNetwork network = network(trial, cell, replicate);
    Solution solution =
        Starts.followed(GradientFlow.gradientFlow(network)
            .until(StopCondition.lossBelow(FITTED / 10))
            .until(StopCondition.timeReached(trial.parameters().number("horizon"))));
    return Row.start()
        .and("neurons", cell.neurons)
        .and("M", cell.label)
        .and("delta", cell.delta)
        .and("run", replicate)
        .and("well initialised", network.wellInitialised())
        .and("stuck", Math.abs(solution.loss() - STUCK) < NEAR_STUCK)
        .and("fitted", solution.loss() < FITTED)
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("ending", solution.ending().toString());
  }

  /** w_j = c_j (1, 1) with c_j uniform on [1/2, 1], the same for all δ and M. */
  private static ShallowNetwork network(Trial trial, Cell cell, int replicate) {
    double second = trial.controlled() ? cell.label : -cell.label;
    Dataset data =
        OrthogonalData.orthogonalData().points(2).givenNorms(1, 1).labels(Labels.given(1, second)).build();
    RandomStream stream = trial.stream("norms", cell.neurons, replicate);
    DMatrixRMaj weights = new DMatrixRMaj(cell.neurons, 2);
    double[] readout = new double[cell.neurons];
    for (int j = 0; j < cell.neurons; j++) {
      double c = stream.nextUniform(0.5, 1);
      weights.set(j, 0, c);
      weights.set(j, 1, c);
      readout[j] = (j % 2 == 0 ? 1 : -1) * cell.delta * c * Math.sqrt(2);
    }
    return ShallowNetworks.shallowNetwork(data).weights(weights).readout(readout).build();
  }
}
