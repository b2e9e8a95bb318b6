package org.liftgrad.flow;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.liftgrad.kernel.Workers;

/**
 * The exact flow, neuron by neuron, for many pairs: an event costs its own neuron and not the network.
 *
 * <p>Over a macro-step [t, t + H] the residuals are polynomials in time, shared by all neurons. Given
 * them every neuron goes through its own events ({@link NeuronSweep}), all neurons at once on all cores;
 * what they then say of the residuals is projected on polynomials again, until nothing changes (waveform
 * relaxation, accelerated by {@link Anderson}).
 *
 * <p>The projection is orthogonal (L2 in time): the error of r is then orthogonal to polynomials, so
 * that a neuron hardly sees the kinks that the events of the others leave in it.
 */
final class SweepIntegrator {

  private static final int MEMORY = 4;
  private static final int MOST_SWEEPS = 14;
  /** With more sweeps than this a shorter step is cheaper. */
  private static final int GOOD_SWEEPS = 4;

  /**
   * Residuals below this share of those at the start are not resolved any better: the state does not need
   * it, and the last bits of a residual cannot be had.
   */
  private static final double SMALLEST_SCALE = 1e-5;

  private static final int CHUNKS = 32;
  private static final int GROUP = 4;
  private static final int SUBSETS = 1 << GROUP;

  private final FlowProblem problem;
  private final RowSpace space;
  private final Legendre legendre;
  private final int degree;
  private final int count;
  private final int n;
  private final int p;
  private final double lowerSlope;
  private final double residualTolerance;
  private final double sweepTolerance;
  private final NeuronSweep[] neurons;
  private final NeuronLog.View[] views;
  private final MacroStep segment = new MacroStep();
  private final FlowState scratch;

  /** The coefficients of L_k of r_i, at [k][i]; those that the last sweep went by, and what came of it. */
  private final double[][] residual;

  private final double[][] image;
  private final double[] point;
  private final double[] flatImage;
  private final Anderson anderson;
  private final double[][] sums;
  private final double[][][] tables;
  private final byte[][][] subsets;
  private final double[][] dots;
  private final double[] now;
  private final double[] then;
  /** The first three derivatives in τ of the residuals at the end of the last macro-step. */
  private final double[][] slopes;
  private double lastStep;

  private double time;
  private double step;
  private double scale;
  private double smallestScale;
  /** What the last macro-step makes of the step. */
  private double nextFactor = 1; String dbg="";

  private long steps;
  private long sweeps;
  private long events;
  private long jumps;
  private long ambiguous;
  private int mostTerms;
  private int mostSliding;
  private GrazingMargin margin = GrazingMargin.none();

  private final IntConsumer sweepOne;
  private final IntConsumer finishOne;
  private final IntConsumer acceptOne;
  private final IntConsumer fillOne;
  private final IntConsumer sumChunk;

  SweepIntegrator(FlowProblem problem, RowSpace space, double tolerance, int degree) {
    this(problem, space, degree, 20 * tolerance, tolerance);
  }

  SweepIntegrator(
      FlowProblem problem, RowSpace space, int degree, double residualTolerance, double sweepTolerance) {
    this.problem = problem;
    this.space = space;
    this.degree = degree;
    this.residualTolerance = residualTolerance;
    this.sweepTolerance = sweepTolerance;
    count = degree + 1;
    n = problem.points;
    p = problem.neurons;
    lowerSlope = problem.activation.slope(-1);
    legendre = new Legendre(degree);
    scratch = new FlowState(problem);
    neurons = new NeuronSweep[p];
    views = new NeuronLog.View[p];
    for (int j = 0; j < p; j++) {
      neurons[j] = new NeuronSweep(problem, space, legendre, degree, lowerSlope, j);
      views[j] = new NeuronLog.View(space.dimension, count);
    }
    residual = new double[count][n];
    image = new double[count][n];
    point = new double[count * n];
    flatImage = new double[count * n];
    double[] weights = new double[count * n];
    for (int k = 0; k < count; k++) {
      Arrays.fill(weights, k * n, (k + 1) * n, 1.0 / (2 * k + 1));
    }
    anderson = new Anderson(MEMORY, weights);
    sums = new double[CHUNKS][count * space.dimension];
    tables = new double[(p + GROUP - 1) / GROUP][SUBSETS][count * space.dimension];
    subsets = new byte[CHUNKS][n / CHUNKS + 1][tables.length];
    dots = new double[CHUNKS][count];
    now = new double[n];
    then = new double[n];
    slopes = new double[3][n];
    sweepOne = j -> neurons[j].sweep(residual, step, scale);
    finishOne = j -> neurons[j].finish();
    acceptOne = j -> neurons[j].accept();
    fillOne = this::fillTable;
    sumChunk = this::sumChunk;
  }

