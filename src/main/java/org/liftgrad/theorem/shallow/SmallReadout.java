package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Figure;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Interval;
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

/** P3b and P3c: what random starts pay for |a| = δ‖w‖ with δ below 1, with and without interaction. */
final class SmallReadout {

  private static final double LEVEL = 0.01;
  /** P(conv) at δ = 0.01 and at δ ≥ 1 on orthogonal inputs, n = 20, p = 21, seed 1000. */
  private static final double SEEN_BROKEN = 0.85;
  private static final double SEEN_KEPT = 0.965;
  private static final double MOST_BROKEN_DELTA = 0.1;

  private SmallReadout() {}

  static Check orthogonal() {
    return Check.named("shallow/P3b", "Random starts pay for small readouts", "shallow/assumption-1", "shallow/proposition-3")
        .asks("On orthogonal inputs, does P(conv) of random starts drop where Assumption 1 is broken, and only there?")
        .holdsIf(
            "for δ ≥ 1 no run is an exception to 'L < 1e-6/(2n) within H = 50 √(np) log(np) if and only if well initialised', and at"
                + " every n a smaller share converges at the smallest δ (0.1 at most) than at the smallest δ ≥ 1, at the papers' width (score"
                + " test, p < 0.01)")
        .control("the breach: |a_j| = (1 + δ) ‖w_j‖", "Assumption 1 holds at every δ")
        .plan(Scale.QUICK, plan(List.of(20), List.of(1.0), List.of(0.01, 1.0), List.of("delta"), 250))
        .plan(
            Scale.PAPER,
            plan(List.of(20, 100), List.of(0.5, 1.0, 2.0), List.of(0.0, 0.01, 0.1, 0.3, 0.5, 0.8, 1.0, 2.0), List.of("delta", "default"), 1000))
        .plan(
            Scale.BEYOND,
            plan(List.of(20, 50, 100, 200), List.of(0.5, 1.0, 2.0), List.of(0.0, 0.01, 0.1, 0.3, 0.5, 0.8, 1.0, 2.0), List.of("delta", "default"), 2000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(SmallReadout::assurance)
        .runs(SmallReadout::run);
  }

  static Check interacting() {
    return Check.named("shallow/P3c", "Small readouts off orthogonality", "shallow/assumption-1",
        "shallow/necessity-of-assumption-1")
        .asks("On law S with d = n², where bad starts can be revived, does P(conv) of random starts still drop where"
            + " Assumption 1 is broken?")
        .control("the breach: |a_j| = (1 + δ) ‖w_j‖", "Assumption 1 holds at every δ, and no readout changes its sign")
        .plan(Scale.QUICK, plan(List.of(16), List.of(1.0), List.of(0.01, 1.0), List.of("delta"), 30))
        .plan(
            Scale.PAPER,
            plan(List.of(20, 50), List.of(0.5, 1.0), List.of(0.0, 0.01, 0.1, 0.3, 0.5, 1.0, 2.0), List.of("delta", "default"),
                300))
        .plan(
            Scale.BEYOND,
            plan(List.of(20, 50, 100), List.of(0.5, 1.0, 2.0), List.of(0.0, 0.01, 0.1, 0.3, 0.5, 0.8, 1.0, 2.0),
                List.of("delta", "default"), 1000))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(
            plan ->
                new Assurance(
                    0, 1, "It reports a difference of two shares with its interval. With the control no readout can change"
                        + " its sign (L1b), which the rows"
                        + " show in every run."))
        .runs(SmallReadout::report);
  }

  private static Finding report(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = cells(plan);
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate, SmallReadout::lawS));
    SharesOfRuns shares = new SharesOfRuns();
    List<String> seen = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      Proportion share = Row.share(rows.subList(c * runs, (c + 1) * runs), "converged");
      seen.add("n = " + cell.points + ", p = " + cell.neurons() + ", " + cell.readout() + ": " + Numbers.rounded(share.estimate(), 4));
      if (!Double.isNaN(cell.delta)) {
        shares.add("n = " + cell.points + ", p = " + cell.neurons(), cell.delta, share);
      }
    }
    List<Row> broken = rows.stream().filter(row -> row.number("delta") == broken(plan)).toList();
    List<Row> kept = rows.stream().filter(row -> row.number("delta") == kept(plan)).toList();
    long flips = rows.stream().mapToLong(row -> row.whole("readouts that changed sign")).sum();
    Finding finding = Finding.reported(rows);
    String compared = "";
    if (!broken.isEmpty() && !kept.isEmpty()) {
      Interval difference = Row.share(broken, "converged").minus(Row.share(kept, "converged"), 0.95);
      finding =
          finding
              .measured(
                  "P(conv) at the smallest δ minus that at the smallest δ ≥ 1, sizes pooled",
                      Row.share(broken, "converged").estimate() - Row.share(kept, "converged").estimate())
              .predicted(0)
              .interval(difference);
      compared =
          " From the smallest δ ≥ 1 to the smallest δ P(conv) changes by " + difference + " (score test, p = "
              + Numbers.rounded(Row.share(broken, "converged").scoreTestAgainst(Row.share(kept, "converged")).pValue(), 2) + ").";
    }
    List<Row> bad = rows.stream().filter(row -> !row.yes("well initialised")).toList();
    finding =
        finding
            .explained(
                "P(conv): " + String.join("; ", seen) + "." + compared + " " + flips + " readouts changed their sign. Of "
                    + lost(rows) + (bad.isEmpty() ? "" : " Of the starts that are not well initialised " + Row.share(bad, "converged")
                    + " converged."))
            .figure(
                picture(shares, cells, rows, runs).title("Law S: |a| = δ‖w‖ at the start"));
    return finding.outside(
        trial.controlled() ? "the breach that is asked about, as |a_j| = (1 + δ)‖w_j‖" : "Assumption 1 where δ < 1, as the question wants it");
  }

  private static Parameters plan(
      List<Integer> points, List<Double> widthFactors, List<Double> deltas, List<String> readouts, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .numbers("widthFactors", widthFactors, 0.05, 100, "widths p over ⌊log(n/0.05)/log(4/3)⌋ + 1; 1 is judged")
        .numbers("deltas", deltas, 0, 1e6, "δ = |a_j|/‖w_j‖ at the start")
        .words("readouts", readouts, List.of("delta", "default"), "delta: |a_j| = δ‖w_j‖; default: uniform on ±1/√p as in PyTorch")
        .whole("runs", runs, 1, 1_000_000, "runs a cell, each with data and start of its own");
  }

  /**
   * One size and law.
   *
   * @param delta NaN for the default readout
   */
  private record Cell(int points, double widthFactor, double delta) {
    int neurons() {
      return Math.max(1, (int) Math.round(widthFactor * Width.widthFor(points, 0.05)));
    }

    boolean named(double other) {
      return delta == other;
    }

    String readout() {
      return Double.isNaN(delta) ? "default" : "δ = " + Numbers.rounded(delta, 4);
    }
  }

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (double factor : plan.numbers("widthFactors")) {
        if (plan.words("readouts").contains("delta")) {
          Arrays.stream(plan.numbers("deltas")).forEach(delta -> cells.add(new Cell(points, factor, delta)));
        }
        if (plan.words("readouts").contains("default")) {
          cells.add(new Cell(points, factor, Double.NaN));
        }
      }
    }
    return cells;
  }

  private static double broken(Parameters plan) {
    return Arrays.stream(plan.numbers("deltas")).min().orElseThrow();
  }

  private static double kept(Parameters plan) {
    return Arrays.stream(plan.numbers("deltas")).filter(delta -> delta >= 1).min().orElse(Double.NaN);
  }

  private static boolean judges(Parameters plan) {
    return broken(plan) <= MOST_BROKEN_DELTA
        && !Double.isNaN(kept(plan))
        && plan.words("readouts").contains("delta")
        && Arrays.stream(plan.numbers("widthFactors")).anyMatch(factor -> factor == 1);
  }

  private static boolean drops(Proportion broken, Proportion kept) {
    return broken.estimate() < kept.estimate() && broken.scoreTestAgainst(kept).rejectsAt(LEVEL);
  }

  private static Assurance assurance(Parameters plan) {
    if (!judges(plan)) {
      return new Assurance(1, 0, "A verdict needs a δ of at most 0.1, one of at least 1, and the papers' width.");
    }
    int runs = plan.whole("runs");
    int sizes = plan.wholes("points").length;
    double found = found(runs, SEEN_BROKEN, SEEN_KEPT);
    double foundControlled = found(runs, SEEN_KEPT, SEEN_KEPT);
    return new Assurance(
        1 - StrictMath.pow(found, sizes),
        1 - StrictMath.pow(foundControlled, sizes),
        "Binomial probabilities of the test with the shares seen at seed 1000, n = 20: " + SEEN_BROKEN + " at δ = 0.01 and "
            + SEEN_KEPT + " at δ ≥ 1. That no start is an exception at δ ≥ 1 is deterministic.");
  }

  /** The chance that a drop is found between these two probabilities. */
  private static double found(int runs, double broken, double kept) {
    Binomial low = new Binomial(runs, broken);
    Binomial high = new Binomial(runs, kept);
    double sum = 0;
    int most = -1;
    for (int count = 0; count <= runs; count++) {
      while (most + 1 <= runs && drops(new Proportion(most + 1, runs), new Proportion(count, runs))) {
        most++;
      }
      sum += most < 0 ? 0 : high.exactly(count) * low.atMost(most);
    }
    return Math.min(1, sum);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = cells(plan);
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate, SmallReadout::orthogonal));
    boolean met = true;
    SharesOfRuns shares = new SharesOfRuns();
    List<String> seen = new ArrayList<>();
    Proportion lowest = null;
    Interval difference = null;
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      Proportion share = Row.share(rows.subList(c * runs, (c + 1) * runs), "converged");
      seen.add("n = " + cell.points + ", p = " + cell.neurons() + ", " + cell.readout() + ": " + Numbers.rounded(share.estimate(), 4));
      if (!Double.isNaN(cell.delta)) {
        shares.add("n = " + cell.points + ", p = " + cell.neurons(), cell.delta, share);
      }
      if (judges(plan) && cell.named(broken(plan)) && cell.widthFactor == 1) {
        Cell partner = new Cell(cell.points, 1, kept(plan));
        int other = cells.indexOf(partner);
        Proportion keptShare = Row.share(rows.subList(other * runs, (other + 1) * runs), "converged");
        met &= drops(share, keptShare);
        if (lowest == null || share.estimate() < lowest.estimate()) {
          lowest = share;
          difference = share.minus(keptShare, 0.95);
        }
      }
    }
    long exceptions =
        rows.stream().filter(row -> row.number("delta") >= 1 && row.yes("converged") != row.yes("well initialised")).count();
    met &= exceptions == 0;
    String text =
        exceptions + " runs with δ ≥ 1 are exceptions to the dichotomy. P(conv): " + String.join("; ", seen) + ". Of "
            + lost(rows);
    Finding finding =
        (lowest == null ? Finding.reported(rows) : Finding.judged(met, rows))
            .measured("P(conv) at the smallest δ", lowest == null ? Double.NaN : lowest.estimate())
            .explained(
                text + (difference == null ? "" : " From the smallest δ ≥ 1 to the smallest δ it changes by " + difference + "."))
            .figure(
                picture(shares, cells, rows, runs).title("Orthogonal inputs: |a| = δ‖w‖ at the start"));
    return finding.outside(
        trial.controlled() ? "the breach that is asked about, as |a_j| = (1 + δ)‖w_j‖" : "Assumption 1 where δ < 1, as the question wants it");
  }

  /** Shares over δ; over the cells, where no readout has a δ of its own. */
  private static Figure picture(SharesOfRuns shares, List<Cell> cells, List<Row> rows, int runs) {
    if (!shares.isEmpty()) {
      return shares.logarithmic("δ = |a_j|/‖w_j‖").event("δ = 1", 1);
    }
    SharesOfRuns all = new SharesOfRuns();
    for (int c = 0; c < cells.size(); c++) {
      all.add(cells.get(c).readout(), c + 1, Row.share(rows.subList(c * runs, (c + 1) * runs), "converged"));
    }
    return all.figure("cell, in the order of the rows");
  }

  private static String lost(List<Row> rows) {
    long well = rows.stream().filter(row -> row.number("delta") < 1 && row.yes("well initialised")).count();
    long lost =
        rows.stream().filter(row -> row.number("delta") < 1 && row.yes("well initialised") && !row.yes("converged")).count();
    return well + " well-initialised starts with δ < 1, " + lost + " did not converge.";
  }

  /** Data of n points from a seed. */
  private interface Law {
    Dataset draw(int points, long seed);
  }

  private static Dataset orthogonal(int points, long seed) {
    return OrthogonalData.orthogonalData().points(points).seed(seed).build();
  }

  private static Dataset lawS(int points, long seed) {
    return SubGaussianData.lawS().points(points).dimension(Starts.dimension(points, 1)).exactInLaw().seed(seed).build();
  }

  private static Row row(Trial trial, Cell cell, int replicate, Law law) {
    int neurons = cell.neurons();
    // The same data and directions at every δ.
    long[] address = {cell.points, neurons, replicate};
    Dataset data = law.draw(cell.points, trial.seed("data", address));
    ShallowNetworks start = ShallowNetworks.shallowNetwork(data).neurons(neurons).seed(trial.seed("start", address));
    ShallowNetwork network =
        Double.isNaN(cell.delta)
            ? start.defaultReadout().build()
            : start.dominatedReadout(trial.controlled() ? 1 + cell.delta : cell.delta).build();
    Solution solution =
        Starts.coarselyFollowed(
            Starts.until(network, Starts.fitted(cell.points), Starts.horizon(50, cell.points, neurons)), network);
    double[] before = network.readout();
    double[] after = solution.network().readout();
    int flips = 0;
    for (int j = 0; j < neurons; j++) {
      flips += before[j] * after[j] < 0 ? 1 : 0;
    }
    return Row.start()
        .and("points", cell.points)
        .and("neurons", neurons)
        .and("delta", cell.delta)
        .and("readout", cell.readout())
        .and("run", replicate)
        .and("well initialised", network.wellInitialised())
        .and("converged", Starts.converged(solution))
        .and("readouts that changed sign", flips)
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("ending", solution.ending().toString());
  }
}
