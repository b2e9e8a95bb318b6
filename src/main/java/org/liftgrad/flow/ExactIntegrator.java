package org.liftgrad.flow;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;

/**
 * The exact flow, event by event. Between events the right-hand side is a polynomial in the state,
 * so the state is a power series in time whose terms come one Gram product an order; an event (a
 * pre-activation, a bound of a sliding pair or a readout reaches zero) is a root of these series.
 * At an event the velocity of its neuron at all its kinks is found anew ({@link KinkProblem}).
 *
 * <p>The order is chosen step by step: a step that ends at the next event needs few terms.
 */
final class ExactIntegrator {

  private static final int LEAST_ORDER = 3;
  private static final int MOST_ORDER = 22;
  /** The share of the tolerance that one step may cost. */
  private static final double STEP_SHARE = 0.01;

  /** So many steps without time moving on, and four a pair, are a stall. */
  private static final long STANDING_STEPS = 1000;

  private static final double PARALLEL = 1e-13;

  /** A pre-activation so much smaller than its neuron and its input is the rounding error of 0. */
  private static final double COINCIDENT = 64 * 0x1.0p-52;

  private static final double EPSILON = 0x1.0p-52;
  private static final byte INACTIVE = FlowState.INACTIVE;
  private static final byte ACTIVE = FlowState.ACTIVE;
  private static final byte SLIDING = FlowState.SLIDING;

  private final FlowProblem problem;
  private final int n;
  private final int p;
  private final double stepTolerance;

  /**
   * The unit of time of the series, a power of two near the fastest time scale of the start: terms of
   * a high order stay far from overflow whatever the size of the data, and no bit is lost.
   */
  private final double unit;

  // The state at the start of the step.
  private double time;
  private final double[] u;
  private final double[] a;
  private final double[] c;
  private final byte[] modes;
  private final int[][] active;
  private final int[][] sliding;
  private final HeldPairs[] held;

  // The series of the step: [order][pair], [order][neuron], [order][point].
  private final double[][] seriesU = new double[MOST_ORDER + 2][];
  private final double[][] seriesA = new double[MOST_ORDER + 2][];
  private final double[][] seriesR = new double[MOST_ORDER + 1][];
  /** a times what drives a pair: r where it is active, z where it slides. */
  private final double[][] seriesDrive = new double[MOST_ORDER + 1][];
  /** z of the sliding pairs. */
  private final double[][] seriesZ = new double[MOST_ORDER + 1][];
  private int order;
  /** The last step changed no figure by more than its last bit: no number of steps would lead anywhere. */
  private boolean frozen;

  private final boolean[] resting;
  /** A bound on the rounding error of every residual, whose terms may be far larger than itself. */
  private final double[] noise;

  private final double[] startSlopes;

  private final DMatrixRMaj left;
  private final DMatrixRMaj right;

  private long steps;
  private long standingSteps;
  private long products;
  private long events;
  private long jumps;
  private long ambiguous;
  private int largestOrder;
  private int mostSliding;
  private GrazingMargin grazing = GrazingMargin.none();

  ExactIntegrator(FlowProblem problem, double tolerance) {
    this.problem = problem;
    n = problem.points;
    p = problem.neurons;
    stepTolerance = Math.max(tolerance * STEP_SHARE, EPSILON);
    u = problem.startPreactivations.clone();
    a = problem.startReadout.clone();
    c = new double[n * p];
    modes = new byte[n * p];
    active = new int[p][];
    sliding = new int[p][];
    held = new HeldPairs[p];
    resting = new boolean[n * p];
    noise = new double[n];
    startSlopes = new double[n * p];
    for (int k = 0; k < seriesU.length; k++) {
      seriesU[k] = new double[n * p];
      seriesA[k] = new double[p];
    }
    for (int k = 0; k < seriesR.length; k++) {
      seriesR[k] = new double[n];
      seriesDrive[k] = new double[n * p];
      seriesZ[k] = new double[n * p];
    }
    left = DMatrixRMaj.wrap(p, n, seriesDrive[0]);
    right = new DMatrixRMaj(p, n);
    unit = unitOfTime();
  }

  private double unitOfTime() {
    problem.residual(u, a, seriesR[0]);
    double norm = largest(problem.norms);
    double readout = largest(a);
    double preactivation = largest(u);
    double rate =
        Math.max(
            largest(seriesR[0]) * norm,
            Math.max(readout * readout * norm * norm, preactivation * preactivation) / p);
    return rate > 0 && rate < Double.POSITIVE_INFINITY ? Math.scalb(1.0, -Math.getExponent(rate)) : 1;
  }

  // ---------------------------------------------------------------- the run

