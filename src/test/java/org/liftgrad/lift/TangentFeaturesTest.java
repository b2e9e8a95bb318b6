package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.kernel.RandomStream;

/** Tangent steps, checks F1 to F4 and F9 of the theory file, and Lemma 2.4. */
class TangentFeaturesTest {

  private static final Regression PRODUCT = Regression.onGrid(5, 2, x -> x[0] * x[1]);

  private static LiftedNetwork network(int width, int degree, long seed) {
    return LiftBuilder.lift(Architectures.perceptron(2, Activation.tanh())).fibre("x", 2).width("h1", width)
        .width("h2", width).inDegree(degree).weights(ParameterLaw.normal(1.5)).readout(ReadoutLaw.overWidth(1)).seed(seed)
        .sparse();
  }

  private static double residualAfter(LiftedNetwork network, double[] step) {
    // J u by central differences.
    double h = 1e-6;
    double[] up = network.parameters();
    double[] down = network.parameters();
    for (int k = 0; k < step.length; k++) {
      up[k] += h * step[k];
      down[k] -= h * step[k];
    }
    Passes passes = new Passes(network.lift(), PRODUCT);
    double[] above = new double[PRODUCT.samples()];
    double[] below = new double[PRODUCT.samples()];
    double[] here = new double[PRODUCT.samples()];
    passes.outputs(up, above);
    passes.outputs(down, below);
    passes.outputs(network.parameters(), here);
    for (int s = 0; s < here.length; s++) {
      here[s] += (above[s] - below[s]) / (2 * h);
    }
    return PRODUCT.loss(here);
  }

