package org.liftgrad.flow;

/**
 * How near the run came to a place where the flow map is discontinuous. A repelling pair (its
 * readout and residual have the same sign) that comes close to zero either turns back or crosses,
 * and trajectories on the two sides part at finite speed; a figure here that is not far above the
 * tolerance says that the side was not resolved.
 *
 * @param smallestTurn the smallest local minimum of |⟨w_j, x_i⟩| / (‖w_j‖‖x_i‖) of a repelling pair
 *     that turned back; infinite where none did
 * @param smallestSpeed the smallest speed of a crossing of a repelling pair, |d⟨w_j, x_i⟩/dt| / (‖w_j‖‖x_i‖)
 *     per unit of time; infinite where none crossed
 */
public record GrazingMargin(double smallestTurn, double smallestSpeed) {

  /** No repelling pair came to zero so far. */
  static GrazingMargin none() {
    return new GrazingMargin(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  GrazingMargin withTurn(double turn) {
    return turn < smallestTurn ? new GrazingMargin(turn, smallestSpeed) : this;
  }

  GrazingMargin withSpeed(double speed) {
    return speed < smallestSpeed ? new GrazingMargin(smallestTurn, speed) : this;
  }

  /** Is either figure so small that a change of the state by the tolerance could have changed the side? */
  public boolean unresolvedAt(double tolerance) {
    // A crossing at speed s is turned back by a change of the state of order s² (the parabola under it).
    return smallestTurn < 100 * tolerance || smallestSpeed * smallestSpeed < 100 * tolerance;
  }
}
