package org.liftgrad.flow;

import java.util.Arrays;
import java.util.Optional;

/**
 * One neuron on its way through a macro-step [t, t + H], τ in [0, 1], under residuals that are given
 * polynomials in τ. With v = (1/n) Σ r_i x_i over its active points and q what is left of v off the
 * inputs at which it slides,
 *
 * <pre>w' = H a q    a' = H ⟨w, q⟩    w(τ + σ) = w(τ) + H Σ_k q_k B_k(σ),  B_k = ∫ a L_k</pre>
 *
 * so that between two events all there is to integrate is the readout, a power series of a scalar. An
 * event changes what one point drives, and with it q by a multiple of one vector.
 *
 * <p>The residual of the whole network needs the neuron's moments M_k = ∫ L_k a w only.
 */
final class NeuronSweep {

  private static final int MOST_TERMS = 28;
  private static final double SERIES_ROUNDING = 0x1.0p-56;
  /** A pre-activation counts as past 0 by this share of ‖w‖‖x‖; a share of the residual scale, for z. */
  private static final double PAST_KINK = 1e-13;

  private static final double PAST_BOUND = 1e-12;
  /** Forces below this share of what one point adds are 0. */
  private static final double NO_FORCE = 1e-11;

  private static final int FREELY_CHOSEN_PIVOTS = 60;

  private static final byte INACTIVE = FlowState.INACTIVE;
  private static final byte ACTIVE = FlowState.ACTIVE;
  private static final byte SLIDING = FlowState.SLIDING;

  /** Gauss-Legendre nodes and weights of order 10 on [0, 1] (Abramowitz and Stegun, table 25.4). */
  private static final double[] NODES = gaussNodes(new double[] {
    0.148874338981631211, 0.433395394129247191, 0.679409568299024406, 0.865063366688984511, 0.973906528517171720});

  private static final double[] WEIGHTS = gaussWeights(new double[] {
    0.295524224714752870, 0.269266719309996355, 0.219086362515982044, 0.149451349150580593, 0.066671344308688138});

  /** 1/k at k. */
  private static final double[] INVERSE = new double[MOST_TERMS + 12];

  static {
    for (int k = 1; k < INVERSE.length; k++) {
      INVERSE[k] = 1.0 / k;
    }
  }

  private enum Kind { NONE, CROSSING, LOWER_BOUND, UPPER_BOUND, READOUT }

  /** Where a neuron stands. */
  static final class State {
    final double[] weight;
    double readout;
    /** The sign of the readout since it last passed 0. */
    double side;
    final byte[] modes;
    final SlidingSet sliding = new SlidingSet();

    State(int dimension, int points) {
      weight = new double[dimension];
      modes = new byte[points];
    }

    void copyFrom(State other) {
      System.arraycopy(other.weight, 0, weight, 0, weight.length);
      System.arraycopy(other.modes, 0, modes, 0, modes.length);
      readout = other.readout;
      side = other.side;
      sliding.copyFrom(other.sliding);
    }
  }

  private final RowSpace space;
  private final double[] gram;
  private final int n;
  private final int m;
  private final int count;
  private final Legendre legendre;
  /** The slope on the inactive side: 0 for ReLU. */
  private final double lowerSlope;
  private final double outside;

  State start;
  State end;
  /** ⟨w, x_i⟩ at the start of the macro-step. */
  double[] startPreactivations;
  double[] endPreactivations;
  /** ∫ L_k a w, of all k one after the other. */
  final double[] moments;
  /** What pairs that switched add to ∫ L_k a σ(u_i) beside the moments: a point, then a number a k. */
  int switches;
  int[] switchPoints = new int[8];
  double[] switchMoments = new double[64];

  long events;
  long jumps;
  long ambiguous;
  int mostSliding;
  int mostTerms;
  double smallestTurn;
  double smallestSpeed;
  double smallestClearance;
  double smallestExit;
  /** More events than can be: the macro-step is too long. */
  boolean failed;

  // What is given for the sweep.
  private double[][] residual;
  private double step;
  private double scale;
  private double largest;

  // Where the sweep stands.
  private double time;
  private double path;
  private final double[][] drive;
  private double[][] shares;
  private final double[] values;

  // The series of the current segment.
  private final double[][] shift;
  private final double[][] products;
  private final double[][] shiftedProducts;
  private final double[] pulls;
  private final double[] shiftedPulls;
  private final double[] readoutSeries = new double[MOST_TERMS + 1];
  private final double[][] pullSeries;
  private int terms;
  private double segmentLength;
  private double rate;
  private double weightNorm;
  /** The lengths of all terms of the drive but its mean, added up. */
  private double tail;
  private final double[] powerIntegrals;
  private final double[] integrals;
  private double readoutThere;
  private final double[][] crossed;

  // The next event.
  private Kind kind;
  private int eventIndex;
  private double delay;

  /** All pairs, where the dimension is so large that looking at some of them costs more. */
  private final Optional<FollowedPairs> followed;
  // Else: the pairs that may have an event, by the length of path after which they have to be looked at.
  private int[] listed;
  private int listedCount;
  private final boolean[] inList;
  private final double[] alarm;
  private final double[] startDistances;
  private double horizon;
  private final double[] lastSlope;
  private final int[] lastSegment;
  private int segment;
  private final double[] forces;
  private final double[] forcePowers;
  private final double[][] polynomial;
  private final double[][] bound;
  private int turningCount;
  private int[] turning = new int[8];
  private double[] turningData;

