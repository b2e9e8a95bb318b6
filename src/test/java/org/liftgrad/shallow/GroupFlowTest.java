package org.liftgrad.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.data.OrthogonalData.orthogonalData;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;

class GroupFlowTest {

  private static final double LARGE = Math.sqrt(2);
  private static final double SMALL = Math.sqrt(0.5);

  /** Theory file, 4.5: two groups with d = √2 and 1/√2, v(0) = 1. */
  @ParameterizedTest(name = "n = {0}")
  @CsvSource({"1e4,1.036,0.888,7.00,8.04", "1e8,1.017,0.942,7.25,7.83", "1e18,1.008,0.974,7.32,7.57"})
  void theTheoryFilesTimes(double points, double large, double small, double largeWidth, double smallWidth) {
    GroupFlow flow = GroupFlow.targets(LARGE, SMALL).points(points);
    assertThat(flow.timeOfRemaining(0, 0.5) / flow.limitTime(0)).isCloseTo(large, within(6e-4));
    assertThat(flow.timeOfRemaining(1, 0.5) / flow.limitTime(1)).isCloseTo(small, within(6e-4));
    assertThat(flow.relativeWidth(0, 0.1) * flow.logPoints()).isCloseTo(largeWidth, within(0.06));
    assertThat(flow.relativeWidth(1, 0.1) * flow.logPoints()).isCloseTo(smallWidth, within(0.3));
  }

  @Test
  void atTenToTheEightyTheWidthIsThatOfTheLimit() {
    GroupFlow flow = GroupFlow.targets(LARGE, SMALL).points(1e80);
    assertThat(GroupFlow.limitWidth(0.1)).isCloseTo(7.376, within(5e-4));
    assertThat(flow.relativeWidth(0, 0.1) * flow.logPoints()).isCloseTo(7.36, within(0.006));
    assertThat(flow.relativeWidth(1, 0.1) * flow.logPoints()).isCloseTo(7.42, within(0.006));
    GroupFlow further = GroupFlow.targets(LARGE, SMALL).logPoints(1e8);
    assertThat(further.relativeWidth(0, 0.1) * further.logPoints()).isCloseTo(GroupFlow.limitWidth(0.1), within(2e-6));
    assertThat(further.timeOfRemaining(0, 0.5)).isCloseTo(further.limitTime(0), within(1e-8));
  }

  /** Theory file, 4.5: the largest distance to the step function over L(0), in 4T at least 0.2 from its jumps at 1/d_j. */
  @ParameterizedTest(name = "n = {0}")
  @CsvSource({"1e4,0.149", "1e8,0.059", "1e18,0.014", "1e40,4e-4"})
  void theLossTendsToSteps(double points, double distance) {
    GroupFlow flow = GroupFlow.targets(LARGE, SMALL).points(points);
    double most = 0;
    for (int k = 0; k <= 20_000; k++) {
      double rescaled = k / 20_000.0;
      boolean near = false;
      for (int j = 0; j < 2; j++) {
        near |= 4 * Math.abs(rescaled - flow.limitTime(j)) < 0.2;
      }
      if (!near) {
        most = Math.max(most, Math.abs(flow.loss(rescaled) - flow.limitLoss(rescaled)));
      }
    }
    // The file gives two digits, or one.
    assertThat(most / flow.limitLoss(0)).isCloseTo(distance, within(distance * (points == 1e40 ? 0.1 : 0.04)));
  }

  @Test
  void ofANetworkItIsItsGroups() {
    for (long seed = 1; seed <= 20; seed++) {
      Dataset data =
          orthogonalData().points(4 + (int) seed).norms(1, 1).groups(1 + (int) seed % 4).seed(seed).build();
      ShallowNetwork network =
          ShallowNetworks.shallowNetwork(data).groupInitialisation().scale(0.1 + 0.1 * seed).seed(seed).build();
      GroupFlow flow = GroupFlow.of(network);
      assertThat(flow.loss(0)).isCloseTo(network.loss(), within(1e-14 * network.loss()));
      for (double time : new double[] {0.5, 3, 20, 400}) {
        double loss = 0;
        double fall = 0;
        for (int g = 0; g < flow.groups(); g++) {
          OneNeuronGroup group = OneNeuronGroup.of(network, g);
          loss += group.loss(time);
          fall += group.loss(time) * group.curvature(time);
          assertThat(flow.loss(g, flow.rescaledTime(time))).isCloseTo(group.loss(time), within(1e-12 * group.loss(time)));
        }
        double rescaled = flow.rescaledTime(time);
        assertThat(flow.flowTime(rescaled)).isCloseTo(time, within(1e-13 * time));
        assertThat(flow.loss(rescaled)).isCloseTo(loss, within(1e-12 * loss));
        assertThat(flow.curvature(rescaled)).isCloseTo(fall / loss, within(1e-12 * fall / loss));
        assertThat(flow.logLoss(rescaled)).isCloseTo(Math.log(loss), within(1e-12));
      }
    }
  }

