package org.liftgrad.lift;

import org.liftgrad.blueprint.MessageFunction;

/** Edges with any message function, one after the other. */
final class MessageEdges implements EdgePass {

  private final Edges edges;
  private final Edges.BySource bySource;
  private final MessageFunction message;
  private final Rows sources;
  private final Rows sumGradients;
  private final int blockStart;
  private final int weights;

  /**
   * Edges at work.
   *
   * @param bySource of {@code edges}
   * @param sources values of the sources
   * @param sumGradients gradients of the sums of messages at the targets
   * @param blockStart where their weights begin
   */
  MessageEdges(
      Edges edges,
      Edges.BySource bySource,
      MessageFunction message,
      Rows sources,
      Rows sumGradients,
      int blockStart) {
    this.edges = edges;
    this.bySource = bySource;
    this.message = message;
    this.sources = sources;
    this.sumGradients = sumGradients;
    this.blockStart = blockStart;
    weights = message.weights().dimension();
  }

  private int weightAt(int edge) {
    return blockStart + edge * weights;
  }

  @Override
  public void add(Batch batch, int from, int to, double[][] sums, double[][] gathered) {
    for (int v = from; v < to; v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        sources.load(edges.source(e), batch.samples, gathered[0]);
        message.add(batch.parameters, weightAt(e), gathered[0], sums[v - from], batch.samples);
      }
    }
  }

  @Override
  public void addReverse(
      Batch batch, int from, int to, double[][] values, double[][] gradients, double[][] gathered) {
    for (int u = from; u < to; u++) {
      for (int place = bySource.first(u); place < bySource.first(u + 1); place++) {
        sumGradients.load(bySource.target(place), batch.samples, gathered[0]);
        message.addReverse(
            batch.parameters, weightAt(bySource.edge(place)), values[u - from], gathered[0], gradients[u - from],
            batch.gradient, batch.samples);
      }
    }
  }

  @Override
  public void addWeightGradients(Batch batch, int from, int to, double[][] gradients, double[][] gathered) {
    for (int v = from; v < to && weights > 0; v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        sources.load(edges.source(e), batch.samples, gathered[0]);
        // What it adds for the source is thrown away.
        message.addReverse(
            batch.parameters, weightAt(e), gathered[0], gradients[v - from], gathered[1], batch.gradient,
            batch.samples);
      }
    }
  }
}
