package org.liftgrad.blueprint;

import org.liftgrad.kernel.Argument;

/**
 * Where the windows of a convolution or a pooling lie on the entries of a matrix or a vector: window (i, j) begins at
 * entry (i stride − padding, j stride − padding). On a vector there is one row, not padded.
 *
 * @param source the space that they lie on, a vector or a matrix
 * @param window their sizes; a vector or a matrix as the source is
 * @param stride at least 1
 * @param padding how far they reach over each border: at least 0, less than a window
 */
public record Windows(Space source, Space window, int stride, int padding) {

  /** Refuses windows that do not fit. */
  public Windows {
    Argument.require(
        source.rank() == 1 || source.rank() == 2, "the source", "in " + source, "a vector or a matrix");
    Argument.require(
        window.rank() == source.rank() && window.dimension() > 0, "the window", "of " + window,
        source.rank() == 1 ? "a vector as the source is" : "a matrix as the source is");
    Argument.positive("stride", stride);
    Argument.atLeast("padding", padding, 0);
    for (int place = 0; place < source.rank(); place++) {
      Argument.require(padding < window.size(place), "padding", padding, "less than the window " + window);
      long padded = source.size(place) + 2L * padding;
      Argument.require(
          padded >= window.size(place), "the window", "of " + window,
          "no larger than the source " + source + " with its padding");
    }
  }

  /** The space with an entry for each window. */
  public Space output() {
    return source.rank() == 1 ? Space.of(columns()) : Space.of(rows(), columns());
  }

  int rows() {
    return source.rank() == 1 ? 1 : along(0);
  }

  int columns() {
    return along(source.rank() - 1);
  }

  private int along(int place) {
    return (source.size(place) + 2 * padding - window.size(place)) / stride + 1;
  }

  int height() {
    return source.rank() == 1 ? 1 : window.size(0);
  }

  int width() {
    return window.size(window.rank() - 1);
  }

  /** The source's entry under place (y, x) of window (row, column), or −1 beyond the border. */
  int under(int row, int column, int y, int x) {
    boolean line = source.rank() == 1;
    int sourceRow = line ? 0 : row * stride + y - padding;
    int sourceColumn = column * stride + x - padding;
    int sourceRows = line ? 1 : source.size(0);
    int sourceColumns = source.size(source.rank() - 1);
    boolean inside =
        sourceRow >= 0 && sourceRow < sourceRows && sourceColumn >= 0 && sourceColumn < sourceColumns;
    return inside ? sourceRow * sourceColumns + sourceColumn : -1;
  }

  /** As names say it, such as {@code 3×3 stride 2 padding 1}. */
  @Override
  public String toString() {
    return window.toString().substring(2) + (stride == 1 ? "" : " stride " + stride)
        + (padding == 0 ? "" : " padding " + padding);
  }
}
