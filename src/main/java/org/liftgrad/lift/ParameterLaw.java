package org.liftgrad.lift;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.hipparchus.special.Erf;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.statistics.Numbers;

/**
 * The law of an entry of a weight; all entries of all weights over an edge of the blueprint are independent. The
 * theorem asks for full support, mass on every ball: a normal law has it, a uniform one on its interval, one with atoms
 * at its atoms only, one with a {@linkplain #outside hole} nowhere in the hole.
 *
 * <p>Source: Random Sparse Lifts, definition 4.2.
 */
public sealed interface ParameterLaw {

  /** An entry. */
  double draw(RandomStream stream);

  /**
   * The probability of the closed interval [low, high].
   *
   * @param low at most {@code high}
   */
  double mass(double low, double high);

  /** Always 0. */
  static ParameterLaw zero() {
    return new Atoms(new double[] {0});
  }

  /**
   * Normal of mean 0.
   *
   * @param deviation the standard deviation, above 0
   */
  static ParameterLaw normal(double deviation) {
    return new Normal(deviation);
  }

  /** Uniform on (low, high). */
  static ParameterLaw uniform(double low, double high) {
    return new Uniform(low, high);
  }

  /**
   * Each of these values with the same probability.
   *
   * @param values at least one, finite; one that is given twice counts twice
   */
  static ParameterLaw atoms(double... values) {
    return new Atoms(values);
  }

  /**
   * This law on the condition that the entry is not strictly between two numbers: the interval becomes a hole, and
   * a witness with a weight inside is never met.
   *
   * @param low minus infinity or finite
   * @param high above {@code low}
   */
  default ParameterLaw outside(double low, double high) {
    return new Outside(this, low, high);
  }

  /**
   * Normal of mean 0.
   *
   * @param deviation the standard deviation
   */
  record Normal(double deviation) implements ParameterLaw {
    /** Refuses a deviation of 0 or less. */
    public Normal {
      Argument.positive("the standard deviation of weights", deviation);
    }

    @Override
    public double draw(RandomStream stream) {
      return deviation * stream.nextGaussian();
    }

    @Override
    public double mass(double low, double high) {
      double scale = deviation * Math.sqrt(2);
      // On one side of 0 as a difference of tails, which keeps its digits far out.
      if (low > 0) {
        return 0.5 * (Erf.erfc(low / scale) - Erf.erfc(high / scale));
      }
      return high < 0 ? mass(-high, -low) : 0.5 * (Erf.erf(high / scale) - Erf.erf(low / scale));
    }

    @Override
    public String toString() {
      return "normal of standard deviation " + Numbers.rounded(deviation, 4);
    }
  }

  /**
   * Uniform.
   *
   * @param low the least
   * @param high the most, above {@code low}
   */
  record Uniform(double low, double high) implements ParameterLaw {
    /** Refuses an empty interval. */
    public Uniform {
      Argument.finite("the least weight", low);
      Argument.finite("the largest weight", high);
      Argument.require(low < high, "the largest weight", high, "above the least, " + low);
    }

    @Override
    public double draw(RandomStream stream) {
      return stream.nextUniform(low, high);
    }

    @Override
    public double mass(double low, double high) {
      return Math.max(0, Math.min(high, this.high) - Math.max(low, this.low)) / (this.high - this.low);
    }

    @Override
    public String toString() {
      return "uniform on (" + Numbers.rounded(low, 4) + ", " + Numbers.rounded(high, 4) + ")";
    }
  }

  /** Finitely many values, equally likely. */
  final class Atoms implements ParameterLaw {
    private final double[] values;

    private Atoms(double[] values) {
      Argument.atLeast("the number of atoms", values.length, 1);
      this.values = Argument.finite("atoms", values.clone());
    }

    /** The values; a copy. */
    public double[] values() {
      return values.clone();
    }

    @Override
    public double draw(RandomStream stream) {
      return values.length == 1 ? values[0] : values[stream.nextInt(values.length)];
    }

    @Override
    public double mass(double low, double high) {
      long inside = Arrays.stream(values).filter(value -> value >= low && value <= high).count();
      return (double) inside / values.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Atoms atoms && Arrays.equals(values, atoms.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
      String list =
          Arrays.stream(values).mapToObj(value -> Numbers.rounded(value, 4)).collect(Collectors.joining(", "));
      return values.length == 1 ? "always " + list : "uniform on {" + list + "}";
    }
  }

  /**
   * A law with a hole.
   *
   * @param law without it
   * @param low where the hole begins
   * @param high where it ends
   */
  record Outside(ParameterLaw law, double low, double high) implements ParameterLaw {

    /** Under this share of the law left, drawing until an entry is outside would take too long. */
    private static final double LEAST_LEFT = 1e-3;

    /** Refuses an empty hole, and one that leaves less than a thousandth of the law. */
    public Outside {
      Argument.require(low < high, "the end of the hole", high, "above its beginning, " + low);
      double left = 1 - inHole(law, low, high, low, high);
      Argument.require(
          left >= LEAST_LEFT, "the probability outside the hole", Numbers.rounded(left, 4), "at least " + LEAST_LEFT);
    }

    /** The mass of what [from, to] and the hole have in common; the ends of the hole do not belong to it. */
    private static double inHole(ParameterLaw law, double low, double high, double from, double to) {
      double left = Math.max(from, Math.nextUp(low));
      double right = Math.min(to, Math.nextDown(high));
      return left <= right ? law.mass(left, right) : 0;
    }

    private double inHole(double from, double to) {
      return inHole(law, low, high, from, to);
    }

    @Override
    public double draw(RandomStream stream) {
      while (true) {
        double drawn = law.draw(stream);
        if (drawn <= low || drawn >= high) {
          return drawn;
        }
      }
    }

    @Override
    public double mass(double low, double high) {
      return Math.max(0, law.mass(low, high) - inHole(low, high)) / (1 - inHole(this.low, this.high));
    }

    @Override
    public String toString() {
      return law + " outside (" + Numbers.rounded(low, 4) + ", " + Numbers.rounded(high, 4) + ")";
    }
  }
}
