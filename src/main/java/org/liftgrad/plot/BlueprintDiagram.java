package org.liftgrad.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.MessageFunction;
import org.liftgrad.blueprint.Vertex;

/**
 * A blueprint in the notation of the first paper's figure 3: the graph, at each vertex its space and its activation
 * function, on each edge its message function and weights, here by colour and a list below. From left to right, or down
 * where that would be too wide. Of more than {@value #MOST} vertices, those that are alike are drawn as one.
 */
final class BlueprintDiagram {

  /** The most boxes of a picture. */
  static final int MOST = 60;

  private static final double MARGIN = 14;
  private static final double BOX_HEIGHT = 40;
  private static final double LINE = 17;
  private static final int MOST_IN_LIST = 8;
  private static final double WIDEST = 180;
  /** Wider than this, a picture runs down. */
  private static final double PAGE = 1000;
  /** Of more than so many vertices, no more than so many layers. */
  private static final int MOST_LAYERS = 15;
  /** Past so many layers in all, edges from constants are said instead of drawn. */
  private static final int MOST_PASSED = 12;

  /** A box: a vertex, or several that are alike. */
  private record Box(int layer, String name, String below, Color fill, boolean output, double width) {}

  /** Between two boxes, how many edges of one kind. */
  private record Arrow(int from, int to, String kind, int count) {}

  private final Blueprint blueprint;
  private final Function<Vertex, String> note;
  private final List<Box> boxes = new ArrayList<>();
  private final List<Arrow> arrows = new ArrayList<>();
  private final Map<String, Integer> kinds = new LinkedHashMap<>();
  private final int[] uses;
  private final int[] depths;
  private final boolean merged;
  private final boolean constantsDrawn;

  /**
   * A picture to be drawn.
   *
   * @param note what is added to the name of a vertex, such as the size of its fibre; may be blank
   */
  BlueprintDiagram(Blueprint blueprint, Function<Vertex, String> note) {
    this.blueprint = blueprint;
    this.note = note;
    uses = blueprint.tying().fibreSizes();
    depths = depths();
    merged = blueprint.vertices().size() > MOST;
    constantsDrawn = !merged && passedByConstants() <= MOST_PASSED;
    int[] boxOf = boxes();
    Map<List<Object>, Integer> counts = new LinkedHashMap<>();
    for (Edge edge : blueprint.edges()) {
      int from = boxOf[edge.source()];
      int to = boxOf[edge.target()];
      if (from >= 0 && boxes.get(from).layer < boxes.get(to).layer) {
        String kind = kind(edge);
        kinds.putIfAbsent(kind, kinds.size());
        counts.merge(List.of(from, to, kind), 1, Integer::sum);
      }
    }
    counts.forEach(
        (key, count) -> arrows.add(new Arrow((int) key.get(0), (int) key.get(1), (String) key.get(2), count)));
  }

  private String kind(Edge edge) {
    MessageFunction message = edge.message();
    String weights = message.weights().dimension() == 0 ? "no weights" : "W = " + message.weights();
    boolean tied = uses[edge.group()] > 1;
    String as = merged ? "" : " as " + blueprint.groupNames().get(edge.group());
    return message.name() + ", " + weights + (tied ? ", tied" + as : "");
  }

  // ---- which box a vertex is in

  /** Each vertex by itself where there are few; else those alike, in fewer and fewer layers. */
  private int[] boxes() {
    int deepest = Arrays.stream(depths).max().orElse(0);
    if (!merged) {
      return put(depths, v -> List.of(v));
    }
    for (int layers = Math.min(MOST_LAYERS, deepest + 1); ; layers = Math.max(3, 2 * layers / 3)) {
      int[] thinned = thinned(layers, deepest);
      boolean last = layers <= 3;
      Function<Integer, List<Object>> alike = v -> alike(blueprint.vertices().get(v), !last);
      if (last || different(thinned, alike) <= MOST) {
        return put(thinned, alike);
      }
    }
  }

