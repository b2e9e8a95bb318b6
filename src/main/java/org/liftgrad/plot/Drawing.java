package org.liftgrad.plot;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.intermediate.commands.AffineTransformCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.Command;
import de.erichseifert.vectorgraphics2d.intermediate.commands.DrawShapeCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.FillShapeCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.SetClipCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.SetColorCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.SetStrokeCommand;
import de.erichseifert.vectorgraphics2d.intermediate.commands.SetTransformCommand;
import de.erichseifert.vectorgraphics2d.pdf.PDFProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Point2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RectangularShape;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * What XChart painted, as a list of marks, and the two files made of it.
 *
 * <p>XChart draws a line as one mark a segment (so that dashes start anew at each point) and text as
 * outlines of letters. Here segments that follow each other are joined, and outlines are recognised as
 * the texts that were handed to XChart, so that an SVG is small, can be searched, and is read aloud.
 * One list for both files: what the PNG shows, the SVG shows.
 */
final class Drawing {

  private static final Text NOTHING = new Text("", Painter.SMALL, false, true, 0, List.of());
  private static final FontRenderContext METRICS = new FontRenderContext(null, false, true);
  private static final double MILLIMETRES = 25.4 / 72;
  private static final String FAMILY = "'DejaVu Sans',Verdana,Arial,sans-serif";

  private sealed interface Mark {
    Optional<Rectangle2D> clip();
  }

  private record Filled(Shape shape, Color colour, Optional<Rectangle2D> clip) implements Mark {}

  private record Stroked(Shape shape, Color colour, BasicStroke stroke, Optional<Rectangle2D> clip)
      implements Mark {}

  private record Written(
      Text text, double x, double y, Shape outline, Color colour, Optional<Rectangle2D> clip)
      implements Mark {}

  /**
   * A text that XChart may paint, with the width it takes in this machine's font; the pieces of one with formulas, and
   * whether these begin at its left or stand in its middle.
   */
  private record Text(String text, Font font, boolean sideways, boolean fromLeft, double advance, List<Label.Piece> pieces) {
    static Text plain(String text, Font font, boolean sideways) {
      return new Text(text, font, sideways, true, new TextLayout(text, font, METRICS).getAdvance(), List.of());
    }
  }

  /** Texts are made smaller than this share of their size by no want of room. */
  private static final double LEAST_SIZE = 0.75;

  /** Indices and powers, beside the size of the line, and how far below or above it they stand. */
  private static final float SCRIPT = 0.72f;
  private static final double[] SHIFTS = {0.22, 0, -0.36};

  private final int width;
  private final int height;
  private final Map<String, Text> texts = new HashMap<>();
  private final List<Mark> marks = new ArrayList<>();

  Drawing(int width, int height) {
    this.width = width;
    this.height = height;
  }

  double width() {
    return width;
  }

  // Texts that are known beforehand.

  /** Announces a text and returns it as XChart is to lay it out: plain, and cleaned of what no picture can show. */
  String text(String text, Font font) {
    return announce(text, font, false, font.equals(Painter.SMALL));
  }

  /** Announces a text whose middle XChart places. */
  String centred(String text, Font font) {
    return announce(text, font, false, false);
  }

  /** Announces a text that reads upwards. */
  String sideways(String text, Font font) {
    return announce(text, font, true, false);
  }

  double widthOf(String text, Font font) {
    return text.isEmpty() ? 0 : new TextLayout(Label.plain(text), font, METRICS).getAdvance();
  }

  /** The text, shortened to the room there is; the description of the figure has it whole. */
  String fitted(String text, Font font, double room) {
    if (widthOf(text, font) <= room) {
      return text;
    }
    // Half a formula is none.
    String whole = Label.plain(text);
    String shown = whole;
    int letters = whole.codePointCount(0, whole.length());
    while (letters > 1 && widthOf(shown, font) > room) {
      letters--;
      shown = whole.substring(0, whole.offsetByCodePoints(0, letters)) + "…";
    }
    return shown;
  }

