package org.liftgrad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;

/** States at given times, and the distance of two runs. */
class TrajectoryTest {

  @Test
  void theTimesHaveEqualRatiosAndEndWhereAsked() {
    double[] times = Trajectory.times(100, 2, 3);
    assertThat(times).containsExactly(new double[] {1, 10, 100}, within(1e-12));
    assertThat(times[2]).isEqualTo(100);
  }

  @Test
  void theErrorIsTheLargestOverTheTimes() {
    double[] times = {1, 2};
    Trajectory reference = new Trajectory(times, List.of(new double[] {3, 4}, new double[] {0, 2}));
    Trajectory other = new Trajectory(times, List.of(new double[] {3, 4.5}, new double[] {0.5, 2}));
    assertThat(other.worstError(reference)).isCloseTo(0.25, within(1e-15));
  }

  @Test
  void aStateThatIsNotFiniteHasNoSmallError() {
    double[] times = {1, 2};
    Trajectory reference = new Trajectory(times, List.of(new double[] {1}, new double[] {1}));
    Trajectory other = new Trajectory(times, List.of(new double[] {Double.NaN}, new double[] {1}));
    assertThat(other.worstError(reference)).isNaN();
  }

  /** The last kept state is that of the network which the run returns, and the first that of its start. */
  @Test
  void theStatesAreThoseOfTheRun() {
    Instance instance = Instance.gaussian(6, 20, 4, 1);
    List<Solution> runs = new ArrayList<>();
    Trajectory trajectory =
        Trajectory.of(
            OwnMethod.all().get(0).flow(instance.network(), 1e-10).until(StopCondition.timeReached(5)),
            new double[] {0, 1, 5}, runs);
    assertThat(trajectory.complete()).isTrue();
    for (int j = 0; j < 4; j++) {
      for (int i = 0; i < 6; i++) {
        assertThat(trajectory.states().get(0)[j * 6 + i]).isEqualTo(instance.network().preactivations().get(i, j));
        assertThat(trajectory.states().get(2)[j * 6 + i]).isEqualTo(runs.get(0).network().preactivations().get(i, j));
      }
    }
  }
}
