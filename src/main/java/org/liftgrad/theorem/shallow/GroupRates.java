package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.special.Erf;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** P2b: with p_n = n^{2α − 1} groups the asymptotic rate goes as n^{−α}, for every α from 1/2 to 1. */
final class GroupRates {

  private static final double ALLOWED_SLOPE = 0.03;
  private static final double ALLOWED_RATIO = 0.02;
  /** The file's rule for the ratio is for groups of at least as many points. */
  private static final int LARGE_GROUP = 8;
  /** The rate is measured while the loss falls from the first to the second of these shares. */
  private static final double FIRST = 1e-20;
  private static final double LAST = 1e-24;
  private static final double WRONG_EXPONENT = 0.25;
  /** The deviation of log(μ over its limit) from run to run at α = 0.9, where it is largest; n = 32 to 512, seed 1001. */
  private static final double DEVIATION = 0.02;
  /** What other slow groups add to a slope: 0.005 at α = 0.75, where most is added, n = 32 to 512, seed 1001. */
  private static final double DRIFT = 0.008;

  private GroupRates() {}

  static Check check() {
    return Check.named("shallow/P2b", "All speeds between 1/√n and 1/n occur", "shallow/proposition-2")
        .asks("With n^{2α−1} groups, does the asymptotic rate go as n^−α, and is it (2/n) min‖D_j‖?")
        .holdsIf(
            "for every α the exponent of μ over L/L(0) from 1e-20 to 1e-24, freed of the rounding of p_n and of the drawn labels, is"
                + " within 0.03 of −α, and in every run with groups of 8 points or more the loss of the slowest group falls at"
                + " 2‖D_j‖/n, to 2 %")
        .control("the mechanism: n^{2α' − 1} groups with α' = α ± 0.25", "an exponent off by 0.25")
        .plan(Scale.QUICK, plan(List.of(32, 64, 128, 256), 5))
        .plan(Scale.PAPER, plan(List.of(64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384), 20))
        .plan(Scale.BEYOND, plan(List.of(64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536), 20))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(GroupRates::assurance)
        .runs(GroupRates::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .numbers("alphas", List.of(0.5, 0.6, 0.75, 0.9, 1.0), 0.5, 1, "α: p_n = n^{2α − 1} groups, rounded")
        .wholes("points", points, 2, 1_000_000, "numbers of points n; at least two")
        .whole("runs", runs, 1, 10_000, "runs an α and n, each with labels and start of its own");
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = Arrays.stream(plan.wholes("points")).distinct().mapToDouble(StrictMath::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    double deviation = spread == 0 ? Double.POSITIVE_INFINITY : DEVIATION / Math.sqrt(plan.whole("runs") * spread);
    double alphas = plan.numbers("alphas").length;
    return new Assurance(
        Math.min(1, alphas * Erf.erfc((ALLOWED_SLOPE - DRIFT) / deviation / Math.sqrt(2))),
        spread == 0 ? 0 : Erf.erfc(-(WRONG_EXPONENT - ALLOWED_SLOPE - DRIFT) / deviation / Math.sqrt(2)) / 2,
        "Rates vary by " + DEVIATION + " (deviation of the logarithm, seed 1001) through groups that are nearly as slow as the"
            + " slowest, and these add " + DRIFT + " to an exponent at most; slopes are taken as normal, and α's added up.");
  }

  private record Cell(double alpha, int points) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] sizes = Arrays.stream(plan.wholes("points")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(sizes.length >= 2, "points", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (double alpha : plan.numbers("alphas")) {
      for (double points : sizes) {
        cells.add(new Cell(alpha, (int) points));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    boolean met = true;
    double worst = 0;
    List<String> found = new ArrayList<>();
    for (double alpha : plan.numbers("alphas")) {
      double[][] freed = by(rows, alpha, sizes, "rate without rounding");
      double[][] raw = by(rows, alpha, sizes, "rate");
      double slope = slope(sizes, freed);
      met &= Math.abs(slope + alpha) < ALLOWED_SLOPE;
      worst = Math.abs(slope + alpha) > Math.abs(worst) ? slope + alpha : worst;
      Interval interval =
          Bootstrap.seed(trial.seed("bootstrap", StrictMath.round(1e6 * alpha))).logLogSlope(sizes, raw, Summary::mean, 0.95);
      found.add(
          "α = " + Numbers.rounded(alpha, 3) + ": " + Numbers.rounded(slope, 4) + " (as measured, " + Numbers.rounded(slope(sizes, raw), 4)
              + " " + interval + ")");
    }
    double[] whole =
        rows.stream().filter(GroupRates::large).mapToDouble(row -> row.number("rate over its limit")).toArray();
    double[] alone =
        rows.stream().filter(GroupRates::large).mapToDouble(row -> row.number("slowest group's over its limit")).toArray();
    double off = Arrays.stream(alone).map(ratio -> Math.abs(ratio - 1)).max().orElse(0);
    met &= off <= ALLOWED_RATIO;
    long beyond = Arrays.stream(whole).filter(ratio -> Math.abs(ratio - 1) > ALLOWED_RATIO).count();
    return Finding.judged(met, rows)
        .measured("exponent of μ plus α, for the α that is furthest off", worst)
        .predicted(0)
        .explained(
            "Exponents, freed of rounding: " + String.join("; ", found) + ". In the " + whole.length
                + " runs with groups of 8 points or more the slowest group's rate is within " + Numbers.rounded(100 * off, 2)
                + " % of 2‖D_j‖/n; that of the whole loss is off by more than 2 % in " + beyond
                + " of them, by up to " + Numbers.rounded(100 * Arrays.stream(whole).map(ratio -> ratio - 1).max().orElse(0), 3)
                + " %, where other groups are nearly as slow and not yet gone.")
        .figure(
            Plot.plot(Row.table("P2b", rows)).x("points").by("alpha").points("rate").slope("∝ n^−½", -0.5).slope("∝ 1/n", -1).logLog()
                .title("Rate of n^{2α−1} groups"));
  }

  private static boolean large(Row row) {
    return row.whole("smallest group") >= LARGE_GROUP;
  }

  private static double[][] by(List<Row> rows, double alpha, double[] sizes, String column) {
    return Arrays.stream(sizes)
        .mapToObj(
            points ->
                rows.stream()
                    .filter(row -> row.number("alpha") == alpha && row.whole("points") == (long) points)
                    .mapToDouble(row -> row.number(column))
                    .toArray())
        .toArray(double[][]::new);
  }

  private static double slope(double[] sizes, double[][] values) {
    return Line.logLog(sizes, Arrays.stream(values).mapToDouble(Summary::mean).toArray()).slope();
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    int n = cell.points;
    double alpha = trial.controlled() ? cell.alpha + (cell.alpha < 0.75 ? WRONG_EXPONENT : -WRONG_EXPONENT) : cell.alpha;
    int p = (int) Math.max(1, StrictMath.round(StrictMath.pow(n, 2 * alpha - 1)));
    int[] sizes = new int[p];
    Arrays.setAll(sizes, j -> n / p + (j < n % p ? 1 : 0));
    SeparateGroups groups = SeparateGroups.of(trial, sizes, n, StrictMath.round(1e6 * cell.alpha), replicate);
    GroupFlow closed = groups.closedForm();
    double first = closed.flowTime(closed.timeOfRemaining(FIRST));
    double last = closed.flowTime(closed.timeOfRemaining(LAST));
    int slowest = groups.slowest();
    double before = 0;
    double after = 0;
    double alone = 0;
    for (int j = 0; j < p; j++) {
      double[] losses = groups.losses(j, first, last);
      before += losses[0];
      after += losses[1];
      alone = j == slowest ? StrictMath.log(losses[0] / losses[1]) / (last - first) : alone;
    }
    double rate = StrictMath.log(before / after) / (last - first);
    double limit = groups.limitRate(slowest);
    return Row.start()
        .and("alpha", cell.alpha)
        .and("points", n)
        .and("groups", p)
        .and("smallest group", n / p)
        .and("run", replicate)
        .and("rate", rate)
        .and("rate over its limit", rate / limit)
        .and("slowest group's over its limit", alone / limit)
        // ‖D‖ of a group of n^{2 − 2α} points whose y² are 7/3, their mean.
        .and("rate without rounding", rate / limit * 2 * Math.sqrt(7 / 3.0) * StrictMath.pow(n, -alpha));
  }
}
