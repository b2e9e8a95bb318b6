package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;

/**
 * Which vertices of a witness have the same copies, and which can never have one in common: what decides how the
 * edges into a copy can be chosen. Two vertices over one vertex of the blueprint are alike if their edges are, pair by
 * pair; they are apart if no pairing lets every pair of edges have a copy in common.
 */
final class CopyTypes {

  /**
   * Edges into a vertex of the witness that are alike.
   *
   * @param source a vertex of the witness, the representative of those that are like it
   * @param edge the first of them
   * @param count how many
   * @param mass the probability that a weight is within the tolerance of theirs
   */
  record Need(int source, int edge, int count, double mass) {}

  private final Blueprint blueprint;
  private final Lift witness;
  private final double[] weights;
  private final double tolerance;
  private final Function<Edge, ParameterLaw> laws;
  /** For each vertex of the witness, the first that is like it. */
  private final int[][] representatives;

  private final boolean[][] exact;

  /** What is asked for over an edge, and whether no two of it can have a copy in common. */
  private record Asked(List<Need> needs, boolean apart) {}

  /** For each edge of the blueprint into a hidden vertex and each vertex of the witness there: sums ask for it at every term. */
  private final Asked[][] asked;

  CopyTypes(LiftedNetwork network, double tolerance, Function<Edge, ParameterLaw> laws) {
    blueprint = network.blueprint();
    witness = network.lift();
    weights = network.parameters();
    this.tolerance = tolerance;
    this.laws = laws;
    representatives = new int[blueprint.vertices().size()][];
    exact = new boolean[representatives.length][];
    for (Vertex vertex : blueprint.vertices()) {
      int v = vertex.index();
      int size = witness.fibre(v);
      representatives[v] = new int[size];
      exact[v] = new boolean[size];
      for (int place = 0; place < size; place++) {
        int of = place;
        representatives[v][place] = place;
        for (int earlier = 0; earlier < place && representatives[v][place] == of; earlier++) {
          if (areAlike(vertex, earlier, place)) {
            representatives[v][place] = earlier;
          }
        }
        exact[v][place] = vertex.role() != Vertex.Role.COMPUTED || !vertex.output() && foundExact(v, place);
      }
    }
    asked = new Asked[blueprint.edges().size()][];
    for (Edge edge : blueprint.edges()) {
      boolean output = blueprint.vertices().get(edge.target()).output();
      asked[edge.index()] = new Asked[output ? 0 : witness.fibre(edge.target())];
      for (int place = 0; place < asked[edge.index()].length; place++) {
        List<Need> needs = List.copyOf(needs(edge, place));
        asked[edge.index()][place] = new Asked(needs, areApart(needs, edge));
      }
    }
  }

  /** What the edges into a hidden vertex of the witness ask for, over one edge of the blueprint. */
  List<Need> asked(Edge edge, int place) {
    return asked[edge.index()][place].needs;
  }

  /** Can no two of the edges into a hidden vertex have a copy in common, over one edge of the blueprint? */
  boolean askedApart(Edge edge, int place) {
    return asked[edge.index()][place].apart;
  }

  int representative(int vertex, int place) {
    return representatives[vertex][place];
  }

  boolean isExact(int vertex, int place) {
    return exact[vertex][place];
  }

  private List<Need> needs(Edge edge, int place) {
    Edges edges = witness.edges(edge.index());
    List<Need> needs = new ArrayList<>();
    for (int e = edges.first(place); e < edges.first(place + 1); e++) {
      int source = representatives[edge.source()][edges.source(e)];
      int known = 0;
      while (known < needs.size()
          && !(needs.get(known).source == source && sameWeights(edge, needs.get(known).edge, e))) {
        known++;
      }
      if (known == needs.size()) {
        needs.add(new Need(source, e, 1, mass(edge, e)));
      } else {
        Need need = needs.get(known);
        needs.set(known, new Need(source, need.edge, need.count + 1, need.mass));
      }
    }
    return needs;
  }

  private int weightAt(Edge edge, int e) {
    return witness.blockStart(edge.group()) + e * entries(edge);
  }

  private static int entries(Edge edge) {
    return edge.message().weights().dimension();
  }

  private boolean sameWeights(Edge edge, int one, int other) {
    int a = weightAt(edge, one);
    int b = weightAt(edge, other);
    return Arrays.equals(weights, a, a + entries(edge), weights, b, b + entries(edge));
  }

  private double mass(Edge edge, int e) {
    double mass = 1;
    for (int k = 0; k < entries(edge); k++) {
      double centre = weights[weightAt(edge, e) + k];
      mass *= laws.apply(edge).mass(centre - tolerance, centre + tolerance);
    }
    return mass;
  }

