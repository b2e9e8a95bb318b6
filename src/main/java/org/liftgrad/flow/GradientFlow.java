package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;

/**
 * A flow to solve: what to integrate, until when, how exactly, what to observe. Immutable: every
 * method returns another one, {@link #solve()} runs it.
 */
public final class GradientFlow {

  /** The tolerance used unless another is asked for. */
  public static final double DEFAULT_TOLERANCE = 1e-10;

  /** The step limit used unless another is asked for. */
  public static final long DEFAULT_MAXIMUM_STEPS = 10_000_000;

  /** How much looser the second run of an error estimate is. */
  private static final double LOOSER = 10;

  /** The memory for kept states unless another is asked for: 1 GiB. */
  public static final long DEFAULT_KEPT_BYTES = 1L << 30;

  private final ShallowNetwork network;
  private List<StopCondition> conditions = List.of();
  private List<Observer> observers = List.of();
  private double[] times = {};
  private double interval;
  private Method method;
  private double tolerance = DEFAULT_TOLERANCE;
  private boolean toleranceAsked;
  private long maximumSteps = DEFAULT_MAXIMUM_STEPS;
  private Optional<Checkpoint> resumed = Optional.empty();
  private OptionalLong keptBytes = OptionalLong.empty();
  private boolean estimatesError;

  private GradientFlow(ShallowNetwork network, Method method) {
    this.network = network;
    this.method = method;
  }

  private GradientFlow(GradientFlow other) {
    network = other.network;
    conditions = other.conditions;
    observers = other.observers;
    times = other.times;
    interval = other.interval;
    method = other.method;
    tolerance = other.tolerance;
    toleranceAsked = other.toleranceAsked;
    maximumSteps = other.maximumSteps;
    resumed = other.resumed;
    keptBytes = other.keptBytes;
    estimatesError = other.estimatesError;
  }

  /**
   * The gradient flow θ' = −p∇L of a network on the data it was drawn for: the exact flow where the
   * activation is ReLU or leaky ReLU, the stock solver where it is smooth.
   */
  public static GradientFlow gradientFlow(ShallowNetwork network) {
    Method method = network.activation().kinked() ? Method.exact() : Method.stock();
    return new GradientFlow(network, method);
  }

  /** The same; {@code data} must be those that the network was drawn for. */
  public static GradientFlow gradientFlow(ShallowNetwork network, Dataset data) {
    Argument.require(
        network.data() == data,
        "data",
        data,
        "the data that the network was drawn for (draw the network with shallowNetwork(data))");
    return gradientFlow(network);
  }

  /** Adds a condition; the first one met ends the run. */
  public GradientFlow until(StopCondition condition) {
    List<StopCondition> more = new ArrayList<>(conditions);
    more.add(condition);
    GradientFlow next = new GradientFlow(this);
    next.conditions = List.copyOf(more);
    return next;
  }

  /** Adds observers. */
  public GradientFlow observe(Observer... more) {
    List<Observer> all = new ArrayList<>(observers);
    all.addAll(Arrays.asList(more));
    GradientFlow next = new GradientFlow(this);
    next.observers = List.copyOf(all);
    return next;
  }

  /** Observes at these times (from 0, increasing) instead of after every step. */
  public GradientFlow at(double... observed) {
    for (int k = 0; k < observed.length; k++) {
      Argument.notNegative("times[" + k + "]", observed[k]);
      Argument.require(
          k == 0 || observed[k] > observed[k - 1], "times[" + k + "]", observed[k], "above the time before it");
    }
    GradientFlow next = new GradientFlow(this);
    next.times = observed.clone();
    next.interval = 0;
    return next;
  }

  /** Observes at 0, interval, 2·interval … up to the end time, which must be given. */
  public GradientFlow every(double observationInterval) {
    GradientFlow next = new GradientFlow(this);
    next.times = new double[0];
    next.interval = Argument.positive("interval", observationInterval);
    return next;
  }

  /** Another method. */
  public GradientFlow method(Method other) {
    GradientFlow next = new GradientFlow(this);
    next.method = other;
    return next;
  }

