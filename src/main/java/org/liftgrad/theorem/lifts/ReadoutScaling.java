package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.special.Erf;
import org.liftgrad.flow.Ending;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.LiftedNetwork;
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

/** G9: with a factor n^−γ at the readout the time to learn goes as n^{2γ − 1}. */
final class ReadoutScaling {

  private static final double ALLOWED = 0.3;
  /**
   * The deviation of log(time) from run to run, at n = 512; it falls as n^−½ for a plain sum and hardly changes for others. Over
   * 16 runs a width, 7 points along each axis, seed 1000: 0.30, 0.25, 0.16, 0.11 at n = 128 to 1024 for γ = 0; 0.14 to 0.08 for
   * γ = ½, 0.08 to 0.03 for γ = 1.
   */
  private static final double DEVIATION = 0.16;

  private static final double OTHER_DEVIATION = 0.11;
  /**
   * How far exponents from n on are from their limits, times n: −0.26 and −0.15 from n = 256 and 512 for γ = 0; 0.15, 0.05, 0.07 from
   * n = 128, 256, 512 for γ = ½, and 0.05 and less for γ = 1. From the same runs.
   */
  private static final double DRIFT = 90;

  private static final double OTHER_DRIFT = 35;

  private ReadoutScaling() {}

  static Check check() {
    return Check.named("lifts/G9", "How the time to learn depends on the factor at the readout", "lifts/readout-scaling")
        .asks("With the readout multiplied by n^−γ, does the time to a tenth of L(0) go as n^{2γ − 1}?")
        .holdsIf(
            "for every γ the exponent between the two largest n, of the geometric mean of the times to the level, is within 0.3 of 2γ − 1, and every run"
                + " there reaches the level")
        .control("the mechanism: the factor enters the gradient of the readout once, not twice", "an exponent off by γ")
        .plan(Scale.QUICK, plan(List.of(512, 1024), 5, 4, 1))
        .plan(Scale.PAPER, plan(List.of(64, 128, 256, 512, 1024), 11, 24, 2))
        .plan(Scale.BEYOND, plan(List.of(64, 128, 256, 512, 1024, 2048, 4096), 11, 24, 2))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(ReadoutScaling::assurance)
        .runs(ReadoutScaling::run);
  }

  private static Parameters plan(List<Integer> widths, int grid, int runs, int repeated) {
    return ProductFlows.plan(widths, grid, 1e-6, runs).with("level", "0.1").with("laws", ProductFlows.FIXED).with("time", "1e6")
        .numbers("gammas", List.of(0.0, 0.5, 1.0), 0, 2, "γ: the readout is multiplied by n^−γ")
        .whole("repeated", repeated, 0, 100_000, "how many runs of each cell are repeated with half the steps");
  }

  /** The two largest widths, in order. */
  private static int[] judged(Parameters plan) {
    int[] widths = Arrays.stream(plan.wholes("widths")).distinct().sorted().toArray();
    Argument.require(widths.length >= 2, "widths", plan, "at least two different numbers");
    return new int[] {widths[widths.length - 2], widths[widths.length - 1]};
  }

  private static Assurance assurance(Parameters plan) {
    int[] widths = judged(plan);
    double alarm = 0;
    double power = 0;
    for (double gamma : plan.numbers("gammas")) {
      boolean sum = gamma < 0.5;
      double deviation =
          (sum ? DEVIATION : OTHER_DEVIATION) * Math.sqrt(512.0 / widths[0]) * Math.sqrt(2.0 / plan.whole("runs"))
              / StrictMath.log((double) widths[1] / widths[0]);
      double drift = (sum ? DRIFT : OTHER_DRIFT) / widths[0];
      alarm += outside(drift, deviation);
      power = Math.max(power, beyond(gamma - ALLOWED - drift, deviation));
    }
    return new Assurance(
        Math.min(1, alarm), power,
        "At n = 512 log(time) varies by " + DEVIATION + " from run to run for γ = 0 and by " + OTHER_DEVIATION
            + " for others, and exponents from n on are up to " + DRIFT + "/n and " + OTHER_DRIFT
            + "/n from their limits (n = 128 to 1024, seed 1000); exponents are taken as normal, and γ's added up.");
  }

  /** That a normal of this mean is over what is allowed, or under it. */
  private static double outside(double mean, double deviation) {
    return 1 - beyond(ALLOWED - mean, deviation) + 1 - beyond(ALLOWED + mean, deviation);
  }

