package org.liftgrad.sweep;

import java.util.List;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * Something that a run of an experiment is told: its name, what it may be, and what it is unless said.
 * A plan gives every parameter one value or several; with several it is an axis.
 *
 * @param column name and type
 * @param meaning what it means, in a phrase
 * @param least the least number allowed; −∞ where there is none
 * @param most the largest number allowed; +∞ where there is none
 * @param words the texts allowed; empty where any is
 * @param otherwise the value unless said; empty where it has to be said
 */
public record Parameter(
    Column column, String meaning, double least, double most, List<String> words, Optional<Object> otherwise) {

  /** Copies the words; refuses a range without numbers, and a default that is not allowed. */
  public Parameter {
    words = List.copyOf(words);
    Argument.require(least <= most, "the least value of “" + column.name() + "”", least, "at most " + most);
  }

  static Parameter of(Column column, double least, double most, List<String> words) {
    return new Parameter(column, "", least, most, words, Optional.empty());
  }

  /** The name. */
  public String name() {
    return column.name();
  }

  /** The type. */
  public Type type() {
    return column.type();
  }

  Parameter meaning(String phrase) {
    return new Parameter(column, phrase, least, most, words, otherwise);
  }

  Parameter otherwise(Object value) {
    return new Parameter(column, meaning, least, most, words, Optional.of(accept(value)));
  }

  /**
   * A value in its one form.
   *
   * @throws IllegalArgumentException for a value that is not allowed, in a sentence
   */
  Object accept(Object value) {
    Optional<Object> form = type().form(value).filter(this::allowed);
    return form.orElseThrow(() -> Argument.refused("axis “" + name() + "”", "“" + value + "”", allowed()));
  }

  private boolean allowed(Object value) {
    if (value instanceof Number number) {
      double size = number.doubleValue();
      return size >= least && size <= most && Double.isFinite(size);
    }
    return !(value instanceof String text) || words.isEmpty() || words.contains(text);
  }

  /** What it may be, in words. */
  public String allowed() {
    if (!words.isEmpty()) {
      return "one of " + String.join(", ", words);
    }
    boolean below = least > Double.NEGATIVE_INFINITY;
    boolean above = most < Double.POSITIVE_INFINITY;
    return type().words()
        + (below ? (above ? " from " : " of at least ") + Numbers.exact(least) : "")
        + (above ? (below ? " to " : " of at most ") + Numbers.exact(most) : "");
  }
}
