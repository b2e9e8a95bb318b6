package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.kernel.RandomStream;

/** Checks B1, B2 and B3 of the first paper's theory file. */
class HomomorphismTest {

  private static final int DRAWS = 1000;

  /** As many random edges, all pointing to larger numbers, without parallel ones. */
  private static Graph acyclic(RandomStream stream, int vertices, double share) {
    List<int[]> edges = new ArrayList<>();
    for (int a = 0; a < vertices; a++) {
      for (int b = a + 1; b < vertices; b++) {
        if (stream.nextUniform() < share) {
          edges.add(new int[] {a, b});
        }
      }
    }
    return graph(vertices, edges);
  }

  private static Graph graph(int vertices, List<int[]> edges) {
    return Graph.of(
        vertices, edges.stream().mapToInt(edge -> edge[0]).toArray(),
        edges.stream().mapToInt(edge -> edge[1]).toArray());
  }

  /** Vertices over random ones, and each pair over an edge an edge with probability one half. */
  private static Graph over(RandomStream stream, Graph below, FiniteMap map) {
    List<int[]> edges = new ArrayList<>();
    for (int u = 0; u < map.domain(); u++) {
      for (int v = 0; v < map.domain(); v++) {
        if (has(below, map.apply(u), map.apply(v)) && stream.nextInt(2) == 0) {
          edges.add(new int[] {u, v});
        }
      }
    }
    return graph(map.domain(), edges);
  }

  private static boolean has(Graph graph, int source, int target) {
    for (int e = 0; e < graph.edges(); e++) {
      if (graph.source(e) == source && graph.target(e) == target) {
        return true;
      }
    }
    return false;
  }

  private static FiniteMap map(RandomStream stream, int domain, int codomain) {
    int[] images = new int[domain];
    for (int u = 0; u < domain; u++) {
      images[u] = stream.nextInt(codomain);
    }
    return FiniteMap.of(codomain, images);
  }

  @Test
  void validMapsAreAcceptedAndCorruptedOnesAreNot_B1() {
    int[] refused = {0};
    Draws.of(
        "B1", DRAWS,
        stream -> {
          Graph below = acyclic(stream, 5, 0.5);
          FiniteMap map = map(stream, 12, 5);
          Graph above = over(stream, below, map);
          Homomorphism valid = new Homomorphism(above, below, map);
          for (int e = 0; e < above.edges(); e++) {
            int image = valid.edges().apply(e);
            assertThat(below.source(image)).isEqualTo(map.apply(above.source(e)));
            assertThat(below.target(image)).isEqualTo(map.apply(above.target(e)));
          }
          refused[0] += corruptedEdge(stream, above, below, map) ? 1 : 0;
        });
    assertThat(refused[0]).isEqualTo(DRAWS);
  }

  /** Adds an edge over no edge at a random place; there is one, as an edge back is never over an edge. */
  private static boolean corruptedEdge(RandomStream stream, Graph above, Graph below, FiniteMap map) {
    int u;
    int v;
    do {
      u = stream.nextInt(map.domain());
      v = stream.nextInt(map.domain());
    } while (has(below, map.apply(u), map.apply(v)));
    int place = stream.nextInt(above.edges() + 1);
    List<int[]> edges = new ArrayList<>();
    for (int e = 0; e < above.edges(); e++) {
      edges.add(new int[] {above.source(e), above.target(e)});
    }
    edges.add(place, new int[] {u, v});
    Graph corrupted = graph(map.domain(), edges);
    String sentence =
        "edge " + place + ", from vertex " + u + " to vertex " + v + " is mapped to (" + map.apply(u) + ", "
            + map.apply(v) + "), which is no edge; it must be mapped to an edge, for a homomorphism.";
    assertThatThrownBy(() -> new Homomorphism(corrupted, below, map)).hasMessage(sentence);
    return true;
  }

