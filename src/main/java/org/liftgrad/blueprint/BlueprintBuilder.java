package org.liftgrad.blueprint;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;

/**
 * Builds a {@link Blueprint}, vertex by vertex. Every call returns a new builder.
 *
 * <pre>{@code
 * blueprint("mlp").input("x").constant("one")
 *     .vertex("h1", tanh()).from("x", "one")
 *     .vertex("h2", tanh()).from("h1", "one")
 *     .readout("t").from("h2").build()
 * }</pre>
 *
 * <p>{@code from} may name vertices that follow later. Without a message function said, an edge is linear; from a
 * constant vertex it is a bias of the shape of the vertex's other pre-activations.
 */
public final class BlueprintBuilder {

  private record Incoming(String source, Optional<MessageRule> message, Optional<String> tie) {}

  private record Declared(
      String name,
      Vertex.Role role,
      boolean output,
      Optional<Space> space,
      Optional<ActivationRule> activation,
      List<Incoming> incoming) {

    Declared with(List<Incoming> incoming) {
      return new Declared(name, role, output, space, activation, List.copyOf(incoming));
    }
  }

  private final String name;
  private final List<Declared> declared;
  /** How many edges the last {@code from} added: those that {@link #tied} speaks of. */
  private final int lastEdges;

  private BlueprintBuilder(String name, List<Declared> declared, int lastEdges) {
    this.name = name;
    this.declared = declared;
    this.lastEdges = lastEdges;
  }

  /** For {@link Blueprint#blueprint}. */
  static BlueprintBuilder begin(String name) {
    return new BlueprintBuilder(named("the name of a blueprint", name), List.of(), 0);
  }

  /** An input vertex with Y = R: of the lift's fibre over it, each vertex is a coordinate of the data. */
  public BlueprintBuilder input(String name) {
    return input(name, Space.real());
  }

  /** An input vertex. */
  public BlueprintBuilder input(String name, Space space) {
    return with(new Declared(name, Vertex.Role.INPUT, false, Optional.of(space), Optional.empty(), List.of()));
  }

  /** A vertex whose activation is always 1, for biases. */
  public BlueprintBuilder constant(String name) {
    return with(
        new Declared(
            name, Vertex.Role.CONSTANT, false, Optional.of(Space.real()), Optional.empty(), List.of()));
  }

  /** A vertex that applies a function to each entry of the sum of its pre-activations. */
  public BlueprintBuilder vertex(String name, Activation function) {
    return vertex(name, ActivationRule.pointwise(function));
  }

  /** A vertex with an activation function; say next where its edges come {@link #from}. */
  public BlueprintBuilder vertex(String name, ActivationRule activation) {
    return computed(name, activation, false);
  }

  /** An output vertex that is the plain sum of its pre-activations. */
  public BlueprintBuilder readout(String name) {
    return output(name, ActivationRule.sum());
  }

  /** An output vertex with an activation function. */
  public BlueprintBuilder output(String name, ActivationRule activation) {
    return computed(name, activation, true);
  }

  private BlueprintBuilder computed(String name, ActivationRule activation, boolean output) {
    return with(
        new Declared(
            name, Vertex.Role.COMPUTED, output, Optional.empty(), Optional.of(activation), List.of()));
  }

  /** Edges into the vertex said last, with the usual message function. */
  public BlueprintBuilder from(String... sources) {
    Argument.atLeast("the number of sources", sources.length, 1);
    return with(
        Arrays.stream(sources).map(source -> new Incoming(source, Optional.empty(), Optional.empty())).toList());
  }

  /** An edge into the vertex said last. */
  public BlueprintBuilder from(String source, MessageRule message) {
    return with(List.of(new Incoming(source, Optional.of(message), Optional.empty())));
  }

