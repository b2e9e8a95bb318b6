package org.liftgrad.theorem.shallow;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.liftgrad.kernel.Argument;

/**
 * The gradient flow r' = −(1/n) K r of a model that is linear in its parameters, such as a network linearised at its
 * start, in closed form: what the loss is at a time, and by how much predictions at other points have changed in the end.
 */
final class FixedKernelFlow {

  /** Eigenvalues below this part of the largest are taken for 0: the model cannot move in their directions. */
  private static final double RANK = 1e-10;

  private final int points;
  private final DMatrixRMaj kernel;
  private final double[] eigenvalues;
  /** Row k: the eigenvector of eigenvalue k. */
  private final double[][] vectors;
  private final double[] coefficients;

  private FixedKernelFlow(
      DMatrixRMaj kernel, int points, double[] eigenvalues, double[][] vectors, double[] coefficients) {
    this.kernel = kernel;
    this.points = points;
    this.eigenvalues = eigenvalues;
    this.vectors = vectors;
    this.coefficients = coefficients;
  }

  /**
   * A flow from its start.
   *
   * @param kernel K at all points, N×N, positive semidefinite; those that are trained on first
   * @param residual r(0), one number for each of the n points that are trained on
   */
  static FixedKernelFlow of(DMatrixRMaj kernel, double... residual) {
    int n = residual.length;
    Argument.require(
        n >= 1 && n <= kernel.numRows, "the number of residuals", n, "from 1 to " + kernel.numRows + ", that of all points");
    DMatrixRMaj trained = new DMatrixRMaj(n, n);
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < n; k++) {
        trained.set(i, k, kernel.get(i, k));
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eigen.decompose(trained)) {
      throw new ArithmeticException("The eigenvalues of a " + n + "×" + n + " kernel were not found.");
    }
    double[] eigenvalues = new double[n];
    double[][] vectors = new double[n][];
    double[] coefficients = new double[n];
    double most = 0;
    for (int k = 0; k < n; k++) {
      eigenvalues[k] = eigen.getEigenvalue(k).getReal();
      vectors[k] = eigen.getEigenVector(k).data.clone();
      most = Math.max(most, eigenvalues[k]);
      for (int i = 0; i < n; i++) {
        coefficients[k] += vectors[k][i] * residual[i];
      }
    }
    for (int k = 0; k < n; k++) {
      eigenvalues[k] = eigenvalues[k] > RANK * most ? eigenvalues[k] : 0;
    }
    return new FixedKernelFlow(kernel, n, eigenvalues, vectors, coefficients);
  }

  /** L(t) = (1/2n) Σ_k c_k² exp(−2 λ_k t/n). */
  double loss(double time) {
    double sum = 0;
    for (int k = 0; k < points; k++) {
      // In directions that cannot move the loss stays, for ever.
      double left = coefficients[k] * (eigenvalues[k] == 0 ? 1 : StrictMath.exp(-eigenvalues[k] * time / points));
      sum += left * left;
    }
    return sum / (2 * points);
  }

  /** When the loss is this, above 0; infinite where it stays above. */
  double timeTo(double goal) {
    if (loss(0) <= goal) {
      return 0;
    }
    if (loss(Double.POSITIVE_INFINITY) > goal) {
      return Double.POSITIVE_INFINITY;
    }
    double early = 0;
    double late = 1;
    while (loss(late) > goal) {
      early = late;
      late *= 2;
    }
    while (late - early > 1e-12 * late) {
      double middle = (early + late) / 2;
      if (loss(middle) <= goal) {
        late = middle;
      } else {
        early = middle;
      }
    }
    return late;
  }

  /** The rate at which the loss falls in the end: 2/n times the smallest eigenvalue that is not 0. */
  double lastRate() {
    return 2.0 / points * Arrays.stream(eigenvalues).filter(value -> value > 0).min().orElse(0);
  }

  /** By how much the predictions at the points that are not trained on have changed for t → ∞: k(x)ᵀ K⁺ r(0). */
  double[] changeElsewhere() {
    double[] dual = new double[points];
    for (int k = 0; k < points; k++) {
      for (int i = 0; i < points && eigenvalues[k] > 0; i++) {
        dual[i] += vectors[k][i] * coefficients[k] / eigenvalues[k];
      }
    }
    double[] change = new double[kernel.numRows - points];
    for (int x = 0; x < change.length; x++) {
      for (int i = 0; i < points; i++) {
        change[x] += kernel.get(points + x, i) * dual[i];
      }
    }
    return change;
  }
}
