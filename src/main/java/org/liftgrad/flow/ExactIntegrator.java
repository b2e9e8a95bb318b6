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

  /** The time within which a speed that is rounding is not told from none. */
  private static final double SHORTEST_TIME = 1e-8;
  /** No pair farther from zero than this is taken for one at zero. */
  private static final double JUST_LEFT = 1e-18;

  /** How many roundings of its residual a sliding pair may be beyond its bound. */
  private static final double BOUND_ROUNDINGS = 1000;

  private static final double PARALLEL = 1e-13;
  private static final double EPSILON = 0x1.0p-52;
  private static final byte INACTIVE = FlowState.INACTIVE;
  private static final byte ACTIVE = FlowState.ACTIVE;
  private static final byte SLIDING = FlowState.SLIDING;

  private final FlowProblem problem;
  private final int n;
  private final int p;
  private final double stepTolerance;

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
  private final boolean[] resting;
  private final double[] startSlopes;

  private final DMatrixRMaj left;
  private final DMatrixRMaj right;
  private final double[] weightNorms;
  /** Σ of the sizes that the residual of a point is the difference of: its rounding error is ε times that. */
  private final double[] residualSize;
  /** The same of r_i', with every difference taken as a sum. */
  private final double[] rateSize;

  private final double[] gramRowSums;

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
    weightNorms = new double[p];
    residualSize = new double[n];
    rateSize = new double[n];
    gramRowSums = new double[n];
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        gramRowSums[i] += Math.abs(problem.gram[i * n + k]);
      }
    }
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
    double left = endTime - time;
    double reach = left;
    boolean still = nothingMoves();
    if (still) {
      // Nothing will ever move again: an asked time is reached with the state as it is.
      if (endTime == Double.POSITIVE_INFINITY) {
        return Ending.STATIONARY;
      }
      order = 1;
    } else {
      reach = Math.min(left, extendSeries(drive));
    }
    Event event = still ? Event.none() : firstEvent(reach);
    double advance = Math.min(reach, event.time);
    if (advance == Double.POSITIVE_INFINITY) {
      return Ending.STATIONARY;
    }
    double to = advance == left ? endTime : time + advance;
    if (!(largest(seriesU[order]) < Double.POSITIVE_INFINITY)) {
      return Ending.NOT_FINITE;
    }
    Series series = new Series(time, order);
    double end = recorder.accept(series, time, to);
    steps++;
    largestOrder = Math.max(largestOrder, order);
    if (end < to) {
      // The loss reached its limit within the step.
      moveTo(end - time, Event.none());
      time = end;
      return Ending.LOSS_REACHED;
    }
    if (!still) {
      watchTurns(advance);
    }
    standingSteps = advance <= 8 * EPSILON * time ? standingSteps + 1 : 0;
    moveTo(advance, event.time <= advance ? event : Event.none());
    time = to;
    if (event.time <= advance) {
      settle(event);
    }
    if (recorder.atLossLimit()) {
      return Ending.LOSS_REACHED;
    }
    return time >= endTime ? Ending.TIME_REACHED : null;
  }

  /** Are the residuals of all driven pairs rounding noise? */
  private boolean nothingMoves() {
    double labels = largest(problem.labels);
    for (int j = 0; j < p; j++) {
      for (int i : active[j]) {
        if (Math.abs(seriesR[0][i]) > 8 * EPSILON * labels && (a[j] != 0 || u[j * n + i] != 0)) {
          return false;
        }
      }
      for (int i : sliding[j]) {
        if (Math.abs(seriesZ[0][j * n + i]) > 8 * EPSILON * labels) {
          return false;
        }
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- series

  /** Orders 0 and 1 of the series at the state, with pairs at zero told apart. */
  private void prepare() {
    residualSizes();
    for (int attempt = 0; ; attempt++) {
      System.arraycopy(u, 0, seriesU[0], 0, u.length);
      System.arraycopy(a, 0, seriesA[0], 0, p);
      Arrays.fill(resting, false);
      extend(0);
      boolean[] flat = flatAtZero(0, seriesU[1]);
      if (anyOf(flat)) {
        rateSizes();
      }
      extend(1);
      boolean forced = false;
      for (int j = 0; j < p; j++) {
        for (int i = 0; i < n; i++) {
          int pair = j * n + i;
          if (!flat[pair]) {
            continue;
          }
          double bend = seriesU[2][pair];
          if (Math.abs(bend) <= rounding(1, j, i) / 2) {
            resting[pair] = true;
            seriesU[2][pair] = 0;
          } else if (bend > 0 != (modes[pair] == ACTIVE)) {
            // It would leave its side at once, by its second derivative.
            ambiguous++;
            if (attempt < 3) {
              force(j, i);
              forced = true;
            } else {
              resting[pair] = true;
              seriesU[2][pair] = 0;
            }
          }
        }
      }
      if (!forced) {
        order = 1;
        return;
      }
    }
  }

  /** Pairs at zero, not held there, whose speed is 0 up to rounding; that speed is set to 0. */
  private boolean[] flatAtZero(int driveOrder, double[] speeds) {
    boolean[] flat = new boolean[n * p];
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        if (modes[pair] == SLIDING || Math.abs(u[pair]) > JUST_LEFT) {
          continue;
        }
        double rounding = rounding(driveOrder, j, i);
        // Several neurons may let go of a point at once, and each event moves time by a rounding: a
        // pair that has just left zero, at a speed that is rounding, is still there.
        if (Math.abs(u[pair]) <= SHORTEST_TIME * rounding && Math.abs(speeds[pair]) <= rounding) {
          u[pair] = 0;
          seriesU[0][pair] = 0;
          speeds[pair] = 0;
          flat[pair] = true;
        }
      }
    }
    return flat;
  }

  private static boolean anyOf(boolean[] flags) {
    for (boolean flag : flags) {
      if (flag) {
        return true;
      }
    }
    return false;
  }

  /** A pair at zero changes its mode because its second derivative says so. */
  private void force(int j, int i) {
    int pair = j * n + i;
    double sign = signOfReadout(j);
    boolean attracts = sign * seriesR[0][i] < 0;
    modes[pair] = attracts ? SLIDING : modes[pair] == ACTIVE ? INACTIVE : ACTIVE;
    index(j);
    if (held[j] == null) {
      modes[pair] = INACTIVE;
      index(j);
    }
    events++;
  }

  /** A bound on the rounding error of (1/n) Σ_k G_ik drive_jk of an order. */
  private double rounding(int driveOrder, int j, int i) {
    double exact = 0;
    double inputs = 0;
    double[] drive = seriesDrive[driveOrder];
    for (int k = 0; k < n; k++) {
      double size = Math.abs(drive[j * n + k]);
      if (modes[j * n + k] != INACTIVE) {
        // A small residual is the difference of large numbers, and keeps their rounding.
        size +=
            driveOrder == 0
                ? Math.abs(a[j]) * residualSize[k]
                : Math.abs(a[j]) * rateSize[k] + Math.abs(seriesA[1][j]) * residualSize[k];
      }
      exact += size * Math.abs(problem.gram[i * n + k]);
      inputs += size * problem.norms[k];
    }
    return (8 * EPSILON * exact + problem.gramRounding * problem.norms[i] * inputs) / n;
  }

  /** Terms until the series reaches past the next event, or the highest order; returns its reach. */
  private double extendSeries(double drive) {
    double estimate = nextEventEstimate();
    double reach = 0;
    for (int k = 2; k <= MOST_ORDER; k++) {
      extend(k);
      order = k;
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

  /** The size of the velocity: of what drives a weight, and of what drives a readout. */
  private double driveScale() {
    double most = largest(seriesDrive[0]);
    for (int j = 0; j < p; j++) {
      for (int i : active[j]) {
        // Written so that NaN comes out as such.
        double size = Math.abs(seriesR[0][i] * u[j * n + i]);
        most = size <= most ? most : size;
      }
    }
    return most;
  }

  private double reachOf(int k, double drive) {
    double size = largest(seriesDrive[k]);
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
        double gap = sign * seriesR[0][i] - z;
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

  /** Order k of r, z and the drive, and order k + 1 of u and a, from all orders up to k. */
  private void extend(int k) {
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
    double scale = 1.0 / (n * (k + 1.0));
    double[] next = seriesU[k + 1];
    for (int pair = 0; pair < next.length; pair++) {
      next[pair] = modes[pair] == SLIDING || resting[pair] ? 0 : next[pair] * scale;
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
          double share = seriesZ[0][pair];
          seriesZ[0][pair] = atBound(i, sign * share, sign * seriesZ[1][pair]) ? 0 : share;
          double root = FirstRoot.of(seriesZ, pair, order, sign, limit);
          seriesZ[0][pair] = share;
          if (root < first.time && root <= limit) {
            first = new Event(root, j, i, INACTIVE);
            limit = root;
          }
          for (int k = 0; k <= order; k++) {
            gap[k][0] = seriesR[k][i] - seriesZ[k][pair];
          }
          gap[0][0] = atBound(i, sign * gap[0][0], sign * gap[1][0]) ? 0 : gap[0][0];
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

  /** Is a sliding pair beyond a bound by a rounding only, on its way back in? Then it has no event there. */
  private boolean atBound(int i, double value, double speed) {
    return value < 0 && speed > 0 && -value <= BOUND_ROUNDINGS * EPSILON * residualSize[i];
  }

  private double signOfReadout(int j) {
    for (int k = 0; k <= 1; k++) {
      if (seriesA[k][j] != 0) {
        return seriesA[k][j] > 0 ? 1 : -1;
      }
    }
    return 1;
  }

  private double signOfResidual(int i) {
    return seriesR[0][i] > 0 ? 1 : -1;
  }

  private void moveTo(double delay, Event event) {
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        // C' = drive/n, so its series is that of the drive, integrated.
        double sum = 0;
        for (int k = order - 1; k >= 0; k--) {
          sum = sum * delay + seriesDrive[k][pair] / (k + 1);
        }
        c[pair] += sum * delay / n;
        if (modes[pair] == SLIDING || resting[pair]) {
          u[pair] = 0;
        } else {
          u[pair] = horner(seriesU, pair, order, delay);
        }
      }
      a[j] = horner(seriesA, j, order, delay);
    }
    if (event.neuron >= 0) {
      if (event.point < 0) {
        a[event.neuron] = 0;
      } else {
        u[event.neuron * n + event.point] = 0;
      }
    }
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
      index(j);
      return;
    }
    int pair = j * n + event.point;
    byte target = event.target;
    if (modes[pair] != SLIDING) {
      boolean repels = a[j] * seriesR[0][event.point] > 0;
      if (repels) {
        watchCrossing(j, event.point, event.time);
      }
      // An attracting pair starts as inactive and slides only if it is pushed up.
      target = repels && modes[pair] == INACTIVE ? ACTIVE : INACTIVE;
    }
    settle(j, new int[] {event.point}, new byte[] {target});
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
    double sign = a[j] > 0 ? 1 : a[j] < 0 ? -1 : 0;
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
    mostSliding = Math.max(mostSliding, totalSliding());
  }

  /** The box problem of the attracting pairs among the zeros, given the repelling ones. */
  private void solveAttracting(int j, int[] zeros, byte[] now, double sign) {
    double[] r = seriesR[0];
    int[] attracting = new int[zeros.length];
    int size = 0;
    for (int s = 0; s < zeros.length; s++) {
      if (sign * r[zeros[s]] < 0) {
        attracting[size++] = s;
      } else if (r[zeros[s]] == 0 || sign == 0) {
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
      double[] force = force(j, i, zeros, now, attracting, size);
      pull[s] = force[0];
      tolerance[s] = force[1];
    }
    KinkProblem solved = KinkProblem.solve(gram, pull, residuals, tolerance, start);
    for (int s = 0; s < size; s++) {
      now[attracting[s]] = (byte) solved.modes()[s].ordinal();
    }
  }

  /**
   * Σ_k G_ik r_k over the active pairs of a neuron that are not among the excluded ones, and a bound
   * on its rounding error (with that of the excluded ones).
   */
  private double[] force(int j, int i, int[] zeros, byte[] now, int[] excluded, int excludedCount) {
    double[] r = seriesR[0];
    double sum = 0;
    double exact = 0;
    double inputs = 0;
    for (int k = 0; k < n; k++) {
      if (u[j * n + k] != 0 && modes[j * n + k] == ACTIVE) {
        double term = problem.gram[i * n + k] * r[k];
        sum += term;
        exact += Math.abs(problem.gram[i * n + k]) * residualSize[k];
        inputs += residualSize[k] * problem.norms[k];
      }
    }
    for (int s = 0; s < zeros.length; s++) {
      int k = zeros[s];
      double term = problem.gram[i * n + k] * r[k];
      boolean out = false;
      for (int e = 0; e < excludedCount; e++) {
        out |= excluded[e] == s;
      }
      if (!out && now[s] == ACTIVE) {
        sum += term;
      }
      if (k != i) {
        exact += Math.abs(problem.gram[i * n + k]) * residualSize[k];
        inputs += residualSize[k] * problem.norms[k];
      }
    }
    return new double[] {
      sum, 8 * EPSILON * exact + problem.gramRounding * problem.norms[i] * inputs
    };
  }

  /** A repelling pair at zero whose speed contradicts its mode; −1 for none. */
  private int wrongRepelling(int j, int[] zeros, byte[] now, double sign) {
    for (int s = 0; s < zeros.length; s++) {
      if (sign * seriesR[0][zeros[s]] > 0) {
        double[] force = forceOn(j, zeros[s], zeros, now);
        double up = sign * force[0];
        if (now[s] == ACTIVE ? up < -force[1] : up > force[1]) {
          return s;
        }
      }
    }
    return -1;
  }

  /** The force Σ_k G_ik V_k on a pair if the pairs at zero had these modes, and its rounding bound. */
  private double[] forceOn(int j, int i, int[] zeros, byte[] now) {
    byte[] kept = new byte[zeros.length];
    for (int s = 0; s < zeros.length; s++) {
      kept[s] = modes[j * n + zeros[s]];
      modes[j * n + zeros[s]] = now[s];
    }
    index(j);
    double sum = 0;
    double exact = 0;
    double inputs = 0;
    for (int k : active[j]) {
      sum += problem.gram[i * n + k] * seriesR[0][k];
      exact += Math.abs(problem.gram[i * n + k]) * residualSize[k];
      inputs += residualSize[k] * problem.norms[k];
    }
    if (held[j] != null) {
      slidingShares(0, j);
      for (int k : sliding[j]) {
        sum += problem.gram[i * n + k] * seriesZ[0][j * n + k];
        exact += Math.abs(problem.gram[i * n + k]) * residualSize[k];
        inputs += residualSize[k] * problem.norms[k];
      }
    }
    for (int s = 0; s < zeros.length; s++) {
      modes[j * n + zeros[s]] = kept[s];
    }
    index(j);
    return new double[] {
      sum, 8 * EPSILON * exact + problem.gramRounding * problem.norms[i] * inputs
    };
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
    double sign = Math.signum(a[j]);
    for (int s = 0; s < zeros.length; s++) {
      byte[] now = new byte[zeros.length];
      for (int t = 0; t < zeros.length; t++) {
        now[t] = modes[j * n + zeros[t]];
      }
      if (sign * seriesR[0][zeros[s]] <= 0 || now[s] != INACTIVE) {
        continue;
      }
      double[] down = forceOn(j, zeros[s], zeros, now);
      now[s] = ACTIVE;
      solveAttracting(j, zeros, now, sign);
      double[] up = forceOn(j, zeros[s], zeros, now);
      if (sign * down[0] < -down[1] && sign * up[0] > up[1]) {
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

  private void residual() {
    double[] r = seriesR[0];
    problem.residual(u, a, r);
    residualSizes();
  }

  /** A bound on the sum of the sizes that make up r_i', of the pairs' speeds as of the readouts'. */
  private void rateSizes() {
    double most = largest(residualSize);
    Arrays.fill(rateSize, 0);
    for (int j = 0; j < p; j++) {
      double sum = 0;
      for (int i : active[j]) {
        sum += u[j * n + i];
      }
      for (int i : active[j]) {
        rateSize[i] += a[j] * a[j] * gramRowSums[i] + u[j * n + i] * sum;
      }
    }
    for (int i = 0; i < n; i++) {
      rateSize[i] *= most / ((double) n * p);
    }
  }

  /** |y_i| + (1/p) Σ_j |a_j| relu(u_ji), which is at least |r_i|. */
  private void residualSizes() {
    Arrays.fill(residualSize, 0);
    for (int j = 0; j < p; j++) {
      double size = Math.abs(a[j]);
      for (int i = 0; i < n; i++) {
        residualSize[i] += size * Math.max(u[j * n + i], 0);
      }
    }
    for (int i = 0; i < n; i++) {
      residualSize[i] = Math.abs(problem.labels[i]) + residualSize[i] / p;
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
    int pair = j * n + i;
    double speed = Math.abs(slope(seriesU, pair, order, delay));
    double bend = 0;
    for (int k = order; k >= 2; k--) {
      bend = bend * delay + k * (k - 1.0) * seriesU[k][pair];
    }
    // Only a bend against the motion could have turned it back.
    double against = modes[pair] == ACTIVE ? bend : -bend;
    grazing = grazing.withCrossing(speed / size, Math.max(against, 0) / size);
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
      double delay = at - start;
      for (int pair = 0; pair < n * p; pair++) {
        state.preactivations[pair] = horner(seriesU, pair, highest, delay);
        state.preactivationSpeeds[pair] = slope(seriesU, pair, Math.max(highest, 1), delay);
      }
      for (int j = 0; j < p; j++) {
        state.readout[j] = horner(seriesA, j, highest, delay);
        state.readoutSpeeds[j] = slope(seriesA, j, Math.max(highest, 1), delay);
      }
      for (int i = 0; i < n; i++) {
        state.residual[i] = horner(seriesR, i, highest, delay);
      }
      System.arraycopy(modes, 0, state.modes, 0, modes.length);
    }

    @Override
    public void fillCoefficients(double at, double[] target) {
      double delay = at - start;
      for (int pair = 0; pair < n * p; pair++) {
        double sum = 0;
        for (int k = highest - 1; k >= 0; k--) {
          sum = sum * delay + seriesDrive[k][pair] / (k + 1);
        }
        target[pair] = c[pair] + sum * delay / n;
      }
    }

    @Override
    public double loss(double at) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double value = horner(seriesR, i, highest, at - start);
        sum += value * value;
      }
      return sum / (2 * n);
    }
  }
}
