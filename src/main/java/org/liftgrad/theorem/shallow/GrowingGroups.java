package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.statistics.Line;
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
 * T2e: do the steps of Theorem 2 survive a number of groups that grows with n? In closed form, with groups whose
 * times of learning are evenly spread over a factor of two.
 */
final class GrowingGroups {

  /** A drop lasts from 1 − ε to ε of a group's loss. */
  private static final double FRACTION = 0.1;
  /** E y² of labels uniform on ±[1, 2]. */
  private static final double MEAN_SQUARE = 7 / 3.0;
  private static final int MOST_GROUPS = 4000;
  private static final double CONTROL_START = 0.01;
  private static final String MOST_APART = "as many as stay apart";

  private GrowingGroups() {}

  static Check check() {
    return Check.named("shallow/T2e", "Steps with a growing number of groups", "shallow/growing-groups")
        .asks("How many groups can there be before their drops, from 90 % to 10 % of a group's loss, run into each other?")
        .control("the small start: v(0) is 1 % of a group's target instead of 1", "the ratio of start and target no longer"
            + " depends on n")
        .plan(Scale.QUICK, plan(List.of(1e4, 1e8, 1e18, 1e40, 1e80)))
        .plan(Scale.PAPER, plan(List.of(1e4, 1e6, 1e8, 1e12, 1e18, 1e25, 1e40, 1e80, 1e160)))
        .plan(Scale.BEYOND, plan(List.of(1e4, 1e6, 1e8, 1e12, 1e18, 1e25, 1e40, 1e80, 1e160, 1e300)))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .recorded(Scale.PAPER, Verdict.REPORTED)
        .assured(
            plan ->
                new Assurance(
                    0, 1, "It reports in closed form, so nothing is left to chance; with the control the width of a drop,"
                        + " and so"
                        + " the number of groups, is the same at every n."))
        .runs(GrowingGroups::run);
  }

  private static Parameters plan(List<Double> points) {
    return Parameters.none().numbers("points", points, 1e3, 1e300, "numbers of points n; at least two");
  }

  private static Finding run(Trial trial) {
    double[] points = Arrays.stream(trial.parameters().numbers("points")).distinct().sorted().toArray();
    List<Row> rows = new ArrayList<>();
    double[] most = new double[points.length];
    double[] logs = new double[points.length];
    for (int k = 0; k < points.length; k++) {
      logs[k] = StrictMath.log(points[k]);
      most[k] = mostApart(trial, points[k]);
      rows.add(row(trial, points[k], MOST_APART, (int) most[k]));
      rows.add(row(trial, points[k], "2", 2));
      rows.add(row(trial, points[k], "√log n", (int) Math.max(2, StrictMath.round(Math.sqrt(logs[k])))));
      rows.add(row(trial, points[k], "log n", (int) Math.max(2, StrictMath.round(logs[k]))));
      rows.add(row(trial, points[k], "n^(1/8)", (int) Math.min(MOST_GROUPS, Math.max(2, Math.rint(StrictMath.pow(points[k],
          0.125))))));
    }
    double exponent = points.length < 2 ? Double.NaN : Line.logLog(logs, most).slope();
    double last = most[points.length - 1];
    Finding finding =
        Finding.reported(rows)
            .measured("exponent in log n of the largest number of groups whose drops are apart", exponent)
            .predicted(1)
            .explained(
                "At n = " + Numbers.rounded(points[points.length - 1], 3) + " up to " + Numbers.rounded(last, 4)
                    + " groups have drops that are apart, " + Numbers.rounded(last / logs[points.length - 1], 3)
                    + " of log n; a drop's share of the time is 7.4/log n in the limit, so we expect room for a number in"
                    + " proportion to"
                    + " log n, and steps that survive any slower growth. With log n groups "
                    + shares(rows, "log n") + " of neighbouring drops are apart, with n^(1/8) (" + MOST_GROUPS + " at most) "
                    + shares(rows, "n^(1/8)") + ", n growing. The groups' times grow with the square root of their number.")
            .figure(
                Plot.plot(Row.table("T2e",
                    rows.stream().map(GrowingGroups::drawn).toList())).x("log n").by("groups as").points("groups").logLog()
                    .slope("∝ log n", 1).title("Groups whose drops are apart"));
    return trial.controlled() ? finding.outside("a start whose size does not depend on n") : finding;
  }

  private static Row drawn(Row row) {
    return Row.start().and("log n", StrictMath.log(row.number("points"))).and("groups",
        (double) row.whole("groups")).and("groups as", row.text("groups as"));
  }

  private static String shares(List<Row> rows, String rule) {
    return String.join(
        ", ",
        rows.stream().filter(row -> row.text("groups as").equals(rule))
            .map(row -> Numbers.rounded(100 * row.number("share of neighbours apart"), 3) + " %").toList());
  }

  /** 1/d_j evenly spread over a factor of two, and Σ d_j² = E y²: the times follow each other at equal distances. */
  private static GroupFlow flow(Trial trial, double points, int groups) {
    double[] targets = new double[groups];
    Arrays.setAll(targets, j -> 1 / (1 + j / (groups - 1.0)));
    double norm = Math.sqrt(MEAN_SQUARE / Arrays.stream(targets).map(target -> target * target).sum());
    double[] scaled = Arrays.stream(targets).map(target -> norm * target).toArray();
    double[] start =
        Arrays.stream(scaled).map(target -> trial.controlled() ? CONTROL_START * groups * target * Math.sqrt(points)
            : 1).toArray();
    return GroupFlow.targets(scaled).squaredNorm(start).points(points);
  }

  private static int mostApart(Trial trial, double points) {
    int apart = 1;
    int not = 2;
    while (not <= MOST_GROUPS && shareApart(flow(trial, points, not)) == 1) {
      apart = not;
      not *= 2;
    }
    not = Math.min(not, MOST_GROUPS + 1);
    while (not - apart > 1) {
      int middle = (apart + not) >>> 1;
      if (shareApart(flow(trial, points, middle)) == 1) {
        apart = middle;
      } else {
        not = middle;
      }
    }
    return Math.max(apart, 1);
  }

  /** The share of neighbours in time of which the earlier has lost 90 % before the later has lost 10 %. */
  private static double shareApart(GroupFlow flow) {
    int apart = 0;
    for (int j = 0; j + 1 < flow.groups(); j++) {
      apart += flow.timeOfRemaining(j, FRACTION) <= flow.timeOfRemaining(j + 1, 1 - FRACTION) ? 1 : 0;
    }
    return (double) apart / (flow.groups() - 1);
  }

  private static Row row(Trial trial, double points, String rule, int groups) {
    int shown = Math.max(2, groups);
    GroupFlow flow = flow(trial, points, shown);
    return Row.start()
        .and("points", points)
        .and("groups as", rule)
        .and("groups", groups)
        .and("share of neighbours apart", shareApart(flow))
        .and("width of the last drop times log n", flow.relativeWidth(shown - 1, FRACTION) * flow.logPoints())
        .and("last time over √n log n", flow.timeOfRemaining(shown - 1, 0.5))
        .and("last time over √(n groups) log n", flow.timeOfRemaining(shown - 1, 0.5) / Math.sqrt(shown));
  }
}
