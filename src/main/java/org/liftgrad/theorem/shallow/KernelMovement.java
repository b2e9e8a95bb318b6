package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
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
 * B10: how far does the kernel move, and what do models whose kernel cannot move make of the same data: the network
 * linearised at its start, random features, and a linear function?
 */
final class KernelMovement {

  /** Law S as in the paper: labels of random sign in d = n² dimensions. These runs are judged. */
  private static final String SIGNS = "signs";
  /** Labels of a random network in few dimensions, where there is something to generalise. */
  private static final String TEACHER = "teacher";
  private static final List<String> MODELS = List.of("network", "linearised", "random features", "linear");
  private static final double LEVEL = 0.95;
  private static final double EPSILON = 0.05;
  /** Random features a point. */
  private static final int FEATURES = 8;
  private static final int TEACHER_NEURONS = 4;
  private static final double TOLERANCE = 1e-6;
  /** The deviation of the logarithm of the movement from run to run: 0.41 to 0.47 for n = 8 to 32, 40 runs each, seed 1000. */
  private static final double DEVIATION = 0.45;

  private KernelMovement() {}

  static Check check() {
    return Check.named("shallow/B10", "The kernel moves, and fixed kernels beside it", "shallow/lazy-training")
        .asks(
            "On weakly interacting data, does the relative change of the tangent kernel from start to end grow with n, and"
                + " how do training time and test error compare with those of models whose kernel is fixed?")
        .holdsIf(
            "on law S with d = n² the 95 % bootstrap interval of the exponent in n of the mean of ‖K_∞ − K_0‖/‖K_0‖"
                + " (Frobenius norms on the training points) is entirely above 0; a run ends at L < 1e-6/(2n) or at H ="
                + " horizonFactor · √(np) log(np)")
        .control(
            "a start whose size does not depend on n: every neuron gets a twin with the opposite readout, so that h = 0, and all"
                + " weights are multiplied by n",
            "labels are n² times smaller beside what the start could make of them, and the exponent is about −½: some 1/n of"
                + " the pairs change sides, and the norm goes as the root of that share")
        .plan(Scale.QUICK, plan(List.of(8, 16, 32), 50, 10))
        .plan(Scale.PAPER, plan(List.of(8, 16, 32, 64), 100, 30))
        .plan(Scale.BEYOND, plan(List.of(16, 32, 64, 128), 200, 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(KernelMovement::assurance)
        .runs(KernelMovement::run);
  }

  private static Parameters plan(List<Integer> points, int testPoints, int runs) {
    return Parameters.none()
        .words("data", List.of(SIGNS, TEACHER), List.of(SIGNS, TEACHER), "law S with labels of random sign and d = n²"
            + " (judged), or with those of a teacher of " + TEACHER_NEURONS + " neurons (reported)")
        .wholes("points", points, 4, 256, "numbers of points n; at least two")
        .number("teacherRatio", 2, 0.01, 100, "n/d where there is a teacher; d is rounded and at least 2")
        .whole("testPoints", testPoints, 2, 10_000, "further points, to predict")
        .number("horizonFactor", 20, 1e-3, 1e6, "the horizon H over √(np) log(np), with the p of the network")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data and start of its own");
  }

  private static Assurance assurance(Parameters plan) {
    double[] logs = Arrays.stream(plan.wholes("points")).distinct().mapToDouble(StrictMath::log).toArray();
    double mean = Arrays.stream(logs).average().orElseThrow();
    double spread = Arrays.stream(logs).map(log -> (log - mean) * (log - mean)).sum();
    if (spread == 0 || !plan.words("data").contains(SIGNS)) {
      return new Assurance(1, 0, "An exponent needs two sizes of law S with labels of random sign.");
    }
    double deviation = DEVIATION / Math.sqrt(plan.whole("runs") * spread);
    return new Assurance(
        Exponent.tail(0.5 / deviation - 1.96),
        1 - Exponent.tail(1.96 + 0.5 / deviation),
        "Exponents are taken as normal, around ½ as Ē ∝ √n says; around −½ with the control (seen: −0.6). The logarithm of the"
            + " movement is taken to vary by " + DEVIATION + " from run to run (0.33 to 0.47 for n = 8 to 32, 40 runs each, with the"
            + " control and without it, seed 1000).");
  }

  private record Cell(String data, int points, long dimension) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] sizes = Arrays.stream(plan.wholes("points")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(sizes.length >= 2, "points", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (double size : sizes) {
        int n = (int) size;
        cells.add(
            new Cell(
                data, n,
                data.equals(SIGNS) ? (long) n * n : Math.max(2, Math.round(n / plan.number("teacherRatio")))));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    String judged = plan.words("data").contains(SIGNS) ? SIGNS : TEACHER;
    double[][] movement =
        Exponent.values(rows.stream().filter(row -> row.text("data").equals(judged)).toList(), sizes, "movement");
    double exponent = Line.logLog(sizes, Arrays.stream(movement).mapToDouble(Summary::mean).toArray()).slope();
    Interval interval = Bootstrap.seed(trial.seed("bootstrap")).logLogSlope(sizes, movement, Summary::mean, LEVEL);
    List<String> said = new ArrayList<>();
    for (String data : plan.words("data")) {
      said.add(described(data, rows, (int) sizes[sizes.length - 1]));
    }
    Finding finding =
        (judged.equals(SIGNS) ? Finding.judged(interval.lower() > 0, rows) : Finding.reported(rows))
            .measured("exponent in n of the mean of ‖K_∞ − K_0‖/‖K_0‖", exponent)
            .predicted(0.5)
            .interval(interval)
            .explained(
                "Mean movement, by n, with " + named(judged) + ": " + means(movement, sizes) + ". " + String.join(" ", said))
            .figure(
                Plot.plot(Row.table("B10", drawn(rows, plan, sizes))).x("points").by("labels").line("movement").logLog()
                    .slope("∝ √n", 0.5).yLabel("mean movement").title("How far the kernel moves"));
    return trial.controlled() ? finding.outside("a start whose size does not grow with n") : finding;
  }

  private static String named(String data) {
    return data.equals(SIGNS) ? "labels of random sign" : "labels of a teacher";
  }

  private static String means(double[][] movement, double[] sizes) {
    List<String> means = new ArrayList<>();
    for (int s = 0; s < sizes.length; s++) {
      means.add((int) sizes[s] + ": " + Numbers.rounded(Summary.mean(movement[s]), 3));
    }
    return String.join(", ", means);
  }

  /** Medians at the largest n, model by model. */
  private static String described(String data, List<Row> rows, int points) {
    Predicate<Row> here = row -> row.text("data").equals(data) && row.whole("points") == points;
    List<String> models = new ArrayList<>();
    for (String model : MODELS) {
      double time = median(rows, here, "time, " + model);
      models.add(
          model + " " + (Double.isInfinite(time) ? "never" : Numbers.rounded(time, 3)) + " and "
              + Numbers.rounded(median(rows, here, "error, " + model), 3));
    }
    List<Row> runs = rows.stream().filter(here).toList();
    Proportion better =
        new Proportion(
            (int) runs.stream().filter(row -> row.number("error, network") < row.number("error, linearised")).count(), runs.size());
    return "With " + named(data) + ", n = " + points + ", median time to L = 1e-6/(2n) and median test error over the mean square"
        + " of the labels: " + String.join("; ", models) + ". The network's test error is below the linearised one's in "
        + better.successes() + " of " + better.trials() + " runs, " + better.wilson(LEVEL) + ".";
  }

  /** Of numbers that may be infinite; the lower of two in the middle. */
  private static double median(List<Row> rows, Predicate<Row> here, String column) {
    double[] sorted = rows.stream().filter(here).mapToDouble(row -> row.number(column)).sorted().toArray();
    return sorted[(sorted.length - 1) / 2];
  }

  private static List<Row> drawn(List<Row> rows, Parameters plan, double[] sizes) {
    List<Row> drawn = new ArrayList<>();
    for (String data : plan.words("data")) {
      double[][] movement =
          Exponent.values(rows.stream().filter(row -> row.text("data").equals(data)).toList(), sizes, "movement");
      for (int s = 0; s < sizes.length; s++) {
        drawn.add(
            Row.start().and("labels", data).and("points", (long) sizes[s]).and("movement", Summary.mean(movement[s])));
      }
    }
    return drawn;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    int n = cell.points;
    boolean teacher = cell.data.equals(TEACHER);
    long[] address = {n, cell.dimension, teacher ? 1 : 0, replicate};
    SubGaussianData law =
        SubGaussianData.lawS().points(n + plan.whole("testPoints")).dimension(cell.dimension).seed(trial.seed("data", address));
    Dataset all = (teacher ? law.labels(Labels.teacher(TEACHER_NEURONS)) : law).build();
    ShallowNetwork everywhere =
        ShallowNetworks.shallowNetwork(all).neurons(Width.widthFor(n, EPSILON)).dominantReadout()
            .seed(trial.seed("start", address)).build();
    if (trial.controlled()) {
      everywhere = doubled(everywhere).scaled(n);
    }
    ShallowNetwork start = everywhere.on(all.first(n));
    double goal = Starts.fitted(n);
    double horizon = Starts.horizon(plan.number("horizonFactor"), n, start.neurons());
    Solution solution = Starts.followed(Starts.until(start, goal, horizon).tolerance(TOLERANCE));
    boolean converged = Starts.converged(solution);
    ShallowNetwork end = solution.network();
    double[] labels = all.labels();
    FixedKernelFlow linearised = FixedKernelFlow.of(everywhere.tangentKernel(), start.residual());
    int features = FEATURES * n;
    ShallowNetwork random =
        ShallowNetworks.shallowNetwork(all).neurons(features).readout(new double[features])
            .seed(trial.seed("features", address)).build();
    double[] trained = Arrays.copyOf(labels, n);
    FixedKernelFlow ofFeatures = FixedKernelFlow.of(random.tangentKernel(), trained);
    FixedKernelFlow linear = FixedKernelFlow.of(all.gram(), trained);
    return Row.start()
        .and("data", cell.data)
        .and("points", n)
        .and("dimension", cell.dimension)
        .and("neurons", start.neurons())
        .and("run", replicate)
        .and("well initialised", start.wellInitialised())
        .and("converged", converged)
        .and("loss", solution.loss())
        .and("movement", movement(start.tangentKernel(), end.tangentKernel()))
        .and("energy over that at the start", energy(end) / energy(start))
        .and("time, network", converged ? solution.time() : Double.POSITIVE_INFINITY)
        .and("time, linearised", linearised.timeTo(goal))
        .and("time, random features", ofFeatures.timeTo(goal))
        .and("time, linear", linear.timeTo(goal))
        .and("error, network", error(labels, n, new double[labels.length - n], end.on(all).predictions()))
        .and("error, linearised", error(labels, n, linearised.changeElsewhere(), everywhere.predictions()))
        .and("error, random features", error(labels, n, ofFeatures.changeElsewhere(), random.predictions()))
        .and("error, linear", error(labels, n, linear.changeElsewhere(), new double[labels.length]));
  }

  /** Each neuron twice, with opposite readouts: h = 0 everywhere. */
  private static ShallowNetwork doubled(ShallowNetwork network) {
    DMatrixRMaj weights = network.weights().orElseThrow();
    double[] readout = network.readout();
    int p = readout.length;
    DMatrixRMaj twice = new DMatrixRMaj(2 * p, weights.numCols);
    System.arraycopy(weights.data, 0, twice.data, 0, weights.data.length);
    System.arraycopy(weights.data, 0, twice.data, weights.data.length, weights.data.length);
    double[] both = new double[2 * p];
    for (int j = 0; j < p; j++) {
      both[j] = readout[j];
      both[p + j] = -readout[j];
    }
    return ShallowNetworks.shallowNetwork(network.data()).weights(twice).readout(both).build();
  }

  /** ‖K_∞ − K_0‖/‖K_0‖ in Frobenius norms. */
  private static double movement(DMatrixRMaj before, DMatrixRMaj after) {
    double moved = 0;
    double whole = 0;
    for (int at = 0; at < before.data.length; at++) {
      moved += (after.data[at] - before.data[at]) * (after.data[at] - before.data[at]);
      whole += before.data[at] * before.data[at];
    }
    return Math.sqrt(moved / whole);
  }

  private static double energy(ShallowNetwork network) {
    return Summary.mean(network.activeEnergy());
  }

  /** The mean square of what is left of the labels from point {@code from} on, over their mean square. */
  static double error(double[] labels, int from, double[] change, double[] predictions) {
    double left = 0;
    double whole = 0;
    for (int i = from; i < labels.length; i++) {
      double residual = labels[i] - predictions[i] - change[i - from];
      left += residual * residual;
      whole += labels[i] * labels[i];
    }
    return left / whole;
  }
}