  Outcome run(Recorder recorder, double endTime, long maximumSteps, java.util.Optional<Payload> resumed) {
    start();
    recorder.start(segment);
    Ending ending = recorder.atLossLimit() ? Ending.LOSS_REACHED : null;
    double end = 0;
    while (ending == null) {
      if (Thread.currentThread().isInterrupted()) {
        ending = Ending.INTERRUPTED;
      } else if (steps >= maximumSteps) {
        ending = Ending.STEP_LIMIT;
      } else if (endTime == Double.POSITIVE_INFINITY && nothingMoves()) {
        ending = Ending.STATIONARY;
      } else {
        double wish = step;
        double to = time + step;
        if (to >= endTime * (1 - 1e-14)) {
          to = endTime;
          step = endTime - time;
        }
        Ending failure = macroStep();
        if (failure != null) {
          ending = failure;
          break;
        }
        to = to == endTime && segment.length == endTime - time ? endTime : time + segment.length;
        segment.from = time;
        end = recorder.endOf(segment, time, to);
        recorder.accept(segment, time, end);
        steps++;
        if (recorder.atLossLimit()) {
          ending = Ending.LOSS_REACHED;
        } else {
          takeOn(to, wish);
          if (time >= endTime) {
            ending = Ending.TIME_REACHED;
          }
        }
      }
    }
    recorder.finish(segment, end);
    FlowState last = new FlowState(problem);
    last.fill(segment, end);
    Statistics statistics =
        new Statistics(
            steps, sweeps * count, events, jumps, ambiguous, mostTerms, mostSliding, margin);
    return new Outcome(ending, end, last, statistics, java.util.Optional.empty());
  }

  /** The modes at the start, and a first sweep that makes the start visible. */
  private void start() {
    PairState state = new PairState(problem);
    Settling settling = new Settling(state);
    settling.start();
    ambiguous += settling.ambiguous();
    for (int j = 0; j < p; j++) {
      NeuronSweep neuron = neurons[j];
      System.arraycopy(space.startWeights[j], 0, neuron.end.weight, 0, space.dimension);
      System.arraycopy(state.modes, j * n, neuron.end.modes, 0, n);
      neuron.end.readout = state.a[j];
      neuron.end.side = state.side[j];
      neuron.end.sliding.set(Arrays.copyOf(state.sliding[j], state.slidings[j]));
      neuron.finish();
      neuron.accept();
    }
    findResidual(now, true);
    smallestScale = Math.max(SMALLEST_SCALE * size(now), roundingOfResidual());
    scale = Math.max(size(now), smallestScale);
    StepSeries series = new StepSeries(state);
    step = 0.1 * series.unit;
    for (int i = 0; i < n; i++) {
      residual[0][i] = now[i];
    }
    segment.length = step;
    Workers.run(p, sweepOne);
  }

  // ---------------------------------------------------------------- macro-steps

  /** A macro-step that converged and resolved the residual; null where it did. */
  private Ending macroStep() {
    scale = Math.max(size(now), smallestScale);
    for (int attempt = 0; attempt < 60; attempt++) {
      segment.length = step;
      predict();
      int used = iterate();
      if (used > 0) {
        Workers.run(p, finishOne);
        findResidual(then, false);
        double defect = defect();
        if (!Double.isFinite(defect)) {
          return Ending.NOT_FINITE;
        }
        if (Boolean.getBoolean("dbg") && steps % 40 == 0) System.out.printf("t %.2f H %.3f used %d def %.2e changes %s%n", time, step, used, defect, dbg);
        dbg = "";
        double factor = 0.9 * StrictMath.pow(residualTolerance / Math.max(defect, 1e-300), 1.0 / count);
        if (defect <= 4 * residualTolerance) {
          factor = Math.min(Math.max(factor, 0.4), 1.6);
          if (used > GOOD_SWEEPS) {
            factor = Math.min(factor, (double) GOOD_SWEEPS / used);
          }
          nextFactor = factor;
          return null;
        }
        step *= Math.min(Math.max(factor, 0.2), 0.7);
      } else {
        step *= 0.5;
      }
      anderson.forget();
      if (!(step > 1e-14 * time) || step == 0) {
        return Ending.STALLED;
      }
    }
    return Ending.STALLED;
  }