  /** Fewer layers; inputs before the first that reads them, and outputs after all. */
  private int[] thinned(int layers, int deepest) {
    int[] thinned = new int[depths.length];
    for (Vertex vertex : blueprint.vertices()) {
      int v = vertex.index();
      thinned[v] = vertex.output() ? layers + 1 : 1 + (int) ((long) depths[v] * layers / (deepest + 1));
    }
    for (Vertex vertex : blueprint.vertices()) {
      if (vertex.role() != Vertex.Role.COMPUTED) {
        thinned[vertex.index()] =
            blueprint.outgoing(vertex.index()).stream().mapToInt(edge -> thinned[edge.target()] - 1).min().orElse(0);
      }
    }
    return thinned;
  }

  /** Inputs stand in the layer before the first that reads them, not far to the left. */
  private int[] depths() {
    int[] depths = blueprint.depths();
    for (Vertex vertex : blueprint.vertices()) {
      if (vertex.role() != Vertex.Role.COMPUTED) {
        depths[vertex.index()] =
            blueprint.outgoing(vertex.index()).stream().mapToInt(edge -> depths[edge.target()] - 1).min().orElse(0);
      }
    }
    return depths;
  }

  private int passedByConstants() {
    return blueprint.edges().stream()
        .filter(edge -> role(edge) == Vertex.Role.CONSTANT)
        .mapToInt(edge -> depths[edge.target()] - depths[edge.source()] - 1)
        .sum();
  }

  private Vertex.Role role(Edge edge) {
    return blueprint.vertices().get(edge.source()).role();
  }

  private static List<Object> alike(Vertex vertex, boolean byFunction) {
    List<Object> alike = new ArrayList<>(List.of(vertex.role(), vertex.output()));
    if (byFunction) {
      alike.add(vertex.space());
      alike.add(vertex.activation().map(ActivationFunction::name).orElse(""));
    }
    return alike;
  }

  private int different(int[] layers, Function<Integer, List<Object>> alike) {
    Map<List<Object>, Integer> seen = new LinkedHashMap<>();
    for (int v = 0; v < layers.length; v++) {
      seen.put(List.of(layers[v], alike.apply(v)), v);
    }
    return seen.size();
  }

  private int[] put(int[] layers, Function<Integer, List<Object>> alike) {
    Map<List<Object>, List<Vertex>> groups = new LinkedHashMap<>();
    int[] boxOf = new int[layers.length];
    Arrays.fill(boxOf, -1);
    for (Vertex vertex : blueprint.vertices()) {
      if (vertex.role() == Vertex.Role.CONSTANT && !constantsDrawn) {
        continue;
      }
      List<Object> key = List.of(layers[vertex.index()], alike.apply(vertex.index()));
      groups.computeIfAbsent(key, unused -> new ArrayList<>()).add(vertex);
    }
    groups.forEach(
        (key, vertices) -> {
          vertices.forEach(vertex -> boxOf[vertex.index()] = boxes.size());
          boxes.add(box((int) key.get(0), vertices));
        });
    return boxOf;
  }

  private Box box(int layer, List<Vertex> vertices) {
    Vertex first = vertices.get(0);
    Vertex last = vertices.get(vertices.size() - 1);
    boolean one = vertices.size() == 1;
    String name = one ? first.name() : first.name() + " … " + last.name();
    boolean sameSpace = vertices.stream().allMatch(vertex -> vertex.space().equals(first.space()));
    String space = sameSpace ? " ∈ " + first.space() : "";
    String noted = note.apply(first);
    String title =
        Canvas.fitted(name + space + (noted.isBlank() || !one ? "" : ", " + noted), Canvas.NAME, WIDEST);
    String function =
        switch (first.role()) {
          case INPUT -> "input";
          case CONSTANT -> "constant 1";
          case COMPUTED -> first.activation().orElseThrow().name();
        };
    boolean sameFunction =
        vertices.stream()
            .allMatch(
                vertex ->
                    vertex.activation().map(ActivationFunction::name)
                        .equals(first.activation().map(ActivationFunction::name)));
    String below =
        Canvas.fitted(
            (sameFunction ? function : "several functions") + (one ? "" : ", " + vertices.size() + " vertices")
                + (constantsDrawn || !biased(first) ? "" : ", bias"),
            Canvas.SMALL, WIDEST);
    double width = 18 + Math.max(Canvas.widthOf(title, Canvas.NAME), Canvas.widthOf(below, Canvas.SMALL));
    Color fill = first.role() != Vertex.Role.COMPUTED ? Canvas.INPUT : first.output() ? Canvas.OUTPUT : Canvas.HIDDEN;
    return new Box(layer, title, below, fill, first.output(), width);
  }

