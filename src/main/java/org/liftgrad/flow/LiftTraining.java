package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.hipparchus.ode.sampling.ODEStateInterpolator;
import org.hipparchus.ode.sampling.ODEStepHandler;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Gate;
import org.liftgrad.blueprint.PointwiseSum;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;
import org.liftgrad.statistics.Numbers;

/**
 * Trains a network on a lift: θ' = −∇L(θ) with error control where its activations are smooth, or gradient descent.
 * Every call returns a new one.
 *
 * <pre>{@code
 * LiftRun run = LiftTraining.of(network, Regression.onGrid(11, 2, x -> x[0] * x[1]))
 *     .flow(1e-8).untilLoss(0.016).untilTime(50).solve();
 * run.network();
 * }</pre>
 *
 * <p>An activation with a kink has no flow that a stock solver could follow, it stalls where sums slide along kinks;
 * descent with step halving then gives a path along which the loss falls, marked so in the result. Two-layer networks
 * of such activations have their exact flow in {@link GradientFlow}.
 *
 * <p>Parameters may have {@linkplain #rates rates} of their own, and an {@linkplain #observe observer} sees every state
 * between steps too.
 *
 * <p>Source: theory file, 1.1 and section 6.G.
 */
public final class LiftTraining {

  private static final String FLOW = "flow, Dormand-Prince 8(5,3)";
  /** How often the flow is taken up again where a trial step left the numbers, each time with a thousandth of the step. */
  private static final int MOST_ATTEMPTS = 5;

  private enum Way {
    FLOW,
    DESCENT,
    HALVING
  }

  private final LiftedNetwork start;
  private final Regression regression;
  private final Way way;
  private final double fineness;
  private final double time;
  private final double loss;
  private final int steps;
  /** One a parameter; empty where all are 1. */
  private final double[] rates;

  private final Consumer<Stretch> observer;

  private LiftTraining(
      LiftedNetwork start, Regression regression, Way way, double fineness, double time, double loss, int steps,
      double[] rates, Consumer<Stretch> observer) {
    this.start = start;
    this.regression = regression;
    this.way = way;
    this.fineness = fineness;
    this.time = time;
    this.loss = loss;
    this.steps = steps;
    this.rates = rates;
    this.observer = observer;
  }

  /** A network and what it is trained on; by the flow of tolerance 1e-8, without an end yet. */
  public static LiftTraining of(LiftedNetwork start, Regression regression) {
    return new LiftTraining(
        start, regression, Way.FLOW, 1e-8, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1_000_000, new double[0],
        stretch -> {});
  }

  private LiftTraining by(Way other, double fineness) {
    return new LiftTraining(start, regression, other, fineness, time, loss, steps, rates, observer);
  }

  /**
   * By the gradient flow, with error control.
   *
   * @param tolerance of a step, absolute and relative, above 0
   */
  public LiftTraining flow(double tolerance) {
    return by(Way.FLOW, Argument.positive("the tolerance", tolerance));
  }

  /**
   * By gradient descent of one step size; time is the number of steps times that.
   *
   * @param step above 0
   */
  public LiftTraining descent(double step) {
    return by(Way.DESCENT, Argument.positive("the step", step));
  }

  /**
   * By gradient descent whose step is halved until the loss falls by half of what the gradient promises, and doubled
   * after ten steps that were not (Armijo 1966).
   *
   * @param step the first one, above 0
   */
  public LiftTraining halvingDescent(double step) {
    return by(Way.HALVING, Argument.positive("the step", step));
  }

  /** Until a time, at least 0. */
  public LiftTraining untilTime(double end) {
    return new LiftTraining(
        start, regression, way, fineness, Argument.notNegative("the time", end), loss, steps, rates, observer);
  }

  /** Until the loss is at most this, above 0. */
  public LiftTraining untilLoss(double level) {
    return new LiftTraining(
        start, regression, way, fineness, time, Argument.positive("the loss", level), steps, rates, observer);
  }

  /** For no more than so many steps; 1,000,000 unless said. */
  public LiftTraining maximumSteps(int most) {
    return new LiftTraining(
        start, regression, way, fineness, time, loss, Argument.positive("maximumSteps", most), rates, observer);
  }

  /**
   * With learning rates: θ' = −P ∇L(θ) for a diagonal P, the identity unless said (theory file, 2.9).
   *
   * @param each one a parameter, in the order of the lift; finite and at least 0, which holds a parameter where it is;
   *     copied
   */
  public LiftTraining rates(double... each) {
    Argument.require(
        each.length == start.lift().parameters(), "the number of rates", each.length,
        "that of the parameters, " + start.lift().parameters());
    for (double rate : each) {
      Argument.notNegative("a rate", rate);
    }
    return new LiftTraining(start, regression, way, fineness, time, loss, steps, each.clone(), observer);
  }

