package org.liftgrad.flow;

import java.util.Optional;

/**
 * The velocity of a neuron at its kinks: minimise ½ zᵀ G_KK z + zᵀ b over z_i between 0 and r_i,
 * where K are the pairs of the neuron that are at zero and attract, and b the pull of everything
 * else. z_i = 0 is an inactive pair, z_i = r_i an active one, in between it slides. Solved by
 * pivoting: the pair that violates its condition most changes sides; after many pivots, by least
 * index, which cannot cycle.
 */
final class KinkProblem {

  private static final int FREELY_CHOSEN_PIVOTS = 60;

  /** Sides of a pair; the order is that of {@link Mode}. */
  private final Mode[] modes;

  private final double[] values;
  private final int pivots;

  private KinkProblem(Mode[] modes, double[] values, int pivots) {
    this.modes = modes;
    this.values = values;
    this.pivots = pivots;
  }

  Mode[] modes() {
    return modes;
  }

  /** z. */
  double[] values() {
    return values;
  }

  int pivots() {
    return pivots;
  }

  /**
   * Solves it.
   *
   * @param gram G_KK, row by row; not modified
   * @param pull b, k numbers; not modified
   * @param residual r_i, k numbers, none 0; not modified
   * @param tolerance k numbers: a bound on the rounding error of (G z + b)_i; not modified
   * @param start where each pair starts; not modified
   */
  static KinkProblem solve(
      double[] gram, double[] pull, double[] residual, double[] tolerance, Mode[] start) {
    int size = pull.length;
    Mode[] modes = start.clone();
    boolean[] dependent = new boolean[size];
    double[] z = new double[size];
    int most = FREELY_CHOSEN_PIVOTS + 50 * size * size;
    for (int pivot = 0; pivot <= most; pivot++) {
      if (!freeValues(gram, pull, residual, modes, z)) {
        // A free pair whose input depends on those of the others: it stays at its bound.
        int last = lastFree(modes);
        modes[last] = Mode.INACTIVE;
        dependent[last] = true;
        continue;
      }
      int worst = -1;
      double worstViolation = 0;
      Mode worstMode = Mode.INACTIVE;
      boolean byIndex = pivot > FREELY_CHOSEN_PIVOTS;
      for (int i = 0; i < size && !(byIndex && worst >= 0); i++) {
        double share = z[i] / residual[i];
        if (modes[i] == Mode.SLIDING) {
          // With nothing to hold it up a pair rests and does not slide: were it kept as sliding with
          // a share of 0, the sign of that 0 would wake a dead neuron when its residual turns.
          double rounding = tolerance[i] / gram[i * size + i] / Math.abs(residual[i]);
          double violation = Math.max(rounding - share, share - 1);
          if (violation > worstViolation || worst < 0 && share <= rounding) {
            worst = i;
            worstViolation = violation;
            worstMode = share <= rounding ? Mode.INACTIVE : Mode.ACTIVE;
          }
        }
      }
      if (worst < 0) {
        for (int i = 0; i < size && !(byIndex && worst >= 0); i++) {
          if (modes[i] == Mode.SLIDING || dependent[i]) {
            continue;
          }
          double force = pull[i];
          for (int k = 0; k < size; k++) {
            force += gram[i * size + k] * z[k];
          }
          // An inactive pair must not be pushed up, nor an active one down; r_i < 0 turns the signs.
          double towards = residual[i] > 0 ? -force : force;
          double violation = (modes[i] == Mode.INACTIVE ? towards : -towards) - tolerance[i];
          if (violation > 0 && violation / gram[i * size + i] / Math.abs(residual[i]) > worstViolation) {
            worst = i;
            worstViolation = violation / gram[i * size + i] / Math.abs(residual[i]);
            worstMode = Mode.SLIDING;
          }
        }
      }
      if (worst < 0) {
        return new KinkProblem(modes, z, pivot);
      }
      modes[worst] = worstMode;
    }
    throw new ArithmeticException(
        "The velocity of a neuron with " + size + " pairs at zero was not found in " + most + " pivots.");
  }

  /** Fills z: bounds as they are, the sliding ones so that their force is 0. False where singular. */
  private static boolean freeValues(
      double[] gram, double[] pull, double[] residual, Mode[] modes, double[] z) {
    int size = pull.length;
    int free = 0;
    for (int i = 0; i < size; i++) {
      z[i] = modes[i] == Mode.ACTIVE ? residual[i] : 0;
      free += modes[i] == Mode.SLIDING ? 1 : 0;
    }
    if (free == 0) {
      return true;
    }
    int[] index = new int[free];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (modes[i] == Mode.SLIDING) {
        index[count++] = i;
      }
    }
    Optional<HeldPairs> held = HeldPairs.of(gram, size, index);
    if (held.isEmpty()) {
      return false;
    }
    double[] right = new double[free];
    for (int s = 0; s < free; s++) {
      double force = pull[index[s]];
      for (int k = 0; k < size; k++) {
        force += gram[index[s] * size + k] * z[k];
      }
      right[s] = -force;
    }
    held.get().solve(right);
    for (int s = 0; s < free; s++) {
      z[index[s]] = right[s];
    }
    return true;
  }

  private static int lastFree(Mode[] modes) {
    for (int i = modes.length - 1; i >= 0; i--) {
      if (modes[i] == Mode.SLIDING) {
        return i;
      }
    }
    throw new IllegalStateException("no pair slides");
  }
}
