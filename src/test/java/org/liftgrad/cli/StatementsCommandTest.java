package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import org.junit.jupiter.api.Test;
import org.liftgrad.cli.Shell.Outcome;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Statement;

/** {@code liftgrad statements}. */
class StatementsCommandTest {

  @Test
  void everyStatementHasALine() {
    Outcome shown = Shell.run("statements");
    assertThat(shown.code()).isZero();
    assertThat(shown.out().lines()).hasSize(Catalogue.standard().statements().size());
    assertThat(shown.out()).contains("shallow/theorem-1 ", "theorem ");
  }

  @Test
  void oneIsShownWithItsFormulaAndChecks() {
    Outcome shown = Shell.run("statements", "shallow/lemma-1");
    assertThat(shown.out()).contains("Conservation", "a_j(t)^2", "stated by the authors", "shallow/L1a, shallow/L1b");
  }

  @Test
  void asJsonTheyAreAllThere() throws Exception {
    Outcome shown = Shell.run("statements", "--json");
    int found = 0;
    try (JsonParser json = new JsonFactory().createParser(shown.out())) {
      while (json.nextToken() != null) {
        found += "formula".equals(json.currentName()) && json.currentToken().isScalarValue() ? 1 : 0;
      }
    }
    assertThat(found).isEqualTo(Catalogue.standard().statements().size());
    assertThat(shown.out()).contains(Catalogue.standard().statements().stream().map(Statement::id).toArray(String[]::new));
  }

  @Test
  void whatIsNotThereIsRefused() {
    Shell.run("statements", "shallow/theorem-9").isRefusal("statement is “shallow/theorem-9”", "shallow/theorem-");
    Shell.run("statements", "shallow/theorem-1", "--json").isRefusal("--json is given with an ID");
  }
}
