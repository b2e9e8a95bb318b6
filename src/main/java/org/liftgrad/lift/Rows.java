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

  /** The length of a row. */
  int length(int samples) {
    return dimension * samples;
  }

  /** Copies a row to the beginning of an array. */
  void load(int vertex, int samples, double[] row) {
    int length = length(samples);
    System.arraycopy(data, vertex * length, row, 0, length);
  }

  /** Copies the rows from … to − 1, each to the beginning of an array. */
  void load(int from, int to, int samples, double[][] rows) {
    for (int v = from; v < to; v++) {
      load(v, samples, rows[v - from]);
    }
  }

  /** Copies the beginning of an array to a row. */
  void store(int vertex, int samples, double[] row) {
    int length = length(samples);
    System.arraycopy(row, 0, data, vertex * length, length);
  }

  /** Copies the beginnings of arrays to the rows from … to − 1. */
  void store(int from, int to, int samples, double[][] rows) {
    for (int v = from; v < to; v++) {
      store(v, samples, rows[v - from]);
    }
  }
}
