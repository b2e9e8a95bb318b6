package org.liftgrad.flow;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import org.liftgrad.kernel.Products;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * Coordinates of the span of the inputs, of dimension m = min(n, d): along the inputs where those are orthogonal,
 * else the inputs themselves where d ≤ n, and the triangular factor of their Gram matrix where d &gt; n. What a weight
 * has outside the span never changes.
 *
 * <p>Of orthogonal inputs row i is ‖x_i‖ at i and 0 elsewhere: no rows are kept, and what would be n² numbers is n.
 *
 * <p>The kernels below run along rows that are arrays of their own with one common index, which is what
 * the compiler vectorises.
 */
final class RowSpace {

  final int points;
  final int dimension;
  /** Along the inputs, which are orthogonal? There are no rows and columns then. */
  final boolean diagonal;
  /** The inputs, an array a point. */
  private final double[][] rows;
  private final double[][] columns;
  /** This column and those after it are 0 above this row. */
  private final int[] tops;
  /** Row i is 0 from here on. */
  final int[] lengths;
  final double[] norms;
  final double[][] startWeights;
  /** The squared norm of each weight outside the span. */
  final double[] outside;
  private Optional<double[][]> inverse = Optional.empty();

  /** Along orthogonal inputs. */
  private RowSpace(FlowProblem problem) {
    points = problem.points;
    dimension = points;
    diagonal = true;
    rows = new double[0][];
    columns = new double[0][];
    tops = new int[0];
    norms = problem.norms;
    lengths = new int[0];
    startWeights = new double[problem.neurons][points];
    for (int j = 0; j < startWeights.length; j++) {
      for (int i = 0; i < points; i++) {
        startWeights[j][i] = problem.startPreactivations[j * points + i] / norms[i];
      }
    }
    outside = outside(problem);
  }

  private RowSpace(FlowProblem problem, double[][] rows, double[][] startWeights) {
    points = problem.points;
    dimension = rows[0].length;
    diagonal = false;
    this.rows = rows;
    this.startWeights = startWeights;
    norms = problem.norms;
    lengths = new int[points];
    for (int i = 0; i < points; i++) {
      lengths[i] = dimension;
      while (lengths[i] > 0 && rows[i][lengths[i] - 1] == 0) {
        lengths[i]--;
      }
    }
    columns = new double[dimension][points];
    tops = new int[dimension];
    for (int c = 0; c < dimension; c++) {
      for (int i = 0; i < points; i++) {
        columns[c][i] = rows[i][c];
      }
      while (tops[c] < points && columns[c][tops[c]] == 0) {
        tops[c]++;
      }
    }
    for (int c = dimension - 2; c >= 0; c--) {
      // Columns are taken four at a time, by the first one's top.
      tops[c] = Math.min(tops[c], tops[c + 1]);
    }
    outside = outside(problem);
  }

  private double[] outside(FlowProblem problem) {
    double[] result = new double[problem.neurons];
    for (int j = 0; j < result.length; j++) {
      double inside = dot(startWeights[j], startWeights[j], dimension);
      result[j] = Math.max(problem.startSquaredNorms[j] - inside, 0);
    }
    return result;
  }

  /** Coordinates for a network; nothing where its inputs or weights are neither stored nor implied by the Gram matrix. */
  static Optional<RowSpace> of(FlowProblem problem, ShallowNetwork network) {
    int n = problem.points;
    if (network.data().exactlyOrthogonal()) {
      return Optional.of(new RowSpace(problem));
    }
    if (network.data().dimension() <= n) {
      Optional<DMatrixRMaj> inputs = network.data().storedInputs();
      Optional<DMatrixRMaj> weights = network.weights();
      return inputs.isPresent() && weights.isPresent()
          ? Optional.of(new RowSpace(problem, rowsOf(inputs.get()), rowsOf(weights.get())))
          : Optional.empty();
    }
    DMatrixRMaj gram = DMatrixRMaj.wrap(n, n, problem.gram());
    double[][] factor = rowsOf(Products.choleskyLower(gram));
    for (int i = 0; i < n; i++) {
      if (!(factor[i][i] > 1e-7 * problem.norms[i])) {
        return Optional.empty();
      }
    }
    double[][] weights = new double[problem.neurons][n];
    for (int j = 0; j < weights.length; j++) {
      for (int i = 0; i < n; i++) {
        double rest = problem.startPreactivations[j * n + i] - dot(factor[i], weights[j], i);
        weights[j][i] = rest / factor[i][i];
      }
    }
    return Optional.of(new RowSpace(problem, factor, weights));
  }

