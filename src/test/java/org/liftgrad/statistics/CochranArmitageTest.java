package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;

class CochranArmitageTest {

  /** Smokers among patients in four studies (Fleiss 1981), as in the documentation of R's prop.trend.test: X² = 8.2249. */
  @Test
  void fleissStudies() {
    List<Proportion> smokers =
        List.of(new Proportion(83, 86), new Proportion(90, 93), new Proportion(129, 136), new Proportion(70, 82));
    TestResult rising = CochranArmitage.rising(new double[] {1, 2, 3, 4}, smokers);
    assertThat(rising.statistic() * rising.statistic()).isCloseTo(8.2249, within(1e-4));
    assertThat(rising.statistic()).isNegative();
    assertThat(2 * (1 - rising.pValue())).isCloseTo(0.004132, within(1e-6));
    TestResult falling = CochranArmitage.rising(new double[] {4, 3, 2, 1}, smokers);
    assertThat(falling.pValue()).isCloseTo(1 - rising.pValue(), within(1e-12));
  }

  @Test
  void ofTwoProportionsItIsTheScoreTest() {
    Proportion few = new Proportion(12, 40);
    Proportion many = new Proportion(25, 50);
    TestResult trend = CochranArmitage.rising(new double[] {0, 7}, List.of(few, many));
    assertThat(trend.statistic()).isCloseTo(many.scoreTestAgainst(few).statistic(), within(1e-12));
  }

  @Test
  void shiftedAndScaledScoresSayTheSame() {
    List<Proportion> shares = List.of(new Proportion(3, 20), new Proportion(9, 30), new Proportion(18, 25));
    double z = CochranArmitage.rising(new double[] {1, 2, 5}, shares).statistic();
    assertThat(CochranArmitage.rising(new double[] {-7, -4, 5}, shares).statistic()).isCloseTo(z, within(1e-12));
  }

  /** Without a trend about one of twenty is rejected at 0.05; 2000 draws, four standard deviations. */
  @Test
  void itsFalseAlarmRateIsItsLevel() {
    RandomStream stream = RandomStream.of(5, "trend");
    int rejected = 0;
    for (int draw = 0; draw < 2000; draw++) {
      List<Proportion> shares = new ArrayList<>();
      for (int group = 0; group < 5; group++) {
        int successes = 0;
        for (int trial = 0; trial < 40; trial++) {
          successes += stream.nextUniform() < 0.7 ? 1 : 0;
        }
        shares.add(new Proportion(successes, 40));
      }
      rejected += CochranArmitage.rising(new double[] {2, 3, 4, 5, 6}, shares).rejectsAt(0.05) ? 1 : 0;
    }
    assertThat(rejected).isBetween(61, 139);
  }

  @Test
  void whereAllAreAlikeThereIsNoTrend() {
    TestResult result = CochranArmitage.rising(new double[] {1, 2}, List.of(new Proportion(9, 9), new Proportion(4, 4)));
    assertThat(result.statistic()).isZero();
    assertThat(result.pValue()).isEqualTo(0.5);
  }

  @Test
  void refusals() {
    List<Proportion> two = List.of(new Proportion(1, 2), new Proportion(2, 2));
    assertThatThrownBy(() -> CochranArmitage.rising(new double[] {1}, List.of(new Proportion(1, 2))))
        .hasMessageContaining("the number of proportions is 1");
    assertThatThrownBy(() -> CochranArmitage.rising(new double[] {1, 2, 3}, two)).hasMessageContaining("the length of scores is 3");
    assertThatThrownBy(() -> CochranArmitage.rising(new double[] {2, 2}, two)).hasMessageContaining("not the same for all");
    assertThatThrownBy(() -> CochranArmitage.rising(new double[] {1, Double.NaN}, two)).isInstanceOf(IllegalArgumentException.class);
  }
}
