package org.liftgrad.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.data.OrthogonalData.orthogonalData;
import static org.liftgrad.data.SubGaussianData.lawS;
import static org.liftgrad.data.SubGaussianData.subGaussianData;
import static org.liftgrad.shallow.ShallowNetworks.shallowNetwork;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.InputLaw;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OwnData;
import org.liftgrad.kernel.Products;
import org.liftgrad.statistics.KolmogorovSmirnov;

class ShallowNetworksTest {

  @Test
  void preactivationsAreThoseOfTheWeights() {
    for (Dataset data :
        List.of(
            lawS().points(6).dimension(700).build(), orthogonalData().points(6).dimension(700).build(),
            orthogonalData().points(6).dimension(20).rotated().build())) {
      ShallowNetwork network = shallowNetwork(data).neurons(5).seed(3).build();
      DMatrixRMaj x = data.storedInputs().orElseThrow();
      DMatrixRMaj w = network.weights().orElseThrow();
      double[] expected = Products.timesTransposed(x, w).data;
      assertThat(network.preactivations().data).containsExactly(expected, Offset.offset(1e-15));
      assertThat(network.predict(x)).containsExactly(network.predictions(), Offset.offset(1e-15));
      for (int j = 0; j < 5; j++) {
        double square = Products.gram(w).get(j, j);
        assertThat(network.squaredWeightNorms()[j]).isCloseTo(square, Offset.offset(1e-14 * square));
      }
    }
  }

  @Test
  void streamedInputsGiveTheSameBits() {
    for (InputLaw law : List.of(InputLaw.rademacher(), InputLaw.sphere())) {
      Dataset stored = subGaussianData().points(6).dimension(1000).law(law).norms(1, 2).seed(2).build();
      Dataset streamed = subGaussianData().points(6).dimension(1000).law(law).norms(1, 2).seed(2).streamed(512).build();
      for (WeightLaw weights : List.of(WeightLaw.uniform(), WeightLaw.gaussian(0.1))) {
        ShallowNetwork one = shallowNetwork(stored).neurons(7).weights(weights).seed(4).build();
        ShallowNetwork other = shallowNetwork(streamed).neurons(7).weights(weights).seed(4).build();
        assertThat(other.preactivations().data).isEqualTo(one.preactivations().data);
        assertThat(other.squaredWeightNorms()).isEqualTo(one.squaredWeightNorms());
        assertThat(other.readout()).isEqualTo(one.readout());
      }
    }
  }

  @Test
  void fewerNeuronsAreAPrefixOfMore() {
    Dataset data = lawS().points(4).dimension(100).build();
    ShallowNetwork few = shallowNetwork(data).neurons(3).seed(1).build();
    ShallowNetwork many = shallowNetwork(data).neurons(8).seed(1).build();
    for (int j = 0; j < 3; j++) {
      assertThat(many.readout()[j]).isEqualTo(few.readout()[j]);
      assertThat(many.preactivations().get(2, j)).isEqualTo(few.preactivations().get(2, j));
    }
  }

  @Test
  void theDefaultStartIsThatOfTheExperiments() {
    Dataset data = lawS().points(3).dimension(4000).build();
    ShallowNetwork network = shallowNetwork(data).neurons(500).seed(5).build();
    double bound = 1 / Math.sqrt(4000);
    double[] w = network.weights().orElseThrow().data;
    assertThat(Arrays.stream(w)).allMatch(v -> Math.abs(v) < bound);
    double[] some = Arrays.copyOf(w, 20_000);
    assertThat(KolmogorovSmirnov.oneSample(some, v -> (v / bound + 1) / 2).rejectsAt(1e-4)).isFalse();
    double[] norms = network.squaredWeightNorms();
    double[] a = network.readout();
    double[] excess = new double[500];
    Arrays.setAll(excess, j -> Math.abs(a[j]) - Math.sqrt(norms[j]));
    assertThat(KolmogorovSmirnov.oneSample(excess, v -> 1 - Math.exp(-v)).rejectsAt(1e-4)).isFalse();
    assertThat(Arrays.stream(a).filter(v -> v > 0).count()).isBetween(195L, 305L);
    assertThat(network.satisfiesAssumption1()).isTrue();
  }

