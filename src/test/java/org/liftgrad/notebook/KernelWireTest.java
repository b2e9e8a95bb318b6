package org.liftgrad.notebook;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The kernel as Jupyter meets it: a process started by kernel.json, spoken to over ZeroMQ. One session, in order. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KernelWireTest {
  private static final Path KERNEL =
      Path.of(System.getProperty("liftgrad.home", "."), "environment/jupyter/kernels/liftgrad").toAbsolutePath();

  @TempDir static Path scratch;
  static Wire wire;

  @BeforeAll
  static void start() throws Exception {
    wire = new Wire(KERNEL, scratch);
    wire.awaitReady();
  }

  @AfterAll
  static void stop() {
    wire.close();
  }

  @Test
  @Order(1)
  void aSumIsTheResult() {
    Wire.Answer answer = wire.execute("int one = 1;\none + 1");
    assertThat(answer.reply().get("status").asText()).isEqualTo("ok");
    assertThat(answer.one("execute_result").at("/data/text~1plain").asText()).isEqualTo("2");
    assertThat(wire.heartbeatAnswers()).isTrue();
  }

  @Test
  @Order(2)
  void aTableShowsItself() {
    Wire.Answer answer = wire.execute("""
        import org.liftgrad.notebook.*;
        import tech.tablesaw.api.*;
        Table.create("runs", IntColumn.create("n", 100, 200))""");
    JsonNode data = answer.one("execute_result").get("data");
    assertThat(data.get("text/plain").asText()).startsWith("runs: 2 rows, 1 column");
    assertThat(data.get("text/html").asText()).startsWith("<table>");
    assertThat(answer.all("stream")).as("a logger's warning").isEmpty();
  }

  @Test
  @Order(3)
  void aVerdictTravelsAsJsonAndAPictureAsBase64() {
    Wire.Answer answer = wire.execute("""
        Front.current().show(Display.text("T1a holds").withPng(new byte[] {1, 2, 3})
            .with(Display.VERDICT, "{\\"id\\": \\"shallow/T1a\\", \\"verdict\\": \\"holds\\"}"));""");
    assertThat(answer.all("execute_result")).isEmpty();
    JsonNode data = answer.one("display_data").get("data");
    assertThat(data.at("/application~1vnd.liftgrad.verdict+json/verdict").asText()).isEqualTo("holds");
    assertThat(data.get("image/png").asText()).isEqualTo("AQID");
  }

  @Test
  @Order(4)
  void progressIsOneDisplayThatEndsWithoutTimes() {
    Wire.Answer answer = wire.execute("""
        try (Progress progress = Progress.of("trials", 12)) {
          for (int i = 1; i <= 12; i++) { Thread.sleep(100); progress.at(i); }
        }""");
    String id = answer.one("display_data").at("/transient/display_id").asText();
    List<JsonNode> updates = answer.all("update_display_data");
    assertThat(updates).hasSizeBetween(2, 4)
        .allSatisfy(update -> assertThat(update.at("/transient/display_id").asText()).isEqualTo(id));
    assertThat(updates.get(updates.size() - 1).at("/data/text~1plain").asText()).isEqualTo("trials: 12 of 12");
  }

  @Test
  @Order(5)
  void badInputIsOneSentence() {
    Wire.Answer answer = wire.execute("Progress.of(\"trials\", -1)");
    assertThat(answer.reply().get("status").asText()).isEqualTo("error");
    JsonNode traceback = answer.one("error").get("traceback");
    assertThat(traceback).hasSize(1);
    assertThat(traceback.get(0).asText()).contains("total must be at least 0 (0: unknown), not -1.");
  }

  @Test
  @Order(6)
  void anExceptionShowsNoKernelFrames() {
    Wire.Answer answer = wire.execute("int deep(int n) { return 1 / n; }\ndeep(0)");
    String shown = answer.one("error").get("traceback").toString();
    assertThat(shown).contains("ArithmeticException: / by zero").contains("at deep (line 1)").doesNotContain("spencerpark");
    assertThat(shown).as("the cell's own frame").contains("at this cell's statement (line 1)");
  }

  @Test
  @Order(7)
  void aCellThatDoesNotCompileSaysWhere() {
    assertThat(traceback("int x = \"text\";")).hasSize(2)
        .satisfies(lines -> assertThat(lines.get(0)).contains("incompatible types"))
        .satisfies(lines -> assertThat(lines.get(1)).isEqualTo("|   int x = \u001b[1;4m\"text\"\u001b[0m;"));
    assertThat(traceback("y9 + z9")).map(KernelWireTest::plain).containsExactly(
        "cannot find symbol", "  symbol:   variable y9", "|   y9 + z9", "",
        "cannot find symbol", "  symbol:   variable z9", "|   y9 + z9");
    assertThat(traceback("int half(int n) { return quarter(n); }\nhalf(1)")).map(KernelWireTest::plain).containsExactly(
        "Unresolved dependencies:", "   - method quarter(int)", "|   int half(int n) { return quarter(n); }");
    assertThat(traceback("for (int i = 0;")).map(KernelWireTest::plain).containsExactly("Incomplete input:", "|   for (int i = 0;");
  }

  /** What a page shows of an error: nothing of it may be black, which a dark page hides. */
  private static List<String> traceback(String cell) {
    return traceback(wire.execute(cell));
  }

  private static List<String> traceback(Wire.Answer answer) {
    List<String> lines = new ArrayList<>();
    answer.one("error").get("traceback").forEach(line -> lines.add(line.asText()));
    assertThat(lines).allSatisfy(line -> assertThat(line).doesNotContainPattern("\u001b\\[[0-9;]*(30|40)m"));
    return lines;
  }

  private static String plain(String line) {
    return line.replaceAll("\u001b\\[[0-9;]*m", "");
  }

  @Test
  @Order(8)
  void anErrorWhileShowingAResultIsAnswered() {
    Wire.Answer answer = wire.execute("""
        class Loud { public String toString() { throw new StackOverflowError("round and round"); } }
        new Loud()""");
    assertThat(answer.one("execute_result").at("/data/text~1plain").asText()).contains("could not be shown");
    assertThat(wire.execute("throw new AssertionError(\"no\");").one("error").toString()).contains("AssertionError: no");
    assertThat(wire.execute("int again() { return again() + 1; }\nagain()").one("error").toString())
        .contains("StackOverflowError");
    assertThat(wire.execute("1 + 2").one("execute_result").at("/data/text~1plain").asText()).isEqualTo("3");
  }

  @Test
  @Order(9)
  void aLongLoopCanBeInterrupted() throws Exception {
    String id = wire.startExecuting("""
        long ticks = 0;
        while (!Thread.currentThread().isInterrupted()) { ticks++; }""");
    Thread.sleep(1000);
    wire.askControl("interrupt_request");
    Wire.Answer answer = wire.await(id);
    assertThat(answer.reply().get("status").asText()).isEqualTo("error");
    assertThat(traceback(answer)).satisfies(lines -> assertThat(plain(lines.get(0))).isEqualTo("Evaluation interrupted."))
        .satisfies(lines -> assertThat(lines.get(1)).startsWith("|   while"));
    assertThat(wire.execute("2 + 2").one("execute_result").at("/data/text~1plain").asText()).isEqualTo("4");
  }

  @Test
  @Order(10)
  void codeIsCompletedAndExplained() {
    String code = "Displays.stan";
    JsonNode reply = wire.ask("complete_request", Wire.object().put("code", code).put("cursor_pos", code.length()));
    assertThat(reply.get("matches").toString()).contains("standard");
    assertThat(explained("Displays.escape(", 16)).contains("escape(String text)").contains("Escapes text for HTML");
  }

  private static String explained(String code, int at) {
    JsonNode reply =
        wire.ask("inspect_request", Wire.object().put("code", code).put("cursor_pos", at).put("detail_level", 0));
    assertThat(reply.get("found").asBoolean()).as(code).isTrue();
    assertThat(reply.at("/data/text~1html").asText()).contains("<code>");
    return reply.at("/data/text~1plain").asText();
  }

  @Test
  @Order(11)
  void ourTypesAndMethodsAreExplainedWhereTheyAreUsed() {
    wire.execute("import static org.liftgrad.notebook.Liftgrad.*;\nvar drawn = lawS().points(4).dimension(9).build();");
    assertThat(explained("lawS(", 5)).contains("SubGaussianData").contains("uniform on [1, 2], fair signs");
    assertThat(explained("drawn", 5)).contains("Dataset").contains("Gram");
    assertThat(explained("drawn.weakInteraction(0.5)", 21)).as("at the end of a name").contains("double kappa");
    assertThat(explained("shallowNetwork(drawn).neurons(", 30)).contains("int neurons").contains("at least 1");
    assertThat(explained("String", 6)).startsWith("java.lang.String");
  }

  @Test
  @Order(12)
  void afterARestartItIsAsNew() throws Exception {
    wire.execute("int kept = 5;");
    assertThat(wire.restart().get("restart").asBoolean()).isTrue();
    assertThat(wire.execute("kept").one("error").toString()).contains("cannot find symbol");
    assertThat(wire.execute("1 + 1").one("execute_result").at("/data/text~1plain").asText()).isEqualTo("2");
  }

  @Test
  @Order(13)
  void itShutsDownWhenAsked() throws Exception {
    assertThat(wire.askControl("shutdown_request").get("restart").asBoolean()).isFalse();
    assertThat(wire.endsWithin(20)).isTrue();
  }
}
