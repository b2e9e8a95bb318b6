package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.lift.LiftBuilder.lift;
import static org.liftgrad.lift.ParameterLaw.atoms;
import static org.liftgrad.lift.ParameterLaw.uniform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.RandomStream;

/** Copies of a witness: found, broken, and what they compute. */
class CoverageTest {

  /** x → h1 → h2 → t without biases. */
  private static final Blueprint DEEP =
      Blueprint.blueprint("deep").input("x").vertex("h1", Activation.tanh()).from("x")
          .vertex("h2", Activation.tanh()).from("h1").readout("t").from("h2").build();

  /** h1: x1 and x2, each with weight 1; h2: their sum; read out with weight 1. */
  static LiftedNetwork witness() {
    Lift graph =
        Lift.of(
            DEEP, new int[] {2, 2, 1, 1},
            List.of(
                Edges.of(2, 2, new int[] {0, 1}, new int[] {0, 1}),
                Edges.of(2, 1, new int[] {0, 1}, new int[] {0, 0}), EdgeLaw.full().draw(1, 1, 0, 0)));
    return LiftedNetwork.of(graph, 1, 1, 1, 1, 1);
  }

  static LiftBuilder lifts(int first, int second, long seed) {
    return lift(DEEP).fibre("x", 2).width("h1", first).width("h2", second)
        .edges("x", "h1", EdgeLaw.inDegree(1)).edges("h1", "h2", EdgeLaw.inDegree(2)).seed(seed);
  }

  // ---- against a search that tries all bijections

  private static boolean isCopy(
      LiftedNetwork network, LiftedNetwork witness, double tolerance, boolean padded, int vertex, int place, int counterpart) {
    Vertex below = network.blueprint().vertices().get(vertex);
    if (below.role() == Vertex.Role.INPUT) {
      return place == counterpart;
    }
    if (below.role() == Vertex.Role.CONSTANT) {
      return true;
    }
    for (Edge edge : network.blueprint().incoming(vertex)) {
      List<Integer> left = new ArrayList<>();
      Edges edges = network.lift().edges(edge.index());
      for (int e = edges.first(place); e < edges.first(place + 1); e++) {
        left.add(e);
      }
      if (!served(network, witness, tolerance, padded, edge, left, counterpart, witness.lift().edges(edge.index()).first(counterpart))) {
        return false;
      }
    }
    return true;
  }

