package org.liftgrad.flow;

/**
 * The first root of a polynomial to the right of 0, found without ever stepping over one. From a
 * point where f > 0 the parabola f + f'δ − Bδ²/2, with B a bound on |f''|, lies below f, so its
 * positive root is a step that is safe; near a simple root it is Newton's step.
 */
final class FirstRoot {

  /** More steps than a root of any order met in tests needs (a triple root: some 200). */
  private static final int MOST_STEPS = 400;

  private FirstRoot() {}

  /**
   * The first root of f(τ) = lift + sign · Σ_k coefficients[k][at] τ^k in (0, limit].
   *
   * @param coefficients the coefficients, an array an order; not modified
   * @param at the place of this polynomial in those arrays
   * @param degree the highest order to use
   * @param sign 1 or −1: f is positive right of 0 unless a root is there
   * @param limit where to stop, above 0
   * @param lift what is added to f, at least 0
   * @return the root; 0 where f is negative from the start; infinite where there is none up to limit
   */
  static double of(
      double[][] coefficients, int at, int degree, double sign, double limit, double lift) {
    double constant = sign * coefficients[0][at] + lift;
    int lowest = constant == 0 ? 1 : 0;
    while (lowest > 0 && lowest <= degree && coefficients[lowest][at] == 0) {
      lowest++;
    }
    if (lowest > degree) {
      return Double.POSITIVE_INFINITY;
    }
    double first = lowest == 0 ? constant : sign * coefficients[lowest][at];
    if (first < 0) {
      return 0;
    }
    // What the other terms can take away at most, and the bound on the second derivative.
    double others = 0;
    double bend = 0;
    for (int k = degree; k > lowest; k--) {
      double size = Math.abs(coefficients[k][at]);
      int order = k - lowest;
      others = others * limit + size;
      if (order >= 2) {
        bend = bend * limit + order * (order - 1.0) * size;
      }
    }
    if (first > others * limit) {
      return Double.POSITIVE_INFINITY;
    }
    double time = 0;
    for (int step = 0; step < MOST_STEPS; step++) {
      double value = 0;
      double slope = 0;
      for (int k = degree; k >= lowest; k--) {
        slope = slope * time + value;
        value = value * time + (k == 0 ? constant : sign * coefficients[k][at]);
      }
      if (value <= 0) {
        return time;
      }
      double advance;
      if (bend == 0) {
        advance = slope < 0 ? -value / slope : Double.POSITIVE_INFINITY;
      } else {
        double root = Math.sqrt(slope * slope + 2 * bend * value);
        // Both forms are the positive root; each avoids the cancellation of the other.
        advance = slope >= 0 ? (slope + root) / bend : 2 * value / (root - slope);
      }
      double next = time + advance;
      if (next > limit) {
        return Double.POSITIVE_INFINITY;
      }
      if (next == time || advance <= 2e-16 * next) {
        return next;
      }
      time = next;
    }
    return time;
  }
}
