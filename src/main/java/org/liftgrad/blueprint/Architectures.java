package org.liftgrad.blueprint;

import org.liftgrad.kernel.Argument;

/**
 * Ready blueprints of known architectures. What they become depends on the lift: {@code lift.ArchitectureLifts} has the
 * lifts that make them the usual networks. Biases come from a constant vertex {@code one}.
 *
 * <p>Source: the table of section 5 of the theory file; of the paper itself only the perceptron (figure 4), convolution
 * with channels as fibres, and a transformer-like network are confirmed.
 */
public final class Architectures {

  private static final String ONE = "one";

  private Architectures() {}

  /**
   * x → h1 → … → hL → t, all in R, with biases into h1 … hL and t (figure 4). Its full lift is the dense multi-layer
   * perceptron.
   *
   * @param hiddenLayers L, at least 1
   */
  public static Blueprint perceptron(int hiddenLayers, Activation activation) {
    Argument.positive("hiddenLayers", hiddenLayers);
    BlueprintBuilder builder = Blueprint.blueprint("perceptron").input("x").constant(ONE);
    for (int layer = 1; layer <= hiddenLayers; layer++) {
      builder = builder.vertex("h" + layer, activation).from(layer == 1 ? "x" : "h" + (layer - 1), ONE);
    }
    return builder.readout("t").from("h" + hiddenLayers, ONE).build();
  }

  /** x → h → t, with biases: one hidden layer. */
  public static Blueprint twoLayerPerceptron(Activation activation) {
    return Blueprint.blueprint("two-layer perceptron").input("x").constant(ONE)
        .vertex("h", activation).from("x", ONE)
        .readout("t").from("h", ONE).build();
  }

  /**
   * A perceptron with edges h_i → h_{i+2} past a layer, added before the activation (He et al. 2016).
   *
   * @param hiddenLayers at least 3
   * @param skip {@link MessageRule#free} for a diagonal lift, {@link MessageRule#linear} for a full one
   */
  public static Blueprint residualPerceptron(int hiddenLayers, Activation activation, MessageRule skip) {
    Argument.atLeast("hiddenLayers", hiddenLayers, 3);
    BlueprintBuilder builder = Blueprint.blueprint("residual perceptron").input("x").constant(ONE);
    for (int layer = 1; layer <= hiddenLayers; layer++) {
      builder = builder.vertex("h" + layer, activation).from(layer == 1 ? "x" : "h" + (layer - 1), ONE);
      if (layer >= 3) {
        builder = builder.from("h" + (layer - 2), skip);
      }
    }
    return builder.readout("t").from("h" + hiddenLayers, ONE).build();
  }

  /**
   * A convolutional network whose fibres are channels: convolutions x → h1 → … → hL of images, a bias for each channel,
   * and a readout of the mean of each.
   *
   * @param image the space of an image, a matrix, or a vector for signals
   * @param kernel the space of kernels
   * @param stride at least 1
   * @param padding at least 0
   * @param hiddenLayers L, at least 1
   */
  public static Blueprint convolutional(
      Space image, Space kernel, int stride, int padding, int hiddenLayers, Activation activation) {
    Argument.positive("hiddenLayers", hiddenLayers);
    MessageRule convolution = MessageRule.convolution(kernel, stride, padding);
    BlueprintBuilder builder = Blueprint.blueprint("convolutional network").input("x", image).constant(ONE);
    for (int layer = 1; layer <= hiddenLayers; layer++) {
      builder =
          builder.vertex("h" + layer, activation)
              .from(layer == 1 ? "x" : "h" + (layer - 1), convolution).from(ONE);
    }
    return builder.readout("t").from("h" + hiddenLayers, MessageRule.mean()).from(ONE).build();
  }

