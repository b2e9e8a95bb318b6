package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Displays as they were last looked at: text and HTML in {@code src/test/resources/displays}, without their pictures, which
 * depend on the fonts of a machine. {@code environment/test -Dtest=ResultDisplaysTest -Dliftgrad.javaOptions=-Dliftgrad.golden=update}
 * keeps what is shown now; look at the difference before it is committed.
 */
final class Golden {

  private static final Path FOLDER = Path.of(System.getProperty("liftgrad.home", "."), "src", "test", "resources", "displays");
  private static final boolean UPDATE = "update".equals(System.getProperty("liftgrad.golden"));

  private Golden() {}

  static void assertKept(String name, Display display) throws IOException {
    String file = name.replaceAll("[^a-z]+", "-");
    assertKept(FOLDER.resolve(file + ".txt"), display.text());
    if (display.html().isPresent()) {
      assertKept(FOLDER.resolve(file + ".html"), withoutPictures(display.html().get()));
    }
  }

  private static void assertKept(Path file, String shown) throws IOException {
    String now = shown.stripTrailing() + "\n";
    if (UPDATE) {
      Files.createDirectories(FOLDER);
      Files.writeString(file, now, StandardCharsets.UTF_8);
    }
    assertThat(file).as("kept before").exists();
    assertThat(now).as(file.getFileName().toString()).isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
  }

  private static String withoutPictures(String html) {
    return html.replaceAll("(?s)<svg.*?</svg>", "<svg/>").replaceAll("(data:image/[a-z+]*)[;,][^\"]*", "$1").replace("</tr>", "</tr>\n");
  }
}
