package org.liftgrad.plot;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A picture of a graph: a blueprint, a lift, or a map between finite sets with its bundles. {@link Plot} makes it.
 * Immutable; the same graph gives the same picture at every call. Output is inline SVG without script or external
 * reference, or PNG.
 */
public final class Diagram {

  private final Drawing drawing;
  private final int width;
  private final String description;

  Diagram(Drawing drawing, int width, String description) {
    this.drawing = drawing;
    this.width = width;
    this.description = description;
  }

  /** The picture as one {@code <svg>} element, to be put into a page as it is. */
  public String svg() {
    return drawing.svg(description);
  }

  /** How wide it is, in points; the PNG has two pixels a point. */
  public int width() {
    return width;
  }

  /** The picture as PNG, two pixels of the file a point. */
  public byte[] png() {
    return drawing.png(2);
  }

  /**
   * Writes the picture, as SVG, PNG or PDF by the file's extension: beside first, then renamed. Missing folders are made.
   *
   * @param file ending in {@code .svg}, {@code .png} or {@code .pdf}
   * @return the file
   * @throws IllegalArgumentException for another extension
   * @throws UncheckedIOException if it cannot be written
   */
  public Path save(Path file) {
    return PictureFile.save(file, () -> drawing, description, Optional.empty());
  }

  /** The same, with the path as text: {@code save("mlp.svg")}. */
  public Path save(String file) {
    return save(Path.of(file));
  }

  /** What is drawn, for a terminal and for readers who do not see the picture. */
  @Override
  public String toString() {
    return description;
  }
}
