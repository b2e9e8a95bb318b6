package org.liftgrad.flow;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.liftgrad.kernel.Workers;

/** A macro-step of {@link SweepIntegrator}, from the logs of its last sweep. */
final class SweepSegment implements Segment {

  private final FlowProblem problem;
  private final RowSpace space;
  private final Legendre legendre;
  private final NeuronLog[] logs;
  private final NeuronLog.View[] views;
  private final double[][] products;
  private final double[] residual;
  private final double[] change;
  double from;
  double length;

  // What fillOne and valueOne are to fill.
  private double share;
  private FlowState target;
  private final IntConsumer fillOne = this::fillOne;
  private final IntConsumer valueOne = this::valueOne;

  SweepSegment(FlowProblem problem, RowSpace space, Legendre legendre, NeuronLog[] logs) {
    this.problem = problem;
    this.space = space;
    this.legendre = legendre;
    this.logs = logs;
    residual = new double[problem.points];
    change = new double[space.dimension];
    views = new NeuronLog.View[logs.length];
    products = new double[logs.length][problem.points];
    for (int j = 0; j < logs.length; j++) {
      views[j] = logs[j].view();
    }
  }

  private double shareAt(double time) {
    return Math.min(Math.max((time - from) / length, 0), 1);
  }

  @Override
  public void fill(double time, FlowState state) {
    share = shareAt(time);
    target = state;
    Workers.run(logs.length, fillOne);
    problem.residual(state.preactivations, state.readout, state.residual);
  }

  private void fillOne(int j) {
    int n = problem.points;
    int base = j * n;
    NeuronLog.View view = views[j];
    double[] product = products[j];
    logs[j].read(share, length, legendre, view);
    logs[j].modesAt(share, target.modes, base);
    target.readout[j] = view.readout;
    target.readoutSpeeds[j] = RowSpace.dot(view.weight, view.drive, space.dimension);
    space.preactivations(view.weight, product);
    System.arraycopy(product, 0, target.preactivations, base, n);
    space.preactivations(view.drive, product);
    for (int i = 0; i < n; i++) {
      boolean held = target.modes[base + i] == FlowState.SLIDING;
      target.preactivations[base + i] = held ? 0 : target.preactivations[base + i];
      target.preactivationSpeeds[base + i] = held ? 0 : view.readout * product[i];
    }
  }

  private void valueOne(int j) {
    logs[j].read(share, length, legendre, views[j]);
    space.preactivations(views[j].weight, products[j]);
  }

  @Override
  public double loss(double time) {
    share = shareAt(time);
    Workers.run(logs.length, valueOne);
    Arrays.fill(residual, 0);
    for (int j = 0; j < logs.length; j++) {
      for (int i = 0; i < residual.length; i++) {
        residual[i] += views[j].readout * problem.activation.value(products[j][i]);
      }
    }
    for (int i = 0; i < residual.length; i++) {
      residual[i] = problem.labels[i] - residual[i] / logs.length;
    }
    return problem.loss(residual);
  }

  @Override
  public void fillCoefficients(double time, double[] coefficients) {
    double at = shareAt(time);
    for (int j = 0; j < logs.length; j++) {
      logs[j].read(at, length, legendre, views[j]);
      for (int c = 0; c < change.length; c++) {
        change[c] = views[j].weight[c] - space.startWeights[j][c];
      }
      space.coefficients(change, coefficients, j * problem.points);
    }
  }

  @Override
  public Segment copy() {
    NeuronLog[] copies = new NeuronLog[logs.length];
    for (int j = 0; j < logs.length; j++) {
      copies[j] = logs[j].copy();
    }
    SweepSegment copy = new SweepSegment(problem, space, legendre, copies);
    copy.from = from;
    copy.length = length;
    return copy;
  }

  @Override
  public long bytes() {
    long bytes = 8L * problem.pairs();
    for (NeuronLog log : logs) {
      bytes += log.bytes();
    }
    return bytes;
  }
}
