package org.liftgrad.blueprint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.WholeFile;

/**
 * JSON as blueprints and lifts are written in it: strict, of limited size, and with sentences that name the place of
 * what cannot be used. The same content gives the same bytes everywhere.
 */
public final class JsonText {

  /** The longest text that is read. */
  public static final int MOST_BYTES = 1 << 26;

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonText() {}

  /** What is written. */
  @FunctionalInterface
  public interface Body {

    /** Writes it. */
    void write(JsonGenerator json) throws IOException;
  }

  /** The text of what a body writes, indented, with a line feed at the end. */
  public static String of(Body body) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      // One line feed on every system: the same bytes everywhere. Arrays of numbers stay on a line.
      DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
      printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
      json.setPrettyPrinter(printer);
      body.write(json);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.append("\n").toString();
  }

  /** Writes a text to a file, beside its place first. */
  public static void save(Path file, String text) {
    WholeFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * The text of a file.
   *
   * @throws IllegalArgumentException if it is no text in UTF-8 of at most {@value #MOST_BYTES} bytes
   */
  public static String load(Path file) {
    byte[] bytes = WholeFile.read(file, MOST_BYTES);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw Argument.refused("the file " + file, "not text in UTF-8", "JSON, which is");
    }
  }

  /**
   * Reads a whole text.
   *
   * @param what the thing it should be, for refusals
   * @throws IllegalArgumentException if it is not JSON, too long, or not an object
   */
  public static Place parse(String what, String text) {
    Argument.require(text.length() <= MOST_BYTES, "the length of the text", text.length(), "at most " + MOST_BYTES);
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String where = at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      throw new IllegalArgumentException(
          "the text is not JSON" + where + "; it must be " + what + " as JSON.", e);
    }
    Place root = new Place(what, node);
    Argument.require(node.isObject(), "the text", "no object", what + " as a JSON object");
    return root;
  }

  /**
   * A value with its place, which refusals name.
   *
   * @param name such as {@code edges[3].message}
   * @param node the value
   */
  public record Place(String name, JsonNode node) {

    private IllegalArgumentException refused(String allowed) {
      String shown = node.isObject() ? "an object" : node.isArray() ? "an array" : shortened(node.asText());
      return Argument.refused(name, node.isTextual() ? "\"" + shown + "\"" : shown, allowed);
    }

    /** A field that must be there. */
    public Place field(String field) {
      return optional(field)
          .orElseThrow(() -> Argument.refused(child(field), "missing", "there, as all fields of the format"));
    }

    /** A field that may be there. */
    public Optional<Place> optional(String field) {
      if (!node.isObject()) {
        throw refused("an object");
      }
      return Optional.ofNullable(node.get(field)).map(value -> new Place(child(field), value));
    }

    private String child(String field) {
      return name.contains(" ") ? field : name + "." + field;
    }

    /** Refuses fields other than these. */
    public void only(String... fields) {
      Iterator<String> names = node.fieldNames();
      while (names.hasNext()) {
        String field = names.next();
        if (!Arrays.asList(fields).contains(field)) {
          throw Argument.refused(
              "the field " + child(shortened(field)), "unknown", "one of " + Arrays.toString(fields));
        }
      }
    }

    private static String shortened(String field) {
      return field.length() > 40 ? field.substring(0, 40) + "…" : field;
    }

    /** The values of an array. */
    public List<Place> items() {
      if (!node.isArray()) {
        throw refused("an array");
      }
      List<Place> items = new ArrayList<>(node.size());
      for (JsonNode item : node) {
        items.add(new Place(name + "[" + items.size() + "]", item));
      }
      return items;
    }

    /** As many as an array has. */
    public int size() {
      if (!node.isArray()) {
        throw refused("an array");
      }
      return node.size();
    }

    /** A text. */
    public String text() {
      if (!node.isTextual()) {
        throw refused("a text");
      }
      return node.textValue();
    }

    /** true or false. */
    public boolean truth() {
      if (!node.isBoolean()) {
        throw refused("true or false");
      }
      return node.booleanValue();
    }

    /** A whole number of int's range. */
    public int whole() {
      if (!node.isIntegralNumber() || !node.canConvertToInt()) {
        throw refused("a whole number up to " + Integer.MAX_VALUE);
      }
      return node.intValue();
    }

    /** A finite number. */
    public double number() {
      double value = node.isNumber() ? node.doubleValue() : Double.NaN;
      if (!Double.isFinite(value)) {
        throw refused("a finite number");
      }
      return value;
    }

    /** Many whole numbers, without a place of their own unless one is wrong. */
    public int[] wholes() {
      int[] values = new int[size()];
      for (int k = 0; k < values.length; k++) {
        JsonNode item = node.get(k);
        values[k] =
            item.isInt() ? item.intValue() : new Place(name + "[" + k + "]", item).whole();
      }
      return values;
    }

    /** Many finite numbers. */
    public double[] numbers() {
      double[] values = new double[size()];
      for (int k = 0; k < values.length; k++) {
        JsonNode item = node.get(k);
        double value = item.isNumber() ? item.doubleValue() : Double.NaN;
        values[k] = Double.isFinite(value) ? value : new Place(name + "[" + k + "]", item).number();
      }
      return values;
    }
  }
}
