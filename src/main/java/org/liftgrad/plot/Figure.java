package org.liftgrad.plot;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Columns;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.Table;

/**
 * A picture as a value: what is drawn, on which axes. Immutable; every method that says something
 * about the picture returns another figure. {@link Plot} makes the first one.
 *
 * <pre>{@code
 * plot(run.table()).x("time").y("loss").bound("e^(−t/n)", "bound").logY().title("Loss")
 * }</pre>
 *
 * <p>Column names may leave out their unit ({@code "time"} for {@code "time [s]"}). Names are checked
 * when they are said. Numbers that an axis cannot show (not finite, or not positive on a logarithmic
 * axis) are left out, and {@link #notes} says how many.
 *
 * <p>Titles, labels and names may hold formulas between dollars, as in LaTeX: {@code yLabel("$\\mu(t) / \\mu(0)$")},
 * {@code named("$C_x^- / n$")}; Greek letters, common signs, indices and powers are known.
 *
 * <p>The same figure gives the same bytes at every call. Output is inline SVG without script or
 * external reference, PNG, or CSV.
 */
public final class Figure {

  private static final int WIDTH = 640;
  private static final int HEIGHT = 400;
  private static final int MOST_CURVES = 12;

  /** A table with the column its layers are drawn against, and the one that splits them. */
  private record Source(Table table, String x, Optional<Split> by) {}

  /** The rows of each value of a column, in order of first appearance. */
  private record Split(String column, Map<String, List<Integer>> rows) {
    static Split of(Table table, String column) {
      Map<String, List<Integer>> rows = new LinkedHashMap<>();
      for (int row = 0; row < table.rowCount(); row++) {
        Object value = table.column(column).get(row);
        String text = value instanceof Double number ? Numbers.rounded(number, 6) : String.valueOf(value);
        rows.computeIfAbsent(text, key -> new ArrayList<>()).add(row);
      }
      return new Split(column, rows);
    }

    int values() {
      return rows.size();
    }
  }

  /** A layer as it was asked for: resolved only when drawn, so that x may be said later. */
  private sealed interface Request {
    record Marked(int source, Layer.Mark mark, String y, Optional<String> name) implements Request {}

    record Between(int source, String lower, String upper, String name) implements Request {}

    record Dashed(int source, String y, String name) implements Request {}

    record Given(Layer layer) implements Request {}
  }

  private final List<Source> sources;
  private final List<Request> requests;
  private final Axis x;
  private final Axis y;
  private final String title;
  private final int width;
  private final int height;

  private Figure(
      List<Source> sources, List<Request> requests, Axis x, Axis y, String title, int width, int height) {
    this.sources = List.copyOf(sources);
    this.requests = List.copyOf(requests);
    this.x = x;
    this.y = y;
    this.title = title;
    this.width = width;
    this.height = height;
  }

  static Figure of(Table table) {
    return new Figure(
        List.of(source(table)), List.of(), Axis.LINEAR, Axis.LINEAR, "", WIDTH, HEIGHT);
  }

  static Figure of(HeatMap map) {
    return new Figure(
        List.of(), List.of(new Request.Given(new Layer.Heat("", map))), Axis.LINEAR, Axis.LINEAR, "",
        WIDTH, 480);
  }

  // What is drawn.

  /**
   * The column that the layers of the current table are drawn against, those named before included.
   *
   * @throws IllegalArgumentException for an unknown column or one without numbers
   */
  public Figure x(String column) {
    Source current = current();
    return replace(new Source(current.table, numeric(column), current.by));
  }

  /** A line for each of these columns. */
  public Figure y(String... columns) {
    return marked(Layer.Mark.LINE, columns);
  }

  /** A line for each of these columns; the same as {@link #y}. */
  public Figure line(String... columns) {
    return y(columns);
  }

  /** Points for each of these columns. */
  public Figure points(String... columns) {
    return marked(Layer.Mark.POINTS, columns);
  }

  /**
   * A line through points of your own.
   *
   * @param name for the legend
   * @param x at least one number
   * @param y as many
   */
  public Figure line(String name, double[] x, double[] y) {
    return given(new Layer.Curve(name, Layer.Mark.LINE, x.clone(), sameLength(x, y, "y")));
  }

