package org.liftgrad.data;

import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;

/**
 * The law of an input's entries before covariance and scaling: independent, mean 0, variance 1 (on
 * the sphere: of the direction). All but {@link #studentT} are sub-Gaussian.
 */
public sealed interface InputLaw {

  /** Standard normal entries. */
  static InputLaw gaussian() {
    return new Gaussian();
  }

  /** Directions uniform on the sphere. */
  static InputLaw sphere() {
    return new Sphere();
  }

  /** Entries ±1 with equal probability. */
  static InputLaw rademacher() {
    return new Rademacher();
  }

  /**
   * Normal entries conditioned to stay within ±bound, divided by their standard deviation.
   *
   * @param bound in standard deviations of the normal law, 0.01 … 37
   */
  static InputLaw truncated(double bound) {
    return new Truncated(bound);
  }

  /**
   * Student's t entries divided by their standard deviation: the heavy-tailed control, for which the
   * concentration behind Assumption 2 is not promised.
   *
   * @param degrees degrees of freedom, above 2
   */
  static InputLaw studentT(double degrees) {
    return new StudentT(degrees);
  }

  /** Do rotations leave the law of an input unchanged? */
  default boolean rotationInvariant() {
    return this instanceof Gaussian || this instanceof Sphere;
  }

  /** An entry; for the sphere a Gaussian one, of which the direction is taken. */
  double draw(RandomStream stream);

  /** Standard normal entries. */
  record Gaussian() implements InputLaw {
    @Override
    public double draw(RandomStream stream) {
      return stream.nextGaussian();
    }

    @Override
    public String toString() {
      return "gaussian";
    }
  }

  /** Uniform directions. */
  record Sphere() implements InputLaw {
    @Override
    public double draw(RandomStream stream) {
      return stream.nextGaussian();
    }

    @Override
    public String toString() {
      return "sphere";
    }
  }

  /** Fair signs. */
  record Rademacher() implements InputLaw {
    @Override
    public double draw(RandomStream stream) {
      return stream.nextSign();
    }

    @Override
    public String toString() {
      return "rademacher";
    }
  }

  /** A truncated normal law of variance 1. */
  final class Truncated implements InputLaw {
    private final double bound;
    private final double deviation;

    private Truncated(double bound) {
      this.bound = Argument.between("bound", bound, 0.01, 37);
      this.deviation = deviation(bound);
    }

    @Override
    public double draw(RandomStream stream) {
      // Below 1.25 a uniform proposal is accepted more often than a normal one.
      double x;
      if (bound < 1.25) {
        do {
          x = stream.nextUniform(-bound, bound);
        } while (stream.nextUniform() > StrictMath.exp(-0.5 * x * x));
      } else {
        do {
          x = stream.nextGaussian();
        } while (Math.abs(x) > bound);
      }
      return x / deviation;
    }

    /**
     * Var = 1 − bφ(b)/(Φ(b) − ½) with (Φ(b) − ½)/φ(b) = b + b³/3 + b⁵/15 + …; the 1 cancels against
     * the series' first term, so that a small bound costs no digits.
     */
    private static double deviation(double bound) {
      double term = bound;
      double rest = 0;
      for (int k = 3; term > 1e-17 * (bound + rest) || k < bound * bound; k += 2) {
        term *= bound * bound / k;
        rest += term;
      }
      return Math.sqrt(rest / (bound + rest));
    }

    @Override
    public String toString() {
      return "normal truncated at " + bound;
    }
  }

  /**
   * Student's t of variance 1.
   *
   * @param degrees degrees of freedom
   */
  record StudentT(double degrees) implements InputLaw {
    /** Refuses degrees without a variance. */
    public StudentT {
      Argument.require(
          degrees > 2 && degrees < Double.POSITIVE_INFINITY, "degrees", degrees, "a finite number above 2");
    }

    @Override
    public double draw(RandomStream stream) {
      double normal = stream.nextGaussian();
      return normal * Math.sqrt((degrees - 2) / stream.nextChiSquared(degrees));
    }

    @Override
    public String toString() {
      return "student t with " + degrees + " degrees of freedom";
    }
  }
}
