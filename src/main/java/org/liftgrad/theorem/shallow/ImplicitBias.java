package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.hipparchus.distribution.continuous.TDistribution;
import org.hipparchus.stat.correlation.SpearmansCorrelation;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
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

/**
 * E2c: neurons of unequal size are slower. The authors answer a reviewer that neurons of equal size go with a rate of order
 * 1/√n and very unequal ones with 1/n. Four laws of |a_j| at the start, all with mean square 1 and well over ‖w_j‖; how
 * unequal they are is p Σ a⁴/(Σ a²)², one over the share of neurons that take part.
 */
final class ImplicitBias {

  private ImplicitBias() {}

  private static final List<String> LAWS = List.of("equal", "exponential", "pareto3", "pareto1.5");
  private static final double LEVEL = 0.01;

  /** 25 runs of each law gave −0.54 at n = 64 and −0.75 at n = 128, p = 4p₁, seed 1001. */
  private static final double SEEN = -0.5;

  static Check check() {
    return Check.named("shallow/E2c", "Unequal neurons are slower", "shallow/implicit-bias")
        .asks("Is the asymptotic rate smaller where the readouts of the start are more unequal?")
        .holdsIf(
            "at every n the rank correlation (Spearman) between p Σ a⁴/(Σ a²)² of the start and √n μ is below 0 with p < 0.01, two-sided,"
                + " over the runs of all laws of |a_j|")
        .control(
            "the mechanism: a group initialisation of p groups, where neurons do not share points and what a neuron comes to does not depend on its start",
            "no correlation")
        .plan(Scale.QUICK, plan(List.of(64, 128), 25))
        .plan(Scale.PAPER, plan(List.of(128, 256, 512, 1024), 200))
        .plan(Scale.BEYOND, plan(List.of(128, 256, 512, 1024, 2048, 4096), 400))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(ImplicitBias::assurance)
        .runs(ImplicitBias::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 16_384, "numbers of points n; d = n")
        .number("widthFactor", 4, 0.1, 1000, "width p, over p₁ = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .number("controlGroups", 8, 2, 1000, "groups in the control")
        .number("epsilon", 0.05, 1e-12, 0.5, "ε of p₁")
        .words("laws", LAWS, LAWS, "laws of |a_j| at the start: equal, exponential, or with a tail x^−3 or x^−1.5")
        .number("weightScale", 0.01, 1e-6, 1, "what the weights are multiplied by")
        .whole("runs", runs, 2, 100_000, "runs a size and law, each with data and a well-initialised start of its own");
  }

  private record Cell(int points, int neurons, String law) {}

  private static Assurance assurance(Parameters plan) {
    int runs = plan.whole("runs") * plan.words("laws").size();
    int sizes = (int) Arrays.stream(plan.wholes("points")).distinct().count();
    if (plan.words("laws").size() < 2) {
      return new Assurance(1, 0, "One law has nothing to be compared with.");
    }
    // Fisher's transform of a rank correlation has a variance of about 1.06/(runs − 3).
    double deviation = Math.sqrt(1.06 / Math.max(1, runs - 3));
    double seen = StrictMath.log((1 - SEEN) / (1 + SEEN)) / 2;
    return new Assurance(
        Math.min(1, sizes * Exponent.tail(seen / deviation - 2.58)),
        1 - StrictMath.pow(LEVEL / 2, sizes),
        "Fisher's transform of a rank correlation of " + SEEN + " (25 runs a law, seed 1001: −0.54 at n = 64 and −0.75 at n = 128) over " + runs
            + " runs; with the control there is none, and each of " + sizes + " sizes would be taken for one with probability " + LEVEL / 2 + ".");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    int[] points = Arrays.stream(plan.wholes("points")).distinct().sorted().toArray();
    List<Cell> cells = new ArrayList<>();
    for (int n : points) {
      int neurons =
          trial.controlled()
              ? (int) plan.number("controlGroups")
              : (int) Math.round(plan.number("widthFactor") * Width.widthFor(n, plan.number("epsilon")));
      for (String law : plan.words("laws")) {
        cells.add(new Cell(n, neurons, law));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    boolean met = true;
    double weakest = Double.NEGATIVE_INFINITY;
    List<String> seen = new ArrayList<>();
    for (int n : points) {
      List<Row> those = rows.stream().filter(row -> row.whole("points") == n).toList();
      double correlation = spearman(those, row -> row.number("inequality at the start"));
      double chance = chance(correlation, those.size());
      met &= correlation < 0 && chance < LEVEL;
      weakest = Math.max(weakest, correlation);
      seen.add(
          "n = " + n + ": " + Numbers.rounded(correlation, 3) + " (p = " + Numbers.rounded(chance, 2) + "), with the inequality at the end "
              + Numbers.rounded(spearman(those, row -> row.number("inequality at the end")), 3));
    }
    List<String> laws = new ArrayList<>();
    for (String law : plan.words("laws")) {
      List<Row> those = rows.stream().filter(row -> row.text("law").equals(law)).toList();
      double[] last =
          those.stream().filter(row -> row.whole("points") == points[points.length - 1]).mapToDouble(row -> row.number("√n rate")).toArray();
      String exponent = "";
      if (points.length > 1) {
        double[] sizes = Arrays.stream(points).asDoubleStream().toArray();
        Exponent of = Exponent.of(those, sizes, "rate", trial.seed("bootstrap " + law));
        exponent = ", exponent of μ " + Numbers.rounded(of.slope(), 3) + " [" + Numbers.rounded(of.interval().lower(), 3) + ", "
            + Numbers.rounded(of.interval().upper(), 3) + "]";
      }
      laws.add(law + ": √n μ " + Numbers.rounded(Summary.median(last), 3) + " in the median at n = " + points[points.length - 1] + exponent);
    }
    Finding finding =
        Finding.judged(met, rows)
            .measured("rank correlation of inequality at the start and √n μ, the weakest over n", weakest)
            .predicted(0)
            .interval(fisher(weakest, rows.size() / points.length))
            .explained("Rank correlations at " + String.join("; ", seen) + ". " + String.join("; ", laws) + ".")
            .figure(
                Plot.plot(Row.table("E2c", rows)).x("inequality at the start").by("law").points("√n rate").logLog()
                    .title("Unequal readouts at the start and the asymptotic rate"));
    return trial.controlled() ? finding.outside("random initialisation: the control is a group initialisation") : finding;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Starts.Drawn drawn = Starts.wellInitialised(attempt -> network(trial, cell, replicate, attempt));
    ShallowNetwork start = drawn.network();
    OrthogonalFlow flow = OrthogonalFlow.of(start);
    if (!flow.follow(1e-12, 1e4 * cell.points)) {
      throw new IllegalStateException("a well-initialised start was not fitted by t = " + flow.time() + ", so there is no verdict");
    }
    double rate = flow.asymptoticRate();
    return Row.start().and("points", cell.points).and("neurons", cell.neurons).and("law", cell.law).and("run", replicate)
        .and("passed over", drawn.passedOver()).and("inequality at the start", inequality(start.readout()))
        .and("inequality at the end", inequality(flow.readout())).and("rate", rate).and("√n rate", Math.sqrt(cell.points) * rate);
  }

  private static ShallowNetwork network(Trial trial, Cell cell, int replicate, int attempt) {
    // Every law has the same data, weights and signs.
    long[] address = {cell.points, cell.neurons, replicate, attempt};
    OrthogonalData data = OrthogonalData.orthogonalData().points(cell.points).seed(trial.seed("data", address));
    ShallowNetworks networks =
        ShallowNetworks.shallowNetwork((trial.controlled() ? data.groups(cell.neurons) : data).build())
            .weightScale(trial.parameters().number("weightScale")).seed(trial.seed("start", address));
    ShallowNetwork start = (trial.controlled() ? networks.groupInitialisation() : networks.neurons(cell.neurons)).build();
    double[] sizes = sizes(cell.law, cell.neurons, trial.stream("sizes", address));
    double[] readout = start.readout();
    double[] squaredNorms = start.squaredWeightNorms();
    for (int j = 0; j < readout.length; j++) {
      // Assumption 1 holds.
      readout[j] = Math.signum(readout[j]) * Math.max(sizes[j], Math.sqrt(squaredNorms[j]));
    }
    return start.withReadout(readout);
  }

  /** Sizes of mean square 1. */
  private static double[] sizes(String law, int neurons, RandomStream stream) {
    double[] sizes = new double[neurons];
    double squares = 0;
    for (int j = 0; j < neurons; j++) {
      sizes[j] =
          switch (law) {
            case "equal" -> 1;
            case "exponential" -> stream.nextExponential();
            default -> StrictMath.pow(stream.nextUniform(), -1 / Double.parseDouble(law.substring("pareto".length())));
          };
      squares += sizes[j] * sizes[j];
    }
    double factor = Math.sqrt(neurons / squares);
    return Arrays.stream(sizes).map(size -> factor * size).toArray();
  }

  private static double inequality(double[] readout) {
    double squares = 0;
    double fourths = 0;
    for (double a : readout) {
      squares += a * a;
      fourths += a * a * a * a;
    }
    return readout.length * fourths / (squares * squares);
  }

  private static double spearman(List<Row> rows, ToDoubleFunction<Row> inequality) {
    // Equal readouts are equally unequal but for rounding.
    double[] x = rows.stream().mapToDouble(inequality).map(value -> Math.rint(value * 1e9) / 1e9).toArray();
    double[] y = rows.stream().mapToDouble(row -> row.number("√n rate")).toArray();
    return Arrays.stream(x).distinct().count() < 2 ? 0 : new SpearmansCorrelation().correlation(x, y);
  }

  /** The two-sided chance of a rank correlation as far from 0, by Student's law. */
  private static double chance(double correlation, int runs) {
    double statistic = Math.abs(correlation) * Math.sqrt((runs - 2) / Math.max(1e-300, 1 - correlation * correlation));
    return 2 * new TDistribution(runs - 2).cumulativeProbability(-statistic);
  }

  private static Interval fisher(double correlation, int runs) {
    double centre = StrictMath.log((1 + correlation) / (1 - correlation)) / 2;
    double half = 1.96 * Math.sqrt(1.06 / Math.max(1, runs - 3));
    return new Interval(StrictMath.tanh(centre - half), StrictMath.tanh(centre + half), 0.95);
  }
}
