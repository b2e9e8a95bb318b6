package org.liftgrad.data;

import org.ejml.data.DMatrixRMaj;

/** Parts of matrices, copied. */
final class Columns {

  private Columns() {}

  /** Columns first … first + width − 1. */
  static DMatrixRMaj of(DMatrixRMaj matrix, int first, int width) {
    DMatrixRMaj part = new DMatrixRMaj(matrix.numRows, width);
    for (int i = 0; i < matrix.numRows; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols + first, part.data, i * width, width);
    }
    return part;
  }

  /** The upper left corner. */
  static DMatrixRMaj corner(DMatrixRMaj matrix, int rows, int columns) {
    DMatrixRMaj part = new DMatrixRMaj(rows, columns);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols, part.data, i * columns, columns);
    }
    return part;
  }
}
