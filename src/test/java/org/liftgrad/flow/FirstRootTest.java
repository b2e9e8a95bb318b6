package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.RandomStream;

class FirstRootTest {

  /** The coefficients of scale · Π (root − τ)/|root|, positive at 0 for positive roots. */
  private static double[][] withRoots(double... roots) {
    double[] coefficients = {1};
    for (double root : roots) {
      double[] next = new double[coefficients.length + 1];
      for (int k = 0; k < coefficients.length; k++) {
        next[k] += coefficients[k] * Math.signum(root);
        next[k + 1] -= coefficients[k] / Math.abs(root);
      }
      coefficients = next;
    }
    double[][] series = new double[coefficients.length][1];
    for (int k = 0; k < coefficients.length; k++) {
      series[k][0] = coefficients[k];
    }
    return series;
  }

  private static double first(double[][] series, double sign, double limit) {
    return FirstRoot.of(series, 0, series.length - 1, sign, limit, 0);
  }

  @Test
  void theFirstOfSeveralRootsIsFound() {
    assertThat(first(withRoots(0.7, 0.2, 0.9), 1, 1)).isCloseTo(0.2, within(1e-14));
    assertThat(first(withRoots(0.7, 0.2, 0.9), 1, 0.1)).isInfinite();
  }

  @Test
  void twoCloseRootsAreNotSteppedOver() {
    assertThat(first(withRoots(0.5, 0.5 + 1e-9), 1, 1)).isCloseTo(0.5, within(1e-8));
  }

  @Test
  void aMinimumAboveZeroIsNoRoot() {
    double[][] parabola = {{0.25 + 1e-10}, {-1}, {1}};
    assertThat(first(parabola, 1, 1)).isInfinite();
  }

  @Test
  void aStartAtZeroThatLeavesIsNoRoot() {
    double[][] leaving = {{0}, {1}, {-0.5}};
    assertThat(first(leaving, 1, 1)).isInfinite();
    assertThat(first(leaving, 1, 3)).isCloseTo(2, within(1e-14));
    double[][] tangential = {{0}, {0}, {1}, {-2}};
    assertThat(first(tangential, 1, 1)).isCloseTo(0.5, within(1e-14));
  }

  @Test
  void aStartOnTheWrongSideIsARootAtOnce() {
    assertThat(first(new double[][] {{-1e-17}, {-1}}, 1, 1)).isZero();
    assertThat(first(new double[][] {{0}, {-1}}, 1, 1)).isZero();
  }

  @Test
  void aLiftMovesTheRoot() {
    assertThat(FirstRoot.of(new double[][] {{1}, {-1}}, 0, 1, 1, 3, 0.5)).isCloseTo(1.5, within(1e-14));
    assertThat(FirstRoot.of(new double[][] {{-0.5}, {1}}, 0, 1, -1, 3, 0.25)).isCloseTo(0.75, within(1e-14));
  }

  @Test
  void zeroHasNoRoot() {
    assertThat(first(new double[][] {{0}, {0}}, 1, 1)).isInfinite();
  }

  /** 3,000 polynomials with known roots, some of them close together. */
  @Test
  void randomRootsAreFound() {
    for (long seed = 0; seed < 3000; seed++) {
      RandomStream stream = RandomStream.of(seed, "roots");
      int count = 1 + stream.nextInt(6);
      double[] roots = new double[count];
      double least = Double.POSITIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        roots[k] = stream.nextSign() * stream.nextUniform(0.05, 2);
        least = roots[k] > 0 ? Math.min(least, roots[k]) : least;
      }
      double[][] series = withRoots(roots);
      double sign = Math.signum(series[0][0]);
      double found = first(series, sign, 1);
      if (least <= 1) {
        assertThat(found).as("seed " + seed).isCloseTo(least, within(1e-6));
      } else {
        assertThat(found).as("seed " + seed).isInfinite();
      }
    }
  }
}
