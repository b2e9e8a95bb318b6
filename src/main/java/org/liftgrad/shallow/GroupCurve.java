package org.liftgrad.shallow;

/**
 * One group of the group initialisation without its units: with q = v/(p‖D‖), the misalignment 1 − s and
 * τ = ‖D‖t/n the flow is q' = 2q(s − q), s' = 1 − s², and the loss is ‖D‖²/(2n) times ℓ = (1 − q)² + 2q(1 − s)
 * (weakly interacting data, 4.3; q → 1 and s → 1).
 *
 * <p>The formulas are those of the theory file, multiplied out and sorted so that no two numbers of
 * different sign meet: with E = e^{−2τ}, A = 1/q(0), P = 1 + s(0), M = 1 − s(0) and
 * N = AE + τPM·E + (1 − E)(P² + M²E)/4,
 *
 * <pre>
 *   q     = (P + ME)²/4 / N
 *   1 − q = ((A − 1)E + E(τPM + M²(1 − E)/2)) / N
 *   1 − s = 2ME / (P + ME)
 * </pre>
 *
 * <p>What leaves the range of doubles is AE, up to √n at the start, and E at the end. N and 1 − q are
 * therefore divided by the larger of AE and 1, and logarithms take over where squares of what is left
 * underflow. For q(0) ≤ 1 every figure has a relative error (a logarithm of the loss: an absolute one) of at
 * most (32 + 8τ + 4 log A) 2⁻⁵³, the rounding of A, M and τ included; tests hold that against 60 digits.
 * For q(0) &gt; 1 the difference A − 1 + τPM + … changes its sign on the way, and the loss of an unaligned group
 * keeps that accuracy where 2q(1 − s) is not the smaller term.
 *
 * @param logStart log A, the logarithm of p‖D‖/v(0)
 * @param start A, or ∞ where only its logarithm is a double
 * @param room A − 1, or ∞; negative for a neuron that starts above its target
 * @param misalignment 1 − s(0), from 0 to below 2
 */
record GroupCurve(double logStart, double start, double room, double misalignment) {

  /** Below this a product of two may have lost digits to underflow. */
  private static final double SMALL = 1e-140;

  /** From ‖D‖, p and v(0), with the digits of p‖D‖ − v(0) where the two are near each other. */
  static GroupCurve of(double neurons, double targetNorm, double squaredNorm, double misalignment) {
    double start = neurons * (targetNorm / squaredNorm);
    boolean near = start > 0.5 && start < 2;
    double room = near ? Math.fma(neurons, targetNorm, -squaredNorm) / squaredNorm : start - 1;
    return new GroupCurve(logStart(neurons, targetNorm, squaredNorm), start, room, misalignment);
  }

  /** From d = ‖D‖/√n, log n and √n, which may be ∞: A = (p d/v(0)) √n. */
  static GroupCurve ofRelative(
      double neurons,
      double relativeTarget,
      double squaredNorm,
      double misalignment,
      double logPoints,
      double rootPoints) {
    double logStart = logStart(neurons, relativeTarget, squaredNorm) + logPoints / 2;
    double start = neurons * (relativeTarget / squaredNorm) * rootPoints;
    return new GroupCurve(logStart, start, start - 1, misalignment);
  }

  private static double logStart(double neurons, double target, double squaredNorm) {
    return StrictMath.log(neurons) + StrictMath.log(target) - StrictMath.log(squaredNorm);
  }

  boolean aligned() {
    return misalignment == 0;
  }

  /** The state at τ ≥ 0. */
  At at(double tau) {
    return new At(this, tau);
  }

  /** All figures at one τ. */
  static final class At {
    private final GroupCurve curve;
    private final double tau;
    /** E. */
    private final double e;
    /** P + ME. */
    private final double sum;
    /** τPM + M²(1 − E)/2: how far the detour of an unaligned neuron holds it back. */
    private final double detour;
    /** N over the larger of AE and 1. */
    private final double denominator;
    /** (1 − q) N over the same. */
    private final double numerator;
    private final double q;
    private final double misalignment;

    private At(GroupCurve curve, double tau) {
      this.curve = curve;
      this.tau = tau;
      double m = curve.misalignment;
      double plus = 2 - m;
      e = StrictMath.exp(-2 * tau);
      double fallen = -StrictMath.expm1(-2 * tau);
      sum = plus + m * e;
      double product = tau * plus * m;
      detour = product + m * m * fallen / 2;
      double startLeft = startLeft();
      // 1 over the larger of AE and 1.
      double unit = startLeft > 1 ? 1 / startLeft : 1;
      double grown = (e == 0 ? 0 : e * product) + fallen * (plus * plus + m * m * e) / 4;
      denominator = (startLeft > 1 ? 1 : startLeft) + unit * grown;
      numerator = roomLeft(startLeft, unit) + (e == 0 ? 0 : unit * e * detour);
      q = unit * sum * sum / 4 / denominator;
      misalignment = 2 * m * e / sum;
    }

