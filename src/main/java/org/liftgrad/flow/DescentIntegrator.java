package org.liftgrad.flow;

import java.util.Optional;

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
  /** The step from where the run stands, at the speeds there. */
  private final Step current;
  private long steps;
  private long flips;
  private final boolean kinked;

  DescentIntegrator(FlowProblem problem, double step) {
    this.problem = problem;
    this.step = step;
    u = problem.startPreactivations.clone();
    a = problem.startReadout.clone();
    c = new double[u.length];
    r = new double[problem.points];
    coefficientSpeeds = new double[u.length];
    preactivationSpeeds = new double[u.length];
    readoutSpeeds = new double[a.length];
    kinked = problem.activation.kinked();
    current =
        new Step(
            problem, u, a, c, preactivationSpeeds, readoutSpeeds, coefficientSpeeds, new FlowState(problem));
  }

  /** Runs, from the start or from a checkpoint. */
  Outcome run(Recorder recorder, double endTime, long maximumSteps, Optional<Payload> resumed) {
    resumed.ifPresent(this::restore);
    speeds();
    if (resumed.isPresent()) {
      recorder.restore(resumed.get(), current.start, problem.loss(r));
    } else {
      recorder.start(current);
    }
    Optional<Payload> checkpoint = Optional.empty();
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
        double end = recorder.endOf(current, current.start, to);
        // Neither this loss nor this end time may be seen in what is observed.
        if (recorder.atLossLimit() || to >= endTime * (1 - 1e-12)) {
          checkpoint = Optional.of(save(recorder));
        }
        recorder.accept(current, current.start, end);
        flips += advance();
        steps++;
        current.start = to;
        speeds();
        if (recorder.atLossLimit()) {
          ending = Ending.LOSS_REACHED;
        } else if (!Double.isFinite(problem.loss(r))) {
          ending = Ending.NOT_FINITE;
        }
      }
    }
    Payload last = checkpoint.orElseGet(() -> save(recorder));
    double time = current.start;
    recorder.finish(current, time);
    FlowState state = new FlowState(problem);
    state.fill(current, time);
    Statistics statistics =
        new Statistics(steps, steps + 1, flips, 0, 0, 0, 0, GrazingMargin.none());
    return new Outcome(ending, time, state, statistics, Optional.of(last));
  }

  private Payload save(Recorder recorder) {
    return recorder.save(
        Payload.nothing()
            .with("time", current.start)
            .with("counts", steps, flips)
            .with("preactivations", u)
            .with("readout", a)
            .with("coefficients", c));
  }

  private void restore(Payload payload) {
    long[] counts = payload.counts("counts", 2);
    steps = counts[0];
    flips = counts[1];
    current.start = steps * step;
    System.arraycopy(payload.finite("preactivations", u.length), 0, u, 0, u.length);
    System.arraycopy(payload.finite("readout", a.length), 0, a, 0, a.length);
    System.arraycopy(payload.finite("coefficients", c.length), 0, c, 0, c.length);
  }

  private void speeds() {
    problem.rightHandSide.evaluate(u, a, r, coefficientSpeeds, preactivationSpeeds, readoutSpeeds);
  }

  /** One step; returns how many pairs changed sides. */
  private long advance() {
    long flips = 0;
    int n = problem.points;
    // A neuron at a time, as its numbers stay in the cache from one loop to the next.
    for (int j = 0; j < a.length; j++) {
      flips += kinked ? flips(j * n, (j + 1) * n) : 0;
      for (int pair = j * n; pair < (j + 1) * n; pair++) {
        u[pair] += step * preactivationSpeeds[pair];
        c[pair] += step * coefficientSpeeds[pair];
      }
      a[j] += step * readoutSpeeds[j];
    }
    return flips;
  }

  /** How many pairs change sides in the next step. Without branches: no processor guesses on which side a pair is. */
  private int flips(int from, int to) {
    int flips = 0;
    for (int pair = from; pair < to; pair++) {
      double next = u[pair] + step * preactivationSpeeds[pair];
      flips += (next > 0 ? 1 : 0) ^ (u[pair] > 0 ? 1 : 0);
    }
    return flips;
  }

  /** A step, linear in time from its start, over the arrays of the integrator or over a copy of them. */
  private static final class Step implements Segment {
    private final FlowProblem problem;
    private final boolean kinked;
    private final double[] u;
    private final double[] a;
    private final double[] c;
    private final double[] preactivationSpeeds;
    private final double[] readoutSpeeds;
    private final double[] coefficientSpeeds;
    /** For the loss within the step, which needs a state of its own. */
    private final FlowState scratch;
    private double start;

    Step(
        FlowProblem problem,
        double[] u,
        double[] a,
        double[] c,
        double[] preactivationSpeeds,
        double[] readoutSpeeds,
        double[] coefficientSpeeds,
        FlowState scratch) {
      this.problem = problem;
      kinked = problem.activation.kinked();
      this.u = u;
      this.a = a;
      this.c = c;
      this.preactivationSpeeds = preactivationSpeeds;
      this.readoutSpeeds = readoutSpeeds;
      this.coefficientSpeeds = coefficientSpeeds;
      this.scratch = scratch;
    }

    @Override
    public Segment copy() {
      Step copy =
          new Step(
              problem, u.clone(), a.clone(), c.clone(), preactivationSpeeds.clone(), readoutSpeeds.clone(),
              coefficientSpeeds.clone(), scratch);
      copy.start = start;
      return copy;
    }

    @Override
    public long bytes() {
      return 8 * (4L * u.length + 2L * a.length);
    }

    @Override
    public void fill(double at, FlowState state) {
      double delay = at - start;
      for (int pair = 0; pair < u.length; pair++) {
        double value = u[pair] + delay * preactivationSpeeds[pair];
        state.preactivations[pair] = value;
        state.modes[pair] = !kinked || value > 0 ? FlowState.ACTIVE : FlowState.INACTIVE;
      }
      fillReadout(delay, state);
      System.arraycopy(preactivationSpeeds, 0, state.preactivationSpeeds, 0, u.length);
      System.arraycopy(readoutSpeeds, 0, state.readoutSpeeds, 0, a.length);
      problem.residual(state.preactivations, state.readout, state.residual);
    }

    private void fillReadout(double delay, FlowState state) {
      for (int j = 0; j < a.length; j++) {
        state.readout[j] = a[j] + delay * readoutSpeeds[j];
      }
    }

    @Override
    public void fillCoefficients(double at, double[] target) {
      double delay = at - start;
      for (int pair = 0; pair < c.length; pair++) {
        target[pair] = c[pair] + delay * coefficientSpeeds[pair];
      }
    }

    @Override
    public double loss(double at) {
      double delay = at - start;
      fillReadout(delay, scratch);
      problem.rightHandSide.residualAfter(delay, u, preactivationSpeeds, scratch.readout, scratch.residual);
      return problem.loss(scratch.residual);
    }
  }
}
