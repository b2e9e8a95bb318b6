package org.liftgrad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.data.SubGaussianData.lawS;
import static org.liftgrad.data.SubGaussianData.subGaussianData;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.statistics.KolmogorovSmirnov;

/**
 * The laws of inputs, labels and Gram matrices. Kolmogorov-Smirnov tests with fixed seeds; each test
 * method has a false-alarm rate of 10⁻³, shared among its statistics by Bonferroni.
 */
class InputLawsTest {

  private static final double FALSE_ALARM = 1e-3;
  private static final int REPLICATES = 1500;

  @Test
  void entriesHaveMeanZeroAndVarianceOne() {
    for (InputLaw law :
        List.of(
            InputLaw.gaussian(), InputLaw.rademacher(), InputLaw.truncated(0.05), InputLaw.truncated(1),
            InputLaw.truncated(2), InputLaw.truncated(30), InputLaw.studentT(12))) {
      RandomStream stream = RandomStream.of(3, "test");
      double[] x = DoubleStream.generate(() -> law.draw(stream)).limit(200_000).toArray();
      // Five standard errors, for kurtosis at most 4: false alarm below 10⁻⁶ each.
      assertThat(Arrays.stream(x).average().orElseThrow()).as("%s", law).isCloseTo(0, Offset.offset(0.0112));
      assertThat(Arrays.stream(x).map(v -> v * v).average().orElseThrow())
          .as("%s", law).isCloseTo(1, Offset.offset(0.02));
    }
  }

  @Test
  void theTruncatedLawIsTheTruncatedLaw() {
    for (double bound : new double[] {0.5, 1.2, 1.3, 3}) {
      InputLaw law = InputLaw.truncated(bound);
      RandomStream stream = RandomStream.of(4, "test");
      double[] x = DoubleStream.generate(() -> law.draw(stream)).limit(20_000).toArray();
      double inside = Erf.erf(bound / Math.sqrt(2));
      double density = Math.exp(-bound * bound / 2) / Math.sqrt(2 * Math.PI);
      double deviation = Math.sqrt(1 - 2 * bound * density / inside);
      assertThat(
              KolmogorovSmirnov.oneSample(
                      x, v -> 0.5 + 0.5 * Erf.erf(Math.max(-bound, Math.min(bound, v * deviation)) / Math.sqrt(2)) / inside)
                  .rejectsAt(FALSE_ALARM / 4))
          .as("bound %s", bound)
          .isFalse();
    }
  }

  @Test
  void studentTHasItsTails() {
    InputLaw law = InputLaw.studentT(3);
    RandomStream stream = RandomStream.of(5, "test");
    double[] x = DoubleStream.generate(() -> law.draw(stream)).limit(20_000).toArray();
    // The distribution function of t with 3 degrees of freedom, in closed form; its variance is 3.
    assertThat(
            KolmogorovSmirnov.oneSample(
                    x, v -> 0.5 + (v / (1 + v * v) + Math.atan(v)) / Math.PI)
                .rejectsAt(FALSE_ALARM))
        .isFalse();
  }

  @Test
  void rowsHaveTheNormsThatWereSaid() {
    for (InputLaw law : List.of(InputLaw.gaussian(), InputLaw.sphere(), InputLaw.studentT(3))) {
      Dataset natural = subGaussianData().points(40).dimension(2000).law(law).build();
      if (law instanceof InputLaw.Sphere) {
        assertThat(natural.norms()).satisfies(norms -> assertThat(norms[7]).isCloseTo(1, Offset.offset(1e-14)));
      }
      Dataset drawn = subGaussianData().points(2000).dimension(20).law(law).norms(1, 2).build();
      assertThat(KolmogorovSmirnov.oneSample(drawn.norms(), v -> Math.min(1, Math.max(0, v - 1))).rejectsAt(FALSE_ALARM / 3))
          .isFalse();
    }
    double[] exact = lawS().points(500).dimension(1000).exactInLaw().build().norms();
    assertThat(Arrays.stream(exact)).allMatch(norm -> norm > 1 && norm < 2);
  }

