package org.liftgrad.lift;

import java.util.function.DoubleUnaryOperator;

/** Networks written out with matrices and loops, one sample at a time, as others would write them. */
final class PlainCode {

  private PlainCode() {}

  /** A matrix read from weights in the order target by target, source by source. */
  static double[][] matrix(double[] weights, int targets, int sources) {
    double[][] matrix = new double[targets][sources];
    for (int i = 0; i < targets; i++) {
      for (int k = 0; k < sources; k++) {
        matrix[i][k] = weights[i * sources + k];
      }
    }
    return matrix;
  }

  static double[] times(double[][] matrix, double[] vector) {
    double[] product = new double[matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int k = 0; k < vector.length; k++) {
        product[i] += matrix[i][k] * vector[k];
      }
    }
    return product;
  }

  static double[][] times(double[][] left, double[][] right) {
    double[][] product = new double[left.length][right[0].length];
    for (int i = 0; i < left.length; i++) {
      for (int j = 0; j < right[0].length; j++) {
        for (int k = 0; k < right.length; k++) {
          product[i][j] += left[i][k] * right[k][j];
        }
      }
    }
    return product;
  }

  static double[][] transposed(double[][] matrix) {
    double[][] transposed = new double[matrix[0].length][matrix.length];
    for (int i = 0; i < matrix.length; i++) {
      for (int k = 0; k < matrix[0].length; k++) {
        transposed[k][i] = matrix[i][k];
      }
    }
    return transposed;
  }

  static double[] plus(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  static double[][] plus(double[][] a, double[][] b) {
    double[][] sum = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      sum[i] = plus(a[i], b[i]);
    }
    return sum;
  }

  static double[] each(DoubleUnaryOperator function, double[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = function.applyAsDouble(values[i]);
    }
    return result;
  }

  /** Channels × height × width, correlated with out × in × k × k kernels, zero outside. */
  static double[][][] convolved(double[][][] image, double[][][][] kernels, int stride, int padding) {
    int height = image[0].length;
    int width = image[0][0].length;
    int k = kernels[0][0].length;
    int rows = (height + 2 * padding - k) / stride + 1;
    int columns = (width + 2 * padding - k) / stride + 1;
    double[][][] result = new double[kernels.length][rows][columns];
    for (int out = 0; out < kernels.length; out++) {
      for (int in = 0; in < image.length; in++) {
        for (int i = 0; i < rows; i++) {
          for (int j = 0; j < columns; j++) {
            for (int u = 0; u < k; u++) {
              for (int v = 0; v < k; v++) {
                int y = i * stride + u - padding;
                int x = j * stride + v - padding;
                if (y >= 0 && y < height && x >= 0 && x < width) {
                  result[out][i][j] += kernels[out][in][u][v] * image[in][y][x];
                }
              }
            }
          }
        }
      }
    }
    return result;
  }

  /**
   * Attention of several heads with an output projection and the residual connection.
   *
   * @param x tokens × embedding
   * @param query (heads · size) × embedding, as key and value
   * @param output embedding × (heads · size)
   */
  static double[][] attention(
      double[][] x, double[][] query, double[][] key, double[][] value, double[][] output, int heads, boolean causal) {
    double[][] q = times(x, transposed(query));
    double[][] k = times(x, transposed(key));
    double[][] v = times(x, transposed(value));
    int size = query.length / heads;
    double[][] mixed = new double[x.length][query.length];
    for (int head = 0; head < heads; head++) {
      for (int i = 0; i < x.length; i++) {
        int seen = causal ? i + 1 : x.length;
        double[] share = new double[seen];
        double sum = 0;
        for (int j = 0; j < seen; j++) {
          double score = 0;
          for (int c = head * size; c < (head + 1) * size; c++) {
            score += q[i][c] * k[j][c];
          }
          share[j] = Math.exp(score / Math.sqrt(size));
          sum += share[j];
        }
        for (int j = 0; j < seen; j++) {
          for (int c = head * size; c < (head + 1) * size; c++) {
            mixed[i][c] += share[j] / sum * v[j][c];
          }
        }
      }
    }
    return plus(x, times(mixed, transposed(output)));
  }

  /** Each token to mean 0 and variance 1 over its embedding. */
  static double[][] normalised(double[][] x) {
    double[][] result = new double[x.length][x[0].length];
    for (int i = 0; i < x.length; i++) {
      double mean = 0;
      for (double value : x[i]) {
        mean += value / x[i].length;
      }
      double variance = 0;
      for (double value : x[i]) {
        variance += (value - mean) * (value - mean) / x[i].length;
      }
      for (int c = 0; c < x[i].length; c++) {
        result[i][c] = (x[i][c] - mean) / Math.sqrt(variance + 1e-5);
      }
    }
    return result;
  }

  /** r + W2 φ(W1 r + b1) + b2, token by token. */
  static double[][] fedForward(
      double[][] r, double[][] first, double[] firstBias, double[][] second, double[] secondBias,
      DoubleUnaryOperator function) {
    double[][] result = new double[r.length][];
    for (int i = 0; i < r.length; i++) {
      double[] hidden = each(function, plus(times(first, r[i]), firstBias));
      result[i] = plus(r[i], plus(times(second, hidden), secondBias));
    }
    return result;
  }
}