  /**
   * Points of your own.
   *
   * @param name for the legend
   * @param x at least one number
   * @param y as many
   */
  public Figure points(String name, double[] x, double[] y) {
    return given(new Layer.Curve(name, Layer.Mark.POINTS, x.clone(), sameLength(x, y, "y")));
  }

  /** The area between two columns, in the colour of the line said before it. */
  public Figure band(String lower, String upper) {
    return with(
        new Request.Between(
            sources.size() - 1, numeric(lower), numeric(upper), numeric(lower) + " … " + numeric(upper)));
  }

  /**
   * The area between two curves of your own, in the colour of the line said before it.
   *
   * @param name for the legend
   * @param x at least one number
   * @param lower as many
   * @param upper as many
   */
  public Figure band(String name, double[] x, double[] lower, double[] upper) {
    return given(
        new Layer.Band(name, x.clone(), sameLength(x, lower, "lower"), sameLength(x, upper, "upper")));
  }

  /**
   * At each place an upright line, as of an interval around a point, in the colour of the points said before it. Several of one
   * name are told once in the legend; where several series have a place in common, each is drawn a few pixels aside, with its points.
   *
   * @param name for the legend
   * @param x at least one number
   * @param lower as many
   * @param upper as many
   */
  public Figure intervals(String name, double[] x, double[] lower, double[] upper) {
    return given(
        new Layer.Intervals(name, x.clone(), sameLength(x, lower, "lower"), sameLength(x, upper, "upper")));
  }

  /** A dashed line for a column: what theory predicts. */
  public Figure bound(String column) {
    return bound(numeric(column), column);
  }

  /** A dashed line for a column, under a name for the legend. */
  public Figure bound(String name, String column) {
    return with(new Request.Dashed(sources.size() - 1, numeric(column), name));
  }

  /** A dashed level across the figure, under a name for the legend. */
  public Figure bound(String name, double level) {
    return given(new Layer.Level(name, Argument.finite("level", level)));
  }

  /**
   * A dotted power law y ∝ x^exponent through the middle of the first curve, to compare slopes with on
   * logarithmic axes.
   */
  public Figure slope(double exponent) {
    return slope("slope " + Numbers.rounded(exponent, 4).replace('-', '−'), exponent);
  }

  /** A dotted power law y ∝ x^exponent through the middle of the first curve. */
  public Figure slope(String name, double exponent) {
    return given(new Layer.Slope(name, Argument.finite("exponent", exponent), Optional.empty()));
  }

  /**
   * A dotted power law y ∝ x^exponent through a point.
   *
   * @param x above 0
   * @param y above 0
   */
  public Figure slope(String name, double exponent, double x, double y) {
    return given(
        new Layer.Slope(
            name, Argument.finite("exponent", exponent),
            Optional.of(new double[] {Argument.positive("x", x), Argument.positive("y", y)})));
  }

  /** Vertical lines where something happens. */
  public Figure event(String name, double... x) {
    Argument.positive("the number of events", x.length);
    return given(new Layer.Event(name, x.clone()));
  }

  /** Bars that count the values of a column. */
  public Figure histogram(String column) {
    String name = numeric(column);
    return given(new Layer.Bars(name, Columns.values(current().table, name), 0, false));
  }

  /**
   * How many bars the histograms have; without it, the rule of Freedman and Diaconis (1981), at most
   * 60.
   *
   * @param number between 1 and 1000
   */
  public Figure bins(int number) {
    Argument.between("number", number, 1, 1000);
    return bars(each -> new Layer.Bars(each.name(), each.values(), number, each.density()));
  }

  /** Bars of area 1 instead of counts, to be compared with a density. */
  public Figure density() {
    return bars(each -> new Layer.Bars(each.name(), each.values(), each.bins(), true));
  }

  /** The colours of the heat map go by the logarithm; cells that are not positive stay white. */
  public Figure logColour() {
    List<Request> changed = new ArrayList<>();
    boolean found = false;
    for (Request request : requests) {
      if (request instanceof Request.Given given && given.layer instanceof Layer.Heat heat) {
        changed.add(new Request.Given(new Layer.Heat(heat.name(), heat.map().withLogarithm())));
        found = true;
      } else {
        changed.add(request);
      }
    }
    Argument.require(found, "logColour()", "said of a figure without a heat map", "said of a heat map");
    return copy(sources, changed);
  }

