package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.lift.LiftBuilder.lift;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Workers;

class LiftBuilderTest {

  private static final Blueprint MLP = Architectures.perceptron(2, Activation.tanh());

  private static LiftBuilder sparse() {
    return lift(MLP).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 50).width("h2", 60).inDegree(2).seed(7);
  }

  @Test
  void theFluentLineOfTheGuideDrawsASparseLift() {
    LiftedNetwork network = sparse().weights(ParameterLaw.normal(1.5)).sparse();
    Lift lift = network.lift();
    assertThat(lift.toString())
        .isEqualTo("a lift of perceptron: 118 vertices, 574 edges, 574 parameters");
    assertThat(lift.nameOf(0, 1)).isEqualTo("x[g]");
    assertThat(lift.nameOf(2, 1)).isEqualTo("h1[1]");
    assertThat(lift.edges("x", "h1").count()).isEqualTo(100);
    assertThat(lift.edges("one", "h1").count()).isEqualTo(50);
    assertThat(lift.edges("h2", "t").count()).isEqualTo(240);
    assertThat(network.weights("h2", "t")).containsOnly(0);
    double[] drawn = network.weights("x", "h1");
    double square = Arrays.stream(drawn).map(w -> w * w).sum() / drawn.length;
    // 100 squares over 1.5²: chi-squared with 100 degrees, within 4 standard deviations.
    assertThat(square / 2.25).isCloseTo(1, within(4 * Math.sqrt(2.0 / 100)));
    assertThat(network.provenance().facts())
        .containsEntry("edges x → h1", "in-degree 2").containsEntry("edges h2 → t", "full")
        .containsEntry("weights", "normal of standard deviation 1.5").containsEntry("seed", "7");
  }

  @Test
  void theSameSeedGivesTheSameNetworkOnOneThreadAndOnAll() {
    LiftBuilder builder = lift(MLP).fibre("x", 20).widths(WidthSchedule.constant(40_000)).bernoulli(3).seed(3);
    LiftedNetwork parallel = builder.sparse();
    LiftedNetwork serial = Workers.serially(builder::sparse);
    assertThat(serial.lift()).isEqualTo(parallel.lift());
    assertThat(serial.parameters()).isEqualTo(parallel.parameters());
    assertThat(builder.seed(4).sparse().parameters()).isNotEqualTo(parallel.parameters());
  }

  @Test
  void aGrownNetworkKeepsWhatItHad() {
    // A law that does not depend on the width: a draw that is repeated is seen.
    LiftBuilder builder = sparse().readout(ReadoutLaw.same(ParameterLaw.normal(1)));
    LiftedNetwork small = builder.sparse();
    LiftedNetwork grown = builder.width("h1", 80).width("h2", 100).keeping(small).sparse();
    LiftMorphism inclusion = LiftMorphism.inclusion(small.lift(), grown.lift());
    assertThat(inclusion.pullbackParameters(grown.parameters())).isEqualTo(small.parameters());
    // Hidden vertices that were there have their edges and no others, so their activations are what they were.
    double[] inputs = Draws.gaussian(RandomStream.of(1, "grown"), 3 * 2);
    PlainPass before = new PlainPass(small.lift(), small.parameters(), inputs, 2);
    PlainPass after = new PlainPass(grown.lift(), grown.parameters(), inputs, 2);
    for (int i = 0; i < 60; i++) {
      assertThat(after.activation("h2", i)).isEqualTo(before.activation("h2", i));
    }
    // What is new repeats nothing of what is old.
    assertThat(grown.weights("x", "h1")).hasSize(160);
    for (String[] edge : new String[][] {{"x", "h1"}, {"h1", "h2"}, {"h2", "t"}, {"one", "h2"}}) {
      double[] old = small.weights(edge[0], edge[1]);
      double[] all = grown.weights(edge[0], edge[1]);
      long kept = Arrays.stream(all).filter(w -> Arrays.stream(old).anyMatch(v -> v == w)).count();
      assertThat(kept).as(edge[0] + " → " + edge[1]).isEqualTo(old.length);
    }
    LiftedNetwork larger = builder.width("h1", 90).width("h2", 120).keeping(grown).sparse();
    assertThat(LiftMorphism.inclusion(grown.lift(), larger.lift()).pullbackParameters(larger.parameters()))
        .isEqualTo(grown.parameters());
  }

  @Test
  void tiedEdgesAreDrawnOnce() {
    LiftedNetwork network =
        lift(Architectures.recurrent(3, Activation.tanh())).fibre("x1", 2).fibre("x2", 2).fibre("x3", 2)
            .widths(WidthSchedule.constant(9)).inDegree(2).seed(1).sparse();
    Lift lift = network.lift();
    assertThat(lift.edges("x3", "h3")).isEqualTo(lift.edges("x1", "h1"));
    assertThat(lift.edges("h2", "h3")).isEqualTo(lift.edges("h1", "h2"));
    assertThat(lift.parameters()).isEqualTo(18 + 9 + 18 + 9 + 1);
    assertThat(network.weights("x3", "h3")).isEqualTo(network.weights("x1", "h1"));
  }

  @Test
  void lawsOfSingleEdgesGoBeforeThoseOfAll() {
    LiftedNetwork network =
        sparse().edges("x", "h1", EdgeLaw.full()).edges("h1", "h2", EdgeLaw.distinctInDegree(5))
            .weights("one", "h1", ParameterLaw.atoms(-1, 1)).weights("h2", "t", ParameterLaw.uniform(1, 2)).sparse();
    assertThat(network.lift().edges("x", "h1").count()).isEqualTo(150);
    assertThat(network.lift().edges("h1", "h2").mostInDegree()).isEqualTo(5);
    assertThat(network.weights("one", "h1")).containsOnly(-1, 1);
    assertThat(Arrays.stream(network.weights("h2", "t")).allMatch(w -> w > 1 && w < 2)).isTrue();
  }

  @Test
  void widthsFollowTheDepth() {
    Blueprint deep = Architectures.perceptron(3, Activation.tanh());
    LiftBuilder builder = lift(deep).fibre("x", 2).inDegree(1);
    assertThat(widths(builder.widths(WidthSchedule.constant(8)).sparse())).containsExactly(8, 8, 8);
    assertThat(widths(builder.widths(WidthSchedule.geometric(8, 1.5)).sparse())).containsExactly(8, 12, 18);
    assertThat(widths(builder.widths(WidthSchedule.geometric(16, 0.25)).sparse())).containsExactly(16, 4, 1);
    assertThat(widths(builder.widths(WidthSchedule.given(3, 4, 5)).width("h2", 9).sparse()))
        .containsExactly(3, 9, 5);
  }

  private static int[] widths(LiftedNetwork network) {
    return new int[] {network.lift().fibre("h1"), network.lift().fibre("h2"), network.lift().fibre("h3")};
  }

  @Test
  void inASparseLiftMessagesWithoutWeightsJoinNamesakes() {
    Blueprint residual = Architectures.residualPerceptron(3, Activation.tanh(), MessageRule.free());
    LiftBuilder builder = lift(residual).fibre("x", 2).inDegree(2);
    LiftedNetwork network = builder.widths(WidthSchedule.constant(6)).sparse();
    assertThat(network.lift().edges("h1", "h3")).isEqualTo(EdgeLaw.diagonal().draw(6, 6, 0, 0));
    refused(
        () -> builder.widths(WidthSchedule.given(6, 6, 7)).sparse(),
        "Edge h1 → h3: the size of the fibre of targets is 7; it must be that of the fibre of sources, 6, as edges are"
            + " diagonal.");
  }

  @Test
  void whatHasNoMeaningIsRefusedInOneSentence() {
    refused(() -> lift(MLP).fibre("h3", 4), "vertex is h3; it must be one of [x, one, h1, h2, t].");
    refused(() -> lift(MLP).width("h1", 0), "the size of the fibre over h1 is 0; it must be at least 1.");
    refused(() -> lift(MLP).fibre("x"), "the size of the fibre over x is 0; it must be at least 1.");
    refused(() -> lift(MLP).width("h1", 3).width("h2", 3).full(),
        "the size of the fibre over x is not said; it must be said.");
    refused(() -> lift(MLP).fibre("x", 3).width("h1", 3).full(),
        "the size of the fibre over h2 is not said; it must be said.");
    refused(() -> lift(MLP).fibre("x", 3).widths(WidthSchedule.constant(3)).sparse(),
        "the law of edges is not said; it must be said of a sparse lift, such as by inDegree or bernoulli.");
    refused(() -> sparse().distinctInDegree(5).sparse(),
        "Edge x → h1: the in-degree is 5; it must be at most the size of the fibre of sources, 3, where parents are"
            + " distinct.");
    refused(() -> lift(MLP).inDegree(0), "the in-degree is 0; it must be at least 1.");
    refused(() -> lift(MLP).bernoulli(0), "the mean degree is 0.0; it must be a finite number above 0.");
    refused(() -> lift(MLP).edges("x", "h2", EdgeLaw.full()), "edge is x → h2; it must be one of perceptron.");
    refused(() -> sparse().fibre("x", "r", "r", "b").sparse(),
        "the names over x is [r, r, b]; it must be different from each other.");
    refused(
        () -> sparse().keeping(lift(Architectures.perceptron(3, Activation.tanh())).fibre("x", 3)
            .widths(WidthSchedule.constant(2)).full()),
        "the blueprint of the network to keep is perceptron: 6 vertices, 8 edges; it must be perceptron: 5 vertices, 6"
            + " edges.");
    refused(() -> sparse().width("h1", 40).keeping(sparse().sparse()).sparse(),
        "Edge x → h1: the size of the grown fibre of targets is 40; it must be at least 50.");
    refused(() -> lift(MLP).widths(WidthSchedule.given(3)).fibre("x", 1).full(),
        "the number of widths is 1; it must be at least 2, one a depth.");
    refused(() -> sparse().edges("x", "h1", Edges.of(2, 50, new int[0], new int[0])).sparse(),
        "the lifted edges over x → h1 is from 2 to 50 vertices; it must be from 3 to 50, the sizes of the fibres.");
    refused(() -> ParameterLaw.normal(0),
        "the standard deviation of weights is 0.0; it must be a finite number above 0.");
    refused(() -> ParameterLaw.uniform(2, 1), "the largest weight is 1.0; it must be above the least, 2.0.");
    refused(() -> ParameterLaw.atoms(), "the number of atoms is 0; it must be at least 1.");
    refused(() -> ParameterLaw.uniform(0, 1).outside(-1, 2),
        "the probability outside the hole is 0; it must be at least 0.001.");
  }

  private static void refused(ThrowingCallable code, String sentence) {
    assertThatThrownBy(code).isInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
  }

  // ---- laws

  static Stream<ParameterLaw> laws() {
    return Stream.of(
        ParameterLaw.zero(), ParameterLaw.normal(1.5), ParameterLaw.uniform(-2, 1), ParameterLaw.atoms(-1, 0, 1, 1),
        ParameterLaw.normal(1).outside(-0.5, 1), ParameterLaw.normal(1).outside(Double.NEGATIVE_INFINITY, 0),
        ParameterLaw.atoms(-1, 0, 1).outside(-0.5, 0.5), ParameterLaw.uniform(-2, 2).outside(-1, 0).outside(0, 1));
  }

  /** 12 intervals for each of 8 laws at 4.5 standard errors: a false alarm once in 1500 choices of the seed. */
  @TestFactory
  Stream<DynamicTest> theMassOfAnIntervalIsTheShareOfDrawsInIt() {
    return laws().map(law -> DynamicTest.dynamicTest(law.toString(), () -> {
      int draws = 20_000;
      RandomStream stream = RandomStream.of(11, "mass");
      double[] values = new double[draws];
      Arrays.setAll(values, k -> law.draw(stream));
      for (double[] interval : new double[][] {
          {-1, 1}, {0, 0}, {-0.5, 0.5}, {-3, -1}, {1, 4}, {-0.5, 1}, {0.2, 0.7}, {-1, 0}, {0, 1}, {-0.7, 0.2},
          {1.2, 1.3}, {-1e9, 1e9}}) {
        long inside = Arrays.stream(values).filter(w -> w >= interval[0] && w <= interval[1]).count();
        double mass = law.mass(interval[0], interval[1]);
        double error = 4.5 * Math.sqrt(mass * (1 - mass) / draws) + 1e-9;
        assertThat((double) inside / draws).as(Arrays.toString(interval)).isCloseTo(mass, within(error));
      }
    }));
  }

  @Test
  void masses() {
    assertThat(ParameterLaw.normal(2).mass(-2, 2)).isCloseTo(0.6826894921370859, within(1e-14));
    // 1 − Φ(8) = 6.22096057427e-16 (Abramowitz and Stegun, table 26.2): a difference of values near 1 would lose it.
    assertThat(ParameterLaw.normal(1).mass(8, 1e9)).isCloseTo(6.22096057427e-16, within(1e-26));
    assertThat(ParameterLaw.normal(1).mass(-1e9, -8)).isCloseTo(6.22096057427e-16, within(1e-26));
    assertThat(ParameterLaw.uniform(-2, 2).mass(-0.5, 0.5)).isEqualTo(0.25);
    assertThat(ParameterLaw.atoms(-1, 0, 1).mass(0, 0)).isEqualTo(1.0 / 3);
    // Only positive weights: no mass around a negative witness.
    assertThat(ParameterLaw.normal(1).outside(Double.NEGATIVE_INFINITY, 0).mass(-1.5, -0.5)).isZero();
    assertThat(ParameterLaw.normal(1).outside(Double.NEGATIVE_INFINITY, 0).mass(0, 1))
        .isCloseTo(0.6826894921370859, within(1e-14));
  }

  @Test
  void theReadoutOverTheWidthHasVarianceOneOverN() {
    assertThat(ReadoutLaw.overWidth(2).law(50)).isEqualTo(ParameterLaw.normal(0.2));
    assertThat(ReadoutLaw.zero().law(50)).isEqualTo(ParameterLaw.zero());
    double[] readout =
        lift(MLP).fibre("x", 1).widths(WidthSchedule.constant(400)).inDegree(1).readout(ReadoutLaw.overWidth(1))
            .sparse().weights("h2", "t");
    double variance = Arrays.stream(readout).map(a -> a * a).sum() / 400;
    assertThat(variance * 400).isCloseTo(1, within(4 * Math.sqrt(2.0 / 400)));
    assertThat(List.of(ReadoutLaw.zero().toString(), ReadoutLaw.overWidth(1).toString()))
        .containsExactly("always 0", "normal of variance 1/n");
  }
}
