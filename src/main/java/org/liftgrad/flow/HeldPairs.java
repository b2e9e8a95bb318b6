package org.liftgrad.flow;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.decomposition.chol.CholeskyDecompositionInner_DDRM;

/** The factored Gram matrix G_SS of the pairs of one neuron that are held at zero; made once, factored anew. */
final class HeldPairs {

  /** Under this share of its squared norm left, an input counts as a combination of the others. */
  static final double LEAST_SHARE = 1e-12;

  private final double[] gram;
  private final int points;
  private final CholeskyDecompositionInner_DDRM cholesky = new CholeskyDecompositionInner_DDRM(true);
  /** The lower factor. */
  private final DMatrixRMaj factor = new DMatrixRMaj(0, 0);

  private int room;
  private boolean factored;

  /**
   * Nothing held.
   *
   * @param gram the whole Gram matrix, row by row (points × points); kept, not modified
   * @param points n
   */
  HeldPairs(double[] gram, int points) {
    this.gram = gram;
    this.points = points;
  }

  /**
   * Factors G_SS.
   *
   * @param pairs S, its first {@code size} numbers; not modified
   * @return whether it was: not where S is empty or its inputs are linearly dependent up to rounding
   */
  boolean factor(int[] pairs, int size) {
    factored = false;
    if (size == 0) {
      return false;
    }
    if (size > room) {
      // In few leaps, as sets grow by one.
      room = Math.min(points, 2 * size + 8);
      factor.reshape(room, room);
      cholesky.setExpectedMaxSize(room, room);
    }
    factor.reshape(size, size);
    for (int s = 0; s < size; s++) {
      int row = pairs[s] * points;
      for (int t = 0; t < size; t++) {
        factor.data[s * size + t] = gram[row + pairs[t]];
      }
    }
    if (!cholesky.decompose(factor)) {
      return false;
    }
    for (int s = 0; s < size; s++) {
      double left = factor.data[s * size + s];
      if (left * left < LEAST_SHARE * gram[pairs[s] * points + pairs[s]]) {
        return false;
      }
    }
    factored = true;
    return true;
  }

  /** Does it hold a factor? */
  boolean factored() {
    return factored;
  }

  /**
   * Solves G_SS z = right in place.
   *
   * @param right as many numbers as S has, or more; modified
   */
  void solve(double[] right) {
    if (!factored) {
      throw new IllegalStateException("no pairs are held");
    }
    TriangularSolver_DDRM.solveL(factor.data, right, factor.numRows);
    TriangularSolver_DDRM.solveTranL(factor.data, right, factor.numRows);
  }
}