  /** Sweeps until the residuals that come out are those that went in; the number of sweeps, 0 for too many. */
  private int iterate() {
    if (Boolean.getBoolean("forget")) anderson.forget(); else
    anderson.restart();
    double limit = sweepTolerance * scale;
    double before = Double.POSITIVE_INFINITY;
    for (int used = 1; used <= MOST_SWEEPS; used++) {
      Workers.run(p, sweepOne);
      sweeps++;
      for (NeuronSweep neuron : neurons) {
        if (neuron.failed) {
          return 0;
        }
      }
      sumMoments();
      double change = change();
      if (Boolean.getBoolean("dbg")) dbg += String.format(" %.1e", change/scale);
      if (change <= limit) {
        return used;
      }
      if (!(change < 100 * before)) {
        return 0;
      }
      before = change;
      flatten(residual, point);
      flatten(image, flatImage);
      anderson.advance(point, flatImage);
      for (int k = 0; k < count; k++) {
        System.arraycopy(point, k * n, residual[k], 0, n);
      }
    }
    return 0;
  }

  private void flatten(double[][] from, double[] to) {
    for (int k = 0; k < count; k++) {
      System.arraycopy(from[k], 0, to, k * n, n);
    }
  }

  /** The residual now is known; its shape is that of the last macro-step, continued. */
  private void predict() {
    double ratio = lastStep == 0 ? 0 : step / lastStep;
    double half = 0.5 * ratio * ratio;
    double sixth = ratio * ratio * ratio / 6;
    for (int k = 0; k < count; k++) {
      Arrays.fill(residual[k], 0);
    }
    for (int i = 0; i < n; i++) {
      double first = ratio * slopes[0][i];
      double second = count > 2 ? half * slopes[1][i] : 0;
      double third = count > 4 ? sixth * slopes[2][i] : 0;
      // τ, τ² and τ³ in Legendre polynomials.
      residual[0][i] = now[i] + first / 2 + second / 3 + third / 4;
      if (count > 1) {
        residual[1][i] = first / 2 + second / 2 + 9 * third / 20;
      }
      if (count > 2) {
        residual[2][i] = second / 6 + third / 4;
      }
      if (count > 3) {
        residual[3][i] = third / 20;
      }
    }
  }

  private void takeOn(double to, double wish) {
    for (NeuronSweep neuron : neurons) {
      events += neuron.events;
      jumps += neuron.jumps;
      ambiguous += neuron.ambiguous;
      mostTerms = Math.max(mostTerms, neuron.mostTerms);
      mostSliding = Math.max(mostSliding, neuron.mostSliding);
      margin = margin.with(neuron.smallestTurn, neuron.smallestSpeed, neuron.smallestClearance);
    }
    Workers.run(p, acceptOne);
    findSlopes();
    System.arraycopy(then, 0, now, 0, n);
    lastStep = segment.length;
    time = to;
    // A step cut short by the end says nothing about the next one.
    step = segment.length < wish && to < wish ? wish : segment.length * nextFactor;
  }

  /** The derivatives of the residual polynomials at τ = 1: L_k^(s)(1) = (k + s)! / ((k − s)! s!). */
  private void findSlopes() {
    for (int s = 1; s <= 3; s++) {
      Arrays.fill(slopes[s - 1], 0);
      for (int k = s; k < count; k++) {
        double derivative = 1;
        for (int factor = k - s + 1; factor <= k + s; factor++) {
          derivative *= factor;
        }
        for (int factor = 2; factor <= s; factor++) {
          derivative /= factor;
        }
        RowSpace.add(derivative, residual[k], slopes[s - 1], n);
      }
    }
  }

  // ---------------------------------------------------------------- residuals

