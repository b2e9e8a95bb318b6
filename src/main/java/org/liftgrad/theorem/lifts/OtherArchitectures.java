package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.lift.WidthSchedule;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Interval;
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
 * H8: random sparse lifts of a convolution, of attention and of a residual network learn, as the perceptron does. Each
 * task is orthogonal to all that a blueprint without the architecture's own edge can compute, so that the control's loss
 * cannot fall at all.
 */
final class OtherArchitectures {

  private static final Activation TANH = Activation.tanh();
  private static final double LEAST_SHARE = 0.95;
  private static final double LEVEL = 0.95;
  /**
   * All of 1500 runs learned at widths 16 and 32, seed 1000, between which those of the quick plan lie: the lower 95 %
   * bound of their share. Wider lifts are taken to do no worse.
   */
  private static final double SEEN = 0.998;

  private OtherArchitectures() {}

  /** A blueprint, a law of lifts, and what they are trained on. */
  private enum Task {
    /** The mean over a signal of the product of two differences of neighbours, on {−1, 1}^places. */
    CONVOLUTION {
      @Override
      Blueprint blueprint(int places, boolean lacking) {
        return Blueprint.blueprint("two convolutions").input("x", Space.of(places)).constant("one")
            .vertex("h1", TANH).from("x", MessageRule.convolution(Space.of(lacking ? 1 : 4), 1, 0)).from("one")
            .vertex("h2", TANH).from("h1", MessageRule.convolution(Space.of(1), 1, 0)).from("one")
            .readout("t").from("h2", MessageRule.mean()).build();
      }

      @Override
      int inDegree() {
        return 2;
      }

      @Override
      Regression regression(Parameters plan) {
        return onCube(
            plan.whole("places"), 1,
            (x, output) -> {
              double sum = 0;
              for (int i = 0; i + 3 < x.length; i++) {
                sum += (x[i] - x[i + 1]) * (x[i + 2] - x[i + 3]);
              }
              return sum / (x.length - 3);
            });
      }
    },
    /** For each of four tokens the mean of the three others, on {−1, 1}^4. */
    ATTENTION {
      @Override
      Blueprint blueprint(int places, boolean lacking) {
        return lacking
            ? Blueprint.blueprint("tokens by themselves").input("x", Space.of(4)).constant("one")
                .vertex("r", ActivationRule.sum()).from("x")
                .vertex("m", TANH).from("r", "one")
                .readout("s").from("m", "one", "r").build()
            : Architectures.transformerLike(4, 0.5, ActivationRule.rowSoftmax(), TANH);
      }

      @Override
      int inDegree() {
        return 2;
      }

      @Override
      Regression regression(Parameters plan) {
        return onCube(4, 4, (x, i) -> (x[0] + x[1] + x[2] + x[3] - x[i]) / 3);
      }
    },
    /** The product of two coordinates on a grid, with one parent over each edge: a skip is a second one. */
    RESIDUAL {
      @Override
      Blueprint blueprint(int places, boolean lacking) {
        return lacking
            ? Architectures.perceptron(3, TANH)
            : Architectures.residualPerceptron(3, TANH, MessageRule.linear());
      }

      @Override
      int inDegree() {
        return 1;
      }

      @Override
      Regression regression(Parameters plan) {
        return Regression.onGrid(plan.whole("points"), 2, x -> x[0] * x[1]);
      }
    };

    abstract Blueprint blueprint(int places, boolean lacking);

    abstract int inDegree();

    abstract Regression regression(Parameters plan);

    LiftBuilder lift(int places, int width, boolean lacking) {
      return LiftBuilder.lift(blueprint(places, lacking)).fibre("x", this == RESIDUAL ? 2 : 1)
          .widths(WidthSchedule.constant(width)).inDegree(inDegree()).weights(ParameterLaw.normal(deviation()));
    }

    /** Scores are products of two layers and go through an exponential: 1.5 would make every softmax hard. */
    double deviation() {
      return this == ATTENTION ? 1 : 1.5;
    }

