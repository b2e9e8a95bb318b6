package org.liftgrad.statistics;

import java.util.function.DoubleUnaryOperator;
import org.hipparchus.stat.inference.KolmogorovSmirnovTest;
import org.hipparchus.util.CombinatoricsUtils;
import org.liftgrad.kernel.Argument;

/**
 * Whether samples come from one law, by the largest distance between distribution functions. The
 * distributions of the statistic are Hipparchus': exact for two small samples, Kolmogorov's limit for
 * large ones (n·m of 10,000 and more), and for one sample Marsaglia, Tsang and Wang (2003) or Pelz and
 * Good (1976).
 *
 * <p>Both tests are two-sided. Ties make them conservative; no random number breaks them.
 */
public final class KolmogorovSmirnov {

  private static final int EXACT_BELOW = 10_000;
  private static final KolmogorovSmirnovTest LAW = new KolmogorovSmirnovTest(1L);

  private KolmogorovSmirnov() {}

  /**
   * Whether two samples come from one law.
   *
   * @param first at least two finite numbers; left as they were
   * @param second at least two finite numbers; left as they were
   * @return the largest distance between the two empirical distribution functions, and P(D ≥ it)
   */
  public static TestResult twoSamples(double[] first, double[] second) {
    Argument.atLeast("the length of first", first.length, 2);
    Argument.atLeast("the length of second", second.length, 2);
    double distance = distance(first, second);
    int n = first.length;
    int m = second.length;
    double pValue;
    if (distance == 1) {
      // Hipparchus answers 0 here; all of one sample lies below all of the other in two orders.
      pValue = 2 / CombinatoricsUtils.binomialCoefficientDouble(n + m, n);
    } else if ((long) n * m < EXACT_BELOW) {
      pValue = LAW.exactP(distance, n, m, false);
    } else {
      double size = (double) n * m / ((double) n + m);
      pValue = Math.min(LAW.approximateP(distance, n, m), tail(distance, size));
    }
    return new TestResult("Kolmogorov–Smirnov, two samples", distance, clip(pValue));
  }

  /**
   * The largest distance between two empirical distribution functions, in [0, 1].
   *
   * @param first at least one finite number; left as they were
   * @param second at least one finite number; left as they were
   */
  public static double distance(double[] first, double[] second) {
    double[] x = Samples.sorted(Samples.notEmpty("first", first));
    double[] y = Samples.sorted(Samples.notEmpty("second", second));
    int i = 0;
    int j = 0;
    // In whole numbers, so that equal distances are equal whatever the order of the samples.
    long most = 0;
    while (i < x.length && j < y.length) {
      double value = Math.min(x[i], y[j]);
      while (i < x.length && x[i] == value) {
        i++;
      }
      while (j < y.length && y[j] == value) {
        j++;
      }
      most = Math.max(most, Math.abs((long) i * y.length - (long) j * x.length));
    }
    return (double) most / ((double) x.length * y.length);
  }

  /**
   * Whether a sample comes from a law with a continuous distribution function.
   *
   * @param sample at least two finite numbers; left as they were
   * @param distribution x ↦ P(X ≤ x), in [0, 1]
   * @return the largest distance between the empirical and the given function, and P(D ≥ it)
   */
  public static TestResult oneSample(double[] sample, DoubleUnaryOperator distribution) {
    Argument.atLeast("the length of sample", sample.length, 2);
    double[] sorted = Samples.sorted(Argument.finite("sample", sample));
    int n = sorted.length;
    double most = 0;
    for (int i = 0; i < n; i++) {
      double expected =
          Argument.between("distribution(" + sorted[i] + ")", distribution.applyAsDouble(sorted[i]), 0, 1);
      most = Math.max(most, Math.max(expected - (double) i / n, (i + 1.0) / n - expected));
    }
    double pValue = Math.min(1 - LAW.cdf(most, n), tail(most, n));
    return new TestResult("Kolmogorov–Smirnov, one sample", most, clip(pValue));
  }

  /**
   * 2 exp(−2 n D²), the leading term of Kolmogorov's tail and, for one sample, a bound on it at any n
   * (Massart 1990, Annals of Probability 18): where p is small, one minus a distribution function has
   * no digits left.
   */
  private static double tail(double distance, double size) {
    return 2 * StrictMath.exp(-2 * size * distance * distance);
  }

  private static double clip(double pValue) {
    return Math.max(0, Math.min(1, pValue));
  }
}