  @Test
  void readoutLaws() {
    Dataset data = lawS().points(4).dimension(50).build();
    ShallowNetworks base = shallowNetwork(data).neurons(40).seed(5);
    ShallowNetwork balanced = base.balancedReadout().build();
    ShallowNetwork half = base.dominatedReadout(0.5).build();
    for (int j = 0; j < 40; j++) {
      double norm = Math.sqrt(balanced.squaredWeightNorms()[j]);
      assertThat(Math.abs(balanced.readout()[j])).isEqualTo(norm);
      assertThat(half.readout()[j]).isEqualTo(0.5 * balanced.readout()[j]);
    }
    assertThat(balanced.satisfiesAssumption1()).isTrue();
    assertThat(half.satisfiesAssumption1()).isFalse();
    assertThat(balanced.scaled(1e-3).satisfiesAssumption1()).isTrue();
    assertThat(Arrays.stream(base.defaultReadout().build().readout())).allMatch(a -> Math.abs(a) < 1 / Math.sqrt(40));
    assertThat(base.neurons(2).readout(3, -4).build().readout()).containsExactly(3, -4);
  }

  @Test
  void scales() {
    Dataset data = lawS().points(4).dimension(50).build();
    ShallowNetworks base = shallowNetwork(data).neurons(3).seed(5);
    ShallowNetwork plain = base.build();
    ShallowNetwork shrunk = base.weightScale(0.5).build();
    // The readout keeps what it was drawn by.
    assertThat(shrunk.readout()).isEqualTo(plain.readout());
    assertThat(shrunk.preactivations().get(1, 2)).isEqualTo(plain.preactivations().get(1, 2) / 2);
    assertThat(shrunk.squaredWeightNorms()[0]).isEqualTo(plain.squaredWeightNorms()[0] / 4);
    assertThat(plain.scaledWeights(0.5).preactivations().data).isEqualTo(shrunk.preactivations().data);
    ShallowNetwork small = base.scale(0.25).build();
    assertThat(small.readout()[1]).isEqualTo(plain.readout()[1] / 4);
    assertThat(small.weights().orElseThrow().data).isEqualTo(plain.scaled(0.25).weights().orElseThrow().data);
    // h is 2-homogeneous in (w, a).
    assertThat(small.predictions()[3]).isCloseTo(plain.predictions()[3] / 16, Offset.offset(1e-15));
    assertThat(plain.withReadout(1, 2, 3).readout()).containsExactly(1, 2, 3);
  }

  @Test
  void groupInitialisation() {
    for (Dataset data :
        List.of(
            orthogonalData().points(12).groups(3).seed(1).build(),
            orthogonalData().points(12).dimension(15).groups(3).rotated().seed(1).build(),
            orthogonalData().points(12).dimension(1_000_000_000L).groups(3).exactInLaw().seed(1).build())) {
      for (ShallowNetworks builder :
          List.of(shallowNetwork(data).groupInitialisation(), shallowNetwork(data).alignedGroupInitialisation())) {
        ShallowNetwork network = builder.scale(0.1).seed(2).build();
        assertThat(network.neurons()).isEqualTo(3);
        for (int i = 0; i < 12; i++) {
          for (int j = 0; j < 3; j++) {
            double u = network.preactivations().get(i, j);
            if (data.groups().orElseThrow().of(i) == j) {
              assertThat(u).isPositive();
              assertThat(network.readout()[j] * data.labels()[i]).isPositive();
            } else {
              assertThat(u).isZero();
            }
          }
        }
        for (int j = 0; j < 3; j++) {
          assertThat(network.readout()[j] * network.readout()[j])
              .isCloseTo(network.squaredWeightNorms()[j], Offset.offset(1e-17));
        }
        assertThat(network.wellInitialised()).isTrue();
        network.weights().ifPresent(
            w -> {
              assertThat(Products.gram(w).get(1, 1)).isCloseTo(0.01, Offset.offset(1e-15));
              assertThat(Products.timesTransposed(data.storedInputs().orElseThrow(), w).data)
                  .containsExactly(network.preactivations().data, Offset.offset(1e-15));
            });
      }
    }
  }

