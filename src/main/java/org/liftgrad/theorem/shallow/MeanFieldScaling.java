package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
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
 * B8: the flow with the factor p of a network with the factor 1/p is the plain flow of the network without
 * either, from weights 1/√p as large. The plain one is written out here, for orthogonal inputs, and solved by
 * Hipparchus, so that nothing of our flow is in it.
 */
final class MeanFieldScaling {

  private static final double ALLOWED = 1e-8;
  private static final int TIMES = 50;

  private MeanFieldScaling() {}

  static Check check() {
    return Check.named("shallow/B8", "The factor p is a matter of scale", "shallow/mean-field-scaling")
        .asks("Are the predictions of the flow with the factor p those of the plain flow of Σ a σ(⟨w, x⟩) from weights divided by √p?")
        .holdsIf("on orthogonal inputs |h(x_i)| of the two differ by at most 1e-8 at every point and at 50 times up to T = 2n, in every run")
        .control("the scale: the weights are not divided by √p", "√p times too large")
        .plan(Scale.QUICK, plan(List.of(16), 10))
        .plan(Scale.PAPER, plan(List.of(16, 64), 20))
        .plan(Scale.BEYOND, plan(List.of(16, 64, 256), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.99,
                    "the predictions differ from t = 0 on unless a start predicts 0 everywhere"))
        .runs(MeanFieldScaling::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .number("timeOverPoints", 2, 0.01, 1000, "T/n")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Integer> sizes = Arrays.stream(plan.wholes("points")).boxed().toList();
    List<Row> rows =
        trial.runs(sizes, plan.whole("runs"), (points, replicate) -> row(trial, points, replicate));
    double largest = rows.stream().mapToDouble(row -> row.number("difference")).max().orElseThrow();
    Finding finding =
        Finding.judged(largest <= ALLOWED, rows)
            .measured("largest difference of predictions over points, times and runs", largest)
            .predicted(0)
            .explained(
                "Over " + rows.size() + " runs the predictions differ by at most " + Numbers.rounded(largest, 3)
                    + ", while they move by " + Numbers.rounded(rows.stream().mapToDouble(row -> row.number("way")).max().orElseThrow(), 3)
                    + " at most.")
            .figure(
                Plot.plot(Row.table("B8", rows)).x("way").points("difference").logLog().bound("allowed", ALLOWED)
                    .xLabel("how far the predictions move").title("Mean-field and plain scaling"));
    return trial.controlled() ? finding.outside("weights divided by √p, as they are not divided") : finding;
  }

  private static Row row(Trial trial, int points, int replicate) {
    int neurons = Width.widthFor(points, 0.05);
    ShallowNetwork network = Starts.orthogonal(trial, points, neurons, replicate);
    double end = trial.parameters().number("timeOverPoints") * points;
    double[] times = IntStream.rangeClosed(0, TIMES).mapToDouble(k -> end * k / TIMES).toArray();
    Observer[] residuals =
        IntStream.range(0, points)
            .mapToObj(i -> Observer.value("residual " + i, state -> state.residual(i)))
            .toArray(Observer[]::new);
    Solution solution =
        Starts.followed(
            GradientFlow.gradientFlow(network)
                .tolerance(1e-12)
                .until(StopCondition.timeReached(end))
                .at(times)
                .observe(residuals));
    Plain plain = new Plain(network, trial.controlled() ? 1 : 1 / Math.sqrt(neurons));
    double[][] others = plain.residuals(times);
    double difference = 0;
    double way = 0;
    for (int i = 0; i < points; i++) {
      double[] ours = solution.column("residual " + i);
      for (int k = 0; k <= TIMES; k++) {
        difference = Math.max(difference, Math.abs(ours[k] - others[k][i]));
        way = Math.max(way, Math.abs(ours[k] - ours[0]));
      }
    }
    return Row.start()
        .and("points", points)
        .and("neurons", neurons)
        .and("run", replicate)
        .and("difference", difference)
        .and("way", way)
        .and("loss", solution.loss());
  }

  /**
   * a_j' = (1/n) Σ r_i max(u_ji, 0), u_ji' = (a_j/n) r_i 1[u_ji > 0] ‖x_i‖², r = y − Σ_j a_j max(u_j, 0): the plain flow on
   * orthogonal inputs. The state is the readout and then the pre-activations, neuron by neuron.
   */
  private static final class Plain implements OrdinaryDifferentialEquation {
    private final double[] labels;
    private final double[] squaredNorms;
    private final double[] start;
    private final int neurons;

    Plain(ShallowNetwork network, double scale) {
      labels = network.data().labels();
      squaredNorms = network.data().squaredNorms();
      neurons = network.neurons();
      int points = labels.length;
      start = new double[neurons * (1 + points)];
      double[] readout = network.readout();
      DMatrixRMaj preactivations = network.preactivations();
      for (int j = 0; j < neurons; j++) {
        start[j] = scale * readout[j];
        for (int i = 0; i < points; i++) {
          start[neurons + j * points + i] = scale * preactivations.get(i, j);
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
            derivative[j] += residual[i] * state[at] / points;
            derivative[at] = state[j] * residual[i] * squaredNorms[i] / points;
          }
        }
      }
      return derivative;
    }

    private double[] residual(double[] state) {
      int points = labels.length;
      double[] residual = labels.clone();
      for (int j = 0; j < neurons; j++) {
        for (int i = 0; i < points; i++) {
          residual[i] -= state[j] * Math.max(state[neurons + j * points + i], 0);
        }
      }
      return residual;
    }

    /** The residuals at increasing times, the first of which is 0. */
    double[][] residuals(double[] times) {
      double[][] residuals = new double[times.length][];
      double[] state = start;
      residuals[0] = residual(state);
      for (int k = 1; k < times.length; k++) {
        DormandPrince853Integrator integrator = new DormandPrince853Integrator(0, Double.MAX_VALUE, 1e-12, 1e-12);
        state = integrator.integrate(this, new ODEState(times[k - 1], state), times[k]).getPrimaryState();
        residuals[k] = residual(state);
      }
      return residuals;
    }
  }
}
