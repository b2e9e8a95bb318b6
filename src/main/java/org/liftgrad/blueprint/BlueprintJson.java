package org.liftgrad.blueprint;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.liftgrad.blueprint.JsonText.Place;
import org.liftgrad.kernel.Argument;

/**
 * Blueprints as JSON, version {@value #VERSION}:
 *
 * <pre>{@code
 * {
 *   "format" : "liftgrad blueprint",
 *   "version" : 1,
 *   "name" : "example",
 *   "vertices" : [
 *     { "name" : "x", "role" : "input", "space" : [ 8, 8 ] },
 *     { "name" : "one", "role" : "constant" },
 *     { "name" : "h", "role" : "hidden", "activation" : { "function" : "pointwise", "of" : { "name" : "tanh" } } },
 *     { "name" : "t", "role" : "output", "activation" : { "function" : "pointwise", "of" : { "name" : "identity" } } }
 *   ],
 *   "edges" : [
 *     { "from" : "x", "to" : "h", "message" : { "function" : "convolution", "kernel" : [ 3, 3 ], "stride" : 1, "padding" : 1 } },
 *     { "from" : "one", "to" : "h", "message" : { "function" : "bias", "space" : [ 8, 8 ] } },
 *     { "from" : "h", "to" : "t", "message" : { "function" : "mean" }, "tied" : "readout" }
 *   ]
 * }
 * }</pre>
 *
 * <p>Edges into one vertex stand in the order in which its activation function takes them; the spaces of vertices other
 * than inputs follow from the functions. A space is a list of sizes, [ ] for R. Edges with the same {@code tied} have the same
 * weights. Fields that are not named here are refused. A vertex that is both an output and read by others is an output.
 *
 * <p><b>Functions.</b> Messages: linear, free, mean, bias (space), counted power (power), convolution (kernel, stride,
 * padding), pooling (kind, window, stride). Activation functions: pointwise and gate (of), difference, quotient, average,
 * mix, root mean square (epsilon), outer product (scale), row softmax (mask, a text of 0 and 1 for each row). Functions of a
 * number: identity, relu, tanh, softplus, gelu, leaky relu (slope), power and positive power (degree). Functions of
 * one's own are written by a name under which they are {@linkplain #withMessage said}.
 *
 * <p>Text that cannot be used raises {@link IllegalArgumentException} with one sentence. At most {@value
 * JsonText#MOST_BYTES} bytes, {@value #MOST_VERTICES} vertices and {@value #MOST_EDGES} edges are read.
 */
public final class BlueprintJson {

  /** The version that is written, and the only one that is read. */
  public static final int VERSION = 1;

  /** The most vertices that are read. */
  public static final int MOST_VERTICES = 1 << 12;

  /** The most edges that are read. */
  public static final int MOST_EDGES = 1 << 16;

  private static final String FORMAT = "liftgrad blueprint";

  private final Map<String, MessageRule> messages;
  private final Map<String, ActivationRule> activations;

  private BlueprintJson(Map<String, MessageRule> messages, Map<String, ActivationRule> activations) {
    this.messages = messages;
    this.activations = activations;
  }

  /** For blueprints of the library's functions. */
  public static BlueprintJson standard() {
    return new BlueprintJson(Map.of(), Map.of());
  }

  /** Also knows a message function of one's own, which is written by this name. */
  public BlueprintJson withMessage(String name, MessageRule rule) {
    return new BlueprintJson(with(messages, name, rule), activations);
  }

  /** Also knows an activation function of one's own, which is written by this name. */
  public BlueprintJson withActivation(String name, ActivationRule rule) {
    return new BlueprintJson(messages, with(activations, name, rule));
  }

  private static <T> Map<String, T> with(Map<String, T> map, String name, T rule) {
    Map<String, T> more = new LinkedHashMap<>(map);
    more.put(name, rule);
    return more;
  }

  /**
   * A blueprint as text.
   *
   * @throws IllegalArgumentException if a function is neither of the library nor known by a name
   */
  public String write(Blueprint blueprint) {
    return JsonText.of(json -> write(json, blueprint));
  }

  /** Writes a blueprint to a file, as {@link #write(Blueprint)}. */
  public void save(Path file, Blueprint blueprint) {
    JsonText.save(file, write(blueprint));
  }

  /**
   * The blueprint of a text.
   *
   * @throws IllegalArgumentException if the text cannot be used
   */
  public Blueprint read(String text) {
    return read(JsonText.parse("a blueprint", text));
  }

  /** The blueprint of a file, as {@link #read(String)}. */
  public Blueprint load(Path file) {
    return read(JsonText.load(file));
  }

  // ---- writing

