package org.liftgrad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.data.OrthogonalData.orthogonalData;
import static org.liftgrad.data.SubGaussianData.lawS;
import static org.liftgrad.data.SubGaussianData.subGaussianData;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.Products;

class DatasetTest {

  private static List<InputLaw> laws() {
    return List.of(
        InputLaw.gaussian(), InputLaw.sphere(), InputLaw.rademacher(), InputLaw.truncated(1.5),
        InputLaw.truncated(0.7), InputLaw.studentT(3));
  }

  @Test
  void orthogonalInputsAreExactlyOrthogonal() {
    Dataset data = orthogonalData().points(20).dimension(33).seed(3).build();
    assertThat(data.orthogonal()).isTrue();
    assertThat(data.exactlyOrthogonal()).isTrue();
    assertThat(data.gramRounding()).isZero();
    assertThat(data.offDiagonalNorm()).isZero();
    DMatrixRMaj x = data.storedInputs().orElseThrow();
    assertThat(x.numCols).isEqualTo(33);
    assertThat(Products.gram(x).data).isEqualTo(data.gram().data);
    assertThat(data.smallestEigenvalue()).isEqualTo(Arrays.stream(data.squaredNorms()).min().orElseThrow());
    assertThat(data.largestEigenvalue()).isEqualTo(Arrays.stream(data.squaredNorms()).max().orElseThrow());
    assertThat(data.normBounds().least()).isGreaterThan(1);
    assertThat(data.labelBounds().most()).isLessThan(2);
  }

  @Test
  void rotatedInputsAreOrthogonalUpToRounding() {
    Dataset data = orthogonalData().points(30).dimension(30).rotated().seed(3).build();
    assertThat(data.exactlyOrthogonal()).isFalse();
    assertThat(data.orthogonal()).isTrue();
    assertThat(data.gramRounding()).isBetween(1e-16, 1e-13);
    double[] axes = orthogonalData().points(30).seed(3).build().norms();
    assertThat(data.norms()).containsExactly(axes, Offset.offset(1e-14));
  }

  @Test
  void orthogonalInputsInAnyDimension() {
    Dataset data = orthogonalData().points(50).dimension(1_000_000_000_000_000L).exactInLaw().build();
    assertThat(data.exactlyOrthogonal()).isTrue();
    assertThat(data.storedInputs()).isEmpty();
    assertThat(orthogonalData().points(8000).build().smallestEigenvalue()).isGreaterThan(1);
  }

  @Test
  void groupsShareASign() {
    Dataset data = orthogonalData().points(23).groups(5).seed(8).build();
    Groups groups = data.groups().orElseThrow();
    assertThat(groups.sizes()).containsExactly(5, 5, 5, 4, 4);
    for (int g = 0; g < 5; g++) {
      double[] labels = data.labels();
      assertThat(Arrays.stream(groups.members(g)).mapToDouble(i -> Math.signum(labels[i])).distinct().count())
          .isEqualTo(1);
    }
    assertThat(data.first(7).groups().orElseThrow().sizes()).containsExactly(2, 2, 1, 1, 1);
    assertThat(data.provenance().facts()).containsEntry("groups", "5").containsEntry("seed", "8");
  }

  @Test
  void streamedAndStoredAreTheSameBits() {
    for (InputLaw law : laws()) {
      SubGaussianData builder =
          subGaussianData().points(7).dimension(1500).law(law).covariance(Covariance.powerLaw(0.3)).seed(4);
      for (SubGaussianData one : List.of(builder, builder.norms(1, 2), builder.labels(Labels.teacher(5)))) {
        Dataset stored = one.build();
        for (int block : new int[] {256, 512, 2048}) {
          Dataset streamed = one.streamed(block).build();
          assertThat(streamed.gram().data).as("%s in blocks of %s", law, block).isEqualTo(stored.gram().data);
          assertThat(streamed.labels()).isEqualTo(stored.labels());
          assertThat(collected(streamed).data).isEqualTo(stored.storedInputs().orElseThrow().data);
        }
      }
    }
  }

  private static DMatrixRMaj collected(Dataset data) {
    DMatrixRMaj x = new DMatrixRMaj(data.points(), (int) data.dimension());
    ((Inputs.Streamed) data.inputs())
        .columns()
        .forEach((block, first) -> CommonOps_DDRM.insert(block, x, 0, first));
    return x;
  }

  @Test
  void fewerPointsAreAPrefixOfMore() {
    List<SubGaussianData> builders = new ArrayList<>();
    for (InputLaw law : laws()) {
      builders.add(subGaussianData().dimension(600).law(law).norms(1, 2).seed(5));
      builders.add(subGaussianData().dimension(600).law(law).norms(1, 2).seed(5).streamed());
    }
    builders.add(lawS().dimension(600).seed(5).exactInLaw());
    builders.add(lawS().dimension(600).seed(5).exactInLaw().labels(Labels.teacher(3)));
    for (SubGaussianData builder : builders) {
      Dataset all = builder.points(12).build();
      Dataset few = builder.points(5).build();
      Dataset cut = all.first(5);
      assertThat(cut.gram().data).isEqualTo(few.gram().data);
      assertThat(cut.norms()).isEqualTo(few.norms());
      if (cut.inputs() instanceof Inputs.Stored stored) {
        assertThat(stored.matrix().data).isEqualTo(few.storedInputs().orElseThrow().data);
      }
      if (cut.inputs() instanceof Inputs.Streamed) {
        assertThat(collected(cut).data).isEqualTo(collected(few).data);
      } else if (cut.inputs() instanceof Inputs.Implied implied) {
        assertThat(implied.factor().data).isEqualTo(((Inputs.Implied) few.inputs()).factor().data);
      }
    }
    assertThat(orthogonalData().points(9).dimension(9).seed(2).build().first(4).norms())
        .isEqualTo(orthogonalData().points(4).dimension(9).seed(2).build().norms());
  }

