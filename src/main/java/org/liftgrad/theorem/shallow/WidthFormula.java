package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import org.hipparchus.util.CombinatoricsUtils;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.Width;
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

/**
 * W1: how often a start is well initialised on orthogonal inputs. With Gaussian weights the
 * activations there are independent fair bits, so bits are what is drawn.
 */
final class WidthFormula {

  private static final double LEVEL = 0.999;
  private static final double BOUND_LEVEL = 0.95;
  private static final int BLOCK = 1000;

  private enum Rule {
    PAPER("paper"),
    THEOREM("theorem"),
    HALF("half the paper");

    final String words;

    Rule(String words) {
      this.words = words;
    }
  }

  private record Cell(int points, double epsilon, int neurons, Rule rule) {
    int positive() {
      return (points + 1) / 2;
    }

    int negative() {
      return points / 2;
    }

    double exact() {
      return Width.probabilityWellInitialised(neurons, positive(), negative());
    }

    /** The exact formula where a neuron is active with probability 7/16. */
    double underControl() {
      double sum = 0;
      for (int q = 0; q <= neurons; q++) {
        double logTerm =
            CombinatoricsUtils.binomialCoefficientLog(neurons, q)
                - neurons * StrictMath.log(2)
                + positive() * StrictMath.log1p(-StrictMath.pow(9.0 / 16, q))
                + negative() * StrictMath.log1p(-StrictMath.pow(9.0 / 16, neurons - q));
        sum += StrictMath.exp(logTerm);
      }
      return sum;
    }

    /** The counts with which the cell passes. */
    AcceptedCounts accepted(int draws) {
      AcceptedCounts exact = AcceptedCounts.containing(draws, exact(), LEVEL);
      AcceptedCounts reaches = AcceptedCounts.notBelow(draws, 1 - epsilon, BOUND_LEVEL);
      return rule == Rule.HALF
          ? exact.and(new AcceptedCounts(0, reaches.least() - 1))
          : exact.and(reaches);
    }
  }

  private WidthFormula() {}

  static Check check() {
    return Check.named("shallow/W1", "How many neurons make a start good", "shallow/lemma-5")
        .asks(
            "On orthogonal inputs, is P(well initialised) what the exact formula says, at least 1 − ε at the papers'"
                + " widths, and under 1 − ε at half of it?")
        .holdsIf(
            "in every cell the exact formula lies in the 99.9 % Clopper–Pearson interval, at the widths of the"
                + " experiments and of Theorem 1 the 95 % interval is not entirely below 1 − ε, and at half the former it is")
        .control(
            "the symmetry of the weights: a neuron is active with probability 7/16 and not 1/2", "a base of 0.781 for 0.75")
        .plan(Scale.QUICK, plan(List.of(10, 100, 1000), 10_000))
        .plan(Scale.PAPER, plan(List.of(10, 100, 1000, 10_000), 10_000))
        .plan(Scale.BEYOND, plan(List.of(10, 100, 1000, 10_000), 100_000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(WidthFormula::assurance)
        .runs(WidthFormula::run);
  }

  private static Parameters plan(List<Integer> points, int draws) {
    return Parameters.none()
        .wholes("points", points, 2, 1_000_000, "numbers of points n, half of them with a positive label")
        .numbers("epsilons", List.of(0.01, 0.05, 0.2, 0.5), 1e-12, 0.999, "ε")
        .whole("draws", draws, 1, 10_000_000, "starts drawn a cell");
  }

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (double epsilon : plan.numbers("epsilons")) {
        int paper = Width.widthFor(points, epsilon);
        cells.add(new Cell(points, epsilon, paper, Rule.PAPER));
        cells.add(new Cell(points, epsilon, Width.theoremWidth(points, epsilon), Rule.THEOREM));
        cells.add(new Cell(points, epsilon, Math.max(1, paper / 2), Rule.HALF));
      }
    }
    return cells;
  }

