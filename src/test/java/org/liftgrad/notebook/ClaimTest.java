package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.notebook.Liftgrad.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.liftgrad.theorem.Verdict;

class ClaimTest {

  private static Claim.Draft draft(double value) {
    return claim("03/order", "The error goes with the step").that("exponent <of the error>", value);
  }

  @Test
  void itHoldsWithinItsRuleAndFailsOutside() {
    assertThat(draft(0.8).isBetween(0.8, 1.2).verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(draft(1.3).isBetween(0.8, 1.2).verdict()).isEqualTo(Verdict.FAILS);
    assertThat(draft(2).isAtLeast(2).verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(draft(1.9).isAtLeast(2).verdict()).isEqualTo(Verdict.FAILS);
    assertThat(draft(2).isAtMost(2).verdict()).isEqualTo(Verdict.HOLDS);
    assertThat(draft(2.1).isAtMost(2).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void whatIsNotANumberFails() {
    assertThat(draft(Double.NaN).isAtLeast(0).verdict()).isEqualTo(Verdict.FAILS);
    assertThat(draft(Double.NaN).isAtMost(0).verdict()).isEqualTo(Verdict.FAILS);
  }

  @Test
  void aRuleThatEveryFigureMeetsIsRefused() {
    assertThatThrownBy(() -> draft(1).isAtMost(Double.POSITIVE_INFINITY)).hasMessageContaining("the rule");
    assertThatThrownBy(() -> draft(1).isBetween(2, 1)).hasMessageContaining("the rule");
    assertThatThrownBy(() -> draft(1).isAtLeast(Double.NaN)).hasMessageContaining("the rule");
  }

  @Test
  void itsVerdictTravelsWithItsDisplay() throws Exception {
    Display display = Displays.standard().of(draft(1.3).isBetween(0.8, 1.2));
    assertThat(display.text()).isEqualTo("""
        03/order: The error goes with the step
          verdict    fails
          measured   1.3 – exponent <of the error>
          holds if   it is from 0.8 to 1.2""");
    assertThat(display.html().orElseThrow()).contains("exponent &lt;of the error&gt;");
    JsonNode record = new ObjectMapper().readTree(display.extra().get(Display.VERDICT));
    assertThat(record.get("id").asText()).isEqualTo("03/order");
    assertThat(record.get("verdict").asText()).isEqualTo("fails");
    assertThat(record.get("measured").asDouble()).isEqualTo(1.3);
  }
}
