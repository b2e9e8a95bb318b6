package org.liftgrad.theorem.shallow;

import java.util.List;
import java.util.function.IntFunction;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Trial;

/**
 * The data and starts of the second paper's experiments: law S or orthogonal inputs, hidden weights
 * U(±1/√d), readout ±(‖w‖ + Exp(1)) (theory file, sections 1.5 and 5).
 */
final class Starts {

  private Starts() {}

  /** Law S and the papers' start; the address is sizes and replicate. */
  static ShallowNetwork lawS(Trial trial, int points, long dimension, int neurons, int replicate) {
    long[] address = {points, dimension, neurons, replicate};
    SubGaussianData law =
        SubGaussianData.lawS().points(points).dimension(dimension).seed(trial.seed("data", address));
    // Exact in law where that is possible (n + p ≤ d); in fewer dimensions the inputs are small anyway.
    Dataset data = points + (long) neurons <= dimension ? law.exactInLaw().build() : law.build();
    return start(trial, data, neurons, address);
  }

  /** Orthogonal inputs in n dimensions and the papers' start. */
  static ShallowNetwork orthogonal(Trial trial, int points, int neurons, int replicate) {
    long[] address = {points, points, neurons, replicate};
    Dataset data =
        OrthogonalData.orthogonalData().points(points).seed(trial.seed("data", address)).build();
    return start(trial, data, neurons, address);
  }

  /**
   * A well-initialised start.
   *
   * @param network the start
   * @param passedOver how many draws before it were not well initialised
   */
  record Drawn(ShallowNetwork network, int passedOver) {}

  /**
   * The first of the draws 0, 1, 2 … that is well initialised. With ε at most one half the chance that none of 1000 is
   * is under 2⁻¹⁰⁰⁰.
   */
  static Drawn wellInitialised(IntFunction<ShallowNetwork> draw) {
    for (int attempt = 0; attempt < 1000; attempt++) {
      ShallowNetwork network = draw.apply(attempt);
      if (network.wellInitialised()) {
        return new Drawn(network, attempt);
      }
    }
    throw new IllegalStateException("none of 1000 starts is well initialised");
  }

  private static ShallowNetwork start(Trial trial, Dataset data, int neurons, long[] address) {
    return ShallowNetworks.shallowNetwork(data)
        .neurons(neurons)
        .dominantReadout()
        .seed(trial.seed("start", address))
        .build();
  }

  /** The same signs with |a_j| = share · ‖w_j‖: Assumption 1 holds from a share of 1 on. */
  static ShallowNetwork withShare(ShallowNetwork network, double share) {
    double[] readout = network.readout();
    double[] squaredNorms = network.squaredWeightNorms();
    for (int j = 0; j < readout.length; j++) {
      readout[j] = Math.signum(readout[j]) * share * Math.sqrt(squaredNorms[j]);
    }
    return network.withReadout(readout);
  }

  /**
   * A run to interpolation takes one to two steps an event and about n·p events. One that takes
   * twenty times as many has a point that no neuron can reach while the others vibrate.
   */
  static long mostSteps(ShallowNetwork network) {
    return Math.max(2000, 20L * network.data().points() * network.neurons());
  }

  /**
   * Solves, and never counts a run that the flow could not follow as one that says something of a
   * statement: it ends the check instead.
   */
  static Solution followed(GradientFlow flow) {
    Solution solution = flow.solve();
    if (solution.ending() == Ending.STALLED || solution.ending() == Ending.NOT_FINITE) {
      throw new IllegalStateException(
          "a run could not be followed past t = " + solution.time() + ", so there is no verdict. " + solution.ending().advice());
    }
    return solution;
  }

  /** The flow to a loss or to a horizon, for as many steps as {@link #mostSteps} allows. */
  static GradientFlow until(ShallowNetwork network, double loss, double horizon) {
    return GradientFlow.gradientFlow(network)
        .until(StopCondition.lossBelow(loss))
        .until(StopCondition.timeReached(horizon))
        .maximumSteps(mostSteps(network));
  }

  /**
   * A flow to where the residuals are small and no further: past {@link GradientFlow#MANY_PAIRS} at an error of 1e-6, which on
   * orthogonal inputs, too, is then many times as fast.
   */
  static Solution coarselyFollowed(GradientFlow flow, ShallowNetwork network) {
    boolean many = (long) network.data().points() * network.neurons() > GradientFlow.MANY_PAIRS;
    return followed(many ? flow.tolerance(GradientFlow.DEFAULT_TOLERANCE_OF_MANY_PAIRS) : flow);
  }

  /** The flow to L = 1e-6/(2n) or to a horizon. */
  static Solution toConvergence(ShallowNetwork network, double horizon) {
    return followed(until(network, fitted(network.data().points()), horizon));
  }

  /** Did a flow end at the loss that was asked for? */
  static boolean converged(Solution solution) {
    return solution.ending() == Ending.LOSS_REACHED;
  }

  /** How many of these runs used up their steps, by their column “ending”. */
  static long outOfSteps(List<Row> rows) {
    return rows.stream().filter(row -> row.text("ending").equals(Ending.STEP_LIMIT.toString())).count();
  }

  /** The loss at which a start has converged. */
  static double fitted(int points) {
    return 1e-6 / (2.0 * points);
  }

  /** The horizon factor · √(np) log(np), where the logarithm of one pair is that of two. */
  static double horizon(double factor, int points, int neurons) {
    double pairs = (double) points * neurons;
    return factor * Math.sqrt(pairs) * StrictMath.log(Math.max(pairs, 2));
  }

  /** d = factor · n², rounded. */
  static long dimension(int points, double factor) {
    return Math.max(1, Math.round(factor * points * points));
  }
}