  Outcome run(Recorder recorder, double endTime, long maximumSteps) {
    refuseParallelInputs();
    Ending ending = start(recorder);
    while (ending == null) {
      ending = step(recorder, endTime, maximumSteps);
    }
    prepare();
    recorder.finish(new Series(time, 0), time);
    Statistics statistics =
        new Statistics(steps, products, events, jumps, ambiguous, largestOrder, mostSliding, grazing);
    FlowState last = new FlowState(problem);
    last.fill(new Series(time, 0), time);
    return new Outcome(ending, time, last, statistics);
  }

  private Ending start(Recorder recorder) {
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        modes[j * n + i] = u[j * n + i] > 0 ? ACTIVE : INACTIVE;
      }
    }
    residual();
    for (int j = 0; j < p; j++) {
      settle(j, new int[0], new byte[0]);
      refuseUnstableStart(j);
    }
    prepare();
    recorder.start(new Series(time, 1));
    return recorder.atLossLimit() ? Ending.LOSS_REACHED : null;
  }

  /** One step; null where the run goes on. */
  private Ending step(Recorder recorder, double endTime, long maximumSteps) {
    if (Thread.currentThread().isInterrupted()) {
      return Ending.INTERRUPTED;
    }
    if (steps >= maximumSteps) {
      return Ending.STEP_LIMIT;
    }
    if (standingSteps > STANDING_STEPS + 4L * n * p) {
      return Ending.STALLED;
    }
    prepare();
    double drive = driveScale();
    if (!Double.isFinite(drive)) {
      return Ending.NOT_FINITE;
    }
    double left = (endTime - time) / unit;
    double reach = left;
    boolean still = frozen || nothingMoves();
    if (still) {
      // Nothing will ever move again: an asked time is reached with the state as it is.
      if (endTime == Double.POSITIVE_INFINITY) {
        return Ending.STATIONARY;
      }
      standStill();
    } else {
      reach = Math.min(left, extendSeries(drive));
    }
    Event event = still ? Event.none() : firstEvent(reach);
    double advance = Math.min(reach, event.time);
    if (advance == Double.POSITIVE_INFINITY) {
      return Ending.STATIONARY;
    }
    double to = advance == left ? endTime : time + advance * unit;
    if (!(largest(seriesU[order]) < Double.POSITIVE_INFINITY)) {
      return Ending.NOT_FINITE;
    }
    Series series = new Series(time, order);
    double end = recorder.accept(series, time, to);
    steps++;
    largestOrder = Math.max(largestOrder, order);
    if (end < to) {
      // The loss reached its limit within the step.
      moveTo((end - time) / unit, Event.none());
      time = end;
      return Ending.LOSS_REACHED;
    }
    if (!still) {
      watchTurns(advance);
    }
    standingSteps = to - time <= 8 * EPSILON * time ? standingSteps + 1 : 0;
    boolean happened = event.time <= advance;
    frozen = !moveTo(advance, happened ? event : Event.none()) && !happened;
    time = to;
    if (happened) {
      settle(event);
    }
    if (recorder.atLossLimit()) {
      return Ending.LOSS_REACHED;
    }
    return time >= endTime ? Ending.TIME_REACHED : null;
  }

  /** What is left of the velocity is noise, which must not add up over a long time. */
  private void standStill() {
    order = 1;
    Arrays.fill(seriesU[1], 0);
    Arrays.fill(seriesA[1], 0);
    Arrays.fill(seriesR[1], 0);
    Arrays.fill(seriesDrive[0], 0);
  }

  /** Are the residuals of all driven pairs rounding noise? */
  private boolean nothingMoves() {
    for (int j = 0; j < p; j++) {
      for (int i : active[j]) {
        if (Math.abs(seriesR[0][i]) > noise[i] && (a[j] != 0 || u[j * n + i] != 0)) {
          return false;
        }
      }
      for (int i : sliding[j]) {
        if (Math.abs(seriesZ[0][j * n + i]) > shareNoise(j, i)) {
          return false;
        }
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- series

  /** Orders 0 and 1 of the series at the state, with pairs at zero told apart. */
  private void prepare() {
    residual();
    int corrections = 0;
    int wrong;
    do {
      restart();
      wrong = Math.max(extend(0), extend(1));
      order = 1;
    } while (wrong >= 0 && correct(wrong, corrections++));
  }

  /** Order 0 of u and a; pairs at zero rest until a term of their series is more than rounding. */
  private void restart() {
    System.arraycopy(u, 0, seriesU[0], 0, u.length);
    System.arraycopy(a, 0, seriesA[0], 0, p);
    for (int pair = 0; pair < u.length; pair++) {
      resting[pair] = u[pair] == 0 && modes[pair] != SLIDING;
    }
  }

  /**
   * A pair at zero would leave its side by its first term that is more than rounding: it changes its
   * mode. False where that was tried too often.
   */
  private boolean correct(int pair, int corrections) {
    if (corrections >= 4 * n) {
      ambiguous++;
      return false;
    }
    force(pair / n, pair % n);
    return true;
  }

  /** A pair at zero changes its mode because a derivative says so. */
  private void force(int j, int i) {
    int pair = j * n + i;
    double sign = signOfReadout(j);
    boolean attracts = sign * seriesR[0][i] < 0;
    modes[pair] = attracts ? SLIDING : modes[pair] == ACTIVE ? INACTIVE : ACTIVE;
    index(j);
    if (held[j] == null && sliding[j].length > 0) {
      modes[pair] = INACTIVE;
      index(j);
    }
    events++;
  }

  /** A bound on the rounding error of the coefficient of u_ji of order driveOrder + 1, times that order. */
  private double rounding(int driveOrder, int j, int i) {
    if (driveOrder == 0) {
      return Math.abs(a[j]) * forceRounding(j, i) * unit / n;
    }
    double exact = 0;
    double inputs = 0;
    double[] drive = seriesDrive[driveOrder];
    double readout = 0;
    for (int l = 0; l <= driveOrder; l++) {
      readout += Math.abs(seriesA[l][j]);
    }
    for (int k = 0; k < n; k++) {
      double size = Math.abs(drive[j * n + k]);
      if (size > 0) {
        // The unit of time is near the fastest time scale: later terms of r have about its noise.
        exact += Math.abs(problem.gram[i * n + k]) * (8 * EPSILON * size + readout * noise[k]);
        inputs += size * problem.norms[k];
      }
    }
    return (exact + problem.gramRounding * problem.norms[i] * inputs) * unit / n;
  }

  /**
   * A bound on the rounding error of the force Σ_k G_ik V_jk on a pair, whatever the modes of the
   * pairs at zero: one figure for all who ask whether a force is 0, so that they agree.
   */
  private double forceRounding(int j, int i) {
    double exact = 0;
    double inputs = 0;
    for (int k = 0; k < n; k++) {
      int pair = j * n + k;
      if (u[pair] == 0 || modes[pair] == ACTIVE) {
        double size = Math.abs(seriesR[0][k]);
        exact += Math.abs(problem.gram[i * n + k]) * (8 * EPSILON * size + noise[k]);
        inputs += k == i ? 0 : size * problem.norms[k];
      }
    }
    return exact + problem.gramRounding * problem.norms[i] * inputs;
  }

  /** Terms until the series reaches past the next event, or the highest order; returns its reach. */
  private double extendSeries(double drive) {
    double estimate = nextEventEstimate();
    double reach = 0;
    int corrections = 0;
    for (int k = 2; k <= MOST_ORDER; k++) {
      int wrong = extend(k);
      order = k;
      if (wrong >= 0 && correct(wrong, corrections++)) {
        prepare();
        k = 1;
        continue;
      }
      if (k < LEAST_ORDER) {
        continue;
      }
      reach = Math.min(reachOf(k, drive), reachOf(k - 1, drive));
      if (reach > 1.2 * estimate) {
        break;
      }
    }
    // The remainder is a geometric series whose first term is the last one kept.
    return 0.9 * reach;
  }

  /** The size of the velocity: of what drives a weight, and of what drives a readout (times n). */
  private double driveScale() {
    double most = largestDrive(0);
    for (int j = 0; j < p; j++) {
      for (int i : active[j]) {
        // Written so that NaN comes out as such.
        double size = Math.abs(seriesR[0][i] * u[j * n + i]);
        most = size <= most ? most : size;
      }
    }
    return most;
  }

  /** The largest length of a_j r_i x_i, what one point adds to the speed of one weight, of an order. */
  private double largestDrive(int k) {
    double most = 0;
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        double size = Math.abs(seriesDrive[k][j * n + i]) * problem.norms[i];
        // Written so that NaN comes out as such.
        most = size <= most ? most : size;
      }
    }
    return most;
  }

  private double reachOf(int k, double drive) {
    double size = largestDrive(k);
    return size == 0
        ? Double.POSITIVE_INFINITY
        : StrictMath.pow(stepTolerance * drive / size, 1.0 / k);
  }

  /** The next event by the first terms only: it decides how many terms are worth computing. */
  private double nextEventEstimate() {
    double estimate = Double.POSITIVE_INFINITY;
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        if (modes[pair] != SLIDING && !resting[pair] && u[pair] != 0) {
          double sign = modes[pair] == ACTIVE ? 1 : -1;
          double value = sign * u[pair];
          double slope = sign * seriesU[1][pair];
          double bend = sign * seriesU[2][pair];
          if (slope < 0 || bend < 0) {
            estimate = Math.min(estimate, parabolaRoot(value, slope, bend));
          }
        }
      }
      for (int i : sliding[j]) {
        int pair = j * n + i;
        double sign = seriesR[0][i] > 0 ? 1 : -1;
        double z = sign * seriesZ[0][pair];
        double slope = sign * seriesZ[1][pair];
        double slack = shareNoise(j, i);
        double gap = sign * seriesR[0][i] - z + slack;
        z += slack;
        double gapSlope = sign * seriesR[1][i] - slope;
        estimate = Math.min(estimate, slope < 0 ? -z / slope : Double.POSITIVE_INFINITY);
        estimate = Math.min(estimate, gapSlope < 0 ? -gap / gapSlope : Double.POSITIVE_INFINITY);
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

  /**
   * Order k of r, z and the drive, and order k + 1 of u and a, from all orders up to k.
   *
   * @return a pair at zero which this order takes to the side where its mode does not belong; −1 for none
   */
  private int extend(int k) {
    double[] r = seriesR[k];
    Arrays.fill(r, 0);
    for (int j = 0; j < p; j++) {
      int base = j * n;
      for (int l = 0; l <= k; l++) {
        double factor = seriesA[l][j];
        double[] other = seriesU[k - l];
        for (int i : active[j]) {
          r[i] += factor * other[base + i];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      r[i] = (k == 0 ? problem.labels[i] : 0) - r[i] / p;
    }
    double[] drive = seriesDrive[k];
    Arrays.fill(drive, 0);
    for (int j = 0; j < p; j++) {
      if (sliding[j].length > 0) {
        slidingShares(k, j);
      }
      int base = j * n;
      for (int l = 0; l <= k; l++) {
        double factor = seriesA[l][j];
        double[] residuals = seriesR[k - l];
        double[] shares = seriesZ[k - l];
        for (int i : active[j]) {
          drive[base + i] += factor * residuals[i];
        }
        for (int i : sliding[j]) {
          drive[base + i] += factor * shares[base + i];
        }
      }
    }
    left.setData(drive);
    right.setData(seriesU[k + 1]);
    problem.product.multiply(left, right);
    products++;
    double scale = unit / (n * (k + 1.0));
    double[] next = seriesU[k + 1];
    int wrong = -1;
    for (int pair = 0; pair < next.length; pair++) {
      next[pair] = modes[pair] == SLIDING ? 0 : next[pair] * scale;
      if (resting[pair] && next[pair] != 0) {
        if (Math.abs(next[pair]) * (k + 1) <= rounding(k, pair / n, pair % n)) {
          next[pair] = 0;
        } else {
          resting[pair] = false;
          // At order 0 that is an event at once; later it is the same event, seen by its derivative.
          wrong = k > 0 && next[pair] > 0 != (modes[pair] == ACTIVE) ? pair : wrong;
        }
      }
    }
    double[] nextA = seriesA[k + 1];
    for (int j = 0; j < p; j++) {
      int base = j * n;
      double sum = 0;
      for (int l = 0; l <= k; l++) {
        double[] residuals = seriesR[l];
        double[] other = seriesU[k - l];
        for (int i : active[j]) {
          sum += residuals[i] * other[base + i];
        }
      }
      nextA[j] = sum * scale;
    }
    return wrong;
  }

  /** Order k of z: G_SS z = −G_SA r. */
  private void slidingShares(int k, int j) {
    int[] slides = sliding[j];
    double[] share = new double[slides.length];
    for (int s = 0; s < slides.length; s++) {
      int row = slides[s] * n;
      double pull = 0;
      for (int i : active[j]) {
        pull += problem.gram[row + i] * seriesR[k][i];
      }
      share[s] = -pull;
    }
    held[j].solve(share);
    for (int s = 0; s < slides.length; s++) {
      seriesZ[k][j * n + slides[s]] = share[s];
    }
  }

  private static double horner(double[][] series, int at, int highest, double delay) {
    double value = 0;
    for (int k = highest; k >= 0; k--) {
      value = value * delay + series[k][at];
    }
    return value;
  }

  private static double slope(double[][] series, int at, int highest, double delay) {
    double value = 0;
    for (int k = highest; k >= 1; k--) {
      value = value * delay + k * series[k][at];
    }
    return value;
  }

  // ---------------------------------------------------------------- events

  /**
   * The first event of a step.
   *
   * @param time after the start of the step; infinite for none
   * @param neuron j
   * @param point i; −1 where the readout changes its sign
   * @param target what a sliding pair becomes; for others the mode it has
   */
  private record Event(double time, int neuron, int point, byte target) {
    static Event none() {
      return new Event(Double.POSITIVE_INFINITY, -1, -1, INACTIVE);
    }
  }

  private Event firstEvent(double reach) {
    Event first = Event.none();
    double limit = reach;
    double[][] gap = new double[order + 1][1];
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        if (modes[pair] == SLIDING) {
          double sign = signOfResidual(i);
          double slack = shareNoise(j, i);
          // A share leaves [0, 1] by more than its noise: at the bounds themselves it could come and go.
          for (int k = 0; k <= order; k++) {
            gap[k][0] = seriesZ[k][pair];
          }
          gap[0][0] += sign * slack;
          double root = FirstRoot.of(gap, 0, order, sign, limit);
          if (root < first.time && root <= limit) {
            first = new Event(root, j, i, INACTIVE);
            limit = root;
          }
          for (int k = 0; k <= order; k++) {
            gap[k][0] = seriesR[k][i] - seriesZ[k][pair];
          }
          gap[0][0] += sign * slack;
          root = FirstRoot.of(gap, 0, order, sign, limit);
          if (root < first.time && root <= limit) {
            first = new Event(root, j, i, ACTIVE);
            limit = root;
          }
        } else if (!resting[pair]) {
          double root = FirstRoot.of(seriesU, pair, order, modes[pair] == ACTIVE ? 1 : -1, limit);
          if (root < first.time && root <= limit) {
            first = new Event(root, j, i, modes[pair]);
            limit = root;
          }
        }
      }
      double root = FirstRoot.of(seriesA, j, order, signOfReadout(j), limit);
      if (root < first.time && root <= limit) {
        first = new Event(root, j, -1, INACTIVE);
        limit = root;
      }
    }
    return first;
  }

  private double signOfReadout(int j) {
    for (int k = 0; k <= order; k++) {
      if (seriesA[k][j] != 0) {
        return seriesA[k][j] > 0 ? 1 : -1;
      }
    }
    return 1;
  }

  /** A bound on the rounding error of z. */
  private double shareNoise(int j, int i) {
    return forceRounding(j, i) / problem.gram[i * n + i];
  }

  private double signOfResidual(int i) {
    return seriesR[0][i] > 0 ? 1 : -1;
  }

  /** Moves the state to a time within the step; false where no figure changes by more than its last bit. */
  private boolean moveTo(double delay, Event event) {
    boolean moved = false;
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        // C' = drive/n, so its series is that of the drive, integrated.
        double sum = 0;
        for (int k = order - 1; k >= 0; k--) {
          sum = sum * delay + seriesDrive[k][pair] / (k + 1);
        }
        c[pair] += sum * delay * unit / n;
        double next = modes[pair] == SLIDING || resting[pair] ? 0 : horner(seriesU, pair, order, delay);
        moved |= Math.abs(next - u[pair]) > EPSILON * Math.abs(next);
        u[pair] = next;
      }
      double next = horner(seriesA, j, order, delay);
      moved |= Math.abs(next - a[j]) > EPSILON * Math.abs(next);
      a[j] = next;
    }
    if (event.neuron >= 0) {
      if (event.point < 0) {
        a[event.neuron] = 0;
      } else {
        u[event.neuron * n + event.point] = 0;
      }
    }
    return moved;
  }

  /** The velocity of the event's neuron, found anew. */
  private void settle(Event event) {
    int j = event.neuron;
    events++;
    residual();
    if (event.point < 0) {
      // The readout changes its sign: what attracted repels, and the strict indicator lets go.
      for (int i : sliding[j]) {
        modes[j * n + i] = INACTIVE;
        ambiguous++;
      }
      settle(j, new int[0], new byte[0]);
      return;
    }
    if (putAtKinks(j) == n) {
      passZero(j);
      return;
    }
    int pair = j * n + event.point;
    byte target = event.target;
    if (modes[pair] != SLIDING) {
      boolean repels = a[j] * seriesR[0][event.point] >= 0;
      if (repels) {
        watchCrossing(j, event.point, event.time);
      }
      // An attracting pair starts as inactive and slides only if it is pushed up.
      target = repels && modes[pair] == INACTIVE ? ACTIVE : INACTIVE;
    }
    settle(j, new int[] {event.point}, new byte[] {target});
  }

  /**
   * Puts the pairs of a neuron that are within rounding of their kinks on them: events that coincide
   * (inputs of one plane, symmetric inputs) are one event. Returns how many pairs are at their kinks.
   */
  private int putAtKinks(int j) {
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

  /**
   * The weight of a neuron is 0, a kink of all points, where few dimensions and sliding lead: every
   * pair that does not slide goes through to its other side, as in descent, which steps over 0. Where
   * the velocity there does not lead away, settling finds that of least norm, 0: the neuron is dead.
   */
  private void passZero(int j) {
    for (int i = 0; i < n; i++) {
      int pair = j * n + i;
      ambiguous += a[j] * seriesR[0][i] > noise[i] * Math.abs(a[j]) ? 1 : 0;
      if (modes[pair] != SLIDING) {
        modes[pair] = modes[pair] == ACTIVE ? INACTIVE : ACTIVE;
      }
    }
    settle(j, new int[0], new byte[0]);
  }

  /**
   * Finds the modes of all pairs of a neuron that are at zero.
   *
   * @param eventPoints points whose pair has an event
   * @param eventModes what these pairs start from
   */
  private void settle(int j, int[] eventPoints, byte[] eventModes) {
    int[] zeros = zerosOf(j);
    int count = zeros.length;
    if (count == 0) {
      index(j);
      return;
    }
    byte[] before = new byte[count];
    byte[] now = new byte[count];
    boolean[] isEvent = new boolean[count];
    for (int s = 0; s < count; s++) {
      before[s] = modes[j * n + zeros[s]];
      now[s] = before[s];
      for (int e = 0; e < eventPoints.length; e++) {
        if (eventPoints[e] == zeros[s]) {
          now[s] = eventModes[e];
          isEvent[s] = true;
        }
      }
    }
    double sign = signFromNowOn(j);
    for (int round = 0; ; round++) {
      solveAttracting(j, zeros, now, sign);
      int flip = wrongRepelling(j, zeros, now, sign);
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
      if (!isEvent[s] && now[s] != before[s]) {
        jumps++;
      }
      modes[j * n + zeros[s]] = now[s];
    }
    index(j);
    countPinned(j, zeros, sign);
    mostSliding = Math.max(mostSliding, totalSliding());
  }

  /** Repelling pairs that are at zero only because their inputs are combinations of the held ones. */
  private void countPinned(int j, int[] zeros, double sign) {
    if (held[j] == null) {
      return;
    }
    for (int i : zeros) {
      if (modes[j * n + i] != SLIDING && sign * seriesR[0][i] > noise[i]) {
        double[] share = new double[sliding[j].length];
        for (int s = 0; s < share.length; s++) {
          share[s] = problem.gram[i * n + sliding[j][s]];
        }
        held[j].solve(share);
        double rest = problem.gram[i * n + i];
        for (int s = 0; s < share.length; s++) {
          rest -= share[s] * problem.gram[i * n + sliding[j][s]];
        }
        ambiguous += rest <= HeldPairs.LEAST_SHARE * problem.gram[i * n + i] ? 1 : 0;
      }
    }
  }

  /** The sign of a readout just after now: that of its speed where it is 0; 0 where that is 0 too. */
  private double signFromNowOn(int j) {
    if (a[j] != 0) {
      return Math.signum(a[j]);
    }
    double speed = 0;
    for (int i = 0; i < n; i++) {
      speed += u[j * n + i] > 0 ? seriesR[0][i] * u[j * n + i] : 0;
    }
    return Math.signum(speed);
  }

  /** The box problem of the attracting pairs among the zeros, given the repelling ones. */
  private void solveAttracting(int j, int[] zeros, byte[] now, double sign) {
    double[] r = seriesR[0];
    int[] attracting = new int[zeros.length];
    int size = 0;
    for (int s = 0; s < zeros.length; s++) {
      if (sign * r[zeros[s]] < 0) {
        attracting[size++] = s;
      } else if (sign == 0) {
        now[s] = INACTIVE;
      }
    }
    if (size == 0) {
      return;
    }
    double[] gram = new double[size * size];
    double[] pull = new double[size];
    double[] residuals = new double[size];
    double[] tolerance = new double[size];
    Mode[] start = new Mode[size];
    for (int s = 0; s < size; s++) {
      int i = zeros[attracting[s]];
      for (int t = 0; t < size; t++) {
        gram[s * size + t] = problem.gram[i * n + zeros[attracting[t]]];
      }
      residuals[s] = r[i];
      start[s] = Mode.values()[now[attracting[s]]];
      pull[s] = pull(j, i, zeros, now, attracting, size);
      tolerance[s] = forceRounding(j, i);
    }
    KinkProblem solved = KinkProblem.solve(gram, pull, residuals, tolerance, start);
    for (int s = 0; s < size; s++) {
      now[attracting[s]] = (byte) solved.modes()[s].ordinal();
    }
  }

  /** Σ_k G_ik r_k over the active pairs of a neuron that are not among the excluded ones. */
  private double pull(int j, int i, int[] zeros, byte[] now, int[] excluded, int excludedCount) {
    double[] r = seriesR[0];
    double sum = 0;
    for (int k = 0; k < n; k++) {
      if (u[j * n + k] != 0 && modes[j * n + k] == ACTIVE) {
        sum += problem.gram[i * n + k] * r[k];
      }
    }
    for (int s = 0; s < zeros.length; s++) {
      boolean out = false;
      for (int e = 0; e < excludedCount; e++) {
        out |= excluded[e] == s;
      }
      if (!out && now[s] == ACTIVE) {
        sum += problem.gram[i * n + zeros[s]] * r[zeros[s]];
      }
    }
    return sum;
  }

  /** A pair at zero that does not attract and whose speed contradicts its mode; −1 for none. */
  private int wrongRepelling(int j, int[] zeros, byte[] now, double sign) {
    for (int s = 0; s < zeros.length; s++) {
      if (sign != 0 && sign * seriesR[0][zeros[s]] >= 0) {
        double up = sign * forceOn(j, zeros[s], zeros, now);
        double rounding = forceRounding(j, zeros[s]);
        if (now[s] == ACTIVE ? up < -rounding : up > rounding) {
          return s;
        }
      }
    }
    return -1;
  }

  /** The force Σ_k G_ik V_k on a pair if the pairs at zero had these modes. */
  private double forceOn(int j, int i, int[] zeros, byte[] now) {
    byte[] kept = new byte[zeros.length];
    for (int s = 0; s < zeros.length; s++) {
      kept[s] = modes[j * n + zeros[s]];
      modes[j * n + zeros[s]] = now[s];
    }
    index(j);
    double sum = 0;
    for (int k : active[j]) {
      sum += problem.gram[i * n + k] * seriesR[0][k];
    }
    if (held[j] != null) {
      slidingShares(0, j);
      for (int k : sliding[j]) {
        sum += problem.gram[i * n + k] * seriesZ[0][j * n + k];
      }
    }
    for (int s = 0; s < zeros.length; s++) {
      modes[j * n + zeros[s]] = kept[s];
    }
    index(j);
    return sum;
  }

  /** Two parallel inputs share a kink, where their pairs cannot be told apart. */
  private void refuseParallelInputs() {
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        double cosine = problem.gram[i * n + k] / (problem.norms[i] * problem.norms[k]);
        if (Math.abs(cosine) > 1 - PARALLEL) {
          throw Argument.refused(
              "inputs " + k + " and " + i,
              "parallel to each other",
              "in different directions for the exact flow (points of one direction, x_k = c_k x with c_k > 0,"
                  + " can be merged into the point √ω x with label Σ c_k y_k / √ω, ω = Σ c_k²)");
        }
      }
    }
  }

  /** After the start was settled: a repelling pair at zero that goes down, but could as well go up. */
  private void refuseUnstableStart(int j) {
    int[] zeros = zerosOf(j);
    double sign = signFromNowOn(j);
    for (int s = 0; s < zeros.length; s++) {
      byte[] now = new byte[zeros.length];
      for (int t = 0; t < zeros.length; t++) {
        now[t] = modes[j * n + zeros[t]];
      }
      if (sign * seriesR[0][zeros[s]] <= 0 || now[s] != INACTIVE) {
        continue;
      }
      double down = forceOn(j, zeros[s], zeros, now);
      now[s] = ACTIVE;
      solveAttracting(j, zeros, now, sign);
      double up = forceOn(j, zeros[s], zeros, now);
      double rounding = forceRounding(j, zeros[s]);
      if (sign * down < -rounding && sign * up > rounding) {
        throw Argument.refused(
            "the start",
            "on the boundary of neuron " + j + " and point " + zeros[s] + ", where the flow could go either way",
            "off it (move w_" + j + " so that ⟨w_j, x_i⟩ is not 0)");
      }
    }
  }

  private int[] zerosOf(int j) {
    int[] zeros = new int[n];
    int count = 0;
    for (int i = 0; i < n; i++) {
      if (u[j * n + i] == 0) {
        zeros[count++] = i;
      }
    }
    return Arrays.copyOf(zeros, count);
  }

  private int totalSliding() {
    int count = 0;
    for (int[] pairs : sliding) {
      count += pairs == null ? 0 : pairs.length;
    }
    return count;
  }

  /** Lists a neuron's active and sliding pairs, and factors what is held. */
  private void index(int j) {
    int[] up = new int[n];
    int[] zero = new int[n];
    int ups = 0;
    int zeros = 0;
    for (int i = 0; i < n; i++) {
      byte mode = modes[j * n + i];
      if (mode == ACTIVE) {
        up[ups++] = i;
      } else if (mode == SLIDING) {
        zero[zeros++] = i;
      }
    }
    active[j] = Arrays.copyOf(up, ups);
    sliding[j] = Arrays.copyOf(zero, zeros);
    Optional<HeldPairs> factored =
        zeros == 0 ? Optional.empty() : HeldPairs.of(problem.gram, n, sliding[j]);
    held[j] = factored.orElse(null);
  }

  /** The residual of the state and its noise. */
  private void residual() {
    problem.residual(u, a, seriesR[0]);
    Arrays.fill(noise, 0);
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        noise[i] += Math.abs(a[j]) * Math.max(u[j * n + i], 0);
      }
    }
    for (int i = 0; i < n; i++) {
      noise[i] = 8 * EPSILON * (Math.abs(problem.labels[i]) + noise[i] / p);
    }
  }

  // ---------------------------------------------------------------- grazing

  private double relativeSize(int j) {
    double change = 0;
    for (int k = j * n; k < (j + 1) * n; k++) {
      change += c[k] * (problem.startPreactivations[k] + u[k]);
    }
    return Math.sqrt(Math.max(problem.startSquaredNorms[j] + change, 0));
  }

  private void watchCrossing(int j, int i, double delay) {
    double size = relativeSize(j) * problem.norms[i];
    if (size == 0) {
      return;
    }
    int pair = j * n + i;
    double speed = Math.abs(slope(seriesU, pair, order, delay));
    double bend = 0;
    for (int k = order; k >= 2; k--) {
      bend = bend * delay + k * (k - 1.0) * seriesU[k][pair];
    }
    // Only a bend against the motion could have turned it back.
    double against = modes[pair] == ACTIVE ? bend : -bend;
    grazing = grazing.withCrossing(speed / unit / size, Math.max(against, 0) / unit / unit / size);
  }

  /** Repelling pairs that came nearer and turned back within the step. */
  private void watchTurns(double advance) {
    double[] r = seriesR[0];
    for (int j = 0; j < p; j++) {
      double size = relativeSize(j);
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        double value = Math.abs(u[pair]);
        double approach = u[pair] > 0 ? seriesU[1][pair] : -seriesU[1][pair];
        // What an event of the neuron at the start of this step turned: it was nearest there.
        boolean turnedByJump = approach > 0 && startSlopes[pair] < 0;
        startSlopes[pair] = u[pair] == 0 ? 0 : approach;
        if (u[pair] == 0 || a[j] * r[i] <= 0) {
          continue;
        }
        double floor = grazing.smallestTurn() * size * problem.norms[i];
        if (turnedByJump && value < floor) {
          grazing = grazing.withTurn(value / (size * problem.norms[i]));
        }
        if (approach >= 0) {
          continue;
        }
        double motion = 0;
        for (int k = order; k >= 1; k--) {
          motion = (motion + Math.abs(seriesU[k][pair])) * advance;
        }
        if (value - motion < floor) {
          double sign = u[pair] > 0 ? 1 : -1;
          if (sign * slope(seriesU, pair, order, advance) > 0) {
            double low = 0;
            double high = advance;
            for (int halving = 0; halving < 60; halving++) {
              double middle = 0.5 * (low + high);
              if (sign * slope(seriesU, pair, order, middle) > 0) {
                high = middle;
              } else {
                low = middle;
              }
            }
            double turn = Math.abs(horner(seriesU, pair, order, high));
            grazing = grazing.withTurn(turn / (size * problem.norms[i]));
          }
        }
      }
    }
  }

  // ---------------------------------------------------------------- dense output

  private static double largest(double[] values) {
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

  /** The state within the step, from the series. */
  private final class Series implements Segment {
    private final double start;
    private final int highest;

    Series(double start, int highest) {
      this.start = start;
      this.highest = highest;
    }

    @Override
    public void fill(double at, FlowState state) {
      double delay = (at - start) / unit;
      for (int pair = 0; pair < n * p; pair++) {
        state.preactivations[pair] = horner(seriesU, pair, highest, delay);
        state.preactivationSpeeds[pair] = slope(seriesU, pair, Math.max(highest, 1), delay) / unit;
      }
      for (int j = 0; j < p; j++) {
        state.readout[j] = horner(seriesA, j, highest, delay);
        state.readoutSpeeds[j] = slope(seriesA, j, Math.max(highest, 1), delay) / unit;
      }
      for (int i = 0; i < n; i++) {
        state.residual[i] = horner(seriesR, i, highest, delay);
      }
      System.arraycopy(modes, 0, state.modes, 0, modes.length);
    }

    @Override
    public void fillCoefficients(double at, double[] target) {
      double delay = (at - start) / unit;
      for (int pair = 0; pair < n * p; pair++) {
        double sum = 0;
        for (int k = highest - 1; k >= 0; k--) {
          sum = sum * delay + seriesDrive[k][pair] / (k + 1);
        }
        target[pair] = c[pair] + sum * delay * unit / n;
      }
    }

    @Override
    public double loss(double at) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double value = horner(seriesR, i, highest, (at - start) / unit);
        sum += value * value;
      }
      return sum / (2 * n);
    }
  }
}
