package org.liftgrad.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.statistics.Columns;
import org.liftgrad.statistics.Tabular;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import tech.tablesaw.api.Table;

class FigureTest {

  private static final String SVG = "http://www.w3.org/2000/svg";

  static Stream<String> names() {
    return Gallery.all().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFigureIsSmallWellFormedScalableAndStandsAlone(String name) {
    Figure figure = Gallery.all().get(name);
    String svg = figure.svg();
    Element root = parsed(svg);
    assertThat(root.getAttribute("viewBox")).startsWith("0 0 640 ");
    assertThat(svg.length()).isLessThan(300_000);
    assertThat(svg).doesNotContain("<script", "<?xml", "<!DOCTYPE", "href", "<image", "NaN", "Infinity");
    assertThat(svg.replace(SVG, "")).doesNotContain("http");
    assertThat(figure.svg()).isEqualTo(svg);
    assertThat(figure.png()).isEqualTo(figure.png());
    assertThat(figure.toString()).isNotBlank();
    // All letters of the picture were recognised: none is left as an outline.
    assertThat(texts(root)).isNotEmpty();
    NodeList paths = root.getElementsByTagNameNS(SVG, "path");
    for (int i = 0; i < paths.getLength(); i++) {
      assertThat(((Element) paths.item(i)).getAttribute("d")).doesNotContain("Q", "C");
    }
  }

  @Test
  void idsOfTwoFiguresDoNotClash() {
    Set<String> ids = new HashSet<>();
    int count = 0;
    for (Figure figure : Gallery.all().values()) {
      NodeList clips = parsed(figure.svg()).getElementsByTagNameNS(SVG, "clipPath");
      for (int i = 0; i < clips.getLength(); i++) {
        ids.add(((Element) clips.item(i)).getAttribute("id"));
        count++;
      }
    }
    assertThat(count).isGreaterThan(5);
    assertThat(ids).hasSize(count);
  }

  @Test
  void aHundredThousandPointsKeepTheirExtremes() {
    double[] x = new double[100_000];
    double[] y = new double[100_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = i;
      y[i] = StrictMath.sin(i * 1e-3);
    }
    y[43_210] = 7;
    y[43_211] = -5;
    String svg = Plot.plot(x, y).svg();
    assertThat(svg.length()).isLessThan(100_000);
    List<double[]> line = longestPath(svg);
    double top = line.stream().mapToDouble(p -> p[1]).min().orElseThrow();
    double bottom = line.stream().mapToDouble(p -> p[1]).max().orElseThrow();
    long peaks = line.stream().filter(p -> Math.abs(p[1] - top) < 0.01 || Math.abs(p[1] - bottom) < 0.01).count();
    assertThat(peaks).isEqualTo(2);
    assertThat(bottom - top).isGreaterThan(250);
  }

  @Test
  void anOrbitThatIsNotOrderedIsThinnedToo() {
    double[] x = new double[100_000];
    double[] y = new double[100_000];
    for (int i = 0; i < x.length; i++) {
      x[i] = StrictMath.cos(i * 1e-2) * (1 + i * 1e-5);
      y[i] = StrictMath.sin(i * 1e-2) * (1 + i * 1e-5);
    }
    assertThat(Plot.plot(x, y).svg().length()).isLessThan(300_000);
  }

  /** A power law is a straight line on logarithmic axes over twelve decades, with ticks at decades. */
  @Test
  void logarithmicAxesPlaceNumbersByTheirLogarithm() {
    int n = 13;
    double[] x = new double[n];
    double[] y = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = StrictMath.pow(10, i);
      y[i] = StrictMath.pow(10, -i);
    }
    String svg = Plot.plot(x, y).logLog().svg();
    List<double[]> line = longestPath(svg);
    assertThat(line).hasSize(n);
    double dx = (line.get(n - 1)[0] - line.get(0)[0]) / (n - 1);
    double dy = (line.get(n - 1)[1] - line.get(0)[1]) / (n - 1);
    assertThat(dx).isGreaterThan(35);
    assertThat(dy).isGreaterThan(20);
    for (int i = 0; i < n; i++) {
      assertThat(line.get(i)[0]).isCloseTo(line.get(0)[0] + i * dx, within(0.11));
      assertThat(line.get(i)[1]).isCloseTo(line.get(0)[1] + i * dy, within(0.11));
    }
    assertThat(texts(parsed(svg))).contains("10⁻¹²", "1", "10¹²");
  }

