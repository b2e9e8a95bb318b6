package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
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

/** Checks D2 to D8 of the first paper's theory file, the lemmas L1 to L5, with what must break them. */
class LiftTest {

  private static final Activation TANH = Activation.tanh();
  private static final int DRAWS = 1000;
  private static final int BATCH = 2;

  private static double[] inputs(RandomStream stream, Lift lift) {
    return Draws.gaussian(stream, lift.inputDimension() * BATCH);
  }

  private static PlainPass pass(Lift lift, double[] theta, double[] inputs) {
    return new PlainPass(lift, theta, inputs, BATCH);
  }

  // ---- D2, L1

  @Test
  void theIdentityLiftIsTheModule_D2() {
    Draws.of(
        "identity", DRAWS,
        stream -> {
          Blueprint blueprint = Draws.blueprint(stream);
          Lift lift = Lift.identity(blueprint);
          double[] theta = Draws.gaussian(stream, lift.parameters());
          double[] inputs = inputs(stream, lift);
          double[] up = Draws.gaussian(stream, lift.outputDimension() * BATCH);
          ActivationMap map = new ActivationMap(blueprint, Section.of(blueprint.parameters(), theta), inputs, BATCH);
          PlainPass pass = pass(lift, theta, inputs);
          assertThat(pass.outputs()).isEqualTo(map.outputs());
          assertThat(pass.reverse(up).parameters()).isEqualTo(map.reverse(up).parameters().values());
          assertThat(pass.reverse(up).inputs()).isEqualTo(map.reverse(up).inputs());
        });
  }

  @Test
  void aLiftOfALiftIsTheLiftAlongTheComposition_D2() {
    Draws.of(
        "composition", DRAWS,
        stream -> {
          Lift first = Draws.lift(stream, Draws.blueprint(stream));
          Blueprint module = first.module();
          Lift second = Draws.lift(stream, module);
          Lift composed =
              Lift.along(first.blueprint(), second.graph(), first.projection().after(second.projection()));
          double[] theta = Draws.gaussian(stream, second.parameters());
          double[] moved = new double[composed.parameters()];
          Map<List<Integer>, Integer> places = weightPlaces(composed);
          weightPlaces(second)
              .forEach(
                  (ends, at) -> {
                    int dimension = dimension(second, at);
                    System.arraycopy(theta, at, moved, places.get(ends), dimension);
                  });
          double[] inputs = inputs(stream, second);
          PlainPass one = pass(second, theta, inputs);
          PlainPass other = pass(composed, moved, inputs);
          for (Vertex vertex : first.blueprint().vertices()) {
            int place = 0;
            for (int i = 0; i < first.fibre(vertex.index()); i++) {
              String name = first.nameOf(vertex.index(), i);
              for (int k = 0; k < second.fibre(name); k++) {
                assertThat(Draws.difference(other.activation(vertex.name(), place++), one.activation(name, k)))
                    .isLessThan(1e-12);
              }
            }
          }
        });
  }

