package org.liftgrad.lift;

/**
 * The rows of a fibre on the batch at hand, one after the other in one array: of each vertex the entries of its
 * value (or of a sum of messages, or of a gradient), of each entry the samples.
 */
final class Rows {

  final int vertices;
  final int dimension;
  final double[] data;

  /** Rows for batches of at most so many samples. */
  Rows(int vertices, int dimension, int mostSamples) {
    this.vertices = vertices;
    this.dimension = dimension;
    data = new double[Math.multiplyExact(Math.multiplyExact(vertices, dimension), mostSamples)];
  }

  /** Copies the rows from … to − 1 to the beginning of an array. */
  void load(int from, int to, int batch, double[] block) {
    int length = dimension * batch;
    System.arraycopy(data, from * length, block, 0, (to - from) * length);
  }

  /** Copies the beginning of an array to the rows from … to − 1. */
  void store(int from, int to, int batch, double[] block) {
    int length = dimension * batch;
    System.arraycopy(block, 0, data, from * length, (to - from) * length);
  }
}
