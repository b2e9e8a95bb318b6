package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.kernel.Argument;

/**
 * A homomorphism of graphs: a map of vertices that takes every edge (u, v) to an edge (φ u, φ v). Checked when it is
 * built. Of parallel edges the first goes to the first, the second to the second, and further ones to the last.
 *
 * <p>Source: Random Sparse Lifts, definition 3.5.
 */
public final class Homomorphism {

  private final Graph from;
  private final Graph to;
  private final FiniteMap vertices;
  private final FiniteMap edges;

  /**
   * A homomorphism.
   *
   * @param from the graph that is mapped
   * @param to the graph that it is mapped to
   * @param vertices φ, from the vertices of the one to those of the other
   * @throws IllegalArgumentException if an edge does not go to an edge; the sentence says which
   */
  public Homomorphism(Graph from, Graph to, FiniteMap vertices) {
    Argument.require(
        vertices.domain() == from.vertices() && vertices.codomain() == to.vertices(), "the map of vertices",
        vertices.domain() + " → " + vertices.codomain(),
        from.vertices() + " → " + to.vertices() + ", the numbers of vertices");
    this.from = from;
    this.to = to;
    this.vertices = vertices;
    edges = FiniteMap.of(to.edges(), images());
  }

  /** Vertex by vertex, the edges above and below side by side in the order of the sources below. */
  private int[] images() {
    int[] images = new int[from.edges()];
    int[][] above = from.incoming();
    int[][] below = to.incoming();
    long[][] sorted = new long[below.length][];
    for (int v = 0; v < above.length; v++) {
      int target = vertices.apply(v);
      long[] toMap =
          Arrays.stream(above[v]).mapToLong(e -> key(vertices.apply(from.source(e)), e)).sorted().toArray();
      if (sorted[target] == null) {
        sorted[target] = Arrays.stream(below[target]).mapToLong(e -> key(to.source(e), e)).sorted().toArray();
      }
      long[] candidates = sorted[target];
      int at = 0;
      for (int k = 0; k < toMap.length; k++) {
        int source = (int) (toMap[k] >> 32);
        boolean parallel = k > 0 && source == (int) (toMap[k - 1] >> 32);
        // The next of parallel candidates where there is one, else the last again.
        if (parallel && at + 1 < candidates.length && (int) (candidates[at + 1] >> 32) == source) {
          at++;
        }
        while (at < candidates.length && (int) (candidates[at] >> 32) < source) {
          at++;
        }
        int e = (int) toMap[k];
        if (at == candidates.length || (int) (candidates[at] >> 32) != source) {
          throw Argument.refused(
              "edge " + e + ", from vertex " + from.source(e) + " to vertex " + v,
              "mapped to (" + source + ", " + target + "), which is no edge", "mapped to an edge, for a homomorphism");
        }
        images[e] = (int) candidates[at];
      }
    }
    return images;
  }

  /** Sorts by source, then by number. */
  private static long key(int source, int edge) {
    return (long) source << 32 | edge;
  }

  /** The graph that is mapped. */
  public Graph from() {
    return from;
  }

  /** The graph that it is mapped to. */
  public Graph to() {
    return to;
  }

  /** φ on vertices. */
  public FiniteMap vertices() {
    return vertices;
  }

  /** φ on edges. */
  public FiniteMap edges() {
    return edges;
  }

  /** φ ∘ first. */
  public Homomorphism after(Homomorphism first) {
    Argument.require(first.to.equals(from), "the graph that the first goes to", first.to, from.toString());
    return new Homomorphism(first.from, to, vertices.after(first.vertices));
  }

  /** Is it a fibration, one to one and onto from the edges into each v to those into φ v? */
  public boolean isFibration() {
    int[][] above = from.incoming();
    int[][] below = to.incoming();
    for (int v = 0; v < above.length; v++) {
      int[] images = Arrays.stream(above[v]).map(edges::apply).sorted().toArray();
      if (!Arrays.equals(images, below[vertices.apply(v)])) {
        return false;
      }
    }
    return true;
  }
}
