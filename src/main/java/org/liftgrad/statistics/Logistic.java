package org.liftgrad.statistics;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.liftgrad.kernel.Argument;

/**
 * A logistic curve fitted to proportions by maximum likelihood: P(success at x) = 1 / (1 + exp(−(intercept + slope·x))),
 * and where it crosses a probability: a threshold with its interval (McCullagh and Nelder, Generalized Linear Models,
 * chapter 4).
 *
 * <pre>{@code
 * Logistic curve = Logistic.fit(widths, converged);
 * curve.threshold(0.95)                     // the width at which 95 % converge
 * curve.thresholdInterval(0.95, 0.95)       // by the likelihood ratio
 * }</pre>
 *
 * <p>Where all failures lie on one side and all successes on the other, the likelihood grows with the slope without
 * end, and no curve is the best one. The curve is then a jump ({@link #separated}), the threshold the middle of the gap,
 * and the interval still means what it says: it is made of likelihood ratios, not of a standard error.
 */
public final class Logistic {

  private static final int MOST_STEPS = 200;
  private static final double PRECISION = 1e-10;

  private final double[] x;
  private final List<Proportion> successes;
  private final double intercept;
  private final double slope;
  private final double likelihood;
  private final boolean separated;
  private final double jump;
  /** x is measured from here, in this unit, while it is computed with. */
  private final double centre;
  private final double unit;

