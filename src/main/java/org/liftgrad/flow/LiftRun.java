package org.liftgrad.flow;

import java.util.List;
import java.util.function.ToDoubleFunction;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.statistics.Columns;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.Table;

/**
 * What became of a {@link LiftTraining}.
 *
 * @param network at the end; the start where parameters are no longer finite
 * @param ending why it ended
 * @param method how it was trained
 * @param path the states after each step, the start among them
 * @param evaluations passes over all samples
 */
public record LiftRun(LiftedNetwork network, Ending ending, String method, List<Step> path, long evaluations)
    implements Tabular {

  /** Copies the path. */
  public LiftRun {
    path = List.copyOf(path);
  }

  /**
   * A state.
   *
   * @param time of the flow; of descent, the sum of its steps
   * @param loss L
   * @param gradientNorm ‖∇L‖; with rates P, the root of ⟨∇L, P ∇L⟩, which is −L'
   * @param displacement ‖θ − θ(0)‖
   * @param length of the path so far, of straight pieces from state to state: at most that of the flow
   */
  public record Step(double time, double loss, double gradientNorm, double displacement, double length) {}

  /** The last state. */
  public Step last() {
    return path.get(path.size() - 1);
  }

  /** The path as a table, a row a step: {@code time, loss, gradient norm, displacement, length}. */
  @Override
  public Table table() {
    return Columns.named("time", column(Step::time)).and("loss", column(Step::loss)).and("gradient norm", column(Step::gradientNorm))
        .and("displacement", column(Step::displacement)).and("length", column(Step::length)).table("training");
  }

  private double[] column(ToDoubleFunction<Step> figure) {
    return path.stream().mapToDouble(figure).toArray();
  }

  @Override
  public String toString() {
    return method + ": loss " + Numbers.rounded(last().loss(), 4) + " at time " + Numbers.rounded(last().time(), 4) + " after "
        + (path.size() - 1) + " steps. " + ending.advice();
  }
}