  @ParameterizedTest(name = "n = {0}")
  @ValueSource(doubles = {10, 1e9, 1e80, 1e300})
  void curvatureFromStartToEnd(double points) {
    GroupFlow flow = GroupFlow.targets(LARGE, SMALL).squaredNorm(0.25).points(points);
    for (int j = 0; j < 2; j++) {
      double start = 4 * 0.25 / (2 * Math.sqrt(points));
      assertThat(flow.rootCurvature(j, 0)).isCloseTo(start, within(1e-13 * start));
      assertThat(flow.rootCurvature(j, 1e5)).isCloseTo(4 * flow.target(j), within(1e-13));
    }
    // Long after every loss has underflown the slower group is all that is left.
    assertThat(flow.loss(1e5)).isZero();
    assertThat(flow.rootCurvature(1e5)).isCloseTo(4 * SMALL, within(1e-13));
    double step = 1e-3;
    double slope = (flow.logLoss(1e5) - flow.logLoss(1e5 + step)) / (step * flow.logPoints());
    assertThat(slope).isCloseTo(4 * SMALL, within(1e-4));
    GroupFlow turned = GroupFlow.targets(LARGE, SMALL).misalignment(0.2).points(points);
    assertThat(turned.rootCurvature(1e5)).isCloseTo(2 * SMALL, within(1e-13));
  }

  @Test
  void theTimeAtWhichAFractionOfAllIsLeft() {
    for (double points : new double[] {4, 1e6, 1e80, 1e300}) {
      for (double misalignment : new double[] {0, 1e-20, 0.3}) {
        GroupFlow flow = GroupFlow.targets(1.3, 0.8, 0.4).squaredNorm(0.01).misalignment(misalignment).points(points);
        for (double fraction : new double[] {0.999, 0.5, 0.1, 1e-9, 1e-300}) {
          double time = flow.timeOfRemaining(fraction);
          assertThat(flow.logLoss(time) - flow.logLoss(0))
              .as(flow + ", " + fraction)
              .isCloseTo(Math.log(fraction), within(1e-12 * (1 + flow.logPoints())));
        }
      }
    }
  }

  @Test
  void byALawOfLabelsTheTargetsAreTheirLimits() {
    GroupFlow.Draft draft = GroupFlow.targets(Labels.signed(1, 2), 0.75, 0.25);
    GroupFlow flow = draft.points(1e6);
    assertThat(flow.target(0)).isCloseTo(Math.sqrt(0.75 * 7 / 3), within(1e-15));
    // E y⁴ = 31/5.
    double deviation = Math.sqrt(31 / 5.0 - 49 / 9.0) / (2 * 7 / 3.0) / Math.sqrt(0.25e6);
    assertThat(flow.targetDeviation(1)).isCloseTo(deviation, within(1e-15));
    assertThat(draft.points(1e80).targetDeviation(0)).isBetween(0.0, 1e-40);
    assertThat(GroupFlow.targets(Labels.constant(-3), 1).points(100).target(0)).isEqualTo(3);
    assertThat(GroupFlow.targets(1, 2).points(100).targetDeviation(1)).isZero();
  }

