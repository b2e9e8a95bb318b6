package org.liftgrad.theorem.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;

class OrthogonalFlowTest {

  private static ShallowNetwork start(int points, int neurons, double weightScale) {
    for (long seed = 5; ; seed++) {
      ShallowNetwork network =
          ShallowNetworks.shallowNetwork(OrthogonalData.orthogonalData().points(points).seed(seed).build())
              .neurons(neurons).weightScale(weightScale).seed(seed).build();
      if (network.wellInitialised()) {
        return network;
      }
    }
  }

  /** The exact flow, event by event, is another program. */
  @ParameterizedTest
  @CsvSource({"24, 22, 1", "24, 22, 0.01", "60, 80, 0.01", "100, 27, 0.01"})
  void itIsTheExactFlow(int points, int neurons, double weightScale) {
    ShallowNetwork network = start(points, neurons, weightScale);
    OrthogonalFlow followed = OrthogonalFlow.of(network);
    assertThat(followed.follow(1e-12, 1e6)).isTrue();
    Solution exact =
        GradientFlow.gradientFlow(network).until(StopCondition.timeReached(followed.time()))
            .solve();
    ShallowNetwork end = exact.network();
    assertThat(followed.asymptoticRate()).isCloseTo(end.asymptoticRate(), within(2e-3 * end.asymptoticRate()));
    assertThat(Math.log(followed.loss())).isCloseTo(Math.log(exact.loss()), within(0.05));
    assertThat(followed.curvature()).isCloseTo(exact.curvature(), within(0.01 * followed.curvature()));
    double[] energies = end.activeEnergy();
    double[] own = followed.activeEnergy();
    int[] correct = followed.correctNeurons();
    for (int i = 0; i < points; i++) {
      assertThat(own[i]).isCloseTo(energies[i], within(5e-3 * energies[i]));
      assertThat(correct[i]).isPositive();
    }
  }

  /** With steps half as long the rate at the end moves by what the class says. */
  @Test
  void stepsAreShortEnough() {
    ShallowNetwork network = start(300, 31, 0.01);
    OrthogonalFlow usual = OrthogonalFlow.of(network);
    OrthogonalFlow finer = OrthogonalFlow.of(network, 0.5);
    usual.follow(1e-12, 1e6);
    finer.follow(1e-12, 1e6);
    assertThat(usual.asymptoticRate()).isCloseTo(finer.asymptoticRate(), within(1e-3 * finer.asymptoticRate()));
  }

  @Test
  void itsDescentIsTheEnginesDescent() {
    ShallowNetwork network = start(40, 24, 0.01);
    OrthogonalFlow own = OrthogonalFlow.of(network);
    double[] losses = new double[3];
    assertThat(own.descend(1e-8, 1, 1e6, losses)).isTrue();
    Solution engine =
        GradientFlow.gradientFlow(network).method(Method.descent(1)).until(StopCondition.timeReached(own.time())).solve();
    assertThat(own.loss()).isCloseTo(engine.loss(), within(1e-9 * engine.loss()));
    assertThat(losses[0]).isEqualTo(own.loss()).isLessThan(losses[1]);
    assertThat(own.asymptoticRate()).isCloseTo(engine.network().asymptoticRate(), within(1e-9 * own.asymptoticRate()));
    assertThat(OrthogonalFlow.of(network).descend(1e-8, 1, 5, losses)).as("its cap").isFalse();
  }

  @Test
  void otherDataAreRefused() {
    ShallowNetwork network =
        ShallowNetworks.shallowNetwork(SubGaussianData.lawS().points(5).dimension(50).build()).neurons(9).build();
    assertThatThrownBy(() -> OrthogonalFlow.of(network))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("exactly orthogonal");
  }

  /** Also where eigenvalues lie close together and where there are more columns than rows. */
  @ParameterizedTest
  @CsvSource({"1, 1", "7, 3", "40, 60", "150, 12"})
  void theSmallestEigenvalueIsThatOfTheDenseMatrix(int rows, int columns) {
    RandomStream stream = RandomStream.of(9, "low rank", rows, columns);
    double[] diagonal = new double[rows];
    DMatrixRMaj update = new DMatrixRMaj(rows, columns);
    DMatrixRMaj dense = new DMatrixRMaj(rows, rows);
    for (int i = 0; i < rows; i++) {
      diagonal[i] = 1 + 1e-3 * stream.nextUniform();
      for (int j = 0; j < columns; j++) {
        update.set(i, j, Math.max(stream.nextGaussian(), 0));
      }
    }
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < rows; k++) {
        double entry = i == k ? diagonal[i] : 0;
        for (int j = 0; j < columns; j++) {
          entry += update.get(i, j) * update.get(k, j);
        }
        dense.set(i, k, entry);
      }
    }
    var eigen = org.ejml.dense.row.factory.DecompositionFactory_DDRM.eig(rows, false, true);
    eigen.decompose(dense.copy());
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < rows; k++) {
      least = Math.min(least, eigen.getEigenvalue(k).getReal());
    }
    assertThat(new LowRankUpdate(diagonal, update).smallestEigenvalue()).isCloseTo(least, within(1e-8 * least));
  }
}
