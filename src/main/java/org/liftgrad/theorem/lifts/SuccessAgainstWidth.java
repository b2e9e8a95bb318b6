package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.CochranArmitage;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.TestResult;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/**
 * H1 and H9: wide random sparse lifts learn x₁x₂ (task XP of the theory file), under both laws of edges.
 *
 * <p>Time goes as 1/n for a readout that is a plain sum (theory file, 4.14), and so the time cap is on n t: the same number
 * of steps of the solver at every width, and the stricter the wider.
 */
final class SuccessAgainstWidth {

  private static final double LEVEL = 0.01;
  private static final double CERTIFIED = 0.95;
  private static final int JUDGED_DEGREE = 2;

  private SuccessAgainstWidth() {}

  // ---- H1

  static Check fixedInDegree() {
    return Check.named("lifts/H1", "Wide random sparse lifts learn", "lifts/theorem-4.3", "lifts/learning-number", "lifts/theorem-2.1")
        .asks("Does the share of random sparse lifts whose flow reaches 0.1 ‖f*‖² tend to 1 with the width, on XP?")
        .holdsIf(
            "at in-degree 2 and the first loss the exact lower 95 % limit of the share of runs that reach it is at least"
                + " 0.95 at the two largest widths, shares rise with log n (Cochran–Armitage, p < 0.01), no upper limit"
                + " lies under the lower limit of a smaller width, and half the steps change nothing (G8)")
        .control("the hypothesis: in-degree 1, so that no lift hosts a witness", "one of two parents is missing")
        .plan(Scale.QUICK, plan(List.of(4, 32, 48), List.of(JUDGED_DEGREE), List.of(0.1), 3000, 60, 1e-6))
        .plan(
            Scale.PAPER,
            plan(
                List.of(4, 8, 16, 32, 64, 128, 256, 512), List.of(JUDGED_DEGREE), List.of(0.1, 0.03, 0.01), 20_000, 100, 1e-8))
        .plan(
            Scale.BEYOND,
            plan(
                List.of(4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16_384, 100_000), List.of(1, JUDGED_DEGREE, 3, 4, 8),
                List.of(0.1), 5000, 60, 1e-6))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(SuccessAgainstWidth::assuranceOfDegrees)
        .runs(SuccessAgainstWidth::judgeDegrees);
  }