  private static Assurance assurance(Parameters plan) {
    int draws = plan.whole("draws");
    double allPass = 1;
    double allPassControlled = 1;
    for (Cell cell : cells(plan)) {
      AcceptedCounts accepted = cell.accepted(draws);
      allPass *= accepted.probability(draws, cell.exact());
      allPassControlled *= accepted.probability(draws, cell.underControl());
    }
    return new Assurance(
        Math.max(0, 1 - allPass),
        Math.min(1, 1 - allPassControlled),
        "Exact binomial probabilities of every cell's rule, with the exact formula and with its counterpart"
            + " under the control.");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    int draws = plan.whole("draws");
    List<Cell> cells = cells(plan);
    int blocks = (draws + BLOCK - 1) / BLOCK;
    List<Integer> counts =
        trial.inParallel(
            "blocks of starts",
            cells.size() * blocks,
            k -> {
              int block = k % blocks;
              return wellAmong(trial, cells.get(k / blocks), block, Math.min(BLOCK, draws - block * BLOCK));
            });
    List<Row> rows = new ArrayList<>();
    boolean met = true;
    double worst = 0;
    Row worstRow = null;
    Interval worstInterval = null;
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      int well = counts.subList(c * blocks, (c + 1) * blocks).stream().mapToInt(Integer::intValue).sum();
      Proportion seen = new Proportion(well, draws);
      Interval interval = seen.clopperPearson(LEVEL);
      double exact = cell.exact();
      boolean reaches = seen.clopperPearson(BOUND_LEVEL).upper() >= 1 - cell.epsilon();
      boolean passes = interval.contains(exact) && reaches == (cell.rule() != Rule.HALF);
      met &= passes;
      // The deviation in standard errors says which cell is the most telling.
      double deviation = Math.abs(seen.estimate() - exact) / Math.sqrt(exact * (1 - exact) / draws);
      Row row =
          Row.start()
              .and("points", cell.points())
              .and("epsilon", cell.epsilon())
              .and("width", cell.rule().words)
              .and("neurons", cell.neurons())
              .and("draws", draws)
              .and("well initialised", well)
              .and("share", seen.estimate())
              .and("exact", exact)
              .and("union bound", Width.unionBound(cell.neurons(), cell.points()))
              .and("lower", interval.lower())
              .and("upper", interval.upper())
              .and("passes", passes);
      rows.add(row);
      if (worstRow == null || deviation > worst) {
        worst = deviation;
        worstRow = row;
        worstInterval = interval;
      }
    }
    long passed = rows.stream().filter(row -> row.yes("passes")).count();
    return Finding.judged(met, rows)
        .measured(
            "P(well initialised) in the cell farthest from the exact formula, in standard errors (n = "
                + worstRow.whole("points") + ", p = " + worstRow.whole("neurons") + ")",
            worstRow.number("share"))
        .predicted(worstRow.number("exact"))
        .interval(worstInterval)
        .explained(
            passed + " of " + rows.size() + " cells pass; the largest deviation from the exact formula is "
                + Numbers.rounded(worst, 3) + " standard errors. A row holds the count of its " + draws
                + " draws, which is all that a yes or no can tell.")
        .figure(
            Plot.plot(Row.table("W1", rows)).x("exact").by("width").points("share")
                .line("exact formula", new double[] {0, 1}, new double[] {0, 1})
                .title("P(well initialised): drawn against exact"));
  }

  /** How many of some starts are well initialised. */
  private static int wellAmong(Trial trial, Cell cell, int block, int draws) {
    RandomStream stream =
        trial.stream(
            "bits", cell.points(), Double.doubleToLongBits(cell.epsilon()), cell.neurons(), cell.rule().ordinal(), block);
    int words = (cell.neurons() + 63) / 64;
    long[] positive = new long[words];
    long[] mask = new long[words];
    for (int w = 0; w < words; w++) {
      int bits = Math.min(64, cell.neurons() - 64 * w);
      mask[w] = bits == 64 ? -1 : (1L << bits) - 1;
    }
    int well = 0;
    for (int draw = 0; draw < draws; draw++) {
      for (int w = 0; w < words; w++) {
        positive[w] = stream.nextLong();
      }
      boolean good = true;
      for (int i = 0; i < cell.points() && good; i++) {
        boolean wantsPositive = i < cell.positive();
        good = false;
        for (int w = 0; w < words && !good; w++) {
          long right = (wantsPositive ? positive[w] : ~positive[w]) & mask[w];
          good = (activations(stream, trial.controlled()) & right) != 0;
        }
      }
      well += good ? 1 : 0;
    }
    return well;
  }

  /** 64 activations, each 1 with probability ½; with the control 7/16 = ½ (1 − ⅛). */
  private static long activations(RandomStream stream, boolean controlled) {
    long fair = stream.nextLong();
    return controlled ? fair & (stream.nextLong() | stream.nextLong() | stream.nextLong()) : fair;
  }
}
