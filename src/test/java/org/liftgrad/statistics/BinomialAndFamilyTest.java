package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BinomialAndFamilyTest {

  @Test
  void tailsOfTenFairCoins() {
    Binomial coins = new Binomial(10, 0.5);
    assertThat(coins.exactly(5)).isCloseTo(252 / 1024.0, within(1e-14));
    assertThat(coins.atMost(3)).isCloseTo(176 / 1024.0, within(1e-14));
    assertThat(coins.atLeast(7)).isCloseTo(176 / 1024.0, within(1e-14));
    assertThat(coins.atLeast(0)).isEqualTo(1);
    assertThat(coins.atLeast(11)).isZero();
    assertThat(coins.quantile(0.5)).isEqualTo(5);
    assertThat(coins.probabilityThat(k -> k % 2 == 0)).isCloseTo(0.5, within(1e-14));
  }

  @Test
  void smallTailsKeepTheirDigits() {
    assertThat(new Binomial(20, 1e-3).atLeast(20) / 1e-60).isCloseTo(1, within(1e-9));
    assertThat(new Binomial(5, 0).atMost(0)).isEqualTo(1);
    assertThat(new Binomial(5, 1).atLeast(5)).isEqualTo(1);
  }

  /** The power that the theory file states for T1a: 400 runs tell 0.95 from 0.91. */
  @Test
  void fourHundredRunsTellTheProbabilitiesOfT1aApart() {
    assertThat(new Binomial(400, 0.91).probabilityThat(k -> new Proportion(k, 400).wilson(0.95).upper() < 0.95))
        .isGreaterThan(0.8);
  }

  @Test
  void aFamilyStatesItsRates() {
    Family family = Family.of(60, 0.01, 1e-3);
    assertThat(family.allowed()).isEqualTo(4);
    assertThat(family.falseAlarm()).isCloseTo(new Binomial(60, 0.01).atLeast(5), within(1e-15)).isLessThan(1e-3);
    assertThat(new Family(60, 0.01, 3).falseAlarm()).isGreaterThan(1e-3);
    assertThat(family.power(0.5)).isGreaterThan(0.999);
    assertThat(Family.of(3, 0.5, 1e-9).falseAlarm()).isZero();
    assertThat(new Family(3, 0.05, 1).passes(0.04, 0.5, 0.9)).isTrue();
    assertThat(new Family(3, 0.05, 1).passes(0.04, 0.01, 0.9)).isFalse();
    assertThat(family.toString()).startsWith("at most 4 of 60 tests may reject at 0.01: false-alarm rate");
    assertThatThrownBy(() -> family.rejections(0.1)).hasMessageContaining("the number of p-values is 1");
  }

  @Test
  void holmAndBonferroniByHand() {
    assertThat(Family.holm(0.01, 0.04, 0.03, 0.005))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-15));
    assertThat(Family.bonferroni(0.01, 0.04, 0.3)).containsExactly(new double[] {0.03, 0.12, 0.9}, within(1e-15));
    assertThat(Family.holm(0.9, 0.8)).containsExactly(1, 1);
    assertThat(Family.holm()).isEmpty();
  }
}
