package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.hipparchus.special.Erf;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.OneNeuronGroup;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Bootstrap;
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

/** B3: how far gradient descent follows the flow, and from which step on it leaves what the flow found. */
final class DescentLimit {

  private static final String GROUP = "group";
  private static final String ORTHOGONAL = "orthogonal";
  private static final String LAW_S = "law S";
  private static final String LAW_S_WORD = "lawS";

  private static final double ALLOWED = 0.01;
  private static final double ALLOWED_SLOPE = 0.1;
  private static final double LEVEL = 0.95;

  /** The control's exponent at the step. */
  private static final double WRONG_EXPONENT = 1.25;
  /** For the false-alarm rate: five times the deviation of the exponents of single runs at n = 16 to 64, seeds from 1000. */
  private static final double SLOPE_DEVIATION = 0.025;

  /** The deviation of log η̂ from run to run, at most, n = 8 to 128, seeds from 1000. */
  private static final double STEP_DEVIATION = 0.2;

  /** Where the flow ends: the residual left must not matter beside the perturbation. */
  private static final double FITTED = 1e-20;
  private static final double PERTURBATION = 1e-6;
  /** A step 1 % too large multiplies a residual by 1.02 each time, so by 4·10⁸ in this many. */
  private static final int STEPS = 1000;
  /** The bisection ends when both ends of its bracket agree to this. */
  private static final double RESOLUTION = 2e-3;
  /** Times at which flow and descent are compared. */
  private static final int TIMES = 200;

  private DescentLimit() {}

  static Check check() {
    return Check.named("shallow/B3", "Gradient descent and its largest step", "shallow/gradient-descent")
        .asks(
            "Is the largest stable step of descent the one that linearising predicts, is descent away from the flow in"
                + " proportion to its step, and need the step shrink as n, p or d grow?")
        .holdsIf(
            "in every run on orthogonal data that the flow fits, the step η̂ found by bisection, above which descent leaves"
                + " the end of the flow, is within 1 % of n/max‖D_j‖ (group initialisation) or 2n/λ_max(K_∞) (random start),"
                + " and sup_t |L_GD − L_GF| goes with the step to a power in [0.9, 1.1]; and on all data the 95 % interval of"
                + " the exponent of η̂ in n is above 0 and none in p or d is all below −0.1")
        .control(
            "the mechanism: descent takes η^1.25 for its step η", "an exponent off by 0.25; 11 to 40 % of η̂ at n = 8 to 64")
        .plan(Scale.QUICK, plan(List.of(GROUP, ORTHOGONAL), List.of(8, 16, 32), List.of(1.0), 5))
        .plan(Scale.PAPER, plan(List.of(GROUP, ORTHOGONAL, LAW_S_WORD), List.of(16, 32, 64, 128), List.of(1.0, 16.0), 20))
        .plan(
            Scale.BEYOND,
            plan(List.of(GROUP, ORTHOGONAL, LAW_S_WORD), List.of(16, 32, 64, 128, 256), List.of(1.0, 4.0, 16.0), 40))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(DescentLimit::assurance)
        .runs(DescentLimit::run);
  }

  private static Parameters plan(
      List<String> data, List<Integer> points, List<Double> dimensionFactors, int runs) {
    return Parameters.none()
        .words(
            "data", data, List.of(GROUP, ORTHOGONAL, LAW_S_WORD),
            "group: orthonormal inputs, group initialisation; orthogonal and lawS: the experiments' start")
        .wholes("points", points, 4, Size.MOST_POINTS, "numbers of points n")
        .wholes("groups", List.of(1, 4), 1, 4, "numbers of groups")
        .numbers("widthFactors", List.of(1.0, 2.0), 0.25, 100, "widths p of the random starts, over ⌊log(n/ε)/log(4/3)⌋ + 1, ε = 0.05")
        .numbers("dimensionFactors", dimensionFactors, 1e-3, 1e9, "dimensions d of law S, over n²")
        .numbers(
            "stepsOverLimit", List.of(0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625), 1e-5, 0.5,
            "steps of descent that are compared with the flow, over the predicted limit; at least two")
        .whole("runs", runs, 1, 10_000, "runs a cell, each with data and start of its own");
  }

