package org.liftgrad.theorem.lifts;

import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;
import org.liftgrad.lift.TangentFeatures;

/**
 * A readout â that is chosen at the start and kept: the least one for which the features of the start come near enough to
 * the target. Along a flow the features Φ(θ) change; ‖Φ(θ) â − f*‖ says how good it still is. Not for several threads.
 */
final class FixedReadout {

  private final Passes passes;
  private final boolean[] isReadout;
  private final double[] readout;
  private final double[] hybrid;

  private FixedReadout(Passes passes, boolean[] isReadout, double[] readout) {
    this.passes = passes;
    this.isReadout = isReadout;
    this.readout = readout;
    hybrid = readout.clone();
  }

  /**
   * The readout nearest to that of the start with ‖Φ(θ(0)) â − f*‖² at most {@code level}, or twice what the features of the
   * start leave at best, where that is more.
   */
  static FixedReadout of(LiftedNetwork start, Regression task, double level) {
    TangentFeatures features = TangentFeatures.ofReadout(start, task);
    double[] step = features.stepWithin(features.normFor(Math.max(level, 2 * features.leastResidual())));
    boolean[] isReadout = ProductFlows.readout(start.lift());
    double[] readout = start.parameters();
    int next = 0;
    for (int k = 0; k < readout.length; k++) {
      readout[k] = isReadout[k] ? readout[k] + step[next++] : 0;
    }
    return new FixedReadout(new Passes(start.lift(), task), isReadout, readout);
  }

  /** ‖a − â‖². */
  double squaredDistance(double[] parameters) {
    double sum = 0;
    for (int k = 0; k < readout.length; k++) {
      sum += isReadout[k] ? (parameters[k] - readout[k]) * (parameters[k] - readout[k]) : 0;
    }
    return sum;
  }

  /** ‖Φ(θ) â − f*‖. */
  double error(double[] parameters) {
    for (int k = 0; k < readout.length; k++) {
      hybrid[k] = isReadout[k] ? readout[k] : parameters[k];
    }
    return Math.sqrt(passes.loss(hybrid));
  }
}
