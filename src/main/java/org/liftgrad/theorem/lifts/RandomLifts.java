package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Section;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftMorphism;
import org.liftgrad.lift.LiftedNetwork;

/** Random maps, sections, graphs, blueprints and lifts, for identities that hold for all of them. */
final class RandomLifts {

  private RandomLifts() {}

  static double[] gaussian(RandomStream stream, int length) {
    double[] values = new double[length];
    for (int k = 0; k < length; k++) {
      values[k] = stream.nextGaussian();
    }
    return values;
  }

  static FiniteMap map(RandomStream stream, int domain, int codomain) {
    int[] images = new int[domain];
    for (int u = 0; u < domain; u++) {
      images[u] = stream.nextInt(codomain);
    }
    return FiniteMap.of(codomain, images);
  }

  static FiniteMap permutation(RandomStream stream, int size) {
    return FiniteMap.of(size, shuffled(stream, size));
  }

  static int[] shuffled(RandomStream stream, int size) {
    int[] order = new int[size];
    for (int k = 0; k < size; k++) {
      int other = stream.nextInt(k + 1);
      order[k] = order[other];
      order[other] = k;
    }
    return order;
  }

  /** Spaces of dimension 0, 1, 2 and 4. */
  static Bundle bundle(RandomStream stream, int size) {
    List<Space> spaces = new ArrayList<>();
    for (int v = 0; v < size; v++) {
      spaces.add(List.of(Space.ofDimensionZero(), Space.real(), Space.of(2), Space.of(2, 2)).get(stream.nextInt(4)));
    }
    return Bundle.of(spaces);
  }

  static Section section(RandomStream stream, Bundle bundle) {
    return Section.of(bundle, gaussian(stream, bundle.dimension()));
  }

  // ---- graphs

  static Graph graph(int vertices, List<int[]> edges) {
    return Graph.of(
        vertices, edges.stream().mapToInt(edge -> edge[0]).toArray(), edges.stream().mapToInt(edge -> edge[1]).toArray());
  }

  /** The edges as pairs, to be changed. */
  static List<int[]> pairs(Graph graph) {
    List<int[]> pairs = new ArrayList<>();
    for (int e = 0; e < graph.edges(); e++) {
      pairs.add(new int[] {graph.source(e), graph.target(e)});
    }
    return pairs;
  }

  /** Each pair an edge with probability one half, in a random order of the vertices, and at least one edge. */
  static Graph acyclic(RandomStream stream, int vertices) {
    int[] order = shuffled(stream, vertices);
    List<int[]> edges = new ArrayList<>();
    edges.add(new int[] {order[0], order[1]});
    for (int a = 0; a < vertices; a++) {
      for (int b = Math.max(2, a + 1); b < vertices; b++) {
        if (stream.nextInt(2) == 0) {
          edges.add(new int[] {order[a], order[b]});
        }
      }
    }
    return graph(vertices, edges);
  }

  /** Vertices over random ones, and of the pairs over an edge every second one an edge, one at least. */
  static Graph over(RandomStream stream, Graph below, FiniteMap map) {
    boolean[][] edge = new boolean[below.vertices()][below.vertices()];
    for (int e = 0; e < below.edges(); e++) {
      edge[below.source(e)][below.target(e)] = true;
    }
    List<int[]> all = new ArrayList<>();
    List<int[]> edges = new ArrayList<>();
    for (int u = 0; u < map.domain(); u++) {
      for (int v = 0; v < map.domain(); v++) {
        if (edge[map.apply(u)][map.apply(v)]) {
          all.add(new int[] {u, v});
          if (stream.nextInt(2) == 0) {
            edges.add(new int[] {u, v});
          }
        }
      }
    }
    return graph(map.domain(), edges.isEmpty() && !all.isEmpty() ? List.of(all.get(0)) : edges);
  }

  /** So many vertices over those below: one over each, further ones over random ones. */
  static FiniteMap onto(RandomStream stream, int domain, int codomain) {
    int[] images = new int[domain];
    Arrays.setAll(images, u -> u < codomain ? u : stream.nextInt(codomain));
    return FiniteMap.of(codomain, images);
  }

