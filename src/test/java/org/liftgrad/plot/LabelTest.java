package org.liftgrad.plot;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.liftgrad.plot.Label.Piece;

class LabelTest {

  @Test
  void textWithoutFormulasIsAsItWas() {
    for (String text : List.of("loss [1/s]", "", "in_degree", "start loss", "a_file_name", "x_", "^2", "n^runs", "file_1", "n^-1/2", "x^12/5", "n^0.25p1", "Y_EXPONENT", "C_(1)")) {
      assertThat(Label.of(text)).isEqualTo(new Label(text, List.of()));
    }
  }

  @Test
  void anIndexOfALetterAndAPlainPowerNeedNoDollars() {
    assertThat(Label.of("step / η_c of ‖w_j‖^2")).isEqualTo(new Label("step / η_c of ‖w_j‖^2", List.of(
        new Piece("step / η", false, 0, false), new Piece("c", false, -1, false), new Piece(" of ‖w", false, 0, false),
        new Piece("j", false, -1, false), new Piece("‖", false, 0, false), new Piece("2", false, 1, false))));
    assertThat(Label.of("e^(−t/n)").pieces()).containsExactly(new Piece("e", false, 0, false), new Piece("−t/n", false, 1, false));
  }

  @Test
  void indicesAndPowersAreThoseOfTheStatements() {
    for (String[] parts : new String[][] {
        {"λ_min", "λ", "min"}, {"μ_∞", "μ", "∞"}, {"L_{k+1}", "L", "k+1"}, {"η_0", "η", "0"}, {"u_ji", "u", "ji"}}) {
      assertThat(Label.of(parts[0]).pieces()).containsExactly(new Piece(parts[1], false, 0, false), new Piece(parts[2], false, -1, false));
    }
    assertThat(Label.of("a_j²").pieces()).containsExactly(
        new Piece("a", false, 0, false), new Piece("j", false, -1, false), new Piece("²", false, 0, false));
    for (String power : List.of("2", "−½", "1.25", "−α", "-3", "e")) {
      assertThat(Label.of("n^" + power + ".").pieces())
          .containsExactly(new Piece("n", false, 0, false), new Piece(power, false, 1, false), new Piece(".", false, 0, false));
    }
  }

  @Test
  void aDollarThatIsMoneyStaysOne() {
    for (String text : List.of("$", "costs $5 and $6", "5$ or 6 $", "$ x $", "$$", "a $ b")) {
      assertThat(Label.of(text)).isEqualTo(new Label(text, List.of()));
    }
  }

  @Test
  void lettersSignsIndicesAndPowersAreSet() {
    Label label = Label.of("$\\mu(t) \\ge C_x^- / n$, the bound");
    assertThat(label.plain()).isEqualTo("μ(t) ≥ C_x^− / n, the bound");
    assertThat(label.pieces()).containsExactly(
        new Piece("μ", true, 0, false), new Piece("(", false, 0, false), new Piece("t", true, 0, false),
        new Piece(") ≥ ", false, 0, false), new Piece("C", true, 0, false), new Piece("x", true, -1, false),
        new Piece("−", false, 1, true), new Piece(" / ", false, 0, false), new Piece("n", true, 0, false),
        new Piece(", the bound", false, 0, false));
  }

  @Test
  void bracesHoldTogetherAndWordsStayUpright() {
    Label label = Label.of("$\\|w_{j,max}\\|^{-1/2} \\log n$");
    assertThat(label.plain()).isEqualTo("‖w_(j,max)‖^(−1/2) log n");
    assertThat(label.pieces()).contains(new Piece("−1/2", false, 1, false), new Piece(" log ", false, 0, false));
  }

  @Test
  void whatIsNotKnownIsReadable() {
    assertThat(Label.plain("$\\unheard x$")).isEqualTo("unheard x");
    assertThat(Label.plain("$x_{1$")).isEqualTo("x_1");
    assertThat(Label.plain("$x^$")).isEqualTo("x^");
    assertThat(Label.plain("$a\\$ and $b$")).contains("b");
  }

  @Test
  void aPictureShowsThemInThreeSizesAndSaysThemPlainly() {
    Figure figure = Plot.plot(new double[] {1, 2}, new double[] {3, 4}).named("$\\lambda_{min}$").line("other", new double[] {1, 2}, new double[] {1, 1})
        .title("Bound $C_x^+$").yLabel("$\\mu(t)$").xLabel("$t^2$");
    String svg = figure.svg();
    assertThat(svg).contains(">λ</text>").contains("font-style=\"italic\"").contains(">min</text>")
        .doesNotContain("$").contains(" font-size=\"11\" font-weight=\"bold\"");
    assertThat(figure.toString()).contains("Bound C_x^+").contains("μ(t) against t^2").contains("“λ_(min)”");
    assertThat(figure.data()).contains("λ_(min),line,");
    assertThat(figure.png()).isNotEmpty();
  }
}
