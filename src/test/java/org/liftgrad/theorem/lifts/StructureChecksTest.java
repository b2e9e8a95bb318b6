package org.liftgrad.theorem.lifts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.ChecksContract;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Statement;

/** The checks of groups A to D hold, and fail with their controls, at small plans. */
class StructureChecksTest implements ChecksContract {

  @Override
  public List<Check> checks() {
    return Structure.checks();
  }

  /** Of each case a handful: what must hold always holds then too. */
  @Override
  public Map<String, List<String>> small() {
    return checks().stream().collect(Collectors.toMap(Check::id, check -> List.of("runs=4")));
  }

  @Test
  void everyCheckHasThreeScalesOfKnownPowerWithoutFalseAlarm() {
    for (Check check : checks()) {
      assertThat(check.scales()).as(check.id()).containsExactly(Scale.values());
      for (Scale scale : Scale.values()) {
        assertThat(check.assurance(scale).falseAlarm()).as(check.id()).isZero();
        assertThat(check.assurance(scale).power()).as(check.id()).isGreaterThan(0.99);
      }
    }
  }

  @Test
  void twiceTheSizeHoldsToo() {
    for (Check check : checks()) {
      assertThat(check.run(RunSettings.quick().set("runs", 1).set("times", 2)).measured()).as(check.id()).isLessThan(1e-6);
    }
  }

  @Test
  void everyReadyArchitectureIsDifferentiated() {
    long ready =
        Arrays.stream(Architectures.class.getMethods())
            .filter(method -> method.getReturnType().equals(Blueprint.class)).count();
    Check derivatives = checks().stream().filter(check -> check.id().equals("lifts/C6")).findFirst().orElseThrow();
    // Twice each the residual perceptron, the convolution and the transformer block; and the complex step.
    assertThat(derivatives.run(RunSettings.quick().set("runs", 1)).rows()).hasSize((int) ready + 4);
  }

  @Test
  void statementsSayWhereTheyAreFrom() {
    Map<String, Statement> statements =
        Structure.statements().stream().collect(Collectors.toMap(Statement::id, Function.identity()));
    for (int lemma = 1; lemma <= 6; lemma++) {
      assertThat(statements.get("lifts/lemma-L" + lemma).certainty()).isEqualTo(Certainty.DERIVED);
    }
    assertThat(statements.get("lifts/definition-3.5").certainty()).isEqualTo(Certainty.RECONSTRUCTED);
    assertThat(statements.get("lifts/tensor-programs").checkIds()).isEmpty();
    assertThat(statements.get("lifts/tensor-programs").wording()).contains("Not checked");
    assertThat(statements.values()).allSatisfy(statement -> assertThat(statement.formula()).isNotBlank());
  }
}
