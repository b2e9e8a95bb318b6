package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.liftgrad.statistics.Numbers;

/**
 * Displays as they were last looked at, in {@code src/test/resources/displays}: text and HTML, and in a third file which forms
 * there are beside the text, how large each picture is, and every further form (a statement's Markdown, a verdict's JSON) word
 * for word.
 * Left out are what is drawn in pictures, which depends on the fonts of a machine, and in the further forms the digits of
 * figures after the ninth.
 *
 * <p>{@code environment/test -Dtest=ResultDisplaysTest -Dliftgrad.javaOptions=-Dliftgrad.golden=update} keeps what is shown
 * now; look at the difference before it is committed.
 */
final class Golden {

  private static final Path FOLDER = Path.of(System.getProperty("liftgrad.home", "."), "src", "test", "resources", "displays");
  private static final Pattern DRAWING = Pattern.compile("data:image/svg\\+xml;base64,([^\"]*)");
  private static final Pattern IN_STYLE = Pattern.compile("url\\(\"data:image/svg\\+xml,%3Csvg [^\"]*%3C/svg%3E");
  private static final Pattern SIZE = Pattern.compile("<svg[^>]* viewBox=\"0 0 ([0-9.]+) ([0-9.]+)\"");
  private static final Pattern LONG_FIGURE = Pattern.compile("-?\\d+\\.\\d{6,}(?:[eE]-?\\d+)?");
  private static final boolean UPDATE = "update".equals(System.getProperty("liftgrad.golden"));

  private Golden() {}

  static void assertKept(String name, Display display) throws IOException {
    String file = name.replaceAll("[^a-z]+", "-");
    assertKept(FOLDER.resolve(file + ".txt"), display.text());
    if (display.html().isPresent()) {
      assertKept(FOLDER.resolve(file + ".html"), withoutPictures(display.html().get()));
    }
    Path further = FOLDER.resolve(file + ".forms");
    if (forms(display).equals("text/plain\n")) {
      assertThat(further).as("all that is left of it is text").doesNotExist();
    } else {
      assertKept(further, forms(display));
    }
  }

  /** Every form with what the other two files do not hold of it, in the order of the alphabet. */
  static String forms(Display display) throws IOException {
    SortedMap<String, String> forms = new TreeMap<>(display.extra());
    forms.replaceAll((type, content) -> "\n" + rounded(content.strip()));
    forms.put("text/plain", "");
    display.html().ifPresent(html -> forms.put("text/html", drawings(html)));
    if (display.png().isPresent()) {
      forms.put("image/png", pngSize(display));
    }
    StringBuilder all = new StringBuilder();
    forms.forEach((type, content) -> all.append(type).append(content).append('\n'));
    return all.toString();
  }

  /** In points, as a page shows it; a file that is no picture fails here. */
  private static String pngSize(Display display) throws IOException {
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(display.png().orElseThrow()));
    assertThat(picture).as("the PNG").isNotNull();
    double shown = display.width().orElse(picture.getWidth());
    return ": " + points(shown) + " × " + points(shown * picture.getHeight() / picture.getWidth()) + " points, "
        + picture.getWidth() + " × " + picture.getHeight() + " pixels";
  }

  /** The drawings that stand in HTML, each with its size in points and whether it draws anything. */
  private static String drawings(String html) {
    StringBuilder sizes = new StringBuilder();
    Matcher image = DRAWING.matcher(html);
    while (image.find()) {
      String svg = new String(Base64.getDecoder().decode(image.group(1)), StandardCharsets.UTF_8);
      Matcher size = SIZE.matcher(svg);
      assertThat(size.find()).as("a drawing with a size").isTrue();
      assertThat(svg).as("a drawing").contains("</svg>").containsPattern("<(path|rect|line|polyline|circle|text)\\b");
      sizes.append("\ndrawing of ").append(size.group(1)).append(" × ").append(size.group(2)).append(" points");
    }
    long choices = IN_STYLE.matcher(html).results().count();
    return sizes + (choices > 0 ? "\nand " + choices + " to choose" : "");
  }

  /** What a machine's own sine or logarithm may change is the last of sixteen digits. */
  private static String rounded(String content) {
    return LONG_FIGURE.matcher(content).replaceAll(figure -> Numbers.rounded(Double.parseDouble(figure.group()), 9));
  }

  private static String points(double size) {
    return String.format(Locale.ROOT, "%.0f", size);
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
