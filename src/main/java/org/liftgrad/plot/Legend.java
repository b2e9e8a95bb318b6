package org.liftgrad.plot;

import java.awt.BasicStroke;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;

/**
 * The legend: rows below the plot, or a column beside it.
 *
 * @param names of layers, by their number
 * @param widths of its columns, each with what is before and after a name; one column beside the plot
 * @param beside the room it takes there; 0 where it is below
 * @param below the room it takes there; 0 where it is beside
 */
record Legend(Map<Integer, String> names, double[] widths, int beside, int below) {
  /** The line before a name, the room behind it and after the name, and from one row to the next. */
  private static final int SAMPLE = 26;

  private static final int GAP = 8;
  private static final int BETWEEN = 20;
  static final int MARKER = 6;
  private static final int ROW = 19;

  /** Shares of the picture that a legend takes at most, beside the plot and below it. */
  private static final double MOST_BESIDE = 0.4;

  private static final double MOST_BELOW = 0.35;

  static Legend of(Map<Integer, String> names, Drawing drawing, int width, int height) {
    if (names.isEmpty()) {
      return new Legend(names, new double[0], 0, 0);
    }
    double room = width - 2.0 * Painter.EDGE;
    Map<Integer, String> fitted = fitted(names, room - SAMPLE - GAP, drawing);
    double[] taken = fitted.values().stream().mapToDouble(name -> SAMPLE + GAP + drawing.widthOf(name, Painter.SMALL)).toArray();
    double[] columns = columns(taken, room);
    int rows = (taken.length + columns.length - 1) / columns.length;
    double widest = Arrays.stream(taken).max().getAsDouble();
    int beside = (int) Math.ceil(widest + Painter.EDGE);
    boolean low = rows * ROW <= MOST_BELOW * height;
    if (rows <= 2 || low && beside > MOST_BESIDE * width) {
      return new Legend(fitted, columns, 0, rows * ROW + 2);
    }
    int most = (int) (MOST_BESIDE * width);
    return new Legend(
        fitted(fitted, most - Painter.EDGE - SAMPLE - GAP, drawing), new double[] {widest}, Math.min(beside, most), 0);
  }

  private static Map<Integer, String> fitted(Map<Integer, String> names, double room, Drawing drawing) {
    Map<Integer, String> fitted = new TreeMap<>();
    names.forEach((layer, name) -> fitted.put(layer, drawing.fitted(name, Painter.SMALL, room)));
    return fitted;
  }

  /** As many columns as fit, filled row by row. */
  private static double[] columns(double[] taken, double room) {
    for (int number = taken.length; number > 1; number--) {
      double[] columns = new double[number];
      for (int i = 0; i < taken.length; i++) {
        columns[i % number] = Math.max(columns[i % number], taken[i] + BETWEEN);
      }
      if (Arrays.stream(columns).sum() - BETWEEN <= room) {
        return columns;
      }
    }
    return new double[] {Arrays.stream(taken).max().getAsDouble() + BETWEEN};
  }

  void paint(Drawing drawing, double top, double chartHeight, Map<Integer, XYSeries> drawn) {
    double height = top + chartHeight;
    double all = Arrays.stream(widths).sum() - BETWEEN;
    int rows = (names.size() + Math.max(1, widths.length) - 1) / Math.max(1, widths.length);
    double row = beside == 0 ? ROW : Math.min(ROW, (chartHeight - Painter.EDGE) / rows);
    double left = beside > 0 ? drawing.width() - beside : (drawing.width() - all) / 2;
    double first = beside > 0 ? top + (chartHeight - rows * row) / 2 + row / 2 : height - 10 + ROW / 2.0;
    Canvas.paint(
        drawing,
        canvas -> {
          int place = 0;
          for (Map.Entry<Integer, String> name : names.entrySet()) {
            double x = left;
            for (int column = 0; column < place % widths.length; column++) {
              x += widths[column];
            }
            double y = first + place / widths.length * row;
            sample(canvas, drawn.get(name.getKey()), x, y);
            canvas.text(name.getValue(), Painter.SMALL, x + SAMPLE + GAP, y + 4.4, 0, Painter.INK);
            place++;
          }
        });
  }

  /** A piece of what is drawn. */
  private static void sample(Canvas canvas, XYSeries series, double x, double y) {
    XYSeriesRenderStyle style = series.getXYSeriesRenderStyle().orElse(XYSeriesRenderStyle.Line);
    if (style == XYSeriesRenderStyle.PolygonArea) {
      canvas.level(x, x + SAMPLE, y, series.getFillColor(), new BasicStroke(11, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    } else if (style == XYSeriesRenderStyle.Scatter) {
      canvas.marker(series.getMarker(), x + SAMPLE / 2.0, y, MARKER, series.getMarkerColor());
    } else {
      canvas.level(x, x + SAMPLE, y, series.getLineColor(), series.getLineStyle());
    }
  }
}
