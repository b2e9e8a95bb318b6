package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.blueprint.Edge;

/**
 * Over one edge of the blueprint: do the edges into a vertex of the network match those into a vertex of the witness,
 * one to one?
 */
final class EdgeMatch {

  private final Edges edges;
  private final double[] parameters;
  private final int start;
  private final Edges wantedEdges;
  private final double[] wanted;
  private final int wantedStart;
  private final int entries;
  /** Of the sources: for each vertex of the witness, a bit for each of the network. */
  private final long[][] copies;

  private final double tolerance;
  private final boolean padded;

  EdgeMatch(
      Edge edge,
      Lift lift,
      double[] parameters,
      Lift witness,
      double[] wanted,
      long[][] copies,
      double tolerance,
      boolean padded) {
    edges = lift.edges(edge.index());
    this.parameters = parameters;
    start = lift.blockStart(edge.group());
    wantedEdges = witness.edges(edge.index());
    this.wanted = wanted;
    wantedStart = witness.blockStart(edge.group());
    entries = edge.message().weights().dimension();
    this.copies = copies;
    this.tolerance = tolerance;
    this.padded = padded;
  }

  /** A thread's memory. */
  static final class Pairing {
    /** For each edge of the witness vertex, its partner among those of the network, or −1. */
    private int[] partners = new int[8];

    private boolean[] tried = new boolean[8];

    private void reset(int count) {
      if (partners.length < count) {
        partners = new int[count];
        tried = new boolean[count];
      }
      Arrays.fill(partners, 0, count, -1);
    }
  }

  boolean matches(int vertex, int counterpart, Pairing pairing) {
    int first = edges.first(vertex);
    int count = edges.first(vertex + 1) - first;
    int wantedFirst = wantedEdges.first(counterpart);
    int wantedCount = wantedEdges.first(counterpart + 1) - wantedFirst;
    if (padded ? count < wantedCount : count != wantedCount) {
      return false;
    }
    // Of most vertices already the first edge has no counterpart.
    for (int e = first; e < first + count; e++) {
      if (!hasCounterpart(e, wantedFirst, wantedCount) && !(padded && isNearZero(e))) {
        return false;
      }
    }
    return count < 2 && !padded || isBijective(first, count, wantedFirst, wantedCount, pairing);
  }

  private boolean hasCounterpart(int edge, int wantedFirst, int wantedCount) {
    for (int w = wantedFirst; w < wantedFirst + wantedCount; w++) {
      if (fits(edge, w)) {
        return true;
      }
    }
    return false;
  }

  private boolean fits(int edge, int wantedEdge) {
    for (int k = 0; k < entries; k++) {
      double apart = parameters[start + edge * entries + k] - wanted[wantedStart + wantedEdge * entries + k];
      if (!(Math.abs(apart) <= tolerance)) {
        return false;
      }
    }
    int source = edges.source(edge);
    return (copies[wantedEdges.source(wantedEdge)][source >> 6] >>> source & 1) == 1;
  }

  private boolean isNearZero(int edge) {
    for (int k = 0; k < entries; k++) {
      if (!(Math.abs(parameters[start + edge * entries + k]) <= tolerance)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Is there a one-to-one assignment? By augmenting paths (Kuhn 1955): first for the edges that cannot be padding,
   * then for as many others as it takes to serve all edges of the witness vertex. An augmenting path never takes away
   * the partner that an edge has, only exchanges it.
   */
  private boolean isBijective(int first, int count, int wantedFirst, int wantedCount, Pairing pairing) {
    pairing.reset(wantedCount);
    int served = 0;
    for (int e = first; e < first + count; e++) {
      if (!padded || !isNearZero(e)) {
        Arrays.fill(pairing.tried, 0, wantedCount, false);
        if (!serve(e, wantedFirst, wantedCount, pairing)) {
          return false;
        }
        served++;
      }
    }
    for (int e = first; e < first + count && served < wantedCount; e++) {
      if (padded && isNearZero(e)) {
        Arrays.fill(pairing.tried, 0, wantedCount, false);
        served += serve(e, wantedFirst, wantedCount, pairing) ? 1 : 0;
      }
    }
    return served == wantedCount;
  }

  private boolean serve(int edge, int wantedFirst, int wantedCount, Pairing pairing) {
    for (int k = 0; k < wantedCount; k++) {
      if (!pairing.tried[k] && fits(edge, wantedFirst + k)) {
        pairing.tried[k] = true;
        if (pairing.partners[k] < 0 || serve(pairing.partners[k], wantedFirst, wantedCount, pairing)) {
          pairing.partners[k] = edge;
          return true;
        }
      }
    }
    return false;
  }
}
