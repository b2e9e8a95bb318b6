package org.liftgrad.flow;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.CholeskyDecomposition_F64;

/** The factored Gram matrix G_SS of the pairs of one neuron that are held at zero. */
final class HeldPairs {

  /** Under this share of its squared norm left, an input counts as a combination of the others. */
  static final double LEAST_SHARE = 1e-12;

  private final double[] factor;
  private final int size;

  private HeldPairs(double[] factor, int size) {
    this.factor = factor;
    this.size = size;
  }

  /**
   * Factors G_SS.
   *
   * @param gram the whole Gram matrix, row by row (points × points); not modified
   * @param points n
   * @param pairs S
   * @return the factor, or nothing where the inputs of S are linearly dependent up to rounding
   */
  static Optional<HeldPairs> of(double[] gram, int points, int[] pairs) {
    int size = pairs.length;
    DMatrixRMaj matrix = new DMatrixRMaj(size, size);
    for (int s = 0; s < size; s++) {
      for (int t = 0; t < size; t++) {
        matrix.unsafe_set(s, t, gram[pairs[s] * points + pairs[t]]);
      }
    }
    CholeskyDecomposition_F64<DMatrixRMaj> cholesky = DecompositionFactory_DDRM.chol(size, true);
    DMatrixRMaj copy = matrix.copy();
    if (!cholesky.decompose(copy)) {
      return Optional.empty();
    }
    DMatrixRMaj lower = cholesky.getT(null);
    for (int s = 0; s < size; s++) {
      double left = lower.unsafe_get(s, s);
      if (left * left < LEAST_SHARE * matrix.unsafe_get(s, s)) {
        return Optional.empty();
      }
    }
    return Optional.of(new HeldPairs(lower.data, size));
  }

  int size() {
    return size;
  }

  /** Solves G_SS z = right in place; {@code right} is modified. */
  void solve(double[] right) {
    TriangularSolver_DDRM.solveL(factor, right, size);
    TriangularSolver_DDRM.solveTranL(factor, right, size);
  }
}