  @Test
  void aCovarianceStretchesItsAxes() {
    Dataset data =
        subGaussianData().points(3000).dimension(4).law(InputLaw.rademacher()).covariance(Covariance.powerLaw(2)).build();
    DMatrixRMaj x = data.storedInputs().orElseThrow();
    for (int k = 0; k < 4; k++) {
      assertThat(Math.abs(x.get(11, k))).isCloseTo(0.5 / (k + 1), Offset.offset(1e-15));
    }
  }

  @Test
  void labelLaws() {
    double[] signed = lawS().points(2000).dimension(20).build().labels();
    assertThat(
            KolmogorovSmirnov.oneSample(Arrays.stream(signed).map(Math::abs).toArray(), v -> Math.min(1, Math.max(0, v - 1)))
                .rejectsAt(FALSE_ALARM))
        .isFalse();
    long positive = Arrays.stream(signed).filter(y -> y > 0).count();
    // Four standard deviations of a fair coin.
    assertThat(positive).isBetween(1000L - 90, 1000L + 90);
    SubGaussianData base = subGaussianData().points(50).dimension(10);
    assertThat(Arrays.stream(base.labels(Labels.positive(2, 3)).build().labels())).allMatch(y -> y > 2 && y < 3);
    assertThat(base.labels(Labels.constant(-4)).build().labels()).containsOnly(-4);
    assertThat(base.points(2).labels(Labels.given(5, -6)).build().labels()).containsExactly(5, -6);
  }

  /** Eigenvalues, off-diagonal norm, and two entries of Gram matrices of 5 points in dimension 7. */
  private static double[][] gramStatistics(java.util.function.IntFunction<DMatrixRMaj> draw) {
    double[][] statistics = new double[5][REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      DMatrixRMaj gram = draw.apply(r);
      int n = gram.numRows;
      double[] ones = new double[n];
      Dataset data =
          new Dataset(gram, ones, 7, new Inputs.Implied(new DMatrixRMaj(n, n)), 1e-15, org.liftgrad.kernel.Provenance.none());
      statistics[0][r] = data.smallestEigenvalue();
      statistics[1][r] = data.largestEigenvalue();
      statistics[2][r] = data.offDiagonalNorm();
      statistics[3][r] = gram.get(n - 1, n - 2);
      // Equal norms differ by their rounding alone, which is no matter of law.
      statistics[4][r] = Math.rint(1e9 * (gram.get(n - 1, n - 1) - gram.get(0, 0)));
    }
    return statistics;
  }

  private static boolean differ(double[][] first, double[][] second) {
    return IntStream.range(0, first.length)
        .anyMatch(k -> KolmogorovSmirnov.twoSamples(first[k], second[k]).rejectsAt(FALSE_ALARM / first.length));
  }

  @Test
  void theExactGramHasTheLawOfTheDrawnOne() {
    for (SubGaussianData law :
        List.of(
            subGaussianData(), subGaussianData().norms(1, 2), subGaussianData().law(InputLaw.sphere()), lawS())) {
      SubGaussianData builder = law.points(5).dimension(7);
      double[][] drawn = gramStatistics(r -> builder.seed(r).build().gram());
      double[][] exact = gramStatistics(r -> builder.exactInLaw().seed(1_000_000 + r).build().gram());
      assertThat(differ(drawn, exact)).as("%s", builder.build().provenance()).isFalse();
    }
  }

  @Test
  void theGramTestSeesWrongDegreesOfFreedom() {
    double[][] drawn = gramStatistics(r -> subGaussianData().points(5).dimension(7).seed(r).build().gram());
    // Bartlett by hand, with the right χ²(d − i + 1) and then with χ²(d) throughout.
    assertThat(differ(drawn, gramStatistics(r -> bartlett(r, true)))).isFalse();
    assertThat(differ(drawn, gramStatistics(r -> bartlett(r, false)))).isTrue();
  }

  private static DMatrixRMaj bartlett(int replicate, boolean right) {
    RandomStream stream = RandomStream.of(replicate, "by hand");
    DMatrixRMaj lower = new DMatrixRMaj(5, 5);
    for (int i = 0; i < 5; i++) {
      for (int k = 0; k < i; k++) {
        lower.set(i, k, stream.nextGaussian() / Math.sqrt(7));
      }
      lower.set(i, i, Math.sqrt(stream.nextChiSquared(right ? 7 - i : 7) / 7));
    }
    return Products.gramOfLower(lower);
  }
}
