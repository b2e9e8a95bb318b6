package org.liftgrad.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;

class LineAndBootstrapTest {

  private static final double[] ANSCOMBE_X = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
  private static final double[] ANSCOMBE_Y = {
    8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68
  };

  /** Anscombe 1973, American Statistician 27, first set, with the printed output of R's lm. */
  @Test
  void anscombesFirstSet() {
    Line line = Line.fit(ANSCOMBE_X, ANSCOMBE_Y);
    assertThat(line.slope()).isCloseTo(0.50009, within(1e-5));
    assertThat(line.intercept()).isCloseTo(3.00009, within(1e-5));
    assertThat(line.slopeError()).isCloseTo(0.1179, within(5e-5));
    assertThat(line.interceptError()).isCloseTo(1.1247, within(5e-5));
    assertThat(line.residualDeviation()).isCloseTo(1.2366, within(1e-4));
    assertThat(line.determination()).isCloseTo(0.6665, within(5e-5));
    // t with 9 degrees of freedom: 2.262157.
    assertThat(line.slopeInterval(0.95).upper()).isCloseTo(0.50009 + 2.262157 * 0.11791, within(1e-4));
    assertThat(line.interceptInterval(0.95).lower()).isCloseTo(3.00009 - 2.262157 * 1.12475, within(1e-4));
    assertThat(line.at(10)).isCloseTo(line.intercept() + 10 * line.slope(), within(1e-12));
  }

  @Test
  void aPowerLawHasItsExponent() {
    double[] x = {1e-8, 1e-4, 1, 1e5};
    double[] y = new double[4];
    for (int i = 0; i < 4; i++) {
      y[i] = 3 * StrictMath.pow(x[i], -0.75);
    }
    Line line = Line.logLog(x, y);
    assertThat(line.slope()).isCloseTo(-0.75, within(1e-13));
    assertThat(StrictMath.exp(line.intercept())).isCloseTo(3, within(1e-12));
    assertThat(Line.logarithmic(new double[] {0, 1, 2}, new double[] {1, StrictMath.E, StrictMath.exp(2)}).slope())
        .isCloseTo(1, within(1e-14));
  }

  /** 2000 fits at 95 %: all but a share of 1e-6 of such experiments count within these bounds. */
  @Test
  void studentsIntervalCoversAtItsLevel() {
    int covered = 0;
    RandomStream stream = RandomStream.of(11, "coverage");
    double[] x = {1, 2, 3, 5, 8};
    double[] y = new double[5];
    for (int run = 0; run < 2000; run++) {
      for (int i = 0; i < 5; i++) {
        y[i] = 2 - 0.5 * x[i] + stream.nextGaussian();
      }
      covered += Line.fit(x, y).slopeInterval(0.95).contains(-0.5) ? 1 : 0;
    }
    Binomial law = new Binomial(2000, 0.95);
    assertThat(covered).isBetween(law.quantile(5e-7), law.quantile(1 - 5e-7));
  }

  @Test
  void refusesWhatHasNoSlope() {
    assertThatThrownBy(() -> Line.fit(new double[] {2, 2}, new double[] {1, 3}))
        .hasMessage("x is 2.0 throughout; it must be at least two different values.");
    assertThatThrownBy(() -> Line.fit(new double[] {1}, new double[] {1})).hasMessageContaining("the number of points is 1");
    assertThatThrownBy(() -> Line.fit(new double[] {1, 2}, new double[] {1})).hasMessageContaining("the length of y is 1");
    assertThatThrownBy(() -> Line.logLog(new double[] {1, 0}, new double[] {1, 2})).hasMessageContaining("x[1] is 0.0");
    assertThatThrownBy(() -> Line.fit(new double[] {1, 2}, new double[] {1, Double.NaN})).hasMessageContaining("y[1] is NaN");
    assertThatThrownBy(() -> Line.fit(new double[] {1, 2}, new double[] {1, 2}).slopeInterval(0.9))
        .hasMessageContaining("the number of points is 2");
  }

