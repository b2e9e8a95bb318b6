package org.liftgrad.data;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;

/**
 * n points with real labels: the Gram matrix of the inputs, the labels, and what is known of the
 * inputs beside. Immutable; matrices are copied on their way out.
 *
 * <p>Built by {@link OrthogonalData}, {@link SubGaussianData}, {@link OwnData}.
 */
public final class Dataset {

  private final DMatrixRMaj gram;
  private final double[] labels;
  private final long dimension;
  private final Inputs inputs;
  private final double gramRounding;
  private final Provenance provenance;

  /**
   * For the builders of this package and those who bring a Gram matrix of their own.
   *
   * @param gram n×n, symmetric, diagonal above 0; copied
   * @param labels n finite numbers; copied
   * @param dimension d, the number of columns of the inputs, at least 1
   * @param inputs what is known of the inputs
   * @param gramRounding a bound on the rounding error of an entry of the Gram matrix, relative to
   *     ‖x_i‖‖x_k‖; 0 where the off-diagonal zeros are exact
   * @param provenance how they were made
   */
  public Dataset(
      DMatrixRMaj gram,
      double[] labels,
      long dimension,
      Inputs inputs,
      double gramRounding,
      Provenance provenance) {
    Argument.require(labels.length >= 1, "the number of points", labels.length, "at least 1");
    Argument.require(
        gram.numRows == labels.length && gram.numCols == labels.length,
        "gram",
        gram.numRows + "×" + gram.numCols,
        labels.length + "×" + labels.length + ", as there are " + labels.length + " labels");
    Argument.positive("dimension", dimension);
    Argument.finite("labels", labels);
    Argument.finite("gram", gram.data);
    for (int i = 0; i < labels.length; i++) {
      Argument.require(
          gram.get(i, i) > 0, "the squared norm of input " + i, gram.get(i, i), "above 0 (a row of zeros?)");
    }
    this.gram = gram.copy();
    this.labels = labels.clone();
    this.dimension = dimension;
    this.inputs = inputs;
    this.gramRounding = Argument.notNegative("gramRounding", gramRounding);
    this.provenance = provenance;
  }

  /** n, the number of points. */
  public int points() {
    return labels.length;
  }

  /** d, the dimension of the inputs; may be far larger than what could be stored. */
  public long dimension() {
    return dimension;
  }

  /** The Gram matrix X Xᵀ, n×n; a copy. */
  public DMatrixRMaj gram() {
    return gram.copy();
  }

  /** The labels y, n numbers; a copy. */
  public double[] labels() {
    return labels.clone();
  }

  /** What is known of the inputs beside their Gram matrix. */
  public Inputs inputs() {
    return inputs;
  }

  /** The inputs X, n×d, where they are stored; a copy. */
  public Optional<DMatrixRMaj> storedInputs() {
    return inputs instanceof Inputs.Stored stored ? Optional.of(stored.matrix().copy()) : Optional.empty();
  }

  /** The bound on the rounding error of a Gram entry, relative to ‖x_i‖‖x_k‖. */
  public double gramRounding() {
    return gramRounding;
  }

  /** How the data were made. */
  public Provenance provenance() {
    return provenance;
  }

  /** The norms ‖x_i‖. */
  public double[] norms() {
    double[] norms = new double[points()];
    for (int i = 0; i < norms.length; i++) {
      norms[i] = Math.sqrt(gram.get(i, i));
    }
    return norms;
  }

  /** The operator norm of the Gram matrix without its diagonal: how much the points interact. */
  public double offDiagonalNorm() {
    DMatrixRMaj off = gram.copy();
    for (int i = 0; i < points(); i++) {
      off.set(i, i, 0);
    }
    double[] ends = extremeEigenvalues(off);
    return Math.max(Math.abs(ends[0]), Math.abs(ends[1]));
  }

  /** The smallest eigenvalue of the Gram matrix. */
  public double smallestEigenvalue() {
    return extremeEigenvalues(gram)[0];
  }

  /** The largest eigenvalue of the Gram matrix. */
  public double largestEigenvalue() {
    return extremeEigenvalues(gram)[1];
  }

  /** Are the inputs orthogonal to each other, exactly or up to the rounding of their Gram matrix? */
  public boolean orthogonal() {
    for (int i = 0; i < points(); i++) {
      for (int k = 0; k < i; k++) {
        double rounding = gramRounding * Math.sqrt(gram.get(i, i) * gram.get(k, k));
        if (Math.abs(gram.get(i, k)) > rounding) {
          return false;
        }
      }
    }
    return true;
  }

  private static double[] extremeEigenvalues(DMatrixRMaj symmetric) {
    int n = symmetric.numRows;
    if (CommonOps_DDRM.elementMaxAbs(symmetric) == 0) {
      return new double[] {0, 0};
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, false, true);
    if (!eigen.decompose(symmetric.copy())) {
      throw new ArithmeticException("The eigenvalues of a " + n + "×" + n + " Gram matrix were not found.");
    }
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      least = Math.min(least, eigen.getEigenvalue(i).getReal());
      most = Math.max(most, eigen.getEigenvalue(i).getReal());
    }
    return new double[] {least, most};
  }

  /** Sizes, dimension and origin in a few lines. */
  @Override
  public String toString() {
    double[] norms = norms();
    double least = java.util.Arrays.stream(norms).min().orElseThrow();
    double most = java.util.Arrays.stream(norms).max().orElseThrow();
    return String.format(
        java.util.Locale.ROOT,
        "%d points in dimension %d, norms %.4g to %.4g%s",
        points(), dimension, least, most, orthogonal() ? ", orthogonal" : "");
  }
}
