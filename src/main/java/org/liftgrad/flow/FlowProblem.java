package org.liftgrad.flow;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * The flow of one network on its data, as flat arrays. Pairs are numbered neuron by neuron: pair
 * (j, i) is at j·n + i, so that an event touches one stretch of memory.
 */
final class FlowProblem {

  final int points;
  final int neurons;
  final Activation activation;
  final double[] labels;
  final double[] norms;
  /** G, row by row. */
  final double[] gram;
  final double gramRounding;
  final GramOperator product;
  final RightHandSide rightHandSide;
  final double[] startPreactivations;
  final double[] startReadout;
  final double[] startSquaredNorms;

  /** On the default path of products. */
  FlowProblem(ShallowNetwork network) {
    this(network, DenseProducts.java());
  }

  FlowProblem(ShallowNetwork network, DenseProducts products) {
    Dataset data = network.data();
    points = data.points();
    neurons = network.neurons();
    activation = network.activation();
    labels = data.labels();
    norms = data.norms();
    DMatrixRMaj gramMatrix = data.gram();
    gram = gramMatrix.data;
    gramRounding = data.gramRounding();
    Optional<DMatrixRMaj> inputs = data.dimension() * 2 < points ? data.storedInputs() : Optional.empty();
    product = GramOperator.cheapest(gramMatrix, inputs, products);
    rightHandSide = new RightHandSide(activation, labels, neurons, product);
    startPreactivations = transposed(network.preactivations());
    startReadout = network.readout();
    startSquaredNorms = network.squaredWeightNorms();
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
