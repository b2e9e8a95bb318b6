package org.liftgrad.kernel;

/**
 * A matrix B that many products A·B share: laid out once as its path of computing likes it best.
 *
 * <p>Holds working memory, so one product at a time; it may use all cores ({@link Workers}). After the
 * first product of so many rows a product allocates nothing.
 */
public interface RightFactor {

  /** K, the number of rows of B. */
  int rows();

  /** N, the number of columns of B. */
  int columns();

  /**
   * C = A·B.
   *
   * @param height M, the number of rows of A and C
   * @param left A, M×K: entry (i, k) is at leftAt + i·leftStride + k; not modified
   * @param leftAt where A begins
   * @param leftStride from one row of A to the next
   * @param result C, M×N: entry (i, j) is at resultAt + i·resultStride + j; modified; not the array of A
   * @param resultAt where C begins
   * @param resultStride from one row of C to the next
   */
  void multiply(
      int height, double[] left, int leftAt, int leftStride, double[] result, int resultAt, int resultStride);

  /** C = A·B for rows that follow each other without gaps. */
  default void multiply(int height, double[] left, double[] result) {
    multiply(height, left, 0, rows(), result, 0, columns());
  }
}
