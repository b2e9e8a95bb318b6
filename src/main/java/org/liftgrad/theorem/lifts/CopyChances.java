package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.plot.Figure;
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

/** E5: the probability that a lift has a copy of a witness. */
final class CopyChances {

  /** So many standard errors between the two laws, and the naive one must be rejected. */
  private static final double TELLING = 6;
  private static final int TIMES = 4;

  private CopyChances() {}

  static Check check() {
    return Check.named("lifts/E5", "The probability that there is a copy", "lifts/counting")
        .asks("Is there a copy with the exact probability, which knows that the layers before are random, and not with that of a Poisson law?")
        .holdsIf(
            "at all widths and under all laws of edges the share of lifts with a copy is within three standard errors of"
                + " 1 − E(1 − P̂)^n, and wherever 1 − e^{−EN} is six or more away from that, it is rejected: more than three off")
        .control(
            "that the layers before the last are of the widths said: they are four times as wide, and so their counts vary little",
            "the spread of N_A N_B halved")
        .plan(Scale.QUICK, plan("50x400", 20_000))
        .plan(Scale.PAPER, plan("50x400,200x800,400x2000", 20_000))
        .plan(Scale.BEYOND, rare())
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(CopyChances::assurance)
        .runs(CopyChances::run);
  }

  private static Parameters plan(String widths, int draws) {
    return CopyPlan.withWidths(CopyPlan.example(), widths).whole("draws", draws, 2, 10_000_000, "lifts of each size and law");
  }

  /** η so small that a million vertices have a copy or two: ρ = 1/32, E N = 0.48. */
  private static Parameters rare() {
    return CopyPlan.withWidths(
            CopyPlan.parameters(CopyPlan.EXAMPLE, "uniform:-2:2", 0.0625, List.of(1, 2), List.of(1.0, 2.0)), "200x1000000")
        .whole("draws", 20_000, 2, 10_000_000, "lifts of each size and law");
  }

  /**
   * What the laws say of a cell.
   *
   * @param exact 1 − E(1 − P̂)^n
   * @param naive 1 − e^{−EN}
   * @param controlled the exact one with the control in place
   */
  private record Chances(double exact, double naive, double controlled) {

    static Chances of(CopyPlan plan, CopyPlan.Cell cell) {
      CopyLaw law = plan.law(cell);
      String last = plan.witness().last();
      return new Chances(
          law.atLeastOne(last, 0), -StrictMath.expm1(-law.mean(last, 0)),
          plan.law(cell.widerBefore(TIMES)).atLeastOne(last, 0));
    }

    private static double error(double probability, int draws) {
      return Math.sqrt(probability * (1 - probability) / draws);
    }

    boolean tellsNaive(int draws) {
      return Math.abs(exact - naive) >= TELLING * error(naive, draws) && naive > exact;
    }

    /** Is a share as the rule wants it? */
    boolean meets(double share, int draws) {
      return Math.abs(share - exact) <= StandardErrors.ALLOWED * error(exact, draws)
          && (!tellsNaive(draws) || Math.abs(share - naive) > StandardErrors.ALLOWED * error(naive, draws));
    }
  }

  private static Assurance assurance(Parameters parameters) {
    CopyPlan plan = CopyPlan.of(parameters);
    int draws = parameters.whole("draws");
    double met = 1;
    double metControlled = 1;
    for (CopyPlan.Cell cell : plan.cells(parameters)) {
      Chances chances = Chances.of(plan, cell);
      met *= new Binomial(draws, chances.exact).probabilityThat(count -> chances.meets((double) count / draws, draws));
      metControlled *=
          new Binomial(draws, chances.controlled).probabilityThat(count -> chances.meets((double) count / draws, draws));
    }
    return new Assurance(
        Math.max(0, 1 - met), Math.max(0, 1 - metControlled),
        plan.witness().layers() == 1
            ? "With one hidden layer there is no layer before the last for the control to widen, and the two laws are the same."
            : "Exact: binomial, with the exact probabilities of a copy, those under the control too.");
  }

  private static Finding run(Trial trial) {
    Parameters parameters = trial.parameters();
    CopyPlan plan = CopyPlan.of(parameters);
    List<CopyPlan.Cell> cells = plan.cells(parameters);
    int draws = parameters.whole("draws");
    List<Row> rows =
        trial.runs(
            cells, draws,
            (cell, draw) ->
                Row.start().and("edges", cell.edges()).and("widths", cell.size()).and("draw", draw)
                    .and("copies", plan.copies(plan.coverage(
                        plan.lifts(trial.controlled() ? cell.widerBefore(TIMES) : cell)
                            .seed(trial.seed("lift " + cell, draw)).sparse()))));
    boolean met = true;
    double worst = -1;
    Proportion measured = new Proportion(0, 1);
    double predicted = 0;
    CopyPlan.Cell farthest = cells.get(0);
    List<String> found = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      Chances chances = Chances.of(plan, cells.get(c));
      int with = (int) rows.subList(c * draws, (c + 1) * draws).stream().filter(row -> row.whole("copies") >= 1).count();
      Proportion share = new Proportion(with, draws);
      met &= chances.meets(share.estimate(), draws);
      double error = Chances.error(chances.exact, draws);
      double off = error == 0 ? Math.abs(share.estimate() - chances.exact) : Math.abs(share.estimate() - chances.exact) / error;
      double offNaive = Math.abs(share.estimate() - chances.naive) / Chances.error(chances.naive, draws);
      found.add(
          cells.get(c) + ": " + Numbers.rounded(share.estimate(), 4) + " against " + Numbers.rounded(chances.exact, 4) + " ("
              + Numbers.rounded(off, 3) + " standard errors)"
              + (Double.isFinite(offNaive) ? ", naive " + Numbers.rounded(chances.naive, 4) + " (" + Numbers.rounded(offNaive, 3)
                  + (chances.tellsNaive(draws) ? ", must be over 3)" : ")") : ""));
      if (off > worst) {
        worst = off;
        measured = share;
        predicted = chances.exact;
        farthest = cells.get(c);
      }
    }
    return Finding.judged(met, rows)
        .measured("share of lifts with a copy, where it is farthest from the exact law (" + farthest + ")", measured.estimate())
        .predicted(predicted)
        .interval(measured.clopperPearson(0.9973))
        .explained("Witness " + plan.witness() + ", " + draws + " lifts of each size and law. " + String.join("; ", found) + ".")
        .figure(sharesSoFar(rows.subList(0, draws), Chances.of(plan, cells.get(0)), plan.witness() + ", " + cells.get(0)));
  }

  /** The share of lifts with a copy among the first draws, and where the two laws want it to go. */
  private static Figure sharesSoFar(List<Row> rows, Chances chances, String title) {
    List<Row> table = new ArrayList<>();
    int with = 0;
    // Before, chance is all that could be seen.
    double next = Math.min(200, rows.size());
    for (int draw = 1; draw <= rows.size(); draw++) {
      with += rows.get(draw - 1).whole("copies") >= 1 ? 1 : 0;
      if (draw >= next) {
        table.add(Row.start().and("draws", (double) draw).and("share with a copy", (double) with / draw));
        next = Math.min(rows.size(), Math.max(draw + 1, 1.02 * draw));
      }
    }
    return Plot.plot(Row.table("E5", table)).x("draws").line("share with a copy").bound("1 − E(1 − P̂)ⁿ", chances.exact)
        .bound("1 − e^−EN", chances.naive).logX().title(title);
  }
}
