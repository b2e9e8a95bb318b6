package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.NeuronPath.SIZE;
import static org.liftgrad.flow.NeuronPath.combination;
import static org.liftgrad.flow.NeuronPath.dot;
import static org.liftgrad.flow.NeuronPath.scaled;
import static org.liftgrad.flow.StopCondition.timeReached;

import org.junit.jupiter.api.Test;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * Events with known answers: the path of one small neuron ({@link NeuronPath}), whose direction q is worked
 * out by hand in each test.
 */
class KinkEventsTest {

  private static void assertAt(Solution run, NeuronPath path, double[][] inputs) {
    for (int i = 0; i < inputs.length; i++) {
      assertThat(run.network().preactivations().get(i, 0) / SIZE)
          .as("point " + i)
          .isCloseTo(dot(path.weight, inputs[i]) / SIZE, within(1e-11));
    }
    assertThat(run.network().readout()[0] / SIZE).isCloseTo(path.readout / SIZE, within(1e-11));
    assertThat(run.conservationDrift() / (SIZE * SIZE)).isLessThan(1e-12);
  }

  private static Solution run(double[][] inputs, double[] labels, NeuronPath path, double time) {
    ShallowNetwork network =
        Problems.network(
            inputs, labels, new double[][] {path.weight}, new double[] {path.readout});
    return gradientFlow(network).until(timeReached(time)).solve();
  }

