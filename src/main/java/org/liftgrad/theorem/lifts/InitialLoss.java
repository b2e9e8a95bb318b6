package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.special.Erf;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Plot;
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

/** H12: which readouts start with a loss that does not grow with the width. */
final class InitialLoss {

  private static final double ALLOWED = 0.1;
  private static final double QUANTILE = 0.95;
  private static final String OVER_WIDTH = "1/n";
  private static final String ONE = "1";
  private static final String ZERO = "0";
  /** In the control the variance is n^−3/4 in place of 1/n, and n^−1/4 in place of 1. */
  private static final double WRONG_EXPONENT = 0.25;
  /**
   * The deviation of the logarithm of a 95 % quantile of L(0) times the root of the number of draws: 1.1 to 2.05 over 15 lots of 400
   * draws, at n = 32 to 512 for both laws, seed 1000.
   */
  private static final double DEVIATION = 2.1;
  /** How far f* moves the slopes of these laws: 0.013 and 0.022 between n = 32 and 512 with 6000 draws each, seed 1000. */
  private static final double DRIFT = 0.022;

  private InitialLoss() {}

  static Check check() {
    return Check.named("lifts/H12", "Is the initial loss bounded in the width?", "lifts/theorem-2.1")
        .asks("Does the 95 % quantile of L(0) stay for readouts of variance 1/n and 0, and grow as n for variance 1?")
        .holdsIf("the exponents of the quantile in n are within 0.1 of 0, 0 and 1")
        .control("a hypothesis: variances n^−3/4 and n^−1/4 in place of 1/n and 1", "exponents off by 0.25")
        .plan(Scale.QUICK, plan(List.of(32, 64, 128, 256), 5, 800))
        .plan(Scale.PAPER, plan(List.of(32, 64, 128, 256, 512, 1024, 2048), 11, 1000))
        .plan(Scale.BEYOND, plan(List.of(32, 64, 128, 256, 512, 1024, 2048, 4096, 8192), 11, 4000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(InitialLoss::assurance)
        .runs(InitialLoss::run);
  }

  private static Parameters plan(List<Integer> widths, int grid, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 1, 100_000, "widths n of both hidden fibres; at least two")
        .words("variances", List.of(OVER_WIDTH, ONE, ZERO), List.of(OVER_WIDTH, ONE, ZERO), "of a weight of the readout")
        .whole("grid", grid, 2, 101, "points along each axis; 11 in the theory file")
        .whole("runs", runs, 2, 1_000_000, "starts a cell");
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = Arrays.stream(plan.wholes("widths")).distinct().mapToDouble(StrictMath::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    if (spread == 0) {
      return new Assurance(1, 0, "An exponent needs two widths.");
    }
    double deviation = DEVIATION / Math.sqrt(plan.whole("runs") * spread);
    long random = plan.words("variances").stream().filter(variance -> !variance.equals(ZERO)).count();
    double missed = 1 - Erf.erfc(-(WRONG_EXPONENT - ALLOWED - 0.05) / deviation / Math.sqrt(2)) / 2;
    return new Assurance(
        Math.min(1, random * Erf.erfc((ALLOWED - DRIFT) / deviation / Math.sqrt(2))),
        random == 0 ? 0 : 1 - StrictMath.pow(missed, random),
        "The logarithm of the quantile varies by " + DEVIATION + "/√runs (n = 32 to 512, seed 1000), and f* bends the lines by "
            + DRIFT + ", those of the control by 0.05; exponents are taken as normal, and laws added up. With variance 0, L(0) is ‖f*‖².");
  }

  private record Cell(ProductFlows.Cell of, String variance) {
    @Override
    public String toString() {
      return of + ", variance " + variance;
    }

    ReadoutLaw law(boolean controlled) {
      double off = controlled ? WRONG_EXPONENT : 0;
      return switch (variance) {
        case ZERO -> ReadoutLaw.zero();
        case ONE -> normal(-off);
        default -> controlled ? normal(off - 1) : ReadoutLaw.overWidth(1);
      };
    }

    private ReadoutLaw normal(double exponent) {
      return ReadoutLaw.same(ParameterLaw.normal(StrictMath.pow(of.width(), exponent / 2)));
    }

    double exponent() {
      return variance.equals(ONE) ? 1 : 0;
    }
  }

  private static Row row(Trial trial, Regression task, Cell cell, int replicate) {
    LiftedNetwork network =
        ProductFlows.network(trial, cell.of, replicate, cell.law(trial.controlled()));
    return Row.start().and("width", cell.of.width()).and("variance", cell.variance).and("run", replicate)
        .and("L(0)", new Passes(network.lift(), task).loss(network.parameters()));
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    Regression task = ProductFlows.regression(plan);
    double[] widths = Arrays.stream(plan.wholes("widths")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(widths.length >= 2, "widths", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (String variance : plan.words("variances")) {
      for (double width : widths) {
        cells.add(new Cell(new ProductFlows.Cell((int) width, ProductFlows.FIXED), variance));
      }
    }
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, task, cell, replicate));
    boolean met = true;
    double worst = 0;
    Interval ofWorst = new Interval(0, 0, 0.95);
    List<String> found = new ArrayList<>();
    List<Row> quantiles = new ArrayList<>();
    for (int first = 0; first < cells.size(); first += widths.length) {
      Cell cell = cells.get(first);
      double[][] losses = new double[widths.length][];
      double[] quantile = new double[widths.length];
      for (int k = 0; k < widths.length; k++) {
        int from = (first + k) * runs;
        losses[k] = rows.subList(from, from + runs).stream().mapToDouble(row -> row.number("L(0)")).toArray();
        quantile[k] = quantile(losses[k]);
        quantiles.add(
            Row.start().and("width", (long) widths[k]).and("variance", cell.variance).and("95 % quantile of L(0)", quantile[k]));
      }
      double slope = Line.logLog(widths, quantile).slope();
      Interval interval =
          Bootstrap.seed(trial.seed("bootstrap", first / widths.length)).logLogSlope(widths, losses, InitialLoss::quantile, 0.95);
      double off = slope - cell.exponent();
      met &= Math.abs(off) <= ALLOWED;
      if (Math.abs(off) >= Math.abs(worst)) {
        worst = off;
        ofWorst = new Interval(interval.lower() - cell.exponent(), interval.upper() - cell.exponent(), 0.95);
      }
      found.add("variance " + cell.variance + ": " + Numbers.rounded(slope, 3) + " " + interval);
    }
    return Finding.judged(met, rows)
        .measured("exponent of the quantile minus the predicted one, for the law that is furthest off", worst)
        .predicted(0)
        .interval(ofWorst)
        .explained(
            "Exponents of the 95 % quantile of L(0) in n: " + String.join("; ", found)
                + ". A readout whose variance does not fall breaks hypothesis 1 of theorem 2.1; one of variance 1/n, or 0, keeps it.")
        .figure(
            Plot.plot(Row.table("H12", quantiles)).x("width").by("variance").points("95 % quantile of L(0)").slope("n", 1).logLog()
                .title("The initial loss"));
  }

  private static double quantile(double[] losses) {
    return Summary.quantile(losses, QUANTILE);
  }
}