  /** Where the weight of the edge between two vertices of the graph begins. */
  private static Map<List<Integer>, Integer> weightPlaces(Lift lift) {
    Map<List<Integer>, Integer> places = new HashMap<>();
    for (Edge edge : lift.blueprint().edges()) {
      Edges lifted = lift.edges(edge.index());
      for (int e = 0; e < lifted.count(); e++) {
        int source = lift.firstVertex(edge.source()) + lifted.source(e);
        int target = lift.firstVertex(edge.target()) + lifted.target(e);
        if (edge.message().weights().dimension() > 0) {
          places.put(
              List.of(source, target),
              lift.blockStart(edge.group()) + e * edge.message().weights().dimension());
        }
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

  // ---- D3, L2

  @Test
  void alongAFibrationActivationsArePulledBack_D3() {
    Draws.of("fibration", DRAWS, stream -> assertPulledBack(stream, Draws.lift(stream, Draws.blueprint(stream))));
  }

  @Test
  void alongAFibrationOfConvolutionsAndAttentionTooActivationsArePulledBack_D3() {
    Draws.of(
        "fibrations", 100,
        stream -> {
          assertPulledBack(
              stream,
              Draws.lift(stream, Architectures.convolutional(Space.of(5, 5), Space.of(3, 3), 1, 1, 2, TANH)));
          assertPulledBack(
              stream, Draws.lift(stream, Architectures.attention(3, 0.5, ActivationRule.causalSoftmax())));
          assertPulledBack(
              stream,
              Draws.lift(stream, Architectures.transformerLike(3, 0.5, ActivationRule.rowSoftmax(), TANH)));
        });
  }

  private static void assertPulledBack(RandomStream stream, Lift below) {
    LiftMorphism morphism = Draws.fibration(stream, below);
    assertThat(morphism.isFibration()).isTrue();
    double[] theta = Draws.gaussian(stream, below.parameters());
    double[] inputs = inputs(stream, below);
    assertThat(off(morphism, morphism.from(), morphism.pullbackParameters(theta), theta, inputs)).isLessThan(1e-12);
  }

  /** How far the activations of a lift are from the pulled back ones. */
  private static double off(
      LiftMorphism morphism, Lift above, double[] pulled, double[] theta, double[] inputs) {
    PlainPass upstairs = pass(above, pulled, morphism.pullbackInputs(inputs, BATCH));
    PlainPass downstairs = pass(morphism.to(), theta, inputs);
    double worst = 0;
    for (Vertex vertex : above.blueprint().vertices()) {
      FiniteMap map = morphism.fibre(vertex.name());
      for (int i = 0; i < map.domain(); i++) {
        worst =
            Math.max(
                worst,
                Draws.difference(
                    upstairs.activation(vertex.name(), i), downstairs.activation(vertex.name(), map.apply(i))));
      }
    }
    return worst;
  }

  @Test
  void rewiringOneEdgeBreaksIt_D3() {
    int[] broken = {0};
    int[] tried = {0};
    Draws.of(
        "rewired", DRAWS,
        stream -> {
          Lift below = Draws.lift(stream, Architectures.perceptron(2, TANH));
          LiftMorphism morphism = Draws.fibration(stream, below);
          Edge edge = below.blueprint().edge("x", "h1");
          FiniteMap sources = morphism.fibre("x");
          Edges lifted = morphism.from().edges(edge.index());
          if (sources.codomain() < 2 || lifted.count() == 0) {
            return;
          }
          // The source of one edge becomes one over another vertex; its weight stays.
          int rewired = stream.nextInt(lifted.count());
          int[] from = new int[lifted.count()];
          int[] to = new int[lifted.count()];
          for (int e = 0; e < from.length; e++) {
            from[e] = lifted.source(e);
            to[e] = lifted.target(e);
          }
          do {
            from[rewired] = stream.nextInt(sources.domain());
          } while (sources.apply(from[rewired]) == sources.apply(lifted.source(rewired)));
          Lift above = with(morphism.from(), edge, Edges.of(lifted.sources(), lifted.targets(), from, to));
          double[] theta = Draws.gaussian(stream, below.parameters());
          double[] inputs = inputs(stream, below);
          tried[0]++;
          broken[0] +=
              off(morphism, above, morphism.pullbackParameters(theta), theta, inputs) > 1e-3 ? 1 : 0;
          try {
            assertThat(new LiftMorphism(above, below, maps(morphism)).isFibration()).isFalse();
          } catch (IllegalArgumentException noHomomorphismEither) {
            assertThat(noHomomorphismEither).hasMessageContaining("which is no edge");
          }
        });
    assertThat(tried[0]).isGreaterThan(500);
    // A weight or a difference of inputs that happens to be small hides it.
    assertThat(broken[0]).isGreaterThan((int) (0.97 * tried[0]));
  }

  private static List<FiniteMap> maps(LiftMorphism morphism) {
    return morphism.from().blueprint().vertices().stream().map(vertex -> morphism.fibre(vertex.name())).toList();
  }

  /** The same lift with other edges over one edge. */
  private static Lift with(Lift lift, Edge changed, Edges edges) {
    List<Edges> all = new ArrayList<>();
    for (Edge edge : lift.blueprint().edges()) {
      all.add(edge.equals(changed) ? edges : lift.edges(edge.index()));
    }
    int[] fibres = lift.blueprint().vertices().stream().mapToInt(vertex -> lift.fibre(vertex.index())).toArray();
    return Lift.of(lift.blueprint(), fibres, all);
  }

  @Test
  void parallelEdgesActAsOneWithTheSumOfTheirWeights_L2() {
    Draws.of(
        "parallel", 300,
        stream -> {
          LiftedNetwork parallel =
              LiftBuilder.lift(Architectures.perceptron(2, TANH)).fibre("x", 2).widths(WidthSchedule.constant(4))
                  .inDegree(5).readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong()).sparse();
          Lift lift = parallel.lift();
          Lift simple = Lift.full(lift.blueprint(), 2, 1, 4, 4, 1);
          List<FiniteMap> same =
              lift.blueprint().vertices().stream()
                  .map(vertex -> FiniteMap.identity(lift.fibre(vertex.index()))).toList();
          LiftMorphism morphism = new LiftMorphism(lift, simple, same);
          double[] theta = parallel.parameters();
          double[] inputs = inputs(stream, lift);
          assertThat(
                  Draws.difference(
                      pass(simple, morphism.pushForwardParameters(theta), inputs).outputs(),
                      pass(lift, theta, inputs).outputs()))
              .isLessThan(1e-12);
        });
  }

  @Test
  void parallelParentsAreParallelToo() {
    Lift lift =
        Lift.of(
            Architectures.gated(TANH), new int[] {1, 1, 1, 1, 1},
            List.of(
                Edges.of(1, 1, new int[] {0}, new int[] {0}), Edges.of(1, 1, new int[] {0}, new int[] {0}),
                Edges.of(1, 1, new int[] {0, 0}, new int[] {0, 0}), Edges.of(1, 1, new int[] {0}, new int[] {0}),
                Edges.of(1, 1, new int[] {0}, new int[] {0})));
    assertThat(new Homomorphism(lift.graph(), lift.graph(), FiniteMap.identity(5)).edges())
        .isEqualTo(FiniteMap.identity(6));
    assertThatThrownBy(lift::module).hasMessageContaining("edge a[0] → g[0] is doubled");
  }

  // ---- D4, L3

  @Test
  void weightsDividedByInDegreesGiveConstantFibres_D4() {
    int[] broken = {0};
    int[] tried = {0};
    Draws.of(
        "constant fibres", DRAWS,
        stream -> {
          Blueprint blueprint = Draws.blueprint(stream, false);
          Lift lift = withoutMissingEdges(stream, Draws.lift(stream, blueprint));
          Section base = Section.of(blueprint.parameters(), Draws.gaussian(stream, blueprint.parameters().dimension()));
          double[] baseInputs = Draws.gaussian(stream, Lift.identity(blueprint).inputDimension() * BATCH);
          ActivationMap map = new ActivationMap(blueprint, base, baseInputs, BATCH);
          List<FiniteMap> maps =
              blueprint.vertices().stream()
                  .map(vertex -> FiniteMap.of(1, new int[lift.fibre(vertex.index())])).toList();
          double[] inputs =
              new LiftMorphism(lift, Lift.identity(blueprint), maps).pullbackInputs(baseInputs, BATCH);
          double divided = off(map, pass(lift, spread(lift, base, true), inputs), lift);
          assertThat(divided).isLessThan(1e-12);
          boolean several =
              blueprint.edges().stream().anyMatch(edge -> lift.edges(edge.index()).mostInDegree() > 1);
          if (several) {
            tried[0]++;
            broken[0] += off(map, pass(lift, spread(lift, base, false), inputs), lift) > 1e-3 ? 1 : 0;
          }
        });
    assertThat(tried[0]).isGreaterThan(900);
    assertThat(broken[0]).isGreaterThan((int) (0.99 * tried[0]));
  }

  private static double off(ActivationMap map, PlainPass pass, Lift lift) {
    double worst = 0;
    for (Vertex vertex : lift.blueprint().vertices()) {
      for (int i = 0; i < lift.fibre(vertex.index()); i++) {
        worst = Math.max(worst, Draws.difference(pass.activation(vertex.name(), i), map.activation(vertex.name())));
      }
    }
    return worst;
  }

  /** The weight of the edge below, over the in-degree of the target or not. */
  private static double[] spread(Lift lift, Section base, boolean divided) {
    double[] theta = new double[lift.parameters()];
    for (Edge edge : lift.blueprint().edges()) {
      Edges lifted = lift.edges(edge.index());
      double[] weight = base.at(edge.group());
      for (int e = 0; e < lifted.count(); e++) {
        int degree = divided ? lifted.inDegree(lifted.target(e)) : 1;
        for (int k = 0; k < weight.length; k++) {
          theta[lift.blockStart(edge.group()) + e * weight.length + k] = weight[k] / degree;
        }
      }
    }
    return theta;
  }

  private static Lift withoutMissingEdges(RandomStream stream, Lift lift) {
    Lift complete = lift;
    for (Edge edge : lift.blueprint().edges()) {
      Edges lifted = lift.edges(edge.index());
      List<int[]> pairs = new ArrayList<>();
      for (int v = 0; v < lifted.targets(); v++) {
        for (int e = lifted.first(v); e < lifted.first(v + 1); e++) {
          pairs.add(new int[] {lifted.source(e), v});
        }
        if (lifted.inDegree(v) == 0) {
          pairs.add(new int[] {stream.nextInt(lifted.sources()), v});
        }
      }
      complete = with(complete, edge, Draws.edges(lifted.sources(), lifted.targets(), pairs));
    }
    return complete;
  }

  // ---- D5, L5

  private static double[] trained(
      Lift lift, double[] start, double[] inputs, double[] labels, int batch, UnaryOperator<double[]> onGradient) {
    double[] theta = start.clone();
    for (int step = 0; step < 100; step++) {
      PlainPass pass = new PlainPass(lift, theta, inputs, batch);
      double[] residual = pass.outputs();
      for (int k = 0; k < residual.length; k++) {
        residual[k] = (residual[k] - labels[k]) / batch;
      }
      double[] gradient = onGradient.apply(pass.reverse(residual).parameters());
      for (int k = 0; k < theta.length; k++) {
        theta[k] -= 0.05 * gradient[k];
      }
    }
    return theta;
  }

  @Test
  void aSparseLiftIsAMaskedFullOneAndStaysSoUnderMaskedDescent_D5() {
    int batch = 5;
    Draws.of(
        "masked", 20,
        stream -> {
          boolean convolution = stream.nextInt(2) == 0;
          Blueprint blueprint =
              convolution
                  ? Architectures.convolutional(Space.of(5), Space.of(3), 1, 1, 2, TANH)
                  : Architectures.perceptron(2, TANH);
          LiftedNetwork sparse =
              LiftBuilder.lift(blueprint).fibre("x", 3).widths(WidthSchedule.constant(6)).distinctInDegree(2)
                  .weights(ParameterLaw.normal(0.7)).readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong()).sparse();
          Lift full = Lift.full(blueprint, 3, 1, 6, 6, 1);
          LiftedNetwork masked = sparse.within(full);
          LiftMorphism inclusion = LiftMorphism.inclusion(sparse.lift(), full);
          assertThat(full.edgeCount()).isGreaterThan(sparse.lift().edgeCount());
          double[] ones = new double[sparse.lift().parameters()];
          Arrays.fill(ones, 1);
          double[] mask = inclusion.pushForwardParameters(ones);
          double[] inputs = Draws.gaussian(stream, full.inputDimension() * batch);
          double[] labels = Draws.gaussian(stream, batch);
          assertThat(
                  Draws.difference(
                      new PlainPass(full, masked.parameters(), inputs, batch).outputs(),
                      new PlainPass(sparse.lift(), sparse.parameters(), inputs, batch).outputs()))
              .isLessThan(1e-12);

          double[] alone =
              trained(sparse.lift(), sparse.parameters(), inputs, labels, batch, UnaryOperator.identity());
          double[] inFull =
              trained(
                  full, masked.parameters(), inputs, labels, batch,
                  gradient -> {
                    double[] kept = gradient.clone();
                    Arrays.setAll(kept, k -> gradient[k] * mask[k]);
                    return kept;
                  });
          double[] unmasked =
              trained(full, masked.parameters(), inputs, labels, batch, UnaryOperator.identity());
          double[] moved = inclusion.pushForwardParameters(alone);
          assertThat(Draws.difference(inFull, moved)).isLessThan(1e-10);
          assertThat(Draws.difference(unmasked, moved)).isGreaterThan(1e-3);
        });
  }

  @Test
  void withinRefusesEdgesThatActWithoutWeights() {
    Blueprint blueprint = Architectures.residualPerceptron(3, TANH, MessageRule.free());
    LiftedNetwork diagonal = ArchitectureLifts.residualPerceptron(blueprint, 2, 3).full();
    assertThatThrownBy(() -> diagonal.within(Lift.full(blueprint, 2, 1, 3, 3, 3, 1)))
        .hasMessageStartingWith("the larger lift is one with further edges that have no weight");
    assertThatThrownBy(() -> diagonal.within(Lift.full(blueprint, 2, 1, 3, 2, 3, 1)))
        .hasMessage("the size of the larger lift's fibre over h2 is 2; it must be at least that of the smaller one's,"
            + " 3.");
  }

  // ---- D6, L4

  @Test
  void permutingHiddenFibresChangesNothingAndPermutingOutputsDoes_D6() {
    Draws.of(
        "permuted", DRAWS,
        stream -> {
          LiftedNetwork network =
              LiftBuilder.lift(Architectures.perceptron(2, TANH)).fibre("x", 3).fibre("t", 2)
                  .widths(WidthSchedule.constant(5)).inDegree(2).readout(ReadoutLaw.overWidth(1))
                  .seed(stream.nextLong()).sparse();
          double[] inputs = inputs(stream, network.lift());
          double[] outputs = pass(network.lift(), network.parameters(), inputs).outputs();
          FiniteMap permutation = FiniteMap.of(5, HomomorphismTest.shuffled(stream, 5));
          LiftedNetwork hidden =
              network.permuted("h1", permutation)
                  .permuted("h2", FiniteMap.of(5, HomomorphismTest.shuffled(stream, 5)));
          assertThat(Draws.difference(pass(hidden.lift(), hidden.parameters(), inputs).outputs(), outputs))
              .isLessThan(1e-12);
          LiftedNetwork turned = network.permuted("t", FiniteMap.of(2, 1, 0));
          double[] exchanged = pass(turned.lift(), turned.parameters(), inputs).outputs();
          assertThat(exchanged).isNotEqualTo(outputs);
          assertThat(Arrays.copyOfRange(exchanged, 0, BATCH)).isEqualTo(Arrays.copyOfRange(outputs, BATCH, 2 * BATCH));
        });
  }

  // ---- D7

  /** The weights over an edge as a matrix, 0 where there is no lifted edge. */
  private static double[][] masked(LiftedNetwork network, String source, String target) {
    Edges lifted = network.lift().edges(source, target);
    double[] weights = network.weights(source, target);
    double[][] matrix = new double[lifted.targets()][lifted.sources()];
    for (int e = 0; e < lifted.count(); e++) {
      matrix[lifted.target(e)][lifted.source(e)] = weights[e];
    }
    return matrix;
  }

  @Test
  void aSparseConvolutionIsTheMaskedOne_D7() {
    Blueprint blueprint = Architectures.convolutional(Space.of(6, 6), Space.of(3, 3), 1, 1, 2, TANH);
    Draws.of(
        "sparse convolution", 20,
        stream -> {
          LiftedNetwork network =
              LiftBuilder.lift(blueprint).fibre("x", 4).width("h1", 8).width("h2", 9).bernoulli(3)
                  .readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong()).sparse();
          Lift lift = network.lift();
          int first = lift.edges("x", "h1").count();
          int second = lift.edges("h1", "h2").count();
          assertThat(first).isLessThan(32);
          assertThat(lift.parameters()).isEqualTo(9 * first + 8 + 9 * second + 9 + 9 + 1);
          double[] inputs = Draws.gaussian(stream, 4 * 36);
          double[][][] image = new double[4][6][6];
          for (int at = 0; at < inputs.length; at++) {
            image[at / 36][at / 6 % 6][at % 6] = inputs[at];
          }
          double[][][] h2 = layer(network, "h1", "h2", layer(network, "x", "h1", image));
          double expected = network.weights("one", "t")[0];
          for (int c = 0; c < 9; c++) {
            double mean = Arrays.stream(h2[c]).flatMapToDouble(Arrays::stream).sum() / 36;
            expected += network.weights("h2", "t")[c] * mean;
          }
          double[] outputs = new PlainPass(lift, network.parameters(), inputs, 1).outputs();
          assertThat(Draws.difference(outputs, new double[] {expected})).isLessThan(1e-10);
        });
  }

