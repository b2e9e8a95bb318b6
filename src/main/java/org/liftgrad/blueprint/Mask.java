package org.liftgrad.blueprint;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.liftgrad.kernel.Argument;

/** Which entries of a matrix of scores count: those left out get the share 0. Immutable. */
public final class Mask {

  private final boolean[][] allowed;

  private Mask(boolean[][] allowed) {
    this.allowed = allowed;
  }

  /**
   * A mask by its entries.
   *
   * @param allowed rows of one length, each with an entry that counts; copied
   */
  public static Mask of(boolean[][] allowed) {
    Argument.atLeast("the number of rows of a mask", allowed.length, 1);
    boolean[][] copy = new boolean[allowed.length][];
    for (int i = 0; i < allowed.length; i++) {
      copy[i] = allowed[i].clone();
      Argument.require(
          copy[i].length == copy[0].length, "row " + i + " of a mask", "of length " + copy[i].length,
          "of length " + copy[0].length + " as the first");
      int row = i;
      Argument.require(
          IntStream.range(0, copy[i].length).anyMatch(j -> copy[row][j]), "row " + i + " of a mask",
          "without an entry that counts", "given one");
    }
    return new Mask(copy);
  }

  /** All entries count. */
  public static Mask none(int rows, int columns) {
    Argument.positive("columns", columns);
    boolean[][] allowed = new boolean[Argument.positive("rows", rows)][columns];
    for (boolean[] row : allowed) {
      Arrays.fill(row, true);
    }
    return new Mask(allowed);
  }

  /** Entry (i, j) counts if j ≤ i: a token does not see those after it. */
  public static Mask causal(int size) {
    boolean[][] allowed = new boolean[Argument.positive("size", size)][size];
    for (int i = 0; i < size; i++) {
      Arrays.fill(allowed[i], 0, i + 1, true);
    }
    return new Mask(allowed);
  }

  /** Does entry (i, j) count? */
  public boolean allows(int i, int j) {
    return allowed[i][j];
  }

  /** The number of rows. */
  public int rows() {
    return allowed.length;
  }

  /** The number of columns. */
  public int columns() {
    return allowed[0].length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask mask && Arrays.deepEquals(allowed, mask.allowed);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(allowed);
  }

  /** A row of 0 and 1 for each row. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (boolean[] row : allowed) {
      text.append(text.isEmpty() ? "" : " ");
      for (boolean each : row) {
        text.append(each ? '1' : '0');
      }
    }
    return text.toString();
  }
}
