package org.liftgrad.flow;

/** What a pair (neuron, point) does. */
public enum Mode {
  /** The pre-activation is negative, or stays at 0 without contributing: the indicator is 0, or the slope of the leak. */
  INACTIVE,
  /** The pre-activation is positive: the indicator is 1. */
  ACTIVE,
  /** The pre-activation is held at 0 by an indicator strictly between those of the other two. */
  SLIDING
}
