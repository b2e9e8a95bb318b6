package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Influence;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * H2: the finite-size theorem (theory file, 4.11) where its condition can be met. Weights have atoms, so that exact copies
 * of a witness with weights ±1 abound; these move by η at most if they survive, and not by 2η.
 */
final class FiniteSize {

  private static final int POINTS = 15;
  /** ε₁ over ‖f*‖². */
  private static final double LEVEL = 0.1;
  /** What the control adds to the target, as a multiple of a chessboard of ±1. */
  private static final double OFF = 0.5;
  /** Larger than the influence of an edge in any of 20 lifts of depth 2 and width 120,000 at seed 1001 (at most 13). */
  private static final double INFLUENCE = 18;

  private FiniteSize() {}

  static Check check() {
    return Check.named("lifts/H2", "Enough copies are enough", "lifts/theorem-4.3-finite", "lifts/theorem-4.3")
        .asks("Is the condition of the finite-size theorem met, and does every run whose start meets it reach ε₁ = 0.1 ‖f*‖² before T?")
        .holdsIf(
            "in every run the start has at least as many copies of the witness as the theorem asks for, and L(T) ≤ ε₁;"
                + " half the steps change nothing (G8)")
        .control(
            "the hypothesis: the target is the witness plus half a chessboard, of which the theorem is not told",
            "a witness loss of 0.25 in place of 0")
        .plan(Scale.QUICK, plan(List.of(1), 12, 1e-6))
        .plan(Scale.PAPER, plan(List.of(1), 200, 1e-8))
        .plan(Scale.BEYOND, plan(List.of(1, 2), 200, 1e-9))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(FiniteSize::assurance)
        .runs(FiniteSize::run);
  }