  @Test
  void aPairThatArrivesAtItsKinkSlidesAlongIt() {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.5, 1}), -SIZE);
    // Both active: q = ½ (2 x_0 − x_1). Sliding on x_0: z = 0.6 takes the first component away.
    double[] both = {0.7, -0.4};
    double[] held = {0, -0.4};
    double arrival = path.durationUntilZero(both, x[0]);
    double end = arrival + 0.9;
    Solution run = run(x, y, path, end);

    path.move(both, arrival);
    path.move(held, 0.9);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.SLIDING);
    assertThat(run.network().preactivations().get(0, 0)).isZero();
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** The pair that arrives takes away what held the other one, which leaves without any root to see. */
  @Test
  void anEventMakesAnotherSlidingPairOfItsNeuronJump() {
    double e = 0.1;
    double[][] x = {{1, 0, 0}, {-0.6, 0.8, 0}, {-0.2, e, Math.sqrt(0.96 - e * e)}};
    double[] y = {2, 1, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0, 1, 1}), -SIZE);
    // A start on the kink of x_0, with the pull −0.6 + 0.2 = −0.4 of the others: it slides with z = 0.4.
    double[] first = combination(x, 0.4, 1, -1);
    double arrival = path.durationUntilZero(first, x[1]);
    // Then x_1 slides with z = 0.2, and the pull on x_0 is 0.2 − 0.12 > 0: it turns inactive at once.
    double[] second = combination(x, 0, 0.2, -1);
    Solution run = run(x, y, path, arrival + 0.4);

    path.move(first, arrival);
    path.move(second, 0.4);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.mode(0, 1)).isEqualTo(Mode.SLIDING);
    assertThat(run.network().preactivations().get(0, 0)).isNegative();
    assertThat(run.statistics().jumps()).isGreaterThanOrEqualTo(1);
  }

  /** With a stronger third point both slide on, each with another share than before. */
  @Test
  void anEventChangesTheShareOfAnotherSlidingPair() {
    double e = 0.5;
    double[][] x = {{1, 0, 0}, {-0.6, 0.8, 0}, {-0.2, e, Math.sqrt(0.96 - e * e)}};
    double[] y = {2, 1, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0, 1, 1}), -SIZE);
    double[] first = combination(x, 0.4, 1, -1);
    double arrival = path.durationUntilZero(first, x[1]);
    // z_1 = 0.52 + 0.6 z_0 and z_0 = −0.2 + 0.6 z_1.
    double[] second = combination(x, 0.175, 0.625, -1);
    Solution run = run(x, y, path, arrival + 0.4);

    path.move(first, arrival);
    path.move(second, 0.4);
    assertAt(run, path, x);
    assertThat(run.slidingPairs()).isEqualTo(2);
  }

  @Test
  void twoPairsArriveAtTheSameTime() {
    double[][] x = {{0.6, 0.8, 0}, {0.6, -0.8, 0}, {0.5, 0, Math.sqrt(0.75)}};
    double[] y = {2, 2, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.5, 0, 2}), -SIZE);
    double[] all = combination(x, 2, 2, -1);
    double arrival = path.durationUntilZero(all, x[0]);
    // By symmetry z_0 = z_1 = z with z (1 + G_01) = 0.3, G_01 = −0.28.
    double z = 0.3 / 0.72;
    double[] held = combination(x, z, z, -1);
    Solution run = run(x, y, path, arrival + 0.5);

    path.move(all, arrival);
    path.move(held, 0.5);
    assertAt(run, path, x);
    assertThat(run.slidingPairs()).isEqualTo(2);
  }

  @Test
  void aRepellingPairCrossesAndItsMarginIsKept() {
    double[][] x = {{1, 0}, {-0.6, 0.8}};
    double[] y = {1, 2};
    // a > 0: x_1 is active and grows, and its correlation with x_0 pushes that pair from active to inactive.
    NeuronPath path = new NeuronPath(scaled(new double[] {0.1, 1}), SIZE);
    double[] both = combination(x, 1, 2);
    double arrival = path.durationUntilZero(both, x[0]);
    double[] alone = combination(x, 0, 2);
    Solution run = run(x, y, path, arrival + 0.3);

    double weightNorm = weightNormAfter(path, both, arrival);
    double speed = Math.abs(path.readout * dot(both, x[0])) / weightNorm;
    path.move(alone, 0.3);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.statistics().grazing().smallestSpeed()).isCloseTo(speed, within(1e-9));
  }

  private static double weightNormAfter(NeuronPath path, double[] q, double duration) {
    path.move(q, duration);
    return Math.sqrt(dot(path.weight, path.weight));
  }

  @Test
  void theLastActivePairOfANeuronDiesAndTheNeuronStaysDead() {
    double[][] x = {{1, 0}};
    double[] y = {2};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.3, 0.7}), -SIZE);
    double[] q = {2, 0};
    double arrival = path.durationUntilZero(q, x[0]);
    Solution run = run(x, y, path, arrival + 5);

    path.move(q, arrival);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.slidingPairs()).isZero();
  }

  @Test
  void aStartBetweenTwoWaysIsRefused() {
    // At zero on x_0 with D0 < 0 < D1: the active x_1 pushes it down, its own residual up.
    double[][] x = {{1, 0}, {-0.6, 0.8}};
    ShallowNetwork network =
        Problems.network(
            x, new double[] {2, 1}, new double[][] {{0, SIZE}}, new double[] {SIZE});
    assertThatThrownBy(() -> gradientFlow(network).until(timeReached(1)).solve())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the start")
        .hasMessageContaining("neuron 0 and point 0");
  }

  /**
   * On orthogonal inputs a pair dies, the residual of its point changes sign, and the pair stays
   * dead: the run agrees with one in which that pair is inactive from the beginning of the rest.
   */
  @Test
  void aDeadPairOnOrthogonalInputsStaysDeadWhenTheResidualTurns() {
    double[][] x = {{1, 0}, {0, 1}};
    double[] y = {2.5, -6};
    double[][] w = {{2, 2}, {0.002, -0.5}};
    double[] a = {3, 0.9};
    ShallowNetwork network = Problems.network(x, y, w, a);
    Solution run =
        gradientFlow(network)
            .until(timeReached(12))
            .observe(Observer.preactivation(1, 0), Observer.value("r", state -> state.residual(0)))
            .solve();
    double[] preactivation = run.column("preactivation 1,0");
    double[] residual = run.column("r");
    int death = 0;
    while (preactivation[death] > 0) {
      death++;
    }
    assertThat(residual[death]).as("the residual when the pair dies").isNegative();
    assertThat(java.util.Arrays.stream(residual).max().orElseThrow()).as("later").isGreaterThan(0.05);
    for (int k = death; k < preactivation.length; k++) {
      assertThat(preactivation[k]).isZero();
    }
    // The rest of the run by the stock solver, with the dead pair moved away from its kink.
    double deathTime = run.column("time")[death];
    Solution before = gradientFlow(network).until(timeReached(deathTime)).solve();
    double[][] moved = {row(before, 0), row(before, 1)};
    moved[1][0] = -1;
    Solution stock =
        gradientFlow(Problems.network(x, y, moved, before.network().readout()))
            .method(Method.stock())
            .tolerance(1e-12)
            .until(timeReached(12 - deathTime))
            .solve();
    assertThat(run.network().preactivations().get(0, 0))
        .isCloseTo(stock.network().preactivations().get(0, 0), within(1e-8));
    assertThat(run.network().preactivations().get(1, 0))
        .isCloseTo(stock.network().preactivations().get(1, 0), within(1e-8));
    assertThat(run.network().readout()[1]).isCloseTo(stock.network().readout()[1], within(1e-8));
  }

  private static double[] row(Solution run, int neuron) {
    double[] row = new double[2];
    for (int k = 0; k < 2; k++) {
      row[k] = run.network().weights().orElseThrow().get(neuron, k);
    }
    return row;
  }

  /** Without Assumption 1 a readout may change its sign; then what attracted repels. */
  @Test
  void aReadoutPassesZero() {
    double[][] x = {{1, 0}};
    double[] y = {-2};
    NeuronPath path = new NeuronPath(scaled(new double[] {1, 0}), 0.5 * SIZE);
    double[] q = {-2, 0};
    double passing = Math.log(3) / 4;
    Solution run = run(x, y, path, passing + 0.5);

    path.move(q, passing + 0.5);
    assertAt(run, path, x);
    assertThat(run.network().readout()[0]).isNegative();
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** A label of 0 that no neuron sees has a residual of exactly 0: its pair neither attracts nor repels. */
  @Test
  void aPairWithoutResidualCrosses() {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, 0};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.5, -1}), SIZE);
    double[] q = {1, 0};
    double end = path.durationUntilZero(q, x[1]) + 0.5;
    Solution run = run(x, y, path, end);

    path.move(q, end);
    assertAt(run, path, x);
    assertThat(run.mode(0, 1)).isEqualTo(Mode.ACTIVE);
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** A readout of 0 moves nothing, but its speed says at once which pairs at zero will attract. */
  @Test
  void aReadoutStartsAtZeroWithAPairOnItsKink() {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, -1};
    // a' > 0, so that x_0 pulls up the pair of x_1, which attracts: ⟨x_1, q⟩ = ½ (1.2 − z), and 1.2 > 1: it crosses.
    NeuronPath path = new NeuronPath(scaled(new double[] {0.8, -0.6}), 0);
    double[] q = {0.7, -0.4};
    Solution run = run(x, y, path, 0.8);

    path.move(q, 0.8);
    assertAt(run, path, x);
    assertThat(run.mode(0, 1)).isEqualTo(Mode.ACTIVE);
    assertThat(run.statistics().ambiguous()).isZero();
  }

  /** In a plane a weight that slides along one line reaches 0, and goes on along it where a pair leads away. */
  @Test
  void aWeightPassesThroughZero() {
    double[][] x = {{1, 0}, {0.6, 0.8}, {-0.3, -1}};
    double[] y = {2, -0.5, 1};
    double a = -2 * SIZE;
    // x_0 slides; x_1 pushes up along the line and x_2, inactive there, repels nothing: both signs of w_1 are tried.
    for (double side : new double[] {1, -1}) {
      Solution run = run(x, y, new NeuronPath(scaled(new double[] {0, side}), a), 6);
      Solution descent =
          gradientFlow(
                  Problems.network(
                      x, y, new double[][] {scaled(new double[] {0, side})}, new double[] {a}))
              .method(org.liftgrad.flow.Method.descent(1e-5))
              .until(timeReached(6))
              .solve();
      double size = Math.abs(descent.network().readout()[0]);
      assertThat(Problems.largestDifference(run.network(), descent.network())).as("side " + side).isLessThan(1e-3 * size);
    }
  }
}
