package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.OneNeuronGroup;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
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
 * P2c: a group initialisation with Gaussian noise on all coordinates. Neurons in the span of their group stand on the
 * kink of every other point, so that noise of any size makes half of these pairs active; with a margin, that is
 * with coordinates below 0 there, small noise does nothing.
 */
final class PerturbedGroups {

  private static final String SPAN = "span";
  private static final String MARGIN = "margin";
  /** The coordinates off the group are at minus this over √n: their norm is a tenth of the neuron's. */
  private static final double MARGIN_NORM = 0.1;
  private static final double FITTED = 1e-16;
  private static final double ALLOWED_SLOPE = 0.03;
  private static final double UNCHANGED = 0.1;
  private static final double CONTROL_NOISE = 1;
  /** Above this no plan judges: an own coordinate changes its sign with a probability of 0.4 ς √k in groups of k points. */
  private static final double MOST_JUDGED_NOISE = 1e-4;

  private PerturbedGroups() {}

  static Check check() {
    return Check.named("shallow/P2c", "Group initialisation with noise", "shallow/perturbed-groups", "shallow/proposition-2")
        .asks("Is the exponent of the asymptotic rate still −α when a group initialisation has a little Gaussian noise on"
            + " all its coordinates?")
        .holdsIf(
            "at the smallest noise (1e-4 of a row's norm at most), for every kind of start and α, all runs get L < 1e-16"
                + " and the exponent of μ_∞, freed"
                + " of the rounding of p_n and of the drawn labels, is within 0.03 of −α")
        .control("the hypothesis of small noise: as large in every coordinate as the row's norm", "ς = 1")
        .plan(Scale.QUICK, plan(List.of(16, 32, 64), List.of(0.5, 0.75), List.of(1e-8, 0.01), 4))
        .plan(Scale.PAPER, plan(List.of(32, 64, 128, 256), List.of(0.5, 0.6, 0.75, 0.9), List.of(1e-8, 1e-4, 1e-3, 0.01, 0.1,
            1.0), 10))
        .plan(Scale.BEYOND, plan(List.of(32, 64, 128, 256, 512), List.of(0.5, 0.6, 0.75, 0.9, 1.0), List.of(1e-8, 1e-4, 1e-3,
            0.01, 0.1, 1.0), 20))
        .recorded(Scale.QUICK, Verdict.FAILS)
        .recorded(Scale.PAPER, Verdict.FAILS)
        .assured(PerturbedGroups::assurance)
        .runs(PerturbedGroups::run);
  }

  private static Parameters plan(List<Integer> points, List<Double> alphas, List<Double> noises, int runs) {
    return Parameters.none()
        .words(
            "starts", List.of(MARGIN, SPAN), List.of(MARGIN, SPAN),
            "span: neurons in the span of their group, 0 on all other points; margin: below 0 there")
        .numbers("alphas", alphas, 0.5, 1, "α: n^{2α − 1} groups, rounded")
        .wholes("points", points, 4, Size.MOST_POINTS, "numbers of points n; at least two")
        .numbers("noises", noises, 1e-12, 10, "ς, the deviation of the noise in a coordinate over the norm of the row")
        .whole("runs", runs, 1, 10_000, "runs a cell, each with labels, start and noise of its own");
  }

  private static double smallest(Parameters plan) {
    return Arrays.stream(plan.numbers("noises")).min().orElseThrow();
  }

  private static Assurance assurance(Parameters plan) {
    double noise = smallest(plan);
    double lost = 0;
    int sizes = plan.wholes("points").length;
    for (double alpha : plan.numbers("alphas")) {
      for (int points : plan.wholes("points")) {
        // E(ς g)⁻ times the density of |g|/√k at 0, n coordinates.
        lost += plan.whole("runs") * plan.words("starts").size() * 0.32 * noise * points * StrictMath.pow(points, 1 - alpha);
      }
    }
    boolean judges = noise <= MOST_JUDGED_NOISE && sizes >= 2;
    return new Assurance(
        Math.min(1, lost),
        judges ? 1 : 0,
        "If the noise does nothing, the rate is 2 min‖D_j‖/n but for some 10⁻³ that the margin adds; the false-alarm rate"
            + " is the chance that"
            + " it puts an own coordinate below 0, 0.32 ς√k for each in groups of k points. With noise of the row's norm"
            + " about half of these are lost, and no run was fitted (n = 16 to 64, α = 0.5 and 0.75, seed 1000). A verdict"
            + " needs two sizes and a noise of 1e-4 at most.");
  }

