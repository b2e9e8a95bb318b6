package org.liftgrad.kernel;

import java.util.Arrays;

/**
 * Products in plain Java, written so that the just-in-time compiler does several columns at a time. Each
 * entry is a chain of fused multiply-adds over k from the left, whatever the tiles and the threads.
 *
 * <p>What the compiler (C2 of JDK 17 and 25) needs, by measurement (see the package guide): every array of
 * the inner loop is an array of its own read at the loop's own index, so the rows of B and of C are
 * separate arrays; and where two rows of A share a row of B the operands of their multiplications stand in
 * different order, as otherwise it mixes up which sum belongs to which row and gives up.
 *
 * <p>Zeros of A are left out where both rows of a pair have one: half the entries are zero where A comes
 * from ReLU.
 */
final class JavaFactor implements RightFactor {

  /** Rows of B that are gone through before the next rows of A: with {@link #WIDTH} columns, 400 kB. */
  private static final int DEPTH = 96;

  /** Most columns of a tile. */
  private static final int WIDTH = 512;

  /** Least rows of C of a task. */
  private static final int HEIGHT = 8;

  private final int rows;
  private final int columns;
  private final double[][] factor;
  private final int blocks;
  private final Workers.Task listing = this::list;
  private final Workers.Task tiling = this::multiplyTile;

  // Of the current product; the arrays grow with the number of rows and stay.
  private int height;
  private double[] left;
  private int leftAt;
  private int leftStride;
  private double[] result;
  private int resultAt;
  private int resultStride;
  private int groupHeight;
  private int groups;
  private int tileWidth;
  private int pairsOfListing;
  /** A row of C each, and one more that is written where their number is odd. */
  private double[][] sums = new double[0][];

  /** The k of a pair of rows and a block that are not zero in both, and the entries of either row there. */
  private int[][] places = new int[0][];

  private int[][] counts = new int[0][];
  private double[][] first = new double[0][];
  private double[][] second = new double[0][];

