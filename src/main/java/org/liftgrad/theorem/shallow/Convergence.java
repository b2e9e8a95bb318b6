package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
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

/** T1a to T1c: what Theorem 1 says of convergence, of its rate, and of the scale of the start. */
final class Convergence {

  /** C of Theorem 1 for norms and labels in [1, 2]. */
  private static final double CONSTANT = 0.5;

  /**
   * The share of badly initialised runs that converge off orthogonality (theory file, observation O4:
   * 0.52 at the papers' scale); an upper guess, for the power only.
   */
  private static final double REVIVAL = 0.6;

  private static final double LEVEL = 0.95;
  private static final String PAPER = "paper";
  private static final String THEOREM = "theorem";
  private static final String HALF = "half the paper";

  private Convergence() {}

  /** One cell: sizes, ε, which width and which scale of the start. */
  private record Cell(int points, double factor, double epsilon, String width, double scale) {
    long dimension() {
      return Starts.dimension(points, factor);
    }

    int neurons() {
      return switch (width) {
        case THEOREM -> Width.theoremWidth(points, epsilon);
        case PAPER -> Width.widthFor(points, epsilon);
        default -> Math.max(1, Width.widthFor(points, epsilon) / 2);
      };
    }

    Cell halved() {
      return new Cell(points, factor, epsilon, HALF, scale);
    }

    /** The exact P(well) of orthogonal inputs, over fair signs of the labels: a bound from below on P(conv). */
    double wellInitialised() {
      Binomial positives = new Binomial(points, 0.5);
      double sum = 0;
      for (int positive = 0; positive <= points; positive++) {
        sum +=
            positives.exactly(positive)
                * Width.probabilityWellInitialised(neurons(), positive, points - positive);
      }
      return Math.min(1, sum);
    }

    /** Only the width that Theorem 1 asks for is held against its bound. */
    boolean judged() {
      return !width.equals(PAPER);
    }

    String name() {
      return "n = " + points + ", d = " + dimension() + ", p = " + neurons()
          + (scale == 1 ? "" : ", scale " + Numbers.rounded(scale, 6));
    }
  }

  private record Outcome(Cell cell, int runs, int converged, int well, int convergedWell) {
    Proportion share() {
      return new Proportion(converged, runs);
    }

    double margin() {
      return share().wilson(LEVEL).lower() - (1 - cell.epsilon);
    }
  }

  // ---------------------------------------------------------------- plans

  private static Parameters sizes(List<Integer> points, List<Double> factors, List<Double> epsilons, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n")
        .numbers("dimensionFactors", factors, 1e-3, 1e9, "dimensions d, over n²")
        .numbers("epsilons", epsilons, 1e-12, 0.999, "ε of the width p = ⌈4 log(n/ε)⌉")
        .number("lossReached", 1e-10, 1e-20, 1, "the loss at which a run ends")
        .number("horizonOverPoints", 1e4, 1e-3, 1e9, "the horizon H, over n")
        .whole("runs", runs, 1, 1_000_000, "runs a cell, each with data and start of its own");
  }

