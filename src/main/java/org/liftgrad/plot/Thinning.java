package org.liftgrad.plot;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Fewer points for the same picture. A line keeps, in each column of half a pixel, its first, least,
 * greatest and last point; a cloud keeps one point a cell.
 */
final class Thinning {

  static final int MOST_POINTS = 10_000;

  /** So few are drawn all. */
  static final int FEW_POINTS = 500;

  private Thinning() {}

  /** A line; NaN parts it. Not x-ordered lines (orbits) drop only points that stay in one place. */
  static double[][] line(double[] xs, double[] ys, Scale x, Scale y, int width) {
    int columns = width;
    if (xs.length <= 2 * columns) {
      return new double[][] {xs, ys};
    }
    boolean ordered = true;
    double before = Double.NEGATIVE_INFINITY;
    for (double each : xs) {
      if (Double.isFinite(each)) {
        ordered &= each >= before;
        before = each;
      }
    }
    return ordered ? envelope(xs, ys, x, y, columns) : walk(xs, ys, x, y, columns);
  }

  private static double[][] envelope(double[] xs, double[] ys, Scale x, Scale y, int columns) {
    double[][] kept = new double[2][Math.min(xs.length, 6 * columns + 16) + xs.length / 8];
    int count = 0;
    int i = 0;
    while (i < xs.length) {
      if (Double.isNaN(xs[i])) {
        kept = room(kept, count);
        boolean alreadyParted = count > 0 && Double.isNaN(kept[0][count - 1]);
        if (!alreadyParted) {
          kept[0][count] = Double.NaN;
          kept[1][count++] = Double.NaN;
        }
        i++;
        continue;
      }
      long column = (long) Math.floor(x.place(xs[i]) * columns);
      int end = i;
      int least = i;
      int most = i;
      while (end < xs.length
          && !Double.isNaN(xs[end])
          && (long) Math.floor(x.place(xs[end]) * columns) == column) {
        least = ys[end] < ys[least] ? end : least;
        most = ys[end] > ys[most] ? end : most;
        end++;
      }
      int[] chosen = {i, least, most, end - 1};
      Arrays.sort(chosen);
      for (int k = 0; k < 4; k++) {
        if (k == 0 || chosen[k] != chosen[k - 1]) {
          kept = room(kept, count);
          kept[0][count] = xs[chosen[k]];
          kept[1][count++] = ys[chosen[k]];
        }
      }
      i = end;
    }
    return cut(kept, count);
  }

  /** Drops points closer than a step to the one kept before; the step grows until few are left. */
  private static double[][] walk(double[] xs, double[] ys, Scale x, Scale y, int columns) {
    double step = 0.5 / columns;
    while (true) {
      double[][] kept = new double[2][xs.length];
      int count = 0;
      for (int i = 0; i < xs.length; i++) {
        boolean gap = Double.isNaN(xs[i]);
        boolean first = count == 0 || Double.isNaN(kept[0][count - 1]);
        boolean last = i == xs.length - 1;
        if (gap ? !first : first || last || far(kept, count, xs[i], ys[i], x, y, step)) {
          kept[0][count] = xs[i];
          kept[1][count++] = ys[i];
        }
      }
      if (count <= 2 * MOST_POINTS) {
        return cut(kept, count);
      }
      step *= 1.5;
    }
  }

  private static boolean far(
      double[][] kept, int count, double atX, double atY, Scale x, Scale y, double step) {
    double dx = x.place(atX) - x.place(kept[0][count - 1]);
    double dy = y.place(atY) - y.place(kept[1][count - 1]);
    return dx * dx + dy * dy > step * step;
  }

  /** A cloud: one point a cell, of a pixel or more, so that at most so many remain, or the few there are. */
  static double[][] points(double[] xs, double[] ys, Scale x, Scale y, int width, int height, int most) {
    double cell = 1;
    while (true) {
      int wide = (int) (width / cell) + 3;
      int high = (int) (height / cell) + 3;
      BitSet taken = new BitSet(wide * high);
      double[][] kept = new double[2][xs.length];
      int count = 0;
      for (int i = 0; i < xs.length; i++) {
        if (Double.isNaN(xs[i])) {
          continue;
        }
        double placeX = Math.max(-0.01, Math.min(1.01, x.place(xs[i])));
        double placeY = Math.max(-0.01, Math.min(1.01, y.place(ys[i])));
        int column = (int) ((placeX * 0.97 + 0.015) * (wide - 1));
        int row = (int) ((placeY * 0.97 + 0.015) * (high - 1));
        boolean few = xs.length <= FEW_POINTS;
        if (few || !taken.get(row * wide + column)) {
          taken.set(row * wide + column);
          kept[0][count] = xs[i];
          kept[1][count++] = ys[i];
        }
      }
      if (count <= most || xs.length <= FEW_POINTS) {
        return cut(kept, count);
      }
      cell *= 1.25;
    }
  }

  /** The closed outline of a band: forth along the upper ends and back along the lower. */
  static double[][] outline(
      double[] xs, double[] lower, double[] upper, Scale x, Scale y, int width) {
    // A band is one polygon: gaps are bridged by leaving the missing points out.
    int[] there = java.util.stream.IntStream.range(0, xs.length).filter(i -> !Double.isNaN(xs[i])).toArray();
    double[] placed = Arrays.stream(there).mapToDouble(i -> xs[i]).toArray();
    double[][] forth =
        line(placed, Arrays.stream(there).mapToDouble(i -> upper[i]).toArray(), x, y, width);
    double[][] back =
        line(placed, Arrays.stream(there).mapToDouble(i -> lower[i]).toArray(), x, y, width);
    int n = forth[0].length;
    int m = back[0].length;
    double[][] outline = new double[2][n + m];
    for (int axis = 0; axis < 2; axis++) {
      System.arraycopy(forth[axis], 0, outline[axis], 0, n);
      for (int i = 0; i < m; i++) {
        outline[axis][n + i] = back[axis][m - 1 - i];
      }
    }
    return outline;
  }

  private static double[][] room(double[][] kept, int count) {
    return count < kept[0].length
        ? kept
        : new double[][] {
          Arrays.copyOf(kept[0], 2 * count + 16), Arrays.copyOf(kept[1], 2 * count + 16)
        };
  }

  private static double[][] cut(double[][] kept, int count) {
    return new double[][] {Arrays.copyOf(kept[0], count), Arrays.copyOf(kept[1], count)};
  }
}
