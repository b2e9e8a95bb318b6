package org.liftgrad.lift;

/**
 * Arithmetic on rows, each at the beginning of an array. All arrays of a loop are read at its own index: only then
 * does the just-in-time compiler of JDK 17 do several numbers at a time.
 */
final class Ranges {

  private Ranges() {}

  /** sum += weight · row. */
  static void add(double[] sum, double weight, double[] row, int length) {
    for (int j = 0; j < length; j++) {
      sum[j] += weight * row[j];
    }
  }

  /** sum += weight · row + other · second, one after the other. */
  static void addTwo(double[] sum, double weight, double[] row, double other, double[] second, int length) {
    for (int j = 0; j < length; j++) {
      sum[j] = sum[j] + weight * row[j] + other * second[j];
    }
  }

  /** product = one · two, entry by entry. */
  static void multiply(double[] one, double[] two, double[] product, int length) {
    for (int j = 0; j < length; j++) {
      product[j] = one[j] * two[j];
    }
  }

  /**
   * Σ one[j] · two[at + j], in eight interleaved sums: one alone would wait for each addition.
   *
   * @param at where the second row begins
   */
  static double dot(double[] one, double[] two, int at, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int j = 0;
    for (; j + 8 <= length; j += 8) {
      s0 += one[j] * two[at + j];
      s1 += one[j + 1] * two[at + j + 1];
      s2 += one[j + 2] * two[at + j + 2];
      s3 += one[j + 3] * two[at + j + 3];
      s4 += one[j + 4] * two[at + j + 4];
      s5 += one[j + 5] * two[at + j + 5];
      s6 += one[j + 6] * two[at + j + 6];
      s7 += one[j + 7] * two[at + j + 7];
    }
    for (; j < length; j++) {
      s0 += one[j] * two[at + j];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }

  /** Σ row, in eight interleaved sums. */
  static double sum(double[] row, int length) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    int j = 0;
    for (; j + 8 <= length; j += 8) {
      s0 += row[j];
      s1 += row[j + 1];
      s2 += row[j + 2];
      s3 += row[j + 3];
      s4 += row[j + 4];
      s5 += row[j + 5];
      s6 += row[j + 6];
      s7 += row[j + 7];
    }
    for (; j < length; j++) {
      s0 += row[j];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7));
  }
}
