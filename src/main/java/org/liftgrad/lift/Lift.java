package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;

/**
 * A lift of a blueprint B: a graph G with a homomorphism π to B, kept as the fibre over each vertex of B and the lifted
 * edges over each edge of B. A lifted vertex has the space and the activation function of the vertex below it, a lifted
 * edge the message function of the edge below; the messages along all lifted edges over one edge of B are added before
 * the activation function takes them, and what has no edge is 0. Immutable.
 *
 * <p><b>Parameters.</b> The weights of all lifted edges are one array: a block for each group of parameters of the
 * blueprint, in it the edges in the order of {@link Edges}, and of each the entries of its weight. Tied edges of the
 * blueprint have the same lifted edges and read the same block.
 *
 * <p><b>Rows.</b> Inputs and outputs of a batch are rows one after the other: vertices of the blueprint in order, of
 * each the vertices of its fibre, of each the entries, of each the samples.
 *
 * <p>Source: Random Sparse Lifts, definition 3.5.
 */
public final class Lift {

  private final Blueprint blueprint;
  private final int[] fibres;
  private final List<Edges> edges;
  private final int[] blockStarts;
  private final Map<String, List<String>> labels;

  private Lift(Blueprint blueprint, int[] fibres, List<Edges> edges, Map<String, List<String>> labels) {
    this.blueprint = blueprint;
    this.fibres = fibres;
    this.edges = List.copyOf(edges);
    this.labels = labels;
    blockStarts = blockStarts();
  }

  /**
   * A lift by its fibres and edges.
   *
   * @param fibres the size of the fibre over each vertex of the blueprint, at least 1
   * @param edges the lifted edges over each edge of the blueprint
   * @throws IllegalArgumentException where they do not fit each other, or where tied edges have different ones
   */
  public static Lift of(Blueprint blueprint, int[] fibres, List<Edges> edges) {
    Argument.require(
        fibres.length == blueprint.vertices().size(), "the number of fibres", fibres.length,
        blueprint.vertices().size() + ", one for each vertex of " + blueprint.name());
    Argument.require(
        edges.size() == blueprint.edges().size(), "the number of lists of edges", edges.size(),
        blueprint.edges().size() + ", one for each edge of " + blueprint.name());
    for (Vertex vertex : blueprint.vertices()) {
      Argument.atLeast("the size of the fibre over " + vertex.name(), fibres[vertex.index()], 1);
    }
    Map<Integer, Edge> firstOfGroup = new HashMap<>();
    for (Edge edge : blueprint.edges()) {
      Edges lifted = edges.get(edge.index());
      String name = blueprint.nameOf(edge);
      Argument.require(
          lifted.sources() == fibres[edge.source()] && lifted.targets() == fibres[edge.target()],
          "the lifted edges over " + name, "from " + lifted.sources() + " to " + lifted.targets() + " vertices",
          "from " + fibres[edge.source()] + " to " + fibres[edge.target()] + ", the sizes of the fibres");
      Edge first = firstOfGroup.computeIfAbsent(edge.group(), group -> edge);
      Argument.require(
          lifted.equals(edges.get(first.index())), "the lifted edges over " + name, "others than over "
              + blueprint.nameOf(first), "the same, for the two are tied");
    }
    return new Lift(blueprint, fibres.clone(), edges, Map.of());
  }

