package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.ReadoutLaw;
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

/**
 * B12: ReLU networks of two hidden layers and k outputs on weakly interacting data: how often are all labels learned, and
 * does a layer die on a point, or a row of the readout shrink to nothing?
 *
 * <p>A network is the full lift of x → h1 → h2 → t without biases. The loss is (1/2n) Σ_i ‖y_i − h(x_i)‖².
 */
final class DeeperNetworks {

  private static final double LEVEL = 0.95;
  /** A row of the readout under this part of its first norm has collapsed. */
  private static final double COLLAPSED = 0.01;
  private static final String FIRST = "h1";
  private static final String SECOND = "h2";

  private DeeperNetworks() {}

  static Check check() {
    return Check.named("shallow/B12", "Two hidden layers and several outputs", "shallow/deeper-networks")
        .asks("How often does a ReLU network of two hidden layers with k outputs learn labels of random sign, and does a layer"
            + " die on a point or a row of the readout collapse where it does not?")
        .control(
            "the weights into the second layer: −|w| in place of w",
            "the second layer is dead on every point from the start, and no run converges")
        .plan(Scale.QUICK, plan(List.of(8), List.of(4, 8, 16), List.of(1, 3), 8))
        .plan(Scale.PAPER, plan(List.of(8, 16), List.of(4, 8, 16, 32), List.of(1, 3, 10), 40))
        .plan(Scale.BEYOND, plan(List.of(8, 16, 32), List.of(4, 8, 16, 32, 64), List.of(1, 3, 10), 100))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(
            plan ->
                new Assurance(
                    0, 1, "It reports shares with their intervals; with the control the second layer is 0 on every input, as"
                        + " the first is nowhere negative, and the share of runs that converge is 0."))
        .runs(DeeperNetworks::run);
  }

