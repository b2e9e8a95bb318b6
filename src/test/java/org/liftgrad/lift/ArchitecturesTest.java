package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.lift.PlainCode.each;
import static org.liftgrad.lift.PlainCode.matrix;
import static org.liftgrad.lift.PlainCode.plus;
import static org.liftgrad.lift.PlainCode.times;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationMap;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintBuilder;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Graph;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Section;
import org.liftgrad.blueprint.Space;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.data.OwnData;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;

/** Checks C1 to C9 of the first paper's theory file, and A4: ready blueprints against code written out by hand. */
class ArchitecturesTest {

  private static final Activation TANH = Activation.tanh();

  private static LiftBuilder drawn(LiftBuilder lift, long seed) {
    return lift.weights(ParameterLaw.normal(0.7)).readout(ReadoutLaw.same(ParameterLaw.normal(0.7))).seed(seed);
  }

  /** Samples of inputs, a sample a row. */
  private static DMatrixRMaj samples(LiftedNetwork network, int count, long seed) {
    double[] values = Draws.gaussian(RandomStream.of(seed, "samples"), count * network.lift().inputDimension());
    return new DMatrixRMaj(count, network.lift().inputDimension(), true, values);
  }

  private static double[] sample(DMatrixRMaj samples, int row) {
    return Arrays.copyOfRange(samples.data, row * samples.numCols, (row + 1) * samples.numCols);
  }

  private static double[][] weights(LiftedNetwork network, String source, String target) {
    Lift lift = network.lift();
    return matrix(network.weights(source, target), lift.fibre(target), lift.fibre(source));
  }

  private static double[] bias(LiftedNetwork network, String target) {
    return network.weights("one", target);
  }

  private static double[] denseLayer(LiftedNetwork network, String source, String target, double[] x) {
    return each(TANH::value, plus(times(weights(network, source, target), x), bias(network, target)));
  }

  // ---- C1, and D1 for twenty tuples of widths

  @Test
  void theFullLiftOfThePerceptronIsTheDensePerceptron_C1_D1() {
    Blueprint blueprint = Architectures.perceptron(2, TANH);
    RandomStream stream = RandomStream.of(1, "widths");
    for (int draw = 0; draw < 20; draw++) {
      int first = draw == 0 ? 5 : 1 + stream.nextInt(9);
      int second = draw == 0 ? 7 : 1 + stream.nextInt(9);
      LiftedNetwork network =
          drawn(
                  LiftBuilder.lift(blueprint).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", first)
                      .width("h2", second), draw)
              .full();
      assertThat(network.lift().parameters())
          .isEqualTo(3 * first + first + first * second + second + second * 4 + 4);
      DMatrixRMaj samples = samples(network, 6, draw);
      DMatrixRMaj outputs = network.predict(samples);
      for (int row = 0; row < 6; row++) {
        double[] h2 =
            denseLayer(network, "h1", "h2", denseLayer(network, "x", "h1", sample(samples, row)));
        double[] expected = plus(times(weights(network, "h2", "t"), h2), bias(network, "t"));
        assertThat(Draws.difference(sample(outputs, row), expected)).as("draw " + draw).isLessThan(1e-12);
      }
    }
  }

  // ---- C2

  private static double[][][] image(double[] values, int channels, int height, int width) {
    double[][][] image = new double[channels][height][width];
    for (int at = 0; at < values.length; at++) {
      image[at / (height * width)][at / width % height][at % width] = values[at];
    }
    return image;
  }

  private static double[][][][] kernels(double[] weights, int outs, int ins, int size) {
    double[][][][] kernels = new double[outs][ins][size][size];
    for (int at = 0; at < weights.length; at++) {
      int edge = at / (size * size);
      kernels[edge / ins][edge % ins][at / size % size][at % size] = weights[at];
    }
    return kernels;
  }