  /**
   * The text as one line or two, in its font or one somewhat smaller, and shortened only where that is not enough. Lines
   * part at a blank outside formulas, such that the longer one is short.
   */
  Lines lines(String text, Font font, double room, int most) {
    if (text.isBlank()) {
      return new Lines(List.of(), font);
    }
    float size = font.getSize();
    int least = (int) Math.ceil(LEAST_SIZE * size);
    for (float each = size; each >= least; each--) {
      Font smaller = font.deriveFont(each);
      // A little smaller in one line, before a second.
      if (widthOf(text, smaller) <= room && (each >= size - 1 || most == 1)) {
        return new Lines(List.of(text), smaller);
      }
    }
    Font smallest = font.deriveFont((float) least);
    if (most == 1) {
      return new Lines(List.of(fitted(text, smallest, room)), smallest);
    }
    int[] breaks = Label.breaks(text);
    for (float each = size; each >= least; each--) {
      Font smaller = font.deriveFont(each);
      List<String> best = List.of();
      double width = room;
      for (int at : breaks) {
        String first = text.substring(0, at).strip();
        String second = text.substring(at).strip();
        double wide = Math.max(widthOf(first, smaller), widthOf(second, smaller));
        if (wide <= width) {
          best = List.of(first, second);
          width = wide;
        }
      }
      if (!best.isEmpty()) {
        return new Lines(best, smaller);
      }
    }
    int at = 0;
    for (int each : breaks) {
      at = widthOf(text.substring(0, each).strip(), smallest) <= room ? each : at;
    }
    return at == 0
        ? new Lines(List.of(fitted(text, smallest, room)), smallest)
        : new Lines(List.of(text.substring(0, at).strip(), fitted(text.substring(at).strip(), smallest, room)), smallest);
  }

  /** Lines of a text, and the font they fit in. */
  record Lines(List<String> lines, Font font) {}

  private String announce(String text, Font font, boolean sideways, boolean fromLeft) {
    Label label = Label.of(text);
    StringBuilder clean = new StringBuilder();
    // Line ends and control letters have no place in a label, and XML forbids most of them.
    label.plain().codePoints()
        .map(letter -> Character.isISOControl(letter) || !allowed(letter) ? ' ' : letter)
        .forEach(clean::appendCodePoint);
    String shown = clean.toString();
    if (shown.isBlank()) {
      return shown;
    }
    shown = oneBlank(shown).strip();
    TextLayout layout = new TextLayout(shown, font, METRICS);
    AffineTransform turn = sideways ? AffineTransform.getRotateInstance(-Math.PI / 2, 0, 0) : null;
    texts.put(
        signature(layout.getOutline(turn)), new Text(shown, font, sideways, fromLeft, layout.getAdvance(), label.pieces()));
    return shown;
  }

  /** SVG shows a row of blanks as one, and none at either end, in the room of them all: letters would be stretched. */
  private static String oneBlank(String text) {
    return text.replaceAll(" {2,}", " ");
  }

  private static boolean allowed(int letter) {
    return !(letter >= 0xD800 && letter <= 0xDFFF) && letter != 0xFFFE && letter != 0xFFFF;
  }

