package org.liftgrad.theorem;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/** One parameter of a plan: its name, what it means, what it may be, and its value. */
public sealed interface Parameter {

  /** The name, as {@code --set name=value} wants it. */
  String name();

  /** What it means, in a phrase. */
  String meaning();

  /** The value as text that {@link #parse} reads back. */
  String text();

  /**
   * The same parameter with another value.
   *
   * @throws IllegalArgumentException for a text that is not such a value, in one sentence
   */
  Parameter parse(String text);

  /**
   * One number, or several.
   *
   * @param name the name
   * @param meaning what it means
   * @param values the numbers; one where {@code list} is false
   * @param list whether several are allowed
   * @param whole whether they must be whole
   * @param least the least number allowed
   * @param most the largest number allowed
   */
  record Numeric(
      String name, String meaning, List<Double> values, boolean list, boolean whole, double least, double most)
      implements Parameter {

    /** A number as people write it; not Java's own forms, such as 1d or 0x1p3. */
    private static final Pattern FORM = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

    /** Checks every number. */
    public Numeric {
      values = List.copyOf(values);
      Argument.require(!values.isEmpty(), name, "empty", allowed(list, whole, least, most));
      for (double value : values) {
        Argument.require(
            value >= least && value <= most && (!whole || value == Math.rint(value)),
            name,
            Numbers.exact(value),
            allowed(list, whole, least, most));
      }
    }

    private static String allowed(boolean list, boolean whole, double least, double most) {
      return (list ? "one or more " + (whole ? "whole numbers" : "numbers") : whole ? "a whole number" : "a number")
          + " from " + Numbers.rounded(least, 15) + " to " + Numbers.rounded(most, 15)
          + (list ? ", separated by commas" : "");
    }

    @Override
    public String text() {
      return values.stream().map(Numbers::exact).collect(Collectors.joining(","));
    }

    @Override
    public Parameter parse(String text) {
      String[] parts = list ? text.split(",", -1) : new String[] {text};
      List<Double> read = new ArrayList<>();
      for (String part : parts) {
        Argument.require(
            FORM.matcher(part.strip()).matches(), name, "“" + text + "”", allowed(list, whole, least, most));
        read.add(Double.parseDouble(part.strip()));
      }
      return new Numeric(name, meaning, read, list, whole, least, most);
    }
  }

  /**
   * One word of a few, or several of them.
   *
   * @param name the name
   * @param meaning what it means
   * @param values the words; one where {@code list} is false
   * @param list whether several are allowed
   * @param allowed the words to choose from
   */
  record Choice(String name, String meaning, List<String> values, boolean list, List<String> allowed)
      implements Parameter {

    /** Checks every word. */
    public Choice {
      values = List.copyOf(values);
      allowed = List.copyOf(allowed);
      String what = (list ? "one or more, separated by commas, of " : "one of ") + String.join(", ", allowed);
      Argument.require(!values.isEmpty(), name, "empty", what);
      for (String value : values) {
        Argument.require(allowed.contains(value), name, "“" + value + "”", what);
      }
    }

    @Override
    public String text() {
      return String.join(",", values);
    }

    @Override
    public Parameter parse(String text) {
      List<String> read = new ArrayList<>();
      for (String part : list ? text.split(",", -1) : new String[] {text}) {
        read.add(part.strip());
      }
      return new Choice(name, meaning, read, list, allowed);
    }
  }

  /**
   * A text of a form of its own, such as a witness in a line.
   *
   * @param name the name
   * @param meaning what it means
   * @param text the text
   * @param reader refuses, in one sentence, what is not of the form
   */
  record Text(String name, String meaning, String text, Consumer<String> reader) implements Parameter {

    /** Lets the reader see it. */
    public Text {
      reader.accept(text);
    }

    @Override
    public Parameter parse(String other) {
      return new Text(name, meaning, other.strip(), reader);
    }

    @Override
    public String toString() {
      return name + " = " + text;
    }
  }
}
