package org.liftgrad.theorem.lifts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.ChecksContract;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;

class MechanicsChecksTest implements ChecksContract {

  private static final Map<String, List<String>> SMALL =
      Map.ofEntries(
          Map.entry("lifts/G1", List.of("widths=8", "grid=5", "runs=1")),
          Map.entry("lifts/G2", List.of("widths=8", "grid=5", "runs=1", "states=4")),
          Map.entry("lifts/G3", List.of("widths=64", "grid=5", "runs=1", "states=4")),
          Map.entry("lifts/G4", List.of("widths=16", "grid=5", "runs=1")),
          Map.entry("lifts/G5", List.of("widths=8", "grid=5", "runs=1")),
          Map.entry("lifts/G6", List.of("widths=16", "grid=3", "steps=50", "seen=10", "runs=1")),
          Map.entry("lifts/G7", List.of("widths=8", "grid=5", "runs=1")),
          Map.entry("lifts/G8", List.of("widths=16", "grid=5", "runs=1")),
          Map.entry("lifts/G9", List.of("widths=256,512", "grid=5", "gammas=1", "runs=3")),
          Map.entry("lifts/H10", List.of("widths=128", "grid=5", "time=6", "runs=2")),
          Map.entry("lifts/H12", List.of("widths=32,256", "grid=3", "runs=800")));

  @Override
  public List<Check> checks() {
    return Mechanics.checks();
  }

  @Override
  public Map<String, List<String>> small() {
    return SMALL;
  }

  private static final Regression PRODUCT = Regression.onGrid(5, 2, x -> x[0] * x[1]);

  private static LiftedNetwork network() {
    return LiftBuilder.lift(Architectures.perceptron(2, Activation.tanh())).fibre("x", 2).width("h1", 16).width("h2", 16)
        .inDegree(2).weights(ParameterLaw.normal(1.5)).seed(3).sparse();
  }

  @Test
  void aFlowIsResolvedOrNot() {
    Resolution fine = Resolution.ofFlow(network(), PRODUCT, 1e-8, training -> training.untilTime(2));
    assertThat(fine.resolved()).isTrue();
    assertThat(fine.change()).isBetween(0.0, 1e-6);
    assertThat(fine.fine().path().size()).isGreaterThan(fine.coarse().path().size());
    Resolution loose = Resolution.ofFlow(network(), PRODUCT, 1, training -> training.untilTime(2));
    assertThat(loose.change()).isGreaterThan(Resolution.MOST);
    assertThat(loose.resolved()).isFalse();
  }

  @Test
  void aRunThatIsNotResolvedTakesTheVerdictAway() {
    Row resolved = Resolution.into(Row.start(), 1e-3, true);
    Row alone = Resolution.into(Row.start(), Double.NaN, true);
    assertThat(Resolution.guarding(Finding.judged(true, List.of(resolved, alone))).rule()).contains(true);
    assertThat(Resolution.guarding(Finding.judged(true, List.of(resolved, alone))).explanation()).contains("in 1 of 2 runs");
    for (Row bad : List.of(Resolution.into(Row.start(), 0.011, true), Resolution.into(Row.start(), 0, false))) {
      Finding finding = Resolution.guarding(Finding.judged(true, List.of(resolved, bad)));
      assertThat(finding.rule()).isEmpty();
      assertThat(finding.explanation()).contains("in 2 of 2 runs (G8)").contains("1 not resolved: no verdict.");
    }
  }

  /** Linear in its parameters: with the hidden weights held, what the integrals must be is known from the states alone. */
  @Test
  void integralsAlongAPathAreThoseOfTheFlow() {
    MeasuredFlow.Course course = new MeasuredFlow.Course(network(), PRODUCT, PRODUCT, new double[0], 2, 1e-9);
    course = course.at(ProductFlows.rates(course.start().lift(), 0, 1));
    MeasuredFlow flow = MeasuredFlow.of(course, 1e-11, (moment, parameters) -> {});
    MeasuredFlow.Moment last = flow.last();
    assertThat(last.fallen()).isCloseTo(PRODUCT.lossOfZero() - last.loss(), within(1e-9));
    assertThat(last.length()).isGreaterThanOrEqualTo(last.displacement());
    boolean[] readout = ProductFlows.readout(course.start().lift());
    double[] farthest = flow.farthest();
    for (int k = 0; k < farthest.length; k++) {
      assertThat(farthest[k] > 0).isEqualTo(readout[k]);
    }
  }

  @Test
  void aFixedReadoutDoesWhatItWasChosenFor() {
    LiftedNetwork network = network();
    FixedReadout readout = FixedReadout.of(network, PRODUCT, 0.5 * PRODUCT.lossOfZero());
    double error = readout.error(network.parameters());
    assertThat(error * error).isCloseTo(0.5 * PRODUCT.lossOfZero(), within(1e-9));
    assertThat(readout.squaredDistance(network.parameters())).isPositive();
  }

  @Test
  void thePlansOfTheFileAreThoseOfScalePaper() {
    for (Check check : checks()) {
      assertThat(check.plan(Scale.PAPER).whole("grid")).as(check.id()).isEqualTo(11);
    }
    Parameters scaling = Catalogue.standard().check("lifts/G9").plan(Scale.PAPER);
    assertThat(scaling.wholes("widths")).containsExactly(64, 128, 256, 512, 1024);
    assertThat(scaling.numbers("gammas")).containsExactly(0, 0.5, 1);
    assertThat(scaling.number("level")).isEqualTo(0.1);
  }

  /** In-degree 1 breaks what H10 needs, not the inequalities. */
  @Test
  void theControlOfFrozenLayersBreaksNoInequality() {
    CheckResult controlled = Catalogue.standard().check("lifts/H10").run(small("lifts/H10").withControl());
    assertThat(controlled.rows()).allMatch(row -> row.yes("both inequalities")).noneMatch(row -> row.yes("reached"));
    assertThat(controlled.outsideTheAssumptions()).hasSize(1);
  }
}