  // One input off the span of those that slide.
  private double[] pullBack;
  private double[] solved;
  private final double[] rest;
  private double restSquared;
  private final double[] change;
  private final double[] moment;
  private int[] loose = new int[8];
  private int looseCount;
  private final int[] chosen;

  /** The segments of the last sweep, for dense output. */
  final NeuronLog log;

  NeuronSweep(FlowProblem problem, RowSpace space, Legendre legendre, int degree, double lowerSlope, int neuron) {
    this.space = space;
    this.legendre = legendre;
    this.lowerSlope = lowerSlope;
    gram = problem.gram();
    n = space.points;
    m = space.dimension;
    count = degree + 1;
    outside = space.outside[neuron];
    start = new State(m, n);
    end = new State(m, n);
    startPreactivations = new double[n];
    endPreactivations = new double[n];
    moments = new double[count * m];
    drive = new double[count][m];
    shares = new double[count][4];
    values = new double[count];
    shift = new double[count][count];
    products = new double[count][count];
    shiftedProducts = new double[count][count];
    pulls = new double[count];
    shiftedPulls = new double[count];
    pullSeries = new double[count][MOST_TERMS + 1];
    powerIntegrals = new double[count];
    integrals = new double[count];
    crossed = new double[count][count];
    listed = new int[16];
    alarm = new double[n];
    startDistances = new double[n];
    followed = 2 * m > n ? Optional.of(new FollowedPairs(space, gram, count)) : Optional.empty();
    inList = new boolean[n];
    lastSlope = new double[n];
    lastSegment = new int[n];
    forces = new double[count];
    forcePowers = new double[count];
    polynomial = new double[MOST_TERMS + count + 2][1];
    bound = new double[count][1];
    turningData = new double[8 * (count + 1)];
    pullBack = new double[4];
    solved = new double[4];
    rest = new double[m];
    change = new double[count];
    moment = new double[m];
    chosen = new int[n];
    log = new NeuronLog(m, count, n);
  }

  // ---------------------------------------------------------------- sweep

  /**
   * Goes through the macro-step.
   *
   * @param residual the coefficients of L_k of r_i at [k][i]; not modified
   * @param step H
   * @param scale the size of the residuals
   * @param largest the largest of them
   */
  void sweep(double[][] residual, double step, double scale, double largest) {
    this.largest = largest;
    this.residual = residual;
    this.step = step;
    this.scale = scale;
    end.copyFrom(start);
    reset();
    findDrive();
    follow();
    if (end.side == 0) {
      legendre.values(0, values);
      end.side = Math.signum(sideways());
    }
    looseCount = 0;
    settleOthers();
    while (time < 1 && !failed) {
      beginSegment();
      findEvent();
      advance();
      if (kind != Kind.NONE) {
        happen();
      }
      segment++;
      failed |= segment > 1000 + 20 * n;
    }
  }

  /** A macro-step in which nothing moves: what is left of the velocity is rounding noise. */
  void stand(double[][] residual, double step, double scale) {
    this.residual = residual;
    this.step = step;
    this.scale = scale;
    end.copyFrom(start);
    reset();
    for (double[] vector : drive) {
      Arrays.fill(vector, 0);
    }
    follow();
    beginSegment();
    findEvent();
    advance();
  }

  private void follow() {
    if (followed.isPresent()) {
      followed.get().begin(startPreactivations, end, drive);
    }
  }

  private void reset() {
    Arrays.fill(moments, 0);
    switches = 0;
    events = 0;
    jumps = 0;
    ambiguous = 0;
    mostSliding = 0;
    mostTerms = 0;
    smallestTurn = Double.POSITIVE_INFINITY;
    smallestSpeed = Double.POSITIVE_INFINITY;
    smallestClearance = Double.POSITIVE_INFINITY;
    smallestExit = Double.POSITIVE_INFINITY;
    failed = false;
    time = 0;
    path = 0;
    segment = 1;
    horizon = 0;
    for (int s = 0; s < listedCount; s++) {
      inList[listed[s]] = false;
    }
    listedCount = 0;
    Arrays.fill(lastSegment, 0);
    log.begin(start.modes);
  }

  /** The pre-activations at the end of the sweep. */
  void finish() {
    space.preactivations(end.weight, endPreactivations);
    for (int s = 0; s < end.sliding.size; s++) {
      endPreactivations[end.sliding.points[s]] = 0;
    }
  }

  /** Takes the end of the last sweep, which was finished, as the start of the next macro-step. */
  void accept() {
    State old = start;
    start = end;
    end = old;
    double[] left = startPreactivations;
    startPreactivations = endPreactivations;
    endPreactivations = left;
    for (int i = 0; i < n; i++) {
      startDistances[i] = Math.abs(startPreactivations[i]) / space.norms[i];
    }
    if (!start.sliding.factor(gram, n)) {
      throw new ArithmeticException("The inputs at which a neuron slides are linearly dependent.");
    }
  }