  /**
   * The lift along a homomorphism π from any graph to that of the blueprint. In each fibre, vertices are numbered in
   * the order of the graph.
   *
   * @throws IllegalArgumentException if π is no homomorphism (the sentence says which edge is why), or a fibre is empty
   */
  public static Lift along(Blueprint blueprint, Graph graph, FiniteMap projection) {
    Homomorphism homomorphism = new Homomorphism(graph, blueprint.graph(), projection);
    int[] fibres = projection.fibreSizes();
    int[] place = placesInFibres(projection);
    int[] counts = homomorphism.edges().fibreSizes();
    int[][] sources = new int[counts.length][];
    int[][] targets = new int[counts.length][];
    for (int e = 0; e < counts.length; e++) {
      sources[e] = new int[counts[e]];
      targets[e] = new int[counts[e]];
    }
    for (int e = graph.edges() - 1; e >= 0; e--) {
      int below = homomorphism.edges().apply(e);
      counts[below]--;
      sources[below][counts[below]] = place[graph.source(e)];
      targets[below][counts[below]] = place[graph.target(e)];
    }
    for (Vertex vertex : blueprint.vertices()) {
      Argument.atLeast("the size of the fibre over " + vertex.name(), fibres[vertex.index()], 1);
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      int e = edge.index();
      edges.add(Edges.of(fibres[edge.source()], fibres[edge.target()], sources[e], targets[e]));
    }
    return of(blueprint, fibres, edges);
  }

  /** For each vertex above, how many of its fibre come before it. */
  static int[] placesInFibres(FiniteMap projection) {
    int[] place = new int[projection.domain()];
    int[] next = new int[projection.codomain()];
    for (int u = 0; u < place.length; u++) {
      place[u] = next[projection.apply(u)]++;
    }
    return place;
  }

  /** The lift along the identity: the blueprint itself. */
  public static Lift identity(Blueprint blueprint) {
    return along(blueprint, blueprint.graph(), FiniteMap.identity(blueprint.vertices().size()));
  }

