package org.liftgrad.flow;

import java.util.Optional;
import org.liftgrad.kernel.Argument;

/**
 * The exact flow, event by event. Between events the state is a power series in time ({@link
 * StepSeries}); an event is a root of these series ({@link EventSearch}); at an event the velocity of
 * its neuron at all its kinks is found anew ({@link Settling}).
 *
 * <p>The order is chosen step by step: a step that ends at the next event needs few terms.
 */
final class ExactIntegrator {

  private static final int LEAST_ORDER = 3;
  /** The share of the tolerance that one step may cost. */
  private static final double STEP_SHARE = 0.01;

  /** So many steps without time moving on, and four a pair, are a stall. */
  private static final long STANDING_STEPS = 1000;

  private static final double PARALLEL = 1e-13;
  private static final double EPSILON = PairState.EPSILON;

  private final FlowProblem problem;
  private final double stepTolerance;
  private final PairState state;
  private final StepSeries series;
  private final EventSearch search;
  private final Settling settling;
  private final GrazingWatch grazing;

  /** The last step changed no figure by more than its last bit: no number of steps would lead anywhere. */
  private boolean frozen;

  private long steps;
  private long standingSteps;
  private long events;
  private int largestOrder;

  // At the last boundary between steps, as far as a step changes it before it moves the state.
  private final byte[] boundaryModes;
  private final double[] boundarySides;
  private boolean modesCorrected;
  private long boundaryProducts;
  private long boundaryEvents;
  private long boundaryAmbiguous;
  private Optional<Payload> checkpoint = Optional.empty();

  ExactIntegrator(FlowProblem problem, double tolerance) {
    this.problem = problem;
    stepTolerance = Math.max(tolerance * STEP_SHARE, EPSILON);
    state = new PairState(problem);
    series = new StepSeries(state);
    search = new EventSearch(state, series);
    settling = new Settling(state);
    grazing = new GrazingWatch(state, series);
    boundaryModes = new byte[state.modes.length];
    boundarySides = new double[state.side.length];
  }

  /** Runs, from the start or from a checkpoint. */
  Outcome run(Recorder recorder, double endTime, long maximumSteps, Optional<Payload> resumed) {
    refuseParallelInputs(problem);
    if (resumed.isPresent()) {
      restore(resumed.get());
      recorder.restore(resumed.get(), state.time, problem.loss(state.r));
    } else {
      settling.start();
      prepare();
      recorder.start(series);
    }
    boundary();
    Ending ending = recorder.atLossLimit() ? Ending.LOSS_REACHED : null;
    while (ending == null) {
      ending = step(recorder, endTime, maximumSteps);
    }
    if (checkpoint.isEmpty()) {
      keepCheckpoint(recorder);
    }
    prepare();
    recorder.finish(series, state.time);
    Statistics statistics =
        new Statistics(
            steps,
            series.products(),
            events,
            settling.jumps(),
            settling.ambiguous(),
            largestOrder,
            settling.mostSliding(),
            grazing.margin());
    FlowState last = new FlowState(problem);
    last.fill(series, state.time);
    return new Outcome(ending, state.time, last, statistics, checkpoint);
  }

  // ---------------------------------------------------------------- checkpoints

  /** The state stands between two steps. */
  private void boundary() {
    System.arraycopy(state.side, 0, boundarySides, 0, boundarySides.length);
    modesCorrected = false;
    boundaryProducts = series.products();
    boundaryEvents = events;
    boundaryAmbiguous = settling.ambiguous();
  }

  /** Keeps the last boundary; not after the state was moved away from it. */
  private void keepCheckpoint(Recorder recorder) {
    Payload payload =
        Payload.nothing()
            .with("time", state.time)
            .with("preactivations", state.u)
            .with("readout", state.a)
            .with("coefficients", state.c)
            .with("sides", boundarySides)
            .with("modes", modesCorrected ? boundaryModes : state.modes)
            .with(
                "counts",
                steps, standingSteps, boundaryEvents, largestOrder, boundaryProducts, settling.jumps(),
                boundaryAmbiguous, settling.mostSliding(), frozen ? 1 : 0);
    checkpoint = Optional.of(recorder.save(grazing.save(payload)));
  }

