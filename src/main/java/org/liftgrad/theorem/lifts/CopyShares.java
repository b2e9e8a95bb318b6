package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** E9: copies are a share of the width, ever more exactly. */
final class CopyShares {

  private static final double SLOPE = -0.5;
  private static final double ALLOWED = 0.05;
  private static final double CONTROLLED = -0.25;
  private static final double LEVEL = 0.95;

  private CopyShares() {}

  static Check check() {
    return Check.named("lifts/E9", "Copies are a share of the width", "lifts/counting", "lifts/copies")
        .asks("As lifts widen, does the share of copies settle at P with deviations like n^−½, and is a shortfall as rare as the bound says?")
        .holdsIf(
            "the exponent of the deviation of N/n from run to run is within 0.05 of −1/2, and nowhere do more lifts fall short of"
                + " (1 − τ) n P~ than |V_h| exp(−τ² n p~/2) allows (95 % Clopper–Pearson, one-sided)")
        .control("that vertices are drawn independently: they come in groups of √(n/n_min) that are alike", "an exponent off by 0.25")
        .plan(Scale.QUICK, plan(List.of(1000, 4000, 16_000, 64_000), 150))
        .plan(Scale.PAPER, plan(List.of(1000, 10_000, 100_000, 1_000_000), 400))
        .plan(Scale.BEYOND, plan(List.of(1000, 10_000, 100_000, 1_000_000, 4_000_000), 400))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(CopyShares::assurance)
        .runs(CopyShares::run);
  }

  private static Parameters plan(List<Integer> widths, int draws) {
    return CopyPlan.example()
        .wholes("widths", widths, 2, 100_000_000, "n, of all hidden layers; at least two")
        .number("tau", 0.5, 0.01, 0.99, "τ: a count of less than (1 − τ) n P~ falls short")
        .whole("draws", draws, 2, 10_000_000, "lifts of each size and law");
  }

  private static double[] widths(List<CopyPlan.Cell> cells) {
    return cells.stream().mapToDouble(CopyPlan.Cell::lastWidth).toArray();
  }

  private static int groups(CopyPlan.Cell cell, double least) {
    return (int) Math.max(1, StrictMath.round(Math.sqrt(cell.lastWidth() / least)));
  }

  private static Map<String, List<CopyPlan.Cell>> byEdges(Parameters parameters, CopyPlan plan) {
    Map<String, List<CopyPlan.Cell>> cells = new LinkedHashMap<>();
    for (CopyPlan.Cell cell : plan.equalCells(parameters)) {
      cells.computeIfAbsent(cell.edges(), edges -> new ArrayList<>()).add(cell);
    }
    Argument.require(
        Arrays.stream(parameters.wholes("widths")).distinct().count() >= 2, "widths",
        Arrays.toString(parameters.wholes("widths")), "at least two different numbers");
    return cells;
  }

  private static Assurance assurance(Parameters parameters) {
    CopyPlan plan = CopyPlan.of(parameters);
    int draws = parameters.whole("draws");
    double tau = parameters.number("tau");
    double falseAlarm = 0;
    double missed = 1;
    for (List<CopyPlan.Cell> cells : byEdges(parameters, plan).values()) {
      double[] widths = widths(cells);
      double least = Arrays.stream(widths).min().orElseThrow();
      double[] deviations = new double[widths.length];
      double[] controlled = new double[widths.length];
      for (int k = 0; k < widths.length; k++) {
        CopyLaw law = plan.law(cells.get(k));
        double expected = widths[k] * law.probability(plan.witness().last(), 0);
        // Of the logarithm of a deviation found in draws of fourth moment 3 + 1/E N, as of a Poisson law.
        deviations[k] = Math.sqrt((2 + 1 / expected) / (4 * draws));
        controlled[k] = Math.sqrt((2 + groups(cells.get(k), least) / expected) / (4 * draws));
        double bound = law.failureBound(tau);
        double actual = shortfall(plan, law, cells.get(k), tau);
        falseAlarm += new Binomial(draws, actual).probabilityThat(count -> exceeds(count, draws, bound));
      }
      double[] logs = Arrays.stream(widths).map(StrictMath::log).toArray();
      falseAlarm +=
          StandardErrors.outside(SLOPE - ALLOWED, SLOPE + ALLOWED, SLOPE, StandardErrors.ofSlope(logs, deviations));
      missed *=
          1 - StandardErrors.outside(SLOPE - ALLOWED, SLOPE + ALLOWED, CONTROLLED, StandardErrors.ofSlope(logs, controlled));
    }
    return new Assurance(
        Math.min(1, falseAlarm), Math.max(0, Math.min(1, 1 - missed)),
        "The deviation of a logarithm of a deviation is taken from fourth moments of a Poisson law, exponents as normal. Shortfalls"
            + " are counted with binomial laws at the probability of a copy in wide lifts.");
  }

  private static boolean exceeds(int count, int draws, double bound) {
    return new Proportion(count, draws).lowerBound(LEVEL) > bound;
  }

