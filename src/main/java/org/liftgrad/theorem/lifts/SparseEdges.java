package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Edges;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.ChiSquared;
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

/** E1: in-degrees of random sparse edges, and how many edges there are. */
final class SparseEdges {

  private static final double LEVEL = 0.01;
  private static final double ALLOWED = 0.02;
  private static final double WRONG_EXPONENT = 0.25;

  private SparseEdges() {}

  static Check check() {
    return Check.named("lifts/E1", "In-degrees of both laws, and edges in proportion to the width", "lifts/definition-4.2")
        .asks("Have all vertices in-degree k under law (K), binomial in-degrees under law (Ber), and does the number of edges grow like n?")
        .holdsIf(
            "under (K) every in-degree is k, under (Ber) the chi-squared tests against the binomial law have p > 0.01, the least p"
                + " times their number, and the exponents of the number of edges are within 0.02 of 1")
        .control("the mechanism: degrees grow like n^¼ from the narrowest lift on", "an exponent off by 0.25")
        .plan(Scale.QUICK, plan(List.of(1000, 10_000, 100_000), 2))
        .plan(Scale.PAPER, plan(List.of(1000, 10_000, 100_000), 50))
        .plan(Scale.BEYOND, plan(List.of(1000, 10_000, 100_000, 1_000_000, 10_000_000), 20))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(SparseEdges::assurance)
        .runs(SparseEdges::run);
  }

  private static Parameters plan(List<Integer> widths, int runs) {
    return Parameters.none()
        .wholes("widths", widths, 100, 100_000_000, "n, of both fibres; at least two")
        .words("edges", List.of("K", "Ber"), List.of("K", "Ber"), "K: k parents each; Ber: pairs with probability λ/n")
        .whole("inDegree", 3, 1, 100, "k")
        .number("lambda", 3, 0.1, 50, "λ")
        .whole("runs", runs, 1, 1_000_000, "draws of each size and law");
  }

  private record Cell(String law, int width) {
    @Override
    public String toString() {
      return law + " " + width;
    }
  }

