package org.liftgrad.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/** Hands the layers of a figure to XChart, in the one style of this project. */
final class Painter {

  static final Color INK = new Color(0x22, 0x22, 0x22);
  /** A heat map is at least so wide. */
  private static final int LEAST_HEAT_WIDTH = 320;

  private static final Color GREY = new Color(0x77, 0x77, 0x77);
  private static final Color GRID = new Color(0xE4, 0xE4, 0xE4);
  private static final Color CLEAR = new Color(255, 255, 255, 0);

  /**
   * The palette of Okabe and Ito (2008), told apart by colour-blind readers; its yellow is darker here,
   * to be seen as a line on white.
   */
  static final Color[] PALETTE = {
    new Color(0x00, 0x72, 0xB2),
    new Color(0xD5, 0x5E, 0x00),
    new Color(0x00, 0x9E, 0x73),
    new Color(0xCC, 0x79, 0xA7),
    new Color(0xE6, 0x9F, 0x00),
    new Color(0x56, 0xB4, 0xE9),
    new Color(0xC9, 0xBC, 0x1D),
    new Color(0x00, 0x00, 0x00),
  };

  /** Pixels from the intervals of one series to those of the next at the same place. */
  private static final double ASIDE = 5;

  /** Dashes of the bounds, in turn, so that two can be told apart without colour. */
  private static final float[][] DASHES = {{8, 5}, {2, 4}, {10, 4, 2, 4}, {4, 3}};

  private static final float[][] SLOPES = {{2, 4}, {6, 3}, {1, 2}};

  /** Shapes of points, in turn, so that they too can be told apart without colour. */
  private static final Marker[] SHAPES = {
    SeriesMarkers.CIRCLE, SeriesMarkers.DIAMOND, SeriesMarkers.SQUARE, SeriesMarkers.TRIANGLE_UP, SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS, SeriesMarkers.PLUS
  };

  /** Letters that a point takes in an SVG, by its shape; and all the letters that clouds of points may take together. */
  private static final int[] SHAPE_LETTERS = {13, 27, 22, 27, 27, 32, 32};

  private static final int MOST_LETTERS = 220_000;

  static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
  static final Font LABEL = new Font(Font.SANS_SERIF, Font.PLAIN, 14);
  static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

  /** Room at the edges of the picture. */
  static final int EDGE = 16;

