package org.liftgrad.lift;

import org.liftgrad.blueprint.Dot;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;

/** Lifts in the DOT language of Graphviz, fibres as clusters. */
public final class LiftDot {

  /** The most lifted edges that are written: no layout of Graphviz is readable beyond far fewer. */
  public static final int MOST_EDGES = 100_000;

  private LiftDot() {}

  /** A digraph with a cluster for each fibre. */
  public static String of(Lift lift) {
    Argument.require(
        lift.edgeCount() <= MOST_EDGES, "the number of lifted edges", lift.edgeCount(), "at most " + MOST_EDGES + " in DOT");
    StringBuilder text = new StringBuilder("digraph ").append(Dot.quoted("a lift of " + lift.blueprint().name()));
    text.append(" {\n  rankdir=LR;\n");
    for (Vertex vertex : lift.blueprint().vertices()) {
      int v = vertex.index();
      text.append("  subgraph cluster_").append(v).append(" {\n    label=").append(Dot.quoted(vertex.toString()))
          .append(";\n");
      for (int i = 0; i < lift.fibre(v); i++) {
        text.append("    v").append(v).append('_').append(i).append(" [label=")
            .append(Dot.quoted(lift.label(v, i).orElse(Integer.toString(i)))).append("];\n");
      }
      text.append("  }\n");
    }
    for (Edge edge : lift.blueprint().edges()) {
      Edges lifted = lift.edges(edge.index());
      for (int i = 0; i < lifted.targets(); i++) {
        for (int e = lifted.first(i); e < lifted.first(i + 1); e++) {
          text.append("  v").append(edge.source()).append('_').append(lifted.source(e)).append(" -> v")
              .append(edge.target()).append('_').append(i).append(";\n");
        }
      }
    }
    return text.append("}\n").toString();
  }
}
