package org.liftgrad.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.blueprint.Space;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;

/** Pictures of bundles, blueprints and lifts, from 3 vertices to thousands. */
class DiagramTest {

  private static final Activation TANH = Activation.tanh();

  private static LiftBuilder sparse(int width) {
    return LiftBuilder.lift(Architectures.perceptron(2, TANH)).fibre("x", "r", "g", "b").fibre("t", 4)
        .width("h1", width).width("h2", width).inDegree(2).seed(1);
  }

  private static Map<String, Supplier<Diagram>> all() {
    Map<String, Supplier<Diagram>> all = new LinkedHashMap<>();
    all.put("bundle", () -> Plot.diagram(Bundle.of(Space.real(), Space.of(2), Space.of(3)), FiniteMap.of(3, 0, 2, 1, 1, 0, 2)));
    all.put("empty bundle", () -> Plot.diagram(Bundle.of(), FiniteMap.of(0)));
    all.put("perceptron", () -> Plot.diagram(Architectures.perceptron(2, TANH)));
    all.put("deep", () -> Plot.diagram(Architectures.perceptron(55, TANH)));
    all.put("transformer", () -> Plot.diagram(Architectures.transformer(4, 0.5, ActivationRule.rowSoftmax(), TANH, true)));
    all.put("pixels", () -> Plot.diagram(Architectures.convolutionalByPixels(Space.of(12, 12), Space.of(3, 3), 1, 0, 2, TANH)));
    all.put("recurrent", () -> Plot.diagram(Architectures.recurrent(90, TANH)));
    all.put("odd names", () -> Plot.diagram(odd()));
    all.put("full lift", () -> Plot.diagram(sparse(6).full().lift()));
    all.put("sparse network", () -> Plot.diagram(sparse(12).sparse()));
    all.put("copies", () -> Plot.diagram(Coverage.of(sparse(12).sparse(), sparse(3).seed(2).sparse(), 2)));
    all.put("wide network", () -> Plot.diagram(sparse(5000).sparse()));
    all.put("lift of many", () -> Plot.diagram(Lift.identity(Architectures.recurrent(40, TANH))));
    return all;
  }

  private static Blueprint odd() {
    return Blueprint.blueprint("<&\">\u0001").input("x<&\">\u0001\n" + "long ".repeat(30))
        .readout("ψ 𝔉").from("x<&\">\u0001\n" + "long ".repeat(30)).build();
  }

