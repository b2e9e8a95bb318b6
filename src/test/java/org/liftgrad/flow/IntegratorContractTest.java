package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.lossBelow;
import static org.liftgrad.flow.StopCondition.timeReached;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.shallow.ShallowNetwork;

/** What every method of integration does alike, each to its own accuracy. */
class IntegratorContractTest {

  static Stream<Arguments> methods() {
    return Stream.concat(
        ExactMethods.all().map(method -> Arguments.of(method, method.equals(Method.neuronByNeuron()) ? 1e-5 : 1e-9)),
        Stream.of(Arguments.of(Method.stock(), 1e-7), Arguments.of(Method.descent(1e-4), 3e-3)));
  }

  /** One aligned neuron on one point: the logistic growth of the theory, section 4.3, with n = p = 1. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void oneAlignedNeuronGrowsLogistically(Method method, double accuracy) {
    double start = 0.1;
    ShallowNetwork network =
        Problems.network(
            new double[][] {{1}},
            new double[] {1.7},
            new double[][] {{Math.sqrt(start)}},
            new double[] {Math.sqrt(start)});
    Solution run =
        gradientFlow(network).method(method).until(timeReached(2)).at(0, 0.5, 1, 2).observe(Observer.loss()).solve();
    double[] times = run.column("time");
    double[] loss = run.column("loss");
    assertThat(times).containsExactly(0, 0.5, 1, 2);
    for (int k = 0; k < times.length; k++) {
      double growth = Math.exp(2 * 1.7 * times[k]);
      double v = 1.7 * start * growth / (1.7 + start * (growth - 1));
      assertThat(loss[k]).isCloseTo((1.7 - v) * (1.7 - v) / 2, within(accuracy));
    }
    assertThat(run.ending()).isEqualTo(Ending.TIME_REACHED);
    assertThat(run.time()).isEqualTo(2, within(1e-12));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void theLossLimitEndsTheRunWhereItIsReached(Method method, double accuracy) {
    ShallowNetwork network = Problems.orthogonal(6, 12, 3);
    Solution run =
        gradientFlow(network).method(method).until(lossBelow(0.05)).until(timeReached(1000)).solve();
    assertThat(run.ending()).isEqualTo(Ending.LOSS_REACHED);
    assertThat(run.loss()).isLessThanOrEqualTo(0.05 * (1 + 1e-9));
    assertThat(run.loss()).isCloseTo(0.05, within(accuracy));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void onOrthogonalInputsAllMethodsAgree(Method method, double accuracy) {
    ShallowNetwork network = Problems.orthogonal(8, 10, 5);
    Solution reference =
        gradientFlow(network).tolerance(1e-13).until(timeReached(15)).solve();
    Solution run = gradientFlow(network).method(method).until(timeReached(15)).solve();
    assertThat(Problems.largestDifference(reference.network(), run.network())).isLessThan(accuracy * 10);
    assertThat(reference.slidingPairs()).isZero();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void aStepLimitEndsTheRunWithAdvice(Method method, double accuracy) {
    Solution run =
        gradientFlow(Problems.orthogonal(8, 10, 5)).method(method).until(timeReached(15)).maximumSteps(3).solve();
    assertThat(run.ending()).isEqualTo(Ending.STEP_LIMIT);
    assertThat(run.statistics().steps()).isEqualTo(3);
    assertThat(run.warning()).hasValueSatisfying(text -> assertThat(text).contains("step limit"));
    assertThat(run.time()).isPositive();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void anInterruptedRunKeepsItsState(Method method, double accuracy) {
    Thread.currentThread().interrupt();
    Solution run = gradientFlow(Problems.orthogonal(8, 10, 5)).method(method).until(timeReached(15)).solve();
    assertThat(Thread.interrupted()).as("the flag stays for the caller").isTrue();
    assertThat(run.ending()).isEqualTo(Ending.INTERRUPTED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void aRunMayEndBeforeItBegins(Method method, double accuracy) {
    ShallowNetwork network = Problems.orthogonal(8, 10, 5);
    Solution run = gradientFlow(network).method(method).until(lossBelow(1e9)).observe(Observer.loss()).solve();
    assertThat(run.ending()).isEqualTo(Ending.LOSS_REACHED);
    assertThat(run.time()).isZero();
    assertThat(run.column("loss")).containsExactly(network.loss());
  }

  /** A loss of 0 is not a loss limit of 0: without a limit the asked time is reached. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("methods")
  void aStartWithoutLossRunsToItsTime(Method method, double accuracy) {
    ShallowNetwork network =
        Problems.network(new double[][] {{1}}, new double[] {0}, new double[][] {{-1}}, new double[] {1});
    Solution run = gradientFlow(network).method(method).until(timeReached(0.5)).solve();
    assertThat(run.ending()).isEqualTo(Ending.TIME_REACHED);
    assertThat(run.time()).isEqualTo(0.5, within(1e-12));
  }

  /** 49 steps of 1/49 fall short of 1 by a rounding. */
  @Test
  void descentObservesATimeThatItsStepsMissByARounding() {
    assertThat(49 * (1.0 / 49)).isLessThan(1);
    Solution run =
        gradientFlow(Problems.orthogonal(3, 4, 1))
            .method(Method.descent(1.0 / 49))
            .until(timeReached(1))
            .at(0.5, 1)
            .observe(Observer.loss())
            .solve();
    assertThat(run.column("loss")).hasSize(2);
    assertThat(run.last("loss")).isEqualTo(run.loss(), within(1e-15));
  }