  /**
   * The tolerance: a bound, per step and relative to the velocity, of what is left out; the state at
   * the end is usually better than this: by a factor of 100 or more, until it comes to rounding at some 1e-14
   * of its size, so that nothing is gained under 1e-12. From 1e-14 to 1e-4, and not less than the rounding of
   * the Gram matrix, which moves the state by as much.
   */
  public GradientFlow tolerance(double other) {
    GradientFlow next = new GradientFlow(this);
    next.tolerance = Argument.between("tolerance", other, 1e-14, 1e-4);
    next.toleranceAsked = true;
    return next;
  }

  /** The step limit, at least 1. */
  public GradientFlow maximumSteps(long limit) {
    GradientFlow next = new GradientFlow(this);
    next.maximumSteps = Argument.positive("maximumSteps", limit);
    return next;
  }

  /**
   * Runs a second time with a tolerance ten times looser, and reports the largest difference of the states as
   * {@link Solution#errorEstimate}. Takes somewhat less than twice the time.
   */
  public GradientFlow estimateError() {
    GradientFlow next = new GradientFlow(this);
    next.estimatesError = true;
    return next;
  }

  /** Keeps every step, in at most {@link #DEFAULT_KEPT_BYTES}, so that {@link Solution#networkAt} can be asked. */
  public GradientFlow keepStates() {
    return keepStates(DEFAULT_KEPT_BYTES);
  }

  /**
   * Keeps every step, so that {@link Solution#networkAt} can be asked. A step of the exact flow takes two numbers
   * a pair and order, one of descent four a pair.
   *
   * @param bytes the memory that they may take, at least 1; a run that needs more is refused when it does
   */
  public GradientFlow keepStates(long bytes) {
    GradientFlow next = new GradientFlow(this);
    next.keptBytes = OptionalLong.of(Argument.positive("bytes", bytes));
    return next;
  }

  /**
   * Goes on from a checkpoint instead of the start: the run gives the same bytes as one that was never
   * stopped. Everything but the stop conditions must be as it was in the run of the checkpoint: network, method,
   * tolerance, observers, and the observed times up to there; steps are counted from the start of the first
   * run. It must be stopped later than that one.
   */
  public GradientFlow resume(Checkpoint checkpoint) {
    GradientFlow next = new GradientFlow(this);
    next.resumed = Optional.of(checkpoint);
    return next;
  }

  /**
   * Runs it.
   *
   * @throws IllegalArgumentException where no condition ends the run, where the method does not fit
   *     the activation or the data, or where the start is on an unstable boundary
   */
  public Solution solve() {
    Argument.require(
        !conditions.isEmpty(), "until", "missing", "a condition, such as timeReached(60) or lossBelow(1e-10)");
    double endTime = Double.POSITIVE_INFINITY;
    double lossLimit = 0;
    for (StopCondition condition : conditions) {
      if (condition instanceof StopCondition.TimeReached reached) {
        endTime = Math.min(endTime, reached.time());
      } else if (condition instanceof StopCondition.LossBelow below) {
        lossLimit = Math.max(lossLimit, below.loss());
      }
    }
    refuseUnfitMethod();
    refuseUnfitEstimate();
    refuseUnfitTolerance();
    if (resumed.isPresent()) {
      refuseUnfitCheckpoint(resumed.get(), endTime);
    }
    Optional<Payload> from = resumed.map(Checkpoint::payload);
    FlowProblem problem = new FlowProblem(network);
    Optional<KeptStates> kept =
        keptBytes.isPresent() ? Optional.of(new KeptStates(problem, keptBytes.getAsLong())) : Optional.empty();
    Optional<StateSamples> samples = estimatesError ? Optional.of(new StateSamples(problem)) : Optional.empty();
    Recorder recorder = new Recorder(problem, observers, observedTimes(endTime), lossLimit, kept, samples);
    Outcome outcome = integrate(problem, tolerance, recorder, endTime, from);
    Optional<ErrorEstimate> estimate = samples.flatMap(states -> estimate(problem, states, outcome));
    Provenance provenance =
        Provenance.none()
            .with("method", method.name())
            .with("tolerance", tolerance)
            .with("until", conditions)
            .with("coordinates", problem.product.form())
            .with("data", network.data().provenance())
            .with("network", network.provenance())
            .withMachine();
    return new Solution(
        network, problem, method, tolerance, outcome, observers, recorder.rows(), kept, estimate, provenance);
  }

