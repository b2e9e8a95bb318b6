package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.GroupFlow;
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

/** B4: how like a Gaussian start is a group initialisation, in its rate and in how sharply its loss drops? */
final class GaussianAndGroups {

  private static final String GAUSSIAN = "gaussian";
  private static final String GROUP = "group";
  private static final double FITTED = 1e-16;
  private static final double LEVEL = 0.95;

  private GaussianAndGroups() {}

  static Check check() {
    return Check.named("shallow/B4", "Gaussian starts beside groups", "shallow/toy-groups")
        .asks(
            "On orthonormal inputs, from balanced neurons of norm 1, how do the exponent of the asymptotic rate and the"
                + " sharpness of the drop of the loss compare"
                + " between a Gaussian start and two groups?")
        .control("the Gaussian start: another group initialisation in its place", "the same law on both sides")
        .plan(Scale.QUICK, plan(List.of(16, 32, 64), List.of(1.0), 6))
        .plan(Scale.PAPER, plan(List.of(32, 64, 128, 256), List.of(0.01, 1.0), 20))
        .plan(Scale.BEYOND, plan(List.of(32, 64, 128, 256, 512, 1000), List.of(0.01, 1.0), 50))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(plan -> new Assurance(0, 1, "It reports a ratio with its interval; with the control it is that of one law"
            + " to itself."))
        .runs(GaussianAndGroups::run);
  }

  private static Parameters plan(List<Integer> points, List<Double> scales, int runs) {
    return Parameters.none()
        .wholes("points", points, 4, Size.MOST_POINTS, "numbers of points n; d = n; at least two")
        .numbers("scales", scales, 1e-8, 100, "norms of the neurons at the start, |a| = ‖w‖")
        .whole("runs", runs, 2, 100_000, "runs a cell, each with data and start of its own");
  }

