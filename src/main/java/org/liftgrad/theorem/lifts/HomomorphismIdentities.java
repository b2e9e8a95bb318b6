package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Homomorphism;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.lifts.Identity.Case;
import org.liftgrad.theorem.lifts.Identity.Found;

/** B1 to B3: what a map of graphs must be to be a lift, and what follows for cycles and orders. */
final class HomomorphismIdentities {

  private HomomorphismIdentities() {}

  static List<Check> checks() {
    return List.of(validator(), cycles(), orders());
  }

  // ---- B1

  private static Check validator() {
    return Identity.of(
            Check.named("lifts/B1", "Lifts are accepted, corrupted ones are not", "lifts/definition-3.5")
                .asks("Is every homomorphism accepted with the right images of its edges, and every map that takes"
                    + " one edge to none refused?")
                .holdsIf("no verdict and no image of an edge is wrong")
                .control(
                    "the hypothesis: the lifts to be accepted have one edge too many, over no edge, and the others are left"
                        + " uncorrupted",
                    "one edge of some 25, or the fibre of one vertex of 12"),
            "edges above",
            new Case("valid", 0, (stream, times, broken) ->
                verdict(stream, times, broken ? Corruption.EDGE : Corruption.NONE, true)),
            new Case("one edge corrupted", 0, (stream, times, broken) ->
                verdict(stream, times, broken ? Corruption.NONE : Corruption.EDGE, false)),
            new Case("one vertex corrupted", 0, (stream, times, broken) ->
                verdict(stream, times, broken ? Corruption.NONE : Corruption.VERTEX, false)))
        .check(1000, 1000, 1);
  }

  private enum Corruption {
    NONE,
    EDGE,
    VERTEX
  }

  private static Found verdict(RandomStream stream, int times, Corruption corruption, boolean expected) {
    Graph below = RandomLifts.acyclic(stream, 5);
    FiniteMap map = RandomLifts.onto(stream, 12 * times, 5);
    Graph above = RandomLifts.over(stream, below, map);
    List<int[]> pairs = RandomLifts.pairs(above);
    int[] images = new int[map.domain()];
    Arrays.setAll(images, map::apply);
    if (corruption == Corruption.EDGE) {
      // An edge turned around is over no edge, for there are no cycles below.
      int[] turned = pairs.get(stream.nextInt(pairs.size()));
      pairs.add(stream.nextInt(pairs.size() + 1), new int[] {turned[1], turned[0]});
    } else if (corruption == Corruption.VERTEX) {
      // The source of an edge goes to where its target is: an edge within a fibre is over none.
      int[] edge = pairs.get(stream.nextInt(pairs.size()));
      images[edge[0]] = images[edge[1]];
    }
    Graph graph = RandomLifts.graph(map.domain(), pairs);
    FiniteMap projection = FiniteMap.of(5, images);
    boolean accepted = !Identity.refused(() -> new Homomorphism(graph, below, projection));
    int wrong = accepted == expected ? 0 : 1;
    if (accepted && corruption == Corruption.NONE) {
      Homomorphism valid = new Homomorphism(graph, below, projection);
      for (int e = 0; e < graph.edges(); e++) {
        int image = valid.edges().apply(e);
        boolean right =
            below.source(image) == images[graph.source(e)] && below.target(image) == images[graph.target(e)];
        wrong += right ? 0 : 1;
      }
    }
    return new Found(graph.edges(), wrong);
  }

  // ---- B2

  private static Check cycles() {
    return Identity.of(
            Check.named("lifts/B2", "A lift has no cycle", "lifts/definition-3.5", "lifts/definition-3.3")
                .asks("Is a graph over an acyclic one acyclic, and is a module with a directed cycle refused?")
                .holdsIf("a search of our own and the library's find no cycle in any lift, and every cyclic module is"
                    + " refused")
                .control("the hypothesis: a cycle of two vertices below the lift; the module without its cycle", "one edge"),
            "edges",
            new Case("lifts", 0, HomomorphismIdentities::cycleAbove),
            new Case("cyclic modules", 0, HomomorphismIdentities::cyclicModule))
        .check(1000, 1000, 0.86);
  }

