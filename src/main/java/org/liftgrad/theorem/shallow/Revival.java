package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.ChiSquared;
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

/** B2: off orthogonality a point that no neuron sees at the start can still be found. */
final class Revival {

  private static final double LEVEL_OF_DIMENSIONS = 0.01;
  private static final double LEVEL_OF_SCALES = 0.001;
  /** P(conv | not well) at scales up to 1, at least, and from 30 on, at most: n = 16 and 32, p = 8 to 16, d = 4096, seed 1000. */
  private static final double SEEN_AT_SMALL_SCALES = 0.45;
  private static final double SEEN_AT_LARGE_SCALES = 0.08;
  /** With fewer neurons revival is rare: 0.07 at p = 4. */
  private static final int LEAST_NEURONS = 8;
  /** Fewer expected than this in a class, and no chi-squared test is taken. */
  private static final double LEAST_EXPECTED = 5;
  private static final double ENOUGH = 0.95;

  private Revival() {}

  static Check check() {
    return Check.named("shallow/B2", "Bad starts are revived off orthogonality", "shallow/revival")
        .asks(
            "On law S, is P(conv) of starts that are not well initialised the same in every dimension, and does it fall as the"
                + " scale of the hidden weights grows?")
        .holdsIf(
            "for every n and p, of the starts that are not well initialised, a smaller share converges (L < 1e-6/(2n) within H ="
                + " 1000 n and 20 n p steps) at the largest scale of w than at the smallest (score test, dimensions pooled, p < 0.001),"
                + " and at no scale do the shares differ between the dimensions (chi-squared, p < 0.01 over the number of tests;"
                + " only where 5 runs are expected in each class)")
        .control("the mechanism: exactly orthogonal inputs", "no interaction; a dead pair stays dead at every scale")
        .plan(Scale.QUICK, plan(List.of(16), List.of(8), List.of(256.0, 16384.0), List.of(0.3, 1.0, 30.0), 60))
        .plan(
            Scale.PAPER,
            plan(List.of(16, 32), List.of(8, 12, 16), List.of(256.0, 1024.0, 16384.0), List.of(0.01, 0.3, 1.0, 3.0, 10.0, 30.0), 300))
        .plan(
            Scale.BEYOND,
            plan(
                List.of(16, 32), List.of(8, 12, 16), List.of(256.0, 4096.0, 16384.0, 1e6, 1e9),
                List.of(0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0), 1000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(Revival::assurance)
        .runs(Revival::run);
  }

  private static Parameters plan(
      List<Integer> points, List<Integer> neurons, List<Double> dimensions, List<Double> scales, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n")
        .wholes("neurons", neurons, 1, 100_000, "numbers of neurons p")
        .numbers("dimensions", dimensions, 2, 1e15, "dimensions d, rounded, at least n")
        .numbers("scales", scales, 1e-9, 1e6, "scales s of the hidden weights, w ~ N(0, s²/(3d)); |a| = ‖w‖ + Exp(1)")
        .whole("runs", runs, 1, 1_000_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(int points, int neurons, double scale, long dimension) {}

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (int neurons : plan.wholes("neurons")) {
        for (double scale : scales(plan)) {
          for (double dimension : plan.numbers("dimensions")) {
            cells.add(new Cell(points, neurons, scale, Math.max(points, Math.round(dimension))));
          }
        }
      }
    }
    return cells;
  }

  private static double[] scales(Parameters plan) {
    return Arrays.stream(plan.numbers("scales")).sorted().distinct().toArray();
  }

  private static Assurance assurance(Parameters plan) {
    double[] scales = scales(plan);
    boolean apart = scales[0] <= 1 && scales[scales.length - 1] >= 30;
    int families = plan.wholes("points").length * plan.wholes("neurons").length;
    double missed = 0;
    for (int points : plan.wholes("points")) {
      for (int neurons : plan.wholes("neurons")) {
        double well = Width.probabilityWellInitialised(neurons, points - points / 2, points / 2);
        int bad = (int) (plan.whole("runs") * plan.numbers("dimensions").length * (1 - well));
        missed += apart && bad >= 1 && neurons >= LEAST_NEURONS ? missed(bad) : 1;
      }
    }
    return new Assurance(
        Math.min(1, LEVEL_OF_DIMENSIONS + missed),
        1,
        "The chi-squared tests share 1 %. The trend is missed with the binomial probability of two shares of "
            + SEEN_AT_SMALL_SCALES + " (at scales up to 1) and " + SEEN_AT_LARGE_SCALES
            + " (from 30 on), the worst seen at n = 16 and 32, p = 8 to 16, seed 1000, in " + families
            + (families == 1 ? " family" : " families")
            + "; a plan without such scales, or with fewer than " + LEAST_NEURONS + " neurons, gives no verdict. On orthogonal inputs no start that is not well initialised"
            + " converges (W3), so there is no trend to find.");
  }

  /** The chance that the score test does not find the trend among this many bad starts at either end. */
  private static double missed(int bad) {
    Binomial small = new Binomial(bad, SEEN_AT_SMALL_SCALES);
    Binomial large = new Binomial(bad, SEEN_AT_LARGE_SCALES);
    int centre = (int) Math.round(bad * SEEN_AT_LARGE_SCALES);
    // Over the counts at the large scale; at the small one the least count that is told apart.
    double sum = 0;
    int least = centre;
    for (int count = 0; count <= bad; count++) {
      least = Math.max(least, count);
      while (least <= bad && !falls(new Proportion(least, bad), new Proportion(count, bad))) {
        least++;
      }
      sum += large.exactly(count) * (least == 0 ? 0 : small.atMost(least - 1));
    }
    return Math.min(1, sum);
  }

  private static boolean falls(Proportion small, Proportion large) {
    return large.estimate() < small.estimate() && small.scoreTestAgainst(large).rejectsAt(LEVEL_OF_SCALES);
  }

  /** The runs of one cell, counted. */
  private record Outcome(Cell cell, Proportion all, int bad, int revived) {
    static Outcome of(Cell cell, List<Row> rows) {
      List<Row> bad = rows.stream().filter(row -> !row.yes("well initialised")).toList();
      return new Outcome(
          cell, new Proportion(converged(rows), rows.size()), bad.size(), converged(bad));
    }

    private static int converged(List<Row> rows) {
      return (int) rows.stream().filter(row -> row.yes("converged")).count();
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = cells(plan);
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
    List<Outcome> outcomes = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      outcomes.add(Outcome.of(cells.get(c), rows.subList(c * runs, (c + 1) * runs)));
    }
    double[] scales = scales(plan);
    boolean met = true;
    Proportion first = null;
    List<String> families = new ArrayList<>();
    List<Double> pValues = new ArrayList<>();
    List<Row> shares = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (int neurons : plan.wholes("neurons")) {
        List<Outcome> family =
            outcomes.stream().filter(each -> each.cell.points == points && each.cell.neurons == neurons).toList();
        List<Proportion> pooled = new ArrayList<>();
        for (double scale : scales) {
          List<Outcome> some =
              family.stream().filter(each -> each.cell.scale == scale && each.bad > 0).toList();
          int bad = some.stream().mapToInt(Outcome::bad).sum();
          if (bad > 0) {
            Proportion share = new Proportion(some.stream().mapToInt(Outcome::revived).sum(), bad);
            pooled.add(share);
            dimensions(some, share).ifPresent(pValues::add);
            shares.add(
                Row.start().and("scale", scale).and("size", "n = " + points + ", p = " + neurons)
                    .and("P(conv | not well)", share.estimate()));
          }
        }
        met &= pooled.size() >= 2 && falls(pooled.get(0), pooled.get(pooled.size() - 1));
        first = first == null && !pooled.isEmpty() ? pooled.get(0) : first;
        families.add(
            "n = " + points + ", p = " + neurons + ": "
                + pooled.stream().map(each -> Numbers.rounded(each.estimate(), 3)).collect(Collectors.joining(", ")));
      }
    }
    int tests = pValues.size();
    double least = pValues.stream().mapToDouble(Double::doubleValue).min().orElse(1);
    met &= least >= LEVEL_OF_DIMENSIONS / Math.max(1, tests);
    if (first == null) {
      return Finding.reported(rows).measured("starts that are not well initialised", 0)
          .explained("Every start was well initialised, so there was nothing to revive.");
    }
    Interval interval = first.wilson(0.95);
    Finding finding =
        Finding.judged(met, rows)
            .measured("P(conv | not well initialised) at the smallest scale of w, dimensions pooled", first.estimate())
            .interval(interval)
            .explained(
                "P(conv | not well) with the scale of w from " + Numbers.rounded(scales[0], 3) + " to "
                    + Numbers.rounded(scales[scales.length - 1], 3) + ": " + String.join("; ", families)
                    + ". Between dimensions the smallest of " + tests + " p-values is " + Numbers.rounded(least, 3) + ". "
                    + exceptions(rows) + " " + enough(plan, outcomes, scales[0]))
            .figure(
                Plot.plot(Row.table("B2", shares)).x("scale").by("size").points("P(conv | not well)").logX()
                    .title("Starts that are not well initialised, dimensions pooled"));
    return trial.controlled() ? finding.outside("inputs in general position, as they are exactly orthogonal") : finding;
  }

  private static Optional<Double> dimensions(List<Outcome> some, Proportion pooled) {
    boolean testable =
        some.size() >= 2
            && some.stream()
                .allMatch(each -> each.bad * Math.min(pooled.estimate(), 1 - pooled.estimate()) >= LEAST_EXPECTED);
    return testable
        ? Optional.of(
            ChiSquared.equalProportions(
                    some.stream().map(each -> new Proportion(each.revived, each.bad)).toArray(Proportion[]::new))
                .pValue())
        : Optional.empty();
  }

  private static String exceptions(List<Row> rows) {
    long well = rows.stream().filter(row -> row.yes("well initialised")).count();
    long lost = rows.stream().filter(row -> row.yes("well initialised") && !row.yes("converged")).count();
    return lost + " of " + well + " well-initialised starts did not converge.";
  }

  /** The consequence: how the smallest width with P(conv) of 0.95 moves with n, at the smallest scale. */
  private static String enough(Parameters plan, List<Outcome> outcomes, double scale) {
    List<String> widths = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      String width = "none of those tried";
      for (int neurons : Arrays.stream(plan.wholes("neurons")).sorted().toArray()) {
        boolean all =
            outcomes.stream()
                .filter(each -> each.cell.points == points && each.cell.neurons == neurons && each.cell.scale == scale)
                .allMatch(each -> each.all.estimate() >= ENOUGH);
        if (all) {
          width = "p = " + neurons;
          break;
        }
      }
      widths.add("n = " + points + ": " + width + " (orthogonal inputs would ask for " + Width.widthFor(points, 1 - ENOUGH) + ")");
    }
    return "The smallest width with P(conv) ≥ 0.95 in every dimension at the smallest scale: " + String.join("; ", widths) + ".";
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    long[] address = {cell.points, cell.neurons, Double.doubleToLongBits(cell.scale), cell.dimension, replicate};
    long seed = trial.seed("data", address);
    Dataset data =
        trial.controlled()
            ? OrthogonalData.orthogonalData().points(cell.points).dimension(cell.dimension).exactInLaw().seed(seed).build()
            : SubGaussianData.lawS().points(cell.points).dimension(cell.dimension).exactInLaw().seed(seed).build();
    ShallowNetwork network =
        ShallowNetworks.shallowNetwork(data)
            .neurons(cell.neurons)
            .weights(WeightLaw.gaussian(cell.scale / Math.sqrt(3.0 * cell.dimension)))
            .dominantReadout()
            .seed(trial.seed("start", address))
            .build();
    Solution solution = Starts.toConvergence(network, 1000.0 * cell.points);
    return Row.start()
        .and("points", cell.points)
        .and("neurons", cell.neurons)
        .and("scale", cell.scale)
        .and("dimension", cell.dimension)
        .and("run", replicate)
        .and("well initialised", network.wellInitialised())
        .and("converged", Starts.converged(solution))
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("ending", solution.ending().toString());
  }
}
