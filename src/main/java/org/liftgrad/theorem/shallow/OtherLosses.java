package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
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

/** B13: from well-initialised starts, does descent on the logistic loss and on Huber's converge as on the squared one? */
final class OtherLosses {

  private static final String ORTHOGONAL = "orthogonal";
  private static final String LAW_S = "lawS";
  private static final String SQUARED = "squared";
  private static final String LOGISTIC = "logistic";
  private static final String HUBER = "huber";
  private static final double LEVEL = 0.95;

  private OtherLosses() {}

  static Check check() {
    return Check.named("shallow/B13", "Other losses", "shallow/other-losses")
        .asks("Do well-initialised starts learn all labels by gradient descent on the logistic loss and on Huber's, and badly"
            + " initialised ones not?")
        .control(
            "a good start: neurons that are right for the first point are made inactive on it, and the start still counts as"
                + " what it was",
            "on orthogonal inputs no start converges")
        .plan(Scale.QUICK, plan(List.of(16), List.of(10), 40))
        .plan(Scale.PAPER, plan(List.of(16, 32), List.of(10, 16, 24), 100))
        .plan(Scale.BEYOND, plan(List.of(16, 32, 64, 128), List.of(10, 16, 24, 40), 400))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(
            plan ->
                new Assurance(
                    0, 1, "It reports shares with their intervals; with the control a point of orthogonal inputs has no"
                        + " neuron that could learn it, and the share there is 0."))
        .runs(OtherLosses::run);
  }

  private static Parameters plan(List<Integer> points, List<Integer> neurons, int runs) {
    return Parameters.none()
        .words("data", List.of(ORTHOGONAL, LAW_S), List.of(ORTHOGONAL, LAW_S), "orthogonal inputs with d = n, or law S"
            + " with d = n²")
        .words("losses", List.of(SQUARED, LOGISTIC, HUBER), List.of(SQUARED, LOGISTIC, HUBER), "ℓ(h, y); the logistic one"
            + " sees the sign of y only")
        .wholes("points", points, 2, 2000, "numbers of points n")
        .wholes("neurons", neurons, 1, 10_000, "numbers of neurons p")
        .number("threshold", 0.5, 1e-6, 1e6, "δ of Huber's loss")
        .number("step", 0.2, 1e-6, 1e3, "the step of descent on p L, in time")
        .number("horizonFactor", 20, 1e-3, 1e6, "the horizon H over √(np) log(np), in time")
        .whole("runs", runs, 2, 100_000, "starts a cell, each with data of its own; every loss has the same ones");
  }

  private record Cell(String data, int points, int neurons) {}

  private static PlainDescent.Loss loss(String name, Parameters plan) {
    return switch (name) {
      case SQUARED -> new PlainDescent.Squared();
      case LOGISTIC -> new PlainDescent.Logistic();
      default -> new PlainDescent.Huber(plan.number("threshold"));
    };
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (int points : plan.wholes("points")) {
        Arrays.stream(plan.wholes("neurons")).forEach(neurons -> cells.add(new Cell(data, points, neurons)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<String> said = new ArrayList<>();
    List<Row> drawn = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (boolean well : new boolean[] {true, false}) {
        List<Row> starts =
            rows.stream().filter(row -> row.text("data").equals(data) && row.yes("well initialised") == well).toList();
        List<String> shares = new ArrayList<>();
        for (int k = 0; k < plan.words("losses").size() && !starts.isEmpty(); k++) {
          Proportion share = Row.share(starts, "converged, " + plan.words("losses").get(k));
          shares.add(plan.words("losses").get(k) + " " + share.successes() + " " + share.wilson(LEVEL));
          drawn.add(
              Row.start().and("start", data + (well ? ", well" : ", not well")).and("loss", k + 1L).and("P(conv)", share.estimate()));
        }
        said.add(
            data + ", " + starts.size() + (well ? " well-initialised starts" : " others")
                + (shares.isEmpty() ? "" : ": " + String.join(", ", shares)));
      }
    }
    List<Row> well = rows.stream().filter(row -> row.yes("well initialised")).toList();
    Finding reported =
        Finding.reported(rows)
            .measured(
                "share of the well-initialised starts that converge with every loss",
                well.isEmpty() ? Double.NaN : Row.share(well, "converged with every loss").estimate())
            .predicted(1)
            .explained(
                "Runs that converged: " + String.join("; ", said)
                    + ". Converged is L < 1e-6/(2n) for the squared loss and Huber's, and L < log 2/n, where no point is on the"
                    + " wrong side, for the logistic one; descent with the step "
                    + Numbers.rounded(plan.number("step"), 3) + " up to the time " + Numbers.rounded(plan.number("horizonFactor"), 4)
                    + " √(np) log(np).")
            .figure(
                Plot.plot(Row.table("B13", drawn)).x("loss").by("start").points("P(conv)").yRange(-0.05, 1.05)
                    .xLabel("loss: " + String.join(", ", numbered(plan.words("losses")))).title("Which starts learn all labels"));
    Finding finding =
        well.isEmpty() ? reported : reported.interval(Row.share(well, "converged with every loss").wilson(LEVEL));
    return trial.controlled() ? finding.outside("a well-initialised start, as no neuron is right for the first point") : finding;
  }

  private static List<String> numbered(List<String> losses) {
    List<String> numbered = new ArrayList<>();
    for (int k = 0; k < losses.size(); k++) {
      numbered.add((k + 1) + " " + losses.get(k));
    }
    return numbered;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    ShallowNetwork drawn =
        cell.data.equals(ORTHOGONAL)
            ? Starts.orthogonal(trial, cell.points, cell.neurons, replicate)
            : Starts.lawS(trial, cell.points, Starts.dimension(cell.points, 1), cell.neurons, replicate);
    ShallowNetwork start = trial.controlled() ? blind(drawn) : drawn;
    double horizon = Starts.horizon(plan.number("horizonFactor"), cell.points, cell.neurons);
    Row row =
        Row.start()
            .and("data", cell.data)
            .and("points", cell.points)
            .and("neurons", cell.neurons)
            .and("run", replicate)
            .and("well initialised", drawn.wellInitialised());
    boolean all = true;
    for (String name : plan.words("losses")) {
      PlainDescent descent = new PlainDescent(start, loss(name, plan));
      boolean converged = descent.descend(plan.number("step"), horizon);
      all &= converged;
      row = row.and("converged, " + name, converged).and("loss, " + name, descent.loss())
          .and("time, " + name, descent.steps() * plan.number("step"));
    }
    return row.and("converged with every loss", all);
  }

  /** Where a neuron is right for the first point its pre-activation there changes sign. */
  private static ShallowNetwork blind(ShallowNetwork network) {
    DMatrixRMaj preactivations = network.preactivations();
    double[] readout = network.readout();
    double label = network.data().labels()[0];
    for (int j = 0; j < readout.length; j++) {
      if (readout[j] * label > 0) {
        preactivations.set(0, j, -Math.abs(preactivations.get(0, j)));
      }
    }
    return new ShallowNetwork(
        network.data(), network.activation(), preactivations, network.squaredWeightNorms(), readout,
        Optional.empty(), network.provenance().with("the first point", "seen by no neuron that is right for it"));
  }
}
