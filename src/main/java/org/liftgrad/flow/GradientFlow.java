package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * A flow to solve: what to integrate, until when, how exactly, what to observe. Immutable: every
 * method returns another one, {@link #solve()} runs it.
 */
public final class GradientFlow {

  /** The tolerance used unless another is asked for. */
  public static final double DEFAULT_TOLERANCE = 1e-10;

  /** The step limit used unless another is asked for. */
  public static final long DEFAULT_MAXIMUM_STEPS = 10_000_000;

  private final ShallowNetwork network;
  private final List<StopCondition> conditions;
  private final List<Observer> observers;
  private final double[] times;
  private final double interval;
  private final Method method;
  private final double tolerance;
  private final long maximumSteps;

  private GradientFlow(
      ShallowNetwork network,
      List<StopCondition> conditions,
      List<Observer> observers,
      double[] times,
      double interval,
      Method method,
      double tolerance,
      long maximumSteps) {
    this.network = network;
    this.conditions = List.copyOf(conditions);
    this.observers = List.copyOf(observers);
    this.times = times;
    this.interval = interval;
    this.method = method;
    this.tolerance = tolerance;
    this.maximumSteps = maximumSteps;
  }

  /**
   * The gradient flow θ' = −p∇L of a network on the data it was drawn for: the exact flow where the
   * activation is ReLU or leaky ReLU, the stock solver where it is smooth.
   */
  public static GradientFlow gradientFlow(ShallowNetwork network) {
    Method method = network.activation().kinked() ? Method.exact() : Method.stock();
    return new GradientFlow(
        network, List.of(), List.of(), new double[0], 0, method, DEFAULT_TOLERANCE, DEFAULT_MAXIMUM_STEPS);
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
    return new GradientFlow(network, more, observers, times, interval, method, tolerance, maximumSteps);
  }

  /** Adds observers. */
  public GradientFlow observe(Observer... more) {
    List<Observer> all = new ArrayList<>(observers);
    all.addAll(Arrays.asList(more));
    return new GradientFlow(network, conditions, all, times, interval, method, tolerance, maximumSteps);
  }

  /** Observes at these times (from 0, increasing) instead of after every step. */
  public GradientFlow at(double... observed) {
    for (int k = 0; k < observed.length; k++) {
      Argument.notNegative("times[" + k + "]", observed[k]);
      Argument.require(
          k == 0 || observed[k] > observed[k - 1], "times[" + k + "]", observed[k], "above the time before it");
    }
    return new GradientFlow(
        network, conditions, observers, observed.clone(), 0, method, tolerance, maximumSteps);
  }

  /** Observes at 0, interval, 2·interval … up to the end time, which must be given. */
  public GradientFlow every(double observationInterval) {
    Argument.positive("interval", observationInterval);
    return new GradientFlow(
        network, conditions, observers, new double[0], observationInterval, method, tolerance, maximumSteps);
  }

  /** Another method. */
  public GradientFlow method(Method other) {
    return new GradientFlow(
        network, conditions, observers, times, interval, other, tolerance, maximumSteps);
  }

  /**
   * The tolerance: a bound, per step and relative to the velocity, of what is left out; the state at
   * the end is usually better than this. From 1e-14 to 1e-4.
   */
  public GradientFlow tolerance(double other) {
    Argument.between("tolerance", other, 1e-14, 1e-4);
    return new GradientFlow(
        network, conditions, observers, times, interval, method, other, maximumSteps);
  }

  /** The step limit, at least 1. */
  public GradientFlow maximumSteps(long limit) {
    Argument.positive("maximumSteps", limit);
    return new GradientFlow(network, conditions, observers, times, interval, method, tolerance, limit);
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
    Recorder recorder = new Recorder(problem, observers, observedTimes(endTime), lossLimit);
    Outcome outcome;
    if (method instanceof Method.Descent descent) {
      outcome = new DescentIntegrator(problem, descent.step()).run(recorder, endTime, maximumSteps);
    } else if (method instanceof Method.Stock) {
      outcome = new StockIntegrator(problem, tolerance).run(recorder, endTime, maximumSteps);
    } else {
      outcome = new ExactIntegrator(problem, tolerance).run(recorder, endTime, maximumSteps);
    }
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
        network, problem, method, tolerance, outcome, observers, recorder.rows(), provenance);
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
