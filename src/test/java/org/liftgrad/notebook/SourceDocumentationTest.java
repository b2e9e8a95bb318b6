package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SourceDocumentationTest {

  private final SourceDocumentation documentation =
      new SourceDocumentation(Path.of(System.getProperty("liftgrad.home", "."), "src", "main", "java"));

  @Test
  void aMethodIsFoundByItsFullNameAndItsShortOne() {
    assertThat(documentation.of("org.liftgrad.plot.Figure org.liftgrad.plot.Figure.logY()")).hasValue("A logarithmic y axis.");
    assertThat(documentation.of("Figure Figure.logY()")).hasValue("A logarithmic y axis.");
  }

  @Test
  void ofSeveralMethodsOfOneNameTheOneWithTheseParametersIsMeant() {
    assertThat(documentation.of("Figure Figure.line(String name, double[] x, double[] y)").orElseThrow())
        .isEqualTo("A line through points of your own.\n  name: for the legend\n  x: at least one number\n  y: as many");
    assertThat(documentation.of("Figure Figure.line(String... columns)").orElseThrow()).startsWith("A line for each of these columns");
  }

  @Test
  void aVariableIsExplainedByItsType() {
    assertThat(documentation.of("run:org.liftgrad.flow.Solution").orElseThrow()).contains("flow");
    assertThat(documentation.of("step:org.liftgrad.flow.LiftRun.Step").orElseThrow()).startsWith("A state.").contains("loss: L");
  }

  @Test
  void typesOfParametersMayBeGeneric() {
    assertThat(documentation.of("Displays Displays.<T>register(Class<T> type, Function<? super T, Display> form)").orElseThrow())
        .startsWith("Says how a type is shown").contains("form: from a value to its display");
  }

  @Test
  void whatIsNotOursIsNotExplained() {
    assertThat(documentation.of("java.lang.String")).isEmpty();
    assertThat(documentation.of("int String.length()")).isEmpty();
    assertThat(documentation.of("x:int")).isEmpty();
    assertThat(documentation.of("")).isEmpty();
    assertThat(new SourceDocumentation(Path.of("nowhere")).of("Figure Figure.logY()")).isEmpty();
  }
}