  /** That a normal of mean 0 is under a figure. */
  private static double beyond(double figure, double deviation) {
    return Erf.erfc(-figure / deviation / Math.sqrt(2)) / 2;
  }

  private record Cell(ProductFlows.Cell of, double gamma) {
    @Override
    public String toString() {
      return of + ", γ = " + Numbers.rounded(gamma, 6);
    }
  }

  /**
   * With b = n^−γ a the network is Φ b, and the flow of a and the hidden weights is b' = −n^−2γ ∇_b L, with the hidden weights
   * as they were: a rate in place of a factor.
   */
  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    Regression task = ProductFlows.regression(plan);
    LiftedNetwork start = ProductFlows.network(trial, cell.of, replicate);
    double rate = StrictMath.pow(cell.of.width(), (trial.controlled() ? -1 : -2) * cell.gamma);
    double[] rates = ProductFlows.rates(start.lift(), 1, rate);
    double level = plan.number("level") * task.lossOfZero();
    Resolution resolution =
        Resolution.ofFlow(
            start, task, plan.number("tolerance"), replicate < plan.whole("repeated"),
            training -> training.untilLoss(level).untilTime(plan.number("time")).rates(rates));
    return Resolution.into(
        Row.start().and("width", cell.of.width()).and("law", cell.of.law()).and("gamma", cell.gamma).and("run", replicate)
            .and("reached", resolution.coarse().ending() == Ending.LOSS_REACHED)
            .and("time", resolution.coarse().last().time())
            .and("displacement", resolution.coarse().last().displacement())
            .and("steps", resolution.coarse().path().size() - 1),
        resolution.change(), resolution.resolved());
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    int[] largest = judged(plan);
    List<Cell> cells = new ArrayList<>();
    for (double gamma : plan.numbers("gammas")) {
      ProductFlows.cells(plan).forEach(cell -> cells.add(new Cell(cell, gamma)));
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    boolean met =
        rows.stream().filter(row -> row.whole("width") >= largest[0]).allMatch(row -> row.yes("reached"));
    double worst = 0;
    Interval ofWorst = new Interval(0, 0, 0.95);
    List<String> found = new ArrayList<>();
    double[] sizes = {largest[0], largest[1]};
    for (double gamma : plan.numbers("gammas")) {
      double[][] times = {times(rows, gamma, largest[0]), times(rows, gamma, largest[1])};
      double slope = Line.logLog(sizes, new double[] {mean(times[0]), mean(times[1])}).slope();
      Interval interval =
          Bootstrap.seed(trial.seed("bootstrap", StrictMath.round(1e6 * gamma))).logLogSlope(sizes, times, ReadoutScaling::mean, 0.95);
      double off = slope - (2 * gamma - 1);
      met &= Math.abs(off) <= ALLOWED;
      if (Math.abs(off) >= Math.abs(worst)) {
        worst = off;
        ofWorst = new Interval(interval.lower() - (2 * gamma - 1), interval.upper() - (2 * gamma - 1), 0.95);
      }
      found.add("γ = " + Numbers.rounded(gamma, 3) + ": " + Numbers.rounded(slope, 3) + " " + interval);
    }
    Finding finding =
        Finding.judged(met, rows)
            .measured("exponent of the time minus (2γ − 1), for the γ that is furthest off", worst)
            .predicted(0)
            .interval(ofWorst)
            .explained(
                "Exponents between n = " + largest[0] + " and " + largest[1] + ": " + String.join("; ", found)
                    + ". Predicted: 2γ − 1.")
            .figure(
                Plot.plot(Row.table("G9", rows)).x("width").by("gamma").points("time").slope("1/n", -1).slope("n", 1).logLog()
                    .title("Time to " + Numbers.rounded(plan.number("level"), 3) + " L(0)"));
    return Resolution.guarding(finding);
  }

  /** Geometric. */
  private static double mean(double[] times) {
    return StrictMath.exp(Summary.mean(Arrays.stream(times).map(StrictMath::log).toArray()));
  }

  private static double[] times(List<Row> rows, double gamma, int width) {
    return rows.stream().filter(row -> row.number("gamma") == gamma && row.whole("width") == width)
        .mapToDouble(row -> row.number("time")).toArray();
  }
}
