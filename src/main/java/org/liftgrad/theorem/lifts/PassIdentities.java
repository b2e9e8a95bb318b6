package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hipparchus.complex.Complex;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.ActivationMap;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.BlueprintJson;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Section;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.ArchitectureLifts;
import org.liftgrad.lift.EdgeLaw;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.PlainPass;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.WidthSchedule;
import org.liftgrad.plot.Plot;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.lifts.Identity.Case;
import org.liftgrad.theorem.lifts.Identity.Found;

/** I3 and C5 to C9: what holds for the passes of any module. */
final class PassIdentities {

  private static final Activation TANH = Activation.tanh();
  private static final int BATCH = 2;
  /** Height, size of the font, and letters of a text node of a picture. */
  private static final Pattern TEXT = Pattern.compile("<text [^>]*y=\"([^\"]*)\" font-size=\"([0-9]+)\"[^>]*>([^<]*)</text>");
  /** Of a label; that of its indices and powers is smaller. */
  private static final int LEAST_FONT = 11;

  private PassIdentities() {}

  /** Figure 3. */
  static Check notation() {
    return Identity.of(
            Check.named(
                "lifts/I3", "A module can be written down, drawn, and read back",
                "lifts/figure-3", "lifts/definition-3.3")
                .asks("Is what is written of a module the same module when it is read again, and does the picture of that"
                    + " say all that was written?")
                .holdsIf("every module read back equals the one written, and its picture has a box for every vertex, with"
                    + " its name, Y_v and σ_v, a line of its list for the M_e and W_e of every edge, and names the parents"
                    + " of every vertex in its description (a picture itself is not read back)")
                .control("the notation: the first output's plain sum is written as the sum's tanh", "one function of"
                    + " one vertex"),
            "vertices",
            new Case("random modules", 0, (stream, times, broken) -> roundTrip(RandomLifts.blueprint(stream), broken)),
            new Case("architectures", 0, (stream, times, broken) -> roundTrip(anyArchitecture(stream).blueprint(), broken)))
        .check(10, 100, 0.96);
  }

  private static Found roundTrip(Blueprint blueprint, boolean broken) {
    String text = BlueprintJson.standard().write(blueprint);
    Blueprint read = BlueprintJson.standard().read(broken ? text.replaceFirst("\"identity\"", "\"tanh\"") : text);
    int wrong = read.equals(blueprint) ? 0 : 1;
    return new Found(blueprint.vertices().size(), wrong + missing(blueprint, Plot.diagram(read).svg()));
  }

  /** How many vertices and edges of a blueprint a picture does not show as they are, by its whole labels. */
  static int missing(Blueprint blueprint, String picture) {
    String labels = labels(picture);
    int missing = 0;
    for (Vertex vertex : blueprint.vertices()) {
      List<Edge> incoming = blueprint.incoming(vertex.index());
      String function =
          switch (vertex.role()) {
            case INPUT -> "input";
            case CONSTANT -> "constant 1";
            case COMPUTED -> vertex.activation().orElseThrow().name();
          };
      String parents =
          incoming.stream().map(edge -> blueprint.vertices().get(edge.source()).name() + " (" + edge.message().name() + ")")
              .collect(Collectors.joining(", "));
      boolean described = incoming.isEmpty() || picture.lines().anyMatch(
              line -> line.replace("</title>", "").equals(vertex + " = " + function + " of " + parents));
      missing += described && labels.contains(plain("\n" + vertex + "\n" + function + "\n")) ? 0 : 1;
    }
    for (Edge edge : blueprint.edges()) {
      Space weights = edge.message().weights();
      String kind = plain("\n" + edge.message().name() + ", " + (weights.dimension() == 0 ? "no weights" : "W = " + weights));
      missing += labels.contains(kind + "\n") || labels.contains(kind + ", tied") ? 0 : 1;
    }
    return missing;
  }

