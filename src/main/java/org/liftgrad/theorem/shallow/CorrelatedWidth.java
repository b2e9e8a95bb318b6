package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** W2: the formula for orthogonal inputs, asked of law S, whose activations are correlated. */
final class CorrelatedWidth {

  private static final double LEVEL = 0.999;
  /** From d = n² on the inputs interact weakly and the rule applies. */
  private static final double WEAK = 2;

  private record Cell(int points, double exponent, int neurons) {
    long dimension() {
      return Math.max(1, Math.round(StrictMath.pow(points, exponent)));
    }

    boolean judged() {
      return exponent >= WEAK;
    }

    /** The formula for orthogonal inputs, over fair signs of the labels. */
    double formula() {
      Binomial positives = new Binomial(points, 0.5);
      double sum = 0;
      for (int positive = 0; positive <= points; positive++) {
        sum +=
            positives.exactly(positive)
                * Width.probabilityWellInitialised(neurons, positive, points - positive);
      }
      return sum;
    }

    /** In one dimension: at least P(neurons of both directions and both signs). */
    double underControl() {
      double sum = 0;
      double[] binomials = {1, -4, 6, -4, 1};
      for (int m = 0; m <= 4; m++) {
        sum += binomials[m] * StrictMath.pow(1 - m / 4.0, neurons);
      }
      return sum;
    }
  }

  private CorrelatedWidth() {}

  static Check check() {
    return Check.named("shallow/W2", "The width formula off orthogonality", "shallow/lemma-5")
        .asks("Is P(well initialised) on law S what the formula for orthogonal inputs says, from d = n² on, and at d = n?")
        .holdsIf(
            "the formula lies in the 99.9 % Clopper–Pearson interval of every cell with d ≥ n²; cells with smaller d"
                + " are reported")
        .control("weak interaction: all inputs on one line (d = 1)", "cosines of ±1")
        .plan(Scale.QUICK, plan(List.of(10, 30), 4000))
        .plan(Scale.PAPER, plan(List.of(10, 30, 100), 10_000))
        .plan(Scale.BEYOND, plan(List.of(10, 30, 100, 300), 10_000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(CorrelatedWidth::assurance)
        .runs(CorrelatedWidth::run);
  }

  private static Parameters plan(List<Integer> points, int draws) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of points n")
        .numbers("dimensionExponents", List.of(2.0, 1.0), 0, 8, "exponents e of the dimensions d = n^e")
        .number("epsilon", 0.05, 1e-12, 0.999, "ε of the papers' width p = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .whole("draws", draws, 1, 10_000_000, "data and starts drawn a cell");
  }

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (double exponent : plan.numbers("dimensionExponents")) {
        cells.add(new Cell(points, exponent, Width.widthFor(points, plan.number("epsilon"))));
      }
    }
    return cells;
  }

  private static Assurance assurance(Parameters plan) {
    int draws = plan.whole("draws");
    double allPass = 1;
    double allPassControlled = 1;
    for (Cell cell : cells(plan)) {
      if (cell.judged()) {
        AcceptedCounts accepted = AcceptedCounts.containing(draws, cell.formula(), LEVEL);
        allPass *= accepted.probability(draws, cell.formula());
        // More than accepted is what the control's bound from below vouches for.
        allPassControlled *= new AcceptedCounts(0, accepted.most()).probability(draws, cell.underControl());
      }
    }
    return new Assurance(
        Math.max(0, 1 - allPass),
        Math.min(1, 1 - allPassControlled),
        "Exact binomial probabilities of every judged cell's rule, with the formula and with a bound from below on"
            + " P(well initialised) in one dimension, where four kinds of neurons are all there is.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    int draws = plan.whole("draws");
    List<Cell> cells = cells(plan);
    List<Boolean> well = trial.runs(cells, draws, (cell, replicate) -> isWell(trial, cell, replicate));
    List<Row> rows = new ArrayList<>();
    boolean met = true;
    boolean judgedAny = false;
    double worst = -1;
    Row worstRow = null;
    Interval worstInterval = null;
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      int count =
          (int) well.subList(c * draws, (c + 1) * draws).stream().filter(Boolean::booleanValue).count();
      Proportion seen = new Proportion(count, draws);
      Interval interval = seen.clopperPearson(LEVEL);
      double formula = cell.formula();
      double deviation = (seen.estimate() - formula) / Math.sqrt(formula * (1 - formula) / draws);
      met &= !cell.judged() || interval.contains(formula);
      judgedAny |= cell.judged();
      Row row =
          Row.start()
              .and("points", cell.points())
              .and("dimension", trial.controlled() ? 1 : cell.dimension())
              .and("neurons", cell.neurons())
              .and("judged", cell.judged())
              .and("draws", draws)
              .and("well initialised", count)
              .and("share", seen.estimate())
              .and("formula", formula)
              .and("lower", interval.lower())
              .and("upper", interval.upper())
              .and("deviation in standard errors", deviation);
      rows.add(row);
      if (worstRow == null || Math.abs(deviation) > worst) {
        worst = Math.abs(deviation);
        worstRow = row;
        worstInterval = interval;
      }
    }
    Finding finding = judgedAny ? Finding.judged(met, rows) : Finding.reported(rows);
    finding =
        finding
            .measured(
                "P(well initialised) in the cell farthest from the formula, in standard errors (n = "
                    + worstRow.whole("points") + ", d = " + worstRow.whole("dimension") + ")",
                worstRow.number("share"))
            .predicted(worstRow.number("formula"))
            .interval(worstInterval)
            .explained(
                "The largest deviation from the formula for orthogonal inputs is " + Numbers.rounded(worst, 3)
                    + " standard errors at " + draws + " draws a cell. A row holds the count of its draws, which is"
                    + " all that a yes or no can tell.")
            .figure(
                Plot.plot(Row.table("W2", rows)).x("formula").points("share")
                    .line("equal", new double[] {0.9, 1}, new double[] {0.9, 1})
                    .title("P(well initialised) on law S"));
    return trial.controlled()
        ? finding.outside("Assumption 2 (weak interaction), as all inputs are parallel")
        : finding;
  }

  private static boolean isWell(Trial trial, Cell cell, int replicate) {
    long dimension = trial.controlled() ? 1 : cell.dimension();
    long[] address = {cell.points(), dimension, cell.neurons(), replicate};
    SubGaussianData law =
        SubGaussianData.lawS()
            .points(cell.points())
            .dimension(dimension)
            .seed(trial.seed("data", address));
    Dataset data = cell.points() <= dimension ? law.exactInLaw().build() : law.build();
    return ShallowNetworks.shallowNetwork(data)
        .neurons(cell.neurons())
        .weights(WeightLaw.gaussian(1))
        .dominantReadout()
        .seed(trial.seed("start", address))
        .build()
        .wellInitialised();
  }
}
