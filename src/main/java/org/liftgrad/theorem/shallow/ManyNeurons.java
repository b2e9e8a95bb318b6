package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.hipparchus.special.Erf;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
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
 * B15: with the factor p in the flow the loss of networks with more and more independent neurons follows one and the same
 * curve;
 * two of them are apart by the order of p^−½. Without the factor everything takes p times as long.
 */
final class ManyNeurons {

  private static final double ALLOWED_SLOPE = 0.15;
  private static final double ALLOWED_STRETCH = 1e-6;
  private static final double LEVEL = 0.95;
  private static final int TIMES = 60;
  /** The control's networks are copies of this many neurons. */
  private static final int COPIED = 16;
  /**
   * The deviation of the logarithm of a root mean square, times the root of the number of runs: 1/√2 for the size of a
   * normal number.
   */
  private static final double DEVIATION = 0.71;
  /**
   * How much steeper the exponent came out than −½, p = 32 to 1024, n = 8, seed 1000: with few neurons a point may have but
   * one correct one.
   */
  private static final double DRIFT = 0.07;
  /** In how many runs time is stretched: chance has no part in it. */
  private static final int STRETCHED = 8;
  /** Of the plain flow, which another solver integrates. */
  private static final double TOLERANCE = 1e-9;

  private ManyNeurons() {}

