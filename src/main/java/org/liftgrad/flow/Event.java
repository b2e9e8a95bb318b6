package org.liftgrad.flow;

/**
 * A pre-activation, a bound of a sliding pair or a readout reaches zero.
 *
 * @param delay after the start of the step, in units of its series; infinite for none
 * @param neuron j
 * @param point i; −1 where the readout changes its sign
 * @param target what a sliding pair becomes; for others the mode it has
 */
record Event(double delay, int neuron, int point, byte target) {

  private static final Event NONE = new Event(Double.POSITIVE_INFINITY, -1, -1, FlowState.INACTIVE);

  static Event none() {
    return NONE;
  }

  boolean ofReadout() {
    return point < 0;
  }
}
