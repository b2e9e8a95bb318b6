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

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

  private static Solution run(
      Method method, double[][] inputs, double[] labels, NeuronPath path, double time) {
    ShallowNetwork network =
        Problems.network(
            inputs, labels, new double[][] {path.weight}, new double[] {path.readout});
    return gradientFlow(network).method(method).until(timeReached(time)).solve();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aPairThatArrivesAtItsKinkSlidesAlongIt(Method method) {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.5, 1}), -SIZE);
    // Both active: q = ½ (2 x_0 − x_1). Sliding on x_0: z = 0.6 takes the first component away.
    double[] both = {0.7, -0.4};
    double[] held = {0, -0.4};
    double arrival = path.durationUntilZero(both, x[0]);
    double end = arrival + 0.9;
    Solution run = run(method, x, y, path, end);

    path.move(both, arrival);
    path.move(held, 0.9);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.SLIDING);
    assertThat(run.network().preactivations().get(0, 0)).isZero();
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** The pair that arrives takes away what held the other one, which leaves without any root to see. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void anEventMakesAnotherSlidingPairOfItsNeuronJump(Method method) {
    double e = 0.1;
    double[][] x = {{1, 0, 0}, {-0.6, 0.8, 0}, {-0.2, e, Math.sqrt(0.96 - e * e)}};
    double[] y = {2, 1, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0, 1, 1}), -SIZE);
    // A start on the kink of x_0, with the pull −0.6 + 0.2 = −0.4 of the others: it slides with z = 0.4.
    double[] first = combination(x, 0.4, 1, -1);
    double arrival = path.durationUntilZero(first, x[1]);
    // Then x_1 slides with z = 0.2, and the pull on x_0 is 0.2 − 0.12 > 0: it turns inactive at once.
    double[] second = combination(x, 0, 0.2, -1);
    Solution run = run(method, x, y, path, arrival + 0.4);

    path.move(first, arrival);
    path.move(second, 0.4);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.mode(0, 1)).isEqualTo(Mode.SLIDING);
    assertThat(run.network().preactivations().get(0, 0)).isNegative();
    assertThat(run.statistics().jumps()).isGreaterThanOrEqualTo(1);
  }

  /** With a stronger third point both slide on, each with another share than before. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void anEventChangesTheShareOfAnotherSlidingPair(Method method) {
    double e = 0.5;
    double[][] x = {{1, 0, 0}, {-0.6, 0.8, 0}, {-0.2, e, Math.sqrt(0.96 - e * e)}};
    double[] y = {2, 1, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0, 1, 1}), -SIZE);
    double[] first = combination(x, 0.4, 1, -1);
    double arrival = path.durationUntilZero(first, x[1]);
    // z_1 = 0.52 + 0.6 z_0 and z_0 = −0.2 + 0.6 z_1.
    double[] second = combination(x, 0.175, 0.625, -1);
    Solution run = run(method, x, y, path, arrival + 0.4);

    path.move(first, arrival);
    path.move(second, 0.4);
    assertAt(run, path, x);
    assertThat(run.slidingPairs()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void twoPairsArriveAtTheSameTime(Method method) {
    double[][] x = {{0.6, 0.8, 0}, {0.6, -0.8, 0}, {0.5, 0, Math.sqrt(0.75)}};
    double[] y = {2, 2, -1};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.5, 0, 2}), -SIZE);
    double[] all = combination(x, 2, 2, -1);
    double arrival = path.durationUntilZero(all, x[0]);
    // By symmetry z_0 = z_1 = z with z (1 + G_01) = 0.3, G_01 = −0.28.
    double z = 0.3 / 0.72;
    double[] held = combination(x, z, z, -1);
    Solution run = run(method, x, y, path, arrival + 0.5);

    path.move(all, arrival);
    path.move(held, 0.5);
    assertAt(run, path, x);
    assertThat(run.slidingPairs()).isEqualTo(2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aRepellingPairCrossesAndItsMarginIsKept(Method method) {
    double[][] x = {{1, 0}, {-0.6, 0.8}};
    double[] y = {1, 2};
    // a > 0: x_1 is active and grows, and its correlation with x_0 pushes that pair from active to inactive.
    NeuronPath path = new NeuronPath(scaled(new double[] {0.1, 1}), SIZE);
    double[] both = combination(x, 1, 2);
    double arrival = path.durationUntilZero(both, x[0]);
    double[] alone = combination(x, 0, 2);
    Solution run = run(method, x, y, path, arrival + 0.3);

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

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void theLastActivePairOfANeuronDiesAndTheNeuronStaysDead(Method method) {
    double[][] x = {{1, 0}};
    double[] y = {2};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.3, 0.7}), -SIZE);
    double[] q = {2, 0};
    double arrival = path.durationUntilZero(q, x[0]);
    Solution run = run(method, x, y, path, arrival + 5);

    path.move(q, arrival);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.slidingPairs()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aStartBetweenTwoWaysIsRefused(Method method) {
    // At zero on x_0 with D0 < 0 < D1: the active x_1 pushes it down, its own residual up.
    double[][] x = {{1, 0}, {-0.6, 0.8}};
    ShallowNetwork network =
        Problems.network(
            x, new double[] {2, 1}, new double[][] {{0, SIZE}}, new double[] {SIZE});
    assertThatThrownBy(() -> gradientFlow(network).method(method).until(timeReached(1)).solve())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the start")
        .hasMessageContaining("neuron 0 and point 0");
  }

  /**
   * On orthogonal inputs a pair dies, the residual of its point changes sign, and the pair stays
   * dead: the run agrees with one in which that pair is inactive from the beginning of the rest.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aDeadPairOnOrthogonalInputsStaysDeadWhenTheResidualTurns(Method method) {
    double[][] x = {{1, 0}, {0, 1}};
    double[] y = {2.5, -6};
    double[][] w = {{2, 2}, {0.002, -0.5}};
    double[] a = {3, 0.9};
    ShallowNetwork network = Problems.network(x, y, w, a);
    Solution run =
        gradientFlow(network)
            .method(method)
            .tolerance(1e-10)
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
    assertThat(Arrays.stream(residual).max().orElseThrow()).as("later").isGreaterThan(0.05);
    for (int k = death; k < preactivation.length; k++) {
      // Neuron by neuron a pair is past its kink by 1e-13 of its size.
      assertThat(preactivation[k]).isCloseTo(0, within(1e-12));
    }
    // The rest of the run by the stock solver, with the dead pair moved away from its kink.
    double deathTime = run.column("time")[death];
    Solution before = gradientFlow(network).method(method).tolerance(1e-10).until(timeReached(deathTime)).solve();
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
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aReadoutPassesZero(Method method) {
    double[][] x = {{1, 0}};
    double[] y = {-2};
    NeuronPath path = new NeuronPath(scaled(new double[] {1, 0}), 0.5 * SIZE);
    double[] q = {-2, 0};
    double passing = Math.log(3) / 4;
    Solution run = run(method, x, y, path, passing + 0.5);

    path.move(q, passing + 0.5);
    assertAt(run, path, x);
    assertThat(run.network().readout()[0]).isNegative();
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** A label of 0 that no neuron sees has a residual of exactly 0: its pair neither attracts nor repels. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aPairWithoutResidualCrosses(Method method) {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, 0};
    NeuronPath path = new NeuronPath(scaled(new double[] {0.5, -1}), SIZE);
    double[] q = {1, 0};
    double end = path.durationUntilZero(q, x[1]) + 0.5;
    Solution run = run(method, x, y, path, end);

    path.move(q, end);
    assertAt(run, path, x);
    assertThat(run.mode(0, 1)).isEqualTo(Mode.ACTIVE);
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** A readout of 0 moves nothing, but its speed says at once which pairs at zero will attract. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aReadoutStartsAtZeroWithAPairOnItsKink(Method method) {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, -1};
    // a' > 0, so that x_0 pulls up the pair of x_1, which attracts: ⟨x_1, q⟩ = ½ (1.2 − z), and 1.2 > 1: it crosses.
    NeuronPath path = new NeuronPath(scaled(new double[] {0.8, -0.6}), 0);
    double[] q = {0.7, -0.4};
    Solution run = run(method, x, y, path, 0.8);

    path.move(q, 0.8);
    assertAt(run, path, x);
    assertThat(run.mode(0, 1)).isEqualTo(Mode.ACTIVE);
    assertThat(run.statistics().ambiguous()).isZero();
  }

  /** In a plane a weight that slides along one line reaches 0, and goes on along it where a pair leads away. */
  @Test
  void aWeightPassesThroughZero() {
    // Event by event only: the guide of the package names it among what the other way does not do.
    Method method = Method.eventByEvent();
    double[][] x = {{1, 0}, {0.6, 0.8}, {-0.3, -1}};
    double[] y = {2, -0.5, 1};
    double a = -2 * SIZE;
    // x_0 slides; x_1 pushes up along the line and x_2, inactive there, repels nothing: both signs of w_1 are tried.
    for (double side : new double[] {1, -1}) {
      Solution run = run(method, x, y, new NeuronPath(scaled(new double[] {0, side}), a), 6);
      Solution descent =
          gradientFlow(
                  Problems.network(
                      x, y, new double[][] {scaled(new double[] {0, side})}, new double[] {a}))
              .method(Method.descent(1e-5))
              .until(timeReached(6))
              .solve();
      double size = Math.abs(descent.network().readout()[0]);
      assertThat(Problems.largestDifference(run.network(), descent.network())).as("side " + side).isLessThan(1e-3 * size);
    }
  }

  /** For a time in which the readout grows seven-fold, through many series. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aPairSlidesForLong(Method method) {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, -1};
    NeuronPath path = new NeuronPath(scaled(0.5, 1), -SIZE);
    double[] both = {0.7, -0.4};
    double[] held = {0, -0.4};
    double arrival = path.durationUntilZero(both, x[0]);
    Solution run = run(method, x, y, path, arrival + 5);

    path.move(both, arrival);
    path.move(held, 5);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.SLIDING);
    assertThat(run.network().preactivations().get(0, 0)).isZero();
  }

  /**
   * Up through the kink and down again: the readout passes 0 in between, and turns the neuron back on its path.
   * The label of the point is 0, so that nothing else changes there.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aPairComesBackThroughItsKink(Method method) {
    double[][] x = {{1, 0}, {-0.6, 0.8}};
    double[] y = {0, -2};
    double[] q = combination(x, 0, -2);
    for (double until : new double[] {0.2, 0.5, 0.8, 1.4, 2.2}) {
      NeuronPath path = new NeuronPath(scaled(-0.1, 2), SIZE);
      Solution run = run(method, x, y, path, until);
      path.move(q, until);
      assertAt(run, path, x);
      assertThat(run.mode(0, 0)).isEqualTo(path.weight[0] > 0 ? Mode.ACTIVE : Mode.INACTIVE);
    }
    // It was up, and is down: the two crossings and the readout.
    Solution run = run(method, x, y, new NeuronPath(scaled(-0.1, 2), SIZE), 2.2);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.statistics().events()).isEqualTo(3);
  }

  /**
   * A touch: the path is the same, and the start is such that the pair turns back where the readout passes 0,
   * this much above its kink or below it; on it, to rounding, the answer is the same as well.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aPairTouchesItsKink(Method method) {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {0, -2};
    double[] q = combination(x, 0, -2);
    for (double depth : new double[] {1e-3, 1e-6, 1e-9, 0, -1e-9, -1e-6, -1e-3}) {
      NeuronPath probe = new NeuronPath(scaled(0, 2), SIZE);
      // Until the readout is 0: along tanh = −a; and how far ⟨w, x_0⟩ has come until then.
      double size = Math.sqrt(dot(q, q));
      double turn = atanh(-probe.readout / (dot(probe.weight, q) / size)) / size;
      probe.move(q, turn);
      assertThat(probe.readout / SIZE).isCloseTo(0, within(1e-15));
      NeuronPath path = new NeuronPath(scaled(depth - probe.weight[0] / SIZE, 2), SIZE);
      // The first component shifts what lies along q, so the turn shifts too: a second round finds the start.
      for (int round = 0; round < 60; round++) {
        NeuronPath next = new NeuronPath(path.weight, path.readout);
        next.move(q, atanh(-next.readout / (dot(next.weight, q) / size)) / size);
        path.weight[0] += depth * SIZE - next.weight[0];
      }
      Solution run = run(method, x, y, path, 2 * turn);
      path.move(q, 2 * turn);
      for (int i = 0; i < 2; i++) {
        assertThat(run.network().preactivations().get(i, 0) / SIZE)
            .as("depth " + depth + ", point " + i)
            .isCloseTo(dot(path.weight, x[i]) / SIZE, within(1e-11));
      }
      assertThat(run.mode(0, 0)).isEqualTo(Mode.ACTIVE);
    }
  }

  private static double atanh(double value) {
    return 0.5 * Math.log((1 + value) / (1 - value));
  }

  /** After a pair slid the residual of its point passes 0: it has left before, repels then, and descent agrees. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("org.liftgrad.flow.ExactMethods#all")
  void aResidualPassesZeroWhileItsPairsSlide(Method method) {
    int passed = 0;
    for (long seed : new long[] {1, 4, 21}) {
      ShallowNetwork network = Problems.random(12, 12, 9, seed);
      double[] residual = new double[12];
      double[] slidAt = new double[12];
      Arrays.fill(slidAt, Double.NEGATIVE_INFINITY);
      int[] turned = {0};
      Solution run =
          gradientFlow(network)
              .method(method)
              .tolerance(method.equals(Method.neuronByNeuron()) ? Method.Exact.LEAST_TOLERANCE : 1e-12)
              .until(timeReached(6))
              .observe(
                  Observer.value(
                      "turned",
                      state -> {
                        for (int i = 0; i < 12; i++) {
                          boolean passes = residual[i] * state.residual(i) < 0;
                          turned[0] += passes && state.time() - slidAt[i] < 3 ? 1 : 0;
                          residual[i] = state.residual(i);
                          for (int j = 0; j < 9; j++) {
                            slidAt[i] = state.mode(j, i) == Mode.SLIDING ? state.time() : slidAt[i];
                          }
                        }
                        return turned[0];
                      }))
              .solve();
      assertThat(run.warning()).as("seed " + seed).isEmpty();
      passed += turned[0];
      Solution descent =
          gradientFlow(network).method(Method.descent(1e-4)).until(timeReached(6)).at(6).solve();
      assertThat(Problems.largestDifference(run.network(), descent.network())).as("seed " + seed).isLessThan(2e-3);
    }
    assertThat(passed).as("residuals that passed 0 just after a pair of their point slid").isPositive();
  }
}