  /** Two-sided, each at five standard deviations: a false alarm in a million, over 80 statistics in 20,000. */
  @Test
  void drawnDataAreAsFarFromTheLimitAsTheDeviationSays() {
    int points = 4000;
    double squares = 0;
    double cosines = 0;
    int draws = 40;
    GroupFlow limit = GroupFlow.targets(Labels.signed(1, 2), 0.5, 0.5).randomDirections().points(points);
    double expected = Math.sqrt(2 / Math.PI) * 1.5 / Math.sqrt(7 / 3.0);
    for (int seed = 0; seed < draws; seed++) {
      Dataset data = orthogonalData().points(points).norms(1, 1).groups(2).seed(seed).build();
      ShallowNetwork network = ShallowNetworks.shallowNetwork(data).groupInitialisation().seed(seed).build();
      GroupFlow drawn = GroupFlow.of(network);
      for (int g = 0; g < 2; g++) {
        double z = (drawn.target(g) / limit.target(g) - 1) / limit.targetDeviation(g);
        assertThat(z).as("seed " + seed).isBetween(-5.0, 5.0);
        squares += z * z;
        cosines += OneNeuronGroup.of(network, g).alignment() - expected;
      }
    }
    // χ² of 80 degrees of freedom: within six standard deviations.
    assertThat(squares).isBetween(80 - 6 * Math.sqrt(160), 80 + 6 * Math.sqrt(160));
    // A cosine has a deviation of some 0.4/√(group of 2000).
    assertThat(cosines / 80).isCloseTo(0, within(6 * 0.5 / Math.sqrt(2000.0 * 80)));
    double misalignment = 1 - expected;
    assertThat(limit.rootCurvature(0, 0))
        .isCloseTo(
            GroupFlow.targets(limit.target(0), limit.target(1)).misalignment(misalignment).points(points).rootCurvature(0, 0),
            within(1e-14));
  }

  /** Observation O6: a fitted group initialisation has λ_max(K) = 2 max‖D_j‖. */
  @Test
  void theLimitOfDescentAtTheEndIsThatOfTheLargestGroup() {
    Dataset data = orthogonalData().points(12).norms(1, 1).groups(3).seed(4).build();
    ShallowNetwork start = ShallowNetworks.shallowNetwork(data).alignedGroupInitialisation().build();
    double[] readout = new double[3];
    double most = 0;
    for (int g = 0; g < 3; g++) {
      double target = OneNeuronGroup.of(start, g).targetNorm();
      most = Math.max(most, target);
      readout[g] = Math.signum(start.readout()[g]) * Math.sqrt(3 * target);
    }
    DMatrixRMaj weights = start.weights().isPresent() ? start.weights().get() : new DMatrixRMaj(3, 12);
    for (int g = 0; g < 3; g++) {
      for (int i : data.groups().orElseThrow().members(g)) {
        weights.set(g, i, Math.abs(readout[g]) * start.preactivations().get(i, g));
      }
    }
    ShallowNetwork end = ShallowNetworks.shallowNetwork(data).weights(weights).readout(readout).build();
    assertThat(end.loss()).isLessThan(1e-28);
    assertThat(end.descentLimit()).isCloseTo(12 / most, within(1e-12));
  }

  @Test
  void whatCannotBeIsRefusedInOneSentence() {
    assertThatThrownBy(() -> GroupFlow.targets(1, 1).points(1)).hasMessage("points is 1.0; it must be finite and at least 2.0.");
    assertThatThrownBy(() -> GroupFlow.targets(1, -1)).hasMessage("targets[1] is -1.0; it must be a finite number above 0.");
    assertThatThrownBy(() -> GroupFlow.targets()).hasMessage("the number of groups is 0; it must be at least 1.");
    assertThatThrownBy(() -> GroupFlow.targets(1, 1).squaredNorm(1, 1, 1))
        .hasMessage("the number of values of squaredNorm is 3; it must be 1 or 2, the number of groups.");
    assertThatThrownBy(() -> GroupFlow.targets(1).misalignment(2))
        .hasMessage("misalignment[0] is 2.0; it must be at least 0 and below 2.");
    assertThatThrownBy(() -> GroupFlow.targets(1).randomDirections())
        .hasMessage("the law of the labels is not said; it must be said, as in targets(signed(1, 2), 0.5, 0.5).");
    assertThatThrownBy(() -> GroupFlow.targets(Labels.teacher(3), 1))
        .hasMessageContaining("it must be of a law of independent labels");
    assertThatThrownBy(() -> GroupFlow.targets(Labels.signed(1, 2), 0.7, 0.7))
        .hasMessage("the sum of shares is 1.4; it must be at most 1.");
    GroupFlow flow = GroupFlow.targets(1).points(10);
    assertThatThrownBy(() -> flow.loss(-1)).hasMessage("rescaled is -1.0; it must be a finite number of at least 0.");
    assertThatThrownBy(() -> flow.loss(1, 0)).hasMessage("group is 1; it must be between 0 and 0.");
    assertThatThrownBy(() -> flow.relativeWidth(0, 0.5)).hasMessage("fraction is 0.5; it must be strictly between 0 and 0.5.");
    assertThatThrownBy(() -> GroupFlow.targets(1).logPoints(Double.POSITIVE_INFINITY)).hasMessageStartingWith("logPoints is Infinity");
  }
}
