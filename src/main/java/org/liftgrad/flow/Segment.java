package org.liftgrad.flow;

/** One accepted step, which knows the state at every time within it. */
interface Segment {

  /** Fills everything but the coefficients. */
  void fill(double time, FlowState state);

  /** Fills C with W(t) = W(0) + C(t) X, neuron by neuron; {@code target} is modified. */
  void fillCoefficients(double time, double[] target);

  /** The loss at a time within the step, without filling a state. */
  double loss(double time);

  /** The same step, as it is now: later steps do not change it. */
  Segment copy();

  /** The memory that {@link #copy} takes, to a few percent. */
  long bytes();
}
