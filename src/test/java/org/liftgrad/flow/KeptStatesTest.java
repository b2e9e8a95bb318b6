package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.lossBelow;
import static org.liftgrad.flow.StopCondition.timeReached;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.ShallowNetwork;

/** The state at any time, asked for after the run. */
class KeptStatesTest {

  /** The exact flow: what a run until then would have ended with, to the last bit. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theStateIsThatOfARunUntilThen(long seed) {
    ShallowNetwork network = Problems.random(12, seed % 2 == 0 ? 5 : 40, 9, seed);
    if (seed == 3) {
      network = network.withActivation(Activation.leakyRelu(0.2));
    }
    Solution run = gradientFlow(network).until(timeReached(20)).keepStates().solve();
    RandomStream stream = RandomStream.of(seed, "asked times");
    for (int k = 0; k < 30; k++) {
      double time = k == 0 ? 20 : stream.nextUniform(0, k < 15 ? 1 : 20);
      ShallowNetwork then = run.networkAt(time);
      ShallowNetwork until = gradientFlow(network).until(timeReached(time)).solve().network();
      assertThat(then.preactivations().data).as("t = " + time).isEqualTo(until.preactivations().data);
      assertThat(then.readout()).isEqualTo(until.readout());
      assertThat(then.weights().orElseThrow().data).isEqualTo(until.weights().orElseThrow().data);
      assertThat(then.squaredWeightNorms()).isEqualTo(until.squaredWeightNorms());
    }
    assertThat(run.networkAt(0).preactivations().data).isEqualTo(network.preactivations().data);
    // Keeping steps changes nothing.
    Solution plain = gradientFlow(network).until(timeReached(20)).solve();
    assertThat(plain.network().preactivations().data).isEqualTo(run.network().preactivations().data);
    assertThat(plain.statistics()).isEqualTo(run.statistics());
  }

  @Test
  void descentAndTheStockSolverKeepTheirStatesToo() {
    ShallowNetwork network = Problems.orthogonal(5, 6, 2);
    Solution exact = gradientFlow(network).until(timeReached(8)).keepStates().solve();
    Solution stock = gradientFlow(network).method(Method.stock()).until(timeReached(8)).keepStates().solve();
    Solution descent = gradientFlow(network).method(Method.descent(1e-4)).until(timeReached(8)).keepStates().solve();
    for (double time : new double[] {0, 0.3, 1, 2.5, 7.99, 8}) {
      assertThat(Problems.largestDifference(stock.networkAt(time), exact.networkAt(time))).isLessThan(1e-6);
      assertThat(Problems.largestDifference(descent.networkAt(time), exact.networkAt(time))).isLessThan(1e-2);
    }
    Solution shorter = gradientFlow(network).method(Method.descent(1e-4)).until(timeReached(2.5)).solve();
    assertThat(Problems.largestDifference(shorter.network(), descent.networkAt(2.5))).isLessThan(1e-12);
  }

  @Test
  void aResumedRunCoversItsOwnPart() {
    ShallowNetwork network = Problems.random(12, 40, 9, 1);
    Solution first = gradientFlow(network).until(timeReached(4)).solve();
    Solution second =
        gradientFlow(network).until(timeReached(9)).resume(first.checkpoint()).keepStates().solve();
    Solution whole = gradientFlow(network).until(timeReached(9)).keepStates().solve();
    assertThat(second.networkAt(6.5).preactivations().data).isEqualTo(whole.networkAt(6.5).preactivations().data);
    assertThatThrownBy(() -> second.networkAt(1)).hasMessageContaining("the time is 1.0; it must be between");
  }

  @Test
  void whatIsNotCoveredIsRefused() {
    ShallowNetwork network = Problems.random(12, 40, 9, 1);
    Solution plain = gradientFlow(network).until(timeReached(4)).solve();
    assertThatThrownBy(() -> plain.networkAt(1))
        .hasMessage("keepStates is not said; it must be said before the run, to ask for its states.");
    Solution kept = gradientFlow(network).until(timeReached(4)).keepStates().solve();
    assertThatThrownBy(() -> kept.networkAt(4.1)).hasMessage("the time is 4.1; it must be between 0.0 and 4.0.");
    assertThatThrownBy(() -> kept.networkAt(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> gradientFlow(network).until(timeReached(4)).keepStates(100_000).solve())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("keepStates is 100000 bytes, used up at t = .*; it must be more, or the run shorter.*\\.");
    Solution none = gradientFlow(network).until(lossBelow(1e9)).keepStates().solve();
    assertThat(none.networkAt(0).loss()).isCloseTo(network.loss(), within(0.0));
  }
}
