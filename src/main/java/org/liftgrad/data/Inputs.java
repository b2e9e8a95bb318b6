package org.liftgrad.data;

import java.util.function.ObjIntConsumer;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;

/**
 * What is known of the inputs x_1 … x_n beside their Gram matrix. The gradient flow needs the Gram
 * matrix only; a start drawn for a network needs one of these.
 */
public sealed interface Inputs {

  /**
   * The inputs themselves.
   *
   * @param matrix n×d, a row a point; not to be modified
   */
  record Stored(DMatrixRMaj matrix) implements Inputs {}

  /**
   * Orthogonal inputs along the first n axes, x_i = ‖x_i‖ e_i, which need no matrix.
   *
   * @param norms ‖x_i‖, n finite numbers above 0; copied
   */
  record Axes(double[] norms) implements Inputs {
    /** Copies the norms. */
    public Axes {
      norms = norms.clone();
      for (int i = 0; i < norms.length; i++) {
        Argument.positive("norms[" + i + "]", norms[i]);
      }
    }

    /** ‖x_i‖, n numbers; a copy. */
    @Override
    public double[] norms() {
      return norms.clone();
    }
  }

  /**
   * Inputs too wide to keep: their columns are drawn again, block by block, from keyed streams
   * whenever they are needed.
   *
   * @param columns hands over the blocks from the left (n×b each, scaled as the inputs are) with the
   *     number of the first column; all but the last as wide as some multiple of
   *     {@link org.liftgrad.kernel.Products#TILE}
   */
  record Streamed(ColumnBlocks columns) implements Inputs {}

  /**
   * No inputs, only their law: X = L Q, where L Lᵀ is the Gram matrix and Q a uniformly random
   * orthonormal n-frame of R^d independent of it, as for every rotation-invariant law.
   *
   * @param factor L, n×n, lower triangular, zeros above the diagonal; not to be modified
   */
  record Implied(DMatrixRMaj factor) implements Inputs {}

  /** The columns of the inputs in blocks, the same at each call. */
  @FunctionalInterface
  interface ColumnBlocks {
    /**
     * Visits all blocks from left to right.
     *
     * @param visitor takes a block (n×b, valid during the call only) and its first column's number
     */
    void forEach(ObjIntConsumer<DMatrixRMaj> visitor);
  }
}
