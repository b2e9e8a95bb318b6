package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.hipparchus.stat.interval.BinomialProportion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProportionTest {

  /** Table I of Newcombe 1998, Statistics in Medicine 17, methods 3 (score) and 5 (exact), level 95 %. */
  @ParameterizedTest
  @CsvSource({
    "81, 263, 0.2553, 0.3662, 0.2527, 0.3676",
    "15, 148, 0.0624, 0.1605, 0.0578, 0.1617",
    "0, 20, 0, 0.1611, 0, 0.1684",
    "1, 29, 0.0061, 0.1718, 0.0009, 0.1776",
  })
  void intervalsAgreeWithNewcombesTable(
      int successes, int trials, double wilsonLow, double wilsonHigh, double exactLow, double exactHigh) {
    Interval wilson = new Proportion(successes, trials).wilson(0.95);
    Interval exact = new Proportion(successes, trials).clopperPearson(0.95);
    assertThat(wilson.lower()).isCloseTo(wilsonLow, within(5e-5));
    assertThat(wilson.upper()).isCloseTo(wilsonHigh, within(5e-5));
    assertThat(exact.lower()).isCloseTo(exactLow, within(5e-5));
    assertThat(exact.upper()).isCloseTo(exactHigh, within(5e-5));
  }

  @Test
  void wilsonAgreesWithHipparchusAwayFromTheEnds() {
    for (int k = 1; k < 40; k++) {
      Interval ours = new Proportion(k, 40).wilson(0.99);
      var theirs = BinomialProportion.getWilsonScoreInterval(40, k / 40.0, 0.99);
      assertThat(ours.lower()).isCloseTo(theirs.getLowerBound(), within(1e-12));
      assertThat(ours.upper()).isCloseTo(theirs.getUpperBound(), within(1e-12));
    }
  }

  /** The ends of the exact interval are where the tail of the binomial law is half of 1 − level. */
  @Test
  void clopperPearsonInvertsTheBinomialTails() {
    for (int trials : new int[] {1, 7, 400, 10_000}) {
      for (int k : new int[] {0, 1, trials / 3, trials - 1, trials}) {
        Interval interval = new Proportion(k, trials).clopperPearson(0.999);
        if (k > 0) {
          assertThat(new Binomial(trials, interval.lower()).atLeast(k)).isCloseTo(0.0005, within(1e-9));
        } else {
          assertThat(interval.lower()).isZero();
        }
        if (k < trials) {
          assertThat(new Binomial(trials, interval.upper()).atMost(k)).isCloseTo(0.0005, within(1e-9));
        } else {
          assertThat(interval.upper()).isEqualTo(1);
        }
      }
    }
  }

  /** Computed exactly from the binomial law: no random number, no false alarm. */
  @Test
  void exactIntervalsCoverWithAtLeastTheirLevel() {
    for (double p = 0.01; p < 1; p += 0.03) {
      double truth = p;
      double covered =
          new Binomial(30, p)
              .probabilityThat(k -> new Proportion(k, 30).clopperPearson(0.95).contains(truth));
      assertThat(covered).isGreaterThanOrEqualTo(0.95 - 1e-12);
    }
  }

  @Test
  void noExceptionAmong400BoundsTheRate() {
    assertThat(new Proportion(0, 400).upperBound(0.95))
        .isCloseTo(1 - StrictMath.pow(0.05, 1 / 400.0), within(1e-13))
        .isLessThan(0.0075);
    assertThat(new Proportion(400, 400).lowerBound(0.95))
        .isCloseTo(StrictMath.pow(0.05, 1 / 400.0), within(1e-13));
    assertThat(new Proportion(3, 3).upperBound(0.95)).isEqualTo(1);
  }

  /** Newcombe's example 56/70 against 48/80, by hand from the definition. */
  @Test
  void agrestiCaffoByHand() {
    Interval interval = new Proportion(56, 70).minus(new Proportion(48, 80), 0.95);
    assertThat(interval.lower()).isCloseTo(0.0524, within(2e-4));
    assertThat(interval.upper()).isCloseTo(0.3357, within(2e-4));
  }

  @Test
  void fishersTestOnKnownTables() {
    // The lady tasting tea, and the example of one-in-twelve against eleven-in-twelve's neighbours.
    assertThat(new Proportion(3, 4).exactTestAgainst(new Proportion(1, 4)).pValue())
        .isCloseTo(34 / 70.0, within(1e-12));
    assertThat(new Proportion(1, 10).exactTestAgainst(new Proportion(11, 14)).pValue())
        .isCloseTo(0.002759, within(1e-6));
    assertThat(new Proportion(5, 5).exactTestAgainst(new Proportion(7, 7)).pValue()).isEqualTo(1);
  }

  @Test
  void scoreTestIsTheSquareRootOfChiSquared() {
    Proportion first = new Proportion(56, 70);
    Proportion second = new Proportion(48, 80);
    TestResult score = first.scoreTestAgainst(second);
    TestResult squared = ChiSquared.equalProportions(first, second);
    assertThat(score.statistic() * score.statistic()).isCloseTo(squared.statistic(), within(1e-10));
    assertThat(score.pValue()).isCloseTo(squared.pValue(), within(1e-10));
    assertThat(new Proportion(5, 5).scoreTestAgainst(new Proportion(7, 7)).pValue()).isEqualTo(1);
  }

  /** Exact false-alarm rate of Fisher's test at 5 %: at most 5 %, worked out over all outcomes. */
  @Test
  void fishersTestKeepsItsLevel() {
    for (double p : new double[] {0.05, 0.3, 0.5, 0.9}) {
      double falseAlarm = 0;
      for (int i = 0; i <= 12; i++) {
        for (int j = 0; j <= 9; j++) {
          if (new Proportion(i, 12).exactTestAgainst(new Proportion(j, 9)).rejectsAt(0.05)) {
            falseAlarm += new Binomial(12, p).exactly(i) * new Binomial(9, p).exactly(j);
          }
        }
      }
      assertThat(falseAlarm).isLessThanOrEqualTo(0.05);
    }
  }

  @Test
  void hoeffdingsBarsOfThePaper() {
    assertThat(new Proportion(40, 80).hoeffding(0.95)).isCloseTo(0.152, within(5e-4));
  }

  @Test
  void refusesNonsenseInOneSentence() {
    assertThatThrownBy(() -> new Proportion(5, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("successes is 5; it must be between 0 and trials = 4.");
    assertThatThrownBy(() -> new Proportion(0, 0)).hasMessageContaining("trials is 0");
    assertThatThrownBy(() -> new Proportion(1, 2).wilson(95)).hasMessageContaining("level is 95.0");
    assertThatThrownBy(() -> new Interval(1, 0, 0.5)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void readsWell() {
    assertThat(new Proportion(387, 400)).hasToString("387 of 400 = 0.9675");
    assertThat(new Interval(0.92541, 1, 0.95)).hasToString("[0.9254, 1] (95 %)");
  }
}
