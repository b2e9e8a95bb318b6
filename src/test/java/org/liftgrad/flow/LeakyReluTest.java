package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.data.SubGaussianData.lawS;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.NeuronPath.SIZE;
import static org.liftgrad.flow.NeuronPath.combination;
import static org.liftgrad.flow.NeuronPath.dot;
import static org.liftgrad.flow.NeuronPath.scaled;
import static org.liftgrad.flow.Problems.largestDifference;
import static org.liftgrad.flow.StopCondition.lossBelow;
import static org.liftgrad.flow.StopCondition.timeReached;
import static org.liftgrad.shallow.ShallowNetworks.shallowNetwork;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Line;

/** The exact flow of leaky ReLU: closed forms, laws, and descent of small steps. */
class LeakyReluTest {

  private static Solution small(double slope, double[][] x, double[] y, NeuronPath path, double time) {
    ShallowNetwork network =
        Problems.network(
            Activation.leakyRelu(slope), x, y, new double[][] {path.weight}, new double[] {path.readout});
    return gradientFlow(network).until(timeReached(time)).solve();
  }

  private static void assertAt(Solution run, NeuronPath path, double[][] x) {
    for (int i = 0; i < x.length; i++) {
      assertThat(run.network().preactivations().get(i, 0) / SIZE)
          .as("point " + i)
          .isCloseTo(dot(path.weight, x[i]) / SIZE, within(1e-11));
    }
    assertThat(run.network().readout()[0] / SIZE).isCloseTo(path.readout / SIZE, within(1e-11));
    assertThat(run.conservationDrift() / (SIZE * SIZE)).isLessThan(1e-12);
  }

  /** Inactive on its only point, where ReLU would not move: logistic growth at the rate 2·slope·y. */
  @ParameterizedTest
  @ValueSource(doubles = {0.01, 0.2, 0.9})
  void anInactiveNeuronGrowsLogistically(double slope) {
    double label = 1.7;
    double size = 0.6;
    ShallowNetwork network =
        Problems.network(
            Activation.leakyRelu(slope), new double[][] {{1}}, new double[] {label}, new double[][] {{-size}},
            new double[] {-size});
    double[] times = {0, 0.5, 1, 2, 5};
    Solution run = gradientFlow(network).until(timeReached(5)).at(times).observe(Observer.loss()).solve();
    double start = slope * size * size;
    for (int k = 0; k < times.length; k++) {
      double growth = Math.exp(2 * slope * label * times[k]);
      double value = label * start * growth / (label + start * (growth - 1));
      assertThat(run.column("loss")[k]).isCloseTo((label - value) * (label - value) / 2, within(1e-11));
    }
  }

  /** For ReLU the neuron dies where its only pair reaches 0; here it goes on, slope times as fast. */
  @Test
  void aNeuronThatWouldDieGoesOn() {
    double[][] x = {{1, 0}};
    double[] y = {2};
    NeuronPath path = new NeuronPath(scaled(0.3, 0.7), -SIZE);
    double[] before = {2, 0};
    double[] after = {0.25 * 2, 0};
    double arrival = path.durationUntilZero(before, x[0]);
    Solution run = small(0.25, x, y, path, arrival + 1.5);

    path.move(before, arrival);
    path.move(after, 1.5);
    assertAt(run, path, x);
    assertThat(path.weight[0]).isLessThan(-0.5 * SIZE);
    assertThat(run.mode(0, 0)).isEqualTo(Mode.INACTIVE);
    assertThat(run.statistics().events()).isEqualTo(1);
  }

  /** The same pair slides where its share 0.3 lies above the slope, and crosses where it lies below. */
  @ParameterizedTest
  @CsvSource({"0.1, SLIDING", "0.29, SLIDING", "0.31, INACTIVE", "0.6, INACTIVE"})
  void aPairSlidesBetweenTheSlopeAndOne(double slope, Mode mode) {
    double[][] x = {{1, 0}, {0.6, 0.8}};
    double[] y = {2, -1};
    NeuronPath path = new NeuronPath(scaled(0.5, 1), -SIZE);
    double[] both = combination(x, 2, -1);
    // Held on x_0 by z = 0.6, which is 0.3 of its label.
    double[] then = mode == Mode.SLIDING ? combination(x, 0.6, -1) : combination(x, slope * 2, -1);
    double arrival = path.durationUntilZero(both, x[0]);
    Solution run = small(slope, x, y, path, arrival + 0.5);

    path.move(both, arrival);
    path.move(then, 0.5);
    assertAt(run, path, x);
    assertThat(run.mode(0, 0)).isEqualTo(mode);
  }

