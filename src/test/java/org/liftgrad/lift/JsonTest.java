package org.liftgrad.lift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationRule;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintJson;
import org.liftgrad.blueprint.Dot;
import org.liftgrad.blueprint.MessageRule;
import org.liftgrad.blueprint.Space;
import org.liftgrad.kernel.RandomStream;

/** Blueprints and lifts as JSON and DOT: the way there and back, and 10,000 texts that somebody has spoilt. */
class JsonTest {

  private static final BlueprintJson BLUEPRINTS = BlueprintJson.standard();
  private static final LiftJson LIFTS = LiftJson.standard();
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> everyArchitectureComesBackAsItWas() {
    return ArchitecturesTest.everyArchitecture()
        .map(network -> DynamicTest.dynamicTest(network.toString(), () -> {
          String blueprint = BLUEPRINTS.write(network.blueprint());
          assertThat(BLUEPRINTS.read(blueprint)).isEqualTo(network.blueprint());
          String lift = LIFTS.write(network);
          LiftedNetwork read = LIFTS.read(lift);
          assertThat(read.lift()).isEqualTo(network.lift());
          assertThat(read.parameters()).isEqualTo(network.parameters());
          assertThat(LIFTS.write(read)).isEqualTo(lift);
          assertThat(LIFTS.readLift(LIFTS.write(network.lift()))).isEqualTo(network.lift());
        }));
  }

  @Test
  void randomBlueprintsAndLiftsComeBackAsTheyWere() {
    Draws.of(
        "json", 300,
        stream -> {
          Lift lift = Draws.lift(stream, Draws.blueprint(stream));
          LiftedNetwork network = LiftedNetwork.of(lift, Draws.gaussian(stream, lift.parameters()));
          LiftedNetwork read = LIFTS.read(LIFTS.write(network));
          assertThat(read.lift()).isEqualTo(lift);
          assertThat(read.parameters()).isEqualTo(network.parameters());
        });
  }

  @Test
  void otherFunctionsComeBackToo() {
    Blueprint blueprint =
        Blueprint.blueprint("others").input("x", Space.of(6, 4))
            .vertex("a", Activation.leakyRelu(0.1)).from("x", MessageRule.meanPooling(2))
            .vertex("b", Activation.monomial(3)).from("x", MessageRule.largestPooling(2))
            .vertex("c", Activation.positiveMonomial(2)).from("a").tied("w").from("b").tied("w")
            .vertex("d", Activation.relu()).from("c", MessageRule.free())
            .output("t", ActivationRule.product()).from("d", "c").build();
    assertThat(BLUEPRINTS.read(BLUEPRINTS.write(blueprint))).isEqualTo(blueprint);
  }

  @Test
  void namesOfFibresComeBackAndFilesAreWholeFiles(@TempDir Path folder) throws IOException {
    LiftedNetwork network =
        LiftBuilder.lift(Architectures.perceptron(1, Activation.tanh())).fibre("x", "r", "g", "b").width("h1", 4)
            .inDegree(2).seed(1).sparse();
    Path file = folder.resolve("lift.json");
    LIFTS.save(file, network);
    assertThat(LIFTS.load(file).lift()).isEqualTo(network.lift());
    assertThat(LIFTS.load(file).lift().nameOf(0, 2)).isEqualTo("x[b]");
    BLUEPRINTS.save(file, network.blueprint());
    assertThat(BLUEPRINTS.load(file)).isEqualTo(network.blueprint());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
    Files.write(file, new byte[] {'{', (byte) 0xC3, '}'});
    assertThatThrownBy(() -> BLUEPRINTS.load(file)).hasMessageContaining("not text in UTF-8; it must be JSON");
    assertThatThrownBy(() -> BLUEPRINTS.load(folder.resolve("none"))).hasMessageContaining("missing");
  }

