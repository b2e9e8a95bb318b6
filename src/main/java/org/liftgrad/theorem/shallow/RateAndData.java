package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** T1d, T1e and B9: larger inputs are learned faster, and more of them slower only as the loss is a mean. */
final class RateAndData {

  /** Where a run ends: the rate is then read off the kernel, which is within some 1e-8 of its limit. */
  private static final double FITTED = 1e-16;

  private RateAndData() {}

  private static Solution fitted(ShallowNetwork network, double horizonOverPoints) {
    return Starts.followed(
        GradientFlow.gradientFlow(network)
            .until(StopCondition.lossBelow(FITTED))
            .until(StopCondition.timeReached(horizonOverPoints * network.data().points())));
  }

  // ---------------------------------------------------------------- T1d

  private static final String GROUP = "group";
  private static final String RANDOM = "random";
  private static final double GROUP_TOLERANCE = 0.02;
  private static final double RANDOM_TOLERANCE = 0.1;
  private static final double HORIZON = 1e4;

  static Check inputSize() {
    return Check.named("shallow/T1d", "The rate is in proportion to the size of the inputs", "shallow/constant-and-data")
        .asks("On orthogonal inputs all multiplied by c, with weights and labels as they were, is the asymptotic rate in proportion to c?")
        .holdsIf(
            "in every run that gets L < 1e-16 the exponent of μ_∞ = (2/n) λ_min(K_∞) in c is within 1 ± 0.02 from a group initialisation"
                + " and within 1 ± 0.1 from a small random start")
        .control("the labels: they are multiplied by c too", "the rate goes as c²")
        .plan(Scale.QUICK, inputSizePlan(List.of(16), 10))
        .plan(Scale.PAPER, inputSizePlan(List.of(16, 64, 128), 50))
        .plan(Scale.BEYOND, inputSizePlan(List.of(64, 128, 256), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length * plan.words("starts").size(), 0.9, "at n = 16, seed 1000"))
        .runs(RateAndData::runInputSize);
  }