  private boolean biased(Vertex vertex) {
    return blueprint.incoming(vertex.index()).stream().anyMatch(edge -> role(edge) == Vertex.Role.CONSTANT);
  }

  // ---- drawing

  /** Where layers begin and end along the way, and boxes across it. */
  private record Plan(boolean down, Map<Integer, double[]> spans, double length, Layers across) {

    /** The point at so far along the way and so far across it. */
    double x(double along, double across) {
      return down ? MARGIN + across : along;
    }

    double y(double along, double across) {
      return down ? along : MARGIN + across;
    }
  }

  private Plan plan(boolean down) {
    TreeMap<Integer, Double> lengths = new TreeMap<>();
    boxes.forEach(box -> lengths.merge(box.layer, down ? BOX_HEIGHT : box.width, Math::max));
    // Layers without a box of their own leave no gap.
    Map<Integer, Integer> numbers = new LinkedHashMap<>();
    Map<Integer, double[]> spans = new TreeMap<>();
    double between = down ? 34 : boxes.size() > 24 ? 46 : 64;
    double at = MARGIN;
    for (Map.Entry<Integer, Double> entry : lengths.entrySet()) {
      numbers.put(entry.getKey(), numbers.size());
      spans.put(entry.getKey(), new double[] {at, at + entry.getValue()});
      at += entry.getValue() + between;
    }
    int[] layer = boxes.stream().mapToInt(box -> numbers.get(box.layer)).toArray();
    double[] sizes = boxes.stream().mapToDouble(box -> down ? box.width : BOX_HEIGHT).toArray();
    List<int[]> pairs = arrows.stream().map(arrow -> new int[] {arrow.from, arrow.to}).toList();
    return new Plan(down, spans, at - between + MARGIN, new Layers(layer, sizes, pairs, 14));
  }

  Diagram draw() {
    Plan level = plan(false);
    Plan plan = level.length > PAGE ? plan(true) : level;
    double across = plan.across.height() + 2 * MARGIN;
    double listTop = (plan.down ? plan.length : across) + 8;
    List<String> list = list();
    double listWidth = list.stream().mapToDouble(text -> Canvas.widthOf(text, Canvas.SMALL) + 34).max().orElse(0);
    double width = Math.max(plan.down ? across : plan.length, listWidth + 2 * MARGIN);
    Drawing drawing =
        Canvas.paint(
            width, listTop + list.size() * LINE + MARGIN / 2,
            canvas -> {
              for (int k = 0; k < arrows.size(); k++) {
                arrow(canvas, plan, k);
              }
              for (int k = 0; k < boxes.size(); k++) {
                double[] span = plan.spans.get(boxes.get(k).layer);
                double along = (span[0] + span[1]) / 2;
                double middle = plan.across.middle(k);
                box(canvas, boxes.get(k), plan.x(along, middle), plan.y(along, middle));
              }
              for (int k = 0; k < list.size(); k++) {
                double y = listTop + k * LINE + 8;
                if (k < Math.min(MOST_IN_LIST, kinds.size())) {
                  canvas.straight(MARGIN, y - 4, MARGIN + 22, y - 4, Canvas.colour(k), 2);
                }
                canvas.text(list.get(k), Canvas.SMALL, MARGIN + 30, y, 0, Canvas.INK);
              }
            });
    return new Diagram(drawing, (int) Math.ceil(width), description());
  }