  /** After the loss has drowned in rounding nothing moves, however long. */
  @Test
  void aRunStaysWhereItConverged() {
    Solution run = gradientFlow(Problems.random(6, 30, 8, 11)).until(timeReached(1e9)).solve();
    assertThat(run.ending()).isEqualTo(Ending.TIME_REACHED);
    assertThat(run.loss()).isLessThan(1e-24);
    assertThat(run.statistics().steps()).isLessThan(5000);
  }

  /** Powers of two change the exponents only: inputs of 1e±8 and labels of 1e±6 give the same digits. */
  @Test
  void theScaleOfTheDataDoesNotMatter() {
    ShallowNetwork network = Problems.random(6, 30, 8, 11);
    Solution plain = gradientFlow(network).until(timeReached(20)).solve();
    for (int[] exponents : new int[][] {{26, 20}, {-26, -20}, {26, -20}, {-26, 20}}) {
      double inputs = Math.scalb(1.0, exponents[0]);
      double labels = Math.scalb(1.0, exponents[1]);
      double weights = Math.scalb(1.0, (exponents[1] - exponents[0]) / 2);
      ShallowNetwork scaled =
          Problems.network(
              scaled(network.data().storedInputs().orElseThrow(), inputs),
              java.util.Arrays.stream(network.data().labels()).map(y -> y * labels).toArray(),
              scaled(network.weights().orElseThrow(), weights),
              java.util.Arrays.stream(network.readout()).map(a -> a * weights).toArray());
      Solution run = gradientFlow(scaled).until(timeReached(20 / inputs / labels)).solve();
      assertThat(run.statistics().events()).isEqualTo(plain.statistics().events());
      for (int j = 0; j < 8; j++) {
        assertThat(run.network().readout()[j] / weights).isEqualTo(plain.network().readout()[j], within(1e-12));
      }
    }
  }

  private static double[][] scaled(org.ejml.data.DMatrixRMaj matrix, double factor) {
    double[][] rows = new double[matrix.numRows][matrix.numCols];
    for (int i = 0; i < matrix.numRows; i++) {
      for (int k = 0; k < matrix.numCols; k++) {
        rows[i][k] = matrix.get(i, k) * factor;
      }
    }
    return rows;
  }

  @Test
  void descentWithATooLargeStepSaysSo() {
    ShallowNetwork network =
        Problems.network(
            Activation.monomial(2), new double[][] {{1}}, new double[] {1}, new double[][] {{2}}, new double[] {2});
    Solution run = gradientFlow(network).method(Method.descent(1e3)).until(timeReached(1e6)).solve();
    assertThat(run.ending()).isEqualTo(Ending.NOT_FINITE);
  }