  private static String signature(Shape shape) {
    StringBuilder signature = new StringBuilder();
    double[] at = new double[6];
    for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
      int kind = path.currentSegment(at);
      signature.append((char) ('a' + kind));
      for (int i = 0; i < lengthOf(kind); i++) {
        signature.append(Math.round(at[i] * 1000)).append(' ');
      }
    }
    return signature.toString();
  }

  private static int lengthOf(int kind) {
    return switch (kind) {
      case PathIterator.SEG_MOVETO, PathIterator.SEG_LINETO -> 2;
      case PathIterator.SEG_QUADTO -> 4;
      case PathIterator.SEG_CUBICTO -> 6;
      default -> 0;
    };
  }

  // Recording.

  /** Lets the painter paint, and appends what it painted. */
  void record(Consumer<Graphics2D> painter) {
    record(painter, 0);
  }

  /** Lets the painter paint, and appends what it painted, so far below. */
  void record(Consumer<Graphics2D> painter, double down) {
    AffineTransform base = AffineTransform.getTranslateInstance(0, down);
    VectorGraphics2D graphics = new VectorGraphics2D();
    painter.accept(graphics);
    AffineTransform transform = new AffineTransform(base);
    Color colour = Color.BLACK;
    BasicStroke stroke = new BasicStroke();
    Optional<Rectangle2D> clip = Optional.empty();
    for (Command<?> command : graphics.getCommands()) {
      if (command instanceof SetColorCommand set) {
        colour = set.getValue();
      } else if (command instanceof SetStrokeCommand set && set.getValue() instanceof BasicStroke basic) {
        stroke = basic;
      } else if (command instanceof SetTransformCommand set) {
        transform = new AffineTransform(base);
        transform.concatenate(set.getValue());
      } else if (command instanceof AffineTransformCommand more) {
        transform.concatenate(more.getValue());
      } else if (command instanceof SetClipCommand set) {
        clip = Optional.ofNullable(set.getValue()).map(shape -> base.createTransformedShape(shape).getBounds2D());
      } else if (command instanceof DrawShapeCommand draw) {
        if (colour.getAlpha() > 0 && stroke.getLineWidth() > 0) {
          stroke(draw.getValue(), transform, colour, stroke, clip);
        }
      } else if (command instanceof FillShapeCommand fill && colour.getAlpha() > 0) {
        fill(fill.getValue(), transform, colour, clip);
      }
    }
    graphics.dispose();
  }

  private void stroke(
      Shape shape, AffineTransform transform, Color colour, BasicStroke stroke, Optional<Rectangle2D> clip) {
    if (shape instanceof Line2D line) {
      Point2D from = transform.transform(line.getP1(), null);
      Point2D to = transform.transform(line.getP2(), null);
      Mark last = marks.isEmpty() ? null : marks.get(marks.size() - 1);
      boolean follows =
          last instanceof Stroked before
              && before.shape instanceof Path2D path
              && before.colour.equals(colour)
              && before.stroke.equals(stroke)
              && before.clip.equals(clip)
              && from.equals(path.getCurrentPoint());
      if (follows) {
        ((Path2D) ((Stroked) last).shape).lineTo(to.getX(), to.getY());
      } else {
        Path2D path = new Path2D.Double();
        path.moveTo(from.getX(), from.getY());
        path.lineTo(to.getX(), to.getY());
        marks.add(new Stroked(path, colour, stroke, clip));
      }
    } else {
      marks.add(new Stroked(transform.createTransformedShape(shape), colour, stroke, clip));
    }
  }

  private void fill(Shape shape, AffineTransform transform, Color colour, Optional<Rectangle2D> clip) {
    boolean moves = (transform.getType() & ~AffineTransform.TYPE_TRANSLATION) == 0;
    if (moves && (shape instanceof Rectangle2D || shape instanceof Ellipse2D)) {
      // They stay what they are, which files can say in short.
      RectangularShape frame = (RectangularShape) ((RectangularShape) shape).clone();
      frame.setFrame(
          frame.getX() + transform.getTranslateX(), frame.getY() + transform.getTranslateY(), frame.getWidth(), frame.getHeight());
      marks.add(new Filled(frame, colour, clip));
      return;
    }
    Text text = texts.get(signature(shape));
    if (text != null && !text.sideways) {
      // The number at the end of an axis may stand out a little.
      double most = Math.max(0, width - text.advance);
      double atX = Math.max(0, Math.min(most, transform.getTranslateX()));
      transform = new AffineTransform(transform);
      transform.preConcatenate(AffineTransform.getTranslateInstance(atX - transform.getTranslateX(), 0));
    }
    Shape moved = transform.createTransformedShape(shape);
    if (text != null && !text.pieces.isEmpty()) {
      formula(text, transform.getTranslateX(), transform.getTranslateY(), colour, clip);
    } else if (text != null) {
      marks.add(
          new Written(text, transform.getTranslateX(), transform.getTranslateY(), moved, colour, clip));
    } else {
      marks.add(new Filled(moved, colour, clip));
    }
  }

  /** Writes the pieces of a text into the room of the plain one, which takes no less: titles in its middle, names from its left. */
  private void formula(Text whole, double x, double y, Color colour, Optional<Rectangle2D> clip) {
    List<Text> texts = new ArrayList<>();
    double[] starts = new double[whole.pieces.size()];
    double end = 0;
    double before = 0;
    for (int k = 0; k < whole.pieces.size(); k++) {
      Label.Piece piece = whole.pieces.get(k);
      Font font = whole.font.deriveFont(whole.font.getStyle() | (piece.italic() ? Font.ITALIC : Font.PLAIN));
      if (piece.level() != 0) {
        font = font.deriveFont(Math.max(8, Math.round(whole.font.getSize() * SCRIPT)) * 1f);
      }
      // Blanks at an end move what follows, and are no part of what is written.
      String shown = oneBlank(k == 0 ? piece.text().stripLeading() : piece.text());
      double advance = shown.isEmpty() ? 0 : new TextLayout(shown, font, METRICS).getAdvance();
      String behind = shown.stripLeading();
      double blank = shown.equals(behind) || behind.isEmpty() ? 0 : advance - new TextLayout(behind, font, METRICS).getAdvance();
      double start = piece.back() ? before : end;
      before = start;
      starts[k] = start + blank;
      end = Math.max(end, start + advance);
      String written = shown.strip();
      texts.add(written.isEmpty() ? NOTHING : Text.plain(written, font, whole.sideways));
    }
    double left = whole.fromLeft ? 0 : (whole.advance - end) / 2;
    for (int k = 0; k < texts.size(); k++) {
      Text text = texts.get(k);
      if (text.text.isEmpty()) {
        continue;
      }
      double along = left + starts[k];
      double down = SHIFTS[whole.pieces.get(k).level() + 1] * whole.font.getSize();
      double atX = whole.sideways ? x + down : x + along;
      double atY = whole.sideways ? y - along : y + down;
      AffineTransform place = AffineTransform.getTranslateInstance(atX, atY);
      if (whole.sideways) {
        place.rotate(-Math.PI / 2);
      }
      Shape outline = new TextLayout(text.text, text.font, METRICS).getOutline(place);
      marks.add(new Written(text, atX, atY, outline, colour, clip));
    }
  }

  /** A bar of the heat map's colours with its numbers, from the left and upper edges given. */
  void colourBar(double low, double high, boolean logarithmic, double left, double top) {
    double bottom = height - 70;
    Color[] shades = Palette.shades();
    double each = (bottom - top) / shades.length;
    for (int i = 0; i < shades.length; i++) {
      // A little overlap, or a viewer shows hair lines between the shades.
      marks.add(
          new Filled(
              new Rectangle2D.Double(left, bottom - (i + 1) * each, 16, each + (i == 0 ? 0 : 0.5)),
              shades[i], Optional.empty()));
    }
    Axis axis =
        logarithmic
            ? new Axis(Optional.empty(), true, StrictMath.pow(10, low), StrictMath.pow(10, high))
            : new Axis(Optional.empty(), false, low, high);
    Scale scale = Scale.of(axis, axis.least(), axis.most(), 0);
    for (double tick : Ticks.of(low, high, logarithmic)) {
      double y = bottom - (tick - low) / (high - low) * (bottom - top);
      String label =
          logarithmic
              ? scale.kind() == Scale.Kind.DECADES
                  ? scale.label(tick)
                  : org.liftgrad.statistics.Numbers.rounded(StrictMath.pow(10, tick), 3)
              : scale.label(tick / scale.unit());
      Path2D mark = new Path2D.Double();
      mark.moveTo(left + 16, y);
      mark.lineTo(left + 20, y);
      marks.add(new Stroked(mark, Painter.INK, new BasicStroke(1f), Optional.empty()));
      TextLayout layout = new TextLayout(label, Painter.SMALL, METRICS);
      Shape outline = layout.getOutline(AffineTransform.getTranslateInstance(left + 24, y + 4.4));
      marks.add(
          new Written(
              Text.plain(label, Painter.SMALL, false), left + 24, y + 4.4, outline, Painter.INK, Optional.empty()));
    }
  }

  // PNG.

  byte[] png(int pixels) {
    BufferedImage image =
        new BufferedImage(width * pixels, height * pixels, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width * pixels, height * pixels);
    graphics.scale(pixels, pixels);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    paint(graphics);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // In memory: ImageIO's own default is a cache file in the temporary folder.
    try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", stream);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  private void paint(Graphics2D graphics) {
    for (Mark mark : marks) {
      graphics.setClip(mark.clip().orElse(null));
      if (mark instanceof Filled filled) {
        // Cells that touch: softened edges would leave white seams.
        graphics.setRenderingHint(
            RenderingHints.KEY_ANTIALIASING,
            filled.shape instanceof Rectangle2D
                ? RenderingHints.VALUE_ANTIALIAS_OFF
                : RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setColor(filled.colour);
        graphics.fill(filled.shape);
        graphics.setRenderingHint(
            RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
      } else if (mark instanceof Stroked stroked) {
        graphics.setColor(stroked.colour);
        graphics.setStroke(stroked.stroke);
        graphics.draw(stroked.shape);
      } else if (mark instanceof Written written) {
        graphics.setColor(written.colour);
        graphics.fill(written.outline);
      }
    }
  }

  // PDF.

  /** One page of the drawing's size in points; texts are outlines, so that it looks the same without our fonts. */
  byte[] pdf() {
    VectorGraphics2D graphics = new VectorGraphics2D();
    // The library counts in millimetres.
    graphics.scale(MILLIMETRES, MILLIMETRES);
    paint(graphics);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      new PDFProcessor(true).getDocument(graphics.getCommands(), new PageSize(width * MILLIMETRES, height * MILLIMETRES)).writeTo(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    graphics.dispose();
    return bytes.toByteArray();
  }

  // SVG.

  String svg(String description) {
    StringBuilder body = new StringBuilder();
    Map<Rectangle2D, Integer> clips = new HashMap<>();
    int i = 0;
    while (i < marks.size()) {
      Mark mark = marks.get(i);
      int end = i + 1;
      String clip = "";
      if (mark.clip().isPresent() && !mark.clip().get().contains(0, 0, width, height)) {
        clips.putIfAbsent(mark.clip().get(), clips.size());
        clip = " clip-path=\"url(#@-" + clips.get(mark.clip().get()) + ")\"";
      }
      if (mark instanceof Written written) {
        write(body, written, clip);
      } else if (mark instanceof Stroked stroked) {
        body.append("<path d=\"");
        path(body, stroked.shape);
        // So are strokes: the ticks of an axis.
        while (end < marks.size() && marks.get(end) instanceof Stroked next && continues(stroked, next)) {
          path(body, next.shape);
          end++;
        }
        body.append("\" fill=\"none\"").append(stroke(stroked.stroke)).append(colour("stroke", stroked.colour))
            .append(clip).append("/>\n");
      } else if (mark instanceof Filled filled) {
        // Marks of one colour that follow each other are one path: a cloud, the cells of one shade.
        while (end < marks.size()
            && marks.get(end) instanceof Filled next
            && next.colour.equals(filled.colour)
            && next.clip.equals(filled.clip)
            && (filled.colour.getAlpha() == 255 || !(filled.shape instanceof Path2D))
            && alike(filled.shape, next.shape)) {
          end++;
        }
        if (filled.shape instanceof Ellipse2D ellipse) {
          body.append("<path d=\"");
          for (int k = i; k < end; k++) {
            Ellipse2D each = (Ellipse2D) ((Filled) marks.get(k)).shape;
            body.append('M').append(number(each.getCenterX())).append(' ')
                .append(number(each.getCenterY())).append("h0");
          }
          body.append("\" fill=\"none\" stroke-linecap=\"round\" stroke-width=\"")
              .append(number(ellipse.getWidth())).append('"').append(colour("stroke", filled.colour));
        } else {
          body.append("<path d=\"");
          for (int k = i; k < end; k++) {
            path(body, ((Filled) marks.get(k)).shape);
          }
          body.append('"').append(colour("fill", filled.colour));
          if (filled.shape instanceof Rectangle2D) {
            body.append(" shape-rendering=\"crispEdges\"");
          }
        }
        body.append(clip).append("/>\n");
      }
      i = end;
    }
    StringBuilder definitions = new StringBuilder();
    if (!clips.isEmpty()) {
      String[] boxes = new String[clips.size()];
      clips.forEach(
          (box, place) ->
              boxes[place] =
                  "<clipPath id=\"@-" + place + "\"><rect x=\"" + number(box.getX()) + "\" y=\""
                      + number(box.getY()) + "\" width=\"" + number(box.getWidth()) + "\" height=\""
                      + number(box.getHeight()) + "\"/></clipPath>");
      definitions.append("<defs>").append(String.join("", boxes)).append("</defs>\n");
    }
    String content = definitions.append(body).toString();
    // Ids come from the content: two figures on a page differ in them, or are the same picture.
    CRC32 sum = new CRC32();
    sum.update(content.getBytes(StandardCharsets.UTF_8));
    String id = "figure-" + Long.toHexString(sum.getValue());
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 " + width + " " + height
        + "\" width=\"" + width + "\" height=\"" + height
        + "\" style=\"max-width:100%;height:auto;background:#fff\" font-family=\"" + FAMILY + "\">\n"
        + "<title>" + escaped(description) + "</title>\n"
        + content.replace("id=\"@-", "id=\"" + id + "-").replace("url(#@-", "url(#" + id + "-")
        + "</svg>\n";
  }

  /** May two strokes be one path? Dashes would run on, and what shines through would do so once. */
  private static boolean continues(Stroked first, Stroked next) {
    return next.colour.equals(first.colour) && next.colour.getAlpha() == 255 && next.clip.equals(first.clip)
        && next.stroke.equals(first.stroke) && next.stroke.getDashArray() == null;
  }

  private static boolean alike(Shape first, Shape second) {
    if (first instanceof Ellipse2D one && second instanceof Ellipse2D other) {
      return one.getWidth() == other.getWidth();
    }
    return first instanceof Rectangle2D && second instanceof Rectangle2D
        || first instanceof Path2D && second instanceof Path2D && sameSize(first.getBounds2D(), second.getBounds2D());
  }

  /** As marks of points are. */
  private static boolean sameSize(Rectangle2D one, Rectangle2D other) {
    return Math.abs(one.getWidth() - other.getWidth()) < 1e-6 && Math.abs(one.getHeight() - other.getHeight()) < 1e-6;
  }

  private static void write(StringBuilder body, Written written, String clip) {
    Text text = written.text;
    body.append("<text x=\"").append(number(written.x)).append("\" y=\"").append(number(written.y))
        .append("\" font-size=\"").append(text.font.getSize()).append('"');
    if (text.font.isBold()) {
      body.append(" font-weight=\"bold\"");
    }
    if (text.font.isItalic()) {
      body.append(" font-style=\"italic\"");
    }
    if (text.sideways) {
      body.append(" transform=\"rotate(-90 ").append(number(written.x)).append(' ')
          .append(number(written.y)).append(")\"");
    }
    // The room that the text was given, whatever font the reader has.
    body.append(" textLength=\"").append(number(text.advance)).append("\" lengthAdjust=\"spacingAndGlyphs\"")
        .append(colour("fill", written.colour)).append(clip).append('>').append(escaped(text.text))
        .append("</text>\n");
  }

  private static void path(StringBuilder out, Shape shape) {
    if (shape instanceof Rectangle2D box) {
      // Sizes from rounded edges: cells that touch must still touch.
      double wide = tenths(box.getMaxX()) - tenths(box.getX());
      double high = tenths(box.getMaxY()) - tenths(box.getY());
      out.append('M').append(number(box.getX())).append(' ').append(number(box.getY())).append('h')
          .append(number(wide)).append('v').append(number(high)).append('h').append(number(-wide))
          .append('z');
      return;
    }
    double[] at = new double[6];
    // Where the pen is, in tenths of a pixel: lines are told as steps, which are short, and from rounded ends, so that
    // errors do not add up.
    long penX = 0;
    long penY = 0;
    long beganX = 0;
    long beganY = 0;
    int before = PathIterator.SEG_CLOSE;
    for (PathIterator path = shape.getPathIterator(null); !path.isDone(); path.next()) {
      int kind = path.currentSegment(at);
      if (kind == PathIterator.SEG_CLOSE) {
        out.append('z');
        penX = beganX;
        penY = beganY;
        before = kind;
        continue;
      }
      int last = lengthOf(kind) - 2;
      long toX = Math.round(at[last] * 10);
      long toY = Math.round(at[last + 1] * 10);
      if (kind == PathIterator.SEG_LINETO) {
        // Points that fall together on a tenth of a pixel are one.
        if (before == PathIterator.SEG_LINETO && toX == penX && toY == penY) {
          continue;
        }
        String across = number((toX - penX) / 10.0);
        out.append(before == kind ? across.startsWith("-") ? "" : " " : "l").append(across);
        String down = number((toY - penY) / 10.0);
        out.append(down.startsWith("-") ? "" : " ").append(down);
      } else {
        out.append("MLQC".charAt(kind));
        for (int i = 0; i < lengthOf(kind); i++) {
          String number = number(at[i]);
          out.append(i > 0 && !number.startsWith("-") ? " " : "").append(number);
        }
      }
      if (kind == PathIterator.SEG_MOVETO) {
        beganX = toX;
        beganY = toY;
      }
      penX = toX;
      penY = toY;
      before = kind;
    }
  }

  private static String stroke(BasicStroke stroke) {
    StringBuilder text = new StringBuilder(" stroke-width=\"" + number(stroke.getLineWidth()) + '"');
    if (stroke.getEndCap() == BasicStroke.CAP_ROUND) {
      text.append(" stroke-linecap=\"round\"");
    }
    if (stroke.getLineJoin() != BasicStroke.JOIN_MITER) {
      boolean round = stroke.getLineJoin() == BasicStroke.JOIN_ROUND;
      text.append(" stroke-linejoin=\"").append(round ? "round" : "bevel").append('"');
    }
    if (stroke.getDashArray() != null) {
      List<String> dashes = new ArrayList<>();
      for (float dash : stroke.getDashArray()) {
        dashes.add(number(dash));
      }
      text.append(" stroke-dasharray=\"").append(String.join(" ", dashes)).append('"');
    }
    return text.toString();
  }

  private static String colour(String property, Color colour) {
    String text = " " + property + "=\"#" + String.format("%06x", colour.getRGB() & 0xFFFFFF) + '"';
    return colour.getAlpha() == 255
        ? text
        : text + " " + property + "-opacity=\"" + number(colour.getAlpha() / 255.0, 2) + '"';
  }

  /** A tenth of a pixel is enough for the eye. */
  private static String number(double value) {
    return number(value, 1);
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static String number(double value, int decimals) {
    double factor = decimals == 1 ? 10 : 100;
    long scaled = Math.round(value * factor);
    long whole = Math.abs(scaled) / (long) factor;
    long rest = Math.abs(scaled) % (long) factor;
    String digits = rest == 0 ? "" : "." + (decimals == 2 && rest < 10 ? "0" : "") + rest;
    return (scaled < 0 ? "-" : "") + whole + digits;
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .forEach(
            letter -> {
              switch (letter) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                  boolean shown = letter == '\n' || !Character.isISOControl(letter) && allowed(letter);
                  out.appendCodePoint(shown ? letter : ' ');
                }
              }
            });
    return out.toString();
  }
}
