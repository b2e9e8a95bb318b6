package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.liftgrad.kernel.Argument;

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
  private final Optional<KeptStates> kept;
  private final Optional<StateSamples> samples;
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
   * @param kept where steps are kept, if they are
   * @param samples where states are sampled for an error estimate, if they are
   */
  Recorder(
      FlowProblem problem,
      List<Observer> observers,
      double[] times,
      double lossLimit,
      Optional<KeptStates> kept,
      Optional<StateSamples> samples) {
    this.kept = kept;
    this.samples = samples;
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
      row(0);
    } else {
      while (nextTime < times.length && times[nextTime] <= 0) {
        row(0);
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
   * Looks for the end of the run within a step; what was observed stays as it is, so that a checkpoint can
   * still be taken before the step.
   *
   * @return the time at which the loss reaches its limit, or {@code to} where it does not
   */
  double endOf(Segment segment, double from, double to) {
    if (lossLimit > 0 && segment.loss(to) <= lossLimit) {
      atLossLimit = true;
      return crossing(time -> segment.loss(time) - lossLimit, from, to);
    }
    return to;
  }

  /** Observes a step up to its end, as {@link #endOf} gave it. */
  void accept(Segment segment, double from, double end) {
    if (kept.isPresent()) {
      kept.get().add(segment, from, end);
    }
    if (samples.isPresent()) {
      samples.get().add(segment, end);
    }
    while (nextTime < times.length && times[nextTime] <= end) {
      double time = times[nextTime++];
      // The running figures up to an observed time need the part of the step before it.
      accumulate(segment, from, time);
      from = Math.max(from, time);
      row(segment, time);
    }
    accumulate(segment, from, end);
    stepsSeen++;
    if (times.length == 0 && (stepsSeen % stride == 0 || atLossLimit)) {
      row(segment, end);
      if (rows.size() > MOST_ROWS) {
        for (int k = rows.size() / 2 - 1; k >= 0; k--) {
          rows.remove(2 * k + 1);
        }
        stride *= 2;
      }
    }
  }

  // ---------------------------------------------------------------- checkpoints

  /** Adds what was observed so far to a checkpoint. */
  Payload save(Payload payload) {
    int width = observers.size() + 1;
    double[] flat = new double[rows.size() * width];
    for (int k = 0; k < rows.size(); k++) {
      System.arraycopy(rows.get(k), 0, flat, k * width, width);
    }
    return payload
        .with("observed rows", flat)
        .with("observed running", running)
        .with("observed last", lastSeen)
        .with("observed counts", nextTime, stepsSeen, stride, times.length == 0 ? 1 : 0);
  }

  /**
   * Goes on from a checkpoint instead of {@link #start}.
   *
   * @param time that of the checkpoint
   * @param loss that of the checkpoint
   */
  void restore(Payload payload, double time, double loss) {
    Argument.require(
        lossLimit == 0 || loss > lossLimit, "until", "lossBelow(" + lossLimit + ")", "below " + loss + ", the loss of the checkpoint");
    int width = observers.size() + 1;
    double[] flat = payload.doubles("observed rows");
    long[] counts = payload.counts("observed counts", 4);
    Argument.require(
        flat.length % width == 0, "the length of the observed rows", flat.length, "a multiple of " + width);
    Argument.require(
        counts[3] == (times.length == 0 ? 1 : 0),
        "at",
        times.length == 0 ? "missing" : "given",
        times.length == 0
            ? "given, as the run of the checkpoint was observed at given times"
            : "left out, as the run of the checkpoint was observed after its steps");
    Argument.require(counts[2] >= 1, "the stride of the checkpoint", counts[2], "at least 1");
    System.arraycopy(payload.doubles("observed running", running.length), 0, running, 0, running.length);
    lastSeen = payload.doubles("observed last", 1)[0];
    stepsSeen = counts[1];
    stride = counts[2];
    int count = flat.length / width;
    for (int k = 0; k < count; k++) {
      rows.add(Arrays.copyOfRange(flat, k * width, (k + 1) * width));
    }
    if (times.length > 0) {
      boolean same = counts[0] == count && count <= times.length && (count == times.length || times[count] > time);
      for (int k = 0; same && k < count; k++) {
        same = rows.get(k)[0] == times[k];
      }
      Argument.require(
          same, "at", "of other times up to " + time + " than the run of the checkpoint", "of the same ones up to there");
      nextTime = count;
    }
  }

  /** Observes the end, unless it was; it counts as an asked time that steps miss by a rounding only. */
  void finish(Segment still, double time) {
    if (samples.isPresent()) {
      samples.get().finish(still, time);
    }
    while (nextTime < times.length && times[nextTime] <= time * (1 + 1e-12)) {
      nextTime++;
      row(still, time);
    }
    if (times.length == 0 && lastSeen < time) {
      row(still, time);
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

  /** A state that nobody looks at is not worked out. */
  private void row(Segment segment, double time) {
    if (!observers.isEmpty()) {
      state.fill(segment, time);
    }
    row(time);
  }

  private void row(double time) {
    double[] row = new double[observers.size() + 1];
    row[0] = time;
    for (int k = 0; k < running.length; k++) {
      Observer observer = observers.get(k);
      row[k + 1] =
          observer instanceof Observer.Value ? observer.measure().applyAsDouble(state) : running[k];
    }
    rows.add(row);
    lastSeen = time;
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
