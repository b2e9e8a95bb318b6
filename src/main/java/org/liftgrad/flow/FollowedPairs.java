package org.liftgrad.flow;

/**
 * The pre-activations u_i = ⟨w, x_i⟩ of one neuron and the forces f_ik = ⟨x_i, q_k⟩ on them, for all points at all times
 * of a macro-step: u_i' = H a Σ_k f_ik L_k. For inputs of about as many dimensions as points, where a neuron's path is
 * much longer than the way of any one pair, so that its length says little about which pairs reach their kinks.
 *
 * <p>An event costs a row of the Gram matrix for each sliding pair, and a segment some passes over n numbers.
 */
final class FollowedPairs {

  private final RowSpace space;
  private final double[] gram;
  private final int n;
  final double[] preactivations;
  /** At [k][i]; 0 where the neuron slides. */
  final double[][] forces;
  /** ⟨x_i, rest⟩ for the rest of an input off the span of those that slide. */
  private final double[] reach;
  private final double[][] rows;
  private final double[] signs;
  private final double[] slack;

  FollowedPairs(RowSpace space, double[] gram, int count) {
    this.space = space;
    this.gram = gram;
    n = space.points;
    preactivations = new double[n];
    forces = new double[count][n];
    reach = new double[n];
    rows = new double[4][n];
    signs = new double[n];
    slack = new double[n];
  }

  /** A sweep begins; nothing is modified but this. */
  void begin(double[] startPreactivations, NeuronSweep.State state, double[][] drive) {
    System.arraycopy(startPreactivations, 0, preactivations, 0, n);
    space.preactivations(drive, forces);
    for (int i = 0; i < n; i++) {
      setMode(i, state.modes[i]);
    }
    for (int s = 0; s < state.sliding.size; s++) {
      hold(state.sliding.points[s]);
    }
  }

  void setMode(int i, byte mode) {
    signs[i] = mode == FlowState.ACTIVE ? 1 : mode == FlowState.INACTIVE ? -1 : 0;
  }

  /** A pair is at its kink and stays there. */
  void hold(int i) {
    preactivations[i] = 0;
    for (double[] force : forces) {
      force[i] = 0;
    }
  }

  /** The drive changes by multiples of the rest of x_i. */
  void change(double[] change) {
    for (int k = 0; k < forces.length; k++) {
      RowSpace.add(change[k] / n, reach, forces[k], n);
    }
  }

  /** The weight moves by a multiple of the rest of x_i, which leads its pair to the kink. */
  void moveToKink(int i, double factor) {
    RowSpace.add(factor, reach, preactivations, n);
    preactivations[i] = 0;
  }

  /** A segment ends: B_k there, times H. */
  void advance(double step, double[] integrals) {
    for (int k = 0; k < forces.length; k++) {
      RowSpace.add(step * integrals[k], forces[k], preactivations, n);
    }
  }

  /**
   * The products of all inputs with x_i − Σ_s pullBack_s x_s, s going over the sliding points.
   *
   * @param square that with itself
   */
  void findReach(int i, SlidingSet sliding, double[] pullBack, double square) {
    int[] points = sliding.points;
    System.arraycopy(gram, i * n, reach, 0, n);
    int s = 0;
    for (; s + 4 <= sliding.size; s += 4) {
      for (int row = 0; row < 4; row++) {
        System.arraycopy(gram, points[s + row] * n, rows[row], 0, n);
      }
      RowSpace.addFour(
          rows[0], rows[1], rows[2], rows[3],
          -pullBack[s], -pullBack[s + 1], -pullBack[s + 2], -pullBack[s + 3], reach, 0, n);
    }
    for (; s < sliding.size; s++) {
      System.arraycopy(gram, points[s] * n, rows[0], 0, n);
      RowSpace.add(-pullBack[s], rows[0], reach, n);
    }
    for (s = 0; s < sliding.size; s++) {
      reach[points[s]] = 0;
    }
    reach[i] = square;
  }

  /**
   * Finds out which pairs to look at: those that may reach their kinks, and those near enough for a turn to be noted.
   * What the mean of the force does goes one way, its other coefficients are bounded.
   *
   * @param mean H B_0 at the end of the segment
   * @param margin what a pair must be past its kink, a share of ‖x_i‖
   * @param near pairs within this share of ‖x_i‖ are looked at in any case
   */
  void findSlack(double mean, double margin, double near) {
    double[] force = forces[0];
    double[] norms = space.norms;
    for (int i = 0; i < n; i++) {
      double motion = mean * signs[i] * force[i];
      slack[i] = signs[i] * preactivations[i] + margin * norms[i] + 0.5 * (motion - Math.abs(motion));
    }
    double most = Math.abs(mean);
    for (int k = 1; k < forces.length; k++) {
      double[] other = forces[k];
      for (int i = 0; i < n; i++) {
        slack[i] -= most * Math.abs(other[i]);
      }
    }
    for (int i = 0; i < n; i++) {
      // Twice the smaller of the two, without a branch.
      double farness = Math.abs(preactivations[i]) - near * norms[i];
      slack[i] = slack[i] + farness - Math.abs(slack[i] - farness);
    }
  }

  /** Is this one of those? Not where nothing moves it: an inactive pair of orthogonal inputs stays where it is. */
  boolean isToBeLookedAt(int i) {
    return slack[i] < 0 && signs[i] != 0 && (forces[0][i] != 0 || deviation(i) != 0);
  }

  /** The force on one pair, to {@code result}. */
  void forcesOn(int i, double[] result) {
    for (int k = 0; k < forces.length; k++) {
      result[k] = forces[k][i];
    }
  }

  /** What the coefficients of the force beyond its mean may add up to. */
  double deviation(int i) {
    double sum = 0;
    for (int k = 1; k < forces.length; k++) {
      sum += Math.abs(forces[k][i]);
    }
    return sum;
  }
}
