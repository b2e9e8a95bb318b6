package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** H11: dense lifts with as many vertices, of which the theorem says nothing. */
final class DenseLifts {

  private static final double SHARE = 0.1;

  private DenseLifts() {}

  static Check check() {
    return Check.named("lifts/H11", "Sparse against dense", "lifts/sparsity")
        .asks("How do dense lifts with as many vertices fare on x₁x₂, with the same weights and with weights that shrink as 1/√n?")
        .control("the hypothesis, on the sparse side: in-degree 1", "one of two parents is missing")
        .plan(Scale.QUICK, plan(List.of(8, 32), 6, 1500, 1e-6))
        .plan(Scale.PAPER, plan(List.of(4, 8, 16, 32, 64, 128), 50, 5000, 1e-8))
        .plan(Scale.BEYOND, plan(List.of(4, 8, 16, 32, 64, 128, 256, 512), 100, 5000, 1e-6))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .assured(plan -> new Assurance(0, 1, "There is no rule, as the theorem does not speak of dense lifts."))
        .runs(DenseLifts::run);
  }

  private static Parameters plan(List<Integer> widths, int runs, double horizon, double tolerance) {
    return Parameters.none()
        .wholes("widths", widths, 1, 10_000, "widths n of both hidden fibres")
        .words(
            "kinds", List.of("sparse", "dense", "scaled"), List.of("sparse", "dense", "scaled"),
            "in-degree 2; dense with the same weights; dense with weights of the variance of two parents")
        .number("horizon", horizon, 0.1, 1e12, "the most time of a flow, as n t")
        .whole("runs", runs, 1, 1_000_000, "runs a width and kind")
        .number("tolerance", tolerance, 1e-13, 1e-3, "of a step of the flow");
  }

  private record Cell(String kind, int width) {}

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    Regression task = ProductTask.REGRESSION;
    int[] widths = Arrays.stream(plan.wholes("widths")).distinct().sorted().toArray();
    List<Cell> cells = new ArrayList<>();
    plan.words("kinds").forEach(kind -> Arrays.stream(widths).forEach(width -> cells.add(new Cell(kind, width))));
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, task, cell, replicate));
    List<ShareFigure.Line> lines = new ArrayList<>();
    List<String> told = new ArrayList<>();
    Proportion last = null;
    for (int kind = 0; kind < plan.words("kinds").size(); kind++) {
      List<Double> at = new ArrayList<>();
      List<Proportion> shares = new ArrayList<>();
      for (int k = 0; k < widths.length; k++) {
        int first = (kind * widths.length + k) * runs;
        last = Row.share(rows.subList(first, first + runs), "reached");
        at.add((double) widths[k]);
        shares.add(last);
        told.add(plan.words("kinds").get(kind) + ", n = " + widths[k] + ": " + last);
      }
      lines.add(new ShareFigure.Line(plan.words("kinds").get(kind), at, shares));
    }
    return Resolution.guarding(
        Finding.reported(rows)
            .measured("share of runs that succeed, of the last kind at the largest width", last.estimate())
            .interval(last.clopperPearson(0.95))
            .explained(
                "Runs that reached 0.1 ‖f*‖²: " + String.join("; ", told)
                    + ". In a dense lift no small network is found inside a large one, as every vertex sees all others, so"
                    + " the theorem's proof says nothing; that does not mean that dense lifts fail.")
            .figure(ShareFigure.of("Sparse against dense lifts on x₁x₂", "width n", lines).logX()));
  }

  private static Row row(Trial trial, Regression task, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    LiftBuilder lifts = ProductTask.withoutEdges(cell.width).seed(trial.seed("network", cell.width, replicate));
    LiftedNetwork start =
        switch (cell.kind) {
          case "sparse" -> lifts.inDegree(trial.controlled() ? 1 : 2).sparse();
          case "dense" -> lifts.full();
          default ->
              // The sum over n parents has the variance of that over two; inputs are two anyway.
              lifts.weights("h1", "h2", ParameterLaw.normal(ProductTask.DEVIATION * Math.sqrt(2.0 / cell.width))).full();
        };
    double zero = task.lossOfZero();
    LossLevels run =
        LossLevels.train(
            start, task, new double[] {SHARE * zero}, plan.number("horizon") / cell.width, plan.number("tolerance"), replicate);
    return run.into(
        Row.start().and("kind", cell.kind).and("width", cell.width)
            .and("parameters", start.lift().parameters()).and("run", replicate).and("reached", run.reached(0)).and("loss over ‖f*‖²", run.last() / zero).and("n t", cell.width * run.end()));
  }
}
