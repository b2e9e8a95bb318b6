package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Influence;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.WidthSchedule;
import org.liftgrad.plot.Plot;
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

/** E13: what becomes of copies, of influence and of training where widths fall with depth. It reports. */
final class FallingWidths {

  private static final String WITNESS = "x1,x2/h1+h2/h1";
  private static final int LAYERS = 3;
  private static final List<String> SCHEDULES = List.of("equal", "falling", "rising");
  /** L(θ_0) on the grid with a readout of 0: the mean of x1² x2². */
  private static final double FIRST_LOSS = 0.16;
  private static final double SHARE = 0.1;

  /** The reference task's blueprint with a third hidden layer. */
  private static final Blueprint DEEP =
      Blueprint.blueprint("three hidden layers").input("x").constant("one")
          .vertex("h1", Activation.tanh()).from("x", "one")
          .vertex("h2", Activation.tanh()).from("h1", "one")
          .vertex("h3", Activation.tanh()).from("h2", "one")
          .readout("t").from("h3").build();

  private FallingWidths() {}

  static Check check() {
    return Check.named("lifts/E13", "Widths that fall with depth", "lifts/widths")
        .asks("What changes in copies, influence and training where widths fall with depth, under bounded in-degrees and under bounded out-degrees?")
        .control("the widths: falling and rising ones are replaced by equal ones", "no difference is left")
        .plan(Scale.QUICK, plan(2048, 64, 3, 30))
        .plan(Scale.PAPER, plan(65_536, 256, 50, 200))
        .plan(Scale.BEYOND, plan(1_048_576, 1024, 50, 200))
        .recorded(Scale.QUICK, Verdict.REPORTED)
        .assured(plan -> new Assurance(0, 0, "There is no rule, and so nothing to alarm or to miss."))
        .runs(FallingWidths::run);
  }

  private static Parameters plan(int width, int trained, int runs, double time) {
    return CopyPlan.parameters(WITNESS, "atoms:-1:1", 0, List.of(1, 2, 1), List.of(1.0, 2.0, 1.0)).with("edges", "K,BerOut")
        .words("schedules", SCHEDULES, SCHEDULES, "equal: n, n, n; falling: n, n/4, n/16; rising: n/16, n/4, n")
        .whole("width", width, 64, 100_000_000, "n of the lifts that copies are counted in")
        .whole("trainedWidth", trained, 16, 100_000, "n of the lifts that are trained")
        .whole("trainedInDegree", 2, 1, 1000, "in-degree, and λ, of the hidden layers of lifts that are trained")
        .number("time", time, 0.1, 1e6, "time after which a training has not succeeded")
        .whole("runs", runs, 1, 100_000, "runs of each schedule and law");
  }

  private record Cell(String schedule, String edges) {

    WidthSchedule widths(int width, boolean controlled) {
      return switch (controlled ? "equal" : schedule) {
        case "falling" -> WidthSchedule.geometric(width, 0.25);
        case "rising" -> WidthSchedule.given(width / 16, width / 4, width);
        default -> WidthSchedule.constant(width);
      };
    }

