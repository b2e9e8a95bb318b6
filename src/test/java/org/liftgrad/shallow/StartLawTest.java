package org.liftgrad.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.data.SubGaussianData.lawS;
import static org.liftgrad.data.SubGaussianData.subGaussianData;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Inputs;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.statistics.KolmogorovSmirnov;

/**
 * Starts on data that are exact in law against starts on drawn inputs: two-sample Kolmogorov-Smirnov
 * tests on statistics of Gram matrix, pre-activations and weight norms together. Seeds are fixed; each
 * comparison has a false-alarm rate of 10⁻³, shared among its statistics by Bonferroni. Small sizes
 * (4 points, 3 neurons, dimension 8) make a wrong degree of freedom large.
 */
class StartLawTest {

  private static final double FALSE_ALARM = 1e-3;
  private static final int REPLICATES = 2000;
  private static final int N = 4;
  private static final int P = 3;
  private static final int D = 8;

  /** What a start consists of, whichever way it was made. */
  private record Drawn(DMatrixRMaj gram, DMatrixRMaj preactivations, double[] squaredNorms) {
    static Drawn of(ShallowNetwork network) {
      return new Drawn(network.data().gram(), network.preactivations(), network.squaredWeightNorms());
    }
  }

  private static double[][] statistics(IntFunction<Drawn> draw) {
    double[][] statistics = new double[9][REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      Drawn drawn = draw.apply(r);
      DMatrixRMaj gram = drawn.gram;
      DMatrixRMaj u = drawn.preactivations;
      // The part of the weights in the span of the inputs: Uᵀ G⁻¹ U.
      DMatrixRMaj solved = new DMatrixRMaj(N, P);
      CommonOps_DDRM.solve(gram.copy(), u.copy(), solved);
      DMatrixRMaj inside = new DMatrixRMaj(P, P);
      CommonOps_DDRM.multTransA(u, solved, inside);
      DMatrixRMaj square = new DMatrixRMaj(P, P);
      CommonOps_DDRM.multTransA(u, u, square);
      double w0 = drawn.squaredNorms[0];
      double w1 = drawn.squaredNorms[1];
      statistics[0][r] = u.get(0, 0);
      statistics[1][r] = w0;
      statistics[2][r] = inside.get(0, 0) / w0;
      statistics[3][r] = inside.get(0, 1) / Math.sqrt(w0 * w1);
      statistics[4][r] = square.get(0, 1);
      statistics[5][r] = u.get(1, 0) * u.get(2, 0) * gram.get(1, 2);
      statistics[6][r] = CommonOps_DDRM.trace(square) / CommonOps_DDRM.trace(gram);
      statistics[7][r] = CommonOps_DDRM.trace(inside) / Arrays.stream(drawn.squaredNorms).sum();
      statistics[8][r] = inside.get(0, 1) * inside.get(1, 2) * inside.get(0, 2);
    }
    return statistics;
  }

  private static boolean differ(double[][] first, double[][] second) {
    return IntStream.range(0, first.length)
        .anyMatch(k -> KolmogorovSmirnov.twoSamples(first[k], second[k]).rejectsAt(FALSE_ALARM / first.length));
  }

  private static SubGaussianData data(SubGaussianData law) {
    return law.points(N).dimension(D);
  }

  /** Neurons that are far from independent of each other and of unequal norms. */
  private static WeightLaw correlated() {
    RandomStream stream = RandomStream.of(77, "given weights");
    DMatrixRMaj w = new DMatrixRMaj(P, D);
    for (int k = 0; k < D; k++) {
      double shared = stream.nextGaussian();
      for (int j = 0; j < P; j++) {
        w.set(j, k, (j + 1) * (shared + 0.5 * stream.nextGaussian()));
      }
    }
    return WeightLaw.given(w);
  }

