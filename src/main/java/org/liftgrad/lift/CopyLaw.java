package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.TreeSet;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The law of the number of η-copies of a witness in a random sparse lift: what {@link Coverage} counts, predicted from
 * the laws of edges and weights.
 *
 * <p>Given the counts over earlier fibres, the vertices of a fibre are copies independently of each other, with a
 * probability that is a product over the edges of the blueprint that arrive: the number of copies is binomial. Its
 * mean and the probability that there is one follow by summing over the joint law of the earlier counts, which is
 * exact; sums that are too long are refused.
 *
 * <p>Exact where two vertices of the witness over the same vertex, and two edges into one of them, are either alike
 * or cannot have the same copy. Otherwise the probabilities are lower bounds ({@link #isExact}), and laws of counts
 * are refused.
 *
 * <p>Source: theory file, 4.4 and 4.5 (reconstructed).
 */
public final class CopyLaw implements Tabular {

  /** Terms of a sum over counts that are left out have together about this probability. */
  private static final double NEGLIGIBLE = 1e-14;

  /** The most terms of a sum over counts: some seconds. */
  private static final double MOST_TERMS = 1e7;

  private final Blueprint blueprint;
  private final Lift witness;
  private final int[] fibres;
  private final List<Optional<EdgeLaw>> edgeLaws = new ArrayList<>();
  private final CopyTypes types;

  /**
   * The law for lifts that a builder draws.
   *
   * @param builder with laws of edges and weights, as for {@link LiftBuilder#sparse}
   * @param witness of the same blueprint
   * @param tolerance η, at least 0
   * @throws IllegalArgumentException where the witness does not fit, or edges into hidden vertices are given one by one
   *     or diagonal
   */
  public static CopyLaw of(LiftBuilder builder, LiftedNetwork witness, double tolerance) {
    return new CopyLaw(builder, witness, tolerance);
  }

  private CopyLaw(LiftBuilder builder, LiftedNetwork network, double tolerance) {
    blueprint = builder.blueprint();
    Argument.require(
        network.blueprint().equals(blueprint), "the blueprint of the witness", network.blueprint(),
        "that of the lifts, " + blueprint);
    Argument.notNegative("the tolerance", tolerance);
    witness = network.lift();
    fibres = builder.fibres();
    for (Vertex vertex : blueprint.vertices()) {
      int size = fibres[vertex.index()];
      Argument.require(
          vertex.role() != Vertex.Role.INPUT || witness.fibre(vertex.index()) == size,
          "the fibre of the witness over " + vertex.name(), witness.fibre(vertex.index()) + " vertices",
          size + ", as in the lifts");
    }
    for (Edge edge : blueprint.edges()) {
      boolean output = blueprint.vertices().get(edge.target()).output();
      Optional<EdgeLaw> law = output ? Optional.empty() : builder.edgeLaw(edge);
      Argument.require(
          output || law.isPresent() && !(law.get() instanceof EdgeLaw.Diagonal),
          "the law of the edges " + blueprint.nameOf(edge), law.map(EdgeLaw::toString).orElse("given edge by edge"),
          "a random one or full, as each vertex must draw for itself");
      edgeLaws.add(law);
    }
    types = new CopyTypes(network, tolerance, builder::weightLaw);
  }

  private int hidden(String vertex, int place) {
    Vertex below = blueprint.vertex(vertex);
    Argument.require(Coverage.isHidden(below), "vertex", vertex, "computed, and none of the outputs");
    int size = witness.fibre(below.index());
    Argument.require(
        place >= 0 && place < size, "the vertex of the witness over " + vertex, place, "from 0 to " + (size - 1));
    return below.index();
  }

  // ---- the probability of one vertex

  /** A share of each fibre: of the vertices that are copies of each vertex of the witness. */
  private interface Shares {
    double of(int vertex, int place);
  }

  /** Over inputs and constants shares are known; over hidden vertices they are asked for. */
  private double share(int vertex, int place, Shares hidden) {
    return switch (blueprint.vertices().get(vertex).role()) {
      case INPUT -> 1.0 / fibres[vertex];
      case CONSTANT -> 1;
      case COMPUTED -> hidden.of(vertex, place);
    };
  }

  private double probability(int vertex, int place, Shares shares, boolean limit) {
    double probability = 1;
    for (Edge edge : blueprint.incoming(vertex)) {
      probability *= probability(edge, place, shares, limit);
    }
    return probability;
  }

  /** That the edges over one edge of the blueprint match those into a vertex of the witness. */
  private double probability(Edge edge, int place, Shares shares, boolean limit) {
    List<CopyTypes.Need> needs = types.asked(edge, place);
    int size = fibres[edge.source()];
    boolean endless = limit && Coverage.isHidden(blueprint.vertices().get(edge.source()));
    int degree = 0;
    double arrangements = 1;
    double weights = 1;
    double independent = 1;
    for (CopyTypes.Need need : needs) {
      degree += need.count();
      arrangements /= factorial(need.count());
      weights *= power(need.mass(), need.count());
      independent *= power(share(edge.source(), need.source(), shares), need.count());
    }
    if (!types.askedApart(edge, place)) {
      // Each way to match may be one among several: counted once in all.
      arrangements = 1 / factorial(degree);
    }
    EdgeLaw law = edgeLaws.get(edge.index()).orElseThrow();
    if (law instanceof EdgeLaw.FixedInDegree fixed) {
      if (degree != fixed.degree()) {
        return 0;
      }
      double ordered = arrangements * factorial(degree) * weights;
      return fixed.replacement() || endless
          ? ordered * independent
          : ordered * distinct(edge, needs, shares) / falling(size, degree);
    }
    double pair = law instanceof EdgeLaw.Bernoulli bernoulli ? bernoulli.probability(size, fibres[edge.target()]) : 1;
    if (!endless) {
      return arrangements * weights * power(pair, degree) * power(1 - pair, size - degree)
          * distinct(edge, needs, shares);
    }
    if (!(law instanceof EdgeLaw.Bernoulli bernoulli)) {
      return 0;
    }
    double mean =
        bernoulli.bySources() ? bernoulli.mean() : bernoulli.mean() * size / fibres[edge.target()];
    return StrictMath.exp(-mean) * arrangements * weights * power(mean, degree) * independent;
  }

  /** In how many ways distinct sources can be had, in order; those of one type are told apart. */
  private double distinct(Edge edge, List<CopyTypes.Need> needs, Shares shares) {
    double ways = 1;
    for (int source : sources(needs)) {
      int count = needs.stream().filter(need -> need.source() == source).mapToInt(CopyTypes.Need::count).sum();
      ways *= falling(share(edge.source(), source, shares) * fibres[edge.source()], count);
    }
    return ways;
  }

  private static TreeSet<Integer> sources(List<CopyTypes.Need> needs) {
    TreeSet<Integer> sources = new TreeSet<>();
    needs.forEach(need -> sources.add(need.source()));
    return sources;
  }

  private static double factorial(int n) {
    return falling(n, n);
  }

  private static double falling(double x, int count) {
    double product = 1;
    for (int k = 0; k < count; k++) {
      product *= Math.max(0, x - k);
    }
    return product;
  }

  /** x^count; 0⁰ = 1. */
  private static double power(double x, int count) {
    return count == 0 ? 1 : StrictMath.pow(x, count);
  }

  /**
   * P(y*): the share of copies in fibres that grow, over inputs of the size they have, with the ratios of widths kept.
   */
  public double probability(String vertex, int place) {
    return limit(hidden(vertex, place), place);
  }

  private double limit(int vertex, int place) {
    return probability(vertex, place, this::limit, true);
  }

  /**
   * The probability that a vertex is a copy, given the counts over earlier fibres that a coverage found: given them,
   * the number of copies is binomial.
   *
   * @param counts of a network of these widths
   */
  public double givenEarlier(Coverage counts, String vertex, int place) {
    int[] sizes = new int[fibres.length];
    Arrays.setAll(sizes, counts.network().lift()::fibre);
    Argument.require(
        counts.network().blueprint().equals(blueprint) && Arrays.equals(sizes, fibres), "the network",
        counts.network(), "of the fibres of this law");
    Shares found =
        (source, of) -> (double) counts.copies(blueprint.vertices().get(source).name(), of) / fibres[source];
    return probability(hidden(vertex, place), place, found, false);
  }

  /**
   * A lower bound of P(y*) under fixed in-degree: a factor for the weight of each edge of the unrolled in-tree, and
   * one over the number of inputs for each of its leaves. Exponential in the size of the tree: the price of depth.
   */
  public double unrolledBound(String vertex, int place) {
    return unrolled(hidden(vertex, place), place);
  }

  private double unrolled(int vertex, int place) {
    double product = 1;
    for (Edge edge : blueprint.incoming(vertex)) {
      for (CopyTypes.Need need : types.asked(edge, place)) {
        double each = need.mass() * share(edge.source(), need.source(), this::unrolled);
        product *= power(each, need.count());
      }
    }
    return product;
  }

  /** Are the probabilities of a vertex, and of all before it, exact? Otherwise they are lower bounds. */
  public boolean isExact(String vertex, int place) {
    return types.isExact(hidden(vertex, place), place);
  }

  // ---- counts

  /** E N: the mean number of copies. */
  public double mean(String vertex, int place) {
    int v = hidden(vertex, place);
    return fibres[v] * expectation(v, place, probability -> probability);
  }

  /** The standard deviation of N: that of binomials with the probabilities P̂, and that of n P̂ itself. */
  public double deviation(String vertex, int place) {
    int v = hidden(vertex, place);
    double n = fibres[v];
    double first = expectation(v, place, probability -> probability);
    double second = expectation(v, place, probability -> probability * probability);
    return Math.sqrt(Math.max(0, n * (first - second) + n * n * (second - first * first)));
  }

  /** P(N ≥ 1): the probability that there is a copy, 1 − E (1 − P̂)^n. */
  public double atLeastOne(String vertex, int place) {
    int v = hidden(vertex, place);
    return expectation(v, place, probability -> -StrictMath.expm1(fibres[v] * StrictMath.log1p(-probability)));
  }

  private interface OfProbability {
    double value(double probability);
  }

  /** E of a function of the probability of a vertex given earlier counts. */
  private double expectation(int vertex, int place, OfProbability function) {
    Argument.require(
        types.isExact(vertex, place), "the vertex of the witness", witness.nameOf(vertex, place),
        "one whose in-tree has only vertices and edges that are alike or cannot have the same copy");
    double[][] counts = new double[fibres.length][];
    for (int v = 0; v < counts.length; v++) {
      counts[v] = new double[witness.fibre(v)];
    }
    List<int[]> earlier = types.earlier(vertex, place);
    return new Summation(vertex, place, function, earlier, counts).over(0, fibres, 1, 1);
  }

  /** A sum over the counts of one type of copy after the other, each binomial given those before. */
  private final class Summation {
    private final int vertex;
    private final int place;
    private final OfProbability function;
    private final List<int[]> earlier;
    private final double[][] counts;
    private final Shares shares = (source, of) -> sharesOf(source, of);

    Summation(int vertex, int place, OfProbability function, List<int[]> earlier, double[][] counts) {
      this.vertex = vertex;
      this.place = place;
      this.function = function;
      this.earlier = earlier;
      this.counts = counts;
    }

    private double sharesOf(int source, int of) {
      return counts[source][types.representative(source, of)] / fibres[source];
    }

    /**
     * E of what is left.
     *
     * @param next the number of the type
     * @param left the vertices of each fibre that are not yet known to be copies of an earlier type
     * @param share of its law that those are not
     * @param terms about how many the sum has, as far as is known
     */
    double over(int next, int[] left, double share, double terms) {
      if (next == earlier.size()) {
        return function.value(probability(vertex, place, shares, false));
      }
      int over = earlier.get(next)[0];
      int of = earlier.get(next)[1];
      // Types over one fibre exclude each other: together multinomial, so each is binomial among what is left.
      double whole = next > 0 && earlier.get(next - 1)[0] == over ? share : 1;
      double single = probability(over, of, shares, false);
      Binomial binomial = new Binomial(left[over], Math.min(1, Math.max(0, single / whole)));
      int least = binomial.quantile(NEGLIGIBLE / 2);
      int most = binomial.quantile(1 - NEGLIGIBLE / 2);
      double more = terms * (most - least + 1);
      Argument.require(
          more <= MOST_TERMS, "the number of combinations of counts", more,
          "at most " + MOST_TERMS + "; draw lifts and count instead");
      int[] rest = left.clone();
      double sum = 0;
      for (int count = least; count <= most; count++) {
        counts[over][of] = count;
        rest[over] = left[over] - count;
        sum += binomial.exactly(count) * over(next + 1, rest, whole - single, more);
      }
      return sum;
    }
  }

  /** The share of copies of one hidden vertex of the witness, and the size of the fibre. */
  private record HiddenShare(String name, double share, boolean exact, int fibre) {}

  private List<HiddenShare> hiddenShares() {
    List<HiddenShare> hidden = new ArrayList<>();
    for (Vertex vertex : blueprint.vertices()) {
      int index = vertex.index();
      for (int place = 0; Coverage.isHidden(vertex) && place < witness.fibre(index); place++) {
        hidden.add(new HiddenShare(witness.nameOf(index, place), limit(index, place), types.isExact(index, place), fibres[index]));
      }
    }
    return hidden;
  }

  /**
   * A row a hidden vertex of the witness: the share of copies in fibres that grow, whether it is exact or a lower bound, and
   * the size of the fibre.
   */
  @Override
  public Table table() {
    StringColumn vertices = StringColumn.create("vertex of the witness");
    DoubleColumn shares = DoubleColumn.create("share of copies");
    StringColumn exact = StringColumn.create("is");
    IntColumn sizes = IntColumn.create("of the fibre");
    for (HiddenShare hidden : hiddenShares()) {
      vertices.append(hidden.name);
      shares.append(hidden.share);
      exact.append(hidden.exact ? "exact" : "a lower bound");
      sizes.append(hidden.fibre);
    }
    return Table.create("law of the copies of a witness", vertices, shares, exact, sizes);
  }

  /** The share of copies of each hidden vertex of the witness. */
  @Override
  public String toString() {
    return hiddenShares().stream()
        .map(hidden -> hidden.name + (hidden.exact ? " " : " at least ") + Numbers.rounded(hidden.share, 4))
        .collect(Collectors.joining(", ", "shares of copies: ", ""));
  }

  // ---- concentration

  /** |V_h(G*)| and the least P~: P with the share of every earlier vertex replaced by (1 − τ) of its P~. */
  private double leastTilted(double loss) {
    Argument.require(loss > 0 && loss < 1, "the loss", loss, "strictly between 0 and 1");
    double least = 1;
    for (Vertex vertex : blueprint.vertices()) {
      for (int place = 0; Coverage.isHidden(vertex) && place < witness.fibre(vertex.index()); place++) {
        least = Math.min(least, tilted(vertex.index(), place, loss));
      }
    }
    return least;
  }

  private double tilted(int vertex, int place, double loss) {
    return probability(vertex, place, (source, of) -> (1 - loss) * tilted(source, of, loss), false);
  }

  /** P~ of a vertex of the witness. */
  public double tilted(String vertex, int place, double loss) {
    Argument.require(loss > 0 && loss < 1, "the loss", loss, "strictly between 0 and 1");
    return tilted(hidden(vertex, place), place, loss);
  }

  private int hiddenVertices() {
    return blueprint.vertices().stream().filter(Coverage::isHidden).mapToInt(v -> witness.fibre(v.index())).sum();
  }

  /**
   * A bound on the probability that some vertex of the witness has fewer than (1 − τ) n P~ copies, n being the size of
   * its fibre: |V_h(G*)| exp(−τ² n p~/2), for the least of these n and P~.
   *
   * @param loss τ, strictly between 0 and 1
   */
  public double failureBound(double loss) {
    double least = leastTilted(loss);
    int width = Integer.MAX_VALUE;
    for (Vertex vertex : blueprint.vertices()) {
      width = Coverage.isHidden(vertex) ? Math.min(width, fibres[vertex.index()]) : width;
    }
    return Math.min(1, hiddenVertices() * StrictMath.exp(-0.5 * loss * loss * width * least));
  }

  /**
   * The width from which on every vertex of the witness has at least (1 − τ) n P~ copies with probability 1 − δ:
   * 2 ln(|V_h(G*)|/δ) / (τ² p~).
   *
   * @param loss τ, strictly between 0 and 1
   * @param failure δ, strictly between 0 and 1
   */
  public double requiredWidth(double loss, double failure) {
    Argument.probability("failure", failure);
    return 2 * StrictMath.log(hiddenVertices() / failure) / (loss * loss * leastTilted(loss));
  }
}