  private static double[][][] convolutionLayer(
      LiftedNetwork network, String source, String target, double[][][] image, int stride, int padding) {
    Lift lift = network.lift();
    double[][][][] kernels =
        kernels(network.weights(source, target), lift.fibre(target), lift.fibre(source), 3);
    double[][][] result = PlainCode.convolved(image, kernels, stride, padding);
    double[] bias = bias(network, target);
    for (int c = 0; c < result.length; c++) {
      for (double[] row : result[c]) {
        for (int j = 0; j < row.length; j++) {
          row[j] = Math.tanh(row[j] + bias[c]);
        }
      }
    }
    return result;
  }

  @Test
  void theFullLiftOfAConvolutionIsTheUsualOne_C2() {
    for (int[] variant : new int[][] {{1, 0}, {1, 1}, {2, 0}, {2, 1}, {1, 2}}) {
      int stride = variant[0];
      int padding = variant[1];
      Blueprint blueprint =
          Architectures.convolutional(Space.of(8, 8), Space.of(3, 3), stride, padding, 2, TANH);
      LiftedNetwork network =
          drawn(LiftBuilder.lift(blueprint).fibre("x", 2).width("h1", 3).width("h2", 4), 1).full();
      assertThat(network.lift().parameters()).isEqualTo(2 * 3 * 9 + 3 + 3 * 4 * 9 + 4 + 4 + 1);
      DMatrixRMaj samples = samples(network, 3, 2);
      DMatrixRMaj outputs = network.predict(samples);
      for (int row = 0; row < 3; row++) {
        double[][][] h1 =
            convolutionLayer(network, "x", "h1", image(sample(samples, row), 2, 8, 8), stride, padding);
        double[][][] h2 = convolutionLayer(network, "h1", "h2", h1, stride, padding);
        double expected = bias(network, "t")[0];
        for (int c = 0; c < 4; c++) {
          double mean = 0;
          for (double[] line : h2[c]) {
            mean += Arrays.stream(line).sum() / (h2[c].length * line.length);
          }
          expected += network.weights("h2", "t")[c] * mean;
        }
        assertThat(Draws.difference(sample(outputs, row), new double[] {expected})).isLessThan(1e-10);
      }
    }
  }

  // ---- C3

  /** Tokens × embedding, from values in which the embedding coordinates follow each other. */
  private static double[][] tokens(double[] values, int tokens) {
    return PlainCode.transposed(matrix(values, values.length / tokens, tokens));
  }

  private static double[] flat(double[][] tokensByEmbedding) {
    double[][] coordinates = PlainCode.transposed(tokensByEmbedding);
    return Arrays.stream(coordinates).flatMapToDouble(Arrays::stream).toArray();
  }

  private static ActivationRule softmax(boolean causal) {
    return causal ? ActivationRule.causalSoftmax() : ActivationRule.rowSoftmax();
  }

  private static double[][] attended(LiftedNetwork network, double[] sample, boolean causal) {
    return PlainCode.attention(
        tokens(sample, 5), weights(network, "x", "q"), weights(network, "x", "k"), weights(network, "x", "v"),
        weights(network, "o", "r"), 2, causal);
  }

  @Test
  void attentionIsThatOfMatrixCode_C3() {
    for (boolean causal : new boolean[] {false, true}) {
      Blueprint blueprint = Architectures.attention(5, 0.5, softmax(causal));
      LiftedNetwork network = drawn(ArchitectureLifts.attention(blueprint, 8, 2, 4), 3).full();
      assertThat(network.lift().parameters()).isEqualTo(4 * 8 * 8);
      DMatrixRMaj samples = samples(network, 4, 5);
      DMatrixRMaj outputs = network.predict(samples);
      for (int row = 0; row < 4; row++) {
        assertThat(Draws.difference(sample(outputs, row), flat(attended(network, sample(samples, row), causal))))
            .isLessThan(1e-10);
      }
    }
  }

