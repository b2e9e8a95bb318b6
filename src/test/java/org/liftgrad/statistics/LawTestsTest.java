package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;

class LawTestsTest {

  @Test
  void twoSmallSamplesApartHaveTheExactProbability() {
    // Two of the C(6, 3) = 20 orders are as far apart.
    TestResult result = KolmogorovSmirnov.twoSamples(new double[] {1, 2, 3}, new double[] {6, 4, 5});
    assertThat(result.statistic()).isEqualTo(1);
    assertThat(result.pValue()).isCloseTo(0.1, within(1e-12));
    assertThat(KolmogorovSmirnov.twoSamples(new double[] {1, 2, 3}, new double[] {1, 2, 3}).pValue()).isEqualTo(1);
  }

  @Test
  void theStatisticIsHipparchus() {
    double[] first = sample(50, 1);
    double[] second = sample(333, 2);
    assertThat(KolmogorovSmirnov.distance(first, second))
        .isCloseTo(new KolmogorovSmirnovTest().kolmogorovSmirnovStatistic(first, second), within(1e-14));
    assertThat(KolmogorovSmirnov.distance(first, second)).isEqualTo(KolmogorovSmirnov.distance(second, first));
  }

  /** Against all C(9, 4) orders of two small samples: P(D ≥ d) at every distance there is. */
  @Test
  void theExactLawCountsOrders() {
    int n = 4;
    int m = 5;
    java.util.TreeMap<Double, Integer> distances = new java.util.TreeMap<>();
    java.util.Map<Double, Double> pValues = new java.util.HashMap<>();
    int orders = 0;
    for (int set = 0; set < 1 << (n + m); set++) {
      if (Integer.bitCount(set) != n) {
        continue;
      }
      double[] first = new double[n];
      double[] second = new double[m];
      for (int place = 0, i = 0, j = 0; place < n + m; place++) {
        if ((set >> place & 1) == 1) {
          first[i++] = place;
        } else {
          second[j++] = place;
        }
      }
      TestResult result = KolmogorovSmirnov.twoSamples(first, second);
      distances.merge(result.statistic(), 1, Integer::sum);
      pValues.put(result.statistic(), result.pValue());
      orders++;
    }
    int asFar = 0;
    for (double distance : distances.descendingKeySet()) {
      asFar += distances.get(distance);
      assertThat(pValues.get(distance)).isCloseTo((double) asFar / orders, within(1e-12));
    }
  }

  @Test
  void kolmogorovsLimit() {
    // P(√n D > 1.3581) → 0.05; n = 100,000 is near the limit.
    double[] uniform = new double[100_000];
    double shift = 1.3581 / Math.sqrt(uniform.length);
    for (int i = 0; i < uniform.length; i++) {
      uniform[i] = Math.min(1, (i + 0.5) / uniform.length * (1 - shift) + shift);
    }
    TestResult result = KolmogorovSmirnov.oneSample(uniform, x -> x);
    assertThat(result.pValue()).isCloseTo(0.05, within(2e-3));
  }

  /**
   * 1000 true hypotheses each, at level 0.01: the number of rejections leaves the bounds with
   * probability below 1e-6 (the exact test rejects less often, so it has no lower bound).
   */
  @Test
  void falseAlarmRatesAreNominal() {
    int one = 0;
    int two = 0;
    int small = 0;
    for (int run = 0; run < 1000; run++) {
      one += KolmogorovSmirnov.oneSample(sample(100, 3, run), x -> x).rejectsAt(0.01) ? 1 : 0;
      two += KolmogorovSmirnov.twoSamples(sample(150, 4, run), sample(200, 5, run)).rejectsAt(0.01) ? 1 : 0;
      small += KolmogorovSmirnov.twoSamples(sample(9, 6, run), sample(11, 7, run)).rejectsAt(0.01) ? 1 : 0;
    }
    Binomial law = new Binomial(1000, 0.01);
    int most = law.quantile(1 - 1e-6);
    assertThat(one).isBetween(1, most);
    assertThat(two).isBetween(1, most);
    assertThat(small).isLessThanOrEqualTo(most);
  }

  @Test
  void aShiftIsFound() {
    double[] first = sample(2000, 8);
    double[] second = sample(2000, 9);
    for (int i = 0; i < second.length; i++) {
      second[i] += 0.1;
    }
    assertThat(KolmogorovSmirnov.twoSamples(first, second).pValue()).isLessThan(1e-4);
    assertThat(KolmogorovSmirnov.oneSample(first, x -> x * x).pValue()).isLessThan(1e-100);
  }

  @Test
  void mendelsPeas() {
    TestResult peas =
        ChiSquared.goodnessOfFit(new double[] {9 / 16., 3 / 16., 3 / 16., 1 / 16.}, new long[] {315, 108, 101, 32});
    assertThat(peas.statistic()).isCloseTo(0.4700, within(1e-4));
    assertThat(peas.pValue()).isCloseTo(0.9254, within(1e-4));
  }

  @Test
  void chiSquaredTails() {
    assertThat(ChiSquared.tail(3.841458820694124, 1)).isCloseTo(0.05, within(1e-12));
    assertThat(ChiSquared.tail(2 * StrictMath.log(1e6), 2)).isCloseTo(1e-6, within(1e-18));
    assertThat(ChiSquared.distribution(3.841458820694124, 1)).isCloseTo(0.95, within(1e-12));
    assertThat(ChiSquared.distribution(-1, 3)).isZero();
  }

  @Test
  void independenceByHand() {
    // Σ (10 ± 5 …)²: every expected count is 15 or 10.
    TestResult result = ChiSquared.independence(new long[][] {{20, 10}, {10, 20}});
    assertThat(result.statistic()).isCloseTo(4 * 25 / 15.0, within(1e-12));
    assertThat(result.pValue()).isCloseTo(0.009823, within(1e-6));
  }

  @Test
  void refusesWhatItCannotJudge() {
    assertThatThrownBy(() -> ChiSquared.independence(new long[][] {{1, 1}, {1, 1}}))
        .hasMessage("an expected count is 1.0; it must be at least 5; join classes.");
    assertThatThrownBy(() -> ChiSquared.goodnessOfFit(new double[] {0.5, 0.6}, new long[] {50, 50}))
        .hasMessageContaining("the sum of probabilities is 1.1");
    assertThatThrownBy(() -> ChiSquared.independence(new long[][] {{10, 10}, {10}})).hasMessageContaining("row 1");
    assertThatThrownBy(() -> KolmogorovSmirnov.twoSamples(new double[] {1}, new double[] {1, 2}))
        .hasMessageContaining("the length of first is 1");
    assertThatThrownBy(() -> KolmogorovSmirnov.oneSample(new double[] {1, 2}, x -> x))
        .hasMessageContaining("distribution(2.0) is 2.0");
  }

  private static double[] sample(int count, long... keys) {
    RandomStream stream = RandomStream.of(17, "law tests", keys);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = stream.nextUniform();
    }
    return values;
  }
}