    /** Of the residual network's vertices over its last layer half have both coordinates: it needs more of them. */
    int factor() {
      return this == RESIDUAL ? 4 : 1;
    }

    static List<String> titles() {
      return Arrays.stream(values()).map(Task::title).toList();
    }

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private interface Target {
    double at(double[] x, int output);
  }

  /** All points of {−1, 1}^d with equal masses. */
  private static Regression onCube(int dimension, int outputs, Target target) {
    int samples = 1 << dimension;
    double[] inputs = new double[dimension * samples];
    double[] targets = new double[outputs * samples];
    double[] x = new double[dimension];
    for (int s = 0; s < samples; s++) {
      for (int k = 0; k < dimension; k++) {
        x[k] = (s >> k & 1) == 1 ? 1 : -1;
        inputs[k * samples + s] = x[k];
      }
      for (int output = 0; output < outputs; output++) {
        targets[output * samples + s] = target.at(x, output);
      }
    }
    return Regression.of(inputs, targets, samples);
  }

  static Check check() {
    return Check.named(
        "lifts/H8", "Sparse convolution, attention and residual networks learn",
        "lifts/mlps-and-convolutions", "lifts/transformer-like", "lifts/skip-connections")
        .asks(
            "Does the gradient flow of random sparse lifts of a convolution, of attention and of a residual network"
                + " reach a tenth of the"
                + " loss at the start with probability 0.95, once they are wide?")
        .holdsIf(
            "for each of the three, at the two largest widths, the one-sided 95 % Clopper-Pearson lower bound of the"
                + " share of runs that"
                + " reach 0.1 L(0) before the caps of time and steps is at least 0.95, and no wider lift does worse than any"
                + " narrower one beyond both 95 %"
                + " intervals; half the steps change nothing (G8)")
        .control(
            "the blueprint lacks what the task needs: kernels of one place, no attention, no skip",
            "no function of the lift correlates with the target: L ≥ L(0)")
        .plan(Scale.QUICK, plan(List.of(16, 24), 5, 2, 1000, 400, 93))
        .plan(Scale.PAPER, plan(List.of(4, 8, 16, 32, 64, 128, 256, 512), 8, 11, 5000, 20_000, 100))
        .plan(Scale.BEYOND, plan(List.of(4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048), 8, 11, 5000, 20_000, 400))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(OtherArchitectures::assurance)
        .runs(OtherArchitectures::run);
  }

  private static Parameters plan(List<Integer> widths, int places, int points, double horizon, int steps, int runs) {
    return Parameters.none()
        .words("tasks", Task.titles(), Task.titles(), "what is lifted")
        .wholes("widths", widths, 1, 1 << 16, "sizes of all hidden fibres, four times as large for the residual network")
        .whole("places", places, 4, 16, "length of the convolution's signal")
        .whole("points", points, 2, 1000, "points of the residual network's grid along an axis")
        .number("level", 0.1, 1e-6, 1, "the loss to reach, over that at the start")
        .number("horizon", horizon, 1e-6, 1e12, "the time cap of the flow times the width, as a readout that is a"
            + " plain sum has T ~ 1/n")
        .whole("steps", steps, 1, 1_000_000, "most steps of the flow; a run that needs more has not reached the level")
        .number("tolerance", 1e-5, 1e-13, 1e-2, "of a step of the flow")
        .whole("runs", runs, 1, 1_000_000, "lifts of each task and width");
  }

  private static Assurance assurance(Parameters plan) {
    int runs = plan.whole("runs");
    int judged = plan.words("tasks").size() * Math.min(2, plan.wholes("widths").length);
    double kept = new Binomial(runs, SEEN).probabilityThat(count -> enough(new Proportion(count, runs)));
    boolean possible = enough(new Proportion(runs, runs));
    return new Assurance(
        1 - StrictMath.pow(kept, judged),
        possible ? 1 : 0,
        possible
            ? "Binomial probability of the counts that are enough, at " + SEEN + " for each run (the lower 95 % bound of 1500 of"
                + " 1500 at seed 1000, widths 16 and 32; wider lifts are taken to do no worse). The control's target is orthogonal to all that its lifts compute,"
                + " so none of its runs reaches the level."
            : "So few runs cannot give a lower bound of 0.95.");
  }

