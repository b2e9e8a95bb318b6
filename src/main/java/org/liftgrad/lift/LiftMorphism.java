package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;

/**
 * A homomorphism φ : G → G' between two lifts of one blueprint that lies over it: each fibre is mapped into the fibre
 * over the same vertex. Parameters of G' are pulled back to G, parameters of G are pushed forward to G'. Checked when
 * it is built.
 *
 * <p>If φ is a {@linkplain #isFibration fibration}, activations at pulled back parameters and inputs are the pulled back
 * activations (theory file, lemma L2). If it is one to one on vertices and every edge of G' outside its image has a
 * message that is linear in its weights, the activations at pushed forward parameters are those of G (L5, masking).
 */
public final class LiftMorphism {

  private final Lift from;
  private final Lift to;
  private final List<FiniteMap> fibres;
  private final Homomorphism homomorphism;
  /** For each group of parameters, the map of the edges that its block holds. */
  private final List<FiniteMap> blocks;

  /**
   * A homomorphism over the blueprint.
   *
   * @param fibres for each vertex of the blueprint, the map of its fibre
   * @throws IllegalArgumentException if the blueprints differ, the maps do not fit, an edge does not go to an edge (the
   *     sentence says which), or tied edges do not go to tied ones
   */
  public LiftMorphism(Lift from, Lift to, List<FiniteMap> fibres) {
    Argument.require(
        from.blueprint().equals(to.blueprint()), "the blueprint of the second lift", to.blueprint(),
        "that of the first, " + from.blueprint());
    Argument.require(
        fibres.size() == from.blueprint().vertices().size(), "the number of maps", fibres.size(),
        from.blueprint().vertices().size() + ", one for each vertex of the blueprint");
    this.from = from;
    this.to = to;
    this.fibres = List.copyOf(fibres);
    for (Vertex vertex : from.blueprint().vertices()) {
      FiniteMap map = fibres.get(vertex.index());
      Argument.require(
          map.domain() == from.fibre(vertex.index()) && map.codomain() == to.fibre(vertex.index()),
          "the map over " + vertex.name(), map.domain() + " → " + map.codomain(),
          from.fibre(vertex.index()) + " → " + to.fibre(vertex.index()) + ", the sizes of the fibres");
    }
    homomorphism = new Homomorphism(from.graph(), to.graph(), vertices());
    blocks = blocks();
  }

  private FiniteMap vertices() {
    int[] images = new int[from.firstVertex(fibres.size())];
    int at = 0;
    for (int v = 0; v < fibres.size(); v++) {
      int first = to.firstVertex(v);
      for (int i = 0; i < fibres.get(v).domain(); i++) {
        images[at++] = first + fibres.get(v).apply(i);
      }
    }
    return FiniteMap.of(to.firstVertex(fibres.size()), images);
  }

  private List<FiniteMap> blocks() {
    Map<Integer, FiniteMap> ofGroup = new HashMap<>();
    for (Edge edge : from.blueprint().edges()) {
      int firstFrom = from.firstEdge(edge.index());
      int firstTo = to.firstEdge(edge.index());
      int[] images = new int[from.edges(edge.index()).count()];
      Arrays.setAll(images, e -> homomorphism.edges().apply(firstFrom + e) - firstTo);
      FiniteMap map = FiniteMap.of(to.edges(edge.index()).count(), images);
      FiniteMap before = ofGroup.putIfAbsent(edge.group(), map);
      Argument.require(
          before == null || before.equals(map), "the map of the edges over " + from.blueprint().nameOf(edge),
          "another than that of edges tied to it", "the same");
    }
    List<FiniteMap> blocks = new ArrayList<>();
    for (int group = 0; group < from.blueprint().groups(); group++) {
      blocks.add(ofGroup.get(group));
    }
    return blocks;
  }

  /**
   * The homomorphism of a lift to one whose fibres are larger, that keeps the number of every vertex.
   *
   * @throws IllegalArgumentException if the larger one lacks an edge of the smaller one
   */
  public static LiftMorphism inclusion(Lift smaller, Lift larger) {
    List<FiniteMap> maps = new ArrayList<>();
    for (Vertex vertex : smaller.blueprint().vertices()) {
      int size = smaller.fibre(vertex.index());
      Argument.require(
          size <= larger.fibre(vertex.index()), "the size of the larger lift's fibre over " + vertex.name(),
          larger.fibre(vertex.index()), "at least that of the smaller one's, " + size);
      int[] same = new int[size];
      Arrays.setAll(same, i -> i);
      maps.add(FiniteMap.of(larger.fibre(vertex.index()), same));
    }
    return new LiftMorphism(smaller, larger, maps);
  }

