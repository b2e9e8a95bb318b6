package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.Coverage;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * E8: the width from which on a copy is likely, for one hidden layer. The first n vertices of a lift are a lift of width
 * n, so that one draw tells of all widths: it has a copy from the place of the first one on.
 */
final class FirstCopy {

  private static final double ALLOWED = 0.1;
  private static final List<String> EDGES = List.of("K", "Ber");

  private FirstCopy() {}

  static Check check() {
    return Check.named("lifts/E8", "How wide for a copy", "lifts/worked-numbers", "lifts/counting")
        .asks("With one hidden layer, is log(1/δ)/p the width from which on there is a copy with probability 1 − δ?")
        .holdsIf("for every δ the least width at which a share of 1 − δ of the draws has a copy is within 10 % of ln(1/δ)/p")
        .control("the in-degree: every vertex draws one parent more", "k + 1, or λ + 1")
        .plan(Scale.QUICK, plan(List.of("K"), 6000))
        .plan(Scale.PAPER, plan(EDGES, 20_000))
        .plan(Scale.BEYOND, plan(EDGES, 200_000).with("delta", "0.1,0.05,0.01,0.001"))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(FirstCopy::assurance)
        .runs(FirstCopy::run);
  }

  private static Parameters plan(List<String> edges, int draws) {
    return CopyPlan.parameters("x1+x2", "uniform:-2:2", 0.5, List.of(2), List.of(1.0))
        .words("edges", edges, EDGES, "K: in-degrees, drawn with replacement; Ber: pairs with λ/n_a")
        .numbers("delta", List.of(0.1, 0.05, 0.01), 1e-6, 0.5, "δ: how often there may be no copy")
        .whole("draws", draws, 2, 10_000_000, "lifts of each law");
  }

  private record Cell(String edges) {
    CopyPlan.Cell wide(int width) {
      return new CopyPlan.Cell(edges, List.of(width));
    }

    @Override
    public String toString() {
      return edges;
    }
  }

  private static double probability(CopyPlan plan, Cell cell) {
    return plan.law(cell.wide(1)).probability("h1", 0);
  }

  /** Lifts are so wide that hardly any has no copy; one without counts as one that would have had it next. */
  private static int width(Parameters parameters, double probability) {
    double least = Arrays.stream(parameters.numbers("delta")).min().orElseThrow();
    double width = Math.ceil(1.5 * StrictMath.log(1 / least) / probability) + 1;
    Argument.require(
        width <= 5e7, "witness", "“" + parameters.text("witness") + "”",
        "one with copies in lifts of at most 5e7 vertices, not " + Numbers.rounded(width, 3));
    return (int) width;
  }

  private static CopyPlan read(Parameters parameters) {
    CopyPlan plan = CopyPlan.of(parameters);
    Argument.require(
        plan.witness().layers() == 1, "witness", "“" + plan.witness() + "”", "one with a single hidden layer");
    return plan;
  }

  private static Assurance assurance(Parameters parameters) {
    CopyPlan plan = read(parameters);
    int draws = parameters.whole("draws");
    double falseAlarm = 0;
    double missed = 1;
    for (String edges : parameters.words("edges")) {
      Cell cell = new Cell(edges);
      double p = probability(plan, cell);
      double controlled = probability(plan.oneEdgeMore(), cell);
      for (double delta : parameters.numbers("delta")) {
        falseAlarm += 1 - within(p, p, delta, draws);
        missed = Math.min(missed, within(p, controlled, delta, draws));
      }
    }
    return new Assurance(
        Math.min(1, falseAlarm), Math.max(0, 1 - missed),
        "Exact: the number of draws with a copy among so many vertices is binomial, with the probability of a geometric law. The"
            + " rates of all δ and laws are added up; the power is that of the one that tells most.");
  }

  /** The probability that the least width is within what is allowed, where a vertex is a copy with another probability. */
  private static double within(double p, double actual, double delta, int draws) {
    double target = StrictMath.log(1 / delta) / p;
    int needed = (int) Math.ceil((1 - delta) * draws - 1e-9);
    int low = (int) Math.ceil((1 - ALLOWED) * target) - 1;
    int high = (int) Math.floor((1 + ALLOWED) * target);
    return Math.max(0, reached(high, actual, needed, draws) - reached(low, actual, needed, draws));
  }

  /** The probability that so many draws at least have a copy among their first vertices. */
  private static double reached(int vertices, double p, int needed, int draws) {
    return new Binomial(draws, -StrictMath.expm1(vertices * StrictMath.log1p(-p))).atLeast(needed);
  }

  private static Finding run(Trial trial) {
    Parameters parameters = trial.parameters();
    CopyPlan plan = read(parameters);
    CopyPlan drawn = trial.controlled() ? plan.oneEdgeMore() : plan;
    List<Cell> cells = parameters.words("edges").stream().map(Cell::new).toList();
    int draws = parameters.whole("draws");
    List<Row> rows =
        trial.runs(
            cells, draws,
            (cell, draw) -> {
              int width = width(parameters, probability(plan, cell));
              Coverage coverage =
                  plan.coverage(drawn.lifts(cell.wide(width)).seed(trial.seed("lift " + cell, draw)).sparse());
              int first = 0;
              while (first < width && !coverage.isCopy("h1", 0, first)) {
                first++;
              }
              return Row.start().and("edges", cell.edges).and("draw", draw).and("first copy", first + 1L);
            });
    boolean met = true;
    double worst = 1;
    String where = "";
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      double p = probability(plan, cells.get(c));
      long[] first =
          rows.subList(c * draws, (c + 1) * draws).stream().mapToLong(row -> row.whole("first copy")).sorted().toArray();
      for (double delta : parameters.numbers("delta")) {
        long least = first[Math.max(0, (int) Math.ceil((1 - delta) * draws - 1e-9) - 1)];
        double predicted = StrictMath.log(1 / delta) / p;
        double ratio = least / predicted;
        met &= Math.abs(ratio - 1) <= ALLOWED;
        if (where.isEmpty() || Math.abs(ratio - 1) > Math.abs(worst - 1)) {
          worst = ratio;
          where = cells.get(c) + ", δ = " + Numbers.exact(delta);
        }
        found.add(cells.get(c) + ", δ = " + Numbers.exact(delta) + ": " + least + " against " + Numbers.rounded(predicted, 4));
        table.add(
            Row.start().and("edges", cells.get(c).edges).and("1/δ", 1 / delta).and("least width", (double) least)
                .and("ln(1/δ)/p", predicted));
      }
    }
    return Finding.judged(met, rows)
        .measured("least width over ln(1/δ)/p where it is farthest from 1 (" + where + ")", worst)
        .predicted(1)
        .explained("Witness " + plan.witness() + ", " + draws + " lifts of each law. Least widths: " + String.join("; ", found) + ".")
        .figure(
            Plot.plot(Row.table("E8", table)).x("1/δ").by("edges").points("least width").bound("ln(1/δ)/p").logX()
                .title("The width from which on there is a copy"));
  }
}
