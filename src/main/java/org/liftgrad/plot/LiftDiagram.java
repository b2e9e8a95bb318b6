package org.liftgrad.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;

/**
 * A lift in the style of the first paper's figures 4 and 5: each fibre a column of dots in a box, and the lifted edges.
 * Of large fibres the first vertices are drawn, with the edges between those that are; of blueprints with many vertices
 * only the blueprint, with the sizes of its fibres. Copies of a witness are dots in colour, with the edges into them.
 */
final class LiftDiagram {

  /** The most dots of a picture. */
  private static final int MOST = 60;
  /** The most layers of fibres beside each other. */
  private static final int MOST_LAYERS = 9;
  /** The most lifted edges that are drawn over one edge of the blueprint. */
  private static final int MOST_EDGES = 600;

  private static final double MARGIN = 14;
  private static final double STEP = 19;
  private static final double RADIUS = 6;
  private static final double HEAD = 34;
  private static final double FOOT = 20;
  private static final Color POSITIVE = new Color(0x00, 0x72, 0xB2);
  private static final Color NEGATIVE = new Color(0xD5, 0x5E, 0x00);

  private final Lift lift;
  private final Blueprint blueprint;
  private final Optional<double[]> parameters;
  private final Optional<Coverage> coverage;
  private final int[] shown;

  /** A hidden vertex of a witness. */
  private record Wanted(int vertex, int place) {}

  private final List<Wanted> wanted = new ArrayList<>();

  LiftDiagram(Lift lift) {
    this(lift, Optional.empty(), Optional.empty());
  }

  LiftDiagram(LiftedNetwork network) {
    this(network.lift(), Optional.of(network.parameters()), Optional.empty());
  }

  LiftDiagram(Coverage coverage) {
    this(coverage.network().lift(), Optional.empty(), Optional.of(coverage));
  }

  private LiftDiagram(Lift lift, Optional<double[]> parameters, Optional<Coverage> coverage) {
    this.lift = lift;
    this.parameters = parameters;
    this.coverage = coverage;
    blueprint = lift.blueprint();
    shown = shown();
    for (Vertex vertex : blueprint.vertices()) {
      boolean hidden = coverage.isPresent() && vertex.role() == Vertex.Role.COMPUTED && !vertex.output();
      for (int place = 0; hidden && place < coverage.get().witness().lift().fibre(vertex.index()); place++) {
        wanted.add(new Wanted(vertex.index(), place));
      }
    }
  }

  /** The number among the {@link #wanted} of the first that a lifted vertex is a copy of, or −1. */
  private int copyOf(int vertex, int place) {
    for (int k = 0; k < wanted.size(); k++) {
      Wanted one = wanted.get(k);
      if (one.vertex == vertex && coverage.get().isCopy(blueprint.vertices().get(vertex).name(), one.place, place)) {
        return k;
      }
    }
    return -1;
  }

  /** Small fibres whole; the room that is left is shared by the large ones. */
  private int[] shown() {
    int[] sizes = blueprint.vertices().stream().mapToInt(vertex -> lift.fibre(vertex.index())).toArray();
    int each = 1;
    while (total(sizes, each + 1) <= MOST && total(sizes, each + 1) > total(sizes, each)) {
      each++;
    }
    int most = each;
    int[] shown = new int[sizes.length];
    for (int v = 0; v < sizes.length; v++) {
      shown[v] = Math.min(sizes[v], most);
    }
    return shown;
  }

  private static int total(int[] sizes, int most) {
    int total = 0;
    for (int size : sizes) {
      total += Math.min(size, most);
    }
    return total;
  }

