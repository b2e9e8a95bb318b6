package org.liftgrad.lift;

import org.liftgrad.kernel.Argument;

/**
 * The law of the lifted edges over one base edge (a, b), between a fibre of n_a sources and one of n_b
 * targets (Definition 4.2 of the first paper; which of the two random laws the paper means is not known,
 * theory file, section 4).
 *
 * <p>Drawn from streams keyed by seed, base edge and block of targets, so that edges depend neither on
 * threads nor on what else is drawn. Draws for more targets begin with those for fewer.
 */
public sealed interface EdgeLaw {

  /** Law (K): every target draws so many parents, independently and uniformly, with replacement. */
  static EdgeLaw inDegree(int degree) {
    return new FixedInDegree(degree, true);
  }

  /** Law (K) with distinct parents: each set of so many is as likely as any other. */
  static EdgeLaw distinctInDegree(int degree) {
    return new FixedInDegree(degree, false);
  }

  /** Law (Ber): each pair is an edge with probability min(1, mean/n_a); the mean in-degree is {@code mean}. */
  static EdgeLaw bernoulli(double mean) {
    return new Bernoulli(mean, true);
  }

  /** Its variant: each pair is an edge with probability min(1, mean/n_b); the mean out-degree is {@code mean}. */
  static EdgeLaw bernoulliByTargets(double mean) {
    return new Bernoulli(mean, false);
  }

  /** All pairs (Definition 3.6). */
  static EdgeLaw full() {
    return new Full();
  }

  /** Fibres of equal size, each vertex with its namesake. */
  static EdgeLaw diagonal() {
    return new Diagonal();
  }

  /**
   * Edges of this law.
   *
   * @param sources n_a, at least 1
   * @param targets n_b, at least 1
   * @param seed the user's seed
   * @param baseEdge the number of the base edge, part of the address of the streams
   * @throws IllegalArgumentException where a fibre is empty or does not fit the law, or where the edges would
   *     be more than {@link Edges#MOST}
   */
  default Edges draw(int sources, int targets, long seed, long baseEdge) {
    Edges.fibres(sources, targets);
    return new EdgeDraw(this, sources, targets, seed, baseEdge).draw(0, new int[] {0}, new int[0]);
  }

  /**
   * Grown fibres: the targets that were there keep their edges, the new ones draw theirs among all sources.
   * Under {@link Full} old targets also read the new sources.
   *
   * @param before what was there; its fibres are at most as large
   * @param sources n_a now
   * @param targets n_b now
   * @param seed the user's seed
   * @param baseEdge the number of the base edge
   */
  default Edges grow(Edges before, int sources, int targets, long seed, long baseEdge) {
    Argument.atLeast("the size of the grown fibre of sources", sources, before.sources());
    Argument.atLeast("the size of the grown fibre of targets", targets, before.targets());
    if (this instanceof Full || this instanceof Diagonal) {
      return draw(sources, targets, seed, baseEdge);
    }
    int[] starts = new int[before.targets() + 1];
    for (int v = 0; v < starts.length; v++) {
      starts[v] = before.first(v);
    }
    int[] from = new int[before.count()];
    for (int e = 0; e < from.length; e++) {
      from[e] = before.source(e);
    }
    return new EdgeDraw(this, sources, targets, seed, baseEdge).draw(before.targets(), starts, from);
  }

  /**
   * So many parents for every target.
   *
   * @param degree k, at least 1
   * @param replacement whether one parent may be drawn twice
   */
  record FixedInDegree(int degree, boolean replacement) implements EdgeLaw {
    /** Refuses a degree under 1. */
    public FixedInDegree {
      Argument.positive("the in-degree", degree);
    }

    @Override
    public String toString() {
      return "in-degree " + degree + (replacement ? "" : ", distinct parents");
    }
  }

  /**
   * Each pair by itself.
   *
   * @param mean λ, finite and above 0
   * @param bySources whether the probability is min(1, λ/n_a), not min(1, λ/n_b)
   */
  record Bernoulli(double mean, boolean bySources) implements EdgeLaw {
    /** Refuses a mean of 0 or less. */
    public Bernoulli {
      Argument.positive("the mean degree", mean);
    }

    /** The probability of a pair. */
    public double probability(int sources, int targets) {
      return Math.min(1, mean / (bySources ? sources : targets));
    }

    @Override
    public String toString() {
      return "Bernoulli " + mean + (bySources ? "/n_a" : "/n_b");
    }
  }

  /** All pairs. */
  record Full() implements EdgeLaw {
    @Override
    public String toString() {
      return "full";
    }
  }

  /** Each vertex with its namesake. */
  record Diagonal() implements EdgeLaw {
    @Override
    public String toString() {
      return "diagonal";
    }
  }
}
