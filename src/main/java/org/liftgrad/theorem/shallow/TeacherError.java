package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
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
 * B18: labels of a teacher. The test error of the flow's end against n/d from a random start, and from near the teacher the
 * rate at which the loss falls, beside that of the linearised flow there.
 */
final class TeacherError {

  private static final double LEVEL = 0.95;
  private static final double TOLERANCE = 1e-7;
  private static final String RANDOM = "random";
  private static final String NEAR = "near the teacher";
  /** The loss to reach over that of labels 0, from a random start. */
  private static final double FITTED = 1e-6;
  /** Between these parts of its first value the loss near the teacher is timed. */
  private static final double EARLY = 1e-6;
  private static final double LATE = 1e-8;

  private TeacherError() {}

  static Check check() {
    return Check.named("shallow/B18", "Labels of a teacher: test error and local rate", "shallow/teacher-error")
        .asks("How does the test error fall with n/d where the labels are those of a small network, and how fast does the loss"
            + " fall near that network?")
        .control("the teacher: its labels are shuffled among the training points", "there is nothing to generalise, and the"
            + " test error does not fall")
        .plan(Scale.QUICK, plan(6, List.of(1.0, 2.0, 4.0), 5))
        .plan(Scale.PAPER, plan(10, List.of(0.5, 1.0, 2.0, 4.0, 8.0), 50))
        .plan(Scale.BEYOND, plan(20, List.of(0.5, 1.0, 2.0, 4.0, 8.0, 16.0), 200))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(
            plan ->
                new Assurance(
                    0, 1, "It reports an exponent with its interval; with the control labels say nothing of their"
                        + " inputs, and what is learned does no better on new points, in the mean, than a constant."))
        .runs(TeacherError::run);
  }

  private static Parameters plan(int dimension, List<Double> ratios, int runs) {
    return Parameters.none()
        .whole("dimension", dimension, 2, 1000, "d")
        .numbers("ratios", ratios, 0.01, 1000, "n/d; n is rounded and at least 4; at least two")
        .whole("teacherNeurons", 2, 1, 100, "neurons of the teacher, of equal norm and alternating sign")
        .whole("testPoints", 500, 2, 100_000, "further points, to predict")
        .number("perturbation", 0.02, 1e-9, 1, "how far the start near the teacher is off, relative to its neurons' norms")
        .number("horizonFactor", 20, 1e-3, 1e6, "the horizon H over √(np) log(np), with the p of the random start")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data, teacher and start of its own");
  }