  @Test
  void aTransformerIsThatOfMatrixCode_C3() {
    for (boolean causal : new boolean[] {false, true}) {
      for (boolean normalised : new boolean[] {false, true}) {
        Blueprint blueprint = Architectures.transformer(5, 0.5, softmax(causal), TANH, normalised);
        LiftedNetwork network = drawn(ArchitectureLifts.transformer(blueprint, 8, 2, 4, 11), 3).full();
        DMatrixRMaj samples = samples(network, 4, 5);
        DMatrixRMaj outputs = network.predict(samples);
        for (int row = 0; row < 4; row++) {
          double[][] r = attended(network, sample(samples, row), causal);
          double[][] s =
              PlainCode.fedForward(
                  normalised ? PlainCode.normalised(r) : r, weights(network, normalised ? "r.l" : "r", "m"),
                  bias(network, "m"), weights(network, "m", "s"), bias(network, "s"), TANH::value);
          assertThat(Draws.difference(sample(outputs, row), flat(normalised ? PlainCode.normalised(s) : s)))
              .isLessThan(1e-10);
        }
      }
    }
  }

  @Test
  void layerNormalisationAndTheFeedForwardBlockAreThoseOfMatrixCode_C3() {
    LiftedNetwork norm =
        ArchitectureLifts.layerNormalisation(Architectures.layerNormalisation(5), 8).full();
    assertThat(norm.lift().parameters()).isZero();
    DMatrixRMaj samples = samples(norm, 4, 6);
    LiftedNetwork fed =
        drawn(ArchitectureLifts.feedForward(Architectures.feedForward(5, TANH), 8, 11), 4).full();
    for (int row = 0; row < 4; row++) {
      double[][] r = tokens(sample(samples, row), 5);
      assertThat(Draws.difference(sample(norm.predict(samples), row), flat(PlainCode.normalised(r))))
          .isLessThan(1e-10);
      double[][] s =
          PlainCode.fedForward(
              r, weights(fed, "r", "m"), bias(fed, "m"), weights(fed, "m", "s"), bias(fed, "s"), TANH::value);
      assertThat(Draws.difference(sample(fed.predict(samples), row), flat(s))).isLessThan(1e-10);
    }
  }

  // ---- C4

  @Test
  void residualAndGatedPerceptronsAreThoseOfMatrixCode_C4() {
    LiftedNetwork residual =
        drawn(
                ArchitectureLifts.residualPerceptron(
                    Architectures.residualPerceptron(4, TANH, MessageRule.free()), 3, 6), 1)
            .full();
    LiftedNetwork gated = drawn(ArchitectureLifts.gated(Architectures.gated(TANH), 3, 6), 1).full();
    DMatrixRMaj samples = samples(residual, 10, 1);
    for (int row = 0; row < 10; row++) {
      double[] x = sample(samples, row);
      double[] h1 = denseLayer(residual, "x", "h1", x);
      double[] h2 = denseLayer(residual, "h1", "h2", h1);
      double[] h3 = skipped(residual, "h3", h2, h1);
      double[] h4 = skipped(residual, "h4", h3, h2);
      double[] t = plus(times(weights(residual, "h4", "t"), h4), bias(residual, "t"));
      assertThat(Draws.difference(sample(residual.predict(samples), row), t)).isLessThan(1e-12);

      double[] a = times(weights(gated, "a", "g"), x);
      double[] b = each(Math::tanh, times(weights(gated, "b", "g"), x));
      double[] g = new double[6];
      Arrays.setAll(g, i -> a[i] * b[i]);
      assertThat(Draws.difference(sample(gated.predict(samples), row), times(weights(gated, "g", "t"), g)))
          .isLessThan(1e-12);
    }
  }

  private static double[] skipped(LiftedNetwork network, String target, double[] before, double[] skip) {
    String source = "h" + (target.charAt(1) - '0' - 1);
    double[] z = plus(times(weights(network, source, target), before), bias(network, target));
    return each(Math::tanh, plus(z, skip));
  }

