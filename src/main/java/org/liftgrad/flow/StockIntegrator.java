package org.liftgrad.flow;

import java.util.Arrays;
import org.hipparchus.exception.MathIllegalArgumentException;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.ODEStateAndDerivative;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.hipparchus.ode.sampling.ODEStateInterpolator;
import org.hipparchus.ode.sampling.ODEStepHandler;
import org.liftgrad.shallow.Activation;

/** The Dormand-Prince 8(5,3) method of Hipparchus on (C, a), with U = U(0) + C G. */
final class StockIntegrator {

  private final FlowProblem problem;
  private final double tolerance;
  private final boolean rectified;
  private long products;

  StockIntegrator(FlowProblem problem, double tolerance) {
    this.problem = problem;
    this.tolerance = tolerance;
    rectified = problem.activation instanceof Activation.Relu;
  }

  Outcome run(Recorder recorder, double endTime, long maximumSteps) {
    int pairs = problem.pairs();
    double[] start = new double[pairs + problem.neurons];
    System.arraycopy(problem.startReadout, 0, start, pairs, problem.neurons);
    Equations equations = new Equations();
    DormandPrince853Integrator integrator =
        new DormandPrince853Integrator(0, Double.MAX_VALUE, tolerance, tolerance);
    Watch watch = new Watch(recorder, maximumSteps);
    integrator.addStepHandler(watch);
    recorder.start(new Interpolated(equations, time -> start));
    watch.last = start;
    if (!recorder.atLossLimit()) {
      double end = endTime == Double.POSITIVE_INFINITY ? 1e300 : endTime;
      try {
        integrator.integrate(equations, new ODEState(0, start), end);
      } catch (Stop expected) {
        // The step handler has no other way to end a run.
      } catch (MathIllegalArgumentException | MathIllegalStateException stalled) {
        watch.ending = Ending.STEP_LIMIT;
      }
    } else {
      watch.ending = Ending.LOSS_REACHED;
    }
    Interpolated still = new Interpolated(equations, time -> watch.last);
    recorder.finish(still, watch.time);
    FlowState state = new FlowState(problem);
    state.fill(still, watch.time);
    Statistics statistics =
        new Statistics(watch.steps, products, 0, 0, 0, 0, 0, GrazingMargin.none());
    return new Outcome(watch.ending, watch.time, state, statistics);
  }

  /** Ends an integration from its step handler. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;

    Stop() {
      super(null, null, false, false);
    }
  }

  private final class Watch implements ODEStepHandler {
    private final Recorder recorder;
    private final long maximumSteps;
    private Ending ending = Ending.TIME_REACHED;
    private double[] last;
    private double time;
    private long steps;

    Watch(Recorder recorder, long maximumSteps) {
      this.recorder = recorder;
      this.maximumSteps = maximumSteps;
    }

    @Override
    public void handleStep(ODEStateInterpolator interpolator) {
      double from = interpolator.getPreviousState().getTime();
      ODEStateAndDerivative current = interpolator.getCurrentState();
      Equations equations = new Equations();
      Interpolated segment =
          new Interpolated(equations, at -> interpolator.getInterpolatedState(at).getPrimaryState());
      double end = recorder.accept(segment, from, current.getTime());
      steps++;
      time = end;
      last = interpolator.getInterpolatedState(end).getPrimaryState();
      if (recorder.atLossLimit()) {
        ending = Ending.LOSS_REACHED;
        throw new Stop();
      }
      if (!Arrays.stream(last).allMatch(Double::isFinite)) {
        ending = Ending.NOT_FINITE;
        throw new Stop();
      }
      if (steps >= maximumSteps) {
        ending = Ending.STEP_LIMIT;
        throw new Stop();
      }
      if (Thread.currentThread().isInterrupted()) {
        ending = Ending.INTERRUPTED;
        throw new Stop();
      }
    }
  }

  private final class Equations implements OrdinaryDifferentialEquation {
    private final double[] u = new double[problem.pairs()];
    private final double[] a = new double[problem.neurons];
    private final double[] r = new double[problem.points];
    private final double[] coefficientSpeeds = new double[problem.pairs()];
    private final double[] readoutSpeeds = new double[problem.neurons];
    private final double[] preactivationSpeeds = new double[problem.pairs()];

    @Override
    public int getDimension() {
      return u.length + a.length;
    }

    @Override
    public double[] computeDerivatives(double time, double[] state) {
      findPreactivations(state);
      problem.rightHandSide.evaluateCoefficients(u, a, r, coefficientSpeeds, readoutSpeeds);
      double[] derivatives = new double[state.length];
      System.arraycopy(coefficientSpeeds, 0, derivatives, 0, u.length);
      System.arraycopy(readoutSpeeds, 0, derivatives, u.length, a.length);
      return derivatives;
    }

    /** u, a and r of a state. */
    private void place(double[] state) {
      findPreactivations(state);
      problem.residual(u, a, r);
    }

    private void findPreactivations(double[] state) {
      // The product reads the first p·n numbers only, which are C.
      problem.product.multiply(problem.neurons, state, u);
      products++;
      for (int pair = 0; pair < u.length; pair++) {
        u[pair] += problem.startPreactivations[pair];
      }
      System.arraycopy(state, u.length, a, 0, a.length);
    }
  }

  /** A source of states over a time. */
  private interface States {
    double[] at(double time);
  }

  private final class Interpolated implements Segment {
    private final Equations equations;
    private final States states;

    Interpolated(Equations equations, States states) {
      this.equations = equations;
      this.states = states;
    }

    @Override
    public void fill(double at, FlowState state) {
      double[] flat = states.at(at);
      double[] derivatives = equations.computeDerivatives(at, flat);
      System.arraycopy(equations.u, 0, state.preactivations, 0, state.preactivations.length);
      System.arraycopy(equations.a, 0, state.readout, 0, state.readout.length);
      System.arraycopy(equations.r, 0, state.residual, 0, state.residual.length);
      System.arraycopy(derivatives, state.preactivations.length, state.readoutSpeeds, 0, state.readout.length);
      problem.product.multiply(
          problem.neurons, equations.coefficientSpeeds, equations.preactivationSpeeds);
      System.arraycopy(
          equations.preactivationSpeeds, 0, state.preactivationSpeeds, 0, state.preactivations.length);
      for (int pair = 0; pair < state.modes.length; pair++) {
        state.modes[pair] =
            !rectified || state.preactivations[pair] > 0 ? FlowState.ACTIVE : FlowState.INACTIVE;
      }
    }

    @Override
    public void fillCoefficients(double at, double[] target) {
      System.arraycopy(states.at(at), 0, target, 0, target.length);
    }

    @Override
    public double loss(double at) {
      equations.place(states.at(at));
      return problem.loss(equations.r);
    }
  }
}