  private static double[] widths(Parameters plan) {
    double[] widths = Arrays.stream(plan.wholes("widths")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(widths.length >= 2, "widths", Arrays.toString(widths), "at least two different numbers");
    return widths;
  }

  private static Assurance assurance(Parameters plan) {
    double[] widths = widths(plan);
    double lambda = plan.number("lambda");
    double[] deviations = Arrays.stream(widths).map(n -> 1 / Math.sqrt(n * lambda * plan.whole("runs"))).toArray();
    double error = StandardErrors.ofSlope(Arrays.stream(widths).map(StrictMath::log).toArray(), deviations);
    boolean bernoulli = plan.words("edges").contains("Ber");
    int degree = plan.whole("inDegree");
    boolean fixedTells =
        plan.words("edges").contains("K") && Arrays.stream(widths).anyMatch(n -> degree(degree, n, widths[0], true) != degree);
    double bernoulliTells =
        bernoulli ? StandardErrors.outside(1 - ALLOWED, 1 + ALLOWED, 1 + WRONG_EXPONENT, error) : 0;
    return new Assurance(
        bernoulli ? Math.min(1, LEVEL + StandardErrors.outside(1 - ALLOWED, 1 + ALLOWED, 1, error)) : 0,
        fixedTells ? 1 : bernoulliTells,
        "Under (K) all is certain. The tests of (Ber) together reject with probability 0.01 at most, and its number of edges is"
            + " binomial, its logarithm taken as normal. With the control in place exponents are 0.25 off, many standard errors.");
  }

  private static int degree(int degree, double width, double narrowest, boolean controlled) {
    return (int) StrictMath.round(degree * (controlled ? StrictMath.pow(width / narrowest, WRONG_EXPONENT) : 1));
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] widths = widths(plan);
    List<Cell> cells = new ArrayList<>();
    for (String law : plan.words("edges")) {
      for (double width : widths) {
        cells.add(new Cell(law, (int) width));
      }
    }
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, run) -> row(trial, cell, widths[0], run));
    boolean met = true;
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    double worst = 1;
    for (String law : plan.words("edges")) {
      double[] edges =
          Arrays.stream(widths).map(width -> Summary.mean(column(rows, law, width, "edges"))).toArray();
      double exponent = Line.logLog(widths, edges).slope();
      met &= Math.abs(exponent - 1) <= ALLOWED;
      worst = Math.abs(exponent - 1) >= Math.abs(worst - 1) ? exponent : worst;
      found.add("(" + law + "): exponent " + Numbers.rounded(exponent, 5));
      for (int k = 0; k < widths.length; k++) {
        table.add(Row.start().and("law", law).and("width", widths[k]).and("edges", edges[k]));
      }
    }
    long wrong = rows.stream().mapToLong(row -> row.whole("in-degrees that are not k")).sum();
    double[] p = rows.stream().filter(row -> row.text("law").equals("Ber")).mapToDouble(row -> row.number("p")).toArray();
    double least = Math.min(1, Arrays.stream(p).min().orElse(1) * p.length);
    met &= wrong == 0 && (p.length == 0 || least > LEVEL);
    return Finding.judged(met, rows)
        .measured("exponent of the number of edges, where it is farthest from 1", worst)
        .predicted(1)
        .explained(
            String.join("; ", found) + ". Under (K) " + wrong + " in-degrees are not k."
                + (p.length == 0 ? "" : " Of " + p.length + " tests of binomial in-degrees the least p, times their number, is "
                    + Numbers.rounded(least, 3) + "."))
        .figure(
            Plot.plot(Row.table("E1", table)).x("width").by("law").points("edges").slope("∝ n", 1).slope("full lift: ∝ n²", 2).logLog()
                .title("Edges between two fibres of n"));
  }

  private static double[] column(List<Row> rows, String law, double width, String name) {
    return rows.stream().filter(row -> row.text("law").equals(law) && row.whole("width") == (long) width)
        .mapToDouble(row -> row.number(name)).toArray();
  }

  private static Row row(Trial trial, Cell cell, double narrowest, int run) {
    Parameters plan = trial.parameters();
    int n = cell.width;
    double wrong = trial.controlled() ? StrictMath.pow(n / narrowest, WRONG_EXPONENT) : 1;
    boolean fixed = cell.law.equals("K");
    int degree = plan.whole("inDegree");
    double lambda = plan.number("lambda");
    EdgeLaw law =
        fixed ? EdgeLaw.inDegree(degree(degree, n, narrowest, trial.controlled())) : EdgeLaw.bernoulli(wrong * lambda);
    Edges edges = law.draw(n, n, trial.seed("edges " + cell.law, n, run), 0);
    long[] counts = new long[edges.mostInDegree() + 1];
    for (int v = 0; v < n; v++) {
      counts[edges.inDegree(v)]++;
    }
    return Row.start().and("law", cell.law).and("width", n).and("run", run).and("edges", edges.count())
        .and("in-degrees that are not k", fixed ? n - (degree < counts.length ? counts[degree] : 0) : 0L)
        .and("p", fixed ? Double.NaN : p(counts, new Binomial(n, Math.min(1, lambda / n))));
  }

  /** Of the chi-squared test of counts, whose tails are joined until five are expected in every class. */
  private static double p(long[] counts, Binomial law) {
    List<Double> probabilities = new ArrayList<>();
    List<Long> joined = new ArrayList<>();
    double probability = 0;
    long count = 0;
    for (int degree = 0; law.atLeast(degree) * law.trials() >= 5; degree++) {
      probability += law.exactly(degree);
      count += degree < counts.length ? counts[degree] : 0;
      if (probability * law.trials() >= 5 && law.atLeast(degree + 1) * law.trials() >= 5) {
        probabilities.add(probability);
        joined.add(count);
        probability = 0;
        count = 0;
      }
    }
    // The last class has all the rest.
    probabilities.add(1 - probabilities.stream().mapToDouble(Double::doubleValue).sum());
    joined.add(Arrays.stream(counts).sum() - joined.stream().mapToLong(Long::longValue).sum());
    return ChiSquared.goodnessOfFit(
            probabilities.stream().mapToDouble(Double::doubleValue).toArray(), joined.stream().mapToLong(Long::longValue).toArray())
        .pValue();
  }
}
