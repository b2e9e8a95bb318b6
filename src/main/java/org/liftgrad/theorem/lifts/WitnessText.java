package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;

/**
 * A witness in a line of text: layers separated by slashes, their vertices by commas, each vertex the sum that its
 * activation takes. {@code x1,x2/h1+h2} has two vertices in its first hidden layer, which read one input each with weight
 * 1, and in its second one vertex, which reads both; {@code 0.5x1-2x2} is one vertex that reads two inputs. In every layer
 * h1, h2, … are the vertices of the layer before. A term that is there twice is two edges.
 */
final class WitnessText {

  private static final String FORM =
      "layers separated by /, of vertices separated by commas, each a sum such as x1-0.5x2 of inputs or, after the first"
          + " layer, h1+h2 of vertices of the layer before";
  private static final Pattern TERM =
      Pattern.compile("([+-]?)([0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)?\\*?([xh])([1-9][0-9]{0,2})");
  private static final int MOST_LAYERS = 4;

  /** An edge: where it comes from, from 0, and its weight. */
  private record Term(int source, double weight) {}

  private final String text;
  private final List<List<List<Term>>> layers;

  private WitnessText(String text, List<List<List<Term>>> layers) {
    this.text = text;
    this.layers = layers;
  }

  /**
   * Reads a witness.
   *
   * @throws IllegalArgumentException for a text that is none, in one sentence
   */
  static WitnessText read(String text) {
    List<List<List<Term>>> layers = new ArrayList<>();
    for (String layer : text.split("/", -1)) {
      List<List<Term>> vertices = new ArrayList<>();
      for (String vertex : layer.split(",", -1)) {
        vertices.add(sum(vertex.replace(" ", ""), text, layers));
      }
      layers.add(vertices);
    }
    allowed(layers.size() <= MOST_LAYERS, text, "of at most " + MOST_LAYERS + " layers");
    int last = layers.get(layers.size() - 1).size();
    allowed(last == 1, text, "one with a single vertex in its last layer, whose copies are counted, not " + last);
    return new WitnessText(text, layers);
  }

  private static List<Term> sum(String vertex, String text, List<List<List<Term>>> before) {
    List<Term> terms = new ArrayList<>();
    Matcher term = TERM.matcher(vertex);
    int at = 0;
    while (at < vertex.length() || terms.isEmpty()) {
      term.region(at, vertex.length());
      allowed(term.lookingAt() && (terms.isEmpty() || !term.group(1).isEmpty()), text, FORM);
      int source = Integer.parseInt(term.group(4));
      String letter = before.isEmpty() ? "x" : "h";
      allowed(
          term.group(3).equals(letter), text,
          "one whose layer " + (before.size() + 1) + " reads " + (before.isEmpty() ? "inputs x1, x2, …" : "h1, h2, …, the layer before"));
      if (!before.isEmpty()) {
        int size = before.get(before.size() - 1).size();
        allowed(source <= size, text, "one whose layer " + (before.size() + 1) + " reads h1 to h" + size + ", not h" + source);
      }
      double size = term.group(2) == null ? 1 : Double.parseDouble(term.group(2));
      terms.add(new Term(source - 1, term.group(1).equals("-") ? -size : size));
      at = term.end();
    }
    terms.sort(Comparator.comparingInt(Term::source));
    return terms;
  }

  private static void allowed(boolean holds, String text, String what) {
    Argument.require(holds, "witness", "“" + text + "”", what);
  }

  /** How many hidden layers. */
  int layers() {
    return layers.size();
  }

  /** How many vertices of a layer, from 0. */
  int vertices(int layer) {
    return layers.get(layer).size();
  }

  /** The name of the vertex of the blueprint below the last layer. */
  String last() {
    return "h" + layers.size();
  }

  /** How many inputs it takes at least. */
  int inputs() {
    return layers.get(0).stream().flatMap(List::stream).mapToInt(Term::source).max().orElseThrow() + 1;
  }

  /** How many edges of the second layer read a vertex of the first. */
  int readers(int place) {
    return (int) layers.get(1).stream().flatMap(List::stream).filter(term -> term.source == place).count();
  }

  /** The most edges into a vertex of a layer, from 0, or of those before. */
  int inDegree(int layer) {
    return layers.subList(0, layer + 1).stream().flatMap(List::stream).mapToInt(List::size).max().orElseThrow();
  }

  /** The largest absolute value of a weight. */
  double largestWeight() {
    return layers.stream().flatMap(List::stream).flatMap(List::stream).mapToDouble(term -> Math.abs(term.weight)).max()
        .orElseThrow();
  }

  /** x → h1 → … → hL → t without biases, of hyperbolic tangents. */
  Blueprint blueprint() {
    BlueprintBuilder builder = Blueprint.blueprint("perceptron without biases").input("x");
    for (int layer = 1; layer <= layers.size(); layer++) {
      builder = builder.vertex("h" + layer, Activation.tanh()).from(layer == 1 ? "x" : "h" + (layer - 1));
    }
    return builder.readout("t").from(last()).build();
  }

  /**
   * The network, with readout 1.
   *
   * @param inputs how many there are, at least {@link #inputs}
   */
  LiftedNetwork network(int inputs) {
    Argument.atLeast("inputs", inputs, inputs());
    Blueprint blueprint = blueprint();
    int[] fibres = new int[layers.size() + 2];
    fibres[0] = inputs;
    fibres[layers.size() + 1] = 1;
    List<Edges> edges = new ArrayList<>();
    List<Double> weights = new ArrayList<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      List<List<Term>> vertices = layers.get(layer);
      fibres[layer + 1] = vertices.size();
      List<int[]> pairs = new ArrayList<>();
      for (int v = 0; v < vertices.size(); v++) {
        for (Term term : vertices.get(v)) {
          pairs.add(new int[] {term.source, v});
          weights.add(term.weight);
        }
      }
      edges.add(
          Edges.of(
              fibres[layer], vertices.size(), pairs.stream().mapToInt(pair -> pair[0]).toArray(),
              pairs.stream().mapToInt(pair -> pair[1]).toArray()));
    }
    edges.add(EdgeLaw.full().draw(1, 1, 0, 0));
    weights.add(1.0);
    // One edge of the blueprint after the other, each a group of its own; in each by target, then by source.
    for (Edge edge : blueprint.edges()) {
      Argument.require(edge.group() == edge.index(), "group", edge.group(), "the edge's own");
    }
    return LiftedNetwork.of(
        Lift.of(blueprint, fibres, edges), weights.stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Override
  public String toString() {
    return text;
  }
}