  /**
   * One kind of data at one size.
   *
   * @param factor of the width, or the number of groups
   * @param dimensionFactor d/n², or 0 where d = n
   */
  private record Cell(String data, int points, double factor, double dimensionFactor) {
    int neurons() {
      return data.equals(GROUP) ? (int) factor : Math.max(1, (int) Math.round(factor * Width.widthFor(points, 0.05)));
    }
  }

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (String word : plan.words("data")) {
      for (int points : plan.wholes("points")) {
        double[] factors =
            word.equals(GROUP)
                ? Arrays.stream(plan.wholes("groups")).asDoubleStream().toArray()
                : plan.numbers("widthFactors");
        for (double factor : factors) {
          double[] dimensions = word.equals(LAW_S_WORD) ? plan.numbers("dimensionFactors") : new double[] {0};
          for (double dimension : dimensions) {
            cells.add(new Cell(word.equals(LAW_S_WORD) ? LAW_S : word, points, factor, dimension));
          }
        }
      }
    }
    return cells;
  }

  private static Assurance assurance(Parameters plan) {
    int runs = plan.whole("runs");
    long deciding = runs * cells(plan).stream().filter(cell -> !cell.data.equals(LAW_S)).count();
    // Every run has to pass, so chances add up.
    double falseAlarm = deciding * beyond(ALLOWED_SLOPE / SLOPE_DEVIATION);
    for (String word : plan.words("data")) {
      falseAlarm += growthMissed(plan, word);
      if (!word.equals(GROUP)) {
        falseAlarm += several(plan.numbers("widthFactors")) ? 0.05 : 0;
      }
      if (word.equals(LAW_S_WORD)) {
        falseAlarm += several(plan.numbers("dimensionFactors")) ? 0.05 : 0;
      }
    }
    double power = -StrictMath.expm1(deciding * StrictMath.log1p(-0.9));
    return new Assurance(
        Math.min(1, falseAlarm),
        power,
        "The limit itself is linear algebra: a step 1 % too large multiplies residuals by 4·10⁸ in " + STEPS
            + " steps, so that only a residual with less than 10⁻⁸ of it in the unstable direction hides it. The"
            + " false-alarm rate is a sum: for exponents of the distance, which were 0.99 to 1.03 in single runs"
            + " (orthogonal data, n = 16 to 64, seeds from 1000), a normal law of five times their deviation; for the"
            + " exponent in n, of 1/2, medians of steps that vary by a fifth from run to run; for those in p"
            + " and d, of 0 or more, 5 % each. With the control nine runs of ten at least break the rule (their η̂ is"
            + " η_c^0.8), and one is enough.");
  }

  /** The chance that a standard normal number is beyond ± this. */
  private static double beyond(double deviations) {
    return Erf.erfc(deviations / Math.sqrt(2));
  }

  private static boolean several(double[] values) {
    return Arrays.stream(values).distinct().count() > 1;
  }

  /** The chance that the interval of the exponent in n reaches 0 although the exponent is 1/2. */
  private static double growthMissed(Parameters plan, String word) {
    double[] logs = Arrays.stream(plan.wholes("points")).distinct().mapToDouble(StrictMath::log).toArray();
    if (logs.length < 2) {
      return 0;
    }
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    // Cells of the other sizes are pooled.
    double pooled =
        (double) plan.whole("runs")
            * (word.equals(GROUP) ? plan.wholes("groups").length : plan.numbers("widthFactors").length)
            * (word.equals(LAW_S_WORD) ? plan.numbers("dimensionFactors").length : 1);
    // A median varies by 1.25 times as much as a mean.
    double deviation = 1.25 * STEP_DEVIATION / Math.sqrt(pooled * spread);
    return Erf.erfc((0.5 / deviation - 1.96) / Math.sqrt(2)) / 2;
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] steps = plan.numbers("stepsOverLimit");
    org.liftgrad.kernel.Argument.require(
        Arrays.stream(steps).distinct().count() >= 2, "stepsOverLimit", plan, "at least two different steps");
    List<Cell> cells = cells(plan);
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Row> fitted = rows.stream().filter(row -> row.yes("fitted")).toList();
    if (fitted.isEmpty()) {
      return Finding.reported(rows).measured("runs that the flow fits", 0).explained("The flow fits no run, so there is no limit to find.");
    }
    boolean met = true;
    double worst = 0;
    int nearOnLawS = 0;
    double leastSlope = Double.POSITIVE_INFINITY;
    double mostSlope = Double.NEGATIVE_INFINITY;
    for (Row row : fitted) {
      double off = Math.abs(row.number("found over predicted") - 1);
      if (row.text("data").equals(LAW_S)) {
        nearOnLawS += off < ALLOWED ? 1 : 0;
      } else {
        worst = Math.max(worst, off);
        leastSlope = Math.min(leastSlope, row.number("exponent of the gap"));
        mostSlope = Math.max(mostSlope, row.number("exponent of the gap"));
      }
    }
    boolean orthogonal = leastSlope <= mostSlope;
    met &= worst < ALLOWED;
    met &= !orthogonal || leastSlope >= 1 - ALLOWED_SLOPE && mostSlope <= 1 + ALLOWED_SLOPE;
    List<String> growth = new ArrayList<>();
    for (String data : fitted.stream().map(row -> row.text("data")).distinct().toList()) {
      List<Row> some = fitted.stream().filter(row -> row.text("data").equals(data)).toList();
      // ‖D_j‖ goes with the number of groups to the power −1/2: freed of that, both numbers are pooled.
      ToDoubleFunction<Row> ofGroups = row -> data.equals(GROUP) ? Math.sqrt(row.number("factor")) : 1;
      Exponent inPoints = Exponent.of(trial, data, "n", some, row -> row.number("points"), ofGroups);
      // Freed of the growth in n, cells of all sizes are pooled.
      ToDoubleFunction<Row> root = row -> Math.sqrt(row.number("points"));
      Exponent inNeurons = Exponent.of(trial, data, data.equals(GROUP) ? "the groups" : "p", some, row -> row.number("factor"), root);
      Exponent inDimension = Exponent.of(trial, data, "d", some, row -> row.number("dimension factor"), root);
      met &= inPoints.missing() || inPoints.interval.lower() > 0;
      met &= inNeurons.missing() || inNeurons.interval.upper() >= -ALLOWED_SLOPE;
      met &= inDimension.missing() || inDimension.interval.upper() >= -ALLOWED_SLOPE;
      String found =
          List.of(inPoints, inNeurons, inDimension).stream()
              .filter(exponent -> !exponent.missing())
              .map(Exponent::text)
              .collect(Collectors.joining(", "));
      growth.add(data + ": " + (found.isEmpty() ? "one size only" : found));
    }
    double[] lawS =
        fitted.stream()
            .filter(row -> row.text("data").equals(LAW_S))
            .mapToDouble(row -> row.number("exponent of the gap"))
            .toArray();
    return Finding.judged(met, rows)
        .measured("largest |η̂ / predicted − 1| over the runs on orthogonal data that the flow fits", worst)
        .predicted(0)
        .explained(
            fitted.size() + " of " + rows.size() + " runs are fitted by the flow."
                + (orthogonal
                    ? " On orthogonal data η̂ is within " + Numbers.rounded(100 * worst, 2)
                        + " % of its prediction, and sup|L_GD − L_GF| goes with the step to the power " + Numbers.rounded(leastSlope, 3)
                        + " to " + Numbers.rounded(mostSlope, 3) + "."
                    : "")
                + (lawS.length == 0
                    ? ""
                    : " On law S, where pairs end on their kinks, so that there is no derivative to linearise, and trajectories part"
                        + " near grazing pairs, η̂ is within 1 % in " + nearOnLawS + " of " + lawS.length
                        + " runs, and the power is " + Numbers.rounded(Summary.median(lawS), 3) + " in the median and "
                        + Numbers.rounded(Arrays.stream(lawS).min().orElseThrow(), 3) + " to "
                        + Numbers.rounded(Arrays.stream(lawS).max().orElseThrow(), 3) + " in single runs; reported only.")
                + " Exponents of η̂: " + String.join("; ", growth) + ".")
        .figure(
            Plot.plot(Row.table("B3", fitted)).x("points").by("data").points("largest stable step").slope("∝ √n", 0.5)
                .logLog().title("Largest stable step of gradient descent"));
  }

  /** The exponent of η̂ in one size, with a bootstrap interval; without one where there are no two values. */
  private record Exponent(String of, double slope, Interval interval) {
    static Exponent of(
        Trial trial, String data, String name, List<Row> rows, ToDoubleFunction<Row> size, ToDoubleFunction<Row> unit) {
      double[] sizes = rows.stream().mapToDouble(size).distinct().sorted().toArray();
      if (sizes.length < 2) {
        return new Exponent(name, Double.NaN, new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, LEVEL));
      }
      double[][] limits =
          Arrays.stream(sizes)
              .mapToObj(
                  value ->
                      rows.stream()
                          .filter(row -> size.applyAsDouble(row) == value)
                          .mapToDouble(row -> row.number("largest stable step") / unit.applyAsDouble(row))
                          .toArray())
              .toArray(double[][]::new);
      double[] medians = Arrays.stream(limits).mapToDouble(Summary::median).toArray();
      return new Exponent(
          name,
          Line.logLog(sizes, medians).slope(),
          Bootstrap.seed(trial.seed("bootstrap " + data + " " + name)).logLogSlope(sizes, limits, Summary::median, LEVEL));
    }

    boolean missing() {
      return Double.isNaN(slope);
    }

    String text() {
      return "in " + of + " " + Numbers.rounded(slope, 3) + " " + interval;
    }
  }

  private static ShallowNetwork start(Trial trial, Cell cell, int replicate) {
    if (cell.data.equals(GROUP)) {
      long[] address = {cell.points, cell.neurons(), replicate};
      Dataset data =
          OrthogonalData.orthogonalData().points(cell.points).norms(1, 1).groups(cell.neurons())
              .seed(trial.seed("data", address)).build();
      return ShallowNetworks.shallowNetwork(data).groupInitialisation().seed(trial.seed("start", address)).build();
    }
    return cell.data.equals(ORTHOGONAL)
        ? Starts.orthogonal(trial, cell.points, cell.neurons(), replicate)
        : Starts.lawS(trial, cell.points, Starts.dimension(cell.points, cell.dimensionFactor), cell.neurons(), replicate);
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    ShallowNetwork start = start(trial, cell, replicate);
    Solution end = Starts.followed(Starts.until(start, FITTED, 1e4 * cell.points).observe(Observer.loss()));
    boolean fitted = end.ending() == Ending.LOSS_REACHED;
    double predicted = fitted ? predicted(cell, start, end.network()) : Double.NaN;
    double found = fitted ? found(trial, end.network(), predicted) : Double.NaN;
    double[] gaps = fitted ? gaps(trial, start, end, predicted) : new double[] {Double.NaN};
    return Row.start()
        .and("data", cell.data)
        .and("points", cell.points)
        .and("dimension", start.data().dimension())
        .and("dimension factor", cell.dimensionFactor)
        .and("neurons", start.neurons())
        .and("factor", cell.factor)
        .and("run", replicate)
        .and("fitted", fitted)
        .and("predicted step", predicted)
        .and("largest stable step", found)
        .and("found over predicted", found / predicted)
        .and("gap of the largest step over L(0)", gaps[0] / start.loss())
        .and("exponent of the gap", fitted ? Line.logLog(trial.parameters().numbers("stepsOverLimit"), gaps).slope() : Double.NaN)
        .and("sliding pairs at the end", end.slidingPairs());
  }

  /** n/max‖D_j‖, or 2n/λ_max(K_∞). */
  private static double predicted(Cell cell, ShallowNetwork start, ShallowNetwork end) {
    if (!cell.data.equals(GROUP)) {
      return end.descentLimit();
    }
    double most = 0;
    for (int group = 0; group < start.neurons(); group++) {
      most = Math.max(most, OneNeuronGroup.of(start, group).targetNorm());
    }
    return cell.points / most;
  }

  /** Descent with the step that is asked for, or with the control's. */
  private static Method descent(Trial trial, double step) {
    return Method.descent(trial.controlled() ? StrictMath.pow(step, WRONG_EXPONENT) : step);
  }

  /** The step at which a small residual stops dying out, by bisection on its logarithm within a factor of 2. */
  private static double found(Trial trial, ShallowNetwork end, double predicted) {
    ShallowNetwork perturbed = end.scaled(1 + PERTURBATION);
    double stable = predicted / 2;
    double unstable = predicted * 2;
    while (unstable / stable > 1 + RESOLUTION) {
      double middle = Math.sqrt(stable * unstable);
      if (staysNear(perturbed, descent(trial, middle))) {
        stable = middle;
      } else {
        unstable = middle;
      }
    }
    return Math.sqrt(stable * unstable);
  }

  /**
   * Does the loss stay as small as it is? Below the limit every residual mode shrinks; above it the loss
   * grows past its start, though it may fall again: descent is then on its way to another, flatter minimum.
   */
  private static boolean staysNear(ShallowNetwork perturbed, Method method) {
    double step = ((Method.Descent) method).step();
    double[] times = new double[TIMES];
    Arrays.setAll(times, k -> step * (STEPS / TIMES) * (k + 1));
    Solution run =
        GradientFlow.gradientFlow(perturbed)
            .method(method)
            .until(StopCondition.timeReached(times[TIMES - 1]))
            .at(times)
            .observe(Observer.loss())
            .solve();
    double allowed = 4 * perturbed.loss();
    return run.ending() != Ending.NOT_FINITE
        && Arrays.stream(run.column("loss")).allMatch(loss -> loss <= allowed);
  }

  /** sup_t |L_GD − L_GF| for every step, until the flow has lost all but about a thousandth of its loss. */
  private static double[] gaps(Trial trial, ShallowNetwork start, Solution fitted, double predicted) {
    double[] steps = trial.parameters().numbers("stepsOverLimit");
    double[] fall = fitted.column("loss");
    int last = 0;
    while (last < fall.length - 1 && fall[last] > 1e-3 * start.loss()) {
      last++;
    }
    double end = fitted.column("time")[last];
    GradientFlow flow = GradientFlow.gradientFlow(start).observe(Observer.loss());
    double[] times = new double[TIMES];
    Arrays.setAll(times, k -> end * (k + 1) / TIMES);
    double[] exact = Starts.followed(flow.until(StopCondition.timeReached(end)).at(times)).column("loss");
    double[] gaps = new double[steps.length];
    for (int s = 0; s < steps.length; s++) {
      Method method = descent(trial, steps[s] * predicted);
      double step = ((Method.Descent) method).step();
      double[] losses =
          Starts.followed(flow.method(method).until(StopCondition.timeReached(end + 2 * step)).at(times)).column("loss");
      // A run that was interrupted has seen fewer times; its figure is thrown away.
      for (int k = 0; k < Math.min(exact.length, losses.length); k++) {
        gaps[s] = Math.max(gaps[s], Math.abs(losses[k] - exact[k]));
      }
    }
    return gaps;
  }
}
