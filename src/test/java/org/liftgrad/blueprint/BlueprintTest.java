package org.liftgrad.blueprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.blueprint.Activation.tanh;
import static org.liftgrad.blueprint.Blueprint.blueprint;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class BlueprintTest {

  @Test
  void theFluentLineOfTheGuideIsThePerceptron() {
    Blueprint mlp =
        blueprint("perceptron").input("x").constant("one")
            .vertex("h1", tanh()).from("x", "one")
            .vertex("h2", tanh()).from("h1", "one")
            .readout("t").from("h2", "one").build();
    assertThat(mlp).isEqualTo(Architectures.perceptron(2, tanh()));
    assertThat(mlp.toString()).isEqualTo("perceptron: 5 vertices, 6 edges");
    assertThat(mlp.vertices()).extracting(Vertex::name).containsExactly("x", "one", "h1", "h2", "t");
    assertThat(mlp.inputs()).extracting(Vertex::name).containsExactly("x");
    assertThat(mlp.outputs()).extracting(Vertex::name).containsExactly("t");
    assertThat(mlp.incoming(2)).extracting(mlp::nameOf).containsExactly("x → h1", "one → h1");
    assertThat(mlp.hasLinearReadout()).isTrue();
    assertThat(mlp.depths()).containsExactly(0, 0, 1, 2, 3);
  }

  @Test
  void verticesMayBeSaidInAnyOrderAndAreNumberedInATopologicalOne() {
    Blueprint backwards =
        blueprint("b").readout("t").from("h").vertex("h", tanh()).from("x").input("x").build();
    assertThat(backwards.vertices()).extracting(Vertex::name).containsExactly("x", "h", "t");
    assertThat(backwards.edges()).allMatch(edge -> edge.source() < edge.target());
  }

  @Test
  void builtOnceMoreABuilderGivesTheSame() {
    BlueprintBuilder half = blueprint("b").input("x").vertex("h", tanh()).from("x");
    Blueprint one = half.readout("t").from("h").build();
    Blueprint other = half.readout("u").from("x").build();
    assertThat(one.vertices()).extracting(Vertex::name).containsExactly("x", "h", "t");
    assertThat(other.vertices()).extracting(Vertex::name).containsExactly("x", "h", "u");
  }

  @Test
  void aBiasTakesTheShapeOfWhatElseArrives() {
    Blueprint convolutional =
        Architectures.convolutional(Space.of(8, 8), Space.of(3, 3), 1, 1, 1, tanh());
    assertThat(convolutional.edge("one", "h1").message()).isEqualTo(new Bias(Space.of(8, 8)));
    assertThat(convolutional.edge("one", "t").message()).isEqualTo(new Bias(Space.real()));
  }

  @Test
  void tiedEdgesHaveOneGroupOfParameters() {
    Blueprint recurrent = Architectures.recurrent(3, tanh());
    assertThat(recurrent.groupNames()).containsExactly("input", "bias", "recurrent", "h3 → t", "one → t");
    assertThat(recurrent.parameters().dimension()).isEqualTo(5);
    assertThat(recurrent.weights()).isEqualTo(recurrent.parameters().pullback(recurrent.tying()));
    assertThat(recurrent.weights().dimension()).isEqualTo(10);
    assertThat(recurrent.hasLinearReadout()).isTrue();
    assertThat(recurrent.untied().groups()).isEqualTo(10);
    Blueprint tiedReadout =
        blueprint("b").input("x").input("y").readout("t").from("x", "y").tied("w").build();
    assertThat(tiedReadout.hasLinearReadout()).isFalse();
  }

  @Test
  void whatHasNoMeaningIsRefusedInOneSentence() {
    refused(
        () -> blueprint("b").input("x").vertex("a", tanh()).from("x", "c").vertex("c", tanh()).from("a")
            .readout("t").from("c").build(),
        "blueprint b is cyclic (a → c → a); it must be acyclic.");
    refused(
        () -> blueprint("b").input("x").vertex("a", tanh()).from("a").readout("t").from("a").build(),
        "blueprint b is cyclic (a → a); it must be acyclic.");
    refused(
        () -> blueprint("b").input("x").readout("t").from("y").build(),
        "edge y → t is from a missing vertex; it must be from one of [x, t].");
    refused(() -> blueprint("b").input("x").input("x"), "vertex x is doubled; it must be said once only.");
    refused(
        () -> blueprint("b").input("x").readout("t").from("x").from("x"),
        "edge x → t is doubled; it must be said once only (put a vertex between).");
    refused(() -> blueprint("b").input("x").from("x"),
        "from is said of x, an input; it must be said of a vertex with an activation function, for inputs have no"
            + " parents.");
    refused(() -> blueprint("b").from("x"), "from is said of no vertex; it must be said after the vertex where the"
        + " edges end.");
    refused(() -> blueprint("b").input("x").readout("t").tied("w"),
        "tied is said of no edge; it must be said after from.");
    refused(() -> blueprint("b").input("x").readout("t").build(),
        "Vertex t: the number of pre-activations is 0; it must be at least 1.");
    refused(() -> blueprint("b").input("x").vertex("h", tanh()).from("x").build(),
        "blueprint b is without an output; it must be given one, by readout or output.");
    refused(() -> blueprint(" "), "the name of a blueprint is blank; it must be not blank.");
    refused(() -> blueprint("b").input("x").readout("t").from(),
        "the number of sources is 0; it must be at least 1.");
    refused(() -> Architectures.perceptron(2, tanh()).vertex("q"),
        "vertex is q; it must be one of [x, one, h1, h2, t].");
    refused(() -> Architectures.perceptron(2, tanh()).edge("x", "t"), "edge is x → t; it must be one of perceptron.");
  }

  @Test
  void spacesThatDoNotFitAreRefusedWithTheirEdgeOrVertex_C9() {
    refused(
        () -> blueprint("b").input("x", Space.of(3)).input("y", Space.of(4)).readout("t").from("x", "y").build(),
        "Vertex t: a pre-activation is in R^4; it must be in R^3 as the first one.");
    refused(
        () -> blueprint("b").input("x").vertex("g", ActivationRule.gate(tanh())).from("x").readout("t").from("g")
            .build(),
        "Vertex g: the number of pre-activations is 1; it must be 2.");
    refused(
        () -> blueprint("b").input("x", Space.of(5)).output("t", ActivationRule.rowSoftmax()).from("x").build(),
        "Vertex t: the pre-activation is in R^5; it must be a matrix.");
    refused(
        () -> blueprint("b").input("x", Space.of(4, 4)).readout("t")
            .from("x", MessageRule.convolution(5, 5)).build(),
        "Edge x → t: the window is of R^5×5; it must be no larger than the source R^4×4 with its padding.");
    refused(
        () -> blueprint("b").input("x").readout("t").from("x", MessageRule.convolution(3)).build(),
        "Edge x → t: the source is in R; it must be a vector or a matrix.");
    refused(
        () -> blueprint("b").input("x").readout("t").from("x", source -> new Linear(Space.of(2))).build(),
        "Edge x → t: the source of linear is R^2; it must be R, the space of x.");
    refused(
        () -> blueprint("b").input("x")
            .output("t", inputs -> new PointwiseSum(tanh(), List.of(Space.real(), Space.real()))).from("x").build(),
        "Vertex t: the pre-activations that tanh takes is [R, R]; it must be [R], those that arrive.");
    refused(
        () -> blueprint("b").input("x", Space.of(4)).input("y", Space.of(4))
            .readout("t").from("x", MessageRule.convolution(Space.of(3), 1, 1)).tied("w").from("y").tied("w").build(),
        "edge y → t is of weights in R; it must be of weights in R^3 as the others tied as w.");
  }

  private static void refused(ThrowingCallable code, String sentence) {
    assertThatThrownBy(code).isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
  }
}