  @Test
  void aRecurrentNetworkIsTheUsualOne() {
    LiftedNetwork network =
        drawn(
                LiftBuilder.lift(Architectures.recurrent(3, TANH)).fibre("x1", 2).fibre("x2", 2).fibre("x3", 2)
                    .widths(WidthSchedule.constant(5)), 2)
            .full();
    assertThat(network.lift().parameters()).isEqualTo(2 * 5 + 5 + 25 + 5 + 1);
    DMatrixRMaj samples = samples(network, 5, 2);
    for (int row = 0; row < 5; row++) {
      double[] h = new double[5];
      for (int step = 0; step < 3; step++) {
        double[] x = Arrays.copyOfRange(sample(samples, row), 2 * step, 2 * step + 2);
        double[] z = plus(times(weights(network, "x1", "h1"), x), bias(network, "h1"));
        h = each(Math::tanh, plus(z, times(weights(network, "h1", "h2"), h)));
      }
      double[] t = plus(times(weights(network, "h3", "t"), h), bias(network, "t"));
      assertThat(Draws.difference(sample(network.predict(samples), row), t)).isLessThan(1e-12);
    }
  }

  // ---- the shallow network

  @Test
  void theTwoLayerPerceptronAgreesWithTheShallowNetworkInValueAndGradient() {
    for (Activation activation : List.of(Activation.relu(), TANH, Activation.gelu())) {
      int n = 12;
      int d = 4;
      int p = 9;
      RandomStream stream = RandomStream.of(3, "shallow");
      double[][] inputs = new double[n][];
      Arrays.setAll(inputs, i -> Draws.gaussian(stream, d));
      double[] labels = Draws.gaussian(stream, n);
      ShallowNetwork shallow =
          ShallowNetworks.shallowNetwork(OwnData.ownData(inputs, labels)).neurons(p).activation(activation).seed(5)
              .build();
      Edges none = Edges.of(1, p, new int[0], new int[0]);
      Edges noneOut = Edges.of(1, 1, new int[0], new int[0]);
      Lift lift =
          LiftBuilder.lift(Architectures.twoLayerPerceptron(activation)).fibre("x", d).width("h", p)
              .edges("one", "h", none).edges("one", "t", noneOut).full().lift();
      DMatrixRMaj w = shallow.weights().orElseThrow();
      double[] parameters = new double[lift.parameters()];
      System.arraycopy(w.data, 0, parameters, 0, p * d);
      for (int j = 0; j < p; j++) {
        parameters[p * d + j] = shallow.readout()[j] / p;
      }
      double[] rows = new double[n * d];
      for (int i = 0; i < n; i++) {
        for (int k = 0; k < d; k++) {
          rows[k * n + i] = inputs[i][k];
        }
      }
      PlainPass pass = new PlainPass(lift, parameters, rows, n);
      assertThat(Draws.difference(pass.outputs(), shallow.predictions())).isLessThan(1e-12);

      // The gradient of the loss (1/2n) Σ r², with respect to w_j and a_j, written out.
      double[] outputGradient = Arrays.stream(shallow.residual()).map(r -> -r / n).toArray();
      double[] gradient = pass.reverse(outputGradient).parameters();
      double[] expected = new double[parameters.length];
      for (int j = 0; j < p; j++) {
        for (int i = 0; i < n; i++) {
          double u = shallow.preactivations().get(i, j);
          double common = outputGradient[i] * shallow.readout()[j] / p * activation.slope(u);
          for (int k = 0; k < d; k++) {
            expected[j * d + k] += common * inputs[i][k];
          }
          expected[p * d + j] += outputGradient[i] * activation.value(u);
        }
      }
      assertThat(Draws.difference(gradient, expected)).isLessThan(1e-12);
    }
  }

  // ---- A4

