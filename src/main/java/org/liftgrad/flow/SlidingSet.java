package org.liftgrad.flow;

import java.util.Arrays;

/**
 * The points at which one neuron slides, and the Cholesky factor L of their Gram matrix G_SS = L Lᵀ,
 * which a point more or less changes by a row.
 */
final class SlidingSet {

  int size;
  int[] points = new int[4];
  /** Row s of L has s + 1 numbers in use. */
  private double[][] lower = new double[4][4];
  private double[] work = new double[4];

  void copyFrom(SlidingSet other) {
    reserve(other.size);
    size = other.size;
    System.arraycopy(other.points, 0, points, 0, size);
    for (int s = 0; s < size; s++) {
      System.arraycopy(other.lower[s], 0, lower[s], 0, s + 1);
    }
  }

  /** Holds these points; {@link #factor} has to follow. */
  void set(int[] all) {
    reserve(all.length);
    size = all.length;
    System.arraycopy(all, 0, points, 0, size);
  }

  private void reserve(int wanted) {
    if (wanted > points.length) {
      int room = Math.max(wanted, 2 * points.length);
      points = Arrays.copyOf(points, room);
      work = new double[room];
      lower = Arrays.copyOf(lower, room);
      for (int s = 0; s < room; s++) {
        lower[s] = lower[s] == null ? new double[room] : Arrays.copyOf(lower[s], room);
      }
    }
  }

  /** L y = right, in place. */
  void forward(double[] right) {
    for (int s = 0; s < size; s++) {
      double[] row = lower[s];
      right[s] = (right[s] - RowSpace.dot(row, right, s)) / row[s];
    }
  }

  /** Lᵀ y = right, in place. */
  void backward(double[] right) {
    for (int s = size - 1; s >= 0; s--) {
      double[] row = lower[s];
      double value = right[s] / row[s];
      right[s] = value;
      RowSpace.add(-value, row, right, s);
    }
  }

  /**
   * Adds a point.
   *
   * @param solved L⁻¹ G_S,point
   * @param rest the length of what is left of the input off the span of the others
   */
  void append(int point, double[] solved, double rest) {
    reserve(size + 1);
    points[size] = point;
    System.arraycopy(solved, 0, lower[size], 0, size);
    lower[size][size] = rest;
    size++;
  }

  /** Takes the point at a position away. */
  void remove(int position) {
    double[] gone = lower[position];
    for (int s = position; s + 1 < size; s++) {
      points[s] = points[s + 1];
      lower[s] = lower[s + 1];
    }
    size--;
    lower[size] = gone;
    for (int c = position; c < size; c++) {
      // Turns the one number right of the diagonal of row c to 0.
      double left = lower[c][c];
      double right = lower[c][c + 1];
      double length = Math.sqrt(left * left + right * right);
      double cosine = left / length;
      double sine = right / length;
      for (int s = c; s < size; s++) {
        double[] row = lower[s];
        double turned = cosine * row[c] + sine * row[c + 1];
        row[c + 1] = cosine * row[c + 1] - sine * row[c];
        row[c] = turned;
      }
    }
  }

  /** Factors anew, so that the rounding errors of changes do not add up; false where G_SS is singular. */
  boolean factor(double[] gram, int n) {
    int all = size;
    size = 0;
    double[] right = work;
    for (int s = 0; s < all; s++) {
      int row = points[s] * n;
      for (int t = 0; t < s; t++) {
        right[t] = gram[row + points[t]];
      }
      forward(right);
      double rest = gram[row + points[s]] - RowSpace.dot(right, right, s);
      // Less than what lets a point in, so that rounding does not throw one out.
      if (!(rest > 0.25 * HeldPairs.LEAST_SHARE * gram[row + points[s]])) {
        return false;
      }
      append(points[s], right, Math.sqrt(rest));
    }
    return true;
  }
}