    /** AE, infinite where it is beyond a double. */
    private double startLeft() {
      if (curve.start == Double.POSITIVE_INFINITY) {
        return StrictMath.exp(curve.logStart - 2 * tau);
      }
      // In two steps, as E alone may be 0 where AE is not.
      double half = StrictMath.exp(-tau);
      return curve.start * half * half;
    }

    /** (A − 1)E over the larger of AE and 1. */
    private double roomLeft(double startLeft, double unit) {
      if (curve.start == Double.POSITIVE_INFINITY) {
        return startLeft > 1 ? 1 : startLeft;
      }
      if (startLeft > 1) {
        return curve.room / curve.start;
      }
      double half = StrictMath.exp(-tau);
      return unit * (curve.room * half * half);
    }

    /** q = v/(p‖D‖). */
    double q() {
      return q;
    }

    /** 1 − s. */
    double misalignment() {
      return misalignment;
    }

    /** 1 − q. */
    private double gap() {
      return numerator / denominator;
    }

    /** ℓ; 0 where it underflows. */
    double share() {
      return gap() * gap() + 2 * q * misalignment;
    }

    /** log ℓ, also where ℓ underflows; −∞ for a start that is at its target. */
    double logShare() {
      double share = share();
      if (share > SMALL) {
        return StrictMath.log(share);
      }
      double square = 2 * logGap();
      double turn = StrictMath.log(2 * q) + logMisalignment();
      double larger = Math.max(square, turn);
      return larger == Double.NEGATIVE_INFINITY
          ? larger
          : larger + StrictMath.log1p(StrictMath.exp(Math.min(square, turn) - larger));
    }

    private double logGap() {
      if (Math.abs(numerator) > SMALL) {
        return StrictMath.log(Math.abs(gap()));
      }
      // Late: AE is below 1, and the common factor E comes out.
      double logNumerator =
          curve.start == Double.POSITIVE_INFINITY
              ? curve.logStart
              : StrictMath.log(Math.abs(curve.room + detour));
      return logNumerator - 2 * tau - StrictMath.log(denominator);
    }

    private double logMisalignment() {
      return StrictMath.log(2 * curve.misalignment / sum) - 2 * tau;
    }

    /**
     * −d log ℓ/dτ = 2q (2(s − q)² + 1 − s²)/ℓ. Both terms of ℓ fall to 0 at their own pace, so it is
     * written in the ratio ρ = (1 − q)²/(1 − s).
     */
    double curvature() {
      if (curve.aligned()) {
        return 4 * q;
      }
      double gap = gap();
      double ratio =
          Math.abs(gap) > SMALL && misalignment > SMALL
              ? gap * gap / misalignment
              : StrictMath.exp(2 * logGap() - logMisalignment());
      double slower = 2 * (misalignment - 2 * gap) + (2 - misalignment);
      return ratio > 1
          ? 2 * q * (2 + slower / ratio) / (1 + 2 * q / ratio)
          : 2 * q * (2 * ratio + slower) / (ratio + 2 * q);
    }
  }

  /**
   * τ at which a fraction of ℓ(0) is left: closed for an aligned start below its target, else the root of
   * the decreasing log ℓ, to the last bit.
   *
   * @param fraction strictly between 0 and 1
   */
  double timeOfRemaining(double fraction) {
    if (aligned() && room > 0) {
      double root = Math.sqrt(fraction);
      // q(τ)/q(0) = 1 + (A − 1)(1 − √ε), and e^{2τ} is that over √ε.
      double learned = (1 - fraction) / (1 + root);
      double logGrowth =
          start == Double.POSITIVE_INFINITY
              ? logStart + StrictMath.log(learned)
              : StrictMath.log1p(room * learned);
      return (logGrowth - StrictMath.log(fraction) / 2) / 2;
    }
    double goal = at(0).logShare() + StrictMath.log(fraction);
    double low = 0;
    double high = 1;
    while (at(high).logShare() > goal) {
      low = high;
      high *= 2;
    }
    while (true) {
      double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) {
        return high;
      }
      if (at(middle).logShare() > goal) {
        low = middle;
      } else {
        high = middle;
      }
    }
  }
}
