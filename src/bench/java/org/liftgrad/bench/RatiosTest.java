package org.liftgrad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** Ratios are taken round by round. */
class RatiosTest {

  @Test
  void aRoundThatIsSlowForBothDoesNotCount() {
    // Twice as fast in every round, though the machine was ten times slower in the second.
    Ratios ratios = Ratios.of(new double[] {2, 20, 2.2}, new double[] {1, 10, 1});
    assertThat(ratios.median()).isCloseTo(2, within(1e-15));
    assertThat(ratios).hasToString("2 (2 … 2.2)");
  }

  @Test
  void theFasterPeerIsChosenRoundByRound() {
    assertThat(Ratios.fastest(new double[] {1, 5}, new double[] {2, 4})).containsExactly(1, 4);
  }

  @Test
  void roundsThatDoNotMatchAreRefused() {
    assertThatThrownBy(() -> Ratios.of(new double[2], new double[3])).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Ratios.of(new double[] {1}, new double[] {0})).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void notANumberKeepsNoBar() {
    assertThat(Outcome.atLeast(Double.NaN, 1)).isEqualTo(Outcome.MISSED);
    assertThat(Outcome.atMost(Double.NaN, 1)).isEqualTo(Outcome.MISSED);
    assertThat(Outcome.atLeast(2, 2)).isEqualTo(Outcome.KEPT);
    assertThat(Outcome.atMost(2.1, 2)).isEqualTo(Outcome.MISSED);
  }
}
