package org.liftgrad.theorem;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;

/**
 * The plan of a check at one scale: named numbers, lists of numbers and words, each with what it may
 * be. Immutable; every method that adds or replaces returns another one.
 */
public final class Parameters {

  private final Map<String, Parameter> byName;

  private Parameters(Map<String, Parameter> byName) {
    this.byName = Collections.unmodifiableMap(byName);
  }

  /** No parameters yet. */
  public static Parameters none() {
    return new Parameters(new LinkedHashMap<>());
  }

  /** Adds a whole number, from {@code least} to {@code most}. */
  public Parameters whole(String name, long value, long least, long most, String meaning) {
    return and(new Parameter.Numeric(name, meaning, List.of((double) value), false, true, least, most));
  }

  /** Adds a number, from {@code least} to {@code most}. */
  public Parameters number(String name, double value, double least, double most, String meaning) {
    return and(new Parameter.Numeric(name, meaning, List.of(value), false, false, least, most));
  }

  /** Adds a list of whole numbers, each from {@code least} to {@code most}. */
  public Parameters wholes(String name, List<Integer> values, long least, long most, String meaning) {
    return and(
        new Parameter.Numeric(
            name, meaning, values.stream().map(Integer::doubleValue).toList(), true, true, least, most));
  }

  /** Adds a list of numbers, each from {@code least} to {@code most}. */
  public Parameters numbers(String name, List<Double> values, double least, double most, String meaning) {
    return and(new Parameter.Numeric(name, meaning, values, true, false, least, most));
  }

  /** Adds words, one or more, from those allowed. */
  public Parameters words(String name, List<String> values, List<String> allowed, String meaning) {
    return and(new Parameter.Choice(name, meaning, values, true, allowed));
  }

  /** Adds a text of a form of its own; the reader refuses what is not of it, in one sentence. */
  public Parameters text(String name, String value, Consumer<String> reader, String meaning) {
    return and(new Parameter.Text(name, meaning, value, reader));
  }

  private Parameters and(Parameter parameter) {
    Map<String, Parameter> more = new LinkedHashMap<>(byName);
    more.put(parameter.name(), parameter);
    return new Parameters(more);
  }

  /**
   * The same with one value replaced, from text: another scale's plan, or what a user says.
   *
   * @throws IllegalArgumentException for an unknown name or an impossible value, in one sentence
   */
  public Parameters with(String name, String text) {
    Parameter parameter = byName.get(name);
    if (parameter == null) {
      throw Argument.refused("parameter", name, "one of " + String.join(", ", byName.keySet()));
    }
    return and(parameter.parse(text));
  }

  /** The same with several values replaced. */
  public Parameters with(Map<String, String> overrides) {
    Parameters replaced = this;
    for (Map.Entry<String, String> override : overrides.entrySet()) {
      replaced = replaced.with(override.getKey(), override.getValue());
    }
    return replaced;
  }

  /** The parameters, in their order. */
  public List<Parameter> all() {
    return List.copyOf(byName.values());
  }

  /** A whole number. */
  public int whole(String name) {
    return (int) number(name);
  }

  /** A number. */
  public double number(String name) {
    return numeric(name).values().get(0);
  }

  /** Whole numbers. */
  public int[] wholes(String name) {
    return Arrays.stream(numbers(name)).mapToInt(value -> (int) value).toArray();
  }

  /** Numbers. */
  public double[] numbers(String name) {
    return numeric(name).values().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Words. */
  public List<String> words(String name) {
    if (byName.get(name) instanceof Parameter.Choice choice) {
      return choice.values();
    }
    throw Argument.refused("parameter", name, "a parameter of words");
  }

  /** A text of a form of its own. */
  public String text(String name) {
    if (byName.get(name) instanceof Parameter.Text text) {
      return text.text();
    }
    throw Argument.refused("parameter", name, "a parameter that is a text");
  }

  private Parameter.Numeric numeric(String name) {
    if (byName.get(name) instanceof Parameter.Numeric numeric) {
      return numeric;
    }
    throw Argument.refused("parameter", name, "a parameter of numbers");
  }

  /** As in {@code points = 10,20; runs = 400}. */
  @Override
  public String toString() {
    return byName.values().stream()
        .map(parameter -> parameter.name() + " = " + parameter.text())
        .collect(Collectors.joining("; "));
  }
}