  /** An upper bound on the length of the drive where the last sweep ended. */
  double driveNow() {
    double sum = 0;
    for (double[] vector : drive) {
      sum += Math.sqrt(RowSpace.dot(vector, vector, m));
    }
    return sum;
  }

  /** The drive q of the weight and the shares z of the sliding points, for the modes as they are. */
  private void findDrive() {
    for (double[] vector : drive) {
      Arrays.fill(vector, 0);
    }
    if (lowerSlope != 0) {
      int many = 0;
      for (int i = 0; i < n; i++) {
        chosen[many] = i;
        many += end.modes[i] == SLIDING ? 0 : 1;
      }
      space.combine(chosen, many, residual, drive);
      scaleDrive(lowerSlope / (1 - lowerSlope));
    }
    int many = 0;
    // Without a branch: half of all points are active, and no processor guesses which.
    for (int i = 0; i < n; i++) {
      chosen[many] = i;
      many += end.modes[i] == ACTIVE ? 1 : 0;
    }
    space.combine(chosen, many, residual, drive);
    scaleDrive((1 - lowerSlope) / n);
    SlidingSet sliding = end.sliding;
    reserveShares();
    if (sliding.size == 0) {
      return;
    }
    for (int k = 0; k < count; k++) {
      double[] share = shares[k];
      for (int s = 0; s < sliding.size; s++) {
        share[s] = -n * space.dot(sliding.points[s], drive[k]);
      }
      sliding.forward(share);
      sliding.backward(share);
      for (int s = 0; s < sliding.size; s++) {
        int i = sliding.points[s];
        space.addInput(share[s] / n, i, drive[k]);
      }
    }
    mostSliding = sliding.size;
  }

  private void scaleDrive(double factor) {
    for (double[] vector : drive) {
      for (int c = 0; c < m; c++) {
        vector[c] *= factor;
      }
    }
  }

  private void reserveShares() {
    int wanted = end.sliding.size + 1;
    if (wanted > pullBack.length) {
      int room = 2 * wanted;
      for (int k = 0; k < count; k++) {
        shares[k] = Arrays.copyOf(shares[k], room);
      }
      pullBack = Arrays.copyOf(pullBack, room);
      solved = Arrays.copyOf(solved, room);
    }
  }

  // ---------------------------------------------------------------- series

  private void beginSegment() {
    legendre.shift(time, shift);
    for (int k = 0; k < count; k++) {
      for (int l = 0; l <= k; l++) {
        products[k][l] = RowSpace.dot(drive[k], drive[l], m);
        products[l][k] = products[k][l];
      }
      pulls[k] = RowSpace.dot(end.weight, drive[k], m);
    }
    Legendre.powers(pulls, shift, shiftedPulls);
    shiftProducts();
    segmentLength = 1 - time;
    expand();
    boundRate();
  }

  private void shiftProducts() {
    // First the columns, then the rows.
    for (int k = 0; k < count; k++) {
      Legendre.powers(products[k], shift, crossed[k]);
    }
    for (int column = 0; column < count; column++) {
      for (int power = 0; power < count; power++) {
        double sum = 0;
        for (int k = power; k < count; k++) {
          sum += shift[k][power] * crossed[k][column];
        }
        shiftedProducts[power][column] = sum;
      }
    }
  }

  /** The power series of the readout, until its terms are rounding; the segment is shortened where they are not. */
  private void expand() {
    readoutSeries[0] = end.readout;
    for (int power = 0; power < count; power++) {
      pullSeries[power][0] = shiftedPulls[power];
    }
    double size = Math.abs(end.readout);
    double reach = 1;
    int small = 0;
    int term = 0;
    while (term < MOST_TERMS && small < 2) {
      nextTerm(term);
      term++;
      reach *= segmentLength;
      double next = Math.abs(readoutSeries[term]) * reach;
      size = Math.max(size, next);
      small = next <= SERIES_ROUNDING * size ? small + 1 : 0;
    }
    terms = term;
    mostTerms = Math.max(mostTerms, terms);
    if (small < 2) {
      double allowed = SERIES_ROUNDING * Math.max(Math.abs(end.readout), Math.abs(readoutSeries[1]) * segmentLength);
      segmentLength = Math.min(segmentLength, Math.min(reachOf(term, allowed), reachOf(term - 1, allowed)));
    }
  }

  /** Up to where a term is below what is allowed. */
  private double reachOf(int term, double allowed) {
    double size = Math.abs(readoutSeries[term]);
    return size == 0 ? Double.POSITIVE_INFINITY : 0.9 * StrictMath.exp(StrictMath.log(allowed / size) / term);
  }

  private void nextTerm(int term) {
    double factor = step * INVERSE[term + 1];
    double sum = 0;
    int most = Math.min(count - 1, term);
    for (int power = 0; power <= most; power++) {
      sum += pullSeries[power][term - power];
    }
    readoutSeries[term + 1] = factor * sum;
    for (int row = 0; row < count; row++) {
      double[] product = shiftedProducts[row];
      double pull = 0;
      for (int power = 0; power <= most; power++) {
        pull += product[power] * readoutSeries[term - power];
      }
      pullSeries[row][term + 1] = factor * pull;
    }
  }

