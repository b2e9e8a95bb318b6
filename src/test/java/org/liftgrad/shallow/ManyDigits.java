package org.liftgrad.shallow;

import static java.math.BigDecimal.ONE;
import static java.math.BigDecimal.ZERO;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The one-neuron closed form as the theory file writes it (4.3), with hyperbolic functions and nothing
 * rearranged, in so many digits that the cancellation of late times does not matter.
 */
public final class ManyDigits {

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  private final MathContext digits;
  final BigDecimal q;
  final BigDecimal s;
  final BigDecimal share;
  final BigDecimal curvature;

  /** A = p‖D‖/v(0), s(0) and τ. */
  ManyDigits(BigDecimal start, BigDecimal alignment, BigDecimal tau, MathContext digits) {
    this.digits = digits;
    BigDecimal grown = exp(tau);
    BigDecimal inverse = ONE.divide(grown, digits);
    BigDecimal sinh = grown.subtract(inverse).divide(TWO, digits);
    BigDecimal cosh = grown.add(inverse).divide(TWO, digits);
    BigDecimal sinhDouble = times(TWO, times(sinh, cosh));
    BigDecimal c = cosh.add(times(alignment, sinh));
    s = sinh.add(times(alignment, cosh)).divide(c, digits);
    BigDecimal quarter = sinhDouble.divide(BigDecimal.valueOf(4), digits);
    BigDecimal half = tau.divide(TWO, digits);
    BigDecimal integral =
        half.add(quarter)
            .add(times(alignment, times(sinh, sinh)))
            .add(times(times(alignment, alignment), quarter.subtract(half)));
    // v/(p‖D‖) = c² / (p‖D‖/v₀ + 2I).
    q = times(c, c).divide(start.add(times(TWO, integral)), digits);
    share = ONE.add(times(q, q)).subtract(times(TWO, times(q, s)));
    BigDecimal apart = s.subtract(q);
    curvature =
        times(times(TWO, q), times(TWO, times(apart, apart)).add(ONE.subtract(times(s, s)))).divide(share, digits);
  }

  private BigDecimal times(BigDecimal a, BigDecimal b) {
    return a.multiply(b, digits);
  }

  BigDecimal exp(BigDecimal x) {
    return exp(x, digits);
  }

  /** e^x = (e^{x/2^k})^{2^k}, the inner one by its series. */
  public static BigDecimal exp(BigDecimal x, MathContext digits) {
    MathContext more = new MathContext(digits.getPrecision() + 30);
    int halvings = 0;
    BigDecimal small = x;
    while (small.abs().compareTo(new BigDecimal("0.001")) > 0) {
      small = small.divide(TWO, more);
      halvings++;
    }
    BigDecimal sum = ONE;
    BigDecimal term = ONE;
    for (int k = 1; term.signum() != 0 && term.scale() - term.precision() < more.getPrecision() + 5; k++) {
      term = term.multiply(small, more).divide(BigDecimal.valueOf(k), more);
      sum = sum.add(term, more);
    }
    for (int k = 0; k < halvings; k++) {
      sum = sum.multiply(sum, more);
    }
    return sum.round(digits);
  }

  /** log x by Newton's method on exp. */
  static BigDecimal log(BigDecimal x, MathContext digits) {
    int exponent = x.precision() - x.scale();
    BigDecimal y =
        BigDecimal.valueOf(StrictMath.log(x.movePointLeft(exponent).doubleValue()) + exponent * StrictMath.log(10));
    MathContext more = new MathContext(digits.getPrecision() + 10);
    for (int correct = 14; correct < 2 * digits.getPrecision(); correct *= 2) {
      // y ← y + x e^{−y} − 1.
      y = y.add(x.multiply(exp(y.negate(), more), more).subtract(ONE), more);
    }
    return y.round(digits);
  }

  /** |value/exact − 1|. */
  static double relativeError(double value, BigDecimal exact) {
    if (exact.signum() == 0) {
      return value == 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    return new BigDecimal(value).divide(exact, new MathContext(40)).subtract(ONE).abs().doubleValue();
  }

  static BigDecimal exactly(double value) {
    return value == 0 ? ZERO : new BigDecimal(value);
  }
}