  private static Parameters plan(
      List<Integer> widths, List<Integer> inDegrees, List<Double> shares, double horizon, int runs, double tolerance) {
    return Parameters.none()
        .wholes("widths", widths, 1, 1_000_000, "widths n of both hidden fibres")
        .wholes("inDegrees", inDegrees, 1, 1000, "in-degrees k; 2 is judged")
        .numbers("shares", shares, 1e-12, 1, "losses to reach, over ‖f*‖²; the first is judged")
        .number("horizon", horizon, 0.1, 1e12, "the most time of a flow, as n t")
        .whole("runs", runs, 1, 1_000_000, "runs a width and in-degree")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private record Cell(EdgeLaw law, int width) {
    /** Numbers that name the law. */
    long address() {
      return law instanceof EdgeLaw.FixedInDegree fixed
          ? fixed.degree()
          : 1000 + StrictMath.round(1000 * ((EdgeLaw.Bernoulli) law).mean());
    }
  }

  private static int[] widths(Parameters plan) {
    return Arrays.stream(plan.wholes("widths")).distinct().sorted().toArray();
  }

  private static boolean judges(Parameters plan) {
    return widths(plan).length >= 3 && Arrays.stream(plan.wholes("inDegrees")).anyMatch(degree -> degree == JUDGED_DEGREE);
  }

  /** At seed 1001, n t ≤ 5000: 70 of 100 at n = 4, all of 100 at 8 and 16, all of 250 from 32 to 128. */
  private static double seen(int width) {
    return width < 8 ? 0.7 : width < 32 ? 0.97 : 0.999;
  }

  private static boolean certified(Proportion share) {
    return share.lowerBound(0.95) >= CERTIFIED;
  }

  private static Assurance assuranceOfDegrees(Parameters plan) {
    if (!judges(plan) || plan.numbers("shares")[0] < 0.1 || plan.number("horizon") < 3000) {
      return new Assurance(
          1, 0, "A verdict needs three widths, in-degree 2, a first loss of 0.1 ‖f*‖² or more, and n t to 3000 or more.");
    }
    int runs = plan.whole("runs");
    int[] widths = widths(plan);
    double kept = 1;
    for (int width : new int[] {widths[widths.length - 1], widths[widths.length - 2]}) {
      kept *= new Binomial(runs, seen(width)).probabilityThat(k -> certified(new Proportion(k, runs)));
    }
    kept *=
        new Binomial(runs, seen(widths[0]))
            .probabilityThat(
                k -> {
                  List<Proportion> shares = new ArrayList<>(List.of(new Proportion(k, runs)));
                  Arrays.stream(widths).skip(1).forEach(width -> shares.add(new Proportion(runs, runs)));
                  return rises(widths, shares);
                });
    return new Assurance(
        1 - kept, 1,
        "Binomial probabilities with the shares seen at seed 1001: 0.7 at n = 4, and 0.999 from n = 32 on (all of 250"
            + " runs). With in-degree 1 every network is a sum of functions of one coordinate and no run can succeed.");
  }

  private static TestResult trend(int[] widths, List<Proportion> shares) {
    return CochranArmitage.rising(Arrays.stream(widths).mapToDouble(StrictMath::log).toArray(), shares);
  }

  private static boolean rises(int[] widths, List<Proportion> shares) {
    return trend(widths, shares).rejectsAt(LEVEL);
  }

  private static Finding judgeDegrees(Trial trial) {
    Parameters plan = trial.parameters();
    List<EdgeLaw> laws = Arrays.stream(plan.wholes("inDegrees")).distinct().mapToObj(EdgeLaw::inDegree).toList();
    Shares shares = Shares.of(trial, laws);
    int judged = laws.indexOf(EdgeLaw.inDegree(JUDGED_DEGREE));
    Finding finding = Finding.reported(shares.rows);
    if (judges(plan)) {
      List<Proportion> line = shares.of(judged, 0);
      int last = line.size() - 1;
      boolean met = certified(line.get(last)) && certified(line.get(last - 1)) && rises(shares.widths, line);
      for (int k = 1; k <= last; k++) {
        for (int smaller = 0; smaller < k; smaller++) {
          met &= line.get(k).upperBound(0.95) >= line.get(smaller).lowerBound(0.95);
        }
      }
      finding =
          Finding.judged(met, shares.rows)
              .measured("share of runs that reach the first loss, at in-degree 2 and the largest width", line.get(last).estimate())
              .predicted(1).interval(line.get(last).clopperPearson(0.95));
    }
    return Resolution.guarding(
        finding.explained(shares.told()).figure(laws.size() > 2 ? shares.map(laws) : shares.figure("Random sparse lifts on x₁x₂")));
  }

  // ---- H9

  static Check laws() {
    return Check.named("lifts/H9", "Both laws of edges", "lifts/theorem-4.3")
        .asks("Does success rise with the width under fixed in-degrees and under Bernoulli edges, however few they are on average?")
        .holdsIf(
            "for every law the share of runs that reach the first loss rises with log n (Cochran–Armitage, p < 0.01), and"
                + " half the steps change nothing (G8)")
        .control("the hypothesis: in-degree 1 in place of every law, so that no lift hosts a witness", "one of two parents is missing")
        .plan(Scale.QUICK, lawPlan(List.of(2, 64), List.of(2.0), 12, 3000, 1e-6))
        .plan(Scale.PAPER, lawPlan(List.of(2, 8, 32, 128, 512), List.of(0.5, 1.0, 2.0, 4.0), 100, 5000, 1e-8))
        .plan(Scale.BEYOND, lawPlan(List.of(2, 8, 32, 128, 512, 2048, 8192), List.of(0.5, 1.0, 2.0, 4.0, 8.0), 100, 5000, 1e-6))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(SuccessAgainstWidth::assuranceOfLaws)
        .runs(SuccessAgainstWidth::judgeLaws);
  }

  private static Parameters lawPlan(List<Integer> widths, List<Double> means, int runs, double horizon, double tolerance) {
    return plan(widths, List.of(JUDGED_DEGREE), List.of(0.1), horizon, runs, tolerance)
        .numbers("means", means, 1e-3, 1e3, "mean in-degrees λ of Bernoulli edges");
  }

  private static List<EdgeLaw> lawsOf(Parameters plan) {
    List<EdgeLaw> laws = new ArrayList<>();
    Arrays.stream(plan.wholes("inDegrees")).distinct().forEach(degree -> laws.add(EdgeLaw.inDegree(degree)));
    Arrays.stream(plan.numbers("means")).distinct().forEach(mean -> laws.add(EdgeLaw.bernoulli(mean)));
    return laws;
  }

  /** The least share at the largest width of a plan, as seen at seed 1001 up to n = 128. */
  private static double wide(EdgeLaw law, int width) {
    double mean = law instanceof EdgeLaw.Bernoulli bernoulli ? bernoulli.mean() : ((EdgeLaw.FixedInDegree) law).degree();
    if (width < 64 || mean < 0.5) {
      return 0;
    }
    return mean >= 2 ? 0.98 : mean >= 1 ? 0.85 : 0.15;
  }

  private static Assurance assuranceOfLaws(Parameters plan) {
    int[] widths = widths(plan);
    if (widths.length < 2 || plan.numbers("shares")[0] < 0.1 || plan.number("horizon") < 3000) {
      return new Assurance(1, 0, "A verdict needs two widths, a first loss of 0.1 ‖f*‖² or more, and n t to 3000 or more.");
    }
    int runs = plan.whole("runs");
    double found = 1;
    for (EdgeLaw law : lawsOf(plan)) {
      Binomial high = new Binomial(runs, wide(law, widths[widths.length - 1]));
      Binomial low = new Binomial(runs, widths[0] > 2 ? 0.5 : 0.02);
      double sum = 0;
      for (int least = 0; least <= runs; least++) {
        int successes = least;
        sum +=
            low.exactly(least)
                * high.probabilityThat(
                    k -> rises(new int[] {1, 2}, List.of(new Proportion(successes, runs), new Proportion(k, runs))));
      }
      found *= sum;
    }
    return new Assurance(
        Math.min(1, 1 - found), 1,
        "Binomial probabilities of the test between the smallest and the largest width alone, with shares seen at seed"
            + " 1001 and made smaller: 0.02 at n = 2 (none of 70); from n = 64 on 0.98 for λ ≥ 2 (all of 10, and of 200 at"
            + " in-degree 2), 0.85 for λ = 1 (19 of 20 by n t = 3000), 0.15 for λ = 0.5 (3 of 20). With in-degree 1 no run"
            + " can succeed, and nothing rises.");
  }

  private static Finding judgeLaws(Trial trial) {
    List<EdgeLaw> laws = lawsOf(trial.parameters());
    Shares shares = Shares.of(trial, laws);
    Finding finding = Finding.reported(shares.rows);
    if (shares.widths.length > 1) {
      double worst = 0;
      for (int law = 0; law < laws.size(); law++) {
        worst =
            Math.max(
                worst,
                trend(shares.widths, shares.of(law, 0)).pValue());
      }
      finding =
          Finding.judged(worst <= LEVEL, shares.rows).measured("largest p-value of the trends", worst).predicted(0);
    }
    return Resolution.guarding(finding.explained(shares.told()).figure(shares.figure("Laws of edges")));
  }

  // ---- both

  /** All runs of a check: laws, widths within, replicates within. */
  private record Shares(List<EdgeLaw> laws, int[] widths, double[] levels, int runs, List<Row> rows) {

    static Shares of(Trial trial, List<EdgeLaw> laws) {
      Parameters plan = trial.parameters();
      int[] widths = SuccessAgainstWidth.widths(plan);
      double[] levels = plan.numbers("shares");
      Regression task = ProductTask.REGRESSION;
      List<Cell> cells = new ArrayList<>();
      laws.forEach(law -> Arrays.stream(widths).forEach(width -> cells.add(new Cell(law, width))));
      List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, task, cell, levels, replicate));
      return new Shares(laws, widths, levels, plan.whole("runs"), rows);
    }

