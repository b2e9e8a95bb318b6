package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Workers;

/**
 * Draws lifts of a blueprint, full ones and random sparse ones. Every call returns a new builder.
 *
 * <pre>{@code
 * lift(mlp).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 512).width("h2", 512)
 *     .inDegree(2).weights(normal(1.5)).seed(7).sparse()
 * }</pre>
 *
 * <p>Without more said, fibres over outputs and constants have one vertex, weights are standard normal and the readout
 * is 0. In a sparse lift the edges into outputs and from constants are full, and those whose message has no weight join
 * namesakes; all others have the law that was said.
 *
 * <p>Source: Random Sparse Lifts, definitions 3.6 and 4.2.
 */
public final class LiftBuilder {

  /** Edges whose weights are drawn from one stream. */
  private static final int BLOCK = 1 << 16;

  private final Blueprint blueprint;
  private Map<String, Integer> sizes = Map.of();
  private Map<String, List<String>> labels = Map.of();
  private Optional<WidthSchedule> schedule = Optional.empty();
  private Optional<EdgeLaw> law = Optional.empty();
  private Map<Integer, EdgeLaw> laws = Map.of();
  private Map<Integer, Edges> given = Map.of();
  private ParameterLaw weights = ParameterLaw.normal(1);
  private Map<Integer, ParameterLaw> weightsOf = Map.of();
  private ReadoutLaw readout = ReadoutLaw.zero();
  private Optional<LiftedNetwork> before = Optional.empty();
  private long seed;

  private LiftBuilder(Blueprint blueprint) {
    this.blueprint = blueprint;
  }

  private LiftBuilder changed(Consumer<LiftBuilder> change) {
    LiftBuilder next = new LiftBuilder(blueprint);
    next.sizes = sizes;
    next.labels = labels;
    next.schedule = schedule;
    next.law = law;
    next.laws = laws;
    next.given = given;
    next.weights = weights;
    next.weightsOf = weightsOf;
    next.readout = readout;
    next.before = before;
    next.seed = seed;
    change.accept(next);
    return next;
  }

  private static <K, V> Map<K, V> with(Map<K, V> map, K key, V value) {
    Map<K, V> more = new LinkedHashMap<>(map);
    more.put(key, value);
    return more;
  }

  /** Begins a lift of a blueprint. */
  public static LiftBuilder lift(Blueprint blueprint) {
    return new LiftBuilder(blueprint);
  }

  /** What is lifted. */
  public Blueprint blueprint() {
    return blueprint;
  }

  /** A fibre of so many vertices, at least 1. */
  public LiftBuilder fibre(String vertex, int size) {
    blueprint.vertex(vertex);
    Argument.atLeast("the size of the fibre over " + vertex, size, 1);
    return changed(next -> next.sizes = with(sizes, vertex, size));
  }

  /** A fibre of vertices with names, at least one, such as the channels r, g, b. */
  public LiftBuilder fibre(String vertex, String... names) {
    return fibre(vertex, names.length).changed(next -> next.labels = with(labels, vertex, List.of(names)));
  }

  /** As {@link #fibre(String, int)}: the width of a layer. */
  public LiftBuilder width(String vertex, int width) {
    return fibre(vertex, width);
  }

  /** The widths of all hidden fibres that are not said by themselves, by depth. */
  public LiftBuilder widths(WidthSchedule schedule) {
    return changed(next -> next.schedule = Optional.of(schedule));
  }

  /** The law of the edges of a sparse lift. */
  public LiftBuilder edges(EdgeLaw law) {
    return changed(next -> next.law = Optional.of(law));
  }

  /** The law of the lifted edges over one edge, in full and sparse lifts. */
  public LiftBuilder edges(String source, String target, EdgeLaw law) {
    int edge = blueprint.edge(source, target).index();
    return changed(next -> next.laws = with(laws, edge, law));
  }

  /** The lifted edges over one edge themselves. */
  public LiftBuilder edges(String source, String target, Edges edges) {
    int edge = blueprint.edge(source, target).index();
    return changed(next -> next.given = with(given, edge, edges));
  }

  /** Each vertex draws so many parents over each edge, with replacement ({@link EdgeLaw#inDegree}). */
  public LiftBuilder inDegree(int degree) {
    return edges(EdgeLaw.inDegree(degree));
  }

