package org.liftgrad.flow;

import org.liftgrad.statistics.Numbers;

/**
 * How near the run came to a place where the flow map is discontinuous. A repelling pair (its
 * readout and residual have the same sign) that comes close to zero either turns back or crosses,
 * and trajectories on the two sides part at finite speed; a distance here that is not far above the
 * tolerance says that the side was not resolved. A sliding pair whose residual passes 0 must leave its kink
 * before, downwards or upwards, and then repels: where share and residual come to 0 together, the ways part too.
 *
 * <p>All figures are relative (to ‖w_j‖‖x_i‖, the last one to the largest residual), and infinite where nothing
 * of the kind happened.
 *
 * @param smallestTurn the smallest local minimum of |⟨w_j, x_i⟩| of a repelling pair that turned back, and the
 *     smallest |⟨w_j, x_i⟩| of one on whose kink either side leads away (another event of its neuron came
 *     shortly after it had crossed)
 * @param smallestSpeed the smallest speed of a crossing of a repelling pair, per unit of time
 * @param smallestClearance by how much a crossing repelling pair would have had to be moved to turn
 *     back instead: speed² / (2 |second derivative|), the smallest over all crossings
 * @param smallestExit the smallest |r_i| at which a sliding pair left its kink, relative to the largest residual
 */
public record GrazingMargin(
    double smallestTurn, double smallestSpeed, double smallestClearance, double smallestExit) {

  static GrazingMargin none() {
    return new GrazingMargin(
        Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  /** The smaller of two, figure by figure. */
  GrazingMargin with(double turn, double speed, double clearance, double exit) {
    if (turn >= smallestTurn && speed >= smallestSpeed && clearance >= smallestClearance && exit >= smallestExit) {
      return this;
    }
    return new GrazingMargin(
        Math.min(turn, smallestTurn),
        Math.min(speed, smallestSpeed),
        Math.min(clearance, smallestClearance),
        Math.min(exit, smallestExit));
  }

  /** The smallest of its distances: how far a state would have to be moved to end up elsewhere, about. */
  public double smallest() {
    return Math.min(Math.min(smallestTurn, smallestClearance), smallestExit);
  }

  /** Its figures, to two digits. */
  @Override
  public String toString() {
    return "smallest turn " + figure(smallestTurn) + ", clearance " + figure(smallestClearance) + ", exit "
        + figure(smallestExit) + "; smallest speed " + figure(smallestSpeed);
  }

  private static String figure(double value) {
    return value == Double.POSITIVE_INFINITY ? "none" : Numbers.rounded(value, 2);
  }

  /** Is one of its distances so small that a change of the state by the tolerance could have changed the side? */
  public boolean unresolvedAt(double tolerance) {
    return smallest() < 100 * tolerance;
  }
}
