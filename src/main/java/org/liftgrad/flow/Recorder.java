package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Keeps what the observers see of a run, step by step, and says when a condition ends it. */
final class Recorder {

  /** Rows kept when every step is observed: past this, every second one goes and half are taken. */
  private static final int MOST_ROWS = 4096;

  /** Gauss-Legendre nodes and weights of order 5 on [0, 1] (Abramowitz and Stegun, table 25.4). */
  private static final double[] NODES = {
    0.04691007703066802, 0.23076534494715845, 0.5, 0.7692346550528415, 0.9530899229693319
  };
  private static final double[] WEIGHTS = {
    0.11846344252809454, 0.23931433524968324, 0.28444444444444444, 0.23931433524968324, 0.11846344252809454
  };

  private final List<Observer> observers;
  private final double[] times;
  private final double lossLimit;
  private final FlowState state;
  private final double[] running;
  private final boolean needsNodes;
  private final List<double[]> rows = new ArrayList<>();
  private int nextTime;
  private long stepsSeen;
  private long stride = 1;
  private double lastSeen;
  private boolean atLossLimit;

  /**
   * A recorder.
   *
   * @param times the times to observe, increasing; empty for every step
   * @param lossLimit the loss that ends the run, 0 for none
   */
  Recorder(FlowProblem problem, List<Observer> observers, double[] times, double lossLimit) {
    this.observers = observers;
    this.times = times;
    this.lossLimit = lossLimit;
    state = new FlowState(problem);
    running = new double[observers.size()];
    boolean nodes = false;
    for (int k = 0; k < running.length; k++) {
      Observer observer = observers.get(k);
      nodes |= !(observer instanceof Observer.Value);
      running[k] =
          observer instanceof Observer.Smallest
              ? Double.POSITIVE_INFINITY
              : observer instanceof Observer.Largest ? Double.NEGATIVE_INFINITY : 0;
    }
    needsNodes = nodes;
  }

  /** Observes the start; {@code still} is a segment that holds it. */
  void start(Segment still) {
    state.fill(still, 0);
    extremes();
    if (times.length == 0) {
      row();
    } else {
      while (nextTime < times.length && times[nextTime] <= 0) {
        row();
        nextTime++;
      }
    }
    atLossLimit = lossLimit > 0 && state.loss() <= lossLimit;
  }

  /** Has the loss fallen to its limit? */
  boolean atLossLimit() {
    return atLossLimit;
  }

  /**
   * Observes a step.
   *
   * @return the time at which the run ends within the step, or {@code to} where it goes on
   */
  double accept(Segment segment, double from, double to) {
    double end = to;
    if (lossLimit > 0 && segment.loss(to) <= lossLimit) {
      atLossLimit = true;
      end = crossing(time -> segment.loss(time) - lossLimit, from, to);
    }
    while (nextTime < times.length && times[nextTime] <= end) {
      double time = times[nextTime++];
      // The running figures up to an observed time need the part of the step before it.
      accumulate(segment, from, time);
      from = Math.max(from, time);
      state.fill(segment, time);
      row();
    }
    accumulate(segment, from, end);
    stepsSeen++;
    if (times.length == 0 && (stepsSeen % stride == 0 || atLossLimit)) {
      state.fill(segment, end);
      row();
      if (rows.size() > MOST_ROWS) {
        for (int k = rows.size() / 2 - 1; k >= 0; k--) {
          rows.remove(2 * k + 1);
        }
        stride *= 2;
      }
    }
    return end;
  }

  /** Observes the end, unless it was; it counts as an asked time that steps miss by a rounding only. */
  void finish(Segment still, double time) {
    while (nextTime < times.length && times[nextTime] <= time * (1 + 1e-12)) {
      nextTime++;
      state.fill(still, time);
      row();
    }
    if (times.length == 0 && lastSeen < time) {
      state.fill(still, time);
      row();
    }
  }

  private void accumulate(Segment segment, double from, double to) {
    if (!needsNodes || to <= from) {
      return;
    }
    for (int node = 0; node < NODES.length; node++) {
      state.fill(segment, from + (to - from) * NODES[node]);
      for (int k = 0; k < running.length; k++) {
        Observer observer = observers.get(k);
        if (observer instanceof Observer.Integral) {
          running[k] += (to - from) * WEIGHTS[node] * observer.measure().applyAsDouble(state);
        }
      }
      extremes();
    }
    state.fill(segment, to);
    extremes();
  }

  private void extremes() {
    for (int k = 0; k < running.length; k++) {
      Observer observer = observers.get(k);
      if (observer instanceof Observer.Smallest) {
        running[k] = Math.min(running[k], observer.measure().applyAsDouble(state));
      } else if (observer instanceof Observer.Largest) {
        running[k] = Math.max(running[k], observer.measure().applyAsDouble(state));
      }
    }
  }

  private void row() {
    double[] row = new double[observers.size() + 1];
    row[0] = state.time();
    for (int k = 0; k < running.length; k++) {
      Observer observer = observers.get(k);
      row[k + 1] =
          observer instanceof Observer.Value ? observer.measure().applyAsDouble(state) : running[k];
    }
    rows.add(row);
    lastSeen = state.time();
  }

  /** Where a decreasing function passes zero, to the last bit of the time. */
  private static double crossing(DoubleUnaryOperator function, double from, double to) {
    double low = from;
    double high = to;
    while (true) {
      double middle = 0.5 * (low + high);
      if (middle <= low || middle >= high) {
        return high;
      }
      if (function.applyAsDouble(middle) <= 0) {
        high = middle;
      } else {
        low = middle;
      }
    }
  }

  /** A row an observed time: the time, then a figure an observer. */
  List<double[]> rows() {
    return rows;
  }
}