  private static double[][][] layer(LiftedNetwork network, String source, String target, double[][][] image) {
    Edges lifted = network.lift().edges(source, target);
    double[] weights = network.weights(source, target);
    double[][][][] kernels = new double[lifted.targets()][lifted.sources()][3][3];
    for (int e = 0; e < lifted.count(); e++) {
      for (int k = 0; k < 9; k++) {
        kernels[lifted.target(e)][lifted.source(e)][k / 3][k % 3] = weights[9 * e + k];
      }
    }
    double[][][] result = PlainCode.convolved(image, kernels, 1, 1);
    for (int c = 0; c < result.length; c++) {
      double bias = network.weights("one", target)[c];
      for (double[] row : result[c]) {
        Arrays.setAll(row, j -> Math.tanh(row[j] + bias));
      }
    }
    return result;
  }

  /** The rows of a fibre of token vectors, mixed by a matrix. */
  private static double[][] mixed(LiftedNetwork network, String source, String target, double[][] rows) {
    return PlainCode.times(masked(network, source, target), rows);
  }

  @Test
  void sparseAttentionIsTheMaskedOne_D7() {
    int tokens = 4;
    Blueprint blueprint = Architectures.transformerLike(tokens, 0.7, ActivationRule.rowSoftmax(), TANH);
    Draws.of(
        "sparse attention", 20,
        stream -> {
          LiftedNetwork network =
              LiftBuilder.lift(blueprint).fibre("x", 5).fibre("s", 3).widths(WidthSchedule.constant(7)).bernoulli(3)
                  .readout(ReadoutLaw.overWidth(1)).seed(stream.nextLong()).sparse();
          Lift lift = network.lift();
          assertThat((long) lift.parameters()).isEqualTo(lift.edgeCount());
          double[] inputs = Draws.gaussian(stream, 5 * tokens);
          double[][] x = PlainCode.matrix(inputs, 5, tokens);
          double[][] q = mixed(network, "x", "q", x);
          double[][] k = mixed(network, "x", "k", x);
          double[][] v = mixed(network, "x", "v", x);
          // Matrices of tokens × tokens, each a row.
          double[][] p = outer(mixed(network, "q", "p", q), mixed(network, "k", "p", k), 0.7);
          double[][] al = softmax(mixed(network, "p", "al", p), tokens);
          double[][] o = applied(mixed(network, "al", "o", al), mixed(network, "v", "o", v));
          double[][] r = PlainCode.plus(mixed(network, "o", "r", o), mixed(network, "x", "r", x));
          double[][] m = mixed(network, "r", "m", r);
          for (int i = 0; i < m.length; i++) {
            double bias = network.weights("one", "m")[i];
            m[i] = PlainCode.each(z -> Math.tanh(z + bias), m[i]);
          }
          double[][] s = PlainCode.plus(mixed(network, "m", "s", m), mixed(network, "r", "s", r));
          double[] expected = new double[3 * tokens];
          for (int i = 0; i < expected.length; i++) {
            expected[i] = s[i / tokens][i % tokens] + network.weights("one", "s")[i / tokens];
          }
          double[] outputs = new PlainPass(lift, network.parameters(), inputs, 1).outputs();
          assertThat(Draws.difference(outputs, expected)).isLessThan(1e-10);
        });
  }

