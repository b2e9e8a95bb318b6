package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Binomial;
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
 * O1a to O1c: Proposition 1 and its refinements, on orthogonal inputs with the papers' start, p = p₁(n). The flow leaves
 * a start that is not well initialised at a positive loss, so such draws are passed over; rows say how many.
 */
final class AsymptoticRate {

  private AsymptoticRate() {}

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n; d = n")
        .number("epsilon", 0.05, 1e-12, 0.5, "ε of the papers' width p = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and a well-initialised start of its own");
  }

  private static List<Row> rows(Trial trial, Function<Start, Row> row) {
    List<Size> sizes =
        Arrays.stream(trial.parameters().wholes("points"))
            .distinct()
            .mapToObj(n -> new Size(n, n, Width.widthFor(n, trial.parameters().number("epsilon"))))
            .toList();
    return trial.runs(
        sizes, trial.parameters().whole("runs"), (size, replicate) -> row.apply(Start.drawn(trial, size, replicate)));
  }

  /** A well-initialised start, and how many draws before it were not. */
  private record Start(Size size, int replicate, ShallowNetwork network, int passedOver) {
    static Start drawn(Trial trial, Size size, int replicate) {
      int runs = trial.parameters().whole("runs");
      Starts.Drawn drawn =
          Starts.wellInitialised(attempt -> Starts.orthogonal(trial, size.points(), size.neurons(), replicate + runs * attempt));
      return new Start(size, replicate, drawn.network(), drawn.passedOver());
    }

    Row row() {
      return size.row(replicate).and("passed over", passedOver);
    }
  }

  private static GradientFlow until(ShallowNetwork network, double loss) {
    return Starts.until(network, loss, 1e4 * network.data().points());
  }

  /** Where the loss is 1e-12 of that of the start. */
  private static ShallowNetwork fitted(ShallowNetwork network) {
    return Starts.coarselyFollowed(until(network, 1e-12 * network.loss()), network).network();
  }

  /** λ_min(K). */
  private static double smallestEigenvalue(ShallowNetwork network) {
    return network.asymptoticRate() * network.data().points() / 2;
  }

  /** ‖x_i‖² E_i, ascending. */
  private static double[] weightedEnergies(ShallowNetwork network) {
    double[] energies = network.activeEnergy();
    double[] norms = network.data().norms();
    for (int i = 0; i < energies.length; i++) {
      energies[i] *= norms[i] * norms[i];
    }
    Arrays.sort(energies);
    return energies;
  }

  // ---------------------------------------------------------------- O1a

  static Check eigenvalue() {
    return Check.named("shallow/O1a", "The asymptotic rate is an eigenvalue", "shallow/proposition-1-rate")
        .asks("Does log L fall in the end at (2/n) λ_min of the kernel there?")
        .holdsIf(
            "the rate from L/L(0) = 1e-20 to 1e-26 is within 2 % of (2/n) λ_min(K) in the median run; and in every run it is within"
                + " 1 % of what r' = −K r/n makes of the residuals at 1e-20, and not below (2/n) λ_min by more than that")
        .control(
            "the mechanism: the kernel of the start in place of that of the end, as if training were lazy",
            "too small by a factor of 1.01 to 15, 4 in the median")
        .plan(Scale.QUICK, plan(List.of(25, 50, 100), 6))
        .plan(Scale.PAPER, plan(List.of(50, 100, 200, 400, 800), 20))
        .plan(Scale.BEYOND, plan(List.of(50, 100, 200, 400, 800), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan -> {
              int runs = plan.whole("runs") * plan.wholes("points").length;
              return new Assurance(
                  new Binomial(runs, BEYOND_TWO).atLeast((runs + 1) / 2),
                  -StrictMath.expm1(runs * StrictMath.log1p(-0.9)),
                  "By chance an eigenvalue is near the smallest, and its share in the loss not yet gone: 43 of 450 runs (n = 25 to 100, seed"
                      + " 1001) are beyond 2 %, and half of the runs would have to be. The linear equation takes all eigenvalues into"
                      + " account and leaves nothing to chance. With the control nine runs of ten at least are beyond it.");
            })
        .runs(AsymptoticRate::runEigenvalue);
  }

  /** The chance that a run is beyond 2 % of the smallest eigenvalue alone. */
  private static final double BEYOND_TWO = 0.1;

  private static Finding runEigenvalue(Trial trial) {
    List<Row> rows =
        rows(
            trial,
            start -> {
              ShallowNetwork network = start.network;
              Solution before = Starts.followed(until(fitted(network), 1e-20 * network.loss()));
              Solution after = Starts.followed(until(before.network(), 1e-26 * network.loss()));
              double rate = StrictMath.log(before.loss() / after.loss()) / after.time();
              ShallowNetwork linearised = trial.controlled() ? network : before.network();
              double predicted = linearised.asymptoticRate();
              double linear = linearRate(linearised.tangentKernel(), before.network().residual(), after.time());
              return start.row().and("rate", rate).and("predicted", predicted).and("error", rate / predicted - 1)
                  .and("error of the linear equation", rate / linear - 1)
                  .and("kernel's growth", before.network().asymptoticRate() / network.asymptoticRate());
            });
    double[] errors = rows.stream().mapToDouble(row -> Math.abs(row.number("error"))).toArray();
    double median = Summary.median(errors);
    double most = Arrays.stream(errors).max().orElseThrow();
    long far = Arrays.stream(errors).filter(error -> error >= 0.1).count();
    double linear = rows.stream().mapToDouble(row -> Math.abs(row.number("error of the linear equation"))).max().orElseThrow();
    double below = rows.stream().mapToDouble(row -> -row.number("error")).max().orElseThrow();
    return Finding.judged(median < 0.02 && linear <= 0.01 && below <= 0.01, rows)
        .measured("median of |rate over (2/n) λ_min, minus 1| over the runs", median)
        .predicted(0)
        .explained(
            "Of (2/n) λ_min the rate is off by " + Numbers.rounded(100 * median, 2) + " % in the median of " + rows.size() + " runs, by "
                + Numbers.rounded(100 * most, 3) + " % at most, and by 10 % or more in " + far + "; of the rate by the linear equation, with"
                + " all its eigenvalues, by " + Numbers.rounded(100 * linear, 2) + " % at most. λ_min grew by a factor of "
                + Numbers.rounded(Summary.median(rows.stream().mapToDouble(row -> row.number("kernel's growth")).toArray()), 3)
                + " on the way, in the median.")
        .figure(
            Plot.plot(Row.table("O1a", rows)).x("predicted").points("rate").slope("equal", 1).logLog()
                .xLabel("(2/n) λ_min").title("Asymptotic rate beside the eigenvalue"));
  }

  /** log(L(0)/L(t))/t of r' = −K r/n. */
  private static double linearRate(DMatrixRMaj kernel, double[] residual, double time) {
    FixedKernelFlow flow = FixedKernelFlow.of(kernel, residual);
    return StrictMath.log(flow.loss(0) / flow.loss(time)) / time;
  }

  // ---------------------------------------------------------------- O1b

  static Check interlacing() {
    return Check.named("shallow/O1b", "The smallest eigenvalue lies between two active energies", "shallow/proposition-1-interlacing")
        .asks("Does λ_min(K) lie between the smallest and the (p + 1)-th smallest ‖x_i‖² E_i?")
        .holdsIf("it does in every run, to 1e-9 relative, at the start and at the end (L/L(0) = 1e-12)")
        .control("orthogonal inputs: law S in n dimensions, at its start", "λ_min(K) is 0.62 to 0.98 of the smallest ‖x_i‖² E_i")
        .plan(Scale.QUICK, plan(List.of(25, 50, 100), 5))
        .plan(Scale.PAPER, plan(List.of(50, 100, 200, 400, 800), 20))
        .plan(Scale.BEYOND, plan(List.of(50, 100, 200, 400, 800), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic((long) plan.whole("runs") * plan.wholes("points").length, 0.9, "15 of 15 at n = 25 to 100, seed 1000"))
        .runs(AsymptoticRate::runInterlacing);
  }

  private static Finding runInterlacing(Trial trial) {
    List<Row> rows =
        rows(
            trial,
            start -> {
              Interlaced before = Interlaced.of(trial.controlled() ? interacting(trial, start) : start.network);
              Interlaced after = trial.controlled() ? before : Interlaced.of(fitted(start.network));
              return start.row()
                  .and("smallest at the end", after.least).and("eigenvalue at the end", after.eigenvalue).and("bound at the end", after.most)
                  .and("place", (after.eigenvalue - after.least) / (after.most - after.least))
                  .and("ratio", Math.min(before.ratio(), after.ratio()));
            });
    double least = rows.stream().mapToDouble(row -> row.number("ratio")).min().orElseThrow();
    long broken = rows.stream().filter(row -> row.number("ratio") < 1 - 1e-9).count();
    double[] over = rows.stream().mapToDouble(row -> row.number("eigenvalue at the end") / row.number("smallest at the end")).toArray();
    Finding finding = Finding.judged(broken == 0, rows)
        .measured("smallest of λ_min/lower bound and upper bound/λ_min over runs and both ends", least)
        .predicted(1)
        .explained(
            "Broken in " + broken + " of " + rows.size() + " runs. At the " + (trial.controlled() ? "start" : "end") + " λ_min is " + Numbers.rounded(Summary.median(over), 3)
                + " times the smallest ‖x_i‖² E_i in the median.")
        .figure(
            Plot.plot(Row.table("O1b", rows)).x("smallest at the end").points("eigenvalue at the end", "bound at the end").logLog()
                .xLabel("smallest ‖x_i‖² E_i").yLabel("λ_min, and its upper bound").title("Interlacing"));
    return trial.controlled() ? finding.outside("orthogonal inputs, as they are of law S with d = n") : finding;
  }

  /** A start of the same size on inputs that are not orthogonal. */
  private static ShallowNetwork interacting(Trial trial, Start start) {
    return Starts.lawS(trial, start.size.points(), start.size.points(), start.size.neurons(), start.replicate);
  }

  private record Interlaced(double least, double eigenvalue, double most) {
    static Interlaced of(ShallowNetwork network) {
      double[] energies = weightedEnergies(network);
      int rank = network.neurons();
      // Where p ≥ n nothing bounds from above.
      double most = rank < energies.length ? energies[rank] : Double.POSITIVE_INFINITY;
      return new Interlaced(energies[0], smallestEigenvalue(network), most);
    }

    double ratio() {
      return Math.min(eigenvalue / least, most / eigenvalue);
    }
  }

  // ---------------------------------------------------------------- O1c

  private static final double LEAST_RATE = -1.05;
  private static final double MOST_RATE = -0.45;
  private static final double LEAST_ENERGY = 0.45;
  private static final double MOST_ENERGY = 0.55;
  // What 60 runs at each of n = 16, 32, 64 and 128 gave, seed 1001.
  private static final double ENERGY_EXPONENT = 0.47;
  private static final double RATE_EXPONENT = -0.91;
  private static final double ENERGY_DEVIATION = 0.48;
  private static final double RATE_DEVIATION = 0.17;

  static Check bracket() {
    return Check.named("shallow/O1c", "The rate lies between 1/n and 1/√n", "shallow/proposition-1", "shallow/proposition-1-energy")
        .asks("Is the asymptotic rate at least 2C/n and of order 1/√n at most, and does the energy grow as √n?")
        .holdsIf(
            "n μ ≥ 2C in every run, with C of the data at hand; the 95 % interval of the exponent of μ in n lies within [−1.05, −0.45]"
                + " and that of Ē = Σ a_j²/p within [0.45, 0.55], if the plan goes from n = 50 or more to 800 or more; the intervals of"
                + " smaller plans, where the start still counts, have to meet those ranges")
        .control("the hypothesis of bounded labels: |y| is multiplied by n^¼", "an exponent off by 0.25")
        .plan(Scale.QUICK, plan(List.of(16, 32, 128), 12))
        .plan(Scale.PAPER, plan(List.of(50, 100, 200, 400, 800), 20))
        .plan(Scale.BEYOND, plan(List.of(50, 100, 200, 400, 800), 100))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(AsymptoticRate::bracketAssurance)
        .runs(AsymptoticRate::runBracket);
  }

  /** Does the plan span the sizes that the file's rule is for? */
  private static boolean spansTheFile(Parameters plan) {
    int[] points = plan.wholes("points");
    return Arrays.stream(points).min().orElseThrow() >= 50 && Arrays.stream(points).max().orElseThrow() >= 800;
  }

  private static Assurance bracketAssurance(Parameters plan) {
    int[] points = Arrays.stream(plan.wholes("points")).distinct().toArray();
    double mean = Arrays.stream(points).mapToDouble(StrictMath::log).average().orElseThrow();
    double spread = 0;
    double energy = 0;
    double rate = 0;
    for (int n : points) {
      double far = StrictMath.log(n) - mean;
      spread += far * far;
      energy += far * far * ENERGY_DEVIATION * ENERGY_DEVIATION / n;
      rate += far * far * RATE_DEVIATION * RATE_DEVIATION;
    }
    if (spread == 0) {
      return new Assurance(1, 0, "One size has no exponent.");
    }
    double ofEnergy = Math.sqrt(energy / plan.whole("runs")) / spread;
    double ofRate = Math.sqrt(rate / plan.whole("runs")) / spread;
    // Inside, an interval has to keep its half width from the edge; where it has to meet the range, it may be as much beyond.
    double half = spansTheFile(plan) ? -1.96 : 1.96;
    return new Assurance(
        Math.min(1, Exponent.tail((ENERGY_EXPONENT - LEAST_ENERGY) / ofEnergy + half) + Exponent.tail((RATE_EXPONENT - LEAST_RATE) / ofRate + half)),
        1 - Exponent.tail((ENERGY_EXPONENT + 0.25 - MOST_ENERGY) / ofEnergy - half),
        "With exponents of " + ENERGY_EXPONENT + " and " + RATE_EXPONENT + " and deviations from run to run of " + ENERGY_DEVIATION + "/√n of log Ē and "
            + RATE_DEVIATION + " of log μ (60 runs at each n = 16 to 128, seed 1001), slopes being normal; the control adds 0.25 to Ē's.");
  }

  private static boolean fits(boolean within, Interval interval, double least, double most) {
    return within ? interval.within(least, most) : interval.upper() >= least && interval.lower() <= most;
  }

  private static Finding runBracket(Trial trial) {
    double[] sizes = Arrays.stream(trial.parameters().wholes("points")).distinct().sorted().asDoubleStream().toArray();
    Argument.require(sizes.length >= 2, "points", trial.parameters(), "at least two different numbers");
    List<Row> rows =
        rows(
            trial,
            start -> {
              ShallowNetwork network = trial.controlled() ? grown(start.network) : start.network;
              ShallowNetwork end = fitted(network);
              double rate = end.asymptoticRate();
              double constant = CurvatureBounds.of(network.data()).constant();
              return start.row()
                  .and("rate", rate)
                  .and("n rate over 2C", network.data().points() * rate / (2 * constant))
                  .and("√n rate", Math.sqrt(network.data().points()) * rate)
                  .and("energy", energy(end));
            });
    double least = rows.stream().mapToDouble(row -> row.number("n rate over 2C")).min().orElseThrow();
    double most = rows.stream().mapToDouble(row -> row.number("√n rate")).max().orElseThrow();
    Exponent rate = Exponent.of(rows, sizes, "rate", trial.seed("bootstrap rate"));
    Exponent energy = Exponent.of(rows, sizes, "energy", trial.seed("bootstrap energy"));
    boolean within = spansTheFile(trial.parameters());
    boolean met =
        least >= 1 && fits(within, rate.interval(), LEAST_RATE, MOST_RATE) && fits(within, energy.interval(), LEAST_ENERGY, MOST_ENERGY);
    Finding finding =
        Finding.judged(met, rows)
            .measured("exponent of μ in n", rate.slope())
            .interval(rate.interval())
            .explained(
                "μ goes as n^" + Numbers.rounded(rate.slope(), 3) + " " + rate.interval() + " and Ē as n^" + Numbers.rounded(energy.slope(), 3)
                    + " " + energy.interval() + " (log of the mean; the mean of the log gives " + Numbers.rounded(rate.ofLogs(), 3) + " and "
                    + Numbers.rounded(energy.ofLogs(), 3) + "). n μ is at least " + Numbers.rounded(least, 3) + " times 2C, √n μ at most "
                    + Numbers.rounded(most, 3) + ".")
            .figure(
                Plot.plot(Row.table("O1c", rows)).x("points").points("rate").slope("∝ n^−½", -0.5).slope("∝ 1/n", -1).logLog()
                    .title("Asymptotic rate on orthogonal inputs, p = p₁(n)"));
    return trial.controlled() ? finding.outside("bounded labels, by the factor n^¼") : finding;
  }

  /** Ē. */
  private static double energy(ShallowNetwork network) {
    return Arrays.stream(network.readout()).map(a -> a * a).sum() / network.neurons();
  }

  /** The same start with every label n^¼ times as large. */
  private static ShallowNetwork grown(ShallowNetwork network) {
    Dataset data = network.data();
    double factor = StrictMath.pow(data.points(), 0.25);
    return network.on(data.withLabels(Arrays.stream(data.labels()).map(y -> factor * y).toArray()));
  }
}
