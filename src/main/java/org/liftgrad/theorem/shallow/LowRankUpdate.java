package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.liftgrad.kernel.Argument;

/**
 * diag(D) + Z Zᵀ with D above 0 and Z of p columns: the kernel on orthogonal inputs. Its smallest eigenvalue in O(n p²)
 * where a dense decomposition takes O(n³): Lanczos on the inverse, which is taken by the formula of Sherman, Morrison and
 * Woodbury (Golub and Van Loan, Matrix Computations, sections 2.1.4 and 10.1).
 */
final class LowRankUpdate {

  private static final double ACCURACY = 1e-10;
  private static final int MOST_VECTORS = 400;

  private final double[] diagonal;
  private final DMatrixRMaj update;
  private final LinearSolverDense<DMatrixRMaj> capacitance;

  /**
   * Keeps both.
   *
   * @param diagonal D, n numbers above 0
   * @param update Z, n×p
   */
  LowRankUpdate(double[] diagonal, DMatrixRMaj update) {
    int n = diagonal.length;
    int p = update.numCols;
    for (int i = 0; i < n; i++) {
      Argument.positive("diagonal[" + i + "]", diagonal[i]);
    }
    this.diagonal = diagonal;
    this.update = update;
    // 1 + Zᵀ D⁻¹ Z; most of Z is 0.
    DMatrixRMaj matrix = CommonOps_DDRM.identity(p);
    int[] columns = new int[p];
    for (int i = 0; i < n; i++) {
      int count = 0;
      for (int j = 0; j < p; j++) {
        if (update.unsafe_get(i, j) != 0) {
          columns[count++] = j;
        }
      }
      for (int j = 0; j < count; j++) {
        double factor = update.unsafe_get(i, columns[j]) / diagonal[i];
        int row = columns[j] * p;
        for (int k = 0; k < count; k++) {
          matrix.data[row + columns[k]] += factor * update.unsafe_get(i, columns[k]);
        }
      }
    }
    capacitance = LinearSolverFactory_DDRM.symmPosDef(p);
    if (!capacitance.setA(matrix)) {
      throw new ArithmeticException("The kernel of " + n + " points could not be inverted.");
    }
  }

  /** Its inverse times a vector. */
  private double[] solve(double[] vector) {
    int n = diagonal.length;
    int p = update.numCols;
    double[] result = new double[n];
    DMatrixRMaj inner = new DMatrixRMaj(p, 1);
    for (int i = 0; i < n; i++) {
      result[i] = vector[i] / diagonal[i];
      for (int j = 0; j < p; j++) {
        inner.data[j] += update.unsafe_get(i, j) * result[i];
      }
    }
    DMatrixRMaj solved = new DMatrixRMaj(p, 1);
    capacitance.solve(inner, solved);
    for (int i = 0; i < n; i++) {
      double along = 0;
      for (int j = 0; j < p; j++) {
        along += update.unsafe_get(i, j) * solved.data[j];
      }
      result[i] -= along / diagonal[i];
    }
    return result;
  }

  /** λ_min, to a relative 1e-10. */
  double smallestEigenvalue() {
    int n = diagonal.length;
    double[] next = new double[n];
    for (int i = 0; i < n; i++) {
      next[i] = 1 / diagonal[i];
    }
    List<double[]> basis = new ArrayList<>();
    List<Double> alphas = new ArrayList<>();
    List<Double> betas = new ArrayList<>();
    double length = Math.sqrt(dot(next, next));
    while (true) {
      double[] vector = next;
      for (int i = 0; i < n; i++) {
        vector[i] /= length;
      }
      basis.add(vector);
      next = solve(vector);
      alphas.add(dot(next, vector));
      // Against all earlier ones, twice, as rounding would bring back the first.
      for (int pass = 0; pass < 2; pass++) {
        for (double[] earlier : basis) {
          double along = dot(next, earlier);
          for (int i = 0; i < n; i++) {
            next[i] -= along * earlier[i];
          }
        }
      }
      length = Math.sqrt(dot(next, next));
      int size = basis.size();
      boolean last = size == n;
      if (size % 5 == 0 || last) {
        Ritz ritz = Ritz.largest(alphas, betas);
        if (last || length * ritz.end <= ACCURACY * ritz.value) {
          return 1 / ritz.value;
        }
        if (size >= MOST_VECTORS) {
          throw new ArithmeticException("The smallest eigenvalue of a kernel of " + n + " points was not found.");
        }
      }
      betas.add(length);
    }
  }

  private static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += left[i] * right[i];
    }
    return sum;
  }

  /** The largest eigenvalue of a tridiagonal matrix, and the size of the last entry of its vector. */
  private record Ritz(double value, double end) {
    static Ritz largest(List<Double> alphas, List<Double> betas) {
      int size = alphas.size();
      DMatrixRMaj matrix = new DMatrixRMaj(size, size);
      for (int k = 0; k < size; k++) {
        matrix.set(k, k, alphas.get(k));
        if (k + 1 < size) {
          matrix.set(k, k + 1, betas.get(k));
          matrix.set(k + 1, k, betas.get(k));
        }
      }
      EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(size, true, true);
      if (!eigen.decompose(matrix)) {
        throw new ArithmeticException("The eigenvalues of a tridiagonal " + size + "×" + size + " matrix were not found.");
      }
      int largest = 0;
      for (int k = 1; k < size; k++) {
        largest = eigen.getEigenvalue(k).getReal() > eigen.getEigenvalue(largest).getReal() ? k : largest;
      }
      return new Ritz(eigen.getEigenvalue(largest).getReal(), Math.abs(eigen.getEigenVector(largest).get(size - 1, 0)));
    }
  }
}