  /**
   * The lift with all lifted edges (definition 3.6).
   *
   * @param fibres the size of the fibre over each vertex of the blueprint, at least 1
   */
  public static Lift full(Blueprint blueprint, int... fibres) {
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      Argument.require(
          fibres.length == blueprint.vertices().size(), "the number of fibres", fibres.length,
          blueprint.vertices().size() + ", one for each vertex of " + blueprint.name());
      edges.add(EdgeLaw.full().draw(fibres[edge.source()], fibres[edge.target()], 0, edge.index()));
    }
    return of(blueprint, fibres, edges);
  }

  /** With names for the vertices of a fibre, for pictures and files. */
  public Lift labelled(String vertex, List<String> names) {
    int size = fibre(vertex);
    Argument.require(
        names.size() == size, "the number of names", names.size(), size + ", the size of the fibre over " + vertex);
    Argument.require(
        new HashSet<>(names).size() == size, "the names over " + vertex, names, "different from each other");
    Map<String, List<String>> more = new LinkedHashMap<>(labels);
    more.put(vertex, List.copyOf(names));
    return new Lift(blueprint, fibres, edges, more);
  }

  /** B. */
  public Blueprint blueprint() {
    return blueprint;
  }

  /** The size of the fibre over a vertex of the blueprint. */
  public int fibre(int vertex) {
    return fibres[vertex];
  }

  /** The size of the fibre over a vertex of the blueprint. */
  public int fibre(String vertex) {
    return fibres[blueprint.vertex(vertex).index()];
  }

  /** The lifted edges over an edge of the blueprint. */
  public Edges edges(int edge) {
    return edges.get(edge);
  }

  /** The lifted edges over an edge of the blueprint. */
  public Edges edges(String source, String target) {
    return edges.get(blueprint.edge(source, target).index());
  }

  /** |V_G|, the number of lifted vertices. */
  public long vertexCount() {
    return Arrays.stream(fibres).asLongStream().sum();
  }

  /** |E_G|, the number of lifted edges. */
  public long edgeCount() {
    return edges.stream().mapToLong(Edges::count).sum();
  }

  /** The number of parameters: realised edges, those of tied edges counted once, times the dimensions of their weights. */
  public int parameters() {
    return blockStarts[blockStarts.length - 1];
  }

  /** Where the block of a group of parameters begins; of group number {@link Blueprint#groups}, where the last ends. */
  public int blockStart(int group) {
    return blockStarts[group];
  }

  private int[] blockStarts() {
    long[] lengths = new long[blueprint.groups()];
    for (Edge edge : blueprint.edges()) {
      lengths[edge.group()] = (long) edges.get(edge.index()).count() * edge.message().weights().dimension();
    }
    int[] starts = new int[lengths.length + 1];
    for (int group = 0; group < lengths.length; group++) {
      long next = starts[group] + lengths[group];
      Argument.require(next <= Edges.MOST, "the number of parameters", next, "at most " + Edges.MOST);
      starts[group + 1] = (int) next;
    }
    return starts;
  }

  /** The number of entries of an input sample. */
  public int inputDimension() {
    return dimension(blueprint.inputs());
  }

  /** The number of entries of an output sample. */
  public int outputDimension() {
    return dimension(blueprint.outputs());
  }

  private int dimension(List<Vertex> vertices) {
    long dimension = 0;
    for (Vertex vertex : vertices) {
      dimension += (long) fibres[vertex.index()] * vertex.space().dimension();
    }
    Argument.require(dimension <= Edges.MOST, "the dimension of a sample", dimension, "at most " + Edges.MOST);
    return (int) dimension;
  }

  /** What a lifted vertex is called: {@code h1[3]}, or {@code x[r]} where its fibre has names. */
  public String nameOf(int vertex, int place) {
    String name = blueprint.vertices().get(vertex).name();
    return name + "[" + label(vertex, place).orElse(Integer.toString(place)) + "]";
  }

  /** The name of a vertex in its fibre, where it was given one. */
  public Optional<String> label(int vertex, int place) {
    return Optional.ofNullable(labels.get(blueprint.vertices().get(vertex).name())).map(names -> names.get(place));
  }

  // ---- as a graph over the blueprint

  /** The number in {@link #graph} of the first vertex of a fibre. */
  public int firstVertex(int vertex) {
    long first = 0;
    for (int v = 0; v < vertex; v++) {
      first += fibres[v];
    }
    Argument.require(first <= Edges.MOST, "the number of lifted vertices", first, "at most " + Edges.MOST);
    return (int) first;
  }

  /** The number in {@link #graph} of the first lifted edge over an edge. */
  int firstEdge(int edge) {
    int first = 0;
    for (int e = 0; e < edge; e++) {
      first += edges.get(e).count();
    }
    return first;
  }

  /** G: vertices fibre by fibre, edges base edge by base edge, each in the order of {@link Edges}. */
  public Graph graph() {
    Argument.require(edgeCount() <= Edges.MOST, "the number of lifted edges", edgeCount(), "at most " + Edges.MOST);
    int[] sources = new int[(int) edgeCount()];
    int[] targets = new int[sources.length];
    int at = 0;
    for (Edge edge : blueprint.edges()) {
      Edges lifted = edges.get(edge.index());
      int firstSource = firstVertex(edge.source());
      int firstTarget = firstVertex(edge.target());
      for (int v = 0; v < lifted.targets(); v++) {
        for (int e = lifted.first(v); e < lifted.first(v + 1); e++) {
          sources[at] = firstSource + lifted.source(e);
          targets[at++] = firstTarget + v;
        }
      }
    }
    return Graph.of(firstVertex(fibres.length), sources, targets);
  }

  /** π on the vertices of {@link #graph}. */
  public FiniteMap projection() {
    int[] images = new int[firstVertex(fibres.length)];
    int at = 0;
    for (int v = 0; v < fibres.length; v++) {
      Arrays.fill(images, at, at + fibres[v], v);
      at += fibres[v];
    }
    return FiniteMap.of(fibres.length, images);
  }

  /**
   * This lift as a perceptron module of its own, over its graph: a lift of a lift is a lift of this. Each vertex takes
   * the tuple of the pre-activations on its lifted edges and adds those over one edge of the blueprint. Vertices are
   * numbered as in {@link #graph}, and named as {@link #nameOf} says.
   *
   * @throws IllegalArgumentException where lifted edges are parallel, which a module's may not be
   */
  public Blueprint module() {
    BlueprintBuilder builder = Blueprint.blueprint("a lift of " + blueprint.name());
    int[] uses = blueprint.tying().fibreSizes();
    for (Vertex vertex : blueprint.vertices()) {
      for (int i = 0; i < fibres[vertex.index()]; i++) {
        builder = with(builder, vertex, i, uses);
      }
    }
    return builder.build();
  }

  private BlueprintBuilder with(BlueprintBuilder builder, Vertex vertex, int place, int[] uses) {
    String name = nameOf(vertex.index(), place);
    switch (vertex.role()) {
      case INPUT -> {
        return builder.input(name, vertex.space());
      }
      case CONSTANT -> {
        return builder.constant(name);
      }
      default -> {
        List<Edge> incoming = blueprint.incoming(vertex.index());
        int[] degrees =
            incoming.stream().mapToInt(edge -> edges.get(edge.index()).inDegree(place)).toArray();
        ActivationFunction below = vertex.activation().orElseThrow();
        BlueprintBuilder next =
            vertex.output()
                ? builder.output(name, inputs -> new FibreSums(below, degrees))
                : builder.vertex(name, inputs -> new FibreSums(below, degrees));
        for (Edge edge : incoming) {
          Edges lifted = edges.get(edge.index());
          for (int e = lifted.first(place); e < lifted.first(place + 1); e++) {
            next = next.from(nameOf(edge.source(), lifted.source(e)), source -> edge.message());
            if (uses[edge.group()] > 1) {
              next = next.tied(blueprint.groupNames().get(edge.group()) + " " + e);
            }
          }
        }
        return next;
      }
    }
  }

  /** σ_π(v) after the sums over the lifted edges of each edge of the blueprint. */
  private record FibreSums(ActivationFunction below, List<Integer> degrees) implements ActivationFunction {

    FibreSums(ActivationFunction below, int[] degrees) {
      this(below, Arrays.stream(degrees).boxed().toList());
    }

    @Override
    public String name() {
      return below.name() + " of sums";
    }

    @Override
    public List<Space> inputs() {
      List<Space> inputs = new ArrayList<>();
      for (int k = 0; k < degrees.size(); k++) {
        for (int e = 0; e < degrees.get(k); e++) {
          inputs.add(below.inputs().get(k));
        }
      }
      return inputs;
    }

    @Override
    public Space output() {
      return below.output();
    }

    /** One row for each edge of the blueprint. */
    private double[][] rows(int batch) {
      return below.inputs().stream().map(space -> new double[space.dimension() * batch]).toArray(double[][]::new);
    }

    private double[][] sums(double[][] preactivations, int batch) {
      double[][] sums = rows(batch);
      int at = 0;
      for (int k = 0; k < sums.length; k++) {
        for (int e = 0; e < degrees.get(k); e++) {
          for (int j = 0; j < sums[k].length; j++) {
            sums[k][j] += preactivations[at][j];
          }
          at++;
        }
      }
      return sums;
    }

    @Override
    public void apply(double[][] preactivations, double[] value, int batch) {
      below.apply(sums(preactivations, batch), value, batch);
    }

    @Override
    public void reverse(
        double[][] preactivations,
        double[] value,
        double[] valueGradient,
        double[][] preactivationGradients,
        int batch) {
      double[][] gradients = rows(batch);
      below.reverse(sums(preactivations, batch), value, valueGradient, gradients, batch);
      int at = 0;
      for (int k = 0; k < gradients.length; k++) {
        for (int e = 0; e < degrees.get(k); e++) {
          System.arraycopy(gradients[k], 0, preactivationGradients[at++], 0, gradients[k].length);
        }
      }
    }
  }

  /** The same blueprint, fibres, edges and names. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Lift lift
        && blueprint.equals(lift.blueprint)
        && Arrays.equals(fibres, lift.fibres)
        && edges.equals(lift.edges)
        && labels.equals(lift.labels);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(fibres) + edges.hashCode();
  }

  /** Sizes in a line. */
  @Override
  public String toString() {
    return "a lift of " + blueprint.name() + ": " + vertexCount() + " vertices, " + edgeCount() + " edges, "
        + parameters() + " parameters";
  }
}