  @Test
  void aRunThatCannotReachItsLossStopsAsStationary() {
    // Every neuron is inactive everywhere: nothing moves.
    ShallowNetwork network =
        Problems.network(
            new double[][] {{1, 0}, {0, 1}}, new double[] {1, 2}, new double[][] {{-1, -1}}, new double[] {2});
    Solution run = gradientFlow(network).until(lossBelow(1e-6)).solve();
    assertThat(run.ending()).isEqualTo(Ending.STATIONARY);
    Solution timed = gradientFlow(network).until(timeReached(7)).solve();
    assertThat(timed.ending()).isEqualTo(Ending.TIME_REACHED);
    assertThat(timed.time()).isEqualTo(7);
  }

  /** A dead point keeps its loss for ever, while the others converge: the run must still end. */
  @Test
  void aRunWithADeadPointEnds() {
    ShallowNetwork network =
        Problems.network(
            new double[][] {{1, 0}, {0, 1}}, new double[] {1, 2}, new double[][] {{1, -1}}, new double[] {2});
    Solution run = gradientFlow(network).until(lossBelow(1e-6)).solve();
    assertThat(run.ending()).isEqualTo(Ending.STATIONARY);
    assertThat(run.loss()).isCloseTo(1, within(1e-9));
  }

  @Test
  void monomialsConserveTheirOwnQuantity() {
    for (Activation activation :
        new Activation[] {
          Activation.monomial(2), Activation.monomial(3), Activation.positiveMonomial(2), Activation.positiveMonomial(3)
        }) {
      ShallowNetwork relu = Problems.random(6, 30, 8, 11);
      double[][] x = new double[6][30];
      double[][] w = new double[8][30];
      for (int k = 0; k < 30; k++) {
        for (int i = 0; i < 6; i++) {
          x[i][k] = relu.data().storedInputs().orElseThrow().get(i, k);
        }
        for (int j = 0; j < 8; j++) {
          w[j][k] = relu.weights().orElseThrow().get(j, k);
        }
      }
      Solution run =
          gradientFlow(Problems.network(activation, x, relu.data().labels(), w, relu.readout()))
              .tolerance(1e-12)
              .until(timeReached(20))
              .until(lossBelow(1e-6))
              .observe(
                  Observer.largest("own", FlowState::conservationDrift),
                  Observer.largest("wrong", state -> state.conservationDrift(1)),
                  Observer.loss(),
                  Observer.curvatureIntegral())
              .solve();
      assertThat(run.last("own")).as(activation.name()).isLessThan(1e-8);
      assertThat(run.last("wrong")).as(activation.name()).isGreaterThan(0.1);
      assertThat(Math.log(run.column("loss")[0] / run.last("loss")))
          .isCloseTo(run.last("curvature integral"), within(1e-6));
    }
  }

  @Test
  void unfitMethodsAreRefused() {
    ShallowNetwork correlated = Problems.random(6, 30, 8, 11);
    assertThatThrownBy(() -> gradientFlow(correlated).method(Method.stock()).until(timeReached(1)).solve())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("slides along kinks");
    assertThatThrownBy(() -> gradientFlow(correlated).solve()).hasMessageContaining("until is missing");
    assertThatThrownBy(() -> gradientFlow(correlated).tolerance(1)).hasMessageContaining("tolerance is 1.0");
    // 4e-16 times the dimension is the rounding of these Gram matrices.
    ShallowNetwork wide = Problems.random(3, 400, 2, 1);
    assertThatThrownBy(() -> gradientFlow(wide).tolerance(1e-13).until(timeReached(1)).solve())
        .hasMessageStartingWith("tolerance is 1.0E-13; it must be at least 1.6e-13, the rounding of the Gram matrix");
    assertThat(gradientFlow(wide).tolerance(2e-13).until(timeReached(1)).solve().ending()).isEqualTo(Ending.TIME_REACHED);
    assertThatThrownBy(() -> gradientFlow(correlated).at(1, 1)).hasMessageContaining("times[1]");
    assertThatThrownBy(() -> timeReached(Double.NaN)).hasMessageContaining("time is NaN");
    assertThatThrownBy(() -> lossBelow(0)).hasMessageContaining("loss is 0.0");
    assertThatThrownBy(() -> Method.descent(-1)).hasMessageContaining("step is -1.0");
    assertThatThrownBy(() -> gradientFlow(correlated, Problems.random(6, 30, 8, 12).data()))
        .hasMessageContaining("data is");
  }
}
