package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The lifted edges over one base edge (a, b): which vertices of the fibre over a each vertex of the fibre
 * over b reads (Definition 3.5 of the first paper, one base edge at a time).
 *
 * <p>Vertices are numbered from 0 within their fibre. Edges are sorted by target, those of one target by
 * source, and numbered from 0 in that order; edge e of target v has first(v) ≤ e &lt; first(v + 1). Weights,
 * gradients and whatever else belongs to edges is kept in arrays of this order. Two edges may join the same
 * two vertices (parents drawn with replacement); each has its own weight and their messages add.
 *
 * <p>Takes 4 bytes an edge and 4 a target; {@link #bySource} another 8 an edge and 4 a source. Immutable.
 */
public final class Edges {

  /** The most edges that fit: the longest array. */
  public static final int MOST = Integer.MAX_VALUE - 8;

  private final int sources;
  private final int targets;
  private final int[] starts;
  private final int[] from;

  /** Keeps the arrays, which must be sorted and checked. */
  Edges(int sources, int targets, int[] starts, int[] from) {
    this.sources = sources;
    this.targets = targets;
    this.starts = starts;
    this.from = from;
  }

  /**
   * Edges in any order.
   *
   * @param sources the size of the fibre over a, at least 1
   * @param targets the size of the fibre over b, at least 1
   * @param from the source of each, from 0 to sources − 1; not modified
   * @param to the target of each, from 0 to targets − 1, as many; not modified
   */
  public static Edges of(int sources, int targets, int[] from, int[] to) {
    fibres(sources, targets);
    Argument.require(from.length == to.length, "the number of targets given", to.length, "that of sources, " + from.length);
    for (int e = 0; e < from.length; e++) {
      place("the source of edge", e, from[e], sources);
      place("the target of edge", e, to[e], targets);
    }
    int[] starts = new int[targets + 1];
    int[] sorted = new int[from.length];
    // By source first, then by target keeping that order.
    int[] order = order(from, sources);
    for (int target : to) {
      starts[target + 1]++;
    }
    accumulate(starts);
    int[] next = starts.clone();
    for (int e : order) {
      sorted[next[to[e]]++] = from[e];
    }
    return new Edges(sources, targets, starts, sorted);
  }

  private static int[] order(int[] from, int sources) {
    int[] next = new int[sources + 1];
    for (int source : from) {
      next[source + 1]++;
    }
    accumulate(next);
    int[] order = new int[from.length];
    for (int e = 0; e < from.length; e++) {
      order[next[from[e]]++] = e;
    }
    return order;
  }

  private static void place(String what, int edge, int value, int size) {
    if (value < 0 || value >= size) {
      throw Argument.refused(what + " " + edge, value, "from 0 to " + (size - 1));
    }
  }

  /** Refuses an empty fibre. */
  static void fibres(int sources, int targets) {
    Argument.positive("the size of the fibre of sources", sources);
    Argument.positive("the size of the fibre of targets", targets);
  }

  /** Counts shifted by one become starts. */
  static void accumulate(int[] counts) {
    for (int k = 1; k < counts.length; k++) {
      counts[k] += counts[k - 1];
    }
  }

  /** The size of the fibre over a. */
  public int sources() {
    return sources;
  }

  /** The size of the fibre over b. */
  public int targets() {
    return targets;
  }

  /** How many edges there are. */
  public int count() {
    return from.length;
  }

  /**
   * The number of a target's first edge.
   *
   * @param target from 0 to {@link #targets}, where it is {@link #count}
   */
  public int first(int target) {
    return starts[target];
  }

  /** The source of an edge. */
  public int source(int edge) {
    return from[edge];
  }

  /** The target of an edge, in logarithmic time. */
  public int target(int edge) {
    Argument.require(edge >= 0 && edge < from.length, "edge", edge, "from 0 to " + (from.length - 1));
    int place = Arrays.binarySearch(starts, edge);
    if (place < 0) {
      return -place - 2;
    }
    // Targets without edges start where the next one does.
    while (starts[place + 1] == edge) {
      place++;
    }
    return place;
  }

  /** How many edges end in a target. */
  public int inDegree(int target) {
    return starts[target + 1] - starts[target];
  }

  /** The most edges that end in one target. */
  public int mostInDegree() {
    int most = 0;
    for (int v = 0; v < targets; v++) {
      most = Math.max(most, inDegree(v));
    }
    return most;
  }

  /** How many edges leave each source. */
  public int[] outDegrees() {
    int[] degrees = new int[sources];
    for (int source : from) {
      degrees[source]++;
    }
    return degrees;
  }

  /** The same edges in the order of their sources. Made anew at each call. */
  public BySource bySource() {
    return new BySource(this);
  }

  /** How many bytes the edges take, without weights. */
  public long bytes() {
    return 4L * from.length + 4L * starts.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Edges edges
        && edges.sources == sources
        && Arrays.equals(edges.starts, starts)
        && Arrays.equals(edges.from, from);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(starts) + Arrays.hashCode(from);
  }

  @Override
  public String toString() {
    return Numbers.counted(count(), "edge") + " from " + sources + " to " + targets;
  }

  /** Edges in the order of their sources, those of one source by target: what a reverse pass reads. */
  public static final class BySource {

    private final int[] starts;
    private final int[] edges;
    private final int[] to;

    private BySource(Edges sorted) {
      starts = new int[sorted.sources + 1];
      edges = new int[sorted.count()];
      to = new int[sorted.count()];
      for (int source : sorted.from) {
        starts[source + 1]++;
      }
      accumulate(starts);
      int[] next = starts.clone();
      for (int v = 0; v < sorted.targets; v++) {
        for (int e = sorted.starts[v]; e < sorted.starts[v + 1]; e++) {
          int place = next[sorted.from[e]]++;
          edges[place] = e;
          to[place] = v;
        }
      }
    }

    /** The place of a source's first edge. */
    public int first(int source) {
      return starts[source];
    }

    /** The number of the edge at a place, in the order by target. */
    public int edge(int place) {
      return edges[place];
    }

    /** The target of the edge at a place. */
    public int target(int place) {
      return to[place];
    }

    /** How many bytes they take. */
    public long bytes() {
      return 8L * to.length + 4L * starts.length;
    }

    @Override
    public String toString() {
      return Numbers.counted(to.length, "edge") + " by source, from " + (starts.length - 1);
    }
  }
}
