package org.liftgrad.kernel;

import org.ejml.data.DMatrixRMaj;

/**
 * Refusals of arguments, all in one form: a sentence that names the argument, its value and what is
 * allowed. Every method returns the value it was given, or throws {@link IllegalArgumentException}.
 */
public final class Argument {

  private Argument() {}

  /** A whole number of at least 1. */
  public static int positive(String name, int value) {
    return atLeast(name, value, 1);
  }

  /** A whole number of at least 1. */
  public static long positive(String name, long value) {
    require(value >= 1, name, value, "at least 1");
    return value;
  }

  /** A finite number above 0. */
  public static double positive(String name, double value) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "a finite number above 0");
    return value;
  }

  /** A finite number of at least 0. */
  public static double notNegative(String name, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "a finite number of at least 0");
    return value;
  }

  /** A finite number. */
  public static double finite(String name, double value) {
    require(Double.isFinite(value), name, value, "a finite number");
    return value;
  }

  /** Finite numbers only; the sentence names the first that is not, by its place. */
  public static double[] finite(String name, double[] values) {
    for (int i = 0; i < values.length; i++) {
      // The name is put together only where it is needed: there may be millions of values.
      if (!Double.isFinite(values[i])) {
        finite(name + "[" + i + "]", values[i]);
      }
    }
    return values;
  }

  /** Finite numbers only; the sentence names the first that is not, by its row and column from 0. */
  public static DMatrixRMaj finite(String name, DMatrixRMaj matrix) {
    for (int i = 0; i < matrix.numRows; i++) {
      for (int k = 0; k < matrix.numCols; k++) {
        double value = matrix.get(i, k);
        if (!Double.isFinite(value)) {
          finite(name + "[" + i + "][" + k + "]", value);
        }
      }
    }
    return matrix;
  }

  /** A whole number of at least {@code least}. */
  public static int atLeast(String name, int value, int least) {
    // The sentence is put together only where it is needed: this is asked in inner loops too.
    if (value < least) {
      throw refused(name, value, "at least " + least);
    }
    return value;
  }

  /** A number within [least, most]. */
  public static double between(String name, double value, double least, double most) {
    // Written so that NaN is refused.
    if (!(value >= least && value <= most)) {
      throw refused(name, value, "between " + least + " and " + most);
    }
    return value;
  }

  /** A number strictly between 0 and 1. */
  public static double probability(String name, double value) {
    require(value > 0 && value < 1, name, value, "strictly between 0 and 1");
    return value;
  }

  /** Refuses {@code value} unless {@code allowed} holds. */
  public static void require(boolean allowed, String name, Object value, String whatIsAllowed) {
    if (!allowed) {
      throw refused(name, value, whatIsAllowed);
    }
  }

  /** The refusal itself, for places that have to throw. */
  public static IllegalArgumentException refused(String name, Object value, String whatIsAllowed) {
    return new IllegalArgumentException(name + " is " + value + "; it must be " + whatIsAllowed + ".");
  }
}
