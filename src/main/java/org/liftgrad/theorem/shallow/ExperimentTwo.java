package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Interval;
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
 * E2d: the paper's experiment 2 as its authors ran it, next to the true flow from the same starts. Descent of step 1 in 2000
 * dimensions, p = p₁(n), weights multiplied by 0.01 after the readout was drawn by their norms, starts that are well
 * initialised, until L &lt; 1e-6/(2n) or ten times their time T(n, p); four estimators, averaged before logarithms are taken.
 * They compute in float32, which their losses do not come near.
 */
final class ExperimentTwo {

  private ExperimentTwo() {}

  /** How many steps the instantaneous curvature of descent is averaged over. */
  private static final int STEPS = 100;

  private static final List<String> ESTIMATORS = List.of("μ(t∞)", "⟨μ∞⟩", "μ low", "μ upp");
  private static final double LEAST = -0.55;
  private static final double MOST = -0.45;

  // Of the logarithm from run to run, 40 runs at each of n = 250 and 1000, seed 1001: of μ(t∞), and the largest (μ low).
  private static final double DEVIATION = 0.25;
  private static final double LARGEST_DEVIATION = 0.36;

  static Check check() {
    return Check.named("shallow/E2d", "Experiment 2 as the authors ran it", "shallow/experiment-2")
        .asks("Do the four estimators of the rate of descent at step 1 fall with exponents of about −1/2, and do those of the true flow?")
        .holdsIf(
            "for each of the four estimators of descent the 95 % interval of the exponent in n (logarithm of the mean, runs resampled)"
                + " meets [−0.55, −0.45], which is −½ to one decimal place; the flow is reported beside it")
        .control("the hypothesis of labels bounded from below: |y| is divided by n^¼", "exponents off by 0.25")
        .plan(Scale.QUICK, plan(List.of(250, 1000), 16))
        .plan(Scale.PAPER, plan(List.of(1000, 1100, 1200, 1300, 1400, 1500, 1600, 1700, 1800, 1900, 2000), 500))
        .plan(Scale.BEYOND, plan(List.of(125, 250, 500, 1000, 1250, 1500, 1750, 2000), 1000))
        .recorded(Scale.QUICK, Verdict.FAILS)
        .recorded(Scale.PAPER, Verdict.FAILS)
        .assured(ExperimentTwo::assurance)
        .runs(ExperimentTwo::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, 16_384, "numbers of points n, at most the dimension")
        .whole("dimension", 2000, 4, 100_000, "dimension d")
        .number("epsilon", 0.05, 1e-12, 0.5, "ε of the papers' width p = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .number("weightScale", 0.01, 1e-6, Conjecture.MOST_WEIGHT_SCALE, "what the weights are multiplied by after the readout was drawn")
        .number("step", 1, 1e-3, 10, "step of descent")
        .number("caps", 10, 0.1, 1e4, "after this many times the authors' T(n, p) descent is stopped")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and a well-initialised start of its own");
  }

  private record Cell(int points, int dimension, int neurons) {
    /** T(n, p) of the authors' code. */
    double time() {
      return Training.cap(points, neurons);
    }
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = Exponent.logarithms(Arrays.stream(plan.wholes("points")).distinct().asDoubleStream().toArray());
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Math.sqrt(Arrays.stream(logs).map(x -> (x - mean) * (x - mean)).sum());
    if (spread == 0) {
      return new Assurance(1, 0, "One size has no exponent.");
    }
    double share = 1 / (Math.sqrt(plan.whole("runs")) * spread);
    return new Assurance(
        Math.min(1, 2 * ESTIMATORS.size() * Exponent.tail(1.96 + 0.05 / (LARGEST_DEVIATION * share))),
        1 - Exponent.tail(0.2 / (DEVIATION * share) - 1.96),
        "Were all exponents −½, an interval would miss the range as seldom as a normal slope does, with a deviation of log μ from run to run of "
            + LARGEST_DEVIATION + " at most; for four, added up. The control moves them to −¾: the power is that of μ(t∞) alone, with "
            + DEVIATION + " (40 runs at each of n = 250 and 1000, seed 1001).");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    int[] points = Arrays.stream(plan.wholes("points")).distinct().sorted().toArray();
    int dimension = plan.whole("dimension");
    List<Cell> cells =
        Arrays.stream(points).mapToObj(n -> new Cell(n, dimension, Width.widthFor(n, plan.number("epsilon")))).toList();
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    long capped = rows.stream().filter(row -> !row.yes("descent ended")).count();
    double[] sizes = Arrays.stream(points).asDoubleStream().toArray();
    var figure =
        Plot.plot(Row.table("E2d", means(rows, sizes, "descent ⟨μ∞⟩", "flow ⟨μ∞⟩", "flow (2/n) λ_min"))).x("points")
            .line("descent ⟨μ∞⟩", "flow ⟨μ∞⟩", "flow (2/n) λ_min").slope("∝ n^−½", -0.5).slope("∝ 1/n", -1).logLog()
            .yLabel("mean over runs").title("Experiment 2, descent and flow");
    if (points.length < 2) {
      return Finding.reported(rows).measured("runs that descent did not finish", capped).explained("One size has no exponent.").figure(figure);
    }
    List<String> descent = new ArrayList<>();
    List<String> flow = new ArrayList<>();
    boolean met = true;
    Exponent worst = null;
    String name = "";
    for (String estimator : ESTIMATORS) {
      Exponent of = exponent(trial, rows, sizes, "descent " + estimator);
      met &= of.interval().meets(new Interval(LEAST, MOST, 0.95));
      if (worst == null || Math.abs(of.slope() + 0.5) > Math.abs(worst.slope() + 0.5)) {
        worst = of;
        name = estimator;
      }
      descent.add(said(estimator, of));
      flow.add(said(estimator, exponent(trial, rows, sizes, "flow " + estimator)));
    }
    Exponent rate = exponent(trial, rows, sizes, "flow (2/n) λ_min");
    double[] apart = rows.stream().mapToDouble(row -> Math.abs(row.number("descent ⟨μ∞⟩") / row.number("flow ⟨μ∞⟩") - 1)).sorted().toArray();
    Finding finding =
        Finding.judged(met, rows)
            .measured("exponent of the estimator farthest from −½, " + name + " of descent", worst.slope())
            .predicted(-0.5)
            .interval(worst.interval())
            .explained(
                "Exponents in n of descent: " + String.join("; ", descent) + ". Of the flow, from the same starts: " + String.join("; ", flow) + "; "
                    + said("(2/n) λ_min", rate) + ". In brackets the 95 % interval, then the exponent of the mean of the logarithm. ⟨μ∞⟩ of descent is off"
                    + " that of the flow by " + Numbers.rounded(100 * apart[apart.length / 2], 2) + " % in the median run and by "
                    + Numbers.rounded(100 * apart[apart.length - 1], 2) + " % at most; " + capped + " of " + rows.size() + " runs of descent met the cap of "
                    + Numbers.rounded(plan.number("caps"), 4) + " T(n, p). n is from " + points[0] + " to " + points[points.length - 1] + ", where p grows from "
                    + cells.get(0).neurons + " to " + cells.get(cells.size() - 1).neurons + ".")
            .figure(figure);
    finding = Conjecture.heavy(finding, plan.number("weightScale"));
    return trial.controlled() ? finding.outside("labels bounded from below, by the factor n^−¼") : finding;
  }

  private static List<Row> means(List<Row> rows, double[] sizes, String... columns) {
    List<Row> means = new ArrayList<>();
    for (double size : sizes) {
      Row mean = Row.start().and("points", (long) size);
      for (String column : columns) {
        mean = mean.and(column, Summary.mean(Exponent.values(rows, new double[] {size}, column)[0]));
      }
      means.add(mean);
    }
    return means;
  }

  private static Exponent exponent(Trial trial, List<Row> rows, double[] sizes, String column) {
    return Exponent.of(rows, sizes, column, trial.seed("bootstrap " + column));
  }

  private static String said(String estimator, Exponent of) {
    return estimator + " " + Numbers.rounded(of.slope(), 3) + " [" + Numbers.rounded(of.interval().lower(), 3) + ", "
        + Numbers.rounded(of.interval().upper(), 3) + "], " + Numbers.rounded(of.ofLogs(), 3);
  }

  private static ShallowNetwork network(Trial trial, Cell cell, int replicate, int attempt) {
    long[] address = {cell.points, cell.dimension, cell.neurons, replicate, attempt};
    double label = trial.controlled() ? StrictMath.pow(cell.points, -0.25) : 1;
    return ShallowNetworks.shallowNetwork(
            OrthogonalData.orthogonalData().points(cell.points).dimension(cell.dimension).labels(Labels.signed(label, 2 * label))
                .seed(trial.seed("data", address)).build())
        .neurons(cell.neurons).dominantReadout().weightScale(trial.parameters().number("weightScale"))
        .seed(trial.seed("start", address)).build();
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    Starts.Drawn drawn = Starts.wellInitialised(attempt -> network(trial, cell, replicate, attempt));
    double before = drawn.network().loss();
    double goal = Starts.fitted(cell.points);
    OrthogonalFlow descent = OrthogonalFlow.of(drawn.network());
    double[] losses = new double[STEPS + 1];
    boolean ended = descent.descend(goal, plan.number("step"), plan.number("caps") * cell.time(), losses);
    OrthogonalFlow flow = OrthogonalFlow.of(drawn.network());
    if (!flow.follow(goal, 1e4 * cell.points)) {
      throw new IllegalStateException("a well-initialised start was not fitted by t = " + flow.time() + ", so there is no verdict");
    }
    Row row =
        Row.start().and("points", cell.points).and("dimension", cell.dimension).and("neurons", cell.neurons).and("run", replicate)
            .and("passed over", drawn.passedOver()).and("descent ended", ended).and("descent time", descent.time()).and("flow time", flow.time());
    row = estimators(row, "descent ", ofSteps(losses, plan.number("step")), before, descent);
    return estimators(row, "flow ", flow.curvature(), before, flow).and("flow (2/n) λ_min", flow.asymptoticRate());
  }

  /** The mean of 2(L_k − L_{k+1})/(L_k + L_{k+1}) over the last steps, a unit of time. */
  private static double ofSteps(double[] losses, double step) {
    double sum = 0;
    int count = 0;
    for (int k = 0; k + 1 < losses.length && !Double.isNaN(losses[k + 1]); k++) {
      sum += 2 * (losses[k + 1] - losses[k]) / (losses[k + 1] + losses[k]) / step;
      count++;
    }
    return sum / count;
  }

  /** Norms lie in [1, 2], so Lemma 12 has the factors 2/n and 16/n, as the authors' code does. */
  private static Row estimators(Row row, String of, double end, double before, OrthogonalFlow flow) {
    double[] energy = flow.activeEnergy();
    double least = Arrays.stream(energy).min().orElseThrow();
    double most = Arrays.stream(energy).max().orElseThrow();
    return row.and(of + ESTIMATORS.get(0), end)
        .and(of + ESTIMATORS.get(1), StrictMath.log(before / flow.loss()) / flow.time())
        .and(of + ESTIMATORS.get(2), 2 * least / energy.length)
        .and(of + ESTIMATORS.get(3), 16 * most / energy.length);
  }
}