  /** An upper bound on the speed |w'| within the segment. */
  private void boundRate() {
    double square = 0;
    for (int k = 0; k < count; k++) {
      for (int l = 0; l < count; l++) {
        square += Math.abs(products[k][l]);
      }
    }
    double readout = 0;
    for (int term = terms; term >= 0; term--) {
      readout = readout * segmentLength + Math.abs(readoutSeries[term]);
    }
    rate = step * readout * Math.sqrt(square);
    tail = 0;
    for (int k = 1; k < count; k++) {
      tail += Math.sqrt(products[k][k]);
    }
  }

  /** B_k at σ, to {@link #integrals}, and the readout there. */
  private void evaluate(double sigma) {
    readoutThere = integrate(readoutSeries, terms, shift, sigma, powerIntegrals, integrals);
  }

  /**
   * B_k(σ) = ∫ a L_k from the start of a segment.
   *
   * @param series the readout in powers of σ, up to {@code terms}; not modified
   * @param shift L_k in powers of σ; not modified
   * @param powerIntegrals ∫ a σ^m; modified
   * @param integrals B_k; modified
   * @return a(σ)
   */
  static double integrate(
      double[] series, int terms, double[][] shift, double sigma, double[] powerIntegrals, double[] integrals) {
    int count = integrals.length;
    double power = sigma;
    for (int order = 0; order < count; order++) {
      double sum = 0;
      for (int term = terms; term >= 0; term--) {
        sum = sum * sigma + series[term] * INVERSE[term + order + 1];
      }
      powerIntegrals[order] = sum * power;
      power *= sigma;
    }
    for (int k = 0; k < count; k++) {
      double sum = 0;
      for (int order = 0; order <= k; order++) {
        sum += shift[k][order] * powerIntegrals[order];
      }
      integrals[k] = sum;
    }
    double readout = 0;
    for (int term = terms; term >= 0; term--) {
      readout = readout * sigma + series[term];
    }
    return readout;
  }

  // ---------------------------------------------------------------- the next event

  private void findEvent() {
    kind = Kind.NONE;
    delay = segmentLength;
    turningCount = 0;
    if (rate == 0) {
      evaluate(delay);
      return;
    }
    for (int s = 0; s < end.sliding.size; s++) {
      findExit(s);
    }
    evaluate(delay);
    findReadoutRoot();
    weightNorm = weightNorm();
    double margin = PAST_KINK * Math.max(Math.abs(end.readout), weightNorm);
    if (followed.isPresent()) {
      lookAtFollowed(followed.get(), margin);
    } else {
      lookAtListed(margin);
    }
  }

  private void lookAtFollowed(FollowedPairs pairs, double margin) {
    pairs.findSlack(step * integrals[0], margin, Math.min(rate * delay, smallestTurn * weightNorm));
    for (int i = 0; i < n; i++) {
      if (pairs.isToBeLookedAt(i)) {
        look(i, pairs.preactivations[i], pairs.forces[0][i], pairs.deviation(i), margin);
      }
    }
  }

  private void lookAtListed(double margin) {
    if (path + rate * delay > horizon) {
      extendList();
    }
    for (int s = 0; s < listedCount; s++) {
      int i = listed[s];
      if (alarm[i] <= path + rate * delay && end.modes[i] != SLIDING) {
        lookAtListed(i, margin);
      }
    }
  }

  private void lookAtListed(int i, double margin) {
    double preactivation = segment == 1 ? startPreactivations[i] : space.dot(i, end.weight);
    alarm[i] = path + Math.abs(preactivation) / space.norms[i];
    if (alarm[i] <= path + rate * delay) {
      look(i, preactivation, space.dot(i, drive[0]), space.norms[i] * tail, margin);
    }
  }

  private double weightNorm() {
    return Math.sqrt(RowSpace.dot(end.weight, end.weight, m) + outside);
  }

  /** Where the share of a sliding point leaves its bounds. */
  private void findExit(int s) {
    int i = end.sliding.points[s];
    double sign = -end.side;
    double lift = PAST_BOUND * scale;
    for (int power = 0; power < count; power++) {
      double z = 0;
      double r = 0;
      for (int k = power; k < count; k++) {
        z += shares[k][s] * shift[k][power];
        r += residual[k][i] * shift[k][power];
      }
      bound[power][0] = z - lowerSlope * r;
      // Kept for the other bound.
      forcePowers[power] = r - z;
    }
    if (mayReach(bound, sign, lift)) {
      double root = FirstRoot.of(bound, 0, count - 1, sign, delay, lift);
      if (root <= delay) {
        delay = root;
        kind = Kind.LOWER_BOUND;
        eventIndex = s;
      }
    }
    for (int power = 0; power < count; power++) {
      bound[power][0] = forcePowers[power];
    }
    if (mayReach(bound, sign, lift)) {
      double root = FirstRoot.of(bound, 0, count - 1, sign, delay, lift);
      if (root < delay || root == delay && kind == Kind.NONE) {
        delay = root;
        kind = Kind.UPPER_BOUND;
        eventIndex = s;
      }
    }
  }

