package org.liftgrad.flow;

import org.liftgrad.kernel.Argument;

/**
 * Finds what the pairs of a neuron that are at zero do from now on: the table of sliding rules for
 * all of them at once. Attracting pairs (a_j r_i &lt; 0) are the box problem of {@link KinkProblem},
 * the others follow the sign of the force on them.
 */
final class Settling {

  private static final byte INACTIVE = FlowState.INACTIVE;
  private static final byte ACTIVE = FlowState.ACTIVE;
  private static final byte SLIDING = FlowState.SLIDING;
  /** No mode: its change is an event and no jump. */
  private static final byte SETTLED_BY_EVENT = -1;

  /** Where no pair has an event. */
  private static final int NO_POINT = -1;

  private final PairState state;
  private final FlowProblem problem;
  /** G, row by row. */
  private final double[] gram;
  private final int n;
  private long jumps;
  private long ambiguous;
  private int mostSliding;

  private final KinkProblem kinks;
  /** The points whose pairs with the neuron are at zero, and how many they are. */
  private final int[] zeros;

  private int count;
  /** Their modes before the event and as found so far. */
  private final byte[] before;

  private final byte[] now;
  private final byte[] kept;
  /** Their places that attract. */
  private final int[] attracting;

  private int size;
  /** What everything but the attracting pairs pulls at them, and how far rounding may have moved that. */
  private final double[] pulls;

  private final double[] roundings;

  private final double[] share;

  Settling(PairState state) {
    this.state = state;
    problem = state.problem;
    gram = problem.gram();
    n = state.n;
    kinks = new KinkProblem(gram, n);
    zeros = new int[n];
    before = new byte[n];
    now = new byte[n];
    kept = new byte[n];
    attracting = new int[n];
    pulls = new double[n];
    roundings = new double[n];
    share = new double[n];
  }

  /** Changes of mode of pairs that had no event themselves. */
  long jumps() {
    return jumps;
  }

  /** Choices between more than one continuation. */
  long ambiguous() {
    return ambiguous;
  }

  void countAmbiguous() {
    ambiguous++;
  }

  /** The largest number of pairs that slid at a time. */
  int mostSliding() {
    return mostSliding;
  }

  /** Goes on counting from the figures of a checkpoint. */
  void restoreCounts(long jumpsSoFar, long ambiguousSoFar, int mostSlidingSoFar) {
    jumps = jumpsSoFar;
    ambiguous = ambiguousSoFar;
    mostSliding = mostSlidingSoFar;
  }

  // ---------------------------------------------------------------- occasions

  /** At the start; refused where a neuron could go either way. */
  void start() {
    for (int j = 0; j < state.p; j++) {
      state.findSide(j);
      settle(j, NO_POINT, INACTIVE);
      refuseUnstable(j);
    }
  }

  /** The readout of a neuron changes its sign: what attracted repels, and the strict indicator lets go. */
  void turn(int j) {
    state.findSide(j);
    for (int s = 0; s < state.slidings[j]; s++) {
      state.modes[j * n + state.sliding[j][s]] = INACTIVE;
      ambiguous++;
    }
    settle(j, NO_POINT, INACTIVE);
  }

  /** A pair has an event. */
  void event(int j, int point, byte target) {
    int alone = state.zerosOf(j, zeros);
    int together = state.putAtKinks(j);
    if (together == n) {
      passZero(j);
      return;
    }
    if (together > alone) {
      countCoincident(j);
    }
    int pair = j * n + point;
    byte from = target;
    if (state.modes[pair] != SLIDING) {
      boolean attracts = state.side[j] * state.r[point] < 0;
      // An attracting pair starts as inactive and slides only if it is pushed up.
      from = !attracts && state.modes[pair] == INACTIVE ? ACTIVE : INACTIVE;
    }
    settle(j, point, from);
  }