  private static Parameters plan(List<Integer> depths, int runs, double tolerance) {
    return Parameters.none()
        .wholes("depths", depths, 1, 2, "hidden layers: 1, or 2")
        .whole("width", 3000, 1, 10_000_000, "width n of a lift of one hidden layer")
        .whole("deepWidth", 120_000, 1, 10_000_000, "width n of both hidden fibres of one of two")
        .number("tolerance1", 0.05, 1e-9, 1, "η at depth 1")
        .number("tolerance2", 0.025, 1e-9, 1, "η at depth 2")
        .whole("runs", runs, 1, 1_000_000, "runs a depth")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  /** Weights uniform on {−1, 0, 1} at depth 1, as in the theory file; on {−1, 1} at depth 2, where copies are rarer. */
  private static ParameterLaw law(int depth) {
    return depth == 1 ? ParameterLaw.atoms(-1, 0, 1) : ParameterLaw.atoms(-1, 1);
  }

  /** P(y*), the probability of a copy: 2 (1/3)²/4 at depth 1; 2 (1/2)² P₁² with P₁ = 2 (1/2)²/4 at depth 2. */
  static double copyProbability(int depth) {
    return depth == 1 ? 1.0 / 18 : 1.0 / 128;
  }

  /**
   * What the theorem asks for and promises.
   *
   * @param residual e: how far the survivors' features are off the witness, in L²(D)
   * @param copies the least N
   * @param level ε₁
   * @param zero ‖f*‖²
   */
  record Promise(double residual, double copies, double level, double zero) {

    /**
     * For one witness vertex with readout 1.
     *
     * @param influence Δ
     * @param tolerance η
     */
    static Promise of(int depth, Regression task, double influence, double tolerance) {
      double zero = task.lossOfZero();
      double level = LEVEL * zero;
      double residual = FiniteSize.residual(depth, task, tolerance);
      double gap = Math.sqrt(level) * (Math.sqrt(level) - residual);
      double copies = gap > 0 ? Math.sqrt(influence * zero) / (tolerance * Math.sqrt(gap)) : Double.POSITIVE_INFINITY;
      return new Promise(residual, copies, level, zero);
    }

    /** T for so many copies. */
    double time(double found) {
      return 2 / found / (4 * Math.sqrt(level) * (Math.sqrt(level) - residual));
    }
  }

  /**
   * e = ‖Σ over edges of how far a message can be off‖_D where no weight is off by more than η: |w̃ỹ − wy| is at most
   * (|w| + η)|ỹ − y| + η|y|, and tanh does not expand.
   */
  private static double residual(int depth, Regression task, double tolerance) {
    double[] inputs = task.inputs();
    double[] masses = task.masses();
    int samples = task.samples();
    double sum = 0;
    for (int s = 0; s < samples; s++) {
      double first = inputs[s];
      double second = inputs[samples + s];
      double off = tolerance * (Math.abs(first) + Math.abs(second));
      if (depth == 2) {
        double values = Math.abs(StrictMath.tanh(first + second)) + Math.abs(StrictMath.tanh(first - second));
        off = 2 * (1 + tolerance) * off + tolerance * values;
      }
      sum += masses[s] * off * off;
    }
    return Math.sqrt(sum);
  }

  private static int width(Parameters plan, int depth) {
    return plan.whole(depth == 1 ? "width" : "deepWidth");
  }

  private static double tolerance(Parameters plan, int depth) {
    return plan.number("tolerance" + depth);
  }

  private static Assurance assurance(Parameters plan) {
    double missed = 0;
    for (int depth : plan.wholes("depths")) {
      double least =
          Promise.of(depth, task(depth, 0), depth == 1 ? 1 : INFLUENCE, tolerance(plan, depth)).copies;
      // At depth 2 the counts of the layer below vary too: nine tenths of the probability are left to be safe.
      double probability = (depth == 1 ? 1 : 0.9) * copyProbability(depth);
      double each =
          least < Integer.MAX_VALUE ? new Binomial(width(plan, depth), probability).atMost((int) Math.ceil(least) - 1) : 1;
      missed += plan.whole("runs") * each;
    }
    Assurance implied = Assurance.deterministic(plan.whole("runs"), 0.8, "all of 6 runs at seed 1001, depth 1");
    return new Assurance(
        Math.min(1, missed), implied.power(),
        "That the condition implies L(T) ≤ ε₁ is deterministic; that a start has fewer copies has the binomial probability"
            + " of at most "
            + Numbers.rounded(missed, 2) + " in all runs. " + implied.reason());
  }

  private static Regression task(int depth, double off) {
    Regression grid = Regression.onGrid(POINTS, 2, x -> 0);
    double[] inputs = grid.inputs();
    double[] targets = new double[grid.samples()];
    for (int s = 0; s < targets.length; s++) {
      double first = inputs[s];
      double second = inputs[targets.length + s];
      double witness =
          depth == 1
              ? StrictMath.tanh(first + second)
              : StrictMath.tanh(StrictMath.tanh(first + second) - StrictMath.tanh(first - second));
      targets[s] = witness + off * ((s % POINTS + s / POINTS) % 2 == 0 ? 1 : -1);
    }
    return Regression.of(inputs, targets, targets.length);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Integer> depths = new ArrayList<>();
    for (int depth : plan.wholes("depths")) {
      depths.add(depth);
    }
    Argument.require(depths.stream().distinct().count() == depths.size(), "depths", depths, "without repetition");
    List<Row> rows = trial.runs(depths, plan.whole("runs"), (depth, replicate) -> row(trial, depth, replicate));
    long uncovered = rows.stream().filter(row -> !row.yes("condition holds")).count();
    long missed = rows.stream().filter(row -> row.yes("condition holds") && !row.yes("L(T) ≤ ε₁")).count();
    double slowest = rows.stream().mapToDouble(row -> row.number("time over T")).max().orElseThrow();
    List<String> depthsTold = new ArrayList<>();
    for (int depth : depths) {
      List<Row> own = rows.stream().filter(row -> row.whole("depth") == depth).toList();
      depthsTold.add(
          "depth " + depth + ", n = " + width(plan, depth) + ": "
              + Numbers.rounded(own.stream().mapToDouble(row -> row.number("copies")).average().orElseThrow(), 4)
              + " copies on average, "
              + Numbers.rounded(own.stream().mapToDouble(row -> row.number("copies asked for")).max().orElseThrow(), 4)
              + " asked for at most");
    }
    return Resolution.guarding(
        Finding.judged(uncovered == 0 && missed == 0, rows)
            .measured("runs whose start meets the condition and that do not reach ε₁ before T", missed)
            .predicted(0)
            .explained(
                "In " + (rows.size() - uncovered) + " of " + rows.size() + " runs the start meets the condition ("
                    + String.join("; ", depthsTold) + "); " + missed
                    + " of these do not reach ε₁ before T. The slowest run takes " + Numbers.rounded(slowest, 3) + " T.")
            .figure(
                Plot.plot(Row.table("H2", rows)).x("copies").by("depth").points("time until ε₁").line("T").logLog()
                    .title("Time until ε₁, and the theorem's T")));
  }

  private static Row row(Trial trial, int depth, int replicate) {
    Parameters plan = trial.parameters();
    int width = width(plan, depth);
    Regression task = task(depth, trial.controlled() ? OFF : 0);
    LiftedNetwork start =
        PlainLifts.lifts(depth, width).weights(law(depth)).seed(trial.seed("network", depth, width, replicate)).sparse();
    int copies = Coverage.of(start, PlainLifts.witness(depth), 0).copies("h" + depth, 0);
    int influence = Influence.of(start.lift()).largest();
    Promise promise = Promise.of(depth, task, influence, tolerance(plan, depth));
    boolean covered = copies >= promise.copies;
    // Without copies there is no T; the run is of the length that the least number of copies would give.
    double time = promise.time(Math.max(1, covered ? copies : Math.min(promise.copies, width)));
    LossLevels run =
        LossLevels.train(start, task, new double[] {promise.level}, time, plan.number("tolerance"), replicate);
    return run.into(
        Row.start().and("depth", depth).and("width", width).and("run", replicate).and("copies", copies)
            .and("copies asked for", promise.copies).and("condition holds", covered).and("influence Δ", influence)
            .and("e", promise.residual).and("T", time)
            .and("time until ε₁", run.times().get(0)).and("time over T", run.end() / time)
            .and("L(T) ≤ ε₁", run.reached(0)));
  }
}
