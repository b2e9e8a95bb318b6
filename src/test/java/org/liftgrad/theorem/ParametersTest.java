package org.liftgrad.theorem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.liftgrad.kernel.Argument;

class ParametersTest {

  private final Parameters plan =
      Parameters.none()
          .whole("runs", 400, 1, 1000, "runs")
          .number("epsilon", 0.05, 1e-9, 0.999, "ε")
          .wholes("points", List.of(10, 20), 2, 1000, "n")
          .numbers("factors", List.of(1.0, 16.0), 0.001, 100, "d/n²")
          .words("widths", List.of("theorem"), List.of("theorem", "paper"), "widths")
          .text(
              "pair", "1:2",
              text -> Argument.require(text.matches("[0-9]+:[0-9]+"), "pair", "“" + text + "”", "two numbers, as in 1:2"),
              "a text of a form of its own");

  @Test
  void everyValueCanBeReplacedFromText() {
    Parameters other =
        plan.with(
            Map.of(
                "runs", "1e2", "epsilon", ".2", "points", "5, 10,20", "factors", "4", "widths", "paper,theorem", "pair", " 3:4 "));
    assertThat(other.whole("runs")).isEqualTo(100);
    assertThat(other.number("epsilon")).isEqualTo(0.2);
    assertThat(other.wholes("points")).containsExactly(5, 10, 20);
    assertThat(other.numbers("factors")).containsExactly(4);
    assertThat(other.words("widths")).containsExactly("paper", "theorem");
    assertThat(other.text("pair")).isEqualTo("3:4");
    assertThat(plan.whole("runs")).as("the plan itself is left alone").isEqualTo(400);
  }

  @Test
  void aPlanReadsBackFromItsOwnText() {
    for (Parameter parameter : plan.all()) {
      assertThat(parameter.parse(parameter.text())).isEqualTo(parameter);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "runs|0|runs is 0; it must be a whole number from 1 to 1000.",
        "runs|2.5|runs is 2.5; it must be a whole number from 1 to 1000.",
        "runs|many|runs is “many”; it must be a whole number from 1 to 1000.",
        "runs|1d|runs is “1d”; it must be a whole number from 1 to 1000.",
        "runs|10,20|runs is “10,20”; it must be a whole number from 1 to 1000.",
        "epsilon|NaN|epsilon is “NaN”; it must be a number from 1e-9 to 0.999.",
        "points|10,,20|points is “10,,20”; it must be one or more whole numbers from 2 to 1000, separated by commas.",
        "pair|1:|pair is “1:”; it must be two numbers, as in 1:2.",
        "widths|wide|widths is “wide”; it must be one or more, separated by commas, of theorem, paper.",
        "size|3|parameter is size; it must be one of runs, epsilon, points, factors, widths, pair.",
      })
  void whatCannotBeIsRefusedInOneSentence(String name, String text, String sentence) {
    assertThatThrownBy(() -> plan.with(name, text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(sentence);
  }

  @Test
  void anAssignmentNeedsANameAndAValue() {
    assertThatThrownBy(() -> RunSettings.quick().set("runs"))
        .hasMessage("set is “runs”; it must be name=value, such as runs=100.");
    assertThat(RunSettings.quick().set("runs=3").overrides()).containsEntry("runs", "3");
  }
}
