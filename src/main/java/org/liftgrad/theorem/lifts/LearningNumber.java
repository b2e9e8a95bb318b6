package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * H7: the learning number of XP against its approximation number, over a grid of precisions.
 *
 * <p>Both are looked for on a ladder of widths, each with runs of its own: the approximation number is the least width where
 * the best of some long runs is under ε‖f*‖², the learning number the least from which on 95 % of runs are, on every rung.
 * The ladder is run as a whole, not halved, as success need not rise with every step.
 */
final class LearningNumber {

  private static final double SUCCESS = 0.95;

  private LearningNumber() {}

  static Check check() {
    return Check.named("lifts/H7", "Learning and approximation numbers", "lifts/learning-number", "lifts/approximation-number", "lifts/nearly-optimal")
        .asks("Is the learning number of x₁x₂ finite, is it at least the approximation number, and how do both grow as ε falls?")
        .holdsIf(
            "for every ε a best long run is under ε ‖f*‖² on some rung, on the last rung at least 95 % of runs are, no"
                + " learning number is under its approximation number, and half the steps change nothing (G8)")
        .control("the hypothesis: in-degree 1, so that no lift hosts a witness", "one of two parents is missing")
        .plan(Scale.QUICK, plan(List.of(0.3, 0.1), List.of(4, 8, 16, 32), 20, List.of(1, 2, 3, 4), 10, 3000, 3000, 1e-6))
        .plan(
            Scale.PAPER,
            plan(
                List.of(0.5, 0.3, 0.1, 0.03, 0.01), List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128), 60,
                List.of(1, 2, 3, 4, 5, 6, 8, 12, 16), 50, 20_000, 100_000, 1e-8))
        .plan(
            Scale.BEYOND,
            plan(
                List.of(0.5, 0.3, 0.1, 0.03, 0.01, 0.003), List.of(1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 128, 256), 100,
                List.of(1, 2, 3, 4, 5, 6, 8, 12, 16, 24, 32), 100, 100_000, 1_000_000, 1e-8))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(LearningNumber::assurance)
        .runs(LearningNumber::run);
  }

  private static Parameters plan(
      List<Double> shares, List<Integer> widths, int runs, List<Integer> smallWidths, int attempts, double horizon, double longHorizon,
      double tolerance) {
    return Parameters.none()
        .numbers("shares", shares, 1e-9, 1, "precisions ε, as losses over ‖f*‖²")
        .wholes("widths", widths, 1, 1_000_000, "the ladder of widths n for the learning number")
        .whole("runs", runs, 1, 1_000_000, "runs a width")
        .wholes("smallWidths", smallWidths, 1, 1_000_000, "the ladder for the approximation number")
        .whole("attempts", attempts, 1, 1_000_000, "long runs a width, of which the best counts")
        .number("horizon", horizon, 0.1, 1e12, "the most time of a flow, as n t")
        .number("longHorizon", longHorizon, 0.1, 1e12, "and of a long one")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private static int[] ladder(Parameters plan, String name) {
    return Arrays.stream(plan.wholes(name)).distinct().sorted().toArray();
  }

  private static Assurance assurance(Parameters plan) {
    int[] widths = ladder(plan, "widths");
    int[] small = ladder(plan, "smallWidths");
    double finest = Arrays.stream(plan.numbers("shares")).min().orElseThrow();
    boolean wide = widths[widths.length - 1] >= 32 && plan.number("horizon") >= 3000 * Math.max(1, 0.1 / finest / 3);
    if (!wide || small[small.length - 1] < 4 || finest < 0.003 || finest < 0.1 && small[small.length - 1] < 16) {
      return new Assurance(
          1, 0,
          "Shares are known where the ladders go up to n = 32 and 4 (16 for ε under 0.1), n t to 100/ε, and ε is at least 0.003.");
    }
    int runs = plan.whole("runs");
    double learnt = new Binomial(runs, 0.995).probabilityThat(k -> (double) k / runs >= SUCCESS);
    double reached = -StrictMath.expm1(plan.whole("attempts") * StrictMath.log1p(-0.5));
    return new Assurance(
        1 - learnt * reached, 1,
        "Binomial probabilities with the shares seen at seed 1001: at n = 32 all of 50 runs reach 0.1 ‖f*‖², at n = 4, 70"
            + " of 100. With in-degree 1 no run can succeed, and neither number is finite.");
  }

  private record Cell(int width, boolean attempt) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    Regression task = ProductTask.REGRESSION;
    double[] shares = Arrays.stream(plan.numbers("shares")).distinct().map(share -> -share).sorted().map(share -> -share).toArray();
    int[] widths = ladder(plan, "widths");
    int[] small = ladder(plan, "smallWidths");
    int runs = plan.whole("runs");
    int attempts = plan.whole("attempts");
    Trial.Run<Cell, Row> one = (cell, replicate) -> row(trial, task, shares, cell, replicate);
    List<Row> rows = new ArrayList<>(trial.runs(cells(widths, false), runs, one));
    rows.addAll(trial.runs(cells(small, true), attempts, one));
    List<Row> numbers = new ArrayList<>();
    List<String> told = new ArrayList<>();
    boolean met = true;
    double ratio = 0;
    for (double share : shares) {
      OptionalInt learning = learning(rows, widths, runs, share);
      OptionalInt approximation =
          Arrays.stream(small)
              .filter(
                  width ->
                      rows.stream()
                          .anyMatch(row -> row.yes("long") && row.whole("width") == width && row.yes(column(share))))
              .findFirst();
      boolean both = learning.isPresent() && approximation.isPresent();
      met &= both && approximation.getAsInt() <= learning.getAsInt();
      ratio = both ? Math.max(ratio, (double) learning.getAsInt() / approximation.getAsInt()) : Double.POSITIVE_INFINITY;
      told.add("ε = " + Numbers.rounded(share, 4) + ": " + told(approximation) + " and " + told(learning));
      numbers.add(
          Row.start().and("ε", share).and("approximation number", orNaN(approximation)).and("learning number", orNaN(learning)));
    }
    return Resolution.guarding(
        Finding.judged(met, rows)
            .measured("largest ratio of a learning number to its approximation number", ratio)
            .explained("Approximation and learning number, on their ladders: " + String.join("; ", told) + ".")
            .figure(
                Plot.plot(Row.table("H7", numbers)).x("ε").points("learning number", "approximation number").logLog()
                    .title("Least widths that can, and that do")));
  }

  private static List<Cell> cells(int[] widths, boolean attempt) {
    return Arrays.stream(widths).mapToObj(width -> new Cell(width, attempt)).toList();
  }

  private static String told(OptionalInt number) {
    return number.isPresent() ? Integer.toString(number.getAsInt()) : "none";
  }

  private static double orNaN(OptionalInt number) {
    return number.isPresent() ? number.getAsInt() : Double.NaN;
  }

  private static OptionalInt learning(List<Row> rows, int[] widths, int runs, double share) {
    OptionalInt least = OptionalInt.empty();
    for (int k = widths.length - 1; k >= 0; k--) {
      Proportion succeeded = Row.share(rows.subList(k * runs, (k + 1) * runs), column(share));
      if (succeeded.estimate() < SUCCESS) {
        return least;
      }
      least = OptionalInt.of(widths[k]);
    }
    return least;
  }

  private static String column(double share) {
    return "reached " + Numbers.rounded(share, 6);
  }

  private static Row row(Trial trial, Regression task, double[] shares, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    double zero = task.lossOfZero();
    LossLevels run =
        LossLevels.train(
            ProductTask.withoutEdges(cell.width).inDegree(trial.controlled() ? 1 : 2)
                .seed(trial.seed("network", cell.attempt ? 1 : 0, cell.width, replicate)).sparse(),
            task, Arrays.stream(shares).map(share -> share * zero).toArray(),
            plan.number(cell.attempt ? "longHorizon" : "horizon") / cell.width, plan.number("tolerance"), replicate);
    Row row =
        Row.start().and("long", cell.attempt).and("width", cell.width).and("run", replicate)
            .and("loss over ‖f*‖²", run.lowest() / zero).and("n t", cell.width * run.end());
    for (int k = 0; k < shares.length; k++) {
      row = row.and(column(shares[k]), run.reached(k));
    }
    return run.into(row);
  }
}
