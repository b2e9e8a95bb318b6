package org.liftgrad.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.data.OrthogonalData.orthogonalData;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.RandomStream;

class OneNeuronGroupTest {

  /** s' = (D/n)(1 − s²), v' = (2v/n)(D s − v/p), by classical Runge and Kutta. */
  private static double[] integrated(OneNeuronGroup group, double time, int steps) {
    double[] y = {group.alignment(), Math.log(group.squaredNorm())};
    double h = time / steps;
    for (int k = 0; k < steps; k++) {
      double[] k1 = slope(group, y, y, 0);
      double[] k2 = slope(group, y, k1, h / 2);
      double[] k3 = slope(group, y, k2, h / 2);
      double[] k4 = slope(group, y, k3, h);
      for (int c = 0; c < 2; c++) {
        y[c] += h / 6 * (k1[c] + 2 * k2[c] + 2 * k3[c] + k4[c]);
      }
    }
    return new double[] {y[0], Math.exp(y[1])};
  }

  private static double[] slope(OneNeuronGroup g, double[] y, double[] k, double h) {
    double s = y[0] + h * k[0];
    double v = Math.exp(y[1] + h * k[1]);
    double d = g.targetNorm();
    return new double[] {d / g.points() * (1 - s * s), 2 / g.points() * (d * s - v / g.neurons())};
  }

  @Test
  void agreesWithRungeAndKutta() {
    RandomStream stream = RandomStream.of(1, "test");
    for (int r = 0; r < 40; r++) {
      OneNeuronGroup group =
          new OneNeuronGroup(
              1 + stream.nextInt(50), 1 + stream.nextInt(6), stream.nextUniform(0.3, 8),
              StrictMath.exp(stream.nextUniform(-6, 3)), r % 4 == 0 ? 0 : stream.nextUniform(0.01, 1.9));
      for (double tau : new double[] {0, 0.1, 1, 4}) {
        double time = tau * group.points() / group.targetNorm();
        double[] expected = integrated(group, time, 4000);
        assertThat(group.alignment(time)).isCloseTo(expected[0], Offset.offset(1e-10));
        double v = expected[1];
        assertThat(group.squaredNorm(time)).isCloseTo(v, Offset.offset(1e-9 * v));
        double d = group.targetNorm();
        double p = group.neurons();
        double loss = (d * d + v * v / (p * p) - 2 * v * d * expected[0] / p) / (2 * group.points());
        assertThat(group.loss(time)).isCloseTo(loss, Offset.offset(1e-9 * (1 + loss)));
        assertThat(group.logLoss(time)).isCloseTo(Math.log(group.loss(time)), Offset.offset(1e-10));
      }
    }
  }

  @Test
  void theTheoryFilesFormulas() {
    OneNeuronGroup group = new OneNeuronGroup(12, 3, 2.5, 0.2, 0.6);
    double tau = 1.7;
    double time = tau * 12 / 2.5;
    double s0 = 0.4;
    double s = (Math.sinh(tau) + s0 * Math.cosh(tau)) / (Math.cosh(tau) + s0 * Math.sinh(tau));
    double c = Math.cosh(tau) + s0 * Math.sinh(tau);
    double integral =
        tau / 2 + Math.sinh(2 * tau) / 4 + s0 * Math.pow(Math.sinh(tau), 2) + s0 * s0 * (Math.sinh(2 * tau) / 4 - tau / 2);
    assertThat(group.alignment(time)).isCloseTo(s, Offset.offset(1e-14));
    assertThat(group.squaredNorm(time))
        .isCloseTo(c * c / (1 / 0.2 + 2 / (3 * 2.5) * integral), Offset.offset(1e-13));
    OneNeuronGroup aligned = OneNeuronGroup.aligned(12, 3, 2.5, 0.2);
    double grown = Math.exp(2 * tau);
    assertThat(aligned.squaredNorm(time))
        .isCloseTo(7.5 * 0.2 * grown / (7.5 + 0.2 * (grown - 1)), Offset.offset(1e-13));
    assertThat(aligned.alignment(time)).isEqualTo(1);
  }