  /** What is said next is about this table; layers already there stay. */
  public Figure and(Table table) {
    List<Source> more = new ArrayList<>(sources);
    more.add(source(table));
    // The figure's own columns would otherwise be drawn only as long as nothing else is said.
    return copy(more, effective());
  }

  /** What is said next is about this table; layers already there stay. */
  public Figure and(Tabular tabular) {
    return and(tabular.table());
  }

  /**
   * Splits the lines and points of the current table: one for each value of a column, in order of
   * first appearance. Of more than twelve values twelve are drawn, the first and the last among them
   * and evenly between, as nobody reads more off one picture; its title and {@link #notes} say so, and {@link #data} has all.
   *
   * @param column of texts or numbers
   */
  public Figure by(String column) {
    Source current = current();
    Split split = Split.of(current.table, Columns.find(current.table, column));
    return replace(new Source(current.table, current.x, Optional.of(split)));
  }

  /** Another name for what was said last, for the legend. */
  public Figure named(String name) {
    List<Request> changed = new ArrayList<>(effective());
    Argument.require(!changed.isEmpty(), "named()", "“" + name + "”", "said after a layer");
    int last = changed.size() - 1;
    Request request = changed.get(last);
    Request renamed;
    if (request instanceof Request.Marked marked) {
      renamed = new Request.Marked(marked.source, marked.mark, marked.y, Optional.of(name));
    } else if (request instanceof Request.Between between) {
      renamed = new Request.Between(between.source, between.lower, between.upper, name);
    } else if (request instanceof Request.Dashed dashed) {
      renamed = new Request.Dashed(dashed.source, dashed.y, name);
    } else {
      renamed = new Request.Given(((Request.Given) request).layer.named(name));
    }
    changed.set(last, renamed);
    return copy(sources, changed);
  }

  // How it is drawn.

  /** A logarithmic x axis. */
  public Figure logX() {
    return new Figure(sources, requests, x.logarithm(), y, title, width, height);
  }

  /** A logarithmic y axis. */
  public Figure logY() {
    return new Figure(sources, requests, x, y.logarithm(), title, width, height);
  }

  /** Both axes logarithmic. */
  public Figure logLog() {
    return logX().logY();
  }

  /** What stands above the picture. */
  public Figure title(String text) {
    return new Figure(sources, requests, x, y, text, width, height);
  }

  /** What stands below the x axis, with its unit; without it, the name of the column. */
  public Figure xLabel(String text) {
    return new Figure(sources, requests, x.labelled(text), y, title, width, height);
  }

  /** What stands beside the y axis, with its unit; without it, the name of a single layer. */
  public Figure yLabel(String text) {
    return new Figure(sources, requests, x, y.labelled(text), title, width, height);
  }

  /** The least and the most that the x axis shows; what lies outside is cut off. */
  public Figure xRange(double least, double most) {
    return new Figure(sources, requests, x.ranged("x", least, most), y, title, width, height);
  }

  /** The least and the most that the y axis shows; what lies outside is cut off. */
  public Figure yRange(double least, double most) {
    return new Figure(sources, requests, x, y.ranged("y", least, most), title, width, height);
  }

  /**
   * The size in pixels; an SVG scales with its page.
   *
   * @param width between 200 and 4000; 640 without it; a heat map is at least 320 wide
   * @param height between 150 and 4000; 400 without it
   */
  public Figure size(int width, int height) {
    Argument.between("width", width, 200, 4000);
    Argument.between("height", height, 150, 4000);
    return new Figure(sources, requests, x, y, title, width, height);
  }

  // What comes out.

  /** The picture as one {@code <svg>} element, to be put into a page as it is. */
  public String svg() {
    return drawing().svg(description());
  }

  /** How wide it is, in points; the PNG has two pixels a point. */
  public int width() {
    return width;
  }

  /** How high it is, in points. */
  public int height() {
    return height;
  }

  /** The picture as PNG, two pixels of the file for each of {@link #size}. */
  public byte[] png() {
    return drawing().png(2);
  }

  /**
   * Writes the picture, as SVG, PNG or PDF by the file's extension, or its {@link #data} as CSV: beside first, then
   * renamed, so that a file is whole or not there. Missing folders are made.
   *
   * @param file ending in {@code .svg}, {@code .png}, {@code .pdf} or {@code .csv}
   * @return the file
   * @throws IllegalArgumentException for another extension
   * @throws UncheckedIOException if it cannot be written
   */
  public Path save(Path file) {
    return PictureFile.save(file, this::drawing, description(), Optional.of(this::data));
  }

