package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.PlainPass;
import org.liftgrad.lift.Regression;
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

/** G6: activations stay under what the start and the distance from it allow, and do not drift. */
final class ActivationBounds {

  private static final double ROUNDING = 1e-9;
  private static final double MOST_DRIFT = 2;
  /** Widths under this are not large. */
  private static final int LARGE = 64;

  private static final String RELU = "relu";
  private static final String TANH = "tanh";
  private static final List<String> HIDDEN = List.of("h1", "h2");

  private ActivationBounds() {}

  static Check check() {
    return Check.named("lifts/G6", "Activations stay bounded during training", "lifts/bounded-activations")
        .asks("Does each activation stay under A_v(R), for R = ‖θ(t) − θ(0)‖, and does the largest of a fibre not drift?")
        .holdsIf(
            "in no run |y_v| exceeds A_v(R) at the end of a step, and at the largest n, of 64 or more, the largest |y_v| of a fibre is never"
                + " twice what it was at the start")
        .control("a hypothesis: an activation that is not Lipschitz of constant 1, max(u, 0)²", "|y_v| grows as the square of sums")
        .plan(Scale.QUICK, plan(List.of(16, 64), 7, 200, 1))
        .plan(Scale.PAPER, plan(List.of(8, 32, 128, 512), 11, 3000, 12))
        .plan(Scale.BEYOND, plan(List.of(8, 32, 128, 512, 2048), 11, 10_000, 30))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(ActivationBounds::assurance)
        .runs(ActivationBounds::run);
  }

  private static Parameters plan(List<Integer> widths, int grid, int steps, int runs) {
    return ProductFlows.plan(widths, grid, 1e-8, runs)
        .words("activations", List.of(TANH, RELU), List.of(TANH, RELU), "of the hidden vertices: a flow for tanh, a descent for ReLU")
        .whole("steps", steps, 1, 10_000_000, "a descent ends after so many steps at the latest")
        .whole("seen", 60, 2, 1_000_000, "a run's states that are looked at, the first so many steps and then every so many");
  }

  private static Assurance assurance(Parameters plan) {
    long runs = ProductFlows.runs(plan) * plan.words("activations").size();
    return Assurance.deterministic(
        runs, 1, "at t = 0, where A_v is a sum of |w|: max(u, 0)² exceeds it in every run of 16 vertices or more; that no fibre drifts"
            + " is an inequality with room, the largest factor of 40 runs at n = 64 was 1.0007, seed 1000");
  }

  private record Cell(ProductFlows.Cell of, String activation) {
    @Override
    public String toString() {
      return of + ", " + activation;
    }
  }

  /** A_v of theory file 4.8, for every hidden vertex: inputs are at most 1 in absolute value. */
  private static double[][] bounds(Lift lift, double[] start, double radius) {
    double[][] bounds = new double[lift.blueprint().vertices().size()][];
    for (int v = 0; v < bounds.length; v++) {
      bounds[v] = new double[lift.fibre(v)];
      if (lift.blueprint().incoming(v).isEmpty()) {
        Arrays.fill(bounds[v], 1);
      }
      for (Edge edge : lift.blueprint().incoming(v)) {
        Edges edges = lift.edges(edge.index());
        for (int e = 0; e < edges.count(); e++) {
          bounds[v][edges.target(e)] +=
              (Math.abs(start[lift.blockStart(edge.group()) + e]) + radius) * bounds[edge.source()][edges.source(e)];
        }
      }
    }
    return bounds;
  }

  /** What is seen of a run. */
  private static final class Activations {
    private final LiftedNetwork start;
    private final Regression task;
    private final double[] before;
    private final int seen;
    private int steps;
    private double share;
    private double[] largestAtStart = new double[HIDDEN.size()];
    private double[] meanAtStart = new double[HIDDEN.size()];
    private double drift;
    private double meanDrift;

    Activations(LiftedNetwork start, Regression task, int seen) {
      this.start = start;
      this.task = task;
      this.seen = seen;
      before = start.parameters();
      at(before);
    }

    void see(LiftTraining.Stretch stretch) {
      steps++;
      if (steps <= seen || steps % seen == 0) {
        at(stretch.at(stretch.to()));
      }
    }

