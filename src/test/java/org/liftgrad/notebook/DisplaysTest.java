package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.QuickChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class DisplaysTest {
  interface Shape {}

  record Square(double side) implements Shape {}

  static class Loud {
    @Override
    public String toString() {
      throw new StackOverflowError("round and round");
    }
  }

  @Test
  void aTableShowsItsShapeAndItsRowsEscaped() {
    Table table = Table.create("runs <b>", IntColumn.create("n", 100, 2000),
        DoubleColumn.create("loss", 1e-12 / 3, 0.5), StringColumn.create("law", "S & T", "<script>'x'</script>"));
    Display display = Displays.standard().of(table);
    assertThat(display.text()).isEqualTo("""
        runs <b>: 2 rows, 3 columns
           n         loss  law
         100  3.33333e-13  S & T
        2000          0.5  <script>'x'</script>""");
    assertThat(display.html()).hasValue("""
        <table><caption style="text-align:left">runs &lt;b&gt;: 2 rows, 3 columns</caption>
        <thead><tr><th style="text-align:right">n</th><th style="text-align:right">loss</th>\
        <th style="text-align:left">law</th></tr></thead><tbody>
        <tr><td style="text-align:right">100</td><td style="text-align:right">3.33333e-13</td>\
        <td style="text-align:left">S &amp; T</td></tr>
        <tr><td style="text-align:right">2000</td><td style="text-align:right">0.5</td>\
        <td style="text-align:left">&lt;script&gt;&#39;x&#39;&lt;/script&gt;</td></tr>
        </tbody></table>""");
  }

  @Test
  void aSentenceHasItsIndicesAndPowersSetAndIsEscaped() {
    assertThat(Displays.prose("λ_min < ‖w_j‖^2 & <b>")).isEqualTo("λ<sub>min</sub> &lt; ‖w<sub>j</sub>‖<sup>2</sup> &amp; &lt;b&gt;");
    assertThat(Displays.prose("$a_i < b$")).isEqualTo("<i>a</i><sub><i>i</i></sub> &lt; <i>b</i>");
    assertThat(Displays.prose("in_degree of a_file_name")).isEqualTo("in_degree of a_file_name");
  }

  @Test
  void aLongTableSaysHowMuchIsShown() {
    DoubleColumn column = DoubleColumn.create("x");
    for (int i = 0; i < 1000; i++) {
      column.append(i / 7.0);
    }
    Display display = Displays.standard().of(Table.create("", column));
    assertThat(display.text()).startsWith("1000 rows, 1 column, first 20 shown\n").hasLineCount(22);
    assertThat(display.html().orElseThrow().split("<tr>", -1)).hasSize(22);
  }

  @Test
  void aTableWithoutRowsOrColumnsIsShownToo() {
    assertThat(Displays.standard().of(Table.create("empty")).text()).isEqualTo("empty: 0 rows, 0 columns");
    assertThat(Displays.standard().of(Table.create("bare", DoubleColumn.create("x"))).text())
        .isEqualTo("bare: 0 rows, 1 column\nx");
  }

  @Test
  void figuresAreShortAndRight() {
    assertThat(List.of(0.1, 1.0, -0.0, 1.0 / 3, 1e-5, 1e300, 123456.789, -2.5e-7, 1e15, Double.NaN))
        .map(TableDisplay::figure)
        .containsExactly("0.1", "1", "0", "0.333333", "1e-5", "1e300", "123457", "-2.5e-7", "1e15", "NaN");
    assertThat(TableDisplay.figure(Double.NEGATIVE_INFINITY)).isEqualTo("-∞");
  }

  @Test
  void aChartIsAPicture() {
    Display display = Displays.standard()
        .of(QuickChart.getChart("Loss", "time", "loss", "flow", new double[] {1, 2}, new double[] {3, 4}));
    assertThat(display.text()).isEqualTo("Figure: Loss");
    assertThat(display.png().orElseThrow()).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void theNearestEntryWins() {
    Displays displays = new Displays().register(Object.class, o -> Display.text("object"))
        .register(Shape.class, s -> Display.text("shape"));
    assertThat(displays.of(new Square(2)).text()).isEqualTo("shape");
    assertThat(displays.of("x").text()).isEqualTo("object");
    displays.register(Square.class, s -> Display.text("square of side " + s.side()));
    assertThat(displays.of(new Square(2)).text()).isEqualTo("square of side 2.0");
  }

  @Test
  void aFaultInShowingIsShownAndNotThrown() {
    Displays displays = new Displays().register(Square.class, s -> {
      throw new AssertionError("no pen");
    });
    assertThat(displays.of(new Square(1)).text())
        .isEqualTo("This value of type Square could not be shown (AssertionError: no pen).");
    assertThat(displays.of(new Loud()).text())
        .isEqualTo("This value of type Loud could not be shown (StackOverflowError: round and round).");
    assertThat(displays.of(null).text()).isEqualTo("null");
  }

  @Test
  void aDisplayKeepsItsBytesToItself() {
    byte[] bytes = {1, 2, 3};
    Display display = Display.text("x").withPng(bytes).with(Display.VERDICT, "{}");
    bytes[0] = 9;
    display.png().orElseThrow()[1] = 9;
    assertThat(display.png().orElseThrow()).containsExactly(1, 2, 3);
    assertThat(display.extra()).containsEntry("application/vnd.liftgrad.verdict+json", "{}");
  }

  @Test
  void arraysShowTheirFirstEntries() {
    assertThat(Displays.standard().of(new double[] {1, 0.5}).text()).isEqualTo("[1, 0.5]");
    assertThat(Displays.standard().of(new double[100]).text()).endsWith(", … 100 values]");
    assertThat(Displays.standard().of(new double[][] {{1, 2}, {3, 4}}).text()).isEqualTo("[1, 2]\n[3, 4]");
  }

  @Test
  void arraysOfEveryKindShowWhatTheyHold() {
    assertThat(Displays.standard().of(new int[] {3, -1}).text()).isEqualTo("[3, -1]");
    assertThat(Displays.standard().of(new int[0]).text()).isEqualTo("[]");
    assertThat(Displays.standard().of(new int[13]).text()).isEqualTo("[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, … 13 values]");
    assertThat(Displays.standard().of(new long[] {1L << 40}).text()).isEqualTo("[1099511627776]");
    assertThat(Displays.standard().of(new boolean[] {true, false}).text()).isEqualTo("[true, false]");
    assertThat(Displays.standard().of(new String[] {"a", null, "b"}).text()).isEqualTo("[a, null, b]");
    assertThat(Displays.standard().of(new int[][] {{1, 2}, null, {}}).text()).isEqualTo("[1, 2]\nnull\n[]");
  }

  @Test
  void aMatrixShowsItsShapeAndItsFirstRowsAndColumns() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, -0.5}, {1.0 / 3, 200}});
    assertThat(Displays.standard().of(matrix).text()).isEqualTo("""
        matrix, 2 × 2
                  0     1
        0         1  -0.5
        1  0.333333   200""");
    assertThat(Displays.standard().of(matrix).html().orElseThrow())
        .contains("matrix, 2 × 2</caption>", "<td style=\"text-align:right\">0.333333</td>");
    assertThat(Displays.standard().of(new DMatrixRMaj(300, 9)).text())
        .startsWith("matrix, 300 × 9, first 20 rows and 8 columns shown\n").hasLineCount(22);
    assertThat(Displays.standard().of(new DMatrixRMaj(2, 9)).text()).startsWith("matrix, 2 × 9, first 8 columns shown\n");
    assertThat(Displays.standard().of(new DMatrixRMaj(0, 0)).text()).startsWith("matrix, 0 × 0");
  }
}