  private static double[][] outer(double[][] q, double[][] k, double scale) {
    double[][] result = new double[q.length][q[0].length * k[0].length];
    for (int i = 0; i < q.length; i++) {
      for (int at = 0; at < result[i].length; at++) {
        result[i][at] = scale * q[i][at / k[0].length] * k[i][at % k[0].length];
      }
    }
    return result;
  }

  private static double[][] softmax(double[][] scores, int tokens) {
    double[][] result = new double[scores.length][tokens * tokens];
    for (int i = 0; i < scores.length; i++) {
      for (int row = 0; row < tokens; row++) {
        double sum = 0;
        for (int j = 0; j < tokens; j++) {
          sum += Math.exp(scores[i][row * tokens + j]);
        }
        for (int j = 0; j < tokens; j++) {
          result[i][row * tokens + j] = Math.exp(scores[i][row * tokens + j]) / sum;
        }
      }
    }
    return result;
  }

  private static double[][] applied(double[][] matrices, double[][] vectors) {
    double[][] result = new double[vectors.length][];
    for (int i = 0; i < vectors.length; i++) {
      int tokens = vectors[i].length;
      result[i] = PlainCode.times(PlainCode.matrix(matrices[i], tokens, tokens), vectors[i]);
    }
    return result;
  }

  // ---- D8

