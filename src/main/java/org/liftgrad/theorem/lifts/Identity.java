package org.liftgrad.theorem.lifts;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * An identity: two computations that must agree in every random instance. Each instance is also computed with the
 * negative control's break in it, whether or not the control is what is asked for: the figure shows both.
 */
final class Identity {

  /** Below this a gap is drawn here, so that 0 has a place on a logarithmic axis. */
  private static final double FLOOR = 1e-17;

  private final Check.Draft draft;
  private final String sizeName;
  private final List<Case> cases;

  private Identity(Check.Draft draft, String sizeName, List<Case> cases) {
    this.draft = draft;
    this.sizeName = sizeName;
    this.cases = cases;
  }

  /**
   * What an instance came to.
   *
   * @param size how large it was
   * @param gap how far the two sides were apart; 0 for agreement, a count of disagreements where the identity is exact
   */
  record Found(long size, double gap) {}

  /** An instance. */
  @FunctionalInterface
  interface Instance {
    /**
     * Draws an instance and compares.
     *
     * @param stream the same with and without the break
     * @param times how many times larger than the theory file's
     * @param broken whether the break is in place
     */
    Found of(RandomStream stream, int times, boolean broken);
  }

  /**
   * One kind of instance.
   *
   * @param allowed the largest gap
   */
  record Case(String name, double allowed, Instance instance) {
    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * Begins an identity.
   *
   * @param draft with question, rule and control
   * @param sizeName what the size of an instance counts
   */
  static Identity of(Check.Draft draft, String sizeName, Case... cases) {
    return new Identity(draft, sizeName, List.of(cases));
  }

  /**
   * The check.
   *
   * @param quick runs of each case at scale quick
   * @param paper at scale paper; scale beyond has twice as many, of twice the size
   * @param shareBroken the least share of instances of all cases that the break was seen to break, at seed 1000
   */
  Check check(int quick, int paper, double shareBroken) {
    return draft
        .plan(Scale.QUICK, plan(quick, 1))
        .plan(Scale.PAPER, plan(paper, 1))
        .plan(Scale.BEYOND, plan(2 * paper, 2))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    (long) plan.whole("runs") * cases.size(), shareBroken, "at seed 1000, in the plan for scale paper"))
        .runs(this::run);
  }

  private static Parameters plan(int runs, int times) {
    return Parameters.none()
        .whole("runs", runs, 1, 10_000_000, "random instances of each case")
        .whole("times", times, 1, 16, "how many times larger than in the theory file");
  }

  private Finding run(Trial trial) {
    int runs = trial.parameters().whole("runs");
    List<Row> rows =
        trial.runs(cases, runs, (each, replicate) -> row(trial, each, replicate));
    boolean met = true;
    double most = 0;
    int noticed = 0;
    Map<Double, Double> byAllowance = new TreeMap<>();
    for (Row row : rows) {
      met &= row.number("gap") <= row.number("allowed");
      most = Math.max(most, row.number("gap"));
      byAllowance.merge(row.number("allowed"), row.number("gap"), Math::max);
      noticed += row.number("gap with the break") <= row.number("allowed") ? 0 : 1;
    }
    return Finding.judged(met, rows)
        .measured("largest gap between the two sides", most)
        .predicted(0)
        .explained(
            "Over " + rows.size() + " instances" + (trial.controlled() ? " with the break in place" : "")
                + " the largest gap is " + largest(byAllowance) + ". The break of the control shows in " + noticed + " of them.")
        .figure(figure(rows));
  }

  private static String largest(Map<Double, Double> byAllowance) {
    return byAllowance.entrySet().stream()
        .map(each -> Numbers.rounded(each.getValue(), 3) + " where " + Numbers.rounded(each.getKey(), 3) + " is allowed")
        .collect(Collectors.joining(", "));
  }

  private Figure figure(List<Row> rows) {
    double[] number = new double[rows.size()];
    double[] whole = new double[rows.size()];
    double[] broken = new double[rows.size()];
    double[] allowed = new double[rows.size()];
    for (int k = 0; k < number.length; k++) {
      number[k] = k + 1;
      whole[k] = Math.max(FLOOR, rows.get(k).number("gap"));
      broken[k] = Math.max(FLOOR, rows.get(k).number("gap with the break"));
      allowed[k] = Math.max(FLOOR, rows.get(k).number("allowed"));
    }
    return Plot.plot(number, whole).points("gap", number, whole).points("gap with the break", number, broken)
        .line("allowed", number, allowed).logY().xLabel("instance").yLabel("gap (0 is drawn at 1e-17)")
        .title(draft.id().substring(draft.id().indexOf('/') + 1) + ": as it is, and broken");
  }

  private Row row(Trial trial, Case each, int replicate) {
    Found broken = found(trial, each, replicate, true);
    Found found = trial.controlled() ? broken : found(trial, each, replicate, false);
    return Row.start()
        .and("case", each.name)
        .and("run", replicate)
        .and(sizeName, found.size)
        .and("gap", found.gap)
        .and("allowed", each.allowed)
        .and("gap with the break", broken.gap);
  }

  private Found found(Trial trial, Case each, int replicate, boolean broken) {
    Found found =
        each.instance.of(
            trial.stream("instance", cases.indexOf(each), replicate), trial.parameters().whole("times"), broken);
    return Double.isNaN(found.gap) ? new Found(found.size, Double.POSITIVE_INFINITY) : found;
  }

  // ---- comparisons

  /** The largest difference, relative to the larger of 1 and the expected value; infinite where one is not a number. */
  static double difference(double[] values, double[] expected) {
    if (values.length != expected.length) {
      return Double.POSITIVE_INFINITY;
    }
    double worst = 0;
    for (int k = 0; k < values.length; k++) {
      double off = Math.abs(values[k] - expected[k]) / Math.max(1, Math.abs(expected[k]));
      worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
    }
    return worst;
  }

  /** How many entries differ; all of the longer one where the lengths do. */
  static int unequal(double[] values, double[] expected) {
    if (values.length != expected.length) {
      return Math.max(values.length, expected.length);
    }
    int count = 0;
    for (int k = 0; k < values.length; k++) {
      count += values[k] == expected[k] ? 0 : 1;
    }
    return count;
  }

  /** Is an action refused with a sentence? */
  static boolean refused(Runnable action) {
    try {
      action.run();
      return false;
    } catch (IllegalArgumentException refusal) {
      return true;
    }
  }
}