  @Test
  void theTextIsTheOneOfTheDocumentation() {
    String expected =
        """
        {
          "format" : "liftgrad blueprint",
          "version" : 1,
          "name" : "two-layer perceptron",
          "vertices" : [ {
            "name" : "x",
            "role" : "input",
            "space" : [ ]
          }, {
            "name" : "one",
            "role" : "constant"
          }, {
            "name" : "h",
            "role" : "hidden",
            "activation" : {
              "function" : "pointwise",
              "of" : {
                "name" : "tanh"
              }
            }
          },""";
    assertThat(BLUEPRINTS.write(Architectures.twoLayerPerceptron(Activation.tanh()))).startsWith(expected);
  }

  // ---- spoilt texts

  @Test
  void whatCannotBeUsedIsRefusedInOneSentence() {
    String blueprint = BLUEPRINTS.write(Architectures.perceptron(1, Activation.tanh()));
    refusedBlueprint("", "the text");
    refusedBlueprint("[]", "the text is no object; it must be a blueprint as a JSON object.");
    refusedBlueprint(blueprint + "x", "the text is not JSON (line ");
    refusedBlueprint(blueprint.replace("\"version\" : 1", "\"version\" : 2"), "version is 2; it must be 1.");
    refusedBlueprint(blueprint.replace("liftgrad blueprint", "a shopping list"),
        "format is a shopping list; it must be liftgrad blueprint.");
    refusedBlueprint(blueprint.replace("\"name\" : \"perceptron\",", ""),
        "name is missing; it must be there, as all fields of the format.");
    refusedBlueprint(blueprint.replace("\"version\" : 1", "\"version\" : 1, \"colour\" : 3"),
        "the field colour is unknown; it must be one of [format, version, name, vertices, edges].");
    refusedBlueprint(blueprint.replace("\"version\" : 1", "\"version\" : 1, \"version\" : 1"), "the text is not JSON");
    refusedBlueprint(blueprint.replace("\"tanh\"", "\"sine\""),
        "vertices[2].activation.of is \"sine\"; it must be a function that the format knows.");
    refusedBlueprint(blueprint.replaceFirst("\"message\" : \\{[^}]*\\}", "\"message\" : { }"),
        "edges[0].message.function is missing; it must be there, as all fields of the format.");
    refusedBlueprint(blueprint.replaceFirst(",\\s*\"message\" : \\{[^}]*\\}", ""),
        "edges[0].message is missing; it must be there, as all fields of the format.");
    refusedBlueprint(blueprint.replaceFirst("\"to\" : \"h1\"", "\"to\" : \"h9\""),
        "edges[0].to is a missing vertex; it must be the name of a vertex.");
    refusedBlueprint(blueprint.replaceFirst("\"space\" : \\[ \\]", "\"space\" : [ -1 ]"),
        "In vertices[0].space: a size of a space is -1; it must be at least 0.");

    LiftedNetwork network =
        LiftBuilder.lift(Architectures.perceptron(1, Activation.tanh())).fibre("x", 3).width("h1", 4).inDegree(2)
            .seed(1).sparse();
    String lift = LIFTS.write(network);
    refusedLift(lift.replace("\"size\" : 4", "\"size\" : 2000000000"),
        "the number of lifted vertices is 2000000005; it must be at most 1000000 in JSON.");
    refusedLift(lift.replace("\"size\" : 4", "\"size\" : 900000"),
        "the number of lists in edges[0].sources is 4; it must be 900000, the size of the fibre.");
    refusedLift(lift.replace("\"size\" : 4", "\"size\" : 0"), "fibres[2].size is 0; it must be at least 1.");
    refusedLift(lift.replaceFirst("\"sources\" : \\[ \\[ [0-9]", "\"sources\" : [ [ 7"),
        "edges[0].sources[0][0] is 7; it must be from 0 to 2, in increasing order.");
    refusedLift(lift.replaceFirst("\"full\" : true", "\"full\" : false"),
        "edges[1] is neither full nor listed; it must be full (true) or with a list of sources.");
    refusedLift(lift.replaceFirst("\"parameters\" : \\[ ", "\"parameters\" : [ 1e999, "),
        "parameters[0] is Infinity; it must be a finite number.");
    refusedLift(lift.replaceFirst("\"parameters\" : \\[ ", "\"parameters\" : [ 1, "),
        "the number of parameters is 18; it must be 17.");
    assertThatThrownBy(() -> LIFTS.write(Lift.full(Architectures.twoLayerPerceptron(Activation.tanh()), 1000, 1, 1001, 1)))
        .hasMessage("the number of lifted edges is 1003003; it must be at most 1000000 in JSON.");
  }

