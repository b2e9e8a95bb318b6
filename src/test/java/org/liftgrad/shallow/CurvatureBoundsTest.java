package org.liftgrad.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.data.OrthogonalData.orthogonalData;
import static org.liftgrad.data.SubGaussianData.lawS;

import org.assertj.core.data.Offset;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.liftgrad.data.Bounds;
import org.liftgrad.data.Dataset;

class CurvatureBoundsTest {

  /** p‖∇L‖²/L by its formula, with strict indicators. */
  private static double curvature(ShallowNetwork network) {
    Dataset data = network.data();
    DMatrixRMaj gram = data.gram();
    DMatrixRMaj u = network.preactivations();
    double[] r = network.residual();
    int n = data.points();
    double sum = 0;
    for (int j = 0; j < network.neurons(); j++) {
      double along = 0;
      double square = 0;
      for (int i = 0; i < n; i++) {
        if (u.get(i, j) > 0) {
          along += r[i] * u.get(i, j);
          for (int k = 0; k < n; k++) {
            square += u.get(k, j) > 0 ? r[i] * r[k] * gram.get(i, k) : 0;
          }
        }
      }
      sum += network.readout()[j] * network.readout()[j] * square + along * along;
    }
    return sum / (network.neurons() * (double) n * n) / network.loss();
  }

  @Test
  void theBoundsHoldAtEveryStartUnderAssumption1() {
    for (int seed = 0; seed < 100; seed++) {
      Dataset data = lawS().points(8).dimension(64).seed(seed).build();
      ShallowNetwork network = ShallowNetworks.shallowNetwork(data).neurons(18).seed(seed).build();
      CurvatureBounds bounds = CurvatureBounds.of(data);
      double mu = curvature(network);
      double[] e = network.activeEnergy();
      assertThat(mu).isBetween(bounds.lower(e) * (1 - 1e-12), bounds.upper(e) * (1 + 1e-12));
      assertThat(mu).isGreaterThanOrEqualTo(bounds.fitLower(network.residual(), data.labels()) * (1 - 1e-12));
      assertThat(bounds.keyInequalitySlack(e, network.residual(), data.labels())).isGreaterThanOrEqualTo(-1e-12);

      Dataset orthogonal = orthogonalData().points(8).seed(seed).build();
      network = ShallowNetworks.shallowNetwork(orthogonal).neurons(18).balancedReadout().seed(seed).build();
      bounds = CurvatureBounds.of(orthogonal);
      e = network.activeEnergy();
      assertThat(curvature(network)).isBetween(bounds.orthogonalLower(e) * (1 - 1e-12), bounds.orthogonalUpper(e) * (1 + 1e-12));
      assertThat(bounds.orthogonalLower(e)).isCloseTo(bounds.lower(e), Offset.offset(1e-15));
    }
  }

  @Test
  void withoutAssumption1TheUpperBoundFails() {
    int violations = 0;
    for (int seed = 0; seed < 100; seed++) {
      Dataset data = orthogonalData().points(8).seed(seed).build();
      ShallowNetwork network =
          ShallowNetworks.shallowNetwork(data).neurons(18).dominatedReadout(0.1).seed(seed).build();
      violations += curvature(network) > CurvatureBounds.of(data).orthogonalUpper(network.activeEnergy()) ? 1 : 0;
    }
    assertThat(violations).isGreaterThan(50);
  }

  @Test
  void constants() {
    CurvatureBounds bounds = new CurvatureBounds(2, new Bounds(1, 2), new Bounds(1, 2), 0.5, 4);
    assertThat(bounds.constant()).isEqualTo(0.5);
    assertThat(bounds.lower(new double[] {3, 2})).isCloseTo(1, Offset.offset(1e-15));
    assertThat(bounds.upper(new double[] {3, 2})).isCloseTo(24, Offset.offset(1e-15));
    assertThat(bounds.orthogonalLower(new double[] {3, 2})).isCloseTo(2, Offset.offset(1e-15));
    assertThat(bounds.orthogonalUpper(new double[] {3, 2})).isCloseTo(24, Offset.offset(1e-15));
    assertThat(bounds.theoremLower(new double[] {1, 0.5}, new double[] {2, 2})).isCloseTo(0.125, Offset.offset(1e-15));
    assertThat(bounds.fitLower(new double[] {1, 0.5}, new double[] {2, 2})).isCloseTo(0.125, Offset.offset(1e-15));
  }
}
