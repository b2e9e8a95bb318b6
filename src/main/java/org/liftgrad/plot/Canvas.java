package org.liftgrad.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.function.Consumer;
import org.knowm.xchart.style.markers.Marker;

/** Boxes, dots, arrows and texts for diagrams, in their one style. */
final class Canvas {

  static final Font NAME = new Font(Font.SANS_SERIF, Font.BOLD, 13);
  static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
  static final Color INK = Painter.INK;
  static final Color GREY = new Color(0x77, 0x77, 0x77);
  static final Color PALE = new Color(0xAA, 0xAA, 0xAA);
  static final Color INPUT = new Color(0xDD, 0xEC, 0xF7);
  static final Color HIDDEN = new Color(0xF6, 0xF6, 0xF6);
  static final Color OUTPUT = new Color(0xFB, 0xE7, 0xD3);

  private final Drawing drawing;
  private final Graphics2D graphics;

  private Canvas(Drawing drawing, Graphics2D graphics) {
    this.drawing = drawing;
    this.graphics = graphics;
  }

  /** A drawing of what a painter paints. */
  static Drawing paint(double width, double height, Consumer<Canvas> painter) {
    Drawing drawing = new Drawing((int) Math.ceil(width), (int) Math.ceil(height));
    paint(drawing, painter);
    return drawing;
  }

  /** Appends what a painter paints. */
  static void paint(Drawing drawing, Consumer<Canvas> painter) {
    drawing.record(graphics -> painter.accept(new Canvas(drawing, graphics)));
  }

  static double widthOf(String text, Font font) {
    return new Drawing(1, 1).widthOf(text, font);
  }

  /** The text, shortened to so many points. */
  static String fitted(String text, Font font, double room) {
    return new Drawing(1, 1).fitted(text, font, room);
  }

  /** A colour of the palette, in turn. */
  static Color colour(int number) {
    return Painter.PALETTE[number % Painter.PALETTE.length];
  }

  static Color faint(Color colour, double opacity) {
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), (int) Math.round(255 * opacity));
  }

  /**
   * Writes a text.
   *
   * @param x the left end, the middle or the right end, as {@code share} says
   * @param y the base line
   * @param share of the text that is left of x: 0, 0.5 or 1
   */
  void text(String text, Font font, double x, double y, double share, Color colour) {
    String shown = drawing.text(text, font);
    if (shown.isBlank()) {
      return;
    }
    TextLayout layout = new TextLayout(shown, font, new FontRenderContext(null, false, true));
    AffineTransform before = graphics.getTransform();
    graphics.setColor(colour);
    graphics.translate(x - share * layout.getAdvance(), y);
    graphics.fill(layout.getOutline(null));
    graphics.setTransform(before);
  }

  void box(double x, double y, double width, double height, Color fill, Color border) {
    RoundRectangle2D box = new RoundRectangle2D.Double(x, y, width, height, 10, 10);
    graphics.setColor(fill);
    graphics.fill(box);
    graphics.setColor(border);
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(box);
  }

  void dot(double x, double y, double radius, Color fill, Color border) {
    Ellipse2D dot = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    graphics.setColor(fill);
    graphics.fill(dot);
    graphics.setColor(border);
    graphics.setStroke(new BasicStroke(1));
    graphics.draw(dot);
  }

  /** A smooth line through points, level at each of them; or upright at each, for one that runs down. */
  void line(double[] x, double[] y, boolean down, Color colour, double width) {
    Path2D path = new Path2D.Double();
    path.moveTo(x[0], y[0]);
    for (int k = 1; k < x.length; k++) {
      double halfX = down ? 0 : (x[k] - x[k - 1]) / 2;
      double halfY = down ? (y[k] - y[k - 1]) / 2 : 0;
      path.curveTo(x[k - 1] + halfX, y[k - 1] + halfY, x[k] - halfX, y[k] - halfY, x[k], y[k]);
    }
    stroke(path, colour, width);
  }

  void straight(double fromX, double fromY, double toX, double toY, Color colour, double width) {
    Path2D path = new Path2D.Double();
    path.moveTo(fromX, fromY);
    path.lineTo(toX, toY);
    stroke(path, colour, width);
  }

  /** A level line in a stroke of its own. */
  void level(double fromX, double toX, double y, Color colour, BasicStroke stroke) {
    graphics.setColor(colour);
    graphics.setStroke(stroke);
    graphics.draw(new Line2D.Double(fromX, y, toX, y));
  }

  /** The mark of a point. */
  void marker(Marker marker, double x, double y, int size, Color colour) {
    graphics.setColor(colour);
    marker.paint(graphics, x, y, size);
  }

  void white(double width, double height) {
    graphics.setColor(Color.WHITE);
    graphics.fill(new Rectangle2D.Double(0, 0, width, height));
  }

  private void stroke(Path2D path, Color colour, double width) {
    graphics.setColor(colour);
    graphics.setStroke(new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    graphics.draw(path);
  }

  /** An arrow head with its tip at a point, for a line that comes from a direction. */
  void head(double x, double y, double fromX, double fromY, Color colour) {
    double length = Math.sqrt((x - fromX) * (x - fromX) + (y - fromY) * (y - fromY));
    double alongX = length == 0 ? 1 : (x - fromX) / length;
    double alongY = length == 0 ? 0 : (y - fromY) / length;
    Path2D head = new Path2D.Double();
    head.moveTo(x, y);
    head.lineTo(x - 7 * alongX - 3 * alongY, y - 7 * alongY + 3 * alongX);
    head.lineTo(x - 7 * alongX + 3 * alongY, y - 7 * alongY - 3 * alongX);
    head.closePath();
    graphics.setColor(colour);
    graphics.fill(head);
  }
}
