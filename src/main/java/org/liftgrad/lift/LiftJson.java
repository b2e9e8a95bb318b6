package org.liftgrad.lift;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.BlueprintJson;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.JsonText;
import org.liftgrad.blueprint.JsonText.Place;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * Lifts and their parameters as JSON, version {@value #VERSION}:
 *
 * <pre>{@code
 * {
 *   "format" : "liftgrad lift",
 *   "version" : 1,
 *   "blueprint" : { ... },
 *   "fibres" : [
 *     { "vertex" : "x", "size" : 3, "names" : [ "r", "g", "b" ] },
 *     { "vertex" : "h", "size" : 4 },
 *     { "vertex" : "t", "size" : 1 }
 *   ],
 *   "edges" : [
 *     { "from" : "x", "to" : "h", "sources" : [ [ 0, 2 ], [ 1, 1 ], [ ], [ 0 ] ] },
 *     { "from" : "h", "to" : "t", "full" : true }
 *   ],
 *   "parameters" : [ 0.5, -1, 0.25, 1, 2, 0, 0, 0, 0 ]
 * }
 * }</pre>
 *
 * <p>The blueprint is as {@link BlueprintJson} says. There is a fibre for each of its vertices and an entry for each of
 * its edges, in its order. {@code sources} has, for each vertex of the target's fibre, its parents in the source's, in
 * increasing order; one that stands twice is two edges. Parameters are in the order of {@link Lift}; a lift without
 * parameters given has none of the field.
 *
 * <p>Text that cannot be used raises {@link IllegalArgumentException} with one sentence. At most {@value #MOST}
 * lifted vertices, lifted edges and parameters are written or read: larger lifts are drawn again from their seed.
 */
public final class LiftJson {

  /** The version that is written, and the only one that is read. */
  public static final int VERSION = 1;

  /** The most lifted vertices, lifted edges, and parameters. */
  public static final int MOST = 1_000_000;

  private static final String FORMAT = "liftgrad lift";

  private final BlueprintJson blueprints;

  private LiftJson(BlueprintJson blueprints) {
    this.blueprints = blueprints;
  }

  /** For lifts of blueprints of the library's functions. */
  public static LiftJson standard() {
    return new LiftJson(BlueprintJson.standard());
  }

  /** For lifts of blueprints with functions of one's own too. */
  public static LiftJson of(BlueprintJson blueprints) {
    return new LiftJson(blueprints);
  }

  /**
   * A lift as text.
   *
   * @throws IllegalArgumentException if it is too large, or a function of the blueprint has no name
   */
  public String write(Lift lift) {
    return write(lift, Optional.empty());
  }

  /** A lift and its parameters as text; otherwise as {@link #write(Lift)}. */
  public String write(LiftedNetwork network) {
    return write(network.lift(), Optional.of(network.parameters()));
  }

  /** Writes a lift and its parameters to a file. */
  public void save(Path file, LiftedNetwork network) {
    JsonText.save(file, write(network));
  }

  /**
   * The lift of a text, whatever parameters it has.
   *
   * @throws IllegalArgumentException if the text cannot be used
   */
  public Lift readLift(String text) {
    return lift(JsonText.parse("a lift", text));
  }

  /**
   * The lift and the parameters of a text.
   *
   * @throws IllegalArgumentException if the text cannot be used
   */
  public LiftedNetwork read(String text) {
    Place root = JsonText.parse("a lift", text);
    Lift lift = lift(root);
    return LiftedNetwork.of(lift, root.field("parameters").numbers());
  }

  /** The lift and the parameters of a file, as {@link #read}. */
  public LiftedNetwork load(Path file) {
    return read(JsonText.load(file));
  }

  // ---- writing

  private static void limited(long vertices, long edges, long parameters) {
    Argument.require(vertices <= MOST, "the number of lifted vertices", vertices, "at most " + MOST + " in JSON");
    Argument.require(edges <= MOST, "the number of lifted edges", edges, "at most " + MOST + " in JSON");
    Argument.require(parameters <= MOST, "the number of parameters", parameters, "at most " + MOST + " in JSON");
  }

  private String write(Lift lift, Optional<double[]> parameters) {
    limited(lift.vertexCount(), lift.edgeCount(), lift.parameters());
    return JsonText.of(
        json -> {
          json.writeStartObject();
          json.writeStringField("format", FORMAT);
          json.writeNumberField("version", VERSION);
          json.writeFieldName("blueprint");
          blueprints.write(json, lift.blueprint());
          json.writeArrayFieldStart("fibres");
          for (Vertex vertex : lift.blueprint().vertices()) {
            write(json, lift, vertex);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("edges");
          for (Edge edge : lift.blueprint().edges()) {
            write(json, lift, edge);
          }
          json.writeEndArray();
          if (parameters.isPresent()) {
            json.writeArrayFieldStart("parameters");
            for (double value : parameters.get()) {
              json.writeNumber(Numbers.exact(value));
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }

  private static void write(JsonGenerator json, Lift lift, Vertex vertex) throws IOException {
    json.writeStartObject();
    json.writeStringField("vertex", vertex.name());
    json.writeNumberField("size", lift.fibre(vertex.index()));
    if (lift.label(vertex.index(), 0).isPresent()) {
      json.writeArrayFieldStart("names");
      for (int i = 0; i < lift.fibre(vertex.index()); i++) {
        json.writeString(lift.label(vertex.index(), i).orElseThrow());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Lift lift, Edge edge) throws IOException {
    Edges lifted = lift.edges(edge.index());
    json.writeStartObject();
    json.writeStringField("from", lift.blueprint().vertices().get(edge.source()).name());
    json.writeStringField("to", lift.blueprint().vertices().get(edge.target()).name());
    if (isFull(lifted)) {
      json.writeBooleanField("full", true);
    } else {
      json.writeArrayFieldStart("sources");
      for (int v = 0; v < lifted.targets(); v++) {
        json.writeStartArray();
        for (int e = lifted.first(v); e < lifted.first(v + 1); e++) {
          json.writeNumber(lifted.source(e));
        }
        json.writeEndArray();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  private static boolean isFull(Edges lifted) {
    return lifted.count() == (long) lifted.sources() * lifted.targets()
        && lifted.equals(EdgeLaw.full().draw(lifted.sources(), lifted.targets(), 0, 0));
  }

  // ---- reading

  private Lift lift(Place root) {
    BlueprintJson.header(root, FORMAT, VERSION);
    root.only("format", "version", "blueprint", "fibres", "edges", "parameters");
    Blueprint blueprint = blueprints.read(root.field("blueprint"));
    List<Place> fibrePlaces = root.field("fibres").items();
    List<Place> edgePlaces = root.field("edges").items();
    Argument.require(
        fibrePlaces.size() == blueprint.vertices().size(), "the number of fibres", fibrePlaces.size(),
        blueprint.vertices().size() + ", one for each vertex");
    Argument.require(
        edgePlaces.size() == blueprint.edges().size(), "the number of edges", edgePlaces.size(),
        blueprint.edges().size() + ", one for each edge of the blueprint");
    int[] fibres = new int[fibrePlaces.size()];
    Map<String, List<String>> names = new LinkedHashMap<>();
    long vertices = 0;
    for (int v = 0; v < fibres.length; v++) {
      Place place = fibrePlaces.get(v);
      place.only("vertex", "size", "names");
      String vertex = blueprint.vertices().get(v).name();
      same(place.field("vertex"), vertex);
      fibres[v] = Argument.atLeast(place.name() + ".size", place.field("size").whole(), 1);
      vertices += fibres[v];
      place.optional("names").ifPresent(list -> names.put(vertex, list.items().stream().map(Place::text).toList()));
    }
    limited(vertices, 0, 0);
    // Before anything is made whose size is only a number in the text.
    limited(vertices, count(blueprint, fibres, edgePlaces), 0);
    List<Edges> edges = new ArrayList<>();
    for (Edge edge : blueprint.edges()) {
      edges.add(edges(edgePlaces.get(edge.index()), fibres[edge.source()], fibres[edge.target()]));
    }
    Lift lift = Lift.of(blueprint, fibres, edges);
    limited(vertices, 0, lift.parameters());
    for (Map.Entry<String, List<String>> entry : names.entrySet()) {
      lift = lift.labelled(entry.getKey(), entry.getValue());
    }
    return lift;
  }

  private static void same(Place place, String expected) {
    String found = place.text();
    Argument.require(
        found.equals(expected), place.name(), found.length() > 60 ? "another" : found,
        expected + ", in the order of the blueprint");
  }

  /** How many lifted edges there will be; also refuses fibres that would make long lists of edges without edges. */
  private static long count(Blueprint blueprint, int[] fibres, List<Place> places) {
    long count = 0;
    long ends = 0;
    for (Edge edge : blueprint.edges()) {
      Place place = places.get(edge.index());
      place.only("from", "to", "full", "sources");
      same(place.field("from"), blueprint.vertices().get(edge.source()).name());
      same(place.field("to"), blueprint.vertices().get(edge.target()).name());
      int sources = fibres[edge.source()];
      int targets = fibres[edge.target()];
      if (place.optional("full").isPresent()) {
        Argument.require(
            place.field("full").truth() && place.optional("sources").isEmpty(), place.name(), "neither full nor listed",
            "full (true) or with a list of sources");
        count += (long) sources * targets;
      } else {
        List<Place> lists = place.field("sources").items();
        Argument.require(
            lists.size() == targets, "the number of lists in " + place.name() + ".sources", lists.size(),
            targets + ", the size of the fibre");
        for (Place list : lists) {
          count += list.size();
        }
      }
      ends += sources + targets;
    }
    Argument.require(
        ends <= 10L * MOST, "the sum of the sizes of fibres over the ends of edges", ends, "at most " + 10L * MOST);
    return count;
  }

  private static Edges edges(Place place, int sources, int targets) {
    if (place.optional("full").isPresent()) {
      return EdgeLaw.full().draw(sources, targets, 0, 0);
    }
    List<Place> lists = place.field("sources").items();
    int[][] parents = lists.stream().map(Place::wholes).toArray(int[][]::new);
    int count = Arrays.stream(parents).mapToInt(list -> list.length).sum();
    int[] from = new int[count];
    int[] to = new int[count];
    int at = 0;
    for (int v = 0; v < targets; v++) {
      for (int k = 0; k < parents[v].length; k++) {
        int least = k == 0 ? 0 : parents[v][k - 1];
        if (parents[v][k] < least || parents[v][k] >= sources) {
          throw Argument.refused(
              lists.get(v).name() + "[" + k + "]", parents[v][k],
              "from " + least + " to " + (sources - 1) + ", in increasing order");
        }
        from[at] = parents[v][k];
        to[at++] = v;
      }
    }
    return Edges.of(sources, targets, from, to);
  }
}