  private static double norm(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value * value;
    }
    return Math.sqrt(sum);
  }

  @Test
  void theStepHasTheNormAndLeavesTheResidualThatAreSaid_F1() {
    for (int width : new int[] {2, 4, 16}) {
      LiftedNetwork network = network(width, 2, 1);
      TangentFeatures tangent = TangentFeatures.of(network, PRODUCT);
      assertThat(tangent.loss()).isCloseTo(new Passes(network.lift(), PRODUCT).loss(network.parameters()), within(1e-13));
      assertThat(residualAfter(network, new double[network.lift().parameters()])).isCloseTo(tangent.loss(), within(1e-9));
      double level = 0.5 * (tangent.loss() + tangent.leastResidual());
      double radius = tangent.normFor(level);
      assertThat(tangent.residualWithin(radius)).isCloseTo(level, within(1e-9));
      double[] step = tangent.stepWithin(radius);
      assertThat(norm(step)).isCloseTo(radius, within(1e-9 * radius));
      assertThat(residualAfter(network, step)).isCloseTo(level, within(1e-7));
      // No other step of this norm does better.
      RandomStream stream = RandomStream.of(4, "steps", width);
      for (int draw = 0; draw < 20; draw++) {
        double[] other = Draws.gaussian(stream, step.length);
        double scale = 0.1 * radius / norm(other);
        for (int k = 0; k < other.length; k++) {
          other[k] = step[k] + scale * other[k];
        }
        double back = radius / norm(other);
        for (int k = 0; k < other.length; k++) {
          other[k] *= back;
        }
        assertThat(residualAfter(network, other)).isGreaterThan(level - 1e-7);
      }
      assertThat(tangent.residualWithin(0)).isEqualTo(tangent.loss());
      assertThat(tangent.isApproximable(0, tangent.loss() * 1.001)).isTrue();
      assertThat(tangent.isApproximable(0, tangent.loss() * 0.999)).isFalse();
    }
  }

  /** Along directions in which J does almost nothing, where a division by the squares of its singular values is lost. */
  @Test
  void aLongStepHasItsNormToo() {
    int cut = 0;
    for (int draw = 0; draw < 24; draw++) {
      LiftedNetwork network = network(draw % 2 == 0 ? 3 : 12, 2, draw);
      TangentFeatures tangent = TangentFeatures.of(network, PRODUCT);
      for (double radius : new double[] {1e3, 1e6, 1e9}) {
        double[] step = tangent.stepWithin(radius);
        assertThat(norm(step)).as("draw " + draw).isLessThanOrEqualTo(radius * (1 + 1e-9));
        if (tangent.residualWithin(2 * radius) < tangent.residualWithin(radius)) {
          assertThat(norm(step)).as("draw " + draw).isCloseTo(radius, within(1e-9 * radius));
          cut++;
        }
      }
    }
    assertThat(cut).as("steps that are cut").isGreaterThanOrEqualTo(3);
  }

  @Test
  void theGradientIsAsLongAsLemma24Demands_F2_F3() {
    int networks = 0;
    for (int draw = 0; draw < 60; draw++) {
      LiftedNetwork network = network(2 + draw % 7, 2, draw);
      TangentFeatures tangent = TangentFeatures.of(network, PRODUCT);
      double[] gradient = new double[network.lift().parameters()];
      new Passes(network.lift(), PRODUCT).gradient(network.parameters(), gradient);
      assertThat(tangent.gradientNorm()).isCloseTo(norm(gradient), within(1e-10 * Math.max(1, norm(gradient))));
      double root = Math.sqrt(tangent.loss());
      for (int k = 0; k < 20; k++) {
        double radius = Math.pow(10, -3 + 0.3 * k);
        double drop = root - Math.sqrt(tangent.residualWithin(radius));
        assertThat(tangent.gradientNorm()).isGreaterThanOrEqualTo(2 / radius * root * drop - 1e-9);
        assertThat(tangent.rayleighQuotient()).isGreaterThanOrEqualTo(drop * drop / radius / radius - 1e-9);
      }
      networks++;
    }
    assertThat(networks).isEqualTo(60);
  }

  @Test
  void theRootOfTheResidualFallsAndIsConvex_F4() {
    TangentFeatures tangent = TangentFeatures.of(network(6, 2, 3), PRODUCT);
    double[] roots = new double[60];
    for (int k = 0; k < roots.length; k++) {
      roots[k] = Math.sqrt(tangent.residualWithin(0.02 * k));
    }
    for (int k = 1; k < roots.length; k++) {
      assertThat(roots[k]).isLessThanOrEqualTo(roots[k - 1] + 1e-12);
      assertThat(k == 1 || roots[k] + roots[k - 2] - 2 * roots[k - 1] >= -1e-9).isTrue();
    }
  }

  @Test
  void withInDegreeOneNoTangentStepReachesTheProduct_F9() {
    for (int width : new int[] {8, 32}) {
      LiftedNetwork network =
          LiftBuilder.lift(Architectures.perceptron(2, Activation.tanh())).fibre("x", 2).width("h1", width)
              .width("h2", width).inDegree(1).weights(ParameterLaw.normal(1.5)).seed(width).sparse();
      TangentFeatures tangent = TangentFeatures.of(network, PRODUCT);
      assertThat(tangent.leastResidual() / PRODUCT.lossOfZero()).isCloseTo(1, within(1e-10));
      assertThat(tangent.normFor(0.5 * PRODUCT.lossOfZero())).isInfinite();
      // With two parents it does.
      assertThat(TangentFeatures.of(network(width, 2, 1), PRODUCT).leastResidual() / PRODUCT.lossOfZero()).isLessThan(0.6);
    }
  }

  @Test
  void theReadoutAloneCanDoLess() {
    LiftedNetwork network = network(20, 2, 2);
    TangentFeatures all = TangentFeatures.of(network, PRODUCT);
    TangentFeatures readout = TangentFeatures.ofReadout(network, PRODUCT);
    assertThat(readout.stepWithin(1)).hasSize(21);
    assertThat(readout.residualWithin(0.1)).isGreaterThan(all.residualWithin(0.1));
    assertThatThrownBy(() -> all.residualWithin(-1)).hasMessage("radius is -1.0; it must be at least 0.");
  }
}