  /** The labels of a picture, one a line. Indices and powers are text nodes of their own, in a smaller font. */
  private static String labels(String picture) {
    StringBuilder labels = new StringBuilder();
    String place = "";
    for (Matcher node = TEXT.matcher(picture); node.find(); ) {
      boolean script = Integer.parseInt(node.group(2)) < LEAST_FONT;
      String here = node.group(1) + ", " + node.group(2);
      labels.append(script || here.equals(place) ? "" : "\n").append(plain(node.group(3)));
      place = script ? place : here;
    }
    return labels.append("\n").toString();
  }

  /** Without the marks of powers and indices. */
  private static String plain(String label) {
    return label.replace("^", "").replace("_", "");
  }

  /** C5 to C9. */
  static List<Check> checks() {
    return List.of(orders(), derivatives(), relabelled(), locality(), arity());
  }

  // ---- C5

  private static Check orders() {
    return Identity.of(
            Check.named("lifts/C5", "Any topological order computes the same", "lifts/definition-3.4")
                .asks("Is an activation the same whichever topological order the vertices are computed in?")
                .holdsIf("activations along 50 random orders differ from the library's by at most 1e-13 of the larger"
                    + " of 1 and the value")
                .control("the order: some vertex comes before one of its parents, which still is 0", "one pair of"
                    + " vertices exchanged"),
            "vertices",
            new Case("random module", 1e-13, (stream, times, broken) ->
                ordered(RandomLifts.blueprint(stream), stream, broken)),
            new Case(
                "transformer block", 1e-13,
                (stream, times, broken) ->
                    ordered(
                        Architectures.transformer(4 * times, 0.5, ActivationRule.rowSoftmax(), TANH, false), stream, broken)))
        .check(50, 500, 0.98);
  }

  private static Found ordered(Blueprint blueprint, RandomStream stream, boolean broken) {
    Section parameters = RandomLifts.section(stream, blueprint.parameters());
    int dimension = blueprint.inputs().stream().mapToInt(vertex -> vertex.space().dimension()).sum();
    double[] inputs = RandomLifts.gaussian(stream, dimension * BATCH);
    int[] order = HomomorphismIdentities.topologicalOrder(stream, blueprint.graph());
    if (broken) {
      exchange(order, inner(blueprint, stream));
    }
    ActivationMap map = new ActivationMap(blueprint, parameters, inputs, BATCH);
    double[][] found = along(blueprint, parameters.values(), inputs, order);
    double gap = 0;
    for (Vertex vertex : blueprint.vertices()) {
      gap = Math.max(gap, Identity.difference(found[vertex.index()], map.activation(vertex.name())));
    }
    return new Found(order.length, gap);
  }

  /** An edge from an input or a computed vertex, not from a constant. */
  private static Edge inner(Blueprint blueprint, RandomStream stream) {
    List<Edge> edges =
        blueprint.edges().stream()
            .filter(edge -> blueprint.vertices().get(edge.source()).role() != Vertex.Role.CONSTANT).toList();
    return edges.get(stream.nextInt(edges.size()));
  }

  private static void exchange(int[] order, Edge edge) {
    for (int k = 0; k < order.length; k++) {
      order[k] = order[k] == edge.source() ? edge.target() : order[k] == edge.target() ? edge.source() : order[k];
    }
  }

  /** The activations, vertex by vertex along an order; what has not been computed yet is 0. */
  private static double[][] along(Blueprint blueprint, double[] parameters, double[] inputs, int[] order) {
    double[][] rows = new double[order.length][];
    int[] starts = new int[order.length];
    int at = 0;
    for (Vertex vertex : blueprint.vertices()) {
      rows[vertex.index()] = new double[vertex.space().dimension() * BATCH];
      if (vertex.role() == Vertex.Role.INPUT) {
        starts[vertex.index()] = at;
        at += rows[vertex.index()].length;
      }
    }
    for (int v : order) {
      Vertex vertex = blueprint.vertices().get(v);
      switch (vertex.role()) {
        case INPUT -> System.arraycopy(inputs, starts[v], rows[v], 0, rows[v].length);
        case CONSTANT -> Arrays.fill(rows[v], 1);
        case COMPUTED -> {
          List<Edge> incoming = blueprint.incoming(v);
          double[][] arriving = new double[incoming.size()][];
          for (int k = 0; k < arriving.length; k++) {
            Edge edge = incoming.get(k);
            arriving[k] = new double[edge.message().output().dimension() * BATCH];
            edge.message()
                .add(parameters, blueprint.parameters().start(edge.group()), rows[edge.source()], arriving[k], BATCH);
          }
          vertex.activation().orElseThrow().apply(arriving, rows[v], BATCH);
        }
      }
    }
    return rows;
  }