  @Test
  void whatHasNoEdgeIsZero_D8() {
    Blueprint blueprint = Architectures.gated(Activation.softplus());
    Edges one = Edges.of(1, 1, new int[] {0}, new int[] {0});
    Edges none = Edges.of(1, 1, new int[0], new int[0]);
    double[] x = {2.5};
    Lift withoutGate = Lift.of(blueprint, new int[] {1, 1, 1, 1, 1}, List.of(one, one, one, none, one));
    // g = (w x) softplus(0), exactly.
    assertThat(new PlainPass(withoutGate, new double[] {3, 1}, x, 1).outputs())
        .containsExactly(3 * 2.5 * Activation.softplus().value(0));
    Lift withoutValue = Lift.of(blueprint, new int[] {1, 1, 1, 1, 1}, List.of(one, one, none, one, one));
    assertThat(new PlainPass(withoutValue, new double[] {3, 1}, x, 1).outputs()).containsExactly(0);
    Lift withoutAny = Lift.of(blueprint, new int[] {1, 1, 1, 1, 1}, List.of(none, none, none, none, none));
    PlainPass pass = new PlainPass(withoutAny, new double[0], x, 1);
    assertThat(pass.outputs()).containsExactly(0);
    assertThat(pass.reverse(new double[] {1}).inputs()).containsExactly(0);
  }

