package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.KolmogorovSmirnov;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** E3: weights have their law, and leave no ball out. */
final class WeightDraws {

  private static final double LEVEL = 0.01;
  /** The hole of the control, as shares of the range that balls are in. */
  private static final double HOLE_FROM = 0.55;
  private static final double HOLE_TO = 0.65;

  private WeightDraws() {}

  static Check check() {
    return Check.named("lifts/E3", "Weights of full support", "lifts/definition-4.2")
        .asks("Have the weights of a lift the law that was asked for, and do they hit every ball of it?")
        .holdsIf("the Kolmogorov–Smirnov tests have p > 0.01, the least p times their number, and every draw hits all 50 balls")
        .control("full support: the law has a hole", "a tenth of the range")
        .plan(Scale.QUICK, plan(100_000, 2))
        .plan(Scale.PAPER, plan(1_000_000, 10))
        .plan(Scale.BEYOND, plan(10_000_000, 10))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(WeightDraws::assurance)
        .runs(WeightDraws::run);
  }

  private static Parameters plan(int edges, int runs) {
    return Parameters.none()
        .text("weights", "normal:1.5", WeightText::read, "their law: uniform:least:most or normal:deviation")
        .whole("edges", edges, 100, 100_000_000, "lifted edges of a draw")
        .whole("balls", 50, 1, 1000, "balls, evenly over the support, of a normal law over three deviations to each side")
        .number("eta", 0.05, 1e-6, 1e6, "their radius")
        .whole("runs", runs, 1, 100_000, "draws, each with a test");
  }

  private static WeightText weights(Parameters plan) {
    WeightText weights = WeightText.read(plan.text("weights"));
    Argument.require(weights.continuous(), "weights", "“" + weights + "”", "a law with a density, uniform or normal, for this test");
    return weights;
  }

  private static double[] centres(Parameters plan, WeightText weights) {
    int balls = plan.whole("balls");
    return IntStream.range(0, balls)
        .mapToDouble(k -> weights.least() + (k + 0.5) / balls * (weights.most() - weights.least())).toArray();
  }

  private static ParameterLaw holed(WeightText weights) {
    double range = weights.most() - weights.least();
    return weights.law().outside(weights.least() + HOLE_FROM * range, weights.least() + HOLE_TO * range);
  }

  private static Assurance assurance(Parameters plan) {
    WeightText weights = weights(plan);
    double radius = plan.number("eta");
    double missedBalls = 0;
    boolean told = false;
    for (double centre : centres(plan, weights)) {
      double mass = weights.law().mass(centre - radius, centre + radius);
      missedBalls += StrictMath.exp(plan.whole("edges") * StrictMath.log1p(-mass));
      told |= holed(weights).mass(centre - radius, centre + radius) == 0;
    }
    return new Assurance(
        Math.min(1, LEVEL + plan.whole("runs") * missedBalls), told ? 1 : 0,
        "The tests together reject with probability 0.01 at most; a ball is missed with the power of its complement. A ball within"
            + " the hole is never hit.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    WeightText weights = weights(plan);
    double[] centres = centres(plan, weights);
    double radius = plan.number("eta");
    List<Row> rows =
        trial.runs(
            List.of(weights.toString()), plan.whole("runs"),
            (law, run) -> {
              double[] drawn = drawn(trial, weights, run);
              double p =
                  KolmogorovSmirnov.oneSample(drawn, x -> weights.law().mass(Double.NEGATIVE_INFINITY, x)).pValue();
              Arrays.sort(drawn);
              int hit = (int) Arrays.stream(centres).filter(centre -> hits(drawn, centre, radius)).count();
              return Row.start().and("weights", law).and("run", run).and("edges", drawn.length).and("p", p).and("balls hit", hit);
            });
    double least = Math.min(1, rows.size() * rows.stream().mapToDouble(row -> row.number("p")).min().orElseThrow());
    long fewest = rows.stream().mapToLong(row -> row.whole("balls hit")).min().orElseThrow();
    double[] sample = drawn(trial, weights, 0);
    return Finding.judged(least > LEVEL && fewest == centres.length, rows)
        .measured("fewest balls hit in a draw", fewest)
        .predicted(centres.length)
        .explained(
            "Law " + weights + ", " + plan.whole("edges") + " weights a draw. The least p of " + rows.size()
                + " Kolmogorov–Smirnov tests, times their number, is " + Numbers.rounded(least, 3) + "; of " + centres.length
                + " balls of radius " + Numbers.exact(radius) + " the draw that misses most hits " + fewest + ".")
        .figure(Plot.histogram(Arrays.copyOf(sample, Math.min(sample.length, 20_000))).bins(60).density().title("Weights of a draw"));
  }

  private static double[] drawn(Trial trial, WeightText weights, int run) {
    return LiftBuilder.lift(WitnessText.read("x1").blueprint()).fibre("x", 2).width("h1", trial.parameters().whole("edges")).inDegree(1)
        .weights(trial.controlled() ? holed(weights) : weights.law()).seed(trial.seed("weights", run)).sparse()
        .weights("x", "h1");
  }

  private static boolean hits(double[] sorted, double centre, double radius) {
    int place = Arrays.binarySearch(sorted, centre - radius);
    int first = place < 0 ? -place - 1 : place;
    return first < sorted.length && sorted[first] <= centre + radius;
  }
}
