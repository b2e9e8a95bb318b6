package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Argument;
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

  /** Rows of one address each, in the order of the rows. */
  private static Collection<List<Row>> together(List<Row> rows, Function<Row, List<Object>> address) {
    return rows.stream().collect(Collectors.groupingBy(address, LinkedHashMap::new, Collectors.toList())).values();
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
        .recorded(Scale.PAPER, Verdict.HOLDS)
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

  private record Cell(String start, int points, double factor) {}

  private static Finding runInputSize(Trial trial) {
    Parameters plan = trial.parameters();
    double[] factors = Arrays.stream(plan.numbers("factors")).sorted().distinct().toArray();
    Argument.require(factors.length >= 2, "the number of different factors", factors.length, "at least 2");
    List<Cell> cells = new ArrayList<>();
    for (String start : plan.words("starts")) {
      for (int points : plan.wholes("points")) {
        Arrays.stream(factors).forEach(factor -> cells.add(new Cell(start, points, factor)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> inputSizeRow(trial, cell, replicate));
    Collection<List<Row>> runs = together(rows, row -> List.of(row.text("start"), row.whole("points"), row.whole("run")));
    List<Exponent> judged = new ArrayList<>();
    for (List<Row> run : runs) {
      if (run.stream().allMatch(row -> row.yes("fitted"))) {
        double[] rates = run.stream().mapToDouble(row -> row.number("rate")).toArray();
        judged.add(new Exponent(run.get(0).text("start"), Line.logLog(factors, rates).slope()));
      }
    }
    double farthest = 1;
    long broken = 0;
    for (Exponent exponent : judged) {
      farthest = farther(exponent.value, farthest);
      broken += Math.abs(exponent.value - 1) > (exponent.start.equals(GROUP) ? GROUP_TOLERANCE : RANDOM_TOLERANCE) ? 1 : 0;
    }
    List<String> ranges = new ArrayList<>();
    for (String start : plan.words("starts")) {
      double[] exponents =
          judged.stream().filter(exponent -> exponent.start.equals(start)).mapToDouble(exponent -> exponent.value).sorted().toArray();
      if (exponents.length > 0) {
        ranges.add(start + " " + Numbers.rounded(exponents[0], 5) + " to " + Numbers.rounded(exponents[exponents.length - 1], 5));
      }
    }
    Finding finding =
        (judged.isEmpty() ? Finding.reported(rows) : Finding.judged(broken == 0, rows))
            .measured("exponent of μ_∞ in c, of the run farthest from 1", farthest)
            .predicted(1)
            .explained(
                "Exponents: " + String.join("; ", ranges) + ". " + (runs.size() - judged.size()) + " of " + runs.size()
                    + " runs did not get L < 1e-16 at every c, and do not count.");
    finding =
        finding.figure(
            Plot.plot(Row.table("T1d", rows)).x("c").by("start").points("rate").logLog().slope(1)
                .title("Asymptotic rate against the size of the inputs"));
    return trial.controlled() ? finding.outside("labels as they were, as they are multiplied by c") : finding;
  }

  /** The exponent of the rate in c, of one run. */
  private record Exponent(String start, double value) {}

  private static Row inputSizeRow(Trial trial, Cell cell, int replicate) {
    ShallowNetwork network = network(trial, cell, replicate);
    Solution solution = fitted(network.on(multiplied(trial, network.data(), cell.factor)), HORIZON / Math.min(cell.factor, 1));
    return Row.start()
        .and("start", cell.start)
        .and("points", cell.points)
        .and("neurons", network.neurons())
        .and("run", replicate)
        .and("c", cell.factor)
        .and("rate", solution.network().asymptoticRate())
        .and("fitted", Starts.converged(solution));
  }

  /** The inputs times c; in the control the labels too. */
  private static Dataset multiplied(Trial trial, Dataset data, double c) {
    Dataset scaled = data.scaledInputs(c);
    return trial.controlled() ? scaled.withLabels(Arrays.stream(scaled.labels()).map(label -> c * label).toArray()) : scaled;
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
        .control(
            "nested data sets that share their slowest point: every part is drawn anew",
            "the smallest ‖y_i x_i‖ of the parts differ by 21 % in the median run at n = 32, by 9 % at 256")
        .plan(Scale.QUICK, nestedPlan(List.of(32), 10))
        .plan(Scale.PAPER, nestedPlan(List.of(32, 64, 128), 50))
        .plan(Scale.BEYOND, nestedPlan(List.of(64, 128, 256), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.65,
                    "the smallest of n/4, n/2 and n products of two uniforms in [1, 2], 20,000 draws: 96 % at n = 32, 79 % at"
                        + " 256, and 66 % at 512, the largest"))
        .runs(RateAndData::runNested);
  }

  private static Parameters nestedPlan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 512, "numbers of points n of the whole; its parts have n/2 and n/4 points; d = n")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  private static Finding runNested(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows = trial.runs(parts(plan, 1), plan.whole("runs"), (part, replicate) -> nestedRow(trial, part, replicate));
    double farthest = 1;
    double apart = 1;
    for (List<Row> run : together(rows, row -> List.of(row.whole("points"), row.whole("run")))) {
      for (Row row : run) {
        farthest = farther(perPoint(row) / perPoint(run.get(0)), farthest);
        apart = farther(row.number("n μ over prediction"), apart);
      }
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
    return trial.controlled() ? finding.outside("nested data sets, as every part is drawn anew") : finding;
  }

  private static double farther(double ratio, double other) {
    return Math.abs(ratio - 1) > Math.abs(other - 1) ? ratio : other;
  }

  /** n μ, which is the same on every part. */
  private static double perPoint(Row row) {
    return row.number("rate") * row.number("points of the part");
  }

  private static Row nestedRow(Trial trial, Part part, int replicate) {
    Dataset data = trial.controlled() ? anew(trial, part, replicate) : nested(trial, part, replicate);
    ShallowNetwork network = network(trial, data, part, replicate);
    double rate = fitted(network, HORIZON).network().asymptoticRate();
    return Row.start()
        .and("points", part.points)
        .and("points of the part", part.size)
        .and("run", replicate)
        .and("rate", rate)
        .and("n μ over prediction", rate * part.size / (4 * slowest(network)));
  }

  /** Every so many of the points, the smallest part first. */
  private static final int[] PARTS = {4, 2, 1};

  /** The first so many of n points, with inputs times c. */
  private record Part(int points, int size, double factor) {}

  private static List<Part> parts(Parameters plan, double... factors) {
    List<Part> all = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (int part : PARTS) {
        Arrays.stream(factors).forEach(factor -> all.add(new Part(points, points / part, factor)));
      }
    }
    return all;
  }

  /** The part of a data set whose slowest point is in all parts. */
  private static Dataset nested(Trial trial, Part part, int replicate) {
    return slowestFirst(OrthogonalData.orthogonalData().points(part.points).seed(trial.seed("data", part.points, replicate)).build())
        .first(part.size);
  }

  /** A data set of the part's size that has nothing to do with the other parts. */
  private static Dataset anew(Trial trial, Part part, int replicate) {
    return slowestFirst(
        OrthogonalData.orthogonalData().points(part.size).seed(trial.seed("data", part.points, replicate, part.size)).build());
  }

  /** A neuron for each point of the part, before its inputs are multiplied. */
  private static ShallowNetwork network(Trial trial, Dataset data, Part part, int replicate) {
    Dataset grouped = data.withGroups(Groups.of(IntStream.range(0, part.size).toArray()));
    double scale = trial.stream("start", part.points, replicate).nextUniform(0.5, 1);
    return ShallowNetworks.shallowNetwork(grouped).groupInitialisation().scale(scale).build();
  }

  /** The smallest ‖y_i x_i‖, which is that of the first point. */
  private static double slowest(ShallowNetwork network) {
    return Math.abs(network.data().labels()[0]) * network.data().norms()[0];
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
        .recorded(Scale.PAPER, Verdict.HOLDS)
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
    List<Row> rows =
        trial.runs(parts(plan, plan.numbers("factors")), plan.whole("runs"), (part, replicate) -> comparedRow(trial, part, replicate));
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

  private static Row comparedRow(Trial trial, Part part, int replicate) {
    ShallowNetwork network = network(trial, nested(trial, part, replicate), part, replicate);
    double c = part.factor;
    double rate =
        fitted(network.on(multiplied(trial, network.data(), c)), HORIZON / Math.min(c, 1)).network().asymptoticRate();
    return Row.start()
        .and("points", part.points)
        .and("points of the part", part.size)
        .and("run", replicate)
        .and("c", c)
        .and("c over points", c / part.size)
        .and("rate", rate)
        .and("n μ/c over prediction", rate * part.size / (4 * c * slowest(network)));
  }
}
