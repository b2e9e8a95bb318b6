package org.liftgrad.flow;

import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/** Until when to run; the first condition met ends the run. */
public sealed interface StopCondition {

  /** Ends at this time exactly (gradient descent: at the last step not beyond it). */
  static StopCondition timeReached(double time) {
    return new TimeReached(time);
  }

  /** Ends when the loss is this figure, found within the step by its dense output. */
  static StopCondition lossBelow(double loss) {
    return new LossBelow(loss);
  }

  /**
   * A time.
   *
   * @param time units of the flow θ' = −p∇L, above 0
   */
  record TimeReached(double time) implements StopCondition {
    /** Refuses a time that is not finite and above 0. */
    public TimeReached {
      Argument.positive("time", time);
    }

    @Override
    public String toString() {
      return "time " + Numbers.exact(time);
    }
  }

  /**
   * A loss.
   *
   * @param loss (1/2n)‖r‖², above 0
   */
  record LossBelow(double loss) implements StopCondition {
    /** Refuses a loss that is not finite and above 0. */
    public LossBelow {
      Argument.positive("loss", loss);
    }

    @Override
    public String toString() {
      return "loss " + Numbers.exact(loss);
    }
  }
}