  /** Writes a blueprint as an object, for a text that contains one. */
  public void write(JsonGenerator json, Blueprint blueprint) throws IOException {
    json.writeStartObject();
    json.writeStringField("format", FORMAT);
    json.writeNumberField("version", VERSION);
    json.writeStringField("name", blueprint.name());
    json.writeArrayFieldStart("vertices");
    for (Vertex vertex : blueprint.vertices()) {
      write(json, vertex);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("edges");
    int[] uses = blueprint.tying().fibreSizes();
    for (Edge edge : blueprint.edges()) {
      json.writeStartObject();
      json.writeStringField("from", blueprint.vertices().get(edge.source()).name());
      json.writeStringField("to", blueprint.vertices().get(edge.target()).name());
      json.writeObjectFieldStart("message");
      if (!FunctionJson.write(json, edge.message())) {
        json.writeStringField(
            "function",
            named(
                messages, edge.message().name(),
                rule -> rule.on(edge.message().source()).equals(edge.message())));
      }
      json.writeEndObject();
      if (uses[edge.group()] > 1) {
        json.writeStringField("tied", blueprint.groupNames().get(edge.group()));
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(JsonGenerator json, Vertex vertex) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", vertex.name());
    switch (vertex.role()) {
      case INPUT -> {
        json.writeStringField("role", "input");
        FunctionJson.sizes(json, "space", vertex.space());
      }
      case CONSTANT -> json.writeStringField("role", "constant");
      case COMPUTED -> {
        json.writeStringField("role", vertex.output() ? "output" : "hidden");
        ActivationFunction activation = vertex.activation().orElseThrow();
        json.writeObjectFieldStart("activation");
        if (!FunctionJson.write(json, activation)) {
          json.writeStringField(
              "function",
              named(activations, activation.name(), rule -> rule.on(activation.inputs()).equals(activation)));
        }
        json.writeEndObject();
      }
    }
    json.writeEndObject();
  }

  private static <T> String named(Map<String, T> known, String function, Predicate<T> makes) {
    return known.entrySet().stream()
        .filter(entry -> makes.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                Argument.refused(
                    "the function " + function, "one's own and without a name",
                    "said by withMessage or withActivation"));
  }

  // ---- reading

  private record Incoming(Place place, String source, MessageRule message) {}

  /** The blueprint in an object of a text that contains one. */
  public Blueprint read(Place root) {
    header(root, FORMAT, VERSION);
    root.only("format", "version", "name", "vertices", "edges");
    List<Place> vertices = root.field("vertices").items();
    List<Place> edges = root.field("edges").items();
    Argument.require(
        vertices.size() <= MOST_VERTICES, "the number of vertices", vertices.size(), "at most " + MOST_VERTICES);
    Argument.require(edges.size() <= MOST_EDGES, "the number of edges", edges.size(), "at most " + MOST_EDGES);
    Map<String, List<Incoming>> incoming = new LinkedHashMap<>();
    for (Place vertex : vertices) {
      incoming.put(vertex.field("name").text(), new ArrayList<>());
    }
    for (Place edge : edges) {
      edge.only("from", "to", "message", "tied");
      String target = edge.field("to").text();
      Argument.require(
          incoming.containsKey(target), edge.name() + ".to", "a missing vertex", "the name of a vertex");
      incoming.get(target).add(new Incoming(edge, edge.field("from").text(), message(edge.field("message"))));
    }
    BlueprintBuilder builder = Blueprint.blueprint(root.field("name").text());
    for (Place vertex : vertices) {
      builder = read(builder, vertex, incoming.get(vertex.field("name").text()));
    }
    return builder.build();
  }

  /** Refuses text of another format or version. */
  public static void header(Place root, String format, int version) {
    String found = root.field("format").text();
    Argument.require(found.equals(format), "format", found.length() > 60 ? "another" : found, format);
    int number = root.field("version").whole();
    Argument.require(number == version, "version", number, Integer.toString(version));
  }

  private BlueprintBuilder read(BlueprintBuilder before, Place vertex, List<Incoming> incoming) {
    String name = vertex.field("name").text();
    String role = vertex.field("role").text();
    BlueprintBuilder builder;
    switch (role) {
      case "input" -> {
        vertex.only("name", "role", "space");
        builder = before.input(name, FunctionJson.space(vertex.field("space")));
      }
      case "constant" -> {
        vertex.only("name", "role");
        builder = before.constant(name);
      }
      case "hidden", "output" -> {
        vertex.only("name", "role", "activation");
        ActivationRule rule = activation(vertex.field("activation"));
        builder = role.equals("output") ? before.output(name, rule) : before.vertex(name, rule);
      }
      default -> throw Argument.refused(
          vertex.name() + ".role", role.length() > 60 ? "another" : role, "input, constant, hidden or output");
    }
    for (Incoming edge : incoming) {
      builder = builder.from(edge.source, edge.message);
      Optional<Place> tie = edge.place.optional("tied");
      if (tie.isPresent()) {
        builder = builder.tied(tie.get().text());
      }
    }
    return builder;
  }

  private MessageRule message(Place place) {
    MessageRule own = messages.get(place.field("function").text());
    if (own != null) {
      place.only("function");
      return own;
    }
    return FunctionJson.message(place);
  }

  private ActivationRule activation(Place place) {
    ActivationRule own = activations.get(place.field("function").text());
    if (own != null) {
      place.only("function");
      return own;
    }
    return FunctionJson.activation(place);
  }
}