  /** The same, with the path as text: {@code save("loss.pdf")}. */
  public Path save(String file) {
    return save(Path.of(file));
  }

  /**
   * What is drawn, as CSV: {@code layer,kind,x,y,upper}, one row a point, all points (also those that
   * the picture thins out); {@code upper} is filled for bands, and for bars {@code x} and {@code upper}
   * are the edges. A heat map has {@code row,column,value}.
   */
  public String data() {
    return painter(Integer.MAX_VALUE).data();
  }

  /** What was left out or thinned, one sentence each; empty where nothing was. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    undrawn()
        .ifPresent(
            split -> notes.add(MOST_CURVES + " of the " + split.values() + " values of “" + split.column + "” are drawn."));
    notes.addAll(painter().notes());
    return notes;
  }

  /** The first split into more curves than the picture shows: the others are in the data only. */
  private Optional<Split> undrawn() {
    return effective().stream()
        .filter(Request.Marked.class::isInstance)
        .flatMap(each -> sources.get(((Request.Marked) each).source).by.stream())
        .filter(split -> split.values() > MOST_CURVES)
        .findFirst();
  }

  /** What is drawn, with ranges: for a terminal and for readers who do not see the picture. */
  @Override
  public String toString() {
    String notes = notes().isEmpty() ? "" : "\n  " + String.join("\n  ", notes());
    return description() + notes;
  }

  private String description() {
    return painter().description();
  }

  private Drawing drawing() {
    return painter().paint();
  }

  private Painter painter() {
    return painter(MOST_CURVES);
  }

  private Painter painter(int mostCurves) {
    // Said in the picture as well, as a reader of a page sees no notes.
    String said = title + undrawn().map(split -> " (" + MOST_CURVES + " of " + split.values() + " drawn)").orElse("");
    return new Painter(layers(mostCurves), labelledAxis(x, true), labelledAxis(y, false), said, width, height);
  }

  private Axis labelledAxis(Axis axis, boolean horizontal) {
    if (axis.label().isPresent()) {
      return axis;
    }
    List<Request> drawn = effective();
    boolean bars =
        drawn.stream().anyMatch(each -> each instanceof Request.Given g && g.layer instanceof Layer.Bars);
    if (bars) {
      Layer.Bars first =
          (Layer.Bars)
              drawn.stream()
                  .filter(each -> each instanceof Request.Given g && g.layer instanceof Layer.Bars)
                  .map(each -> ((Request.Given) each).layer)
                  .findFirst()
                  .orElseThrow();
      return axis.labelled(horizontal ? first.name() : first.density() ? "density" : "count");
    }
    if (horizontal) {
      List<String> names = sources.stream().map(Source::x).distinct().toList();
      return names.size() == 1 ? axis.labelled(names.get(0)) : axis;
    }
    List<String> names =
        drawn.stream()
            .filter(Request.Marked.class::isInstance)
            .map(each -> ((Request.Marked) each).y)
            .distinct()
            .toList();
    return names.size() == 1 ? axis.labelled(names.get(0)) : axis;
  }

  /** The requests, or every other column of numbers where none was made. */
  private List<Request> effective() {
    if (!requests.isEmpty() || sources.isEmpty()) {
      return requests;
    }
    List<Request> all = new ArrayList<>();
    Source source = current();
    for (String name : source.table.columnNames()) {
      if (!name.equals(source.x) && Columns.isNumeric(source.table, name)) {
        all.add(new Request.Marked(0, Layer.Mark.LINE, name, Optional.empty()));
      }
    }
    return all;
  }

  private List<Layer> layers(int mostCurves) {
    List<Layer> layers = new ArrayList<>();
    for (Request request : effective()) {
      if (request instanceof Request.Given given) {
        layers.add(given.layer);
      } else if (request instanceof Request.Between between) {
        Source source = sources.get(between.source);
        layers.add(
            new Layer.Band(
                between.name, xOf(source), Columns.values(source.table, between.lower),
                Columns.values(source.table, between.upper)));
      } else if (request instanceof Request.Dashed dashed) {
        Source source = sources.get(dashed.source);
        layers.add(new Layer.Bound(dashed.name, xOf(source), Columns.values(source.table, dashed.y)));
      } else {
        curves((Request.Marked) request, mostCurves, layers);
      }
    }
    return layers;
  }