  private record Cell(String start, double ratio, int points) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] ratios = Arrays.stream(plan.numbers("ratios")).distinct().sorted().toArray();
    Argument.require(ratios.length >= 2, "ratios", plan, "at least two different numbers");
    // No small network fits shuffled labels, so that with the control there is none to start near.
    List<String> starts = trial.controlled() ? List.of(RANDOM) : List.of(RANDOM, NEAR);
    List<Cell> cells = new ArrayList<>();
    for (String start : starts) {
      for (double ratio : ratios) {
        cells.add(new Cell(start, ratio, (int) Math.max(4, Math.round(ratio * plan.whole("dimension")))));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    double[][] random = errors(rows, RANDOM, ratios);
    double exponent = Line.logLog(ratios, Arrays.stream(random).mapToDouble(Summary::median).toArray()).slope();
    Interval interval = Bootstrap.seed(trial.seed("bootstrap")).logLogSlope(ratios, random, Summary::median, LEVEL);
    List<Row> fromRandom = rows.stream().filter(row -> row.text("from").equals(RANDOM)).toList();
    List<Row> fromNear = rows.stream().filter(row -> row.text("from").equals(NEAR)).toList();
    Finding finding =
        Finding.reported(rows)
            .measured("exponent in n/d of the median test error from a random start", exponent)
            .interval(interval)
            .explained(
                "Median test error over the mean square of the labels, by n/d: from a random start " + medians(random, ratios)
                    + "; " + fitted(fromRandom) + " runs came to 1e-6 of the loss of 0 within the horizon of "
                    + Numbers.rounded(plan.number("horizonFactor"), 4) + " √(np) log(np)."
                    + (fromNear.isEmpty() ? "" : " From near the teacher " + medians(errors(rows, NEAR, ratios), ratios) + "; " + local(fromNear)))
            .figure(
                Plot.plot(Row.table("B18", drawn(rows, starts, ratios))).x("points over dimension").by("start")
                    .line("test error").logLog().yLabel("median test error / mean y²")
                    .title("Labels of a teacher: test error"));
    return trial.controlled() ? finding.outside("labels of a teacher, as they are shuffled") : finding;
  }

  private static String fitted(List<Row> rows) {
    return rows.stream().filter(row -> row.yes("fitted")).count() + " of " + rows.size();
  }

  /** The rate near the teacher beside that of its kernel. */
  private static String local(List<Row> rows) {
    double[] rates =
        rows.stream().mapToDouble(row -> row.number("rate over that of the kernel")).filter(Double::isFinite).toArray();
    return fitted(rows) + " runs came to " + Numbers.rounded(LATE, 1) + " of their first loss"
        + (rates.length == 0
            ? "."
            : ", at a rate that was " + Numbers.rounded(Summary.median(rates), 3) + " (median; "
                + Numbers.rounded(Summary.quantile(rates, 0), 3) + " to " + Numbers.rounded(Summary.quantile(rates, 1), 3)
                + ") of 2/n times the kernel's smallest eigenvalue that is not 0.");
  }

  private static double[][] errors(List<Row> rows, String start, double[] ratios) {
    return Arrays.stream(ratios)
        .mapToObj(
            ratio -> {
              Predicate<Row> here = row -> row.text("from").equals(start) && row.number("ratio") == ratio;
              return rows.stream().filter(here).mapToDouble(row -> row.number("test error")).toArray();
            })
        .toArray(double[][]::new);
  }

  private static String medians(double[][] errors, double[] ratios) {
    List<String> medians = new ArrayList<>();
    for (int k = 0; k < ratios.length; k++) {
      medians.add(Numbers.rounded(ratios[k], 3) + ": " + Numbers.rounded(Summary.median(errors[k]), 3));
    }
    return String.join(", ", medians);
  }

  private static List<Row> drawn(List<Row> rows, List<String> starts, double[] ratios) {
    List<Row> drawn = new ArrayList<>();
    for (String start : starts) {
      double[][] errors = errors(rows, start, ratios);
      for (int k = 0; k < ratios.length; k++) {
        drawn.add(
            Row.start().and("start", start).and("points over dimension", ratios[k]).and("test error", Summary.median(errors[k])));
      }
    }
    return drawn;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    int n = cell.points;
    int dimension = plan.whole("dimension");
    // The same data and teacher for both starts.
    long[] address = {n, dimension, replicate};
    Dataset inputs =
        SubGaussianData.lawS().points(n + plan.whole("testPoints")).dimension(dimension).seed(trial.seed("data", address)).build();
    ShallowNetwork teacher = teacher(inputs, plan.whole("teacherNeurons"), trial.seed("teacher", address));
    double[] labels = teacher.predictions();
    double[] trained = Arrays.copyOf(labels, n);
    if (trial.controlled()) {
      shuffle(trained, trial.stream("shuffle", address));
    }
    Dataset data = inputs.first(n).withLabels(trained);
    boolean near = cell.start.equals(NEAR);
    ShallowNetwork start =
        near
            ? perturbed(teacher, data, plan.number("perturbation"), trial.stream("perturbation", address))
            : ShallowNetworks.shallowNetwork(data).neurons(Width.widthFor(n, 0.05)).dominantReadout()
                .seed(trial.seed("start", address)).build();
    double first = start.loss();
    double horizon = Starts.horizon(plan.number("horizonFactor"), n, Width.widthFor(n, 0.05));
    Solution solution = until(near ? EARLY * first : FITTED * lossOfZero(trained), start, horizon);
    boolean fitted = Starts.converged(solution);
    double time = solution.time();
    double rate = Double.NaN;
    double local = Double.NaN;
    if (near && fitted) {
      // What is timed begins where the first part ends, and has a horizon of its own.
      double early = solution.loss();
      solution = until(LATE * first, solution.network(), horizon);
      fitted = Starts.converged(solution);
      rate = fitted ? StrictMath.log(early / solution.loss()) / solution.time() : Double.NaN;
      local = FixedKernelFlow.of(solution.network().tangentKernel(), solution.network().residual()).lastRate();
      time += solution.time();
    }
    double error =
        KernelMovement.error(labels, n, new double[labels.length - n], solution.network().on(inputs).predictions());
    return Row.start()
        .and("from", cell.start)
        .and("ratio", cell.ratio)
        .and("points", n)
        .and("dimension", dimension)
        .and("neurons", start.neurons())
        .and("run", replicate)
        .and("fitted", fitted)
        .and("loss over that at the start", solution.loss() / first)
        .and("test error", error)
        .and("time", time)
        .and("rate", rate)
        .and("rate of the kernel", local)
        .and("rate over that of the kernel", rate / local);
  }

  /** Neurons of equal norm in random directions, |a_j| = ‖w_j‖, of alternating sign; its labels have mean square 1. */
  private static ShallowNetwork teacher(Dataset inputs, int neurons, long seed) {
    double[] signs = new double[neurons];
    Arrays.setAll(signs, j -> j % 2 == 0 ? 1 : -1);
    ShallowNetwork drawn =
        ShallowNetworks.shallowNetwork(inputs).neurons(neurons).weights(WeightLaw.gaussian(1)).readout(signs).seed(seed).build();
    DMatrixRMaj weights = drawn.weights().orElseThrow();
    double[] squaredNorms = drawn.squaredWeightNorms();
    for (int at = 0; at < weights.data.length; at++) {
      weights.data[at] /= Math.sqrt(squaredNorms[at / weights.numCols]);
    }
    ShallowNetwork unit = ShallowNetworks.shallowNetwork(inputs).weights(weights).readout(signs).build();
    double meanSquare = Summary.mean(Arrays.stream(unit.predictions()).map(label -> label * label).toArray());
    return unit.scaled(1 / Math.sqrt(Math.sqrt(meanSquare)));
  }

  /** Weights moved by a normal vector, of the given size over their norm; |a_j| is again the norm. */
  private static ShallowNetwork perturbed(ShallowNetwork teacher, Dataset data, double size, RandomStream stream) {
    DMatrixRMaj weights = teacher.weights().orElseThrow();
    double[] squaredNorms = teacher.squaredWeightNorms();
    double[] readout = teacher.readout();
    for (int j = 0; j < readout.length; j++) {
      double factor = size * Math.sqrt(squaredNorms[j] / weights.numCols);
      double square = 0;
      for (int k = 0; k < weights.numCols; k++) {
        double entry = weights.get(j, k) + factor * stream.nextGaussian();
        weights.set(j, k, entry);
        square += entry * entry;
      }
      readout[j] = Math.signum(readout[j]) * Math.sqrt(square);
    }
    return ShallowNetworks.shallowNetwork(data).weights(weights).readout(readout).build();
  }

  private static void shuffle(double[] values, RandomStream stream) {
    for (int last = values.length - 1; last > 0; last--) {
      int other = stream.nextInt(last + 1);
      double kept = values[last];
      values[last] = values[other];
      values[other] = kept;
    }
  }

  private static double lossOfZero(double[] labels) {
    return Summary.mean(Arrays.stream(labels).map(label -> label * label).toArray()) / 2;
  }

  private static Solution until(double loss, ShallowNetwork from, double horizon) {
    return Starts.followed(Starts.until(from, loss, horizon).tolerance(TOLERANCE));
  }
}
