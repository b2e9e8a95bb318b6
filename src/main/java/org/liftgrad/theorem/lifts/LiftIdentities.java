package org.liftgrad.theorem.lifts;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationMap;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Section;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.ArchitectureLifts;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftMorphism;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.PlainPass;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.lift.WidthSchedule;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.lifts.Identity.Case;
import org.liftgrad.theorem.lifts.Identity.Found;

/** D2 to D6 and D8: the lemmas L1 to L5, and what has no edge. */
final class LiftIdentities {

  private static final Activation TANH = Activation.tanh();
  private static final int BATCH = 2;

  private LiftIdentities() {}

  /** D2 to D6. */
  static List<Check> lemmas() {
    return List.of(compositions(), fibrations(), constantFibres(), masks(), symmetries());
  }

  private static double[] inputs(RandomStream stream, Lift lift) {
    return RandomLifts.gaussian(stream, lift.inputDimension() * BATCH);
  }

  private static PlainPass pass(Lift lift, double[] theta, double[] inputs) {
    return new PlainPass(lift, theta, inputs, BATCH);
  }

  // ---- D2

  private static Check compositions() {
    return Identity.of(
            Check.named("lifts/D2", "A lift of a lift is a lift", "lifts/lemma-L1", "lifts/definition-3.5")
                .asks("Is the lift along the identity the module, and a lift of a lift that along the composed map?")
                .holdsIf("the first differ in no bit, the second by at most 1e-12 of the larger of 1 and the value,"
                    + " at every vertex")
                .control("one lifted edge is lost on the way", "one edge"),
            "edges",
            new Case("identity", 0, LiftIdentities::identity),
            new Case("composition", 1e-12, LiftIdentities::composition))
        .check(50, 1000, 0.95);
  }

  private static Found identity(RandomStream stream, int times, boolean broken) {
    Blueprint blueprint = RandomLifts.blueprint(stream, false);
    Lift whole = Lift.identity(blueprint);
    Section parameters = RandomLifts.section(stream, blueprint.parameters());
    double[] inputs = inputs(stream, whole);
    ActivationMap map = new ActivationMap(blueprint, parameters, inputs, BATCH);
    Edge lost = blueprint.edges().get(stream.nextInt(blueprint.edges().size()));
    LiftedNetwork network = LiftedNetwork.of(whole, parameters.values());
    if (broken) {
      network =
          RandomLifts.lacking(
              network, blueprint.vertices().get(lost.source()).name(), blueprint.vertices().get(lost.target()).name(),
              stream);
    }
    PlainPass pass = pass(network.lift(), network.parameters(), inputs);
    int unequal = 0;
    for (Vertex vertex : blueprint.vertices()) {
      unequal += Identity.unequal(pass.activation(vertex.name(), 0), map.activation(vertex.name()));
    }
    return new Found(network.lift().edgeCount(), unequal);
  }

  private static Found composition(RandomStream stream, int times, boolean broken) {
    Lift first = RandomLifts.lift(stream, RandomLifts.blueprint(stream, false), times, 0.6);
    Lift second = RandomLifts.lift(stream, first.module(), 1, 0.6);
    List<int[]> pairs = RandomLifts.pairs(second.graph());
    if (broken && !pairs.isEmpty()) {
      pairs.remove(stream.nextInt(pairs.size()));
    }
    Lift composed =
        Lift.along(
            first.blueprint(), RandomLifts.graph(second.graph().vertices(), pairs),
            first.projection().after(second.projection()));
    double[] theta = RandomLifts.gaussian(stream, second.parameters());
    Map<List<Integer>, Integer> places = places(second);
    double[] moved = new double[composed.parameters()];
    for (Map.Entry<List<Integer>, Integer> place : places(composed).entrySet()) {
      int dimension = dimension(composed, place.getValue());
      System.arraycopy(theta, places.get(place.getKey()), moved, place.getValue(), dimension);
    }
    double[] inputs = inputs(stream, second);
    PlainPass one = pass(second, theta, inputs);
    PlainPass other = pass(composed, moved, inputs);
    double gap = 0;
    for (Vertex vertex : first.blueprint().vertices()) {
      int place = 0;
      for (int i = 0; i < first.fibre(vertex.index()); i++) {
        String name = first.nameOf(vertex.index(), i);
        for (int k = 0; k < second.fibre(name); k++) {
          gap = Math.max(gap, Identity.difference(other.activation(vertex.name(), place++), one.activation(name, k)));
        }
      }
    }
    return new Found(composed.edgeCount(), gap);
  }

