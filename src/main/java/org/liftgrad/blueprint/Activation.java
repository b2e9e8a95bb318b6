package org.liftgrad.blueprint;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Elementary;

/**
 * A function σ of one number, with its derivative: the activation of a shallow network, or what a vertex of a
 * blueprint applies to each entry of its summed pre-activations. {@link Relu} and {@link LeakyRelu} have a
 * kink that the exact flow must follow; the others are differentiable and go to a stock solver.
 */
public sealed interface Activation {

  /** σ(u). */
  double value(double u);

  /** σ'(u). */
  double slope(double u);

  /** A short name for provenance and pictures. */
  String name();

  /**
   * Is σ linear on either side of a kink at 0? Then σ(u) = σ'(u) u, the exact flow applies, and
   * a_j² − ‖w_j‖² is conserved.
   */
  default boolean kinked() {
    return false;
  }

  /**
   * σ of many numbers.
   *
   * @param sums u; not modified
   * @param values overwritten with σ(u); may be the same array
   * @param count how many, from 0 on
   */
  default void apply(double[] sums, double[] values, int count) {
    for (int j = 0; j < count; j++) {
      values[j] = value(sums[j]);
    }
  }

  /**
   * σ' of many numbers.
   *
   * @param sums u; read only unless {@link #slopeFromValue()}; not modified
   * @param values σ(u); read only if {@link #slopeFromValue()}; not modified
   * @param slopes overwritten with σ'(u); may be the same array as {@code sums} or {@code values}
   * @param count how many, from 0 on
   */
  default void slopes(double[] sums, double[] values, double[] slopes, int count) {
    for (int j = 0; j < count; j++) {
      slopes[j] = slope(sums[j]);
    }
  }

  /** Is σ'(u) told by σ(u), so that {@link #slopes} does not read u? */
  default boolean slopeFromValue() {
    return false;
  }

  /** u itself. */
  static Activation identity() {
    return new Identity();
  }

  /** max(u, 0), with the indicator strict: σ'(0) = 0. */
  static Activation relu() {
    return new Relu();
  }

  /**
   * max(u, 0) + negativeSlope · min(u, 0), with σ'(0) = negativeSlope (Maas, Hannun and Ng 2013); of slope 0
   * it is {@link #relu()}.
   *
   * @param negativeSlope at least 0, under 1
   */
  static Activation leakyRelu(double negativeSlope) {
    LeakyRelu leaky = new LeakyRelu(negativeSlope);
    return negativeSlope == 0 ? relu() : leaky;
  }

  /** u^degree (Lemma 1' of the second paper). */
  static Activation monomial(int degree) {
    return new Monomial(degree, false);
  }

  /** max(u, 0)^degree, degree at least 2. */
  static Activation positiveMonomial(int degree) {
    return new Monomial(degree, true);
  }

  /** log(1 + e^u). */
  static Activation softplus() {
    return new Softplus();
  }

  /** tanh(u). */
  static Activation tanh() {
    return new Tanh();
  }

  /** u Φ(u), with Φ the standard normal distribution function, in the form with tanh (Hendrycks and Gimpel 2016). */
  static Activation gelu() {
    return new Gelu();
  }

  /** u. */
  record Identity() implements Activation {
    @Override
    public double value(double u) {
      return u;
    }

    @Override
    public double slope(double u) {
      return 1;
    }

    @Override
    public String name() {
      return "identity";
    }

    @Override
    public String toString() {
      return name();
    }

    @Override
    public void slopes(double[] sums, double[] values, double[] slopes, int count) {
      Arrays.fill(slopes, 0, count, 1);
    }

    @Override
    public boolean slopeFromValue() {
      return true;
    }
  }

  /** max(u, 0). */
  record Relu() implements Activation {
    @Override
    public double value(double u) {
      return u > 0 ? u : 0;
    }

    @Override
    public double slope(double u) {
      return u > 0 ? 1 : 0;
    }

    @Override
    public String name() {
      return "relu";
    }

    @Override
    public String toString() {
      return name();
    }

    @Override
    public void slopes(double[] sums, double[] values, double[] slopes, int count) {
      for (int j = 0; j < count; j++) {
        slopes[j] = values[j] > 0 ? 1 : 0;
      }
    }