  @Test
  void theConvolutionByPixelsIsTheOneByChannels_A4() {
    for (int[] variant : new int[][] {{1, 0}, {1, 1}, {2, 1}}) {
      Space image = Space.of(5, 4);
      Space kernel = Space.of(3, 3);
      Blueprint channels = Architectures.convolutional(image, kernel, variant[0], variant[1], 1, TANH);
      Blueprint pixels = Architectures.convolutionalByPixels(image, kernel, variant[0], variant[1], 1, TANH);
      LiftedNetwork first = drawn(LiftBuilder.lift(channels).fibre("x", 2).width("h1", 3), 1).full();
      LiftBuilder builder = LiftBuilder.lift(pixels).widths(WidthSchedule.constant(3));
      for (Vertex input : pixels.inputs()) {
        builder = builder.fibre(input.name(), 2);
      }
      Lift second = builder.full().lift();
      int outPixels = channels.vertex("h1").space().dimension();
      double[] parameters = byPixels(first, second, outPixels);

      int batch = 3;
      double[] rows = Draws.gaussian(RandomStream.of(2, "images"), 2 * image.dimension() * batch);
      PlainPass one = new PlainPass(first.lift(), first.parameters(), rows, batch);
      PlainPass other = new PlainPass(second, parameters, pixelRows(rows, image.dimension(), batch), batch);
      assertThat(Draws.difference(other.outputs(), one.outputs())).isLessThan(1e-10);

      // The gradient of the one, moved into the layout of the other: a linear map, but for the readout's factor.
      double[] up = {1, -2, 0.5};
      double[] gradient = other.reverse(up).parameters();
      LiftedNetwork moved = LiftedNetwork.of(first.lift(), one.reverse(up).parameters());
      double[] expected = byPixels(moved, second, outPixels);
      int readout = second.blockStart(pixels.edge("h1.0", "t").group());
      for (int c = 0; c < 3; c++) {
        expected[readout + c] *= (double) outPixels * outPixels;
      }
      assertThat(Draws.difference(gradient, expected)).isLessThan(1e-10);
    }
  }

  /** The parameters of the pixel network that compute what those of the channel network do. */
  private static double[] byPixels(LiftedNetwork channels, Lift pixels, int outPixels) {
    double[] parameters = new double[pixels.parameters()];
    for (Edge edge : pixels.blueprint().edges()) {
      int at = pixels.blockStart(edge.group());
      String group = pixels.blueprint().groupNames().get(edge.group());
      int count = pixels.edges(edge.index()).count();
      for (int e = 0; e < count; e++) {
        parameters[at + e] =
            switch (group) {
              case "layer 1 bias" -> channels.weights("one", "h1")[e];
              case "readout" -> channels.weights("h1", "t")[e] / outPixels;
              case "one → t" -> channels.weights("one", "t")[e];
              default ->
                  channels.weights("x", "h1")[e * 9 + Integer.parseInt(group.substring("layer 1 place ".length()))];
            };
      }
    }
    return parameters;
  }

  /** From channel by channel to pixel by pixel. */
  private static double[] pixelRows(double[] rows, int pixels, int batch) {
    double[] moved = new double[rows.length];
    for (int c = 0; c < 2; c++) {
      for (int pixel = 0; pixel < pixels; pixel++) {
        System.arraycopy(rows, (c * pixels + pixel) * batch, moved, (pixel * 2 + c) * batch, batch);
      }
    }
    return moved;
  }

  @Test
  void theGradientOfTiedParametersIsThePushForwardOfThatOfTheWeights_A4() {
    Blueprint tied = Architectures.convolutionalByPixels(Space.of(4, 4), Space.of(2, 2), 1, 0, 2, TANH);
    Blueprint untied = tied.untied();
    RandomStream stream = RandomStream.of(4, "tied");
    Section parameters =
        Section.of(tied.parameters(), Draws.gaussian(stream, tied.parameters().dimension()));
    double[] rows = Draws.gaussian(stream, 16 * 3);
    double[] up = {1, -2, 0.5};
    ActivationMap map = new ActivationMap(tied, parameters, rows, 3);
    ActivationMap free = new ActivationMap(untied, parameters.pullback(tied.tying()), rows, 3);
    assertThat(free.outputs()).isEqualTo(map.outputs());
    Section gradient = map.reverse(up).parameters();
    Section pushed = free.reverse(up).parameters().pushForward(tied.tying(), tied.parameters());
    assertThat(Draws.difference(gradient.values(), pushed.values())).isLessThan(1e-12);
  }

  // ---- C5, C7, C8

