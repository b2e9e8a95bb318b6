package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.lift.CoverageTest.lifts;
import static org.liftgrad.lift.CoverageTest.witness;
import static org.liftgrad.lift.LiftBuilder.lift;
import static org.liftgrad.lift.ParameterLaw.atoms;
import static org.liftgrad.lift.ParameterLaw.normal;
import static org.liftgrad.lift.ParameterLaw.uniform;

import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.statistics.Binomial;
import org.liftgrad.statistics.ChiSquared;

/**
 * Predicted laws of copies against counts, with the worked numbers of the theory file (4.5, 4.12, E4 to E9). Statistical
 * tests have fixed seeds and alarm falsely with the probability that they state.
 */
class CopyLawTest {

  /** k = 1, then k = 2, weights uniform on [−2, 2], η = ½: ρ = ¼. */
  private static LiftBuilder example(int first, int second) {
    return lifts(first, second, 0).weights(uniform(-2, 2));
  }

  private static CopyLaw law(int first, int second) {
    return CopyLaw.of(example(first, second), witness(), 0.5);
  }

  // ---- worked numbers

  @Test
  void theWorkedMeansAndProbabilitiesAreThoseOfTheTheoryFile_E4_E5() {
    int[][] widths = {{50, 400}, {200, 800}, {400, 2000}};
    double[] means = {0.766, 1.555, 3.896};
    double[] probabilities = {0.502, 0.773, 0.975};
    for (int row = 0; row < 3; row++) {
      CopyLaw law = law(widths[row][0], widths[row][1]);
      assertThat(law.isExact("h2", 0)).isTrue();
      // 2 ρ² p_A p_B n_2 (1 − 1/n_1), ρ = ¼, p = ⅛.
      assertThat(law.mean("h2", 0))
          .isCloseTo(2.0 / 16 / 64 * widths[row][1] * (1 - 1.0 / widths[row][0]), within(1e-10))
          .isCloseTo(means[row], within(5e-4));
      assertThat(law.atLeastOne("h2", 0)).isCloseTo(probabilities[row], within(1e-3));
    }
  }

  @Test
  void theProbabilitiesOfTheTableOfDepthsAreThoseOfTheTheoryFile_4_12() {
    // Two distinct parents a vertex, law (K) with k = 2.
    Blueprint blueprint = Architectures.perceptron(3, Activation.tanh());
    Lift tree =
        Lift.of(
            Blueprint.blueprint("three").input("x").vertex("h1", Activation.tanh()).from("x")
                .vertex("h2", Activation.tanh()).from("h1").vertex("h3", Activation.tanh()).from("h2")
                .readout("t").from("h3").build(),
            new int[] {2, 4, 2, 1, 1},
            List.of(
                Edges.of(2, 4, new int[] {0, 1, 0, 1, 0, 1, 0, 1}, new int[] {0, 0, 1, 1, 2, 2, 3, 3}),
                Edges.of(4, 2, new int[] {0, 1, 2, 3}, new int[] {0, 0, 1, 1}),
                Edges.of(2, 1, new int[] {0, 1}, new int[] {0, 0}), EdgeLaw.full().draw(1, 1, 0, 0)));
    assertThat(blueprint.vertices()).hasSize(6);
    // Signs that tell the four vertices of h1 apart: each has a type of its own.
    double[] weights = new double[tree.parameters()];
    Arrays.fill(weights, 1);
    for (int place = 0; place < 4; place++) {
      weights[2 * place] = place < 2 ? 1 : -1;
      weights[2 * place + 1] = place % 2 == 0 ? 1 : -1;
    }
    LiftedNetwork witness = LiftedNetwork.of(tree, weights);
    double[][] expected = {{5.6e-2, 6.9e-4, 1.0e-7}, {3.1e-2, 1.2e-4, 1.9e-9}, {1.3e-3, 7.8e-9, 3.1e-19}};
    ParameterLaw[] laws = {atoms(-1, 0, 1), uniform(-2, 2), uniform(-2, 2)};
    double[] tolerances = {0, 0.5, 0.1};
    for (int row = 0; row < 3; row++) {
      LiftBuilder lifts =
          lift(tree.blueprint()).fibre("x", 2).width("h1", 9).width("h2", 9).width("h3", 9).inDegree(2)
              .weights(laws[row]);
      CopyLaw law = CopyLaw.of(lifts, witness, tolerances[row]);
      double rho = row == 0 ? 1 / 3.0 : row == 1 ? 0.25 : 0.05;
      double exact = rho * rho / 2;
      for (int depth = 0; depth < 3; depth++) {
        double probability = law.probability("h" + (depth + 1), 0);
        assertThat(probability / expected[row][depth]).isCloseTo(1, within(0.05));
        assertThat(probability).isCloseTo(exact, within(1e-12 * exact));
        exact = 2 * rho * rho * exact * exact;
        assertThat(law.unrolledBound("h" + (depth + 1), 0)).isLessThanOrEqualTo(probability);
      }
    }
  }

