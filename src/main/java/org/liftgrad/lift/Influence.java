package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;

/**
 * How far a change of one weight reaches: the vertices downstream of an edge that are read out, those with an edge
 * into an output. In sparse lifts they are few, so that a parameter move of bounded norm can spoil few copies of a
 * witness: at most Δ R²/η², for Δ the {@linkplain #largest largest influence}, R the norm of the move and η the
 * tolerance of a copy.
 *
 * <p>Source: theory file, 4.6 (reconstructed).
 */
public final class Influence {

  private final Lift lift;
  private final Blueprint blueprint;
  /** Of each base vertex: those its edges lead to, outputs left out. */
  private final List<List<Edge>> leaving = new ArrayList<>();

  private final Edges.BySource[] bySource;
  private final boolean[] feeding;
  /** For each hidden vertex, the number of vertices downstream that are read out, itself among them. */
  private final int[][] reached;

  // Of the search at hand: the vertices found over each base vertex, and a mark on each.
  private final int[][] found;
  private final int[] counts;
  private final int[][] marks;
  private int mark;

  /** The influence of each vertex of a lift. */
  public static Influence of(Lift lift) {
    return new Influence(lift);
  }

  private Influence(Lift lift) {
    this.lift = lift;
    blueprint = lift.blueprint();
    int size = blueprint.vertices().size();
    bySource = new Edges.BySource[blueprint.edges().size()];
    feeding = new boolean[size];
    found = new int[size][];
    counts = new int[size];
    marks = new int[size][];
    reached = new int[size][];
    for (Vertex vertex : blueprint.vertices()) {
      int v = vertex.index();
      List<Edge> hidden = new ArrayList<>();
      for (Edge edge : blueprint.outgoing(v)) {
        boolean output = blueprint.vertices().get(edge.target()).output();
        feeding[v] |= output;
        if (!output && Coverage.isHidden(vertex)) {
          hidden.add(edge);
          bySource[edge.index()] = lift.edges(edge.index()).bySource();
        }
      }
      leaving.add(hidden);
      found[v] = new int[lift.fibre(v)];
      marks[v] = new int[lift.fibre(v)];
    }
    for (Vertex vertex : blueprint.vertices()) {
      reached[vertex.index()] = new int[Coverage.isHidden(vertex) ? lift.fibre(vertex.index()) : 0];
      for (int i = 0; i < reached[vertex.index()].length; i++) {
        reached[vertex.index()][i] = reachedFrom(vertex.index(), i);
      }
    }
  }

  /** Fills {@link #found} with what is downstream of a vertex, itself among it. */
  private int reachedFrom(int vertex, int place) {
    mark++;
    Arrays.fill(counts, 0);
    add(vertex, place);
    int total = 0;
    // Base vertices are in a topological order: what is downstream comes later.
    for (int v = vertex; v < counts.length; v++) {
      for (int k = 0; k < counts[v]; k++) {
        for (Edge edge : leaving.get(v)) {
          Edges.BySource edges = bySource[edge.index()];
          for (int at = edges.first(found[v][k]); at < edges.first(found[v][k] + 1); at++) {
            add(edge.target(), edges.target(at));
          }
        }
      }
      total += feeding[v] ? counts[v] : 0;
    }
    return total;
  }

  private void add(int vertex, int place) {
    if (marks[vertex][place] != mark) {
      marks[vertex][place] = mark;
      found[vertex][counts[vertex]++] = place;
    }
  }

  /**
   * The influence of the edges into a hidden vertex: how many vertices that are read out can see it, itself if it is.
   */
  public int reached(String vertex, int place) {
    return reached[blueprint.vertex(vertex).index()][place];
  }

  /** Δ, the largest influence of an edge into a hidden vertex. */
  public int largest() {
    return Arrays.stream(reached).flatMapToInt(Arrays::stream).max().orElse(0);
  }

