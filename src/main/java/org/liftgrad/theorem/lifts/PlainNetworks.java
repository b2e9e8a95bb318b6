package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.LiftedNetwork;

/** Networks written out with matrices and loops, one sample at a time, knowing nothing of graphs. */
final class PlainNetworks {

  private PlainNetworks() {}

  /** The weights over an edge as a matrix, targets × sources, 0 where there is no lifted edge; parallel ones added. */
  static double[][] matrix(LiftedNetwork network, String source, String target) {
    Edges lifted = network.lift().edges(source, target);
    double[] weights = network.weights(source, target);
    double[][] matrix = new double[lifted.targets()][lifted.sources()];
    for (int e = 0; e < lifted.count(); e++) {
      matrix[lifted.target(e)][lifted.source(e)] += weights[e];
    }
    return matrix;
  }

  static double[][] rows(double[] values, int rows) {
    int columns = values.length / rows;
    double[][] result = new double[rows][];
    Arrays.setAll(result, i -> Arrays.copyOfRange(values, i * columns, (i + 1) * columns));
    return result;
  }

  static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
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
      for (int k = 0; k < right.length; k++) {
        for (int j = 0; j < right[0].length; j++) {
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

  static double[] plus(double[] one, double[] other) {
    double[] sum = one.clone();
    Arrays.setAll(sum, i -> one[i] + other[i]);
    return sum;
  }

  static double[][] plus(double[][] one, double[][] other) {
    double[][] sum = new double[one.length][];
    Arrays.setAll(sum, i -> plus(one[i], other[i]));
    return sum;
  }

  static double[] each(DoubleUnaryOperator function, double[] values) {
    return Arrays.stream(values).map(function).toArray();
  }

  /** W x + b. */
  static double[] affine(LiftedNetwork network, String source, String target, double[] x) {
    return plus(times(matrix(network, source, target), x), network.weights("one", target));
  }

  /** The perceptron x → h1 → … → hL → t with biases. */
  static double[] perceptron(LiftedNetwork network, int hiddenLayers, DoubleUnaryOperator function, double[] x) {
    double[] h = x;
    for (int layer = 1; layer <= hiddenLayers; layer++) {
      h = each(function, affine(network, layer == 1 ? "x" : "h" + (layer - 1), "h" + layer, h));
    }
    return affine(network, "h" + hiddenLayers, "t", h);
  }

  /**
   * A layer of a convolutional network: channels × height × width, correlated with a kernel for each pair of channels
   * that has one, zero outside, a bias for each channel.
   */
  static double[][][] convolved(
      LiftedNetwork network, String source, String target, double[][][] image, int size, int stride, int padding,
      DoubleUnaryOperator function) {
    Edges lifted = network.lift().edges(source, target);
    double[] kernels = network.weights(source, target);
    double[] biases = network.weights("one", target);
    int height = image[0].length;
    int width = image[0][0].length;
    int rows = (height + 2 * padding - size) / stride + 1;
    int columns = (width + 2 * padding - size) / stride + 1;
    double[][][] result = new double[lifted.targets()][rows][columns];
    for (int e = 0; e < lifted.count(); e++) {
      double[][] from = image[lifted.source(e)];
      double[][] to = result[lifted.target(e)];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          for (int u = 0; u < size; u++) {
            for (int v = 0; v < size; v++) {
              int y = i * stride + u - padding;
              int x = j * stride + v - padding;
              if (y >= 0 && y < height && x >= 0 && x < width) {
                to[i][j] += kernels[(e * size + u) * size + v] * from[y][x];
              }
            }
          }
        }
      }
    }
    for (int c = 0; c < result.length; c++) {
      double bias = biases[c];
      for (double[] row : result[c]) {
        Arrays.setAll(row, j -> function.applyAsDouble(row[j] + bias));
      }
    }
    return result;
  }

  /** Two convolutions with 3 × 3 kernels and the weighted means of what they make. */
  static double convolutional(
      LiftedNetwork network, double[][][] image, int stride, int padding, DoubleUnaryOperator function) {
    double[][][] h1 = convolved(network, "x", "h1", image, 3, stride, padding, function);
    double[][][] h2 = convolved(network, "h1", "h2", h1, 3, stride, padding, function);
    double output = network.weights("one", "t")[0];
    for (int c = 0; c < h2.length; c++) {
      double[] pixels = flat(h2[c]);
      output += network.weights("h2", "t")[c] * Arrays.stream(pixels).sum() / pixels.length;
    }
    return output;
  }

  /**
   * Attention of several heads with output projection and residual connection.
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
        double[] scores = new double[causal ? i + 1 : x.length];
        for (int j = 0; j < scores.length; j++) {
          for (int c = head * size; c < (head + 1) * size; c++) {
            scores[j] += q[i][c] * k[j][c] / Math.sqrt(size);
          }
        }
        double[] share = softmax(scores);
        for (int j = 0; j < scores.length; j++) {
          for (int c = head * size; c < (head + 1) * size; c++) {
            mixed[i][c] += share[j] * v[j][c];
          }
        }
      }
    }
    return plus(x, times(mixed, transposed(output)));
  }

  static double[] softmax(double[] scores) {
    double[] share = each(StrictMath::exp, scores);
    double sum = Arrays.stream(share).sum();
    return each(value -> value / sum, share);
  }

  /** Each token to mean 0 and variance 1 over its embedding. */
  static double[][] normalised(double[][] x) {
    double[][] result = new double[x.length][];
    for (int i = 0; i < x.length; i++) {
      double mean = Arrays.stream(x[i]).sum() / x[i].length;
      double variance = Arrays.stream(x[i]).map(value -> (value - mean) * (value - mean)).sum() / x[i].length;
      result[i] = each(value -> (value - mean) / Math.sqrt(variance + 1e-5), x[i]);
    }
    return result;
  }

  /** r + W2 φ(W1 y + b1) + b2, token by token, with y = r or what it is normalised to. */
  static double[][] fedForward(
      LiftedNetwork network, String source, double[][] r, DoubleUnaryOperator function) {
    double[][] result = new double[r.length][];
    for (int i = 0; i < r.length; i++) {
      result[i] = plus(r[i], affine(network, "m", "s", each(function, affine(network, source, "m", r[i]))));
    }
    return result;
  }
}
