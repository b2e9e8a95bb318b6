package org.liftgrad.flow;

import java.util.function.ToDoubleFunction;

/** A figure that is computed while a flow runs, so that states need not be kept. */
public sealed interface Observer {

  /** The column's name, with its unit. */
  String name();

  /** The figure, or the rate of the integral, at one state. */
  ToDoubleFunction<FlowState> measure();

  /** The figure at the observed times. */
  record Value(String name, ToDoubleFunction<FlowState> measure) implements Observer {
    @Override
    public String toString() {
      return "observes " + name;
    }
  }

  /** The integral of the figure since the start, by Gauss-Legendre quadrature within each step. */
  record Integral(String name, ToDoubleFunction<FlowState> measure) implements Observer {
    @Override
    public String toString() {
      return "observes the integral of " + name;
    }
  }

  /** The smallest figure so far, over both ends of each step and the quadrature times within it. */
  record Smallest(String name, ToDoubleFunction<FlowState> measure) implements Observer {
    @Override
    public String toString() {
      return "observes the smallest " + name;
    }
  }

  /** The largest figure so far, over both ends of each step and the quadrature times within it. */
  record Largest(String name, ToDoubleFunction<FlowState> measure) implements Observer {
    @Override
    public String toString() {
      return "observes the largest " + name;
    }
  }

  /** Any figure at the observed times. */
  static Observer value(String name, ToDoubleFunction<FlowState> measure) {
    return new Value(name, measure);
  }

  /** The integral of any rate since the start. */
  static Observer integral(String name, ToDoubleFunction<FlowState> rate) {
    return new Integral(name, rate);
  }

  /** The smallest value so far of any figure. */
  static Observer smallest(String name, ToDoubleFunction<FlowState> measure) {
    return new Smallest(name, measure);
  }

  /** The largest value so far of any figure. */
  static Observer largest(String name, ToDoubleFunction<FlowState> measure) {
    return new Largest(name, measure);
  }

  /** L = (1/2n)‖r‖²: column "loss". */
  static Observer loss() {
    return value("loss", FlowState::loss);
  }

  /** The local-PL curvature μ: column "curvature" (per unit of time). */
  static Observer curvature() {
    return value("curvature", FlowState::curvature);
  }

  /** ∫₀ᵗ μ: column "curvature integral". */
  static Observer curvatureIntegral() {
    return integral("curvature integral", FlowState::curvature);
  }

  /** The number of sliding pairs: column "sliding pairs". */
  static Observer slidingPairs() {
    return value("sliding pairs", FlowState::slidingPairs);
  }

  /** The drift of the conserved quantity: column "conservation drift". */
  static Observer conservationDrift() {
    return value("conservation drift", FlowState::conservationDrift);
  }

  /** One pre-activation: column "preactivation j,i". */
  static Observer preactivation(int neuron, int point) {
    return value("preactivation " + neuron + "," + point, state -> state.preactivation(neuron, point));
  }

  /** One entry of the readout: column "readout j". */
  static Observer readout(int neuron) {
    return value("readout " + neuron, state -> state.readout(neuron));
  }
}