  private boolean mayReach(double[][] series, double sign, double lift) {
    double motion = 0;
    for (int power = count - 1; power >= 1; power--) {
      motion = (motion + Math.abs(series[power][0])) * delay;
    }
    return sign * series[0][0] + lift <= motion;
  }

  private void findReadoutRoot() {
    if (end.side * readoutThere > 0 && Math.abs(end.readout) * 2 > rate * delay) {
      // |a'| ≤ |w'| ‖w‖/|a| is no bound; the series itself says whether the readout may pass 0.
      double motion = 0;
      for (int term = terms; term >= 1; term--) {
        motion = (motion + Math.abs(readoutSeries[term])) * delay;
      }
      if (Math.abs(end.readout) > motion) {
        return;
      }
    }
    for (int term = 0; term <= terms; term++) {
      polynomial[term][0] = readoutSeries[term];
    }
    double root = FirstRoot.of(polynomial, 0, terms, end.side, delay, 0);
    if (root <= delay && !(root == 0 && end.readout == 0)) {
      delay = root;
      kind = Kind.READOUT;
      evaluate(delay);
    }
  }

  /** Lists all pairs that the path could bring to 0 before it is twice as long as now foreseen. */
  private void extendList() {
    double further = Math.max(2 * (path + rate * delay), 1.5 * horizon);
    for (int i = 0; i < n; i++) {
      if (startDistances[i] <= further && !inList[i] && end.modes[i] != SLIDING) {
        list(i, startDistances[i]);
      }
    }
    horizon = further;
  }

  private void list(int i, double length) {
    if (!inList[i]) {
      if (listedCount == listed.length) {
        listed = Arrays.copyOf(listed, 2 * listedCount);
      }
      listed[listedCount++] = i;
      inList[i] = true;
    }
    alarm[i] = length;
  }

  /**
   * Does a pair reach 0 before the event found so far? Then it is the event. Most pairs are told apart by
   * the mean of the force alone, its other coefficients being bounded.
   *
   * @param meanForce ⟨x_i, q_0⟩
   * @param deviation a bound on the sum of the other |⟨x_i, q_k⟩|
   */
  private void look(int i, double preactivation, double meanForce, double deviation, double margin) {
    double norm = space.norms[i];
    double sign = end.modes[i] == ACTIVE ? 1 : -1;
    double value = sign * preactivation + margin * norm;
    double mean = sign * meanForce;
    double motion = step * Math.min(mean * integrals[0], 0);
    boolean near = Math.abs(preactivation) < smallestTurn * weightNorm * norm && repels(i);
    if (!near && Math.abs(mean) > deviation && value + motion > step * deviation * Math.abs(integrals[0])) {
      noteJumpedTurn(i, preactivation, -end.side * mean);
      return;
    }
    findForces(i);
    Legendre.powers(forces, shift, forcePowers);
    double others = 0;
    for (int power = count - 1; power >= 1; power--) {
      others = (others + Math.abs(forcePowers[power])) * delay;
    }
    boolean oneWay = Math.abs(forcePowers[0]) > others && end.readout != 0;
    double approach = -sign * end.side * forcePowers[0];
    noteJumpedTurn(i, preactivation, approach);
    if (near && approach < 0 && -approach < (1 - lowerSlope) * Math.abs(residualAt(i)) * norm * norm / n) {
      // Away it goes, as it would on the other side of its kink: an event may have come just before or after it.
      noteTurn(i, preactivation);
    }
    if (oneWay) {
      if (approach > 0 && valueAfter(value, sign) < 0) {
        monotoneRoot(i, value, sign);
      }
      return;
    }
    noteTurning(i, preactivation);
    fillPolynomial(preactivation);
    double root = FirstRoot.of(polynomial, 0, terms + count, sign, delay, margin * norm);
    if (root <= delay) {
      take(i, root);
    }
  }

  private void take(int i, double root) {
    delay = root;
    kind = Kind.CROSSING;
    eventIndex = i;
    evaluate(delay);
  }

