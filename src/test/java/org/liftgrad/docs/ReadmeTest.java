package org.liftgrad.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.notebook.Liftgrad.*;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.flow.Ending;
import org.liftgrad.plot.Figure;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Paper;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Statement;
import org.liftgrad.theorem.Verdict;

/** What the README shows: its code runs, word for word, and its picture is drawn here. */
class ReadmeTest {

  private static final Path HOME = Path.of(System.getProperty("liftgrad.home", "."));

  @Test
  void theExampleRuns() {
    // README: example
    var data    = lawS().points(20).dimension(400).seed(7).build();
    var network = shallowNetwork(data).neurons(widthFor(20, 0.05)).dominantReadout().seed(7).build();
    var run     = gradientFlow(network).until(lossBelow(1e-10)).observe(loss(), curvature()).solve();
    plot(run).x("time").y("loss").logY();
    // README: end
    assertThat(run.ending()).isEqualTo(Ending.LOSS_REACHED);
  }

  @Test
  void theExampleOfALiftRuns() {
    // README: lift
    var mlp   = blueprint("mlp").input("x").constant("one")
                    .vertex("h1", tanh()).from("x", "one")
                    .vertex("h2", tanh()).from("h1", "one")
                    .readout("t").from("h2").build();
    var start = lift(mlp).fibre("x", 2).fibre("t", 1).width("h1", 64).width("h2", 64)
                    .inDegree(2).weights(normal(1.5)).seed(7).sparse();
    var run = training(start, onGrid(11, 2, x -> x[0] * x[1])).untilLoss(0.016).solve();
    // README: end
    assertThat(run.ending()).isEqualTo(Ending.LOSS_REACHED);
    assertThat(run.path().get(0).loss()).as("‖x₁x₂‖² on this grid, as the readout starts at 0").isCloseTo(0.16, within(1e-12));
  }

  @Test
  void theExamplesStandInTheReadme() throws IOException {
    String readme = Files.readString(HOME.resolve("README.md"));
    assertThat(readme).contains(example("example").replace(".logY();", ".logY()"));
    // The last line of a cell shows itself.
    assertThat(readme).contains(example("lift").replace("var run = training", "training").replace(".solve();", ".solve()"));
  }

  /** The program that uses the library as a dependency, compiled and run as it stands there. */
  @Test
  void theProgramRuns(@TempDir Path folder) throws Exception {
    String readme = Files.readString(HOME.resolve("README.md"));
    int from = readme.indexOf("import static", readme.indexOf("## As a library"));
    Path program = Files.writeString(folder.resolve("First.java"), readme.substring(from, readme.indexOf("```", from)));
    String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process = new ProcessBuilder(java.toString(), "-Djava.awt.headless=true", "-cp", path, program.toString())
        .directory(folder.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said).contains("The loss fell below the asked figure.");
    assertThat(folder.resolve("loss.svg")).content().contains("<svg");
  }

  private static String example(String name) throws IOException {
    String source = Files.readString(HOME.resolve("src/test/java/org/liftgrad/docs/ReadmeTest.java"));
    String mark = "// README: " + name + "\n";
    int from = source.indexOf(mark) + mark.length();
    return source.substring(from, source.indexOf("    // README: end", from))
        .lines().map(line -> line.substring(4)).collect(Collectors.joining("\n"));
  }

  /** The README's picture; its numbers must be those drawn, its file is written anew on request. */
  @Test
  void thePictureIsTheOneDrawnHere() throws IOException {
    var data = lawS().points(12).dimension(30).seed(1).build();
    var network = shallowNetwork(data).neurons(8).seed(1).build();
    var flow = gradientFlow(network).until(timeReached(25)).observe(preactivation(0, 7)).every(0.05).solve();
    var coarse = gradientFlow(network).method(descent(0.5)).until(timeReached(25)).observe(preactivation(0, 7)).solve();
    var fine = gradientFlow(network).method(descent(0.1)).until(timeReached(25)).observe(preactivation(0, 7)).solve();
    String pair = "preactivation 0,7";
    Figure figure =
        plot(flow.column("time"), flow.column(pair))
            .named("the exact flow: slides")
            .line("gradient descent, step 0.5", coarse.column("time"), coarse.column(pair))
            .line("gradient descent, step 0.1", fine.column("time"), fine.column(pair))
            .xLabel("time").yLabel("pre-activation of one pair").title("At a kink of a ReLU network")
            .size(760, 340);
    Path committed = HOME.resolve("src/docs/sliding.csv");
    if (Boolean.getBoolean("liftgrad.drawDocs")) {
      figure.save(HOME.resolve("src/docs/sliding.png"));
      Files.writeString(committed, figure.data());
    }
    assertSameNumbers(Files.readString(committed), figure.data());
  }

  /** The table of the catalogue; written anew on request. */
  @Test
  void theCatalogueIsTheOneOfToday() throws IOException {
    Path readme = HOME.resolve("README.md");
    String text = Files.readString(readme);
    String begin = "<!-- the catalogue, written by ReadmeTest, from here -->\n";
    int from = text.indexOf(begin) + begin.length();
    int to = text.indexOf("<!-- the catalogue to here -->", from);
    if (Boolean.getBoolean("liftgrad.drawDocs")) {
      Files.writeString(readme, text.substring(0, from) + catalogue() + text.substring(to));
    } else {
      assertThat(text.substring(from, to)).isEqualTo(catalogue());
    }
  }

  private static String catalogue() {
    Catalogue catalogue = Catalogue.standard();
    StringBuilder text = new StringBuilder();
    for (Paper paper : Paper.values()) {
      List<Statement> statements = catalogue.statements().stream().filter(each -> each.paper() == paper).toList();
      long checks = statements.stream().flatMap(each -> each.checkIds().stream()).distinct().count();
      text.append("\n<details><summary>").append(paper.citation()).append(": ").append(statements.size()).append(" statements, ")
          .append(checks).append(" checks</summary>\n\n| statement | | how sure we are of it | its checks, quick |\n| --- | --- | --- | --- |\n");
      for (Statement statement : statements) {
        String verdicts = statement.checkIds().stream().map(id -> verdict(catalogue.check(id))).collect(Collectors.joining(", "));
        text.append("| ").append(statement.title().replace("|", "\\|")).append(" | ").append(statement.kind()).append(" | ")
            .append(statement.certainty()).append(" | ").append(verdicts.isEmpty() ? "–" : verdicts).append(" |\n");
      }
      text.append("\n</details>\n");
    }
    return text.append('\n').toString();
  }

  private static String verdict(Check check) {
    return check.id().substring(check.id().indexOf('/') + 1) + " " + check.recorded(Scale.QUICK).map(Verdict::toString).orElse("reported");
  }

  /** To nine digits: a change of the integrator may move the last ones, and a reader sees three. */
  private static void assertSameNumbers(String committed, String drawn) {
    String[] before = committed.split("[,\n]");
    String[] now = drawn.split("[,\n]");
    assertThat(now).hasSameSizeAs(before);
    for (int k = 0; k < now.length; k++) {
      if (now[k].matches("-?[0-9].*")) {
        assertThat(Double.parseDouble(now[k])).isCloseTo(Double.parseDouble(before[k]), within(1e-9));
      } else {
        assertThat(now[k]).isEqualTo(before[k]);
      }
    }
  }
}