  private static void refusedBlueprint(String text, String sentence) {
    assertThatThrownBy(() -> BLUEPRINTS.read(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  private static void refusedLift(String text, String sentence) {
    assertThatThrownBy(() -> LIFTS.read(text)).isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(sentence);
  }

  private static List<LiftedNetwork> small() {
    return List.of(
        LiftBuilder.lift(Architectures.perceptron(2, Activation.leakyRelu(0.1))).fibre("x", "r", "g", "b")
            .width("h1", 4).width("h2", 5).inDegree(2).seed(1).sparse(),
        LiftBuilder.lift(Architectures.convolutional(Space.of(5, 5), Space.of(3, 3), 1, 1, 1, Activation.relu()))
            .fibre("x", 2).width("h1", 3).bernoulli(1).seed(1).sparse(),
        ArchitectureLifts.attention(
            Architectures.attention(3, 0.5, ActivationRule.causalSoftmax()), 2, 2, 1).seed(1).full(),
        LiftBuilder.lift(Architectures.recurrent(2, Activation.gelu())).fibre("x1", 1).fibre("x2", 1)
            .widths(WidthSchedule.constant(2)).seed(1).full(),
        ArchitectureLifts.layerNormalisation(Architectures.layerNormalisation(2), 3).full());
  }

  @Test
  void tenThousandSpoiltTextsAreReadOrRefusedInOneSentence() {
    List<String> texts = new ArrayList<>();
    for (LiftedNetwork network : small()) {
      texts.add(LIFTS.write(network));
      texts.add(BLUEPRINTS.write(network.blueprint()));
    }
    int[] refused = {0};
    long most = Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          long worst = 0;
          for (int k = 0; k < 10_000; k++) {
            RandomStream stream = RandomStream.of(1, "spoilt", k);
            String text = texts.get(stream.nextInt(texts.size()));
            String spoilt = stream.nextInt(2) == 0 ? spoiltText(stream, text) : spoiltTree(stream, text);
            worst = Math.max(worst, read(k, spoilt, refused));
          }
          return worst;
        });
    assertThat(refused[0]).isGreaterThan(5_000);
    assertThat(most).as("bytes allocated for one text").isLessThan(64L << 20);
  }

  /** Reads a text; returns how many bytes that took. */
  private static long read(int number, String text, int[] refused) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    try {
      if (text.contains("liftgrad lift")) {
        LIFTS.read(text);
      } else {
        BLUEPRINTS.read(text);
      }
    } catch (IllegalArgumentException refusal) {
      refused[0]++;
      assertThat(refusal.getClass()).as("text " + number).isEqualTo(IllegalArgumentException.class);
      assertThat(refusal.getMessage()).as("text " + number).endsWith(".").contains("must be");
    } catch (Throwable other) {
      fail("text " + number + " raised " + other + ":\n" + text, other);
    }
    return threads.getThreadAllocatedBytes(thread) - before;
  }

  private static final String[] STRANGE = {
    "1e999", "-1", "2147483647", "2147483648", "99999999999999999999", "null", "true", "\"\"", "[]", "{}", "0.5",
    "\"x\"", "[[[[]]]]", "NaN", "16777216", "\"\\u0000\"", "\"\\ud800\""
  };

