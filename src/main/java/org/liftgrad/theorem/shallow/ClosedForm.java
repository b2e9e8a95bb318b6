package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.OneNeuronGroup;
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

/** P2a: the closed form of a group with one neuron beside the flow of the whole network. */
final class ClosedForm {

  private static final double ALLOWED = 1e-8;
  /** The loss is compared while this share of it is left; later the rounding of the residuals shows in it. */
  private static final double LEFT = 1e-6;
  private static final int TIMES = 20;
  /** A run has 1 to this many groups, by turns. */
  private static final int MOST_GROUPS = 5;

  private ClosedForm() {}

  static Check check() {
    return Check.named(
            "shallow/P2a", "The closed form of one neuron and its group", "shallow/one-neuron",
            "shallow/group-initialisation")
        .asks("Does every neuron of a group initialisation follow the closed form of its group, whatever p, the size of the group, v(0) and s(0)?")
        .holdsIf(
            "in every run v, s and the loss of each group, the last while a millionth of it is left, are within 1e-8"
                + " (relative) of the closed form at all of " + TIMES + " times")
        .control(
            "the mechanism: the neuron turns twice as fast, as with 2τ for τ in s(t)",
            "s off by up to 0.3 for unaligned starts")
        .plan(Scale.QUICK, plan(340, 10))
        .plan(Scale.PAPER, plan(3400, 10))
        .plan(Scale.BEYOND, plan(3400, 40))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    plan.whole("runs"), plan.whole("largestGroup") == 1 ? 0 : 0.5,
                    "groups of up to 10 points, seed 1000; a group of one point cannot turn"))
        .runs(ClosedForm::run);
  }

  private static Parameters plan(int runs, int largestGroup) {
    return Parameters.none()
        .whole("largestGroup", largestGroup, 1, 100, "points a group on average, at most")
        .number("alignedShare", 0.25, 0, 1, "share of the neurons that start along their group's target")
        .whole("runs", runs, 1, 1_000_000, "networks, of 1 to 5 groups by turns; each group is a parameter set");
  }

  private static Finding run(Trial trial) {
    List<Row> rows =
        trial.runs(List.of("group initialisation"), trial.parameters().whole("runs"), (cell, replicate) -> row(trial, replicate));
    double worst = rows.stream().mapToDouble(row -> row.number("largest error")).max().orElseThrow();
    long broken = rows.stream().filter(row -> row.number("largest error") >= ALLOWED).count();
    long sets = rows.stream().mapToLong(row -> row.whole("neurons")).sum();
    long unaligned = rows.stream().mapToLong(row -> row.whole("unaligned groups")).sum();
    double[] logs =
        rows.stream().mapToDouble(row -> StrictMath.log10(Math.max(1e-17, row.number("largest error")))).toArray();
    return Finding.judged(broken == 0, rows)
        .measured("largest relative error of v, s and the loss over times, groups and runs", worst)
        .predicted(0)
        .explained(
            sets + " parameter sets in " + rows.size() + " networks, " + unaligned
                + " of them unaligned; the largest relative error is " + Numbers.rounded(worst, 2) + ", and "
                + broken + " networks are beyond 1e-8.")
        .figure(
            Plot.histogram(logs).xLabel("log₁₀ of the largest relative error of a run").title("Closed form beside the flow")
                .event("allowed", StrictMath.log10(ALLOWED)));
  }

  private static Row row(Trial trial, int replicate) {
    ShallowNetwork network = start(trial, replicate);
    Groups groups = network.data().groups().orElseThrow();
    double[] labels = network.data().labels();
    int p = network.neurons();
    OneNeuronGroup[] closed = new OneNeuronGroup[p];
    double end = 0;
    int unaligned = 0;
    List<Observer> observers = new ArrayList<>();
    for (int j = 0; j < p; j++) {
      closed[j] = OneNeuronGroup.of(network, j);
      end = Math.max(end, closed[j].timeOfRemaining(LEFT));
      unaligned += closed[j].misalignment() > 0 ? 1 : 0;
      int neuron = j;
      int[] members = groups.members(j);
      observers.add(Observer.value("v " + j, state -> state.readout(neuron) * state.readout(neuron)));
      observers.add(Observer.value("s " + j, state -> alignment(state, neuron, members, labels)));
      observers.add(Observer.value("loss " + j, state -> loss(state, members)));
    }
    double[] times = new double[TIMES];
    double last = end;
    Arrays.setAll(times, k -> last * (k + 1) / TIMES);
    Solution solution =
        Starts.followed(
            GradientFlow.gradientFlow(network)
                .at(times)
                .until(StopCondition.timeReached(end))
                .observe(observers.toArray(Observer[]::new)));
    double norm = 0;
    double cosine = 0;
    double loss = 0;
    double[] at = solution.column("time");
    for (int j = 0; j < p; j++) {
      double[] v = solution.column("v " + j);
      double[] s = solution.column("s " + j);
      double[] l = solution.column("loss " + j);
      for (int k = 0; k < at.length; k++) {
        norm = Math.max(norm, error(v[k], closed[j].squaredNorm(at[k])));
        cosine = Math.max(cosine, error(s[k], closed[j].alignment(trial.controlled() ? 2 * at[k] : at[k])));
        double expected = closed[j].loss(at[k]);
        loss = Math.max(loss, expected >= LEFT * closed[j].loss(0) ? error(l[k], expected) : 0);
      }
    }
    return Row.start()
        .and("points", network.data().points())
        .and("neurons", p)
        .and("run", replicate)
        .and("unaligned groups", unaligned)
        .and("error of v", norm)
        .and("error of s", cosine)
        .and("error of the loss", loss)
        .and("largest error", Math.max(norm, Math.max(cosine, loss)))
        .and("time", solution.time());
  }

  private static double error(double found, double expected) {
    return Math.abs(found / expected - 1);
  }

  /** s = ⟨w, D⟩ sign(a)/(‖w‖‖D‖), for a neuron in the span of its group, with ⟨w, x_i⟩ ≥ 0. */
  private static double alignment(FlowState state, int neuron, int[] members, double[] labels) {
    double product = 0;
    double weights = 0;
    double targets = 0;
    for (int i : members) {
      double z = state.preactivation(neuron, i);
      product += z * Math.abs(labels[i]);
      weights += z * z;
      targets += labels[i] * labels[i];
    }
    return product / Math.sqrt(weights * targets);
  }

  private static double loss(FlowState state, int[] members) {
    double squares = 0;
    for (int i : members) {
      squares += state.residual(i) * state.residual(i);
    }
    return squares / (2.0 * state.points());
  }

  /** Neuron j in the positive orthant of group j's span, with log v(0) uniform on [−6, 3]. */
  private static ShallowNetwork start(Trial trial, int replicate) {
    RandomStream stream = trial.stream("start", replicate);
    int p = 1 + replicate % MOST_GROUPS;
    int n = p + stream.nextInt(p * (trial.parameters().whole("largestGroup") - 1) + 1);
    Dataset data =
        OrthogonalData.orthogonalData().points(n).norms(1, 1).groups(p).seed(trial.seed("data", replicate)).build();
    Groups groups = data.groups().orElseThrow();
    double[] labels = data.labels();
    DMatrixRMaj weights = new DMatrixRMaj(p, n);
    double[] readout = new double[p];
    for (int j = 0; j < p; j++) {
      boolean aligned = stream.nextUniform(0, 1) < trial.parameters().number("alignedShare");
      double size = StrictMath.exp(stream.nextUniform(-6, 3) / 2);
      int[] members = groups.members(j);
      double squares = 0;
      for (int i : members) {
        double weight = aligned ? Math.abs(labels[i]) : Math.abs(stream.nextGaussian());
        weights.set(j, i, weight);
        squares += weight * weight;
      }
      for (int i : members) {
        weights.set(j, i, weights.get(j, i) * size / Math.sqrt(squares));
      }
      readout[j] = Math.signum(labels[members[0]]) * size;
    }
    return ShallowNetworks.shallowNetwork(data).weights(weights).readout(readout).build();
  }
}