  /**
   * The edges of the last {@code from} have the same weights as all others tied under this name.
   *
   * @param group not blank
   */
  public BlueprintBuilder tied(String group) {
    named("the name of a group of parameters", group);
    Argument.require(lastEdges > 0, "tied", "said of no edge", "said after from");
    Declared last = declared.get(declared.size() - 1);
    List<Incoming> incoming = new ArrayList<>(last.incoming);
    for (int k = incoming.size() - lastEdges; k < incoming.size(); k++) {
      incoming.set(k, new Incoming(incoming.get(k).source, incoming.get(k).message, Optional.of(group)));
    }
    return replacing(last.with(incoming), lastEdges);
  }

  private BlueprintBuilder with(Declared vertex) {
    named("the name of a vertex", vertex.name);
    Argument.require(
        declared.stream().noneMatch(other -> other.name.equals(vertex.name)), "vertex " + vertex.name,
        "doubled", "said once only");
    List<Declared> more = new ArrayList<>(declared);
    more.add(vertex);
    return new BlueprintBuilder(name, more, 0);
  }

  private BlueprintBuilder with(List<Incoming> edges) {
    Argument.require(!declared.isEmpty(), "from", "said of no vertex", "said after the vertex where the edges end");
    Declared last = declared.get(declared.size() - 1);
    Argument.require(
        last.role == Vertex.Role.COMPUTED, "from", "said of " + last.name + ", an input",
        "said of a vertex with an activation function, for inputs have no parents");
    List<Incoming> incoming = new ArrayList<>(last.incoming);
    for (Incoming edge : edges) {
      Argument.require(
          incoming.stream().noneMatch(other -> other.source.equals(edge.source)),
          "edge " + edge.source + " → " + last.name, "doubled", "said once only (put a vertex between)");
      incoming.add(edge);
    }
    return replacing(last.with(incoming), edges.size());
  }

  private BlueprintBuilder replacing(Declared last, int lastEdges) {
    List<Declared> replaced = new ArrayList<>(declared);
    replaced.set(replaced.size() - 1, last);
    return new BlueprintBuilder(name, replaced, lastEdges);
  }

  private static String named(String what, String name) {
    Argument.require(!name.isBlank(), what, "blank", "not blank");
    return name;
  }

  /**
   * The blueprint.
   *
   * @throws IllegalArgumentException for a cycle, a missing vertex, a message or an activation function that does not
   *     fit its spaces or contradicts finite differences, tied edges of different weights
   */
  public Blueprint build() {
    Map<String, Integer> places = new LinkedHashMap<>();
    declared.forEach(vertex -> places.put(vertex.name, places.size()));
    for (Declared vertex : declared) {
      for (Incoming edge : vertex.incoming) {
        // The sentence is put together only where it is needed: there may be thousands of names.
        if (!places.containsKey(edge.source)) {
          throw Argument.refused(
              "edge " + edge.source + " → " + vertex.name, "from a missing vertex",
              "from one of " + places.keySet());
        }
      }
    }
    Argument.require(
        declared.stream().anyMatch(Declared::output), "blueprint " + name, "without an output",
        "given one, by readout or output");
    return assembled(ordered(places));
  }

  /** In a topological order: at each step, the vertex said first of those whose parents have all been taken. */
  private List<Declared> ordered(Map<String, Integer> places) {
    List<Integer> sources = new ArrayList<>();
    List<Integer> targets = new ArrayList<>();
    for (int place = 0; place < declared.size(); place++) {
      for (Incoming edge : declared.get(place).incoming) {
        sources.add(places.get(edge.source));
        targets.add(place);
      }
    }
    Graph graph = Graph.of(declared.size(), numbers(sources), numbers(targets));
    int[] order =
        graph.topologicalOrder()
            .orElseThrow(
                () -> {
                  List<String> cycle = graph.cycle().stream().map(place -> declared.get(place).name).toList();
                  return Argument.refused(
                      "blueprint " + name, "cyclic (" + String.join(" → ", cycle) + ")", "acyclic");
                });
    return Arrays.stream(order).mapToObj(declared::get).toList();
  }

