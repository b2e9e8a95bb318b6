package org.liftgrad.flow;

/** One accepted step, which knows the state at every time within it. */
interface Segment {

  /** Fills everything but the coefficients. */
  void fill(double time, FlowState state);

  /** Fills C with W(t) = W(0) + C(t) X, neuron by neuron; {@code target} is modified. */
  void fillCoefficients(double time, double[] target);

  /** The loss at a time within the step, without filling a state. */
  double loss(double time);
}