  Diagram draw() {
    int[] depths = blueprint.depths();
    int deepest = Arrays.stream(depths).max().orElse(0);
    // With three dots a fibre, or in a long row of fibres, nothing could be seen: then the blueprint says more.
    if (blueprint.vertices().size() > MOST / 3 || deepest >= MOST_LAYERS) {
      return new BlueprintDiagram(blueprint, vertex -> "fibre of " + lift.fibre(vertex.index())).draw();
    }
    double[] heights = new double[depths.length];
    double[] widths = new double[depths.length];
    for (Vertex vertex : blueprint.vertices()) {
      int v = vertex.index();
      if (vertex.role() != Vertex.Role.COMPUTED) {
        depths[v] = blueprint.outgoing(v).stream().mapToInt(edge -> depths[edge.target()] - 1).min().orElse(0);
      }
      heights[v] = HEAD + shown[v] * STEP + (shown[v] < lift.fibre(v) ? FOOT : 0) + 4;
      widths[v] = 20 + Math.max(Canvas.widthOf(title(vertex), Canvas.NAME), labels(v));
      widths[v] = Math.max(widths[v], 16 + Canvas.widthOf(subtitle(vertex), Canvas.SMALL));
      widths[v] = Math.max(widths[v], 12 + Canvas.widthOf(more(v), Canvas.SMALL));
    }
    int layers = deepest + 1;
    double[] left = new double[layers];
    double[] wide = new double[layers];
    for (int v = 0; v < depths.length; v++) {
      wide[depths[v]] = Math.max(wide[depths[v]], widths[v]);
    }
    double right = MARGIN;
    for (int k = 0; k < layers; k++) {
      left[k] = right;
      right += wide[k] + 90;
    }
    List<int[]> pairs = new ArrayList<>();
    blueprint.edges().forEach(edge -> pairs.add(new int[] {edge.source(), edge.target()}));
    Layers layout = new Layers(depths, heights, pairs, 18);
    List<String> notes = notes();
    double notesTop = 2 * MARGIN + layout.height() + 8;
    double notesWide = notes.stream().mapToDouble(text -> Canvas.widthOf(text, Canvas.SMALL)).max().orElse(0);
    double width = Math.max(right - 90 + MARGIN, notesWide + 2 * MARGIN);
    Drawing drawing =
        Canvas.paint(
            width, notesTop + (notes.size() + wanted.size()) * 17,
            canvas -> {
              for (Vertex vertex : blueprint.vertices()) {
                int v = vertex.index();
                double x = left[depths[v]] + (wide[depths[v]] - widths[v]) / 2;
                box(canvas, vertex, x, MARGIN + layout.middle(v) - heights[v] / 2, widths[v], heights[v]);
              }
              double[] dotX = new double[depths.length];
              double[] dotY = new double[depths.length];
              for (int v = 0; v < depths.length; v++) {
                dotX[v] = left[depths[v]] + wide[depths[v]] / 2;
                dotY[v] = MARGIN + layout.middle(v) - heights[v] / 2 + HEAD + STEP / 2;
              }
              for (Edge edge : blueprint.edges()) {
                edges(canvas, edge, dotX, dotY, depths, layout.passages(edge.index()), left, wide, false);
              }
              // Above all others.
              for (Edge edge : coverage.isPresent() ? blueprint.edges() : List.<Edge>of()) {
                edges(canvas, edge, dotX, dotY, depths, layout.passages(edge.index()), left, wide, true);
              }
              for (int v = 0; v < depths.length; v++) {
                dots(canvas, v, dotX[v], dotY[v]);
              }
              for (int k = 0; k < notes.size(); k++) {
                canvas.text(notes.get(k), Canvas.SMALL, MARGIN, notesTop + 8 + 17 * k, 0, Canvas.INK);
              }
              for (int k = 0; k < wanted.size(); k++) {
                double y = notesTop + 8 + 17 * (notes.size() + k);
                canvas.dot(MARGIN + RADIUS, y - 4, RADIUS - 1, Canvas.colour(k), Canvas.INK);
                canvas.text(counted(wanted.get(k)), Canvas.SMALL, MARGIN + 3 * RADIUS, y, 0, Canvas.INK);
              }
            });
    List<String> lines = new ArrayList<>(notes);
    wanted.forEach(one -> lines.add(counted(one)));
    return new Diagram(drawing, (int) Math.ceil(width), lift.toString() + "\n" + String.join("\n", lines));
  }

  private String counted(Wanted one) {
    Coverage found = coverage.orElseThrow();
    int copies = found.copies(blueprint.vertices().get(one.vertex).name(), one.place);
    return "copies of " + found.witness().lift().nameOf(one.vertex, one.place) + " of the witness: " + copies;
  }

  private static String title(Vertex vertex) {
    return Canvas.fitted(vertex.name(), Canvas.NAME, 120);
  }

  /** How many vertices of a fibre are not drawn; blank if all are. */
  private String more(int v) {
    int left = lift.fibre(v) - shown[v];
    return left == 0 ? "" : "and " + left + " more";
  }

  private String subtitle(Vertex vertex) {
    int size = lift.fibre(vertex.index());
    String space = vertex.space().toString();
    return size == 1 ? space : size + " × " + space;
  }

  /** The room for the labels beside the dots of a fibre: they stand on both sides of the middle. */
  private double labels(int v) {
    double widest = 0;
    for (int i = 0; i < shown[v]; i++) {
      widest = Math.max(widest, Canvas.widthOf(label(v, i), Canvas.SMALL));
    }
    return 2 * (widest + RADIUS + 4);
  }