  @Test
  void ticksAreLabelledWhereTheyAre() {
    Element root = parsed(Plot.plot(new double[] {0, 1, 2, 3}, new double[] {0, 2e-7, 6e-7, 1e-6}).svg());
    List<String> texts = texts(root);
    assertThat(texts).contains("0", "1", "2", "3", "2·10⁻⁷", "10⁻⁶");
    assertThat(texts(parsed(Gallery.shortDecades().svg()))).contains("10", "20", "50", "0.1", "0.2", "0.05");
  }

  @Test
  void whatALogarithmCannotShowIsLeftOutWithANote() {
    Figure figure =
        Plot.plot(new double[] {0, 1, 2, 3, 4, 5}, new double[] {1, 0, -1, Double.NaN, 1e-3, Double.POSITIVE_INFINITY})
            .logY();
    assertThat(figure.notes())
        .containsExactly("“y”: 4 of 6 left out (not finite, or not positive on a logarithmic axis).");
    assertThat(figure.data()).isEqualTo("layer,kind,x,y,upper\ny,line,0,1,\ny,line,4,0.001,\n");
    parsed(figure.svg());
  }

  @Test
  void nothingToShowIsAnEmptyFigureWithANote() {
    Figure figure = Plot.plot(new double[] {1, 2}, new double[] {-1, 0}).logY();
    assertThat(figure.notes()).hasSize(1);
    assertThat(figure.png()).isNotEmpty();
    parsed(figure.svg());
    Figure cells = Plot.heatMap(new double[][] {{Double.NaN}});
    assertThat(cells.notes()).containsExactly("1 of 1 cells left white (not finite).");
    assertThat(cells.png()).isNotEmpty();
    parsed(cells.svg());
  }