  private static Found cycleAbove(RandomStream stream, int times, boolean broken) {
    Graph acyclic = RandomLifts.acyclic(stream, 6);
    List<int[]> pairs = RandomLifts.pairs(acyclic);
    if (broken) {
      pairs.add(new int[] {pairs.get(0)[1], pairs.get(0)[0]});
    }
    Graph below = RandomLifts.graph(6, pairs);
    Graph above = RandomLifts.over(stream, below, RandomLifts.onto(stream, 15 * times, 6));
    return new Found(above.edges(), (hasCycle(above) ? 1 : 0) + (above.isAcyclic() ? 0 : 1));
  }

  /** Depth first, with the vertices on the way marked. */
  private static boolean hasCycle(Graph graph) {
    int[] state = new int[graph.vertices()];
    int[][] incoming = graph.incoming();
    for (int v = 0; v < state.length; v++) {
      if (returns(graph, incoming, v, state)) {
        return true;
      }
    }
    return false;
  }

  private static boolean returns(Graph graph, int[][] incoming, int vertex, int[] state) {
    if (state[vertex] != 0) {
      return state[vertex] == 1;
    }
    state[vertex] = 1;
    for (int e : incoming[vertex]) {
      if (returns(graph, incoming, graph.source(e), state)) {
        return true;
      }
    }
    state[vertex] = 2;
    return false;
  }

  private static Found cyclicModule(RandomStream stream, int times, boolean broken) {
    int size = 2 + stream.nextInt(4 * times);
    int length = 2 + stream.nextInt(size - 1);
    BlueprintBuilder builder = Blueprint.blueprint("cyclic").input("x");
    for (int h = 0; h < size; h++) {
      builder = builder.vertex("h" + h, Activation.tanh()).from(h == 0 ? "x" : "h" + (h - 1));
      if (h == 0 && !broken) {
        builder = builder.from("h" + (length - 1));
      }
    }
    BlueprintBuilder whole = builder.readout("t").from("h" + (size - 1));
    return new Found(size + 1, Identity.refused(whole::build) ? 0 : 1);
  }

  // ---- B3

  private static Check orders() {
    return Identity.of(
            Check.named("lifts/B3", "An order below gives one above", "lifts/definition-3.5")
                .asks("Does a topological order of the blueprint's graph, pulled back with ties in any order, point"
                    + " every lifted edge forwards?")
                .holdsIf("no edge of any lift points backwards, for a random topological order below")
                .control("the order below: a random one, not a topological one", "about half the edges"),
            "edges above",
            new Case("6 vertices, 15 above", 0, HomomorphismIdentities::pulledBackOrder))
        .check(1000, 1000, 0.97);
  }

  private static Found pulledBackOrder(RandomStream stream, int times, boolean broken) {
    Graph below = RandomLifts.acyclic(stream, 6);
    FiniteMap map = RandomLifts.onto(stream, 15 * times, 6);
    Graph above = RandomLifts.over(stream, below, map);
    int[] order = broken ? RandomLifts.shuffled(stream, 6) : topologicalOrder(stream, below);
    List<Integer> places = new ArrayList<>();
    for (int v : order) {
      int[] fibre = map.fibre(v);
      for (int k : RandomLifts.shuffled(stream, fibre.length)) {
        places.add(fibre[k]);
      }
    }
    int[] rank = new int[map.domain()];
    for (int k = 0; k < rank.length; k++) {
      rank[places.get(k)] = k;
    }
    int backwards = 0;
    for (int e = 0; e < above.edges(); e++) {
      backwards += rank[above.source(e)] < rank[above.target(e)] ? 0 : 1;
    }
    return new Found(above.edges(), backwards);
  }

  /** At each step a random one of the vertices all of whose parents have been taken. */
  static int[] topologicalOrder(RandomStream stream, Graph graph) {
    int[] waiting = new int[graph.vertices()];
    for (int e = 0; e < graph.edges(); e++) {
      waiting[graph.target(e)]++;
    }
    List<Integer> ready = new ArrayList<>();
    for (int v = 0; v < waiting.length; v++) {
      if (waiting[v] == 0) {
        ready.add(v);
      }
    }
    int[] order = new int[waiting.length];
    for (int k = 0; k < order.length; k++) {
      int v = ready.remove(stream.nextInt(ready.size()));
      order[k] = v;
      for (int e = 0; e < graph.edges(); e++) {
        if (graph.source(e) == v && --waiting[graph.target(e)] == 0) {
          ready.add(graph.target(e));
        }
      }
    }
    return order;
  }
}