  private record Cell(String start, double alpha, int points, double noise) {
    int groups() {
      return (int) Math.max(1, StrictMath.round(StrictMath.pow(points, 2 * alpha - 1)));
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    double[] sizes = Arrays.stream(plan.wholes("points")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(sizes.length >= 2, "points", plan, "at least two different numbers");
    double[] noises = Arrays.stream(plan.numbers("noises")).distinct().sorted().toArray();
    List<Cell> cells = new ArrayList<>();
    for (String start : plan.words("starts")) {
      for (double alpha : plan.numbers("alphas")) {
        for (double noise : noises) {
          Arrays.stream(sizes).forEach(points -> cells.add(new Cell(start, alpha, (int) points, noise)));
        }
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    boolean met = true;
    double worst = 0;
    List<String> found = new ArrayList<>();
    List<String> unchanged = new ArrayList<>();
    for (String start : plan.words("starts")) {
      for (double alpha : plan.numbers("alphas")) {
        List<String> exponents = new ArrayList<>();
        for (double noise : noises) {
          List<Row> some =
              rows.stream()
                  .filter(row -> row.text("start").equals(start) && row.number("alpha") == alpha
                      && row.number("noise") == noise)
                  .toList();
          long lost = some.stream().filter(row -> !row.yes("fitted")).count();
          double[][] freed =
              Arrays.stream(sizes)
                  .mapToObj(
                      points ->
                          some.stream().filter(row -> row.whole("points") == (long) points && row.yes("fitted"))
                              .mapToDouble(row -> row.number("rate without rounding")).toArray())
                  .toArray(double[][]::new);
          boolean everywhere = Arrays.stream(freed).allMatch(rates -> rates.length > 0);
          double slope =
              everywhere ? Line.logLog(sizes, Arrays.stream(freed).mapToDouble(Summary::mean).toArray()).slope() : Double.NaN;
          if (noise == noises[0]) {
            boolean kept = lost == 0 && Math.abs(slope + alpha) < ALLOWED_SLOPE;
            met &= kept;
            // NaN, once an exponent is missing.
            worst = !everywhere ? Double.NaN : Math.abs(slope + alpha) > Math.abs(worst) ? slope + alpha : worst;
          }
          String interval = "";
          if (everywhere && plan.whole("runs") > 1) {
            long[] address = {Double.doubleToLongBits(alpha), Double.doubleToLongBits(noise)};
            Interval seen = Bootstrap.seed(trial.seed("bootstrap " + start, address)).logLogSlope(sizes, freed, Summary::mean,
                0.95);
            interval = " " + seen;
          }
          exponents.add(
              "ς = " + number(noise) + ": " + (everywhere ? Numbers.rounded(slope, 3) + interval : "none")
                  + (lost == 0 ? "" : " (" + lost + " of " + some.size() + " runs not fitted)"));
        }
        found.add(start + ", α = " + number(alpha) + ": " + String.join(", ", exponents));
        unchanged.add(start + ", α = " + number(alpha) + ": " + unchanged(rows, start, alpha, sizes, noises));
      }
    }
    Finding finding =
        Finding.judged(met, rows)
            .measured("exponent of μ_∞ plus α at the smallest noise, for the start and α that are furthest off", worst)
            .predicted(0)
            .explained(
                "Exponents: " + String.join("; ", found) + ". The largest noise up to which all runs are fitted with a rate"
                    + " within 10 % of the unperturbed one, by n: "
                    + String.join("; ", unchanged)
                    + ". In the span of its group a neuron stands on the kink of every other point, so that noise of any"
                    + " size makes half of these pairs active, and what"
                    + " becomes of them does not depend on its size: there ς* is 0 for every n as soon as there are two"
                    + " groups. With a margin the noise has to cross it.")
            .figure(picture(rows));
    return trial.controlled() ? finding.outside("small noise, as it is of the row's norm in every coordinate") : finding;
  }

  private static Figure picture(List<Row> rows) {
    List<Row> fitted = rows.stream().filter(row -> row.yes("fitted")).map(PerturbedGroups::drawn).toList();
    // Noise that is too large may leave no run with a rate.
    return fitted.isEmpty()
        ? Plot.plot(Row.table("P2c", rows)).x("noise").by("start").points("loss").logLog().title("No run was fitted")
        : Plot.plot(Row.table("P2c", fitted)).x("noise").by("start and α").points("rate over that without noise").logLog()
            .title("Group initialisation with noise");
  }

  private static Row drawn(Row row) {
    return Row.start().and("noise", row.number("noise"))
        .and("start and α", row.text("start") + ", α = " + number(row.number("alpha")))
        .and("rate over that without noise", row.number("rate over its limit"));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.3g", value).contains("e") ? Numbers.exact(value) : Numbers.rounded(value, 3);
  }

  private static String unchanged(List<Row> rows, String start, double alpha, double[] sizes, double[] noises) {
    List<String> each = new ArrayList<>();
    for (double points : sizes) {
      double largest = 0;
      for (double noise : noises) {
        boolean all =
            rows.stream()
                .filter(
                    row ->
                        row.text("start").equals(start) && row.number("alpha") == alpha && row.number("noise") == noise
                            && row.whole("points") == (long) points)
                .allMatch(row -> row.yes("fitted") && Math.abs(row.number("rate over its limit") - 1) <= UNCHANGED);
        if (!all) {
          break;
        }
        largest = noise;
      }
      each.add(largest == 0 ? "none" : number(largest));
    }
    return String.join(", ", each);
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    int n = cell.points;
    long[] address = {n, StrictMath.round(1e6 * cell.alpha), replicate};
    // The same labels, start and noise, but for its size, in every cell of these sizes.
    Dataset data =
        OrthogonalData.orthogonalData().points(n).norms(1, 1).groups(cell.groups()).seed(trial.seed("data", address)).build();
    ShallowNetwork drawn = ShallowNetworks.shallowNetwork(data).groupInitialisation().seed(trial.seed("start",
        address)).build();
    double limit = limitRate(drawn);
    ShallowNetwork network =
        perturbed(drawn, cell.start, trial.controlled() ? CONTROL_NOISE : cell.noise, trial.stream("noise", address));
    Solution solution = Starts.followed(Starts.until(network, FITTED, 1e4 * n));
    boolean fitted = Starts.converged(solution);
    double rate = fitted ? solution.network().asymptoticRate() : Double.NaN;
    return Row.start()
        .and("start", cell.start)
        .and("alpha", cell.alpha)
        .and("points", n)
        .and("groups", cell.groups())
        .and("noise", cell.noise)
        .and("run", replicate)
        .and("fitted", fitted)
        .and("rate", rate)
        .and("rate over its limit", rate / limit)
        // As in P2b: a group of n^{2 − 2α} points whose y² are 7/3, their mean.
        .and("rate without rounding", rate / limit * 2 * Math.sqrt(7 / 3.0) * StrictMath.pow(n, -cell.alpha))
        .and("loss", solution.loss())
        .and("ending", solution.ending().toString());
  }

  /** μ_∞ without noise, by the closed form: the smallest of 2‖D_j‖/n, or of 4‖D_j‖/n for single points. */
  private static double limitRate(ShallowNetwork network) {
    double least = Double.POSITIVE_INFINITY;
    for (int group = 0; group < network.neurons(); group++) {
      OneNeuronGroup alone = OneNeuronGroup.of(network, group);
      least = Math.min(least, (alone.misalignment() == 0 ? 4 : 2) * alone.targetNorm() / network.data().points());
    }
    return least;
  }

  /** The inputs are the axes, so that pre-activations are coordinates. Balanced again: |a| = ‖w‖. */
  private static ShallowNetwork perturbed(ShallowNetwork network, String start, double noise, RandomStream stream) {
    Dataset data = network.data();
    Groups groups = data.groups().orElseThrow();
    int n = data.points();
    int p = network.neurons();
    DMatrixRMaj before = network.preactivations();
    DMatrixRMaj weights = new DMatrixRMaj(p, n);
    double[] readout = network.readout();
    for (int j = 0; j < p; j++) {
      double square = 0;
      for (int i = 0; i < n; i++) {
        double own = groups.of(i) == j ? before.get(i, j) : start.equals(MARGIN) ? -MARGIN_NORM / Math.sqrt(n) : 0;
        double value = own + noise * stream.nextGaussian();
        weights.set(j, i, value);
        square += value * value;
      }
      readout[j] = Math.signum(readout[j]) * Math.sqrt(square);
    }
    return ShallowNetworks.shallowNetwork(data).weights(weights).readout(readout).build();
  }
}