  static Check check() {
    return Check.named("shallow/B15", "Very many neurons", "shallow/many-neurons", "shallow/mean-field-scaling")
        .asks("On orthogonal inputs, are the losses of two networks of p independent neurons apart by p^−½, and does"
            + " leaving out the factor p stretch time by p?")
        .holdsIf(
            "the exponent in p of the root mean square, over runs, of the largest distance |L₁(t) − L₂(t)| up to t = T is"
                + " within −½ ± 0.15 (descent with the step n/100), and in the first 8 runs the plain flow θ'"
                + " = −∇L has at time p T/4 the loss that the flow has at T/4, to 1e-6 of L(0)")
        .control("the hypothesis of independent neurons: p neurons are copies of 16", "the distance does not shrink")
        .plan(Scale.QUICK, plan(List.of(8), List.of(32, 64, 128, 256, 512), 40))
        .plan(Scale.PAPER, plan(List.of(16), List.of(32, 64, 128, 256, 512, 1024, 2048, 4096), 20))
        .plan(Scale.BEYOND, plan(List.of(16, 64), List.of(32, 64, 128, 256, 512, 1024, 2048, 4096), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(ManyNeurons::assurance)
        .runs(ManyNeurons::run);
  }

  private static Parameters plan(List<Integer> points, List<Integer> neurons, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .wholes("neurons", neurons, COPIED, 100_000, "numbers of neurons p, multiples of " + COPIED + "; at least two")
        .number("timeOverPoints", 2, 0.01, 1000, "T/n")
        .number("stepOverPoints", 0.01, 1e-5, 0.05, "the step of descent, over n")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data and two starts of its own");
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = Arrays.stream(plan.wholes("neurons")).distinct().mapToDouble(StrictMath::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    double deviation = DEVIATION / Math.sqrt(plan.whole("runs") * spread);
    return new Assurance(
        spread == 0 ? 1 : Math.min(1,
            plan.wholes("points").length * Erf.erfc((ALLOWED_SLOPE - DRIFT) / deviation / Math.sqrt(2)) / 2),
        spread == 0 ? 0 : 1,
        "Distances are taken to vary as the size of a normal number does, so that the logarithm of their root mean square"
            + " has the deviation " + DEVIATION + " over"
            + " the root of the number of runs; exponents are taken as normal, and steeper than −½ by " + DRIFT
            + " as seen for p = 32 to 1024 (n = 8, seed 1000). Copies of 16 neurons follow the"
            + " same curve at every p, so that the control's exponent is 0 but for rounding. How time stretches is no"
            + " matter of chance.");
  }

  private record Cell(int points, int neurons) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] widths = Arrays.stream(plan.wholes("neurons")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(widths.length >= 2, "neurons", plan, "at least two different numbers");
    for (double neurons : widths) {
      Argument.require(neurons % COPIED == 0, "neurons", (int) neurons, "a multiple of " + COPIED);
    }
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      Arrays.stream(widths).forEach(neurons -> cells.add(new Cell(points, (int) neurons)));
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate, (int) widths[0]));
    boolean met = true;
    double worst = -0.5;
    Interval worstInterval = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, LEVEL);
    List<String> exponents = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      double[][] distances =
          Arrays.stream(widths)
              .mapToObj(
                  neurons ->
                      rows.stream().filter(row -> row.whole("points") == points && row.whole("neurons") == (long) neurons)
                          .mapToDouble(row -> row.number("distance over L(0)")).toArray())
              .toArray(double[][]::new);
      double slope = Line.logLog(widths, Arrays.stream(distances).mapToDouble(ManyNeurons::rootMeanSquare).toArray()).slope();
      Interval interval = Bootstrap.seed(trial.seed("bootstrap", points)).logLogSlope(widths, distances,
          ManyNeurons::rootMeanSquare, LEVEL);
      met &= Math.abs(slope + 0.5) <= ALLOWED_SLOPE;
      if (exponents.isEmpty() || Math.abs(slope + 0.5) > Math.abs(worst + 0.5)) {
        worst = slope;
        worstInterval = interval;
      }
      exponents.add(
          "n = " + points + ": " + Numbers.rounded(slope, 3) + " " + interval + ", from "
              + Numbers.rounded(rootMeanSquare(distances[0]), 3) + " to "
              + Numbers.rounded(rootMeanSquare(distances[widths.length - 1]), 3) + " of L(0)");
    }
    double stretch = rows.stream().mapToDouble(row -> row.number("stretch error")).filter(error ->
        !Double.isNaN(error)).max().orElse(0);
    met &= stretch <= ALLOWED_STRETCH;
    Finding finding =
        Finding.judged(met, rows)
            .measured("exponent in p of the largest distance between two losses, that is farthest from −½", worst)
            .predicted(-0.5)
            .interval(worstInterval)
            .explained(
                "Exponents: " + String.join("; ", exponents) + ". Without the factor p the loss at p times the time differs"
                    + " by at most " + Numbers.rounded(stretch, 2)
                    + " of L(0), at p = " + COPIED + ".")
            .figure(
                Plot.plot(Row.table("B15",
                    rows)).x("neurons").by("points").points("distance over L(0)").logLog().slope("∝ p^−½", -0.5)
                    .title("Distance between the losses of two networks"));
    return trial.controlled() ? finding.outside("independent neurons, as they are copies of " + COPIED) : finding;
  }

  private static double rootMeanSquare(double[] values) {
    return Math.sqrt(Arrays.stream(values).map(value -> value * value).sum() / values.length);
  }

  private static Row row(Trial trial, Cell cell, int replicate, int smallest) {
    int n = cell.points;
    Dataset data = OrthogonalData.orthogonalData().points(n).seed(trial.seed("data", n, replicate)).build();
    double end = trial.parameters().number("timeOverPoints") * n;
    double[] times = new double[TIMES];
    Arrays.setAll(times, k -> end * (k + 1) / TIMES);
    ShallowNetwork first = start(trial, data, cell.neurons, replicate, 0);
    double step = trial.parameters().number("stepOverPoints") * n;
    double[] one = losses(first, step, times);
    double[] other = losses(start(trial, data, cell.neurons, replicate, 1), step, times);
    double distance = 0;
    for (int k = 0; k < TIMES; k++) {
      distance = Math.max(distance, Math.abs(one[k] - other[k]));
    }
    double level = 0;
    for (double label : data.labels()) {
      level += label * label / (2.0 * n);
    }
    double quarter = end / 4;
    // It takes as many neurons as are copied by the control: the plain flow has a long way to go.
    double stretch =
        cell.neurons == smallest && replicate < STRETCHED
            ? stretch(start(trial, data, COPIED, replicate, 2), quarter) / level
            : Double.NaN;
    return Row.start()
        .and("points", n)
        .and("neurons", cell.neurons)
        .and("run", replicate)
        .and("distance over L(0)", distance / level)
        .and("loss at T over L(0)", one[TIMES - 1] / level)
        .and("stretch error", stretch);
  }

  private static double stretch(ShallowNetwork network, double time) {
    return Math.abs(new Plain(network).loss(network.neurons() * time) - losses(GradientFlow.gradientFlow(network), time)[0]);
  }

  /** Balanced neurons of norm 1 or so. */
  private static ShallowNetwork start(Trial trial, Dataset data, int neurons, int replicate, int which) {
    int n = data.points();
    int drawn = trial.controlled() ? COPIED : neurons;
    ShallowNetwork network =
        ShallowNetworks.shallowNetwork(data).neurons(drawn).weights(WeightLaw.gaussian(1 / Math.sqrt(n))).balancedReadout()
            .seed(trial.seed("start", n, drawn, replicate, which)).build();
    if (drawn == neurons) {
      return network;
    }
    DMatrixRMaj weights = network.weights().orElseThrow();
    DMatrixRMaj copies = new DMatrixRMaj(neurons, weights.numCols);
    double[] readout = new double[neurons];
    double[] few = network.readout();
    for (int j = 0; j < neurons; j++) {
      readout[j] = few[j % drawn];
      for (int k = 0; k < weights.numCols; k++) {
        copies.set(j, k, weights.get(j % drawn, k));
      }
    }
    return ShallowNetworks.shallowNetwork(data).weights(copies).readout(readout).build();
  }

  /**
   * By descent with a small step: the distance of two networks at the same step is what it is for the flow but for a part of
   * its order.
   */
  private static double[] losses(ShallowNetwork network, double step, double[] times) {
    return losses(GradientFlow.gradientFlow(network).method(Method.descent(step)), times);
  }

  private static double[] losses(GradientFlow flow, double... times) {
    Solution solution =
        Starts.followed(
            flow.at(times).until(StopCondition.timeReached(times[times.length - 1]))
                .observe(Observer.loss()));
    return solution.column("loss");
  }

  /**
   * θ' = −∇L of h = (1/p) Σ a σ(⟨w, x⟩) on orthogonal inputs, written out: readouts, then pre-activations neuron by neuron.
   */
  private static final class Plain implements OrdinaryDifferentialEquation {
    private final double[] labels;
    private final double[] squaredNorms;
    private final double[] start;
    private final int neurons;

    Plain(ShallowNetwork network) {
      labels = network.data().labels();
      squaredNorms = network.data().squaredNorms();
      neurons = network.neurons();
      start = Arrays.copyOf(network.readout(), neurons * (1 + labels.length));
      DMatrixRMaj preactivations = network.preactivations();
      for (int j = 0; j < neurons; j++) {
        for (int i = 0; i < labels.length; i++) {
          start[neurons + j * labels.length + i] = preactivations.get(i, j);
        }
      }
    }

    @Override
    public int getDimension() {
      return start.length;
    }

    @Override
    public double[] computeDerivatives(double time, double[] state) {
      int points = labels.length;
      double[] residual = residual(state);
      double[] derivative = new double[state.length];
      for (int j = 0; j < neurons; j++) {
        for (int i = 0; i < points; i++) {
          int at = neurons + j * points + i;
          if (state[at] > 0) {
            derivative[j] += residual[i] * state[at] / (points * (double) neurons);
            derivative[at] = state[j] * residual[i] * squaredNorms[i] / (points * (double) neurons);
          }
        }
      }
      return derivative;
    }

    private double[] residual(double[] state) {
      double[] residual = labels.clone();
      for (int j = 0; j < neurons; j++) {
        for (int i = 0; i < labels.length; i++) {
          residual[i] -= state[j] * Math.max(state[neurons + j * labels.length + i], 0) / neurons;
        }
      }
      return residual;
    }

    double loss(double time) {
      double[] end =
          new DormandPrince853Integrator(0, Double.MAX_VALUE, TOLERANCE, TOLERANCE).integrate(this, new ODEState(0, start),
              time).getPrimaryState();
      double sum = 0;
      for (double r : residual(end)) {
        sum += r * r;
      }
      return sum / (2 * labels.length);
    }
  }
}
