package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * A flow to solve: what to integrate, until when, how exactly, what to observe. Immutable: every
 * method returns another one, {@link #solve()} runs it.
 */
public final class GradientFlow {

  /** The tolerance used unless another is asked for, up to {@value #MANY_PAIRS} pairs. */
  public static final double DEFAULT_TOLERANCE = 1e-10;

  /** The tolerance used unless another is asked for, where the exact flow has more pairs than that. */
  public static final double DEFAULT_TOLERANCE_OF_MANY_PAIRS = 1e-6;

  /** Past so many pairs (n·p) an error of 1e-10 takes event by event more than some ten seconds. */
  public static final int MANY_PAIRS = 4000;

  /** From so many pairs on neuron by neuron is the faster way, at tolerances from 1e-9 on. */
  private static final int PAIRS_FOR_NEURONS = 600;

  private static final double TOLERANCE_FOR_NEURONS = 1e-9;

  /** The step limit used unless another is asked for. */
  public static final long DEFAULT_MAXIMUM_STEPS = 10_000_000;

  /** The memory for kept states unless another is asked for: 1 GiB. */
  public static final long DEFAULT_KEPT_BYTES = 1L << 30;

  private final ShallowNetwork network;
  private List<StopCondition> conditions = List.of();
  private List<Observer> observers = List.of();
  private double[] times = {};
  private double interval;
  private Method method;
  private OptionalDouble askedTolerance = OptionalDouble.empty();
  private long maximumSteps = DEFAULT_MAXIMUM_STEPS;
  private Optional<Checkpoint> resumed = Optional.empty();
  private OptionalLong keptBytes = OptionalLong.empty();

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
    askedTolerance = other.askedTolerance;
    maximumSteps = other.maximumSteps;
    resumed = other.resumed;
    keptBytes = other.keptBytes;
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
   * the end is usually better than this. From 1e-14 to 1e-4.
   *
   * <p>It also chooses how {@link Method#exact} goes, where that is left open: neuron by neuron at 1e-9 or more
   * with many pairs (n·p) and inputs that are not orthogonal, event by event otherwise.
   */
  public GradientFlow tolerance(double other) {
    GradientFlow next = new GradientFlow(this);
    next.askedTolerance = OptionalDouble.of(Argument.between("tolerance", other, 1e-14, 1e-4));
    return next;
  }

  /** The step limit, at least 1. */
  public GradientFlow maximumSteps(long limit) {
    GradientFlow next = new GradientFlow(this);
    next.maximumSteps = Argument.positive("maximumSteps", limit);
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
    FlowProblem problem = new FlowProblem(network);
    Optional<RowSpace> space = method instanceof Method.Exact ? coordinates(problem) : Optional.empty();
    boolean byNeuron = byNeuron(space);
    Method course = method instanceof Method.Exact ? (byNeuron ? Method.neuronByNeuron() : Method.eventByEvent()) : method;
    double tolerance = tolerance(byNeuron);
    if (resumed.isPresent()) {
      refuseUnfitCheckpoint(resumed.get(), course, tolerance, endTime);
    }
    Optional<Payload> from = resumed.map(Checkpoint::payload);
    Optional<KeptStates> kept =
        keptBytes.isPresent() ? Optional.of(new KeptStates(problem, keptBytes.getAsLong())) : Optional.empty();
    Recorder recorder = new Recorder(problem, observers, observedTimes(endTime), lossLimit, kept);
    Outcome outcome;
    if (method instanceof Method.Descent descent) {
      outcome = new DescentIntegrator(problem, descent.step()).run(recorder, endTime, maximumSteps, from);
    } else if (method instanceof Method.Stock) {
      outcome = new StockIntegrator(problem, tolerance).run(recorder, endTime, maximumSteps);
    } else if (byNeuron) {
      outcome = new SweepIntegrator(problem, space.get(), tolerance).run(recorder, endTime, maximumSteps, from);
    } else {
      outcome = new ExactIntegrator(problem, tolerance).run(recorder, endTime, maximumSteps, from);
    }
    Provenance provenance =
        Provenance.none()
            .with("method", course.name())
            .with("tolerance", tolerance)
            .with("until", conditions)
            .with("coordinates", byNeuron ? space.get().form() : problem.product.form())
            .with("data", network.data().provenance())
            .with("network", network.provenance())
            .withMachine();
    return new Solution(
        network, problem, course, tolerance, outcome, observers, recorder.rows(), kept, provenance);
  }

  /** Coordinates to go neuron by neuron in, where that may be wanted and can be. */
  private Optional<RowSpace> coordinates(FlowProblem problem) {
    Method.Exact.Course course = ((Method.Exact) method).course();
    boolean worthIt = problem.pairs() >= PAIRS_FOR_NEURONS && !network.data().orthogonal();
    return course == Method.Exact.Course.NEURON_BY_NEURON || course == Method.Exact.Course.CHOSEN && worthIt
        ? RowSpace.of(problem, network)
        : Optional.empty();
  }

  private boolean byNeuron(Optional<RowSpace> space) {
    if (method instanceof Method.Exact exact && exact.course() == Method.Exact.Course.NEURON_BY_NEURON) {
      Argument.require(
          space.isPresent(),
          "method",
          method.name(),
          "event by event for these data, as their inputs are linearly dependent or, with n ≥ d, the weights are not stored");
      return true;
    }
    int pairs = network.data().points() * network.neurons();
    double wanted = askedTolerance.orElse(pairs > MANY_PAIRS ? DEFAULT_TOLERANCE_OF_MANY_PAIRS : DEFAULT_TOLERANCE);
    return space.isPresent() && wanted >= TOLERANCE_FOR_NEURONS;
  }

  private double tolerance(boolean byNeuron) {
    double tolerance = askedTolerance.orElse(byNeuron ? DEFAULT_TOLERANCE_OF_MANY_PAIRS : DEFAULT_TOLERANCE);
    Argument.require(
        !byNeuron || tolerance >= Method.Exact.LEAST_TOLERANCE,
        "tolerance", tolerance, "at least " + Method.Exact.LEAST_TOLERANCE + " neuron by neuron; event by event goes further");
    return tolerance;
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

  private void refuseUnfitCheckpoint(Checkpoint checkpoint, Method course, double tolerance, double endTime) {
    checkpoint.requireFor(network, course, tolerance, observers);
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