  private void restore(Payload payload) {
    state.time = payload.finite("time", 1)[0];
    System.arraycopy(payload.finite("preactivations", state.u.length), 0, state.u, 0, state.u.length);
    System.arraycopy(payload.finite("readout", state.a.length), 0, state.a, 0, state.a.length);
    System.arraycopy(payload.finite("coefficients", state.c.length), 0, state.c, 0, state.c.length);
    System.arraycopy(payload.finite("sides", state.side.length), 0, state.side, 0, state.side.length);
    System.arraycopy(payload.bytes("modes", state.modes.length, FlowState.SLIDING), 0, state.modes, 0, state.modes.length);
    for (int j = 0; j < problem.neurons; j++) {
      state.index(j);
      Argument.require(
          state.slidings[j] == 0 || state.held[j].factored(),
          "the sliding pairs of neuron " + j, "of dependent inputs", "of independent ones");
    }
    state.findResidual();
    long[] counts = payload.counts("counts", 9);
    steps = counts[0];
    standingSteps = counts[1];
    events = counts[2];
    largestOrder = (int) counts[3];
    series.restoreProducts(counts[4]);
    settling.restoreCounts(counts[5], counts[6], (int) counts[7]);
    frozen = counts[8] == 1;
    grazing.restore(payload);
  }

  // ---------------------------------------------------------------- steps

  /** One step; null where the run goes on. */
  private Ending step(Recorder recorder, double endTime, long maximumSteps) {
    if (Thread.currentThread().isInterrupted()) {
      return Ending.INTERRUPTED;
    }
    if (steps >= maximumSteps) {
      return Ending.STEP_LIMIT;
    }
    if (standingSteps > STANDING_STEPS + 4L * problem.pairs()) {
      return Ending.STALLED;
    }
    prepare();
    double speed = series.speed();
    if (!Double.isFinite(speed)) {
      return Ending.NOT_FINITE;
    }
    double left = (endTime - state.time) / series.unit;
    double natural = Double.POSITIVE_INFINITY;
    search.clear();
    boolean still = frozen || series.nothingMoves();
    if (still) {
      // Nothing will ever move again: an asked time is reached with the state as it is.
      if (endTime == Double.POSITIVE_INFINITY) {
        return Ending.STATIONARY;
      }
      series.standStill();
    } else {
      natural = extendSeries(speed);
      // Not up to the end time alone: the last bits of a root depend on how far it is looked for, and a run to
      // an earlier time must be a part of one to a later time.
      search.find(natural < Double.POSITIVE_INFINITY ? natural : left);
    }
    double advance = Math.min(Math.min(natural, left), search.delay());
    if (advance == Double.POSITIVE_INFINITY) {
      return Ending.STATIONARY;
    }
    if (!series.isFinite()) {
      return Ending.NOT_FINITE;
    }
    double to = advance == left ? endTime : state.time + advance * series.unit;
    double end = recorder.endOf(series, state.time, to);
    boolean cut = advance == left || natural == Double.POSITIVE_INFINITY;
    if (checkpoint.isEmpty() && (cut || recorder.atLossLimit())) {
      // Without this time or this loss the step would have gone further, or its end would not have been observed.
      keepCheckpoint(recorder);
    }
    recorder.accept(series, state.time, end);
    steps++;
    largestOrder = Math.max(largestOrder, series.order);
    if (end < to) {
      // The loss reached its limit within the step.
      series.moveState((end - state.time) / series.unit);
      state.time = end;
      return Ending.LOSS_REACHED;
    }
    if (!still) {
      grazing.turns(advance);
    }
    standingSteps = to - state.time <= 8 * EPSILON * state.time ? standingSteps + 1 : 0;
    boolean moved = series.moveState(advance);
    state.time = to;
    boolean happens = search.delay() <= advance;
    frozen = !moved && !happens;
    if (happens) {
      happen();
    }
    boundary();
    if (recorder.atLossLimit()) {
      return Ending.LOSS_REACHED;
    }
    return state.time >= endTime ? Ending.TIME_REACHED : null;
  }