    /** The shares of a law, by width. */
    List<Proportion> of(int law, int level) {
      return IntStream.range(0, widths.length)
          .mapToObj(
              width -> {
                int first = (law * widths.length + width) * runs;
                return Row.share(rows.subList(first, first + runs), column(levels[level]));
              })
          .toList();
    }

    String told() {
      List<String> parts = new ArrayList<>();
      for (int law = 0; law < laws.size(); law++) {
        for (int level = 0; level < levels.length; level++) {
          List<Proportion> line = of(law, level);
          parts.add(
              laws.get(law) + ", " + Numbers.rounded(levels[level], 3) + " ‖f*‖²: "
                  + IntStream.range(0, widths.length).mapToObj(k -> line.get(k).successes() + " at n = " + widths[k])
                      .collect(Collectors.joining(", ")));
        }
      }
      return "Of " + runs + " runs reached it, " + String.join("; ", parts) + ".";
    }

    Figure figure(String title) {
      List<ShareFigure.Line> lines = new ArrayList<>();
      for (int law = 0; law < laws.size(); law++) {
        for (int level = 0; level < levels.length; level++) {
          String name = laws.get(law) + (levels.length > 1 ? ", to " + Numbers.rounded(levels[level], 3) + " ‖f*‖²" : "");
          lines.add(new ShareFigure.Line(name, Arrays.stream(widths).asDoubleStream().boxed().toList(), of(law, level)));
        }
      }
      return ShareFigure.of(title, "width n", lines).logX();
    }