  /**
   * A permutation of one fibre, as a homomorphism to the lift that it makes.
   *
   * @param vertex of the blueprint
   * @param permutation vertex i of the fibre gets the number {@code permutation.apply(i)}
   */
  public static LiftMorphism permutation(Lift lift, String vertex, FiniteMap permutation) {
    int moved = lift.blueprint().vertex(vertex).index();
    Argument.require(
        permutation.isPermutation() && permutation.domain() == lift.fibre(moved), "the permutation", permutation,
        "a permutation of the " + lift.fibre(moved) + " vertices over " + vertex);
    List<FiniteMap> maps = new ArrayList<>();
    for (Vertex each : lift.blueprint().vertices()) {
      maps.add(each.index() == moved ? permutation : FiniteMap.identity(lift.fibre(each.index())));
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : lift.blueprint().edges()) {
      Edges before = lift.edges(edge.index());
      int[] sources = new int[before.count()];
      int[] targets = new int[before.count()];
      for (int e = 0; e < sources.length; e++) {
        sources[e] = maps.get(edge.source()).apply(before.source(e));
        targets[e] = maps.get(edge.target()).apply(before.target(e));
      }
      edges.add(Edges.of(before.sources(), before.targets(), sources, targets));
    }
    int[] sizes = maps.stream().mapToInt(FiniteMap::domain).toArray();
    return new LiftMorphism(lift, Lift.of(lift.blueprint(), sizes, edges), maps);
  }

  /** G. */
  public Lift from() {
    return from;
  }

  /** G'. */
  public Lift to() {
    return to;
  }

  /** φ on the graphs of the lifts. */
  public Homomorphism homomorphism() {
    return homomorphism;
  }

  /** Is it a fibration, one to one and onto from the edges into each vertex to those into its image? */
  public boolean isFibration() {
    return homomorphism.isFibration();
  }

  /** Is every edge of G' outside the image of G one whose message is linear in its weights, so that a weight 0 is no edge? */
  public boolean isMasking() {
    boolean oneToOne =
        fibres.stream().allMatch(map -> Arrays.stream(map.fibreSizes()).allMatch(size -> size <= 1));
    return oneToOne
        && from.blueprint().edges().stream()
            .allMatch(
                edge ->
                    edge.message().linearInWeights()
                        || Arrays.stream(blocks.get(edge.group()).fibreSizes()).allMatch(size -> size == 1));
  }

  /** φ*θ', of {@link Lift#parameters} numbers of G: each edge has the weight of its image. */
  public double[] pullbackParameters(double[] parameters) {
    sized("parameters", parameters, to.parameters());
    double[] pulled = new double[from.parameters()];
    move((above, below) -> pulled[above] = parameters[below]);
    return pulled;
  }

  /** φ_*θ, of {@link Lift#parameters} numbers of G': each edge has the sum of the weights of those mapped to it. */
  public double[] pushForwardParameters(double[] parameters) {
    sized("parameters", parameters, from.parameters());
    double[] pushed = new double[to.parameters()];
    move((above, below) -> pushed[below] += parameters[above]);
    return pushed;
  }

  /** φ*x', the inputs of G that are those of G' pulled back along the fibres over inputs. */
  public double[] pullbackInputs(double[] inputs, int batch) {
    Argument.require(
        inputs.length == (long) to.inputDimension() * batch, "the number of inputs", inputs.length,
        to.inputDimension() + " for each of " + batch + " samples");
    double[] pulled = new double[from.inputDimension() * batch];
    int above = 0;
    int below = 0;
    for (Vertex vertex : from.blueprint().inputs()) {
      int row = vertex.space().dimension() * batch;
      FiniteMap map = fibres.get(vertex.index());
      for (int i = 0; i < map.domain(); i++) {
        System.arraycopy(inputs, below + map.apply(i) * row, pulled, above, row);
        above += row;
      }
      below += map.codomain() * row;
    }
    return pulled;
  }

  /** φ on the fibre over a vertex of the blueprint. */
  public FiniteMap fibre(String vertex) {
    return fibres.get(from.blueprint().vertex(vertex).index());
  }

  private interface Move {
    void entry(int above, int below);
  }

  private void move(Move move) {
    int[] dimensions = new int[blocks.size()];
    for (Edge edge : from.blueprint().edges()) {
      dimensions[edge.group()] = edge.message().weights().dimension();
    }
    for (int group = 0; group < dimensions.length; group++) {
      FiniteMap map = blocks.get(group);
      int dimension = dimensions[group];
      for (int e = 0; e < map.domain(); e++) {
        for (int k = 0; k < dimension; k++) {
          move.entry(
              from.blockStart(group) + e * dimension + k, to.blockStart(group) + map.apply(e) * dimension + k);
        }
      }
    }
  }

  private static void sized(String name, double[] values, int length) {
    Argument.require(values.length == length, "the number of " + name, values.length, Integer.toString(length));
  }
}