  /** Keeps the rows, which are not modified. */
  JavaFactor(int columns, double[][] factor) {
    rows = factor.length;
    this.columns = columns;
    this.factor = factor;
    blocks = (rows + DEPTH - 1) / DEPTH;
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void multiply(
      int howMany, double[] a, int aAt, int aStride, double[] c, int cAt, int cStride) {
    if (howMany == 0 || columns == 0) {
      return;
    }
    height = howMany;
    left = a;
    leftAt = aAt;
    leftStride = aStride;
    result = c;
    resultAt = cAt;
    resultStride = cStride;
    int pairs = (height + 1) / 2;
    reserve(pairs);
    // A task of some microseconds at least.
    pairsOfListing = Math.max(1, 4096 / (rows + 1));
    Workers.run((pairs + pairsOfListing - 1) / pairsOfListing, listing);
    int tiles = (columns + WIDTH - 1) / WIDTH;
    tileWidth = (((columns + tiles - 1) / tiles) + 7) / 8 * 8;
    tiles = (columns + tileWidth - 1) / tileWidth;
    int wanted = (4 * Workers.count() + tiles - 1) / tiles;
    int even = (height + 1) / 2 * 2;
    groupHeight = Math.max(HEIGHT, ((even + wanted - 1) / wanted + 1) / 2 * 2);
    groups = (height + groupHeight - 1) / groupHeight;
    Workers.run(groups * tiles, tiling);
  }

  private void reserve(int pairs) {
    int had = places.length;
    if (had >= pairs) {
      return;
    }
    sums = Arrays.copyOf(sums, 2 * pairs);
    places = Arrays.copyOf(places, pairs);
    counts = Arrays.copyOf(counts, pairs);
    first = Arrays.copyOf(first, pairs);
    second = Arrays.copyOf(second, pairs);
    for (int pair = had; pair < pairs; pair++) {
      sums[2 * pair] = new double[columns];
      sums[2 * pair + 1] = new double[columns];
      // Each block's list is filled up to a multiple of four.
      places[pair] = new int[blocks * (DEPTH + 4)];
      counts[pair] = new int[blocks];
      first[pair] = new double[blocks * (DEPTH + 4)];
      second[pair] = new double[blocks * (DEPTH + 4)];
    }
  }

  private void list(int task, int thread) {
    int end = Math.min((height + 1) / 2, (task + 1) * pairsOfListing);
    for (int pair = task * pairsOfListing; pair < end; pair++) {
      int above = leftAt + 2 * pair * leftStride;
      boolean alone = 2 * pair + 1 == height;
      for (int block = 0; block < blocks; block++) {
        counts[pair][block] = listBlock(pair, block, above, alone);
      }
    }
  }

  private int listBlock(int pair, int block, int above, boolean alone) {
    int at = block * (DEPTH + 4);
    int from = block * DEPTH;
    int to = Math.min(rows, from + DEPTH);
    int count =
        alone
            ? listRow(left, above, from, to, places[pair], first[pair], second[pair], at)
            : listTwo(left, above, above + leftStride, from, to, places[pair], first[pair], second[pair], at);
    int filled = (count + 3) / 4 * 4;
    for (int k = count; k < filled; k++) {
      places[pair][at + k] = from;
      first[pair][at + k] = 0;
      second[pair][at + k] = 0;
    }
    return filled;
  }

  private static int listTwo(
      double[] a, int above, int below, int from, int to, int[] place, double[] one, double[] two, int at) {
    int next = at;
    for (int k = from; k < to; k++) {
      double x = a[above + k];
      double y = a[below + k];
      place[next] = k;
      one[next] = x;
      two[next] = y;
      // Without a branch, as which entries are zero cannot be foreseen.
      next += (x != 0 ? 1 : 0) | (y != 0 ? 1 : 0);
    }
    return next - at;
  }

  private static int listRow(
      double[] a, int above, int from, int to, int[] place, double[] one, double[] two, int at) {
    int next = at;
    for (int k = from; k < to; k++) {
      double x = a[above + k];
      place[next] = k;
      one[next] = x;
      two[next] = 0;
      next += x != 0 ? 1 : 0;
    }
    return next - at;
  }

  private void multiplyTile(int task, int thread) {
    int from = task / groups * tileWidth;
    int to = Math.min(columns, from + tileWidth);
    int top = task % groups * groupHeight;
    int bottom = Math.min(height, top + groupHeight);
    int lastPair = (bottom + 1) / 2;
    for (int i = top; i < 2 * lastPair; i++) {
      Arrays.fill(sums[i], from, to, 0);
    }
    for (int block = 0; block < blocks; block++) {
      int at = block * (DEPTH + 4);
      for (int pair = top / 2; pair < lastPair; pair++) {
        int end = at + counts[pair][block];
        for (int k = at; k < end; k += 4) {
          addFour(
              first[pair], second[pair], places[pair], k, factor, sums[2 * pair], sums[2 * pair + 1], from, to);
        }
      }
    }
    for (int i = top; i < bottom; i++) {
      System.arraycopy(sums[i], from, result, resultAt + i * resultStride + from, to - from);
    }
  }

  /** Adds four rows of B, times their factors, to two rows of C. */
  private static void addFour(
      double[] one, double[] two, int[] place, int at, double[][] b, double[] c, double[] d, int from, int to) {
    double p0 = one[at];
    double p1 = one[at + 1];
    double p2 = one[at + 2];
    double p3 = one[at + 3];
    double q0 = two[at];
    double q1 = two[at + 1];
    double q2 = two[at + 2];
    double q3 = two[at + 3];
    double[] b0 = b[place[at]];
    double[] b1 = b[place[at + 1]];
    double[] b2 = b[place[at + 2]];
    double[] b3 = b[place[at + 3]];
    for (int j = from; j < to; j++) {
      double x0 = b0[j];
      double x1 = b1[j];
      double x2 = b2[j];
      double x3 = b3[j];
      // The order of the operands differs on purpose: see above.
      double y = Math.fma(p3, x3, Math.fma(p2, x2, Math.fma(p1, x1, Math.fma(p0, x0, c[j]))));
      double z = Math.fma(x3, q3, Math.fma(x2, q2, Math.fma(x1, q1, Math.fma(x0, q0, d[j]))));
      c[j] = y;
      d[j] = z;
    }
  }
}
