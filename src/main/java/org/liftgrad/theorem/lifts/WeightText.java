package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.statistics.Numbers;

/** The law of weights in a word: {@code uniform:-2:2}, {@code normal:1.5} (standard deviation), {@code atoms:-1:0:1}. */
final class WeightText {

  private static final String FORM =
      "uniform:least:most, normal:deviation or atoms:value:value:…, as in uniform:-2:2, normal:1.5, atoms:-1:0:1";
  private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)");

  private final String name;
  private final double[] numbers;

  private WeightText(String name, double... numbers) {
    this.name = name;
    this.numbers = numbers;
  }

  /**
   * Reads a law.
   *
   * @throws IllegalArgumentException for a text that is none, in one sentence
   */
  static WeightText read(String text) {
    String[] parts = text.split(":", -1);
    boolean numeric = Arrays.stream(parts).skip(1).allMatch(part -> NUMBER.matcher(part.strip()).matches());
    double[] numbers =
        numeric ? Arrays.stream(parts).skip(1).mapToDouble(part -> Double.parseDouble(part.strip())).toArray() : new double[0];
    boolean known =
        switch (parts[0].strip()) {
          case "uniform" -> numbers.length == 2 && numbers[0] < numbers[1];
          case "normal" -> numbers.length == 1 && numbers[0] > 0;
          case "atoms" -> numbers.length >= 1;
          default -> false;
        };
    Argument.require(known, "weights", "“" + text + "”", FORM);
    return new WeightText(parts[0].strip(), numbers);
  }

  /** Every weight this many times as large. */
  WeightText stretched(double factor) {
    return new WeightText(name, Arrays.stream(numbers).map(number -> factor * number).toArray());
  }

  ParameterLaw law() {
    return switch (name) {
      case "uniform" -> ParameterLaw.uniform(numbers[0], numbers[1]);
      case "normal" -> ParameterLaw.normal(numbers[0]);
      default -> ParameterLaw.atoms(numbers);
    };
  }

  boolean continuous() {
    return !name.equals("atoms");
  }

  /** Where to look for weights: the support, of a normal law three deviations to each side. */
  double least() {
    return name.equals("normal") ? -3 * numbers[0] : Arrays.stream(numbers).min().orElseThrow();
  }

  /** The other end. */
  double most() {
    return name.equals("normal") ? 3 * numbers[0] : Arrays.stream(numbers).max().orElseThrow();
  }

  @Override
  public String toString() {
    return Arrays.stream(numbers).mapToObj(Numbers::exact).collect(Collectors.joining(":", name + ":", ""));
  }
}
