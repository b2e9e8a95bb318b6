package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** States of a run after some of its steps, to be compared with those of another run at the same times. */
final class StateSamples {

  private static final int MOST_SAMPLES = 256;
  /** At most so many numbers in all: 128 MiB. */
  private static final long MOST_NUMBERS = 1L << 24;

  /** The parts of an estimate that the difference of two runs may miss; see {@link ErrorEstimate}. */
  private static final double OF_TOLERANCE = 1e-3;

  private static final double ROUNDING = 64 * 0x1.0p-52;
  /** Further from its kink than this, times the tolerance and the size of its neuron, a pair has a side. */
  private static final double CLEAR_SIDE = 10;

  private record Sample(double time, double[] u, double[] a) {}

  private final FlowProblem problem;
  private final FlowState scratch;
  private final int most;
  private final List<Sample> samples = new ArrayList<>();
  private long steps;
  private long stride = 1;

  // The comparison, sample by sample.
  private int compared;
  private double absolute;
  private double relative;
  private double largest;
  private Optional<ErrorEstimate.Separation> separation = Optional.empty();

  StateSamples(FlowProblem problem) {
    this.problem = problem;
    scratch = new FlowState(problem);
    most = (int) Math.max(4, Math.min(MOST_SAMPLES, MOST_NUMBERS / (problem.pairs() + problem.neurons)));
  }

  /** Takes the state after a step, or every second one of those before once there are many. */
  void add(Segment segment, double end) {
    steps++;
    if (steps % stride == 0) {
      take(segment, end);
      if (samples.size() > most) {
        for (int k = samples.size() / 2 - 1; k >= 0; k--) {
          samples.remove(2 * k);
        }
        stride *= 2;
      }
    }
  }

  /** Takes the state at the end of the run. */
  void finish(Segment still, double time) {
    take(still, time);
  }

  private void take(Segment segment, double time) {
    if (!samples.isEmpty() && samples.get(samples.size() - 1).time() >= time) {
      return;
    }
    scratch.fill(segment, time);
    samples.add(new Sample(time, scratch.preactivations.clone(), scratch.readout.clone()));
  }

  /** The times, increasing. */
  double[] times() {
    return samples.stream().mapToDouble(Sample::time).toArray();
  }

  /** Compares the next sample with the state of the other run at its time. */
  void compare(FlowState other, double looserTolerance) {
    Sample sample = samples.get(compared++);
    double differences = 0;
    double squares = 0;
    for (int j = 0; j < problem.neurons; j++) {
      double size = 0;
      for (int i = 0; i < problem.points; i++) {
        size = Math.max(size, Math.abs(sample.u()[j * problem.points + i]) / problem.norms[i]);
      }
      for (int i = 0; i < problem.points; i++) {
        int pair = j * problem.points + i;
        double u = sample.u()[pair];
        double difference = other.preactivations[pair] - u;
        differences += difference * difference;
        squares += u * u;
        largest = Math.max(largest, Math.abs(u));
        absolute = largerOf(absolute, Math.abs(difference));
        double side = Math.min(Math.abs(u), Math.abs(other.preactivations[pair]));
        if (separation.isEmpty()
            && u > 0 != other.preactivations[pair] > 0
            && side > CLEAR_SIDE * looserTolerance * size * problem.norms[i]) {
          separation = Optional.of(new ErrorEstimate.Separation(sample.time(), j, i));
        }
      }
      largest = Math.max(largest, Math.abs(sample.a()[j]));
      absolute = largerOf(absolute, Math.abs(other.readout[j] - sample.a()[j]));
    }
    if (differences > 0) {
      relative = largerOf(relative, Math.sqrt(differences / squares));
    }
  }

  /** Written so that NaN comes out as infinite. */
  private static double largerOf(double most, double value) {
    return value <= most ? most : Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }

  /** The estimate; infinite unless all samples were compared. */
  ErrorEstimate estimate(double tolerance, double looserTolerance) {
    double unseen = OF_TOLERANCE * tolerance + ROUNDING;
    return compared < samples.size()
        ? new ErrorEstimate(
            Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, looserTolerance, separation)
        : new ErrorEstimate(absolute + unseen * largest, relative + unseen, looserTolerance, separation);
  }
}