  @Test
  void startsInLawHaveTheLawOfDrawnOnes() {
    for (SubGaussianData law : List.of(subGaussianData(), lawS())) {
      for (WeightLaw weights : List.of(WeightLaw.uniform(), WeightLaw.gaussian(0.7), correlated())) {
        double[][] drawn =
            statistics(r -> Drawn.of(start(data(law).seed(r).build(), weights, r)));
        double[][] exact =
            statistics(r -> Drawn.of(start(data(law).exactInLaw().seed(r + 50_000).build(), weights, r + 50_000)));
        assertThat(differ(drawn, exact)).as("%s weights", weights).isFalse();
      }
    }
  }

  private static ShallowNetwork start(Dataset data, WeightLaw weights, int seed) {
    return ShallowNetworks.shallowNetwork(data).neurons(P).weights(weights).seed(seed).build();
  }

  /** The recipe by hand, with a knob for each of its parts that can be forgotten. */
  private static Drawn byHand(int replicate, int dimensionBelow, boolean root, boolean scaled) {
    Dataset data = data(subGaussianData()).exactInLaw().seed(replicate + 90_000).build();
    DMatrixRMaj factor = ((Inputs.Implied) data.inputs()).factor();
    DMatrixRMaj weightGram =
        Products.gram(((WeightLaw.Given) correlated()).weights());
    DMatrixRMaj corner = Start.rotationCorner(N, P, dimensionBelow, replicate + 90_000);
    DMatrixRMaj inFrame = Products.timesTransposed(corner, root ? Products.choleskyLower(weightGram) : diagonalRoot(weightGram));
    if (!scaled) {
      CommonOps_DDRM.scale(1.15, inFrame);
    }
    double[] norms = new double[P];
    Arrays.setAll(norms, j -> weightGram.get(j, j));
    return new Drawn(data.gram(), Products.lowerTimes(factor, inFrame), norms);
  }

  private static DMatrixRMaj diagonalRoot(DMatrixRMaj gram) {
    DMatrixRMaj root = new DMatrixRMaj(P, P);
    for (int j = 0; j < P; j++) {
      root.set(j, j, Math.sqrt(gram.get(j, j)));
    }
    return root;
  }

  @Test
  void theTestsSeeEachBrokenPart() {
    double[][] drawn =
        statistics(r -> Drawn.of(start(data(subGaussianData()).seed(r).build(), correlated(), r)));
    assertThat(differ(drawn, statistics(r -> byHand(r, D, true, true)))).as("the recipe").isFalse();
    assertThat(differ(drawn, statistics(r -> byHand(r, D + 1, true, true))))
        .as("one degree of freedom too many").isTrue();
    assertThat(differ(drawn, statistics(r -> byHand(r, D, false, true))))
        .as("the correlation of the weights forgotten (Rᵀ)").isTrue();
    assertThat(differ(drawn, statistics(r -> byHand(r, D, true, false)))).as("a factor of 1.15").isTrue();
  }

  @Test
  void gaussianNormsHaveTheRightDegreesOfFreedom() {
    // ‖w‖²/s² is χ²(d), and its part beyond the inputs χ²(d − n): one too many is seen.
    double[] norms = new double[5000];
    double[] wrong = new double[norms.length];
    Dataset data = data(subGaussianData()).exactInLaw().build();
    for (int r = 0; r < norms.length; r++) {
      norms[r] = start(data, WeightLaw.gaussian(2), r).squaredWeightNorms()[0] / 4;
      wrong[r] = norms[r] + RandomStream.of(r, "wrong").nextChiSquared(1);
    }
    assertThat(
            KolmogorovSmirnov.oneSample(norms, x -> org.liftgrad.statistics.ChiSquared.distribution(x, D))
                .rejectsAt(FALSE_ALARM))
        .isFalse();
    assertThat(
            KolmogorovSmirnov.oneSample(wrong, x -> org.liftgrad.statistics.ChiSquared.distribution(x, D))
                .rejectsAt(FALSE_ALARM))
        .isTrue();
  }
}