  /** From below: an inactive pair is pushed up and stays at 0, as active it would be pushed down. */
  @Test
  void aPairArrivesFromBelowAndSlides() {
    double[][] x = {{1, 0}, {0.8, 0.6}};
    double[] y = {2, -3};
    NeuronPath path = new NeuronPath(scaled(-0.5, 4), -SIZE);
    // x_1 pulls x_0 up by 2.4, its own label down by 0.2·2 while it is inactive, by 2 once it is active: it crosses.
    double[] before = combination(x, 0.4, -3);
    double[] after = combination(x, 2, -3);
    double arrival = path.durationUntilZero(before, x[0]);
    Solution crossing = small(0.2, x, y, path, arrival + 0.2);
    path.move(before, arrival);
    path.move(after, 0.2);
    assertAt(crossing, path, x);
    assertThat(crossing.mode(0, 0)).isEqualTo(Mode.ACTIVE);

    // With a label of 4 it would be pushed down as an active one: it is held, with z = 2.4.
    y[0] = 4;
    path = new NeuronPath(scaled(-0.5, 4), -SIZE);
    before = combination(x, 0.8, -3);
    double[] held = combination(x, 2.4, -3);
    arrival = path.durationUntilZero(before, x[0]);
    Solution sliding = small(0.2, x, y, path, arrival + 0.2);
    path.move(before, arrival);
    path.move(held, 0.2);
    assertAt(sliding, path, x);
    assertThat(sliding.mode(0, 0)).isEqualTo(Mode.SLIDING);
  }

  /** Two pairs of one neuron slide at once, while a third is inactive and pulls with its slope. */
  @Test
  void twoPairsSlideWhileAnInactiveOnePulls() {
    double[][] x = {{0.6, 0.8, 0}, {0.6, -0.8, 0}, {0.5, 0, -Math.sqrt(0.75)}};
    double[] y = {2, 2, -2};
    double slope = 0.3;
    NeuronPath path = new NeuronPath(scaled(0.5, 0, 2), -3 * SIZE);
    double[] all = combination(x, 2, 2, -2 * slope);
    double arrival = path.durationUntilZero(all, x[0]);
    // z (1 + G_01) = 0.3 · 2 · 0.3, with G_01 = −0.28; that is under 2 · slope: they cross.
    double[] after = combination(x, 2 * slope, 2 * slope, -2 * slope);
    Solution run = small(slope, x, y, path, arrival + 0.4);
    path.move(all, arrival);
    path.move(after, 0.4);
    assertAt(run, path, x);
    assertThat(run.slidingPairs()).isZero();

    // Against a label of −12 they are held: z = 0.3 · 12 · 0.3 / 0.72 = 1.5 lies between 0.6 and 2.
    y[2] = -12;
    path = new NeuronPath(scaled(0.5, 0, 8), -10 * SIZE);
    all = combination(x, 2, 2, -12 * slope);
    arrival = path.durationUntilZero(all, x[0]);
    Solution held = small(slope, x, y, path, arrival + 0.1);
    path.move(all, arrival);
    path.move(combination(x, 1.5, 1.5, -12 * slope), 0.1);
    assertAt(held, path, x);
    assertThat(held.slidingPairs()).isEqualTo(2);
  }

  private static ShallowNetwork problem(long seed, double slope) {
    int[][] shapes = {{8, 200, 6}, {12, 12, 9}, {25, 8, 7}, {15, 40, 12}};
    int[] shape = shapes[(int) (seed % shapes.length)];
    return Problems.random(shape[0], shape[1], shape[2], seed).withActivation(Activation.leakyRelu(slope));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theLawsHold(long seed) {
    ShallowNetwork network = problem(seed, seed % 2 == 0 ? 0.1 : 0.4);
    Solution run =
        gradientFlow(network)
            .until(timeReached(60))
            .until(lossBelow(1e-18))
            .observe(Observer.loss(), Observer.curvatureIntegral(), Observer.largest("drift", FlowState::conservationDrift))
            .solve();
    double[] loss = run.column("loss");
    for (int k = 1; k < loss.length; k++) {
      assertThat(loss[k]).isLessThanOrEqualTo(loss[k - 1] * (1 + 1e-12));
    }
    double integral = run.last("curvature integral");
    assertThat(Math.log(loss[0] / run.last("loss"))).isCloseTo(integral, within(1e-7 * integral));
    assertThat(run.last("drift")).isLessThan(1e-10);
    assertThat(run.statistics().mostSliding()).as("pairs that slide").isPositive();
    Solution loose = gradientFlow(network).until(timeReached(20)).tolerance(1e-8).solve();
    Solution tight = gradientFlow(network).until(timeReached(20)).tolerance(1e-13).solve();
    assertThat(tight.warning()).as("the margin of this instance").isEmpty();
    assertThat(largestDifference(loose.network(), tight.network())).isLessThan(1e-8);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 5})
  void descentConvergesAtFirstOrder(long seed) {
    ShallowNetwork network = problem(seed, 0.2);
    Solution flow = gradientFlow(network).tolerance(1e-12).until(timeReached(8)).solve();
    double[] steps = {4e-3, 2e-3, 1e-3, 5e-4, 2.5e-4, 1.25e-4};
    double[] x = new double[steps.length];
    double[] y = new double[steps.length];
    for (int k = 0; k < steps.length; k++) {
      Solution descent =
          gradientFlow(network).method(Method.descent(steps[k])).until(timeReached(8)).at(8).solve();
      x[k] = Math.log(steps[k]);
      y[k] = Math.log(largestDifference(flow.network(), descent.network()));
    }
    assertThat(Line.fit(x, y).slope()).isBetween(0.8, 1.2);
    assertThat(Math.exp(y[5])).isLessThan(5e-3);
  }