  // ---- counts

  private static int[] counts(int draws, LongFunction<LiftBuilder> lifts, LiftedNetwork witness, double tolerance) {
    int[] counts = new int[draws];
    for (int draw = 0; draw < draws; draw++) {
      counts[draw] = Coverage.of(lifts.apply(draw).sparse(), witness, tolerance).copies("h2", 0);
    }
    return counts;
  }

  /** By hand for law (K), from the moments of a multinomial law; and against 2000 counts, whose own deviation is 2 %. */
  @Test
  void countsSpreadAsPredicted() {
    double n = 30;
    double p = 0.25;
    double product = n * (n - 1) * p * p;
    double square =
        n * (n - 1) * (n - 2) * (n - 3) * StrictMath.pow(p, 4) + 2 * n * (n - 1) * (n - 2) * p * p * p + product;
    double first = 0.5 * product / n / n;
    double second = 0.25 * square / n / n / n / n;
    double hand = Math.sqrt(600 * (first - second) + 600.0 * 600 * (second - first * first));
    assertThat(hand).isGreaterThan(1.5 * Math.sqrt(600 * first));
    for (EdgeLaw edges : List.of(EdgeLaw.inDegree(2), EdgeLaw.bernoulli(2))) {
      LongFunction<LiftBuilder> lifts = seed -> lifts(30, 600, seed).edges("h1", "h2", edges).weights(atoms(-1, 1));
      CopyLaw law = CopyLaw.of(lifts.apply(0), witness(), 0);
      int[] counts = counts(2000, lifts, witness(), 0);
      double mean = Arrays.stream(counts).average().orElseThrow();
      double variance = Arrays.stream(counts).mapToDouble(count -> (count - mean) * (count - mean)).sum() / (counts.length - 1);
      assertThat(Math.sqrt(variance) / law.deviation("h2", 0)).isCloseTo(1, within(0.08));
      if (edges instanceof EdgeLaw.FixedInDegree) {
        assertThat(law.deviation("h2", 0)).isCloseTo(hand, within(1e-9));
      }
    }
  }

  /** Four standard errors: a false alarm once in 16,000 means. */
  private static void hasMean(int[] counts, double expected) {
    double mean = Arrays.stream(counts).average().orElseThrow();
    double variance = Arrays.stream(counts).mapToDouble(n -> (n - mean) * (n - mean)).sum() / (counts.length - 1);
    assertThat(mean).isCloseTo(expected, within(4 * Math.sqrt(variance / counts.length)));
  }

  private static double share(int[] counts) {
    return (double) Arrays.stream(counts).filter(n -> n >= 1).count() / counts.length;
  }

  private static double error(double probability, int draws) {
    return Math.sqrt(probability * (1 - probability) / draws);
  }

  @Test
  void countsHaveThePredictedMeanAndProbability_E4_E5() {
    int[][] widths = {{50, 400}, {200, 800}, {400, 2000}};
    for (int[] width : widths) {
      int[] counts =
          counts(1500, seed -> lifts(width[0], width[1], seed).weights(uniform(-2, 2)), witness(), 0.5);
      CopyLaw law = law(width[0], width[1]);
      hasMean(counts, law.mean("h2", 0));
      double expected = law.atLeastOne("h2", 0);
      assertThat(share(counts)).isCloseTo(expected, within(4 * error(expected, counts.length)));
    }
  }

  @Test
  void theNaiveProbabilityThatIgnoresTheRandomnessOfEarlierCountsIsRejected_E5() {
    int draws = 20_000;
    double seen = share(counts(draws, seed -> lifts(50, 400, seed).weights(uniform(-2, 2)), witness(), 0.5));
    double naive = 1 - Math.exp(-law(50, 400).mean("h2", 0));
    assertThat(naive).isCloseTo(0.535, within(5e-4));
    // It is off by nine standard errors.
    assertThat(Math.abs(seen - naive)).isGreaterThan(4 * error(naive, draws));
    double exact = law(50, 400).atLeastOne("h2", 0);
    assertThat(seen).isCloseTo(exact, within(4 * error(exact, draws)));
  }

