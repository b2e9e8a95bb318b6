package org.liftgrad.data;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The least and the most of some positive numbers, as C_x^± and C_y^± of the paper (weakly
 * interacting data, section 1).
 *
 * @param least at least 0
 * @param most at least {@code least}
 */
public record Bounds(double least, double most) {

  /** Refuses bounds in the wrong order, negative or not finite ones. */
  public Bounds {
    Argument.notNegative("least", least);
    Argument.notNegative("most", most);
    Argument.require(most >= least, "most", most, "at least the lower bound " + least);
  }

  /** The bounds of the magnitudes of some numbers. */
  static Bounds ofMagnitudes(double[] values) {
    double least = Arrays.stream(values).map(Math::abs).min().orElseThrow();
    double most = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    return new Bounds(least, most);
  }

  @Override
  public String toString() {
    return Numbers.rounded(least, 4) + " to " + Numbers.rounded(most, 4);
  }
}