  @Test
  void scalingTheInputs() {
    for (Dataset data :
        List.of(
            lawS().points(6).dimension(300).build(),
            lawS().points(6).dimension(300).streamed().build(),
            lawS().points(6).dimension(300).exactInLaw().build(),
            orthogonalData().points(6).build())) {
      Dataset scaled = data.scaledInputs(3);
      DMatrixRMaj expected = data.gram();
      CommonOps_DDRM.scale(9, expected);
      assertThat(MatrixFeatures_DDRM.isIdentical(scaled.gram(), expected, 1e-14)).isTrue();
      assertThat(scaled.norms()[2]).isCloseTo(3 * data.norms()[2], Offset.offset(1e-14));
      assertThat(scaled.labels()).isEqualTo(data.labels());
      assertThat(scaled.storedInputs().isPresent()).isEqualTo(data.storedInputs().isPresent());
      scaled.storedInputs().ifPresent(
          x -> assertThat(MatrixFeatures_DDRM.isIdentical(Products.gram(x), expected, 1e-13)).isTrue());
    }
  }

  @Test
  void weakInteractionIsAssumption2() {
    Dataset data = OwnData.ownData(new double[][] {{2, 0}, {0.5, 1}}, new double[] {1, -3});
    // Off the diagonal the Gram matrix holds 1 alone, so its norm there is 1; min ‖x‖² = 1.25.
    WeakInteraction weak = data.weakInteraction(1);
    assertThat(weak.offDiagonalNorm()).isCloseTo(1, Offset.offset(1e-14));
    assertThat(weak.allowed()).isCloseTo(1.25 / Math.sqrt(2), Offset.offset(1e-14));
    assertThat(weak.holds()).isFalse();
    assertThat(data.weakInteraction(1.2).holds()).isTrue();
    assertThat(data.weakInteraction(weak.smallestKappa() * (1 + 1e-9)).holds()).isTrue();
    assertThat(data.labelBounds()).isEqualTo(new Bounds(1, 3));
    assertThat(data.smallestEigenvalue() + data.largestEigenvalue()).isCloseTo(5.25, Offset.offset(1e-13));
  }

  @Test
  void ownDataAreCopiedBothWays() {
    double[][] x = {{1, 2}, {3, 4}};
    double[] y = {1, 2};
    Dataset data = OwnData.ownData(x, y);
    x[0][0] = 9;
    y[0] = 9;
    data.gram().set(0, 0, 99);
    data.labels()[0] = 99;
    data.storedInputs().orElseThrow().set(0, 0, 99);
    assertThat(data.gram().data).containsExactly(5, 11, 11, 25);
    assertThat(data.labels()).containsExactly(1, 2);
    assertThat(data.storedInputs().orElseThrow().data).containsExactly(1, 2, 3, 4);
    assertThat(data.withLabels(5, 6).labels()).containsExactly(5, 6);
  }

  @Test
  void buildersAreImmutable() {
    SubGaussianData base = lawS().points(5).dimension(50);
    double[] before = base.build().gram().data;
    base.seed(9).norms(3, 4).law(InputLaw.rademacher()).exactInLaw().points(2);
    assertThat(base.build().gram().data).isEqualTo(before);
    OrthogonalData orthogonal = orthogonalData().points(5);
    double[] norms = orthogonal.build().norms();
    orthogonal.points(3).norms(7, 8).seed(1).rotated();
    assertThat(orthogonal.build().norms()).isEqualTo(norms);
  }

  @Test
  void sameSeedSameBitsOtherSeedOtherBits() {
    SubGaussianData builder = lawS().points(5).dimension(50);
    for (SubGaussianData one : List.of(builder, builder.exactInLaw())) {
      assertThat(one.seed(1).build().gram().data).isEqualTo(one.seed(1).build().gram().data);
      assertThat(one.seed(1).build().gram().data).isNotEqualTo(one.seed(2).build().gram().data);
    }
    // The bytes themselves: another JDK, or a change of the streams, would show here.
    assertThat(Arrays.hashCode(builder.seed(1).build().gram().data)).isEqualTo(STORED_BITS);
    assertThat(Arrays.hashCode(builder.seed(1).exactInLaw().build().gram().data)).isEqualTo(EXACT_BITS);
  }

  private static final int STORED_BITS = -101145587;
  private static final int EXACT_BITS = -179110640;

  @Test
  void provenanceSaysHowTheDataWereMade() {
    Dataset data =
        lawS().points(5).dimension(50).covariance(k -> 1.0 / k).streamed().seed(6).build();
    assertThat(data.provenance().facts())
        .containsEntry("law", "sphere")
        .containsEntry("covariance", "given")
        .containsEntry("norms", "uniform on [1.0, 2.0]")
        .containsEntry("labels", "±uniform on [1.0, 2.0]")
        .containsEntry("form", "streamed")
        .containsEntry("points", "5")
        .containsEntry("dimension", "50")
        .containsEntry("seed", "6");
    assertThat(data.first(2).provenance().facts()).containsEntry("first points", "2");
  }
}
