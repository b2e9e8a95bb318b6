package org.liftgrad.kernel;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Products by the Vector module of the JDK, in registers: four rows of A by three vectors of columns of B.
 * Each entry is the same chain of fused multiply-adds as on the Java path, so it has the same bits.
 *
 * <p>Compiled apart from the rest and loaded only where the JVM has the module: see {@link DenseProducts}.
 */
final class VectorFactor implements RightFactor {

  private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  /** Columns of a panel. */
  private static final int WIDTH = 3 * LANES;

  /** Rows of B gone through with the sums in registers: four rows of A and a panel stay in the caches. */
  private static final int DEPTH = 512;

  private final int rows;
  private final int columns;
  private final int panels;
  /** B panel by panel, each row by row, filled up with zeros on the right. */
  private final double[] packed;

  private final Workers.Task tiling = this::multiplyTile;
  private int height;
  private double[] left;
  private int leftAt;
  private int leftStride;
  private double[] result;
  private int resultAt;
  private int resultStride;
  private int groupHeight;
  private int groups;
  private int tilePanels;
  /** C panel by panel, with the number of rows rounded up to a multiple of four. */
  private double[] sums = new double[0];

  private int tall;

  VectorFactor(int columns, double[][] factor) {
    rows = factor.length;
    this.columns = columns;
    panels = (columns + WIDTH - 1) / WIDTH;
    packed = new double[Math.multiplyExact(panels * WIDTH, rows)];
    for (int k = 0; k < rows; k++) {
      for (int panel = 0; panel < panels; panel++) {
        int from = panel * WIDTH;
        System.arraycopy(
            factor[k], from, packed, (panel * rows + k) * WIDTH, Math.min(WIDTH, columns - from));
      }
    }
  }

  /** Numbers in a vector. */
  static int lanes() {
    return LANES;
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
    tall = (height + 3) / 4 * 4;
    if (sums.length < tall * panels * WIDTH) {
      sums = new double[tall * panels * WIDTH];
    }
    int wanted = 4 * Workers.count();
    tilePanels = Math.max(1, Math.min(panels / wanted, 16));
    int tiles = (panels + tilePanels - 1) / tilePanels;
    int wantedGroups = Math.max(1, wanted / tiles);
    groupHeight = Math.max(8, (tall / 4 + wantedGroups - 1) / wantedGroups * 4);
    groups = (tall + groupHeight - 1) / groupHeight;
    Workers.run(tiles * groups, tiling);
  }

  private void multiplyTile(int task, int thread) {
    int firstPanel = task / groups * tilePanels;
    int endPanel = Math.min(panels, firstPanel + tilePanels);
    int top = task % groups * groupHeight;
    int bottom = Math.min(tall, top + groupHeight);
    for (int panel = firstPanel; panel < endPanel; panel++) {
      int panelAt = panel * tall * WIDTH;
      Arrays.fill(sums, panelAt + top * WIDTH, panelAt + bottom * WIDTH, 0);
    }
    for (int k = 0; k < rows; k += DEPTH) {
      int depth = Math.min(DEPTH, rows - k);
      for (int panel = firstPanel; panel < endPanel; panel++) {
        for (int i = top; i < bottom; i += 4) {
          // Below the last row of A its last row is read again, and what comes of it is not used.
          addBlock(
              left,
              place(i) + k,
              place(i + 1) + k,
              place(i + 2) + k,
              place(i + 3) + k,
              depth,
              packed,
              (panel * rows + k) * WIDTH,
              sums,
              (panel * tall + i) * WIDTH);
        }
      }
    }
    for (int panel = firstPanel; panel < endPanel; panel++) {
      int from = panel * WIDTH;
      int width = Math.min(WIDTH, columns - from);
      for (int i = top; i < Math.min(height, bottom); i++) {
        System.arraycopy(sums, (panel * tall + i) * WIDTH, result, resultAt + i * resultStride + from, width);
      }
    }
  }

  private int place(int i) {
    return leftAt + Math.min(i, height - 1) * leftStride;
  }

  private static void addBlock(
      double[] a, int a0, int a1, int a2, int a3, int depth, double[] b, int bAt, double[] c, int cAt) {
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, c, cAt);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, c, cAt + LANES);
    DoubleVector c02 = DoubleVector.fromArray(SPECIES, c, cAt + 2 * LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, c, cAt + WIDTH);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, c, cAt + WIDTH + LANES);
    DoubleVector c12 = DoubleVector.fromArray(SPECIES, c, cAt + WIDTH + 2 * LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, c, cAt + 2 * WIDTH);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, c, cAt + 2 * WIDTH + LANES);
    DoubleVector c22 = DoubleVector.fromArray(SPECIES, c, cAt + 2 * WIDTH + 2 * LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, c, cAt + 3 * WIDTH);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, c, cAt + 3 * WIDTH + LANES);
    DoubleVector c32 = DoubleVector.fromArray(SPECIES, c, cAt + 3 * WIDTH + 2 * LANES);
    int at = bAt;
    for (int k = 0; k < depth; k++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, at);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, at + LANES);
      DoubleVector b2 = DoubleVector.fromArray(SPECIES, b, at + 2 * LANES);
      at += WIDTH;
      DoubleVector f = DoubleVector.broadcast(SPECIES, a[a0 + k]);
      c00 = f.fma(b0, c00);
      c01 = f.fma(b1, c01);
      c02 = f.fma(b2, c02);
      f = DoubleVector.broadcast(SPECIES, a[a1 + k]);
      c10 = f.fma(b0, c10);
      c11 = f.fma(b1, c11);
      c12 = f.fma(b2, c12);
      f = DoubleVector.broadcast(SPECIES, a[a2 + k]);
      c20 = f.fma(b0, c20);
      c21 = f.fma(b1, c21);
      c22 = f.fma(b2, c22);
      f = DoubleVector.broadcast(SPECIES, a[a3 + k]);
      c30 = f.fma(b0, c30);
      c31 = f.fma(b1, c31);
      c32 = f.fma(b2, c32);
    }
    c00.intoArray(c, cAt);
    c01.intoArray(c, cAt + LANES);
    c02.intoArray(c, cAt + 2 * LANES);
    c10.intoArray(c, cAt + WIDTH);
    c11.intoArray(c, cAt + WIDTH + LANES);
    c12.intoArray(c, cAt + WIDTH + 2 * LANES);
    c20.intoArray(c, cAt + 2 * WIDTH);
    c21.intoArray(c, cAt + 2 * WIDTH + LANES);
    c22.intoArray(c, cAt + 2 * WIDTH + 2 * LANES);
    c30.intoArray(c, cAt + 3 * WIDTH);
    c31.intoArray(c, cAt + 3 * WIDTH + LANES);
    c32.intoArray(c, cAt + 3 * WIDTH + 2 * LANES);
  }
}
