package org.liftgrad.flow;

import java.util.Arrays;

/**
 * Where an exact run stands: pre-activations, readout, coefficients and residual, and what every pair
 * does. Beside each figure that is compared with 0 it gives a bound on its rounding error. All arrays are
 * made at the start, so that a step allocates nothing.
 */
final class PairState {

  static final double EPSILON = 0x1.0p-52;

  /** A pre-activation so much smaller than its neuron and its input is the rounding error of 0. */
  private static final double COINCIDENT = 64 * EPSILON;

  final FlowProblem problem;
  /** G, row by row. */
  private final double[] gram;
  final int n;
  final int p;
  /** σ' on the inactive side, from 0 up to but not 1. */
  final double slope;
  /**
   * slope / (1 − slope). With V = slope·r + (1 − slope) V', leaky ReLU is ReLU in V': z' lies between 0 and r,
   * and all points together add this many times G r to every pull.
   */
  final double lean;
  double time;
  /** ⟨w_j, x_i⟩ at j·n + i, as all pairs. */
  final double[] u;
  /** The readout. */
  final double[] a;
  /** The sign of a readout since its last event, whatever rounding made of it; 0 while it is not known. */
  final double[] side;
  /** C with W(t) = W(0) + C X. */
  final double[] c;
  /** The residual of the state, up to date after {@link #findResidual}. */
  final double[] r;
  /** A bound on the rounding error of every residual, whose terms may be far larger than itself. */
  final double[] noise;

  final byte[] modes;
  /** The points of a neuron's active pairs, the first {@link #actives} of each row; up to date after {@link #index}. */
  final int[][] active;

  final int[] actives;

  /** Those of its inactive pairs; none where the slope is 0, as they contribute nothing. */
  final int[][] inactive;

  final int[] inactives;

  /** Those of its sliding pairs. */
  final int[][] sliding;

  final int[] slidings;
  /** G_SS of a neuron's sliding pairs, factored unless none slides or their inputs are dependent. */
  final HeldPairs[] held;

  PairState(FlowProblem problem) {
    this.problem = problem;
    gram = problem.gram();
    n = problem.points;
    p = problem.neurons;
    slope = problem.activation.slope(-1);
    lean = slope / (1 - slope);
    u = problem.startPreactivations.clone();
    a = problem.startReadout.clone();
    side = new double[p];
    c = new double[n * p];
    r = new double[n];
    noise = new double[n];
    modes = new byte[n * p];
    active = new int[p][n];
    actives = new int[p];
    inactive = new int[p][slope > 0 ? n : 0];
    inactives = new int[p];
    sliding = new int[p][n];
    slidings = new int[p];
    held = new HeldPairs[p];
    Arrays.setAll(held, j -> new HeldPairs(gram, n));
    for (int pair = 0; pair < modes.length; pair++) {
      modes[pair] = u[pair] > 0 ? FlowState.ACTIVE : FlowState.INACTIVE;
    }
    for (int j = 0; j < p; j++) {
      index(j);
    }
    findResidual();
  }

  /** Lists a neuron's active and sliding pairs, and factors what is held. */
  void index(int j) {
    int[] up = active[j];
    int[] down = inactive[j];
    int[] zero = sliding[j];
    int ups = 0;
    int downs = 0;
    int zeros = 0;
    for (int i = 0; i < n; i++) {
      byte mode = modes[j * n + i];
      if (mode == FlowState.ACTIVE) {
        up[ups++] = i;
      } else if (mode == FlowState.SLIDING) {
        zero[zeros++] = i;
      } else if (slope > 0) {
        down[downs++] = i;
      }
    }
    actives[j] = ups;
    inactives[j] = downs;
    slidings[j] = zeros;
    held[j].factor(zero, zeros);
  }

  /** The residual of the state and its noise. */
  void findResidual() {
    problem.residual(u, a, r);
    Arrays.fill(noise, 0);
    for (int j = 0; j < p; j++) {
      double size = Math.abs(a[j]);
      for (int i = 0; i < n; i++) {
        // |σ(u)| without a branch on the sign, which no processor foresees.
        noise[i] += size * (Math.max(u[j * n + i], 0) - slope * Math.min(u[j * n + i], 0));
      }
    }
    for (int i = 0; i < n; i++) {
      noise[i] = 8 * EPSILON * (Math.abs(problem.labels[i]) + noise[i] / p);
    }
  }

