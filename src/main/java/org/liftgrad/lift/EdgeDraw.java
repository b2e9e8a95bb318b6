package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Workers;

/** Draws the edges of a law, blocks of targets side by side. */
final class EdgeDraw {

  /** Targets that share a stream: few enough for many tasks, many enough that making streams costs nothing. */
  private static final int BLOCK = 2048;

  private final EdgeLaw law;
  private final int sources;
  private final int targets;
  private final long seed;
  private final long baseEdge;

  EdgeDraw(EdgeLaw law, int sources, int targets, long seed, long baseEdge) {
    this.law = law;
    this.sources = sources;
    this.targets = targets;
    this.seed = seed;
    this.baseEdge = baseEdge;
  }

  /**
   * Edges of which those of the first targets are given.
   *
   * @param given how many targets have their edges
   * @param starts of those targets, given + 1 numbers
   * @param from their edges
   */
  Edges draw(int given, int[] starts, int[] from) {
    if (law instanceof EdgeLaw.FixedInDegree fixed) {
      Argument.require(
          fixed.replacement() || fixed.degree() <= sources, "the in-degree", fixed.degree(),
          "at most the size of the fibre of sources, " + sources + ", where parents are distinct");
      return fixed(fixed, given, starts, from);
    }
    if (law instanceof EdgeLaw.Bernoulli bernoulli) {
      double probability = bernoulli.probability(sources, targets);
      return probability == 1 ? full(given, starts, from) : bernoulli(probability, given, starts, from);
    }
    if (law instanceof EdgeLaw.Diagonal) {
      Argument.require(
          sources == targets, "the size of the fibre of targets", targets,
          "that of the fibre of sources, " + sources + ", as edges are diagonal");
      int[] one = new int[targets + 1];
      Arrays.setAll(one, v -> v);
      return new Edges(sources, targets, one, Arrays.copyOf(one, targets));
    }
    return full(given, starts, from);
  }

  private static int checked(long count) {
    Argument.require(count <= Edges.MOST, "the number of edges", count, "at most " + Edges.MOST);
    return (int) count;
  }

  /** Starts of all targets, where the new ones have equally many edges. */
  private int[] evenStarts(int given, int[] starts, int degree) {
    checked(starts[given] + (long) (targets - given) * degree);
    int[] all = Arrays.copyOf(starts, targets + 1);
    for (int v = given; v < targets; v++) {
      all[v + 1] = all[v] + degree;
    }
    return all;
  }

  private Edges full(int given, int[] starts, int[] from) {
    int[] all = evenStarts(given, starts, sources);
    int[] edges = Arrays.copyOf(from, all[targets]);
    Workers.run(
        blocks(given),
        block -> {
          for (int v = first(given, block); v < end(given, block); v++) {
            for (int k = 0; k < sources; k++) {
              edges[all[v] + k] = k;
            }
          }
        });
    return new Edges(sources, targets, all, edges);
  }

  // ---- blocks of the targets to draw for

  private int blocks(int given) {
    return (int) ((targets - given + (BLOCK - 1L)) / BLOCK);
  }

  private int first(int given, int block) {
    return given + block * BLOCK;
  }

  private int end(int given, int block) {
    return (int) Math.min(targets, first(given, block) + (long) BLOCK);
  }

  private RandomStream stream(int given, int block) {
    return RandomStream.of(seed, "edges", baseEdge, given, block);
  }

  // ---- law (K)

  private Edges fixed(EdgeLaw.FixedInDegree fixed, int given, int[] starts, int[] from) {
    int degree = fixed.degree();
    int[] all = evenStarts(given, starts, degree);
    int[] edges = Arrays.copyOf(from, all[targets]);
    // For distinct parents: the target that last took this source, one array a thread.
    int[][] taken = new int[Workers.threads()][];
    Workers.run(
        blocks(given),
        (block, thread) -> {
          RandomStream stream = stream(given, block);
          if (!fixed.replacement() && taken[thread] == null) {
            taken[thread] = new int[sources];
          }
          for (int v = first(given, block); v < end(given, block); v++) {
            if (fixed.replacement()) {
              for (int k = 0; k < degree; k++) {
                edges[all[v] + k] = stream.nextInt(sources);
              }
            } else {
              subset(stream, edges, all[v], degree, taken[thread], v + 1);
            }
            sort(edges, all[v], all[v + 1]);
          }
        });
    return new Edges(sources, targets, all, edges);
  }

  /** Each subset as likely as any other, in as many draws as it has members (Floyd; Bentley and Floyd 1987). */
  private void subset(RandomStream stream, int[] edges, int at, int degree, int[] taken, int mark) {
    for (int k = 0; k < degree; k++) {
      int last = sources - degree + k;
      int drawn = stream.nextInt(last + 1);
      int chosen = taken[drawn] == mark ? last : drawn;
      taken[chosen] = mark;
      edges[at + k] = chosen;
    }
  }

  private static void sort(int[] values, int from, int to) {
    if (to - from > 32) {
      Arrays.sort(values, from, to);
      return;
    }
    // Few: without the overhead of a general sort, which would take most of the time.
    for (int i = from + 1; i < to; i++) {
      int value = values[i];
      int k = i;
      for (; k > from && values[k - 1] > value; k--) {
        values[k] = values[k - 1];
      }
      values[k] = value;
    }
  }

  // ---- law (Ber)

  private Edges bernoulli(double probability, int given, int[] starts, int[] from) {
    int[] all = Arrays.copyOf(starts, targets + 1);
    int[][] drawn = new int[blocks(given)][];
    double expected = (double) sources * (targets - given) * probability;
    Argument.require(
        from.length + expected < Edges.MOST, "the number of edges to expect", from.length + expected,
        "at most " + Edges.MOST);
    Workers.run(drawn.length, block -> drawn[block] = skip(probability, given, block, all));
    long count = from.length;
    for (int v = given; v < targets; v++) {
      count += all[v + 1];
      all[v + 1] = checked(count);
    }
    int[] edges = Arrays.copyOf(from, (int) count);
    Workers.run(
        drawn.length,
        block -> {
          int at = all[first(given, block)];
          System.arraycopy(drawn[block], 0, edges, at, all[end(given, block)] - at);
        });
    return new Edges(sources, targets, all, edges);
  }

  /**
   * The edges of a block, by the gaps between them: pair after pair, the number of pairs that are left out has
   * a geometric law (Batagelj and Brandes 2005). Writes the in-degree of v to place v + 1 of {@code degrees}.
   */
  private int[] skip(double probability, int given, int block, int[] degrees) {
    int firstTarget = first(given, block);
    int count = end(given, block) - firstTarget;
    RandomStream stream = stream(given, block);
    double logMiss = StrictMath.log1p(-probability);
    double mean = (double) sources * count * probability;
    int[] found = new int[(int) Math.min(Edges.MOST, mean + 4 * Math.sqrt(mean) + 16)];
    int howMany = 0;
    // In whole numbers that a double holds exactly: a block has fewer than 2⁴² pairs.
    double pairs = (double) sources * count;
    double pair = -1;
    while (true) {
      pair += 1 + Math.floor(StrictMath.log(stream.nextUniform()) / logMiss);
      if (pair >= pairs) {
        return found;
      }
      long place = (long) pair;
      int target = (int) (place / sources);
      if (howMany == found.length) {
        found = Arrays.copyOf(found, (int) Math.min(Edges.MOST, found.length + found.length / 2L + 16));
      }
      found[howMany++] = (int) (place - (long) target * sources);
      degrees[firstTarget + target + 1]++;
    }
  }
}
