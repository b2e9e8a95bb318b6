package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Row;

/**
 * How the asymptotic rate falls with n in one regime, that is with one law of widths: the whole exponent, the exponents
 * between neighbouring sizes, and two models of the logarithm of single runs with as many parameters,
 *
 * <pre>
 * log μ = c − ½ log n − γ log log n        log μ = c − β log n
 * </pre>
 *
 * @param name such as {@code p1, W × 0.01}
 * @param sizes two at least, increasing
 * @param whole the exponent over all sizes
 * @param local between neighbouring sizes
 * @param gamma γ; NaN with fewer than three sizes
 * @param gap the AIC of the free exponent minus that of the other model, so that a positive one speaks for n^−½ with a power
 *     of log n; NaN with fewer than three sizes
 * @param mechanism what decides the rate, in a sentence
 */
record RateRegime(
    String name, double[] sizes, Exponent whole, List<Exponent> local, double gamma, double gap, String mechanism) {

  /** The exponent of the Conjecture. */
  static final double HALF = -0.5;

  static final double LEAST_GAP = 10;

  /** Of rows that say points, rate, neurons and the number of correct neurons of the slowest point. */
  static RateRegime of(String name, List<Row> rows, double[] sizes, long seed) {
    double[][] rates = Exponent.values(rows, sizes, "rate");
    List<Exponent> local = new ArrayList<>();
    for (int k = 0; k + 1 < sizes.length; k++) {
      local.add(
          Exponent.of(new double[] {sizes[k], sizes[k + 1]}, new double[][] {rates[k], rates[k + 1]}, seed + k + 1));
    }
    double gamma = Double.NaN;
    double gap = Double.NaN;
    if (sizes.length >= 3) {
      double[] logPoints = rows.stream().mapToDouble(row -> StrictMath.log(row.number("points"))).toArray();
      double[] logs = rows.stream().mapToDouble(row -> StrictMath.log(row.number("rate"))).toArray();
      double[] rest = logs.clone();
      for (int k = 0; k < rest.length; k++) {
        rest[k] -= HALF * logPoints[k];
      }
      Line logarithmic = Line.fit(Exponent.logarithms(logPoints), rest);
      Line free = Line.fit(logPoints, logs);
      gamma = -logarithmic.slope();
      // Normal errors and equally many parameters: AIC = N log Σ residual² + what is the same in both.
      gap = 2 * rows.size() * StrictMath.log(free.residualDeviation() / logarithmic.residualDeviation());
    }
    return new RateRegime(
        name, sizes, Exponent.of(sizes, rates, seed), local, gamma, gap, mechanism(rows, sizes));
  }

  /** The exponent between the two largest sizes. */
  Exponent last() {
    return local.get(local.size() - 1);
  }

  /** Whether the largest sizes cannot be told from n^−½. */
  private boolean arrived() {
    return last().interval().contains(HALF);
  }

  /** Whether the exponents come nearer to −½ with every size, and n^−½ with a power of log n is the better model. */
  private boolean onItsWay() {
    boolean monotone = local.size() >= 2 && last().slope() <= HALF;
    for (int k = 0; k + 1 < local.size(); k++) {
      monotone &= local.get(k).slope() < local.get(k + 1).slope();
    }
    return monotone && gap > LEAST_GAP;
  }

  /** The rule of the theory file. */
  boolean met() {
    return arrived() || onItsWay();
  }

  double distance() {
    return Math.abs(last().slope() - HALF);
  }

  private static String mechanism(List<Row> rows, double[] sizes) {
    double[] constants = new double[2];
    double[] counts = new double[2];
    double[] shares = new double[2];
    for (int end = 0; end < 2; end++) {
      double n = sizes[end * (sizes.length - 1)];
      List<Row> those = rows.stream().filter(row -> row.number("points") == n).toList();
      counts[end] = Summary.median(those.stream().mapToDouble(row -> row.number("correct of slowest")).toArray());
      shares[end] = Summary.median(those.stream().mapToDouble(RateRegime::share).toArray());
      constants[end] =
          Summary.median(those.stream().mapToDouble(row -> row.number("rate") * Math.sqrt(n) / (2 * share(row))).toArray());
    }
    return "the slowest point has " + Numbers.rounded(counts[0], 3) + " correct neurons at n = " + Numbers.rounded(sizes[0], 9) + " and "
        + Numbers.rounded(counts[1], 3) + " at n = " + Numbers.rounded(sizes[sizes.length - 1], 9) + " in the median, "
        + Numbers.rounded(100 * shares[0], 2) + " and " + Numbers.rounded(100 * shares[1], 2) + " % of all, and √n μ over 2k/p is "
        + Numbers.rounded(constants[0], 3) + " and " + Numbers.rounded(constants[1], 3);
  }

  /** k/p, of the slowest point. */
  private static double share(Row row) {
    return row.number("correct of slowest") / row.number("neurons");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(name).append(": μ goes as n^").append(Numbers.rounded(whole.slope(), 3)).append(' ')
        .append(shown(whole.interval())).append(" (log of the mean; mean of the log ").append(Numbers.rounded(whole.ofLogs(), 3)).append(')');
    if (local.size() > 1) {
      text.append(", from size to size");
      for (int k = 0; k < local.size(); k++) {
        text.append(k == 0 ? " " : ", ").append(Numbers.rounded(local.get(k).slope(), 3));
      }
      text.append(", the last ").append(shown(last().interval())).append("; n^−½ (log n)^−γ with γ = ").append(Numbers.rounded(gamma, 3))
          .append(" has an AIC ").append(Numbers.rounded(Math.abs(gap), 3)).append(gap > 0 ? " below" : " above")
          .append(" that of a free exponent");
    }
    return text.append("; ").append(mechanism).append("; the rule is ").append(arrived() ? "met by the last exponent" : onItsWay() ? "met by the way there" : "not met").toString();
  }

  private static String shown(Interval interval) {
    return "[" + Numbers.rounded(interval.lower(), 3) + ", " + Numbers.rounded(interval.upper(), 3) + "]";
  }
}
