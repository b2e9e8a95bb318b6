package org.liftgrad.blueprint;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * A perceptron module over a finite directed acyclic graph: a Euclidean space Y_v and an activation function σ_v at
 * each vertex, a message function M_e with weights in W_e and pre-activations in Z_e on each edge, inputs I and outputs
 * T. Immutable; {@link BlueprintBuilder} makes it.
 *
 * <p>Vertices are numbered in a topological order, edges so that those into one vertex follow each other. Parameters
 * are tied by a map τ from edges to groups: edges of one group have the same weights, so the parameters are a section
 * over the groups, and the weights are its pullback along τ.
 *
 * <p>Source: Random Sparse Lifts, definition 3.3.
 */
public final class Blueprint {

  private final String name;
  private final List<Vertex> vertices;
  private final List<Edge> edges;
  private final List<String> groupNames;
  private final int[] firstIncoming;
  private final Map<String, Vertex> byName = new LinkedHashMap<>();

  /** For the builder, which has checked all of it. */
  Blueprint(String name, List<Vertex> vertices, List<Edge> edges, List<String> groupNames) {
    this.name = name;
    this.vertices = List.copyOf(vertices);
    this.edges = List.copyOf(edges);
    this.groupNames = List.copyOf(groupNames);
    firstIncoming = new int[vertices.size() + 1];
    for (Edge edge : edges) {
      firstIncoming[edge.target() + 1]++;
    }
    for (int v = 0; v < vertices.size(); v++) {
      firstIncoming[v + 1] += firstIncoming[v];
      byName.put(vertices.get(v).name(), vertices.get(v));
    }
  }

  /**
   * Begins a blueprint.
   *
   * @param name not blank
   */
  public static BlueprintBuilder blueprint(String name) {
    return BlueprintBuilder.begin(name);
  }

  /** What it is called. */
  public String name() {
    return name;
  }

  /** V, in a topological order: vertex number v stands at place v. */
  public List<Vertex> vertices() {
    return vertices;
  }

  /** E: edge number e stands at place e. */
  public List<Edge> edges() {
    return edges;
  }

  /** The vertex of this name. */
  public Vertex vertex(String name) {
    Vertex vertex = byName.get(name);
    if (vertex == null) {
      throw Argument.refused("vertex", name, "one of " + byName.keySet());
    }
    return vertex;
  }

  /** The edge from one vertex to another. */
  public Edge edge(String source, String target) {
    int from = vertex(source).index();
    return incoming(vertex(target).index()).stream()
        .filter(edge -> edge.source() == from)
        .findFirst()
        .orElseThrow(() -> Argument.refused("edge", source + " → " + target, "one of " + name));
  }

  /** The edges into a vertex, in the order in which σ_v takes their pre-activations. */
  public List<Edge> incoming(int vertex) {
    return edges.subList(firstIncoming[vertex], firstIncoming[vertex + 1]);
  }

  /** The edges out of a vertex. */
  public List<Edge> outgoing(int vertex) {
    return edges.stream().filter(edge -> edge.source() == vertex).toList();
  }

  /** B = (V, E). */
  public Graph graph() {
    return Graph.of(
        vertices.size(),
        edges.stream().mapToInt(Edge::source).toArray(),
        edges.stream().mapToInt(Edge::target).toArray());
  }

  /** The length of the longest path to each vertex: 0 for those without parents. */
  public int[] depths() {
    int[] depths = new int[vertices.size()];
    for (Edge edge : edges) {
      depths[edge.target()] = Math.max(depths[edge.target()], depths[edge.source()] + 1);
    }
    return depths;
  }

  /** The vertices of I whose activations are given, in order; constants are not among them. */
  public List<Vertex> inputs() {
    return those(vertex -> vertex.role() == Vertex.Role.INPUT);
  }

  /** T, in order. */
  public List<Vertex> outputs() {
    return those(Vertex::output);
  }

  private List<Vertex> those(Predicate<Vertex> wanted) {
    return vertices.stream().filter(wanted).toList();
  }

  /** How an edge is named in refusals and pictures: {@code x → h1}. */
  public String nameOf(Edge edge) {
    return vertices.get(edge.source()).name() + " → " + vertices.get(edge.target()).name();
  }

  /** τ : E → groups of parameters, the identity unless edges are tied. */
  public FiniteMap tying() {
    return FiniteMap.of(groupNames.size(), edges.stream().mapToInt(Edge::group).toArray());
  }

  /** The same module with a group of parameters for each edge. */
  public Blueprint untied() {
    List<Edge> free =
        edges.stream()
            .map(edge -> new Edge(edge.index(), edge.source(), edge.target(), edge.message(), edge.index()))
            .toList();
    return new Blueprint(name, vertices, free, edges.stream().map(this::nameOf).toList());
  }

  /** The name of a group of parameters: that of its edge, or what tied edges were said to have in common. */
  public List<String> groupNames() {
    return groupNames;
  }

  /** The number of groups of parameters: as many as edges unless edges are tied. */
  public int groups() {
    return groupNames.size();
  }

  /** Y, over vertices. */
  public Bundle activations() {
    return Bundle.of(vertices.stream().map(Vertex::space).toList());
  }

  /** Z, over edges. */
  public Bundle preactivations() {
    return Bundle.of(edges.stream().map(edge -> edge.message().output()).toList());
  }

  /** W, over edges. */
  public Bundle weights() {
    return Bundle.of(edges.stream().map(edge -> edge.message().weights()).toList());
  }

  /** The bundle over groups of parameters whose pullback along τ is W. */
  public Bundle parameters() {
    List<Space> spaces = new ArrayList<>(Collections.nCopies(groups(), Space.ofDimensionZero()));
    edges.forEach(edge -> spaces.set(edge.group(), edge.message().weights()));
    return Bundle.of(spaces);
  }

  /**
   * Has it a linear readout (definition 4.1)? Then each output is a plain sum of messages that are linear in weights
   * of their own.
   */
  public boolean hasLinearReadout() {
    int[] uses = tying().fibreSizes();
    return outputs().stream()
        .allMatch(
            output ->
                output.activation().orElseThrow() instanceof PointwiseSum sum
                    && sum.function() instanceof Activation.Identity
                    && incoming(output.index()).stream()
                        .allMatch(edge -> edge.message().linearInWeights() && uses[edge.group()] == 1));
  }

  /** The same name, vertices and edges. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Blueprint blueprint
        && name.equals(blueprint.name)
        && vertices.equals(blueprint.vertices)
        && edges.equals(blueprint.edges)
        && groupNames.equals(blueprint.groupNames);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + vertices.hashCode()) + edges.hashCode();
  }

  /** Name and sizes. */
  @Override
  public String toString() {
    String tied = groups() < edges.size() ? " with " + groups() + " groups of parameters" : "";
    return name + ": " + vertices.size() + " vertices, " + Numbers.counted(edges.size(), "edge") + tied;
  }
}
