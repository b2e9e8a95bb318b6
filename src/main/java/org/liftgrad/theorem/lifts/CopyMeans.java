package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Interval;
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

/** E4: the mean number of copies of a witness. */
final class CopyMeans {

  private static final double STRETCH = 1.25;

  private CopyMeans() {}

  static Check check() {
    return Check.named("lifts/E4", "How many copies a lift has on average", "lifts/counting", "lifts/copies")
        .asks("Is the mean number of η-copies of a witness the width times the mean of its probability given the layers before?")
        .holdsIf("at all widths and under all laws of edges the mean is within three standard errors of the exact one, the error being exact too")
        .control("the law of the weights, and so ρ: weights are drawn 1.25 times as large", "ρ = 1/5 in place of 1/4 in the file's example")
        .plan(Scale.QUICK, plan("50x400,200x800", List.of("K", "Ber"), 1500))
        .plan(Scale.PAPER, plan("50x400,200x800,400x2000", CopyPlan.EDGES, 4000))
        .plan(Scale.BEYOND, plan("50x400,200x800,400x2000,400x1000000", List.of("K", "Ber"), 4000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(CopyMeans::assurance)
        .runs(CopyMeans::run);
  }

  private static Parameters plan(String widths, List<String> edges, int draws) {
    return CopyPlan.withWidths(CopyPlan.example(), widths)
        .with("edges", String.join(",", edges))
        .whole("draws", draws, 2, 10_000_000, "lifts of each size and law");
  }

  private static Assurance assurance(Parameters parameters) {
    CopyPlan plan = CopyPlan.of(parameters);
    int draws = parameters.whole("draws");
    double falseAlarm = 0;
    double missed = 1;
    for (CopyPlan.Cell cell : plan.cells(parameters)) {
      String last = plan.witness().last();
      CopyLaw law = plan.law(cell);
      double mean = law.mean(last, 0);
      double error = law.deviation(last, 0) / Math.sqrt(draws);
      double low = mean - StandardErrors.ALLOWED * error;
      double high = mean + StandardErrors.ALLOWED * error;
      falseAlarm += StandardErrors.outside(low, high, mean, error);
      if (missed < 1e-9) {
        continue; // One cell that surely tells the control is enough.
      }
      CopyLaw stretched = plan.stretched(STRETCH).law(cell);
      missed *=
          1 - StandardErrors.outside(low, high, stretched.mean(last, 0), stretched.deviation(last, 0) / Math.sqrt(draws));
    }
    return new Assurance(
        Math.min(1, falseAlarm), Math.max(0, 1 - missed),
        "Means are taken as normal, with the exact means and deviations of the counts, under the control too.");
  }

  private static Finding run(Trial trial) {
    Parameters parameters = trial.parameters();
    CopyPlan plan = CopyPlan.of(parameters);
    CopyPlan drawn = trial.controlled() ? plan.stretched(STRETCH) : plan;
    List<CopyPlan.Cell> cells = plan.cells(parameters);
    int draws = parameters.whole("draws");
    List<Row> rows =
        trial.runs(
            cells, draws,
            (cell, draw) ->
                Row.start().and("edges", cell.edges()).and("widths", cell.size()).and("draw", draw)
                    .and("copies", plan.copies(plan.coverage(
                        drawn.lifts(cell).seed(trial.seed("lift " + cell, draw)).sparse()))));
    boolean met = true;
    double worst = -1;
    double measured = 0;
    double predicted = 0;
    double half = 0;
    CopyPlan.Cell farthest = cells.get(0);
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      double mean =
          Summary.mean(rows.subList(c * draws, (c + 1) * draws).stream().mapToDouble(row -> row.number("copies")).toArray());
      CopyLaw law = plan.law(cells.get(c));
      double expected = law.mean(plan.witness().last(), 0);
      double error = law.deviation(plan.witness().last(), 0) / Math.sqrt(draws);
      // Where there can be no copies there must be none.
      double off = error == 0 ? (mean == expected ? 0 : Double.POSITIVE_INFINITY) : Math.abs(mean - expected) / error;
      met &= off <= StandardErrors.ALLOWED;
      found.add(cells.get(c) + ": " + Numbers.rounded(mean, 4) + " against " + Numbers.rounded(expected, 4));
      table.add(
          Row.start().and("edges", cells.get(c).edges()).and("exact mean", expected).and("mean of the draws", mean));
      if (off > worst) {
        worst = off;
        measured = mean;
        predicted = expected;
        half = StandardErrors.ALLOWED * error;
        farthest = cells.get(c);
      }
    }
    return Finding.judged(met, rows)
        .measured("mean number of copies where it is farthest from the exact mean, in standard errors (" + farthest + ")", measured)
        .predicted(predicted)
        .interval(new Interval(measured - half, measured + half, 0.9973))
        .explained(
            "Witness " + plan.witness() + ", " + draws + " lifts of each size and law. Means, and the exact ones: "
                + String.join("; ", found) + ". The farthest is " + Numbers.rounded(worst, 3) + " standard errors off.")
        .figure(
            Plot.plot(Row.table("E4", table)).x("exact mean").by("edges").points("mean of the draws").bound("exact", "exact mean")
                .title("Mean number of copies of " + plan.witness()));
  }
}