  /**
   * Finds the sign of a readout from now on: that of its speed where it is 0; 0 where that is 0 too.
   */
  void findSide(int j) {
    double value = a[j];
    for (int i = 0; i < n && a[j] == 0; i++) {
      value += r[i] * problem.activation.value(u[j * n + i]);
    }
    side[j] = Math.signum(value);
  }

  int pair(int j, int i) {
    return j * n + i;
  }

  /**
   * z' of a neuron's sliding pairs in their order: G_SS z' = −G_SA r − lean·G_S r, for any coefficients r.
   *
   * @param share as many numbers as pairs slide, or more; modified
   */
  void shares(int j, double[] residuals, double[] share) {
    int[] slides = sliding[j];
    int[] up = active[j];
    for (int s = 0; s < slidings[j]; s++) {
      int row = slides[s] * n;
      double pull = 0;
      for (int k = 0; k < actives[j]; k++) {
        pull += gram[row + up[k]] * residuals[up[k]];
      }
      share[s] = -(pull + lean(slides[s], residuals));
    }
    held[j].solve(share);
  }

  /** What all points together add to the pull on a point: lean·(G r)_i; 0 for ReLU. */
  double lean(int i, double[] residuals) {
    double sum = 0;
    for (int k = 0; k < n && lean > 0; k++) {
      sum += gram[i * n + k] * residuals[k];
    }
    return lean * sum;
  }

  /**
   * A bound on the rounding error of the force Σ_k G_ik V'_jk + lean·(G r)_i on a pair, whatever the modes of
   * the pairs at zero: one figure for all who ask whether a force is 0, so that they agree.
   */
  double forceRounding(int j, int i) {
    double exact = 0;
    double inputs = 0;
    for (int k = 0; k < n; k++) {
      int pair = j * n + k;
      double weight = (u[pair] == 0 || modes[pair] == FlowState.ACTIVE ? 1 : 0) + lean;
      if (weight > 0) {
        double size = weight * Math.abs(r[k]);
        exact += Math.abs(gram[i * n + k]) * (8 * EPSILON * size + weight * noise[k]);
        inputs += k == i ? 0 : size * problem.norms[k];
      }
    }
    return exact + problem.gramRounding * problem.norms[i] * inputs;
  }

  /** A bound on the rounding error of z'. */
  double shareRounding(int j, int i) {
    return forceRounding(j, i) / gram[i * n + i];
  }

  /**
   * Finds the points whose pair with this neuron is at zero.
   *
   * @param zeros n numbers; the first ones are modified
   * @return how many there are
   */
  int zerosOf(int j, int[] zeros) {
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (u[j * n + i] == 0) {
        zeros[count++] = i;
      }
    }
    return count;
  }

  /**
   * Puts the pairs of a neuron that are within rounding of their kinks on them: events that coincide
   * (inputs of one plane, symmetric inputs) are one event. Returns how many pairs are at their kinks.
   */
  int putAtKinks(int j) {
    double size = Math.max(Math.abs(a[j]), Math.sqrt(problem.startSquaredNorms[j]));
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (Math.abs(u[j * n + i]) <= COINCIDENT * size * problem.norms[i]) {
        u[j * n + i] = 0;
        count++;
      }
    }
    return count;
  }

  int slidingPairs() {
    int count = 0;
    for (int slides : slidings) {
      count += slides;
    }
    return count;
  }

  /** ‖w_j‖. */
  double weightNorm(int j) {
    double change = 0;
    for (int k = j * n; k < (j + 1) * n; k++) {
      change += c[k] * (problem.startPreactivations[k] + u[k]);
    }
    return Math.sqrt(Math.max(problem.startSquaredNorms[j] + change, 0));
  }

  /** The largest size of some figures; NaN where one is NaN. */
  static double largest(double[] values) {
    double most = 0;
    for (double value : values) {
      double size = Math.abs(value);
      // Written so that NaN comes out as such.
      if (!(size <= most)) {
        most = size;
      }
    }
    return most;
  }
}