  @Test
  void usersTextsAreEscapedAndShown() {
    String nasty = "<script>alert(\"1\")</script>&\"'";
    Table table = Columns.named("x\u0000\n", 1, 2).and(nasty, 1, 2).and("μ ‖w‖ σ é 网", 2, 1).table("t");
    String svg = Plot.plot(table).title("]]>" + nasty).yLabel("$μ$ " + nasty).bound(nasty, 1.5).svg();
    assertThat(svg).doesNotContain("<script").contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;");
    List<String> texts = texts(parsed(svg));
    assertThat(texts).contains(nasty, "]]>" + nasty, "μ", "μ ‖w‖ σ é 网");
    assertThat(texts.stream().filter(nasty::equals)).as("in the legend twice, and behind μ").hasSize(3);
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyTextIsWhollyInThePictureAndBeginsWithALetter(String name) {
    Figure whole = Gallery.all().get(name);
    for (Figure figure : List.of(whole, whole.size(420, 300))) {
      Element root = parsed(figure.svg());
      double width = Double.parseDouble(root.getAttribute("width"));
      double height = Double.parseDouble(root.getAttribute("height"));
      NodeList nodes = root.getElementsByTagNameNS(SVG, "text");
      for (int i = 0; i < nodes.getLength(); i++) {
        Element text = (Element) nodes.item(i);
        double x = Double.parseDouble(text.getAttribute("x"));
        double y = Double.parseDouble(text.getAttribute("y"));
        double length = Double.parseDouble(text.getAttribute("textLength"));
        boolean sideways = text.hasAttribute("transform");
        String shown = text.getTextContent();
        assertThat(shown).isEqualTo(shown.strip()).doesNotContain("  ");
        assertThat(x).as(shown).isGreaterThanOrEqualTo(0);
        assertThat(sideways ? x : x + length).as(shown).isLessThanOrEqualTo(width);
        assertThat(y).as(shown).isLessThanOrEqualTo(height);
        assertThat(sideways ? y - length : y - 8).as(shown).isGreaterThanOrEqualTo(0);
      }
    }
  }

  @Test
  void aLongTitleTakesTwoLinesAndLongNamesStandBelowThePlotBeforeTheyAreCut() {
    for (Figure figure : List.of(Gallery.longNames(), Gallery.longTitled(Gallery.many()), Gallery.longTitled(Gallery.slopes()))) {
      List<String> texts = texts(parsed(figure.svg()));
      assertThat(texts).noneMatch(text -> text.contains("…"));
      assertThat(texts).anyMatch(text -> text.startsWith("Which activation")).noneMatch(text -> text.contains("$"));
    }
    Element root = parsed(Gallery.longNames().svg());
    NodeList nodes = root.getElementsByTagNameNS(SVG, "text");
    List<Element> names =
        IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i))
            .filter(text -> text.getTextContent().startsWith("share of the runs with width")).toList();
    assertThat(names).hasSize(4).allMatch(text -> Double.parseDouble(text.getAttribute("y")) > 300);
    assertThat(texts(parsed(Gallery.longest().svg()))).as("what has no room at all").anyMatch(text -> text.endsWith("…"));
  }

  /** A blank in front of a piece is a step to the right, not a letter in its room. */
  @Test
  void aBlankBehindAnIndexMovesWhatFollows() {
    NodeList nodes = parsed(Gallery.formulas().svg()).getElementsByTagNameNS(SVG, "text");
    List<Element> texts = IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
    List<Element> letters = texts.stream().filter(text -> text.getTextContent().equals("C") && text.getAttribute("font-size").equals("12")).toList();
    assertThat(letters).hasSize(1);
    Element letter = letters.get(0);
    Element index = texts.get(texts.indexOf(letter) - 1);
    assertThat(index.getTextContent()).isEqualTo("i");
    double end = Double.parseDouble(index.getAttribute("x")) + Double.parseDouble(index.getAttribute("textLength"));
    assertThat(Double.parseDouble(letter.getAttribute("x")) - end).as("a blank").isBetween(2.5, 6.0);
    assertThat(Double.parseDouble(letter.getAttribute("textLength"))).as("C in 12 points").isBetween(6.0, 10.0);
  }

  @Test
  void cloudsOfOneFigureDifferInShapeAndStaySmall() {
    String svg = Gallery.clouds().svg();
    assertThat(svg.length()).isLessThan(300_000);
    assertThat(Gallery.clouds().notes()).anyMatch(note -> note.contains("“gaussian”: 50000 points drawn as"));
    // Of circles a point is a round dot; diamonds and squares are closed paths, all of a cloud in one.
    assertThat(svg).contains("stroke-linecap=\"round\"");
    assertThat(svg.lines().filter(line -> line.startsWith("<path") && line.contains("z") && line.length() > 10_000)).hasSize(2);
    assertThat(svg.lines().filter(line -> line.startsWith("<path") && line.contains("h0") && line.length() > 10_000)).hasSize(1);
  }

  @Test
  void theSameBytesInEveryLocale() {
    Figure figure = Gallery.loss();
    String svg = figure.svg();
    byte[] png = figure.png();
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(Gallery.loss().svg()).isEqualTo(svg);
      assertThat(Gallery.loss().png()).isEqualTo(png);
      Locale.setDefault(Locale.GERMANY);
      assertThat(Gallery.loss().svg()).isEqualTo(svg);
      assertThat(Gallery.loss().data()).isEqualTo(figure.data());
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void thePngShowsTheLineInItsColour() throws IOException {
    BufferedImage image =
        ImageIO.read(
            new ByteArrayInputStream(
                Plot.plot(new double[] {0, 1}, new double[] {3, 3}).size(400, 300).png()));
    assertThat(image.getWidth()).isEqualTo(800);
    assertThat(image.getHeight()).isEqualTo(600);
    int blue = 0;
    for (int i = 0; i < 800; i++) {
      for (int j = 0; j < 600; j++) {
        blue += image.getRGB(i, j) == new Color(0x00, 0x72, 0xB2).getRGB() ? 1 : 0;
      }
    }
    // A level line of 2 (4) pixels across most of the width; its outer rows may be softened.
    assertThat(blue).isBetween(3 * 550, 4 * 800);
  }

  @Test
  void aPdfHasOnePageOfTheFiguresSizeAndTheSameBytesEachTime(@TempDir Path folder) throws IOException {
    Figure figure = Gallery.slopes().size(520, 300);
    byte[] once = Files.readAllBytes(figure.save(folder.resolve("a.pdf")));
    String text = new String(once, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("%PDF-1.").contains("/Count 1", "/MediaBox [0 0 520 300]").contains("%%EOF");
    assertThat(Files.readAllBytes(figure.save(folder.resolve("b.pdf")))).isEqualTo(once);
    // The page is painted white in the figure's own units, which are points: the library's millimetres are undone.
    int stream = text.indexOf("stream\n") + "stream\n".length();
    String content =
        new String(
            new InflaterInputStream(new ByteArrayInputStream(once, stream, once.length - stream)).readNBytes(400), StandardCharsets.ISO_8859_1);
    assertThat(content).contains("2.834645669291339 0 0 -2.834645669291339 0 300 cm", "0.352777777777778 0 0 0.352777777777778 0 0 cm", "520 300 l");
  }

  @Test
  void aFigureIsSavedWholeAndOnlyAsWhatItIs(@TempDir Path folder) throws IOException {
    Figure figure = Gallery.slopes();
    Path svg = figure.save(folder.resolve("deeper/with space/figure.svg"));
    assertThat(Files.readString(svg)).endsWith(figure.svg()).startsWith("<?xml");
    Path png = figure.save(folder.resolve("FIGURE.PNG"));
    assertThat(Files.readAllBytes(png)).isEqualTo(figure.png());
    figure.save(png.toString());
    Path csv = figure.save(folder.resolve("deeper/figure.csv"));
    assertThat(Files.readString(csv)).isEqualTo(figure.data()).startsWith("layer,kind,x,y,upper\n");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(each -> each.getFileName().toString())).containsExactlyInAnyOrder("deeper", "FIGURE.PNG");
    }
    assertThatThrownBy(() -> figure.save(folder.resolve("figure.gif")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("figure.gif")
        .hasMessageContaining("a name that ends in .svg, .png, .pdf or .csv");
    assertThatThrownBy(() -> figure.save(png.resolve("under-a-file.svg"))).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void aFigureSaysWhatItDraws() {
    assertThat(Gallery.shortDecades().title("Rates").toString())
        .isEqualTo(
            "Rates: rate μ against points n, x 10 … 80 (logarithmic), y 0.026 … 0.21 (logarithmic)\n"
                + "  line “y”, 4 points, 0.026 … 0.21\n"
                + "  slope “slope −1” of exponent -1");
    assertThat(Plot.heatMap(new double[][] {{1, 2}, {3, 4}}).toString())
        .isEqualTo("Figure: heat map of 2 × 2 cells in 1 … 4");
  }

  @Test
  void itsDataAreCsv() {
    Table table = Columns.named("t", 0, 1).and("a, \"b\"", 0.1, 0.2).and("low", 0, 0).and("high", 1, 1).table("t");
    assertThat(Plot.plot(table).y("a, \"b\"").band("low", "high").named("all").data())
        .isEqualTo(
            "layer,kind,x,y,upper\n\"a, \"\"b\"\"\",line,0,0.1,\n\"a, \"\"b\"\"\",line,1,0.2,\n"
                + "all,band,0,0,1\nall,band,1,0,1\n");
    assertThat(Plot.heatMap(new double[][] {{1, Double.NaN}}).data()).isEqualTo("row,column,value\n0,0,1\n0,1,\n");
    assertThat(Plot.histogram(1, 1, 2, 5).bins(2).data())
        .isEqualTo("layer,kind,x,y,upper\nvalue,bars,1,3,3\nvalue,bars,3,1,5\n");
  }

  @Test
  void intervalsAreUprightLinesThatTheLegendTellsOnce() {
    Figure figure = Gallery.intervals();
    assertThat(figure.notes()).isEmpty();
    assertThat(figure.data()).contains("95 %,intervals,0.01,0.8,0.94\n", "95 %,intervals,1,0.6,0.8\n");
    Element root = parsed(figure.svg());
    assertThat(texts(root).stream().filter("95 %"::equals)).hasSize(1);
    NodeList paths = root.getElementsByTagNameNS(SVG, "path");
    List<String> lines =
        IntStream.range(0, paths.getLength()).mapToObj(i -> (Element) paths.item(i))
            .filter(path -> path.getAttribute("stroke-width").equals("1.4")).map(path -> path.getAttribute("d")).toList();
    // Three of each size, and one in the legend, which lies.
    List<String> uprights =
        lines.stream().flatMap(line -> Stream.of(line.substring(1).split("M"))).filter(line -> line.matches(".*l0[ -].*")).toList();
    // Those of two sizes at one place stand side by side.
    assertThat(uprights.stream().map(line -> line.split("[ ,-]")[0])).hasSize(6).doesNotHaveDuplicates();
  }

  @Test
  void densitiesHaveAreaOne() {
    String[] rows = Plot.histogram(Gallery.gaussians(1000)).density().data().split("\n");
    double area = 0;
    for (int i = 1; i < rows.length; i++) {
      String[] cells = rows[i].split(",");
      area += Double.parseDouble(cells[3]) * (Double.parseDouble(cells[4]) - Double.parseDouble(cells[2]));
    }
    assertThat(area).isCloseTo(1, within(1e-12));
  }

  @Test
  void xMayBeSaidLaterAndUnitsLeftOut() {
    Table table = Columns.named("step", 0, 1).and("time [n]", 5, 6).and("loss [1]", 2, 3).table("t");
    Figure figure = Plot.plot(table).y("loss");
    assertThat(figure.x("time").data()).contains("loss [1],line,5,2,");
    assertThat(figure.data()).contains("loss [1],line,0,2,");
    assertThat(Plot.plot((Tabular) () -> table).x("time").toString()).contains("against time [n]");
  }

  @Test
  void aTableChangedLaterDoesNotChangeTheFigure() {
    Table table = Columns.named("x", 1, 2).and("y", 3, 4).table("t");
    Figure figure = Plot.plot(table);
    String before = figure.data();
    table.doubleColumn("y").set(0, 99);
    assertThat(figure.data()).isEqualTo(before);
  }

  @Test
  void linesAreSplitByAColumnAndTablesJoined() {
    Table runs =
        Columns.named("n", 10, 20, 10, 20).and("μ", 1, 2, 3, 4).and("law", "S", "S", "iid", "iid").table("runs");
    assertThat(Plot.plot(runs).y("μ").by("law").data())
        .contains("law = S,line,10,1,", "law = S,line,20,2,", "law = iid,line,10,3,");
    assertThat(Plot.plot(runs).points("μ").and(Columns.named("n", 15).and("ours", 9).table("t")).y("ours").data())
        .contains("μ,points,10,1,", "ours,line,15,9,");
    assertThat(Plot.plot(runs).by("n").y("μ").named("rate").data()).contains("\"rate, n = 10\",line,10,1,");
  }

  @Test
  void ofMoreThanTwelveValuesTwelveAreDrawnWhichIsSaidAndTheDataHasAll() {
    double[] x = IntStream.range(0, 40).asDoubleStream().toArray();
    double[] run = IntStream.range(0, 40).mapToDouble(i -> i / 2).toArray();
    Figure figure = Plot.plot(Columns.named("x", x).and("run", run).and("y", x).table("runs")).by("run").y("y").title("Runs");
    assertThat(figure.notes()).containsExactly("12 of the 20 values of “run” are drawn.");
    assertThat(figure.toString()).contains("Runs (12 of 20 drawn)", "12 of the 20 values of “run” are drawn.", "run = 0", "run = 19");
    assertThat(figure.data().lines().filter(line -> line.startsWith("run = ")).count()).isEqualTo(40);
    assertThat(figure.svg()).contains("Runs (12 of 20 drawn)");
  }

  @Test
  void aTableBecomesAHeatMap() {
    Table table =
        Columns.named("n", 10, 20, 10, 10).and("d", 1, 1, 2, 2).and("P", 0.5, 1, 0.25, 0.75).table("grid");
    assertThat(Plot.heatMap(table, "n", "d", "P").data())
        .isEqualTo("row,column,value\n2,10,0.5\n2,20,\n1,10,0.5\n1,20,1\n");
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2}});
    assertThat(Plot.heatMap(matrix).data()).isEqualTo(Plot.heatMap(new double[][] {{1, 2}}).data());
  }

  @Test
  void everyOtherShapeOfDataIsDrawn() {
    for (Figure figure :
        List.of(
            Plot.plot(new double[] {1}, new double[] {1}),
            Plot.plot(new double[] {1}, new double[] {1}).logLog().slope(2),
            Plot.plot(new double[] {0, 0}, new double[] {0, 0}),
            Plot.plot(new double[] {1, 2}, new double[] {-1e300, 1e300}),
            Plot.plot(new double[] {1, 2}, new double[] {1e-300, 1e300}).logY(),
            Plot.plot(new double[] {1, 2}, new double[] {1, 1 + 1e-15}),
            Plot.plot(new double[] {1e9, 1e9 + 1}, new double[] {1e9, 1e9 + 1e-3}),
            Plot.plot(new double[] {1, 2, 3}, new double[] {1, Double.NaN, 3}),
            Plot.plot(new double[] {1, 2, 3}, new double[] {1, 2, 3}).xRange(0, 2).yRange(-5, 5),
            Plot.plot(new double[] {1, 2, 3}, new double[] {1, 2, 3}).logLog().xRange(1, 1000).yRange(1e-9, 10),
            Plot.plot(new double[] {1, 2}, new double[] {1, 2}).event("e", 1.5).bound("b", 1.2).size(200, 150),
            Plot.plot(new double[] {-1, 2}, new double[] {1, 2}).slope(1),
            Plot.plot(new double[] {-1, -2}, new double[] {1, 2}).slope(1),
            Plot.histogram(4, 4, 4),
            Plot.histogram(1e-9, 1e-3, 1, 2, 3).logX().logY(),
            Plot.histogram(Double.NaN),
            Plot.heatMap(new double[][] {{0}}),
            Plot.heatMap(new double[][] {{0, 1}, {-1, 5}}).logColour(),
            Plot.heatMap(new double[1][5000]),
            Plot.heatMap(new double[][] {{1e-12, 1e12}}).logColour())) {
      parsed(figure.svg());
      assertThat(figure.png()).isNotEmpty();
      assertThat(figure.svg()).doesNotContain("NaN", "Infinity");
    }
  }

  @Test
  void refusesNonsenseWhenItIsSaid() {
    Figure figure = Gallery.loss();
    refused(() -> figure.y("Loss"), "column is “Loss”; it must be one of time [n], loss");
    refused(() -> figure.x("nothing"), "column is “nothing”");
    refused(() -> figure.size(10, 10), "width is 10");
    refused(() -> figure.xRange(1, 1), "most x is 1.0; it must be above the least = 1.0.");
    refused(() -> figure.bound("b", Double.NaN), "level is NaN");
    refused(() -> figure.bins(3), "bins or density");
    refused(() -> figure.logColour(), "logColour()");
    refused(() -> figure.line("l", new double[] {1}, new double[] {1, 2}), "the length of y is 2");
    refused(() -> Plot.plot(new double[0], new double[0]), "the length of x is 0");
    refused(() -> Plot.plot(Table.create("empty")), "the number of rows");
    refused(() -> Plot.plot(Columns.named("name", "a").table("t")), "a column of numbers");
    refused(() -> Plot.heatMap(new double[][] {{1}, {1, 2}}), "the length of row 1 is 2");
    refused(() -> Plot.heatMap(new double[][] {{1}}).x("n"), "a column is named in a figure without a table");
    refused(() -> Plot.histogram(), "the length of values is 0");
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run).isInstanceOf(IllegalArgumentException.class).hasMessageContaining(message);
  }

  private static Element parsed(String svg) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setNamespaceAware(true);
      return factory
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)))
          .getDocumentElement();
    } catch (Exception failure) {
      throw new AssertionError("not well-formed: " + svg.substring(0, Math.min(500, svg.length())), failure);
    }
  }

  private static List<String> texts(Element root) {
    List<String> texts = new ArrayList<>();
    NodeList nodes = root.getElementsByTagNameNS(SVG, "text");
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add(nodes.item(i).getTextContent());
    }
    return texts;
  }

  /** The points of the path with the most of them. */
  private static List<double[]> longestPath(String svg) {
    List<double[]> longest = List.of();
    NodeList paths = parsed(svg).getElementsByTagNameNS(SVG, "path");
    for (int i = 0; i < paths.getLength(); i++) {
      Element path = (Element) paths.item(i);
      if (!path.getAttribute("fill").equals("none") || path.getAttribute("d").contains("h")) {
        continue;
      }
      for (String part : path.getAttribute("d").substring(1).split("M")) {
        List<double[]> points = new ArrayList<>();
        double[] pen = {0, 0};
        String[] numbers = part.replace("l", " ").replace("-", " -").trim().split(" +");
        for (int k = 0; k + 1 < numbers.length; k += 2) {
          // The first is a place, the others are steps.
          pen = new double[] {pen[0] + Double.parseDouble(numbers[k]), pen[1] + Double.parseDouble(numbers[k + 1])};
          points.add(pen);
        }
        longest = points.size() > longest.size() ? points : longest;
      }
    }
    return longest;
  }
}
