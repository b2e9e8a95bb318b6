package org.liftgrad.flow;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.liftgrad.kernel.Argument;
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
  /** What the polynomials may miss at the end of a macro-step is this much more than the error of the state. */
  private static final double RESIDUAL_SHARE = 20;

  /** The first macro-step, in units of the fastest time scale of the start. */
  private static final double FIRST_STEP = 0.1;

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
  private final int count;
  private final int n;
  private final int p;
  private final double lowerSlope;
  private final double residualTolerance;
  private final double sweepTolerance;
  private final NeuronSweep[] neurons;
  private final NeuronLog[] logs;
  private final SweepSegment segment;

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
  // What residualChunk is to fill, and where.
  private double[] residualTarget;
  private boolean residualAtStart;
  /** The first three derivatives in τ of the residuals at the end of the last macro-step. */
  private final double[][] slopes;
  private double lastStep;

  private double time;
  private double step;
  private double boundaryStep;
  private double scale;
  /** The largest residual at the start of the macro-step. */
  private double largest;
  private double smallestScale;
  /** What the last macro-step makes of the step. */
  private double nextFactor = 1;

  private long steps;
  private long sweeps;
  private long boundarySweeps;
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
  private final IntConsumer residualChunk;

  SweepIntegrator(FlowProblem problem, RowSpace space, double tolerance) {
    this(problem, space, degreeFor(tolerance), RESIDUAL_SHARE * tolerance, tolerance);
  }

  /** The degree of the residuals that is cheapest, as measured. */
  private static int degreeFor(double tolerance) {
    return tolerance >= 3e-7 ? 2 : tolerance >= 1e-9 ? 3 : 5;
  }

  /**
   * For measurements.
   *
   * @param residualTolerance how far the polynomials may end from the residuals, relative to them
   * @param sweepTolerance by how much the last sweep may change them
   */
  SweepIntegrator(
      FlowProblem problem, RowSpace space, int degree, double residualTolerance, double sweepTolerance) {
    this.problem = problem;
    this.space = space;
    this.residualTolerance = residualTolerance;
    this.sweepTolerance = sweepTolerance;
    count = degree + 1;
    n = problem.points;
    p = problem.neurons;
    lowerSlope = problem.activation.slope(-1);
    legendre = new Legendre(degree);
    neurons = new NeuronSweep[p];
    logs = new NeuronLog[p];
    for (int j = 0; j < p; j++) {
      neurons[j] = new NeuronSweep(problem, space, legendre, degree, lowerSlope, j);
      logs[j] = neurons[j].log;
    }
    segment = new SweepSegment(problem, space, legendre, logs);
    residual = new double[count][n];
    image = new double[count][n];
    point = new double[count * n];
    flatImage = new double[count * n];
    double[] weights = new double[count * n];
    for (int k = 0; k < count; k++) {
      Arrays.fill(weights, k * n, (k + 1) * n, 1.0 / (2 * k + 1));
    }
    anderson = new Anderson(MEMORY, weights);
    int groups = space.diagonal ? 0 : (p + GROUP - 1) / GROUP;
    sums = new double[CHUNKS][space.diagonal ? n / CHUNKS + 1 : count * space.dimension];
    tables = new double[groups][SUBSETS][count * space.dimension];
    subsets = new byte[CHUNKS][n / CHUNKS + 1][groups];
    dots = new double[CHUNKS][count];
    now = new double[n];
    then = new double[n];
    slopes = new double[3][n];
    sweepOne = j -> neurons[j].sweep(residual, step, scale, largest);
    finishOne = j -> neurons[j].finish();
    acceptOne = j -> neurons[j].accept();
    fillOne = this::fillTable;
    sumChunk = space.diagonal ? this::sumAlongInputs : this::sumChunk;
    residualChunk = this::residualChunk;
  }

  /** Runs, from the start or from a checkpoint. */
  Outcome run(Recorder recorder, double endTime, long maximumSteps, Optional<Payload> resumed) {
    ExactIntegrator.refuseParallelInputs(problem);
    if (resumed.isPresent()) {
      restore(resumed.get());
      recorder.restore(resumed.get(), time, problem.loss(now));
      showStart();
    } else {
      start();
      showStart();
      recorder.start(segment);
    }
    Optional<Payload> checkpoint = Optional.empty();
    Ending ending = recorder.atLossLimit() ? Ending.LOSS_REACHED : null;
    double end = time;
    while (ending == null) {
      boundaryStep = step;
      boundarySweeps = sweeps;
      if (Thread.currentThread().isInterrupted()) {
        ending = Ending.INTERRUPTED;
      } else if (steps >= maximumSteps) {
        ending = Ending.STEP_LIMIT;
      } else if (nothingMoves()) {
        if (endTime == Double.POSITIVE_INFINITY) {
          ending = Ending.STATIONARY;
        } else {
          checkpoint = Optional.of(checkpoint.orElseGet(() -> save(recorder)));
          stand(endTime);
          end = recorder.endOf(segment, time, endTime);
          recorder.accept(segment, time, end);
          steps++;
          takeOn(endTime);
          ending = Ending.TIME_REACHED;
        }
      } else {
        boolean last = time + step >= endTime * (1 - 1e-14);
        step = last ? endTime - time : step;
        ending = macroStep();
        if (ending == null) {
          // A macro-step that had to be shortened does not reach the end after all.
          last &= segment.length == endTime - time;
          double to = last ? endTime : time + segment.length;
          segment.from = time;
          end = recorder.endOf(segment, time, to);
          if (last || recorder.atLossLimit() || boundaryStep > endTime - time) {
            // Without this time or this loss the macro-step would have been another.
            checkpoint = Optional.of(checkpoint.orElseGet(() -> save(recorder)));
          }
          recorder.accept(segment, time, end);
          steps++;
          if (recorder.atLossLimit()) {
            countSweeps();
            ending = Ending.LOSS_REACHED;
          } else {
            takeOn(to);
            ending = last ? Ending.TIME_REACHED : null;
          }
        }
      }
    }
    Payload kept = checkpoint.orElseGet(() -> save(recorder));
    recorder.finish(segment, end);
    FlowState last = new FlowState(problem);
    last.fill(segment, end);
    Statistics statistics =
        new Statistics(
            steps, sweeps * count, events, jumps, ambiguous, mostTerms, mostSliding, margin);
    return new Outcome(ending, end, last, statistics, Optional.of(kept));
  }

  /** The modes at the start. */
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
    step = FIRST_STEP * new StepSeries(state).unit;
  }

  /** A first sweep, for the segment to show where the run stands. */
  private void showStart() {
    scale = Math.max(size(now), smallestScale);
    System.arraycopy(now, 0, residual[0], 0, n);
    segment.from = time;
    segment.length = step;
    Workers.run(p, sweepOne);
  }

  /** A last macro-step to the end, where nothing moves any more. */
  private void stand(double endTime) {
    step = endTime - time;
    segment.from = time;
    segment.length = step;
    for (double[] coefficients : residual) {
      Arrays.fill(coefficients, 0);
    }
    System.arraycopy(now, 0, residual[0], 0, n);
    System.arraycopy(now, 0, then, 0, n);
    for (NeuronSweep neuron : neurons) {
      neuron.stand(residual, step, scale);
      neuron.finish();
    }
  }

  // ---------------------------------------------------------------- checkpoints

  /** The boundary before the macro-step under way; not after it was taken on. */
  private Payload save(Recorder recorder) {
    int m = space.dimension;
    double[] weights = new double[p * m];
    double[] readout = new double[p];
    double[] sides = new double[p];
    byte[] modes = new byte[p * n];
    long[] slidingCounts = new long[p];
    long[] slidingPoints = new long[p * n];
    int slides = 0;
    for (int j = 0; j < p; j++) {
      NeuronSweep.State state = neurons[j].start;
      System.arraycopy(state.weight, 0, weights, j * m, m);
      readout[j] = state.readout;
      sides[j] = state.side;
      System.arraycopy(state.modes, 0, modes, j * n, n);
      slidingCounts[j] = state.sliding.size;
      for (int s = 0; s < state.sliding.size; s++) {
        slidingPoints[slides++] = state.sliding.points[s];
      }
    }
    return recorder.save(
        Payload.nothing()
            .with("time", time)
            .with("steps", boundaryStep, lastStep, smallestScale)
            .with("weights", weights)
            .with("readout", readout)
            .with("sides", sides)
            .with("modes", modes)
            .with("sliding counts", slidingCounts)
            .with("sliding points", Arrays.copyOf(slidingPoints, slides))
            .with("slopes of the residual 1", slopes[0])
            .with("slopes of the residual 2", slopes[1])
            .with("slopes of the residual 3", slopes[2])
            .with("margin", margin.smallestTurn(), margin.smallestSpeed(), margin.smallestClearance(), margin.smallestExit())
            .with("counts", steps, boundarySweeps, events, jumps, ambiguous, mostTerms, mostSliding));
  }

  private void restore(Payload payload) {
    int m = space.dimension;
    time = payload.finite("time", 1)[0];
    double[] lengths = payload.finite("steps", 3);
    step = Argument.positive("the step of the checkpoint", lengths[0]);
    lastStep = Argument.notNegative("the last step of the checkpoint", lengths[1]);
    smallestScale = Argument.notNegative("the scale of the checkpoint", lengths[2]);
    double[] weights = payload.finite("weights", p * m);
    double[] readout = payload.finite("readout", p);
    double[] sides = payload.finite("sides", p);
    byte[] modes = payload.bytes("modes", p * n, FlowState.SLIDING);
    long[] counts = payload.counts("sliding counts", p);
    int slides = 0;
    for (byte mode : modes) {
      slides += mode == FlowState.SLIDING ? 1 : 0;
    }
    long[] points = payload.counts("sliding points", slides);
    int at = 0;
    for (int j = 0; j < p; j++) {
      NeuronSweep.State state = neurons[j].end;
      System.arraycopy(weights, j * m, state.weight, 0, m);
      state.readout = readout[j];
      state.side = sides[j];
      System.arraycopy(modes, j * n, state.modes, 0, n);
      Argument.require(counts[j] <= slides - at, "the sliding pairs of neuron " + j, counts[j], "at most " + (slides - at));
      int[] sliding = new int[(int) counts[j]];
      boolean[] seen = new boolean[n];
      for (int s = 0; s < sliding.length; s++) {
        long point = points[at++];
        Argument.require(
            point < n && !seen[(int) point] && state.modes[(int) point] == FlowState.SLIDING,
            "a sliding pair of neuron " + j, point, "one of those that slide by the modes, once");
        sliding[s] = (int) point;
        seen[sliding[s]] = true;
      }
      state.sliding.set(sliding);
      Argument.require(
          state.sliding.factor(problem.gram(), n),
          "the sliding pairs of neuron " + j, "of dependent inputs", "of independent ones");
      neurons[j].finish();
      neurons[j].accept();
    }
    Argument.require(at == slides, "the number of sliding pairs of the checkpoint", at, "" + slides + ", as by the modes");
    for (int k = 0; k < slopes.length; k++) {
      System.arraycopy(payload.finite("slopes of the residual " + (k + 1), n), 0, slopes[k], 0, n);
    }
    double[] margins = payload.doubles("margin", 4);
    margin = new GrazingMargin(margins[0], margins[1], margins[2], margins[3]);
    long[] all = payload.counts("counts", 7);
    steps = all[0];
    sweeps = all[1];
    events = all[2];
    jumps = all[3];
    ambiguous = all[4];
    mostTerms = (int) all[5];
    mostSliding = (int) all[6];
    findResidual(now, true);
  }

  // ---------------------------------------------------------------- macro-steps

  /** A macro-step that converged and resolved the residual; null where it did. */
  private Ending macroStep() {
    scale = Math.max(size(now), smallestScale);
    largest = PairState.largest(now);
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
        // exp of a logarithm, as StrictMath.pow allocates.
        double factor = 0.9 * StrictMath.exp(StrictMath.log(residualTolerance / Math.max(defect, 1e-300)) / count);
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
      if (!(step > 1e-14 * time) || step == 0) {
        return Ending.STALLED;
      }
    }
    return Ending.STALLED;
  }

  /** Sweeps until the residuals that come out are those that went in; the number of sweeps, 0 for too many. */
  private int iterate() {
    anderson.forget();
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

  private void countSweeps() {
    for (NeuronSweep neuron : neurons) {
      events += neuron.events;
      jumps += neuron.jumps;
      ambiguous += neuron.ambiguous;
      mostTerms = Math.max(mostTerms, neuron.mostTerms);
      mostSliding = Math.max(mostSliding, neuron.mostSliding);
      margin = margin.with(neuron.smallestTurn, neuron.smallestSpeed, neuron.smallestClearance, neuron.smallestExit);
    }
  }

  /** The end of the macro-step becomes the start of the next one. */
  private void takeOn(double to) {
    countSweeps();
    Workers.run(p, acceptOne);
    findSlopes();
    System.arraycopy(then, 0, now, 0, n);
    lastStep = segment.length;
    time = to;
    step = segment.length * nextFactor;
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
    int first = startOf(chunk);
    int last = startOf(chunk + 1);
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

  /** The same along orthogonal inputs, where ⟨x_i, M_jk⟩ is ‖x_i‖ times one number. */
  private void sumAlongInputs(int chunk) {
    int first = startOf(chunk);
    int last = startOf(chunk + 1);
    double[] share = sums[chunk];
    for (int k = 0; k < count; k++) {
      Arrays.fill(image[k], first, last, 0);
    }
    for (NeuronSweep neuron : neurons) {
      byte[] modes = neuron.end.modes;
      for (int i = first; i < last; i++) {
        share[i - first] = space.norms[i] * neuron.weightOf(modes[i]);
      }
      for (int k = 0; k < count; k++) {
        for (int i = first; i < last; i++) {
          image[k][i] += share[i - first] * neuron.moments[k * n + i];
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
    residualTarget = target;
    residualAtStart = atStart;
    Workers.run(CHUNKS, residualChunk);
  }

  private void residualChunk(int chunk) {
    int from = startOf(chunk);
    int to = startOf(chunk + 1);
    double[] target = residualTarget;
    Arrays.fill(target, from, to, 0);
    for (NeuronSweep neuron : neurons) {
      double[] u = residualAtStart ? neuron.startPreactivations : neuron.endPreactivations;
      double a = residualAtStart ? neuron.start.readout : neuron.end.readout;
      for (int i = from; i < to; i++) {
        // Without a branch: half of u is negative, and no processor guesses which.
        double size = Math.abs(u[i]);
        target[i] += a * (0.5 * (u[i] + size) + lowerSlope * (0.5 * (u[i] - size)));
      }
    }
    for (int i = from; i < to; i++) {
      target[i] = problem.labels[i] - target[i] / p;
    }
  }

  private int startOf(int chunk) {
    return (int) ((long) chunk * n / CHUNKS);
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

  /** Is all velocity noise, of rounding or of what the sweeps leave of residuals that are long below what counts? */
  private boolean nothingMoves() {
    for (int j = 0; j < p; j++) {
      double noise = 0;
      for (int i = 0; i < n; i++) {
        if (neurons[j].start.modes[i] != FlowState.INACTIVE || lowerSlope != 0) {
          double rounding = 16 * PairState.EPSILON * (Math.abs(now[i]) + Math.abs(problem.labels[i]));
          noise += (rounding + sweepTolerance * smallestScale) * space.norms[i];
        }
      }
      if (neurons[j].driveNow() > noise / n) {
        return false;
      }
    }
    return true;
  }
}
