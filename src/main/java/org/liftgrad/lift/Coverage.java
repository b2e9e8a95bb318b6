package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Workers;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * Where a network contains copies of a witness: a small network of the same blueprint. A lifted vertex is an η-copy
 * of a witness vertex if there is a bijection between the edges into the one and those into the other that keeps
 * their edge of the blueprint, such that every entry of every weight differs by at most η and every source is an
 * η-copy of its counterpart. Of inputs the namesake is the only copy; constants all are copies of each other. An
 * exact copy computes what the witness vertex does, an η-copy nearly so ({@link #errorBound}).
 *
 * <p>Found in one pass over the edges for each witness vertex; vertices over outputs, which read everything, are left
 * out. Immutable.
 *
 * <pre>{@code
 * Coverage coverage = Coverage.of(network, witness, 0.05);
 * coverage.copies("h2", 0);
 * }</pre>
 *
 * <p>Source: theory file, 4.4 (coverage; the wording is reconstructed).
 */
public final class Coverage implements Tabular {

  /** Words of a bit a vertex, of a task. */
  private static final int WORDS = 64;

  private final LiftedNetwork network;
  private final LiftedNetwork witness;
  private final double tolerance;
  /** For each vertex of the blueprint and each of the witness over it, a bit for each of the network. */
  private final long[][][] copies;

  private Coverage(LiftedNetwork network, LiftedNetwork witness, double tolerance, long[][][] copies) {
    this.network = network;
    this.witness = witness;
    this.tolerance = tolerance;
    this.copies = copies;
  }

  /**
   * The η-copies of a witness.
   *
   * @param network of the witness's blueprint, with as many inputs
   * @param tolerance η, at least 0
   */
  public static Coverage of(LiftedNetwork network, LiftedNetwork witness, double tolerance) {
    return found(network, witness, tolerance, false);
  }

  /**
   * The η-copies of a witness where a copy may have further edges, all entries of their weights at most η in absolute
   * value: how a network of fixed in-degree hosts a witness of a smaller one.
   */
  public static Coverage padded(LiftedNetwork network, LiftedNetwork witness, double tolerance) {
    return found(network, witness, tolerance, true);
  }

  private static Coverage found(LiftedNetwork network, LiftedNetwork witness, double tolerance, boolean padded) {
    Blueprint blueprint = network.blueprint();
    Argument.require(
        witness.blueprint().equals(blueprint), "the blueprint of the witness", witness.blueprint(),
        "that of the network, " + blueprint);
    Argument.notNegative("the tolerance", tolerance);
    long[][][] copies = new long[blueprint.vertices().size()][][];
    double[] parameters = network.parameters();
    double[] wanted = witness.parameters();
    for (Vertex vertex : blueprint.vertices()) {
      int v = vertex.index();
      int size = network.lift().fibre(v);
      int counterparts = witness.lift().fibre(v);
      copies[v] = new long[vertex.output() ? 0 : counterparts][(size + 63) / 64];
      switch (vertex.role()) {
        case INPUT -> {
          Argument.require(
              size == counterparts, "the fibre of the witness over " + vertex.name(), counterparts + " vertices",
              size + ", as in the network");
          for (int i = 0; i < size; i++) {
            copies[v][i][i >> 6] |= 1L << i;
          }
        }
        case CONSTANT -> {
          for (long[] bits : copies[v]) {
            for (int i = 0; i < size; i++) {
              bits[i >> 6] |= 1L << i;
            }
          }
        }
        default -> {
          List<EdgeMatch> matches = new ArrayList<>();
          for (Edge edge : blueprint.incoming(v)) {
            matches.add(
                new EdgeMatch(
                    edge, network.lift(), parameters, witness.lift(), wanted, copies[edge.source()], tolerance,
                    padded));
          }
          find(matches.toArray(EdgeMatch[]::new), copies[v], size);
        }
      }
    }
    return new Coverage(network, witness, tolerance, copies);
  }

  private static void find(EdgeMatch[] matches, long[][] copies, int size) {
    int words = (size + 63) / 64;
    Workers.run(
        (words + WORDS - 1) / WORDS,
        task -> {
          EdgeMatch.Pairing pairing = new EdgeMatch.Pairing();
          int end = (int) Math.min(size, (task + 1L) * WORDS * 64);
          for (int counterpart = 0; counterpart < copies.length; counterpart++) {
            for (int v = task * WORDS * 64; v < end; v++) {
              if (isCopy(matches, v, counterpart, pairing)) {
                copies[counterpart][v >> 6] |= 1L << v;
              }
            }
          }
        });
  }

  private static boolean isCopy(EdgeMatch[] matches, int vertex, int counterpart, EdgeMatch.Pairing pairing) {
    for (EdgeMatch match : matches) {
      if (!match.matches(vertex, counterpart, pairing)) {
        return false;
      }
    }
    return true;
  }

  /** What was searched. */
  public LiftedNetwork network() {
    return network;
  }

  /** What was searched for. */
  public LiftedNetwork witness() {
    return witness;
  }

  /** η. */
  public double tolerance() {
    return tolerance;
  }

  /**
   * The number of copies of a vertex of the witness.
   *
   * @param vertex of the blueprint, not an output
   * @param place in the fibre of the witness over it
   */
  public int copies(String vertex, int place) {
    int count = 0;
    for (long word : bits(vertex, place)) {
      count += Long.bitCount(word);
    }
    return count;
  }

  /** Is a vertex of the network a copy of a vertex of the witness over the same vertex of the blueprint? */
  public boolean isCopy(String vertex, int place, int ofNetwork) {
    int size = network.lift().fibre(vertex);
    Argument.require(
        ofNetwork >= 0 && ofNetwork < size, "the vertex of the network over " + vertex, ofNetwork,
        "from 0 to " + (size - 1));
    return (bits(vertex, place)[ofNetwork >> 6] >>> ofNetwork & 1) == 1;
  }

  private long[] bits(String vertex, int place) {
    Vertex below = witness.blueprint().vertex(vertex);
    Argument.require(!below.output(), "vertex", vertex, "none of the outputs, which have no copies");
    int size = witness.lift().fibre(vertex);
    Argument.require(
        place >= 0 && place < size, "the vertex of the witness over " + vertex, place, "from 0 to " + (size - 1));
    return copies[below.index()][place];
  }

  /** The bits of all copies, by vertex of the blueprint and of the witness; not to be modified. */
  long[][][] bits() {
    return copies;
  }

  /** The fewest copies that a computed vertex of the witness has. */
  public int fewest() {
    int fewest = Integer.MAX_VALUE;
    for (Vertex vertex : witness.blueprint().vertices()) {
      for (int place = 0; isHidden(vertex) && place < witness.lift().fibre(vertex.index()); place++) {
        fewest = Math.min(fewest, copies(vertex.name(), place));
      }
    }
    return fewest;
  }

  /** Is a vertex computed, and no output? */
  static boolean isHidden(Vertex vertex) {
    return vertex.role() == Vertex.Role.COMPUTED && !vertex.output();
  }

  /**
   * The copies that a move of the parameters leaves alone: those in whose in-tree no entry of a weight moves by more
   * than η. They are 2η-copies then. Theory file, 4.6 and 4.7.
   *
   * @param parameters of the network after the move
   */
  public Coverage surviving(double... parameters) {
    Lift lift = network.lift();
    Argument.require(
        parameters.length == lift.parameters(), "the number of parameters", parameters.length,
        Integer.toString(lift.parameters()));
    double[] before = network.parameters();
    long[][][] left = new long[copies.length][][];
    long[][] moved = new long[copies.length][];
    for (Vertex vertex : network.blueprint().vertices()) {
      int v = vertex.index();
      moved[v] = new long[(lift.fibre(v) + 63) / 64];
      for (Edge edge : network.blueprint().incoming(v)) {
        markMoved(edge, before, parameters, moved);
      }
      left[v] = new long[copies[v].length][];
      for (int place = 0; place < copies[v].length; place++) {
        left[v][place] = copies[v][place].clone();
        for (int word = 0; word < moved[v].length; word++) {
          left[v][place][word] &= ~moved[v][word];
        }
      }
    }
    return new Coverage(network.withParameters(parameters), witness, tolerance, left);
  }

  /** Marks the targets of edges that moved, or whose source is marked. */
  private void markMoved(Edge edge, double[] before, double[] after, long[][] moved) {
    Edges edges = network.lift().edges(edge.index());
    int entries = edge.message().weights().dimension();
    int start = network.lift().blockStart(edge.group());
    long[] sources = moved[edge.source()];
    long[] targets = moved[edge.target()];
    for (int v = 0; v < edges.targets(); v++) {
      for (int e = edges.first(v); e < edges.first(v + 1); e++) {
        boolean broken = (sources[edges.source(e) >> 6] >>> edges.source(e) & 1) == 1;
        for (int at = start + e * entries; at < start + (e + 1) * entries && !broken; at++) {
          // Written so that what is not a number counts as moved.
          broken = !(Math.abs(after[at] - before[at]) <= tolerance);
        }
        if (broken) {
          targets[v >> 6] |= 1L << v;
        }
      }
    }
  }

  /**
   * ω(ξ): how far the value of a ξ-copy can be from that of the witness vertex, on an input. For a surviving copy ξ is
   * twice the tolerance. Theory file, 4.7.
   *
   * @param shift ξ, at least 0
   * @param depth of the witness vertex: 1 over inputs
   * @param slope a Lipschitz constant of the activation
   * @param inDegree the most edges into a vertex
   * @param largestWeight the largest absolute value of a weight of the witness
   * @param largestValue the largest absolute value of an activation, inputs among them
   */
  public static double errorBound(
      double shift, int depth, double slope, int inDegree, double largestWeight, double largestValue) {
    Argument.notNegative("shift", shift);
    Argument.positive("depth", depth);
    double growth = slope * inDegree * (largestWeight + shift);
    double sum = 0;
    for (int level = 0; level < depth; level++) {
      sum = 1 + growth * sum;
    }
    return slope * inDegree * shift * largestValue * sum;
  }

  /** A row a hidden vertex of the witness: {@code vertex, copies, fibre, share}. */
  @Override
  public Table table() {
    StringColumn vertices = StringColumn.create("vertex of the witness");
    IntColumn found = IntColumn.create("copies");
    IntColumn fibres = IntColumn.create("of the fibre");
    DoubleColumn shares = DoubleColumn.create("share");
    for (Vertex vertex : witness.blueprint().vertices()) {
      for (int place = 0; isHidden(vertex) && place < witness.lift().fibre(vertex.index()); place++) {
        int count = copies(vertex.name(), place);
        int fibre = network.lift().fibre(vertex.index());
        vertices.append(witness.lift().nameOf(vertex.index(), place));
        found.append(count);
        fibres.append(fibre);
        shares.append((double) count / fibre);
      }
    }
    return Table.create("copies of a witness", vertices, found, fibres, shares);
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    for (Vertex vertex : witness.blueprint().vertices()) {
      for (int place = 0; isHidden(vertex) && place < witness.lift().fibre(vertex.index()); place++) {
        parts.add(
            copies(vertex.name(), place) + " of " + witness.lift().nameOf(vertex.index(), place) + " among "
                + network.lift().fibre(vertex.index()));
      }
    }
    return "copies: " + String.join(", ", parts);
  }
}