  // ---- blueprints

  /** Up to three inputs, perhaps a constant, up to five hidden vertices, one or two outputs; smooth throughout. */
  static Blueprint blueprint(RandomStream stream) {
    return blueprint(stream, true);
  }

  /** Perhaps with messages without weights. */
  static Blueprint blueprint(RandomStream stream, boolean free) {
    Space space = stream.nextInt(2) == 0 ? Space.real() : Space.of(3);
    BlueprintBuilder builder = Blueprint.blueprint("drawn");
    List<String> names = new ArrayList<>();
    int inputs = 1 + stream.nextInt(3);
    for (int i = 0; i < inputs; i++) {
      names.add("x" + i);
      builder = builder.input("x" + i, space);
    }
    boolean constant = stream.nextInt(2) == 0;
    if (constant) {
      builder = builder.constant("one");
    }
    int hidden = 1 + stream.nextInt(5);
    for (int h = 0; h < hidden; h++) {
      int parents = 1 + stream.nextInt(Math.min(3, names.size()));
      boolean gate = parents == 2 && stream.nextInt(2) == 0;
      Activation smooth = List.of(Activation.tanh(), Activation.softplus(), Activation.gelu()).get(stream.nextInt(3));
      builder = builder.vertex("h" + h, gate ? ActivationRule.gate(smooth) : ActivationRule.pointwise(smooth));
      builder = from(builder, names, parents, space, free, stream);
      if (constant && !gate) {
        builder = builder.from("one");
      }
      names.add("h" + h);
    }
    int outputs = 1 + stream.nextInt(2);
    for (int t = 0; t < outputs; t++) {
      builder = from(builder.readout("t" + t), names, 1 + stream.nextInt(names.size()), space, free, stream);
    }
    return builder.build();
  }

  private static BlueprintBuilder from(
      BlueprintBuilder builder, List<String> names, int parents, Space space, boolean free, RandomStream stream) {
    List<String> left = new ArrayList<>(names);
    BlueprintBuilder next = builder;
    for (int k = 0; k < parents; k++) {
      next = next.from(left.remove(stream.nextInt(left.size())), message(space, free, stream));
    }
    return next;
  }

  private static MessageRule message(Space space, boolean free, RandomStream stream) {
    return switch (stream.nextInt(space.rank() == 0 ? 3 : 4)) {
      case 0 -> free ? MessageRule.free() : MessageRule.linear();
      case 3 -> MessageRule.convolution(Space.of(3), 1, 1);
      default -> MessageRule.linear();
    };
  }

  // ---- lifts

  static Edges edges(int sources, int targets, List<int[]> pairs) {
    return Edges.of(
        sources, targets, pairs.stream().mapToInt(pair -> pair[0]).toArray(),
        pairs.stream().mapToInt(pair -> pair[1]).toArray());
  }

