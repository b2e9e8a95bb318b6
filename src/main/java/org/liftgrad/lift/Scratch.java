package org.liftgrad.lift;

/**
 * A thread's working arrays for a block of vertices of a fibre. Each row begins an array of its own, as the
 * just-in-time compiler of JDK 17 does several numbers at a time only where arrays are read at one common index.
 */
final class Scratch {

  /** Rows gathered at a time. */
  static final int BURST = 16;

  /** Where rows that lie far apart are gathered: so many fetches at a time that none waits for another. */
  final double[][] gathered;

  final double[][] values;
  final double[][] gradients;
  /** For each base edge that arrives, or only one where all are added, a row for each vertex of the block. */
  final double[][][] sums;

  final double[][][] sumGradients;
  /** Of one vertex, its row of each of the sums, and of their gradients: what an activation function is given. */
  final double[][] tuple;

  final double[][] gradientTuple;
  /** The rows of the block, one after the other. */
  final double[] block;

  /**
   * Arrays of a block.
   *
   * @param vertices of the block
   * @param length of a row of values
   * @param sumLengths of the rows of each of the sums
   * @param longest the length of the longest row to gather
   */
  Scratch(int vertices, int length, int[] sumLengths, int longest) {
    gathered = new double[BURST][longest];
    values = new double[vertices][length];
    gradients = new double[vertices][length];
    sums = new double[sumLengths.length][vertices][];
    sumGradients = new double[sumLengths.length][vertices][];
    for (int k = 0; k < sumLengths.length; k++) {
      for (int v = 0; v < vertices; v++) {
        sums[k][v] = new double[sumLengths[k]];
        sumGradients[k][v] = new double[sumLengths[k]];
      }
    }
    tuple = new double[sumLengths.length][];
    gradientTuple = new double[sumLengths.length][];
    block = new double[vertices * length];
  }
}
