package org.liftgrad.blueprint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * A finite directed graph: vertices 0, 1, … and edges between them, also counted from 0. Edges may be parallel. Immutable.
 */
public final class Graph {

  private final int vertices;
  private final int[] sources;
  private final int[] targets;

  private Graph(int vertices, int[] sources, int[] targets) {
    this.vertices = vertices;
    this.sources = sources;
    this.targets = targets;
  }

  /**
   * A graph by its edges.
   *
   * @param vertices how many there are, at least 0
   * @param sources where each edge begins, from 0 to vertices − 1; copied
   * @param targets where each edge ends, as many; copied
   */
  public static Graph of(int vertices, int[] sources, int[] targets) {
    Argument.atLeast("vertices", vertices, 0);
    Argument.require(
        sources.length == targets.length, "the number of targets", targets.length,
        sources.length + ", that of the sources");
    for (int e = 0; e < sources.length; e++) {
      within("the source of edge ", e, sources[e], vertices);
      within("the target of edge ", e, targets[e], vertices);
    }
    return new Graph(vertices, sources.clone(), targets.clone());
  }

  private static void within(String what, int edge, int vertex, int vertices) {
    if (vertex < 0 || vertex >= vertices) {
      throw Argument.refused(what + edge, vertex, "one of " + vertices + " vertices, counted from 0");
    }
  }

  /** |V|. */
  public int vertices() {
    return vertices;
  }

  /** |E|. */
  public int edges() {
    return sources.length;
  }

  /** Where an edge begins. */
  public int source(int edge) {
    return sources[edge];
  }

  /** Where an edge ends. */
  public int target(int edge) {
    return targets[edge];
  }

  /** The numbers of the edges into each vertex, increasing. */
  public int[][] incoming() {
    return grouped(targets);
  }

  private int[][] grouped(int[] ends) {
    int[] sizes = new int[vertices];
    for (int end : ends) {
      sizes[end]++;
    }
    int[][] groups = new int[vertices][];
    Arrays.setAll(groups, v -> new int[sizes[v]]);
    Arrays.fill(sizes, 0);
    for (int e = 0; e < ends.length; e++) {
      groups[ends[e]][sizes[ends[e]]++] = e;
    }
    return groups;
  }

  /**
   * The vertices in an order in which every edge points forwards: at each step the one of the smallest number that has
   * no parent left. Empty for a graph with a cycle.
   */
  public Optional<int[]> topologicalOrder() {
    int[] order = withoutCycles();
    return order.length == vertices ? Optional.of(order) : Optional.empty();
  }

  /** Has it no cycle? */
  public boolean isAcyclic() {
    return withoutCycles().length == vertices;
  }

  /** In topological order, all vertices that no cycle leads to. */
  private int[] withoutCycles() {
    int[] waiting = new int[vertices];
    for (int target : targets) {
      waiting[target]++;
    }
    int[][] outgoing = grouped(sources);
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int v = 0; v < vertices; v++) {
      if (waiting[v] == 0) {
        ready.add(v);
      }
    }
    int[] order = new int[vertices];
    int taken = 0;
    while (!ready.isEmpty()) {
      int v = ready.remove();
      order[taken++] = v;
      for (int e : outgoing[v]) {
        if (--waiting[targets[e]] == 0) {
          ready.add(targets[e]);
        }
      }
    }
    return Arrays.copyOf(order, taken);
  }

  /** The vertices along a cycle, in the direction of its edges and the first one again at the end; empty without one. */
  public List<Integer> cycle() {
    boolean[] onOrBehind = new boolean[vertices];
    Arrays.fill(onOrBehind, true);
    for (int v : withoutCycles()) {
      onOrBehind[v] = false;
    }
    int at = 0;
    while (at < vertices && !onOrBehind[at]) {
      at++;
    }
    if (at == vertices) {
      return List.of();
    }
    // Each of these vertices has a parent among them: walking back along parents must come round.
    int[][] incoming = incoming();
    int[] step = new int[vertices];
    Arrays.fill(step, -1);
    List<Integer> path = new ArrayList<>();
    while (step[at] < 0) {
      step[at] = path.size();
      path.add(at);
      for (int e : incoming[at]) {
        if (onOrBehind[sources[e]]) {
          at = sources[e];
          break;
        }
      }
    }
    List<Integer> cycle = new ArrayList<>(path.subList(step[at], path.size()));
    cycle.add(at);
    Collections.reverse(cycle);
    return cycle;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Graph graph
        && vertices == graph.vertices
        && Arrays.equals(sources, graph.sources)
        && Arrays.equals(targets, graph.targets);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * vertices + Arrays.hashCode(sources)) + Arrays.hashCode(targets);
  }

  /** Sizes. */
  @Override
  public String toString() {
    return vertices + " vertices, " + Numbers.counted(sources.length, "edge");
  }
}
