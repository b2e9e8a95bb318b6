package org.liftgrad.kernel;

/**
 * Elementary functions made of additions, multiplications, fused multiply-adds and one division, without
 * branches and tables: the same bits on every JDK and machine, and a loop over them is done several numbers at
 * a time by the just-in-time compiler. On a processor without fused multiply-add (x86 before 2013) the bits are
 * the same, but slowly.
 */
public final class Elementary {

  /** From here on tanh is 1 to all digits but the last. */
  private static final double SATURATION = 18.8;

  // tanh(y)/y ≈ P(y²)/Q(y²) for |y| ≤ SATURATION/8, to 2.4e-19 relative: the best approximation of these degrees,
  // by the Remez exchange in 60 digits, with P(0) and Q(0) rounded to 1.
  private static final double P1 = 0.1209671611353179191;
  private static final double P2 = 0.0016366810898620004629;
  private static final double P3 = -0.000041569808036648649415;
  private static final double P4 = -5.8875576078155814745e-7;
  private static final double P5 = -9.7666697027196298561e-10;
  private static final double P6 = 6.617356607057283974e-13;
  private static final double Q1 = 0.45430049446865124237;
  private static final double Q2 = 0.019736845912745822551;
  private static final double Q3 = -0.000067766464687799428617;
  private static final double Q4 = -6.4411051234530033918e-6;
  private static final double Q5 = -3.3296181735542540615e-8;

  private Elementary() {}

  /**
   * tanh x. Odd, at most 1 in absolute value, NaN for NaN.
   *
   * <p>tanh(x/8) as a quotient, doubled three times by tanh 2y = 2pq/(p² + q²) where tanh y = p/q: a doubling
   * never enlarges the relative error, it only adds its own roundings. The measured error is at most 5.4 units
   * in the last place, 0.6 on average; for |x| under 1e-290 it may be larger, as products then leave the range.
   */
  public static double tanh(double x) {
    double y = Math.max(-SATURATION, Math.min(SATURATION, x)) * 0.125;
    double u = y * y;
    double p =
        y
            * Math.fma(
                u, Math.fma(u, Math.fma(u, Math.fma(u, Math.fma(u, Math.fma(u, P6, P5), P4), P3), P2), P1), 1);
    double q = Math.fma(u, Math.fma(u, Math.fma(u, Math.fma(u, Math.fma(u, Q5, Q4), Q3), Q2), Q1), 1);
    double half = p * q;
    double r = half + half;
    double s = Math.fma(p, p, q * q);
    half = r * s;
    p = half + half;
    q = Math.fma(r, r, s * s);
    half = p * q;
    r = half + half;
    s = Math.fma(p, p, q * q);
    return r / s;
  }

  /**
   * tanh of many numbers, with the bits of {@link #tanh(double)}. Fastest from some 500 at a time on.
   *
   * @param in not modified, unless it is {@code out}
   * @param out overwritten from 0 on; may be the same array
   * @param count how many
   */
  public static void tanh(double[] in, double[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = tanh(in[i]);
    }
  }
}