  /**
   * The weight of a neuron is 0, a kink of all points, where few dimensions and sliding lead: every
   * pair that does not slide goes through to its other side, as in descent, which steps over 0. Where
   * the velocity there does not lead away, settling finds that of least norm, 0: the neuron is dead.
   */
  private void passZero(int j) {
    for (int i = 0; i < n; i++) {
      int pair = j * n + i;
      ambiguous += state.a[j] * state.r[i] > state.noise[i] * Math.abs(state.a[j]) ? 1 : 0;
      if (state.modes[pair] != SLIDING) {
        state.modes[pair] = state.modes[pair] == ACTIVE ? INACTIVE : ACTIVE;
      }
    }
    settle(j, NO_POINT, INACTIVE);
  }

  // ---------------------------------------------------------------- modes

  /**
   * Finds the modes of all pairs of a neuron that are at zero.
   *
   * @param event the point whose pair has an event, or {@link #NO_POINT}
   * @param from what that pair starts from
   */
  private void settle(int j, int event, byte from) {
    count = state.zerosOf(j, zeros);
    double sign = state.side[j];
    for (int s = 0; s < count; s++) {
      before[s] = state.modes[j * n + zeros[s]];
      // Only what attracts can slide; a residual may have changed its sign while its share was noise.
      boolean letGo = before[s] == SLIDING && !(sign * state.r[zeros[s]] < 0);
      now[s] = letGo ? INACTIVE : before[s];
      if (event == zeros[s]) {
        now[s] = from;
        before[s] = SETTLED_BY_EVENT;
      }
    }
    for (int round = 0; count > 0; round++) {
      findPulls(j, sign);
      solveAttracting(NO_POINT);
      int flip = wrongRepelling(j, sign);
      if (flip < 0) {
        break;
      }
      if (round > 2 * count) {
        ambiguous++;
        break;
      }
      now[flip] = now[flip] == ACTIVE ? INACTIVE : ACTIVE;
    }
    for (int s = 0; s < count; s++) {
      jumps += before[s] != SETTLED_BY_EVENT && before[s] != now[s] ? 1 : 0;
      state.modes[j * n + zeros[s]] = now[s];
    }
    state.index(j);
    countPinned(j, sign);
    mostSliding = Math.max(mostSliding, state.slidingPairs());
  }

  /** Finds which zeros attract, and what pulls at them given the others. */
  private void findPulls(int j, double sign) {
    size = 0;
    for (int s = 0; s < count; s++) {
      if (sign * state.r[zeros[s]] < 0) {
        attracting[size++] = s;
      } else if (sign == 0) {
        now[s] = INACTIVE;
      }
    }
    for (int s = 0; s < size; s++) {
      pulls[s] = pull(j, zeros[attracting[s]], sign);
      roundings[s] = state.forceRounding(j, zeros[attracting[s]]);
    }
  }

  /** The box problem of the attracting pairs among the zeros, given the others, of which one has become active. */
  private void solveAttracting(int woken) {
    for (int s = 0; s < size; s++) {
      int i = zeros[attracting[s]];
      double more = woken == NO_POINT ? 0 : gram[i * n + woken] * state.r[woken];
      kinks.set(s, i, pulls[s] + more, state.r[i], roundings[s], now[attracting[s]]);
    }
    if (size == 0) {
      return;
    }
    kinks.solve(size);
    for (int s = 0; s < size; s++) {
      now[attracting[s]] = kinks.mode(s);
    }
  }

  /** lean·(G r)_i + Σ_k G_ik r_k over the active pairs of a neuron, without the attracting ones at zero. */
  private double pull(int j, int i, double sign) {
    double sum = state.lean(i, state.r);
    for (int k = 0; k < n; k++) {
      if (state.u[j * n + k] != 0 && state.modes[j * n + k] == ACTIVE) {
        sum += gram[i * n + k] * state.r[k];
      }
    }
    for (int s = 0; s < count; s++) {
      int k = zeros[s];
      if (!(sign * state.r[k] < 0) && now[s] == ACTIVE) {
        sum += gram[i * n + k] * state.r[k];
      }
    }
    return sum;
  }

