package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
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

/** B7: how long the loss stays where it is when the start is small. */
final class Plateau {

  private static final double LEAST_FIT = 0.999;
  private static final double LEFT = 0.9;
  /**
   * What is left of the limit decays as a power of ε with the gap between the two largest targets for its exponent,
   * which is as small as it likes in single runs; so the limit is asked of the median.
   */
  private static final double MOST_LAST = 1.02;

  private Plateau() {}

  static Check check() {
    return Check.named("shallow/B7", "A small start waits in proportion to the logarithm of its size", "shallow/plateaus")
        .asks(
            "On orthogonal inputs, with weights and readout multiplied by ε, is the time at which a tenth of the loss is gone linear in"
                + " log(1/ε), with the slope that the best neuron's target gives?")
        .holdsIf(
            "in every run R² > 0.999, the slope is between n/max‖D_j⁺‖ and n/min‖D_j⁺‖ (D_j⁺: the sum of y_i x_i over the points"
                + " that neuron j is correct on), and between the two smallest ε it is nearer to n/max‖D_j⁺‖ than that; and there its"
                + " median over runs is at most 1.02 n/max‖D_j⁺‖")
        .control("the size of the start: ε multiplies the hidden weights alone", "the readout keeps its size, and so does the speed")
        .plan(Scale.QUICK, plan(List.of(32), 10))
        .plan(Scale.PAPER, plan(List.of(32, 64, 128), 50))
        .plan(Scale.BEYOND, plan(List.of(64, 128, 256, 512), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * plan.wholes("points").length, 0.9, "at n = 32, seed 1000"))
        .runs(Plateau::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .number("epsilon", 0.05, 1e-12, 0.999, "ε of the papers' width p = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .numbers(
            "scales", List.of(1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9), 1e-100, 0.1, "factors at the start; three at least")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  private record Cell(int points, int neurons) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] scales = Arrays.stream(plan.numbers("scales")).sorted().distinct().toArray();
    Argument.require(scales.length >= 3, "the number of different scales", scales.length, "at least 3");
    List<Cell> cells =
        Arrays.stream(plan.wholes("points"))
            .mapToObj(points -> new Cell(points, Width.widthFor(points, plan.number("epsilon"))))
            .toList();
    List<Row> rows =
        trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, scales, replicate));
    long broken = rows.stream().filter(row -> !row.yes("as predicted")).count();
    double[] ratios = rows.stream().mapToDouble(row -> row.number("slope over n/max")).toArray();
    double[] last = rows.stream().mapToDouble(row -> row.number("last slope over n/max")).toArray();
    double fit = rows.stream().mapToDouble(row -> row.number("R²")).min().orElseThrow();
    List<Row> both = new ArrayList<>();
    for (int k = 0; k < rows.size(); k++) {
      both.add(Row.start().and("run", k + 1).and("all scales", ratios[k]).and("two smallest", last[k]));
    }
    Finding finding =
        Finding.judged(broken == 0 && Summary.median(last) <= MOST_LAST, rows)
            .measured("slope of the waiting time in log(1/ε) over n/max‖D_j⁺‖, between the two smallest ε, median over runs", Summary.median(last))
            .predicted(1)
            .explained(
                broken + " of " + rows.size() + " runs break the rule. The slope over n/max‖D_j⁺‖ is "
                    + Numbers.rounded(Summary.median(ratios), 4) + " over all scales and " + Numbers.rounded(Summary.median(last), 4)
                    + " between the two smallest (medians; at most " + Numbers.rounded(Arrays.stream(last).max().orElseThrow(), 4)
                    + "); the smallest R² is " + Numbers.rounded(fit, 6) + ".")
            .figure(
                Plot.plot(Row.table("B7", both)).x("run").points("all scales", "two smallest").bound("predicted in the limit", 1)
                    .yLabel("slope over n/max‖D⁺‖").title("Waiting time against log(1/ε)"));
    return trial.controlled() ? finding.outside("a start of size ε, as its readout is not small") : finding;
  }

  private static Row row(Trial trial, Cell cell, double[] scales, int replicate) {
    ShallowNetwork drawn = Starts.orthogonal(trial, cell.points, cell.neurons, replicate);
    double[] logs = new double[scales.length];
    double[] times = new double[scales.length];
    for (int k = 0; k < scales.length; k++) {
      ShallowNetwork network = trial.controlled() ? drawn.scaledWeights(scales[k]) : drawn.scaled(scales[k]);
      Solution solution =
          Starts.followed(GradientFlow.gradientFlow(network)
              .until(StopCondition.lossBelow(LEFT * network.loss()))
              .until(StopCondition.timeReached(1e6 * cell.points)));
      logs[k] = -StrictMath.log(scales[k]);
      times[k] = solution.time();
    }
    double[] targets = targets(drawn);
    double fastest = cell.points / Arrays.stream(targets).max().orElseThrow();
    double slowest = cell.points / Arrays.stream(targets).filter(target -> target > 0).min().orElse(0);
    Line line = Line.fit(logs, times);
    // Scales are sorted: the first two are the smallest.
    double last = (times[0] - times[1]) / (logs[0] - logs[1]);
    boolean predicted =
        line.determination() > LEAST_FIT && line.slope() >= fastest && line.slope() <= slowest
            && Math.abs(last - fastest) <= Math.abs(line.slope() - fastest);
    return Row.start()
        .and("points", cell.points)
        .and("neurons", cell.neurons)
        .and("run", replicate)
        .and("as predicted", predicted)
        .and("R²", line.determination())
        .and("slope", line.slope())
        .and("n/max", fastest)
        .and("n/min", slowest)
        .and("slope over n/max", line.slope() / fastest)
        .and("last slope over n/max", last / fastest);
  }

  /** ‖D_j⁺‖ of every neuron, on orthogonal inputs. */
  private static double[] targets(ShallowNetwork network) {
    double[] labels = network.data().labels();
    double[] squaredNorms = network.data().squaredNorms();
    double[] readout = network.readout();
    DMatrixRMaj preactivations = network.preactivations();
    double[] targets = new double[readout.length];
    for (int j = 0; j < targets.length; j++) {
      double sum = 0;
      for (int i = 0; i < labels.length; i++) {
        boolean correct = preactivations.get(i, j) > 0 && readout[j] * labels[i] > 0;
        sum += correct ? labels[i] * labels[i] * squaredNorms[i] : 0;
      }
      targets[j] = Math.sqrt(sum);
    }
    return targets;
  }
}
