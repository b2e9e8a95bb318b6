package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.theorem.Parameters;

/** What the checks that count copies share: a witness, η, and the laws of edges and weights of the lifts it is sought in. */
final class CopyPlan {

  /** The names of the laws of edges. */
  static final List<String> EDGES = List.of("K", "distinct", "Ber", "BerOut");

  /** The example of the theory file: ρ = 1/4, one parent, then two. */
  static final String EXAMPLE = "x1,x2/h1+h2";

  private static final int MOST_WIDTH = 100_000_000;

  private final WitnessText witness;
  private final LiftedNetwork network;
  private final WeightText weights;
  private final double tolerance;
  private final int inputs;
  private final int[] inDegrees;
  private final double[] means;

  private CopyPlan(
      WitnessText witness, WeightText weights, double tolerance, int inputs, int[] inDegrees, double[] means) {
    this.witness = witness;
    this.weights = weights;
    this.tolerance = tolerance;
    this.inputs = inputs;
    this.inDegrees = inDegrees;
    this.means = means;
    network = witness.network(inputs);
  }

  // ---- the parameters

  /** The parameters of {@link #of}: the file's example with these laws. */
  static Parameters parameters(
      String witness, String weights, double tolerance, List<Integer> inDegrees, List<Double> means) {
    return Parameters.none()
        .text("witness", witness, WitnessText::read, "layers separated by /, vertices by commas, each the sum that it takes")
        .text("weights", weights, WeightText::read, "their law: uniform:least:most, normal:deviation, atoms:value:value:…")
        .number("eta", tolerance, 0, 1e6, "η: how far a weight of a copy may be from the witness's")
        .whole("inputs", 2, 1, 1000, "channels of the input")
        .words("edges", List.of("K"), EDGES, "K: in-degrees, drawn with replacement; distinct: without; Ber: pairs with λ/n_a; BerOut: with λ/n_b between hidden layers")
        .wholes("inDegrees", inDegrees, 1, 1000, "in-degree of each hidden layer under K and distinct, or one for all")
        .numbers("lambda", means, 1e-6, 1e6, "λ of each hidden layer under Ber and BerOut, or one for all");
  }

  /** The file's example. */
  static Parameters example() {
    return parameters(EXAMPLE, "uniform:-2:2", 0.5, List.of(1, 2), List.of(1.0, 2.0));
  }

  /** Widths for {@link #cells}, as in {@code 50x400,200x800}. */
  static Parameters withWidths(Parameters plan, String widths) {
    return plan.text("widths", widths, CopyPlan::readWidths, "widths of the hidden layers, as in 50x400; several separated by commas");
  }

  /** Reads the parameters. */
  static CopyPlan of(Parameters plan) {
    WitnessText witness = WitnessText.read(plan.text("witness"));
    int[] inDegrees = plan.wholes("inDegrees");
    double[] means = plan.numbers("lambda");
    Argument.require(
        plan.whole("inputs") >= witness.inputs(), "inputs", plan.whole("inputs"),
        "at least " + witness.inputs() + ", which the witness " + witness + " reads");
    oneALayer("inDegrees", inDegrees.length, witness);
    oneALayer("lambda", means.length, witness);
    return new CopyPlan(
        witness, WeightText.read(plan.text("weights")), plan.number("eta"), plan.whole("inputs"), inDegrees, means);
  }

  private static void oneALayer(String name, int length, WitnessText witness) {
    Argument.require(
        length == 1 || length == witness.layers(), "the number of " + name, length,
        "1 or " + witness.layers() + ", one for each hidden layer of the witness " + witness);
  }

