package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.ArchitectureLifts;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.lifts.Identity.Case;
import org.liftgrad.theorem.lifts.Identity.Found;

/** C1 to C4, D1 and D7: lifts against the networks that they are said to be, written out by hand. */
final class KnownNetworks {

  private static final Activation TANH = Activation.tanh();
  private static final int SAMPLES = 3;
  private static final String REWIRED = "the lift: one lifted edge has another source, of which the code by hand"
      + " knows nothing";

  private KnownNetworks() {}

  /** C1 to C4. */
  static List<Check> full() {
    return List.of(perceptron(), convolution(), transformer(), residual());
  }

  private static LiftedNetwork drawn(LiftBuilder lift, RandomStream stream, boolean sparse) {
    LiftBuilder said =
        lift.weights(ParameterLaw.normal(0.7)).readout(ReadoutLaw.same(ParameterLaw.normal(0.7))).seed(stream.nextLong());
    return sparse ? said.sparse() : said.full();
  }

  /**
   * Compares a network with code on random samples.
   *
   * @param parameters the number predicted
   * @param source of the edge that the break rewires a lifted edge of
   * @param target of the same
   */
  private static Found compared(
      LiftedNetwork network, long parameters, Function<double[], double[]> code, String source, String target,
      RandomStream stream, boolean broken) {
    LiftedNetwork used = broken ? RandomLifts.rewired(network, source, target, stream) : network;
    int dimension = network.lift().inputDimension();
    DMatrixRMaj samples =
        new DMatrixRMaj(SAMPLES, dimension, true, RandomLifts.gaussian(stream, SAMPLES * dimension));
    DMatrixRMaj outputs = used.predict(samples);
    double gap = Math.abs(used.lift().parameters() - parameters);
    for (int s = 0; s < SAMPLES; s++) {
      double[] found = Arrays.copyOfRange(outputs.data, s * outputs.numCols, (s + 1) * outputs.numCols);
      double[] x = Arrays.copyOfRange(samples.data, s * dimension, (s + 1) * dimension);
      gap = Math.max(gap, Identity.difference(found, code.apply(x)));
    }
    return new Found(used.lift().parameters(), gap);
  }

  // ---- C1, D1

  private static Check perceptron() {
    return Identity.of(
            Check.named(
                "lifts/C1", "The full lift of the perceptron is the dense perceptron",
                "lifts/definition-3.4", "lifts/figure-4", "lifts/mlps-and-convolutions")
                .asks("Is the full lift with channels r, g, b, widths 5 and 7 and four outputs the dense network,"
                    + " with as many parameters?")
                .holdsIf(
                    "its outputs differ from those of matrix code by at most 1e-12 of the larger of 1 and the value,"
                        + " and it has"
                        + " 3·5 + 5 + 5·7 + 7 + 7·4 + 4 parameters")
                .control(REWIRED, "one edge of 35 between the hidden layers"),
            "parameters",
            new Case("{r, g, b} → 5 → 7 → 4", 1e-12, (stream, times, broken) ->
                dense(2, new int[] {3, 5 * times, 7 * times, 4}, stream, broken)))
        .check(20, 200, 0.98);
  }

