package org.liftgrad.lift;

/** A thread's working arrays: each holds a block of vertices of any fibre. */
final class Scratch {

  /** Where rows that lie far apart are gathered. */
  final double[] first;

  final double[] second;
  final double[] values;
  final double[] gradients;
  /** One for each base edge into a vertex, or only one where they are all added. */
  final double[][] sums;

  final double[][] sumGradients;

  Scratch(int length, int mostSums) {
    first = new double[length];
    second = new double[length];
    values = new double[length];
    gradients = new double[length];
    sums = new double[mostSums][length];
    sumGradients = new double[mostSums][length];
  }
}
