package org.liftgrad.theorem.lifts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.ChecksContract;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;

/** H8 at one width. */
class OtherArchitecturesTest implements ChecksContract {

  @Override
  public List<Check> checks() {
    return List.of(OtherArchitectures.check());
  }

  @Override
  public Map<String, List<String>> small() {
    return Map.of("lifts/H8", List.of("tasks=residual", "widths=16", "runs=60", "steps=200"));
  }

  /** The targets are orthogonal to all that the control's blueprints compute: no weights are better than 0. */
  @Test
  void withoutTheArchitecturesOwnEdgeTheLossCannotFall() {
    RunSettings settings = RunSettings.quick().set("runs", 2).set("widths", 8).set("steps", 30).withControl();
    CheckResult controlled = OtherArchitectures.check().run(settings);
    assertThat(controlled.rows()).hasSize(6);
    assertThat(controlled.rows()).allSatisfy(row -> assertThat(row.number("L/L(0)")).isGreaterThanOrEqualTo(1 - 1e-9));
  }

  @Test
  void tooFewRunsGiveNoVerdict() {
    assertThat(OtherArchitectures.check().assurance().apply(
            OtherArchitectures.check().plan(Scale.QUICK).with("runs", "58")).decides())
        .isFalse();
  }
}
