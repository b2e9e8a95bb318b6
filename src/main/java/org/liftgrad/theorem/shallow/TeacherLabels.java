package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
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

/** B11: the exponent in n of the asymptotic rate where the labels are those of a teacher, beside random signs. */
final class TeacherLabels {

  private static final String ORTHOGONAL = "orthogonal";
  private static final String LAW_S = "lawS";
  private static final String TEACHER = "teacher";
  private static final String SIGNS = "signs";
  /** Enough neurons that one at least is active on every point: a label is 0 with probability 2⁻³². */
  private static final int TEACHER_NEURONS = 32;
  private static final double LOSS = 1e-12;

  private TeacherLabels() {}

  static Check check() {
    return Check.named("shallow/B11", "The rate with the labels of a teacher", "shallow/teacher-rate")
        .asks("Does the asymptotic rate from a random start fall with n as it does for labels of random sign in [1, 2], where"
            + " the labels are those of a random network?")
        .control("the labels: those of random sign take the teacher's place", "the two exponents are the same")
        .plan(Scale.QUICK, plan(List.of(ORTHOGONAL, LAW_S), List.of(8, 16, 32), 8))
        .plan(Scale.PAPER, plan(List.of(ORTHOGONAL, LAW_S), List.of(16, 32, 64), 100))
        .plan(Scale.BEYOND, plan(List.of(ORTHOGONAL, LAW_S), List.of(32, 64, 128, 256), 200))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(
            plan ->
                new Assurance(
                    0, 1, "It reports exponents with their intervals; with the control both laws of labels are one, and"
                        + " their exponents are the same to the last digit."))
        .runs(TeacherLabels::run);
  }

  private static Parameters plan(List<String> data, List<Integer> points, int runs) {
    return Parameters.none()
        .words("data", data, List.of(ORTHOGONAL, LAW_S), "orthogonal inputs with d = n, or law S with d = n²")
        .wholes("points", points, 4, 16_384, "numbers of points n; at least two")
        .number("widthFactor", 1, 0.1, 100, "the width p over p₁ = ⌊log(n/0.05)/log(4/3)⌋ + 1")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data and a well-initialised start of its own");
  }

  private record Cell(String data, String labels, int points, int neurons) {
    ShallowNetwork network(Trial trial, int replicate, int attempt) {
      long[] address = {points, neurons, data.equals(ORTHOGONAL) ? 0 : 1, replicate, attempt};
      Labels law =
          labels.equals(TEACHER) && !trial.controlled() ? Labels.teacher(TEACHER_NEURONS) : Labels.signed(1, 2);
      long seed = trial.seed("data", address);
      long dimension = (long) points * points;
      SubGaussianData lawS = SubGaussianData.lawS().points(points).dimension(dimension).labels(law).seed(seed);
      Dataset drawn =
          data.equals(ORTHOGONAL)
              ? OrthogonalData.orthogonalData().points(points).labels(law).seed(seed).build()
              : (points + (long) neurons <= dimension ? lawS.exactInLaw() : lawS).build();
      return ShallowNetworks.shallowNetwork(drawn).neurons(neurons).dominantReadout().seed(trial.seed("start", address))
          .build();
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] sizes = Arrays.stream(plan.wholes("points")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(sizes.length >= 2, "points", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (String labels : List.of(TEACHER, SIGNS)) {
        for (double size : sizes) {
          int neurons = (int) Math.max(1, Math.round(plan.number("widthFactor") * Width.widthFor((long) size, 0.05)));
          cells.add(new Cell(data, labels, (int) size, neurons));
        }
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Series> series = new ArrayList<>();
    for (String data : plan.words("data")) {
      for (String labels : List.of(TEACHER, SIGNS)) {
        List<Row> these =
            rows.stream().filter(row -> row.text("data").equals(data) && row.text("labels").equals(labels)).toList();
        series.add(Series.of(data + ", " + labels, these, sizes, trial.seed("bootstrap " + data)));
      }
    }
    Series first = series.get(0);
    Finding finding =
        Finding.reported(rows)
            .measured("exponent in n of the mean rate, teacher, " + plan.words("data").get(0), first.exponent.slope())
            .predicted(-0.5)
            .interval(first.exponent.interval())
            .explained(
                "Exponents of the mean rate: " + series.stream().map(Series::toString).collect(Collectors.joining("; "))
                    + ". The smallest |y| of a teacher was "
                    + Numbers.rounded(
                        rows.stream().filter(row -> row.text("labels").equals(TEACHER))
                            .mapToDouble(row -> row.number("least label")).min().orElseThrow(), 2)
                    + ": its labels are not bounded away from 0, and a point of small label asks for little energy. Of"
                    + " well-initialised starts " + lost(rows, TEACHER) + " with a teacher's labels and " + lost(rows, SIGNS)
                    + " with random signs were not fitted.")
            .figure(
                Plot.plot(Row.table("B11", series.stream().flatMap(each -> each.drawn(sizes).stream()).toList())).x("points")
                    .by("data, labels").line("mean rate").logLog().slope("∝ n^−½", -0.5).slope("∝ 1/n", -1)
                    .title("Mean asymptotic rate"));
    return trial.controlled() ? finding.outside("labels of a teacher, as they are random signs") : finding;
  }

  private static String lost(List<Row> rows, String labels) {
    List<Row> these = rows.stream().filter(row -> row.text("labels").equals(labels)).toList();
    return these.stream().filter(row -> !row.yes("fitted")).count() + " of " + these.size();
  }

  /** The fitted runs of one law of data and labels. */
  private record Series(String name, double[] means, Exponent exponent) {
    static Series of(String name, List<Row> rows, double[] sizes, long seed) {
      double[][] rates = Exponent.values(rows.stream().filter(row -> row.yes("fitted")).toList(), sizes, "rate");
      return new Series(name, Arrays.stream(rates).mapToDouble(Summary::mean).toArray(), Exponent.of(sizes, rates, seed));
    }

    List<Row> drawn(double[] sizes) {
      List<Row> drawn = new ArrayList<>();
      for (int s = 0; s < sizes.length; s++) {
        drawn.add(Row.start().and("data, labels", name).and("points", (long) sizes[s]).and("mean rate", means[s]));
      }
      return drawn;
    }

    @Override
    public String toString() {
      return name + " " + Numbers.rounded(exponent.slope(), 3) + " " + exponent.interval();
    }
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Starts.Drawn drawn = Starts.wellInitialised(attempt -> cell.network(trial, replicate, attempt));
    ShallowNetwork start = drawn.network();
    double latest = 1e4 * cell.points;
    boolean fitted;
    double time;
    double rate;
    if (cell.data.equals(ORTHOGONAL)) {
      OrthogonalFlow flow = OrthogonalFlow.of(start);
      fitted = flow.follow(LOSS, latest);
      time = flow.time();
      rate = flow.asymptoticRate();
    } else {
      Solution solution = Starts.followed(Starts.until(start, LOSS, latest).tolerance(1e-6));
      fitted = Starts.converged(solution);
      time = solution.time();
      rate = solution.network().asymptoticRate();
    }
    return Row.start()
        .and("data", cell.data)
        .and("labels", cell.labels)
        .and("points", cell.points)
        .and("neurons", cell.neurons)
        .and("run", replicate)
        .and("passed over", drawn.passedOver())
        .and("least label", Arrays.stream(start.data().labels()).map(Math::abs).min().orElseThrow())
        .and("fitted", fitted)
        .and("time", time)
        .and("rate", rate)
        .and("√n rate", Math.sqrt(cell.points) * rate);
  }
}