  /** The same module, its vertices said in a random order. */
  private static Blueprint reordered(Blueprint blueprint, int[] order, RandomStream stream) {
    BlueprintBuilder builder = Blueprint.blueprint(blueprint.name());
    for (int v : order) {
      Vertex vertex = blueprint.vertices().get(v);
      switch (vertex.role()) {
        case INPUT -> builder = builder.input(vertex.name(), vertex.space());
        case CONSTANT -> builder = builder.constant(vertex.name());
        default -> {
          ActivationRule rule = inputs -> vertex.activation().orElseThrow();
          builder = vertex.output() ? builder.output(vertex.name(), rule) : builder.vertex(vertex.name(), rule);
          for (Edge edge : blueprint.incoming(v)) {
            builder =
                builder.from(blueprint.vertices().get(edge.source()).name(), source -> edge.message())
                    .tied(blueprint.groupNames().get(edge.group()));
          }
        }
      }
    }
    return builder.build();
  }

  @Test
  void outputsDependNeitherOnTheOrderNorOnTheNumbersOfVertices_C5_C7() {
    Draws.of(
        "C5", 50,
        stream -> {
          Blueprint blueprint = stream.nextInt(4) == 0
              ? Architectures.transformer(3, 0.5, ActivationRule.rowSoftmax(), TANH, true)
              : Draws.blueprint(stream);
          Blueprint other =
              reordered(blueprint, HomomorphismTest.shuffled(stream, blueprint.vertices().size()), stream);
          double[] theta = Draws.gaussian(stream, blueprint.parameters().dimension());
          double[] moved = new double[theta.length];
          for (Edge edge : blueprint.edges()) {
            String[] ends = blueprint.nameOf(edge).split(" → ");
            int at = other.parameters().start(other.edge(ends[0], ends[1]).group());
            System.arraycopy(
                theta, blueprint.parameters().start(edge.group()), moved, at, edge.message().weights().dimension());
          }
          List<double[]> inputs = new ArrayList<>();
          blueprint.inputs().forEach(input -> inputs.add(Draws.gaussian(stream, input.space().dimension() * 2)));
          double[] first = rows(blueprint.inputs(), blueprint.inputs(), inputs);
          double[] second = rows(other.inputs(), blueprint.inputs(), inputs);
          ActivationMap map = new ActivationMap(blueprint, Section.of(blueprint.parameters(), theta), first, 2);
          ActivationMap otherMap = new ActivationMap(other, Section.of(other.parameters(), moved), second, 2);
          for (Vertex vertex : blueprint.vertices()) {
            assertThat(Draws.difference(otherMap.activation(vertex.name()), map.activation(vertex.name())))
                .isLessThan(1e-13);
          }
        });
  }

  private static double[] rows(List<Vertex> order, List<Vertex> known, List<double[]> values) {
    List<String> names = known.stream().map(Vertex::name).toList();
    return order.stream().flatMapToDouble(vertex -> Arrays.stream(values.get(names.indexOf(vertex.name())))).toArray();
  }

  @Test
  void anActivationDoesNotSeeTheWeightsOfEdgesThatDoNotLeadToIt_C8() {
    Draws.of(
        "C8", 300,
        stream -> {
          Blueprint blueprint = Draws.blueprint(stream);
          Lift lift = Draws.lift(stream, blueprint);
          double[] theta = Draws.gaussian(stream, lift.parameters());
          double[] inputs = Draws.gaussian(stream, lift.inputDimension() * 2);
          Vertex seen = blueprint.vertices().get(stream.nextInt(blueprint.vertices().size()));
          int place = stream.nextInt(lift.fibre(seen.index()));
          boolean[] ancestors = ancestors(lift, lift.firstVertex(seen.index()) + place);
          double[] changed = theta.clone();
          for (Edge edge : blueprint.edges()) {
            Edges lifted = lift.edges(edge.index());
            int dimension = edge.message().weights().dimension();
            for (int e = 0; e < lifted.count(); e++) {
              if (!ancestors[lift.firstVertex(edge.target()) + lifted.target(e)]) {
                for (int k = 0; k < dimension; k++) {
                  changed[lift.blockStart(edge.group()) + e * dimension + k] = stream.nextGaussian();
                }
              }
            }
          }
          assertThat(new PlainPass(lift, changed, inputs, 2).activation(seen.name(), place))
              .isEqualTo(new PlainPass(lift, theta, inputs, 2).activation(seen.name(), place));
        });
  }