  private static int[] numbers(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Finds the spaces, in order, and numbers vertices, edges and groups of parameters. */
  private Blueprint assembled(List<Declared> order) {
    Map<String, Vertex> vertices = new LinkedHashMap<>();
    List<Edge> edges = new ArrayList<>();
    Map<String, Integer> ties = new HashMap<>();
    List<String> groups = new ArrayList<>();
    List<MessageFunction> firstOfGroup = new ArrayList<>();
    for (Declared each : order) {
      List<MessageFunction> messages = messages(each, vertices);
      for (int k = 0; k < messages.size(); k++) {
        MessageFunction message = messages.get(k);
        String edgeName = each.incoming.get(k).source + " → " + each.name;
        Optional<String> tie = each.incoming.get(k).tie;
        int group = tie.map(ties::get).map(Integer::intValue).orElse(groups.size());
        if (group == groups.size()) {
          groups.add(tie.orElse(edgeName));
          firstOfGroup.add(message);
          tie.ifPresent(named -> ties.put(named, group));
        } else {
          Space expected = firstOfGroup.get(group).weights();
          Argument.require(
              message.weights().equals(expected), "edge " + edgeName, "of weights in " + message.weights(),
              "of weights in " + expected + " as the others tied as " + tie.orElseThrow());
        }
        int source = vertices.get(each.incoming.get(k).source).index();
        edges.add(new Edge(edges.size(), source, vertices.size(), message, group));
      }
      Optional<ActivationFunction> activation = activation(each, messages);
      Space space = activation.map(ActivationFunction::output).orElseGet(each.space::orElseThrow);
      vertices.put(
          each.name, new Vertex(vertices.size(), each.name, each.role, each.output, space, activation));
    }
    return new Blueprint(name, List.copyOf(vertices.values()), edges, groups);
  }

  private static List<MessageFunction> messages(Declared vertex, Map<String, Vertex> before) {
    List<Optional<MessageFunction>> said = new ArrayList<>();
    for (Incoming edge : vertex.incoming) {
      Vertex source = before.get(edge.source);
      boolean bias = edge.message.isEmpty() && source.role() == Vertex.Role.CONSTANT;
      said.add(
          bias
              ? Optional.empty()
              : Optional.of(message(edge, vertex, source, edge.message.orElse(MessageRule.linear()))));
    }
    Space shape =
        said.stream().flatMap(Optional::stream).map(MessageFunction::output).findFirst().orElse(Space.real());
    return said.stream().map(message -> message.orElseGet(() -> new Bias(shape))).toList();
  }

  private static MessageFunction message(Incoming edge, Declared target, Vertex source, MessageRule rule) {
    try {
      MessageFunction message = rule.on(source.space());
      Argument.require(
          message.source().equals(source.space()), "the source of " + message.name(), message.source(),
          source.space() + ", the space of " + source.name());
      Derivatives.requireRight(message);
      return message;
    } catch (IllegalArgumentException refusal) {
      throw new IllegalArgumentException(
          "Edge " + edge.source + " → " + target.name + ": " + refusal.getMessage(), refusal);
    }
  }

  private static Optional<ActivationFunction> activation(Declared vertex, List<MessageFunction> messages) {
    try {
      return vertex.activation.map(
          rule -> {
            List<Space> spaces = messages.stream().map(MessageFunction::output).toList();
            ActivationFunction activation = rule.on(spaces);
            Argument.require(
                activation.inputs().equals(spaces), "the pre-activations that " + activation.name() + " takes",
                activation.inputs(), spaces + ", those that arrive");
            Derivatives.requireRight(activation);
            return activation;
          });
    } catch (IllegalArgumentException refusal) {
      throw new IllegalArgumentException("Vertex " + vertex.name + ": " + refusal.getMessage(), refusal);
    }
  }

  /** What has been said so far. */
  @Override
  public String toString() {
    return "blueprint " + name + " so far: "
        + (declared.isEmpty() ? "no vertex" : declared.stream().map(Declared::name).collect(Collectors.joining(", ")))
        + "; build() makes it";
  }
}
