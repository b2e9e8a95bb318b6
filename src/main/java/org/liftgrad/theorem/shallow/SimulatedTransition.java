package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.liftgrad.data.Labels;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** T2b: place and width of every drop in the flow itself, from random unaligned starts, beside the closed form. */
final class SimulatedTransition {

  private static final double ALLOWED = 0.05;
  private static final double BROKEN_SHARE = 0.1;
  /** A drop lasts from 1 − ε to ε of a group's loss. */
  private static final double FRACTION = 0.1;
  private static final int TIMES = 600;

  private SimulatedTransition() {}

  static Check check() {
    return Check.named("shallow/T2b", "The phase transition in the flow itself", "shallow/theorem-2")
        .asks("From random unaligned starts, are the groups learned when, and as sharply as, the closed form says?")
        .holdsIf("t(½) and the relative width (t(0.1) − t(0.9))/t(½) of every group in every run are within 5 % of the closed form of that start")
        .control("the hypothesis of a balanced start: |a_j| = 0.1 ‖w_j‖", "ten times too small; t(½) is late by 20 to 75 %")
        .plan(Scale.QUICK, plan(List.of(100, 1000), 4))
        .plan(Scale.PAPER, plan(List.of(100, 1000, 10_000, 100_000), 10))
        .plan(Scale.BEYOND, plan(List.of(100, 1000, 10_000, 100_000), 40))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(plan -> Assurance.deterministic((long) plan.whole("runs") * plan.wholes("points").length, 0.9, "n = 100 to 10⁴, seed 1000"))
        .runs(SimulatedTransition::run);
  }

  private static Parameters plan(List<Integer> points, int runs) {
    return Parameters.none()
        .wholes("points", points, 20, 1_000_000, "numbers of points n")
        .wholes("groups", List.of(2, 3), 1, 10, "numbers of groups; each has a third as many points as the one before")
        .whole("runs", runs, 1, 10_000, "runs a size, each with labels and start of its own");
  }

  /** One group of several. */
  private record Cell(int points, int groups, int group) {}

  /** Parts of the points, each a third of the one before, so that d_j falls by √3. */
  private static double[] shares(int groups) {
    double[] shares = new double[groups];
    Arrays.setAll(shares, j -> StrictMath.pow(3, -j));
    double sum = Arrays.stream(shares).sum();
    return Arrays.stream(shares).map(share -> share / sum).toArray();
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (int groups : plan.wholes("groups")) {
      for (int points : plan.wholes("points")) {
        IntStream.range(0, groups).forEach(group -> cells.add(new Cell(points, groups, group)));
      }
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    double worst = 0;
    double fromLaw = 0;
    for (Row row : rows) {
      worst = Math.max(worst, row.number("largest error"));
      fromLaw = Math.max(fromLaw, Math.abs(row.number("t(1/2) over that of the law") - 1));
    }
    Finding finding =
        Finding.judged(worst <= ALLOWED, rows)
            .measured("largest relative error of t(½) and of the width over groups and runs", worst)
            .predicted(0)
            .explained(
                "Over " + rows.size() + " drops the largest error is " + Numbers.rounded(100 * worst, 2)
                    + " %. With the labels and directions replaced by the law of large numbers t(½) is off by up to "
                    + Numbers.rounded(100 * fromLaw, 2) + " %, at the smallest n and group.")
            .figure(
                Plot.plot(Row.table("T2b", rows)).x("points").by("group").points("t(1/2) over that of the law").logX()
                    .title("t(½) in the flow over its value by the law of large numbers"));
    return trial.controlled() ? finding.outside("a balanced start, |a_j| = ‖w_j‖, by the factor " + BROKEN_SHARE) : finding;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    double[] shares = shares(cell.groups);
    int[] sizes = new int[cell.groups];
    int left = cell.points;
    for (int j = cell.groups - 1; j > 0; j--) {
      sizes[j] = (int) Math.max(1, StrictMath.round(shares[j] * cell.points));
      left -= sizes[j];
    }
    sizes[0] = left;
    SeparateGroups drawn = SeparateGroups.of(trial, sizes, cell.points, cell.groups, replicate);
    SeparateGroups groups = trial.controlled() ? drawn.withShare(BROKEN_SHARE) : drawn;
    GroupFlow closed = drawn.closedForm();
    GroupFlow law = GroupFlow.targets(Labels.positive(1, 2), shares).randomDirections().points(cell.points);
    // Twice as far as the closed form needs: the control is late.
    double end = 2 * closed.flowTime(closed.timeOfRemaining(cell.group, 0.02));
    double[] times = new double[TIMES];
    Arrays.setAll(times, k -> end * (k + 1) / TIMES);
    double[] losses = groups.losses(cell.group, times);
    double start = closed.loss(cell.group, 0);
    double half = closed.rescaledTime(crossing(times, losses, start, 0.5));
    double late = closed.rescaledTime(crossing(times, losses, start, FRACTION));
    double early = closed.rescaledTime(crossing(times, losses, start, 1 - FRACTION));
    double place = half / closed.timeOfRemaining(cell.group, 0.5);
    double width = (late - early) / half / closed.relativeWidth(cell.group, FRACTION);
    return Row.start()
        .and("points", cell.points)
        .and("groups", cell.groups)
        .and("group", cell.group)
        .and("run", replicate)
        .and("t(1/2) over the closed form", place)
        .and("width over the closed form", width)
        .and("largest error", Math.max(Math.abs(place - 1), Math.abs(width - 1)))
        .and("t(1/2) over that of the law", half / law.timeOfRemaining(cell.group, 0.5))
        .and("width times log n", (late - early) / half * closed.logPoints());
  }

  /** When this fraction is left, log L being taken as linear between times; the last time where it never is. */
  private static double crossing(double[] times, double[] losses, double start, double fraction) {
    double time = 0;
    double loss = start;
    for (int k = 0; k < times.length; k++) {
      if (losses[k] < fraction * start) {
        double part = StrictMath.log(loss / (fraction * start)) / StrictMath.log(loss / losses[k]);
        return time + part * (times[k] - time);
      }
      time = times[k];
      loss = losses[k];
    }
    return time;
  }
}
