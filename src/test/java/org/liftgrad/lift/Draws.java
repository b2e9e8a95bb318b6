package org.liftgrad.lift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.RandomStream;

/** Random blueprints, lifts and parameters, by address. */
final class Draws {

  private Draws() {}

  /** Runs a body on so many streams; a failure says which. */
  static void of(String purpose, int count, Consumer<RandomStream> body) {
    for (int draw = 0; draw < count; draw++) {
      try {
        body.accept(RandomStream.of(1, purpose, draw));
      } catch (AssertionError | RuntimeException failure) {
        throw new AssertionError("draw " + draw + " of " + purpose, failure);
      }
    }
  }

  static double[] gaussian(RandomStream stream, int length) {
    double[] values = new double[length];
    for (int k = 0; k < length; k++) {
      values[k] = stream.nextGaussian();
    }
    return values;
  }

  /** Up to three inputs, perhaps a constant, up to five hidden vertices, one or two outputs; smooth throughout. */
  static Blueprint blueprint(RandomStream stream) {
    return blueprint(stream, true);
  }

  /** Perhaps with messages without weights. */
  static Blueprint blueprint(RandomStream stream, boolean free) {
    Space space = stream.nextInt(2) == 0 ? Space.real() : Space.of(3);
    BlueprintBuilder builder = Blueprint.blueprint("drawn");
    List<String> names = new ArrayList<>();
    int inputs = 1 + stream.nextInt(3);
    for (int i = 0; i < inputs; i++) {
      names.add("x" + i);
      builder = builder.input("x" + i, space);
    }
    boolean constant = stream.nextInt(2) == 0;
    if (constant) {
      builder = builder.constant("one");
    }
    int hidden = 1 + stream.nextInt(5);
    for (int h = 0; h < hidden; h++) {
      int parents = 1 + stream.nextInt(Math.min(3, names.size()));
      boolean gate = parents == 2 && stream.nextInt(2) == 0;
      builder =
          builder.vertex("h" + h, gate ? ActivationRule.gate(smooth(stream)) : ActivationRule.pointwise(smooth(stream)));
      builder = from(builder, names, parents, space, free, stream);
      if (constant && !gate) {
        builder = builder.from("one");
      }
      names.add("h" + h);
    }
    for (int t = 0; t < 1 + stream.nextInt(2); t++) {
      builder = from(builder.readout("t" + t), names, 1 + stream.nextInt(names.size()), space, free, stream);
    }
    return builder.build();
  }

  private static BlueprintBuilder from(
      BlueprintBuilder builder, List<String> names, int parents, Space space, boolean free, RandomStream stream) {
    List<String> left = new ArrayList<>(names);
    BlueprintBuilder next = builder;
    for (int k = 0; k < parents; k++) {
      next = next.from(left.remove(stream.nextInt(left.size())), message(space, free, stream));
    }
    return next;
  }

  private static MessageRule message(Space space, boolean free, RandomStream stream) {
    return switch (stream.nextInt(space.rank() == 0 ? 3 : 4)) {
      case 0 -> free ? MessageRule.free() : MessageRule.linear();
      case 3 -> MessageRule.convolution(Space.of(3), 1, 1);
      default -> MessageRule.linear();
    };
  }

  private static Activation smooth(RandomStream stream) {
    return List.of(Activation.tanh(), Activation.softplus(), Activation.gelu()).get(stream.nextInt(3));
  }

  /** Fibres of up to four vertices; each pair an edge with probability 0.6. */
  static Lift lift(RandomStream stream, Blueprint blueprint) {
    int[] fibres = new int[blueprint.vertices().size()];
    for (int v = 0; v < fibres.length; v++) {
      fibres[v] = 1 + stream.nextInt(4);
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      List<int[]> pairs = new ArrayList<>();
      for (int i = 0; i < fibres[edge.source()]; i++) {
        for (int k = 0; k < fibres[edge.target()]; k++) {
          if (stream.nextUniform() < 0.6) {
            pairs.add(new int[] {i, k});
          }
        }
      }
      edges.add(edges(fibres[edge.source()], fibres[edge.target()], pairs));
    }
    return Lift.of(blueprint, fibres, edges);
  }

  static Edges edges(int sources, int targets, List<int[]> pairs) {
    return Edges.of(
        sources, targets, pairs.stream().mapToInt(pair -> pair[0]).toArray(),
        pairs.stream().mapToInt(pair -> pair[1]).toArray());
  }

  /**
   * A lift with a fibration to a given one: up to three more vertices a fibre, each over a random one; its in-edges are
   * those of its image, from random vertices over their sources.
   */
  static LiftMorphism fibration(RandomStream stream, Lift below) {
    List<FiniteMap> maps = new ArrayList<>();
    for (Vertex vertex : below.blueprint().vertices()) {
      int size = below.fibre(vertex.index());
      int[] images = new int[size + stream.nextInt(4)];
      // Each vertex below has one above at least, else its edges could have no source.
      Arrays.setAll(images, i -> i < size ? i : stream.nextInt(size));
      maps.add(FiniteMap.of(size, images));
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : below.blueprint().edges()) {
      FiniteMap sources = maps.get(edge.source());
      FiniteMap targets = maps.get(edge.target());
      Edges lifted = below.edges(edge.index());
      List<int[]> pairs = new ArrayList<>();
      for (int v = 0; v < targets.domain(); v++) {
        int image = targets.apply(v);
        for (int e = lifted.first(image); e < lifted.first(image + 1); e++) {
          int[] fibre = sources.fibre(lifted.source(e));
          pairs.add(new int[] {fibre[stream.nextInt(fibre.length)], v});
        }
      }
      edges.add(edges(sources.domain(), targets.domain(), pairs));
    }
    int[] sizes = maps.stream().mapToInt(FiniteMap::domain).toArray();
    return new LiftMorphism(Lift.of(below.blueprint(), sizes, edges), below, maps);
  }

  /** The largest difference, relative to the larger of 1 and the second value. */
  static double difference(double[] values, double[] expected) {
    if (values.length != expected.length) {
      throw new AssertionError(values.length + " values instead of " + expected.length);
    }
    double worst = 0;
    for (int k = 0; k < values.length; k++) {
      double off = Math.abs(values[k] - expected[k]) / Math.max(1, Math.abs(expected[k]));
      worst = Double.isNaN(off) ? Double.POSITIVE_INFINITY : Math.max(worst, off);
    }
    return worst;
  }
}
