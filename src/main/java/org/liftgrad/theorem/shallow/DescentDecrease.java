package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
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

/**
 * B16: does every step of descent take its share of the local-PL decrease, L_{k+1} ≤ (1 − c η μ_k) L_k, and up to which η_0?
 */
final class DescentDecrease {

  private static final String ORTHOGONAL = "orthogonal";
  private static final String LAW_S = "lawS";
  private static final double LEVEL = 0.95;
  private static final double FITTED = 1e-12;
  /** Descent is followed to this part of its first loss. */
  private static final double LAST = 1e-6;
  private static final int MOST_STEPS = 4000;
  /** η_0 is looked for between these parts of η_c, to a factor of 1.1. */
  private static final double LEAST_SHARE = 1 / 16.0;
  private static final double MOST_SHARE = 2;
  private static final double RESOLUTION = 1.1;
  /** The judged step over (1 − c) η_c. */
  private static final double JUDGED = 0.5;
  /** The control's step over η_c. */
  private static final double TOO_LARGE = 2;

  private DescentDecrease() {}

  static Check check() {
    return Check.named("shallow/B16", "Every step of descent takes its share", "shallow/descent-decrease",
        "shallow/gradient-descent")
        .asks("With a step η ≤ η_0, does gradient descent on p L keep L_{k+1} ≤ (1 − c η μ_k) L_k at every step, and how"
            + " does η_0 move with n, p and d?")
        .holdsIf(
            "on orthogonal inputs, in every run that the flow fits, descent with the step η = ½ (1 − c) η_c keeps the"
                + " inequality at every step until L < 1e-6 L(0); η_c ="
                + " 2n/λ_max(K_∞) is the largest stable step")
        .control("the hypothesis η ≤ η_0: the step is 2 η_c", "eight times as large as the judged step at c = ½")
        .plan(Scale.QUICK, plan(List.of(ORTHOGONAL, LAW_S), List.of(8, 16), List.of(1.0, 2.0), List.of(1.0), 2))
        .plan(Scale.PAPER, plan(List.of(ORTHOGONAL, LAW_S), List.of(16, 32, 64), List.of(1.0, 2.0, 4.0), List.of(1.0, 4.0,
            16.0), 10))
        .plan(Scale.BEYOND, plan(List.of(ORTHOGONAL, LAW_S), List.of(16, 32, 64, 128, 256), List.of(1.0, 2.0, 4.0, 8.0),
            List.of(1.0, 4.0, 16.0), 20))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                plan.words("data").contains(ORTHOGONAL)
                    ? Assurance.deterministic(
                        (long) plan.whole("runs") * plan.wholes("points").length * plan.numbers("widthFactors").length, 0.9,
                        "with 2 η_c the end of the flow is unstable, and descent overshoots before; n = 8 to 32, seed 1000")
                    : new Assurance(0, 0, "Only orthogonal inputs are judged."))
        .runs(DescentDecrease::run);
  }

  private static Parameters plan(List<String> data, List<Integer> points, List<Double> widthFactors,
      List<Double> dimensionFactors, int runs) {
    return Parameters.none()
        .words("data", data, List.of(ORTHOGONAL, LAW_S), "orthogonal inputs with d = n (judged), or law S (reported)")
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n")
        .numbers("widthFactors", widthFactors, 0.1, 100, "widths p over ⌊log(n/0.05)/log(4/3)⌋ + 1")
        .numbers("dimensionFactors", dimensionFactors, 1e-3, 1e6, "dimensions d of law S, over n²")
        .number("share", 0.5, 0.01, 0.99, "c")
        .whole("runs", runs, 1, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(String data, int points, double widthFactor, double dimensionFactor) {
    int neurons() {
      return Math.max(1, (int) Math.round(widthFactor * Width.widthFor(points, 0.05)));
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (int points : plan.wholes("points")) {
        for (double factor : plan.numbers("widthFactors")) {
          double[] dimensions = data.equals(LAW_S) ? plan.numbers("dimensionFactors") : new double[] {1};
          Arrays.stream(dimensions).forEach(dimension -> cells.add(new Cell(data, points, factor, dimension)));
        }
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Row> fitted = rows.stream().filter(row -> row.yes("fitted")).toList();
    if (fitted.isEmpty()) {
      return Finding.reported(rows).measured("runs that the flow fits", 0).explained("The flow fits no run, so there is no"
          + " step to judge.");
    }
    List<Row> judged = fitted.stream().filter(row -> row.text("data").equals(ORTHOGONAL)).toList();
    long broken = judged.stream().filter(row -> row.whole("steps that break it") > 0).count();
    List<String> texts = new ArrayList<>();
    for (String data : plan.words("data")) {
      List<Row> some = fitted.stream().filter(row -> row.text("data").equals(data)).toList();
      if (!some.isEmpty()) {
        texts.add(text(trial, data, some));
      }
    }
    double[] shares = (judged.isEmpty() ? fitted : judged).stream().mapToDouble(row -> row.number("η_0 over η_c")).toArray();
    Finding finding =
        (judged.isEmpty() ? Finding.reported(rows) : Finding.judged(broken == 0, rows))
            .measured("η_0 over η_c, median", Summary.median(shares))
            .predicted(1 - plan.number("share"))
            .explained(
                fitted.size() + " of " + rows.size() + " runs are fitted by the flow; " + broken + " of " + judged.size()
                    + " on orthogonal inputs break the inequality at the judged step. A quadratic loss would keep it up to"
                    + " (1 − c) η_c. " + String.join(" ", texts)
                    + " η_0 is looked for from η_c/16 on: a run that breaks the inequality there counts as 1/16.")
            .figure(
                Plot.plot(Row.table("B16", fitted)).x("points").by("data").points("η_0").logLog().slope("∝ √n", 0.5)
                    .title("Largest step at which every step takes its share"));
    return trial.controlled() ? finding.outside("η ≤ η_0, as the step is " + Numbers.rounded(TOO_LARGE, 2) + " η_c")
        : finding;
  }

  private static String text(Trial trial, String data, List<Row> rows) {
    double[] shares = rows.stream().mapToDouble(row -> row.number("η_0 over η_c")).toArray();
    long broken = rows.stream().filter(row -> row.whole("steps that break it") > 0).count();
    return "On " + (data.equals(LAW_S) ? "law S" : "orthogonal inputs") + " η_0/η_c is "
        + Numbers.rounded(Summary.median(shares), 3) + " in the median and "
        + Numbers.rounded(Arrays.stream(shares).min().orElseThrow(), 3) + " to "
        + Numbers.rounded(Arrays.stream(shares).max().orElseThrow(), 3) + ", " + broken
        + " of " + rows.size() + " runs break it at the judged step; exponents of η_0"
        + exponent(trial, data, "n", rows, row -> row.number("points"), row -> 1)
        + exponent(trial, data, "p", rows, row -> row.number("width factor"), row -> Math.sqrt(row.number("points")))
        + exponent(trial, data, "d", rows, row -> row.number("dimension factor"), row -> Math.sqrt(row.number("points")))
        + ".";
  }

  /** The exponent of η_0 over a unit, cells of the other sizes pooled, where the size has two values or more. */
  private static String exponent(
      Trial trial, String data, String name, List<Row> rows, ToDoubleFunction<Row> size, ToDoubleFunction<Row> unit) {
    double[] sizes = rows.stream().mapToDouble(size).distinct().sorted().toArray();
    if (sizes.length < 2) {
      return "";
    }
    double[][] values =
        Arrays.stream(sizes)
            .mapToObj(
                value ->
                    rows.stream().filter(row -> size.applyAsDouble(row) == value).mapToDouble(row ->
                        row.number("η_0") / unit.applyAsDouble(row)).toArray())
            .toArray(double[][]::new);
    Interval interval = Bootstrap.seed(trial.seed("bootstrap " + data + " " + name)).logLogSlope(sizes, values,
        Summary::median, LEVEL);
    return ", in " + name + " " + Numbers.rounded(Line.logLog(sizes,
        Arrays.stream(values).mapToDouble(Summary::median).toArray()).slope(), 3) + " " + interval;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    ShallowNetwork start =
        cell.data.equals(ORTHOGONAL)
            ? Starts.orthogonal(trial, cell.points, cell.neurons(), replicate)
            : Starts.lawS(trial, cell.points, Starts.dimension(cell.points, cell.dimensionFactor), cell.neurons(), replicate);
    Solution end = Starts.followed(Starts.until(start, FITTED, 1e4 * cell.points));
    boolean fitted = end.ending() == Ending.LOSS_REACHED;
    double limit = fitted ? end.network().descentLimit() : Double.NaN;
    double share = trial.parameters().number("share");
    long[] judged = fitted ? broken(start, trial.controlled() ? TOO_LARGE * limit : JUDGED * (1 - share) * limit, share)
        : new long[] {0, 0};
    double most = fitted ? mostShare(start, limit, share) : Double.NaN;
    return Row.start()
        .and("data", cell.data)
        .and("points", cell.points)
        .and("dimension", start.data().dimension())
        .and("dimension factor", cell.dimensionFactor)
        .and("neurons", cell.neurons())
        .and("width factor", cell.widthFactor)
        .and("run", replicate)
        .and("fitted", fitted)
        .and("η_c", limit)
        .and("steps", judged[1])
        .and("steps that break it", judged[0])
        .and("η_0", most * limit)
        .and("η_0 over η_c", most);
  }

  /** η_0 over η_c by bisection on its logarithm. */
  private static double mostShare(ShallowNetwork start, double limit, double share) {
    double kept = LEAST_SHARE;
    double broken = MOST_SHARE;
    if (broken(start, kept * limit, share)[0] > 0) {
      return kept;
    }
    while (broken / kept > RESOLUTION) {
      double middle = Math.sqrt(kept * broken);
      if (broken(start, middle * limit, share)[0] == 0) {
        kept = middle;
      } else {
        broken = middle;
      }
    }
    return kept;
  }

  /** How many steps break the inequality, and how many there were. */
  private static long[] broken(ShallowNetwork start, double step, double share) {
    DMatrixRMaj gram = start.data().gram();
    boolean orthogonal = start.data().orthogonal();
    Solution run =
        GradientFlow.gradientFlow(start)
            .method(Method.descent(step))
            .until(StopCondition.lossBelow(LAST * start.loss()))
            .maximumSteps(MOST_STEPS)
            .observe(Observer.loss(), Observer.value("squared gradient", state -> squaredGradient(state, gram, orthogonal)))
            .solve();
    double[] times = run.column("time");
    double[] losses = run.column("loss");
    double[] gradients = run.column("squared gradient");
    long broken = run.ending() == Ending.NOT_FINITE ? 1 : 0;
    long steps = 0;
    for (int k = 0; k + 1 < losses.length; k++) {
      // What is seen last may be within a step, where the loss asked for is reached.
      if (times[k + 1] - times[k] < 0.999 * step) {
        continue;
      }
      steps++;
      // μ_k L_k = p‖∇L‖²; not "larger", so that a loss that is no number breaks it.
      broken += losses[k + 1] <= losses[k] - share * step * gradients[k] + 1e-14 * losses[0] ? 0 : 1;
    }
    return new long[] {broken, steps};
  }

  /** p‖∇L‖² = (1/(n² p)) Σ_j [a_j² ‖Σ_i r_i 1_ji x_i‖² + (Σ_i r_i σ(u_ji))²], with strict indicators. */
  private static double squaredGradient(FlowState state, DMatrixRMaj gram, boolean orthogonal) {
    int n = state.points();
    double[] residual = state.residual();
    double sum = 0;
    for (int j = 0; j < state.neurons(); j++) {
      double square = 0;
      double inner = 0;
      for (int i = 0; i < n; i++) {
        double u = state.preactivation(j, i);
        if (u > 0) {
          inner += residual[i] * u;
          square += residual[i] * residual[i] * gram.unsafe_get(i, i);
          for (int k = 0; k < i && !orthogonal; k++) {
            square += state.preactivation(j, k) > 0 ? 2 * residual[i] * residual[k] * gram.unsafe_get(i, k) : 0;
          }
        }
      }
      sum += state.readout(j) * state.readout(j) * square + inner * inner;
    }
    return sum / ((double) n * n * state.neurons());
  }
}
