package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.lift.TangentFeatures;
import org.liftgrad.lift.WidthSchedule;

/** Training of lifts on the product of two coordinates, the task XP of the theory file. */
class LiftTrainingTest {

  private static final Regression PRODUCT = Regression.onGrid(11, 2, x -> x[0] * x[1]);
  private static final double START = PRODUCT.lossOfZero();

  private static LiftedNetwork network(Activation activation, int width, int degree, long seed) {
    return LiftBuilder.lift(Architectures.perceptron(2, activation)).fibre("x", 2).width("h1", width).width("h2", width)
        .inDegree(degree).weights(ParameterLaw.normal(1.5)).seed(seed).sparse();
  }

  private static LiftTraining training(int width, int degree, long seed) {
    return LiftTraining.of(network(Activation.tanh(), width, degree, seed), PRODUCT);
  }

  @Test
  void withTwoParentsTheFlowLearnsTheProduct_H1() {
    for (long seed = 0; seed < 2; seed++) {
      LiftRun run = training(128, 2, seed).flow(1e-6).untilLoss(0.1 * START).untilTime(100).solve();
      assertThat(run.ending()).isEqualTo(Ending.LOSS_REACHED);
      assertThat(run.path().get(0).loss()).isCloseTo(START, within(1e-14));
      assertThat(run.last().loss()).isCloseTo(0.1 * START, within(1e-8)).isLessThanOrEqualTo(0.1 * START);
    }
  }

  @Test
  void withOneParentNothingIsLearnt_H3() {
    LiftRun run = training(64, 1, 1).flow(1e-6).untilTime(1).solve();
    assertThat(run.last().loss() / START).isGreaterThanOrEqualTo(1 - 1e-9);
  }

  @Test
  void theLossFallsByTheIntegralOfTheSquaredGradient_G1_G2_G7() {
    LiftRun run = training(32, 2, 2).flow(1e-9).untilTime(0.5).solve();
    double integral = 0;
    LiftRun.Step before = run.path().get(0);
    for (LiftRun.Step step : run.path()) {
      double slope = 0.5 * (before.gradientNorm() * before.gradientNorm() + step.gradientNorm() * step.gradientNorm());
      integral += (step.time() - before.time()) * slope;
      assertThat(step.loss()).isLessThanOrEqualTo(before.loss() + 1e-12);
      double bound = Math.sqrt(step.time() * (START - step.loss()));
      assertThat(step.length()).isLessThanOrEqualTo(bound + 1e-9);
      assertThat(step.displacement()).isLessThanOrEqualTo(step.length() + 1e-12);
      before = step;
    }
    assertThat(integral / (START - run.last().loss())).isCloseTo(1, within(0.01));
  }

  @Test
  void aFinerToleranceAndAFinerStepLeadToTheSameFlow_G8() {
    double fine = training(16, 2, 3).flow(1e-11).untilTime(1).solve().last().loss();
    double coarse = training(16, 2, 3).flow(1e-6).untilTime(1).solve().last().loss();
    assertThat(coarse).isCloseTo(fine, within(1e-6));
    double step = training(16, 2, 3).descent(2e-3).untilTime(1).solve().last().loss();
    double half = training(16, 2, 3).descent(1e-3).untilTime(1).solve().last().loss();
    // Of first order: half the step, half the error.
    assertThat((half - fine) / (step - fine)).isCloseTo(0.5, within(0.05));
  }

  @Test
  void alongTheFlowTheGradientIsAsLongAsLemma24Demands() {
    LiftedNetwork start = network(Activation.tanh(), 16, 2, 5);
    for (double time : new double[] {0.1, 1}) {
      LiftedNetwork network = LiftTraining.of(start, PRODUCT).flow(1e-7).untilTime(time).solve().network();
      TangentFeatures tangent = TangentFeatures.of(network, PRODUCT);
      for (double radius = 1e-3; radius < 1e3; radius *= 4) {
        double root = Math.sqrt(tangent.loss());
        double drop = root - Math.sqrt(tangent.residualWithin(radius));
        assertThat(tangent.gradientNorm()).isGreaterThanOrEqualTo(2 / radius * root * drop - 1e-9);
      }
    }
  }

  @Test
  void anActivationWithAKinkHasNoFlowButADescentMarkedSo() {
    LiftTraining relu = LiftTraining.of(network(Activation.relu(), 64, 2, 1), PRODUCT).untilTime(20);
    assertThatThrownBy(relu::solve)
        .hasMessage("the activation of h1 is one with a kink; it must be smooth for a flow; use halvingDescent.");
    LiftRun run = relu.halvingDescent(1).maximumSteps(300).solve();
    assertThat(run.method()).contains("descent with step halving");
    List<LiftRun.Step> path = run.path();
    for (int k = 1; k < path.size(); k++) {
      assertThat(path.get(k).loss()).isLessThan(path.get(k - 1).loss());
    }
    assertThat(run.last().loss()).isLessThan(0.2 * START);
  }

  @Test
  void itEndsAsItWasAsked() {
    assertThat(training(4, 2, 1).descent(0.1).untilTime(0.25).solve().last().time()).isEqualTo(0.25);
    assertThat(training(4, 2, 1).descent(0.1).untilTime(100).maximumSteps(3).solve().ending()).isEqualTo(Ending.STEP_LIMIT);
    assertThat(training(4, 2, 1).flow(1e-6).untilTime(100).maximumSteps(3).solve().path()).hasSize(4);
    assertThat(training(4, 2, 1).descent(1e6).untilTime(1e12).solve().ending()).isEqualTo(Ending.NOT_FINITE);
    assertThat(training(4, 2, 1).untilLoss(1).solve().path()).hasSize(1);
    assertThatThrownBy(() -> training(4, 2, 1).solve())
        .hasMessage("the end of the training is not said; it must be a time or a loss: untilTime, untilLoss.");
    assertThatThrownBy(() -> training(4, 2, 1).descent(0)).hasMessage("the step is 0.0; it must be a finite number above 0.");
  }

