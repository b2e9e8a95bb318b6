package org.liftgrad.lift;

import org.liftgrad.blueprint.MessageFunction;

/** Edges with any message function. Their blocks have one vertex, so that every row begins its array. */
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
  public void add(Batch batch, int target, int to, double[] sums, Scratch scratch) {
    for (int e = edges.first(target); e < edges.first(to); e++) {
      int source = edges.source(e);
      sources.load(source, source + 1, batch.samples, scratch.first);
      message.add(batch.parameters, weightAt(e), scratch.first, sums, batch.samples);
    }
  }

  @Override
  public void addReverse(
      Batch batch, int source, int to, double[] values, double[] gradients, Scratch scratch) {
    for (int place = bySource.first(source); place < bySource.first(to); place++) {
      int target = bySource.target(place);
      sumGradients.load(target, target + 1, batch.samples, scratch.first);
      message.addReverse(
          batch.parameters, weightAt(bySource.edge(place)), values, scratch.first, gradients, batch.gradient,
          batch.samples);
    }
  }

  @Override
  public void addWeightGradients(Batch batch, int target, int to, double[] gradients, Scratch scratch) {
    for (int e = edges.first(target); e < edges.first(to) && weights > 0; e++) {
      int source = edges.source(e);
      sources.load(source, source + 1, batch.samples, scratch.first);
      // What is asked for with respect to the source is thrown away.
      message.addReverse(
          batch.parameters, weightAt(e), scratch.first, gradients, scratch.second, batch.gradient,
          batch.samples);
    }
  }
}