  /** A pair at zero that does not attract and whose speed contradicts its mode; −1 for none. */
  private int wrongRepelling(int j, double sign) {
    for (int s = 0; s < count; s++) {
      if (sign != 0 && sign * state.r[zeros[s]] >= 0) {
        double up = sign * forceOn(j, zeros[s]);
        double rounding = state.forceRounding(j, zeros[s]);
        if (now[s] == ACTIVE ? up < -rounding : up > rounding) {
          return s;
        }
      }
    }
    return -1;
  }

  /** The force Σ_k G_ik V'_k + lean·(G r)_i on a pair if the pairs at zero had the modes found so far. */
  private double forceOn(int j, int i) {
    for (int s = 0; s < count; s++) {
      kept[s] = state.modes[j * n + zeros[s]];
      state.modes[j * n + zeros[s]] = now[s];
    }
    state.index(j);
    double sum = state.lean(i, state.r);
    for (int m = 0; m < state.actives[j]; m++) {
      int k = state.active[j][m];
      sum += gram[i * n + k] * state.r[k];
    }
    if (state.held[j].factored()) {
      state.shares(j, state.r, share);
      for (int s = 0; s < state.slidings[j]; s++) {
        sum += gram[i * n + state.sliding[j][s]] * share[s];
      }
    }
    for (int s = 0; s < count; s++) {
      state.modes[j * n + zeros[s]] = kept[s];
    }
    state.index(j);
    return sum;
  }

  // ---------------------------------------------------------------- more than one way on

  /** Repelling pairs that meet their kinks together with another event: which comes first decides. */
  private void countCoincident(int j) {
    for (int i = 0; i < n; i++) {
      ambiguous += state.u[j * n + i] == 0 && state.side[j] * state.r[i] > state.noise[i] ? 1 : 0;
    }
  }

  /** Repelling pairs that are at zero only because their inputs are combinations of the held ones. */
  private void countPinned(int j, double sign) {
    if (!state.held[j].factored()) {
      return;
    }
    int[] slides = state.sliding[j];
    int size = state.slidings[j];
    for (int z = 0; z < count; z++) {
      int i = zeros[z];
      if (state.modes[j * n + i] != SLIDING && sign * state.r[i] > state.noise[i]) {
        for (int s = 0; s < size; s++) {
          share[s] = gram[i * n + slides[s]];
        }
        state.held[j].solve(share);
        double rest = gram[i * n + i];
        for (int s = 0; s < size; s++) {
          rest -= share[s] * gram[i * n + slides[s]];
        }
        ambiguous += rest <= HeldPairs.LEAST_SHARE * gram[i * n + i] ? 1 : 0;
      }
    }
  }

  /** After the start was settled: a repelling pair at zero that goes down, but could as well go up. */
  private void refuseUnstable(int j) {
    count = state.zerosOf(j, zeros);
    double sign = state.side[j];
    for (int s = 0; s < count; s++) {
      now[s] = state.modes[j * n + zeros[s]];
    }
    findPulls(j, sign);
    for (int s = 0; s < count; s++) {
      for (int t = 0; t < count; t++) {
        now[t] = state.modes[j * n + zeros[t]];
      }
      if (sign * state.r[zeros[s]] <= 0 || now[s] != INACTIVE) {
        continue;
      }
      double down = forceOn(j, zeros[s]);
      now[s] = ACTIVE;
      solveAttracting(zeros[s]);
      double up = forceOn(j, zeros[s]);
      double rounding = state.forceRounding(j, zeros[s]);
      if (sign * down < -rounding && sign * up > rounding) {
        throw Argument.refused(
            "the start",
            "on the boundary of neuron " + j + " and point " + zeros[s] + ", where the flow could go either way",
            "off it (move w_" + j + " so that ⟨w_j, x_i⟩ is not 0)");
      }
    }
  }
}
