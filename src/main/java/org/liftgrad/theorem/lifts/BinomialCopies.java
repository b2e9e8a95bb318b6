package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.ChiSquared;
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
 * E6: given the layers before, the number of copies is binomial. Each count is put where a uniform number between its
 * distribution function and the value just before leads: under the law that place is uniform on (0, 1) exactly, whatever
 * the probability, and so counts of many laws can be joined.
 */
final class BinomialCopies {

  private static final double LEVEL = 0.01;
  private static final int CLASSES = 10;
  private static final int TIMES = 2;

  private BinomialCopies() {}

  static Check check() {
    return Check.named("lifts/E6", "Given the layers before, the count is binomial", "lifts/counting")
        .asks("Given the counts in the layers before, is the number of copies binomial, with the product of the shares as its probability?")
        .holdsIf(
            "the chi-squared test of the counts against their binomial laws, over ten classes of equal probability, has p > 0.01 at"
                + " all widths and under all laws of edges, p times the number of tests")
        .control("that the vertices of a fibre are drawn independently: every second one repeats the one before", "pairs of vertices")
        .plan(Scale.QUICK, plan("50x400,200x800", List.of("K"), 2000))
        .plan(Scale.PAPER, plan("50x400,200x800,400x2000", CopyPlan.EDGES, 4000))
        .plan(Scale.BEYOND, plan("50x400,200x800,400x2000,2000x100000", CopyPlan.EDGES, 20_000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(BinomialCopies::assurance)
        .runs(BinomialCopies::run);
  }

  private static Parameters plan(String widths, List<String> edges, int draws) {
    return CopyPlan.withWidths(CopyPlan.example(), widths)
        .with("edges", String.join(",", edges))
        .whole("draws", draws, 50, 10_000_000, "lifts of each size and law");
  }

  /** How often the class of each place is met where counts are twice a binomial of half the size. */
  private static double[] inPairs(int width, double probability) {
    Binomial half = new Binomial(width / TIMES, probability);
    Binomial whole = new Binomial(width, probability);
    double[] classes = new double[CLASSES];
    int most = half.quantile(1 - 1e-12);
    for (int pairs = 0; pairs <= most; pairs++) {
      double low = whole.atMost(TIMES * pairs - 1);
      double high = whole.atMost(TIMES * pairs);
      for (int k = 0; k < CLASSES; k++) {
        double common = Math.min(high, (k + 1.0) / CLASSES) - Math.max(low, (double) k / CLASSES);
        classes[k] += high > low && common > 0 ? half.exactly(pairs) * common / (high - low) : 0;
      }
    }
    return classes;
  }

  /** Above this value the test rejects. */
  private static double threshold(int tests) {
    double low = 0;
    double high = 1000;
    for (int k = 0; k < 60; k++) {
      double middle = (low + high) / 2;
      if (ChiSquared.tail(middle, CLASSES - 1) > LEVEL / tests) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  private static Assurance assurance(Parameters parameters) {
    CopyPlan plan = CopyPlan.of(parameters);
    List<CopyPlan.Cell> cells = plan.cells(parameters);
    double missed = 1;
    for (CopyPlan.Cell cell : cells) {
      double probability = plan.law(cell).probability(plan.witness().last(), 0);
      double distance = 0;
      for (double share : inPairs(cell.lastWidth(), probability)) {
        distance += parameters.whole("draws") * (share - 1.0 / CLASSES) * (share - 1.0 / CLASSES) * CLASSES;
      }
      double degrees = CLASSES - 1;
      missed *=
          1 - StandardErrors.outside(
              Double.NEGATIVE_INFINITY, threshold(cells.size()), degrees + distance, Math.sqrt(2 * (degrees + 2 * distance)));
    }
    return new Assurance(
        LEVEL, Math.max(0, 1 - missed),
        "The tests together reject with probability 0.01 at most. With the control in place the statistic is taken as normal, with"
            + " the mean and the variance of a non-central chi-squared law, at the probability of a copy in wide lifts.");
  }

  private static Finding run(Trial trial) {
    Parameters parameters = trial.parameters();
    CopyPlan plan = CopyPlan.of(parameters);
    List<CopyPlan.Cell> cells = plan.cells(parameters);
    int draws = parameters.whole("draws");
    Map<CopyPlan.Cell, CopyLaw> laws = new LinkedHashMap<>();
    cells.forEach(cell -> laws.put(cell, plan.law(cell)));
    List<Row> rows = trial.runs(cells, draws, (cell, draw) -> row(trial, plan, cell, laws.get(cell), draw));
    double least = 1;
    CopyPlan.Cell worst = cells.get(0);
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      long[] counts = new long[CLASSES];
      for (Row row : rows.subList(c * draws, (c + 1) * draws)) {
        counts[(int) Math.min(CLASSES - 1, CLASSES * row.number("place in its law"))]++;
      }
      double[] even = new double[CLASSES];
      Arrays.fill(even, 1.0 / CLASSES);
      double p = ChiSquared.goodnessOfFit(even, counts).pValue();
      for (int k = 0; k < CLASSES; k++) {
        table.add(
            Row.start().and("size", cells.get(c).toString()).and("place in its law", (k + 0.5) / CLASSES)
                .and("share of draws", (double) counts[k] / draws));
      }
      found.add(cells.get(c) + ": p = " + Numbers.rounded(p, 3));
      if (p < least) {
        least = p;
        worst = cells.get(c);
      }
    }
    return Finding.judged(least * cells.size() > LEVEL, rows)
        .measured("least p of the chi-squared tests times their number (" + worst + ")", Math.min(1, least * cells.size()))
        .explained(
            "Witness " + plan.witness() + ", " + draws + " lifts of each size and law. " + String.join("; ", found)
                + ". Chance alone makes the least p times the number of tests smaller than 0.01 once in a hundred runs.")
        .figure(
            Plot.plot(Row.table("E6", table)).x("place in its law").by("size").points("share of draws").bound("uniform", 1.0 / CLASSES)
                .title("Where counts lie in their binomial laws"));
  }

  private static Row row(Trial trial, CopyPlan plan, CopyPlan.Cell cell, CopyLaw law, int draw) {
    LiftedNetwork drawn = plan.lifts(cell).seed(trial.seed("lift " + cell, draw)).sparse();
    Coverage coverage = plan.coverage(trial.controlled() ? plan.repeated(drawn, TIMES) : drawn);
    double probability = Math.min(1, law.givenEarlier(coverage, plan.witness().last(), 0));
    int copies = plan.copies(coverage);
    Binomial binomial = new Binomial(cell.lastWidth(), probability);
    double below = copies == 0 ? 0 : binomial.atMost(copies - 1);
    double place = below + trial.stream("place " + cell, draw).nextUniform() * (binomial.atMost(copies) - below);
    return Row.start().and("edges", cell.edges()).and("widths", cell.size()).and("draw", draw).and("copies", copies)
        .and("probability given the layers before", probability).and("place in its law", place);
  }
}
