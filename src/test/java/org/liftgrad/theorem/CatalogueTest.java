package org.liftgrad.theorem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CatalogueTest {

  private final Catalogue catalogue = Catalogue.standard();

  @Test
  void theFoundationsChecksAreThere() {
    assertThat(catalogue.checks().stream().map(Check::id))
        .contains(
            "shallow/L1a", "shallow/L1b", "shallow/L1c", "shallow/PLa", "shallow/PLb", "shallow/PLc", "shallow/PLd",
            "shallow/PLe", "shallow/W1", "shallow/W2", "shallow/W3", "shallow/T1a", "shallow/T1b", "shallow/T1c");
    assertThat(catalogue.statements()).hasSizeGreaterThanOrEqualTo(10);
  }

  @Test
  void everyCheckIsSettledBeforehand() {
    for (Check check : catalogue.checks()) {
      assertThat(check.question()).as(check.id()).endsWith("?");
      assertThat(check.control().breaks()).as(check.id()).isNotBlank().isNotEqualTo("nothing");
      assertThat(check.recorded(Scale.QUICK)).as(check.id() + " has a recorded verdict").isPresent();
      assertThat(check.toString()).contains(check.title());
    }
  }

  @ParameterizedTest
  @EnumSource(Scale.class)
  void everyPlanOfAScaleCanTellItsControl(Scale scale) {
    for (Check check : catalogue.checks()) {
      if (check.rule().isEmpty()) {
        continue; // It reports: there is nothing to tell apart.
      }
      Assurance assurance = check.assurance(scale);
      assertThat(assurance.power()).as(check.id()).isGreaterThanOrEqualTo(0.8);
      assertThat(assurance.falseAlarm()).as(check.id()).isLessThan(0.5);
    }
  }

  @Test
  void statementsSayHowSureWeAre() {
    for (Statement statement : catalogue.statements()) {
      assertThat(statement.wording()).as(statement.id()).hasSizeGreaterThan(60).endsWith(".");
      assertThat(statement.formula()).as(statement.id()).isNotBlank();
      assertThat(statement.toString()).contains(statement.certainty().toString());
    }
  }

  @Test
  void anIdRunsOneCheckOrAllOfAStatement() {
    assertThat(catalogue.checksOf("shallow/W1")).extracting(Check::id).containsExactly("shallow/W1");
    assertThat(catalogue.checksOf("shallow/theorem-1"))
        .extracting(Check::id)
        .containsExactly("shallow/T1a", "shallow/T1b", "shallow/T1c");
    assertThat(Catalogue.theorem("shallow/lemma-5").checkIds()).containsExactly("shallow/W1", "shallow/W2");
  }

  @ParameterizedTest
  @CsvSource({"shallow/T1x,shallow/T1a", "T1a,shallow/T1a", "shalow/W3,shallow/W3", "shallow/theorem1,shallow/theorem-1"})
  void anUnknownIdIsRefusedWithTheNearest(String id, String nearest) {
    assertThatThrownBy(() -> catalogue.checksOf(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("check is “" + id + "”; it must be an id of the catalogue, such as ")
        .hasMessageContaining(nearest)
        .hasMessageEndingWith("(liftgrad check --list shows all).")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anUnknownStatementIsRefusedWithWhereStatementsAreListed() {
    assertThatThrownBy(() -> Catalogue.theorem("shallow/theorem1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("statement is “shallow/theorem1”")
        .hasMessageContaining("shallow/theorem-1")
        .hasMessageEndingWith("(liftgrad statements shows all).");
    assertThatThrownBy(() -> Catalogue.standard().check("shallow/T1x")).hasMessageContaining("liftgrad check --list");
  }

  @Test
  void theListIsJson() throws Exception {
    JsonNode json = new ObjectMapper().readTree(catalogue.json());
    assertThat(json).hasSize(catalogue.checks().size());
    assertThat(json.get(0).fieldNames())
        .toIterable()
        .containsExactly("id", "statement", "paper", "title", "scales", "recorded");
    assertThat(json.get(0).get("scales")).hasSize(3);
  }

  @Test
  void aCatalogueWhoseTwoListsDoNotFitIsRefused() {
    Statement lonely =
        new Statement(
            "shallow/x", Paper.SHALLOW, Kind.CLAIM, "x", "x", "x", Certainty.DERIVED, List.of("shallow/none"));
    assertThatThrownBy(() -> new Catalogue(List.of(lonely), List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
