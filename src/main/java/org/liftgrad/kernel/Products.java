package org.liftgrad.kernel;

import org.ejml.data.DMatrixRMaj;

/**
 * Matrix products with one fixed order of summation, so that their bits do not depend on the JDK, on
 * the library behind, or on whether the columns come all at once or in blocks.
 *
 * <p>The order: columns are taken in tiles of {@value #TILE}; within a tile a sum runs from the left,
 * and the tiles' sums are added from the left. So two calls that add the left and the right columns
 * give the bits of one call that adds them all, as long as the cut lies between tiles. Sums of short
 * sums also keep the rounding error small: see {@link #gramRounding}.
 *
 * <p>Single-threaded. The inner loops run along rows of plain arrays, with one running sum an entry,
 * which a just-in-time compiler can do several entries at a time without changing any of them.
 */
public final class Products {

  /** The number of columns in a tile. */
  public static final int TILE = 256;

  /** The unit roundoff of float64. */
  private static final double UNIT = 0x1.0p-53;

  private Products() {}

  /**
   * X Xᵀ.
   *
   * @param x n×d; not modified
   * @return n×n, symmetric
   */
  public static DMatrixRMaj gram(DMatrixRMaj x) {
    DMatrixRMaj gram = new DMatrixRMaj(x.numRows, x.numRows);
    addGram(x, gram);
    mirror(gram);
    return gram;
  }

  /**
   * L Lᵀ for a lower triangular L, at a third of the cost of {@link #gram}.
   *
   * @param lower n×n, zeros above the diagonal; not modified
   * @return n×n, symmetric
   */
  public static DMatrixRMaj gramOfLower(DMatrixRMaj lower) {
    int n = lower.numRows;
    DMatrixRMaj gram = new DMatrixRMaj(n, n);
    for (int first = 0; first < n; first += TILE) {
      // Rows above the tile's first column are zero in it.
      addTile(lower, first, Math.min(n, first + TILE), first, gram);
    }
    mirror(gram);
    return gram;
  }

  /**
   * Adds B Bᵀ to the lower triangle of a matrix; {@link #mirror} completes it after the last block.
   *
   * @param block n×b, b a multiple of {@link #TILE} except for the last block; not modified
   * @param gram n×n; its lower triangle is modified
   */
  public static void addGram(DMatrixRMaj block, DMatrixRMaj gram) {
    for (int first = 0; first < block.numCols; first += TILE) {
      addTile(block, first, Math.min(block.numCols, first + TILE), 0, gram);
    }
  }

  private static void addTile(DMatrixRMaj block, int first, int end, int top, DMatrixRMaj gram) {
    int n = block.numRows;
    double[] transposed = transposedTile(block, first, end, top);
    double[] sums = new double[n - top];
    for (int i = top; i < n; i++) {
      int width = i - top + 1;
      combineRows(block.data, i * block.numCols + first, end - first, transposed, n - top, sums, width);
      addTo(gram.data, i * n + top, sums, width);
    }
  }

