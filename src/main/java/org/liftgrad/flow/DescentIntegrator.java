package org.liftgrad.flow;

import java.util.Arrays;
import org.liftgrad.shallow.Activation;

/**
 * Full-batch gradient descent on p·L, with the indicator strict: what most people run, here to be
 * compared with the flow. Between two steps the state is taken as linear in time.
 */
final class DescentIntegrator {

  private final FlowProblem problem;
  private final double step;
  private final double[] u;
  private final double[] a;
  private final double[] c;
  private final double[] r;
  private final double[] coefficientSpeeds;
  private final double[] readoutSpeeds;
  private final double[] preactivationSpeeds;
  private final boolean rectified;
  /** For the loss at the end of each step, which needs a state of its own. */
  private final FlowState scratch;

  DescentIntegrator(FlowProblem problem, double step) {
    this.problem = problem;
    this.step = step;
    scratch = new FlowState(problem);
    u = problem.startPreactivations.clone();
    a = problem.startReadout.clone();
    c = new double[u.length];
    r = new double[problem.points];
    coefficientSpeeds = new double[u.length];
    preactivationSpeeds = new double[u.length];
    readoutSpeeds = new double[a.length];
    rectified = problem.activation instanceof Activation.Relu;
  }

  Outcome run(Recorder recorder, double endTime, long maximumSteps) {
    long steps = 0;
    long flips = 0;
    double time = 0;
    speeds();
    recorder.start(new Step(0));
    Ending ending = recorder.atLossLimit() ? Ending.LOSS_REACHED : null;
    while (ending == null) {
      // The time is the step times their number, so that it does not drift.
      double to = (steps + 1) * step;
      if (Thread.currentThread().isInterrupted()) {
        ending = Ending.INTERRUPTED;
      } else if (to > endTime * (1 + 1e-12)) {
        ending = Ending.TIME_REACHED;
      } else if (steps >= maximumSteps) {
        ending = Ending.STEP_LIMIT;
      } else {
        recorder.accept(new Step(time), time, to);
        flips += advance();
        steps++;
        time = to;
        speeds();
        if (recorder.atLossLimit()) {
          ending = Ending.LOSS_REACHED;
        } else if (!Double.isFinite(problem.loss(r))) {
          ending = Ending.NOT_FINITE;
        }
      }
    }
    Step still = new Step(time);
    recorder.finish(still, time);
    FlowState last = new FlowState(problem);
    last.fill(still, time);
    Statistics statistics =
        new Statistics(steps, steps + 1, flips, 0, 0, 0, 0, GrazingMargin.none());
    return new Outcome(ending, time, last, statistics);
  }

  private void speeds() {
    problem.rightHandSide.evaluate(u, a, r, coefficientSpeeds, preactivationSpeeds, readoutSpeeds);
  }

  /** One step; returns how many pairs changed sides. */
  private long advance() {
    long flips = 0;
    for (int pair = 0; pair < u.length; pair++) {
      double next = u[pair] + step * preactivationSpeeds[pair];
      flips += rectified && next > 0 != u[pair] > 0 ? 1 : 0;
      u[pair] = next;
      c[pair] += step * coefficientSpeeds[pair];
    }
    for (int j = 0; j < a.length; j++) {
      a[j] += step * readoutSpeeds[j];
    }
    return flips;
  }

  private final class Step implements Segment {
    private final double start;

    Step(double start) {
      this.start = start;
    }

    @Override
    public void fill(double at, FlowState state) {
      double delay = at - start;
      for (int pair = 0; pair < u.length; pair++) {
        double value = u[pair] + delay * preactivationSpeeds[pair];
        state.preactivations[pair] = value;
        state.modes[pair] = !rectified || value > 0 ? FlowState.ACTIVE : FlowState.INACTIVE;
      }
      for (int j = 0; j < a.length; j++) {
        state.readout[j] = a[j] + delay * readoutSpeeds[j];
      }
      System.arraycopy(preactivationSpeeds, 0, state.preactivationSpeeds, 0, u.length);
      System.arraycopy(readoutSpeeds, 0, state.readoutSpeeds, 0, a.length);
      problem.residual(state.preactivations, state.readout, state.residual);
    }

    @Override
    public void fillCoefficients(double at, double[] target) {
      Arrays.setAll(target, pair -> c[pair] + (at - start) * coefficientSpeeds[pair]);
    }

    @Override
    public double loss(double at) {
      fill(at, scratch);
      return problem.loss(scratch.residual);
    }
  }
}
