package org.liftgrad.statistics;

import org.liftgrad.kernel.Argument;

/** Checks and transforms shared by the statistics of this package. */
final class Samples {

  private Samples() {}

  static void sameLength(String firstName, double[] first, String secondName, double[] second) {
    Argument.require(
        first.length == second.length, "the length of " + secondName, second.length,
        "that of " + firstName + " = " + first.length);
  }

  static double[] notEmpty(String name, double[] values) {
    Argument.require(values.length > 0, "the length of " + name, 0, "at least 1");
    return Argument.finite(name, values);
  }

  static double[] logarithms(String name, double[] values) {
    double[] logarithms = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      logarithms[i] = StrictMath.log(Argument.positive(name + "[" + i + "]", values[i]));
    }
    return logarithms;
  }

  static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    java.util.Arrays.sort(sorted);
    return sorted;
  }
}
