package org.liftgrad.shallow;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.Products;

/**
 * The kernel K of the linearised flow r' = −(1/n) K r (weakly interacting data, section 4.1):
 * K_ik = (1/p) Σ_j [σ(u_ji) σ(u_jk) + a_j² σ'(u_ji) σ'(u_jk) ⟨x_i, x_k⟩].
 */
final class TangentKernel {

  private TangentKernel() {}

  /** K, n×n, symmetric. O(n²p). */
  static DMatrixRMaj of(DMatrixRMaj gram, DMatrixRMaj preactivations, double[] readout, Activation activation) {
    int n = preactivations.numRows;
    int p = preactivations.numCols;
    DMatrixRMaj values = new DMatrixRMaj(n, p);
    DMatrixRMaj slopes = new DMatrixRMaj(n, p);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        double u = preactivations.get(i, j);
        values.set(i, j, activation.value(u));
        slopes.set(i, j, readout[j] * activation.slope(u));
      }
    }
    DMatrixRMaj kernel = Products.gram(values);
    DMatrixRMaj inner = Products.gram(slopes);
    for (int at = 0; at < kernel.data.length; at++) {
      kernel.data[at] = (kernel.data[at] + inner.data[at] * gram.data[at]) / p;
    }
    return kernel;
  }

  /** λ_min. O(n³). */
  static double smallestEigenvalue(DMatrixRMaj kernel) {
    return Arrays.stream(eigenvalues(kernel)).min().orElseThrow();
  }

  /** λ_max. O(n³). */
  static double largestEigenvalue(DMatrixRMaj kernel) {
    return Arrays.stream(eigenvalues(kernel)).max().orElseThrow();
  }

  private static double[] eigenvalues(DMatrixRMaj kernel) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(kernel.numRows, false, true);
    if (!eigen.decompose(kernel.copy())) {
      throw new ArithmeticException(
          "The eigenvalues of a " + kernel.numRows + "×" + kernel.numRows + " kernel were not found.");
    }
    double[] values = new double[kernel.numRows];
    Arrays.setAll(values, i -> eigen.getEigenvalue(i).getReal());
    return values;
  }
}