    /** The share over width and in-degree. */
    Figure map(List<EdgeLaw> inDegrees) {
      List<Row> cells = new ArrayList<>();
      for (int law = 0; law < inDegrees.size(); law++) {
        for (int k = 0; k < widths.length; k++) {
          cells.add(
              Row.start().and("width", widths[k]).and("in-degree", ((EdgeLaw.FixedInDegree) inDegrees.get(law)).degree())
                  .and("share of runs", of(law, 0).get(k).estimate()));
        }
      }
      return Plot.heatMap(Row.table("success", cells), "width", "in-degree", "share of runs").title("Share of runs that learn x₁x₂");
    }
  }

  private static String column(double level) {
    return "reached " + Numbers.rounded(level, 6);
  }

  private static Row row(Trial trial, Regression task, Cell cell, double[] levels, int replicate) {
    double zero = task.lossOfZero();
    EdgeLaw law = trial.controlled() ? EdgeLaw.inDegree(1) : cell.law;
    LossLevels run =
        LossLevels.train(
            ProductTask.withoutEdges(cell.width).edges(law).seed(trial.seed("network", cell.address(), cell.width, replicate)).sparse(), task,
            Arrays.stream(levels).map(level -> level * zero).toArray(),
            trial.parameters().number("horizon") / cell.width, trial.parameters().number("tolerance"), replicate);
    Row row =
        Row.start().and("law", law.toString()).and("width", cell.width).and("run", replicate)
            .and("loss over ‖f*‖²", run.lowest() / zero);
    for (int level = 0; level < levels.length; level++) {
      row = row.and(column(levels[level]), run.reached(level))
              .and("n t to " + Numbers.rounded(levels[level], 6), cell.width * run.times().get(level));
    }
    return run.into(row);
  }
}
