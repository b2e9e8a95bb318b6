package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;

/** Logistic curves against closed forms, their own equations and repeated draws from a known truth. */
class LogisticTest {

  private static List<Proportion> of(int trials, int... successes) {
    List<Proportion> proportions = new ArrayList<>();
    for (int each : successes) {
      proportions.add(new Proportion(each, trials));
    }
    return proportions;
  }

  @Test
  void aCurveThroughTwoPointsMeetsBoth() {
    // log odds −log 3 at 2 and log 4 at 5.
    Logistic curve = Logistic.fit(new double[] {2, 5}, List.of(new Proportion(5, 20), new Proportion(8, 10)));
    assertThat(curve.slope()).isCloseTo(Math.log(12) / 3, within(1e-9));
    assertThat(curve.probability(2)).isCloseTo(0.25, within(1e-9));
    assertThat(curve.probability(5)).isCloseTo(0.8, within(1e-9));
    assertThat(curve.threshold(0.25)).isCloseTo(2, within(1e-8));
    assertThat(curve.threshold(0.8)).isCloseTo(5, within(1e-8));
    assertThat(curve.separated()).isFalse();
  }

  @Test
  void theScoresOfTheFitAreZero() {
    for (int seed = 0; seed < 50; seed++) {
      RandomStream stream = RandomStream.of(seed, "scores");
      double[] x = new double[6];
      List<Proportion> runs = new ArrayList<>();
      for (int i = 0; i < x.length; i++) {
        x[i] = stream.nextUniform(-1e3, 1e5);
        runs.add(new Proportion(1 + stream.nextInt(18), 20));
      }
      Logistic curve = Logistic.fit(x, runs);
      double score = 0;
      double scoreX = 0;
      for (int i = 0; i < x.length; i++) {
        double rest = runs.get(i).successes() - 20 * curve.probability(x[i]);
        score += rest;
        scoreX += rest * x[i] / 1e5;
      }
      assertThat(score).as("seed %d", seed).isCloseTo(0, within(1e-6));
      assertThat(scoreX).as("seed %d", seed).isCloseTo(0, within(1e-6));
    }
  }

  @Test
  void theIntervalMovesAndGrowsWithTheUnitOfX() {
    List<Proportion> runs = of(20, 1, 4, 11, 17, 20);
    double[] x = {1, 2, 3, 4, 5};
    double[] other = {-995, -990, -985, -980, -975};
    Interval here = Logistic.fit(x, runs).thresholdInterval(0.9, 0.95);
    Interval there = Logistic.fit(other, runs).thresholdInterval(0.9, 0.95);
    assertThat(there.lower()).isCloseTo(5 * here.lower() - 1000, within(1e-6));
    assertThat(there.upper()).isCloseTo(5 * here.upper() - 1000, within(1e-6));
    assertThat(here.contains(Logistic.fit(x, runs).threshold(0.9))).isTrue();
  }

  @Test
  void aFallingCurveIsARisingOneSeenFromTheOtherSide() {
    double[] x = {1, 2, 3, 4, 5};
    double[] mirrored = {-1, -2, -3, -4, -5};
    List<Proportion> runs = of(20, 2, 4, 11, 17, 19);
    Interval rising = Logistic.fit(x, runs).thresholdInterval(0.8, 0.95);
    Interval falling = Logistic.fit(mirrored, runs).thresholdInterval(0.8, 0.95);
    assertThat(Logistic.fit(mirrored, runs).slope()).isNegative();
    assertThat(falling.lower()).isCloseTo(-rising.upper(), within(1e-7));
    assertThat(falling.upper()).isCloseTo(-rising.lower(), within(1e-7));
  }