  // ---- C6

  private static Check derivatives() {
    List<Case> cases = new ArrayList<>();
    architectures().forEach(
        (name, lift) ->
            cases.add(
                new Case(name, 1e-6, (stream, times, broken) -> differences(lift.apply(times), stream, broken))));
    cases.add(new Case("perceptron, complex step", 1e-12, PassIdentities::complexStep));
    return Identity.of(
            Check.named("lifts/C6", "The reverse pass is the derivative of the forward pass", "lifts/definition-3.4")
                .asks("Is the gradient of every ready architecture, in weights and in inputs, the slope along random"
                    + " directions?")
                .holdsIf(
                    "it differs from central differences of step 1e-5 by at most 1e-6, and for the perceptron from a"
                        + " complex step"
                        + " by at most 1e-12, of the larger of 1 and the slope")
                .control("the reverse pass: one edge of the blueprint is detached, its weights get no gradient (of"
                    + " the normalisation: an input)", "one block of the gradient"),
            "parameters", cases.toArray(Case[]::new))
        .check(3, 50, 0.98);
  }

  /** Every ready architecture as a small lift, from how many times larger it shall be. */
  private static Map<String, IntFunction<LiftBuilder>> architectures() {
    Map<String, IntFunction<LiftBuilder>> all = new LinkedHashMap<>();
    all.put(
        "perceptron",
        times -> LiftBuilder.lift(Architectures.perceptron(3, TANH)).fibre("x", 3).fibre("t", 2)
            .widths(WidthSchedule.constant(5 * times)).inDegree(2));
    all.put(
        "two-layer perceptron",
        times ->
            LiftBuilder.lift(Architectures.twoLayerPerceptron(Activation.softplus())).fibre("x", 3).width("h", 6 * times)
                .distinctInDegree(2));
    all.put(
        "residual, diagonal",
        times -> ArchitectureLifts.residualPerceptron(
            Architectures.residualPerceptron(4, Activation.gelu(), MessageRule.free()), 3, 5 * times).inDegree(2));
    all.put(
        "residual, with weights",
        times -> LiftBuilder.lift(Architectures.residualPerceptron(3, TANH, MessageRule.linear())).fibre("x", 3)
            .widths(WidthSchedule.constant(5 * times)).inDegree(2));
    all.put(
        "convolution of images",
        times -> LiftBuilder.lift(Architectures.convolutional(Space.of(6, 5), Space.of(3, 3), 2, 1, 2, TANH)).fibre("x", 2)
            .widths(WidthSchedule.constant(3 * times)).bernoulli(2));
    all.put(
        "convolution of signals",
        times -> LiftBuilder.lift(Architectures.convolutional(Space.of(9), Space.of(3), 1, 1, 1, TANH)).fibre("x", 2)
            .widths(WidthSchedule.constant(3 * times)).bernoulli(2));
    all.put("gated unit", times -> ArchitectureLifts.gated(Architectures.gated(TANH), 3, 5 * times).inDegree(2));
    all.put(
        "attention",
        times ->
            ArchitectureLifts.attention(Architectures.attention(4, 0.7, ActivationRule.causalSoftmax()), 4 * times, 2, 2)
                .inDegree(3));
    all.put(
        "transformer block",
        times -> ArchitectureLifts.transformer(
            Architectures.transformer(4, 0.7, ActivationRule.rowSoftmax(), TANH, false), 4 * times, 2, 2, 6).inDegree(3));
    all.put("transformer block, normalised", PassIdentities::normalised);
    all.put(
        "transformer-like",
        times -> LiftBuilder.lift(Architectures.transformerLike(4, 0.7, ActivationRule.rowSoftmax(), TANH)).fibre("x", 4)
            .fibre("s", 4).widths(WidthSchedule.constant(6 * times)).bernoulli(2));
    all.put(
        "feed-forward block",
        times -> ArchitectureLifts.feedForward(Architectures.feedForward(4, TANH), 5 * times, 7).inDegree(2));
    all.put(
        "layer normalisation",
        times -> ArchitectureLifts.layerNormalisation(Architectures.layerNormalisation(4), 6 * times));
    all.put(
        "recurrent network",
        times -> LiftBuilder.lift(Architectures.recurrent(3, TANH)).fibre("x1", 2).fibre("x2", 2).fibre("x3", 2)
            .widths(WidthSchedule.constant(5 * times)).inDegree(2));
    all.put("convolution by pixels", PassIdentities::byPixels);
    return all;
  }