  /** Shows every step, as it is done. An observer of a training that is solved twice sees both. */
  public LiftTraining observe(Consumer<Stretch> seer) {
    return new LiftTraining(start, regression, way, fineness, time, loss, steps, rates, seer);
  }

  /** A step of a training, or the part of the last one up to the end; to be asked while it is shown only. */
  public interface Stretch {
    /** When it begins. */
    double from();

    /** When it ends. */
    double to();

    /**
     * The parameters at a time between: of a flow by its dense output, of seventh order; of descent on the straight
     * line.
     *
     * @param time from {@link #from} to {@link #to}
     * @return a fresh array
     */
    double[] at(double time);
  }

  /**
   * Trains.
   *
   * @throws IllegalArgumentException where there is no end, or no flow
   */
  public LiftRun solve() {
    Argument.require(
        time < Double.POSITIVE_INFINITY || loss > 0, "the end of the training", "not said",
        "a time or a loss: untilTime, untilLoss");
    Run run = new Run();
    switch (way) {
      case FLOW -> run.flow();
      case DESCENT -> run.descend();
      case HALVING -> run.halve();
    }
    return run.result();
  }

  /** The first vertex with a kink, to name it. */
  private static List<Vertex> kinked(Blueprint blueprint) {
    return blueprint.vertices().stream()
        .filter(vertex -> vertex.activation().map(LiftTraining::isKinked).orElse(false))
        .toList();
  }

  private static boolean isKinked(Object function) {
    if (function instanceof PointwiseSum sum) {
      return sum.function().kinked();
    }
    return function instanceof Gate gate && gate.function().kinked();
  }

  /** A training under way. */
  private final class Run {
    private final Passes passes = new Passes(start.lift(), regression);
    private final double[] before = start.parameters();
    private double[] parameters = start.parameters();
    private final double[] gradient = new double[parameters.length];
    private final List<LiftRun.Step> path = new ArrayList<>();
    private Ending ending = Ending.STEP_LIMIT;
    private String method = FLOW + ", tolerance " + fineness;
    private double length;
    private long evaluations;
    /** −L' at the state whose gradient is at hand. */
    private double fall;

    LiftRun result() {
      boolean finite = Arrays.stream(parameters).allMatch(Double::isFinite);
      return new LiftRun(
          finite ? start.withParameters(parameters) : start, finite ? ending : Ending.NOT_FINITE, method, path,
          evaluations);
    }

    /** L and −θ', which is left in {@link #gradient}. */
    private double evaluate(double[] at) {
      evaluations++;
      double value = passes.gradient(at, gradient);
      fall = 0;
      for (int k = 0; k < gradient.length; k++) {
        double rated = rates.length == 0 ? gradient[k] : rates[k] * gradient[k];
        fall += rated * gradient[k];
        gradient[k] = rated;
      }
      return value;
    }

    /** Writes down a state whose gradient is at hand; is it the last? */
    private boolean record(double now, double value) {
      path.add(new LiftRun.Step(now, value, Math.sqrt(fall), distance(parameters, before), length));
      if (!Double.isFinite(value)) {
        ending = Ending.NOT_FINITE;
      } else if (value <= loss) {
        ending = Ending.LOSS_REACHED;
      } else if (now >= time) {
        ending = Ending.TIME_REACHED;
      } else if (fall == 0) {
        ending = Ending.STATIONARY;
      } else if (Thread.currentThread().isInterrupted()) {
        ending = Ending.INTERRUPTED;
      } else {
        return path.size() > steps;
      }
      return true;
    }

    // ---- descent

    void descend() {
      method = "gradient descent, step " + fineness;
      double now = 0;
      for (int step = 1; !record(now, evaluate(parameters)); step++) {
        double[] from = parameters.clone();
        double since = now;
        now = Math.min(time, step * fineness);
        move(now - since);
        observer.accept(new Straight(since, now, from, parameters.clone()));
      }
    }

    private void move(double step) {
      double square = 0;
      for (int k = 0; k < parameters.length; k++) {
        parameters[k] -= step * gradient[k];
        square += gradient[k] * gradient[k];
      }
      length += step * Math.sqrt(square);
    }

    void halve() {
      method = "descent with step halving, from step " + fineness + " (no flow: its steps do not tend to 0)";
      double step = fineness;
      double now = 0;
      int kept = 0;
      double value = evaluate(parameters);
      while (!record(now, value)) {
        double[] from = parameters.clone();
        double square = path.get(path.size() - 1).gradientNorm() * path.get(path.size() - 1).gradientNorm();
        double lengthBefore = length;
        while (true) {
          double used = Math.min(step, time - now);
          move(used);
          evaluations++;
          double next = passes.loss(parameters);
          if (next <= value - 0.5 * used * square) {
            observer.accept(new Straight(now, now + used, from, parameters.clone()));
            now += used;
            kept++;
            break;
          }
          parameters = from.clone();
          length = lengthBefore;
          step *= 0.5;
          kept = 0;
          if (step < fineness * 1e-15) {
            ending = Ending.STATIONARY;
            return;
          }
        }
        step = kept >= 10 ? 2 * step : step;
        kept = kept >= 10 ? 0 : kept;
        value = evaluate(parameters);
      }
    }