  /** Copies the lower triangle of a square matrix to the upper one. Modified: the upper triangle. */
  public static void mirror(DMatrixRMaj symmetric) {
    int n = symmetric.numRows;
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < i; k++) {
        symmetric.data[k * n + i] = symmetric.data[i * n + k];
      }
    }
  }

  /**
   * X Wᵀ.
   *
   * @param x n×d; not modified
   * @param w p×d; not modified
   * @return n×p
   */
  public static DMatrixRMaj timesTransposed(DMatrixRMaj x, DMatrixRMaj w) {
    DMatrixRMaj product = new DMatrixRMaj(x.numRows, w.numRows);
    addTimesTransposed(x, w, product);
    return product;
  }

  /**
   * Adds X Wᵀ of a block of columns to a matrix.
   *
   * @param x n×b, b a multiple of {@link #TILE} except for the last block; not modified
   * @param w p×b; not modified
   * @param sum n×p; modified
   */
  public static void addTimesTransposed(DMatrixRMaj x, DMatrixRMaj w, DMatrixRMaj sum) {
    int p = w.numRows;
    double[] sums = new double[p];
    for (int first = 0; first < x.numCols; first += TILE) {
      int end = Math.min(x.numCols, first + TILE);
      double[] transposed = transposedTile(w, first, end, 0);
      for (int i = 0; i < x.numRows; i++) {
        combineRows(x.data, i * x.numCols + first, end - first, transposed, p, sums, p);
        addTo(sum.data, i * p, sums, p);
      }
    }
  }

  /**
   * L B for a lower triangular L.
   *
   * @param lower n×n; only its lower triangle is read; not modified
   * @param b n×p; not modified
   * @return n×p
   */
  public static DMatrixRMaj lowerTimes(DMatrixRMaj lower, DMatrixRMaj b) {
    int n = lower.numRows;
    int p = b.numCols;
    DMatrixRMaj product = new DMatrixRMaj(n, p);
    double[] sums = new double[p];
    for (int i = 0; i < n; i++) {
      combineRows(lower.data, i * n, i + 1, b.data, p, sums, p);
      System.arraycopy(sums, 0, product.data, i * p, p);
    }
    return product;
  }

  /**
   * The lower triangular R with R Rᵀ = H and a diagonal of at least 0 (Cholesky). H may be singular:
   * where what is left of the diagonal is lost in rounding, the column is zero.
   *
   * @param positive H, p×p, symmetric and positive semidefinite; not modified
   */
  public static DMatrixRMaj choleskyLower(DMatrixRMaj positive) {
    int p = positive.numRows;
    DMatrixRMaj lower = new DMatrixRMaj(p, p);
    for (int k = 0; k < p; k++) {
      double rest = positive.get(k, k) - sumOfProducts(lower.data, k * p, k * p, k);
      boolean lost = !(rest > 8 * (p + 1) * UNIT * positive.get(k, k));
      double pivot = lost ? 0 : Math.sqrt(rest);
      lower.set(k, k, pivot);
      for (int i = k + 1; i < p && !lost; i++) {
        lower.set(i, k, (positive.get(i, k) - sumOfProducts(lower.data, i * p, k * p, k)) / pivot);
      }
    }
    return lower;
  }

  private static double sumOfProducts(double[] data, int a, int b, int length) {
    double sum = 0;
    for (int k = 0; k < length; k++) {
      sum += data[a + k] * data[b + k];
    }
    return sum;
  }

  /**
   * A bound on |fl(X Xᵀ)_ik − (X Xᵀ)_ik| / (‖x_i‖‖x_k‖) for the order of summation used here: an entry
   * passes through at most TILE roundings in its tile and one for each further tile (Higham, Accuracy
   * and Stability of Numerical Algorithms, 2002, section 3.1). Two more are counted for norms that
   * are themselves read off the computed matrix. Holds where nothing under- or overflows.
   *
   * @param columns d, the number of columns
   */
  public static double gramRounding(long columns) {
    long tiles = (columns + TILE - 1) / TILE;
    double roundings = Math.min(columns, TILE) + tiles - 1 + 2.0;
    return roundings * UNIT / (1 - roundings * UNIT);
  }

  /** The columns first … end − 1 of rows top … as rows: entry (k, j) is at k·height + j. */
  private static double[] transposedTile(DMatrixRMaj matrix, int first, int end, int top) {
    int height = matrix.numRows - top;
    double[] transposed = new double[(end - first) * height];
    for (int j = 0; j < height; j++) {
      int row = (top + j) * matrix.numCols;
      for (int k = first; k < end; k++) {
        transposed[(k - first) * height + j] = matrix.data[row + k];
      }
    }
    return transposed;
  }

  /** sums[j] = Σ_k factors[at + k] · rows[k·stride + j] for j < width, k from left to right. */
  private static void combineRows(
      double[] factors, int at, int count, double[] rows, int stride, double[] sums, int width) {
    java.util.Arrays.fill(sums, 0, width, 0);
    int k = 0;
    // Four rows at a time spare three of four passes over the sums; the order stays that of one at a time.
    for (; k + 4 <= count; k += 4) {
      double f0 = factors[at + k];
      double f1 = factors[at + k + 1];
      double f2 = factors[at + k + 2];
      double f3 = factors[at + k + 3];
      int r0 = k * stride;
      int r1 = r0 + stride;
      int r2 = r1 + stride;
      int r3 = r2 + stride;
      for (int j = 0; j < width; j++) {
        sums[j] =
            sums[j] + f0 * rows[r0 + j] + f1 * rows[r1 + j] + f2 * rows[r2 + j] + f3 * rows[r3 + j];
      }
    }
    for (; k < count; k++) {
      double f = factors[at + k];
      int r = k * stride;
      for (int j = 0; j < width; j++) {
        sums[j] += f * rows[r + j];
      }
    }
  }

  private static void addTo(double[] target, int at, double[] sums, int width) {
    for (int k = 0; k < width; k++) {
      target[at + k] += sums[k];
    }
  }
}
