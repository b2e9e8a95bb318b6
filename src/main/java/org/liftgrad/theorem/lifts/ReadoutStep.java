package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.TangentFeatures;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** F5: the least readout step that brings the residual of the reference task to a tenth shrinks like n^−½. */
final class ReadoutStep {

  /** The file's rule is for widths from here on. */
  private static final int LARGE = 128;
  private static final double LEAST = -0.65;
  private static final double MOST = -0.45;
  /** The deviation of log c* within a width: 0.15 at n = 128, falling, and with the control 0.17; seed 1000. */
  private static final double DEVIATION = 0.17;
  /** The slope from 128 to 1024, where it is steepest: −0.58; from 128 to 2048 it is −0.54; seed 1000. */
  private static final double SLOPE = -0.58;

  private ReadoutStep() {}

  static Check check() {
    return Check.named("lifts/F5", "The step shrinks like 1/√n", "lifts/readout-step", "lifts/tangent-approximation")
        .asks("Does the least readout step that leaves a tenth of the loss at the start shrink like 1/√n, as copies multiply?")
        .holdsIf("the slope of log c* against log n over all runs with n ≥ 128 is in [−0.65, −0.45]")
        .control(
            "the mechanism: the fibre that is read out keeps the least of these widths, so that copies do not multiply",
            "an exponent near 0")
        .plan(Scale.QUICK, plan(List.of(128, 256, 512, 1024), 12))
        .plan(Scale.PAPER, plan(List.of(32, 64, 128, 256, 512, 1024, 2048), 24))
        .plan(Scale.BEYOND, plan(List.of(32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384), 48))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(ReadoutStep::assurance)
        .runs(ReadoutStep::run);
  }

  private static Parameters plan(List<Integer> widths, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 2, 1_000_000, "widths n of both hidden fibres; two of 128 or more")
        .number("share", 0.1, 1e-9, 0.999, "what is left of the loss after the step")
        .whole("runs", runs, 2, 100_000, "runs a width, each with a lift of its own");
  }

  private static List<Width> large(Parameters plan) {
    return Width.of(plan).stream().filter(width -> width.vertices() >= LARGE).toList();
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = large(plan).stream().mapToDouble(width -> StrictMath.log(width.vertices())).toArray();
    if (logs.length < 2) {
      return new Assurance(1, 0, "A slope needs two widths of 128 or more.");
    }
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    double error = DEVIATION / Math.sqrt(plan.whole("runs") * spread);
    return new Assurance(
        1 - within(SLOPE, error), 1 - within(0, error),
        "Slopes are taken as normal around " + SLOPE + ", or 0 with the control, with the deviation " + DEVIATION
            + " of log c* within a width (n = 128 to 1024, seed 1000).");
  }

  private static double within(double slope, double error) {
    NormalDistribution law = new NormalDistribution(slope, error);
    return law.probability(LEAST, MOST);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Width> large = large(plan);
    Argument.require(large.size() >= 2, "widths", plan, "at least two of 128 or more");
    List<Row> rows =
        trial.runs(Width.of(plan), plan.whole("runs"), (width, replicate) -> row(trial, width, large.get(0), replicate));
    List<Row> judged = rows.stream().filter(row -> row.whole("n") >= LARGE).toList();
    long never = judged.stream().filter(row -> Double.isInfinite(row.number("c*"))).count();
    List<Row> finite = judged.stream().filter(row -> Double.isFinite(row.number("c*"))).toList();
    Finding finding = Finding.judged(false, rows).measured("slope of log c* against log n, n ≥ 128", Double.NaN).predicted(-0.5);
    String text = never + " of the " + judged.size() + " runs with n ≥ 128 cannot get there by any readout step.";
    if (finite.stream().mapToLong(row -> row.whole("n")).distinct().count() >= 2 && finite.size() > 2) {
      Line line =
          Line.logLog(
              finite.stream().mapToDouble(row -> row.number("n")).toArray(),
              finite.stream().mapToDouble(row -> row.number("c*")).toArray());
      finding =
          Finding.judged(never == 0 && line.slope() >= LEAST && line.slope() <= MOST, rows)
              .measured("slope of log c* against log n, n ≥ 128", line.slope())
              .predicted(-0.5)
              .interval(line.slopeInterval(0.95));
      text +=
          " From the line log c* deviates by " + Numbers.rounded(line.residualDeviation(), 3)
              + ". The slope between the two largest widths is " + Numbers.rounded(lastSlope(finite), 3) + ".";
    }
    return finding
        .explained(text)
        .figure(
            Plot.plot(Row.table("F5", rows)).x("n").points("c*").slope("∝ 1/√n", -0.5).logLog()
                .title("The least step that leaves " + Numbers.rounded(plan.number("share"), 3) + " of L"));
  }

  /** Between the two largest widths. */
  private static double lastSlope(List<Row> rows) {
    long[] widths = rows.stream().mapToLong(row -> row.whole("n")).distinct().sorted().toArray();
    List<Row> last = rows.stream().filter(row -> row.whole("n") >= widths[widths.length - 2]).toList();
    return Line.logLog(
            last.stream().mapToDouble(row -> row.number("n")).toArray(),
            last.stream().mapToDouble(row -> row.number("c*")).toArray())
        .slope();
  }

  private static Row row(Trial trial, Width width, Width least, int replicate) {
    long seed = trial.seed("network", width.vertices(), replicate);
    LiftedNetwork network =
        trial.controlled()
            ? ProductTask.lift(width.vertices(), 2, seed).width("h2", Math.min(width.vertices(), least.vertices())).sparse()
            : ProductTask.lift(width.vertices(), 2, seed).sparse();
    TangentFeatures features = TangentFeatures.ofReadout(network, ProductTask.REGRESSION);
    double step = features.normFor(trial.parameters().number("share") * ProductTask.INITIAL_LOSS);
    return Row.start()
        .and("n", width.vertices())
        .and("run", replicate)
        .and("c*", step)
        .and("c* √n", step * Math.sqrt(width.vertices()))
        .and("ε(∞)/L", features.leastResidual() / ProductTask.INITIAL_LOSS);
  }
}
