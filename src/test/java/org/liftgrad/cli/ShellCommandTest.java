package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** {@code liftgrad shell}, as far as it is ours: JShell itself wants a terminal. */
class ShellCommandTest {

  @Test
  void itsHelpSaysHowAValueIsShownWhole() {
    assertThat(Shell.run("shell", "--help").out().replaceAll("\\s+", " ")).contains("show(x) prints it as a notebook would").contains("/exit");
  }

  @Test
  void aFileThatIsNotThereIsRefused() {
    Shell.run("shell", "no-such-file.jsh").isRefusal("no-such-file.jsh", "a file of Java lines");
  }
}