  /** Where the weight of the edge between two vertices of the graph begins. */
  private static Map<List<Integer>, Integer> places(Lift lift) {
    Map<List<Integer>, Integer> places = new HashMap<>();
    for (Edge edge : lift.blueprint().edges()) {
      Edges lifted = lift.edges(edge.index());
      int dimension = edge.message().weights().dimension();
      for (int e = 0; e < lifted.count(); e++) {
        int source = lift.firstVertex(edge.source()) + lifted.source(e);
        int target = lift.firstVertex(edge.target()) + lifted.target(e);
        places.put(List.of(source, target), lift.blockStart(edge.group()) + e * dimension);
      }
    }
    return places;
  }

  private static int dimension(Lift lift, int at) {
    return lift.blueprint().edges().stream()
        .filter(edge -> lift.blockStart(edge.group()) <= at && at < lift.blockStart(edge.group() + 1))
        .mapToInt(edge -> edge.message().weights().dimension())
        .findFirst().orElseThrow();
  }

  // ---- D3

  private static Check fibrations() {
    return Identity.of(
            Check.named("lifts/D3", "Along a fibration activations are pulled back", "lifts/lemma-L2")
                .asks(
                    "Has a lift with a fibration to another the activations of its images, for pulled back weights"
                        + " and inputs; and"
                        + " do parallel edges act as one with the sum of their weights?")
                .holdsIf("activations differ by at most 1e-12 of the larger of 1 and the value, at every vertex")
                .control("one in-edge is rewired to a source over another vertex; of parallel edges the last weight"
                    + " in place of the sum", "one edge"),
            "edges above",
            new Case(
                "random modules", 1e-12,
                (stream, times, broken) -> fibration(RandomLifts.blueprint(stream), stream, times, broken)),
            new Case(
                "perceptron", 1e-12,
                (stream, times, broken) -> fibration(Architectures.perceptron(2, TANH), stream, times, broken)),
            new Case(
                "convolution", 1e-12,
                (stream, times, broken) ->
                    fibration(
                        Architectures.convolutional(Space.of(5, 5), Space.of(3, 3), 1, 1, 2, TANH), stream, times, broken)),
            new Case(
                "attention", 1e-12,
                (stream, times, broken) ->
                    fibration(Architectures.attention(3, 0.5, ActivationRule.causalSoftmax()), stream, times, broken)),
            new Case("parallel edges", 1e-12, LiftIdentities::parallel))
        .check(20, 200, 0.92);
  }

  private static Found fibration(Blueprint blueprint, RandomStream stream, int times, boolean broken) {
    Lift below = RandomLifts.lift(stream, blueprint, times, 0.6);
    LiftMorphism morphism = RandomLifts.fibration(stream, below);
    Lift above = broken ? rewired(morphism, stream) : morphism.from();
    double[] theta = RandomLifts.gaussian(stream, below.parameters());
    double[] inputs = inputs(stream, below);
    PlainPass upstairs =
        pass(above, morphism.pullbackParameters(theta), morphism.pullbackInputs(inputs, BATCH));
    PlainPass downstairs = pass(below, theta, inputs);
    double gap = morphism.isFibration() ? 0 : 1;
    for (Vertex vertex : below.blueprint().vertices()) {
      FiniteMap map = morphism.fibre(vertex.name());
      for (int i = 0; i < map.domain(); i++) {
        gap =
            Math.max(
                gap,
                Identity.difference(
                    upstairs.activation(vertex.name(), i), downstairs.activation(vertex.name(), map.apply(i))));
      }
    }
    return new Found(above.edgeCount(), gap);
  }

  /** One edge that can be gets another source, over another vertex than before; the order of the weights stays. */
  private static Lift rewired(LiftMorphism morphism, RandomStream stream) {
    Lift lift = morphism.from();
    List<Edge> candidates =
        lift.blueprint().edges().stream()
            .filter(edge -> morphism.to().fibre(edge.source()) > 1 && lift.edges(edge.index()).count() > 0)
            .filter(edge -> lift.blueprint().vertices().get(edge.source()).role() != Vertex.Role.CONSTANT)
            .toList();
    if (candidates.isEmpty()) {
      return lift;
    }
    Edge edge = candidates.get(stream.nextInt(candidates.size()));
    FiniteMap sources = morphism.fibre(lift.blueprint().vertices().get(edge.source()).name());
    Edges before = lift.edges(edge.index());
    List<int[]> pairs = RandomLifts.pairs(before);
    int[] pair = pairs.get(stream.nextInt(pairs.size()));
    int old = pair[0];
    do {
      pair[0] = stream.nextInt(sources.domain());
    } while (sources.apply(pair[0]) == sources.apply(old));
    return RandomLifts.with(lift, edge, RandomLifts.edges(before.sources(), before.targets(), pairs));
  }