  private static Parameters inputSizePlan(List<Integer> points, int runs) {
    return Parameters.none()
        .words("starts", List.of(GROUP, RANDOM), List.of(GROUP, RANDOM), "group initialisation in 2 groups, or the papers' width and start")
        .wholes("points", points, 4, Size.MOST_POINTS, "numbers of points n; d = n")
        .numbers("factors", List.of(0.5, 1.0, 2.0, 4.0), 1e-3, 1e3, "factors c at the inputs, at least two")
        .number("scale", 0.01, 1e-6, 100, "the factor at the random start")
        .whole("runs", runs, 1, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(String start, int points) {}

  private static Finding runInputSize(Trial trial) {
    Parameters plan = trial.parameters();
    double[] factors = Arrays.stream(plan.numbers("factors")).sorted().distinct().toArray();
    Argument.require(factors.length >= 2, "the number of different factors", factors.length, "at least 2");
    List<Cell> cells = new ArrayList<>();
    for (String start : plan.words("starts")) {
      Arrays.stream(plan.wholes("points")).forEach(points -> cells.add(new Cell(start, points)));
    }
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> inputSizeRow(trial, cell, factors, replicate)).stream()
            .flatMap(List::stream)
            .toList();
    List<Row> judged = rows.stream().filter(row -> row.yes("fitted at every c")).toList();
    double farthest = 1;
    long broken = 0;
    for (Row row : judged) {
      double exponent = row.number("exponent");
      farthest = Math.abs(exponent - 1) > Math.abs(farthest - 1) ? exponent : farthest;
      broken += Math.abs(exponent - 1) > (row.text("start").equals(GROUP) ? GROUP_TOLERANCE : RANDOM_TOLERANCE) ? 1 : 0;
    }
    List<String> ranges = new ArrayList<>();
    for (String start : plan.words("starts")) {
      double[] exponents =
          judged.stream().filter(row -> row.text("start").equals(start)).mapToDouble(row -> row.number("exponent")).sorted().toArray();
      if (exponents.length > 0) {
        ranges.add(start + " " + Numbers.rounded(exponents[0], 5) + " to " + Numbers.rounded(exponents[exponents.length - 1], 5));
      }
    }
    Finding finding =
        (judged.isEmpty() ? Finding.reported(rows) : Finding.judged(broken == 0, rows))
            .measured("exponent of μ_∞ in c, of the run farthest from 1", farthest)
            .predicted(1)
            .explained(
                "Exponents: " + String.join("; ", ranges) + ". " + (rows.size() - judged.size()) + " of " + rows.size()
                    + " rows belong to runs that did not get L < 1e-16 at every c, and do not count.");
    finding =
        finding.figure(
            Plot.plot(Row.table("T1d", rows)).x("c").by("start").points("rate").logLog().slope(1)
                .title("Asymptotic rate against the size of the inputs"));
    return trial.controlled() ? finding.outside("labels as they were, as they are multiplied by c") : finding;
  }

  private static List<Row> inputSizeRow(Trial trial, Cell cell, double[] factors, int replicate) {
    ShallowNetwork network = network(trial, cell, replicate);
    double[] rates = new double[factors.length];
    boolean all = true;
    for (int k = 0; k < factors.length; k++) {
      double c = factors[k];
      Dataset scaled = network.data().scaledInputs(c);
      if (trial.controlled()) {
        scaled = scaled.withLabels(Arrays.stream(scaled.labels()).map(label -> c * label).toArray());
      }
      Solution solution = fitted(network.on(scaled), HORIZON / Math.min(c, 1));
      rates[k] = solution.network().asymptoticRate();
      all &= Starts.converged(solution);
    }
    double exponent = all ? Line.logLog(factors, rates).slope() : Double.NaN;
    List<Row> rows = new ArrayList<>();
    for (int k = 0; k < factors.length; k++) {
      rows.add(
          Row.start()
              .and("start", cell.start)
              .and("points", cell.points)
              .and("neurons", network.neurons())
              .and("run", replicate)
              .and("c", factors[k])
              .and("rate", rates[k])
              .and("fitted at every c", all)
              .and("exponent", exponent));
    }
    return rows;
  }

  private static ShallowNetwork network(Trial trial, Cell cell, int replicate) {
    long[] address = {cell.points, replicate};
    long seed = trial.seed(cell.start + " data", address);
    ShallowNetworks start =
        cell.start.equals(GROUP)
            ? ShallowNetworks.shallowNetwork(OrthogonalData.orthogonalData().points(cell.points).groups(2).seed(seed).build())
                .groupInitialisation()
            : ShallowNetworks.shallowNetwork(OrthogonalData.orthogonalData().points(cell.points).seed(seed).build())
                .neurons(Width.widthFor(cell.points, 0.05))
                .dominantReadout()
                .scale(trial.parameters().number("scale"));
    return start.seed(trial.seed(cell.start + " start", address)).build();
  }

  // ---------------------------------------------------------------- T1e

  private static final double RATIO_TOLERANCE = 0.05;

  static Check nested() {
    return Check.named("shallow/T1e", "More data are slower only as the loss is a mean", "shallow/constant-and-data")
        .asks(
            "On nested orthogonal data sets that share their slowest point, with a neuron for each point, is it n μ_∞, and not μ_∞,"
                + " that does not depend on the data set?")
        .holdsIf("n μ_∞ of every part of a data set is within 5 % of that of the smallest part, and of 4 min_i ‖y_i x_i‖, in every run")
        .control("the mean: μ_∞ is compared without the factor n", "two to four times")
        .plan(Scale.QUICK, nestedPlan(List.of(32), 10))
        .plan(Scale.PAPER, nestedPlan(List.of(32, 64, 128), 50))
        .plan(Scale.BEYOND, nestedPlan(List.of(64, 128, 256), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.99,
                    "the parts have different numbers of points, and every run has a ratio of 2"))
        .runs(RateAndData::runNested);
  }

  private static Parameters nestedPlan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 512, "numbers of points n of the whole; its parts have n/2 and n/4 points; d = n")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  private static Finding runNested(Trial trial) {
    Parameters plan = trial.parameters();
    List<Integer> sizes = Arrays.stream(plan.wholes("points")).boxed().toList();
    List<Row> rows =
        trial.runs(sizes, plan.whole("runs"), (points, replicate) -> nestedRows(trial, points, replicate)).stream()
            .flatMap(List::stream)
            .toList();
    double farthest = 1;
    double apart = 1;
    for (Row row : rows) {
      farthest = farther(row.number("n μ over smallest part"), farthest);
      apart = farther(row.number("n μ over prediction"), apart);
    }
    Finding finding =
        Finding.judged(Math.abs(farthest - 1) <= RATIO_TOLERANCE && Math.abs(apart - 1) <= RATIO_TOLERANCE, rows)
            .measured("n μ_∞ over that of the smallest part, farthest from 1", farthest)
            .predicted(1)
            .explained(
                "Over parts of n, n/2 and n/4 points n μ_∞ is within a factor " + Numbers.rounded(farthest, 6)
                    + " of that of the smallest part, and within " + Numbers.rounded(apart, 6) + " of 4 min ‖y_i x_i‖.")
            .figure(
                Plot.plot(Row.table("T1e", rows)).x("points of the part").points("rate").logLog().slope(-1)
                    .title("Asymptotic rate of nested data sets"));
    return trial.controlled() ? finding.outside("the quantity of the statement, as the factor n is left out") : finding;
  }