  /** Can a weight be within the tolerance of both? */
  private boolean weightsMeet(Edge edge, int one, int other) {
    for (int k = 0; k < entries(edge); k++) {
      double a = weights[weightAt(edge, one) + k];
      double b = weights[weightAt(edge, other) + k];
      double low = Math.max(a, b) - tolerance;
      double high = Math.min(a, b) + tolerance;
      if (low > high || laws.apply(edge).mass(low, high) == 0) {
        return false;
      }
    }
    return true;
  }

  private boolean sourcesMeet(int vertex, int one, int other) {
    return switch (blueprint.vertices().get(vertex).role()) {
      case INPUT -> one == other;
      case CONSTANT -> true;
      case COMPUTED -> one == other || !areApart(vertex, one, other);
    };
  }

  private boolean edgesMeet(Edge edge, int one, int other) {
    Edges edges = witness.edges(edge.index());
    return weightsMeet(edge, one, other) && sourcesMeet(edge.source(), edges.source(one), edges.source(other));
  }

  /** Can no two of these have a copy in common? */
  private boolean areApart(List<Need> needs, Edge edge) {
    for (int i = 0; i < needs.size(); i++) {
      for (int k = 0; k < i; k++) {
        if (edgesMeet(edge, needs.get(i).edge, needs.get(k).edge)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean areApart(int vertex, int one, int other) {
    for (Edge edge : blueprint.incoming(vertex)) {
      Edges edges = witness.edges(edge.index());
      if (!canPair(
          edges, one, other,
          (a, b) -> edgesMeet(edge, a, b))) {
        return true;
      }
    }
    return false;
  }

  private boolean areAlike(Vertex vertex, int one, int other) {
    return switch (vertex.role()) {
      case INPUT -> one == other;
      case CONSTANT -> true;
      case COMPUTED -> blueprint.incoming(vertex.index()).stream().allMatch(edge -> areAlike(edge, one, other));
    };
  }

  private boolean areAlike(Edge edge, int one, int other) {
    Edges edges = witness.edges(edge.index());
    return canPair(
        edges, one, other,
        (a, b) ->
            sameWeights(edge, a, b)
                && representatives[edge.source()][edges.source(a)]
                    == representatives[edge.source()][edges.source(b)]);
  }

  private interface Relation {
    boolean holds(int one, int other);
  }

  /** Can the edges into two vertices be paired so that a relation holds of all pairs? */
  private static boolean canPair(Edges edges, int one, int other, Relation relation) {
    int count = edges.inDegree(one);
    if (edges.inDegree(other) != count) {
      return false;
    }
    int[] partners = new int[count];
    Arrays.fill(partners, -1);
    for (int k = 0; k < count; k++) {
      if (!pair(edges, one, other, k, relation, partners, new boolean[count])) {
        return false;
      }
    }
    return true;
  }

  private static boolean pair(
      Edges edges, int one, int other, int k, Relation relation, int[] partners, boolean[] tried) {
    for (int p = 0; p < partners.length; p++) {
      if (!tried[p] && relation.holds(edges.first(one) + k, edges.first(other) + p)) {
        tried[p] = true;
        if (partners[p] < 0 || pair(edges, one, other, partners[p], relation, partners, tried)) {
          partners[p] = k;
          return true;
        }
      }
    }
    return false;
  }

  private boolean foundExact(int vertex, int place) {
    for (Edge edge : blueprint.incoming(vertex)) {
      List<Need> needs = needs(edge, place);
      if (!areApart(needs, edge)) {
        return false;
      }
      for (Need need : needs) {
        if (!exact[edge.source()][need.source]) {
          return false;
        }
      }
    }
    return areApart(earlier(vertex, place));
  }

  private boolean areApart(List<int[]> types) {
    for (int[] one : types) {
      for (int[] other : types) {
        if (one[0] == other[0] && one[1] < other[1] && !areApart(one[0], one[1], other[1])) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * The types of hidden vertices in the in-tree of a vertex of the witness, itself left out: vertex of the blueprint
   * and representative, in order.
   */
  List<int[]> earlier(int vertex, int place) {
    TreeMap<Long, int[]> found = new TreeMap<>();
    addEarlier(vertex, place, found);
    return List.copyOf(found.values());
  }

  private void addEarlier(int vertex, int place, TreeMap<Long, int[]> found) {
    for (Edge edge : blueprint.incoming(vertex)) {
      boolean hidden = Coverage.isHidden(blueprint.vertices().get(edge.source()));
      for (Need need : needs(edge, place)) {
        long key = (long) edge.source() << 32 | need.source;
        if (hidden && found.put(key, new int[] {edge.source(), need.source}) == null) {
          addEarlier(edge.source(), need.source, found);
        }
      }
    }
  }
}