  @Test
  void aVertexMovedToAnotherFibreIsFoundOutExactlyIfAnEdgeOfItHasNoImage_B1() {
    int[] refused = {0};
    Draws.of(
        "B1 vertices", DRAWS,
        stream -> {
          Graph below = acyclic(stream, 5, 0.5);
          FiniteMap map = map(stream, 12, 5);
          Graph above = over(stream, below, map);
          int[] images = new int[12];
          Arrays.setAll(images, map::apply);
          int moved = stream.nextInt(12);
          images[moved] = (images[moved] + 1 + stream.nextInt(4)) % 5;
          FiniteMap other = FiniteMap.of(5, images);
          boolean fits = true;
          for (int e = 0; e < above.edges(); e++) {
            fits &= has(below, other.apply(above.source(e)), other.apply(above.target(e)));
          }
          if (fits) {
            new Homomorphism(above, below, other);
          } else {
            refused[0]++;
            assertThatThrownBy(() -> new Homomorphism(above, below, other))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("which is no edge");
          }
        });
    assertThat(refused[0]).isGreaterThan(DRAWS / 2);
  }

  @Test
  void aGraphOverAnAcyclicOneHasNoCycle_B2() {
    Draws.of(
        "B2", DRAWS,
        stream -> {
          Graph below = acyclic(stream, 6, 0.5);
          Graph above = over(stream, below, map(stream, 15, 6));
          assertThat(above.isAcyclic()).isTrue();
          assertThat(above.cycle()).isEmpty();
        });
  }

  @Test
  void aCycleIsFoundAndNamed_B2() {
    Draws.of(
        "B2 cycles", DRAWS,
        stream -> {
          Graph acyclic = acyclic(stream, 8, 0.3);
          List<int[]> edges = new ArrayList<>();
          for (int e = 0; e < acyclic.edges(); e++) {
            edges.add(new int[] {acyclic.source(e), acyclic.target(e)});
          }
          int a = stream.nextInt(7);
          edges.add(new int[] {a, a + 1});
          edges.add(new int[] {a + 1, a});
          Graph cyclic = graph(8, edges);
          assertThat(cyclic.isAcyclic()).isFalse();
          List<Integer> cycle = cyclic.cycle();
          assertThat(cycle.get(0)).isEqualTo(cycle.get(cycle.size() - 1));
          for (int k = 1; k < cycle.size(); k++) {
            assertThat(has(cyclic, cycle.get(k - 1), cycle.get(k))).isTrue();
          }
        });
  }

  @Test
  void aTopologicalOrderBelowGivesOneAbove_B3() {
    Draws.of(
        "B3", DRAWS,
        stream -> {
          Graph below = acyclic(stream, 6, 0.5);
          FiniteMap map = map(stream, 15, 6);
          Graph above = over(stream, below, map);
          int[] order = below.topologicalOrder().orElseThrow();
          int[] rank = new int[6];
          for (int k = 0; k < 6; k++) {
            rank[order[k]] = k;
          }
          for (int e = 0; e < above.edges(); e++) {
            assertThat(rank[map.apply(above.source(e))]).isLessThan(rank[map.apply(above.target(e))]);
          }
        });
  }

  @Test
  void aLiftAlongAMapHasItsFibresAndItsEdges() {
    Draws.of(
        "along", DRAWS,
        stream -> {
          Blueprint blueprint = Draws.blueprint(stream);
          Lift lift = Draws.lift(stream, blueprint);
          // The graph of a lift, its vertices shuffled, gives a lift of the same sizes.
          Graph graph = lift.graph();
          int[] shuffled = shuffled(stream, graph.vertices());
          int[] images = new int[graph.vertices()];
          int[] sources = new int[graph.edges()];
          int[] targets = new int[graph.edges()];
          for (int u = 0; u < images.length; u++) {
            images[shuffled[u]] = lift.projection().apply(u);
          }
          for (int e = 0; e < sources.length; e++) {
            sources[e] = shuffled[graph.source(e)];
            targets[e] = shuffled[graph.target(e)];
          }
          Lift again =
              Lift.along(
                  blueprint, Graph.of(images.length, sources, targets),
                  FiniteMap.of(blueprint.vertices().size(), images));
          assertThat(again.edgeCount()).isEqualTo(lift.edgeCount());
          assertThat(again.parameters()).isEqualTo(lift.parameters());
          assertThat(Lift.along(blueprint, graph, lift.projection())).isEqualTo(lift);
        });
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

  @Test
  void aFibreWithoutVerticesIsRefused() {
    Blueprint blueprint = Architectures.twoLayerPerceptron(Activation.tanh());
    assertThatThrownBy(() -> Lift.along(blueprint, Graph.of(0, new int[0], new int[0]), FiniteMap.of(4)))
        .hasMessage("the size of the fibre over x is 0; it must be at least 1.");
  }
}
