package org.liftgrad.lift;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;

/**
 * A lift and its parameters: a network. Immutable; {@link LiftBuilder} draws it.
 *
 * <p>Source: Random Sparse Lifts, definitions 3.5 and 4.2: the pair (g, θ).
 */
public final class LiftedNetwork {

  private final Lift lift;
  private final double[] parameters;
  private final Provenance provenance;

  /** Keeps the array. */
  LiftedNetwork(Lift lift, double[] parameters, Provenance provenance) {
    this.lift = lift;
    this.parameters = parameters;
    this.provenance = provenance;
  }

  /**
   * A network by its parameters.
   *
   * @param parameters {@link Lift#parameters} finite numbers, in the order that {@link Lift} says; copied
   */
  public static LiftedNetwork of(Lift lift, double... parameters) {
    Argument.require(
        parameters.length == lift.parameters(), "the number of parameters", parameters.length,
        Integer.toString(lift.parameters()));
    Argument.finite("parameters", parameters);
    return new LiftedNetwork(lift, parameters.clone(), Provenance.none().with("parameters", "given"));
  }

  /** The lift. */
  public Lift lift() {
    return lift;
  }

  /** What is lifted. */
  public Blueprint blueprint() {
    return lift.blueprint();
  }

  /** All parameters, in the order that {@link Lift} says; a copy. */
  public double[] parameters() {
    return parameters.clone();
  }

  /** The weights of the lifted edges over one edge, in the order of {@link Edges}; a copy. */
  public double[] weights(String source, String target) {
    Edge edge = blueprint().edge(source, target);
    return Arrays.copyOfRange(parameters, lift.blockStart(edge.group()), lift.blockStart(edge.group() + 1));
  }

  /** How the network was made. */
  public Provenance provenance() {
    return provenance;
  }

  /** The same lift with other parameters; copied. */
  public LiftedNetwork withParameters(double... parameters) {
    return of(lift, parameters);
  }

  /**
   * The outputs.
   *
   * @param inputs a sample a row: the entries of the inputs in the order that {@link Lift} says
   * @return a sample a row, {@link Lift#outputDimension} columns
   */
  public DMatrixRMaj predict(DMatrixRMaj inputs) {
    Argument.require(
        inputs.numCols == lift.inputDimension() && inputs.numRows >= 1, "inputs",
        inputs.numRows + "×" + inputs.numCols,
        "of at least one row and " + lift.inputDimension() + " columns, the dimension of the inputs");
    double[] rows = transposed(inputs.data, inputs.numRows, inputs.numCols);
    double[] outputs = new double[inputs.numRows * lift.outputDimension()];
    new Passes(lift, Regression.of(rows, new double[outputs.length], inputs.numRows)).outputs(parameters, outputs);
    return new DMatrixRMaj(
        inputs.numRows, lift.outputDimension(), true,
        transposed(outputs, lift.outputDimension(), inputs.numRows));
  }

  private static double[] transposed(double[] values, int rows, int columns) {
    double[] transposed = new double[rows * columns];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < columns; k++) {
        transposed[k * rows + i] = values[i * columns + k];
      }
    }
    return transposed;
  }

  /** The same network with the vertices of one fibre renumbered, each with its edges and weights. */
  public LiftedNetwork permuted(String vertex, FiniteMap permutation) {
    LiftMorphism morphism = LiftMorphism.permutation(lift, vertex, permutation);
    return new LiftedNetwork(
        morphism.to(), morphism.pushForwardParameters(parameters), provenance.with("permuted", vertex));
  }

  /**
   * The same function as a network on a lift with more edges, those that this one lacks having weight 0: the sparse
   * network as a masked one.
   *
   * @param larger with the edges of this lift among its own
   * @throws IllegalArgumentException if it lacks one of them, or if one of its further edges acts with weight 0 too
   */
  public LiftedNetwork within(Lift larger) {
    LiftMorphism inclusion = LiftMorphism.inclusion(lift, larger);
    Argument.require(
        inclusion.isMasking(), "the larger lift", "one with further edges that have no weight",
        "one whose further edges are linear in theirs");
    return new LiftedNetwork(
        larger, inclusion.pushForwardParameters(parameters), provenance.with("within", larger));
  }

  /** The lift in a line. */
  @Override
  public String toString() {
    return lift.toString();
  }
}