  @Test
  void curvatureIsTheDerivativeOfTheLogLoss() {
    for (double s0 : new double[] {-0.5, 0.2, 0.9, 1}) {
      OneNeuronGroup group = new OneNeuronGroup(10, 4, 3, 0.5, 1 - s0);
      for (double time : new double[] {0.5, 3, 20, 100}) {
        double h = 1e-4;
        double slope = (group.logLoss(time - h) - group.logLoss(time + h)) / (2 * h);
        assertThat(group.curvature(time)).isCloseTo(slope, Offset.offset(1e-7));
      }
      // Theory 4.4: 2‖D‖/n unaligned, 4‖D‖/n aligned.
      assertThat(group.curvature(1e6)).isCloseTo((s0 == 1 ? 4 : 2) * 0.3, Offset.offset(1e-12));
    }
  }

  @Test
  void lateTimesNeitherOverflowNorLoseDigits() {
    for (double s0 : new double[] {-0.999, 0, 0.7, 1}) {
      OneNeuronGroup group = new OneNeuronGroup(100, 5, 4, 1e-6, 1 - s0);
      for (double time : new double[] {1e3, 1e5, 1e9, 1e300}) {
        assertThat(group.alignment(time)).isBetween(0.999, 1.0);
        assertThat(group.squaredNorm(time)).isCloseTo(20, Offset.offset(1e-9));
        assertThat(group.loss(time)).isBetween(0.0, 1e-9);
        assertThat(group.logLoss(time)).isFinite().isNegative();
        assertThat(group.curvature(time)).isFinite().isPositive();
      }
      // Far beyond where the loss underflows its logarithm still falls at the curvature's rate.
      double rate = (group.logLoss(1e5) - group.logLoss(1e5 + 10)) / 10;
      assertThat(rate).isCloseTo(group.curvature(1e5), Offset.offset(1e-6));
    }
  }

  @Test
  void timeOfRemainingLoss() {
    OneNeuronGroup group = OneNeuronGroup.aligned(1000, 2, 30, 0.01);
    for (double fraction : new double[] {0.9, 0.5, 1e-6}) {
      double time = group.timeOfRemaining(fraction);
      assertThat(group.loss(time) / group.loss(0)).isCloseTo(fraction, Offset.offset(1e-12));
    }
    // Theory 4.5 at n = 10¹⁸ points a group, d = 1/√2 and √2: t(½) 4d/(√n log n) = 0.974 and 1.008.
    double n = 1e18;
    for (double d : new double[] {Math.sqrt(2), 1 / Math.sqrt(2)}) {
      OneNeuronGroup half = OneNeuronGroup.aligned(2 * n, 2, d * Math.sqrt(n), 1);
      double ratio = half.timeOfRemaining(0.5) * 4 * d / (2 * Math.sqrt(n) * Math.log(n));
      assertThat(ratio).isBetween(0.96, 1.08);
    }
    assertThatThrownBy(() -> OneNeuronGroup.aligned(10, 1, 1, 1).timeOfRemaining(0.5))
        .hasMessage(
            "squaredNorm is 1.0; it must be other than neurons · targetNorm for an aligned group, which has no loss then.");
    assertThatThrownBy(() -> new OneNeuronGroup(10, 1, 0, 1, 0.5))
        .hasMessage("targetNorm is 0.0; it must be a finite number above 0.");
  }

  @Test
  void ofANetwork() {
    Dataset data = orthogonalData().points(12).norms(1, 1).groups(3).seed(1).build();
    ShallowNetwork network = ShallowNetworks.shallowNetwork(data).groupInitialisation().seed(1).build();
    double loss = 0;
    for (int g = 0; g < 3; g++) {
      loss += OneNeuronGroup.of(network, g).loss(0);
    }
    assertThat(loss).isCloseTo(network.loss(), Offset.offset(1e-14));
    ShallowNetwork aligned = ShallowNetworks.shallowNetwork(data).alignedGroupInitialisation().build();
    assertThat(OneNeuronGroup.of(aligned, 2).misalignment()).as("not a rounding error above it").isZero();
  }
}