  /** The name of the coordinates, for provenance. */
  String form() {
    return diagonal ? "along the inputs" : dimension == points ? "factor of the Gram matrix" : "inputs";
  }

  private static double[][] rowsOf(DMatrixRMaj matrix) {
    double[][] rows = new double[matrix.numRows][matrix.numCols];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(matrix.data, i * matrix.numCols, rows[i], 0, matrix.numCols);
    }
    return rows;
  }

  /**
   * Coefficients c with Σ_i c_i x_i = change, of least norm.
   *
   * @param change in the span of the inputs; not modified
   * @param result n numbers from {@code at} on; modified
   */
  void coefficients(double[] change, double[] result, int at) {
    if (diagonal) {
      for (int i = 0; i < points; i++) {
        result[at + i] = change[i] / norms[i];
      }
      return;
    }
    if (inverse.isEmpty()) {
      inverse = Optional.of(pseudoInverse());
    }
    double[][] columnsOfInverse = inverse.get();
    Arrays.fill(result, at, at + points, 0);
    for (int c = 0; c < dimension; c++) {
      double[] column = columnsOfInverse[c];
      for (int i = 0; i < points; i++) {
        result[at + i] += change[c] * column[i];
      }
    }
  }

  /** P with P X = 1 on the span of the inputs, an array of n numbers a column. */
  private double[][] pseudoInverse() {
    DMatrixRMaj transposed = new DMatrixRMaj(dimension, points);
    for (int i = 0; i < points; i++) {
      for (int c = 0; c < dimension; c++) {
        transposed.unsafe_set(c, i, rows[i][c]);
      }
    }
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.pseudoInverse(true);
    solver.setA(transposed);
    DMatrixRMaj inverted = new DMatrixRMaj(points, dimension);
    solver.invert(inverted);
    double[][] result = new double[dimension][points];
    for (int i = 0; i < points; i++) {
      for (int c = 0; c < dimension; c++) {
        result[c][i] = inverted.unsafe_get(i, c);
      }
    }
    return result;
  }

  /** ⟨x_i, vector⟩. */
  double dot(int point, double[] vector) {
    return diagonal ? norms[point] * vector[point] : dot(rows[point], vector, lengths[point]);
  }

  /** ⟨x_i, vectors[k]⟩ for every k, to {@code result}. */
  void dots(int point, double[][] vectors, double[] result) {
    if (diagonal) {
      for (int k = 0; k < vectors.length; k++) {
        result[k] = norms[point] * vectors[k][point];
      }
      return;
    }
    double[] row = rows[point];
    int length = lengths[point];
    int k = 0;
    for (; k + 2 <= vectors.length; k += 2) {
      twoDots(row, vectors[k], 0, vectors[k + 1], 0, length, result, k);
    }
    if (k < vectors.length) {
      result[k] = dot(row, vectors[k], length);
    }
  }

  /**
   * ⟨x_i, vector⟩ for several vectors one after the other in one array, to {@code result}.
   *
   * @param vectors m numbers a vector
   */
  void dots(int point, double[] vectors, double[] result) {
    if (diagonal) {
      for (int k = 0; k < result.length; k++) {
        result[k] = norms[point] * vectors[k * dimension + point];
      }
      return;
    }
    double[] row = rows[point];
    int length = lengths[point];
    int k = 0;
    for (; k + 2 <= result.length; k += 2) {
      twoDots(row, vectors, k * dimension, vectors, (k + 1) * dimension, length, result, k);
    }
    if (k < result.length) {
      result[k] = dot(row, vectors, k * dimension, length);
    }
  }

  private static double dot(double[] left, double[] right, int at, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int c = 0;
    for (; c + 4 <= length; c += 4) {
      s0 = Math.fma(left[c], right[at + c], s0);
      s1 = Math.fma(left[c + 1], right[at + c + 1], s1);
      s2 = Math.fma(left[c + 2], right[at + c + 2], s2);
      s3 = Math.fma(left[c + 3], right[at + c + 3], s3);
    }
    for (; c < length; c++) {
      s0 = Math.fma(left[c], right[at + c], s0);
    }
    return s0 + s1 + (s2 + s3);
  }

  /**
   * ⟨x_i, weight⟩ for all i, column by column, which the compiler vectorises; a product a point is not.
   *
   * @param result n numbers; modified
   */
  void preactivations(double[] weight, double[] result) {
    if (diagonal) {
      for (int i = 0; i < points; i++) {
        result[i] = norms[i] * weight[i];
      }
      return;
    }
    Arrays.fill(result, 0);
    int c = 0;
    for (; c + 4 <= dimension; c += 4) {
      addFourColumns(c, weight, result);
    }
    for (; c < dimension; c++) {
      add(weight[c], columns[c], result, tops[c], points);
    }
  }

  /** ⟨x_i, vectors[k]⟩ for all i and k; each column is read once for all of them. */
  void preactivations(double[][] vectors, double[][] results) {
    if (diagonal) {
      for (int k = 0; k < vectors.length; k++) {
        preactivations(vectors[k], results[k]);
      }
      return;
    }
    for (double[] result : results) {
      Arrays.fill(result, 0);
    }
    int c = 0;
    for (; c + 4 <= dimension; c += 4) {
      for (int k = 0; k < vectors.length; k++) {
        addFourColumns(c, vectors[k], results[k]);
      }
    }
    for (; c < dimension; c++) {
      for (int k = 0; k < vectors.length; k++) {
        add(vectors[k][c], columns[c], results[k], tops[c], points);
      }
    }
  }

  private void addFourColumns(int c, double[] vector, double[] result) {
    addFour(columns[c], columns[c + 1], columns[c + 2], columns[c + 3],
        vector[c], vector[c + 1], vector[c + 2], vector[c + 3], result, tops[c], points);
  }

  /** sum += f0 x0 + f1 x1 + f2 x2 + f3 x3, from one place to another. */
  static void addFour(
      double[] x0, double[] x1, double[] x2, double[] x3,
      double f0, double f1, double f2, double f3, double[] sum, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] = Math.fma(f3, x3[i], Math.fma(f2, x2[i], Math.fma(f1, x1[i], Math.fma(f0, x0[i], sum[i]))));
    }
  }

  /** Four running sums each: a sum of its own would wait for every addition before it. */
  private static void twoDots(
      double[] row, double[] first, int f, double[] second, int s, int length, double[] result, int at) {
    double f0 = 0;
    double f1 = 0;
    double f2 = 0;
    double f3 = 0;
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int c = 0;
    for (; c + 4 <= length; c += 4) {
      double x0 = row[c];
      double x1 = row[c + 1];
      double x2 = row[c + 2];
      double x3 = row[c + 3];
      f0 = Math.fma(x0, first[f + c], f0);
      f1 = Math.fma(x1, first[f + c + 1], f1);
      f2 = Math.fma(x2, first[f + c + 2], f2);
      f3 = Math.fma(x3, first[f + c + 3], f3);
      s0 = Math.fma(x0, second[s + c], s0);
      s1 = Math.fma(x1, second[s + c + 1], s1);
      s2 = Math.fma(x2, second[s + c + 2], s2);
      s3 = Math.fma(x3, second[s + c + 3], s3);
    }
    for (; c < length; c++) {
      f0 = Math.fma(row[c], first[f + c], f0);
      s0 = Math.fma(row[c], second[s + c], s0);
    }
    result[at] = f0 + f1 + (f2 + f3);
    result[at + 1] = s0 + s1 + (s2 + s3);
  }

  /** target += factor · x_i. */
  void addInput(double factor, int point, double[] target) {
    if (diagonal) {
      target[point] += factor * norms[point];
    } else {
      add(factor, rows[point], target, lengths[point]);
    }
  }

  /** x_i, to {@code target}. */
  void copyInput(int point, double[] target) {
    if (diagonal) {
      Arrays.fill(target, 0);
      target[point] = norms[point];
    } else {
      System.arraycopy(rows[point], 0, target, 0, dimension);
    }
  }

  static double dot(double[] left, double[] right, int length) {
    return dot(left, right, 0, length);
  }

  /** target += factor · source. */
  static void add(double factor, double[] source, double[] target, int length) {
    add(factor, source, target, 0, length);
  }

  private static void add(double factor, double[] source, double[] target, int from, int to) {
    for (int c = from; c < to; c++) {
      target[c] = Math.fma(factor, source[c], target[c]);
    }
  }

  /**
   * Four vectors to two sums. The operands of the second stand in another order on purpose: else the compiler mixes up
   * which product belongs to which sum, and does one number at a time (see org.liftgrad.kernel).
   */
  private static void addFourTwice(
      double[] x0, double[] x1, double[] x2, double[] x3,
      double f0, double f1, double f2, double f3, double g0, double g1, double g2, double g3,
      double[] sum, double[] other, int to) {
    for (int c = 0; c < to; c++) {
      double y0 = x0[c];
      double y1 = x1[c];
      double y2 = x2[c];
      double y3 = x3[c];
      double y = Math.fma(f3, y3, Math.fma(f2, y2, Math.fma(f1, y1, Math.fma(f0, y0, sum[c]))));
      double z = Math.fma(y3, g3, Math.fma(y2, g2, Math.fma(y1, g1, Math.fma(y0, g0, other[c]))));
      sum[c] = y;
      other[c] = z;
    }
  }

  /**
   * sums[k] += Σ_s factors[k][chosen[s]] · x_chosen[s], for the first {@code count} chosen points.
   *
   * @param factors an array of n numbers a sum; not modified
   * @param sums m numbers each; modified
   */
  void combine(int[] chosen, int count, double[][] factors, double[][] sums) {
    if (diagonal) {
      for (int k = 0; k < sums.length; k++) {
        for (int s = 0; s < count; s++) {
          int i = chosen[s];
          sums[k][i] += factors[k][i] * norms[i];
        }
      }
      return;
    }
    int s = 0;
    for (; s + 4 <= count; s += 4) {
      int i0 = chosen[s];
      int i1 = chosen[s + 1];
      int i2 = chosen[s + 2];
      int i3 = chosen[s + 3];
      int length =
          Math.max(Math.max(lengths[i0], lengths[i1]), Math.max(lengths[i2], lengths[i3]));
      int k = 0;
      for (; k + 2 <= sums.length; k += 2) {
        double[] f = factors[k];
        double[] g = factors[k + 1];
        addFourTwice(
            rows[i0], rows[i1], rows[i2], rows[i3], f[i0], f[i1], f[i2], f[i3], g[i0], g[i1], g[i2], g[i3],
            sums[k], sums[k + 1], length);
      }
      if (k < sums.length) {
        double[] f = factors[k];
        addFour(rows[i0], rows[i1], rows[i2], rows[i3], f[i0], f[i1], f[i2], f[i3], sums[k], 0, length);
      }
    }
    for (; s < count; s++) {
      int i = chosen[s];
      for (int k = 0; k < sums.length; k++) {
        add(factors[k][i], rows[i], sums[k], lengths[i]);
      }
    }
  }

  /** target += the sum of four vectors, from one place to another. */
  static void addFour(
      double[] x0, double[] x1, double[] x2, double[] x3, double[] target, int from, int to) {
    for (int c = from; c < to; c++) {
      target[c] += x0[c] + x1[c] + (x2[c] + x3[c]);
    }
  }

  /** target += source, from one place to another. */
  static void add(double[] source, double[] target, int from, int to) {
    for (int c = from; c < to; c++) {
      target[c] += source[c];
    }
  }
}