  // ---- what does not fit

  @Test
  void whatDoesNotFitIsRefusedInOneSentence() {
    Blueprint blueprint = Architectures.twoLayerPerceptron(TANH);
    assertThatThrownBy(() -> Lift.full(blueprint, 3, 1, 4))
        .hasMessage("the number of fibres is 3; it must be 4, one for each vertex of two-layer perceptron.");
    assertThatThrownBy(() -> Lift.of(blueprint, new int[] {3, 1, 4, 1}, List.of()))
        .hasMessage("the number of lists of edges is 0; it must be 4, one for each edge of two-layer perceptron.");
    Lift lift = Lift.full(blueprint, 3, 1, 4, 1);
    assertThatThrownBy(() -> with(lift, blueprint.edge("x", "h"), Edges.of(2, 4, new int[0], new int[0])))
        .hasMessage("the lifted edges over x → h is from 2 to 4 vertices; it must be from 3 to 4, the sizes of the"
            + " fibres.");
    Blueprint tied = Architectures.recurrent(2, TANH);
    Lift recurrent = Lift.full(tied, 1, 2, 3, 2, 3, 1);
    assertThatThrownBy(() -> with(recurrent, tied.edge("x2", "h2"), Edges.of(2, 3, new int[0], new int[0])))
        .hasMessage("the lifted edges over x2 → h2 is others than over x1 → h1; it must be the same, for the two are"
            + " tied.");
    assertThatThrownBy(() -> lift.labelled("x", List.of("r", "g")))
        .hasMessage("the number of names is 2; it must be 3, the size of the fibre over x.");
    assertThatThrownBy(() -> lift.labelled("x", List.of("r", "g", "r"))).hasMessageContaining("different from each");
    assertThatThrownBy(() -> new PlainPass(lift, new double[3], new double[3], 1))
        .hasMessage("the number of parameters is 3; it must be 21.");
    assertThatThrownBy(() -> new PlainPass(lift, new double[21], new double[4], 1))
        .hasMessage("the number of inputs is 4; it must be 3 for each of 1 samples.");
    assertThatThrownBy(() -> LiftMorphism.permutation(lift, "h", FiniteMap.of(4, 0, 0, 1, 2)))
        .hasMessageContaining("a permutation of the 4 vertices over h");
  }
}