  /** The lifted edges as pairs, in their order. */
  static List<int[]> pairs(Edges edges) {
    List<int[]> pairs = new ArrayList<>();
    for (int v = 0; v < edges.targets(); v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        pairs.add(new int[] {edges.source(e), v});
      }
    }
    return pairs;
  }

  /** Fibres of up to four vertices, or as many times more; each pair an edge with this probability. */
  static Lift lift(RandomStream stream, Blueprint blueprint, int times, double share) {
    int[] fibres = new int[blueprint.vertices().size()];
    for (int v = 0; v < fibres.length; v++) {
      fibres[v] = 1 + stream.nextInt(4 * times);
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      List<int[]> pairs = new ArrayList<>();
      for (int i = 0; i < fibres[edge.source()]; i++) {
        for (int k = 0; k < fibres[edge.target()]; k++) {
          if (stream.nextUniform() < share) {
            pairs.add(new int[] {i, k});
          }
        }
      }
      edges.add(edges(fibres[edge.source()], fibres[edge.target()], pairs));
    }
    return Lift.of(blueprint, fibres, edges);
  }

  /**
   * A lift with a fibration to a given one: up to three more vertices a fibre, each over a random one; its in-edges are
   * those of its image, from random vertices over their sources.
   */
  static LiftMorphism fibration(RandomStream stream, Lift below) {
    List<FiniteMap> maps = new ArrayList<>();
    for (Vertex vertex : below.blueprint().vertices()) {
      int size = below.fibre(vertex.index());
      // Each vertex below has one above at least, else its edges could have no source.
      maps.add(onto(stream, size + stream.nextInt(4), size));
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : below.blueprint().edges()) {
      FiniteMap sources = maps.get(edge.source());
      FiniteMap targets = maps.get(edge.target());
      Edges lifted = below.edges(edge.index());
      List<int[]> pairs = new ArrayList<>();
      for (int v = 0; v < targets.domain(); v++) {
        int image = targets.apply(v);
        for (int e = lifted.first(image); e < lifted.first(image + 1); e++) {
          int[] fibre = sources.fibre(lifted.source(e));
          pairs.add(new int[] {fibre[stream.nextInt(fibre.length)], v});
        }
      }
      edges.add(edges(sources.domain(), targets.domain(), pairs));
    }
    int[] sizes = maps.stream().mapToInt(FiniteMap::domain).toArray();
    return new LiftMorphism(Lift.of(below.blueprint(), sizes, edges), below, maps);
  }

  /** The same lift with other edges over one edge. */
  static Lift with(Lift lift, Edge changed, Edges edges) {
    List<Edges> all = new ArrayList<>();
    for (Edge edge : lift.blueprint().edges()) {
      all.add(edge.index() == changed.index() ? edges : lift.edges(edge.index()));
    }
    return Lift.of(lift.blueprint(), fibres(lift), all);
  }

  static int[] fibres(Lift lift) {
    return lift.blueprint().vertices().stream().mapToInt(vertex -> lift.fibre(vertex.index())).toArray();
  }

  /** The network without one random lifted edge over an edge; all other edges keep their weights. */
  static LiftedNetwork lacking(LiftedNetwork network, String source, String target, RandomStream stream) {
    Lift lift = network.lift();
    Edge edge = lift.blueprint().edge(source, target);
    Edges before = lift.edges(edge.index());
    List<int[]> pairs = pairs(before);
    pairs.remove(stream.nextInt(pairs.size()));
    Lift smaller = with(lift, edge, edges(before.sources(), before.targets(), pairs));
    return LiftedNetwork.of(
        smaller, LiftMorphism.inclusion(smaller, lift).pullbackParameters(network.parameters()));
  }

  /** The network with one random lifted edge over an edge read from another source, every edge with its weight. */
  static LiftedNetwork rewired(LiftedNetwork network, String source, String target, RandomStream stream) {
    Lift lift = network.lift();
    Edge edge = lift.blueprint().edge(source, target);
    Edges before = lift.edges(edge.index());
    if (before.sources() == 1) {
      return lacking(network, source, target, stream);
    }
    List<int[]> pairs = pairs(before);
    int[] pair = pairs.get(stream.nextInt(pairs.size()));
    pair[0] = (pair[0] + 1 + stream.nextInt(before.sources() - 1)) % before.sources();
    // Edges are sorted by target and source: the weights go along.
    List<Integer> order = new ArrayList<>();
    for (int e = 0; e < pairs.size(); e++) {
      order.add(e);
    }
    order.sort(
        Comparator.<Integer>comparingInt(e -> pairs.get(e)[1]).thenComparingInt(e -> pairs.get(e)[0]));
    double[] parameters = network.parameters();
    double[] moved = parameters.clone();
    int start = lift.blockStart(edge.group());
    int dimension = edge.message().weights().dimension();
    for (int e = 0; e < order.size(); e++) {
      System.arraycopy(parameters, start + order.get(e) * dimension, moved, start + e * dimension, dimension);
    }
    return LiftedNetwork.of(with(lift, edge, edges(before.sources(), before.targets(), pairs)), moved);
  }
}