  /** image_k = (2k + 1) (y δ_k0 − (1/p) Σ_j ∫ L_k a_j σ(u_j)). */
  private void sumMoments() {
    Workers.run(tables.length, fillOne);
    Workers.run(CHUNKS, sumChunk);
    for (NeuronSweep neuron : neurons) {
      for (int s = 0; s < neuron.switches; s++) {
        int i = neuron.switchPoints[s];
        for (int k = 0; k < count; k++) {
          image[k][i] += neuron.switchMoments[s * count + k];
        }
      }
    }
    for (int k = 0; k < count; k++) {
      double factor = -(2 * k + 1.0) / p;
      for (int i = 0; i < n; i++) {
        image[k][i] = (k == 0 ? problem.labels[i] : 0) + factor * image[k][i];
      }
    }
  }

  /**
   * The sums of the moments over all 16 subsets of four neurons: with them a point needs one addition for
   * four neurons, whichever of them are active there.
   */
  private void fillTable(int group) {
    double[][] table = tables[group];
    int first = group * GROUP;
    for (int subset = 1; subset < SUBSETS; subset++) {
      int lowest = Integer.numberOfTrailingZeros(subset);
      System.arraycopy(table[subset & (subset - 1)], 0, table[subset], 0, table[subset].length);
      if (first + lowest < p) {
        RowSpace.add(neurons[first + lowest].moments, table[subset], 0, table[subset].length);
      }
    }
  }

  /** Σ_j ⟨x_i, M_jk⟩ over the neurons that are active at i: the sum first, then one product. */
  private void sumChunk(int chunk) {
    int first = (int) ((long) chunk * n / CHUNKS);
    int last = (int) ((long) (chunk + 1) * n / CHUNKS);
    double[] sum = sums[chunk];
    double[] dot = dots[chunk];
    byte[][] subset = subsets[chunk];
    findSubsets(FlowState.ACTIVE, first, last, subset);
    for (int i = first; i < last; i++) {
      addTables(i, subset[i - first], sum);
      space.dots(i, sum, dot);
      for (int k = 0; k < count; k++) {
        image[k][i] = dot[k];
      }
    }
    if (lowerSlope != 0) {
      findSubsets(FlowState.INACTIVE, first, last, subset);
      for (int i = first; i < last; i++) {
        addTables(i, subset[i - first], sum);
        space.dots(i, sum, dot);
        for (int k = 0; k < count; k++) {
          image[k][i] += lowerSlope * dot[k];
        }
      }
    }
  }

  /** Which neurons of each group have a mode at the points of a chunk, as bits. */
  private void findSubsets(byte mode, int first, int last, byte[][] subset) {
    for (int i = first; i < last; i++) {
      Arrays.fill(subset[i - first], (byte) 0);
    }
    for (int j = 0; j < p; j++) {
      byte[] modes = neurons[j].end.modes;
      int group = j / GROUP;
      int bit = 1 << (j % GROUP);
      for (int i = first; i < last; i++) {
        subset[i - first][group] |= modes[i] == mode ? bit : 0;
      }
    }
  }

  private void addTables(int i, byte[] subset, double[] sum) {
    Arrays.fill(sum, 0);
    int length = space.lengths[i];
    int m = space.dimension;
    if (length == m) {
      addTables(subset, sum, 0, count * m);
    } else {
      for (int k = 0; k < count; k++) {
        addTables(subset, sum, k * m, k * m + length);
      }
    }
  }

  private void addTables(byte[] subset, double[] sum, int from, int to) {
    int group = 0;
    for (; group + 4 <= tables.length; group += 4) {
      RowSpace.addFour(
          tables[group][subset[group]], tables[group + 1][subset[group + 1]],
          tables[group + 2][subset[group + 2]], tables[group + 3][subset[group + 3]], sum, from, to);
    }
    for (; group < tables.length; group++) {
      RowSpace.add(tables[group][subset[group]], sum, from, to);
    }
  }