  /**
   * The same network with a vertex for each pixel: the weight of an edge between two pixels is tied to those of all
   * edges with the same offset. The readout has one weight for all pixels, which is that of {@link #convolutional} over
   * their number.
   *
   * @param image the space of an image, a matrix, or a vector for signals
   * @param kernel the space of kernels
   * @param stride at least 1
   * @param padding at least 0
   * @param hiddenLayers L, at least 1
   */
  public static Blueprint convolutionalByPixels(
      Space image, Space kernel, int stride, int padding, int hiddenLayers, Activation activation) {
    Argument.positive("hiddenLayers", hiddenLayers);
    BlueprintBuilder builder = Blueprint.blueprint("convolutional network by pixels").constant(ONE);
    for (int pixel = 0; pixel < image.dimension(); pixel++) {
      builder = builder.input("x" + pixel);
    }
    Space below = image;
    for (int layer = 1; layer <= hiddenLayers; layer++) {
      Windows windows = new Windows(below, kernel, stride, padding);
      String source = layer == 1 ? "x" : "h" + (layer - 1) + ".";
      for (int pixel = 0; pixel < windows.output().dimension(); pixel++) {
        builder = builder.vertex("h" + layer + "." + pixel, activation);
        for (int place = 0; place < kernel.dimension(); place++) {
          int under =
              windows.under(
                  pixel / windows.columns(), pixel % windows.columns(), place / windows.width(),
                  place % windows.width());
          if (under >= 0) {
            builder = builder.from(source + under).tied("layer " + layer + " place " + place);
          }
        }
        builder = builder.from(ONE).tied("layer " + layer + " bias");
      }
      below = windows.output();
    }
    builder = builder.readout("t");
    for (int pixel = 0; pixel < below.dimension(); pixel++) {
      builder = builder.from("h" + hiddenLayers + "." + pixel).tied("readout");
    }
    return builder.from(ONE).build();
  }

  /**
   * t = Σ (A x) φ(B x): a gated linear unit (Dauphin et al. 2017) and a readout. The vertices a and b are copies of x,
   * as a module has no parallel edges.
   */
  public static Blueprint gated(Activation gate) {
    return Blueprint.blueprint("gated unit").input("x")
        .vertex("a", ActivationRule.sum()).from("x", MessageRule.free())
        .vertex("b", ActivationRule.sum()).from("x", MessageRule.free())
        .vertex("g", ActivationRule.gate(gate)).from("a", "b")
        .readout("t").from("g").build();
  }

  /**
   * Attention with a residual connection (Vaswani et al. 2017), one embedding coordinate of all tokens a vertex: queries
   * q, keys k, values v, scores p, attention al, heads o, and r = x + the output projection.
   *
   * @param tokens S, at least 1
   * @param scale of the scores, 1/√d_h
   * @param softmax {@link ActivationRule#rowSoftmax()} or {@link ActivationRule#causalSoftmax()}
   */
  public static Blueprint attention(int tokens, double scale, ActivationRule softmax) {
    return attended(Blueprint.blueprint("attention"), tokens, scale, softmax, MessageRule.free())
        .output("r", ActivationRule.sum()).from("o").from("x", MessageRule.free())
        .build();
  }

  private static BlueprintBuilder attended(
      BlueprintBuilder builder, int tokens, double scale, ActivationRule softmax, MessageRule inside) {
    return builder.input("x", Space.of(Argument.positive("tokens", tokens)))
        .vertex("q", ActivationRule.sum()).from("x")
        .vertex("k", ActivationRule.sum()).from("x")
        .vertex("v", ActivationRule.sum()).from("x")
        .vertex("p", ActivationRule.outerProduct(scale)).from("q", inside).from("k", inside)
        .vertex("al", softmax).from("p", inside)
        .vertex("o", ActivationRule.mix()).from("al", inside).from("v", inside);
  }

