package org.liftgrad.blueprint;

/** Blueprints in the DOT language of Graphviz, for layouts other than ours. */
public final class Dot {

  private Dot() {}

  /** A digraph: of each vertex the name, the space and the activation function, of each edge the message function. */
  public static String of(Blueprint blueprint) {
    StringBuilder text = new StringBuilder("digraph ").append(quoted(blueprint.name())).append(" {\n");
    text.append("  rankdir=LR;\n");
    for (Vertex vertex : blueprint.vertices()) {
      String function = vertex.activation().map(ActivationFunction::name).orElse("");
      String label = vertex + (function.isEmpty() ? "" : "\n" + function);
      text.append("  ").append(vertex.index()).append(" [label=").append(quoted(label))
          .append(", shape=").append(shape(vertex)).append("];\n");
    }
    for (Edge edge : blueprint.edges()) {
      text.append("  ").append(edge.source()).append(" -> ").append(edge.target())
          .append(" [label=").append(quoted(edge.message().name())).append("];\n");
    }
    return text.append("}\n").toString();
  }

  private static String shape(Vertex vertex) {
    return switch (vertex.role()) {
      case INPUT -> "box";
      case CONSTANT -> "plaintext";
      case COMPUTED -> vertex.output() ? "doublecircle" : "ellipse";
    };
  }

  /** A text as a quoted identifier; what no text of DOT may contain is left out. */
  public static String quoted(String text) {
    String escaped = text.replace("\0", "").replace("\\", "\\\\").replace("\"", "\\\"").replace("\r", "").replace("\n", "\\n");
    return "\"" + escaped + "\"";
  }
}
