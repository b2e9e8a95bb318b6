package org.liftgrad.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.data.OrthogonalData.orthogonalData;
import static org.liftgrad.data.OwnData.ownData;
import static org.liftgrad.data.SubGaussianData.lawS;
import static org.liftgrad.data.SubGaussianData.subGaussianData;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.Provenance;

/** What does not fit is refused in one sentence that names the argument, its value and what is allowed. */
class DataRefusalsTest {

  private static void refused(String sentence, ThrowingCallable call) {
    assertThatThrownBy(call).isExactlyInstanceOf(IllegalArgumentException.class).hasMessage(sentence);
  }

  @Test
  void sizesAndLaws() {
    refused("points is 0; it must be at least 1.", () -> orthogonalData().points(0));
    refused("points is not said; it must be said, as in points(200).", () -> orthogonalData().build());
    refused("points is not said; it must be said, as in points(200).", () -> lawS().build());
    refused("dimension is not said; it must be said, as in dimension(1000).", () -> lawS().points(2).build());
    refused("dimension is -3; it must be at least 1.", () -> lawS().dimension(-3));
    refused(
        "points is 5; it must be at most the dimension 3 for orthogonal inputs.",
        () -> orthogonalData().points(5).dimension(3).build());
    refused("the lower bound of the norms is 0.0; it must be a finite number above 0.", () -> lawS().norms(0, 1));
    refused("the upper bound of the norms is 1.0; it must be at least the lower bound 2.0.", () -> lawS().norms(2, 1));
    refused("the lower bound of the labels is -1.0; it must be a finite number above 0.", () -> Labels.signed(-1, 1));
    refused("the upper bound of the labels is NaN; it must be a finite number.", () -> Labels.positive(1, Double.NaN));
    refused("labels[1] is Infinity; it must be a finite number.", () -> Labels.given(1, Double.POSITIVE_INFINITY));
    refused(
        "the number of given labels is 2; it must be 3, the number of points.",
        () -> orthogonalData().points(3).labels(Labels.given(1, 2)).build());
    refused("the teacher's neurons is 0; it must be at least 1.", () -> Labels.teacher(0));
    refused("degrees is 2.0; it must be a finite number above 2.", () -> InputLaw.studentT(2));
    refused("bound is 0.0; it must be between 0.01 and 37.0.", () -> InputLaw.truncated(0));
    refused("exponent is -1.0; it must be a finite number of at least 0.", () -> Covariance.powerLaw(-1));
    refused("blockColumns is 100; it must be a multiple of 256.", () -> lawS().streamed(100));
    refused("norms[0] is 0.0; it must be a finite number above 0.", () -> orthogonalData().givenNorms(0, 1));
    refused(
        "eigenvalue 3 is -1.0; it must be a finite number of at least 0.",
        () -> subGaussianData().points(2).dimension(5).covariance(k -> k == 3 ? -1 : 1).build());
  }

  @Test
  void groups() {
    refused("groups is 4; it must be at most the number of points 3.", () -> orthogonalData().points(3).groups(4).build());
    refused("the size of group 1 is 0; it must be at least 1.", () -> Groups.of(0, 2, 2));
    refused("the group of point 1 is -1; it must be between 0 and 1.", () -> Groups.of(0, -1));
    refused(
        "labels[1] is -1.0; it must be of the sign of the first label of its group 0.",
        () -> orthogonalData().points(2).groups(1).labels(Labels.given(1, -1)).build());
  }

  @Test
  void formsThatDoNotExist() {
    refused(
        "the law of the inputs is rademacher; it must be gaussian or sphere to be exact in law; use streamed() for others.",
        () -> lawS().law(InputLaw.rademacher()).points(2).dimension(9).exactInLaw().build());
    refused(
        "the covariance is power law of exponent 1.0; it must be the identity to be exact in law; use streamed() for others.",
        () -> lawS().covariance(Covariance.powerLaw(1)).points(2).dimension(9).exactInLaw().build());
    refused(
        "points is 9; it must be at most the dimension 8 to be exact in law; leave exactInLaw() out below that.",
        () -> lawS().points(9).dimension(8).exactInLaw().build());
    refused(
        "dimension is 1000000000000; it must be at most 134217 for 1000 stored inputs; use streamed() or exactInLaw() beyond.",
        () -> lawS().points(1000).dimension(1_000_000_000_000L).build());
    refused(
        "dimension is 1000000000000; it must be at most 100000000 for 1000 streamed inputs.",
        () -> lawS().law(InputLaw.rademacher()).points(1000).dimension(1_000_000_000_000L).streamed().build());
    refused(
        "dimension is 100000000; it must be at most 13421772 for 10 stored inputs; use exactInLaw() beyond.",
        () -> orthogonalData().points(10).dimension(100_000_000).rotated().build());
  }

  @Test
  void ownNumbers() {
    refused(
        "the number of rows of inputs is 0; it must be at least 1.", () -> ownData(new double[0][], new double[0]));
    refused(
        "the length of row 1 of inputs is 1; it must be 2, that of row 0.",
        () -> ownData(new double[][] {{1, 2}, {3}}, new double[] {1, 2}));
    refused(
        "the number of labels is 1; it must be 2, the number of rows of inputs.",
        () -> ownData(new double[][] {{1}, {2}}, new double[] {1}));
    refused(
        "inputs[1][0] is NaN; it must be a finite number.",
        () -> ownData(new double[][] {{1}, {Double.NaN}}, new double[] {1, 2}));
    refused(
        "the squared norm of input 1 is 0.0; it must be above 0 (a row of zeros?).",
        () -> ownData(new double[][] {{1}, {0}}, new double[] {1, 2}));
    refused(
        "the squared norm of input 0 is Infinity; it must be between 1.0E-280 and 1.0E280.",
        () -> ownData(new double[][] {{1e200}, {1}}, new double[] {1, 2}));
    refused(
        "labels[0] is NaN; it must be a finite number.",
        () -> ownData(new double[][] {{1}}, new double[] {Double.NaN}));
  }

  @Test
  void partsOfDataSets() {
    Dataset data = lawS().points(4).dimension(9).build();
    refused("points is 5; it must be between 1 and the number of points 4.", () -> data.first(5));
    refused("points is 0; it must be between 1 and the number of points 4.", () -> data.first(0));
    refused("factor is 0.0; it must be a finite number above 0.", () -> data.scaledInputs(0));
    refused("kappa is -1.0; it must be a finite number above 0.", () -> data.weakInteraction(-1));
    refused("the number of labels is 1; it must be 4, the number of points.", () -> data.withLabels(1));
    refused("the number of points in groups is 2; it must be 4.", () -> data.withGroups(Groups.of(0, 1)));
    DMatrixRMaj skew = new DMatrixRMaj(new double[][] {{1, 0.5}, {0.25, 1}});
    refused(
        "gram[0][1] is 0.5; it must be equal to gram[1][0] = 0.25.",
        () -> new Dataset(skew, new double[2], 3, new Inputs.Axes(new double[] {1, 1}), 0, Provenance.none()));
  }
}