  private static boolean served(
      LiftedNetwork network, LiftedNetwork witness, double tolerance, boolean padded, Edge edge, List<Integer> left,
      int counterpart, int wanted) {
    double[] weights = network.parameters();
    int start = network.lift().blockStart(edge.group());
    int entries = edge.message().weights().dimension();
    if (wanted == witness.lift().edges(edge.index()).first(counterpart + 1)) {
      return left.isEmpty()
          || padded && left.stream().allMatch(e -> {
            for (int k = 0; k < entries; k++) {
              if (Math.abs(weights[start + e * entries + k]) > tolerance) {
                return false;
              }
            }
            return true;
          });
    }
    for (Integer e : left) {
      boolean fits =
          isCopy(
              network, witness, tolerance, padded, edge.source(), network.lift().edges(edge.index()).source(e),
              witness.lift().edges(edge.index()).source(wanted));
      for (int k = 0; k < entries && fits; k++) {
        double other = witness.parameters()[witness.lift().blockStart(edge.group()) + wanted * entries + k];
        fits = Math.abs(weights[start + e * entries + k] - other) <= tolerance;
      }
      if (fits) {
        List<Integer> rest = new ArrayList<>(left);
        rest.remove(e);
        if (served(network, witness, tolerance, padded, edge, rest, counterpart, wanted + 1)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Weights among few values, so that there are copies, by several bijections or by none. */
  private static double[] few(RandomStream stream, int count) {
    double[] weights = new double[count];
    Arrays.setAll(weights, k -> stream.nextInt(3) - 1);
    return weights;
  }

  private static Lift sparse(RandomStream stream, Blueprint blueprint, int least, int most, int inputs) {
    int[] fibres = new int[blueprint.vertices().size()];
    for (Vertex vertex : blueprint.vertices()) {
      boolean input = vertex.role() == Vertex.Role.INPUT;
      fibres[vertex.index()] = input ? inputs : least + stream.nextInt(most - least + 1);
    }
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      edges.add(
          EdgeLaw.bernoulli(1.5).draw(fibres[edge.source()], fibres[edge.target()], stream.nextLong(), edge.index()));
    }
    return Lift.of(blueprint, fibres, edges);
  }

  @Test
  void copiesAreThoseThatAnExhaustiveSearchFinds() {
    int[] found = new int[2];
    Draws.of("copies", 200, stream -> {
      Blueprint blueprint = Draws.blueprint(stream);
      int inputs = 1 + stream.nextInt(2);
      Lift small = sparse(stream, blueprint, 1, 2, inputs);
      Lift large = sparse(stream, blueprint, 1, 90, inputs);
      LiftedNetwork witness = LiftedNetwork.of(small, few(stream, small.parameters()));
      LiftedNetwork network = LiftedNetwork.of(large, few(stream, large.parameters()));
      for (boolean padded : new boolean[] {false, true}) {
        double tolerance = stream.nextInt(2) == 0 ? 0 : 1;
        Coverage coverage =
            padded ? Coverage.padded(network, witness, tolerance) : Coverage.of(network, witness, tolerance);
        for (Vertex vertex : blueprint.vertices()) {
          int v = vertex.index();
          for (int counterpart = 0; !vertex.output() && counterpart < small.fibre(v); counterpart++) {
            int count = 0;
            boolean same = true;
            for (int place = 0; place < large.fibre(v); place++) {
              boolean expected = isCopy(network, witness, tolerance, padded, v, place, counterpart);
              same &= coverage.isCopy(vertex.name(), counterpart, place) == expected;
              count += expected ? 1 : 0;
            }
            assertThat(same).isTrue();
            assertThat(coverage.copies(vertex.name(), counterpart)).isEqualTo(count);
            found[padded ? 1 : 0] += Coverage.isHidden(vertex) ? count : 0;
          }
        }
      }
    });
    // Otherwise nothing was shown.
    assertThat(found[0]).isGreaterThan(500);
    assertThat(found[1]).isGreaterThan(found[0]);
  }

  @Test
  void aNetworkIsACopyOfItself() {
    Draws.of("itself", 50, stream -> {
      Lift lift = Draws.lift(stream, Draws.blueprint(stream));
      LiftedNetwork network = LiftedNetwork.of(lift, Draws.gaussian(stream, lift.parameters()));
      Coverage coverage = Coverage.of(network, network, 0);
      for (Vertex vertex : lift.blueprint().vertices()) {
        for (int i = 0; Coverage.isHidden(vertex) && i < lift.fibre(vertex.index()); i++) {
          assertThat(coverage.isCopy(vertex.name(), i, i)).isTrue();
        }
      }
    });
  }

  // ---- what copies compute (E12)

  private static double largestError(Coverage coverage, LiftedNetwork network, String vertex) {
    RandomStream stream = RandomStream.of(3, "inputs");
    double[] inputs = new double[2 * 50];
    Arrays.setAll(inputs, k -> stream.nextUniform(-1, 1));
    PlainPass large = new PlainPass(network.lift(), network.parameters(), inputs, 50);
    LiftedNetwork witness = coverage.witness();
    PlainPass small = new PlainPass(witness.lift(), witness.parameters(), inputs, 50);
    double most = 0;
    for (int of = 0; of < witness.lift().fibre(vertex); of++) {
      for (int place = 0; place < network.lift().fibre(vertex); place++) {
        if (coverage.isCopy(vertex, of, place)) {
          most = Math.max(most, Draws.difference(large.activation(vertex, place), small.activation(vertex, of)));
        }
      }
    }
    return most;
  }

  @Test
  void copiesComputeWhatTheWitnessDoesUpToTheErrorBound_E12() {
    for (int draw = 0; draw < 20; draw++) {
      LiftedNetwork network = lifts(600, 3000, draw).weights(uniform(-2, 2)).sparse();
      for (double tolerance : new double[] {0.25, 0.5}) {
        Coverage coverage = Coverage.of(network, witness(), tolerance);
        assertThat(coverage.copies("h1", 0)).isPositive();
        assertThat(largestError(coverage, network, "h1")).isLessThanOrEqualTo(Coverage.errorBound(tolerance, 1, 1, 1, 1, 1));
        assertThat(largestError(coverage, network, "h2")).isLessThanOrEqualTo(Coverage.errorBound(tolerance, 2, 1, 2, 1, 1));
      }
      LiftedNetwork withAtoms = lifts(600, 3000, draw).weights(atoms(-1, 0, 1)).sparse();
      Coverage exact = Coverage.of(withAtoms, witness(), 0);
      assertThat(exact.copies("h2", 0)).isPositive();
      assertThat(largestError(exact, withAtoms, "h2")).isLessThan(1e-15);
    }
    assertThat(Coverage.errorBound(0.1, 2, 1, 2, 1, 1)).isCloseTo(2 * 0.1 * (1 + 2 * 1.1), within(1e-15));
  }

  // ---- survivors and influence (E11, 4.6)

  private static int broken(Coverage before, Coverage after) {
    return before.copies("h2", 0) - after.copies("h2", 0);
  }

  @Test
  void noMoveWithinTheRadiusBreaksMoreCopiesThanTheInfluenceAllows_E11() {
    double tolerance = 0.5;
    double radius = 3;
    double[] share = new double[2];
    for (int size = 0; size < 2; size++) {
      int width = size == 0 ? 300 : 3000;
      for (int draw = 0; draw < 5; draw++) {
        LiftedNetwork network = lifts(width, width, draw).weights(atoms(-1, 0, 1)).sparse();
        Coverage coverage = Coverage.of(network, witness(), tolerance);
        Influence influence = Influence.of(network.lift());
        double[] adversarial = influence.adversary(coverage, radius);
        assertThat(distance(adversarial, network.parameters())).isLessThanOrEqualTo(radius * (1 + 1e-12));
        int worst = broken(coverage, coverage.surviving(adversarial));
        // 36 edges, each with a copy of its own at least.
        assertThat(worst).isGreaterThanOrEqualTo(Math.min(coverage.copies("h2", 0), 35));
        assertThat((double) worst).isLessThanOrEqualTo(influence.mostBroken(radius, tolerance));
        RandomStream stream = RandomStream.of(draw, "move");
        double[] random = Draws.gaussian(stream, network.lift().parameters());
        double norm = distance(random, new double[random.length]);
        double[] before = network.parameters();
        Arrays.setAll(random, k -> before[k] + radius / norm * random[k]);
        assertThat(broken(coverage, coverage.surviving(random))).isLessThanOrEqualTo(worst);
        share[size] += (double) worst / coverage.copies("h2", 0) / 5;
      }
    }
    // Ten times as many copies, about as many of them broken.
    assertThat(share[1]).isLessThan(share[0] / 5);
  }

  private static double distance(double[] one, double[] other) {
    double sum = 0;
    for (int k = 0; k < one.length; k++) {
      sum += (one[k] - other[k]) * (one[k] - other[k]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void survivorsAreTheCopiesWhoseInTreeDidNotMove() {
    // h1: 0 and 1 copies of x1, 2 of x2; h2: 0 sees 0 and 2, 1 sees 1 and 2.
    Lift lift =
        Lift.of(
            DEEP, new int[] {2, 3, 2, 1},
            List.of(
                Edges.of(2, 3, new int[] {0, 0, 1}, new int[] {0, 1, 2}),
                Edges.of(3, 2, new int[] {0, 2, 1, 2}, new int[] {0, 0, 1, 1}), EdgeLaw.full().draw(2, 1, 0, 0)));
    LiftedNetwork network = LiftedNetwork.of(lift, 1, 1, 1, 1, 1, 1, 1, 0, 0);
    Coverage coverage = Coverage.of(network, witness(), 0.1);
    assertThat(coverage.copies("h1", 0)).isEqualTo(2);
    assertThat(coverage.copies("h2", 0)).isEqualTo(2);
    assertThat(coverage.fewest()).isEqualTo(1);
    Coverage left = coverage.surviving(1.2, 1, 1, 1, 1, 1, 1, 5, 5);
    assertThat(left.isCopy("h2", 0, 0)).isFalse();
    assertThat(left.isCopy("h2", 0, 1)).isTrue();
    assertThat(coverage.surviving(1, 1, 1, 1, 1, 1, 1.05, 0, 0).copies("h2", 0)).isEqualTo(2);
    assertThat(coverage.surviving(1, 1, Double.MAX_VALUE, 1, 1, 1, 1, 0, 0).copies("h2", 0)).isZero();
    Influence influence = Influence.of(lift);
    assertThat(influence.reached("h1", 2)).isEqualTo(2);
    assertThat(influence.reached("h2", 0)).isEqualTo(1);
    assertThat(influence.largest()).isEqualTo(2);
    // With room for one edge, the adversary takes the one behind both copies.
    assertThat(coverage.surviving(influence.adversary(coverage, 0.11)).copies("h2", 0)).isZero();
    assertThat(influence.adversary(coverage, 0.05)).isEqualTo(network.parameters());
  }

  @Test
  void biasesAndConstantsBelongToCopies() {
    Blueprint blueprint = Architectures.twoLayerPerceptron(Activation.relu());
    LiftedNetwork witness = lift(blueprint).fibre("x", 2).width("h", 1).weights(atoms(1)).full();
    LiftedNetwork network =
        lift(blueprint).fibre("x", 2).width("h", 5000).inDegree(2).weights(atoms(0, 1)).seed(1).sparse();
    // (1/2)³ for the weights, 1/2 for distinct inputs.
    assertThat(Coverage.of(network, witness, 0.25).copies("h", 0) / 5000.0).isCloseTo(1 / 16.0, within(0.014));
    assertThat(Coverage.of(network, witness, 1).copies("h", 0) / 5000.0).isCloseTo(0.5, within(0.03));
  }

  @Test
  void theCountDoesNotDependOnThreads() {
    LiftedNetwork network = lifts(20_000, 20_000, 4).weights(atoms(-1, 0, 1)).sparse();
    int parallel = Coverage.of(network, witness(), 0).copies("h2", 0);
    int serial =
        org.liftgrad.kernel.Workers.serially(() -> Coverage.of(network, witness(), 0).copies("h2", 0));
    assertThat(serial).isEqualTo(parallel).isPositive();
  }

  @Test
  void whatDoesNotFitIsRefused() {
    LiftedNetwork network = lifts(5, 5, 1).sparse();
    assertThatThrownBy(() -> Coverage.of(network, witness(), -1))
        .hasMessage("the tolerance is -1.0; it must be a finite number of at least 0.");
    LiftedNetwork wider = lift(DEEP).fibre("x", 3).width("h1", 1).width("h2", 1).full();
    assertThatThrownBy(() -> Coverage.of(network, wider, 0))
        .hasMessage("the fibre of the witness over x is 3 vertices; it must be 2, as in the network.");
    Coverage coverage = Coverage.of(network, witness(), 0);
    assertThatThrownBy(() -> coverage.copies("t", 0))
        .hasMessage("vertex is t; it must be none of the outputs, which have no copies.");
    assertThatThrownBy(() -> coverage.copies("h2", 1))
        .hasMessage("the vertex of the witness over h2 is 1; it must be from 0 to 0.");
    assertThatThrownBy(() -> coverage.surviving(1, 2))
        .hasMessageStartingWith("the number of parameters is 2; it must be ");
  }
}
