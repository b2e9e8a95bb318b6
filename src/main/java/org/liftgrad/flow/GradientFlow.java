package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;

/**
 * A flow to solve: what to integrate, until when, how exactly, what to observe. Immutable: every
 * method returns another one, {@link #solve()} runs it.
 */
public final class GradientFlow {

  /** The tolerance used unless another is asked for, up to {@value #MANY_PAIRS} pairs, and with orthogonal inputs. */
  public static final double DEFAULT_TOLERANCE = 1e-10;

  /** The tolerance used unless another is asked for, where the exact flow has more pairs than that and inputs that are not orthogonal. */
  public static final double DEFAULT_TOLERANCE_OF_MANY_PAIRS = 1e-6;

  /** Past so many pairs (n·p) an error of 1e-10 takes event by event more than some ten seconds. */
  public static final int MANY_PAIRS = 4000;

  /** From so many pairs on neuron by neuron is the faster way, at tolerances from 1e-9 on. */
  private static final int PAIRS_FOR_NEURONS = 600;

  private static final double TOLERANCE_FOR_NEURONS = 1e-9;

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
  private OptionalDouble askedTolerance = OptionalDouble.empty();
  private long maximumSteps = DEFAULT_MAXIMUM_STEPS;
  private Optional<Checkpoint> resumed = Optional.empty();
  private OptionalLong keptBytes = OptionalLong.empty();
  private boolean estimatesError;
  private Optional<ProductPath> askedProducts = Optional.empty();

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
    estimatesError = other.estimatesError;
    askedProducts = other.askedProducts;
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
   * The tolerance: a bound, per step and relative to the velocity, of what is left out. Event by event the state at
   * the end is usually better than this: by a factor of 100 or more, until it comes to rounding at some 1e-14
   * of its size, so that nothing is gained under 1e-12. Neuron by neuron its error, relative to its size, comes out
   * near the tolerance. From 1e-14 to 1e-4, and not less than the rounding of the Gram matrix, which moves the
   * state by as much.
   *
   * <p>It also chooses how {@link Method#exact} goes, where that is left open: neuron by neuron at 1e-9 or more
   * with many pairs (n·p), event by event otherwise. With orthogonal inputs, where event by event is fast, that takes more
   * than {@value #MANY_PAIRS} pairs and a tolerance that was asked for: 1e-6 is 15 times as fast there as the default at
   * n = 400, p = 32.
   */
  public GradientFlow tolerance(double other) {
    GradientFlow next = new GradientFlow(this);
    next.askedTolerance = OptionalDouble.of(Argument.between("tolerance", other, 1e-14, 1e-4));
    return next;
  }

  /**
   * The path of the dense products, instead of the one that the system property {@value ProductPath#PROPERTY} asks
   * for (Java's where it is not set). Where a path is missing or computes wrongly Java's takes its place; the
   * provenance of the solution names the one taken, and why. Neuron by neuron the flow forms no dense products and
   * is always Java's own.
   */
  public GradientFlow products(ProductPath path) {
    GradientFlow next = new GradientFlow(this);
    next.askedProducts = Optional.of(path);
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
    DenseProducts products = askedProducts.map(DenseProducts::of).orElseGet(DenseProducts::asked);
    Way way = way(new FlowProblem(network, products));
    refuseUnfitTolerance(way);
    if (resumed.isPresent()) {
      refuseUnfitCheckpoint(resumed.get(), way, endTime);
    }
    Optional<Payload> from = resumed.map(Checkpoint::payload);
    FlowProblem problem = way.problem();
    Optional<KeptStates> kept =
        keptBytes.isPresent() ? Optional.of(new KeptStates(problem, keptBytes.getAsLong())) : Optional.empty();
    Optional<StateSamples> samples = estimatesError ? Optional.of(new StateSamples(problem)) : Optional.empty();
    Recorder recorder = new Recorder(problem, observers, observedTimes(endTime), lossLimit, kept, samples);
    Outcome outcome = integrate(way, way.tolerance(), recorder, endTime, from);
    Optional<ErrorEstimate> estimate = samples.flatMap(states -> estimate(way, states, outcome));
    Provenance provenance =
        Provenance.none()
            .with("method", way.method().name())
            .with("tolerance", way.tolerance())
            .with("until", conditions)
            .with("coordinates", way.space().map(RowSpace::form).orElseGet(problem.product::form))
            .with("data", network.data().provenance())
            .with("network", network.provenance())
            .withMachine()
            .with("products", way.space().isPresent() ? "java" : problem.product.products().name());
    return new Solution(
        network, problem, way.method(), way.tolerance(), outcome, observers, recorder.rows(), kept, estimate, provenance);
  }

  /**
   * What is decided of a run.
   *
   * @param method as asked, with the way of the exact flow chosen
   * @param space coordinates of the inputs, where the exact flow goes neuron by neuron
   */
  private record Way(FlowProblem problem, Method method, double tolerance, Optional<RowSpace> space) {}

  private Way way(FlowProblem problem) {
    if (!(method instanceof Method.Exact exact)) {
      return new Way(problem, method, askedTolerance.orElse(DEFAULT_TOLERANCE), Optional.empty());
    }
    boolean many = problem.pairs() > MANY_PAIRS;
    double byNeurons = askedTolerance.orElse(DEFAULT_TOLERANCE_OF_MANY_PAIRS);
    boolean worthIt =
        network.data().orthogonal()
            ? many && network.data().exactlyOrthogonal() && askedTolerance.orElse(0) >= TOLERANCE_FOR_NEURONS
            : problem.pairs() >= PAIRS_FOR_NEURONS
                && askedTolerance.orElse(many ? DEFAULT_TOLERANCE_OF_MANY_PAIRS : DEFAULT_TOLERANCE) >= TOLERANCE_FOR_NEURONS;
    boolean asked = exact.course() == Method.Exact.Course.NEURON_BY_NEURON;
    boolean chosen = exact.course() == Method.Exact.Course.CHOSEN && worthIt;
    Optional<RowSpace> space = asked || chosen ? RowSpace.of(problem, network) : Optional.empty();
    if (asked) {
      Argument.require(
          space.isPresent(),
          "method",
          exact.name(),
          "event by event for these data, as their inputs are linearly dependent or, with n ≥ d, the weights are not stored");
      Argument.require(
          byNeurons >= Method.Exact.LEAST_TOLERANCE,
          "tolerance",
          byNeurons,
          "at least " + Method.Exact.LEAST_TOLERANCE + " neuron by neuron; event by event goes further");
    }
    return space.isPresent()
        ? new Way(problem, Method.neuronByNeuron(), byNeurons, space)
        : new Way(problem, Method.eventByEvent(), askedTolerance.orElse(DEFAULT_TOLERANCE), space);
  }

  private Outcome integrate(
      Way way, double howExactly, Recorder recorder, double endTime, Optional<Payload> from) {
    FlowProblem problem = way.problem();
    if (method instanceof Method.Descent descent) {
      return new DescentIntegrator(problem, descent.step()).run(recorder, endTime, maximumSteps, from);
    } else if (method instanceof Method.Stock) {
      return new StockIntegrator(problem, howExactly).run(recorder, endTime, maximumSteps);
    } else if (way.space().isPresent()) {
      return new SweepIntegrator(problem, way.space().get(), howExactly).run(recorder, endTime, maximumSteps, from);
    }
    return new ExactIntegrator(problem, howExactly).run(recorder, endTime, maximumSteps, from);
  }

  /** Runs again, more loosely, as far as the run came; nothing for a run that has no state to compare. */
  private Optional<ErrorEstimate> estimate(Way way, StateSamples samples, Outcome outcome) {
    if (outcome.ending() == Ending.NOT_FINITE) {
      return Optional.empty();
    }
    double looser = LOOSER * way.tolerance();
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
        new Recorder(way.problem(), List.of(comparison), samples.times(), 0, Optional.empty(), Optional.empty());
    integrate(way, looser, recorder, outcome.time(), Optional.empty());
    return Optional.of(samples.estimate(way.tolerance(), looser));
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
  private void refuseUnfitTolerance(Way way) {
    double rounding = network.data().gramRounding();
    Argument.require(
        askedTolerance.isEmpty() || method instanceof Method.Descent || way.tolerance() >= rounding,
        "tolerance",
        way.tolerance(),
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

  private void refuseUnfitCheckpoint(Checkpoint checkpoint, Way way, double endTime) {
    checkpoint.requireFor(network, way.method(), way.tolerance(), observers);
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

  /** What will be solved. */
  @Override
  public String toString() {
    String end = conditions.isEmpty() ? "no end said" : "until " + conditions.stream().map(StopCondition::toString).collect(Collectors.joining(" or "));
    return method.name() + " of " + network + ", " + end + "; solve() runs it";
  }
}
