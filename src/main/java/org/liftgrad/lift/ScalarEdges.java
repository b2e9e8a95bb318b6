package org.liftgrad.lift;

/**
 * Edges whose message is M(w, y) = w y, or y itself, entry by entry. The rows of a block's neighbours are fetched
 * first, all in a burst, and then worked on where they are near: so that many fetches are under way at a time.
 */
final class ScalarEdges implements EdgePass {

  private final Edges edges;
  private final Edges.BySource bySource;
  private final Rows sources;
  private final Rows sumGradients;
  private final int blockStart;
  private final boolean weighted;

  /**
   * Edges at work.
   *
   * @param bySource of {@code edges}
   * @param sources values of the sources
   * @param sumGradients gradients of the sums of messages at the targets
   * @param blockStart where their weights begin
   * @param weighted whether they have any
   */
  ScalarEdges(
      Edges edges, Edges.BySource bySource, Rows sources, Rows sumGradients, int blockStart, boolean weighted) {
    this.edges = edges;
    this.bySource = bySource;
    this.sources = sources;
    this.sumGradients = sumGradients;
    this.blockStart = blockStart;
    this.weighted = weighted;
  }

  private double weight(Batch batch, int edge) {
    return weighted ? batch.parameters[blockStart + edge] : 1;
  }

  @Override
  public void add(Batch batch, int from, int to, double[] sums, Scratch scratch) {
    int length = sources.dimension * batch.samples;
    boolean more = true;
    for (int k = 0; more; k += 2) {
      more = false;
      for (int v = from; v < to; v++) {
        int e = edges.first(v) + k;
        int end = edges.first(v + 1);
        if (e < end) {
          System.arraycopy(sources.data, edges.source(e) * length, scratch.first, (v - from) * length, length);
        }
        if (e + 1 < end) {
          System.arraycopy(sources.data, edges.source(e + 1) * length, scratch.second, (v - from) * length, length);
        }
        more |= e + 2 < end;
      }
      for (int v = from; v < to; v++) {
        int e = edges.first(v) + k;
        int end = edges.first(v + 1);
        int at = (v - from) * length;
        if (e + 1 < end) {
          Ranges.addTwo(
              sums, weight(batch, e), scratch.first, weight(batch, e + 1), scratch.second, at, at + length);
        } else if (e < end) {
          Ranges.add(sums, weight(batch, e), scratch.first, at, at + length);
        }
      }
    }
  }

  @Override
  public void addReverse(
      Batch batch, int from, int to, double[] values, double[] gradients, Scratch scratch) {
    int length = sources.dimension * batch.samples;
    double[] rows = sumGradients.data;
    boolean more = true;
    for (int k = 0; more; k += 2) {
      more = false;
      for (int u = from; u < to; u++) {
        int place = bySource.first(u) + k;
        int end = bySource.first(u + 1);
        if (place < end) {
          System.arraycopy(rows, bySource.target(place) * length, scratch.first, (u - from) * length, length);
        }
        if (place + 1 < end) {
          System.arraycopy(rows, bySource.target(place + 1) * length, scratch.second, (u - from) * length, length);
        }
        more |= place + 2 < end;
      }
      for (int u = from; u < to; u++) {
        int place = bySource.first(u) + k;
        int end = bySource.first(u + 1);
        int at = (u - from) * length;
        if (place + 1 < end) {
          int one = bySource.edge(place);
          int two = bySource.edge(place + 1);
          Ranges.addTwo(
              gradients, weight(batch, one), scratch.first, weight(batch, two), scratch.second, at, at + length);
          addWeightGradient(batch, one, scratch.first, values, at, at + length);
          addWeightGradient(batch, two, scratch.second, values, at, at + length);
        } else if (place < end) {
          int one = bySource.edge(place);
          Ranges.add(gradients, weight(batch, one), scratch.first, at, at + length);
          addWeightGradient(batch, one, scratch.first, values, at, at + length);
        }
      }
    }
  }

  private void addWeightGradient(Batch batch, int edge, double[] one, double[] two, int from, int to) {
    if (weighted) {
      batch.gradient[blockStart + edge] += Ranges.dot(one, two, from, to);
    }
  }

  @Override
  public void addWeightGradients(Batch batch, int from, int to, double[] gradients, Scratch scratch) {
    int length = sources.dimension * batch.samples;
    for (int v = from; v < to && weighted; v++) {
      int at = (v - from) * length;
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        System.arraycopy(sources.data, edges.source(e) * length, scratch.first, at, length);
        addWeightGradient(batch, e, scratch.first, gradients, at, at + length);
      }
    }
  }
}