  private double valueAfter(double value, double sign) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += forces[k] * integrals[k];
    }
    return value + sign * step * sum;
  }

  /** Newton's iteration within a bracket, where the pre-activation falls all the way. */
  private void monotoneRoot(int i, double value, double sign) {
    double low = 0;
    double high = delay;
    double there = valueAfter(value, sign);
    double at = high * value / (value - there);
    for (int round = 0; round < 60; round++) {
      if (!(at > low && at < high)) {
        at = 0.5 * (low + high);
      }
      evaluate(at);
      double f = valueAfter(value, sign);
      if (f < 0) {
        high = at;
      } else {
        low = at;
      }
      double next = at - f / (sign * step * readoutThere * forceAfter(at));
      if (Math.abs(next - at) <= 1e-15 * at || high - low <= 1e-15 * high) {
        break;
      }
      at = next;
    }
    take(i, at);
  }

  /** u_i as a polynomial in σ: u_i' = H a ⟨x_i, q⟩. */
  private void fillPolynomial(double preactivation) {
    polynomial[0][0] = preactivation;
    for (int order = 1; order <= terms + count; order++) {
      double sum = 0;
      for (int power = 0; power < count && power < order; power++) {
        int term = order - 1 - power;
        if (term <= terms) {
          sum += forcePowers[power] * readoutSeries[term];
        }
      }
      polynomial[order][0] = step * sum / order;
    }
  }

  // ---------------------------------------------------------------- grazing

  private boolean repels(int i) {
    return end.side * residualAt(i) > 0;
  }

  /** r_i at the time of {@link #values}: of the start of the segment by its powers. */
  private double residualAt(int i) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += residual[k][i] * shift[k][0];
    }
    return sum;
  }

  /** A repelling pair that came nearer before the last event of its neuron and goes away now. */
  private void noteJumpedTurn(int i, double preactivation, double approach) {
    if (approach < 0 && lastSegment[i] == segment - 1 && lastSlope[i] > 0 && repels(i)) {
      noteTurn(i, preactivation);
    }
    lastSegment[i] = segment;
    lastSlope[i] = approach;
  }

  private void noteTurn(int i, double preactivation) {
    double size = weightNorm() * space.norms[i];
    // Just past its kink is not a turn.
    if (Math.abs(preactivation) > 10 * PAST_KINK * Math.max(size, Math.abs(end.readout) * space.norms[i])) {
      smallestTurn = Math.min(smallestTurn, Math.abs(preactivation) / size);
    }
  }

  private void noteTurning(int i, double preactivation) {
    if (!repels(i)) {
      return;
    }
    if (turningCount == turning.length) {
      turning = Arrays.copyOf(turning, 2 * turningCount);
      turningData = Arrays.copyOf(turningData, 2 * turningData.length);
    }
    int at = turningCount * (count + 1);
    turning[turningCount++] = i;
    turningData[at] = preactivation;
    System.arraycopy(forcePowers, 0, turningData, at + 1, count);
  }

  /** Repelling pairs whose approach turned within the segment. */
  private void noteTurns() {
    for (int s = 0; s < turningCount; s++) {
      int at = s * (count + 1);
      int i = turning[s];
      System.arraycopy(turningData, at + 1, forcePowers, 0, count);
      double sign = end.side * Math.signum(turningData[at]);
      double first = sign * forceAfter(0);
      double last = sign * forceAfter(delay);
      if (first < 0 && last > 0) {
        double low = 0;
        double high = delay;
        for (int halving = 0; halving < 50; halving++) {
          double middle = 0.5 * (low + high);
          if (sign * forceAfter(middle) > 0) {
            high = middle;
          } else {
            low = middle;
          }
        }
        fillPolynomial(turningData[at]);
        noteTurn(i, SeriesSegment.value(polynomial, 0, terms + count, high));
      }
    }
  }

  private double forceAfter(double sigma) {
    double force = 0;
    for (int power = count - 1; power >= 0; power--) {
      force = force * sigma + forcePowers[power];
    }
    return force;
  }

  private void noteCrossing(int i) {
    findForces(i);
    Legendre.powers(forces, shift, forcePowers);
    double force = forcePowers[0];
    double size = weightNorm() * space.norms[i];
    double speed = Math.abs(end.readout * force) / size;
    double pull = 0;
    for (int k = 0; k < count; k++) {
      pull += RowSpace.dot(end.weight, drive[k], m) * shift[k][0];
    }
    double slope = count > 1 ? forcePowers[1] / step : 0;
    double bend = (pull * force + end.readout * slope) * (end.modes[i] == ACTIVE ? 1 : -1) / size;
    smallestSpeed = Math.min(smallestSpeed, speed);
    if (bend > 0) {
      smallestClearance = Math.min(smallestClearance, speed * speed / (2 * bend));
    }
  }

  // ---------------------------------------------------------------- going on

  private void advance() {
    if (delay <= 0) {
      return;
    }
    noteTurns();
    log.add(time, end.weight, drive, readoutSeries, terms);
    crossIntegrals();
    for (int k = 0; k < count; k++) {
      Arrays.fill(moment, 0);
      RowSpace.add(integrals[k], end.weight, moment, m);
      for (int l = 0; l < count; l++) {
        RowSpace.add(step * crossed[k][l], drive[l], moment, m);
      }
      for (int c = 0; c < m; c++) {
        moments[k * m + c] += moment[c];
      }
    }
    for (int k = 0; k < count; k++) {
      RowSpace.add(step * integrals[k], drive[k], end.weight, m);
    }
    if (followed.isPresent()) {
      followed.get().advance(step, integrals);
    }
    end.readout = readoutThere;
    path += rate * delay;
    time = kind == Kind.NONE && segmentLength == 1 - time ? 1 : time + delay;
  }

  /** ∫ L_k a B_l over the segment, to {@link #crossed}; leaves {@link #integrals} at its end. */
  private void crossIntegrals() {
    for (double[] row : crossed) {
      Arrays.fill(row, 0);
    }
    for (int node = 0; node < NODES.length; node++) {
      double sigma = delay * NODES[node];
      evaluate(sigma);
      double weight = delay * WEIGHTS[node] * readoutThere;
      legendre.values(time + sigma, values);
      for (int k = 0; k < count; k++) {
        double factor = weight * values[k];
        for (int l = 0; l < count; l++) {
          crossed[k][l] += factor * integrals[l];
        }
      }
    }
    evaluate(delay);
  }

  // ---------------------------------------------------------------- events

  private void happen() {
    events++;
    legendre.shift(time, shift);
    legendre.values(time, values);
    looseCount = 0;
    switch (kind) {
      case CROSSING -> cross(eventIndex);
      case LOWER_BOUND -> exit(eventIndex, INACTIVE);
      case UPPER_BOUND -> exit(eventIndex, ACTIVE);
      default -> turnReadout();
    }
    settleOthers();
    mostSliding = Math.max(mostSliding, end.sliding.size);
  }

  /** σ' of a mode; 0 where the pair slides. */
  double weightOf(byte mode) {
    return mode == ACTIVE ? 1 : mode == INACTIVE ? lowerSlope : 0;
  }

  /** Σ_k L_k ⟨w, q_k⟩: the speed of the readout. */
  private double sideways() {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += RowSpace.dot(end.weight, drive[k], m) * values[k];
    }
    return sum;
  }

  /** ⟨x_i, q_k⟩ for all k, to {@link #forces}. */
  private void findForces(int i) {
    if (followed.isPresent()) {
      followed.get().forcesOn(i, forces);
    } else {
      space.dots(i, drive, forces);
    }
  }

  private double forceOn(int i) {
    findForces(i);
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += forces[k] * values[k];
    }
    return sum;
  }

  /** A pair reaches 0: it crosses, or slides where both sides push it there. */
  private void cross(int i) {
    byte from = end.modes[i];
    double up = end.side * forceOn(i);
    double r = end.side * residualAt(i);
    offSpan(i);
    double jump = (1 - lowerSlope) * r * restSquared / n;
    double nothing = NO_FORCE * Math.abs(jump);
    boolean slides;
    if (from == ACTIVE) {
      slides = r < 0 && up - jump > nothing;
    } else {
      slides = r < 0 && up + jump < -nothing;
    }
    if (r > 0) {
      noteCrossing(i);
    }
    if (slides && restSquared > HeldPairs.LEAST_SHARE * space.norms[i] * space.norms[i]) {
      slide(i);
      return;
    }
    ambiguous += slides ? 1 : 0;
    setMode(i, from == ACTIVE ? INACTIVE : ACTIVE);
    double difference = weightOf(end.modes[i]) - weightOf(from);
    for (int k = 0; k < count; k++) {
      change[k] = difference * residual[k][i];
    }
    applyChange(i);
    list(i, path);
    if (r < 0) {
      addLoose(i);
    }
  }

  /** A share reached its bound by itself. */
  private void exit(int position, byte mode) {
    if (largest > 0) {
      smallestExit = Math.min(smallestExit, Math.abs(residualAt(end.sliding.points[position])) / largest);
    }
    leave(position, mode);
  }

  /** The readout passes 0: what attracted repels, and the strict indicator lets go. */
  private void turnReadout() {
    end.readout = 0;
    while (end.sliding.size > 0) {
      leave(end.sliding.size - 1, INACTIVE);
      ambiguous++;
    }
    looseCount = 0;
    end.side = Math.signum(sideways());
  }

  /** x_i less its part in the span of the sliding inputs, to {@link #rest}. */
  private void offSpan(int i) {
    SlidingSet sliding = end.sliding;
    reserveShares();
    int row = i * n;
    for (int s = 0; s < sliding.size; s++) {
      solved[s] = gram[row + sliding.points[s]];
    }
    sliding.forward(solved);
    System.arraycopy(solved, 0, pullBack, 0, sliding.size);
    sliding.backward(pullBack);
    space.copyInput(i, rest);
    for (int s = 0; s < sliding.size; s++) {
      space.addInput(-pullBack[s], sliding.points[s], rest);
    }
    restSquared = RowSpace.dot(rest, rest, m);
  }

  /**
   * What a point drives changes by {@link #change}: the drive and the shares of the sliding points follow. {@link
   * #offSpan} was called for it.
   */
  private void applyChange(int i) {
    if (followed.isPresent()) {
      followed.get().findReach(i, end.sliding, pullBack, restSquared);
      followed.get().change(change);
    }
    for (int k = 0; k < count; k++) {
      RowSpace.add(change[k] / n, rest, drive[k], m);
      RowSpace.add(-change[k], pullBack, shares[k], end.sliding.size);
    }
  }

  /** Sets a mode and keeps what the pair added to the moments of σ(u) so far. */
  private void setMode(int i, byte mode) {
    double difference = weightOf(end.modes[i]) - weightOf(mode);
    if (difference != 0) {
      if (switches == switchPoints.length) {
        switchPoints = Arrays.copyOf(switchPoints, 2 * switches);
      }
      if ((switches + 1) * count > switchMoments.length) {
        switchMoments = Arrays.copyOf(switchMoments, 2 * switchMoments.length);
      }
      space.dots(i, moments, forces);
      for (int k = 0; k < count; k++) {
        switchMoments[switches * count + k] = difference * forces[k];
      }
      switchPoints[switches++] = i;
    }
    end.modes[i] = mode;
    if (followed.isPresent()) {
      followed.get().setMode(i, mode);
    }
    log.addMode(time, i, mode);
  }

  /** A pair begins to slide; {@link #offSpan} was called for it. */
  private void slide(int i) {
    double old = weightOf(end.modes[i]);
    for (int k = 0; k < count; k++) {
      change[k] = -n * RowSpace.dot(rest, drive[k], m) / restSquared;
    }
    setMode(i, SLIDING);
    applyChange(i);
    int last = end.sliding.size;
    for (int k = 0; k < count; k++) {
      shares[k][last] = old * residual[k][i] + change[k];
    }
    end.sliding.append(i, solved, Math.sqrt(restSquared));
    putOnKink(i);
    if (followed.isPresent()) {
      followed.get().hold(i);
    }
  }

  /** Moves the weight along {@link #rest} so that its point is at 0 to the last bit. */
  private void putOnKink(int i) {
    double past = RowSpace.dot(rest, end.weight, m) / restSquared;
    RowSpace.add(-past, rest, end.weight, m);
    if (followed.isPresent()) {
      followed.get().moveToKink(i, -past);
    }
  }

  /** The sliding point at a position becomes active or inactive. */
  private void leave(int position, byte mode) {
    SlidingSet sliding = end.sliding;
    int i = sliding.points[position];
    for (int k = 0; k < count; k++) {
      change[k] = weightOf(mode) * residual[k][i] - shares[k][position];
      for (int s = position; s + 1 < sliding.size; s++) {
        shares[k][s] = shares[k][s + 1];
      }
    }
    sliding.remove(position);
    offSpan(i);
    setMode(i, mode);
    applyChange(i);
    putOnKink(i);
    list(i, path);
    addLoose(i);
  }

  private void addLoose(int i) {
    if (looseCount == loose.length) {
      loose = Arrays.copyOf(loose, 2 * looseCount);
    }
    loose[looseCount++] = i;
  }

  /**
   * The velocity jumped: shares that left their bounds leave, and pairs at 0 that this pushes back
   * slide again, until the box problem of the neuron's kinks is solved. The worst first; after many
   * rounds by least index, which cannot cycle.
   */
  private void settleOthers() {
    legendre.values(time, values);
    legendre.shift(time, shift);
    int most = FREELY_CHOSEN_PIVOTS + 50 * (end.sliding.size + 2) * (end.sliding.size + 2);
    for (int round = 0; round < most; round++) {
      boolean byIndex = round > FREELY_CHOSEN_PIVOTS;
      if (!leaveBounds(byIndex) && !holdLoose(byIndex)) {
        return;
      }
      jumps++;
    }
    failed = true;
  }

  private boolean leaveBounds(boolean byIndex) {
    double rounding = 10 * PAST_BOUND * scale;
    double worst = rounding;
    int position = -1;
    byte mode = INACTIVE;
    for (int s = 0; s < end.sliding.size; s++) {
      double z = 0;
      double r = 0;
      int i = end.sliding.points[s];
      for (int k = 0; k < count; k++) {
        z += shares[k][s] * values[k];
        r += residual[k][i] * values[k];
      }
      // With nothing to hold it up a pair rests and does not slide: were it kept at the bound, rounding
      // would wake a dead neuron when the residual turns.
      double below = end.side * (z - lowerSlope * r) + 2 * rounding;
      double above = end.side * (r - z);
      if (Math.max(below, above) > worst && !(byIndex && position >= 0 && i > end.sliding.points[position])) {
        worst = byIndex ? worst : Math.max(below, above);
        position = s;
        mode = below >= above ? INACTIVE : ACTIVE;
      }
    }
    if (position >= 0) {
      leave(position, mode);
    }
    return position >= 0;
  }

  private boolean holdLoose(boolean byIndex) {
    double worst = 0;
    int point = -1;
    for (int s = 0; s < looseCount; s++) {
      int i = loose[s];
      if (end.modes[i] == SLIDING || !(end.side * residualAt(i) < 0)) {
        continue;
      }
      double up = end.side * forceOn(i) / space.norms[i] / space.norms[i] * n;
      double against = end.modes[i] == INACTIVE ? up : -up;
      if (against > Math.max(worst, 10 * NO_FORCE * scale) && !(byIndex && point >= 0 && i > point)) {
        worst = byIndex ? worst : against;
        point = i;
      }
    }
    if (point < 0) {
      return false;
    }
    offSpan(point);
    if (!(restSquared > HeldPairs.LEAST_SHARE * space.norms[point] * space.norms[point])) {
      ambiguous++;
      return false;
    }
    slide(point);
    return true;
  }

  private static double[] gaussNodes(double[] half) {
    double[] nodes = new double[2 * half.length];
    for (int k = 0; k < half.length; k++) {
      nodes[half.length + k] = 0.5 * (1 + half[k]);
      nodes[half.length - 1 - k] = 0.5 * (1 - half[k]);
    }
    return nodes;
  }

  private static double[] gaussWeights(double[] half) {
    double[] weights = new double[2 * half.length];
    for (int k = 0; k < half.length; k++) {
      weights[half.length + k] = 0.5 * half[k];
      weights[half.length - 1 - k] = 0.5 * half[k];
    }
    return weights;
  }
}