  private String label(int v, int i) {
    return lift.label(v, i).map(name -> Canvas.fitted(name, Canvas.SMALL, 60)).orElse("");
  }

  private void box(Canvas canvas, Vertex vertex, double x, double y, double width, double height) {
    Color fill =
        vertex.role() != Vertex.Role.COMPUTED ? Canvas.INPUT : vertex.output() ? Canvas.OUTPUT : Canvas.HIDDEN;
    canvas.box(x, y, width, height, fill, Canvas.PALE);
    canvas.text(title(vertex), Canvas.NAME, x + width / 2, y + 15, 0.5, Canvas.INK);
    canvas.text(subtitle(vertex), Canvas.SMALL, x + width / 2, y + 29, 0.5, Canvas.GREY);
    canvas.text(more(vertex.index()), Canvas.SMALL, x + width / 2, y + height - 8, 0.5, Canvas.GREY);
  }

  private void dots(Canvas canvas, int v, double x, double top) {
    for (int i = 0; i < shown[v]; i++) {
      int copyOf = copyOf(v, i);
      canvas.dot(x, top + i * STEP, RADIUS, copyOf < 0 ? Color.WHITE : Canvas.colour(copyOf), Canvas.INK);
      canvas.text(label(v, i), Canvas.SMALL, x - RADIUS - 4, top + i * STEP + 4, 1, Canvas.INK);
    }
  }

  private void edges(
      Canvas canvas, Edge edge, double[] dotX, double[] dotY, int[] depths, double[] passages, double[] left,
      double[] wide, boolean intoCopies) {
    Edges lifted = lift.edges(edge.index());
    int from = edge.source();
    int to = edge.target();
    boolean constant = blueprint.vertices().get(from).role() == Vertex.Role.CONSTANT;
    int drawn = 0;
    for (int i = 0; i < shown[to] && drawn < MOST_EDGES; i++) {
      int copyOf = copyOf(to, i);
      if (copyOf >= 0 != intoCopies) {
        continue;
      }
      for (int e = lifted.first(i); e < lifted.first(i + 1) && drawn < MOST_EDGES; e++) {
        int source = lifted.source(e);
        if (source >= shown[from]) {
          continue;
        }
        drawn++;
        double[] x = new double[2 * passages.length + 2];
        double[] y = new double[x.length];
        x[0] = dotX[from] + RADIUS;
        y[0] = dotY[from] + source * STEP;
        for (int k = 0; k < passages.length; k++) {
          int layer = depths[from] + 1 + k;
          x[2 * k + 1] = left[layer];
          x[2 * k + 2] = left[layer] + wide[layer];
          // A little apart, so that several edges that pass together are seen to be several.
          y[2 * k + 1] = MARGIN + passages[k] + (i % 7 - 3) * 1.6;
          y[2 * k + 2] = y[2 * k + 1];
        }
        x[x.length - 1] = dotX[to] - RADIUS;
        y[x.length - 1] = dotY[to] + i * STEP;
        canvas.line(x, y, false, intoCopies ? Canvas.colour(copyOf) : colour(edge, e, constant), intoCopies ? 2 : 1);
      }
    }
  }

  private Color colour(Edge edge, int lifted, boolean constant) {
    if (coverage.isPresent()) {
      return Canvas.faint(Canvas.PALE, 0.6);
    }
    int dimension = edge.message().weights().dimension();
    if (parameters.isEmpty() || dimension != 1) {
      return Canvas.faint(Canvas.GREY, constant ? 0.3 : 0.7);
    }
    double weight = parameters.get()[lift.blockStart(edge.group()) + lifted];
    Color sign = weight > 0 ? POSITIVE : weight < 0 ? NEGATIVE : Canvas.PALE;
    return Canvas.faint(sign, constant ? 0.35 : 0.8);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      Edges lifted = lift.edges(edge.index());
      long all = (long) lifted.sources() * lifted.targets();
      String share = lifted.count() == all ? "all " + all : lifted.count() + " of " + all;
      notes.add(blueprint.nameOf(edge) + ": " + share + ", " + edge.message().name());
    }
    List<String> lines = new ArrayList<>();
    for (int k = 0; k < notes.size(); k += 3) {
      lines.add(String.join("  ·  ", notes.subList(k, Math.min(k + 3, notes.size()))));
    }
    if (parameters.isPresent()) {
      lines.add("blue: positive weight, orange: negative, grey: zero, or more than one number");
    }
    return lines;
  }
}
