package org.liftgrad.theorem.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Verdict;

/** Of the checks on orthogonal inputs what the table of all checks does not say. */
class OrthogonalChecksTest {

  private static CheckResult run(String id, String... assignments) {
    RunSettings settings = RunSettings.quick();
    for (String assignment : assignments) {
      settings = settings.set(assignment);
    }
    return Catalogue.standard().check(id).run(settings);
  }

  @ParameterizedTest
  @CsvSource({
    "shallow/T2a,1e4", "shallow/T2a,1e80", "shallow/T2a,1.7976931348623157e308",
    "shallow/T2c,1e80", "shallow/T2c,1.7976931348623157e308",
    "shallow/T2d,1e80", "shallow/T2d,1.7976931348623157e308"
  })
  void theoremTwoIsCheckedAtAnyNumberOfPoints(String id, String points) {
    CheckResult result = run(id, "n=" + points);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.HOLDS);
    CheckResult controlled =
        Catalogue.standard().check(id).run(RunSettings.quick().set("n=" + points).withControl());
    assertThat(controlled.verdict()).as(controlled.toString()).isEqualTo(Verdict.FAILS);
    assertThat(controlled.outsideTheAssumptions()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"shallow/T2a", "shallow/T2c", "shallow/T2d"})
  void belowTenThousandPointsTheLimitIsReportedOnly(String id) {
    CheckResult result = run(id, "n=2,50");
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.REPORTED);
  }

  /** Theory file, 4.5: the limit of the width is 7.376, the distance to the steps about 2.0. */
  @Test
  void theTheoryFilesLimits() {
    assertThat(run("shallow/T2a").explanation()).contains("7.376");
    CheckResult steps = run("shallow/T2c");
    assertThat(steps.measured()).isCloseTo(2.025, within(1e-3));
    assertThat(run("shallow/T2d").explanation()).contains("our prediction n^-0.7");
  }

  @Test
  void threeGroupsAndOne() {
    for (String id : new String[] {"shallow/T2a", "shallow/T2c", "shallow/T2d"}) {
      assertThat(run(id, "targets=0.5,1.5,1").verdict()).as(id).isEqualTo(Verdict.HOLDS);
      assertThat(run(id, "targets=1").verdict()).as(id).isEqualTo(Verdict.HOLDS);
    }
    assertThat(run("shallow/T2d", "targets=1,1").outsideTheAssumptions()).singleElement().asString().contains("distinct");
  }

  @Test
  void closedFormOnAThousandParameterSets() {
    CheckResult result = run("shallow/P2a");
    assertThat(result.rows().stream().mapToLong(row -> row.whole("neurons")).sum()).isGreaterThanOrEqualTo(1000);
    assertThat(result.rows().stream().mapToLong(row -> row.whole("unaligned groups")).sum()).isGreaterThan(500);
    assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.HOLDS);
    assertThat(result.measured()).isLessThan(1e-8);
  }
}
