package org.liftgrad.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The pre-activations of a run at given times, to be compared with those of another: how wrong is a method, in which
 * neuron, since when?
 *
 * <pre>{@code
 * double[] times = Trajectory.times(50, 3, 200);
 * Trajectory truth = Trajectory.of(gradientFlow(network).tolerance(1e-13).until(timeReached(50)), times);
 * Trajectory coarse = Trajectory.of(gradientFlow(network).method(descent(0.1)).until(timeReached(50)), times);
 * double error = coarse.worstError(truth);
 * double[] ofNeurons = coarse.neuronErrors(truth, 199);
 * }</pre>
 *
 * <p>It holds n·p numbers a time; a run's own steps, and states between them, are kept by {@link
 * GradientFlow#keepStates}.
 *
 * @param times at least one, increasing
 * @param neurons p
 * @param states ⟨w_j, x_i⟩ at j·n + i, neuron by neuron, one array a time, or fewer where the run did not get that far
 * @param solution of the run, where it was one of this library
 */
public record Trajectory(double[] times, int neurons, List<double[]> states, Optional<Solution> solution) {

  /** Refuses more states than times, and states of different or impossible lengths; keeps the arrays. */
  public Trajectory {
    Argument.positive("neurons", neurons);
    Argument.positive("the number of times", times.length);
    Argument.require(
        states.size() <= times.length, "the number of states", states.size(), "at most that of times = " + times.length);
    for (double[] state : states) {
      Argument.require(
          state.length == states.get(0).length && state.length % neurons == 0 && state.length > 0,
          "the length of a state", state.length, "the same for all, and a multiple of neurons = " + neurons);
    }
    states = List.copyOf(states);
  }

  /**
   * Times of equal ratio.
   *
   * @param end the last, above 0
   * @param decades how far below it the first is, above 0
   * @param count at least 2
   */
  public static double[] times(double end, double decades, int count) {
    Argument.positive("end", end);
    Argument.positive("decades", decades);
    Argument.atLeast("count", count, 2);
    double[] times = new double[count];
    Arrays.setAll(times, k -> end * StrictMath.pow(10, decades * (k - count + 1) / (count - 1.0)));
    times[count - 1] = end;
    return times;
  }

  /**
   * Solves a flow and keeps its states.
   *
   * @param flow with its end; the times that it was to be observed at give way to these
   * @param times increasing
   */
  public static Trajectory of(GradientFlow flow, double... times) {
    List<double[]> states = new ArrayList<>();
    int[] neurons = {1};
    Observer copy =
        Observer.value(
            "states kept",
            state -> {
              neurons[0] = state.neurons();
              states.add(state.preactivations.clone());
              return states.size();
            });
    Solution solution = flow.at(times).observe(copy).solve();
    return new Trajectory(times.clone(), neurons[0], states, Optional.of(solution));
  }

  /** Did the run get to the last time? */
  public boolean complete() {
    return states.size() == times.length;
  }

  /**
   * One pre-activation over time.
   *
   * @param neuron 0 … p − 1
   * @param point 0 … n − 1
   */
  public double[] preactivations(int neuron, int point) {
    int points = states.isEmpty() ? 0 : states.get(0).length / neurons;
    Argument.require(neuron >= 0 && neuron < neurons, "neuron", neuron, "from 0 to " + (neurons - 1));
    Argument.require(point >= 0 && point < points, "point", point, "from 0 to " + (points - 1));
    return states.stream().mapToDouble(state -> state[neuron * points + point]).toArray();
  }

  /**
   * ‖U − U_ref‖/‖U_ref‖ (Frobenius norm) at each of the times that both have.
   *
   * @param reference at the same times
   */
  public double[] errors(Trajectory reference) {
    int both = both(reference);
    double[] errors = new double[both];
    for (int k = 0; k < both; k++) {
      errors[k] = relativeDistance(states.get(k), reference.states.get(k));
    }
    return errors;
  }

  /**
   * The largest of {@link #errors}; NaN where a state is not finite.
   *
   * @param reference at the same times; both must have got to the first
   */
  public double worstError(Trajectory reference) {
    Argument.positive("the number of times reached", both(reference));
    // The maximum keeps NaN: a trajectory that is not finite has no error to be proud of.
    return Arrays.stream(errors(reference)).reduce(0, Math::max);
  }

  /**
   * ‖u_j − u_j,ref‖/‖u_j,ref‖ of every neuron at one time: a neuron that went another way stands out here, and is
   * diluted in the norm over all.
   *
   * @param reference at the same times
   * @param time which of the times, from 0; both must have got there
   */
  public double[] neuronErrors(Trajectory reference, int time) {
    int both = both(reference);
    Argument.require(time >= 0 && time < both, "time", time, "from 0 to " + (both - 1));
    int points = states.get(time).length / neurons;
    double[] errors = new double[neurons];
    Arrays.setAll(
        errors, j -> relativeDistance(states.get(time), reference.states.get(time), j * points, (j + 1) * points));
    return errors;
  }

  /** How many of the times both have reached. */
  private int both(Trajectory reference) {
    Argument.require(Arrays.equals(times, reference.times), "the times", "others", "those of the reference");
    int both = Math.min(states.size(), reference.states.size());
    Argument.require(
        both == 0
            || neurons == reference.neurons && states.get(0).length == reference.states.get(0).length,
        "the network", neurons + " neurons", "that of the reference");
    return both;
  }

  /**
   * ‖one − reference‖/‖reference‖ of two states.
   *
   * @param one any length
   * @param reference of the same length
   */
  public static double relativeDistance(double[] one, double[] reference) {
    Argument.require(one.length == reference.length, "the number of pairs", one.length, "" + reference.length);
    return relativeDistance(one, reference, 0, one.length);
  }

  private static double relativeDistance(double[] one, double[] reference, int from, int to) {
    double difference = 0;
    double norm = 0;
    for (int k = from; k < to; k++) {
      difference += (one[k] - reference[k]) * (one[k] - reference[k]);
      norm += reference[k] * reference[k];
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  /** How many states it has, and up to which time. */
  @Override
  public String toString() {
    return states.size() + " of " + times.length + " states of " + Numbers.counted(neurons, "neuron") + " up to t = "
        + Numbers.rounded(times[times.length - 1], 6);
  }
}