  private static LiftBuilder normalised(int times) {
    LiftBuilder normalised =
        ArchitectureLifts.transformer(
            Architectures.transformer(4, 0.7, ActivationRule.causalSoftmax(), TANH, true), 4 * times, 2, 2, 6);
    for (String block : List.of("r", "s")) {
      normalised =
          normalised.edges(block, block + ".mu", EdgeLaw.full()).edges(block + ".mu", block + ".d", EdgeLaw.full())
              .edges(block + ".d", block + ".nu", EdgeLaw.full()).edges(block + ".nu", block + ".l", EdgeLaw.full());
    }
    return normalised.inDegree(3);
  }

  private static LiftBuilder byPixels(int times) {
    Blueprint pixels = Architectures.convolutionalByPixels(Space.of(4, 3), Space.of(2, 2), 1, 0, 1, TANH);
    LiftBuilder builder = LiftBuilder.lift(pixels).widths(WidthSchedule.constant(2 * times));
    for (Vertex input : pixels.inputs()) {
      builder = builder.fibre(input.name(), 2);
    }
    return builder.bernoulli(1.5);
  }

  private static LiftBuilder anyArchitecture(RandomStream stream) {
    List<IntFunction<LiftBuilder>> all = List.copyOf(architectures().values());
    return all.get(stream.nextInt(all.size())).apply(1);
  }

  private static LiftedNetwork drawn(LiftBuilder builder, RandomStream stream) {
    LiftBuilder said =
        builder.weights(ParameterLaw.normal(0.7)).readout(ReadoutLaw.same(ParameterLaw.normal(0.7)))
            .seed(stream.nextLong());
    // Layer normalisation has no weights to draw, and of its edges only those that are not diagonal are full.
    return builder.blueprint().name().equals("layer normalisation") ? said.full() : said.sparse();
  }

  private static double[] direction(RandomStream stream, int length) {
    double[] direction = RandomLifts.gaussian(stream, length);
    double norm = Math.sqrt(dot(direction, direction));
    Arrays.setAll(direction, k -> direction[k] / norm);
    return direction;
  }

  private static Found differences(LiftBuilder builder, RandomStream stream, boolean broken) {
    LiftedNetwork network = drawn(builder, stream);
    Lift lift = network.lift();
    double[] theta = network.parameters();
    double[] inputs = RandomLifts.gaussian(stream, lift.inputDimension() * BATCH);
    double[] up = RandomLifts.gaussian(stream, lift.outputDimension() * BATCH);
    PlainPass.Gradients gradients = new PlainPass(lift, theta, inputs, BATCH).reverse(up);
    double[] inTheta = direction(stream, theta.length);
    double[] inInputs = direction(stream, inputs.length);
    double[] thetaGradient = gradients.parameters();
    double[] inputGradient = gradients.inputs();
    if (broken) {
      detach(lift, thetaGradient, inputGradient, stream);
    }
    double step = 1e-5;
    double slopeInTheta =
        theta.length == 0
            ? 0
            : (value(lift, moved(theta, inTheta, step), inputs, up) - value(lift, moved(theta, inTheta, -step), inputs, up))
                / (2 * step);
    double slopeInInputs =
        (value(lift, theta, moved(inputs, inInputs, step), up) - value(lift, theta, moved(inputs, inInputs, -step), up))
            / (2 * step);
    return new Found(
        theta.length,
        Identity.difference(
            new double[] {dot(thetaGradient, inTheta), dot(inputGradient, inInputs)},
            new double[] {slopeInTheta, slopeInInputs}));
  }

