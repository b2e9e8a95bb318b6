package org.liftgrad.flow;

/** Watches how near repelling pairs come to turning back where they crossed, or crossing where they turned. */
final class GrazingWatch {

  private final PairState state;
  private final StepSeries series;
  private final int n;
  private final double[] startSlopes;
  /** How far the pairs of one neuron move at most. */
  private final double[] motions;
  /** The series of one speed. */
  private final double[][] speed = new double[StepSeries.MOST_ORDER][1];
  private double smallestTurn = Double.POSITIVE_INFINITY;
  private double smallestSpeed = Double.POSITIVE_INFINITY;
  private double smallestClearance = Double.POSITIVE_INFINITY;
  private double smallestExit = Double.POSITIVE_INFINITY;

  GrazingWatch(PairState state, StepSeries series) {
    this.state = state;
    this.series = series;
    n = state.n;
    startSlopes = new double[state.u.length];
    motions = new double[n];
  }

  GrazingMargin margin() {
    return new GrazingMargin(smallestTurn, smallestSpeed, smallestClearance, smallestExit);
  }

  Payload save(Payload payload) {
    return payload
        .with("grazing slopes", startSlopes)
        .with("grazing margin", smallestTurn, smallestSpeed, smallestClearance, smallestExit);
  }

  void restore(Payload payload) {
    System.arraycopy(payload.finite("grazing slopes", startSlopes.length), 0, startSlopes, 0, startSlopes.length);
    double[] margin = payload.doubles("grazing margin", 4);
    smallestTurn = margin[0];
    smallestSpeed = margin[1];
    smallestClearance = margin[2];
    smallestExit = margin[3];
  }

  /** A repelling pair crosses at the end of the step. */
  void cross(int j, int i, double delay) {
    double size = state.weightNorm(j) * state.problem.norms[i];
    if (size == 0) {
      return;
    }
    int pair = j * n + i;
    double speed = Math.abs(SeriesSegment.slope(series.u, pair, series.order, delay)) / series.unit;
    double bend = SeriesSegment.bend(series.u, pair, series.order, delay) / series.unit / series.unit;
    // Only a bend against the motion could have turned it back.
    double against = state.modes[pair] == FlowState.ACTIVE ? bend : -bend;
    double bent = Math.max(against, 0) / size;
    double clearance = bent == 0 ? Double.POSITIVE_INFINITY : speed / size * (speed / size) / (2 * bent);
    smallestSpeed = Math.min(speed / size, smallestSpeed);
    smallestClearance = Math.min(clearance, smallestClearance);
  }

  /** A sliding pair leaves its kink, by its own share. */
  void leave(int i) {
    double size = PairState.largest(state.r);
    if (size > 0) {
      smallestExit = Math.min(Math.abs(state.r[i]) / size, smallestExit);
    }
  }

  /** Repelling pairs that came nearer and turned back within the step, before the state moves. */
  void turns(double advance) {
    for (int j = 0; j < state.p; j++) {
      double norm = state.weightNorm(j);
      SeriesSegment.motions(series.u, j * n, n, series.order, advance, motions);
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        double u = state.u[pair];
        double sign = Math.signum(u);
        double approach = sign * series.u[1][pair];
        double before = startSlopes[pair];
        startSlopes[pair] = approach;
        double size = norm * state.problem.norms[i];
        double floor = smallestTurn * size;
        if (!(Math.abs(u) - motions[i] < floor)) {
          continue;
        }
        // What an event of the neuron at the start of this step turned: it was nearest there.
        boolean turnedByJump = approach > 0 && before < 0;
        if (Math.abs(u) < floor && state.a[j] * state.r[i] > 0 && (turnedByJump || leavesAPartingKink(j, i, approach))) {
          smallestTurn = Math.min(Math.abs(u) / size, smallestTurn);
        }
        if (approach < 0) {
          double turn = turningDelay(pair, sign, advance);
          // It may have come to repel within the step.
          if (turn < advance && repels(j, i, turn)) {
            double nearest = Math.abs(SeriesSegment.value(series.u, pair, series.order, turn));
            smallestTurn = Math.min(nearest / size, smallestTurn);
          }
        }
      }
    }
  }

  /** Does a pair repel at a delay? */
  private boolean repels(int j, int i, double delay) {
    double readout = SeriesSegment.value(series.a, j, series.order, delay);
    return readout * SeriesSegment.value(series.r, i, series.order, delay) > 0;
  }

  /** Does a pair move away as it would on the other side of its kink? An event may have come just before or after it. */
  private boolean leavesAPartingKink(int j, int i, double approach) {
    double squaredNorm = state.problem.norms[i] * state.problem.norms[i];
    double split = (1 - state.slope) * state.a[j] * state.r[i] * squaredNorm / n * series.unit;
    return approach > 0 && approach < split;
  }

  /** Where an approaching pair first turns back; {@code advance} or more where it does not. */
  private double turningDelay(int pair, double sign, double advance) {
    for (int k = 1; k <= series.order; k++) {
      speed[k - 1][0] = k * series.u[k][pair];
    }
    return FirstRoot.of(speed, 0, series.order - 1, -sign, advance, 0);
  }
}