  /** Each vertex draws so many different parents over each edge ({@link EdgeLaw#distinctInDegree}). */
  public LiftBuilder distinctInDegree(int degree) {
    return edges(EdgeLaw.distinctInDegree(degree));
  }

  /** Each pair is an edge with probability mean/n_a ({@link EdgeLaw#bernoulli}). */
  public LiftBuilder bernoulli(double mean) {
    return edges(EdgeLaw.bernoulli(mean));
  }

  /** The law of the weights, entry by entry. */
  public LiftBuilder weights(ParameterLaw law) {
    return changed(next -> next.weights = law);
  }

  /** The law of the weights over one edge, and those tied to it. */
  public LiftBuilder weights(String source, String target, ParameterLaw law) {
    int group = blueprint.edge(source, target).group();
    return changed(next -> next.weightsOf = with(weightsOf, group, law));
  }

  /** The law of the weights into outputs. */
  public LiftBuilder readout(ReadoutLaw law) {
    return changed(next -> next.readout = law);
  }

  /** The seed of edges and weights; 0 unless said. */
  public LiftBuilder seed(long seed) {
    return changed(next -> next.seed = seed);
  }

  /**
   * Grows a network: its vertices keep their numbers, their edges into hidden vertices and all their weights; further
   * vertices are appended.
   *
   * @param network of this blueprint, with fibres that are at most as large as those said here
   */
  public LiftBuilder keeping(LiftedNetwork network) {
    Argument.require(
        network.blueprint().equals(blueprint), "the blueprint of the network to keep", network.blueprint(),
        blueprint.toString());
    return changed(next -> next.before = Optional.of(network));
  }

  /** The network on the lift with all edges, but where others were said. */
  public LiftedNetwork full() {
    return drawn(edge -> EdgeLaw.full());
  }

  /**
   * A network on a random sparse lift.
   *
   * @throws IllegalArgumentException where something is missing or does not fit
   */
  public LiftedNetwork sparse() {
    return drawn(this::sparseLaw);
  }

  private interface Choice {
    EdgeLaw of(Edge edge);
  }

  private EdgeLaw sparseLaw(Edge edge) {
    boolean fromConstant = source(edge).role() == Vertex.Role.CONSTANT;
    if (fromConstant || target(edge).output()) {
      return EdgeLaw.full();
    }
    if (edge.message().weights().dimension() == 0) {
      return EdgeLaw.diagonal();
    }
    return law.orElseThrow(
        () -> Argument.refused(
            "the law of edges", "not said", "said of a sparse lift, such as by inDegree or bernoulli"));
  }

  private Vertex source(Edge edge) {
    return blueprint.vertices().get(edge.source());
  }

  private Vertex target(Edge edge) {
    return blueprint.vertices().get(edge.target());
  }

  private LiftedNetwork drawn(Choice choice) {
    int[] fibres = fibres();
    List<Edges> edges = new ArrayList<>();
    Map<Integer, Edges> ofGroup = new HashMap<>();
    Provenance provenance = Provenance.none().with("blueprint", blueprint.name());
    for (Vertex vertex : blueprint.vertices()) {
      provenance = provenance.with("fibre " + vertex.name(), fibres[vertex.index()]);
    }
    for (Edge edge : blueprint.edges()) {
      Edges lifted = given.get(edge.index());
      if (lifted == null) {
        EdgeLaw law = laws.containsKey(edge.index()) ? laws.get(edge.index()) : choice.of(edge);
        provenance = provenance.with("edges " + blueprint.nameOf(edge), law);
        // Tied edges have the same lifted ones: those drawn for the first of them.
        Edges tied = ofGroup.get(edge.group());
        lifted = tied != null ? tied : drawn(edge, law, fibres);
      }
      ofGroup.putIfAbsent(edge.group(), lifted);
      edges.add(lifted);
    }
    Lift lift = Lift.of(blueprint, fibres, edges);
    for (Map.Entry<String, List<String>> names : labels.entrySet()) {
      lift = lift.labelled(names.getKey(), names.getValue());
    }
    provenance = provenance.with("weights", weights).with("readout", readout).with("seed", seed);
    return new LiftedNetwork(lift, parameters(lift), provenance);
  }

