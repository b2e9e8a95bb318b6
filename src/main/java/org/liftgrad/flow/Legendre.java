package org.liftgrad.flow;

/** Shifted Legendre polynomials L_0 … L_K on [0, 1], with ∫ L_k L_l = δ_kl / (2k + 1). */
final class Legendre {

  private final int count;
  /** The coefficient of τ^m in L_k, at [k][m]. */
  private final double[][] monomials;

  /** The polynomials up to a degree. */
  Legendre(int degree) {
    count = degree + 1;
    monomials = new double[count][count];
    for (int k = 0; k < count; k++) {
      double coefficient = k % 2 == 0 ? 1 : -1;
      for (int m = 0; m <= k; m++) {
        monomials[k][m] = coefficient;
        // (−1)^{k+m} C(k, m) C(k + m, m), from one m to the next.
        coefficient *= -(double) (k - m) * (k + m + 1) / ((m + 1.0) * (m + 1.0));
      }
    }
  }

  /** L_k(τ) for all k; {@code values} is modified. */
  void values(double time, double[] values) {
    values[0] = 1;
    if (count > 1) {
      values[1] = 2 * time - 1;
    }
    for (int k = 1; k + 1 < count; k++) {
      values[k + 1] = ((2 * k + 1) * (2 * time - 1) * values[k] - k * values[k - 1]) / (k + 1);
    }
  }

  /** The coefficient of σ^m in L_k(τ + σ), to [k][m]; {@code shifted} is modified. */
  void shift(double time, double[][] shifted) {
    for (int k = 0; k < count; k++) {
      double[] row = shifted[k];
      System.arraycopy(monomials[k], 0, row, 0, count);
      // Horner's scheme, one synthetic division a power.
      for (int first = 0; first < k; first++) {
        for (int m = k - 1; m >= first; m--) {
          row[m] += time * row[m + 1];
        }
      }
    }
  }

  /** Σ_k coefficients[k] shifted[k][m] for every m: a combination in powers of σ; {@code powers} is modified. */
  static void powers(double[] coefficients, double[][] shifted, double[] powers) {
    int count = coefficients.length;
    for (int m = 0; m < count; m++) {
      double sum = 0;
      for (int k = m; k < count; k++) {
        sum += coefficients[k] * shifted[k][m];
      }
      powers[m] = sum;
    }
  }
}