  /**
   * The most copies that a move of the parameters can break: Δ R²/η².
   *
   * @param radius R, the norm of the move, at least 0
   * @param tolerance η, above 0
   */
  public double mostBroken(double radius, double tolerance) {
    Argument.notNegative("radius", radius);
    Argument.positive("tolerance", tolerance);
    return largest() * (radius / tolerance) * (radius / tolerance);
  }

  private record Candidate(int vertex, int place, int broken) {}

  /**
   * An adversary's move: as many edges as the radius allows are shifted by hardly more than the tolerance of the
   * copies, each time one of those into the vertex with the most unbroken copies downstream (the greedy choice, within
   * 1 − 1/e of the best; Nemhauser, Wolsey and Fisher 1978).
   *
   * @param coverage of a network on this lift
   * @param radius R, the largest norm of the move, at least 0
   * @return the parameters of the network after the move
   */
  public double[] adversary(Coverage coverage, double radius) {
    Argument.require(
        coverage.network().lift() == lift, "the lift of the network", coverage.network().lift(), "the same, " + lift);
    Argument.notNegative("radius", radius);
    double shift = Math.max(coverage.tolerance() * (1 + 1e-9), Double.MIN_NORMAL);
    double[] parameters = coverage.network().parameters();
    long[][] whole = wholeCopies(coverage);
    PriorityQueue<Candidate> queue =
        new PriorityQueue<>(
            Comparator.comparingInt(Candidate::broken).reversed().thenComparingInt(Candidate::vertex)
                .thenComparingInt(Candidate::place));
    for (int v = 0; v < reached.length; v++) {
      for (int i = 0; i < reached[v].length; i++) {
        if (reached[v][i] > 0 && firstParameter(v, i) >= 0) {
          queue.add(new Candidate(v, i, reached[v][i]));
        }
      }
    }
    double spent = 0;
    while (!queue.isEmpty() && spent + shift * shift <= radius * radius) {
      Candidate best = queue.poll();
      int breaks = wholeDownstream(best, whole, false);
      if (breaks < best.broken) {
        // Others may break more now; what it breaks only becomes less.
        if (breaks > 0) {
          queue.add(new Candidate(best.vertex, best.place, breaks));
        }
        continue;
      }
      wholeDownstream(best, whole, true);
      parameters[firstParameter(best.vertex, best.place)] += shift;
      spent += shift * shift;
    }
    return parameters;
  }

  /** A bit for each vertex that is read out and a copy of some vertex of the witness. */
  private long[][] wholeCopies(Coverage coverage) {
    long[][] whole = new long[reached.length][];
    for (int v = 0; v < reached.length; v++) {
      whole[v] = new long[(lift.fibre(v) + 63) / 64];
      for (long[] copies : coverage.bits()[v]) {
        for (int word = 0; feeding[v] && word < copies.length; word++) {
          whole[v][word] |= copies[word];
        }
      }
    }
    return whole;
  }

  private int wholeDownstream(Candidate from, long[][] whole, boolean breakThem) {
    reachedFrom(from.vertex, from.place);
    int count = 0;
    for (int v = from.vertex; v < counts.length; v++) {
      for (int k = 0; feeding[v] && k < counts[v]; k++) {
        int at = found[v][k];
        if ((whole[v][at >> 6] >>> at & 1) == 1) {
          count++;
          if (breakThem) {
            whole[v][at >> 6] &= ~(1L << at);
          }
        }
      }
    }
    return count;
  }

  /** The first entry of a weight into a vertex, or −1 where there is none. */
  private int firstParameter(int vertex, int place) {
    for (Edge edge : blueprint.incoming(vertex)) {
      Edges edges = lift.edges(edge.index());
      int entries = edge.message().weights().dimension();
      if (entries > 0 && edges.inDegree(place) > 0) {
        return lift.blockStart(edge.group()) + edges.first(place) * entries;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    return "largest influence " + largest();
  }
}
