package org.liftgrad.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Where the nodes of a layered graph stand: edges point from a layer to a later one, and pass through the layers between
 * by places of their own. Within a layer the nodes are ordered by the average place of their neighbours, back and forth,
 * keeping the order with the fewest crossings (Sugiyama, Tagawa and Toda 1981); then each is moved as near to its
 * neighbours as the order and the gaps allow.
 */
final class Layers {

  private static final int SWEEPS = 24;
  /** How high the place is that an edge takes in a layer that it passes. */
  private static final double PASSAGE = 14;

  /** A node, or the passage of an edge through a layer. */
  private static final class Place {
    final int layer;
    final double height;
    final List<Place> before = new ArrayList<>();
    final List<Place> after = new ArrayList<>();
    int rank;
    double middle;

    Place(int layer, double height) {
      this.layer = layer;
      this.height = height;
    }
  }

  private final double gap;
  private final List<Place> nodes = new ArrayList<>();
  private final List<List<Place>> routes = new ArrayList<>();
  private final List<List<Place>> layers = new ArrayList<>();

  /**
   * Lays out a graph.
   *
   * @param layer of each node, from 0
   * @param heights of each node
   * @param edges pairs of nodes, the first in an earlier layer
   * @param gap the least distance between two nodes of a layer
   */
  Layers(int[] layer, double[] heights, List<int[]> edges, double gap) {
    this.gap = gap;
    int count = Arrays.stream(layer).max().orElse(0) + 1;
    for (int k = 0; k < count; k++) {
      layers.add(new ArrayList<>());
    }
    for (int node = 0; node < layer.length; node++) {
      nodes.add(put(new Place(layer[node], heights[node])));
    }
    for (int[] edge : edges) {
      routes.add(route(nodes.get(edge[0]), nodes.get(edge[1])));
    }
    order();
    for (int round = 0; round < SWEEPS; round++) {
      align();
    }
    double top = Double.POSITIVE_INFINITY;
    for (List<Place> places : layers) {
      for (Place place : places) {
        top = Math.min(top, place.middle - place.height / 2);
      }
    }
    for (List<Place> places : layers) {
      for (Place place : places) {
        place.middle -= top;
      }
    }
  }

  private Place put(Place place) {
    List<Place> places = layers.get(place.layer);
    place.rank = places.size();
    places.add(place);
    return place;
  }

  private List<Place> route(Place from, Place to) {
    List<Place> route = new ArrayList<>(List.of(from));
    for (int k = from.layer + 1; k < to.layer; k++) {
      route.add(put(new Place(k, PASSAGE)));
    }
    route.add(to);
    for (int k = 1; k < route.size(); k++) {
      route.get(k - 1).after.add(route.get(k));
      route.get(k).before.add(route.get(k - 1));
    }
    return route;
  }

  // ---- the order within layers

  private void order() {
    long fewest = crossings();
    List<List<Place>> best = copy();
    for (int sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
      boolean forwards = sweep % 2 == 0;
      for (int k = 0; k < layers.size(); k++) {
        sort(layers.get(forwards ? k : layers.size() - 1 - k), forwards);
      }
      long now = crossings();
      if (now < fewest) {
        fewest = now;
        best = copy();
      }
    }
    for (int k = 0; k < best.size(); k++) {
      layers.set(k, best.get(k));
      number(best.get(k));
    }
  }

  private List<List<Place>> copy() {
    List<List<Place>> copy = new ArrayList<>();
    layers.forEach(places -> copy.add(new ArrayList<>(places)));
    return copy;
  }

  private static void number(List<Place> places) {
    for (int rank = 0; rank < places.size(); rank++) {
      places.get(rank).rank = rank;
    }
  }

  private static void sort(List<Place> places, boolean byThoseBefore) {
    double[] wished = new double[places.size()];
    for (Place place : places) {
      List<Place> neighbours = byThoseBefore ? place.before : place.after;
      wished[place.rank] = neighbours.stream().mapToInt(other -> other.rank).average().orElse(place.rank);
    }
    places.sort(Comparator.comparingDouble(place -> wished[place.rank]));
    number(places);
  }

  private long crossings() {
    long crossings = 0;
    for (List<Place> places : layers) {
      List<int[]> pieces = new ArrayList<>();
      for (Place place : places) {
        place.after.forEach(next -> pieces.add(new int[] {place.rank, next.rank}));
      }
      for (int i = 0; i < pieces.size(); i++) {
        for (int k = 0; k < i; k++) {
          int[] one = pieces.get(i);
          int[] other = pieces.get(k);
          crossings += (long) (one[0] - other[0]) * (one[1] - other[1]) < 0 ? 1 : 0;
        }
      }
    }
    return crossings;
  }

  // ---- heights

  private void align() {
    for (List<Place> places : layers) {
      double[] wished = new double[places.size()];
      for (int k = 0; k < wished.length; k++) {
        Place place = places.get(k);
        double sum = 0;
        for (Place other : place.before) {
          sum += other.middle;
        }
        for (Place other : place.after) {
          sum += other.middle;
        }
        int count = place.before.size() + place.after.size();
        wished[k] = count == 0 ? place.middle : sum / count;
      }
      spread(places, wished);
    }
  }

  /**
   * The places nearest to the wished ones, in squares, that keep the order and the gaps: less the room that each must
   * leave to those before it the wishes must not decrease, and neighbours that do are averaged (pool adjacent violators).
   */
  private void spread(List<Place> places, double[] wished) {
    double[] room = new double[places.size()];
    for (int k = 1; k < room.length; k++) {
      room[k] = room[k - 1] + (places.get(k - 1).height + places.get(k).height) / 2 + gap;
    }
    double[] means = new double[room.length];
    int[] sizes = new int[room.length];
    int blocks = 0;
    for (int k = 0; k < room.length; k++) {
      means[blocks] = wished[k] - room[k];
      sizes[blocks++] = 1;
      while (blocks > 1 && means[blocks - 2] >= means[blocks - 1]) {
        int size = sizes[blocks - 2] + sizes[blocks - 1];
        means[blocks - 2] =
            (means[blocks - 2] * sizes[blocks - 2] + means[blocks - 1] * sizes[blocks - 1]) / size;
        sizes[blocks - 2] = size;
        blocks--;
      }
    }
    int k = 0;
    for (int block = 0; block < blocks; block++) {
      for (int i = 0; i < sizes[block]; i++, k++) {
        places.get(k).middle = means[block] + room[k];
      }
    }
  }

  // ---- what comes out

  /** The middle of a node, from the top of the picture. */
  double middle(int node) {
    return nodes.get(node).middle;
  }

  /** The middles of the passages of an edge through the layers between its ends. */
  double[] passages(int edge) {
    List<Place> route = routes.get(edge);
    return route.subList(1, route.size() - 1).stream().mapToDouble(place -> place.middle).toArray();
  }

  /** From the top of the highest to the bottom of the lowest. */
  double height() {
    return layers.stream()
        .flatMap(List::stream)
        .mapToDouble(place -> place.middle + place.height / 2)
        .max()
        .orElse(0);
  }
}
