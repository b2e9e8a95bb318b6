package org.liftgrad.plot;

/** What stands above a plot: XChart sets it in the middle of the plot, where a long one does not fit. */
record Heading(Drawing.Lines lines) {
  /** Two lines of title leave too little of a picture that is less high than this. */
  private static final int LEAST_HEIGHT_OF_TWO_LINES = 240;

  static Heading of(String title, Drawing drawing, int width, int height) {
    return new Heading(drawing.lines(title, Painter.TITLE, width - 2 * Painter.EDGE, height < LEAST_HEIGHT_OF_TWO_LINES ? 1 : 2));
  }

  private double lineHeight() {
    return 1.3 * lines.font().getSize();
  }

  int room() {
    return lines.lines().isEmpty() ? 0 : (int) Math.ceil(lines.lines().size() * lineHeight());
  }

  void paint(Drawing drawing, double width) {
    Canvas.paint(
        drawing,
        canvas -> {
          for (int i = 0; i < lines.lines().size(); i++) {
            canvas.text(lines.lines().get(i), lines.font(), width / 2, Painter.EDGE - 6 + (i + 0.8) * lineHeight(), 0.5, Painter.INK);
          }
        });
  }
}
