package org.liftgrad.shallow;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.statistics.Numbers;

/**
 * A one-hidden-layer network h(x) = (1/p) Σ_j a_j σ(⟨w_j, x⟩) as its data see it: the
 * pre-activations ⟨w_j, x_i⟩, the norms ‖w_j‖ and the readout a. That is all that the gradient flow
 * needs, in any dimension; the hidden weights themselves are there when the inputs are stored.
 * Immutable; matrices are copied on their way out.
 *
 * <p>Source: Dana, Bach, Pillaud-Vivien (2025), section 2, equation (3).
 */
public final class ShallowNetwork {

  private final Dataset data;
  private final Activation activation;
  private final DMatrixRMaj preactivations;
  private final double[] squaredWeightNorms;
  private final double[] readout;
  private final Optional<DMatrixRMaj> weights;
  private final Provenance provenance;

  /**
   * For the builders of this package.
   *
   * @param data the data that the network looks at
   * @param activation σ
   * @param preactivations n×p, entry (i, j) is ⟨w_j, x_i⟩; copied
   * @param squaredWeightNorms ‖w_j‖², p numbers; copied
   * @param readout a, p numbers; copied
   * @param weights the hidden weights, p×d, where they are known; copied
   * @param provenance how the network was made
   */
  public ShallowNetwork(
      Dataset data,
      Activation activation,
      DMatrixRMaj preactivations,
      double[] squaredWeightNorms,
      double[] readout,
      Optional<DMatrixRMaj> weights,
      Provenance provenance) {
    int n = data.points();
    int p = Argument.atLeast("the number of neurons", readout.length, 1);
    Argument.require(
        preactivations.numRows == n && preactivations.numCols == p,
        "preactivations",
        preactivations.numRows + "×" + preactivations.numCols,
        n + "×" + p + " (points by neurons)");
    Argument.require(
        squaredWeightNorms.length == p, "the number of weight norms", squaredWeightNorms.length, "" + p);
    Argument.finite("preactivations", preactivations.data);
    Argument.finite("readout", readout);
    Argument.finite("squaredWeightNorms", squaredWeightNorms);
    weights.ifPresent(
        w ->
            Argument.require(
                w.numRows == p && w.numCols == data.dimension(),
                "weights",
                w.numRows + "×" + w.numCols,
                p + "×" + data.dimension() + " (neurons by dimension)"));
    this.data = data;
    this.activation = activation;
    this.preactivations = preactivations.copy();
    this.squaredWeightNorms = squaredWeightNorms.clone();
    this.readout = readout.clone();
    this.weights = weights.map(DMatrixRMaj::copy);
    this.provenance = provenance;
  }

  /** The data that the network looks at. */
  public Dataset data() {
    return data;
  }

  /** σ. */
  public Activation activation() {
    return activation;
  }

  /** p, the number of neurons. */
  public int neurons() {
    return readout.length;
  }

  /** ⟨w_j, x_i⟩ as an n×p matrix; a copy. */
  public DMatrixRMaj preactivations() {
    return preactivations.copy();
  }

  /** ‖w_j‖², p numbers; a copy. */
  public double[] squaredWeightNorms() {
    return squaredWeightNorms.clone();
  }

  /** The readout a, p numbers; a copy. */
  public double[] readout() {
    return readout.clone();
  }

  /** The hidden weights, p×d, where they are known; a copy. */
  public Optional<DMatrixRMaj> weights() {
    return weights.map(DMatrixRMaj::copy);
  }

  /** How the network was made. */
  public Provenance provenance() {
    return provenance;
  }

  /**
   * The active energy of each point, n numbers: E_i = (1/p) Σ_j a_j² 1[⟨w_j, x_i⟩ > 0], the indicator strict;
   * for leaky ReLU, where an inactive neuron contributes too, (1/p) Σ_j a_j² σ'(⟨w_j, x_i⟩)².
   */
  public double[] activeEnergy() {
    int n = data.points();
    int p = neurons();
    double inactive = activation instanceof Activation.LeakyRelu leaky ? leaky.negativeSlope() : 0;
    double[] energy = new double[n];
    for (int i = 0; i < n; i++) {
      double sum = 0;
      for (int j = 0; j < p; j++) {
        double slope = preactivations.unsafe_get(i, j) > 0 ? 1 : inactive;
        sum += readout[j] * readout[j] * slope * slope;
      }
      energy[i] = sum / p;
    }
    return energy;
  }

  /**
   * The points without a correct neuron: none has both a_j y_i > 0 and ⟨w_j, x_i⟩ > 0. In increasing
   * order; a point with label 0 is always among them.
   */
  public int[] pointsWithoutCorrectNeuron() {
    double[] labels = data.labels();
    return java.util.stream.IntStream.range(0, labels.length)
        .filter(i -> !hasCorrectNeuron(i, labels[i]))
        .toArray();
  }

  private boolean hasCorrectNeuron(int i, double label) {
    for (int j = 0; j < neurons(); j++) {
      if (preactivations.unsafe_get(i, j) > 0 && Math.signum(readout[j]) * label > 0) {
        return true;
      }
    }
    return false;
  }

  /** Has every point a correct neuron? (Weakly interacting data, Lemma 5.) */
  public boolean wellInitialised() {
    return pointsWithoutCorrectNeuron().length == 0;
  }

