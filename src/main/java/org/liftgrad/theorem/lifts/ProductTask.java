package org.liftgrad.theorem.lifts;

import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;

/**
 * The reference task XP (theory file, head of section 6): x₁x₂ on an 11×11 grid over [−1, 1]², and lifts of x → h1 → h2 → t
 * with tanh and biases, both hidden fibres of one width, normal weights of deviation 1.5, and a readout of 0 unless another
 * is asked for. The readout has a bias too, which begins with the readout.
 */
final class ProductTask {

  /** The standard deviation of the weights. */
  static final double DEVIATION = 1.5;

  /** The task; ‖f*‖²_D = 0.16. */
  static final Regression REGRESSION = Regression.onGrid(11, 2, x -> x[0] * x[1]);

  /** ‖f*‖²_D, the loss at a readout of 0. */
  static final double INITIAL_LOSS = REGRESSION.lossOfZero();


  private ProductTask() {}

  /**
   * A lift half said: ask it for {@code sparse()}.
   *
   * @param width of both hidden fibres
   * @param degree k, the parents of a vertex over x → h1 and h1 → h2
   */
  static LiftBuilder lift(int width, int degree, long seed) {
    return withoutEdges(width).inDegree(degree).seed(seed);
  }

  /** The same before a law of the edges and a seed are said. */
  static LiftBuilder withoutEdges(int width) {
    return withoutEdges(Activation.tanh(), width);
  }

  /** With another activation. */
  static LiftBuilder withoutEdges(Activation activation, int width) {
    return LiftBuilder.lift(Architectures.perceptron(2, activation)).fibre("x", 2).width("h1", width).width("h2", width)
        .weights(ParameterLaw.normal(DEVIATION));
  }
}