    private void at(double[] parameters) {
      double square = 0;
      for (int k = 0; k < parameters.length; k++) {
        square += (parameters[k] - before[k]) * (parameters[k] - before[k]);
      }
      double[][] bounds = bounds(start.lift(), before, Math.sqrt(square));
      PlainPass pass = new PlainPass(start.lift(), parameters, task.inputs(), task.samples());
      for (int layer = 0; layer < HIDDEN.size(); layer++) {
        String vertex = HIDDEN.get(layer);
        double largest = 0;
        double sum = 0;
        int fibre = start.lift().fibre(vertex);
        for (int i = 0; i < fibre; i++) {
          double most = 0;
          for (double value : pass.activation(vertex, i)) {
            most = Math.max(most, Math.abs(value));
            sum += Math.abs(value);
          }
          share = Math.max(share, most / bounds[start.blueprint().vertex(vertex).index()][i]);
          largest = Math.max(largest, most);
        }
        double mean = sum / fibre / task.samples();
        if (square == 0) {
          largestAtStart[layer] = largest;
          meanAtStart[layer] = mean;
        }
        drift = Math.max(drift, largest / largestAtStart[layer]);
        meanDrift = Math.max(meanDrift, mean / meanAtStart[layer]);
      }
    }

    boolean isBounded() {
      return share <= 1 + ROUNDING;
    }
  }

  private static Activation activation(Trial trial, Cell cell) {
    return trial.controlled() ? Activation.positiveMonomial(2) : cell.activation.equals(TANH) ? Activation.tanh() : Activation.relu();
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    Regression task = ProductFlows.regression(plan);
    LiftedNetwork start = ProductFlows.network(trial, cell.of, replicate, 2, activation(trial, cell));
    Activations seen = new Activations(start, task, plan.whole("seen"));
    LiftTraining training =
        LiftTraining.of(start, task).untilTime(plan.number("time")).untilLoss(plan.number("level") * task.lossOfZero());
    double change = Double.NaN;
    boolean same = true;
    double last;
    if (activation(trial, cell).kinked() || trial.controlled()) {
      last =
          training.halvingDescent(1).maximumSteps(plan.whole("steps")).observe(seen::see).solve().last().loss();
    } else {
      Activations finer = new Activations(start, task, plan.whole("seen"));
      double tolerance = plan.number("tolerance");
      Resolution resolution =
          Resolution.of(
              training.flow(tolerance).observe(seen::see), training.flow(tolerance / Resolution.HALF), finer::see, start, task);
      last = resolution.coarse().last().loss();
      change = resolution.resolved() ? resolution.change() : Double.POSITIVE_INFINITY;
      same = seen.isBounded() == finer.isBounded() && seen.drift < MOST_DRIFT == finer.drift < MOST_DRIFT;
    }
    return Resolution.into(
        Row.start().and("width", cell.of.width()).and("law", cell.of.law()).and("activation", cell.activation).and("run", replicate)
            .and("steps", seen.steps).and("L over L(0)", last / task.lossOfZero())
            .and("largest |y_v| over A_v", seen.share)
            .and("largest |y_v| of a fibre over that at the start", seen.drift)
            .and("mean |y_v| of a fibre over that at the start", seen.meanDrift)
            .and("largest |y_v| at the start", Arrays.stream(seen.largestAtStart).max().orElseThrow())
            .and("bounded", seen.isBounded()),
        change, same);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (ProductFlows.Cell cell : ProductFlows.cells(plan)) {
      plan.words("activations").forEach(activation -> cells.add(new Cell(cell, activation)));
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    int large = ProductFlows.largestWidth(plan);
    double share = most(rows, "largest |y_v| over A_v");
    List<Row> wide = rows.stream().filter(row -> row.whole("width") == large).toList();
    double drift = most(wide, "largest |y_v| of a fibre over that at the start");
    boolean met = rows.stream().allMatch(row -> row.yes("bounded")) && (large < LARGE || drift < MOST_DRIFT);
    Finding finding =
        Finding.judged(met, rows)
            .measured("|y_v| over A_v(R), at its largest", share)
            .predicted(1)
            .explained(
                "Over " + rows.size() + " runs |y_v| is at most " + Numbers.rounded(share, 6)
                    + " of its bound. At n = " + large + " the largest of a fibre grew by a factor of " + Numbers.rounded(drift, 4)
                    + " at most, the mean by " + Numbers.rounded(most(wide, "mean |y_v| of a fibre over that at the start"), 4)
                    + ". ReLU was trained by descent with step halving: the bound is one of every path, so that no finer one is needed.")
            .figure(
                Plot.plot(Row.table("G6", rows)).x("width").by("activation").points("largest |y_v| of a fibre over that at the start")
                    .bound("allowed at the largest n", MOST_DRIFT).logX().title("Growth of the largest activation of a fibre"));
    return Resolution.guarding(trial.controlled() ? finding.outside("the activation is max(u, 0)²") : finding);
  }

  private static double most(List<Row> rows, String column) {
    return rows.stream().mapToDouble(row -> row.number(column)).max().orElseThrow();
  }
}