  /**
   * Attention and a feed-forward block, each with its residual connection (Vaswani et al. 2017), and each followed by
   * layer normalisation if asked for.
   *
   * @param tokens S, at least 1
   * @param scale of the scores, 1/√d_h
   * @param softmax {@link ActivationRule#rowSoftmax()} or {@link ActivationRule#causalSoftmax()}
   * @param activation of the feed-forward block
   * @param normalised whether the blocks are followed by layer normalisation, which is not of bounded in-degree
   */
  public static Blueprint transformer(
      int tokens, double scale, ActivationRule softmax, Activation activation, boolean normalised) {
    BlueprintBuilder builder =
        attended(
            Blueprint.blueprint("transformer").constant(ONE), tokens, scale, softmax, MessageRule.free());
    builder = builder.vertex("r", ActivationRule.sum()).from("o").from("x", MessageRule.free());
    if (!normalised) {
      return fedForward(builder, "r", activation, true).build();
    }
    builder = normalised(builder, "r", "r.", false);
    builder = fedForward(builder, "r.l", activation, false);
    return normalised(builder, "s", "s.", true).build();
  }

  /**
   * As {@link #transformer} without normalisation, but every edge with a weight of its own, so that every edge type can
   * be random and sparse: the paper's transformer-like network.
   */
  public static Blueprint transformerLike(
      int tokens, double scale, ActivationRule softmax, Activation activation) {
    BlueprintBuilder builder =
        attended(
            Blueprint.blueprint("transformer-like").constant(ONE), tokens, scale, softmax, MessageRule.linear());
    return builder.vertex("r", ActivationRule.sum()).from("o", "x")
        .vertex("m", activation).from("r", ONE)
        .readout("s").from("m", ONE, "r").build();
  }

  /** s = r + the sum of m = φ(r): the feed-forward block of a transformer, tokens by themselves. */
  public static Blueprint feedForward(int tokens, Activation activation) {
    return fedForward(
            Blueprint.blueprint("feed-forward").constant(ONE).input("r", Space.of(Argument.positive("tokens", tokens))),
            "r", activation, true)
        .build();
  }

  private static BlueprintBuilder fedForward(
      BlueprintBuilder builder, String source, Activation activation, boolean output) {
    BlueprintBuilder inner = builder.vertex("m", activation).from(source, ONE);
    BlueprintBuilder outer = output ? inner.readout("s") : inner.vertex("s", ActivationRule.sum());
    return outer.from("m", ONE).from(source, MessageRule.free());
  }

  /**
   * Layer normalisation over a fibre (Ba, Kiros and Hinton 2016), without gain and bias, ε = 10⁻⁵: mean mu, differences
   * d, root mean square nu, and l = d/nu.
   */
  public static Blueprint layerNormalisation(int tokens) {
    return normalised(
            Blueprint.blueprint("layer normalisation").input("r", Space.of(Argument.positive("tokens", tokens))),
            "r", "", true)
        .build();
  }

  private static BlueprintBuilder normalised(
      BlueprintBuilder builder, String source, String prefix, boolean output) {
    BlueprintBuilder inner =
        builder.vertex(prefix + "mu", ActivationRule.average()).from(source, MessageRule.countedPower(1))
            .vertex(prefix + "d", ActivationRule.difference())
            .from(source, MessageRule.free()).from(prefix + "mu", MessageRule.free())
            .vertex(prefix + "nu", ActivationRule.rootMeanSquare(1e-5))
            .from(prefix + "d", MessageRule.countedPower(2));
    BlueprintBuilder outer =
        output
            ? inner.output(prefix + "l", ActivationRule.quotient())
            : inner.vertex(prefix + "l", ActivationRule.quotient());
    return outer.from(prefix + "d", MessageRule.free()).from(prefix + "nu", MessageRule.free());
  }

  /**
   * A recurrent network over so many steps, unrolled: h_s = φ(U x_s + V h_{s−1} + b), with U, V, b tied over steps, and a
   * readout of the last.
   *
   * @param steps at least 1
   */
  public static Blueprint recurrent(int steps, Activation activation) {
    Argument.positive("steps", steps);
    BlueprintBuilder builder = Blueprint.blueprint("recurrent network").constant(ONE);
    for (int step = 1; step <= steps; step++) {
      builder =
          builder.input("x" + step).vertex("h" + step, activation)
              .from("x" + step).tied("input").from(ONE).tied("bias");
      if (step > 1) {
        builder = builder.from("h" + (step - 1)).tied("recurrent");
      }
    }
    return builder.readout("t").from("h" + steps, ONE).build();
  }
}