  private Outcome integrate(
      FlowProblem problem, double howExactly, Recorder recorder, double endTime, Optional<Payload> from) {
    if (method instanceof Method.Descent descent) {
      return new DescentIntegrator(problem, descent.step()).run(recorder, endTime, maximumSteps, from);
    } else if (method instanceof Method.Stock) {
      return new StockIntegrator(problem, howExactly).run(recorder, endTime, maximumSteps);
    }
    return new ExactIntegrator(problem, howExactly).run(recorder, endTime, maximumSteps, from);
  }

  /** Runs again, more loosely, as far as the run came; nothing for a run that has no state to compare. */
  private Optional<ErrorEstimate> estimate(FlowProblem problem, StateSamples samples, Outcome outcome) {
    if (outcome.ending() == Ending.NOT_FINITE) {
      return Optional.empty();
    }
    double looser = LOOSER * tolerance;
    if (outcome.time() == 0) {
      return Optional.of(new ErrorEstimate(0, 0, looser, Optional.empty()));
    }
    Observer comparison =
        Observer.value(
            "comparison",
            state -> {
              samples.compare(state, looser);
              return 0;
            });
    Recorder recorder =
        new Recorder(problem, List.of(comparison), samples.times(), 0, Optional.empty(), Optional.empty());
    integrate(problem, looser, recorder, outcome.time(), Optional.empty());
    return Optional.of(samples.estimate(tolerance, looser));
  }

  private double[] observedTimes(double endTime) {
    if (interval == 0) {
      return times.clone();
    }
    Argument.require(endTime < Double.POSITIVE_INFINITY, "every", interval, "used with an end time");
    double count = Math.floor(endTime / interval * (1 + 1e-12));
    Argument.require(count < 1e7, "every", interval, "at least a 10⁷th of the end time " + endTime);
    double[] all = new double[(int) count + 1];
    for (int k = 0; k < all.length; k++) {
      all[k] = Math.min(k * interval, endTime);
    }
    return all;
  }

  /** A Gram matrix that was summed in another order gives another state, about as far away as its rounding. */
  private void refuseUnfitTolerance() {
    double rounding = network.data().gramRounding();
    Argument.require(
        !toleranceAsked || method instanceof Method.Descent || tolerance >= rounding,
        "tolerance",
        tolerance,
        "at least " + Numbers.rounded(rounding, 3) + ", the rounding of the Gram matrix of these data (which is that of"
            + " float64 in dimension " + network.data().dimension() + "; data exact in law have less)");
  }

  private void refuseUnfitEstimate() {
    if (estimatesError) {
      Argument.require(
          !(method instanceof Method.Descent),
          "method",
          method.name() + " with estimateError",
          "the exact flow or the stock solver, as descent has no tolerance (compare it with the exact flow)");
      Argument.require(
          resumed.isEmpty(), "resume", "given with estimateError", "left out, as the second run needs the start");
    }
  }

  private void refuseUnfitCheckpoint(Checkpoint checkpoint, double endTime) {
    checkpoint.requireFor(network, method, tolerance, observers);
    // Descent stops between two steps, the others cut their last one to the time asked for.
    boolean beyond =
        method instanceof Method.Descent ? endTime * (1 + 1e-12) >= checkpoint.time() : endTime > checkpoint.time();
    Argument.require(
        beyond, "until", "timeReached(" + endTime + ")", "beyond " + checkpoint.time() + ", the time of the checkpoint");
  }

  private void refuseUnfitMethod() {
    boolean kinked = network.activation().kinked();
    if (method instanceof Method.Exact) {
      Argument.require(
          kinked,
          "method",
          method.name() + " for " + network.activation().name(),
          "the stock solver or gradient descent, as the activation is smooth");
    }
    if (method instanceof Method.Stock && kinked) {
      Argument.require(
          network.data().orthogonal(),
          "method",
          method.name() + " for " + network.activation().name(),
          "the exact flow, as off orthogonal inputs the flow slides along kinks where a stock solver stalls");
    }
  }
}
