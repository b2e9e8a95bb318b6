package org.liftgrad.sweep;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/** Plans as JSON: the file that people write, and the one text that equal plans share. */
final class PlanText {

  /** The format of a plan file, by which it is known. */
  static final String FORMAT = "liftgrad plan 1";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final long MOST_BYTES = 64L << 20;

  private PlanText() {}

  static Plan read(Path file) {
    String name = String.valueOf(file.getFileName());
    try {
      Argument.require(Files.size(file) <= MOST_BYTES, "the size of " + name, Files.size(file) + " bytes", "at most 64 MiB");
      return parse(Files.readString(file), (experiment, version) -> Experiments.named(experiment));
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the plan file " + name + " is not UTF-8; it must be JSON of the form “" + FORMAT + "”.", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the plan file " + file + " cannot be read (" + e.getClass().getSimpleName() + "); it must be a readable file.", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the plan file " + name + ": " + e.getMessage(), e);
    }
  }

  /** Finds an experiment by its name; the version is 0 where the text does not say it. */
  interface Finder {
    Experiment find(String name, int version);
  }

  /** Reads a plan. */
  static Plan parse(String text, Finder experiments) {
    JsonNode root = tree(text);
    Argument.require(
        root.isObject() && FORMAT.equals(root.path("format").asText()), "format", shown(root.path("format")),
        "\"" + FORMAT + "\"");
    root.fieldNames().forEachRemaining(
        field -> Argument.require(
            List.of("format", "experiment", "version", "seed", "replicates", "axes", "record").contains(field),
            "the entry “" + field + "”", "unknown", "one of format, experiment, version, seed, replicates, axes, record"));
    Argument.require(root.path("experiment").isTextual(), "experiment", shown(root.path("experiment")), "the name of an experiment");
    long version = root.has("version") ? whole(root, "version") : 0;
    Experiment experiment = experiments.find(root.get("experiment").textValue(), (int) version);
    Argument.require(
        !root.has("version") || version == experiment.version(), "version", version,
        experiment.version() + " for " + experiment.name() + " here");
    Plan plan = Plan.of(experiment);
    JsonNode axes = root.path("axes");
    Argument.require(axes.isObject(), "axes", shown(axes), "an object, such as {\"points\": [10, 20]}");
    for (Map.Entry<String, JsonNode> axis : axes.properties()) {
      plan = plan.over(axis.getKey(), values(axis.getKey(), axis.getValue()));
    }
    if (root.has("seed")) {
      plan = plan.seed(whole(root, "seed"));
    }
    if (root.has("replicates")) {
      long replicates = whole(root, "replicates");
      Argument.require(replicates >= 1 && replicates <= Plan.MOST_RUNS, "replicates", replicates, "from 1 to " + Plan.MOST_RUNS);
      plan = plan.replicates((int) replicates);
    }
    if (root.has("record")) {
      JsonNode record = root.get("record");
      Argument.require(record.isArray(), "record", shown(record), "a list of figures");
      List<String> figures = new ArrayList<>();
      record.forEach(figure -> figures.add(figure.asText()));
      plan = plan.record(figures.toArray(String[]::new));
    }
    plan.runs(); // refuses a parameter that has to be said and is not
    return plan;
  }

  private static JsonNode tree(String text) {
    try {
      JsonNode root = JSON.readTree(text);
      Argument.require(root.isObject(), "what it holds", "not an object", "JSON of the form “" + FORMAT + "”");
      return root;
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new IllegalArgumentException(
          "what it holds is not JSON" + place + ": " + e.getOriginalMessage() + "; it must be JSON of the form “" + FORMAT + "”.", e);
    }
  }

  private static long whole(JsonNode root, String name) {
    JsonNode node = root.get(name);
    Object value = node.isNumber() ? node.numberValue() : node.toString();
    return (Long) Type.WHOLE.form(value)
        .orElseThrow(() -> Argument.refused(name, node, "a whole number of at most 64 bits"));
  }

  private static List<Object> values(String axis, JsonNode node) {
    List<Object> values = new ArrayList<>();
    for (JsonNode each : node.isArray() ? node : List.of(node)) {
      if (each.isNumber()) {
        values.add(each.numberValue());
      } else if (each.isTextual()) {
        values.add(each.textValue());
      } else if (each.isBoolean()) {
        values.add(each.booleanValue());
      } else {
        throw Argument.refused("axis “" + axis + "”", each, "a value or a list of values");
      }
    }
    return values;
  }

  private static String shown(JsonNode node) {
    return node.isMissingNode() ? "missing" : node.toString();
  }

  /** The one text of a plan, with a name of its experiment under which a reader finds it. */
  static String of(Plan plan, String experiment) {
    return written(plan, experiment, false);
  }

  static void save(Plan plan, Path file) {
    try {
      Path whole = file.toAbsolutePath();
      Path beside = whole.resolveSibling(whole.getFileName() + ".part");
      Files.writeString(beside, written(plan, plan.experiment().name(), true) + "\n");
      Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the plan file " + file + " cannot be written (" + e.getClass().getSimpleName() + "); its folder must be a writable one.", e);
    }
  }

  private static String written(Plan plan, String experiment, boolean pretty) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.getFactory().createGenerator(text)) {
      if (pretty) {
        // Lists stay on their line; one line feed on every system.
        json.setPrettyPrinter(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
      }
      json.writeStartObject();
      json.writeStringField("format", FORMAT);
      json.writeStringField("experiment", experiment);
      json.writeNumberField("version", plan.experiment().version());
      json.writeNumberField("seed", plan.seed());
      json.writeNumberField("replicates", plan.replicates());
      json.writeObjectFieldStart("axes");
      for (Parameter parameter : plan.experiment().parameters()) {
        json.writeArrayFieldStart(parameter.name());
        for (Object value : plan.values(parameter.name())) {
          write(json, value);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeArrayFieldStart("record");
      for (Column figure : plan.recorded()) {
        json.writeString(figure.name());
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Long whole) {
      json.writeNumber(whole);
    } else if (value instanceof Double number) {
      json.writeNumber(Numbers.exact(number));
    } else if (value instanceof Boolean answer) {
      json.writeBoolean(answer);
    } else {
      json.writeString(value.toString());
    }
  }

  /** Names and types, in their order. */
  static String columns(List<Column> columns) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.getFactory().createGenerator(text)) {
      json.writeStartObject();
      for (Column column : columns) {
        json.writeStringField(column.name(), column.type().toString());
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  static List<Column> parseColumns(String text) {
    List<Column> columns = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : tree(text).properties()) {
      Type type =
          Type.named(entry.getValue().asText())
              .orElseThrow(() -> Argument.refused("the type of column “" + entry.getKey() + "”", entry.getValue(), "a known one"));
      columns.add(new Column(entry.getKey(), type));
    }
    return columns;
  }

  static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