  /** Assumption 1: |a_j| ≥ ‖w_j‖ for every neuron, up to a relative 10⁻¹² for the rounding of the norms. */
  public boolean satisfiesAssumption1() {
    for (int j = 0; j < neurons(); j++) {
      if (readout[j] * readout[j] < squaredWeightNorms[j] * (1 - 1e-12)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The kernel K of the linearised flow r' = −(1/n) K r, n×n:
   * K_ik = (1/p) Σ_j [σ(u_ji) σ(u_jk) + a_j² σ'(u_ji) σ'(u_jk) ⟨x_i, x_k⟩] (weakly interacting data, 4.1).
   */
  public DMatrixRMaj tangentKernel() {
    return TangentKernel.of(data.gram(), preactivations, readout, activation);
  }

  /**
   * (2/n) λ_min(K): the rate at which the loss of the flow would fall for ever if it were linear from
   * here; at the end of a flow, its asymptotic rate. O(n³).
   */
  public double asymptoticRate() {
    return 2.0 / data.points() * TangentKernel.smallestEigenvalue(tangentKernel());
  }

  /**
   * 2n/λ_max(K): the step of full-batch gradient descent on p·L (time per step) at which a network that fits
   * its labels becomes unstable under it; below it small residuals die out, above it they grow. For a group
   * initialisation it ends at n/max‖D_j‖ (weakly interacting data, O6). O(n³).
   */
  public double descentLimit() {
    return 2.0 * data.points() / TangentKernel.largestEigenvalue(tangentKernel());
  }

  /**
   * Hidden weights and readout multiplied by a factor.
   *
   * @param factor above 0
   */
  public ShallowNetwork scaled(double factor) {
    Start start = start().scaled(Argument.positive("factor", factor));
    double[] scaledReadout = readout();
    for (int j = 0; j < scaledReadout.length; j++) {
      scaledReadout[j] *= factor;
    }
    return with(start, scaledReadout, provenance.with("multiplied by", factor));
  }

  /**
   * The hidden weights alone multiplied by a factor.
   *
   * @param factor above 0
   */
  public ShallowNetwork scaledWeights(double factor) {
    return with(
        start().scaled(Argument.positive("factor", factor)), readout, provenance.with("weights multiplied by", factor));
  }

  /** The same hidden weights with another readout, p finite numbers. */
  public ShallowNetwork withReadout(double... readout) {
    return with(start(), readout, provenance.with("readout", "given"));
  }

  /** The same network with another activation. */
  public ShallowNetwork withActivation(Activation activation) {
    return new ShallowNetwork(
        data, activation, preactivations, squaredWeightNorms, readout, weights,
        provenance.with("activation", activation.name()));
  }

  private Start start() {
    return new Start(preactivations, squaredWeightNorms, weights);
  }

  private ShallowNetwork with(Start start, double[] readout, Provenance provenance) {
    Argument.require(
        readout.length == neurons(), "the number of readouts", readout.length, neurons() + ", the number of neurons");
    return new ShallowNetwork(
        data, activation, start.preactivations(), start.squaredNorms(), readout, start.weights(), provenance);
  }

  /**
   * The same network on other data of the same dimension.
   *
   * @throws IllegalArgumentException if the weights are not known or the dimensions differ
   */
  public ShallowNetwork on(Dataset other) {
    DMatrixRMaj w = knownWeights();
    Argument.require(
        other.dimension() == data.dimension(), "the dimension of the data", other.dimension(), "" + data.dimension());
    return ShallowNetworks.shallowNetwork(other)
        .weights(w)
        .readout(readout)
        .activation(activation)
        .build();
  }

  /**
   * h at other inputs.
   *
   * @param inputs m×d
   * @return m numbers
   * @throws IllegalArgumentException if the weights are not known or the dimensions differ
   */
  public double[] predict(DMatrixRMaj inputs) {
    DMatrixRMaj w = knownWeights();
    Argument.require(
        inputs.numCols == w.numCols,
        "inputs", inputs.numRows + "×" + inputs.numCols, "of " + w.numCols + " columns, the dimension");
    return predictions(Products.timesTransposed(inputs, w));
  }

  private DMatrixRMaj knownWeights() {
    return weights.orElseThrow(
        () -> Argument.refused("weights", "not known", "known, as they are on stored inputs"));
  }

  /** h(x_i), n numbers. */
  public double[] predictions() {
    return predictions(preactivations);
  }

  private double[] predictions(DMatrixRMaj preactivations) {
    int p = neurons();
    double[] predictions = new double[preactivations.numRows];
    for (int i = 0; i < predictions.length; i++) {
      double sum = 0;
      for (int j = 0; j < p; j++) {
        sum += readout[j] * activation.value(preactivations.unsafe_get(i, j));
      }
      predictions[i] = sum / p;
    }
    return predictions;
  }

  /** r_i = y_i − h(x_i), n numbers. */
  public double[] residual() {
    double[] residual = data.labels();
    double[] predictions = predictions();
    for (int i = 0; i < residual.length; i++) {
      residual[i] -= predictions[i];
    }
    return residual;
  }

  /** (1/2n) Σ r_i². */
  public double loss() {
    double sum = 0;
    for (double r : residual()) {
      sum += r * r;
    }
    return sum / (2 * data.points());
  }

  /** Sizes and loss in a line. */
  @Override
  public String toString() {
    return Numbers.counted(neurons(), "neuron") + " (" + activation.name() + ") on " + Numbers.counted(data.points(), "point") + ", loss "
        + Numbers.rounded(loss(), 4);
  }
}