  private static double farther(double ratio, double other) {
    return Math.abs(ratio - 1) > Math.abs(other - 1) ? ratio : other;
  }

  private static List<Row> nestedRows(Trial trial, int points, int replicate) {
    Dataset drawn =
        OrthogonalData.orthogonalData().points(points).seed(trial.seed("data", points, replicate)).build();
    Dataset whole = slowestFirst(drawn);
    double least = Math.abs(whole.labels()[0]) * whole.norms()[0];
    RandomStream stream = trial.stream("start", points, replicate);
    double scale = stream.nextUniform(0.5, 1);
    List<Row> rows = new ArrayList<>();
    double smallest = Double.NaN;
    for (int part : new int[] {points / 4, points / 2, points}) {
      Dataset some = whole.first(part).withGroups(Groups.of(IntStream.range(0, part).toArray()));
      ShallowNetwork network = ShallowNetworks.shallowNetwork(some).groupInitialisation().scale(scale).build();
      double rate = fitted(network, HORIZON).network().asymptoticRate();
      double compared = rate * (trial.controlled() ? 1 : part);
      smallest = Double.isNaN(smallest) ? compared : smallest;
      rows.add(
          Row.start()
              .and("points", points)
              .and("points of the part", part)
              .and("run", replicate)
              .and("rate", rate)
              .and("n μ over smallest part", compared / smallest)
              .and("n μ over prediction", rate * part / (4 * least)));
    }
    return rows;
  }

  /** The slowest point first, so that every part has it. */
  private static Dataset slowestFirst(Dataset drawn) {
    int points = drawn.points();
    double[] labels = drawn.labels();
    double[] norms = drawn.norms();
    int slowest =
        IntStream.range(0, points).boxed()
            .min((i, k) -> Double.compare(Math.abs(labels[i]) * norms[i], Math.abs(labels[k]) * norms[k])).orElseThrow();
    swap(labels, slowest);
    swap(norms, slowest);
    return OrthogonalData.orthogonalData().points(points).givenNorms(norms).labels(Labels.given(labels)).build();
  }

  private static void swap(double[] values, int slowest) {
    double first = values[0];
    values[0] = values[slowest];
    values[slowest] = first;
  }

  // ---------------------------------------------------------------- B9