  /** The root mean square over points and time of what a sweep changed. */
  private double change() {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      double part = 0;
      for (int i = 0; i < n; i++) {
        double difference = image[k][i] - residual[k][i];
        part += difference * difference;
      }
      sum += part / (2 * k + 1);
    }
    return Math.sqrt(sum / n);
  }

  /** How far the polynomials end from the residuals of the state, relative to the latter. */
  private double defect() {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double value = 0;
      for (int k = 0; k < count; k++) {
        value += residual[k][i];
      }
      sum += (value - then[i]) * (value - then[i]);
    }
    return sum == 0 ? 0 : Math.sqrt(sum / n) / scale;
  }

  /** y − (1/p) Σ a σ(u), at the start or at the end of the macro-step. */
  private void findResidual(double[] target, boolean atStart) {
    Arrays.fill(target, 0);
    for (NeuronSweep neuron : neurons) {
      double[] u = atStart ? neuron.startPreactivations : neuron.endPreactivations;
      double a = atStart ? neuron.start.readout : neuron.end.readout;
      for (int i = 0; i < n; i++) {
        target[i] += a * (u[i] > 0 ? u[i] : lowerSlope * u[i]);
      }
    }
    for (int i = 0; i < n; i++) {
      target[i] = problem.labels[i] - target[i] / p;
    }
  }

  /** The rounding error of the residuals, times what the least tolerance needs to be above it. */
  private double roundingOfResidual() {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      double size = 0;
      for (NeuronSweep neuron : neurons) {
        size += Math.abs(neuron.start.readout * neuron.startPreactivations[i]);
      }
      size = Math.abs(problem.labels[i]) + size / p;
      sum += size * size;
    }
    return 64 * PairState.EPSILON / sweepTolerance * Math.sqrt(sum / n);
  }

  private static double size(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum / values.length);
  }

  /** Is all velocity rounding noise? */
  private boolean nothingMoves() {
    if (steps == 0) {
      return false;
    }
    for (int j = 0; j < p; j++) {
      neurons[j].log.read(1, segment.length, legendre, views[j]);
      double speed = Math.sqrt(RowSpace.dot(views[j].drive, views[j].drive, space.dimension));
      double noise = 0;
      for (int i = 0; i < n; i++) {
        if (neurons[j].start.modes[i] != FlowState.INACTIVE || lowerSlope != 0) {
          noise += 16 * PairState.EPSILON * (Math.abs(now[i]) + Math.abs(problem.labels[i])) * space.norms[i];
        }
      }
      if (speed > noise / n) {
        return false;
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- dense output

  private final class MacroStep implements Segment {
    double from;
    double length;
    private double at;
    private FlowState target;
    private final IntConsumer fillOne = this::fillOne;

    private double share(double when) {
      return length == 0 ? 0 : Math.min(Math.max((when - from) / length, 0), 1);
    }

    @Override
    public void fill(double when, FlowState state) {
      at = share(when);
      target = state;
      Workers.run(p, fillOne);
      problem.residual(state.preactivations, state.readout, state.residual);
    }

    private void fillOne(int j) {
      NeuronSweep neuron = neurons[j];
      NeuronLog.View view = views[j];
      neuron.log.read(at, length, legendre, view);
      int base = j * n;
      System.arraycopy(neuron.logModes, 0, target.modes, base, n);
      neuron.log.applyModes(at, target.modes, base);
      double pull = 0;
      for (int c = 0; c < space.dimension; c++) {
        pull += view.weight[c] * view.drive[c];
      }
      target.readout[j] = view.readout;
      target.readoutSpeeds[j] = pull;
      for (int i = 0; i < n; i++) {
        boolean held = target.modes[base + i] == FlowState.SLIDING;
        target.preactivations[base + i] = held ? 0 : space.dot(i, view.weight);
        target.preactivationSpeeds[base + i] = held ? 0 : view.readout * space.dot(i, view.drive);
      }
    }

    @Override
    public void fillCoefficients(double when, double[] coefficients) {
      double share = share(when);
      double[] change = new double[space.dimension];
      for (int j = 0; j < p; j++) {
        neurons[j].log.read(share, length, legendre, views[j]);
        for (int c = 0; c < change.length; c++) {
          change[c] = views[j].weight[c] - space.startWeights[j][c];
        }
        space.coefficients(change, coefficients, j * n);
      }
    }

    @Override
    public Segment copy() { throw new UnsupportedOperationException(); }

    @Override
    public long bytes() { return 0; }

    @Override
    public double loss(double when) {
      fill(when, scratch);
      return problem.loss(scratch.residual);
    }
  }

}
