package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.kernel.Argument;

/**
 * The lifts that make the blueprints of {@link org.liftgrad.blueprint.Architectures} the usual networks: which fibres
 * have namesakes, and which edges are not full. Each is a {@link LiftBuilder} that still takes weights and a seed:
 *
 * <pre>{@code
 * ArchitectureLifts.attention(Architectures.attention(5, 0.5, causalSoftmax()), 8, 2, 4).seed(7).full()
 * }</pre>
 *
 * <p>Source: the column "lift" of the table of section 5 of the theory file.
 */
public final class ArchitectureLifts {

  private ArchitectureLifts() {}

  /**
   * A residual perceptron whose layers have one width and whose skipping edges are diagonal.
   *
   * @param inputs the number of coordinates of a sample
   * @param width of each hidden layer
   */
  public static LiftBuilder residualPerceptron(Blueprint blueprint, int inputs, int width) {
    LiftBuilder lift = LiftBuilder.lift(blueprint).fibre("x", inputs).widths(WidthSchedule.constant(width));
    int layers = blueprint.vertices().size() - 3;
    for (int layer = 3; layer <= layers; layer++) {
      lift = lift.edges("h" + (layer - 2), "h" + layer, EdgeLaw.diagonal());
    }
    return lift;
  }

  /**
   * A gated unit: the copies of x are diagonal.
   *
   * @param inputs the number of coordinates of a sample
   * @param width the number of gates
   */
  public static LiftBuilder gated(Blueprint blueprint, int inputs, int width) {
    return LiftBuilder.lift(blueprint).fibre("x", inputs).fibre("a", inputs).fibre("b", inputs).width("g", width)
        .edges("x", "a", EdgeLaw.diagonal()).edges("x", "b", EdgeLaw.diagonal());
  }

  /**
   * Attention with heads, also within a transformer: an embedding coordinate a vertex of the fibre over x, coordinate c
   * of head h vertex h·headDimension + c of the fibres over q, k, v, p and o.
   *
   * @param embedding the number of embedding coordinates
   * @param heads the number of heads
   * @param headDimension the number of coordinates of each head
   */
  public static LiftBuilder attention(Blueprint blueprint, int embedding, int heads, int headDimension) {
    Argument.positive("heads", heads);
    Argument.positive("headDimension", headDimension);
    int all = Math.multiplyExact(heads, headDimension);
    return LiftBuilder.lift(blueprint)
        .fibre("x", embedding).fibre("q", all).fibre("k", all).fibre("v", all).fibre("p", all).fibre("al", heads)
        .fibre("o", all).fibre("r", embedding)
        .edges("q", "p", EdgeLaw.diagonal()).edges("k", "p", EdgeLaw.diagonal())
        .edges("p", "al", blocks(all, heads, heads)).edges("al", "o", blocks(heads, all, heads))
        .edges("v", "o", EdgeLaw.diagonal()).edges("x", "r", EdgeLaw.diagonal());
  }

  /**
   * A transformer, with or without layer normalisation.
   *
   * @param embedding the number of embedding coordinates
   * @param heads the number of heads
   * @param headDimension the number of coordinates of each head
   * @param width of the feed-forward block
   */
  public static LiftBuilder transformer(
      Blueprint blueprint, int embedding, int heads, int headDimension, int width) {
    LiftBuilder lift = attention(blueprint, embedding, heads, headDimension).fibre("m", width).fibre("s", embedding);
    boolean normalised = blueprint.vertices().stream().anyMatch(vertex -> vertex.name().equals("r.l"));
    if (!normalised) {
      return lift.edges("r", "s", EdgeLaw.diagonal());
    }
    LiftBuilder fed = lift.edges("r.l", "s", EdgeLaw.diagonal());
    return normalised(normalised(fed, "r", "r.", embedding), "s", "s.", embedding);
  }

  /**
   * A feed-forward block whose residual connection is diagonal.
   *
   * @param embedding the number of embedding coordinates
   * @param width of the hidden layer
   */
  public static LiftBuilder feedForward(Blueprint blueprint, int embedding, int width) {
    return LiftBuilder.lift(blueprint).fibre("r", embedding).fibre("m", width).fibre("s", embedding)
        .edges("r", "s", EdgeLaw.diagonal());
  }

  /**
   * Layer normalisation over a fibre, through one vertex each for mean and root mean square.
   *
   * @param embedding the number of embedding coordinates
   */
  public static LiftBuilder layerNormalisation(Blueprint blueprint, int embedding) {
    return normalised(LiftBuilder.lift(blueprint).fibre("r", embedding), "r", "", embedding);
  }

  private static LiftBuilder normalised(LiftBuilder lift, String source, String prefix, int embedding) {
    String d = prefix + "d";
    String l = prefix + "l";
    return lift.fibre(prefix + "mu", 1).fibre(d, embedding).fibre(prefix + "nu", 1).fibre(l, embedding)
        .edges(source, d, EdgeLaw.diagonal()).edges(d, l, EdgeLaw.diagonal());
  }

  /** Both fibres cut into equally many consecutive blocks; all edges within each. */
  static Edges blocks(int sources, int targets, int count) {
    int perSource = sources / count;
    int perTarget = targets / count;
    int[] from = new int[targets * perSource];
    int[] to = new int[from.length];
    Arrays.setAll(to, e -> e / perSource);
    Arrays.setAll(from, e -> to[e] / perTarget * perSource + e % perSource);
    return Edges.of(sources, targets, from, to);
  }
}