  private static Found parallel(RandomStream stream, int times, boolean broken) {
    int width = 4 * times;
    LiftedNetwork network =
        LiftBuilder.lift(Architectures.perceptron(2, TANH)).fibre("x", 2).widths(WidthSchedule.constant(width))
            .inDegree(5 * times).readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong()).sparse();
    Lift lift = network.lift();
    Lift simple = Lift.full(lift.blueprint(), RandomLifts.fibres(lift));
    List<FiniteMap> same =
        lift.blueprint().vertices().stream().map(vertex -> FiniteMap.identity(lift.fibre(vertex.index()))).toList();
    LiftMorphism morphism = new LiftMorphism(lift, simple, same);
    double[] theta = network.parameters();
    double[] summed = morphism.pushForwardParameters(theta);
    if (broken) {
      for (Edge edge : lift.blueprint().edges()) {
        Edges edges = lift.edges(edge.index());
        for (int e = 0; e < edges.count(); e++) {
          int to = edges.target(e) * edges.sources() + edges.source(e);
          summed[simple.blockStart(edge.group()) + to] = theta[lift.blockStart(edge.group()) + e];
        }
      }
    }
    double[] inputs = inputs(stream, lift);
    return new Found(
        lift.edgeCount(),
        Identity.difference(pass(simple, summed, inputs).outputs(), pass(lift, theta, inputs).outputs()));
  }

  // ---- D4

  private static Check constantFibres() {
    return Identity.of(
            Check.named("lifts/D4", "Weights over in-degrees give constant fibres", "lifts/lemma-L3")
                .asks("With constant inputs on fibres and weights of the module over the in-degree, is the lift the"
                    + " module on every fibre?")
                .holdsIf("every lifted activation differs from the module's by at most 1e-12 of the larger of 1 and"
                    + " the value")
                .control("the weights are not divided", "factor: the in-degree"),
            "edges",
            new Case("random lifts without missing edges", 1e-12, LiftIdentities::constantFibre))
        .check(100, 1000, 0.97);
  }

  private static Found constantFibre(RandomStream stream, int times, boolean broken) {
    Blueprint blueprint = RandomLifts.blueprint(stream, false);
    Lift lift = complete(stream, RandomLifts.lift(stream, blueprint, times, 0.6));
    Section base = RandomLifts.section(stream, blueprint.parameters());
    double[] baseInputs = inputs(stream, Lift.identity(blueprint));
    ActivationMap map = new ActivationMap(blueprint, base, baseInputs, BATCH);
    List<FiniteMap> maps =
        blueprint.vertices().stream().map(vertex -> FiniteMap.of(1, new int[lift.fibre(vertex.index())])).toList();
    double[] inputs = new LiftMorphism(lift, Lift.identity(blueprint), maps).pullbackInputs(baseInputs, BATCH);
    double[] theta = new double[lift.parameters()];
    for (Edge edge : blueprint.edges()) {
      Edges lifted = lift.edges(edge.index());
      double[] weight = base.at(edge.group());
      for (int e = 0; e < lifted.count(); e++) {
        int degree = broken ? 1 : lifted.inDegree(lifted.target(e));
        for (int k = 0; k < weight.length; k++) {
          theta[lift.blockStart(edge.group()) + e * weight.length + k] = weight[k] / degree;
        }
      }
    }
    PlainPass pass = pass(lift, theta, inputs);
    double gap = 0;
    for (Vertex vertex : blueprint.vertices()) {
      for (int i = 0; i < lift.fibre(vertex.index()); i++) {
        gap = Math.max(gap, Identity.difference(pass.activation(vertex.name(), i), map.activation(vertex.name())));
      }
    }
    return new Found(lift.edgeCount(), gap);
  }

  /** The lift with a random edge wherever a vertex had none. */
  private static Lift complete(RandomStream stream, Lift lift) {
    Lift complete = lift;
    for (Edge edge : lift.blueprint().edges()) {
      Edges lifted = lift.edges(edge.index());
      List<int[]> pairs = RandomLifts.pairs(lifted);
      for (int v = 0; v < lifted.targets(); v++) {
        if (lifted.inDegree(v) == 0) {
          pairs.add(new int[] {stream.nextInt(lifted.sources()), v});
        }
      }
      complete = RandomLifts.with(complete, edge, RandomLifts.edges(lifted.sources(), lifted.targets(), pairs));
    }
    return complete;
  }

  // ---- D5

  private static Check masks() {
    return Identity.of(
            Check.named(
                "lifts/D5", "A sparse lift is a masked full one and stays so",
                "lifts/lemma-L5", "lifts/mlps-and-convolutions", "lifts/figure-5")
                .asks("Is a sparse lift the full one with the missing weights 0, also after 100 steps of gradient"
                    + " descent with the mask kept?")
                .holdsIf("outputs, and all parameters after the steps, differ by at most 1e-10 of the larger of 1 and"
                    + " the value, and edges are missing")
                .control("the mask is not kept: the full lift is trained without it", "all missing weights"),
            "missing edges",
            new Case("perceptron", 1e-10, (stream, times, broken) ->
                masked(Architectures.perceptron(2, TANH), stream, times, broken)),
            new Case(
                "convolution", 1e-10,
                (stream, times, broken) ->
                    masked(Architectures.convolutional(Space.of(5), Space.of(3), 1, 1, 2, TANH), stream, times, broken)))
        .check(10, 100, 0.98);
  }

  private static Found masked(Blueprint blueprint, RandomStream stream, int times, boolean broken) {
    LiftedNetwork sparse =
        LiftBuilder.lift(blueprint).fibre("x", 3).widths(WidthSchedule.constant(6 * times)).distinctInDegree(2)
            .weights(ParameterLaw.normal(0.7)).readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong()).sparse();
    Lift full = Lift.full(blueprint, RandomLifts.fibres(sparse.lift()));
    double[] inFull = sparse.within(full).parameters();
    LiftMorphism inclusion = LiftMorphism.inclusion(sparse.lift(), full);
    double[] ones = new double[sparse.lift().parameters()];
    Arrays.fill(ones, 1);
    double[] mask = inclusion.pushForwardParameters(ones);
    int samples = 5;
    Regression regression =
        Regression.of(
            RandomLifts.gaussian(stream, full.inputDimension() * samples), RandomLifts.gaussian(stream, samples), samples);
    Passes alone = new Passes(sparse.lift(), regression);
    Passes within = new Passes(full, regression);
    double[] theta = sparse.parameters();
    double[] outputs = new double[samples];
    double[] outputsWithin = new double[samples];
    alone.outputs(theta, outputs);
    within.outputs(inFull, outputsWithin);
    double[] gradient = new double[inFull.length];
    for (int step = 0; step < 100; step++) {
      alone.descend(theta, 0.05);
      within.gradient(inFull, gradient);
      for (int k = 0; k < inFull.length; k++) {
        inFull[k] -= 0.05 * gradient[k] * (broken ? 1 : mask[k]);
      }
    }
    long missing = full.edgeCount() - sparse.lift().edgeCount();
    double gap =
        Math.max(
            Identity.difference(outputsWithin, outputs),
            Identity.difference(inFull, inclusion.pushForwardParameters(theta)));
    return new Found(missing, missing > 0 ? gap : 1);
  }

  // ---- D6

  private static Check symmetries() {
    return Identity.of(
            Check.named("lifts/D6", "Permuting hidden fibres changes nothing", "lifts/lemma-L4")
                .asks("Is the function the same after any permutation of the hidden fibres, edges and weights carried"
                    + " along?")
                .holdsIf("outputs differ by at most 1e-12 of the larger of 1 and the value")
                .control("the two vertices over the output are exchanged too", "a permutation of a fibre over T"),
            "parameters",
            new Case("perceptron", 1e-12, (stream, times, broken) -> permuted(
                LiftBuilder.lift(Architectures.perceptron(2, TANH)).fibre("x", 3).fibre("t", 2)
                    .widths(WidthSchedule.constant(5 * times)).inDegree(2),
                List.of("h1", "h2"), "t", stream, broken)),
            new Case("residual", 1e-12, (stream, times, broken) -> permuted(
                LiftBuilder.lift(Architectures.residualPerceptron(3, TANH, MessageRule.linear())).fibre("x", 3).fibre("t", 2)
                    .widths(WidthSchedule.constant(5 * times)).inDegree(2),
                List.of("h1", "h2", "h3"), "t", stream, broken)),
            new Case("attention", 1e-12, (stream, times, broken) -> permuted(
                ArchitectureLifts.attention(Architectures.attention(3, 0.7, ActivationRule.rowSoftmax()), 4 * times, 2, 2),
                List.of("q", "k", "v", "p", "al", "o"), "r", stream, broken)))
        .check(20, 200, 0.98);
  }

  private static Found permuted(
      LiftBuilder builder, List<String> hidden, String output, RandomStream stream, boolean broken) {
    LiftBuilder said = builder.readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong());
    LiftedNetwork network = output.equals("r") ? said.full() : said.sparse();
    double[] inputs = inputs(stream, network.lift());
    LiftedNetwork turned = network;
    for (String fibre : hidden) {
      turned = turned.permuted(fibre, RandomLifts.permutation(stream, network.lift().fibre(fibre)));
    }
    if (broken) {
      int size = network.lift().fibre(output);
      int[] shifted = new int[size];
      Arrays.setAll(shifted, i -> (i + 1) % size);
      turned = turned.permuted(output, FiniteMap.of(size, shifted));
    }
    return new Found(
        network.lift().parameters(),
        Identity.difference(
            pass(turned.lift(), turned.parameters(), inputs).outputs(),
            pass(network.lift(), network.parameters(), inputs).outputs()));
  }

  // ---- D8

  /** D8. */
  static Check missing() {
    return Identity.of(
            Check.named("lifts/D8", "What has no edge is 0", "lifts/definition-3.5")
                .asks("Where a lifted vertex has no edge over an edge of the blueprint, does its activation function"
                    + " take 0 there?")
                .holdsIf("every activation is bit by bit that of loops which put 0 where there is no edge")
                .control("1 in place of 0, as if what is missing were a factor", "1 in every empty place"),
            "empty places",
            new Case("random modules", 0, (stream, times, broken) ->
                withZeros(RandomLifts.blueprint(stream), stream, times, broken)),
            new Case("gated unit", 0, (stream, times, broken) ->
                withZeros(Architectures.gated(Activation.softplus()), stream, times, broken)))
        .check(50, 1000, 0.99);
  }

  private static Found withZeros(Blueprint blueprint, RandomStream stream, int times, boolean broken) {
    Lift lift = RandomLifts.lift(stream, blueprint, times, 0.4);
    double[] theta = RandomLifts.gaussian(stream, lift.parameters());
    double[] inputs = inputs(stream, lift);
    PlainPass pass = pass(lift, theta, inputs);
    double[][][] rows = new double[blueprint.vertices().size()][][];
    int at = 0;
    int empty = 0;
    int unequal = 0;
    for (Vertex vertex : blueprint.vertices()) {
      rows[vertex.index()] = new double[lift.fibre(vertex.index())][vertex.space().dimension() * BATCH];
      List<Edge> incoming = blueprint.incoming(vertex.index());
      for (int i = 0; i < rows[vertex.index()].length; i++) {
        double[] row = rows[vertex.index()][i];
        if (vertex.role() == Vertex.Role.INPUT) {
          System.arraycopy(inputs, at, row, 0, row.length);
          at += row.length;
        } else if (vertex.role() == Vertex.Role.CONSTANT) {
          Arrays.fill(row, 1);
        } else {
          List<double[]> sums = new ArrayList<>();
          for (Edge edge : incoming) {
            Edges lifted = lift.edges(edge.index());
            double[] sum = new double[edge.message().output().dimension() * BATCH];
            if (lifted.inDegree(i) == 0) {
              empty++;
              Arrays.fill(sum, broken ? 1 : 0);
            }
            for (int e = lifted.first(i); e < lifted.first(i + 1); e++) {
              int weight = lift.blockStart(edge.group()) + e * edge.message().weights().dimension();
              edge.message().add(theta, weight, rows[edge.source()][lifted.source(e)], sum, BATCH);
            }
            sums.add(sum);
          }
          vertex.activation().orElseThrow().apply(sums.toArray(double[][]::new), row, BATCH);
        }
        unequal += Identity.unequal(pass.activation(vertex.name(), i), row);
      }
    }
    return new Found(empty, unequal);
  }
}