  /** Scores are products of two layers: the solver's own first step is too long for the exponential, and it must try again. */
  @Test
  void aTrialStepThatLeavesTheNumbersIsTakenAgainShorter() {
    double[] tokens = new double[4 * 16];
    double[] means = new double[4 * 16];
    for (int s = 0; s < 16; s++) {
      for (int i = 0; i < 4; i++) {
        tokens[i * 16 + s] = (s >> i & 1) == 1 ? 1 : -1;
      }
      for (int i = 0; i < 4; i++) {
        means[i * 16 + s] = (tokens[s] + tokens[16 + s] + tokens[32 + s] + tokens[48 + s] - tokens[i * 16 + s]) / 3;
      }
    }
    Regression others = Regression.of(tokens, means, 16);
    LiftedNetwork attention =
        LiftBuilder.lift(Architectures.transformerLike(4, 1, ActivationRule.rowSoftmax(), Activation.tanh()))
            .fibre("x", 1).widths(WidthSchedule.constant(16)).inDegree(2).weights(ParameterLaw.normal(1.5)).seed(0)
            .sparse();
    LiftRun run = LiftTraining.of(attention, others).flow(1e-5).untilLoss(0.5 * others.lossOfZero()).untilTime(10).solve();
    assertThat(run.ending()).as(run.toString()).isEqualTo(Ending.LOSS_REACHED);
    for (int k = 1; k < run.path().size(); k++) {
      assertThat(run.path().get(k).time()).isGreaterThan(run.path().get(k - 1).time());
      assertThat(run.path().get(k).loss()).isLessThan(run.path().get(k - 1).loss());
    }
  }

  @Test
  void aRateOfZeroHoldsAParameterAndOneOfTwoMovesTwiceAsFast() {
    LiftedNetwork start = network(Activation.tanh(), 8, 2, 1);
    int parameters = start.lift().parameters();
    double[] rates = new double[parameters];
    Arrays.fill(rates, 2);
    LiftRun plain = LiftTraining.of(start, PRODUCT).flow(1e-10).untilTime(1).solve();
    LiftRun twice = LiftTraining.of(start, PRODUCT).flow(1e-10).untilTime(0.5).rates(rates).solve();
    assertThat(twice.last().loss()).isCloseTo(plain.last().loss(), within(1e-8));
    // −L' is twice as large.
    assertThat(twice.last().gradientNorm()).isCloseTo(Math.sqrt(2) * plain.last().gradientNorm(), within(1e-6));
    Arrays.fill(rates, 0, parameters - 3, 0);
    for (LiftTraining training :
        List.of(
            LiftTraining.of(start, PRODUCT).flow(1e-6), LiftTraining.of(start, PRODUCT).descent(0.01),
            LiftTraining.of(start, PRODUCT).halvingDescent(1))) {
      double[] end = training.untilTime(0.5).rates(rates).solve().network().parameters();
      for (int k = 0; k < parameters; k++) {
        assertThat(end[k] == start.parameters()[k]).isEqualTo(k < parameters - 3);
      }
    }
    assertThat(LiftTraining.of(start, PRODUCT).untilTime(1).rates(new double[parameters]).solve().ending())
        .isEqualTo(Ending.STATIONARY);
    assertThatThrownBy(() -> LiftTraining.of(start, PRODUCT).rates(1, 2)).hasMessageStartingWith("the number of rates is 2");
    rates[0] = -1;
    assertThatThrownBy(() -> LiftTraining.of(start, PRODUCT).rates(rates)).hasMessageStartingWith("a rate is -1.0");
  }

  @Test
  void anObserverSeesEveryStepAndStatesBetween() {
    LiftedNetwork start = network(Activation.tanh(), 8, 2, 2);
    double middle = 0.5;
    double[] exact = LiftTraining.of(start, PRODUCT).flow(1e-12).untilTime(middle).solve().network().parameters();
    for (LiftTraining training :
        List.of(
            LiftTraining.of(start, PRODUCT).flow(1e-9).untilLoss(0.5 * START), LiftTraining.of(start, PRODUCT).descent(0.01),
            LiftTraining.of(start, PRODUCT).halvingDescent(0.1))) {
      List<Double> times = new ArrayList<>(List.of(0.0));
      double[][] seen = {start.parameters(), {}};
      LiftRun run =
          training.untilTime(2)
              .observe(
                  stretch -> {
                    assertThat(stretch.from()).isEqualTo(times.get(times.size() - 1));
                    assertThat(distance(stretch.at(stretch.from()), seen[0])).isLessThan(1e-12);
                    if (stretch.from() <= middle && middle < stretch.to()) {
                      seen[1] = stretch.at(middle);
                    }
                    times.add(stretch.to());
                    seen[0] = stretch.at(stretch.to());
                    assertThatThrownBy(() -> stretch.at(stretch.to() + 1)).hasMessageStartingWith("time is");
                  })
              .solve();
      assertThat(times).isEqualTo(run.path().stream().map(LiftRun.Step::time).toList());
      assertThat(distance(seen[0], run.network().parameters())).isLessThan(1e-12);
      if (run.method().startsWith("flow")) {
        assertThat(distance(seen[1], exact)).isLessThan(1e-7);
      } else {
        assertThat(seen[1]).hasSize(exact.length);
      }
    }
  }

  private static double distance(double[] one, double[] other) {
    double most = 0;
    for (int k = 0; k < one.length; k++) {
      most = Math.max(most, Math.abs(one[k] - other[k]));
    }
    return most;
  }
}