  private void curves(Request.Marked marked, int most, List<Layer> layers) {
    Source source = sources.get(marked.source);
    double[] x = xOf(source);
    double[] y = Columns.values(source.table, marked.y);
    if (source.by.isEmpty()) {
      layers.add(new Layer.Curve(marked.name.orElse(marked.y), marked.mark, x, y));
      return;
    }
    Split split = source.by.get();
    long lines = requests.stream().filter(Request.Marked.class::isInstance).count();
    List<String> values = List.copyOf(split.rows.keySet());
    int drawn = Math.min(values.size(), most);
    for (int k = 0; k < drawn; k++) {
      String value = values.get(drawn == values.size() ? k : k * (values.size() - 1) / (drawn - 1));
      int[] places = split.rows.get(value).stream().mapToInt(Integer::intValue).toArray();
      String group = split.column + " = " + value;
      String name =
          marked.name.map(each -> each + ", " + group)
              .orElse(lines > 1 ? marked.y + ", " + group : group);
      layers.add(
          new Layer.Curve(
              name, marked.mark, Arrays.stream(places).mapToDouble(i -> x[i]).toArray(),
              Arrays.stream(places).mapToDouble(i -> y[i]).toArray()));
    }
  }

  private static double[] xOf(Source source) {
    return Columns.values(source.table, source.x);
  }

  private static Source source(Table table) {
    Argument.positive("the number of rows of the table", table.rowCount());
    for (String name : table.columnNames()) {
      if (Columns.isNumeric(table, name)) {
        return new Source(table.copy(), name, Optional.empty());
      }
    }
    throw Argument.refused("table", "“" + table.name() + "”", "one with a column of numbers");
  }

  private Source current() {
    Argument.require(!sources.isEmpty(), "a column", "named in a figure without a table", "one of a table");
    return sources.get(sources.size() - 1);
  }

  private String numeric(String column) {
    String name = Columns.find(current().table, column);
    Argument.require(
        Columns.isNumeric(current().table, name), "column", "“" + name + "”", "a column of numbers");
    return name;
  }

  private Figure marked(Layer.Mark mark, String... columns) {
    Argument.positive("the number of columns", columns.length);
    List<Request> more = new ArrayList<>(requests);
    for (String column : columns) {
      more.add(new Request.Marked(sources.size() - 1, mark, numeric(column), Optional.empty()));
    }
    return copy(sources, more);
  }

  private Figure given(Layer layer) {
    return with(new Request.Given(layer));
  }

  private Figure with(Request request) {
    // A reference line alone says nothing: it joins the columns that were to be drawn anyway.
    boolean reference =
        request instanceof Request.Given given
            && (given.layer instanceof Layer.Level
                || given.layer instanceof Layer.Slope
                || given.layer instanceof Layer.Event);
    List<Request> more = new ArrayList<>(reference ? effective() : requests);
    more.add(request);
    return copy(sources, more);
  }

  private Figure replace(Source source) {
    List<Source> changed = new ArrayList<>(sources);
    changed.set(changed.size() - 1, source);
    return copy(changed, requests);
  }

  private Figure bars(java.util.function.UnaryOperator<Layer.Bars> change) {
    List<Request> changed = new ArrayList<>();
    boolean found = false;
    for (Request request : requests) {
      if (request instanceof Request.Given given && given.layer instanceof Layer.Bars each) {
        changed.add(new Request.Given(change.apply(each)));
        found = true;
      } else {
        changed.add(request);
      }
    }
    Argument.require(found, "bins or density", "said of a figure without bars", "said of a histogram");
    return copy(sources, changed);
  }

  private Figure copy(List<Source> otherSources, List<Request> otherRequests) {
    return new Figure(otherSources, otherRequests, x, y, title, width, height);
  }

  private static double[] sameLength(double[] x, double[] values, String name) {
    Argument.positive("the length of x", x.length);
    Argument.require(
        values.length == x.length, "the length of " + name, values.length, "that of x = " + x.length);
    return values.clone();
  }
}