  private final List<Layer> layers;
  private final Axis xAxis;
  private final Axis yAxis;
  private final String title;
  private final int width;
  private final int height;
  private final List<String> notes = new ArrayList<>();
  private final List<Prepared> prepared = new ArrayList<>();
  private Scale x;
  private Scale y;
  private int mostPoints;
  private double[] xSpan = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
  private double[] ySpan = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};

  /**
   * A layer as points in data units.
   *
   * @param layer where it comes from
   * @param kind as the CSV and the description name it
   * @param xs places; NaN parts a line
   * @param ys values, or the lower ends of a band
   * @param uppers the upper ends of a band; empty for anything else
   */
  private record Prepared(Layer layer, String kind, double[] xs, double[] ys, double[] uppers) {}

  Painter(List<Layer> layers, Axis xAxis, Axis yAxis, String title, int width, int height) {
    this.layers = layers;
    this.xAxis = xAxis;
    this.yAxis = yAxis;
    this.title = title;
    this.width = width;
    this.height = height;
    prepare();
  }

  List<String> notes() {
    return List.copyOf(notes);
  }

  // Preparing: what can be shown, and between which ends.

  private void prepare() {
    for (Layer layer : layers) {
      if (layer instanceof Layer.Curve curve) {
        add(layer, curve.mark() == Layer.Mark.LINE ? "line" : "points", curve.x(), curve.y(), new double[0]);
      } else if (layer instanceof Layer.Bound bound) {
        add(layer, "bound", bound.x(), bound.y(), new double[0]);
      } else if (layer instanceof Layer.Band band) {
        add(layer, "band", band.x(), band.lower(), band.upper());
      } else if (layer instanceof Layer.Intervals intervals) {
        add(layer, "intervals", intervals.x(), intervals.lower(), intervals.upper());
      } else if (layer instanceof Layer.Bars bars) {
        bars(bars);
      } else if (layer instanceof Layer.Event event) {
        double[] shown = Arrays.stream(event.x()).filter(xAxis::shows).toArray();
        leftOut(layer, event.x().length - shown.length, event.x().length);
        widen(xSpan, shown, xAxis);
      } else if (layer instanceof Layer.Level level) {
        boolean shown = yAxis.shows(level.y());
        leftOut(layer, shown ? 0 : 1, 1);
        widen(ySpan, new double[] {level.y()}, yAxis);
      } else if (layer instanceof Layer.Heat heat) {
        cells(heat);
      }
    }
    boolean bars = layers.stream().anyMatch(Layer.Bars.class::isInstance);
    if (bars && !yAxis.logarithmic()) {
      ySpan[0] = Math.min(ySpan[0], 0);
    }
    x = Scale.of(xAxis, xSpan[0], xSpan[1], 0.02);
    y = Scale.of(yAxis, ySpan[0], ySpan[1], 0.04);
    // Bars stand on their axis.
    if (bars && !yAxis.logarithmic() && Double.isNaN(yAxis.least()) && ySpan[0] == 0) {
      double most = ySpan[1] > 0 ? ySpan[1] : 1;
      y = Scale.of(new Axis(yAxis.label(), false, 0, yAxis.most()), 0, most, 0.05);
    }
    mostPoints = mostPoints();
    for (Prepared each : prepared) {
      if (each.kind.equals("points")) {
        long all = Arrays.stream(each.xs).filter(Double::isFinite).count();
        int kept = Thinning.points(each.xs, each.ys, x, y, width, height, mostPoints)[0].length;
        if (kept < all) {
          notes.add(
              "“" + Label.plain(each.layer.name()) + "”: " + all + " points drawn as " + kept
                  + ", one where several coincide.");
        }
      }
    }
    for (Layer layer : layers) {
      if (layer instanceof Layer.Level level && yAxis.shows(level.y())) {
        prepared.add(
            new Prepared(
                layer, "bound", new double[] {x.least(), x.most()}, new double[] {level.y(), level.y()},
                new double[0]));
      } else if (layer instanceof Layer.Slope slope) {
        slope(slope);
      } else if (layer instanceof Layer.Event event) {
        event(event);
      }
    }
  }

  /** How many points a cloud may have, that all of them together stay small. */
  private int mostPoints() {
    int letters = 0;
    int shape = 0;
    for (Prepared each : prepared) {
      if (each.kind.equals("points")) {
        letters += each.xs.length > Thinning.FEW_POINTS ? SHAPE_LETTERS[shape % SHAPES.length] : 0;
        shape++;
      }
    }
    return Math.min(Thinning.MOST_POINTS, MOST_LETTERS / Math.max(1, letters));
  }

  private void add(Layer layer, String kind, double[] xs, double[] ys, double[] uppers) {
    double[] keptX = xs.clone();
    double[] keptY = ys.clone();
    double[] keptUpper = uppers.clone();
    int lost = 0;
    for (int i = 0; i < xs.length; i++) {
      boolean band = uppers.length > 0;
      if (!xAxis.shows(xs[i]) || !yAxis.shows(ys[i]) || (band && !yAxis.shows(uppers[i]))) {
        keptX[i] = Double.NaN;
        keptY[i] = Double.NaN;
        if (band) {
          keptUpper[i] = Double.NaN;
        }
        lost++;
      }
    }
    leftOut(layer, lost, xs.length);
    widen(xSpan, keptX, xAxis);
    widen(ySpan, keptY, yAxis);
    widen(ySpan, keptUpper, yAxis);
    prepared.add(new Prepared(layer, kind, keptX, keptY, keptUpper));
  }

  private void leftOut(Layer layer, int lost, int all) {
    if (lost > 0) {
      boolean logarithmic = xAxis.logarithmic() || yAxis.logarithmic();
      notes.add(
          "“" + Label.plain(layer.name()) + "”: " + lost + " of " + all + " left out ("
              + (logarithmic ? "not finite, or not positive on a logarithmic axis" : "not finite") + ").");
    }
  }

  private static void widen(double[] span, double[] values, Axis axis) {
    for (double value : values) {
      if (axis.shows(value)) {
        span[0] = Math.min(span[0], value);
        span[1] = Math.max(span[1], value);
      }
    }
  }

  /** Edges and heights of the bars: xs and uppers are the edges, ys the heights. */
  private void bars(Layer.Bars bars) {
    double[] shown = Arrays.stream(bars.values()).filter(xAxis::shows).sorted().toArray();
    leftOut(bars, bars.values().length - shown.length, bars.values().length);
    if (shown.length == 0) {
      return;
    }
    double[] placed =
        xAxis.logarithmic() ? Arrays.stream(shown).map(StrictMath::log10).toArray() : shown;
    double least = placed[0];
    double most = placed[placed.length - 1];
    if (least == most) {
      double room = least == 0 ? 0.5 : Math.abs(least) / 20;
      least -= room;
      most += room;
    }
    int number = bars.bins() > 0 ? bars.bins() : binsFor(placed, most - least);
    double[] edges = new double[number + 1];
    for (int i = 0; i <= number; i++) {
      double edge = i == number ? most : least + (most - least) * i / number;
      edges[i] = xAxis.logarithmic() ? StrictMath.pow(10, edge) : edge;
    }
    double[] heights = new double[number];
    for (double value : placed) {
      heights[Math.min(number - 1, (int) ((value - least) / (most - least) * number))]++;
    }
    if (bars.density()) {
      for (int i = 0; i < number; i++) {
        heights[i] /= shown.length * (edges[i + 1] - edges[i]);
      }
    }
    widen(xSpan, edges, xAxis);
    widen(ySpan, heights, yAxis);
    if (yAxis.logarithmic() && !bars.density()) {
      // A bar of one is to be seen above the axis.
      widen(ySpan, new double[] {0.5}, yAxis);
    }
    prepared.add(
        new Prepared(
            bars, "bars", Arrays.copyOf(edges, number), heights, Arrays.copyOfRange(edges, 1, number + 1)));
  }

  private static int binsFor(double[] sorted, double span) {
    double spread = Summary.quantile(sorted, 0.75) - Summary.quantile(sorted, 0.25);
    double wide = 2 * spread / StrictMath.cbrt(sorted.length);
    double wanted = wide > 0 ? Math.ceil(span / wide) : 10;
    return (int) Math.max(5, Math.min(60, wanted));
  }

  private void cells(Layer.Heat heat) {
    HeatMap map = heat.map();
    int lost = 0;
    for (double[] row : map.cells()) {
      for (double value : row) {
        lost += Double.isNaN(map.level(value)) ? 1 : 0;
      }
    }
    int all = map.cells().length * map.cells()[0].length;
    if (lost > 0) {
      notes.add(
          lost + " of " + all + " cells left white ("
              + (map.logarithmic() ? "not finite, or not positive under logarithmic colours" : "not finite")
              + ").");
    }
    HeatMap reduced = map.reduced();
    if (reduced != map) {
      notes.add(
          map.cells().length + " × " + map.cells()[0].length + " cells drawn as the means of "
              + reduced.cells().length + " × " + reduced.cells()[0].length + " blocks.");
    }
  }

  private void slope(Layer.Slope slope) {
    double x0;
    double y0;
    if (slope.through().isPresent()) {
      x0 = slope.through().get()[0];
      y0 = slope.through().get()[1];
    } else {
      double sumX = 0;
      double sumY = 0;
      int count = 0;
      for (Prepared each : prepared) {
        if (count == 0 && each.layer instanceof Layer.Curve) {
          for (int i = 0; i < each.xs.length; i++) {
            if (each.xs[i] > 0 && each.ys[i] > 0) {
              sumX += StrictMath.log(each.xs[i]);
              sumY += StrictMath.log(each.ys[i]);
              count++;
            }
          }
        }
      }
      if (count == 0) {
        notes.add("“" + Label.plain(slope.name()) + "” left out: no positive point to draw it through.");
        return;
      }
      x0 = StrictMath.exp(sumX / count);
      y0 = StrictMath.exp(sumY / count);
    }
    int points = 101;
    double[] xs = new double[points];
    double[] ys = new double[points];
    for (int i = 0; i < points; i++) {
      xs[i] = x.at(i / (points - 1.0));
      ys[i] = xs[i] > 0 ? y0 * StrictMath.pow(xs[i] / x0, slope.exponent()) : Double.NaN;
    }
    prepared.add(new Prepared(slope, "slope", xs, ys, new double[0]));
  }

  private void event(Layer.Event event) {
    List<Double> xs = new ArrayList<>();
    List<Double> ys = new ArrayList<>();
    for (double place : event.x()) {
      if (xAxis.shows(place)) {
        xs.addAll(List.of(place, place, Double.NaN));
        ys.addAll(List.of(y.least(), y.most(), Double.NaN));
      }
    }
    prepared.add(new Prepared(event, "event", unboxed(xs), unboxed(ys), new double[0]));
  }

  private static double[] unboxed(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  // Painting.

  Drawing paint() {
    for (Layer layer : layers) {
      if (layer instanceof Layer.Heat heat) {
        return paintHeat(heat.map().reduced());
      }
    }
    return paintCurves();
  }

  private Drawing paintCurves() {
    Drawing drawing = new Drawing(width, height);
    Heading heading = Heading.of(title, drawing, width, height);
    List<double[][]> thinned = prepared.stream().map(this::thinned).toList();
    Legend key = Legend.of(names(thinned), drawing, width, height);
    int chartWidth = width - key.beside();
    int chartHeight = height - heading.room() - key.below();
    XYChart chart = new XYChartBuilder().width(chartWidth).height(chartHeight).build();
    style(chart.getStyler());
    // The plot's middle is left of the chart's where a legend is beside it, and the label's with it.
    AxisTitles along =
        AxisTitles.of(xAxis.label().orElse(""), Math.min(width - 100, chartWidth + 20), yAxis.label().orElse(""), chartHeight - 54, drawing);
    chart.getStyler().setAxisTitleFont(along.font());
    chart.setXAxisTitle(along.x());
    chart.setYAxisTitle(along.y());

    AxesChartStyler styler = chart.getStyler();
    styler.setXAxisMin(x.forward(x.least()));
    styler.setXAxisMax(x.forward(x.most()));
    styler.setYAxisMin(y.forward(y.least()));
    styler.setYAxisMax(y.forward(y.most()));
    styler.setXAxisLogarithmic(x.kind() == Scale.Kind.LOGARITHMIC);
    styler.setYAxisLogarithmic(y.kind() == Scale.Kind.LOGARITHMIC);
    styler.setXAxisLogarithmicDecadeOnly(false);
    styler.setYAxisLogarithmicDecadeOnly(false);
    styler.setXAxisTickLabelsFormattingFunction(labels(x, drawing));
    styler.setYAxisTickLabelsFormattingFunction(labels(y, drawing));
    styler.setXAxisTickMarkSpacingHint(spacing(x, chartWidth - 80, 74));
    styler.setYAxisTickMarkSpacingHint(spacing(y, chartHeight - 80, 44));

    int colour = 0;
    int dash = 0;
    int slope = 0;
    int shape = 0;
    Color last = PALETTE[0];
    // Bands below, then lines, then what they are compared with.
    Map<Integer, XYSeries> drawn = new HashMap<>();
    Color[] colours = new Color[prepared.size()];
    for (int i = 0; i < prepared.size(); i++) {
      Layer layer = prepared.get(i).layer;
      if (layer instanceof Layer.Curve || layer instanceof Layer.Bars) {
        last = PALETTE[colour++ % PALETTE.length];
        colours[i] = last;
      } else if (layer instanceof Layer.Band || layer instanceof Layer.Intervals) {
        colours[i] = colour == 0 ? PALETTE[0] : last;
      }
    }
    double[] aside = aside();
    for (int pass = 0; pass < 2; pass++) {
      for (int i = 0; i < prepared.size(); i++) {
        Prepared each = prepared.get(i);
        boolean below = each.layer instanceof Layer.Band || each.layer instanceof Layer.Intervals || each.layer instanceof Layer.Event;
        if (below != (pass == 0)) {
          continue;
        }
        XYSeries series = series(chart, thinned.get(i), "layer " + i, aside[i] / (chartWidth - 80));
        boolean points = each.kind.equals("points");
        if (series == null) {
          shape += points ? 1 : 0;
          continue;
        }
        series.setShowInLegend(false);
        series.setMarker(SeriesMarkers.NONE);
        series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
        if (each.layer instanceof Layer.Curve curve) {
          series.setLineColor(colours[i]);
          series.setLineStyle(stroke(2f));
          if (curve.mark() == Layer.Mark.POINTS) {
            series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
            series.setMarker(SHAPES[shape % SHAPES.length]);
            series.setMarkerColor(colours[i]);
            shape++;
          }
        } else if (each.layer instanceof Layer.Band || each.layer instanceof Layer.Bars) {
          boolean bars = each.layer instanceof Layer.Bars;
          series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
          series.setFillColor(faded(colours[i], bars ? 110 : 60));
          series.setLineColor(bars ? colours[i] : CLEAR);
          series.setLineStyle(bars ? stroke(1f) : SeriesLines.NONE);
        } else if (each.layer instanceof Layer.Intervals) {
          series.setLineColor(colours[i]);
          series.setLineStyle(stroke(1.4f));
        } else if (each.layer instanceof Layer.Slope) {
          series.setLineColor(GREY);
          series.setLineStyle(dashed(1.6f, SLOPES[slope++ % SLOPES.length]));
        } else if (each.layer instanceof Layer.Event) {
          series.setLineColor(GREY);
          series.setLineStyle(dashed(1f, 4, 4));
        } else {
          series.setLineColor(INK);
          series.setLineStyle(dashed(1.6f, DASHES[dash++ % DASHES.length]));
        }
        drawn.put(i, series);
      }
    }
    if (drawn.isEmpty()) {
      XYSeries empty =
          chart.addSeries(
              "empty", new double[] {x.forward(x.least())}, new double[] {y.forward(y.least())});
      empty.setMarker(SeriesMarkers.NONE);
      empty.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    }
    Canvas.paint(drawing, canvas -> canvas.white(width, height));
    drawing.record(graphics -> chart.paint(graphics, chartWidth, chartHeight), heading.room());
    heading.paint(drawing, width);
    key.paint(drawing, heading.room(), chartHeight, drawn);
    return drawing;
  }

  /** The names of what is drawn, under the number of its layer; none where one layer says it all. */
  private Map<Integer, String> names(List<double[][]> thinned) {
    Map<Integer, String> names = new TreeMap<>();
    for (int i = 0; i < prepared.size(); i++) {
      Prepared each = prepared.get(i);
      // Intervals of several sizes differ in colour as their points do.
      boolean told = each.layer instanceof Layer.Intervals && names.containsValue(each.layer.name());
      if (!told && !Label.plain(each.layer.name()).isBlank() && thinned.get(i)[0].length > 0) {
        names.put(i, each.layer.name());
      }
    }
    return names.size() > 1 ? names : Map.of();
  }

  /** What stands along the axes: both in one size, which is smaller where one is long. */
  private record AxisTitles(String x, String y, Font font) {
    static AxisTitles of(String x, int xRoom, String y, int yRoom, Drawing drawing) {
      Drawing.Lines xLine = drawing.lines(x, LABEL, xRoom, 1);
      Drawing.Lines yLine = drawing.lines(y, LABEL, yRoom, 1);
      Font font = xLine.font().getSize() < yLine.font().getSize() ? xLine.font() : yLine.font();
      return new AxisTitles(
          xLine.lines().isEmpty() ? "" : drawing.centred(xLine.lines().get(0), font),
          yLine.lines().isEmpty() ? "" : drawing.sideways(yLine.lines().get(0), font), font);
    }
  }

  /**
   * How far each layer is moved along x, in pixels: the intervals of several series at one place would lie over each
   * other, and so they stand side by side there, each with the points before it.
   */
  private double[] aside() {
    double[] aside = new double[prepared.size()];
    int[] intervals = IntStream.range(0, aside.length).filter(i -> prepared.get(i).layer instanceof Layer.Intervals).toArray();
    long places = Arrays.stream(intervals).mapToObj(i -> prepared.get(i).xs).flatMapToDouble(Arrays::stream).distinct().count();
    long all = Arrays.stream(intervals).mapToLong(i -> prepared.get(i).xs.length).sum();
    for (int k = 0; k < intervals.length && places < all; k++) {
      int i = intervals[k];
      aside[i] = (k - (intervals.length - 1) / 2.0) * ASIDE;
      if (i > 0 && prepared.get(i - 1).kind.equals("points")) {
        aside[i - 1] = aside[i];
      }
    }
    return aside;
  }

  /** The thinned points of a layer, in XChart's numbers, moved along x by a share of the axis. */
  private XYSeries series(XYChart chart, double[][] points, String key, double aside) {
    if (points[0].length == 0) {
      return null;
    }
    double[] xs = new double[points[0].length];
    double[] ys = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      boolean gap = Double.isNaN(points[0][i]);
      // XChart parts a line at a y that is not a number, but wants every x.
      double place = aside == 0 || gap ? points[0][i] : x.at(x.place(points[0][i]) + aside);
      xs[i] = gap ? x.forward(x.least()) : x.forward(place);
      ys[i] = gap ? Double.NaN : y.forward(points[1][i]);
    }
    return chart.addSeries(key, xs, ys);
  }

  private double[][] thinned(Prepared each) {
    return switch (each.kind) {
      case "band" -> Thinning.outline(each.xs, each.ys, each.uppers, x, y, width);
      case "intervals" -> uprights(each);
      case "bars" -> steps(each);
      case "points" -> Thinning.points(each.xs, each.ys, x, y, width, height, mostPoints);
      default -> Thinning.line(each.xs, each.ys, x, y, width);
    };
  }

  private static double[][] uprights(Prepared intervals) {
    int number = intervals.xs.length;
    double[][] parts = new double[2][3 * number];
    for (int i = 0; i < number; i++) {
      boolean there = !Double.isNaN(intervals.xs[i]);
      parts[0][3 * i] = intervals.xs[i];
      parts[1][3 * i] = there ? intervals.ys[i] : Double.NaN;
      parts[0][3 * i + 1] = intervals.xs[i];
      parts[1][3 * i + 1] = there ? intervals.uppers[i] : Double.NaN;
      parts[0][3 * i + 2] = Double.NaN;
      parts[1][3 * i + 2] = Double.NaN;
    }
    return parts;
  }

  private double[][] steps(Prepared bars) {
    int number = bars.xs.length;
    double base = yAxis.logarithmic() ? y.least() : Math.max(0, y.least());
    double[][] outline = new double[2][3 * number + 2];
    int at = 0;
    for (int i = 0; i < number; i++) {
      double high = Math.max(base, bars.ys[i]);
      double[][] corners = {{bars.xs[i], base}, {bars.xs[i], high}, {bars.uppers[i], high}};
      for (double[] corner : corners) {
        outline[0][at] = corner[0];
        outline[1][at++] = corner[1];
      }
    }
    outline[0][at] = bars.uppers[number - 1];
    outline[1][at++] = base;
    outline[0][at] = bars.xs[0];
    outline[1][at] = base;
    return outline;
  }

  private Drawing paintHeat(HeatMap map) {
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (double[] row : map.cells()) {
      for (double value : row) {
        double level = map.level(value);
        if (!Double.isNaN(level)) {
          least = Math.min(least, level);
          most = Math.max(most, level);
        }
      }
    }
    boolean empty = !(least <= most);
    double low = empty ? 0 : least;
    double high = empty ? 1 : most > least ? most : least + (least == 0 ? 1 : Math.abs(least) / 10);

    int rows = map.cells().length;
    int columns = map.cells()[0].length;
    // Sorted by colour: neighbours in the file share their fill, and one path holds them.
    List<int[]> cells = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        double level = map.level(map.cells()[i][j]);
        if (!Double.isNaN(level)) {
          int shade = (int) Math.rint((level - low) / (high - low) * (Palette.SHADES - 1));
          cells.add(new int[] {j, rows - 1 - i, shade});
        }
      }
    }
    cells.sort((a, b) -> Integer.compare(a[2], b[2]));

    // XChart divides by zero where the axis of the categories is shorter than this leaves.
    int width = Math.max(this.width, LEAST_HEAT_WIDTH);
    int bar = 96;
    Drawing drawing = new Drawing(width, height);
    Heading heading = Heading.of(title, drawing, width, height);
    int chartHeight = height - heading.room();
    HeatMapChart chart = new HeatMapChartBuilder().width(width - bar).height(chartHeight).build();
    style(chart.getStyler());
    AxisTitles along =
        AxisTitles.of(xAxis.label().orElse("column"), width - bar - 60, yAxis.label().orElse("row"), chartHeight - 54, drawing);
    chart.getStyler().setAxisTitleFont(along.font());
    chart.setXAxisTitle(along.x());
    chart.setYAxisTitle(along.y());
    chart.getStyler().setPlotGridLinesVisible(false);
    chart.getStyler().setShowValue(false);
    chart.getStyler().setDrawBorder(false);
    // Every category is a tick, most with a blank name, so that the names start at row and column 0.
    chart.getStyler().setAxisTicksMarksVisible(false);
    chart.getStyler().setXAxisTickMarkSpacingHint(1);
    chart.getStyler().setYAxisTickMarkSpacingHint(1);
    chart.getStyler().setRangeColors(Palette.shades());
    chart.getStyler().setMin(0).setMax(Palette.SHADES - 1.0);
    List<Number[]> data = new ArrayList<>();
    for (int[] cell : cells) {
      data.add(new Number[] {cell[0], cell[1], cell[2]});
    }
    if (data.isEmpty()) {
      data.add(new Number[] {columns, rows, 0});
    }
    chart.addSeries(
        "cells", spaced(map.columnNames(), Math.min(12, (width - bar - 80) / 32), drawing),
        reversed(spaced(map.rowNames(), Math.min(12, Math.max(chartHeight - 80, 40) / 20), drawing)), data);
    boolean logarithmic = map.logarithmic();
    Canvas.paint(drawing, canvas -> canvas.white(width, height));
    drawing.record(graphics -> chart.paint(graphics, width - bar, chartHeight), heading.room());
    drawing.colourBar(low, high, logarithmic, width - bar + 8, heading.room() + 20);
    heading.paint(drawing, width);
    return drawing;
  }

  /** Names of categories, at most so many of them and the others blank. */
  private static List<String> spaced(List<String> names, int most, Drawing drawing) {
    int step = 1;
    for (int round = 0; (names.size() - 1) / step >= most; round++) {
      step = new int[] {2, 5, 10}[round % 3] * (int) StrictMath.pow(10, round / 3);
    }
    List<String> shown = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      shown.add(i % step == 0 ? drawing.text(names.get(i), SMALL) : " ");
    }
    return shown;
  }

  private static List<String> reversed(List<String> names) {
    List<String> reversed = new ArrayList<>(names);
    Collections.reverse(reversed);
    return reversed;
  }

  private static void style(AxesChartStyler styler) {
    styler.setLocale(Locale.ROOT);
    styler.setChartBackgroundColor(CLEAR);
    styler.setPlotBackgroundColor(CLEAR);
    styler.setPlotBorderVisible(false);
    styler.setPlotContentSize(1.0);
    styler.setPlotMargin(0);
    styler.setChartPadding(EDGE);
    styler.setChartFontColor(INK);
    styler.setChartTitleVisible(false);
    styler.setLegendVisible(false);
    styler.setAxisTitlePadding(8);
    styler.setAxisTickLabelsFont(SMALL);
    styler.setAxisTickLabelsColor(INK);
    styler.setAxisTickMarksColor(GREY);
    styler.setAxisTickMarksStroke(new BasicStroke(1f));
    styler.setAxisTickMarkLength(5);
    styler.setAxisTickPadding(4);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
    styler.setMarkerSize(Legend.MARKER);
    styler.setAntiAlias(true);
  }

  private static Function<Double, String> labels(Scale scale, Drawing drawing) {
    return tick -> drawing.text(scale.label(tick), SMALL);
  }

  /** How far apart XChart is to put its ticks: for decades, such that its step is a whole number. */
  private static int spacing(Scale scale, int room, int usual) {
    if (scale.kind() != Scale.Kind.DECADES) {
      return usual;
    }
    double perDecade = room / scale.decades();
    int step = 1;
    for (int each : new int[] {1, 2, 5, 10, 20, 50, 100}) {
      step = each;
      if (each * perDecade >= usual * 0.6) {
        break;
      }
    }
    return Math.max(1, (int) (step * perDecade));
  }

  private static Color faded(Color colour, int opacity) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), opacity);
  }

  private static BasicStroke stroke(float wide) {
    return new BasicStroke(wide, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL);
  }

  private static BasicStroke dashed(float wide, float... dashes) {
    return new BasicStroke(wide, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL, 10, dashes, 0);
  }

  // Saying what is drawn.

  String description() {
    StringBuilder text = new StringBuilder(title.isEmpty() ? "Figure" : Label.plain(title));
    for (Layer layer : layers) {
      if (layer instanceof Layer.Heat heat) {
        double[] values =
            Arrays.stream(heat.map().cells())
                .flatMapToDouble(Arrays::stream)
                .filter(value -> !Double.isNaN(heat.map().level(value)))
                .toArray();
        text.append(": heat map of ").append(heat.map().cells().length).append(" × ")
            .append(heat.map().cells()[0].length).append(" cells");
        if (values.length > 0) {
          text.append(" in ").append(Numbers.rounded(Arrays.stream(values).min().getAsDouble(), 4))
              .append(" … ").append(Numbers.rounded(Arrays.stream(values).max().getAsDouble(), 4));
        }
        return text.toString();
      }
    }
    text.append(": ").append(axisName(yAxis, "y")).append(" against ").append(axisName(xAxis, "x"));
    if (xSpan[0] <= xSpan[1]) {
      text.append(", x ").append(x.description(xSpan[0], xSpan[1]));
    }
    if (ySpan[0] <= ySpan[1]) {
      text.append(", y ").append(y.description(ySpan[0], ySpan[1]));
    }
    for (Prepared each : prepared) {
      long points = Arrays.stream(each.xs).filter(Double::isFinite).count();
      text.append("\n  ").append(each.kind).append(" “").append(Label.plain(each.layer.name())).append("”");
      if (each.layer instanceof Layer.Level level) {
        text.append(" at ").append(Numbers.rounded(level.y(), 4));
      } else if (each.layer instanceof Layer.Event event) {
        text.append(" at ").append(event.x().length == 1
            ? Numbers.rounded(event.x()[0], 4) : event.x().length + " places");
      } else if (each.layer instanceof Layer.Slope slope) {
        text.append(" of exponent ").append(Numbers.rounded(slope.exponent(), 4));
      } else {
        text.append(", ").append(Numbers.counted(points, each.kind.equals("bars") ? "bar" : "point"));
        double[] finite = Arrays.stream(each.ys).filter(Double::isFinite).toArray();
        if (finite.length > 0) {
          text.append(", ").append(Numbers.rounded(Arrays.stream(finite).min().getAsDouble(), 4))
              .append(" … ").append(Numbers.rounded(Arrays.stream(finite).max().getAsDouble(), 4));
        }
      }
    }
    return text.toString();
  }

  private static String axisName(Axis axis, String otherwise) {
    return Label.plain(axis.label().filter(text -> !text.isBlank()).orElse(otherwise));
  }

  String data() {
    StringBuilder text = new StringBuilder();
    for (Layer layer : layers) {
      if (layer instanceof Layer.Heat heat) {
        text.append("row,column,value\n");
        double[][] cells = heat.map().cells();
        for (int i = 0; i < cells.length; i++) {
          for (int j = 0; j < cells[i].length; j++) {
            text.append(quoted(heat.map().rowNames().get(i))).append(',')
                .append(quoted(heat.map().columnNames().get(j))).append(',')
                .append(number(cells[i][j])).append('\n');
          }
        }
        return text.toString();
      }
    }
    text.append("layer,kind,x,y,upper\n");
    for (Prepared each : prepared) {
      for (int i = 0; i < each.xs.length; i++) {
        if (Double.isFinite(each.xs[i])) {
          text.append(quoted(Label.plain(each.layer.name()))).append(',').append(each.kind).append(',')
              .append(number(each.xs[i])).append(',').append(number(each.ys[i])).append(',')
              .append(each.uppers.length > 0 ? number(each.uppers[i]) : "").append('\n');
        }
      }
    }
    return text.toString();
  }

  private static String number(double value) {
    return Double.isFinite(value) ? Numbers.exact(value) : "";
  }

  private static String quoted(String text) {
    boolean plain = text.chars().noneMatch(letter -> letter == ',' || letter == '"' || letter < ' ');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