  private static boolean enough(Proportion share) {
    return share.lowerBound(LEVEL) >= LEAST_SHARE;
  }

  private record Cell(Task task, int width) {
    @Override
    public String toString() {
      return task.title() + ", width " + width;
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    int[] widths = plan.wholes("widths");
    Arrays.sort(widths);
    int runs = plan.whole("runs");
    List<Task> tasks = Arrays.stream(Task.values()).filter(task -> plan.words("tasks").contains(task.title())).toList();
    List<Cell> cells = new ArrayList<>();
    tasks.forEach(task -> Arrays.stream(widths).forEach(width -> cells.add(new Cell(task, width))));
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
    boolean met = true;
    Proportion least = new Proportion(runs, runs);
    List<String> seen = new ArrayList<>();
    Figure figure =
        Plot.plot(Row.table("H8", rows)).x("width").by("task").points("n t").bound("cap", plan.number("horizon")).logLog()
            .yLabel("n t at the end").title("H8: when the runs end");
    // Of the task's narrower widths.
    double highestLower = 0;
    for (int c = 0; c < cells.size(); c++) {
      Proportion share = Row.share(rows.subList(c * runs, (c + 1) * runs), "reached");
      int place = c % widths.length;
      if (place >= widths.length - 2) {
        met &= enough(share);
        least = share.estimate() < least.estimate() ? share : least;
      }
      Interval interval = share.clopperPearson(LEVEL);
      highestLower = place == 0 ? 0 : highestLower;
      met &= interval.upper() >= highestLower;
      highestLower = Math.max(highestLower, interval.lower());
      seen.add(cells.get(c) + ": " + share.successes() + " of " + runs);
    }
    double lowest = rows.stream().mapToDouble(row -> row.number("L/L(0)")).max().orElse(Double.NaN);
    Finding finding =
        Finding.judged(met, rows)
            .measured("smallest share at the two largest widths", least.estimate())
            .predicted(LEAST_SHARE)
            .interval(least.clopperPearson(LEVEL))
            .explained(
                "Runs that reach " + Numbers.rounded(plan.number("level"), 3) + " of the loss at the start: "
                    + String.join("; ", seen)
                    + ". The largest loss left is " + Numbers.rounded(lowest, 6) + " of that at the start.")
            .figure(figure);
    return Resolution.guarding(finding);
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    Regression regression = cell.task.regression(plan);
    double start = regression.lossOfZero();
    int width = cell.width * cell.task.factor();
    LiftedNetwork network =
        cell.task.lift(plan.whole("places"), width, trial.controlled())
            .seed(trial.seed("lift", cell.task.ordinal(), cell.width, replicate)).sparse();
    Resolution resolution =
        Resolution.ofFlow(
            network, regression, plan.number("tolerance"), replicate % LossLevels.EVERY == 0,
            training ->
                training.untilLoss(plan.number("level") * start).untilTime(plan.number("horizon") / width)
                    .maximumSteps(plan.whole("steps")));
    LiftRun run = resolution.coarse();
    Row row =
        Row.start()
            .and("task", cell.task.title())
            .and("width", cell.width)
            .and("run", replicate)
            .and("parameters", run.network().lift().parameters())
            .and("reached", run.ending() == Ending.LOSS_REACHED)
            .and("L/L(0)", run.last().loss() / start)
            .and("time", run.last().time())
            // Not 0, which has no place on a logarithmic axis.
            .and("n t", Math.max(1e-3, width * run.last().time()))
            .and("passes", run.evaluations())
            .and("ending", run.ending().toString());
    return Resolution.into(row, resolution.change(), resolution.resolved());
  }
}
