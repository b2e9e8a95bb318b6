package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** All files or none. */
class OutputFolderTest {

  @TempDir Path scratch;

  private static Consumer<Path> text(String content) {
    return file -> {
      try {
        Files.writeString(file, content);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    };
  }

  private static final Consumer<Path> FULL_DISK =
      file -> {
        text("half").accept(file);
        throw new UncheckedIOException(new IOException("No space left on device"));
      };

  private OutputFolder folder() {
    return new OutputFolder("--output", scratch.resolve("out"), "a", "b");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailureLeavesEverythingAsItWas(boolean exists) throws IOException {
    if (exists) {
      Files.writeString(Files.createDirectory(scratch.resolve("out")).resolve("a"), "earlier");
    }
    Map<String, String> before = Shell.contents(scratch);
    assertThatThrownBy(() -> folder().with("a", text("new")).with("b", FULL_DISK).write())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("--output", "cannot be written");
    assertThat(Shell.contents(scratch)).isEqualTo(before);
  }

  @Test
  void whatWasReplacedIsPutBackIfTheRestCannotBe() throws IOException {
    Path out = Files.createDirectory(scratch.resolve("out"));
    Files.writeString(out.resolve("b"), "earlier");
    OutputFolder folder =
        folder()
            .with("c", text("new"))
            .with("b", text("new"))
            .with("a", file -> {
              text("new").accept(file);
              // Comes into the way after the folder was looked at.
              try {
                Files.createDirectories(out.resolve("a/full"));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertThatThrownBy(folder::write).isInstanceOf(IllegalArgumentException.class);
    assertThat(Shell.contents(out))
        .isEqualTo(Map.of("", "a folder", "a", "a folder", "a/full", "a folder", "b", "earlier"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b"})
  void abandoningItWhileItIsWrittenLeavesEverythingAsItWas(String last) throws IOException {
    OutputFolder folder = folder();
    for (String name : new String[] {"a", "b"}) {
      folder.with(
          name,
          file -> {
            text("new").accept(file);
            assertThat(!name.equals(last) || folder.abandon()).isTrue();
          });
    }
    assertThatThrownBy(folder::write).isInstanceOf(IllegalArgumentException.class);
    assertThat(Shell.contents(scratch)).isEqualTo(Map.of("", "a folder"));
  }

  @Test
  void whatIsInItsPlaceIsNotAbandoned() throws IOException {
    OutputFolder folder = folder().with("a", text("new"));
    folder.write();
    assertThat(folder.abandon()).isFalse();
    assertThat(Shell.contents(scratch)).containsEntry("out/a", "new").hasSize(3);
  }
}