  /** Those from which a vertex can be reached, itself among them. */
  private static boolean[] ancestors(Lift lift, int vertex) {
    Graph graph = lift.graph();
    boolean[] ancestors = new boolean[graph.vertices()];
    ancestors[vertex] = true;
    int[] order = graph.topologicalOrder().orElseThrow();
    int[][] incoming = graph.incoming();
    for (int k = order.length - 1; k >= 0; k--) {
      if (ancestors[order[k]]) {
        for (int e : incoming[order[k]]) {
          ancestors[graph.source(e)] = true;
        }
      }
    }
    return ancestors;
  }

  // ---- C6

  static Stream<LiftedNetwork> everyArchitecture() {
    Stream<LiftBuilder> builders =
        Stream.of(
            LiftBuilder.lift(Architectures.perceptron(3, TANH)).fibre("x", 3).fibre("t", 2)
                .widths(WidthSchedule.constant(5)).inDegree(2),
            LiftBuilder.lift(Architectures.twoLayerPerceptron(Activation.softplus())).fibre("x", 3).width("h", 6)
                .distinctInDegree(2),
            ArchitectureLifts.residualPerceptron(
                Architectures.residualPerceptron(4, Activation.gelu(), MessageRule.free()), 3, 5).inDegree(2),
            LiftBuilder.lift(Architectures.residualPerceptron(3, TANH, MessageRule.linear())).fibre("x", 3)
                .widths(WidthSchedule.constant(5)).inDegree(2),
            LiftBuilder.lift(Architectures.convolutional(Space.of(6, 5), Space.of(3, 3), 2, 1, 2, TANH))
                .fibre("x", 2).widths(WidthSchedule.constant(3)).bernoulli(2),
            LiftBuilder.lift(Architectures.convolutional(Space.of(9), Space.of(3), 1, 1, 1, TANH)).fibre("x", 2)
                .widths(WidthSchedule.constant(3)).bernoulli(2),
            pixels().bernoulli(1.5),
            ArchitectureLifts.gated(Architectures.gated(TANH), 3, 5).inDegree(2),
            ArchitectureLifts.attention(Architectures.attention(4, 0.7, ActivationRule.causalSoftmax()), 4, 2, 2)
                .inDegree(3),
            ArchitectureLifts.transformer(
                Architectures.transformer(4, 0.7, ActivationRule.rowSoftmax(), TANH, false), 4, 2, 2, 6).inDegree(3),
            ArchitectureLifts.transformer(
                Architectures.transformer(4, 0.7, ActivationRule.causalSoftmax(), TANH, true), 4, 2, 2, 6)
                .edges("r", "r.mu", EdgeLaw.full()).edges("r.mu", "r.d", EdgeLaw.full())
                .edges("r.d", "r.nu", EdgeLaw.full()).edges("r.nu", "r.l", EdgeLaw.full())
                .edges("s", "s.mu", EdgeLaw.full()).edges("s.mu", "s.d", EdgeLaw.full())
                .edges("s.d", "s.nu", EdgeLaw.full()).inDegree(3),
            LiftBuilder.lift(Architectures.transformerLike(4, 0.7, ActivationRule.rowSoftmax(), TANH))
                .fibre("x", 4).fibre("s", 4).widths(WidthSchedule.constant(6)).bernoulli(2),
            ArchitectureLifts.feedForward(Architectures.feedForward(4, TANH), 5, 7).inDegree(2),
            ArchitectureLifts.layerNormalisation(Architectures.layerNormalisation(4), 6)
                .edges("r", "mu", EdgeLaw.full()).edges("mu", "d", EdgeLaw.full())
                .edges("d", "nu", EdgeLaw.full()),
            LiftBuilder.lift(Architectures.recurrent(3, TANH)).fibre("x1", 2).fibre("x2", 2).fibre("x3", 2)
                .widths(WidthSchedule.constant(5)).inDegree(2));
    return builders.map(builder -> drawn(builder, 1).sparse());
  }

