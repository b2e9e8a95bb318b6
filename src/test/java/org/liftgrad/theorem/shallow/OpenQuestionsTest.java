package org.liftgrad.theorem.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.RunSettings;

/** What the checks of the reviewers' questions are made of, against formulas and the engines. */
class OpenQuestionsTest {

  private static RunSettings with(String... assignments) {
    RunSettings settings = RunSettings.quick();
    for (String assignment : assignments) {
      settings = settings.set(assignment);
    }
    return settings;
  }

  // ---- fixed kernels

  /** K = diag(2, 8) on two points: r_i(t) = r_i e^{−λ_i t/2}; the third point is seen through 3 e_1 + e_2. */
  @Test
  void aDiagonalKernelIsSolvedByHand() {
    DMatrixRMaj kernel = new DMatrixRMaj(new double[][] {{2, 0, 3}, {0, 8, 1}, {3, 1, 9}});
    FixedKernelFlow flow = FixedKernelFlow.of(kernel, 4, -6);
    assertThat(flow.loss(0)).isCloseTo((16 + 36) / 4.0, within(1e-12));
    double t = 0.7;
    assertThat(flow.loss(t)).isCloseTo((16 * Math.exp(-2 * t) + 36 * Math.exp(-8 * t)) / 4, within(1e-12));
    assertThat(flow.loss(flow.timeTo(1e-8))).isCloseTo(1e-8, within(1e-14));
    assertThat(flow.timeTo(13)).isZero();
    assertThat(flow.lastRate()).isCloseTo(2, within(1e-12));
    assertThat(flow.changeElsewhere()).hasSize(1);
    assertThat(flow.changeElsewhere()[0]).isCloseTo(3 * 4 / 2.0 - 6 / 8.0, within(1e-12));
  }

  /** A kernel of rank one leaves what is orthogonal to it. */
  @Test
  void whatAKernelCannotReachStays() {
    DMatrixRMaj kernel = new DMatrixRMaj(new double[][] {{1, 1}, {1, 1}});
    FixedKernelFlow flow = FixedKernelFlow.of(kernel, 3, 1);
    assertThat(flow.loss(1e9)).isCloseTo(2 / 4.0, within(1e-12));
    assertThat(flow.timeTo(0.1)).isInfinite();
    assertThat(flow.lastRate()).isCloseTo(2, within(1e-12));
  }

  /** Where the labels are nearly fitted the flow takes the time of its linearisation. */
  @Test
  void theLinearisationIsThatOfTheFlow() {
    Dataset data = SubGaussianData.lawS().points(6).dimension(36).seed(2).build();
    ShallowNetwork start =
        ShallowNetworks.shallowNetwork(data.withLabels(1, -1, 2, 1, -2, 1)).neurons(200).dominantReadout().seed(3).build();
    double[] near = start.predictions();
    for (int i = 0; i < near.length; i++) {
      near[i] += i % 2 == 0 ? 1e-4 : -1e-4;
    }
    ShallowNetwork fitted = start.on(data.withLabels(near));
    double goal = 1e-6 * fitted.loss();
    Solution solution = GradientFlow.gradientFlow(fitted).tolerance(1e-12).until(StopCondition.lossBelow(goal)).solve();
    double linearised = FixedKernelFlow.of(fitted.tangentKernel(), fitted.residual()).timeTo(goal);
    assertThat(solution.time() / linearised).isCloseTo(1, within(1e-2));
  }

  // ---- losses

  @Test
  void forcesAreDerivativesOfLosses() {
    for (PlainDescent.Loss loss :
        List.of(new PlainDescent.Squared(), new PlainDescent.Logistic(), new PlainDescent.Huber(0.5))) {
      for (double label : new double[] {-1.5, 1, 2}) {
        for (double prediction : new double[] {-30, -2, -0.1, 0, 0.7, 1.2, 30}) {
          double h = 1e-6;
          double slope = (loss.value(prediction + h, label) - loss.value(prediction - h, label)) / (2 * h);
          assertThat(loss.force(prediction, label)).as(loss + " at " + prediction + ", " + label)
              .isCloseTo(-slope, within(1e-6));
        }
      }
    }
  }