  private List<String> list() {
    List<String> all = new ArrayList<>(kinds.keySet());
    List<String> list = new ArrayList<>(all.subList(0, Math.min(MOST_IN_LIST, all.size())));
    if (all.size() > MOST_IN_LIST) {
      list.add("and " + (all.size() - MOST_IN_LIST) + " kinds of edges more, in the same colours again");
    }
    if (!constantsDrawn && blueprint.vertices().stream().anyMatch(vertex -> vertex.role() == Vertex.Role.CONSTANT)) {
      list.add("“bias”: an edge from a constant, not drawn");
    }
    return list;
  }

  private static void box(Canvas canvas, Box box, double x, double y) {
    double left = x - box.width / 2;
    double top = y - BOX_HEIGHT / 2;
    canvas.box(left, top, box.width, BOX_HEIGHT, box.fill, Canvas.INK);
    if (box.output) {
      canvas.box(left + 3, top + 3, box.width - 6, BOX_HEIGHT - 6, box.fill, Canvas.INK);
    }
    canvas.text(box.name, Canvas.NAME, x, y - 2, 0.5, Canvas.INK);
    canvas.text(box.below, Canvas.SMALL, x, y + 13, 0.5, Canvas.GREY);
  }

  /** From the border of one box to that of another, level past the layers between. */
  private void arrow(Canvas canvas, Plan plan, int number) {
    Arrow arrow = arrows.get(number);
    double[] passages = plan.across.passages(number);
    List<double[]> points = new ArrayList<>();
    points.add(new double[] {border(plan, arrow.from, 1), plan.across.middle(arrow.from)});
    int passage = 0;
    for (Map.Entry<Integer, double[]> layer : plan.spans.entrySet()) {
      if (layer.getKey() > boxes.get(arrow.from).layer && layer.getKey() < boxes.get(arrow.to).layer) {
        for (double along : layer.getValue()) {
          points.add(new double[] {along, passages[passage]});
        }
        passage++;
      }
    }
    double end = border(plan, arrow.to, -1);
    double across = plan.across.middle(arrow.to);
    points.add(new double[] {end - 6, across});
    Color colour = Canvas.colour(kinds.get(arrow.kind) % MOST_IN_LIST);
    double[] x = points.stream().mapToDouble(point -> plan.x(point[0], point[1])).toArray();
    double[] y = points.stream().mapToDouble(point -> plan.y(point[0], point[1])).toArray();
    canvas.line(x, y, plan.down, colour, arrow.count > 1 ? 2.5 : 1.4);
    canvas.head(plan.x(end, across), plan.y(end, across), plan.x(end - 10, across), plan.y(end - 10, across), colour);
    if (arrow.count > 1) {
      canvas.text(
          "×" + arrow.count, Canvas.SMALL, x[0] + 6, y[0] + (plan.down ? 14 : y[1] < y[0] ? -5 : 12), 0, Canvas.GREY);
    }
  }

  /** Where a box ends along the way, or begins. */
  private double border(Plan plan, int box, int side) {
    double[] span = plan.spans.get(boxes.get(box).layer);
    return (span[0] + span[1] + side * (plan.down ? BOX_HEIGHT : boxes.get(box).width)) / 2;
  }

  private String description() {
    StringBuilder text = new StringBuilder("Blueprint ").append(blueprint);
    if (!merged) {
      for (Vertex vertex : blueprint.vertices()) {
        List<Edge> incoming = blueprint.incoming(vertex.index());
        if (!incoming.isEmpty()) {
          text.append("\n").append(vertex).append(" = ").append(vertex.activation().orElseThrow().name())
              .append(" of ");
          text.append(
              String.join(
                  ", ",
                  incoming.stream()
                      .map(edge -> blueprint.vertices().get(edge.source()).name() + " (" + edge.message().name() + ")")
                      .toList()));
        }
      }
    } else {
      text.append(", those alike drawn as one box");
    }
    return text.toString();
  }
}