  /** Lists of widths, from a text. */
  static List<List<Integer>> readWidths(String text) {
    List<List<Integer>> widths = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      List<Integer> layers = new ArrayList<>();
      for (String width : each.strip().split("x", -1)) {
        boolean number = width.matches("[1-9][0-9]{0,8}") && Integer.parseInt(width) <= MOST_WIDTH;
        Argument.require(
            number, "widths", "“" + text + "”",
            "whole numbers from 1 to " + MOST_WIDTH + " joined by x, a hidden layer each, as in 50x400; several separated by commas");
        layers.add(Integer.parseInt(width));
      }
      widths.add(layers);
    }
    return widths;
  }

  /**
   * A law of edges and widths.
   *
   * @param edges the law's name
   * @param widths of the hidden layers
   */
  record Cell(String edges, List<Integer> widths) {

    String size() {
      return widths.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    int lastWidth() {
      return widths.get(widths.size() - 1);
    }

    /** All layers but the last this many times as wide. */
    Cell widerBefore(int times) {
      List<Integer> wider = new ArrayList<>(widths);
      wider.replaceAll(width -> times * width);
      wider.set(widths.size() - 1, lastWidth());
      return new Cell(edges, wider);
    }

    @Override
    public String toString() {
      return edges + " " + size();
    }
  }

  /** Every law of edges with all widths of the parameter {@code widths}. */
  List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (String edges : plan.words("edges")) {
      for (List<Integer> widths : readWidths(plan.text("widths"))) {
        Argument.require(
            widths.size() == witness.layers(), "widths", "“" + plan.text("widths") + "”",
            "of " + witness.layers() + " hidden layers, as the witness " + witness + " has");
        cells.add(new Cell(edges, widths));
      }
    }
    return cells;
  }

  /** Every law of edges with all hidden layers as wide as each number of the parameter {@code widths}. */
  List<Cell> equalCells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (String edges : plan.words("edges")) {
      for (int width : plan.wholes("widths")) {
        cells.add(new Cell(edges, Collections.nCopies(witness.layers(), width)));
      }
    }
    return cells;
  }

  // ---- variations, for negative controls

  /** Weights this many times as large. */
  CopyPlan stretched(double factor) {
    return new CopyPlan(witness, weights.stretched(factor), tolerance, inputs, inDegrees, means);
  }

  /** An edge more into every hidden vertex, under the laws with a mean on average. */
  CopyPlan oneEdgeMore() {
    int[] degrees = inDegrees.clone();
    double[] more = means.clone();
    Arrays.setAll(degrees, k -> degrees[k] + 1);
    Arrays.setAll(more, k -> more[k] + 1);
    return new CopyPlan(witness, weights, tolerance, inputs, degrees, more);
  }

  /**
   * The network with vertices of its last hidden layer in groups that are all like the first of the group: no longer
   * drawn independently.
   */
  LiftedNetwork repeated(LiftedNetwork drawn, int times) {
    Lift lift = drawn.lift();
    int last = witness.layers() - 1;
    int block = lift.blockStart(last);
    Edges edges = lift.edges(last);
    List<int[]> pairs = new ArrayList<>();
    List<Double> repeated = new ArrayList<>();
    double[] parameters = drawn.parameters();
    for (int v = 0; v < edges.targets(); v++) {
      int like = v - v % times;
      for (int e = edges.first(like); e < edges.first(like + 1); e++) {
        pairs.add(new int[] {edges.source(e), v});
        repeated.add(parameters[block + e]);
      }
    }
    List<Edges> all = new ArrayList<>();
    for (int edge = 0; edge < last; edge++) {
      all.add(lift.edges(edge));
    }
    all.add(
        Edges.of(
            edges.sources(), edges.targets(), pairs.stream().mapToInt(pair -> pair[0]).toArray(),
            pairs.stream().mapToInt(pair -> pair[1]).toArray()));
    all.add(lift.edges(last + 1));
    int[] fibres = new int[witness.layers() + 2];
    Arrays.setAll(fibres, lift::fibre);
    Lift changed = Lift.of(lift.blueprint(), fibres, all);
    double[] values = new double[changed.parameters()];
    System.arraycopy(parameters, 0, values, 0, block);
    for (int e = 0; e < repeated.size(); e++) {
      values[block + e] = repeated.get(e);
    }
    return LiftedNetwork.of(changed, values);
  }

  // ---- what to draw, and its law

  WitnessText witness() {
    return witness;
  }

  LiftedNetwork network() {
    return network;
  }

  double tolerance() {
    return tolerance;
  }

  WeightText weights() {
    return weights;
  }

  /** Lifts of the widths and laws. */
  LiftBuilder lifts(Cell cell) {
    LiftBuilder builder = LiftBuilder.lift(witness.blueprint()).fibre("x", inputs).weights(weights.law());
    for (int layer = 1; layer <= witness.layers(); layer++) {
      builder =
          builder.width("h" + layer, cell.widths.get(layer - 1))
              .edges(layer == 1 ? "x" : "h" + (layer - 1), "h" + layer, edges(cell.edges, layer - 1));
    }
    return builder;
  }

  private EdgeLaw edges(String name, int layer) {
    int degree = inDegrees[inDegrees.length == 1 ? 0 : layer];
    double mean = means[means.length == 1 ? 0 : layer];
    return switch (name) {
      case "K" -> EdgeLaw.inDegree(degree);
      case "distinct" -> EdgeLaw.distinctInDegree(degree);
      case "Ber" -> EdgeLaw.bernoulli(mean);
      // The fibre of the inputs does not grow: with λ/n_b hardly a vertex would read one.
      default -> layer == 0 ? EdgeLaw.bernoulli(mean) : EdgeLaw.bernoulliByTargets(mean);
    };
  }

  CopyLaw law(Cell cell) {
    return CopyLaw.of(lifts(cell), network, tolerance);
  }

  Coverage coverage(LiftedNetwork drawn) {
    return Coverage.of(drawn, network, tolerance);
  }

  /** The copies of the vertex of the witness's last layer. */
  int copies(Coverage coverage) {
    return coverage.copies(witness.last(), 0);
  }
}