  private static List<Cell> cells(Parameters plan, List<String> widths, double[] scales) {
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (double factor : plan.numbers("dimensionFactors")) {
        for (double scale : scales) {
          for (double epsilon : plan.numbers("epsilons")) {
            if (widths.contains(THEOREM)) {
              cells.add(new Cell(points, factor, epsilon, THEOREM, scale));
            }
          }
          if (widths.contains(PAPER)) {
            cells.add(new Cell(points, factor, 0.05, PAPER, scale));
          }
        }
      }
    }
    return cells;
  }

  // ---------------------------------------------------------------- T1a

  static Check probability() {
    return Check.named("shallow/T1a", "The loss tends to 0 with probability at least 1 − ε", "shallow/theorem-1")
        .asks("With p = ⌈4 log(n/ε)⌉ neurons on law S, does the flow converge with probability at least 1 − ε, and always from a good start?")
        .holdsIf(
            "at that width the lower end of the 95 % Wilson interval of P(conv) is at least 1 − ε in every cell, and at"
                + " every width all well-initialised starts converge; conv is L < 1e-6/(2n) within H = 10⁴ n and 20 n p steps")
        .control("the width: half of ⌊log(n/ε)/log(4/3)⌋ + 1 neurons", "p about 2.3 times too small")
        .plan(Scale.QUICK, probabilityPlan(List.of(10, 20), List.of(16.0), List.of(0.05)))
        .plan(Scale.PAPER, probabilityPlan(List.of(10, 20, 40, 80), List.of(1.0, 16.0), List.of(0.05, 0.2)))
        .plan(Scale.BEYOND, probabilityPlan(List.of(10, 20, 40, 80, 160), List.of(1.0, 16.0), List.of(0.05, 0.2)))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> assurance(cells(plan, plan.words("widths"), new double[] {1}), plan.whole("runs")))
        .runs(Convergence::runProbability);
  }

  private static Parameters probabilityPlan(List<Integer> points, List<Double> dimensions, List<Double> epsilons) {
    return sizes(points, dimensions, epsilons, 400)
        .words(
            "widths", List.of(THEOREM, PAPER), List.of(THEOREM, PAPER),
            "theorem: ⌈4 log(n/ε)⌉ for every ε; paper: the experiments' width at ε = 0.05, not held against 1 − ε");
  }

  /** Exact binomial probabilities of the rule on Wilson's lower end, over all judged cells. */
  private static Assurance assurance(List<Cell> cells, int runs) {
    double allPass = 1;
    double allPassControlled = 1;
    for (Cell cell : cells) {
      if (cell.judged()) {
        int needed = leastConverged(runs, cell.epsilon);
        allPass *= atLeast(runs, cell.wellInitialised(), needed);
        double well = cell.halved().wellInitialised();
        allPassControlled *= atLeast(runs, well + REVIVAL * (1 - well), needed);
      }
    }
    return new Assurance(
        Math.max(0, 1 - allPass),
        Math.min(1, 1 - allPassControlled),
        "Exact binomial probabilities of the rule on Wilson's interval: false alarm with P(conv) as low as the exact"
            + " P(well initialised) of orthogonal inputs, power with half the width and six bad starts in ten"
            + " reviving (observation O4). That good starts converge is deterministic.");
  }

  private static int leastConverged(int runs, double epsilon) {
    // Wilson's lower end grows with the count.
    int low = 0;
    int high = runs + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (middle > runs || new Proportion(middle, runs).wilson(LEVEL).lower() >= 1 - epsilon) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private static double atLeast(int runs, double probability, int needed) {
    return needed > runs ? 0 : new Binomial(runs, Math.min(1, probability)).atLeast(needed);
  }

  private static Finding runProbability(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = controlled(trial, cells(plan, plan.words("widths"), new double[] {1}));
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Outcome> outcomes = outcomes(cells, rows, plan.whole("runs"));
    Finding finding = judged(rows, outcomes, true).figure(picture(outcomes));
    return narrow(outside(finding, plan), trial);
  }

  private static List<Cell> controlled(Trial trial, List<Cell> cells) {
    return trial.controlled()
        ? cells.stream().filter(Cell::judged).map(Cell::halved).toList()
        : cells;
  }

  private static List<Outcome> outcomes(List<Cell> cells, List<Row> rows, int runs) {
    List<Outcome> outcomes = new ArrayList<>();
    for (int c = 0; c < cells.size(); c++) {
      int converged = 0;
      int well = 0;
      int both = 0;
      for (Row row : rows.subList(c * runs, (c + 1) * runs)) {
        converged += row.yes("converged") ? 1 : 0;
        well += row.yes("well initialised") ? 1 : 0;
        both += row.yes("converged") && row.yes("well initialised") ? 1 : 0;
      }
      outcomes.add(new Outcome(cells.get(c), runs, converged, well, both));
    }
    return outcomes;
  }

  /**
   * The rule on Wilson's lower end in every judged cell.
   *
   * @param allGood whether it also asks that every well-initialised start converges
   */
  private static Finding judged(List<Row> rows, List<Outcome> outcomes, boolean allGood) {
    Outcome worst = null;
    boolean met = true;
    int well = 0;
    int exceptions = 0;
    List<String> reported = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      well += outcome.well;
      exceptions += outcome.well - outcome.convergedWell;
      if (outcome.well > outcome.convergedWell) {
        broken.add(outcome.cell.name() + ": " + (outcome.well - outcome.convergedWell));
      }
      if (outcome.cell.judged()) {
        met &= outcome.margin() >= 0;
        worst = worst == null || outcome.margin() < worst.margin() ? outcome : worst;
      } else {
        reported.add(outcome.cell.name() + ": " + outcome.share());
      }
    }
    met &= exceptions == 0 || !allGood;
    String text =
        exceptions + " of " + well + " well-initialised starts did not converge"
            + (broken.isEmpty() ? "" : ", at " + String.join("; ", broken))
            + (well == 0
                ? "."
                : " (the 95 % upper bound on that share is "
                    + Numbers.rounded(new Proportion(exceptions, well).upperBound(LEVEL), 2) + ").")
            + (reported.isEmpty()
                ? ""
                : " At the experiments' own width, ε = 0.05, the shares are "
                    + String.join("; ", reported) + ".");
    if (worst == null) {
      return Finding.judged(exceptions == 0, rows)
          .measured("share of well-initialised starts that converged", 1 - (double) exceptions / Math.max(1, well))
          .predicted(1)
          .explained(text);
    }
    return Finding.judged(met, rows)
        .measured(
            "P(conv) in the cell nearest to its bound 1 − ε (" + worst.cell.name() + ")", worst.share().estimate())
        .predicted(1 - worst.cell.epsilon)
        .interval(worst.share().wilson(LEVEL))
        .explained(
            "In the cell nearest to its bound " + worst.share() + " runs converged, with Wilson's lower end "
                + Numbers.rounded(worst.margin(), 3) + " from 1 − ε = " + Numbers.rounded(1 - worst.cell.epsilon, 4)
                + ". " + text);
  }

  private static Figure picture(List<Outcome> outcomes) {
    SharesOfRuns shares = new SharesOfRuns();
    for (int c = 0; c < outcomes.size(); c++) {
      Cell cell = outcomes.get(c).cell;
      shares.add(cell.judged() ? "ε = " + Numbers.rounded(cell.epsilon, 4) : "the experiments' width", c + 1, outcomes.get(c).share());
    }
    return levels(shares.figure("cell, in the order of the rows"), outcomes).title("Convergence on law S");
  }

  /** The level that each ε is held against. */
  private static Figure levels(Figure figure, List<Outcome> outcomes) {
    double[] epsilons =
        outcomes.stream().filter(each -> each.cell.judged()).mapToDouble(each -> each.cell.epsilon).distinct().sorted().toArray();
    Figure levelled = figure;
    for (double epsilon : epsilons) {
      levelled = levelled.bound("1 − ε = " + Numbers.rounded(1 - epsilon, 4), 1 - epsilon);
    }
    return levelled;
  }

  private static Finding outside(Finding finding, Parameters plan) {
    Finding noted = finding;
    double least = Arrays.stream(plan.numbers("dimensionFactors")).min().orElse(1);
    if (least < 1) {
      noted =
          noted.outside("Assumption 2 as we read it (d of order n² at least), with d = " + Numbers.rounded(least, 4) + " n²");
    }
    return noted;
  }

  private static Finding narrow(Finding finding, Trial trial) {
    return trial.controlled() ? finding.outside("the width p ≥ 4 log(n/ε), by the factor 2.3 or so") : finding;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    int n = cell.points;
    ShallowNetwork drawn = Starts.lawS(trial, n, cell.dimension(), cell.neurons(), replicate);
    ShallowNetwork network = cell.scale == 1 ? drawn : drawn.scaled(cell.scale);
    double limit = Starts.fitted(n);
    Solution solution =
        Starts.followed(Starts.until(network, Math.min(plan.number("lossReached"), limit), plan.number("horizonOverPoints") * n));
    return Row.start()
        .and("points", n)
        .and("dimension", cell.dimension())
        .and("epsilon", cell.epsilon)
        .and("width", cell.width)
        .and("neurons", cell.neurons())
        .and("scale", cell.scale)
        .and("run", replicate)
        .and("well initialised", network.wellInitialised())
        .and("converged", solution.loss() < limit)
        .and("interaction κ", drawn.data().offDiagonalNorm() * Math.sqrt(n) / square(drawn.data().normBounds().least()))
        .and("start loss", network.loss())
        .and("loss", solution.loss())
        .and("time", solution.time())
        .and("mean curvature", StrictMath.log(network.loss() / solution.loss()) / solution.time())
        .and("end curvature", solution.curvature())
        .and("ending", solution.ending().toString());
  }

  private static double square(double value) {
    return value * value;
  }

  // ---------------------------------------------------------------- T1b

  static Check rate() {
    return Check.named("shallow/T1b", "The loss falls at a rate of C/n at least", "shallow/theorem-1")
        .asks("In every run that converges, are the mean curvature and the curvature at the end at least C/n, with C = 1/2?")
        .holdsIf(
            "log(L(0)/L(T))/T and μ(T) are at least C/n in every run that converges (T: L < 1e-10 within H = 10⁴ n)")
        .control("the mechanism: the flow's factor p is left out, and time stretches by it", "17 to 36 times too slow")
        .plan(Scale.QUICK, ratePlan(List.of(10, 20), 50))
        .plan(Scale.PAPER, ratePlan(List.of(10, 20, 40, 80), 400))
        .plan(Scale.BEYOND, ratePlan(List.of(10, 40, 160, 1000), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * cells(plan, List.of(THEOREM), new double[] {1}).size(),
                    0.2, "at n = 10 and 20, d = n² and 16n², seed 1000"))
        .runs(Convergence::runRate);
  }

  private static Parameters ratePlan(List<Integer> points, int runs) {
    return sizes(points, List.of(1.0, 16.0), List.of(0.05, 0.2), runs);
  }

  private static Finding runRate(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = cells(plan, List.of(THEOREM), new double[] {1});
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> rateRow(trial, cell, replicate));
    List<Row> converged = rows.stream().filter(row -> row.yes("converged")).toList();
    double least = Double.POSITIVE_INFINITY;
    for (Row row : converged) {
      least = Math.min(least, Math.min(row.number("mean rate over C/n"), row.number("end rate over C/n")));
    }
    if (converged.isEmpty()) {
      return outside(
          Finding.reported(rows).measured("runs that converged", 0).explained("No run converged, so there is no rate to judge."),
          plan);
    }
    return outside(
        Finding.judged(least >= 1, rows)
            .measured("smallest of mean and end curvature over C/n, over the runs that converge", least)
            .predicted(1)
            .explained(
                converged.size() + " of " + rows.size() + " runs converged; the smallest rate is "
                    + Numbers.rounded(least, 4) + " times C/n. " + tightness(trial, plan, converged))
            .figure(
                Plot.plot(Row.table("rates", converged)).x("points").points("mean curvature", "end curvature")
                    .line("C/n", points(plan), Arrays.stream(points(plan)).map(n -> CONSTANT / n).toArray())
                    .logLog().yLabel("curvature μ").title("Rates of Theorem 1")),
        plan);
  }

  private static double[] points(Parameters plan) {
    return Arrays.stream(plan.wholes("points")).asDoubleStream().sorted().toArray();
  }

  /** How fast the slowest run gets slower with n: a slope of −1 would make C/n sharp in its order. */
  private static String tightness(Trial trial, Parameters plan, List<Row> converged) {
    double[] points = Arrays.stream(points(plan)).distinct().toArray();
    double[][] rates =
        Arrays.stream(points)
            .mapToObj(
                n ->
                    converged.stream()
                        .filter(row -> row.whole("points") == (long) n)
                        .mapToDouble(row -> row.number("end curvature"))
                        .toArray())
            .toArray(double[][]::new);
    if (points.length < 2 || Arrays.stream(rates).anyMatch(some -> some.length == 0)) {
      return "The slope of the slowest rate against n needs two sizes with runs that converge.";
    }
    double[] slowest = Arrays.stream(rates).mapToDouble(some -> Arrays.stream(some).min().orElseThrow()).toArray();
    Interval interval =
        Bootstrap.seed(trial.seed("bootstrap"))
            .logLogSlope(points, rates, some -> Arrays.stream(some).min().orElseThrow(), LEVEL);
    return "The slowest end curvature against n has log-log slope "
        + Numbers.rounded(Line.logLog(points, slowest).slope(), 3) + " " + interval
        + ", reported only (a bound of order 1/n allows −1 and up).";
  }

  private static Row rateRow(Trial trial, Cell cell, int replicate) {
    double unit = CONSTANT / cell.points * (trial.controlled() ? cell.neurons() : 1);
    Row row = row(trial, cell, replicate);
    return row.and("mean rate over C/n", row.number("mean curvature") / unit)
        .and("end rate over C/n", row.number("end curvature") / unit);
  }

  // ---------------------------------------------------------------- T1c

  static Check scales() {
    return Check.named("shallow/T1c", "The scale of the start does not matter", "shallow/theorem-1")
        .asks("Does the flow converge with probability at least 1 − ε whatever factor multiplies the start?")
        .holdsIf(
            "the lower end of the 95 % Wilson interval of P(conv) is at least 1 − ε for every factor and size; conv is L < 1e-6/(2n) within H = 10⁴ n and 20 n p steps")
        .control("the width: half of ⌊log(n/ε)/log(4/3)⌋ + 1 neurons", "p about 2.3 times too small")
        .plan(Scale.QUICK, scalesPlan(List.of(10), List.of(1.0), List.of(0.001, 1.0, 30.0), 600))
        .plan(
            Scale.PAPER,
            scalesPlan(
                List.of(10, 20), List.of(1.0, 4.0, 16.0), List.of(0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0),
                1000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .plan(
            Scale.BEYOND,
            scalesPlan(
                List.of(10, 20, 40), List.of(1.0, 4.0, 16.0, 100.0),
                List.of(0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0),
                1000))
        .assured(plan -> assurance(cells(plan, List.of(THEOREM), plan.numbers("scales")), plan.whole("runs")))
        .runs(Convergence::runScales);
  }

  private static Parameters scalesPlan(
      List<Integer> points, List<Double> factors, List<Double> scales, int runs) {
    return sizes(points, factors, List.of(0.05), runs)
        .numbers("scales", scales, 1e-12, 1e6, "factors at hidden weights and readout");
  }

  private static Finding runScales(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = controlled(trial, cells(plan, List.of(THEOREM), plan.numbers("scales")));
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Outcome> outcomes = outcomes(cells, rows, plan.whole("runs"));
    Map<String, Double> largest = new LinkedHashMap<>();
    for (Outcome outcome : outcomes) {
      String size = "n = " + outcome.cell.points + ", d = " + Numbers.rounded(outcome.cell.factor, 4) + " n²";
      largest.putIfAbsent(size, 0.0);
      if (outcome.well == outcome.convergedWell) {
        largest.merge(size, outcome.cell.scale, Math::max);
      }
    }
    SharesOfRuns shares = new SharesOfRuns();
    boolean several = Arrays.stream(plan.numbers("epsilons")).distinct().count() > 1;
    for (Outcome outcome : outcomes) {
      shares.add(
          "n = " + outcome.cell.points + ", d = " + Numbers.rounded(outcome.cell.factor, 4) + " n²"
              + (several ? ", ε = " + Numbers.rounded(outcome.cell.epsilon, 4) : ""),
          outcome.cell.scale, outcome.share());
    }
    Finding finding = judged(rows, outcomes, false);
    return narrow(
        outside(
            finding
                .explained(
                finding.explanation() + " The largest factor at which all good starts converged: "
                    + largest.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + (entry.getValue() == 0 ? "none" : Numbers.rounded(entry.getValue(), 6)))
                        .collect(Collectors.joining("; "))
                    + ".")
            .figure(
                levels(shares.logarithmic("factor of the start"), outcomes)
                    .title("Convergence against the scale of the start")),
            plan),
        trial);
  }
}
