package org.liftgrad.flow;

import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.RightFactor;

/**
 * Products of a neurons × points matrix with the Gram matrix, by the cheapest of three forms: its
 * diagonal alone (orthogonal inputs), the matrix itself, or two products with the inputs where there
 * are more points than twice the dimension. Holds working memory: one product at a time.
 */
final class GramOperator {

  private final String form;
  private final DenseProducts products;
  /** G_ii in the diagonal form, else empty. */
  private final double[] diagonal;
  /** G, or X and Xᵀ; none in the diagonal form. */
  private final RightFactor[] factors;
  /** p×d between X and Xᵀ. */
  private double[] projected = new double[0];

  private GramOperator(String form, DenseProducts products, double[] diagonal, RightFactor... factors) {
    this.form = form;
    this.products = products;
    this.diagonal = diagonal;
    this.factors = factors;
  }

  /** By the diagonal of G, which is kept; the path says how the passes are made. */
  static GramOperator diagonal(double[] diagonal, DenseProducts products) {
    return new GramOperator("diagonal", products, diagonal);
  }

  /** By G, n×n, which is kept and not modified. */
  static GramOperator matrix(DMatrixRMaj gram, DenseProducts products) {
    // The matrix is symmetric, but not always to the last bit.
    return new GramOperator("Gram matrix", products, new double[0], products.factor(gram));
  }

  /** By X, n×d, which is kept and not modified. */
  static GramOperator inputs(DMatrixRMaj inputs, DenseProducts products) {
    return new GramOperator(
        "inputs", products, new double[0], products.factor(inputs), products.factorTransposed(inputs));
  }

  /**
   * Chooses the form.
   *
   * @param gram n×n; kept, not modified
   * @param inputs n×d where they are stored; kept, not modified
   * @param products the path of the products
   */
  static GramOperator cheapest(DMatrixRMaj gram, Optional<DMatrixRMaj> inputs, DenseProducts products) {
    int n = gram.numRows;
    double[] diagonal = new double[n];
    boolean zeros = true;
    for (int i = 0; i < n; i++) {
      diagonal[i] = gram.unsafe_get(i, i);
      for (int k = 0; k < i; k++) {
        zeros &= gram.unsafe_get(i, k) == 0 && gram.unsafe_get(k, i) == 0;
      }
    }
    return zeros
        ? diagonal(diagonal, products)
        : inputs
            .filter(x -> n > 2 * x.numCols)
            .map(x -> inputs(x, products))
            .orElseGet(() -> matrix(gram, products));
  }

  /** The name of the form, for provenance. */
  String form() {
    return form;
  }

  /** The path of the products, for provenance. */
  DenseProducts products() {
    return products;
  }

  boolean isDiagonal() {
    return factors.length == 0;
  }

  /**
   * Multiplies with a stretch of the diagonal: target_k = G_ii values_k with i = from + k, for k &lt; count.
   * In the diagonal form only.
   */
  void scale(int from, double[] values, double[] target, int count) {
    for (int k = 0; k < count; k++) {
      target[k] = values[k] * diagonal[from + k];
    }
  }

  /**
   * result = left · G.
   *
   * @param left p×n; not modified
   * @param result p×n; modified
   */
  void multiply(DMatrixRMaj left, DMatrixRMaj result) {
    multiply(left.numRows, left.data, result.data);
  }

  /** The same for the rows of matrices one after the other. */
  void multiply(int rows, double[] left, double[] result) {
    if (factors.length == 0) {
      int n = diagonal.length;
      for (int j = 0; j < rows; j++) {
        for (int i = 0; i < n; i++) {
          result[j * n + i] = left[j * n + i] * diagonal[i];
        }
      }
    } else if (factors.length == 1) {
      factors[0].multiply(rows, left, result);
    } else {
      int size = rows * factors[0].columns();
      if (projected.length < size) {
        projected = new double[size];
      }
      factors[0].multiply(rows, left, projected);
      factors[1].multiply(rows, projected, result);
    }
  }
}
