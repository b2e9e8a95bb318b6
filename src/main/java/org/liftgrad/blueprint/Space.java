package org.liftgrad.blueprint;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;

/**
 * A Euclidean space of arrays, such as R, R^8 or R^8×8, with the sum of products of entries as inner product.
 * Entries are counted in row-major order: entry (i, j) of R^m×n has number i n + j.
 */
public final class Space {

  /** The most entries of a space: rows of a batch must stay addressable. */
  public static final int MOST_ENTRIES = 1 << 24;

  private static final Space REAL = new Space(new int[0]);
  private static final Space NULL = new Space(new int[] {0});

  private final int[] sizes;
  private final int dimension;

  private Space(int[] sizes) {
    long product = 1;
    for (int size : sizes) {
      Argument.atLeast("a size of a space", size, 0);
      product *= size;
      // Asked at each step, so that the product cannot overflow.
      Argument.require(
          product <= MOST_ENTRIES, "the dimension of a space", product, "at most " + MOST_ENTRIES);
    }
    this.sizes = sizes;
    dimension = (int) product;
  }

  /** R. */
  public static Space real() {
    return REAL;
  }

  /** The space {0}, of dimension 0: the weights of an edge without parameters. */
  public static Space ofDimensionZero() {
    return NULL;
  }

  /**
   * Arrays of these sizes; without any, R.
   *
   * @param sizes each at least 0; their product at most {@value #MOST_ENTRIES}
   */
  public static Space of(int... sizes) {
    return sizes.length == 0 ? REAL : new Space(sizes.clone());
  }

  /** The number of entries: 1 for R. */
  public int dimension() {
    return dimension;
  }

  /** How many sizes there are: 0 for R, 1 for vectors, 2 for matrices. */
  public int rank() {
    return sizes.length;
  }

  /** A size, counted from 0. */
  public int size(int place) {
    return sizes[place];
  }

  /** The sizes; a copy. */
  public int[] sizes() {
    return sizes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Space space && Arrays.equals(sizes, space.sizes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sizes);
  }

  /** As it is written in the papers: {@code R}, {@code R^8×8}, {@code {0}}. */
  @Override
  public String toString() {
    if (dimension == 0) {
      return "{0}";
    }
    return sizes.length == 0
        ? "R"
        : Arrays.stream(sizes).mapToObj(Integer::toString).collect(Collectors.joining("×", "R^", ""));
  }
}
