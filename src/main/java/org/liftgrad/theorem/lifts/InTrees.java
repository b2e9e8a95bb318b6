package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Edges;
import org.liftgrad.plot.Plot;
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

/** E10: what a vertex sees two layers down is a tree, nearly always. */
final class InTrees {

  private static final double ALLOWED = 0.05;
  private static final double ALLOWED_CONSTANT = 0.1;
  private static final double WRONG_EXPONENT = 0.25;

  private InTrees() {}

  static Check check() {
    return Check.named("lifts/E10", "What a vertex sees is a tree", "lifts/copies")
        .asks("Under law (K), is the share of vertices that reach a hidden vertex two layers down or one down in two ways about 7/n for k = 2?")
        .holdsIf("the exponent of the share is within 0.05 of −1, and n times the share within 10 % of k(k − 1)/2 + k²(k² − 1)/2")
        .control("that parents come from the whole fibre: they come from its first n^¾ vertices", "an exponent off by 0.25")
        .plan(Scale.QUICK, plan(List.of(200, 600, 2000, 6000), 500))
        .plan(Scale.PAPER, plan(List.of(200, 1000, 10_000, 100_000), 1000))
        .plan(Scale.BEYOND, plan(List.of(200, 1000, 10_000, 100_000, 1_000_000), 1000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(InTrees::assurance)
        .runs(InTrees::run);
  }

  private static Parameters plan(List<Integer> widths, int draws) {
    return Parameters.none()
        .wholes("widths", widths, 10, 100_000_000, "n, of three fibres; at least two")
        .whole("inDegree", 2, 2, 20, "k")
        .whole("draws", draws, 1, 1_000_000, "draws of each size");
  }

  private static double[] widths(Parameters plan) {
    double[] widths = Arrays.stream(plan.wholes("widths")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(widths.length >= 2, "widths", Arrays.toString(widths), "at least two different numbers");
    return widths;
  }

  /** Pairs of parents, and pairs of their parents. */
  private static double constant(int degree) {
    double grandparents = (double) degree * degree;
    return (degree * (degree - 1.0) + grandparents * (grandparents - 1)) / 2;
  }

  /** 1 − ∏ (1 − j/n) over parents and over their parents. */
  private static double exact(int degree, double width) {
    double tree = 1;
    for (int j = 0; j < degree; j++) {
      tree *= 1 - j / width;
    }
    for (int j = 0; j < degree * degree; j++) {
      tree *= Math.max(0, 1 - j / width);
    }
    return 1 - tree;
  }

  private static Assurance assurance(Parameters plan) {
    double[] widths = widths(plan);
    int k = plan.whole("inDegree");
    double constant = constant(k);
    // A pair of parents spoils one vertex, a pair below a parent all that read it: a compound Poisson law, of variance
    // k(k − 1)/2 times 1 + E C² + k², for C Poisson of mean k.
    double variance = k * (k - 1) / 2.0 * (1 + k + k * k + k * k);
    double[] deviations = new double[widths.length];
    double[] logs = new double[widths.length];
    double[] curve = new double[widths.length];
    double constantError = 0;
    double offset = 0;
    for (int i = 0; i < widths.length; i++) {
      deviations[i] = Math.sqrt(variance / plan.whole("draws")) / constant;
      logs[i] = StrictMath.log(widths[i]);
      curve[i] = StrictMath.log(exact(k, widths[i]));
      constantError += deviations[i] * deviations[i] / widths.length / widths.length;
      offset += (curve[i] + logs[i] - StrictMath.log(constant)) / widths.length;
    }
    double slope = Line.fit(logs, curve).slope();
    double error = StandardErrors.ofSlope(logs, deviations);
    double low = StrictMath.log(1 - ALLOWED_CONSTANT);
    double high = StrictMath.log(1 + ALLOWED_CONSTANT);
    return new Assurance(
        Math.min(
            1,
            StandardErrors.outside(-1 - ALLOWED, -1 + ALLOWED, slope, error)
                + StandardErrors.outside(low, high, offset, Math.sqrt(constantError))),
        StandardErrors.outside(-1 - ALLOWED, -1 + ALLOWED, slope + WRONG_EXPONENT, error),
        "The exact shares at these n, with the variance of a compound Poisson law for the number in a draw; logarithms are taken as normal.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] widths = widths(plan);
    int k = plan.whole("inDegree");
    int draws = plan.whole("draws");
    List<Integer> cells = Arrays.stream(widths).mapToObj(width -> (int) width).toList();
    List<Row> rows =
        trial.runs(
            cells, draws,
            (n, draw) -> Row.start().and("width", n).and("draw", draw).and("no trees", noTrees(trial, n, draw)));
    double[] shares = new double[widths.length];
    double logConstant = 0;
    List<Row> table = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int c = 0; c < widths.length; c++) {
      double mean =
          Summary.mean(rows.subList(c * draws, (c + 1) * draws).stream().mapToDouble(row -> row.number("no trees")).toArray());
      shares[c] = mean / widths[c];
      logConstant += StrictMath.log(mean) / widths.length;
      found.add("n = " + cells.get(c) + ": " + Numbers.rounded(mean, 4) + "/n, exactly " + Numbers.rounded(widths[c] * exact(k, widths[c]), 4) + "/n");
      table.add(Row.start().and("width", widths[c]).and("share, no tree", shares[c]).and("exact", exact(k, widths[c])));
    }
    boolean some = Arrays.stream(shares).allMatch(share -> share > 0);
    Line line = some ? Line.logLog(widths, shares) : new Line(Double.NaN, 0, 0, 0, 0, 0, widths.length);
    double ratio = StrictMath.exp(logConstant) / constant(k);
    boolean met = Math.abs(line.slope() + 1) <= ALLOWED && Math.abs(ratio - 1) <= ALLOWED_CONSTANT;
    Finding finding =
        Finding.judged(met, rows)
            .measured("exponent of the share of vertices whose neighbourhood is no tree", line.slope())
            .predicted(-1)
            .explained(
                "Shares: " + String.join("; ", found) + ". Their constant, a geometric mean, is "
                    + Numbers.rounded(StrictMath.exp(logConstant), 4) + "; counting pairs gives " + Numbers.rounded(constant(k), 4) + ".")
            .figure(
                Plot.plot(Row.table("E10", table)).x("width").points("share, no tree").bound("exact", "exact").logLog()
                    .title("In-neighbourhoods of depth 2"));
    return some && widths.length > 2 ? finding.interval(interval(line)) : finding;
  }

  private static Interval interval(Line line) {
    return line.slopeInterval(0.95);
  }

  /** How many vertices of the last of three fibres see some vertex twice. */
  private static int noTrees(Trial trial, int n, int draw) {
    int k = trial.parameters().whole("inDegree");
    int among = trial.controlled() ? (int) Math.ceil(StrictMath.pow(n, 1 - WRONG_EXPONENT)) : n;
    long seed = trial.seed("edges", n, draw);
    Edges last = EdgeLaw.inDegree(k).draw(among, n, seed, 1);
    Edges before = EdgeLaw.inDegree(k).draw(among, n, seed, 0);
    int[] seen = new int[k * k];
    int count = 0;
    for (int v = 0; v < n; v++) {
      boolean twice = false;
      for (int e = last.first(v); e < last.first(v + 1); e++) {
        // Edges of one target are sorted by source.
        twice |= e > last.first(v) && last.source(e) == last.source(e - 1);
        for (int g = 0; g < k; g++) {
          seen[(e - last.first(v)) * k + g] = before.source(before.first(last.source(e)) + g);
        }
      }
      if (!twice) {
        Arrays.sort(seen);
        for (int g = 1; g < seen.length; g++) {
          twice |= seen[g] == seen[g - 1];
        }
      }
      count += twice ? 1 : 0;
    }
    return count;
  }
}