    // ---- flow

    void flow() {
      List<Vertex> kinked = kinked(start.blueprint());
      Argument.require(
          kinked.isEmpty(), "the activation of " + kinked.stream().map(Vertex::name).findFirst().orElse(""), "one with a kink",
          "smooth for a flow; use halvingDescent");
      if (record(0, evaluate(parameters))) {
        return;
      }
      double first = 0;
      int known = 0;
      for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        try {
          integrate(first);
          return;
        } catch (Stop expected) {
          // A step handler has no other way to end an integration.
          return;
        } catch (MathIllegalArgumentException | MathIllegalStateException overflow) {
          // A trial step may leave the numbers, through a softmax of huge scores: go on from here with a shorter one.
          boolean advanced = path.size() > known;
          first = advanced ? 1e-3 / Math.max(1, path.get(path.size() - 1).gradientNorm()) : 1e-3 * first;
          attempt = advanced ? 0 : attempt;
          known = path.size();
        }
      }
      ending = Ending.STALLED;
    }

    /** From the last state on, with a first step of this size, or of the solver's own choice for 0. */
    private void integrate(double first) {
      DormandPrince853Integrator integrator =
          new DormandPrince853Integrator(0, Double.MAX_VALUE, fineness, fineness);
      if (first > 0) {
        integrator.setInitialStepSize(first);
      }
      integrator.addStepHandler(new Watch());
      integrator.integrate(
          new Equations(), new ODEState(path.get(path.size() - 1).time(), parameters),
          time == Double.POSITIVE_INFINITY ? 1e300 : time);
    }

    private final class Equations implements OrdinaryDifferentialEquation {
      @Override
      public int getDimension() {
        return parameters.length;
      }

      @Override
      public double[] computeDerivatives(double now, double[] state) {
        double[] speed = new double[state.length];
        evaluations++;
        passes.gradient(state, speed);
        for (int k = 0; k < speed.length; k++) {
          speed[k] *= rates.length == 0 ? -1 : -rates[k];
        }
        return speed;
      }
    }

    private final class Watch implements ODEStepHandler {
      @Override
      public void handleStep(ODEStateInterpolator interpolator) {
        double now = interpolator.getCurrentState().getTime();
        double from = interpolator.getPreviousState().getTime();
        double[] at = interpolator.getCurrentState().getPrimaryState();
        double value = evaluate(at);
        if (value <= loss) {
          // Within the step, where the loss is just reached.
          double early = from;
          for (int k = 0; k < 40; k++) {
            double middle = 0.5 * (early + now);
            double[] between = interpolator.getInterpolatedState(middle).getPrimaryState();
            evaluations++;
            if (passes.loss(between) <= loss) {
              now = middle;
              at = between;
            } else {
              early = middle;
            }
          }
          value = evaluate(at);
        }
        length += distance(parameters, at);
        parameters = at;
        observer.accept(new Curved(from, now, interpolator));
        if (record(now, value)) {
          throw new Stop();
        }
      }
    }
  }

  private record Straight(double from, double to, double[] first, double[] last) implements Stretch {
    @Override
    public double[] at(double moment) {
      double share = within(this, moment) == to ? 1 : (moment - from) / (to - from);
      double[] between = new double[first.length];
      for (int k = 0; k < between.length; k++) {
        between[k] = (1 - share) * first[k] + share * last[k];
      }
      return between;
    }
  }

  private record Curved(double from, double to, ODEStateInterpolator interpolator) implements Stretch {
    @Override
    public double[] at(double moment) {
      return interpolator.getInterpolatedState(within(this, moment)).getPrimaryState();
    }
  }

  private static double within(Stretch stretch, double moment) {
    return Argument.between("time", moment, stretch.from(), stretch.to());
  }

  private static double distance(double[] one, double[] other) {
    double sum = 0;
    for (int k = 0; k < one.length; k++) {
      sum += (one[k] - other[k]) * (one[k] - other[k]);
    }
    return Math.sqrt(sum);
  }

  /** Ends an integration from its step handler. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stop() {
      super(null, null, false, false);
    }
  }

  /** What will be trained. */
  @Override
  public String toString() {
    return "training of " + start + " on " + regression + (Double.isFinite(loss) ? ", until loss " + Numbers.rounded(loss, 4) : "")
        + (Double.isFinite(time) ? ", until time " + Numbers.rounded(time, 4) : "") + "; solve() runs it";
  }
}