  @TestFactory
  Stream<DynamicTest> everyPictureIsWellFormedWithoutScriptAndTheSameEachTime() {
    return all().entrySet().stream().map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
      Diagram diagram = entry.getValue().get();
      String svg = diagram.svg();
      DocumentBuilderFactory.newInstance().newDocumentBuilder()
          .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
      assertThat(svg).doesNotContain("<script", "href", "url(http").startsWith("<svg").contains("<title>");
      assertThat(svg).isEqualTo(entry.getValue().get().svg());
      assertThat(ImageIO.read(new ByteArrayInputStream(diagram.png())).getWidth()).isEqualTo(2 * diagram.width());
      assertThat(diagram.toString()).isNotBlank();
      assertThat(svg.length()).as("small enough for a notebook").isLessThan(300_000);
    }));
  }

  @Test
  void aSmallBlueprintNamesItsVerticesSpacesAndFunctions() {
    String svg = Plot.diagram(Architectures.attention(5, 0.5, ActivationRule.rowSoftmax())).svg();
    assertThat(svg).contains(">x ∈ R<", ">5<", ">al ∈ R<", ">5×5<", ">row softmax<", ">linear, W = R<", ">free, no weights<");
    assertThat(Plot.diagram(Architectures.perceptron(1, TANH)).toString())
        .isEqualTo(
            """
            Blueprint perceptron: 4 vertices, 4 edges
            h1 ∈ R = tanh of x (linear), one (bias)
            t ∈ R = sum of h1 (linear), one (bias)""");
  }

  @Test
  void manyVerticesAreDrawnAsFew() {
    Blueprint pixels = Architectures.convolutionalByPixels(Space.of(12, 12), Space.of(3, 3), 1, 0, 2, TANH);
    assertThat(pixels.vertices()).hasSizeGreaterThan(300);
    String svg = Plot.diagram(pixels).svg();
    assertThat(svg).contains(">x0 … x143 ∈ R<", ">tanh, 100 vertices, bias<", ">×900<");
    assertThat(svg.split("<text")).hasSizeLessThan(40);
  }

  @Test
  void aLiftShowsItsFibresAndSaysWhatItLeavesOut() {
    String svg = Plot.diagram(sparse(5000).sparse()).svg();
    assertThat(svg).contains(">r<", ">g<", ">b<", ">5000 × R<", "more<", "x → h1: 10000 of 15000, linear");
    assertThat(Plot.diagram(sparse(6).full().lift()).svg()).contains("h1 → h2: all 36, linear");
  }

  @Test
  void aMapOfTooManyElementsIsRefused() {
    assertThatThrownBy(() -> Plot.diagram(Bundle.of(Space.real()), FiniteMap.of(1, new int[61])))
        .hasMessage("the number of elements is 61; it must be at most 60 to be drawn.");
  }

  @Test
  void picturesAreSavedByTheirExtension(@TempDir Path folder) throws Exception {
    Diagram diagram = Plot.diagram(Architectures.perceptron(1, TANH));
    assertThat(Files.readString(diagram.save(folder.resolve("new/a.svg")))).contains("<svg");
    assertThat(Files.size(diagram.save(folder.resolve("a.png")))).isGreaterThan(1000);
    assertThatThrownBy(() -> diagram.save(folder.resolve("a.gif"))).hasMessageContaining(".svg, .png or .pdf");
  }

  // ---- the layout

  @Test
  void nodesOfALayerNeverOverlapAndKeepTheirGaps() {
    for (int draw = 0; draw < 300; draw++) {
      RandomStream stream = RandomStream.of(1, "layers", draw);
      int count = 2 + stream.nextInt(40);
      int[] layer = new int[count];
      double[] sizes = new double[count];
      for (int v = 0; v < count; v++) {
        layer[v] = stream.nextInt(6);
        sizes[v] = 10 + stream.nextInt(50);
      }
      List<int[]> edges = new ArrayList<>();
      for (int k = 0; k < 2 * count; k++) {
        int a = stream.nextInt(count);
        int b = stream.nextInt(count);
        if (layer[a] < layer[b]) {
          edges.add(new int[] {a, b});
        }
      }
      Layers layout = new Layers(layer, sizes, edges, 12);
      for (int v = 0; v < count; v++) {
        assertThat(layout.middle(v) - sizes[v] / 2).as("draw " + draw).isGreaterThanOrEqualTo(-1e-9);
        assertThat(layout.middle(v) + sizes[v] / 2).as("draw " + draw).isLessThanOrEqualTo(layout.height() + 1e-9);
        for (int w = 0; w < v; w++) {
          if (layer[v] == layer[w]) {
            assertThat(Math.abs(layout.middle(v) - layout.middle(w))).as("draw " + draw)
                .isGreaterThanOrEqualTo((sizes[v] + sizes[w]) / 2 + 12 - 1e-6);
          }
        }
      }
      for (int e = 0; e < edges.size(); e++) {
        assertThat(layout.passages(e)).hasSize(layer[edges.get(e)[1]] - layer[edges.get(e)[0]] - 1);
      }
    }
  }

  @Test
  void aTreeIsDrawnWithoutCrossings() {
    // Two trees whose leaves are said in turn: 0 → 2, 4, 6 and 1 → 3, 5, 7.
    int[] layer = {0, 0, 1, 1, 1, 1, 1, 1};
    double[] sizes = new double[8];
    Arrays.fill(sizes, 20);
    List<int[]> edges = new ArrayList<>();
    for (int leaf = 2; leaf < 8; leaf++) {
      edges.add(new int[] {leaf % 2, leaf});
    }
    Layers layout = new Layers(layer, sizes, edges, 10);
    boolean firstAbove = layout.middle(0) < layout.middle(1);
    for (int of0 : new int[] {2, 4, 6}) {
      for (int of1 : new int[] {3, 5, 7}) {
        assertThat(layout.middle(of0) < layout.middle(of1)).isEqualTo(firstAbove);
      }
    }
  }
}