  @Test
  void theSameSeedGivesTheSameBootstrapInterval() {
    Interval one = Bootstrap.seed(7).interval(ANSCOMBE_Y, Summary::median, 0.95);
    assertThat(Bootstrap.seed(7).interval(ANSCOMBE_Y, Summary::median, 0.95)).isEqualTo(one);
    assertThat(Bootstrap.seed(8).interval(ANSCOMBE_Y, Summary::mean, 0.95))
        .isNotEqualTo(Bootstrap.seed(7).interval(ANSCOMBE_Y, Summary::mean, 0.95));
    assertThat(Bootstrap.seed(1).interval(new double[] {3, 3, 3}, Summary::mean, 0.9))
        .isEqualTo(new Interval(3, 3, 0.9));
    assertThatThrownBy(() -> Bootstrap.seed(1).resamples(10)).hasMessageContaining("resamples is 10");
  }

  /** Of a mean, the bootstrap's interval is near the normal one: mean ± 1.96 s / √n. */
  @Test
  void ofAMeanItIsNearTheNormalInterval() {
    RandomStream stream = RandomStream.of(5, "bootstrap test");
    double[] runs = new double[200];
    for (int i = 0; i < runs.length; i++) {
      runs[i] = stream.nextExponential();
    }
    Summary summary = Summary.of(runs);
    double half = 1.96 * summary.deviation() / Math.sqrt(200);
    Interval interval = Bootstrap.seed(3).resamples(20_000).interval(runs, Summary::mean, 0.95);
    assertThat(interval.lower()).isCloseTo(summary.mean() - half, within(0.15 * half));
    assertThat(interval.upper()).isCloseTo(summary.mean() + half, within(0.15 * half));
  }

  /** 200 experiments at 95 %: fewer than 176 covered has probability below 1e-4 at true coverage 0.93. */
  @Test
  void theIntervalOfAnExponentCovers() {
    double[] sizes = {10, 20, 40, 80};
    int covered = 0;
    for (int experiment = 0; experiment < 200; experiment++) {
      RandomStream stream = RandomStream.of(21, "exponent", experiment);
      double[][] runs = new double[4][40];
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 40; j++) {
          runs[i][j] = StrictMath.pow(sizes[i], -0.5) * StrictMath.exp(0.3 * stream.nextGaussian());
        }
      }
      Interval interval =
          Bootstrap.seed(experiment).resamples(1000).logLogSlope(sizes, runs, Summary::mean, 0.95);
      covered += interval.contains(-0.5) ? 1 : 0;
      assertThat(interval.within(-0.8, -0.2)).isTrue();
    }
    assertThat(covered).isGreaterThanOrEqualTo(176);
  }

  @Test
  void slopesAndIndicesNeedTheirData() {
    double[][] runs = {{1, 1}, {2, 2}, {3, 3}};
    assertThat(Bootstrap.seed(1).slope(new double[] {1, 2, 3}, runs, Summary::mean, 0.95))
        .isEqualTo(new Interval(1, 1, 0.95));
    assertThat(Bootstrap.seed(1).ofIndices(1, places -> places[0], 0.95)).isEqualTo(new Interval(0, 0, 0.95));
    assertThatThrownBy(() -> Bootstrap.seed(1).slope(new double[] {1, 2}, runs, Summary::mean, 0.95))
        .hasMessageContaining("the length of runs is 3");
  }

  @Test
  void quantilesOfTypeSeven() {
    double[] values = {3, 1, 4, 1, 5, 9, 2, 6};
    // R: quantile(c(3,1,4,1,5,9,2,6)) gives 1.00 1.75 3.50 5.25 9.00.
    Summary summary = Summary.of(values);
    assertThat(summary.least()).isEqualTo(1);
    assertThat(summary.lowerQuartile()).isEqualTo(1.75);
    assertThat(summary.median()).isEqualTo(3.5);
    assertThat(summary.upperQuartile()).isEqualTo(5.25);
    assertThat(summary.most()).isEqualTo(9);
    assertThat(summary.mean()).isEqualTo(3.875);
    assertThat(summary.deviation()).isCloseTo(2.7483761439387144, within(1e-14));
    assertThat(values[0]).isEqualTo(3);
    assertThat(Summary.of(2).deviation()).isZero();
    assertThatThrownBy(Summary::of).hasMessageContaining("the length of values is 0");
  }
}
