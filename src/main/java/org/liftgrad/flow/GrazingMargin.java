package org.liftgrad.flow;

/**
 * How near the run came to a place where the flow map is discontinuous. A repelling pair (its
 * readout and residual have the same sign) that comes close to zero either turns back or crosses,
 * and trajectories on the two sides part at finite speed; a distance here that is not far above the
 * tolerance says that the side was not resolved. All figures are relative to ‖w_j‖‖x_i‖, and
 * infinite where nothing of the kind happened.
 *
 * @param smallestTurn the smallest local minimum of |⟨w_j, x_i⟩| of a repelling pair that turned back
 * @param smallestSpeed the smallest speed of a crossing of a repelling pair, per unit of time
 * @param smallestClearance by how much a crossing repelling pair would have had to be moved to turn
 *     back instead: speed² / (2 |second derivative|), the smallest over all crossings
 */
public record GrazingMargin(double smallestTurn, double smallestSpeed, double smallestClearance) {

  static GrazingMargin none() {
    return new GrazingMargin(
        Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  GrazingMargin with(double turn, double speed, double clearance) {
    if (turn >= smallestTurn && speed >= smallestSpeed && clearance >= smallestClearance) {
      return this;
    }
    return new GrazingMargin(
        Math.min(turn, smallestTurn), Math.min(speed, smallestSpeed), Math.min(clearance, smallestClearance));
  }

  /** Is either distance so small that a change of the state by the tolerance could have changed the side? */
  public boolean unresolvedAt(double tolerance) {
    return Math.min(smallestTurn, smallestClearance) < 100 * tolerance;
  }
}
