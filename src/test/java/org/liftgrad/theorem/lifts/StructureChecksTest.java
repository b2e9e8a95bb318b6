package org.liftgrad.theorem.lifts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;
import org.liftgrad.plot.Plot;
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

  /** A picture of another module, by one name, space, function, message or parent, is not the picture of this one. */
  @Test
  void whatAPictureDoesNotSayIsMissed() {
    Blueprint written =
        Blueprint.blueprint("two").input("x", Space.of(3)).input("y", Space.of(3))
            .vertex("h", Activation.tanh()).from("x", MessageRule.linear()).readout("t").from("h").build();
    assertThat(PassIdentities.missing(written, Plot.diagram(written).svg())).isZero();
    assertThat(PassIdentities.missing(written, "x y h t")).as("vertices and edges").isEqualTo(6);
    List<Blueprint> others =
        List.of(
            Blueprint.blueprint("two").input("xx", Space.of(3)).input("y", Space.of(3))
                .vertex("h", Activation.tanh()).from("xx", MessageRule.linear()).readout("t").from("h").build(),
            Blueprint.blueprint("two").input("x", Space.of(3)).input("y", Space.of(4))
                .vertex("h", Activation.tanh()).from("x", MessageRule.linear()).readout("t").from("h").build(),
            Blueprint.blueprint("two").input("x", Space.of(3)).input("y", Space.of(3))
                .vertex("h", Activation.gelu()).from("x", MessageRule.linear()).readout("t").from("h").build(),
            Blueprint.blueprint("two").input("x", Space.of(3)).input("y", Space.of(3))
                .vertex("h", Activation.tanh()).from("x", MessageRule.convolution(Space.of(3), 1, 1)).readout("t").from("h").build(),
            Blueprint.blueprint("two").input("x", Space.of(3)).input("y", Space.of(3))
                .vertex("h", Activation.tanh()).from("y", MessageRule.linear()).readout("t").from("h").build());
    assertThat(others)
        .allSatisfy(other -> assertThat(PassIdentities.missing(written, Plot.diagram(other).svg())).isPositive());
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