  /** For the squared loss it is the descent of the engine, on orthogonal inputs and on others. */
  @Test
  void plainDescentIsThatOfTheEngine() {
    for (Dataset data :
        List.of(
            OrthogonalData.orthogonalData().points(7).seed(1).build(),
            SubGaussianData.lawS().points(7).dimension(9).seed(1).build())) {
      ShallowNetwork start = ShallowNetworks.shallowNetwork(data).neurons(11).dominantReadout().seed(4).build();
      PlainDescent descent = new PlainDescent(start, new PlainDescent.Squared());
      assertThat(descent.loss()).isCloseTo(start.loss(), within(1e-12));
      descent.descend(0.05, 2);
      Solution solution =
          GradientFlow.gradientFlow(start).method(Method.descent(0.05)).until(StopCondition.timeReached(2)).solve();
      assertThat(descent.steps()).isEqualTo(40);
      assertThat(descent.loss()).isCloseTo(solution.loss(), within(1e-10));
      assertThat(descent.readout()).containsExactly(solution.network().readout(), within(1e-9));
    }
  }

  @Test
  void belowItsGoalTheLogisticLossHasNoPointOnTheWrongSide() {
    PlainDescent.Logistic loss = new PlainDescent.Logistic();
    assertThat(loss.value(0, 1) / 5).isCloseTo(loss.goal(5), within(1e-15));
  }

  // ---- two hidden layers

  @Test
  void layersComputeWhatTheNetworkPredicts() {
    LiftedNetwork network = DeeperNetworks.start(5, 4, 3, 9);
    DMatrixRMaj inputs = new DMatrixRMaj(new double[][] {{1, 2, -1, 0, 0.5}, {-1, 0.3, 2, 1, 1}});
    DeeperNetworks.Layers layers = DeeperNetworks.Layers.of(network, inputs);
    DMatrixRMaj predicted = network.predict(inputs);
    for (int i = 0; i < 2; i++) {
      for (int k = 0; k < 3; k++) {
        assertThat(layers.outputs()[i][k]).isCloseTo(predicted.get(i, k), within(1e-12));
      }
    }
    assertThat(layers.dead(new double[][] {{0, 0}, {0, 1}, {0, 0}})).isEqualTo(2);
  }

  /** A dead second layer stays dead, and is seen. */
  @Test
  void theControlOfDeeperNetworksConvergesNever() {
    CheckResult controlled =
        Catalogue.standard().check("shallow/B12").run(with("widths=8", "outputs=1", "runs=3", "steps=50").withControl());
    assertThat(controlled.measured()).isZero();
    assertThat(controlled.rows()).allSatisfy(row -> assertThat(row.whole("points dead in layer 2")).isEqualTo(8));
  }

  // ---- what the controls do

  /** On orthogonal inputs a start converges if and only if it is good, and the control leaves a point to nobody. */
  @Test
  void onOrthogonalInputsGoodStartsConvergeWithEveryLoss() {
    RunSettings settings = with("data=orthogonal", "points=8", "neurons=6", "runs=12");
    CheckResult result = Catalogue.standard().check("shallow/B13").run(settings);
    assertThat(result.rows()).anyMatch(row -> row.yes("well initialised")).anyMatch(row -> !row.yes("well initialised"));
    assertThat(result.rows())
        .allSatisfy(
            row -> {
              for (String loss : List.of("squared", "logistic", "huber")) {
                assertThat(row.yes("converged, " + loss)).as(row.toString()).isEqualTo(row.yes("well initialised"));
              }
            });
    CheckResult controlled = Catalogue.standard().check("shallow/B13").run(settings.withControl());
    assertThat(controlled.measured()).isZero();
    assertThat(controlled.rows())
        .noneMatch(row -> row.yes("converged, squared") || row.yes("converged, logistic") || row.yes("converged, huber"));
  }

  @Test
  void withoutATeacherTheTwoLawsOfLabelsAreOne() {
    CheckResult controlled =
        Catalogue.standard().check("shallow/B11").run(with("data=orthogonal", "points=8,16", "runs=3").withControl());
    List<Row> rows = controlled.rows();
    for (int k = 0; k < rows.size() / 2; k++) {
      assertThat(rows.get(k).number("rate")).isEqualTo(rows.get(k + rows.size() / 2).number("rate"));
    }
  }

  /** Shuffled labels cannot be predicted; a start near the teacher can do little else. */
  @Test
  void theTeacherIsWhatGeneralises() {
    RunSettings settings = with("ratios=4,8", "runs=3", "testPoints=200");
    CheckResult result = Catalogue.standard().check("shallow/B18").run(settings);
    assertThat(result.rows().stream().filter(row -> !row.text("from").equals("random")))
        .allSatisfy(row -> assertThat(row.number("test error")).isLessThan(0.05));
    CheckResult controlled = Catalogue.standard().check("shallow/B18").run(settings.withControl());
    assertThat(controlled.rows().stream().filter(row -> row.text("from").equals("random")))
        .allSatisfy(row -> assertThat(row.number("test error")).isGreaterThan(0.5));
  }
}