  private Logistic(double[] x, List<Proportion> successes) {
    this.x = x;
    this.successes = successes;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double value : x) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    centre = least / 2 + most / 2;
    unit = most / 2 - least / 2;
    Gap gap = Gap.of(x, successes);
    separated = gap.separated();
    if (separated) {
      slope = gap.rising() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      intercept = Double.NaN;
      jump = gap.middle();
      likelihood = limitLikelihood(gap);
    } else {
      double[] fitted = newton();
      slope = fitted[1] / unit;
      intercept = fitted[0] - slope * centre;
      jump = Double.NaN;
      likelihood = likelihood(fitted[0], fitted[1]);
    }
  }

  /**
   * Fits a curve.
   *
   * @param x where, at least two different finite numbers
   * @param successes one proportion for each x; of all trials together some must have succeeded and some failed
   * @throws IllegalArgumentException for lengths that differ, equal x, or trials that all came out alike
   */
  public static Logistic fit(double[] x, List<Proportion> successes) {
    Argument.require(successes.size() == x.length, "the number of proportions", successes.size(), "that of x = " + x.length);
    Argument.finite("x", x);
    boolean different = false;
    long good = 0;
    long trials = 0;
    for (int i = 0; i < x.length; i++) {
      different |= x[i] != x[0];
      good += successes.get(i).successes();
      trials += successes.get(i).trials();
    }
    Argument.require(different, "x", x.length == 0 ? "empty" : x[0] + " throughout", "at least two different values");
    Argument.require(
        good > 0 && good < trials, "the number of successes", good + " of " + trials,
        "neither none nor all: a threshold lies between");
    return new Logistic(x.clone(), List.copyOf(successes));
  }

  /** The slope; infinite where the curve is a jump. */
  public double slope() {
    return slope;
  }

  /** The logarithm of the odds at x = 0; NaN where the curve is a jump. */
  public double intercept() {
    return intercept;
  }

  /** Do all failures lie on one side and all successes on the other, with at most one x that has both? */
  public boolean separated() {
    return separated;
  }

  /** The fitted probability at an x. */
  public double probability(double at) {
    if (separated) {
      return at == jump ? 0.5 : at > jump == slope > 0 ? 1 : 0;
    }
    return 1 / (1 + StrictMath.exp(-(intercept + slope * at)));
  }

  /**
   * The x at which the curve crosses a probability; the middle of the gap where the curve is a jump.
   *
   * @param probability strictly between 0 and 1
   */
  public double threshold(double probability) {
    double logit = logit(probability);
    return separated ? jump : (logit - intercept) / slope;
  }

  /**
   * The interval of the threshold by the likelihood ratio: all x₀ for which the best curve of the same direction that
   * crosses the probability there is not much less likely than the best of all, by half a quantile of χ² with one
   * degree of freedom. Its confidence is close to the level where there are some tens of trials around the threshold.
   * An end is infinite where the data do not bound it, which is so where they hardly show a slope.
   *
   * @param probability strictly between 0 and 1
   * @param level strictly between 0 and 1
   */
  public Interval thresholdInterval(double probability, double level) {
    double logit = logit(probability);
    double z = new NormalDistribution().inverseCumulativeProbability(0.5 + Argument.probability("level", level) / 2);
    double allowed = likelihood - z * z / 2;
    double from = ((separated ? jump : threshold(probability)) - centre) / unit;
    DoubleUnaryOperator excess = at -> profile(at, logit) - allowed;
    double lower = end(excess, from, -1);
    double upper = end(excess, from, 1);
    return new Interval(centre + unit * lower, centre + unit * upper, level);
  }

  /** Goes outwards in growing steps to where the likelihood is too small, and then closes in. */
  private static double end(DoubleUnaryOperator excess, double from, int direction) {
    double inside = from;
    double step = 0.125;
    double outside = from + direction * step;
    while (excess.applyAsDouble(outside) >= 0) {
      inside = outside;
      step *= 2;
      outside = from + direction * step;
      if (step > 1e9) {
        return direction * Double.POSITIVE_INFINITY;
      }
    }
    for (int k = 0; k < MOST_STEPS && Math.abs(outside - inside) > PRECISION * (1 + Math.abs(inside)); k++) {
      double middle = inside / 2 + outside / 2;
      if (excess.applyAsDouble(middle) >= 0) {
        inside = middle;
      } else {
        outside = middle;
      }
    }
    return inside / 2 + outside / 2;
  }

  // ---------------------------------------------------------------- likelihood

  private static double logit(double probability) {
    Argument.probability("probability", probability);
    return StrictMath.log(probability) - StrictMath.log1p(-probability);
  }

  /** x in units of its own spread, from its middle. */
  private double scaled(int i) {
    return (x[i] - centre) / unit;
  }

  /** The logarithm of the likelihood of a curve in scaled x. */
  private double likelihood(double a, double b) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += term(successes.get(i), a + b * scaled(i));
    }
    return sum;
  }

  /** k log σ(η) + (n − k) log(1 − σ(η)), which neither over- nor underflows. */
  private static double term(Proportion proportion, double eta) {
    double k = proportion.successes();
    double n = proportion.trials();
    return (eta > 0 ? (k - n) * eta : k * eta) - n * StrictMath.log1p(StrictMath.exp(-Math.abs(eta)));
  }

  private static double share(double eta) {
    return 1 / (1 + StrictMath.exp(-eta));
  }

  /** Newton's method with halved steps: the logarithm of the likelihood is concave, and its maximum is there. */
  private double[] newton() {
    double a = 0;
    double b = 0;
    double now = likelihood(a, b);
    for (int step = 0; step < MOST_STEPS; step++) {
      double ga = 0;
      double gb = 0;
      double haa = 0;
      double hab = 0;
      double hbb = 0;
      for (int i = 0; i < x.length; i++) {
        double u = scaled(i);
        double p = share(a + b * u);
        double n = successes.get(i).trials();
        double rest = successes.get(i).successes() - n * p;
        double weight = n * p * (1 - p);
        ga += rest;
        gb += rest * u;
        haa += weight;
        hab += weight * u;
        hbb += weight * u * u;
      }
      double determinant = haa * hbb - hab * hab;
      double da = (hbb * ga - hab * gb) / determinant;
      double db = (haa * gb - hab * ga) / determinant;
      double share = 1;
      double next = likelihood(a + da, b + db);
      while (!(next >= now) && share > 1e-12) {
        share /= 2;
        next = likelihood(a + share * da, b + share * db);
      }
      a += share * da;
      b += share * db;
      boolean done = Math.abs(da) + Math.abs(db) < PRECISION * (1 + Math.abs(a) + Math.abs(b));
      now = next;
      if (done) {
        break;
      }
    }
    return new double[] {a, b};
  }

  /**
   * The most likely curve of our direction through (at, logit), in scaled x: over its slope the logarithm of the
   * likelihood is concave, so that its derivative is searched for a sign change.
   */
  private double profile(double at, double logit) {
    int direction = slope > 0 ? 1 : -1;
    if (derivative(at, logit, 0) * direction <= 0) {
      return likelihood(logit, 0);
    }
    double low = 0;
    double high = 1;
    while (derivative(at, logit, direction * high) * direction > 0 && high < 1e12) {
      low = high;
      high *= 4;
    }
    for (int k = 0; k < MOST_STEPS && high - low > PRECISION * high; k++) {
      double middle = low / 2 + high / 2;
      if (derivative(at, logit, direction * middle) * direction > 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    double b = direction * (low / 2 + high / 2);
    return likelihood(logit - b * at, b);
  }

  private double derivative(double at, double logit, double b) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      double u = scaled(i) - at;
      Proportion each = successes.get(i);
      sum += (each.successes() - each.trials() * share(logit + b * u)) * u;
    }
    return sum;
  }

  /** What the likelihood comes to as the curve becomes a jump: only an x with both outcomes costs something. */
  private double limitLikelihood(Gap gap) {
    double sum = 0;
    if (gap.below() == gap.above()) {
      long good = 0;
      long all = 0;
      for (int i = 0; i < x.length; i++) {
        if (x[i] == gap.below()) {
          good += successes.get(i).successes();
          all += successes.get(i).trials();
        }
      }
      sum = good == 0 || good == all ? 0 : good * StrictMath.log((double) good / all) + (all - good) * StrictMath.log1p(-(double) good / all);
    }
    return sum;
  }

  /**
   * Where the outcomes change.
   *
   * @param below the end of the one side
   * @param above the beginning of the other
   */
  private record Gap(boolean separated, boolean rising, double below, double above) {

    static Gap of(double[] x, List<Proportion> successes) {
      double leastGood = Double.POSITIVE_INFINITY;
      double mostGood = Double.NEGATIVE_INFINITY;
      double leastBad = Double.POSITIVE_INFINITY;
      double mostBad = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < x.length; i++) {
        if (successes.get(i).successes() > 0) {
          leastGood = Math.min(leastGood, x[i]);
          mostGood = Math.max(mostGood, x[i]);
        }
        if (successes.get(i).successes() < successes.get(i).trials()) {
          leastBad = Math.min(leastBad, x[i]);
          mostBad = Math.max(mostBad, x[i]);
        }
      }
      if (mostBad <= leastGood) {
        return new Gap(true, true, mostBad, leastGood);
      }
      return mostGood <= leastBad ? new Gap(true, false, mostGood, leastBad) : new Gap(false, false, 0, 0);
    }

    double middle() {
      return below / 2 + above / 2;
    }
  }

  /** As in {@code P = 1/2 at 11.3, slope 0.42 (6 points)}. */
  @Override
  public String toString() {
    return separated
        ? "a jump at " + Numbers.rounded(jump, 4) + " (" + x.length + " points)"
        : "P = 1/2 at " + Numbers.rounded(threshold(0.5), 4) + ", slope " + Numbers.rounded(slope, 4) + " (" + x.length + " points)";
  }
}
