package org.liftgrad.flow;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * Products of a neurons × points matrix with the Gram matrix, by the cheapest of three forms: its
 * diagonal alone (orthogonal inputs), the matrix itself, or two products with the inputs where there
 * are more points than twice the dimension.
 */
final class GramOperator {

  private final double[] diagonal;
  private final DMatrixRMaj gram;
  private final Optional<DMatrixRMaj> inputs;
  private final boolean diagonalOnly;
  private final DMatrixRMaj projected;

  /**
   * Chooses the form.
   *
   * @param gram n×n; kept, not modified
   * @param inputs n×d where they are stored; kept, not modified
   * @param neurons p, the number of rows of the matrices to come
   */
  GramOperator(DMatrixRMaj gram, Optional<DMatrixRMaj> inputs, int neurons) {
    this.gram = gram;
    int n = gram.numRows;
    diagonal = new double[n];
    boolean zeros = true;
    for (int i = 0; i < n; i++) {
      diagonal[i] = gram.unsafe_get(i, i);
      for (int k = 0; k < i; k++) {
        zeros &= gram.unsafe_get(i, k) == 0 && gram.unsafe_get(k, i) == 0;
      }
    }
    diagonalOnly = zeros;
    this.inputs = diagonalOnly ? Optional.empty() : inputs.filter(x -> n > 2 * x.numCols);
    projected = new DMatrixRMaj(neurons, this.inputs.map(x -> x.numCols).orElse(0));
  }

  /** The name of the form, for provenance. */
  String form() {
    return diagonalOnly ? "diagonal" : inputs.isPresent() ? "inputs" : "Gram matrix";
  }

  /**
   * result = left · G.
   *
   * @param left p×n; not modified
   * @param result p×n; modified
   */
  void multiply(DMatrixRMaj left, DMatrixRMaj result) {
    if (diagonalOnly) {
      int n = diagonal.length;
      for (int j = 0; j < left.numRows; j++) {
        for (int i = 0; i < n; i++) {
          result.data[j * n + i] = left.data[j * n + i] * diagonal[i];
        }
      }
    } else if (inputs.isPresent()) {
      CommonOps_DDRM.mult(left, inputs.get(), projected);
      CommonOps_DDRM.multTransB(projected, inputs.get(), result);
    } else {
      CommonOps_DDRM.mult(left, gram, result);
    }
  }
}