  private static Found dense(int hiddenLayers, int[] widths, RandomStream stream, boolean broken) {
    LiftBuilder builder =
        LiftBuilder.lift(Architectures.perceptron(hiddenLayers, TANH)).fibre("x", widths[0])
            .fibre("t", widths[hiddenLayers + 1]);
    long parameters = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      parameters += (long) widths[layer - 1] * widths[layer] + widths[layer];
      builder = layer <= hiddenLayers ? builder.width("h" + layer, widths[layer]) : builder;
    }
    LiftedNetwork network = drawn(builder, stream, false);
    String last = "h" + hiddenLayers;
    return compared(
        network, parameters, x -> PlainNetworks.perceptron(network, hiddenLayers, StrictMath::tanh, x),
        hiddenLayers == 1 ? "x" : "h" + (hiddenLayers - 1), last, stream, broken);
  }

  /** D1. */
  static Check widths() {
    List<Case> cases = new ArrayList<>();
    for (int layers = 1; layers <= 3; layers++) {
      int hiddenLayers = layers;
      cases.add(
          new Case(
              layers + " hidden layers", 1e-12,
              (stream, times, broken) -> {
                int[] widths = new int[hiddenLayers + 2];
                Arrays.setAll(widths, layer -> 1 + stream.nextInt(20 * times));
                return dense(hiddenLayers, widths, stream, broken);
              }));
    }
    return Identity.of(
            Check.named(
                "lifts/D1", "Full lifts of any widths are dense perceptrons",
                "lifts/definition-3.6", "lifts/figure-4")
                .asks("For random tuples of widths, is the full lift the dense network, with Σ n_a n_b dim W parameters?")
                .holdsIf(
                    "outputs differ from those of matrix code by at most 1e-12 of the larger of 1 and the value, and"
                        + " the count is"
                        + " exact, for 20 tuples of widths of 1 to 20 and one, two and three hidden layers each")
                .control(REWIRED, "one edge into the last hidden layer"),
            "parameters", cases.toArray(Case[]::new))
        .check(20, 200, 0.98);
  }

  // ---- C2

  private static double[][][] image(double[] values, int channels, int height) {
    double[][] flat = PlainNetworks.rows(values, channels);
    return Arrays.stream(flat).map(channel -> PlainNetworks.rows(channel, height)).toArray(double[][][]::new);
  }

  private static Check convolution() {
    int[][] variants = {{1, 0}, {1, 1}, {2, 0}, {2, 1}, {1, 2}};
    return Identity.of(
            Check.named(
                "lifts/C2", "With channels as fibres the full lift is the usual convolution",
                "lifts/definition-3.4", "lifts/mlps-and-convolutions")
                .asks("Are two layers of 2 → 3 → 4 channels on 8 × 8 images with 3 × 3 kernels what six nested loops"
                    + " compute?")
                .holdsIf("outputs differ by at most 1e-10 of the larger of 1 and the value for every stride and"
                    + " padding, and the count is exact")
                .control(REWIRED, "one kernel of 12"),
            "parameters",
            Arrays.stream(variants)
                .map(
                    variant ->
                        new Case(
                            "stride " + variant[0] + ", padding " + variant[1], 1e-10,
                            (stream, times, broken) -> fullConvolution(variant[0], variant[1], stream, times, broken)))
                .toArray(Case[]::new))
        .check(5, 50, 0.98);
  }

  private static Found fullConvolution(int stride, int padding, RandomStream stream, int times, boolean broken) {
    int side = 8 * times;
    Blueprint blueprint = Architectures.convolutional(Space.of(side, side), Space.of(3, 3), stride, padding, 2, TANH);
    LiftedNetwork network =
        drawn(LiftBuilder.lift(blueprint).fibre("x", 2).width("h1", 3).width("h2", 4), stream, false);
    return compared(
        network, 2 * 3 * 9 + 3 + 3 * 4 * 9 + 4 + 4 + 1,
        x -> new double[] {PlainNetworks.convolutional(network, image(x, 2, side), stride, padding, StrictMath::tanh)},
        "h1", "h2", stream, broken);
  }

  // ---- C3

  private static Check transformer() {
    List<Case> cases = new ArrayList<>();
    for (boolean causal : new boolean[] {false, true}) {
      String mask = causal ? ", causal" : "";
      cases.add(new Case("attention" + mask, 1e-10, (stream, times, broken) -> attention(causal, stream, times, broken)));
      for (boolean normalised : new boolean[] {false, true}) {
        cases.add(
            new Case(
                "transformer" + mask + (normalised ? ", normalised" : ""), 1e-10,
                (stream, times, broken) -> transformer(causal, normalised, stream, times, broken)));
      }
    }
    return Identity.of(
            Check.named(
                "lifts/C3", "Attention and the transformer block are lifts",
                "lifts/transformer-like", "lifts/definition-3.4")
                .asks(
                    "Is a lift the attention of 5 tokens, 8 coordinates and two heads of 4, and with a feed-forward"
                        + " block the"
                        + " transformer block, with or without causal mask and layer normalisation?")
                .holdsIf("outputs differ from those of matrix code by at most 1e-10 of the larger of 1 and the value,"
                    + " and the count is exact")
                .control(REWIRED, "one entry of 64 of the values' matrix"),
            "parameters", cases.toArray(Case[]::new))
        .check(3, 50, 0.98);
  }

  private static ActivationRule softmax(boolean causal) {
    return causal ? ActivationRule.causalSoftmax() : ActivationRule.rowSoftmax();
  }

  /** Tokens × embedding, from values in which the embedding coordinates follow each other. */
  private static double[][] tokens(double[] values, int embedding) {
    return PlainNetworks.transposed(PlainNetworks.rows(values, embedding));
  }

  private static double[] coordinates(double[][] tokens) {
    return PlainNetworks.flat(PlainNetworks.transposed(tokens));
  }

  private static double[][] attended(LiftedNetwork network, double[][] tokens, int heads, boolean causal) {
    return PlainNetworks.attention(
        tokens, PlainNetworks.matrix(network, "x", "q"), PlainNetworks.matrix(network, "x", "k"),
        PlainNetworks.matrix(network, "x", "v"), PlainNetworks.matrix(network, "o", "r"), heads, causal);
  }

  private static Found attention(boolean causal, RandomStream stream, int times, boolean broken) {
    int embedding = 8 * times;
    Blueprint blueprint = Architectures.attention(5, 0.5, softmax(causal));
    LiftedNetwork network = drawn(ArchitectureLifts.attention(blueprint, embedding, 2 * times, 4), stream, false);
    return compared(
        network, 4L * embedding * embedding,
        x -> coordinates(attended(network, tokens(x, embedding), 2 * times, causal)), "x", "v", stream, broken);
  }

  private static Found transformer(boolean causal, boolean normalised, RandomStream stream, int times, boolean broken) {
    int embedding = 8 * times;
    Blueprint blueprint = Architectures.transformer(5, 0.5, softmax(causal), TANH, normalised);
    LiftedNetwork network = drawn(ArchitectureLifts.transformer(blueprint, embedding, 2 * times, 4, 11), stream, false);
    return compared(
        network, 4L * embedding * embedding + 2L * 11 * embedding + 11 + embedding,
        x -> {
          double[][] r = attended(network, tokens(x, embedding), 2 * times, causal);
          if (!normalised) {
            return coordinates(PlainNetworks.fedForward(network, "r", r, StrictMath::tanh));
          }
          double[][] s = PlainNetworks.fedForward(network, "r.l", PlainNetworks.normalised(r), StrictMath::tanh);
          return coordinates(PlainNetworks.normalised(s));
        },
        "x", "v", stream, broken);
  }

  // ---- C4

  private static Check residual() {
    return Identity.of(
            Check.named(
                "lifts/C4", "Residual and gated networks are lifts",
                "lifts/skip-connections", "lifts/definition-3.4")
                .asks("Is a perceptron with diagonal skip edges the residual network, and a product of two sums the"
                    + " gated unit?")
                .holdsIf("outputs differ from those of matrix code by at most 1e-12 of the larger of 1 and the value,"
                    + " and the count is exact")
                .control(REWIRED, "one skip edge of 12; one weight of 18 of the gate"),
            "parameters",
            new Case("residual", 1e-12, KnownNetworks::residual),
            new Case("gated", 1e-12, KnownNetworks::gated))
        .check(20, 200, 0.98);
  }

  private static Found residual(RandomStream stream, int times, boolean broken) {
    int width = 6 * times;
    Blueprint blueprint = Architectures.residualPerceptron(4, TANH, MessageRule.free());
    LiftedNetwork network = drawn(ArchitectureLifts.residualPerceptron(blueprint, 3, width), stream, false);
    return compared(
        network, 3L * width + 3L * width * width + 4L * width + width + 1,
        x -> {
          double[] h1 = PlainNetworks.each(StrictMath::tanh, PlainNetworks.affine(network, "x", "h1", x));
          double[] h2 = PlainNetworks.each(StrictMath::tanh, PlainNetworks.affine(network, "h1", "h2", h1));
          double[] h3 =
              PlainNetworks.each(
                  StrictMath::tanh, PlainNetworks.plus(PlainNetworks.affine(network, "h2", "h3", h2), h1));
          double[] h4 =
              PlainNetworks.each(
                  StrictMath::tanh, PlainNetworks.plus(PlainNetworks.affine(network, "h3", "h4", h3), h2));
          return PlainNetworks.affine(network, "h4", "t", h4);
        },
        "h1", "h3", stream, broken);
  }

  private static Found gated(RandomStream stream, int times, boolean broken) {
    int width = 6 * times;
    LiftedNetwork network = drawn(ArchitectureLifts.gated(Architectures.gated(TANH), 3, width), stream, false);
    return compared(
        network, 7L * width,
        x -> {
          double[] values = PlainNetworks.times(PlainNetworks.matrix(network, "a", "g"), x);
          double[] gates = PlainNetworks.times(PlainNetworks.matrix(network, "b", "g"), x);
          double[] products = new double[width];
          Arrays.setAll(products, i -> values[i] * StrictMath.tanh(gates[i]));
          return PlainNetworks.times(PlainNetworks.matrix(network, "g", "t"), products);
        },
        "b", "g", stream, broken);
  }

  // ---- D7

  /** D7. */
  static Check sparse() {
    return Identity.of(
            Check.named(
                "lifts/D7", "Sparse convolution and sparse attention are masked ones",
                "lifts/lemma-L5", "lifts/figure-5", "lifts/mlps-and-convolutions", "lifts/transformer-like")
                .asks(
                    "Is a random sparse lift (Bernoulli, λ = 3) of a convolution, or of attention with a weight on"
                        + " every edge, the usual"
                        + " network with the missing kernels and entries 0?")
                .holdsIf(
                    "outputs differ from those of masked matrix code by at most 1e-10 of the larger of 1 and the"
                        + " value, the parameters"
                        + " are the realised edges times the dimension of their weights, and no lift is full")
                .control(REWIRED, "one kernel; one entry of the values' matrix"),
            "parameters",
            new Case("convolution", 1e-10, KnownNetworks::sparseConvolution),
            new Case("attention", 1e-10, KnownNetworks::sparseAttention))
        .check(10, 100, 0.98);
  }

  private static Found sparseConvolution(RandomStream stream, int times, boolean broken) {
    Blueprint blueprint = Architectures.convolutional(Space.of(6, 6), Space.of(3, 3), 1, 1, 2, TANH);
    int inner = 8 * times;
    int outer = 9 * times;
    LiftedNetwork network =
        drawn(LiftBuilder.lift(blueprint).fibre("x", 4).width("h1", inner).width("h2", outer).bernoulli(3), stream, true);
    long first = network.lift().edges("x", "h1").count();
    long second = network.lift().edges("h1", "h2").count();
    long parameters = 9 * first + inner + 9 * second + outer + outer + 1;
    boolean full = first == 4L * inner && second == (long) inner * outer;
    Found found =
        compared(
            network, parameters,
            x -> new double[] {PlainNetworks.convolutional(network, image(x, 4, 6), 1, 1, StrictMath::tanh)}, "h1",
            "h2", stream, broken);
    return new Found(found.size(), found.gap() + (full ? 1 : 0));
  }

  private static Found sparseAttention(RandomStream stream, int times, boolean broken) {
    int tokens = 4;
    Blueprint blueprint = Architectures.transformerLike(tokens, 0.7, ActivationRule.rowSoftmax(), TANH);
    LiftBuilder builder = LiftBuilder.lift(blueprint).fibre("x", 5).fibre("s", 3);
    for (String hidden : List.of("q", "k", "v", "p", "al", "o", "r", "m")) {
      builder = builder.width(hidden, 7 * times);
    }
    LiftedNetwork network = drawn(builder.bernoulli(3), stream, true);
    boolean full = network.lift().edges("q", "p").count() == 49 * times * times;
    Found found =
        compared(
            network, network.lift().edgeCount(),
            x -> PlainNetworks.flat(maskedAttention(network, PlainNetworks.rows(x, 5), tokens)),
            "x", "v", stream, broken);
    return new Found(found.size(), found.gap() + (full ? 1 : 0));
  }

  /** Coordinates × tokens all the way; scores and shares of a vertex are a matrix of tokens × tokens. */
  private static double[][] maskedAttention(LiftedNetwork network, double[][] x, int tokens) {
    double[][] queries = mixed(network, "q", "p", mixed(network, "x", "q", x));
    double[][] keys = mixed(network, "k", "p", mixed(network, "x", "k", x));
    double[][] scores = new double[queries.length][tokens * tokens];
    for (int i = 0; i < scores.length; i++) {
      for (int at = 0; at < scores[i].length; at++) {
        scores[i][at] = 0.7 * queries[i][at / tokens] * keys[i][at % tokens];
      }
    }
    double[][] shares = mixed(network, "p", "al", scores);
    for (int i = 0; i < shares.length; i++) {
      double[][] rows = PlainNetworks.rows(shares[i], tokens);
      Arrays.setAll(rows, row -> PlainNetworks.softmax(rows[row]));
      shares[i] = PlainNetworks.flat(rows);
    }
    double[][] mixing = mixed(network, "al", "o", shares);
    double[][] values = mixed(network, "v", "o", mixed(network, "x", "v", x));
    double[][] o = new double[values.length][];
    Arrays.setAll(o, i -> PlainNetworks.times(PlainNetworks.rows(mixing[i], tokens), values[i]));
    double[][] r = PlainNetworks.plus(mixed(network, "o", "r", o), mixed(network, "x", "r", x));
    double[][] m = biased(mixed(network, "r", "m", r), network.weights("one", "m"));
    Arrays.setAll(m, i -> PlainNetworks.each(StrictMath::tanh, m[i]));
    return biased(
        PlainNetworks.plus(mixed(network, "m", "s", m), mixed(network, "r", "s", r)), network.weights("one", "s"));
  }

  private static double[][] mixed(LiftedNetwork network, String source, String target, double[][] rows) {
    return PlainNetworks.times(PlainNetworks.matrix(network, source, target), rows);
  }

  private static double[][] biased(double[][] rows, double[] biases) {
    double[][] result = new double[rows.length][];
    Arrays.setAll(result, i -> PlainNetworks.each(z -> z + biases[i], rows[i]));
    return result;
  }
}
