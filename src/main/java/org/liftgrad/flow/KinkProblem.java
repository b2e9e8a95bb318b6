package org.liftgrad.flow;

import java.util.Arrays;

/**
 * The velocity of a neuron at its kinks: minimise ½ zᵀ G_KK z + zᵀ b over z_i between 0 and r_i,
 * where K are the pairs of the neuron that are at zero and attract, and b the pull of everything
 * else. z_i = 0 is an inactive pair, z_i = r_i an active one, in between it slides. Solved by
 * pivoting: the pair that violates its condition most changes sides; after many pivots, by least
 * index, which cannot cycle.
 *
 * <p>One object is filled and solved again and again.
 */
final class KinkProblem {

  private static final int FREELY_CHOSEN_PIVOTS = 60;

  private static final byte INACTIVE = FlowState.INACTIVE;
  private static final byte ACTIVE = FlowState.ACTIVE;
  private static final byte SLIDING = FlowState.SLIDING;

  private final double[] gram;
  private final int points;
  private final HeldPairs held;
  private int size;
  /** K. */
  private final int[] point;

  private final double[] pull;
  private final double[] residual;
  private final double[] tolerance;
  private final byte[] modes;
  private final boolean[] dependent;
  private final double[] z;
  /** The places in K of the pairs that are not inactive: elsewhere z is 0. Most of many pairs at zero are inactive. */
  private final int[] bearer;

  private int bearers;
  /** The places in K of the sliding pairs, their points, and what their shares are to balance. */
  private final int[] free;

  private final int[] freePoints;
  private final double[] right;

  /**
   * An empty problem.
   *
   * @param gram the whole Gram matrix, row by row (points × points); kept, not modified
   * @param points n
   */
  KinkProblem(double[] gram, int points) {
    this.gram = gram;
    this.points = points;
    held = new HeldPairs(gram, points);
    point = new int[points];
    pull = new double[points];
    residual = new double[points];
    tolerance = new double[points];
    modes = new byte[points];
    dependent = new boolean[points];
    z = new double[points];
    bearer = new int[points];
    free = new int[points];
    freePoints = new int[points];
    right = new double[points];
  }

  /**
   * Puts a pair into its place in K.
   *
   * @param i its point
   * @param pulled b_i
   * @param r r_i, not 0
   * @param rounding a bound on the rounding error of (G z + b)_i
   * @param start the mode it starts from
   */
  void set(int place, int i, double pulled, double r, double rounding, byte start) {
    point[place] = i;
    pull[place] = pulled;
    residual[place] = r;
    tolerance[place] = rounding;
    modes[place] = start;
  }

  /** The mode found for the pair in a place of K. */
  byte mode(int place) {
    return modes[place];
  }

  private double gram(int i, int k) {
    return gram[point[i] * points + point[k]];
  }

  /** Solves it for the pairs in the first places. */
  void solve(int count) {
    size = count;
    Arrays.fill(dependent, 0, size, false);
    long most = FREELY_CHOSEN_PIVOTS + 50L * size * size;
    for (long pivot = 0; pivot <= most; pivot++) {
      if (!freeValues()) {
        // A free pair whose input depends on those of the others: it stays at its bound.
        int last = lastFree();
        modes[last] = INACTIVE;
        dependent[last] = true;
      } else if (!pivot(pivot > FREELY_CHOSEN_PIVOTS)) {
        return;
      }
    }
    throw new ArithmeticException(
        "The velocity of a neuron with " + size + " pairs at zero was not found in " + most + " pivots.");
  }

  /** Moves the pair that violates its condition most, or the first one that does; false where none does. */
  private boolean pivot(boolean byIndex) {
    int worst = -1;
    double worstViolation = 0;
    byte worstMode = INACTIVE;
    for (int i = 0; i < size && !(byIndex && worst >= 0); i++) {
      double share = z[i] / residual[i];
      if (modes[i] == SLIDING) {
        // With nothing to hold it up a pair rests and does not slide: were it kept as sliding with
        // a share of 0, the sign of that 0 would wake a dead neuron when its residual turns.
        double rounding = tolerance[i] / gram(i, i) / Math.abs(residual[i]);
        double violation = Math.max(rounding - share, share - 1);
        if (violation > worstViolation || worst < 0 && share <= rounding) {
          worst = i;
          worstViolation = violation;
          worstMode = share <= rounding ? INACTIVE : ACTIVE;
        }
      }
    }
    if (worst < 0) {
      for (int i = 0; i < size && !(byIndex && worst >= 0); i++) {
        if (modes[i] == SLIDING || dependent[i]) {
          continue;
        }
        double force = force(i);
        // An inactive pair must not be pushed up, nor an active one down; r_i < 0 turns the signs.
        double towards = residual[i] > 0 ? -force : force;
        double violation = (modes[i] == INACTIVE ? towards : -towards) - tolerance[i];
        if (violation > 0 && violation / gram(i, i) / Math.abs(residual[i]) > worstViolation) {
          worst = i;
          worstViolation = violation / gram(i, i) / Math.abs(residual[i]);
          worstMode = SLIDING;
        }
      }
    }
    if (worst < 0) {
      return false;
    }
    modes[worst] = worstMode;
    return true;
  }

  /** (G z + b)_i. */
  private double force(int i) {
    double force = pull[i];
    for (int s = 0; s < bearers; s++) {
      force += gram(i, bearer[s]) * z[bearer[s]];
    }
    return force;
  }

  /** Fills z: bounds as they are, the sliding ones so that their force is 0. False where singular. */
  private boolean freeValues() {
    int count = 0;
    bearers = 0;
    for (int i = 0; i < size; i++) {
      z[i] = modes[i] == ACTIVE ? residual[i] : 0;
      if (modes[i] != INACTIVE) {
        bearer[bearers++] = i;
      }
      if (modes[i] == SLIDING) {
        free[count] = i;
        freePoints[count++] = point[i];
      }
    }
    if (count == 0) {
      return true;
    }
    if (!held.factor(freePoints, count)) {
      return false;
    }
    for (int s = 0; s < count; s++) {
      right[s] = -force(free[s]);
    }
    held.solve(right);
    for (int s = 0; s < count; s++) {
      z[free[s]] = right[s];
    }
    return true;
  }

  private int lastFree() {
    for (int i = size - 1; i >= 0; i--) {
      if (modes[i] == SLIDING) {
        return i;
      }
    }
    throw new IllegalStateException("no pair slides");
  }
}
