package org.liftgrad.notebook;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.liftgrad.kernel.Argument;

/**
 * What a value looks like: the same picture in every form that a notebook, a report or a terminal may ask for. It
 * knows nothing of any kernel.
 *
 * @param text plain text, always there: terminals, tests and text-only readers show it
 * @param html an HTML fragment, self-contained (no script, nothing loaded), its values escaped
 * @param png the bytes of a PNG picture; copied in and out
 * @param width how wide to show the picture, in points; empty: a pixel a point
 * @param extra further forms by MIME type, in the order given; a type ending in {@code json} holds JSON text
 */
public record Display(
    String text, Optional<String> html, Optional<byte[]> png, OptionalInt width, Map<String, String> extra) {

  /** The MIME type under which a check's result carries its verdict into the report. */
  public static final String VERDICT = "application/vnd.liftgrad.verdict+json";

  /** The most that a display weighs, all its forms together, as it stands in a notebook: notebooks are files people send. */
  public static final int MOST_BYTES = 300_000;

  private static final int MOST_LETTERS = 20_000;

  /** Checks that nothing is null and takes copies. */
  public Display {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(html, "html");
    png = png.map(byte[]::clone);
    extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
  }

  /**
   * A display of plain text only.
   *
   * @param text the text
   * @return the display
   */
  public static Display text(String text) {
    return new Display(text, Optional.empty(), Optional.empty(), OptionalInt.empty(), Map.of());
  }

  /**
   * The picture's bytes, a copy.
   *
   * @return the bytes of a PNG picture, if there is one
   */
  @Override
  public Optional<byte[]> png() {
    return png.map(byte[]::clone);
  }

  /**
   * This display with an HTML form. A picture belongs here as an {@code <img>} that holds its data: an inline {@code <svg>}
   * and the separate SVG type are dropped by some readers.
   *
   * @param fragment self-contained HTML, its values escaped with {@link Displays#escape(String)}
   * @return a new display
   */
  public Display withHtml(String fragment) {
    return new Display(text, Optional.of(fragment), png, width, extra);
  }

  /**
   * This display with a picture.
   *
   * @param bytes a PNG file's bytes
   * @return a new display
   */
  public Display withPng(byte[] bytes) {
    return new Display(text, html, Optional.of(bytes), OptionalInt.empty(), extra);
  }

  /**
   * This display with a picture of more pixels than points, which stays sharp on fine screens.
   *
   * @param bytes a PNG file's bytes
   * @param points how wide to show it, at least 1
   * @return a new display
   */
  public Display withPng(byte[] bytes, int points) {
    return new Display(text, html, Optional.of(bytes), OptionalInt.of(Argument.positive("points", points)), extra);
  }

  /**
   * This display with one more form.
   *
   * @param mimeType such as {@link #VERDICT} or {@code text/markdown}
   * @param content the form itself; JSON text if the type ends in {@code json}
   * @return a new display
   */
  public Display with(String mimeType, String content) {
    Map<String, String> more = new LinkedHashMap<>(extra);
    more.put(mimeType, content);
    return new Display(text, html, png, width, more);
  }

  /** What it weighs in a notebook's file. */
  long bytes() {
    long bytes = size(text) + html.map(Display::size).orElse(0L) + png.map(each -> 4 * ((each.length + 2L) / 3)).orElse(0L);
    for (String content : extra.values()) {
      bytes += size(content);
    }
    return bytes;
  }

  /** This display, or the lighter forms of one that weighs too much, with a sentence that says so. */
  Display bounded() {
    if (bytes() <= MOST_BYTES) {
      return this;
    }
    String sentence = "This display would weigh " + bytes() / 1000 + " kB; up to " + MOST_BYTES / 1000
        + " kB are shown. What saves itself to a file does so whole.";
    Display lighter = new Display(text + "\n" + sentence, Optional.empty(), png, width, extra);
    if (lighter.bytes() <= MOST_BYTES) {
      return lighter;
    }
    int letters = Math.min(text.length(), MOST_LETTERS);
    String shown = letters < text.length() ? text.substring(0, letters) + " …" : text;
    Display told = Display.text(shown + "\n" + sentence);
    String verdict = extra.get(VERDICT);
    return verdict == null || size(verdict) > MOST_BYTES / 2 ? told : told.with(VERDICT, verdict);
  }

  private static long size(String form) {
    return form.getBytes(StandardCharsets.UTF_8).length;
  }
}
