package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.cli.Shell.Outcome;

/** {@code liftgrad check}: the list, runs, and everything it refuses. */
class CheckCommandTest {

  private static final String[] SMALL = {
    "check", "shallow/W1", "--set", "points=10,30", "--set", "draws=2000"
  };

  private static Outcome small(String... more) {
    String[] all = java.util.Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, all, SMALL.length, more.length);
    return Shell.run(all);
  }

  @Test
  void theListIsAnArrayOfChecks() throws Exception {
    Outcome outcome = Shell.run("check", "--list", "--json");
    assertThat(outcome.code()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.isArray()).isTrue();
    assertThat(json.get(0).fieldNames())
        .toIterable()
        .containsExactly("id", "statement", "paper", "title", "scales", "recorded");
    assertThat(Shell.run("check", "--list").out()).contains("shallow/T1a").contains("shallow/theorem-1");
  }

  @Test
  void aRunIsAnArrayOfResults() throws Exception {
    Outcome outcome = small("--json", "--seed", "7");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.error()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json).hasSize(1);
    assertThat(json.get(0).get("seed").longValue()).isEqualTo(7);
    assertThat(json.get(0).get("scale").textValue()).isEqualTo("quick");
    assertThat(json.get(0).get("parameters").get("draws").intValue()).isEqualTo(2000);
    assertThat(json.get(0).get("rows")).hasSize(24);
    assertThat(small("--json", "--seed", "7").out()).as("the same bytes again").isEqualTo(outcome.out());
  }

  @Test
  void theExitCodeSaysOnlyThatItRanUnlessStrict() {
    Outcome failed = small("--control");
    assertThat(failed.code()).isZero();
    assertThat(failed.out()).contains("fails (with the control in place)");
    Outcome strict = small("--control", "--strict");
    assertThat(strict.code()).isEqualTo(1);
    assertThat(strict.error()).contains("shallow/W1 is fails and was recorded as holds.");
    assertThat(small("--strict").code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "check",
        "check shallow/T1",
        "check --list shallow/T1a",
        "check shallow/W1 --scale huge",
        "check shallow/W1 --seed 1.5",
        "check shallow/W1 --set draws",
        "check shallow/W1 --set draws=0",
        "check shallow/W1 --set draws=many",
        "check shallow/W1 --set sizes=3",
        "check shallow/W1 shallow/T1a --set draws=10",
        "check shallow/T1a --set epsilons=2",
        "check shallow/L1a --set stepsOverPoints=0.01",
        "check shallow/W1 --sett draws=3",
      })
  void whatCannotBeIsRefusedInASentence(String line) {
    Outcome outcome = Shell.run(line.split(" "));
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error().strip().lines().count()).isBetween(1L, 3L);
    assertThat(outcome.error()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  @Test
  void helpAndVersionAreThere() {
    assertThat(Shell.run("check", "--help").out()).contains("--strict").contains("--set");
    assertThat(Shell.run("check", "--version").out()).startsWith("liftgrad ");
  }
}
