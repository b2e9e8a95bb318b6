package org.liftgrad.notebook;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.plot.Figure;

/**
 * Pictures in the order of time, one shown at a time: a row of radio buttons chooses, by mouse or by the arrow keys. It is
 * plain HTML with its own style: no script, nothing loaded. Where styles are taken away too, as on a code host, the still is
 * what is left. Some dozens of pictures fit into what a display may weigh.
 *
 * <pre>{@code
 * var film = film("The loss becomes a staircase");
 * for (double n : new double[] {1e4, 1e18, 1e80}) {
 *   film = film.moment("n = " + n, picture(n));
 * }
 * film.still(1)
 * }</pre>
 *
 * @param title what is seen
 * @param labels what each moment is called, as in {@code t = 0.2}
 * @param pictures the picture of each moment
 * @param stillMoment the moment that is shown first, and alone where nothing can be chosen
 */
public record Film(String title, List<String> labels, List<Figure> pictures, int stillMoment) {

  /** Copies the lists; refuses a film whose parts do not fit. */
  public Film {
    Argument.require(!title.isBlank(), "title", "blank", "a few words");
    Argument.require(
        labels.size() == pictures.size(), "the number of labels", labels.size(), pictures.size() + ", the number of pictures");
    Argument.require(
        stillMoment >= 0 && stillMoment <= Math.max(0, pictures.size() - 1),
        "still", stillMoment, "from 0 to " + Math.max(0, pictures.size() - 1));
    labels = List.copyOf(labels);
    pictures = List.copyOf(pictures);
  }

  /** A film without moments yet. */
  static Film of(String title) {
    return new Film(title, List.of(), List.of(), 0);
  }

  /** One more moment at the end; give all pictures the same ranges, or the axes will jump. */
  public Film moment(String label, Figure picture) {
    List<String> moreLabels = new ArrayList<>(labels);
    moreLabels.add(label);
    List<Figure> morePictures = new ArrayList<>(pictures);
    morePictures.add(picture);
    return new Film(title, moreLabels, morePictures, stillMoment);
  }

  /**
   * The moment that is shown first.
   *
   * @param moment from 0
   */
  public Film still(int moment) {
    return new Film(title, labels, pictures, moment);
  }

  /** Title and number of moments. */
  @Override
  public String toString() {
    return title + ": a film of " + labels.size() + " moments" + (labels.isEmpty() ? "" : ", " + labels.get(0) + " to " + labels.get(labels.size() - 1));
  }

  Display display() {
    return pictures.isEmpty() ? Display.text(toString()) : Display.text(toString()).withHtml(html());
  }

  private String html() {
    // Two films in one page must not share buttons; the same film gives the same bytes.
    String id = "film-" + Long.toHexString(RandomStream.seedOf(0, title + labels));
    StringBuilder html = new StringBuilder();
    html.append("<div id=\"").append(id).append("\" role=\"group\" aria-label=\"").append(Displays.escape(title)).append("\">\n<style>\n");
    html.append('#').append(id).append(" input{margin:0 1px}\n");
    html.append('#').append(id).append(" .moment{display:none}\n");
    html.append('#').append(id).append(" .moment::before{display:block;font-weight:bold;margin:0.5em 0}\n");
    html.append('#').append(id).append(" .title::after{content:\": choose a moment, or step with the arrow keys.\"}\n");
    for (int k = 0; k < pictures.size(); k++) {
      Figure picture = pictures.get(k);
      html.append("#").append(id).append('-').append(k).append(":checked~.pictures .m").append(k).append("{display:block!important}\n");
      html.append("#").append(id).append(" .m").append(k).append("::before{content:\"").append(inStyle(labels.get(k))).append("\"}\n");
      if (k != stillMoment) {
        html.append("#").append(id).append(" .m").append(k).append("::after{content:\"\";display:block;width:").append(picture.width())
            .append("px;max-width:100%;aspect-ratio:").append(picture.width()).append('/').append(picture.height())
            .append(";background:url(\"").append(inAddress(picture.svg())).append("\") 0 0/100% auto no-repeat}\n");
      }
    }
    html.append("</style>\n<p class=\"title\">").append(Displays.prose(title)).append("</p>\n");
    for (int k = 0; k < pictures.size(); k++) {
      String label = Displays.escape(labels.get(k));
      html.append("<input type=\"radio\" name=\"").append(id).append("\" id=\"").append(id).append('-').append(k)
          .append("\" aria-label=\"").append(label).append("\" title=\"").append(label).append('"')
          .append(k == stillMoment ? " checked" : "").append(">\n");
    }
    html.append("<div class=\"pictures\">\n");
    for (int k = 0; k < pictures.size(); k++) {
      // Where foreign HTML is cleaned, styles go with all that is in them: the still is what is left, and nothing beside it.
      html.append("<div class=\"moment m").append(k).append("\">")
          .append(k == stillMoment ? ResultDisplays.picture(pictures.get(k)) : "").append("</div>\n");
    }
    return html.append("</div>\n</div>").toString();
  }

  /** A drawing as an address between double quotes, in a style: as it is but for the signs that would end it. */
  private static String inAddress(String svg) {
    // Double quotes stand around attributes only, as texts have theirs escaped; the one attribute with single quotes does without.
    return "data:image/svg+xml,"
        + svg.replace("'DejaVu Sans'", "DejaVu Sans").replace('"', '\'').replace("%", "%25").replace("#", "%23").replace("<", "%3C")
            .replace(">", "%3E").replace("\\", "%5C").replace("\n", " ");
  }

  /** A text as CSS has it between quotes: all but plain letters, digits and blanks by its number. */
  private static String inStyle(String text) {
    StringBuilder escaped = new StringBuilder();
    text.codePoints().forEach(
        letter -> {
          boolean plain = letter < 128 && (Character.isLetterOrDigit(letter) || letter == ' ' || letter == '.' || letter == '=');
          escaped.append(plain ? Character.toString(letter) : "\\" + Integer.toHexString(letter) + " ");
        });
    return escaped.toString();
  }
}
