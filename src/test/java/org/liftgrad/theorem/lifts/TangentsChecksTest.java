package org.liftgrad.theorem.lifts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.ChecksContract;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Verdict;

class TangentsChecksTest implements ChecksContract {

  private static final Map<String, List<String>> SMALL =
      Map.of(
          "lifts/F1", List.of("runs=5"),
          "lifts/F2", List.of("widths=2,8", "runs=3"),
          "lifts/F3", List.of("widths=2,8", "runs=3"),
          "lifts/F4", List.of("widths=2,8", "runs=3"),
          "lifts/F5", List.of("widths=128,256,512", "runs=6"),
          "lifts/F6", List.of("widths=32,36,40,48,64,128", "runs=4"),
          "lifts/F7", List.of("widths=128", "directions=0", "steps=1"),
          "lifts/F8", List.of("runs=40"),
          "lifts/F9", List.of("widths=8,32", "runs=2"),
          "lifts/F10", List.of("widths=100", "runs=3"));

  @Override
  public List<Check> checks() {
    return Tangents.checks();
  }

  @Override
  public Map<String, List<String>> small() {
    return SMALL;
  }

  @Test
  void thePlansOfTheFileAreThoseOfScalePaper() {
    Parameters step = Catalogue.standard().check("lifts/F5").plan(Scale.PAPER);
    assertThat(step.wholes("widths")).containsExactly(32, 64, 128, 256, 512, 1024, 2048);
    assertThat(step.whole("runs")).isGreaterThanOrEqualTo(12);
    Parameters gradient = Catalogue.standard().check("lifts/F2").plan(Scale.PAPER);
    assertThat(gradient.whole("runs") * gradient.wholes("widths").length).isEqualTo(1000);
    assertThat(gradient.whole("radii")).isEqualTo(20);
  }

  @Test
  void farFromTheReachOfTheReadoutTheStepShrinksFaster() {
    CheckResult result = Catalogue.standard().check("lifts/F5").run(small("lifts/F5").set("share", 1e-9));
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void aBallWithoutARadiusIsRefused() {
    assertThatThrownBy(() -> Catalogue.standard().check("lifts/F7").run(small("lifts/F7").set("reached", 0.05)))
        .hasMessage("reached is 0.05; it must be above share = 0.1.");
  }

  @Test
  void theSearchOfTheBallFindsWhatIsThere() {
    CheckResult narrow = Catalogue.standard().check("lifts/F7").run(small("lifts/F7").set("widths", 8).set("runs", 4));
    assertThat(narrow.rows()).allSatisfy(row -> assertThat(row.number("largest ε found, over L(0)")).isGreaterThan(0.1));
    assertThat(narrow.explanation()).contains("lower bound of the supremum");
  }
}