  private record Cell(String start, double scale, int points) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] sizes = Arrays.stream(plan.wholes("points")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(sizes.length >= 2, "points", plan, "at least two different numbers");
    List<Cell> cells = new ArrayList<>();
    for (double scale : plan.numbers("scales")) {
      for (String start : List.of(GAUSSIAN, GROUP)) {
        Arrays.stream(sizes).forEach(points -> cells.add(new Cell(start, scale, (int) points)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    List<Row> fitted = rows.stream().filter(row -> row.yes("fitted")).toList();
    List<String> texts = new ArrayList<>();
    double ratio = Double.NaN;
    Interval interval = new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, LEVEL);
    for (double scale : plan.numbers("scales")) {
      double[][] gaussian = by(fitted, GAUSSIAN, scale, sizes, "relative width");
      double[][] group = by(fitted, GROUP, scale, sizes, "relative width");
      double[] wide = gaussian[sizes.length - 1];
      double[] narrow = group[sizes.length - 1];
      if (wide.length > 0 && narrow.length > 0) {
        int both = Math.min(wide.length, narrow.length);
        ratio = Summary.median(wide) / Summary.median(narrow);
        interval =
            Bootstrap.seed(trial.seed("bootstrap", Double.doubleToLongBits(scale)))
                .ofIndices(both, drawn -> Summary.median(pick(wide, drawn)) / Summary.median(pick(narrow, drawn)), LEVEL);
      }
      texts.add(
          "norm " + Numbers.rounded(scale, 3) + ": exponents of μ_∞ " + exponent(trial, fitted, GAUSSIAN, scale, sizes)
              + " (Gaussian) and "
              + exponent(trial, fitted, GROUP, scale, sizes) + " (groups); relative widths by n " + medians(gaussian)
              + " and " + medians(group)
              + ", with the ratio " + Numbers.rounded(ratio, 3) + " at the largest n");
    }
    long bad = rows.stream().filter(row -> !row.yes("fitted")).count();
    Finding finding =
        Finding.reported(rows)
            .measured("relative width of the drop from a Gaussian start over that from groups, medians, at the last scale"
                + " and the largest n", ratio)
            .predicted(1)
            .interval(interval)
            .explained(
                "The relative width is the time from 90 % to 10 % of the loss over the time to 1 %. With "
                    + String.join("; with ", texts) + ". " + bad
                    + " runs, not well initialised for the most part, were not fitted and do not count.")
            .figure(
                Plot.plot(Row.table("B4",
                    fitted.stream().map(GaussianAndGroups::drawn).toList())).x("points").by("start and norm").points("relative width").logLog()
                    .title("Width of the drop over the time of learning"));
    return trial.controlled() ? finding.outside("a Gaussian start, as it is a group initialisation too") : finding;
  }

  private static Row drawn(Row row) {
    return Row.start().and("points", row.whole("points"))
        .and("start and norm", row.text("start") + ", norm " + Numbers.rounded(row.number("scale"), 3))
        .and("relative width", row.number("relative width"));
  }

  private static double[] pick(double[] values, int[] drawn) {
    return Arrays.stream(drawn).mapToDouble(k -> values[k]).toArray();
  }

  private static String medians(double[][] values) {
    return Arrays.toString(Arrays.stream(values).map(each -> each.length == 0 ? "none" : Numbers.rounded(Summary.median(each),
        3)).toArray());
  }

  private static double[][] by(List<Row> rows, String start, double scale, double[] sizes, String column) {
    return Arrays.stream(sizes)
        .mapToObj(
            points ->
                rows.stream()
                    .filter(row -> row.text("start").equals(start) && row.number("scale") == scale
                        && row.whole("points") == (long) points)
                    .mapToDouble(row -> row.number(column)).toArray())
        .toArray(double[][]::new);
  }

  private static String exponent(Trial trial, List<Row> rows, String start, double scale, double[] sizes) {
    double[][] rates = by(rows, start, scale, sizes, "rate");
    if (Arrays.stream(rates).anyMatch(each -> each.length == 0)) {
      return "none";
    }
    double slope = Line.logLog(sizes, Arrays.stream(rates).mapToDouble(Summary::median).toArray()).slope();
    return Numbers.rounded(slope, 3) + " "
        + Bootstrap.seed(trial.seed("bootstrap of rates " + start, Double.doubleToLongBits(scale))).logLogSlope(sizes, rates,
        Summary::median, LEVEL);
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    return cell.start.equals(GROUP) || trial.controlled() ? groups(trial, cell, replicate) : gaussian(trial, cell, replicate);
  }

  private static Row row(Cell cell, int replicate, boolean fitted, double rate, double width, double total) {
    return Row.start()
        .and("start", cell.start)
        .and("scale", cell.scale)
        .and("points", cell.points)
        .and("run", replicate)
        .and("fitted", fitted)
        .and("rate", rate)
        .and("relative width", width / total)
        .and("time to 1 %", total);
  }

  /** Two groups in closed form, which P2a holds against the flow. */
  private static Row groups(Trial trial, Cell cell, int replicate) {
    int first = (cell.points + 1) / 2;
    SeparateGroups drawn =
        SeparateGroups.of(trial, new int[] {first, cell.points - first}, cell.points, cell.start.equals(GROUP) ? 0
            : 1, replicate);
    GroupFlow flow = drawn.closedForm(cell.scale * cell.scale);
    double width = flow.timeOfRemaining(0.1) - flow.timeOfRemaining(0.9);
    return row(cell, replicate, true, drawn.limitRate(drawn.slowest()), flow.flowTime(width),
        flow.flowTime(flow.timeOfRemaining(0.01)));
  }

  private static Row gaussian(Trial trial, Cell cell, int replicate) {
    int n = cell.points;
    long[] address = {n, replicate};
    Dataset data = OrthogonalData.orthogonalData().points(n).norms(1, 1).seed(trial.seed("data", address)).build();
    ShallowNetwork network =
        ShallowNetworks.shallowNetwork(data).neurons(Width.widthFor(n,
            0.05)).weights(WeightLaw.gaussian(1 / Math.sqrt(n))).balancedReadout()
            .scale(cell.scale).seed(trial.seed("start", address)).build();
    if (!network.wellInitialised()) {
      return row(cell, replicate, false, Double.NaN, Double.NaN, Double.NaN);
    }
    Solution solution = Starts.followed(Starts.until(network, FITTED, 1e4 * n).observe(Observer.loss()));
    boolean fitted = Starts.converged(solution);
    double[] times = solution.column("time");
    double[] losses = solution.column("loss");
    double width = crossing(times, losses, 0.1) - crossing(times, losses, 0.9);
    return row(cell, replicate, fitted, fitted ? solution.network().asymptoticRate() : Double.NaN, width, crossing(times,
        losses, 0.01));
  }

  /** When this fraction of the loss is left, log L being taken as linear within a step. */
  private static double crossing(double[] times, double[] losses, double fraction) {
    double level = fraction * losses[0];
    for (int k = 1; k < times.length; k++) {
      if (losses[k] < level) {
        double part = StrictMath.log(losses[k - 1] / level) / StrictMath.log(losses[k - 1] / losses[k]);
        return times[k - 1] + part * (times[k] - times[k - 1]);
      }
    }
    return times[times.length - 1];
  }
}