  /** Letters exchanged, left out, doubled, cut off, or a strange value put in. */
  private static String spoiltText(RandomStream stream, String text) {
    StringBuilder spoilt = new StringBuilder(text);
    int changes = 1 + stream.nextInt(3);
    for (int k = 0; k < changes && spoilt.length() > 4; k++) {
      int at = stream.nextInt(spoilt.length() - 3);
      switch (stream.nextInt(6)) {
        case 0 -> spoilt.setCharAt(at, (char) stream.nextInt(256));
        case 1 -> spoilt.delete(at, at + 1 + stream.nextInt(Math.min(40, spoilt.length() - at)));
        case 2 -> spoilt.insert(at, spoilt.substring(at, at + Math.min(40, spoilt.length() - at)));
        case 3 -> spoilt.setLength(at);
        case 4 -> spoilt.insert(at, STRANGE[stream.nextInt(STRANGE.length)]);
        default -> spoilt.insert(at, "[".repeat(stream.nextInt(3000)));
      }
    }
    return spoilt.toString();
  }

  /** Still JSON: a value replaced by a strange one or by another of the text, left out, or doubled. */
  private static String spoiltTree(RandomStream stream, String text) {
    try {
      JsonNode root = MAPPER.readTree(text);
      int changes = 1 + stream.nextInt(2);
      for (int k = 0; k < changes; k++) {
        List<Consumer<JsonNode>> places = new ArrayList<>();
        List<JsonNode> values = new ArrayList<>();
        collect(root, places, values);
        if (places.isEmpty()) {
          break;
        }
        JsonNode value;
        switch (stream.nextInt(3)) {
          case 0 -> value = values.get(stream.nextInt(values.size())).deepCopy();
          case 1 -> value = null;
          default -> {
            String strange = STRANGE[stream.nextInt(STRANGE.length - 4)];
            value = strange.equals("NaN") ? JsonNodeFactory.instance.numberNode(1e300) : MAPPER.readTree(strange);
          }
        }
        places.get(stream.nextInt(places.size())).accept(value);
      }
      return MAPPER.writeValueAsString(root);
    } catch (IOException impossible) {
      throw new AssertionError(impossible);
    }
  }

  /** Every value below a node, and how to put another in its place; null leaves it out, or doubles it in an array. */
  private static void collect(JsonNode node, List<Consumer<JsonNode>> places, List<JsonNode> values) {
    if (node instanceof ObjectNode object) {
      for (String name : (Iterable<String>) object::fieldNames) {
        places.add(value -> {
          if (value == null) {
            object.remove(name);
          } else {
            object.set(name, value);
          }
        });
        values.add(object.get(name));
        collect(object.get(name), places, values);
      }
    } else if (node instanceof ArrayNode array) {
      for (int k = 0; k < array.size(); k++) {
        int place = k;
        places.add(value -> {
          if (value == null) {
            array.add(array.get(place).deepCopy());
          } else {
            array.set(place, value);
          }
        });
        values.add(array.get(k));
        collect(array.get(k), places, values);
      }
    }
  }

  // ---- DOT

  @Test
  void dotNamesEveryVertexAndEdge() {
    Blueprint blueprint = Architectures.perceptron(1, Activation.tanh());
    assertThat(Dot.of(blueprint))
        .isEqualTo(
            """
            digraph "perceptron" {
              rankdir=LR;
              0 [label="x ∈ R", shape=box];
              1 [label="one ∈ R", shape=plaintext];
              2 [label="h1 ∈ R\\ntanh", shape=ellipse];
              3 [label="t ∈ R\\nsum", shape=doublecircle];
              0 -> 2 [label="linear"];
              1 -> 2 [label="bias"];
              2 -> 3 [label="linear"];
              1 -> 3 [label="bias"];
            }
            """);
    String lift =
        LiftDot.of(LiftBuilder.lift(blueprint).fibre("x", "r\"", "g\\").width("h1", 2).full().lift());
    assertThat(lift).contains("v0_0 [label=\"r\\\"\"];", "v0_1 [label=\"g\\\\\"];", "v0_1 -> v2_1;");
    assertThat(lift.lines().filter(line -> line.contains("->"))).hasSize(4 + 2 + 2 + 1);
  }
}
