package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.notebook.Liftgrad.*;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
import org.knowm.xchart.XYChartBuilder;
import org.liftgrad.flow.Solution;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.plot.Diagram;
import org.liftgrad.plot.Figure;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.statistics.Tabular;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Results;
import org.liftgrad.sweep.Sweep;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.CommittedResult;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;
import tech.tablesaw.api.Table;

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

  private static LiftBuilder small() {
    return lift(mlp()).fibre("x", 2).fibre("t", 1).width("h1", 8).width("h2", 8).inDegree(2).weights(normal(1.5));
  }

  static Stream<Arguments> values() {
    Results results = ledger().results();
    Check check = check("shallow/PLe");
    return Stream.of(
        Arguments.of("one point", data(1), "points n"),
        Arguments.of("points", data(20), "dimension d"),
        Arguments.of("many points", data(90), "smallest eigenvalue"),
        Arguments.of("matrix", data(20).gram(), "20 × 20"),
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
        Arguments.of("lift run", training(small().seed(7).sparse(), onGrid(5, 2, x -> x[0] * x[1])).untilTime(1).solve(), "Dormand-Prince"),
        Arguments.of("coverage", Coverage.of(sparse(), witness(), 2), "copies"),
        Arguments.of("law of copies", copyLaw(lift(mlp()).fibre("x", "r", "g", "b").fibre("t", 4).width("h1", 512).width("h2", 512)
            .inDegree(2).weights(uniform(-2, 2)), witness(), 0.5), "h2[0]"),
        Arguments.of("curvature bounds", curvatureBounds(data(5)), "C = "),
        Arguments.of("group flow", GroupFlow.targets(Math.sqrt(2), Math.sqrt(0.5)).points(1e80), "10^80"),
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
        Arguments.of("thresholds", results.success("converged").threshold("neurons", 0.5), "neurons"),
        Arguments.of("slopes", results.slope("time", "neurons"), "neurons"),
        Arguments.of("statement's checks", theorem("shallow/key-inequality").check(RunSettings.quick().set("runs", 1)), "PLe"));
  }

  /** What is a line of text in every form. */
  static Stream<Arguments> lines() {
    double[] labels = data(5).labels();
    return Stream.of(
        Arguments.of("numbers", labels),
        Arguments.of("integers", shallowNetwork(data(20)).neurons(2).seed(1).build().pointsWithoutCorrectNeuron()),
        Arguments.of("long integers", new long[] {1, Long.MAX_VALUE}),
        Arguments.of("truths", new boolean[] {true, false}),
        Arguments.of("words", new String[] {"flow", "<descent>"}),
        Arguments.of("rows of numbers", new double[][] {labels, {1, 0.5}}),
        Arguments.of("rows of integers", new int[][] {{1, 2}, {3}}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void anArrayIsALineAndNotAnAddress(String name, Object value) throws IOException {
    Display display = Displays.standard().of(value);
    assertThat(display.text()).startsWith("[").doesNotContain("@");
    Golden.assertKept(name, display);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void itShowsItself(String name, Object value, String words) throws IOException {
    Display display = Displays.standard().of(value);
    assertThat(display.text()).contains(words).doesNotContain("could not be shown");
    boolean rich = display.html().isPresent() || display.png().isPresent() || display.extra().containsKey("text/markdown");
    assertThat(rich).as("a form beside the text").isTrue();
    assertThat(display.bytes()).isLessThan(Display.MOST_BYTES);
    display.html().ifPresent(html -> assertThat(html).doesNotContainIgnoringCase("<script"));
    // What cleans foreign HTML drops inline drawings, and leaves their texts.
    display.html().ifPresent(html -> assertThat(html).doesNotContain("<svg"));
    assertThat(Displays.standard().of(value).text()).as("again").isEqualTo(display.text());
    Golden.assertKept(name, display);
  }

  @Test
  void whatIsKeptTellsADisplayFromOneThatLostAForm() throws IOException {
    Display figure = Displays.standard().of(plot(run()).x("time").y("loss"));
    assertThat(Golden.forms(figure)).contains("image/png: 640 × 400 points");
    assertThat(Golden.forms(Display.text(figure.text()))).isEqualTo("text/plain\n");
    Display verdict = Displays.standard().of(result(false));
    assertThat(Golden.forms(verdict)).contains(Display.VERDICT + "\n{", "drawing of 520 × 300 points");
    assertThat(Golden.forms(verdict.withHtml("<p></p>"))).doesNotContain("drawing");
  }

  /** A type that is shown richly has a value above, and so a display that is kept. */
  @Test
  void everyTypeThatIsShownIsLookedAt() {
    Set<Class<?>> shown = Stream.concat(values(), lines()).map(each -> (Class<?>) each.get()[1].getClass()).collect(Collectors.toSet());
    Set<Class<?>> missing =
        Displays.standard().types().stream()
            .filter(type -> shown.stream().noneMatch(type::isAssignableFrom))
            .collect(Collectors.toSet());
    assertThat(missing).isEmpty();
  }

  private static Stream<Class<?>> libraryTypes() {
    return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.liftgrad").stream()
        .<Class<?>>map(JavaClass::reflect);
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers()) && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
  }

  /** Found without a list: what can be plotted, drawn or tabled is shown richly, and so looked at above. */
  @Test
  void everyTypeThatHasATableOrAPictureIsShownRichly() {
    Set<Class<?>> pictures = Set.of(Table.class, Figure.class, Diagram.class);
    List<Class<?>> plain =
        libraryTypes()
            .filter(type -> isPublic(type) && !type.getPackageName().endsWith(".plot") && !type.isInterface())
            .filter(type -> !type.getPackageName().contains(".theorem.")) // checks, which are shown as what they return
            .filter(type ->
                Tabular.class.isAssignableFrom(type)
                    || Arrays.stream(type.getMethods())
                        .anyMatch(method -> !Modifier.isStatic(method.getModifiers()) && method.getParameterCount() == 0
                            && pictures.contains(method.getReturnType())))
            .filter(type -> Displays.standard().types().stream().noneMatch(shown -> shown.isAssignableFrom(type)))
            .toList();
    assertThat(plain).isEmpty();
  }

  /** In JShell a value is its text: never an address, as of an array or of a function. */
  @Test
  void everyValueThatAReaderCanHoldSaysWhatItIs() {
    List<String> speechless =
        libraryTypes()
            .filter(type -> isPublic(type)
                || Arrays.stream(type.getInterfaces()).anyMatch(each -> each.isSealed() && isPublic(each)))
            .filter(type -> !ENGINE.contains(type.getPackageName() + "." + type.getSimpleName()))
            .filter(type -> !type.getPackageName().endsWith(".cli") && isValue(type) && !saysWhatItIs(type))
            .map(Class::getName).sorted().toList();
    assertThat(speechless).isEmpty();
  }

  /** Parts of the machinery, which nobody keeps in a variable to look at. */
  private static final Set<String> ENGINE =
      Set.of(
          "org.liftgrad.blueprint.ActivationMap", "org.liftgrad.blueprint.Gradients", "org.liftgrad.blueprint.BlueprintJson",
          "org.liftgrad.blueprint.Place", "org.liftgrad.data.Axes", "org.liftgrad.data.Implied", "org.liftgrad.data.Stored",
          "org.liftgrad.flow.RightHandSide", "org.liftgrad.kernel.RandomStream", "org.liftgrad.lift.Homomorphism",
          "org.liftgrad.lift.LiftJson", "org.liftgrad.lift.LiftMorphism", "org.liftgrad.lift.Passes",
          "org.liftgrad.lift.Gradients", "org.liftgrad.lift.PlainPass", "org.liftgrad.notebook.Display",
          "org.liftgrad.notebook.Displays", "org.liftgrad.notebook.NotebookKernel", "org.liftgrad.notebook.Progress",
          "org.liftgrad.theorem.Draft");

  private static boolean isValue(Class<?> type) {
    return !type.isInterface() && !type.isEnum() && !Modifier.isAbstract(type.getModifiers())
        && !Throwable.class.isAssignableFrom(type)
        && Arrays.stream(type.getMethods())
            .anyMatch(each -> !Modifier.isStatic(each.getModifiers()) && each.getDeclaringClass() != Object.class);
  }

  private static boolean saysWhatItIs(Class<?> type) {
    try {
      Method text = type.getMethod("toString");
      // The text that Java makes for a record is final; one that somebody wrote is not.
      boolean made = type.isRecord() && Modifier.isFinal(text.getModifiers());
      return made
          ? Arrays.stream(type.getRecordComponents()).allMatch(each -> hasText(each.getType()))
          : text.getDeclaringClass() != Object.class;
    } catch (NoSuchMethodException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static boolean hasText(Class<?> type) {
    return !type.isArray() && !type.getName().startsWith("java.util.function.");
  }

  @Test
  void whatWeighsTooMuchIsToldAndNotShown() {
    String long1 = "x".repeat(200_000);
    Display tooMuch = Displays.standard().of(Display.text("kept").withHtml("<p>" + long1 + long1 + "</p>"));
    assertThat(tooMuch.text()).startsWith("kept\nThis display would weigh 400 kB; up to 300 kB are shown.");
    assertThat(tooMuch.html()).isEmpty();
    Display text = Displays.standard().of(Display.text(long1 + long1).with(Display.VERDICT, "{}"));
    assertThat(text.bytes()).isLessThan(Display.MOST_BYTES);
    assertThat(text.extra()).containsKey(Display.VERDICT);
    Display noise = Displays.standard().of(heatMap(noise()).size(2000, 2000));
    assertThat(noise.bytes()).isLessThan(Display.MOST_BYTES);
  }

  private static double[][] noise() {
    RandomStream stream = RandomStream.of(1, "noise");
    double[][] noise = new double[200][200];
    for (double[] row : noise) {
      Arrays.setAll(row, k -> stream.nextUniform());
    }
    return noise;
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
