package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Influence;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;
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

/** G5: how many weights a flow ever moves by more than η, and how many vertices can have noticed. */
final class Survival {

  private static final double ROUNDING = 1e-6;

  private Survival() {}

  static Check check() {
    return Check.named("lifts/G5", "Few weights ever move far", "lifts/displacement")
        .asks(
            "Is the number of weights that were ever further than η from their start at most T L(0)/η², for every η, and the number of"
                + " vertices that one of them can have spoilt at most the largest influence times that?")
        .holdsIf(
            "in every run, at the end of every step, the sum over weights of the squared farthest distance is at most t (L(0) − L(t)), to"
                + " 1e-6, so that at the end max over η of η² times the number of weights beyond η is at most T (L(0) − L(T)), and for"
                + " each η of the plan at most Δ T (L(0) − L(T))/η² vertices are spoilt")
        .control("the mechanism: a gradient with a factor 2 too many, so that the flow is twice as fast", "the factor 2")
        .plan(Scale.QUICK, plan(List.of(16, 64), 7, 1))
        .plan(Scale.PAPER, plan(List.of(8, 32, 128, 512), 11, 12))
        .plan(Scale.BEYOND, plan(List.of(8, 32, 128, 512, 2048), 11, 30))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    ProductFlows.runs(plan), 1, "as t → 0 the sum is twice its bound, in every run"))
        .runs(Survival::run);
  }

  private static Parameters plan(List<Integer> widths, int grid, int runs) {
    return ProductFlows.plan(widths, grid, 1e-9, runs)
        .numbers("etas", List.of(0.02, 0.1, 0.5), 1e-9, 1e9, "η, distances beyond which a weight no longer counts as that of a copy");
  }

  private static double sumOverBound(MeasuredFlow flow) {
    double start = flow.moments().get(0).loss();
    return flow.moments().stream().skip(1)
        .mapToDouble(moment -> moment.sumOfFarthest() / (moment.time() * (start - moment.loss()))).max().orElse(0);
  }

  /** max over η of η² times the number of weights beyond η, over its bound. */
  private static double countOverBound(MeasuredFlow flow) {
    double[] sorted = flow.farthest();
    Arrays.sort(sorted);
    double most = 0;
    for (int k = 0; k < sorted.length; k++) {
      most = Math.max(most, (sorted.length - k) * sorted[k] * sorted[k]);
    }
    return most / budget(flow);
  }

  /** T (L(0) − L(T)). */
  private static double budget(MeasuredFlow flow) {
    return flow.last().time() * (flow.moments().get(0).loss() - flow.last().loss());
  }

  private static long beyond(MeasuredFlow flow, double distance) {
    return Arrays.stream(flow.farthest()).filter(each -> each > distance).count();
  }

  /** How many vertices of h2 have a weight beyond a distance on their edges, or on those of a parent. */
  private static int spoilt(Lift lift, double[] farthest, double distance) {
    boolean[] parents = moved(lift, "h1", farthest, distance, new boolean[lift.fibre("h1")]);
    boolean[] spoilt = moved(lift, "h2", farthest, distance, parents);
    int count = 0;
    for (boolean each : spoilt) {
      count += each ? 1 : 0;
    }
    return count;
  }

  private static boolean[] moved(Lift lift, String vertex, double[] farthest, double distance, boolean[] parents) {
    int index = lift.blueprint().vertex(vertex).index();
    boolean[] moved = new boolean[lift.fibre(index)];
    for (Edge edge : lift.blueprint().incoming(index)) {
      Edges edges = lift.edges(edge.index());
      boolean hidden = edge.source() == lift.blueprint().vertex("h1").index();
      for (int e = 0; e < edges.count(); e++) {
        moved[edges.target(e)] |=
            farthest[lift.blockStart(edge.group()) + e] > distance || hidden && parents[edges.source(e)];
      }
    }
    return moved;
  }

  private static boolean holds(MeasuredFlow flow, Lift lift, int influence, double[] etas) {
    boolean holds = sumOverBound(flow) <= 1 + ROUNDING && countOverBound(flow) <= 1 + ROUNDING;
    for (double eta : etas) {
      holds &= spoilt(lift, flow.farthest(), eta) <= influence * budget(flow) / (eta * eta) * (1 + ROUNDING);
    }
    return holds;
  }

  private static Row row(Trial trial, ProductFlows.Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    LiftedNetwork start = ProductFlows.network(trial, cell, replicate);
    MeasuredFlow.Course plain = ProductFlows.course(start, plan);
    double factor = trial.controlled() ? 2 : 1;
    MeasuredFlow.Course course = plain.drivenBy(ProductFlows.scaled(plain.task(), factor), factor * plain.loss());
    MeasuredFlow.Twice<MeasuredFlow.Witness> twice =
        MeasuredFlow.twice(course, plan.number("tolerance"), () -> (moment, parameters) -> {});
    MeasuredFlow flow = twice.coarse();
    int influence = Influence.of(start.lift()).largest();
    Row row =
        Row.start().and("width", cell.width()).and("law", cell.law()).and("run", replicate).and("time", flow.last().time())
            .and("L over L(0)", flow.last().loss() / flow.moments().get(0).loss())
            .and("T L(0)", flow.last().time() * flow.moments().get(0).loss())
            .and("largest influence", influence)
            .and("sum of squares over its bound", sumOverBound(flow))
            .and("count over its bound", countOverBound(flow));
    for (double eta : plan.numbers("etas")) {
      String name = " beyond " + Numbers.rounded(eta, 6);
      row =
          row.and("weights" + name, beyond(flow, eta))
              .and("at most" + name, budget(flow) / (eta * eta))
              .and("spoilt share of h2" + name, spoilt(start.lift(), flow.farthest(), eta) / (double) cell.width());
    }
    boolean holds = holds(flow, start.lift(), influence, plan.numbers("etas"));
    boolean same = holds == holds(twice.fine(), start.lift(), influence, plan.numbers("etas"));
    return Resolution.into(row.and("holds", holds), twice.change(), same);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows =
        trial.runs(ProductFlows.cells(plan), plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    double sum = rows.stream().mapToDouble(row -> row.number("sum of squares over its bound")).max().orElseThrow();
    double count = rows.stream().mapToDouble(row -> row.number("count over its bound")).max().orElseThrow();
    String middle = Numbers.rounded(plan.numbers("etas")[plan.numbers("etas").length / 2], 6);
    int most = ProductFlows.largestWidth(plan);
    double spoilt =
        rows.stream().filter(row -> row.whole("width") == most).mapToDouble(row -> row.number("spoilt share of h2 beyond " + middle))
            .max().orElseThrow();
    Finding finding =
        Finding.judged(rows.stream().allMatch(row -> row.yes("holds")), rows)
            .measured("sum over weights of the squared farthest distance, over t (L(0) − L(t)), at its largest", sum)
            .predicted(1)
            .explained(
                "Over " + rows.size() + " runs the sum is at most " + Numbers.rounded(sum, 7)
                    + " of its bound (which it equals to first order at t = 0), and the number of weights beyond any η at most "
                    + Numbers.rounded(count, 3) + " of its own. At n = " + most + " weights beyond η = " + middle + " touch "
                    + Numbers.rounded(100 * spoilt, 3) + " % of the vertices that are read out, at most.")
            .figure(
                Plot.plot(Row.table("G5", rows)).x("width").by("law").points("spoilt share of h2 beyond " + middle).logX()
                    .title("Share of h2 with a weight beyond " + middle + " on its way from the inputs"));
    return Resolution.guarding(finding);
  }
}
