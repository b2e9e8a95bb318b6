package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Trial;

/** The flows of group G: lifts of {@link ProductTask} under either law of the edges, on a grid of the plan's. */
final class ProductFlows {

  static final String FIXED = "fixed";
  static final String BERNOULLI = "bernoulli";

  private ProductFlows() {}

  /**
   * One width and law of edges.
   *
   * @param width of both hidden fibres
   * @param law fixed in-degree, or Bernoulli
   */
  record Cell(int width, String law) {
    @Override
    public String toString() {
      return "n = " + width + ", " + law;
    }
  }

  /** The plan of a check on flows. */
  static Parameters plan(List<Integer> widths, int grid, double tolerance, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 1, 100_000, "widths n of both hidden fibres")
        .words(
            "laws", List.of(FIXED, BERNOULLI), List.of(FIXED, BERNOULLI),
            "law of the edges into hidden vertices: two uniform parents, or each with probability 2/n")
        .whole("grid", grid, 2, 101, "points along each axis; 11 in the theory file")
        .number("level", 0.05, 1e-6, 1, "a flow ends when L is this share of L(0)")
        .number("time", 50, 1e-6, 1e9, "and at this time at the latest")
        .number("tolerance", tolerance, 1e-14, 10, "of the flow; each is repeated with half the steps, at 1/256 of it")
        .whole("runs", runs, 1, 100_000, "runs a cell, each with a lift and weights of its own");
  }

  static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (int width : plan.wholes("widths")) {
      for (String law : plan.words("laws")) {
        cells.add(new Cell(width, law));
      }
    }
    return cells;
  }

  static int largestWidth(Parameters plan) {
    return Arrays.stream(plan.wholes("widths")).max().orElseThrow();
  }

  /** How many runs a plan has. */
  static long runs(Parameters plan) {
    return (long) plan.wholes("widths").length * plan.words("laws").size() * plan.whole("runs");
  }

  /** x1 x2. */
  static Regression regression(Parameters plan) {
    return Regression.onGrid(plan.whole("grid"), 2, x -> x[0] * x[1]);
  }

  /** The same with masses times a factor: L and its gradient times that. */
  static Regression scaled(Regression regression, double factor) {
    return Regression.of(
        regression.inputs(), regression.targets(), Arrays.stream(regression.masses()).map(mass -> factor * mass).toArray());
  }

  /** The same with −f* for f*. */
  static Regression negated(Regression regression) {
    return Regression.of(
        regression.inputs(), Arrays.stream(regression.targets()).map(target -> -target).toArray(), regression.masses());
  }

  static LiftedNetwork network(Trial trial, Cell cell, int replicate) {
    return network(trial, cell, replicate, 2, Activation.tanh());
  }

  static LiftedNetwork network(Trial trial, Cell cell, int replicate, int degree, Activation activation) {
    return builder(trial, cell, replicate, degree, activation).sparse();
  }

  /** A network with a law of the readout of its own. */
  static LiftedNetwork network(Trial trial, Cell cell, int replicate, ReadoutLaw readout) {
    return builder(trial, cell, replicate, 2, Activation.tanh()).readout(readout).sparse();
  }

  private static LiftBuilder builder(Trial trial, Cell cell, int replicate, int degree, Activation activation) {
    long seed = trial.seed("start", cell.width, cell.law.equals(FIXED) ? 0 : 1, replicate);
    LiftBuilder lift = ProductTask.withoutEdges(activation, cell.width).seed(seed);
    return cell.law.equals(FIXED) ? lift.inDegree(degree) : lift.bernoulli(degree);
  }

  /** Is a parameter the weight of an edge into an output? */
  static boolean[] readout(Lift lift) {
    boolean[] readout = new boolean[lift.parameters()];
    for (Edge edge : lift.blueprint().edges()) {
      if (lift.blueprint().vertices().get(edge.target()).output()) {
        Arrays.fill(readout, lift.blockStart(edge.group()), lift.blockStart(edge.group() + 1), true);
      }
    }
    return readout;
  }

  /** One rate for the readout and one for all other parameters. */
  static double[] rates(Lift lift, double hidden, double ofReadout) {
    boolean[] readout = readout(lift);
    double[] rates = new double[readout.length];
    for (int k = 0; k < rates.length; k++) {
      rates[k] = readout[k] ? ofReadout : hidden;
    }
    return rates;
  }

  /** A flow of a network on the plan's task until the plan's end: of all parameters, with nothing broken. */
  static MeasuredFlow.Course course(LiftedNetwork start, Parameters plan) {
    Regression task = regression(plan);
    return new MeasuredFlow.Course(
        start, task, task, new double[0], plan.number("time"), plan.number("level") * task.lossOfZero());
  }
}
