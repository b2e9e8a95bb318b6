package org.liftgrad.flow;

/**
 * Finds the next event of a step from its series, and holds it: a pre-activation, a bound of a sliding pair
 * or a readout reaches zero. A share has to leave [0, 1] by more than its rounding
 * error: at the bounds themselves noise would make it come and go without end.
 */
final class EventSearch {

  private final PairState state;
  private final StepSeries series;
  private final int n;
  /** How far the pairs of one neuron move at most. */
  private final double[] motions;
  private final double[][] gap = new double[StepSeries.MOST_ORDER + 1][1];
  private double delay;
  private int neuron;
  private int point;
  private byte target;

  EventSearch(PairState state, StepSeries series) {
    this.state = state;
    this.series = series;
    n = state.n;
    motions = new double[n];
  }

  /** When the event found happens, after the start of the step, in units of its series; infinite for none. */
  double delay() {
    return delay;
  }

  /** Its neuron j. */
  int neuron() {
    return neuron;
  }

  /** Its point i; −1 where the readout changes its sign. */
  int point() {
    return point;
  }

  /** What a sliding pair becomes; for others the mode it has. */
  byte target() {
    return target;
  }

  /** Forgets the event. */
  void clear() {
    delay = Double.POSITIVE_INFINITY;
    neuron = -1;
    point = -1;
    target = FlowState.INACTIVE;
  }

  private void found(double when, int j, int i, byte mode) {
    delay = when;
    neuron = j;
    point = i;
    target = mode;
  }

  /** The delay of the next event by the first terms only: it decides how many terms are worth computing. */
  double estimate() {
    double[][] u = series.u;
    double estimate = Double.POSITIVE_INFINITY;
    for (int j = 0; j < state.p; j++) {
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        if (u[0][pair] != 0) {
          double sign = state.modes[pair] == FlowState.ACTIVE ? 1 : -1;
          double slope = sign * u[1][pair];
          double bend = sign * u[2][pair];
          // What does not reach zero by the estimate so far even without what lifts it needs no root.
          double fall = Math.max(-slope, 0) + Math.max(-bend, 0) * estimate;
          if ((slope < 0 || bend < 0) && !(sign * u[0][pair] > fall * estimate)) {
            estimate = Math.min(estimate, parabolaRoot(sign * u[0][pair], slope, bend));
          }
        }
      }
      for (int s = 0; s < state.slidings[j]; s++) {
        int i = state.sliding[j][s];
        int pair = j * n + i;
        double sign = signOfResidual(i);
        double z = sign * series.z[0][pair];
        double slope = sign * series.z[1][pair];
        double gap = sign * series.r[0][i] - z;
        double gapSlope = sign * series.r[1][i] - slope;
        // The bound on the rounding costs more than the rest: only where it may matter.
        if (slope < 0 && -z / slope < estimate) {
          estimate = Math.min(estimate, -(z + state.shareRounding(j, i)) / slope);
        }
        if (gapSlope < 0 && -gap / gapSlope < estimate) {
          estimate = Math.min(estimate, -(gap + state.shareRounding(j, i)) / gapSlope);
        }
      }
    }
    return estimate;
  }

  private static double parabolaRoot(double value, double slope, double bend) {
    double discriminant = slope * slope - 4 * bend * value;
    if (discriminant < 0) {
      return Double.POSITIVE_INFINITY;
    }
    double root = Math.sqrt(discriminant);
    // The smallest positive root, in the form that does not cancel.
    double time = slope < 0 ? 2 * value / (root - slope) : -(slope + root) / (2 * bend);
    return time > 0 ? time : Double.POSITIVE_INFINITY;
  }

  /** Finds the first event up to a delay. */
  void find(double reach) {
    int order = series.order;
    clear();
    double limit = reach;
    for (int j = 0; j < state.p; j++) {
      SeriesSegment.motions(series.u, j * n, n, order, limit, motions);
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        if (state.modes[pair] == FlowState.SLIDING) {
          double sign = signOfResidual(i);
          double root = exit(series.z, pair, sign, limit, j, i);
          if (root < delay && root <= limit) {
            found(root, j, i, FlowState.INACTIVE);
            limit = root;
          }
          for (int k = 0; k <= order; k++) {
            gap[k][0] = series.r[k][i] - series.z[k][pair];
          }
          root = exit(gap, 0, sign, limit, j, i);
          if (root < delay && root <= limit) {
            found(root, j, i, FlowState.ACTIVE);
            limit = root;
          }
        } else if (!series.resting[pair]) {
          byte mode = state.modes[pair];
          double sign = mode == FlowState.ACTIVE ? 1 : -1;
          if (sign * series.u[0][pair] > motions[i]) {
            continue;
          }
          double root = FirstRoot.of(series.u, pair, order, sign, limit, 0);
          if (root < delay && root <= limit) {
            found(root, j, i, mode);
            limit = root;
          }
        }
      }
      double root = FirstRoot.of(series.a, j, order, series.signOfReadout(j), limit, 0);
      if (root < delay && root <= limit) {
        found(root, j, -1, FlowState.INACTIVE);
        limit = root;
      }
    }
  }

  /** Where a share, or what it lacks to 1, falls under 0 by more than its rounding. */
  private double exit(double[][] share, int at, double sign, double limit, int j, int i) {
    double root = FirstRoot.of(share, at, series.order, sign, limit, 0);
    return root <= limit
        ? FirstRoot.of(share, at, series.order, sign, limit, state.shareRounding(j, i))
        : root;
  }

  private double signOfResidual(int i) {
    return series.r[0][i] > 0 ? 1 : -1;
  }
}
