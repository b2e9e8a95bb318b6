package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.timeReached;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.liftgrad.shallow.ShallowNetwork;

/** States at given times, and the distance of two runs. */
class TrajectoryTest {

  private static Trajectory of(double[] times, int neurons, double[]... states) {
    return new Trajectory(times, neurons, List.of(states), Optional.empty());
  }

  @Test
  void theTimesHaveEqualRatiosAndEndWhereAsked() {
    double[] times = Trajectory.times(100, 2, 3);
    assertThat(times).containsExactly(new double[] {1, 10, 100}, within(1e-12));
    assertThat(times[2]).isEqualTo(100);
  }

  @Test
  void theErrorIsTheLargestOverTheTimes() {
    double[] times = {1, 2};
    Trajectory reference = of(times, 1, new double[] {3, 4}, new double[] {0, 2});
    Trajectory other = of(times, 1, new double[] {3, 4.5}, new double[] {0.5, 2});
    assertThat(other.errors(reference)).containsExactly(new double[] {0.1, 0.25}, within(1e-15));
    assertThat(other.worstError(reference)).isCloseTo(0.25, within(1e-15));
  }

  @Test
  void theErrorGoesAsFarAsBothRunsDid() {
    double[] times = {1, 2};
    Trajectory reference = of(times, 1, new double[] {4}, new double[] {4});
    Trajectory stalled = of(times, 1, new double[] {3});
    assertThat(stalled.complete()).isFalse();
    assertThat(stalled.errors(reference)).containsExactly(0.25);
    assertThatThrownBy(() -> stalled.neuronErrors(reference, 1)).hasMessageContaining("time is 1");
  }

  @Test
  void everyNeuronHasAnErrorOfItsOwn() {
    double[] times = {1};
    Trajectory reference = of(times, 3, new double[] {3, 4, 100, 0, 0, 0});
    Trajectory other = of(times, 3, new double[] {3, 4.5, 100, 1, 0, 0});
    assertThat(other.neuronErrors(reference, 0)).containsExactly(new double[] {0.1, 0.01, 0}, within(1e-15));
    assertThat(other.preactivations(0, 1)).containsExactly(4.5);
  }

  @Test
  void aStateThatIsNotFiniteHasNoSmallError() {
    double[] times = {1, 2};
    Trajectory reference = of(times, 1, new double[] {1}, new double[] {1});
    assertThat(of(times, 1, new double[] {Double.NaN}, new double[] {1}).worstError(reference)).isNaN();
    assertThat(of(times, 1, new double[] {1}, new double[] {Double.NaN}).worstError(reference)).isNaN();
  }

  @Test
  void whatCannotBeComparedIsRefused() {
    double[] times = {1};
    Trajectory one = of(times, 1, new double[] {1, 2});
    assertThatThrownBy(() -> one.errors(of(new double[] {2}, 1, new double[] {1, 2}))).hasMessageContaining("times");
    assertThatThrownBy(() -> one.errors(of(times, 2, new double[] {1, 2}))).hasMessageContaining("neurons");
    assertThatThrownBy(() -> one.worstError(of(times, 1))).hasMessageContaining("number of times reached is 0");
    assertThatThrownBy(() -> of(times, 2, new double[] {1, 2, 3})).hasMessageContaining("length of a state is 3");
    assertThatThrownBy(() -> of(times, 1, new double[] {1}, new double[] {1})).hasMessageContaining("number of states is 2");
    assertThatThrownBy(() -> one.preactivations(0, 2)).hasMessageContaining("point is 2");
  }

  /** The last kept state is that of the network which the run returns, and the first that of its start. */
  @Test
  void theStatesAreThoseOfTheRun() {
    ShallowNetwork start = Problems.random(6, 20, 4, 1);
    Trajectory trajectory = Trajectory.of(gradientFlow(start).until(timeReached(5)), 0, 1, 5);
    ShallowNetwork end = trajectory.solution().orElseThrow().network();
    assertThat(trajectory.complete()).isTrue();
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 6; i++) {
        assertThat(trajectory.preactivations(j, i)[0]).isEqualTo(start.preactivations().get(i, j));
        assertThat(trajectory.preactivations(j, i)[2]).isEqualTo(end.preactivations().get(i, j));
      }
    }
  }
}
