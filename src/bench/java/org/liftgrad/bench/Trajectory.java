package org.liftgrad.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ArrayList;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.flow.FlowState;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.Argument;

/**
 * The pre-activations of a run at given times, a row a time, neuron by neuron.
 *
 * @param times increasing
 * @param states as many rows, or fewer where the run did not get that far
 */
record Trajectory(double[] times, List<double[]> states) {

  /**
   * Times of equal ratio.
   *
   * @param end the last
   * @param decades how far below it the first is
   */
  static double[] times(double end, double decades, int count) {
    double[] times = new double[count];
    Arrays.setAll(times, k -> end * Math.pow(10, decades * (k - count + 1) / (count - 1.0)));
    times[count - 1] = end;
    return times;
  }

  /** Solves a flow and keeps its states; the solution goes to {@code result}. */
  static Trajectory of(GradientFlow flow, double[] times, List<Solution> result) {
    List<double[]> states = new ArrayList<>();
    Observer copy =
        Observer.value(
            "states kept",
            state -> {
              states.add(copied(state));
              return states.size();
            });
    result.add(flow.at(times).observe(copy).solve());
    return new Trajectory(times, states);
  }

  private static double[] copied(FlowState state) {
    int n = state.points();
    double[] u = new double[n * state.neurons()];
    for (int j = 0; j < state.neurons(); j++) {
      for (int i = 0; i < n; i++) {
        u[j * n + i] = state.preactivation(j, i);
      }
    }
    return u;
  }

  /** What a peer saved. */
  static Trajectory read(Path file, double[] times) {
    DMatrixRMaj matrix = MatrixFiles.read(file);
    List<double[]> states = new ArrayList<>();
    for (int k = 0; k < matrix.numRows; k++) {
      states.add(Arrays.copyOfRange(matrix.data, k * matrix.numCols, (k + 1) * matrix.numCols));
    }
    return new Trajectory(times, states);
  }

  /** Did the run get to the last time? */
  boolean complete() {
    return states.size() == times.length;
  }

  /** The largest ‖U − U_ref‖/‖U_ref‖ (Frobenius) over the times that both have. */
  double worstError(Trajectory reference) {
    Argument.require(Arrays.equals(times, reference.times), "the times", "others", "those of the reference");
    double worst = 0;
    int both = Math.min(states.size(), reference.states.size());
    Argument.positive("the number of times reached", both);
    for (int k = 0; k < both; k++) {
      // Math.max keeps NaN: a trajectory that is not finite has no error to be proud of.
      worst = Math.max(worst, relativeDistance(states.get(k), reference.states.get(k)));
    }
    return worst;
  }

  static double relativeDistance(double[] one, double[] other) {
    Argument.require(one.length == other.length, "the number of pairs", one.length, "" + other.length);
    double difference = 0;
    double norm = 0;
    for (int k = 0; k < one.length; k++) {
      difference += (one[k] - other[k]) * (one[k] - other[k]);
      norm += other[k] * other[k];
    }
    return Math.sqrt(difference / norm);
  }
}
