package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.Problems.largestDifference;
import static org.liftgrad.flow.StopCondition.lossBelow;
import static org.liftgrad.flow.StopCondition.timeReached;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.shallow.ShallowNetwork;

/** What must hold of every run, on random problems; the seed is in the name of the failing test. */
class FlowPropertiesTest {

  /** Shapes from far more dimensions than points to fewer, where the products change their form. */
  private static ShallowNetwork problem(long seed) {
    int[][] shapes = {{8, 200, 6}, {12, 12, 9}, {25, 8, 7}, {15, 40, 12}};
    int[] shape = shapes[(int) (seed % shapes.length)];
    return Problems.random(shape[0], shape[1], shape[2], seed);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theCurvatureIsTheRateOfTheLossAndTheQuantityIsConserved(long seed) {
    Solution run =
        gradientFlow(problem(seed))
            .until(timeReached(60))
            // Further down the logarithm of the loss has fewer digits than are asked for.
            .until(lossBelow(1e-18))
            .observe(Observer.loss(), Observer.curvatureIntegral(), Observer.conservationDrift())
            .solve();
    double[] loss = run.column("loss");
    for (int k = 1; k < loss.length; k++) {
      assertThat(loss[k]).isLessThanOrEqualTo(loss[k - 1] * (1 + 1e-12));
    }
    double integral = run.last("curvature integral");
    assertThat(Math.log(loss[0] / run.last("loss"))).isCloseTo(integral, within(1e-7 * integral));
    assertThat(Arrays.stream(run.column("conservation drift")).max().orElseThrow()).isLessThan(1e-10);
    assertThat(run.statistics().mostSliding()).isPositive();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aTighterToleranceGivesTheSameState(long seed) {
    Solution loose = gradientFlow(problem(seed)).until(timeReached(20)).tolerance(1e-8).solve();
    Solution tight = gradientFlow(problem(seed)).until(timeReached(20)).tolerance(1e-13).solve();
    assertThat(tight.warning()).as("the margin of this instance").isEmpty();
    assertThat(largestDifference(loose.network(), tight.network())).isLessThan(1e-8);
    assertThat(tight.network().loss()).isEqualTo(tight.loss());
  }

  @ParameterizedTest
  @EnumSource(ProductPath.class)
  void anyPathOfProductsIsNamedAndGivesTheSameFlow(ProductPath path) {
    GradientFlow flow = gradientFlow(problem(4)).until(timeReached(20));
    Solution chosen = flow.products(path).solve();
    assertThat(chosen.provenance().facts()).containsEntry("products", DenseProducts.of(path).name());
    assertThat(largestDifference(chosen.network(), flow.products(ProductPath.JAVA).solve().network())).isLessThan(1e-9);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void rotatingTheInputsAndTheWeightsChangesNothing(long seed) {
    ShallowNetwork network = problem(seed);
    DMatrixRMaj inputs = network.data().storedInputs().orElseThrow();
    DMatrixRMaj weights = network.weights().orElseThrow();
    DMatrixRMaj rotation =
        RandomMatrices_DDRM.orthogonal(inputs.numCols, inputs.numCols, new java.util.Random(seed));
    ShallowNetwork rotated =
        Problems.network(
            rows(times(inputs, rotation)),
            network.data().labels(),
            rows(times(weights, rotation)),
            network.readout());
    Solution plain = gradientFlow(network).until(timeReached(15)).solve();
    Solution turned = gradientFlow(rotated).until(timeReached(15)).solve();
    assertThat(largestDifference(plain.network(), turned.network())).isLessThan(1e-9);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void permutingTheNeuronsPermutesTheResult(long seed) {
    ShallowNetwork network = problem(seed);
    double[][] inputs = rows(network.data().storedInputs().orElseThrow());
    double[][] weights = rows(network.weights().orElseThrow());
    double[] readout = network.readout();
    int p = readout.length;
    double[][] reversedWeights = new double[p][];
    double[] reversedReadout = new double[p];
    for (int j = 0; j < p; j++) {
      reversedWeights[j] = weights[p - 1 - j];
      reversedReadout[j] = readout[p - 1 - j];
    }
    Solution plain = gradientFlow(network).until(timeReached(15)).solve();
    Solution reversed =
        gradientFlow(
                Problems.network(inputs, network.data().labels(), reversedWeights, reversedReadout))
            .until(timeReached(15))
            .solve();
    for (int j = 0; j < p; j++) {
      assertThat(reversed.network().readout()[p - 1 - j])
          .isCloseTo(plain.network().readout()[j], within(1e-9));
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void parallelInputsAreRefusedWithAdvice(long seed) {
    ShallowNetwork network = problem(seed);
    double[][] inputs = rows(network.data().storedInputs().orElseThrow());
    for (int k = 0; k < inputs[0].length; k++) {
      inputs[1][k] = -3 * inputs[0][k];
    }
    ShallowNetwork doubled =
        Problems.network(
            inputs, network.data().labels(), rows(network.weights().orElseThrow()), network.readout());
    assertThatThrownBy(() -> gradientFlow(doubled).until(timeReached(10)).solve())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("inputs 0 and 1 is parallel");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2})
  void theSameProblemGivesTheSameBytes(long seed) {
    Solution first = gradientFlow(problem(seed)).until(lossBelow(1e-8)).until(timeReached(500)).solve();
    Solution second = gradientFlow(problem(seed)).until(lossBelow(1e-8)).until(timeReached(500)).solve();
    assertThat(first.network().preactivations().data)
        .isEqualTo(second.network().preactivations().data);
    assertThat(first.statistics()).isEqualTo(second.statistics());
  }

  private static DMatrixRMaj times(DMatrixRMaj left, DMatrixRMaj right) {
    DMatrixRMaj product = new DMatrixRMaj(left.numRows, right.numCols);
    CommonOps_DDRM.mult(left, right, product);
    return product;
  }

  private static double[][] rows(DMatrixRMaj matrix) {
    double[][] rows = new double[matrix.numRows][matrix.numCols];
    for (int i = 0; i < matrix.numRows; i++) {
      for (int k = 0; k < matrix.numCols; k++) {
        rows[i][k] = matrix.get(i, k);
      }
    }
    return rows;
  }
}
