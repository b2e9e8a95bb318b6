package org.liftgrad.flow;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * The flow of one network on its data, as flat arrays. Pairs are numbered neuron by neuron: pair
 * (j, i) is at j·n + i, so that an event touches one stretch of memory.
 */
final class FlowProblem {

  /** 800 MB. */
  private static final int MOST_OF_GRAM = 10_000;

  final int points;
  final int neurons;
  final Activation activation;
  final double[] labels;
  final double[] norms;
  final double gramRounding;
  final GramOperator product;
  final RightHandSide rightHandSide;
  final double[] startPreactivations;
  final double[] startReadout;
  final double[] startSquaredNorms;
  private final Dataset data;
  /** G where it was asked for. */
  private Optional<double[]> gram;

  /** On the default path of products. */
  FlowProblem(ShallowNetwork network) {
    this(network, DenseProducts.java());
  }

  FlowProblem(ShallowNetwork network, DenseProducts products) {
    data = network.data();
    points = data.points();
    neurons = network.neurons();
    activation = network.activation();
    labels = data.labels();
    norms = data.norms();
    gramRounding = data.gramRounding();
    if (data.exactlyOrthogonal()) {
      gram = Optional.empty();
      product = GramOperator.diagonal(data.squaredNorms(), products);
    } else {
      DMatrixRMaj whole = data.gram();
      gram = Optional.of(whole.data);
      Optional<DMatrixRMaj> inputs = data.dimension() * 2 < points ? data.storedInputs() : Optional.empty();
      product = GramOperator.cheapest(whole, inputs, products);
    }
    rightHandSide = new RightHandSide(activation, labels, neurons, product);
    startPreactivations = transposed(network.preactivations());
    startReadout = network.readout();
    startSquaredNorms = network.squaredWeightNorms();
  }

  /**
   * G, row by row. Of orthogonal inputs it is made when it is first asked for: descent and the stock solver want the diagonal
   * alone, and n² numbers need not fit into memory.
   */
  double[] gram() {
    if (gram.isEmpty()) {
      Argument.require(
          points <= MOST_OF_GRAM, "the number of points", points,
          "at most " + MOST_OF_GRAM + " for the exact flow of orthogonal inputs, which keeps n² numbers; descent and the stock"
              + " solver go further");
      gram = Optional.of(data.gram().data);
    }
    return gram.get();
  }

  int pairs() {
    return points * neurons;
  }

  /** The factor of a² in the conserved quantity: β of u^β, and 1 for ReLU (Lemmas 1 and 1'). */
  double conservedFactor() {
    return activation instanceof Activation.Monomial monomial ? monomial.degree() : 1;
  }

  /** r = y − (1/p) σ(U) a; {@code residual} is modified. */
  void residual(double[] preactivations, double[] readout, double[] residual) {
    rightHandSide.residual(preactivations, readout, residual);
  }

  /** (1/2n)‖r‖². */
  double loss(double[] residual) {
    double sum = 0;
    for (double r : residual) {
      sum += r * r;
    }
    return sum / (2 * points);
  }

  /** An n×p matrix as a flat array neuron by neuron. */
  static double[] transposed(DMatrixRMaj matrix) {
    double[] flat = new double[matrix.getNumElements()];
    for (int i = 0; i < matrix.numRows; i++) {
      for (int j = 0; j < matrix.numCols; j++) {
        flat[j * matrix.numRows + i] = matrix.unsafe_get(i, j);
      }
    }
    return flat;
  }

  /** The inverse of {@link #transposed}. */
  DMatrixRMaj matrixOf(double[] pairs) {
    DMatrixRMaj matrix = new DMatrixRMaj(points, neurons);
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < neurons; j++) {
        matrix.unsafe_set(i, j, pairs[j * points + i]);
      }
    }
    return matrix;
  }
}
