package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.flow.Ending;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Regression;
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
 * G8: are the flows fine enough? Each kind of flow of groups G and H is solved once more with half the steps. The other
 * checks do the same with their own runs ({@link Resolution#guarding}).
 */
final class HalfTheSteps {

  /** At this tolerance there is no control of the error. */
  private static final double LOOSE = 1;

  private static final String FULL = "all";
  private static final String READOUT = "readout";
  private static final String NEURAL_TANGENT = "n^-1/2";
  private static final String MEAN_FIELD = "1/n";
  private static final String SUMS = "in-degree 1";
  private static final List<String> KINDS = List.of(FULL, READOUT, NEURAL_TANGENT, MEAN_FIELD, SUMS);

  private HalfTheSteps() {}

  static Check check() {
    return Check.named("lifts/G8", "Half the steps change nothing", "lifts/theorem-2.1", "lifts/lemma-2.5")
        .asks("With half the steps, does L(t) change by less than 1 %, and does each run still end as it did?")
        .holdsIf(
            "in every run L(t) changes by less than 1 % of itself at the end of every step, the level is reached or not as before, and at"
                + " the same time to 1 %")
        .control("the mechanism: a tolerance of 1, so that nothing but stability holds the steps back", "a tolerance of 1 for 1e-8")
        .plan(Scale.QUICK, plan(List.of(16, 64), 7, 1).with("laws", ProductFlows.FIXED))
        .plan(Scale.PAPER, plan(List.of(8, 32, 128, 512), 11, 6))
        .plan(Scale.BEYOND, plan(List.of(8, 32, 128, 512, 2048), 11, 12))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                Assurance.deterministic(
                    ProductFlows.runs(plan) * plan.words("kinds").stream().filter(kind -> !kind.equals(SUMS)).count(), 0.9,
                    "all of 96 runs of the first four kinds at n = 16 and 64, seed 1000; none of 12 in which each vertex has one parent, as"
                        + " their loss stays, and these are not counted"))
        .runs(HalfTheSteps::run);
  }

  private static Parameters plan(List<Integer> widths, int grid, int runs) {
    return ProductFlows.plan(widths, grid, 1e-8, runs)
        .words(
            "kinds", KINDS, KINDS,
            "all parameters trained, the readout alone, a factor n^−1/2 or 1/n at the readout, or in-degree 1 (Bernoulli: 1 in the mean), which"
                + " learns little or nothing");
  }

  private record Cell(ProductFlows.Cell of, String kind) {
    @Override
    public String toString() {
      return of + ", " + kind;
    }

    double[] rates(LiftedNetwork start) {
      double width = of.width();
      return switch (kind) {
        case READOUT -> ProductFlows.rates(start.lift(), 0, 1);
        case NEURAL_TANGENT -> ProductFlows.rates(start.lift(), 1, 1 / width);
        case MEAN_FIELD -> ProductFlows.rates(start.lift(), 1, 1 / (width * width));
        default -> ProductFlows.rates(start.lift(), 1, 1);
      };
    }

    /** How much longer than with a plain sum. */
    double slower() {
      return kind.equals(NEURAL_TANGENT) ? of.width() : kind.equals(MEAN_FIELD) ? (double) of.width() * of.width() : 1;
    }
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    Parameters plan = trial.parameters();
    Regression task = ProductFlows.regression(plan);
    LiftedNetwork start =
        ProductFlows.network(trial, cell.of, replicate, cell.kind.equals(SUMS) ? 1 : 2, Activation.tanh());
    double time = plan.number("time") * (cell.kind.equals(SUMS) ? 0.02 : cell.slower());
    double level = plan.number("level") * task.lossOfZero();
    Resolution resolution =
        Resolution.ofFlow(
            start, task, trial.controlled() ? LOOSE : plan.number("tolerance"),
            training -> training.untilLoss(level).untilTime(time).rates(cell.rates(start)));
    double off = resolution.coarse().last().time() / resolution.fine().last().time() - 1;
    return Resolution.into(
        Row.start().and("width", cell.of.width()).and("law", cell.of.law()).and("kind", cell.kind).and("run", replicate)
            .and("reached", resolution.coarse().ending() == Ending.LOSS_REACHED)
            .and("time", resolution.coarse().last().time())
            .and("change of the time", off)
            .and("steps", resolution.coarse().path().size() - 1)
            .and("steps of the finer one", resolution.fine().path().size() - 1)
            .and("change of L", resolution.change()),
        resolution.change(), resolution.resolved() && Math.abs(off) < Resolution.MOST);
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (ProductFlows.Cell cell : ProductFlows.cells(plan)) {
      plan.words("kinds").forEach(kind -> cells.add(new Cell(cell, kind)));
    }
    List<Row> rows = trial.runs(cells, plan.whole("runs"), (cell, replicate) -> row(trial, cell, replicate));
    double change = rows.stream().mapToDouble(row -> row.number("change of L")).max().orElseThrow();
    long unresolved = rows.stream().filter(row -> !Resolution.isResolved(row)).count();
    double steps = rows.stream().mapToLong(row -> row.whole("steps")).sum();
    double finer = rows.stream().mapToLong(row -> row.whole("steps of the finer one")).sum();
    return Finding.judged(unresolved == 0, rows)
        .measured("largest change of L(t), relative to it", change)
        .predicted(Resolution.MOST)
        .explained(
            "Over " + rows.size() + " runs L changes by " + Numbers.rounded(change, 2) + " of itself at most, with "
                + Numbers.rounded(finer / steps, 3) + " times the steps; " + unresolved + " runs are not resolved.")
        .figure(
            Plot.plot(Row.table("G8", rows)).x("width").by("kind").points("change of L").bound("allowed", Resolution.MOST).logLog()
                .title("Change of L(t) with half the steps"));
  }
}
