package org.liftgrad.sweep;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * {@code shallow-flow}: the gradient flow, or descent, of a shallow network from a start of a law, until its loss is
 * small or a time is reached: the papers' daily experiment.
 */
final class ShallowFlow {

  private ShallowFlow() {}

  static Experiment experiment() {
    return ShallowStart.parameters("shallow-flow", "the gradient flow of a shallow network, followed to a loss")
        .text("method", "exact", "event-by-event", "neuron-by-neuron", "descent").otherwise("exact")
        .meaning("the exact flow (two of its ways by name), or gradient descent")
        .number("step", 1e-12, 1e6).otherwise(0.01).meaning("of descent only")
        .number("tolerance", 0, 1e-4).otherwise(0.0)
        .meaning("of the flow, from 1e-14; 0 for 1e-10, and 1e-6 past " + GradientFlow.MANY_PAIRS + " pairs")
        .number("loss reached", 1e-20, 1e6).otherwise(1e-10).meaning("the run ends there, and has converged")
        .number("horizon", 1e-6, 1e12).otherwise(1e6).meaning("the time at which it ends otherwise, in units of θ' = −p∇L")
        .whole("maximum steps", 1, Long.MAX_VALUE >> 10).otherwise(GradientFlow.DEFAULT_MAXIMUM_STEPS)
        .meaning("it ends then, too")
        .runs(
            List.of(
                Column.yesOrNo("converged"), Column.yesOrNo("well initialised"), Column.number("start loss"),
                Column.number("loss"), Column.number("time"), Column.number("curvature"),
                Column.number("mean curvature"), Column.whole("sliding pairs"), Column.whole("steps"),
                Column.whole("events"), Column.number("conservation drift"), Column.number("interaction"),
                Column.text("ending")),
            ShallowFlow::run);
  }

  private static Row run(Run run) {
    ShallowNetwork start = ShallowStart.network(run);
    GradientFlow flow =
        GradientFlow.gradientFlow(start)
            .method(method(run))
            .until(StopCondition.lossBelow(run.number("loss reached")))
            .until(StopCondition.timeReached(run.number("horizon")))
            .maximumSteps(run.wholeLong("maximum steps"));
    double tolerance = run.number("tolerance");
    Solution solution = followed(run, tolerance == 0 ? flow : flow.tolerance(tolerance));
    Row row =
        Row.start()
            .and("converged", solution.ending() == Ending.LOSS_REACHED)
            .and("well initialised", start.wellInitialised())
            .and("start loss", start.loss())
            .and("loss", solution.loss())
            .and("time", solution.time())
            .and("curvature", solution.curvature())
            // The mean of −L'/L over the run.
            .and("mean curvature", StrictMath.log(start.loss() / solution.loss()) / solution.time())
            .and("sliding pairs", solution.slidingPairs())
            .and("steps", solution.statistics().steps())
            .and("events", solution.statistics().events())
            .and("conservation drift", solution.conservationDrift())
            .and("ending", solution.ending().toString());
    return run.records("interaction") ? row.and("interaction", ShallowStart.interaction(start)) : row;
  }

  private static Method method(Run run) {
    return switch (run.text("method")) {
      case "event-by-event" -> Method.eventByEvent();
      case "neuron-by-neuron" -> Method.neuronByNeuron();
      case "descent" -> Method.descent(run.number("step"));
      default -> Method.exact();
    };
  }

  /** A run that the flow could not follow says nothing of convergence: it failed. Descent that diverges did not. */
  private static Solution followed(Run run, GradientFlow flow) {
    Solution solution = flow.solve();
    Ending ending = solution.ending();
    if (ending == Ending.INTERRUPTED) {
      throw new CancellationException(ending.advice());
    }
    if (ending == Ending.STALLED || ending == Ending.NOT_FINITE && !run.text("method").equals("descent")) {
      throw new IllegalStateException("It could not be followed past t = " + solution.time() + ". " + ending.advice());
    }
    return solution;
  }
}
