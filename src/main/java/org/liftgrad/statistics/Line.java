package org.liftgrad.statistics;

import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.regression.SimpleRegression;
import org.liftgrad.kernel.Argument;

/**
 * A straight line fitted by least squares, y = intercept + slope · x, with the standard errors of
 * equal and independent normal errors. Thin over Hipparchus' {@code SimpleRegression}; source: Draper
 * and Smith, Applied Regression Analysis, chapter 1.
 *
 * @param slope the fitted slope
 * @param intercept the fitted value at x = 0
 * @param slopeError the standard error of the slope; NaN with only two points
 * @param interceptError the standard error of the intercept; NaN with only two points
 * @param residualDeviation √(Σ residual² / (points − 2)); NaN with only two points
 * @param determination R², the share of the variance explained; NaN where all y are equal
 * @param points how many points were fitted, at least 2
 */
public record Line(
    double slope,
    double intercept,
    double slopeError,
    double interceptError,
    double residualDeviation,
    double determination,
    int points) {

  /**
   * Fits y against x.
   *
   * @param x at least two finite numbers that are not all equal
   * @param y as many finite numbers
   * @throws IllegalArgumentException for lengths that differ, fewer than two points, a number that is
   *     not finite, or equal x
   */
  public static Line fit(double[] x, double[] y) {
    Samples.sameLength("x", x, "y", y);
    Argument.atLeast("the number of points", x.length, 2);
    Argument.finite("x", x);
    Argument.finite("y", y);
    SimpleRegression regression = new SimpleRegression(true);
    for (int i = 0; i < x.length; i++) {
      regression.addData(x[i], y[i]);
    }
    double slope = regression.getSlope();
    Argument.require(!Double.isNaN(slope), "x", x[0] + " throughout", "at least two different values");
    return new Line(
        slope,
        regression.getIntercept(),
        regression.getSlopeStdErr(),
        regression.getInterceptStdErr(),
        Math.sqrt(regression.getMeanSquareError()),
        regression.getRSquare(),
        x.length);
  }

  /**
   * Fits log y against log x (natural logarithms): the slope is the exponent of a power law, and
   * exp(intercept) its factor.
   *
   * @param x at least two finite numbers above 0 that are not all equal
   * @param y as many finite numbers above 0
   * @throws IllegalArgumentException as {@link #fit}, and for a number not above 0
   */
  public static Line logLog(double[] x, double[] y) {
    return fit(Samples.logarithms("x", x), Samples.logarithms("y", y));
  }

  /**
   * Fits log y against x (natural logarithm): the slope is a rate of growth, minus the slope one of
   * decay.
   *
   * @param x at least two finite numbers that are not all equal
   * @param y as many finite numbers above 0
   * @throws IllegalArgumentException as {@link #fit}, and for a y not above 0
   */
  public static Line logarithmic(double[] x, double[] y) {
    return fit(x, Samples.logarithms("y", y));
  }

  /** The fitted y at this x (of a logarithmic fit: the logarithm). */
  public double at(double x) {
    return intercept + slope * x;
  }

  /**
   * Student's interval for the slope, with points − 2 degrees of freedom.
   *
   * @param level strictly between 0 and 1
   * @throws IllegalArgumentException for fewer than three points, or a level outside (0, 1)
   */
  public Interval slopeInterval(double level) {
    return student(slope, slopeError, level);
  }

  /**
   * Student's interval for the intercept, with points − 2 degrees of freedom.
   *
   * @param level strictly between 0 and 1
   * @throws IllegalArgumentException for fewer than three points, or a level outside (0, 1)
   */
  public Interval interceptInterval(double level) {
    return student(intercept, interceptError, level);
  }

  private Interval student(double centre, double error, double level) {
    Argument.probability("level", level);
    Argument.atLeast("the number of points", points, 3);
    double half =
        new TDistribution(points - 2).inverseCumulativeProbability(0.5 + level / 2) * error;
    return new Interval(centre - half, centre + half, level);
  }

  /** As in {@code slope 1.002 ± 0.003, intercept -0.12 (7 points, R² 0.99998)}. */
  @Override
  public String toString() {
    return "slope " + Numbers.rounded(slope, 4) + " ± " + Numbers.rounded(slopeError, 2) + ", intercept "
        + Numbers.rounded(intercept, 4) + " (" + points + " points, R² "
        + Numbers.rounded(determination, 5) + ")";
  }
}
