package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;
import org.liftgrad.theorem.Row;

/**
 * A flow until it has the lowest of some losses or until a time, and when it had each. Some runs are repeated with half the
 * steps (rule G8 of the theory file): which losses they reach must not change, and neither the time of the lowest, or the
 * loss at the end, by 1 % or more; otherwise {@link Resolution#guarding} gives no verdict.
 *
 * @param times when a step first ended at or below each loss (of the lowest, when it was reached); infinite where none did
 * @param lowest the least loss of all steps
 * @param last the loss at the end
 * @param end the time at the end
 * @param ending why it ended
 * @param change of time or loss at half the step; NaN where the run was not repeated
 * @param same whether the repeated run reached the same losses
 */
record LossLevels(
    List<Double> times, double lowest, double last, double end, Ending ending, double change, boolean same) {

  /** One replicate in so many is repeated. */
  static final int EVERY = 10;

  /** Entries of a gradient below this, over √L, are sums of some hundred samples that cancel. */
  private static final double NOISE = 1e-13;

  /**
   * Trains. A start whose gradient is rounding noise stays where it is, and no flow is followed: the noise would keep the
   * solver busy until the end.
   *
   * @param losses to reach, above 0
   * @param time the most time of the flow
   * @param tolerance of a step
   * @param replicate every tenth is repeated with half the steps
   */
  static LossLevels train(
      LiftedNetwork start, Regression regression, double[] losses, double time, double tolerance, int replicate) {
    double[] gradient = new double[start.lift().parameters()];
    double loss = new Passes(start.lift(), regression).gradient(start.parameters(), gradient);
    if (Arrays.stream(gradient).map(Math::abs).max().orElse(0) < NOISE * Math.sqrt(loss)) {
      return of(List.of(new LiftRun.Step(0, loss, 0, 0, 0)), Ending.STATIONARY, losses);
    }
    return follow(start, regression, losses, time, tolerance, replicate);
  }

  /** The same, whatever the gradient. */
  static LossLevels follow(
      LiftedNetwork start, Regression regression, double[] losses, double time, double tolerance, int replicate) {
    LiftTraining training =
        LiftTraining.of(start, regression).untilLoss(Arrays.stream(losses).min().orElseThrow()).untilTime(time);
    LossLevels run = of(training.flow(tolerance).solve(), losses);
    if (replicate % EVERY != 0) {
      return run;
    }
    LossLevels finer = of(training.flow(tolerance / Resolution.HALF).solve(), losses);
    boolean same = run.ending == finer.ending;
    for (int k = 0; k < losses.length; k++) {
      same &= run.reached(k) == finer.reached(k);
    }
    boolean timed = run.ending == Ending.LOSS_REACHED && run.end > 0;
    double change = timed ? run.end / finer.end - 1 : run.last / finer.last - 1;
    return new LossLevels(run.times, run.lowest, run.last, run.end, run.ending, Math.abs(change), same);
  }

  private static LossLevels of(LiftRun run, double[] losses) {
    return of(run.path(), run.ending(), losses);
  }

  private static LossLevels of(List<LiftRun.Step> path, Ending ending, double[] losses) {
    Double[] times = new Double[losses.length];
    Arrays.fill(times, Double.POSITIVE_INFINITY);
    double lowest = Double.POSITIVE_INFINITY;
    for (LiftRun.Step step : path) {
      lowest = Math.min(lowest, step.loss());
      for (int k = 0; k < losses.length; k++) {
        times[k] = step.loss() <= losses[k] ? Math.min(times[k], step.time()) : times[k];
      }
    }
    LiftRun.Step last = path.get(path.size() - 1);
    return new LossLevels(List.of(times), lowest, last.loss(), last.time(), ending, Double.NaN, true);
  }

  /** Was a loss reached in time? */
  boolean reached(int number) {
    return times.get(number) < Double.POSITIVE_INFINITY;
  }

  /** Adds why it ended, and what half the steps say, for {@link Resolution#guarding}. */
  Row into(Row row) {
    return Resolution.into(row.and("ending", ending.toString()), change, same);
  }
}