  /** About the probability of a shortfall: of one vertex of the witness or another. */
  private static double shortfall(CopyPlan plan, CopyLaw law, CopyPlan.Cell cell, double tau) {
    double sum = 0;
    for (int layer = 0; layer < plan.witness().layers(); layer++) {
      for (int place = 0; place < plan.witness().vertices(layer); place++) {
        String vertex = "h" + (layer + 1);
        int n = cell.widths().get(layer);
        double needed = (1 - tau) * n * law.tilted(vertex, place, tau);
        sum += new Binomial(n, law.probability(vertex, place)).atMost((int) Math.ceil(needed) - 1);
      }
    }
    return Math.min(1, sum);
  }

  private static Finding run(Trial trial) {
    Parameters parameters = trial.parameters();
    CopyPlan plan = CopyPlan.of(parameters);
    int draws = parameters.whole("draws");
    double tau = parameters.number("tau");
    boolean met = true;
    List<Double> exponents = new ArrayList<>();
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    Map<String, List<CopyPlan.Cell>> byEdges = byEdges(parameters, plan);
    List<CopyPlan.Cell> all = byEdges.values().stream().flatMap(List::stream).toList();
    double least = Arrays.stream(widths(all)).min().orElseThrow();
    List<Row> rows = trial.runs(all, draws, (cell, draw) -> row(trial, plan, cell, least, tau, draw));
    int at = 0;
    for (Map.Entry<String, List<CopyPlan.Cell>> edges : byEdges.entrySet()) {
      double[] widths = widths(edges.getValue());
      double[] deviations = new double[widths.length];
      for (int k = 0; k < widths.length; k++) {
        CopyPlan.Cell cell = edges.getValue().get(k);
        CopyLaw law = plan.law(cell);
        List<Row> runs = rows.subList(at, at += draws);
        double[] shares = runs.stream().mapToDouble(row -> row.number("copies") / cell.lastWidth()).toArray();
        double mean = Summary.mean(shares);
        deviations[k] = Math.sqrt(Arrays.stream(shares).map(share -> (share - mean) * (share - mean)).sum() / (draws - 1));
        int shortfalls = (int) runs.stream().filter(row -> row.yes("falls short")).count();
        double bound = law.failureBound(tau);
        met &= !exceeds(shortfalls, draws, bound);
        found.add(
            cell.edges() + ", n = " + cell.lastWidth() + ": N/n = " + Numbers.rounded(mean, 4) + " ± " + Numbers.rounded(deviations[k], 3)
                + ", P = " + Numbers.rounded(law.probability(plan.witness().last(), 0), 4) + ", " + shortfalls + " of " + draws
                + " fall short, bound " + Numbers.rounded(bound, 3));
        table.add(
            Row.start().and("edges", cell.edges()).and("width", widths[k]).and("deviation of N/n over P", deviations[k]
                / law.probability(plan.witness().last(), 0)));
      }
      // A size without any spread has no logarithm, and no exponent.
      boolean spreads = Arrays.stream(deviations).allMatch(deviation -> deviation > 0);
      double exponent = spreads ? Line.logLog(widths, deviations).slope() : Double.NaN;
      met &= Math.abs(exponent - SLOPE) <= ALLOWED;
      exponents.add(exponent);
    }
    double slope = exponents.stream().max(Comparator.comparingDouble(exponent -> Math.abs(exponent - SLOPE))).orElseThrow();
    return Finding.judged(met, rows)
        .measured("exponent of the deviation of N/n" + (byEdges.size() == 1 ? "" : ", for the law of edges that is farthest off"), slope)
        .predicted(SLOPE)
        .explained(
            "Witness " + plan.witness() + ". Exponent " + Numbers.rounded(slope, 4) + ". " + String.join("; ", found)
                + ". A bound of 1 says nothing.")
        .figure(
            Plot.plot(Row.table("E9", table)).x("width").by("edges").points("deviation of N/n over P").slope("∝ n^−½", -0.5).logLog()
                .title("Relative spread of the share of copies"));
  }

  private static Row row(Trial trial, CopyPlan plan, CopyPlan.Cell cell, double leastWidth, double tau, int draw) {
    LiftedNetwork drawn = plan.lifts(cell).seed(trial.seed("lift " + cell, draw)).sparse();
    Coverage coverage =
        plan.coverage(trial.controlled() ? plan.repeated(drawn, groups(cell, leastWidth)) : drawn);
    CopyLaw law = plan.law(cell);
    boolean falls = false;
    for (int layer = 0; layer < plan.witness().layers(); layer++) {
      for (int place = 0; place < plan.witness().vertices(layer); place++) {
        String vertex = "h" + (layer + 1);
        falls |= coverage.copies(vertex, place) < (1 - tau) * cell.widths().get(layer) * law.tilted(vertex, place, tau);
      }
    }
    return Row.start().and("edges", cell.edges()).and("width", cell.lastWidth()).and("draw", draw)
        .and("copies", plan.copies(coverage)).and("falls short", falls);
  }
}