  /** Takes the gradient from the weights over one edge that has some, or else from the first input. */
  private static void detach(Lift lift, double[] thetaGradient, double[] inputGradient, RandomStream stream) {
    List<Integer> groups = new ArrayList<>();
    for (int group = 0; group < lift.blueprint().groups(); group++) {
      if (lift.blockStart(group + 1) > lift.blockStart(group)) {
        groups.add(group);
      }
    }
    if (groups.isEmpty()) {
      Arrays.fill(inputGradient, 0, BATCH, 0);
      return;
    }
    int group = groups.get(stream.nextInt(groups.size()));
    Arrays.fill(thetaGradient, lift.blockStart(group), lift.blockStart(group + 1), 0);
  }

  private static double value(Lift lift, double[] theta, double[] inputs, double[] up) {
    return dot(up, new PlainPass(lift, theta, inputs, BATCH).outputs());
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int k = 0; k < one.length; k++) {
      sum += one[k] * other[k];
    }
    return sum;
  }

  private static double[] moved(double[] at, double[] direction, double step) {
    double[] moved = at.clone();
    Arrays.setAll(moved, k -> at[k] + step * direction[k]);
    return moved;
  }

  private static Found complexStep(RandomStream stream, int times, boolean broken) {
    LiftedNetwork network =
        drawn(
            LiftBuilder.lift(Architectures.perceptron(2, TANH)).fibre("x", 3).widths(WidthSchedule.constant(5 * times))
                .inDegree(2), stream);
    Lift lift = network.lift();
    double[] theta = network.parameters();
    double[] inputs = RandomLifts.gaussian(stream, lift.inputDimension());
    double[] gradient = new PlainPass(lift, theta, inputs, 1).reverse(new double[] {1}).parameters();
    double[] direction = direction(stream, theta.length);
    if (broken) {
      detach(lift, gradient, inputs.clone(), stream);
    }
    // No difference of nearby values is taken, so the step can be as small as one likes.
    double step = 1e-20;
    double slope = complexOutput(lift, theta, direction, step, inputs) / step;
    return new Found(theta.length, Identity.difference(new double[] {dot(gradient, direction)}, new double[] {slope}));
  }

  /** The imaginary part of the output of a perceptron with weights θ + i step d. */
  private static double complexOutput(Lift lift, double[] theta, double[] direction, double step, double[] inputs) {
    Blueprint blueprint = lift.blueprint();
    Complex[][] values = new Complex[blueprint.vertices().size()][];
    for (Vertex vertex : blueprint.vertices()) {
      Complex[] fibre = new Complex[lift.fibre(vertex.index())];
      Arrays.fill(fibre, vertex.role() == Vertex.Role.CONSTANT ? Complex.ONE : Complex.ZERO);
      for (int i = 0; i < fibre.length && vertex.role() != Vertex.Role.CONSTANT; i++) {
        fibre[i] = vertex.role() == Vertex.Role.INPUT ? new Complex(inputs[i]) : Complex.ZERO;
        for (Edge edge : blueprint.incoming(vertex.index())) {
          Edges lifted = lift.edges(edge.index());
          for (int e = lifted.first(i); e < lifted.first(i + 1); e++) {
            int at = lift.blockStart(edge.group()) + e;
            Complex weight = new Complex(theta[at], step * direction[at]);
            fibre[i] = fibre[i].add(weight.multiply(values[edge.source()][lifted.source(e)]));
          }
        }
        fibre[i] = vertex.role() == Vertex.Role.COMPUTED && !vertex.output() ? fibre[i].tanh() : fibre[i];
      }
      values[vertex.index()] = fibre;
    }
    return values[values.length - 1][0].getImaginaryPart();
  }

  // ---- C7

  private static Check relabelled() {
    return Identity.of(
            Check.named("lifts/C7", "Numbers of vertices mean nothing", "lifts/lemma-L4", "lifts/definition-3.4")
                .asks("Does a lift compute the same at every vertex when all vertices are renumbered, weights and"
                    + " inputs with them?")
                .holdsIf("activations differ by at most 1e-13 of the larger of 1 and the value")
                .control("the weights stay where they were in the list of edges while the vertices move", "most weights"),
            "vertices",
            new Case("random lifts", 1e-13, PassIdentities::renumbered))
        .check(100, 1000, 0.95);
  }

  private static Found renumbered(RandomStream stream, int times, boolean broken) {
    Blueprint blueprint = RandomLifts.blueprint(stream);
    Lift lift = RandomLifts.lift(stream, blueprint, times, 0.6);
    Graph graph = lift.graph();
    int[] number = RandomLifts.shuffled(stream, graph.vertices());
    int[] images = new int[number.length];
    for (int u = 0; u < number.length; u++) {
      images[number[u]] = lift.projection().apply(u);
    }
    List<int[]> pairs = RandomLifts.pairs(graph);
    pairs.forEach(pair -> {
      pair[0] = number[pair[0]];
      pair[1] = number[pair[1]];
    });
    FiniteMap projection = FiniteMap.of(blueprint.vertices().size(), images);
    Lift other = Lift.along(blueprint, RandomLifts.graph(number.length, pairs), projection);
    // In the other lift vertices of a fibre stand in the order of their new numbers.
    int[] place = new int[number.length];
    int[] next = new int[blueprint.vertices().size()];
    for (int u = 0; u < place.length; u++) {
      place[u] = next[projection.apply(u)]++;
    }
    double[] theta = RandomLifts.gaussian(stream, lift.parameters());
    double[] moved = broken ? theta : carried(lift, other, theta, number, place);
    double[] inputs = RandomLifts.gaussian(stream, lift.inputDimension() * BATCH);
    double[] movedInputs = new double[inputs.length];
    int at = 0;
    for (Vertex input : blueprint.inputs()) {
      int row = input.space().dimension() * BATCH;
      for (int i = 0; i < lift.fibre(input.index()); i++) {
        int to = place[number[lift.firstVertex(input.index()) + i]];
        System.arraycopy(inputs, at + i * row, movedInputs, at + to * row, row);
      }
      at += lift.fibre(input.index()) * row;
    }
    PlainPass one = new PlainPass(lift, theta, inputs, BATCH);
    PlainPass two = new PlainPass(other, moved, movedInputs, BATCH);
    double gap = 0;
    for (Vertex vertex : blueprint.vertices()) {
      for (int i = 0; i < lift.fibre(vertex.index()); i++) {
        int to = place[number[lift.firstVertex(vertex.index()) + i]];
        gap = Math.max(gap, Identity.difference(two.activation(vertex.name(), to), one.activation(vertex.name(), i)));
      }
    }
    return new Found(number.length, gap);
  }

  /** The weights of the renumbered edges, found by their ends. */
  private static double[] carried(Lift lift, Lift other, double[] theta, int[] number, int[] place) {
    double[] moved = new double[theta.length];
    for (Edge edge : lift.blueprint().edges()) {
      Edges before = lift.edges(edge.index());
      Edges after = other.edges(edge.index());
      int dimension = edge.message().weights().dimension();
      Map<List<Integer>, Integer> found = new HashMap<>();
      for (int e = 0; e < after.count(); e++) {
        found.put(List.of(after.source(e), after.target(e)), e);
      }
      for (int e = 0; e < before.count(); e++) {
        int source = place[number[lift.firstVertex(edge.source()) + before.source(e)]];
        int target = place[number[lift.firstVertex(edge.target()) + before.target(e)]];
        int to = found.get(List.of(source, target));
        System.arraycopy(
            theta, lift.blockStart(edge.group()) + e * dimension, moved, other.blockStart(edge.group()) + to * dimension,
            dimension);
      }
    }
    return moved;
  }

  // ---- C8

  private static Check locality() {
    return Identity.of(
            Check.named("lifts/C8", "A vertex sees only what leads to it", "lifts/lemma-L6")
                .asks("Does an activation stay what it is, bit by bit, when all weights are redrawn that do not lead"
                    + " to its vertex?")
                .holdsIf("no entry changes in any draw")
                .control("the weights that do lead to the vertex are redrawn in place of the others", "all of them"),
            "weights redrawn",
            new Case("random lifts", 0, PassIdentities::unseen))
        .check(100, 1000, 0.91);
  }

  private static Found unseen(RandomStream stream, int times, boolean broken) {
    Blueprint blueprint = RandomLifts.blueprint(stream, false);
    Lift lift = RandomLifts.lift(stream, blueprint, times, 0.6);
    double[] theta = RandomLifts.gaussian(stream, lift.parameters());
    double[] inputs = RandomLifts.gaussian(stream, lift.inputDimension() * BATCH);
    List<Vertex> computed =
        blueprint.vertices().stream().filter(vertex -> vertex.role() == Vertex.Role.COMPUTED).toList();
    Vertex seen = computed.get(stream.nextInt(computed.size()));
    int place = stream.nextInt(lift.fibre(seen.index()));
    boolean[] leads = leading(lift, lift.firstVertex(seen.index()) + place);
    double[] changed = theta.clone();
    long redrawn = 0;
    for (Edge edge : blueprint.edges()) {
      Edges lifted = lift.edges(edge.index());
      int dimension = edge.message().weights().dimension();
      for (int e = 0; e < lifted.count(); e++) {
        if (leads[lift.firstVertex(edge.target()) + lifted.target(e)] == broken) {
          redrawn += dimension;
          for (int k = 0; k < dimension; k++) {
            changed[lift.blockStart(edge.group()) + e * dimension + k] = stream.nextGaussian();
          }
        }
      }
    }
    double[] before = new PlainPass(lift, theta, inputs, BATCH).activation(seen.name(), place);
    double[] after = new PlainPass(lift, changed, inputs, BATCH).activation(seen.name(), place);
    return new Found(redrawn, Identity.unequal(after, before));
  }

  /** Those from which a vertex can be reached, itself among them. */
  private static boolean[] leading(Lift lift, int vertex) {
    Graph graph = lift.graph();
    boolean[] leads = new boolean[graph.vertices()];
    leads[vertex] = true;
    boolean more = true;
    while (more) {
      more = false;
      for (int e = 0; e < graph.edges(); e++) {
        if (leads[graph.target(e)] && !leads[graph.source(e)]) {
          leads[graph.source(e)] = true;
          more = true;
        }
      }
    }
    return leads;
  }

  // ---- C9

  private static Check arity() {
    return Identity.of(
            Check.named(
                "lifts/C9", "An activation function takes one entry for each parent below",
                "lifts/definition-3.3", "lifts/definition-3.5")
                .asks("Does σ get as many pre-activations as its vertex has parents in the blueprint, however many"
                    + " lifted edges there are, and is another number refused?")
                .holdsIf("no lifted vertex gets another number, and every module with a wrong one is refused")
                .control("an entry for each lifted edge: the lift's graph taken as a blueprint; and modules with the"
                    + " right number", "as many entries as the in-degree is off"),
            "entries",
            new Case("random lifts", 0, PassIdentities::entries),
            new Case("wrong numbers", 0, (stream, times, broken) -> wrongNumber(stream, broken)))
        .check(100, 1000, 0.99);
  }

  /** Says how many pre-activations it was given. */
  private record Entries(List<Space> inputs) implements ActivationFunction {
    @Override
    public String name() {
      return "number of entries";
    }

    @Override
    public Space output() {
      return Space.real();
    }

    @Override
    public void apply(double[][] preactivations, double[] value, int batch) {
      Arrays.fill(value, 0, batch, preactivations.length);
    }

    @Override
    public void reverse(
        double[][] preactivations, double[] value, double[] valueGradient, double[][] preactivationGradients, int batch) {
      for (double[] gradient : preactivationGradients) {
        Arrays.fill(gradient, 0);
      }
    }
  }

  private static Found entries(RandomStream stream, int times, boolean broken) {
    Graph graph = RandomLifts.acyclic(stream, 6);
    int[] order = HomomorphismIdentities.topologicalOrder(stream, graph);
    Blueprint blueprint = counting(graph, order);
    Lift lift = RandomLifts.lift(stream, blueprint, times, 0.6);
    double[] theta = RandomLifts.gaussian(stream, lift.parameters());
    double[] inputs = RandomLifts.gaussian(stream, lift.inputDimension());
    long entries = 0;
    int wrong = 0;
    PlainPass pass = new PlainPass(lift, theta, inputs, 1);
    Graph above = lift.graph();
    Blueprint taken = broken ? counting(above, HomomorphismIdentities.topologicalOrder(stream, above)) : blueprint;
    ActivationMap asBlueprint =
        new ActivationMap(
            taken, RandomLifts.section(stream, taken.parameters()), RandomLifts.gaussian(stream, taken.inputs().size()), 1);
    for (Vertex vertex : blueprint.vertices()) {
      int parents = blueprint.incoming(vertex.index()).size();
      for (int i = 0; i < lift.fibre(vertex.index()) && parents > 0; i++) {
        String name = "v" + (lift.firstVertex(vertex.index()) + i);
        boolean parentless = broken && taken.vertex(name).role() == Vertex.Role.INPUT;
        double found = parentless ? 0 : broken ? asBlueprint.activation(name)[0] : pass.activation(vertex.name(), i)[0];
        entries += (long) found;
        wrong += found == parents ? 0 : 1;
      }
    }
    return new Found(entries, wrong);
  }

  /** Vertices v0, v1, …; those without parents are inputs, the others count, and the last is an output. */
  private static Blueprint counting(Graph graph, int[] order) {
    int[][] incoming = graph.incoming();
    int last = order[order.length - 1];
    for (int v : order) {
      last = incoming[v].length > 0 ? v : last;
    }
    BlueprintBuilder builder = Blueprint.blueprint("counting");
    for (int v : order) {
      if (incoming[v].length == 0) {
        builder = builder.input("v" + v);
        continue;
      }
      builder = v == last ? builder.output("v" + v, Entries::new) : builder.vertex("v" + v, Entries::new);
      for (int e : incoming[v]) {
        builder = builder.from("v" + graph.source(e));
      }
    }
    return builder.build();
  }

  private static Found wrongNumber(RandomStream stream, boolean broken) {
    List<ActivationRule> ofTwo =
        List.of(
            ActivationRule.gate(TANH), ActivationRule.product(), ActivationRule.difference(), ActivationRule.quotient(),
            ActivationRule.outerProduct(1));
    ActivationRule rule = ofTwo.get(stream.nextInt(ofTwo.size()));
    int number = broken ? 2 : stream.nextInt(2) == 0 ? 1 : 3 + stream.nextInt(3);
    BlueprintBuilder builder = Blueprint.blueprint("wrong");
    for (int i = 0; i < number; i++) {
      builder = builder.input("x" + i, Space.of(2));
    }
    builder = builder.output("t", rule);
    for (int i = 0; i < number; i++) {
      builder = builder.from("x" + i);
    }
    BlueprintBuilder whole = builder;
    return new Found(number, Identity.refused(whole::build) ? 0 : 1);
  }
}
