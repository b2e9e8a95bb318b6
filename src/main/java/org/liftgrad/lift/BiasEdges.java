package org.liftgrad.lift;

/** Edges from a constant fibre: each adds its weight to every entry. */
final class BiasEdges implements EdgePass {

  private final Edges edges;
  private final int dimension;
  private final int blockStart;

  /**
   * Edges at work.
   *
   * @param dimension of a sum of messages
   * @param blockStart where their weights begin
   */
  BiasEdges(Edges edges, int dimension, int blockStart) {
    this.edges = edges;
    this.dimension = dimension;
    this.blockStart = blockStart;
  }

  @Override
  public void add(Batch batch, int from, int to, double[][] sums, double[][] gathered) {
    int length = dimension * batch.samples;
    for (int v = from; v < to; v++) {
      double bias = 0;
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        bias += batch.parameters[blockStart + e];
      }
      double[] sum = sums[v - from];
      for (int j = 0; j < length; j++) {
        sum[j] += bias;
      }
    }
  }

  @Override
  public void addReverse(
      Batch batch, int from, int to, double[][] values, double[][] gradients, double[][] gathered) {
    throw new IllegalStateException("nobody asks for the gradient of a constant");
  }

  @Override
  public void addWeightGradients(Batch batch, int from, int to, double[][] gradients, double[][] gathered) {
    int length = dimension * batch.samples;
    for (int v = from; v < to; v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        batch.gradient[blockStart + e] += Ranges.sum(gradients[v - from], length);
      }
    }
  }
}