  @Test
  void otherEdgeLawsAreExactAtFiniteWidthsToo() {
    List<LongFunction<LiftBuilder>> laws =
        List.of(
            seed -> lifts(30, 300, seed).edges("h1", "h2", EdgeLaw.distinctInDegree(2)),
            seed -> lifts(30, 300, seed).edges("h1", "h2", EdgeLaw.bernoulli(2)),
            seed -> lifts(30, 300, seed).edges("x", "h1", EdgeLaw.bernoulli(1)),
            seed -> lifts(30, 300, seed).edges("h1", "h2", EdgeLaw.bernoulliByTargets(20)),
            // Every h1 reads both inputs: no copies of a witness that reads one.
            seed -> lifts(30, 300, seed).edges("x", "h1", EdgeLaw.full()));
    for (LongFunction<LiftBuilder> each : laws) {
      int[] counts = counts(1500, seed -> each.apply(seed).weights(uniform(-2, 2)), witness(), 0.5);
      CopyLaw law = CopyLaw.of(each.apply(0).weights(uniform(-2, 2)), witness(), 0.5);
      hasMean(counts, law.mean("h2", 0));
      double expected = law.atLeastOne("h2", 0);
      assertThat(share(counts)).isCloseTo(expected, within(4 * error(expected, counts.length) + 1e-12));
    }
  }

  /** One parent type twice: the witness reads its first hidden vertex by two edges. */
  @Test
  void aTypeThatIsAskedForTwiceHasItsMultiplicity() {
    Lift graph =
        Lift.of(
            witness().blueprint(), new int[] {2, 1, 1, 1},
            List.of(
                Edges.of(2, 1, new int[] {0}, new int[] {0}), Edges.of(1, 1, new int[] {0, 0}, new int[] {0, 0}),
                EdgeLaw.full().draw(1, 1, 0, 0)));
    LiftedNetwork twice = LiftedNetwork.of(graph, 1, 1, 1, 1);
    for (EdgeLaw edges : List.of(EdgeLaw.inDegree(2), EdgeLaw.distinctInDegree(2), EdgeLaw.bernoulli(2))) {
      LongFunction<LiftBuilder> lifts =
          seed -> lifts(30, 300, seed).edges("h1", "h2", edges).weights(uniform(-2, 2));
      CopyLaw law = CopyLaw.of(lifts.apply(0), twice, 0.5);
      int[] counts = counts(1500, lifts, twice, 0.5);
      hasMean(counts, law.mean("h2", 0));
      double expected = law.atLeastOne("h2", 0);
      assertThat(share(counts)).isCloseTo(expected, within(4 * error(expected, counts.length)));
    }
  }

  /** Ten goodness-of-fit tests at 0.001: a false alarm once in a hundred. */
  @Test
  void givenTheEarlierCountsTheNumberOfCopiesIsBinomial_E6() {
    long[] seen = new long[4];
    double[] expected = new double[4];
    int draws = 1500;
    for (int draw = 0; draw < draws; draw++) {
      LiftBuilder lifts = lifts(100, 400, draw).weights(uniform(-2, 2));
      Coverage coverage = Coverage.of(lifts.sparse(), witness(), 0.5);
      double probability = CopyLaw.of(lifts, witness(), 0.5).givenEarlier(coverage, "h2", 0);
      double hand =
          2.0 / 16 * coverage.copies("h1", 0) * coverage.copies("h1", 1) / 100.0 / 100.0;
      assertThat(probability).isCloseTo(hand, within(1e-15));
      seen[Math.min(3, coverage.copies("h2", 0))]++;
      Binomial binomial = new Binomial(400, probability);
      for (int count = 0; count < 3; count++) {
        expected[count] += binomial.exactly(count) / draws;
      }
      expected[3] += binomial.atLeast(3) / draws;
    }
    assertThat(ChiSquared.goodnessOfFit(expected, seen).pValue()).isGreaterThan(0.001);
  }

  @Test
  void withOneHiddenLayerTheWidthForACopyIsLogOneOverDeltaOverP_E8() {
    Blueprint blueprint = Architectures.twoLayerPerceptron(Activation.tanh());
    LiftedNetwork witness = lift(blueprint).fibre("x", 2).width("h", 1).weights(atoms(1)).full();
    LiftBuilder lifts = lift(blueprint).fibre("x", 2).inDegree(2).weights(atoms(-1, 0, 1));
    double p = CopyLaw.of(lifts.width("h", 10), witness, 0).probability("h", 0);
    assertThat(p).isCloseTo(1.0 / 54, within(1e-15));
    for (double delta : new double[] {0.1, 0.05, 0.01}) {
      int width = (int) Math.ceil(Math.log(1 / delta) / p);
      assertThat(CopyLaw.of(lifts.width("h", width), witness, 0).atLeastOne("h", 0)).isGreaterThanOrEqualTo(1 - delta);
      assertThat(CopyLaw.of(lifts.width("h", (int) (0.9 * width)), witness, 0).atLeastOne("h", 0)).isLessThan(1 - delta);
    }
  }

