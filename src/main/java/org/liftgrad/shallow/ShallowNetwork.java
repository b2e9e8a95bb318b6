package org.liftgrad.shallow;

import java.util.Locale;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;

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

  /** h(x_i), n numbers. */
  public double[] predictions() {
    int n = data.points();
    int p = neurons();
    double[] predictions = new double[n];
    for (int i = 0; i < n; i++) {
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
    return String.format(
        Locale.ROOT,
        "%d neurons (%s) on %d points, loss %.4g",
        neurons(), activation.name(), data.points(), loss());
  }
}