    @Override
    public String toString() {
      return schedule + ", " + edges;
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    CopyPlan sought = CopyPlan.of(plan);
    Argument.require(
        sought.witness().layers() == LAYERS, "witness", "“" + sought.witness() + "”",
        "of " + LAYERS + " hidden layers, over which widths fall or rise");
    List<Cell> cells = new ArrayList<>();
    for (String edges : plan.words("edges")) {
      plan.words("schedules").forEach(schedule -> cells.add(new Cell(schedule, edges)));
    }
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, run) -> row(trial, cell, run));
    List<String> found = new ArrayList<>();
    double equal = Double.NaN;
    double falling = Double.NaN;
    for (int c = 0; c < cells.size(); c++) {
      List<Row> of = rows.subList(c * runs, (c + 1) * runs);
      long trained = of.stream().filter(row -> row.yes("trained")).count();
      double copies = mean(of, "copies");
      boolean first = cells.get(c).edges.equals(plan.words("edges").get(0));
      equal = first && cells.get(c).schedule.equals("equal") ? copies : equal;
      falling = first && cells.get(c).schedule.equals("falling") ? copies : falling;
      found.add(
          cells.get(c) + ": " + Numbers.rounded(copies, 4) + " copies (expected " + Numbers.rounded(mean(of, "expected copies"), 4)
              + "), influence " + Numbers.rounded(mean(of, "largest influence"), 3) + ", in-degree up to "
              + Numbers.rounded(mean(of, "largest in-degree"), 3) + ", " + trained + " of " + runs + " trained");
    }
    return Finding.reported(rows)
        .measured(
            "copies where widths fall over copies where they are equal (" + plan.words("edges").get(0) + "; the last fibre is 1/16 as wide)",
            falling / equal)
        .explained(
            "Copies of " + sought.witness() + " in lifts of n = " + plan.whole("width") + ", and trainings of lifts of n = " + plan.whole("trainedWidth")
                + " on x1 x2 to a tenth of the loss before t = " + Numbers.exact(plan.number("time")) + ". " + String.join("; ", found) + ".")
        .figure(
            Plot.plot(Row.table("E13", rows)).x("largest influence").by("lift").points("copies")
                .title("Copies and influence"));
  }

  private static double mean(List<Row> rows, String column) {
    return Summary.mean(rows.stream().mapToDouble(row -> row.number(column)).toArray());
  }

  private static Row row(Trial trial, Cell cell, int run) {
    Parameters parameters = trial.parameters();
    CopyPlan plan = CopyPlan.of(parameters);
    WidthSchedule widths = cell.widths(parameters.whole("width"), trial.controlled());
    CopyPlan.Cell counted = new CopyPlan.Cell(cell.edges, List.of(widths.width(0), widths.width(1), widths.width(2)));
    LiftedNetwork lift = plan.lifts(counted).seed(trial.seed("lift " + cell, run)).sparse();
    int inDegree = Math.max(lift.lift().edges("h1", "h2").mostInDegree(), lift.lift().edges("h2", "h3").mostInDegree());
    LiftRun training = training(trial, cell, run).solve();
    return Row.start().and("lift", cell.toString()).and("schedule", cell.schedule).and("edges", cell.edges).and("run", run).and("widths", counted.size())
        .and("copies", plan.copies(plan.coverage(lift)))
        .and("expected copies", counted.lastWidth() * plan.law(counted).probability(plan.witness().last(), 0))
        .and("largest influence", Influence.of(lift.lift()).largest()).and("largest in-degree", inDegree)
        .and("trained", training.ending() == Ending.LOSS_REACHED).and("loss", training.last().loss())
        .and("time", training.last().time());
  }

  private static LiftTraining training(Trial trial, Cell cell, int run) {
    Parameters plan = trial.parameters();
    int degree = plan.whole("trainedInDegree");
    EdgeLaw law =
        switch (cell.edges) {
          case "K" -> EdgeLaw.inDegree(degree);
          case "distinct" -> EdgeLaw.distinctInDegree(degree);
          case "Ber" -> EdgeLaw.bernoulli(degree);
          default -> EdgeLaw.bernoulliByTargets(degree);
        };
    LiftBuilder lifts =
        LiftBuilder.lift(DEEP).fibre("x", 2).widths(cell.widths(plan.whole("trainedWidth"), trial.controlled()))
            .edges("x", "h1", EdgeLaw.inDegree(degree)).edges("h1", "h2", law).edges("h2", "h3", law)
            .weights(ParameterLaw.normal(1.5)).seed(trial.seed("trained lift " + cell, run));
    return LiftTraining.of(lifts.sparse(), ProductTask.REGRESSION)
        .flow(1e-5).untilLoss(SHARE * FIRST_LOSS).untilTime(plan.number("time")).maximumSteps(20_000);
  }
}
