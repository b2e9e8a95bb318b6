package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.notebook.Liftgrad.*;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Bundle;
import org.liftgrad.blueprint.FiniteMap;
import org.liftgrad.data.Dataset;
import org.liftgrad.flow.Solution;
import org.knowm.xchart.XYChartBuilder;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Results;
import org.liftgrad.sweep.Slopes;
import org.liftgrad.sweep.Sweep;
import org.liftgrad.sweep.Thresholds;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.CommittedResult;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;

/** What every type that displays itself does: text on its own, HTML or a picture, small, no script, no fault. */
class ResultDisplaysTest {

  private static Dataset data(int points) {
    return lawS().points(points).dimension(100).seed(1).build();
  }

  private static Solution run() {
    return gradientFlow(shallowNetwork(data(5)).neurons(6).seed(1).build())
        .until(timeReached(20)).observe(loss(), curvature()).solve();
  }

  private static CheckResult result(boolean controlled) {
    RunSettings settings = RunSettings.quick().set("runs", 2).set("points", "5,10");
    return check("shallow/PLe").run(controlled ? settings.withControl() : settings);
  }

  private static Blueprint mlp() {
    return blueprint("mlp").input("x").constant("one")
        .vertex("h1", tanh()).from("x", "one")
        .vertex("h2", tanh()).from("h1", "one")
        .readout("t").from("h2").build();
  }

  private static LiftedNetwork sparse() {
    return lift(mlp()).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 512).width("h2", 512)
        .inDegree(2).weights(normal(1.5)).seed(7).sparse();
  }

  private static LiftedNetwork manyEdges() {
    return LiftedNetwork.of(Lift.identity(Architectures.recurrent(40, tanh())), 1, 2, 3, 4, 5);
  }

  @TempDir static Path folder;

  /** A small sweep that has run, and what is read off its ledger. */
  private static Ledger ledger() {
    Path file = folder.resolve("small.ledger");
    if (!Files.exists(file)) {
      plan().into(file).workers(1).run();
    }
    return Ledger.open(file);
  }

  private static Sweep plan() {
    return Sweep.of(Plan.of("shallow-flow").over("points", 4, 6).over("dimension", 36).over("neurons", 4, 9).replicates(6).seed(7));
  }

  private static LiftedNetwork witness() {
    return lift(mlp()).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 2).width("h2", 1)
        .inDegree(2).weights(normal(1.5)).seed(8).sparse();
  }

  static Stream<Arguments> values() {
    Results results = ledger().results();
    Check check = check("shallow/PLe");
    return Stream.of(
        Arguments.of("one point", data(1), "points n"),
        Arguments.of("points", data(20), "dimension d"),
        Arguments.of("many points", data(90), "smallest eigenvalue"),
        Arguments.of("interaction", data(20).weakInteraction(1), "Assumption 2"),
        Arguments.of("network", shallowNetwork(data(5)).neurons(6).seed(1).build(), "well initialised"),
        Arguments.of("run", run(), "exact flow"),
        Arguments.of("table", run().table(), "curvature"),
        Arguments.of("figure", plot(run()).x("time").y("loss"), "loss"),
        Arguments.of("heat map", heatMap(data(20).gram()), "heat map"),
        Arguments.of("chart", new XYChartBuilder().title("A chart").build(), "A chart"),
        Arguments.of("film", film("A film").moment("one", plot(run()).x("time").y("loss")).moment("two", plot(run()).x("time").y("curvature")), "A film"),
        Arguments.of("blueprint", mlp(), "linear readout"),
        Arguments.of("lift", sparse().lift(), "lift of"),
        Arguments.of("lifted network", sparse(), "in-degree 2"),
        Arguments.of("large lifted network", manyEdges(), "lifted vertices, edges"),
        Arguments.of("diagram", diagram(mlp()), "Blueprint mlp"),
        Arguments.of("bundle", diagram(Bundle.of(space(2), space()), FiniteMap.of(2, 0, 1, 1)), "pullback"),
        Arguments.of("coverage", Coverage.of(sparse(), witness(), 2), "copies"),
        Arguments.of("statement", theorem("shallow/theorem-1"), "shallow/theorem-1"),
        Arguments.of("check", check, "Holds if"),
        Arguments.of("result", result(false), "shallow/PLe"),
        Arguments.of("committed rows", new CommittedResult(check, Scale.PAPER, 2, 4, "", Optional.of(result(false))), "2 of 4 cells"),
        Arguments.of("claim", claim("00/test", "A claim").that("a number", 0.5).isAtMost(1), "holds"),
        Arguments.of("plan", plan().plan(), "shallow-flow"),
        Arguments.of("ledger", ledger(), "small.ledger"),
        Arguments.of("status", ledger().status(), "small.ledger"),
        Arguments.of("results", results, "converged"),
        Arguments.of("success", results.success("converged"), "neurons"),
        Arguments.of("statement's checks", theorem("shallow/key-inequality").check(RunSettings.quick().set("runs", 1)), "PLe"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void itShowsItself(String name, Object value, String words) throws IOException {
    Display display = Displays.standard().of(value);
    assertThat(display.text()).contains(words).doesNotContain("could not be shown");
    boolean rich = display.html().isPresent() || display.png().isPresent() || display.extra().containsKey("text/markdown");
    assertThat(rich).as("a form beside the text").isTrue();
    display.html().ifPresent(html -> assertThat(html).doesNotContainIgnoringCase("<script").hasSizeLessThan(300_000));
    display.png().ifPresent(png -> assertThat(png.length).isLessThan(300_000));
    assertThat(Displays.standard().of(value).text()).as("again").isEqualTo(display.text());
    Golden.assertKept(name, display);
  }

  /** A type that is shown richly has a value above, and so a display that is kept. */
  @Test
  void everyTypeThatIsShownIsLookedAt() {
    Set<Class<?>> shown = values().map(each -> (Class<?>) each.get()[1].getClass()).collect(Collectors.toSet());
    Set<Class<?>> missing =
        Displays.standard().types().stream()
            .filter(type -> shown.stream().noneMatch(type::isAssignableFrom))
            .collect(Collectors.toSet());
    // Arrays have no looks, and the last two are tables.
    assertThat(missing).containsExactlyInAnyOrder(double[].class, double[][].class, Thresholds.class, Slopes.class);
  }

  @Test
  void anEstimateOfTheErrorIsShownWhereThereIsOne() {
    var flow = gradientFlow(shallowNetwork(data(5)).neurons(6).seed(1).build()).until(timeReached(2));
    assertThat(Displays.standard().of(flow.solve()).html().orElseThrow()).doesNotContain("estimated error");
    assertThat(Displays.standard().of(flow.estimateError().solve()).html().orElseThrow()).contains("estimated error");
  }

  @Test
  void aVerdictTravelsWithItsDisplayUnlessTheControlIsInPlace() {
    assertThat(Displays.standard().of(result(false)).extra().get(Display.VERDICT))
        .contains("\"verdict\" : \"", "shallow/PLe").doesNotContain("\"rows\"");
    assertThat(Displays.standard().of(result(true)).extra()).doesNotContainKey(Display.VERDICT);
  }
}
