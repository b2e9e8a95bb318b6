package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
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
        .plan(Scale.QUICK, plan(List.of(16), List.of(10), 20))
        .plan(Scale.PAPER, plan(List.of(16, 32), List.of(10, 16, 24), 200))
        .plan(Scale.BEYOND, plan(List.of(16, 32, 64, 128), List.of(10, 16, 24, 40), 400))
        .recorded(Scale.QUICK, Verdict.REPORTED)
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
        .number("horizonFactor", 60, 1e-3, 1e6, "the horizon H over n, in time")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(String data, int points, int neurons, String loss) {
    PlainDescent.Loss function(Parameters plan) {
      return switch (loss) {
        case SQUARED -> new PlainDescent.Squared();
        case LOGISTIC -> new PlainDescent.Logistic();
        default -> new PlainDescent.Huber(plan.number("threshold"));
      };
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (int points : plan.wholes("points")) {
        for (int neurons : plan.wholes("neurons")) {
          plan.words("losses").forEach(loss -> cells.add(new Cell(data, points, neurons, loss)));
        }
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<String> said = new ArrayList<>();
    List<Row> drawn = new ArrayList<>();
    Proportion least = new Proportion(1, 1);
    String where = "none had a well-initialised start";
    boolean found = false;
    for (String data : plan.words("data")) {
      for (String loss : plan.words("losses")) {
        List<Row> these =
            rows.stream().filter(row -> row.text("data").equals(data) && row.text("kind").equals(loss)).toList();
        List<Row> well = these.stream().filter(row -> row.yes("well initialised")).toList();
        List<Row> bad = these.stream().filter(row -> !row.yes("well initialised")).toList();
        said.add(data + ", " + loss + ": " + counted(well) + " and " + counted(bad));
        if (!well.isEmpty()) {
          Proportion share = new Proportion((int) converged(well), well.size());
          if (!found || share.estimate() < least.estimate()) {
            least = share;
            where = data + ", " + loss;
            found = true;
          }
          drawn.add(point(data + ", well", loss, plan, share));
        }
        if (!bad.isEmpty()) {
          drawn.add(point(data + ", not well", loss, plan, new Proportion((int) converged(bad), bad.size())));
        }
      }
    }
    Finding reported =
        Finding.reported(rows)
            .measured("P(conv | well) where it is least (" + where + ")", found ? least.estimate() : Double.NaN)
            .predicted(1)
            .explained(
                "Runs that converged, of well-initialised starts and of the others: " + String.join("; ", said)
                    + ". Converged is L < 1e-6/(2n) for the squared loss and Huber's, and L < log 2/n, where no point is on the"
                    + " wrong side, for the logistic one; descent with the step "
                    + Numbers.rounded(plan.number("step"), 3) + " up to the time " + Numbers.rounded(plan.number("horizonFactor"), 4)
                    + " n.")
            .figure(
                Plot.plot(Row.table("B13", drawn)).x("loss").by("start").points("P(conv)").yRange(-0.05, 1.05)
                    .xLabel("loss: " + String.join(", ", numbered(plan.words("losses")))).title("Which starts learn all labels"));
    Finding finding = found ? reported.interval(least.wilson(LEVEL)) : reported;
    return trial.controlled() ? finding.outside("a well-initialised start, as no neuron is right for the first point") : finding;
  }

  private static List<String> numbered(List<String> losses) {
    List<String> numbered = new ArrayList<>();
    for (int k = 0; k < losses.size(); k++) {
      numbered.add((k + 1) + " " + losses.get(k));
    }
    return numbered;
  }

  private static Row point(String start, String loss, Parameters plan, Proportion share) {
    return Row.start().and("start", start).and("loss", (long) plan.words("losses").indexOf(loss) + 1)
        .and("P(conv)", share.estimate());
  }

  private static long converged(List<Row> rows) {
    Predicate<Row> converged = row -> row.yes("converged");
    return rows.stream().filter(converged).count();
  }

  private static String counted(List<Row> rows) {
    return converged(rows) + " of " + rows.size();
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    // The same data and start for every loss.
    ShallowNetwork drawn =
        cell.data.equals(ORTHOGONAL)
            ? Starts.orthogonal(trial, cell.points, cell.neurons, replicate)
            : Starts.lawS(trial, cell.points, Starts.dimension(cell.points, 1), cell.neurons, replicate);
    PlainDescent descent = new PlainDescent(trial.controlled() ? blind(drawn) : drawn, cell.function(plan));
    boolean converged = descent.descend(plan.number("step"), plan.number("horizonFactor") * cell.points);
    return Row.start()
        .and("data", cell.data)
        .and("points", cell.points)
        .and("neurons", cell.neurons)
        .and("kind", cell.loss)
        .and("run", replicate)
        .and("well initialised", drawn.wellInitialised())
        .and("converged", converged)
        .and("loss", descent.loss())
        .and("time", descent.steps() * plan.number("step"));
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
        java.util.Optional.empty(), network.provenance().with("the first point", "seen by no neuron that is right for it"));
  }
}
