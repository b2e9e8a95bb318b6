package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
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

/** L1a and L1b: a_j² − ‖w_j‖² is constant, and with it the sign of a_j. */
final class Conservation {

  private static final double MOST_DRIFT = 1e-8;
  /** The control's factor at a² in the conserved quantity. */
  private static final double WRONG_FACTOR = 1.25;
  /** The control's |a|/‖w‖. */
  private static final double BROKEN_SHARE = 0.1;

  private Conservation() {}

  // ---------------------------------------------------------------- L1a

  static Check drift() {
    return Check.named("shallow/L1a", "The conserved quantity does not drift", "shallow/lemma-1")
        .asks("Does a_j² − ‖w_j‖² stay what it was along the flow, and does descent keep it to first order in its step?")
        .holdsIf(
            "the largest drift over all neurons, times up to T = 5n and runs of the flow is at most 1e-8 at every"
                + " tolerance, and the median drift of descent goes with the step to a power in [0.8, 1.2] at every n")
        .control(
            "the mechanism: a factor of 1.25 at a_j² in the conserved quantity",
            "a quarter of the change of a_j², which is of order 1")
        .plan(Scale.QUICK, driftPlan(List.of(10), 20))
        .plan(Scale.PAPER, driftPlan(List.of(10, 50), 20))
        .plan(Scale.BEYOND, driftPlan(List.of(10, 50, 100), 20))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.9, "at n = 10, d = 4n², seed 1000"))
        .runs(Conservation::runDrift);
  }

  private static Parameters driftPlan(List<Integer> points, int runs) {
    return Size.plan(points, List.of(4.0), runs)
        .number("timeOverPoints", 5, 0.01, 1e4, "T/n")
        .numbers("tolerances", List.of(1e-6, 1e-8, 1e-10, 1e-12), 1e-14, 1e-4, "tolerances of the flow")
        .numbers(
            "stepsOverPoints", List.of(0.02, 0.01, 0.005, 0.0025, 0.00125), 1e-6, 1,
            "steps of descent, over n; at least two");
  }

  private static Finding runDrift(Trial trial) {
    Parameters plan = trial.parameters();
    double[] steps = plan.numbers("stepsOverPoints");
    org.liftgrad.kernel.Argument.require(
        Arrays.stream(steps).distinct().count() >= 2, "stepsOverPoints", plan, "at least two different steps");
    List<Row> rows =
        trial.runs(Followed.of(plan), plan.whole("runs"), (followed, replicate) -> driftRow(trial, followed, replicate));
    double largest = 0;
    boolean kept = true;
    for (Row row : rows) {
      if (row.text("method").equals("flow")) {
        largest = Math.max(largest, row.number("drift"));
        kept &= row.number("drift") <= MOST_DRIFT;
      }
    }
    boolean firstOrder = true;
    List<String> slopes = new ArrayList<>();
    Interval first = null;
    for (Size size : Size.of(plan)) {
      double[][] drifts = new double[steps.length][];
      double[] medians = new double[steps.length];
      for (int k = 0; k < steps.length; k++) {
        double step = steps[k] * size.points();
        drifts[k] =
            rows.stream()
                .filter(row -> row.text("method").equals("descent") && row.whole("points") == size.points())
                .filter(row -> row.whole("dimension") == size.dimension() && row.number("step") == step)
                .mapToDouble(row -> row.number("drift"))
                .toArray();
        medians[k] = Summary.median(drifts[k]);
      }
      double slope = Line.logLog(steps, medians).slope();
      Interval interval =
          Bootstrap.seed(trial.seed("bootstrap", size.points())).logLogSlope(steps, drifts, Summary::median, 0.95);
      first = first == null ? interval : first;
      firstOrder &= slope >= 0.8 && slope <= 1.2;
      slopes.add("n = " + size.points() + ": " + Numbers.rounded(slope, 4) + " " + interval);
    }
    return Finding.judged(kept && firstOrder, rows)
        .measured("largest |a_j² − ‖w_j‖² − its start| of the flow over neurons, times, tolerances and runs", largest)
        .predicted(0)
        .explained(
            "The flow keeps it to " + Numbers.rounded(largest, 3) + "; for descent log median drift against log"
                + " step has slope " + slopes.stream().collect(Collectors.joining("; ")) + ".")
        .figure(
            Plot.plot(
                    Row.table("descent", rows.stream().filter(row -> row.text("method").equals("descent")).toList()))
                .x("step").points("drift").slope("∝ step", 1).logLog()
                .title("Drift of a² − ‖w‖² by gradient descent"));
  }

  /** A flow of some tolerance, or descent by some step over n; the other of the two is 0. */
  private record Followed(Size size, double tolerance, double stepOverPoints) {
    static List<Followed> of(Parameters plan) {
      List<Followed> all = new ArrayList<>();
      for (Size size : Size.of(plan)) {
        Arrays.stream(plan.numbers("tolerances")).forEach(tolerance -> all.add(new Followed(size, tolerance, 0)));
        Arrays.stream(plan.numbers("stepsOverPoints")).forEach(step -> all.add(new Followed(size, 0, step)));
      }
      return all;
    }
  }

  private static Row driftRow(Trial trial, Followed followed, int replicate) {
    Size size = followed.size;
    double factor = trial.controlled() ? WRONG_FACTOR : 1;
    double step = followed.stepOverPoints * size.points();
    GradientFlow flow =
        GradientFlow.gradientFlow(Starts.lawS(trial, size.points(), size.dimension(), size.neurons(), replicate))
            .until(StopCondition.timeReached(trial.parameters().number("timeOverPoints") * size.points()))
            .observe(Observer.largest("drift", state -> state.conservationDrift(factor)));
    Solution solution = Starts.followed(step > 0 ? flow.method(Method.descent(step)) : flow.tolerance(followed.tolerance));
    return size.row(replicate)
        .and("method", step > 0 ? "descent" : "flow")
        .and("tolerance", followed.tolerance)
        .and("step", step)
        .and("time", solution.time())
        .and("drift", solution.last("drift"))
        .and("loss", solution.loss())
        .and("ending", solution.ending().toString());
  }

  // ---------------------------------------------------------------- L1b

  static Check signs() {
    return Check.named("shallow/L1b", "No readout changes its sign", "shallow/lemma-1")
        .asks("Under Assumption 1, does |a_j| stay at least ‖w_j‖, and does no readout change its sign?")
        .holdsIf(
            "no readout has another sign than at the start at any time up to T = 5n, and |a_j| − ‖w_j‖ is never under"
                + " −1e-8, in every run of the flow")
        .control("Assumption 1: |a_j| = 0.1 ‖w_j‖ at the start", "ten times too small; about one sign in a hundred flips at d = 4n²")
        .plan(Scale.QUICK, signPlan(List.of(10, 20), 20))
        .plan(Scale.PAPER, signPlan(List.of(10, 50), 20))
        .plan(Scale.BEYOND, signPlan(List.of(10, 50, 100), 50))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.1,
                    "a sign flips, at n = 10 and 20, d = 4n², seed 1000"))
        .runs(Conservation::runSigns);
  }

  private static Parameters signPlan(List<Integer> points, int runs) {
    return Size.plan(points, List.of(4.0), runs).number("timeOverPoints", 5, 0.01, 1e4, "T/n");
  }

  private static Finding runSigns(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows =
        trial.runs(Size.of(plan), plan.whole("runs"), (size, replicate) -> signRow(trial, size, replicate));
    long flips = 0;
    long neurons = 0;
    double margin = Double.POSITIVE_INFINITY;
    for (Row row : rows) {
      flips += row.whole("sign flips");
      neurons += row.whole("neurons");
      margin = Math.min(margin, row.number("smallest margin"));
    }
    Finding finding =
        Finding.judged(flips == 0 && margin >= -1e-8, rows)
            .measured("readouts that changed their sign", flips)
            .predicted(0)
            .explained(
                flips + " of " + neurons + " readouts changed their sign; the smallest |a_j| − ‖w_j‖ at any time was "
                    + Numbers.rounded(margin, 4) + ".")
            .figure(
                Plot.histogram(rows.stream().mapToDouble(row -> row.number("smallest margin")).toArray())
                    .xLabel("smallest |a_j| − ‖w_j‖ of a run").title("Assumption 1 along the flow"));
    return trial.controlled()
        ? finding.outside("Assumption 1, |a_j| ≥ ‖w_j‖, by the factor " + BROKEN_SHARE)
        : finding;
  }

  private static Row signRow(Trial trial, Size size, int replicate) {
    ShallowNetwork drawn =
        Starts.lawS(trial, size.points(), size.dimension(), size.neurons(), replicate);
    ShallowNetwork network = trial.controlled() ? Starts.withShare(drawn, BROKEN_SHARE) : drawn;
    double[] start = network.readout();
    Solution solution =
        Starts.followed(GradientFlow.gradientFlow(network)
            .until(
                StopCondition.timeReached(trial.parameters().number("timeOverPoints") * size.points()))
            .observe(
                Observer.largest("flips", state -> flips(state, start)),
                Observer.smallest("margin", Conservation::margin)));
    return size.row(replicate)
        .and("sign flips", (long) solution.last("flips"))
        .and("smallest margin", solution.last("margin"))
        .and("time", solution.time())
        .and("loss", solution.loss())
        .and("ending", solution.ending().toString());
  }

  private static double flips(FlowState state, double[] start) {
    int count = 0;
    for (int j = 0; j < start.length; j++) {
      count += state.readout(j) * start[j] <= 0 ? 1 : 0;
    }
    return count;
  }

  private static double margin(FlowState state) {
    double least = Double.POSITIVE_INFINITY;
    for (int j = 0; j < state.neurons(); j++) {
      double norm = Math.sqrt(Math.max(state.squaredWeightNorm(j), 0));
      least = Math.min(least, Math.abs(state.readout(j)) - norm);
    }
    return least;
  }
}