  /** On orthogonal inputs nothing slides, and the stock solver goes the same way over the kinks. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void onOrthogonalInputsTheStockSolverAgrees(long seed) {
    ShallowNetwork network = Problems.orthogonal(7, 9, seed).withActivation(Activation.leakyRelu(0.3));
    Solution exact = gradientFlow(network).tolerance(1e-12).until(timeReached(10)).solve();
    Solution stock = gradientFlow(network).method(Method.stock()).tolerance(1e-12).until(timeReached(10)).solve();
    assertThat(largestDifference(exact.network(), stock.network())).isLessThan(1e-7);
    assertThat(exact.statistics().mostSliding()).isZero();
  }

  /** No kink is lost in the limits: slope 0 is ReLU itself, and a tiny slope is near it while no neuron dies. */
  @Test
  void aSlopeOfZeroIsRelu() {
    assertThat(Activation.leakyRelu(0)).isEqualTo(Activation.relu());
    ShallowNetwork network = Problems.random(8, 60, 6, 4);
    Solution relu = gradientFlow(network).until(timeReached(5)).solve();
    // The constructor does not turn into relu(): the general path with a slope of 0 must give the same bytes.
    Solution zero = gradientFlow(network.withActivation(new Activation.LeakyRelu(0))).until(timeReached(5)).solve();
    assertThat(zero.network().preactivations().data).isEqualTo(relu.network().preactivations().data);
    Solution tiny = gradientFlow(network.withActivation(Activation.leakyRelu(1e-9))).until(timeReached(5)).solve();
    assertThat(largestDifference(relu.network(), tiny.network())).isLessThan(1e-6);
  }

  /** Lemma 12 and equation (7) with their active energy: along the whole flow, under Assumption 1. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theCurvatureLiesWithinItsBounds(long seed) {
    Dataset data = lawS().points(10).dimension(120).seed(seed).build();
    ShallowNetwork network =
        shallowNetwork(data).neurons(12).activation(Activation.leakyRelu(0.25)).seed(seed).build();
    CurvatureBounds bounds = CurvatureBounds.of(data);
    Solution run =
        gradientFlow(network)
            .until(lossBelow(1e-8))
            .until(timeReached(200))
            .observe(
                Observer.smallest("lower", state -> state.curvature() - bounds.lower(state.activeEnergy())),
                // A sliding pair counts as inactive in its energy, so it may break the upper bound.
                Observer.smallest(
                    "upper",
                    state ->
                        state.slidingPairs() > 0 ? 1 : bounds.upper(state.activeEnergy()) - state.curvature()))
            .solve();
    assertThat(run.last("lower")).isPositive();
    assertThat(run.last("upper")).isPositive();
    double[] start = network.activeEnergy();
    int inactive = 0;
    for (int i = 0; i < 10; i++) {
      double sum = 0;
      for (int j = 0; j < 12; j++) {
        boolean up = network.preactivations().get(i, j) > 0;
        inactive += up ? 0 : 1;
        sum += network.readout()[j] * network.readout()[j] * (up ? 1 : 0.0625);
      }
      assertThat(start[i]).isCloseTo(sum / 12, within(1e-12));
    }
    assertThat(inactive).isPositive();
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1, 2, Double.NaN})
  void aSlopeThatLeavesNoKinkIsRefused(double slope) {
    assertThatThrownBy(() -> Activation.leakyRelu(slope))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("negativeSlope is " + slope + "; it must be at least 0 and under 1.");
  }

  @Test
  void theActivationItself() {
    Activation leaky = Activation.leakyRelu(0.1);
    assertThat(leaky.value(3)).isEqualTo(3);
    assertThat(leaky.value(-3)).isCloseTo(-0.3, within(1e-15));
    assertThat(new double[] {leaky.slope(1), leaky.slope(0), leaky.slope(-1)}).containsExactly(1, 0.1, 0.1);
    assertThat(leaky.name()).isEqualTo("leaky relu 0.1");
    assertThat(Arrays.asList(leaky.kinked(), Activation.relu().kinked(), Activation.tanh().kinked()))
        .containsExactly(true, true, false);
  }
}