  @Test
  void aJumpHasItsThresholdInTheGapAndAnIntervalAroundIt() {
    Logistic jump = Logistic.fit(new double[] {1, 2, 4, 8}, of(20, 0, 0, 20, 20));
    assertThat(jump.separated()).isTrue();
    assertThat(jump.threshold(0.95)).isEqualTo(3);
    assertThat(jump.probability(2.9)).isZero();
    assertThat(jump.probability(3.1)).isEqualTo(1);
    // Beyond the gap a curve would give 20 alike outcomes at most one half each.
    Interval interval = jump.thresholdInterval(0.5, 0.95);
    assertThat(interval.lower()).isCloseTo(2, within(1e-8));
    assertThat(interval.upper()).isCloseTo(4, within(1e-8));
    // Three in a row may well come out alike at a probability of 0.6: −log 0.6³ < 1.92.
    Interval few = Logistic.fit(new double[] {1, 2, 4, 8}, of(3, 0, 0, 3, 3)).thresholdInterval(0.6, 0.95);
    assertThat(few.upper()).isGreaterThan(4);

    // One x with both outcomes: every curve through its share there is steep without end.
    Logistic touching = Logistic.fit(new double[] {1, 2, 3}, of(20, 0, 5, 20));
    assertThat(touching.separated()).isTrue();
    assertThat(touching.threshold(0.5)).isEqualTo(2);
    assertThat(touching.thresholdInterval(0.25, 0.95).contains(2)).isTrue();
    assertThat(Logistic.fit(new double[] {1, 2, 3}, of(20, 20, 20, 0)).slope()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void whereTheRunsHardlyShowASlopeAnEndIsInfinite() {
    Interval interval = Logistic.fit(new double[] {1, 2, 3}, of(20, 9, 10, 11)).thresholdInterval(0.95, 0.95);
    assertThat(interval.upper()).isInfinite();
  }

  /**
   * 1500 draws from a known curve; the interval is to cover the true threshold with probability 0.95, asymptotically.
   * The test fails when the count is outside what a probability between 0.93 and 0.97 gives but once in 10⁴.
   */
  @Test
  void theIntervalCoversAsOftenAsItSays() {
    double[] x = {2, 4, 6, 8, 10, 12};
    int draws = 1500;
    for (double probability : new double[] {0.5, 0.9}) {
      double truth = 7 + (Math.log(probability) - Math.log(1 - probability)) / 0.7;
      int covered = 0;
      for (int draw = 0; draw < draws; draw++) {
        RandomStream stream = RandomStream.of(3, "coverage", Math.round(100 * probability), draw);
        List<Proportion> runs = new ArrayList<>();
        for (double at : x) {
          int successes = 0;
          for (int k = 0; k < 30; k++) {
            successes += stream.nextUniform() < 1 / (1 + StrictMath.exp(-0.7 * (at - 7))) ? 1 : 0;
          }
          runs.add(new Proportion(successes, 30));
        }
        covered += Logistic.fit(x, runs).thresholdInterval(probability, 0.95).contains(truth) ? 1 : 0;
      }
      assertThat(new Binomial(draws, 0.93).atMost(covered)).as("%d of %d at %s", covered, draws, probability).isGreaterThan(1e-4);
      assertThat(new Binomial(draws, 0.97).atLeast(covered)).as("%d of %d at %s", covered, draws, probability).isGreaterThan(1e-4);
    }
  }

  @Test
  void whatCannotBeFittedIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Logistic.fit(new double[] {1, 2}, of(5, 0, 0)))
        .withMessage("the number of successes is 0 of 10; it must be neither none nor all: a threshold lies between.");
    assertThatIllegalArgumentException().isThrownBy(() -> Logistic.fit(new double[] {1, 1}, of(5, 1, 2)))
        .withMessageContaining("x is 1.0 throughout");
    assertThatIllegalArgumentException().isThrownBy(() -> Logistic.fit(new double[] {1}, of(5, 1, 2)));
    assertThatIllegalArgumentException().isThrownBy(() -> Logistic.fit(new double[] {1, Double.NaN}, of(5, 1, 2)));
    Logistic curve = Logistic.fit(new double[] {1, 2, 3}, of(5, 1, 2, 3));
    assertThatIllegalArgumentException().isThrownBy(() -> curve.threshold(1));
    assertThatIllegalArgumentException().isThrownBy(() -> curve.thresholdInterval(0.5, 0));
  }
}
