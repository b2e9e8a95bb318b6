package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import org.hipparchus.special.Erf;

/** What the rule of so many standard errors comes to under a normal law. */
final class StandardErrors {

  /** The file's: within three. */
  static final double ALLOWED = 3;

  private StandardErrors() {}

  /** The probability that a normal number is outside [low, high]. */
  static double outside(double low, double high, double mean, double deviation) {
    if (deviation == 0) {
      return mean >= low && mean <= high ? 0 : 1;
    }
    double scale = deviation * Math.sqrt(2);
    return 0.5 * (Erf.erfc((mean - low) / scale) + Erf.erfc((high - mean) / scale));
  }

  /** Of a slope fitted to points with these deviations, where they are independent. */
  static double ofSlope(double[] x, double[] deviations) {
    double mean = Arrays.stream(x).average().orElseThrow();
    double spread = Arrays.stream(x).map(at -> (at - mean) * (at - mean)).sum();
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      sum += (x[k] - mean) * (x[k] - mean) * deviations[k] * deviations[k];
    }
    return spread == 0 ? Double.POSITIVE_INFINITY : Math.sqrt(sum) / spread;
  }
}