  static Check compared() {
    return Check.named("shallow/B9", "Twice the data, or twice the inputs", "shallow/constant-and-data")
        .asks(
            "On orthogonal data with a neuron for each point, do inputs twice as large make up for twice as many points"
                + " with the same slowest one, so that"
                + " the asymptotic rate goes as c/n?")
        .holdsIf("n μ_∞/c of every factor c and every part of a data set is within 5 % of 4 min_i ‖y_i x_i‖, c = 1, in"
            + " every run")
        .control("the labels: they are multiplied by c too", "the rate goes as c²")
        .plan(Scale.QUICK, comparedPlan(List.of(16), 10))
        .plan(Scale.PAPER, comparedPlan(List.of(32, 64, 128), 50))
        .plan(Scale.BEYOND, comparedPlan(List.of(64, 128, 256), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length,
                    Arrays.stream(plan.numbers("factors")).allMatch(c -> Math.abs(c - 1) <= 2 * RATIO_TOLERANCE) ? 0 : 0.99,
                    "the rate is off by the factor c, so that a c away from 1 shows in every run"))
        .runs(RateAndData::runCompared);
  }

  private static Parameters comparedPlan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 512, "numbers of points n of the whole; its parts have n/2 and n/4 points; d = n")
        .numbers("factors", List.of(0.5, 1.0, 2.0, 4.0), 1e-3, 1e3, "factors c at the inputs")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  private static Finding runCompared(Trial trial) {
    Parameters plan = trial.parameters();
    List<Integer> sizes = Arrays.stream(plan.wholes("points")).boxed().toList();
    List<Row> rows =
        trial.runs(sizes, plan.whole("runs"), (points, replicate) -> comparedRows(trial, points, replicate)).stream()
            .flatMap(List::stream)
            .toList();
    double farthest = 1;
    for (Row row : rows) {
      farthest = farther(row.number("n μ/c over prediction"), farthest);
    }
    Finding finding =
        Finding.judged(Math.abs(farthest - 1) <= RATIO_TOLERANCE, rows)
            .measured("n μ_∞/c over 4 min ‖y_i x_i‖, farthest from 1", farthest)
            .predicted(1)
            .explained(
                "Over " + rows.size() + " combinations of a factor at the inputs and a part of the data n μ_∞/c is within a"
                    + " factor " + Numbers.rounded(farthest, 6)
                    + " of 4 min ‖y_i x_i‖."
                    + (Math.abs(farthest - 1) <= RATIO_TOLERANCE
                        ? " So a larger C and fewer points with the same slowest one are one and the same gain: T1d and T1e"
                        + " put together."
                        : ""))
            .figure(
                Plot.plot(Row.table("B9", rows)).x("c over points").by("points of the part").points("rate").logLog().slope(1)
                    .title("Asymptotic rate against the size of the inputs over the number of points"));
    return trial.controlled() ? finding.outside("labels as they were, as they are multiplied by c") : finding;
  }

  private static List<Row> comparedRows(Trial trial, int points, int replicate) {
    Dataset drawn =
        OrthogonalData.orthogonalData().points(points).seed(trial.seed("data", points, replicate)).build();
    Dataset whole = slowestFirst(drawn);
    double least = Math.abs(whole.labels()[0]) * whole.norms()[0];
    double scale = trial.stream("start", points, replicate).nextUniform(0.5, 1);
    List<Row> rows = new ArrayList<>();
    for (int part : new int[] {points / 4, points / 2, points}) {
      Dataset some = whole.first(part).withGroups(Groups.of(IntStream.range(0, part).toArray()));
      ShallowNetwork network = ShallowNetworks.shallowNetwork(some).groupInitialisation().scale(scale).build();
      for (double c : trial.parameters().numbers("factors")) {
        Dataset scaled = some.scaledInputs(c);
        if (trial.controlled()) {
          scaled = scaled.withLabels(Arrays.stream(scaled.labels()).map(label -> c * label).toArray());
        }
        double rate = fitted(network.on(scaled), HORIZON / Math.min(c, 1)).network().asymptoticRate();
        rows.add(
            Row.start()
                .and("points", points)
                .and("points of the part", part)
                .and("run", replicate)
                .and("c", c)
                .and("c over points", c / part)
                .and("rate", rate)
                .and("n μ/c over prediction", rate * part / (4 * c * least)));
      }
    }
    return rows;
  }
}
