package org.liftgrad.kernel;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * Tries a product path out on small whole numbers, whose products are exact in every order of summation:
 * odd and even sizes, a row, a column, transposes, rows with gaps between them.
 */
final class ProductProbe {

  private static final int[][] SIZES = {{1, 1, 1}, {1, 9, 4}, {3, 5, 7}, {8, 1, 6}, {17, 33, 9}, {32, 64, 40}, {5, 130, 70}};

  private ProductProbe() {}

  /** What is wrong with a path, as the end of a sentence; empty where nothing is. */
  static Optional<String> firstFault(DenseProducts products) {
    for (int[] size : SIZES) {
      int m = size[0];
      int n = size[1];
      int k = size[2];
      DMatrixRMaj b = wholeNumbers(k, n, 5);
      DMatrixRMaj transposed = new DMatrixRMaj(n, k);
      for (int row = 0; row < k; row++) {
        for (int column = 0; column < n; column++) {
          transposed.set(column, row, b.get(row, column));
        }
      }
      if (wrong(products.factor(b), m, b) || wrong(products.factorTransposed(transposed), m, b)) {
        return Optional.of("multiplied " + m + "×" + k + " and " + k + "×" + n + " numbers wrongly");
      }
    }
    return Optional.empty();
  }

  private static boolean wrong(RightFactor factor, int m, DMatrixRMaj b) {
    int k = b.numRows;
    int n = b.numCols;
    int gap = 3;
    DMatrixRMaj a = wholeNumbers(m, k + gap, 11);
    double[] c = new double[2 + m * (n + gap)];
    java.util.Arrays.fill(c, Double.NaN);
    factor.multiply(m, a.data, 1, k + gap - 1, c, 2, n + gap);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        long sum = 0;
        for (int l = 0; l < k; l++) {
          sum += (long) a.data[1 + i * (k + gap - 1) + l] * (long) b.get(l, j);
        }
        if (c[2 + i * (n + gap) + j] != sum) {
          return true;
        }
      }
      // What is between the rows is not the product's.
      if (i + 1 < m && !Double.isNaN(c[2 + i * (n + gap) + n])) {
        return true;
      }
    }
    return false;
  }

  /** Numbers from −8 to 8 without a pattern; every fourth is 0. */
  private static DMatrixRMaj wholeNumbers(int rows, int columns, int start) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    int value = start;
    for (int at = 0; at < matrix.data.length; at++) {
      value = (value * 1103 + 12345) % 65537;
      matrix.data[at] = value % 4 == 0 ? 0 : value % 17 - 8;
    }
    return matrix;
  }
}