  @Test
  void pointsWithoutACorrectNeuron() {
    Dataset data = OwnData.ownData(new double[][] {{1, 0}, {0, 1}, {-1, 0}}, new double[] {1, -1, 2});
    ShallowNetwork network =
        shallowNetwork(data).weights(new DMatrixRMaj(new double[][] {{1, 0}, {1, 1}})).readout(3, 1).build();
    assertThat(network.pointsWithoutCorrectNeuron()).containsExactly(1, 2);
    assertThat(network.wellInitialised()).isFalse();
    assertThat(network.activeEnergy()).containsExactly(5, 0.5, 0);
    assertThat(network.satisfiesAssumption1()).isFalse();
    ShallowNetwork elsewhere = network.on(OwnData.ownData(new double[][] {{2, 3}}, new double[] {1}));
    assertThat(elsewhere.preactivations().data).containsExactly(2, 5);
    assertThat(elsewhere.predictions()).containsExactly(5.5);
  }

  @Test
  void theTangentKernelIsTheDerivativeOfTheResiduals() {
    Dataset data = lawS().points(5).dimension(9).seed(3).build();
    ShallowNetwork network = shallowNetwork(data).neurons(6).seed(4).build();
    // K_ik = (1/p) Σ_j [σσ + a² 1 1 ⟨x_i, x_k⟩], by the definition.
    DMatrixRMaj kernel = network.tangentKernel();
    DMatrixRMaj u = network.preactivations();
    for (int i = 0; i < 5; i++) {
      for (int k = 0; k < 5; k++) {
        double sum = 0;
        for (int j = 0; j < 6; j++) {
          if (u.get(i, j) > 0 && u.get(k, j) > 0) {
            sum += u.get(i, j) * u.get(k, j) + Math.pow(network.readout()[j], 2) * data.gram().get(i, k);
          }
        }
        assertThat(kernel.get(i, k)).isCloseTo(sum / 6, Offset.offset(1e-12));
      }
    }
    // Orthogonal inputs: λ_min is at least the least E_i ‖x_i‖² (interlacing).
    Dataset orthogonal = orthogonalData().points(30).seed(1).build();
    ShallowNetwork start = shallowNetwork(orthogonal).neurons(20).seed(1).build();
    double[] energy = start.activeEnergy();
    double[] squares = orthogonal.squaredNorms();
    double least = java.util.stream.IntStream.range(0, 30).mapToDouble(i -> energy[i] * squares[i]).min().orElseThrow();
    assertThat(start.asymptoticRate() * 15).isGreaterThanOrEqualTo(least * (1 - 1e-12));
  }

  @Test
  void provenanceNamesEverything() {
    ShallowNetwork network =
        shallowNetwork(lawS().points(4).dimension(50).seed(8).build()).neurons(3).dominatedReadout(0.1).seed(9).build();
    assertThat(network.provenance().facts())
        .containsEntry("neurons", "3")
        .containsEntry("activation", "relu")
        .containsEntry("weights", "uniform on ±1/√d")
        .containsEntry("readout", "|a| = 0.1 ‖w‖, fair signs")
        .containsEntry("seed", "9")
        .containsEntry("data.law", "sphere")
        .containsEntry("data.seed", "8");
  }

  /** The bits of a start on each path; another JDK, or a change of the streams, would show here. */
  @Test
  void sameSeedSameBits() {
    Dataset stored = lawS().points(5).dimension(300).seed(1).build();
    Dataset exact = lawS().points(5).dimension(300).exactInLaw().seed(1).build();
    int[] bits = {
      Arrays.hashCode(shallowNetwork(stored).neurons(4).seed(1).build().preactivations().data),
      Arrays.hashCode(shallowNetwork(exact).neurons(4).seed(1).build().preactivations().data),
      Arrays.hashCode(shallowNetwork(exact).neurons(4).weights(WeightLaw.gaussian(1)).seed(1).build().preactivations().data),
      Arrays.hashCode(shallowNetwork(stored).neurons(4).seed(1).build().readout()),
    };
    assertThat(bits).containsExactly(1184158971, -1649952222, -1140365147, -199438477);
  }