  @Test
  void theConcentrationBoundIsNeverExceeded_E9() {
    // At this width the bound, 3 exp(−τ² n p~/2), says something.
    LiftBuilder lifts = lifts(6000, 6000, 0).weights(atoms(0, 1));
    CopyLaw law = CopyLaw.of(lifts, witness(), 0);
    double tau = 0.3;
    assertThat(law.failureBound(tau)).isLessThan(0.1);
    int failures = 0;
    for (int draw = 0; draw < 100; draw++) {
      Coverage coverage = Coverage.of(lifts.seed(draw).sparse(), witness(), 0);
      boolean fails = false;
      for (int place = 0; place < 2; place++) {
        fails |= coverage.copies("h1", place) < (1 - tau) * 6000 * law.tilted("h1", place, tau);
      }
      fails |= coverage.copies("h2", 0) < (1 - tau) * 6000 * law.tilted("h2", 0, tau);
      failures += fails ? 1 : 0;
    }
    assertThat(failures / 100.0).isLessThanOrEqualTo(law.failureBound(tau));
    double width = law.requiredWidth(tau, 0.05);
    CopyLaw atWidth =
        CopyLaw.of(lifts.width("h1", (int) Math.ceil(width)).width("h2", (int) Math.ceil(width)), witness(), 0);
    assertThat(atWidth.failureBound(tau)).isLessThanOrEqualTo(0.05).isGreaterThan(0.0499);
  }

  @Test
  void aHoleInTheLawOfWeightsLeavesNoCopies_H13() {
    ParameterLaw hole = normal(1).outside(0.5, 1.5);
    CopyLaw law = CopyLaw.of(lifts(100, 100, 0).weights(hole), witness(), 0.4);
    assertThat(law.mean("h1", 0)).isZero();
    assertThat(law.atLeastOne("h2", 0)).isZero();
    assertThat(Coverage.of(lifts(10_000, 100, 0).weights(hole).sparse(), witness(), 0.4).fewest()).isZero();
  }

  @Test
  void typesThatOverlapGiveALowerBoundAndNoLawOfCounts() {
    LiftedNetwork near = witness().withParameters(1, 1, 1, 0.5, 1);
    // The sources tell the edges apart still.
    assertThat(CopyLaw.of(example(50, 50), near, 0.5).isExact("h2", 0)).isTrue();
    Lift graph =
        Lift.of(
            witness().blueprint(), new int[] {2, 1, 1, 1},
            List.of(
                Edges.of(2, 1, new int[] {0}, new int[] {0}), Edges.of(1, 1, new int[] {0, 0}, new int[] {0, 0}),
                EdgeLaw.full().draw(1, 1, 0, 0)));
    LiftedNetwork overlapping = LiftedNetwork.of(graph, 1, 1, 0.5, 1);
    CopyLaw law = CopyLaw.of(example(50, 3000), overlapping, 0.5);
    assertThat(law.isExact("h1", 0)).isTrue();
    assertThat(law.isExact("h2", 0)).isFalse();
    double lower = law.probability("h2", 0) * 3000;
    int[] counts = counts(100, seed -> lifts(50, 3000, seed).weights(uniform(-2, 2)), overlapping, 0.5);
    assertThat(Arrays.stream(counts).average().orElseThrow()).isGreaterThan(lower);
    assertThatThrownBy(() -> law.mean("h2", 0))
        .hasMessage(
            "the vertex of the witness is h2[0]; it must be one whose in-tree has only vertices and edges that are alike or"
                + " cannot have the same copy.");
  }

  @Test
  void whatHasNoLawIsRefused() {
    assertThatThrownBy(() -> CopyLaw.of(lifts(2, 2, 0).edges("h1", "h2", EdgeLaw.diagonal()), witness(), 0))
        .hasMessage(
            "the law of the edges h1 → h2 is diagonal; it must be a random one or full, as each vertex must draw for itself.");
    assertThatThrownBy(() -> law(50, 400).mean("t", 0))
        .hasMessage("vertex is t; it must be computed, and none of the outputs.");
    assertThatThrownBy(() -> law(50, 400).requiredWidth(1.5, 0.1))
        .hasMessage("the loss is 1.5; it must be strictly between 0 and 1.");
    assertThatThrownBy(() -> law(50_000_000, 400).mean("h2", 0))
        .hasMessageStartingWith("the number of combinations of counts is ")
        .hasMessageEndingWith("; it must be at most 1.0E7; draw lifts and count instead.");
  }
}
