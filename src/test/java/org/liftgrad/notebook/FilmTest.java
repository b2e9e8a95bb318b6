package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;

class FilmTest {

  private static final Figure PICTURE = Plot.plot(new double[] {1, 2}, new double[] {1, 4}).xRange(1, 2).yRange(0, 5);

  private static Film film() {
    return Liftgrad.film("Growth <fast>").moment("t = 1", PICTURE).moment("t = 2", PICTURE).moment("t = 3", PICTURE).still(1);
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }

  @Test
  void everyMomentHasAButtonAndAPicture() {
    String html = Displays.standard().of(film()).html().orElseThrow();
    assertThat(count(html, "type=\"radio\"")).isEqualTo(3);
    assertThat(count(html, "url(\"data:image/svg+xml,%3Csvg")).isEqualTo(2);
    assertThat(count(html, "<img ")).as("the still, which no cleaner of HTML drops").isEqualTo(1);
    assertThat(count(html, ":checked~")).isEqualTo(3);
    assertThat(html).contains("::before{content:\"t = 3\"}");
    assertThat(html).contains("aria-label=\"t = 2\"").contains("Growth &lt;fast&gt;").doesNotContain("<fast>");
  }

  @Test
  void oneMomentIsShownWhereNothingCanBeChosen() {
    String html = Displays.standard().of(film()).html().orElseThrow();
    assertThat(count(html, " checked>")).isEqualTo(1);
    assertThat(html.replaceAll("(?s)<style>.*</style>", "")).as("what cleaners of HTML leave").doesNotContain("t / ").doesNotContain("<svg")
        .containsOnlyOnce("<img");
    assertThat(html).contains("class=\"moment m1\"><img alt=");
  }

  @Test
  void itNeedsNoScriptAndLoadsNothing() {
    String html = Displays.standard().of(film()).html().orElseThrow().replaceAll("base64,[^\"]*", "").replace("http://www.w3.org/", "");
    assertThat(html).doesNotContain("<script").doesNotContain("http").doesNotContain("url(//").doesNotContain("@import");
  }

  @Test
  void twoFilmsInOnePageHaveButtonsOfTheirOwn() {
    String one = Displays.standard().of(film()).html().orElseThrow();
    String other = Displays.standard().of(Liftgrad.film("Another").moment("t = 1", PICTURE)).html().orElseThrow();
    String name = one.substring(one.indexOf("name=\""), one.indexOf("name=\"") + 20);
    assertThat(other).doesNotContain(name);
    assertThat(Displays.standard().of(film()).html().orElseThrow()).isEqualTo(one);
  }

  @Test
  void aLabelCannotLeaveItsStyle() {
    String html = Displays.standard().of(Liftgrad.film("Odd").moment("\"}</style><b>√n", PICTURE)).html().orElseThrow();
    assertThat(html).contains("content:\"\\22 \\7d \\3c \\2f style\\3e \\3c b\\3e \\221a n\"").doesNotContain("<b>");
    assertThat(count(html, "</style>")).isEqualTo(1);
  }

  @Test
  void badPartsAreRefusedInASentence() {
    assertThatThrownBy(() -> film().still(3)).hasMessage("still is 3; it must be from 0 to 2.");
    assertThatThrownBy(() -> Liftgrad.film(" ")).hasMessage("title is blank; it must be a few words.");
    assertThat(Displays.standard().of(Liftgrad.film("Empty")).html()).isEmpty();
  }
}