  /** How fast is the benchmark's business; here, that the norms are those of the law. */
  @Test
  void aThousandPointsInAMillionMillionDimensions() {
    Dataset data = lawS().points(1000).dimension(1_000_000_000_000L).exactInLaw().seed(1).build();
    ShallowNetwork network =
        shallowNetwork(data).neurons(Width.widthFor(1000, 0.05)).weights(WeightLaw.gaussian(1e-6)).seed(1).build();
    assertThat(network.squaredWeightNorms()[0]).isCloseTo(1, Offset.offset(1e-4));
  }

  private static void refused(String sentence, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
  }

  @Test
  void refusals() {
    Dataset data = lawS().points(4).dimension(6).build();
    Dataset exact = lawS().points(4).dimension(6).exactInLaw().build();
    refused("neurons is 0; it must be at least 1.", () -> shallowNetwork(data).neurons(0));
    refused(
        "neurons is not said; it must be said, as in neurons(widthFor(n, 0.05)).", () -> shallowNetwork(data).build());
    refused(
        "the scale of the weights is 0.0; it must be a finite number above 0.", () -> WeightLaw.gaussian(0));
    refused("weightScale is -1.0; it must be a finite number above 0.", () -> shallowNetwork(data).weightScale(-1));
    refused("scale is 0.0; it must be a finite number above 0.", () -> shallowNetwork(data).scale(0));
    refused("delta is -0.5; it must be a finite number of at least 0.", () -> shallowNetwork(data).dominatedReadout(-0.5));
    refused("readout[1] is NaN; it must be a finite number.", () -> shallowNetwork(data).readout(1, Double.NaN));
    refused(
        "the number of readouts is 2; it must be 3, the number of neurons.",
        () -> shallowNetwork(data).neurons(3).readout(1, 2).build());
    refused(
        "weights is 2×5; it must be 2×6 (neurons by dimension).",
        () -> shallowNetwork(data).weights(new DMatrixRMaj(2, 5)).build());
    refused(
        "weights is all 0; it must be not 0 in at least one neuron.",
        () -> shallowNetwork(data).weights(new DMatrixRMaj(2, 6)).build());
    refused(
        "weights is all 0; it must be not 0 in at least one neuron.",
        () -> shallowNetwork(exact).weights(new DMatrixRMaj(2, 6)).build());
    refused(
        "weights[0][1] is NaN; it must be a finite number.",
        () -> WeightLaw.given(new DMatrixRMaj(new double[][] {{1, Double.NaN}})));
    refused(
        "points + neurons is 7; it must be at most the dimension 6 for weights that are not gaussian;"
            + " leave exactInLaw() out below that.",
        () -> shallowNetwork(exact).neurons(3).build());
    refused(
        "dimension is 1000000000000; it must be at most 285714285 for 35 neurons whose weights are drawn;"
            + " use gaussian weights on data that are exact in law beyond.",
        () -> shallowNetwork(lawS().points(4).dimension(1_000_000_000_000L).exactInLaw().build()).neurons(35).build());
    refused(
        "the groups of the data is not said; it must be said, as in groups(4).",
        () -> shallowNetwork(data).groupInitialisation().build());
    Dataset grouped = orthogonalData().points(4).groups(2).build();
    refused(
        "neurons is 3; it must be 2, the number of groups, for group initialisation.",
        () -> shallowNetwork(grouped).neurons(3).groupInitialisation().build());
    refused(
        "labels[2] is -1.0; it must be not 0 and of one sign in its group 0.",
        () -> shallowNetwork(grouped.withLabels(1, 1, -1, 1)).groupInitialisation().build());
    refused(
        "weights is not known; it must be known, as they are on stored inputs.",
        () -> shallowNetwork(exact).neurons(2).build().predict(new DMatrixRMaj(1, 6)));
    refused(
        "inputs is 1×5; it must be of 6 columns, the dimension.",
        () -> shallowNetwork(data).neurons(2).build().predict(new DMatrixRMaj(1, 5)));
    refused(
        "the number of given labels is 3; it must be 4, the number of points.",
        () -> lawS().points(4).dimension(6).labels(Labels.given(1, 2, 3)).build());
  }
}
