package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotebookKernelTest {
  @Test
  void anEmptyQuestionHasNoAnswerButNoErrorEither() {
    NotebookKernel kernel = new NotebookKernel(Displays.standard());
    assertThat(kernel.inspect("", 0, false)).isNull();
    assertThat(kernel.complete("", 0)).isNotNull();
    assertThat(kernel.complete("nonsense.(", 10)).isNotNull();
  }
}
