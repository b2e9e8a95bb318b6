package org.liftgrad.flow;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The power series of the state over one step, in a time counted from its start in units of {@link
 * #unit}. Between events the right-hand side is a polynomial in the state, so each order costs one
 * Gram product.
 */
final class StepSeries implements Segment {

  static final int MOST_ORDER = 22;

  private static final double EPSILON = PairState.EPSILON;

  /**
   * The unit of time, a power of two near the fastest time scale of the start: terms of a high order
   * stay far from overflow whatever the size of the data, and no bit is lost.
   */
  final double unit;

  // [order][pair], [order][neuron], [order][point].
  final double[][] u = new double[MOST_ORDER + 2][];
  final double[][] a = new double[MOST_ORDER + 2][];
  final double[][] r = new double[MOST_ORDER + 1][];
  /** z' of the sliding pairs (see {@link PairState#lean}); z itself for ReLU. */
  final double[][] z = new double[MOST_ORDER + 1][];
  /** a times what drives a pair: r where it is active, z where it slides, slope·r where it is inactive. */
  private final double[][] drive = new double[MOST_ORDER + 1][];

  /** The highest order in use. */
  int order;

  /** Pairs at zero all of whose terms so far are rounding. */
  final boolean[] resting;

  /** The pairs that rest at the start of the step, the first {@link #pairsAtZero}. */
  private final int[] atZero;

  private int pairsAtZero;

  private final PairState state;
  private final FlowProblem problem;
  /** G, row by row. */
  private final double[] gram;
  private final int n;
  private final int p;
  private final DMatrixRMaj left;
  private final DMatrixRMaj right;
  /** The shares of one neuron, and where its pairs are after a step. */
  private final double[] share;
  private final double[] changes;
  private final double[] ends;
  private final SeriesSegment values;
  private long products;

  StepSeries(PairState state) {
    this.state = state;
    problem = state.problem;
    gram = problem.gram();
    n = state.n;
    p = state.p;
    resting = new boolean[n * p];
    atZero = new int[n * p];
    for (int k = 0; k < u.length; k++) {
      u[k] = new double[n * p];
      a[k] = new double[p];
    }
    for (int k = 0; k < r.length; k++) {
      r[k] = new double[n];
      z[k] = new double[n * p];
      drive[k] = new double[n * p];
    }
    left = DMatrixRMaj.wrap(p, n, drive[0]);
    right = new DMatrixRMaj(p, n);
    share = new double[n];
    changes = new double[n];
    ends = new double[n];
    unit = unitOfTime();
    values = new SeriesSegment(problem, unit, u, a, r, drive, state.c, state.modes);
  }

  private double unitOfTime() {
    double norm = PairState.largest(problem.norms);
    double readout = PairState.largest(state.a);
    double preactivation = PairState.largest(state.u);
    double rate =
        Math.max(
            PairState.largest(state.r) * norm,
            Math.max(readout * readout * norm * norm, preactivation * preactivation) / p);
    return rate > 0 && rate < Double.POSITIVE_INFINITY ? Math.scalb(1.0, -Math.getExponent(rate)) : 1;
  }

  /** Products with the Gram matrix so far. */
  long products() {
    return products;
  }

  /** Goes on counting from the figure of a checkpoint. */
  void restoreProducts(long productsSoFar) {
    products = productsSoFar;
  }

  // ---------------------------------------------------------------- terms

  /** Orders 0 and 1. Returns what {@link #extend} does. */
  int begin() {
    System.arraycopy(state.u, 0, u[0], 0, n * p);
    System.arraycopy(state.a, 0, a[0], 0, p);
    pairsAtZero = 0;
    for (int pair = 0; pair < resting.length; pair++) {
      boolean rests = state.u[pair] == 0 && state.modes[pair] != FlowState.SLIDING;
      resting[pair] = rests;
      if (rests) {
        atZero[pairsAtZero++] = pair;
      }
    }
    return Math.max(extend(0), extend(1));
  }

  /**
   * Order k of r, z and the drive, and order k + 1 of u and a, from all orders up to k.
   *
   * @return a pair at zero which this order takes to the side where its mode does not belong; −1 for none
   */
  int extend(int k) {
    order = Math.max(k, 1);
    residualTerm(k);
    driveTerm(k);
    left.setData(drive[k]);
    right.setData(u[k + 1]);
    problem.product.multiply(left, right);
    products++;
    readoutTerm(k);
    return scaleTerm(k);
  }

  private void residualTerm(int k) {
    double[] term = r[k];
    if (k == 0) {
      System.arraycopy(state.r, 0, term, 0, n);
      return;
    }
    Arrays.fill(term, 0);
    for (int j = 0; j < p; j++) {
      int base = j * n;
      int[] active = state.active[j];
      int[] inactive = state.inactive[j];
      int actives = state.actives[j];
      int inactives = state.inactives[j];
      for (int l = 0; l <= k; l++) {
        double factor = a[l][j];
        double[] other = u[k - l];
        for (int m = 0; m < actives; m++) {
          int i = active[m];
          term[i] += factor * other[base + i];
        }
        for (int m = 0; m < inactives; m++) {
          int i = inactive[m];
          term[i] += factor * state.slope * other[base + i];
        }
      }
    }
    for (int i = 0; i < n; i++) {
      term[i] = -term[i] / p;
    }
  }

  private void driveTerm(int k) {
    double[] term = drive[k];
    Arrays.fill(term, 0);
    for (int j = 0; j < p; j++) {
      int base = j * n;
      int[] active = state.active[j];
      int[] inactive = state.inactive[j];
      int[] sliding = state.sliding[j];
      int actives = state.actives[j];
      int inactives = state.inactives[j];
      int slidings = state.slidings[j];
      if (slidings > 0) {
        state.shares(j, r[k], share);
        for (int s = 0; s < slidings; s++) {
          z[k][base + sliding[s]] = share[s];
        }
      }
      for (int l = 0; l <= k; l++) {
        double factor = a[l][j];
        double[] residuals = r[k - l];
        double[] shares = z[k - l];
        for (int m = 0; m < actives; m++) {
          int i = active[m];
          term[base + i] += factor * residuals[i];
        }
        for (int m = 0; m < slidings; m++) {
          int i = sliding[m];
          term[base + i] += factor * (state.slope * residuals[i] + (1 - state.slope) * shares[base + i]);
        }
        for (int m = 0; m < inactives; m++) {
          int i = inactive[m];
          term[base + i] += factor * (state.slope * residuals[i]);
        }
      }
    }
  }

  private void readoutTerm(int k) {
    double scale = unit / (n * (k + 1.0));
    for (int j = 0; j < p; j++) {
      int base = j * n;
      int[] active = state.active[j];
      int[] inactive = state.inactive[j];
      int actives = state.actives[j];
      int inactives = state.inactives[j];
      double sum = 0;
      for (int l = 0; l <= k; l++) {
        double[] residuals = r[l];
        double[] other = u[k - l];
        for (int m = 0; m < actives; m++) {
          int i = active[m];
          sum += residuals[i] * other[base + i];
        }
        for (int m = 0; m < inactives; m++) {
          int i = inactive[m];
          sum += residuals[i] * state.slope * other[base + i];
        }
      }
      a[k + 1][j] = sum * scale;
    }
  }

  private int scaleTerm(int k) {
    double scale = unit / (n * (k + 1.0));
    double[] term = u[k + 1];
    for (int pair = 0; pair < term.length; pair++) {
      term[pair] *= scale;
    }
    for (int j = 0; j < p; j++) {
      for (int s = 0; s < state.slidings[j]; s++) {
        term[j * n + state.sliding[j][s]] = 0;
      }
    }
    int wrong = -1;
    for (int m = 0; m < pairsAtZero; m++) {
      int pair = atZero[m];
      if (resting[pair] && term[pair] != 0) {
        if (Math.abs(term[pair]) * (k + 1) <= rounding(k, pair / n, pair % n)) {
          term[pair] = 0;
        } else {
          resting[pair] = false;
          // At order 0 that is an event at once; later it is the same event, seen by its derivative.
          boolean leavesItsSide = term[pair] > 0 != (state.modes[pair] == FlowState.ACTIVE);
          wrong = k > 0 && leavesItsSide ? pair : wrong;
        }
      }
    }
    return wrong;
  }

  /** A bound on the rounding error of the coefficient of u_ji of order k + 1, times that order. */
  private double rounding(int k, int j, int i) {
    if (k == 0) {
      return Math.abs(state.a[j]) * (1 - state.slope) * state.forceRounding(j, i) * unit / n;
    }
    double exact = 0;
    double inputs = 0;
    double readout = 0;
    for (int l = 0; l <= k; l++) {
      readout += Math.abs(a[l][j]);
    }
    for (int other = 0; other < n; other++) {
      double size = Math.abs(drive[k][j * n + other]);
      if (size > 0) {
        // The unit of time is near the fastest time scale: later terms of r have about its noise.
        exact += Math.abs(gram[i * n + other]) * (8 * EPSILON * size + readout * state.noise[other]);
        inputs += size * problem.norms[other];
      }
    }
    return (exact + problem.gramRounding * problem.norms[i] * inputs) * unit / n;
  }

  /**
   * Is the velocity rounding noise? The speeds of the pairs that contribute and the readouts say so alone:
   * ‖θ'‖² is a sum over them. Residuals do not: one may be held above its own noise by that of others.
   */
  boolean nothingMoves() {
    for (int j = 0; j < p; j++) {
      double rounding =
          pairsRounding(j, state.active[j], state.actives[j], 1)
              + pairsRounding(j, state.inactive[j], state.inactives[j], state.slope);
      if (!(Math.abs(a[1][j]) <= rounding * unit / n)) {
        return false;
      }
    }
    return true;
  }

  /** What these pairs add to the rounding error of n a'; NaN where one of them moves by more than rounding. */
  private double pairsRounding(int j, int[] points, int count, double slope) {
    double rounding = 0;
    for (int m = 0; m < count; m++) {
      int i = points[m];
      if (Math.abs(u[1][j * n + i]) > rounding(0, j, i)) {
        return Double.NaN;
      }
      rounding += slope * (8 * EPSILON * Math.abs(state.r[i]) + state.noise[i]) * Math.abs(state.u[j * n + i]);
    }
    return rounding;
  }

  /** What is left of the velocity is noise, which must not add up over a long time. */
  void standStill() {
    order = 1;
    Arrays.fill(u[1], 0);
    Arrays.fill(a[1], 0);
    Arrays.fill(r[1], 0);
    Arrays.fill(drive[0], 0);
  }

  // ---------------------------------------------------------------- sizes

  /** The size of the velocity: of what drives a weight, and of what drives a readout (times n). */
  double speed() {
    double most = largestDrive(0);
    for (int j = 0; j < p; j++) {
      for (int m = 0; m < state.actives[j]; m++) {
        int i = state.active[j][m];
        // Written so that NaN comes out as such.
        double size = Math.abs(r[0][i] * u[0][j * n + i]);
        most = size <= most ? most : size;
      }
      for (int m = 0; m < state.inactives[j]; m++) {
        int i = state.inactive[j][m];
        double size = Math.abs(state.slope * r[0][i] * u[0][j * n + i]);
        most = size <= most ? most : size;
      }
    }
    return most;
  }

  /** The largest length of a_j r_i x_i, what one point adds to the speed of one weight, of an order. */
  double largestDrive(int k) {
    double most = 0;
    for (int j = 0; j < p; j++) {
      for (int i = 0; i < n; i++) {
        double size = Math.abs(drive[k][j * n + i]) * problem.norms[i];
        // Written so that NaN comes out as such.
        most = size <= most ? most : size;
      }
    }
    return most;
  }

  boolean isFinite() {
    return PairState.largest(u[order]) < Double.POSITIVE_INFINITY;
  }

  /** The sign that a readout has, by its first term where it is not known otherwise. */
  double signOfReadout(int j) {
    if (state.side[j] != 0) {
      return state.side[j];
    }
    for (int k = 0; k <= order; k++) {
      if (a[k][j] != 0) {
        return a[k][j] > 0 ? 1 : -1;
      }
    }
    return 1;
  }

  // ---------------------------------------------------------------- values

  /** Moves the state to a delay in units; false where no figure changes by more than its last bit. */
  boolean moveState(double delay) {
    boolean moved = false;
    SeriesSegment step = now();
    for (int j = 0; j < p; j++) {
      step.coefficientChanges(j * n, n, delay, changes);
      SeriesSegment.values(u, j * n, n, order, delay, ends);
      for (int i = 0; i < n; i++) {
        int pair = j * n + i;
        state.c[pair] += changes[i];
        boolean held = state.modes[pair] == FlowState.SLIDING || resting[pair];
        double next = held ? 0 : ends[i];
        moved |= Math.abs(next - state.u[pair]) > EPSILON * Math.abs(next);
        state.u[pair] = next;
      }
      double next = SeriesSegment.value(a, j, order, delay);
      moved |= Math.abs(next - state.a[j]) > EPSILON * Math.abs(next);
      state.a[j] = next;
    }
    return moved;
  }

  private SeriesSegment now() {
    return values.at(state.time, order);
  }

  @Override
  public void fill(double at, FlowState target) {
    now().fill(at, target);
  }

  @Override
  public void fillCoefficients(double at, double[] target) {
    now().fillCoefficients(at, target);
  }

  @Override
  public double loss(double at) {
    return now().loss(at);
  }

  @Override
  public Segment copy() {
    return now().copy();
  }

  @Override
  public long bytes() {
    return now().bytes();
  }
}
