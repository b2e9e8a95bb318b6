package org.liftgrad.theorem.lifts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.ChecksContract;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Verdict;

class ConvergenceChecksTest implements ChecksContract {

  private static final Map<String, List<String>> SMALL =
      Map.ofEntries(
          Map.entry("lifts/H1", List.of("widths=4,32,40", "horizon=3000")),
          Map.entry("lifts/H2", List.of("runs=1", "width=2000")),
          Map.entry("lifts/H3", List.of("runs=1", "widths=8")),
          Map.entry("lifts/H4", List.of("points=3")),
          Map.entry("lifts/H5", List.of("chessboards=0.2")),
          Map.entry("lifts/H6", List.of("samples=1300,5200", "horizon=1000")),
          Map.entry("lifts/H7", List.of("shares=0.1", "widths=32", "runs=5", "smallWidths=4", "attempts=4")),
          Map.entry("lifts/H9", List.of("means=2", "widths=2,64", "runs=5")),
          Map.entry("lifts/H11", List.of("widths=8", "runs=2")),
          Map.entry("lifts/H13", List.of("widths=1024", "runs=3")));

  @Override
  public List<Check> checks() {
    // Other architectures have a test of their own.
    return Convergence.checks().stream().filter(check -> !check.id().equals("lifts/H8")).toList();
  }

  @Override
  public Map<String, List<String>> small() {
    return SMALL;
  }

  private static CheckResult run(String id, String... assignments) {
    RunSettings settings = RunSettings.quick();
    for (String assignment : assignments) {
      settings = settings.set(assignment);
    }
    return Catalogue.standard().check(id).run(settings);
  }

  /** Theory file, 6.H: the sizes of scale paper. */
  @Test
  void thePlansOfTheFileAreThoseOfScalePaper() {
    Parameters h1 = Catalogue.standard().check("lifts/H1").plan(Scale.PAPER);
    assertThat(h1.wholes("widths")).containsExactly(4, 8, 16, 32, 64, 128, 256, 512);
    assertThat(h1.whole("runs")).isEqualTo(100);
    assertThat(h1.numbers("shares")).containsExactly(0.1, 0.03, 0.01);
    Parameters h2 = Catalogue.standard().check("lifts/H2").plan(Scale.PAPER);
    assertThat(h2.whole("width")).isEqualTo(3000);
    assertThat(h2.whole("runs")).isGreaterThanOrEqualTo(200);
    assertThat(Catalogue.standard().check("lifts/H9").plan(Scale.PAPER).numbers("means")).containsExactly(0.5, 1, 2, 4);
    assertThat(Catalogue.standard().check("lifts/H7").plan(Scale.PAPER).whole("attempts")).isEqualTo(50);
  }

  /** Theory file, H2: N ≥ 75.8 with ε₁ = 0.0362, and T about 0.12 at N = 167. */
  @Test
  void theNumbersOfTheFiniteSizeTheoremAreTheFiles() {
    Regression task = Regression.onGrid(15, 2, x -> StrictMath.tanh(x[0] + x[1]));
    FiniteSize.Promise promise = FiniteSize.Promise.of(1, task, 1, 0.05);
    assertThat(promise.level()).isCloseTo(0.0362, within(5e-5));
    assertThat(promise.copies()).isCloseTo(75.8, within(0.05));
    assertThat(promise.time(3000 * FiniteSize.copyProbability(1))).isCloseTo(0.12, within(0.005));
    // Without room between e and √ε₁ no number of copies is enough.
    assertThat(FiniteSize.Promise.of(1, task, 1, 0.5).copies()).isInfinite();
  }

  @Test
  void witnessesComputeTheirTargets() {
    LiftedNetwork deep = PlainLifts.ridgeOfRidges();
    Regression target =
        Regression.onGrid(9, 2, x -> StrictMath.tanh(StrictMath.tanh(x[0] + x[1]) - StrictMath.tanh(x[0] - x[1])));
    assertThat(new Passes(deep.lift(), target).loss(deep.parameters())).isLessThan(1e-28);
    Regression ridge = Regression.onGrid(9, 2, x -> StrictMath.tanh(x[0] - x[1]));
    assertThat(new Passes(PlainLifts.ridge(-1).lift(), ridge).loss(PlainLifts.ridge(-1).parameters())).isLessThan(1e-28);
    LiftedNetwork bump = WitnessLoss.witness();
    assertThat(new Passes(bump.lift(), WitnessLoss.task(0.3)).loss(bump.parameters())).isCloseTo(0.09, within(1e-12));
  }

  /** At depth 2 the condition can be met too, with the largest influence that is reckoned with: half of the mean number. */
  @Test
  void atDepthTwoTheTheoremIsNotEmpty() {
    Regression task =
        Regression.onGrid(15, 2, x -> StrictMath.tanh(StrictMath.tanh(x[0] + x[1]) - StrictMath.tanh(x[0] - x[1])));
    FiniteSize.Promise promise = FiniteSize.Promise.of(2, task, 18, 0.025);
    assertThat(promise.copies()).isLessThan(0.9 * 120_000 * FiniteSize.copyProbability(2));
    LiftBuilder lifts = PlainLifts.lifts(2, 2000).weights(ParameterLaw.atoms(-1, 1));
    assertThat(CopyLaw.of(lifts, PlainLifts.ridgeOfRidges(), 0).unrolledBound("h2", 0)).isPositive()
        .isLessThanOrEqualTo(FiniteSize.copyProbability(2));
    assertThat(CopyLaw.of(lifts, PlainLifts.ridgeOfRidges(), 0).mean("h2", 0) / 2000)
        .isCloseTo(FiniteSize.copyProbability(2), within(1e-4));
    assertThat(CopyLaw.of(PlainLifts.lifts(1, 3000).weights(ParameterLaw.atoms(-1, 0, 1)), PlainLifts.ridge(1), 0).mean("h1", 0))
        .isCloseTo(3000 * FiniteSize.copyProbability(1), within(1e-9));
  }

  @Test
  void aPlanThatCannotTellGivesNoVerdict() {
    assertThat(run("lifts/H1", "widths=4,8,16", "runs=2", "horizon=10").verdict()).isEqualTo(Verdict.REPORTED);
    assertThat(run("lifts/H2", "width=1000", "runs=1").verdict()).as("too few copies").isEqualTo(Verdict.REPORTED);
    assertThat(run("lifts/H5", "runs=5", "chessboards=0.2").verdict()).isEqualTo(Verdict.REPORTED);
  }

  /** The loss of a hole in the law does not fall to that of a missing input: weights may cross 0 in training. */
  @Test
  void aHoleIsReportedOfTrainingOnly() {
    CheckResult result = run("lifts/H13", "widths=64", "runs=2");
    assertThat(result.rows()).allSatisfy(row -> assertThat(row.whole("copies")).isZero());
    assertThat(result.explanation()).contains("Training is not judged");
  }
}