  private static Parameters plan(List<Integer> points, List<Integer> widths, List<Integer> outputs, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, 500, "numbers of points n of law S; d = n²")
        .wholes("widths", widths, 1, 2000, "neurons in each of the two layers")
        .wholes("outputs", outputs, 1, 100, "numbers of outputs k, each with labels ±[1, 2] of its own")
        .number("step", 0.03, 1e-6, 10, "the step of descent; with a third of it as many runs of seed 1000 converge in every cell")
        .whole("steps", 10_000, 1, 1_000_000, "the horizon: steps of descent")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(int points, int width, int outputs) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (int outputs : plan.wholes("outputs")) {
        for (int width : plan.wholes("widths")) {
          cells.add(new Cell(points, width, outputs));
        }
      }
    }
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
    List<String> said = new ArrayList<>();
    List<Row> drawn = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      Proportion share = Row.share(rows.subList(c * runs, (c + 1) * runs), "converged");
      said.add(
          "n = " + cell.points + ", k = " + cell.outputs + ", width " + cell.width + ": "
              + share.successes() + ", " + share.wilson(LEVEL));
      drawn.add(
          Row.start().and("width", cell.width).and("size", "n = " + cell.points + ", k = " + cell.outputs)
              .and("P(conv)", share.estimate()));
    }
    List<Row> not = rows.stream().filter(row -> !row.yes("converged")).toList();
    Proportion widest = Row.share(rows.subList((cells.size() - 1) * runs, cells.size() * runs), "converged");
    Finding finding =
        Finding.reported(rows)
            .measured("P(conv) of the last cell, the widest at the largest k and n", widest.estimate())
            .interval(widest.wilson(LEVEL))
            .explained(
                "Of " + runs + " runs a cell came to L = 1e-6/(2n) within " + plan.whole("steps") + " steps of "
                    + Numbers.rounded(plan.number("step"), 3) + ": "
                    + String.join("; ", said) + ". Of " + not.size() + " runs that did not converge "
                    + count(not, "points dead in layer 1") + " had a point on which all of the first layer was dead at the end, "
                    + count(not, "points dead in layer 2") + " one on which all of the second was, "
                    + not.stream().filter(row -> row.whole("points dead in layer 1") + row.whole("points dead in layer 2") == 0).count()
                    + " neither, " + count(not, "collapsed rows") + " a row of the readout below "
                    + Numbers.rounded(COLLAPSED, 2) + " of its norm at the start; of the "
                    + (rows.size() - not.size()) + " others "
                    + count(rows.stream().filter(row -> row.yes("converged")).toList(), "collapsed rows")
                    + " had such a row.")
            .figure(
                Plot.plot(Row.table("B12", drawn)).x("width").by("size").points("P(conv)").logX().yRange(-0.05, 1.05)
                    .title("Two hidden layers: share of runs that learn all labels"));
    return trial.controlled() ? finding.outside("a start with an active second layer") : finding;
  }

  private static long count(List<Row> rows, String column) {
    return rows.stream().filter(row -> row.whole(column) > 0).count();
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    int n = cell.points;
    long[] address = {n, cell.width, cell.outputs, replicate};
    Dataset data =
        SubGaussianData.lawS().points(n).dimension((long) n * n).seed(trial.seed("data", n, replicate)).build();
    DMatrixRMaj inputs = data.storedInputs().orElseThrow();
    Regression regression = regression(inputs, cell.outputs, trial.stream("labels", n, replicate));
    LiftedNetwork start = start(inputs.numCols, cell.width, cell.outputs, trial.seed("start", address));
    LiftedNetwork begun = trial.controlled() ? deadSecondLayer(start) : start;
    LiftRun run =
        LiftTraining.of(begun, regression).descent(plan.number("step")).untilLoss(Starts.fitted(n)).maximumSteps(plan.whole("steps")).solve();
    Layers before = Layers.of(begun, inputs);
    Layers after = Layers.of(run.network(), inputs);
    return Row.start()
        .and("points", n)
        .and("width", cell.width)
        .and("outputs", cell.outputs)
        .and("run", replicate)
        .and("converged", run.ending() == Ending.LOSS_REACHED)
        .and("loss over that of 0", run.last().loss() / regression.lossOfZero())
        .and("points dead in layer 1 at the start", before.dead(before.first))
        .and("points dead in layer 2 at the start", before.dead(before.second))
        .and("points dead in layer 1", after.dead(after.first))
        .and("points dead in layer 2", after.dead(after.second))
        .and("collapsed rows", collapsed(begun, run.network(), cell))
        .and("steps", run.path().size() - 1)
        .and("time", run.last().time())
        .and("ending", run.ending().name());
  }

  /** Labels ±[1, 2] for every output, with masses 1/(2n). */
  private static Regression regression(DMatrixRMaj inputs, int outputs, RandomStream stream) {
    int n = inputs.numRows;
    double[] rows = new double[n * inputs.numCols];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < inputs.numCols; k++) {
        rows[k * n + i] = inputs.get(i, k);
      }
    }
    double[] targets = new double[n * outputs];
    Arrays.setAll(targets, at -> stream.nextSign() * stream.nextUniform(1, 2));
    double[] masses = new double[n];
    Arrays.fill(masses, 1 / (2.0 * n));
    return Regression.of(rows, targets, masses);
  }

  /**
   * Normal weights: of variance 2 into the first layer, as inputs have norm 1 to 2 in any dimension, of 2 over the width into
   * the second, and of 1 over it in the readout.
   */
  static LiftedNetwork start(int dimension, int width, int outputs, long seed) {
    Blueprint blueprint =
        Blueprint.blueprint("two hidden layers").input("x")
            .vertex(FIRST, Activation.relu()).from("x")
            .vertex(SECOND, Activation.relu()).from(FIRST)
            .readout("t").from(SECOND).build();
    return LiftBuilder.lift(blueprint).fibre("x", dimension).width(FIRST, width).width(SECOND, width).fibre("t", outputs)
        .weights("x", FIRST, ParameterLaw.normal(Math.sqrt(2)))
        .weights(FIRST, SECOND, ParameterLaw.normal(Math.sqrt(2.0 / width)))
        .readout(ReadoutLaw.overWidth(1)).seed(seed).full();
  }

  private static LiftedNetwork deadSecondLayer(LiftedNetwork network) {
    Lift lift = network.lift();
    int group = lift.blueprint().edge(FIRST, SECOND).group();
    double[] parameters = network.parameters();
    for (int at = lift.blockStart(group); at < lift.blockStart(group + 1); at++) {
      parameters[at] = -Math.abs(parameters[at]);
    }
    return network.withParameters(parameters);
  }

  private static long collapsed(LiftedNetwork start, LiftedNetwork end, Cell cell) {
    double[] before = start.weights(SECOND, "t");
    double[] after = end.weights(SECOND, "t");
    long collapsed = 0;
    for (int output = 0; output < cell.outputs; output++) {
      double was = 0;
      double is = 0;
      for (int at = output * cell.width; at < (output + 1) * cell.width; at++) {
        was += before[at] * before[at];
        is += after[at] * after[at];
      }
      collapsed += is < COLLAPSED * COLLAPSED * was ? 1 : 0;
    }
    return collapsed;
  }

  /**
   * What the layers of a network make of inputs.
   *
   * @param first of each point, each neuron of the first layer
   * @param second of each point, each neuron of the second
   * @param outputs of each point, each output
   */
  record Layers(double[][] first, double[][] second, double[][] outputs) {
    static Layers of(LiftedNetwork network, DMatrixRMaj inputs) {
      int n = inputs.numRows;
      double[][] x = new double[n][inputs.numCols];
      for (int i = 0; i < n; i++) {
        System.arraycopy(inputs.data, i * inputs.numCols, x[i], 0, inputs.numCols);
      }
      double[][] first = through(network.weights("x", FIRST), x, true);
      double[][] second = through(network.weights(FIRST, SECOND), first, true);
      return new Layers(first, second, through(network.weights(SECOND, "t"), second, false));
    }

    /** Weights of full edges: target by target, of each source by source. */
    private static double[][] through(double[] weights, double[][] values, boolean rectified) {
      int sources = values[0].length;
      int targets = weights.length / sources;
      double[][] next = new double[values.length][targets];
      for (int i = 0; i < values.length; i++) {
        for (int target = 0; target < targets; target++) {
          double sum = 0;
          for (int source = 0; source < sources; source++) {
            sum += weights[target * sources + source] * values[i][source];
          }
          next[i][target] = rectified ? Math.max(sum, 0) : sum;
        }
      }
      return next;
    }

    /** On how many points no neuron of a layer is active. */
    long dead(double[][] layer) {
      return Arrays.stream(layer).filter(values -> Arrays.stream(values).noneMatch(value -> value > 0)).count();
    }
  }
}