  private void happen() {
    int j = search.neuron();
    int i = search.point();
    events++;
    if (i < 0) {
      state.a[j] = 0;
      state.findResidual();
      settling.turn(j);
      return;
    }
    int pair = state.pair(j, i);
    state.u[pair] = 0;
    state.findResidual();
    if (state.modes[pair] == FlowState.SLIDING) {
      grazing.leave(i);
    } else if (state.side[j] * state.r[i] >= 0) {
      grazing.cross(j, i, search.delay());
    }
    settling.event(j, i, search.target());
  }

  // ---------------------------------------------------------------- series

  /** Orders 0 and 1 of the series at the state. */
  private void prepare() {
    state.findResidual();
    for (int j = 0; j < problem.neurons; j++) {
      if (state.side[j] == 0) {
        state.findSide(j);
      }
    }
    int corrections = 0;
    int wrong = series.begin();
    while (wrong >= 0 && correct(wrong, corrections++)) {
      wrong = series.begin();
    }
  }

  /** Terms until the series reaches past the next event, or the highest order; returns its reach. */
  private double extendSeries(double speed) {
    double estimate = search.estimate();
    double reach = 0;
    double before = 0;
    int corrections = 0;
    for (int k = 2; k <= StepSeries.MOST_ORDER; k++) {
      int wrong = series.extend(k);
      if (wrong >= 0 && correct(wrong, corrections++)) {
        prepare();
        estimate = search.estimate();
        k = 1;
        continue;
      }
      if (k < LEAST_ORDER - 1) {
        continue;
      }
      double last = reachOf(k, speed);
      reach = Math.min(last, before);
      before = last;
      if (k >= LEAST_ORDER && reach > 1.2 * estimate) {
        break;
      }
    }
    // The remainder is a geometric series whose first term is the last one kept.
    return 0.9 * reach;
  }

  private double reachOf(int k, double speed) {
    double size = series.largestDrive(k);
    // Not StrictMath.pow, which allocates in every call.
    return size == 0
        ? Double.POSITIVE_INFINITY
        : StrictMath.exp(StrictMath.log(stepTolerance * speed / size) / k);
  }

  /**
   * A pair at zero would leave its side by its first term that is more than rounding: it changes its
   * mode. False where that was tried too often.
   */
  private boolean correct(int pair, int corrections) {
    if (corrections >= 4 * problem.points) {
      settling.countAmbiguous();
      return false;
    }
    if (!modesCorrected) {
      System.arraycopy(state.modes, 0, boundaryModes, 0, boundaryModes.length);
      modesCorrected = true;
    }
    int j = pair / problem.points;
    boolean attracts = series.signOfReadout(j) * state.r[pair % problem.points] < 0;
    byte other = state.modes[pair] == FlowState.ACTIVE ? FlowState.INACTIVE : FlowState.ACTIVE;
    state.modes[pair] = attracts ? FlowState.SLIDING : other;
    state.index(j);
    if (state.slidings[j] > 0 && !state.held[j].factored()) {
      state.modes[pair] = FlowState.INACTIVE;
      state.index(j);
    }
    events++;
    return true;
  }

  /** Two parallel inputs share a kink, where their pairs cannot be told apart. */
  static void refuseParallelInputs(FlowProblem problem) {
    int n = problem.points;
    double[] gram = problem.gram();
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        double cosine = gram[i * n + k] / (problem.norms[i] * problem.norms[k]);
        if (Math.abs(cosine) > 1 - PARALLEL) {
          throw Argument.refused(
              "the pair of inputs " + k + " and " + i,
              "parallel",
              "of two directions for the exact flow (points of one direction, x_k = c_k x with c_k > 0,"
                  + " can be merged into the point √ω x with label Σ c_k y_k / √ω, ω = Σ c_k²)");
        }
      }
    }
  }
}