  /** The sizes of the fibres. */
  int[] fibres() {
    int[] depths = blueprint.depths();
    int[] fibres = new int[depths.length];
    for (Vertex vertex : blueprint.vertices()) {
      boolean hidden = vertex.role() == Vertex.Role.COMPUTED && !vertex.output();
      boolean single = vertex.output() || vertex.role() == Vertex.Role.CONSTANT;
      Optional<Integer> size = Optional.ofNullable(sizes.get(vertex.name()));
      if (size.isEmpty() && hidden && schedule.isPresent()) {
        size = Optional.of(schedule.get().width(depths[vertex.index()] - 1));
      }
      fibres[vertex.index()] =
          size.or(() -> single ? Optional.of(1) : Optional.empty())
              .orElseThrow(
                  () -> Argument.refused("the size of the fibre over " + vertex.name(), "not said", "said"));
    }
    return fibres;
  }

  private Edges drawn(Edge edge, EdgeLaw law, int[] fibres) {
    int sources = fibres[edge.source()];
    int targets = fibres[edge.target()];
    try {
      return before.isPresent()
          ? law.grow(before.get().lift().edges(edge.index()), sources, targets, seed, edge.index())
          : law.draw(sources, targets, seed, edge.index());
    } catch (IllegalArgumentException refusal) {
      throw new IllegalArgumentException(
          "Edge " + blueprint.nameOf(edge) + ": " + refusal.getMessage(), refusal);
    }
  }

  private double[] parameters(Lift lift) {
    double[] parameters = new double[lift.parameters()];
    int group = 0;
    for (Edge edge : blueprint.edges()) {
      if (edge.group() == group) {
        draw(lift, edge, parameters);
        group++;
      }
    }
    before.ifPresent(network -> keep(network, lift, parameters));
    return parameters;
  }

  private void draw(Lift lift, Edge edge, double[] parameters) {
    ParameterLaw law = law(lift, edge);
    int first = lift.blockStart(edge.group());
    int count = lift.blockStart(edge.group() + 1) - first;
    // Grown networks draw from streams of their own: new edges must not repeat the draws of kept ones.
    long age = before.map(network -> (long) network.lift().parameters()).orElse(0L);
    Workers.run(
        (int) ((count + (BLOCK - 1L)) / BLOCK),
        block -> {
          RandomStream stream = RandomStream.of(seed, "weights", edge.group(), block, age);
          int end = (int) Math.min(count, (block + 1L) * BLOCK);
          for (int k = block * BLOCK; k < end; k++) {
            parameters[first + k] = law.draw(stream);
          }
        });
  }

  /** The law of the lifted edges over an edge in a sparse lift; none where they are given. */
  Optional<EdgeLaw> edgeLaw(Edge edge) {
    if (given.containsKey(edge.index())) {
      return Optional.empty();
    }
    return Optional.of(laws.containsKey(edge.index()) ? laws.get(edge.index()) : sparseLaw(edge));
  }

  /** The law of the weights over an edge that is not a readout. */
  ParameterLaw weightLaw(Edge edge) {
    return weightsOf.getOrDefault(edge.group(), weights);
  }

  private ParameterLaw law(Lift lift, Edge edge) {
    ParameterLaw said = weightsOf.get(edge.group());
    if (said != null) {
      return said;
    }
    return target(edge).output() ? readout.law(lift.fibre(edge.source())) : weights;
  }

  private static void keep(LiftedNetwork network, Lift lift, double[] parameters) {
    LiftMorphism inclusion = LiftMorphism.inclusion(network.lift(), lift);
    double[] marks = new double[network.lift().parameters()];
    Arrays.fill(marks, 1);
    double[] kept = inclusion.pushForwardParameters(marks);
    double[] values = inclusion.pushForwardParameters(network.parameters());
    for (int k = 0; k < parameters.length; k++) {
      parameters[k] = kept[k] == 0 ? parameters[k] : values[k];
    }
  }

  /** What has been said so far. */
  @Override
  public String toString() {
    String fibres =
        sizes.isEmpty() ? "no fibre said" : sizes.entrySet().stream().map(each -> each.getKey() + " " + each.getValue()).sorted().collect(Collectors.joining(", "));
    return "a lift of " + blueprint.name() + " to be drawn: " + fibres + ", weights " + weights + ", seed " + seed + "; sparse() or full() draws it";
  }
}
