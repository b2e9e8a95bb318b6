package org.liftgrad.plot;

import java.awt.Color;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Space;
import org.liftgrad.kernel.Argument;

/**
 * A bundle and its pullback along a map, as in the first paper's figure 2: the set below on the top row and the set
 * above it on the bottom row, over each element its space as a stack of one cell a dimension, and the map as arrows.
 */
final class BundleDiagram {

  /** The most elements of a row. */
  private static final int MOST = 60;
  private static final int MOST_CELLS = 6;
  private static final double CELL = 11;
  private static final double STEP = 52;
  private static final double LEFT = 96;

  private BundleDiagram() {}

  static Diagram draw(Bundle bundle, FiniteMap map) {
    Bundle above = bundle.pullback(map);
    Argument.require(
        Math.max(map.domain(), map.codomain()) <= MOST, "the number of elements",
        Math.max(map.domain(), map.codomain()), "at most " + MOST + " to be drawn");
    int columns = Math.max(1, Math.max(map.domain(), map.codomain()));
    double width = LEFT + columns * STEP + 10;
    double stack = CELL + 18;
    for (int v = 0; v < bundle.size(); v++) {
      stack = Math.max(stack, height(bundle.space(v)) + 18);
    }
    double topRow = 14 + stack;
    double bottomRow = topRow + 120 + stack;
    double shift = (columns - map.codomain()) * STEP / 2;
    double shiftAbove = (columns - map.domain()) * STEP / 2;
    Drawing drawing =
        Canvas.paint(
            width, bottomRow + 34,
            canvas -> {
              canvas.text("Y over V", Canvas.NAME, 12, topRow + 4, 0, Canvas.INK);
              canvas.text("π*Y over U", Canvas.NAME, 12, bottomRow + 4, 0, Canvas.INK);
              for (int u = 0; u < map.domain(); u++) {
                int v = map.apply(u);
                double x = LEFT + shiftAbove + (u + 0.5) * STEP;
                double toX = LEFT + shift + (v + 0.5) * STEP;
                double fromY = bottomRow - 10 - height(above.space(u)) - 16;
                canvas.straight(x, fromY, toX, topRow + 26, Canvas.colour(v), 1.2);
                canvas.head(toX, topRow + 22, x, fromY, Canvas.colour(v));
                element(canvas, x, bottomRow, above.space(u), "u" + u, Canvas.colour(v));
              }
              for (int v = 0; v < map.codomain(); v++) {
                element(
                    canvas, LEFT + shift + (v + 0.5) * STEP, topRow, bundle.space(v), "v" + v, Canvas.colour(v));
              }
            });
    return new Diagram(
        drawing, (int) Math.ceil(width),
        "A map " + map + " of finite sets, a bundle over the second of dimension " + bundle.dimension()
            + " and its pullback of dimension " + above.dimension());
  }

  private static double height(Space space) {
    return Math.min(MOST_CELLS, Math.max(1, space.dimension())) * CELL;
  }

  /** A dot, its name below, and on it the space: a cell a dimension, or its sizes only where there are many. */
  private static void element(Canvas canvas, double x, double y, Space space, String name, Color colour) {
    canvas.dot(x, y, 4, colour, Canvas.INK);
    canvas.text(name, Canvas.SMALL, x, y + 17, 0.5, Canvas.GREY);
    int cells = Math.min(MOST_CELLS, space.dimension());
    for (int k = 0; k < cells; k++) {
      canvas.box(x - 8, y - 10 - (k + 1) * CELL, 16, CELL - 1.5, Canvas.faint(colour, 0.25), colour);
    }
    canvas.text(space.toString(), Canvas.SMALL, x, y - 14 - cells * CELL, 0.5, Canvas.INK);
  }
}
