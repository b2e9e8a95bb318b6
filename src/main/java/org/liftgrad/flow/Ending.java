package org.liftgrad.flow;

/** Why a run ended, with what to do about it. */
public enum Ending {
  /** The asked time was reached. */
  TIME_REACHED(true, "The asked time was reached."),
  /** The loss fell below the asked figure. */
  LOSS_REACHED(true, "The loss fell below the asked figure."),
  /**
   * Nothing moves any more, up to rounding, and no condition was met: the points that keep a residual
   * have no active neuron left, or the residual is rounding noise.
   */
  STATIONARY(
      false,
      "Nothing moves any more and the loss stays where it is: points that keep a residual have no active"
          + " neuron, or the residual is rounding noise. Look at wellInitialised() of the start, or ask"
          + " for a loss that float64 can resolve."),
  /** The limit on the number of steps was reached. */
  STEP_LIMIT(
      false,
      "The step limit was reached first. Raise maximumSteps and resume from the checkpoint, or loosen the tolerance; if the steps are"
          + " tiny, look at the grazing margin."),
  /** Events followed each other without end while the time stood still. */
  STALLED(
      false,
      "Events followed each other without end while the time stood still, as degenerate inputs can make"
          + " them. Perturb the start or the inputs a little, and compare with gradient descent of a small step."),
  /** A figure of the state is no longer finite. */
  NOT_FINITE(
      false,
      "The state is no longer finite. For gradient descent the step is too large; for the flow, scale"
          + " the data or the start."),
  /** The thread was interrupted; the state reached so far is kept. */
  INTERRUPTED(false, "The run was interrupted; the state reached so far is kept, and its checkpoint can be resumed.");

  private final boolean asAsked;
  private final String advice;

  Ending(boolean asAsked, String advice) {
    this.asAsked = asAsked;
    this.advice = advice;
  }

  /** Did the run end for a reason that was asked for? */
  public boolean asAsked() {
    return asAsked;
  }

  /** What happened, and what to do about it. */
  public String advice() {
    return advice;
  }
}