    @Override
    public boolean slopeFromValue() {
      return true;
    }

    @Override
    public boolean kinked() {
      return true;
    }
  }

  /**
   * A rectifier that leaks.
   *
   * @param negativeSlope σ'(u) for u ≤ 0, at least 0, under 1
   */
  record LeakyRelu(double negativeSlope) implements Activation {
    /** Refuses a slope that is negative, or 1 or more, which has no kink or bends the other way. */
    public LeakyRelu {
      Argument.require(
          negativeSlope >= 0 && negativeSlope < 1, "negativeSlope", negativeSlope, "at least 0 and under 1");
    }

    @Override
    public double value(double u) {
      return u > 0 ? u : negativeSlope * u;
    }

    @Override
    public double slope(double u) {
      return u > 0 ? 1 : negativeSlope;
    }

    @Override
    public String name() {
      return "leaky relu " + negativeSlope;
    }

    @Override
    public String toString() {
      return name();
    }

    @Override
    public void slopes(double[] sums, double[] values, double[] slopes, int count) {
      // Of one sign with u, as both slopes are at least 0.
      for (int j = 0; j < count; j++) {
        slopes[j] = values[j] > 0 ? 1 : negativeSlope;
      }
    }

    @Override
    public boolean slopeFromValue() {
      return true;
    }

    @Override
    public boolean kinked() {
      return true;
    }
  }

  /**
   * A power.
   *
   * @param degree β, at least 2
   * @param positivePart whether negative u count as 0
   */
  record Monomial(int degree, boolean positivePart) implements Activation {
    /** Refuses a degree under 2. */
    public Monomial {
      Argument.atLeast("degree", degree, 2);
    }

    @Override
    public double value(double u) {
      return positivePart && u <= 0 ? 0 : power(u, degree);
    }

    @Override
    public double slope(double u) {
      return positivePart && u <= 0 ? 0 : degree * power(u, degree - 1);
    }

    @Override
    public String name() {
      return (positivePart ? "positive part to the power " : "power ") + degree;
    }

    @Override
    public String toString() {
      return name();
    }

    private static double power(double u, int exponent) {
      double product = 1;
      for (int i = 0; i < exponent; i++) {
        product *= u;
      }
      return product;
    }
  }

  /** log(1 + e^u). */
  record Softplus() implements Activation {
    @Override
    public double value(double u) {
      return Math.max(u, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(u)));
    }

    @Override
    public double slope(double u) {
      return 1 / (1 + StrictMath.exp(-u));
    }

    @Override
    public String name() {
      return "softplus";
    }

    @Override
    public String toString() {
      return name();
    }
  }

  /** tanh(u). */
  record Tanh() implements Activation {
    @Override
    public double value(double u) {
      return Elementary.tanh(u);
    }

    @Override
    public double slope(double u) {
      double t = Elementary.tanh(u);
      return 1 - t * t;
    }

    @Override
    public String name() {
      return "tanh";
    }

    @Override
    public String toString() {
      return name();
    }

    @Override
    public void apply(double[] sums, double[] values, int count) {
      Elementary.tanh(sums, values, count);
    }

    @Override
    public void slopes(double[] sums, double[] values, double[] slopes, int count) {
      for (int j = 0; j < count; j++) {
        slopes[j] = 1 - values[j] * values[j];
      }
    }

    @Override
    public boolean slopeFromValue() {
      return true;
    }
  }

  /** The tanh form of GELU. */
  record Gelu() implements Activation {
    private static final double SCALE = Math.sqrt(2 / Math.PI);
    private static final double CUBIC = 0.044715;

    @Override
    public double value(double u) {
      return 0.5 * u * (1 + Elementary.tanh(SCALE * (u + CUBIC * u * u * u)));
    }

    @Override
    public double slope(double u) {
      double t = Elementary.tanh(SCALE * (u + CUBIC * u * u * u));
      return 0.5 * (1 + t) + 0.5 * u * (1 - t * t) * SCALE * (1 + 3 * CUBIC * u * u);
    }

    @Override
    public String name() {
      return "gelu";
    }

    @Override
    public String toString() {
      return name();
    }
  }
}
