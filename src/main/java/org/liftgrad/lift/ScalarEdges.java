package org.liftgrad.lift;

/**
 * Edges whose message is M(w, y) = w y, or y itself, entry by entry. The rows at the other ends of a block's edges are
 * gathered in bursts before they are worked on: one after the other, each would wait for memory. Before they are
 * copied, a number of each cache line of all of them is read, line by line, so that still more fetches are under way.
 */
final class ScalarEdges implements EdgePass {

  /** Numbers of a cache line. */
  private static final int LINE = 8;

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
  public void add(Batch batch, int from, int to, double[][] sums, double[][] gathered) {
    int length = sources.length(batch.samples);
    int last = edges.first(to);
    int target = from;
    for (int burst = edges.first(from); burst < last; burst += Scratch.BURST) {
      int end = Math.min(last, burst + Scratch.BURST);
      double touched = 0;
      for (int at = 0; at < length; at += LINE) {
        for (int e = burst; e < end; e++) {
          touched += sources.data[edges.source(e) * length + at];
        }
      }
      gathered[0][0] = touched;
      for (int e = burst; e < end; e++) {
        sources.load(edges.source(e), batch.samples, gathered[e - burst]);
      }
      for (int e = burst; e < end; e++) {
        while (edges.first(target + 1) <= e) {
          target++;
        }
        double[] sum = sums[target - from];
        if (e + 1 < end && e + 1 < edges.first(target + 1)) {
          Ranges.addTwo(
              sum, weight(batch, e), gathered[e - burst], weight(batch, e + 1), gathered[e + 1 - burst], length);
          e++;
        } else {
          Ranges.add(sum, weight(batch, e), gathered[e - burst], length);
        }
      }
    }
  }

  @Override
  public void addReverse(
      Batch batch, int from, int to, double[][] values, double[][] gradients, double[][] gathered) {
    int length = sources.length(batch.samples);
    int last = bySource.first(to);
    int source = from;
    for (int burst = bySource.first(from); burst < last; burst += Scratch.BURST) {
      int end = Math.min(last, burst + Scratch.BURST);
      double touched = 0;
      for (int at = 0; at < length; at += LINE) {
        for (int place = burst; place < end; place++) {
          touched += sumGradients.data[bySource.target(place) * length + at];
        }
      }
      gathered[0][0] = touched;
      for (int place = burst; place < end; place++) {
        sumGradients.load(bySource.target(place), batch.samples, gathered[place - burst]);
      }
      for (int place = burst; place < end; place++) {
        while (bySource.first(source + 1) <= place) {
          source++;
        }
        int edge = bySource.edge(place);
        double[] row = gathered[place - burst];
        Ranges.add(gradients[source - from], weight(batch, edge), row, length);
        if (weighted) {
          batch.gradient[blockStart + edge] += Ranges.dot(row, values[source - from], 0, length);
        }
      }
    }
  }

  @Override
  public void addWeightGradients(Batch batch, int from, int to, double[][] gradients, double[][] gathered) {
    int length = sources.length(batch.samples);
    for (int v = from; v < to && weighted; v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        batch.gradient[blockStart + e] +=
            Ranges.dot(gradients[v - from], sources.data, edges.source(e) * length, length);
      }
    }
  }
}