  private static LiftBuilder pixels() {
    Blueprint blueprint = Architectures.convolutionalByPixels(Space.of(4, 3), Space.of(2, 2), 1, 0, 1, TANH);
    LiftBuilder builder = LiftBuilder.lift(blueprint).widths(WidthSchedule.constant(2));
    for (Vertex input : blueprint.inputs()) {
      builder = builder.fibre(input.name(), 2);
    }
    return builder;
  }

  @Test
  void everyReadyBlueprintIsAmongTheTested() {
    long ready =
        Arrays.stream(Architectures.class.getMethods())
            .filter(method -> method.getReturnType().equals(Blueprint.class)).count();
    assertThat(everyArchitecture().map(network -> network.blueprint().name()).distinct()).hasSize((int) ready);
  }

  /** f along a line, by central differences of two steps, extrapolated: off by their fourth power only. */
  private interface Line {
    double at(double step);

    default double slope() {
      double h = 3e-4;
      double coarse = (at(2 * h) - at(-2 * h)) / (4 * h);
      double fine = (at(h) - at(-h)) / (2 * h);
      double plain = (at(1e-5) - at(-1e-5)) / 2e-5;
      double extrapolated = (4 * fine - coarse) / 3;
      // The plain difference of the check, and a sharper one.
      assertThat(extrapolated).isCloseTo(plain, within(1e-6 * Math.max(1, Math.abs(plain))));
      return extrapolated;
    }
  }

  @TestFactory
  Stream<DynamicTest> reverseModeIsTheDerivativeOfForwardMode_C6() {
    return everyArchitecture()
        .map(network -> DynamicTest.dynamicTest(network.toString(), () -> {
          Lift lift = network.lift();
          int batch = 3;
          for (int draw = 0; draw < 5; draw++) {
            RandomStream stream = RandomStream.of(6, "C6", draw);
            double[] theta = network.parameters();
            double[] inputs = Draws.gaussian(stream, lift.inputDimension() * batch);
            double[] up = Draws.gaussian(stream, lift.outputDimension() * batch);
            PlainPass.Gradients gradients = new PlainPass(lift, theta, inputs, batch).reverse(up);
            double[] inTheta = Draws.gaussian(stream, theta.length);
            double[] inInputs = Draws.gaussian(stream, inputs.length);
            Line alongTheta =
                step -> dot(up, new PlainPass(lift, moved(theta, inTheta, step), inputs, batch).outputs());
            Line alongInputs =
                step -> dot(up, new PlainPass(lift, theta, moved(inputs, inInputs, step), batch).outputs());
            assertSlope(dot(gradients.parameters(), inTheta), alongTheta);
            assertSlope(dot(gradients.inputs(), inInputs), alongInputs);
          }
        }));
  }

  private static void assertSlope(double predicted, Line line) {
    double measured = line.slope();
    assertThat(Math.abs(predicted - measured)).isLessThan(1e-8 * Math.max(1, Math.abs(measured)));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int k = 0; k < a.length; k++) {
      sum += a[k] * b[k];
    }
    return sum;
  }

  private static double[] moved(double[] at, double[] direction, double step) {
    double[] moved = at.clone();
    for (int k = 0; k < moved.length; k++) {
      moved[k] += step * direction[k];
    }
    return moved;
  }

  // ---- C9 on lifts

  @Test
  void anActivationFunctionGetsOneEntryForEachEdgeOfTheBlueprint_C9() {
    Blueprint gated = Architectures.gated(TANH);
    assertThatThrownBy(
            () ->
                Blueprint.blueprint("b").input("x").input("y").input("z")
                    .vertex("g", ActivationRule.gate(TANH)).from("x", "y", "z").readout("t").from("g").build())
        .hasMessage("Vertex g: the number of pre-activations is 3; it must be 2.");
    // However many lifted edges arrive, the gate takes two sums.
    assertThat(ArchitectureLifts.gated(gated, 7, 2).full().lift().module().vertex("g[0]").activation().orElseThrow()
        .inputs()).hasSize(14);
    assertThat(gated.vertex("g").activation().orElseThrow().inputs()).hasSize(2);
  }
}
