package org.liftgrad.theorem;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.liftgrad.plot.Figure;
import org.liftgrad.statistics.Interval;

/**
 * What an experiment found, before the check makes a verdict of it. Immutable; every method returns
 * another one.
 *
 * @param rule whether the rule was met, or nothing where the check has no rule
 * @param rows one row a run
 * @param quantity what is measured and predicted, in a phrase
 * @param measured the figure measured
 * @param predicted the figure predicted, or the bound
 * @param interval the interval of the figure measured
 * @param explanation what it comes to, in a sentence or more
 * @param outside which assumptions of the statement the plan leaves, and by how much
 * @param figure a picture of it
 */
public record Finding(
    Optional<Boolean> rule,
    List<Row> rows,
    String quantity,
    double measured,
    OptionalDouble predicted,
    Optional<Interval> interval,
    String explanation,
    List<String> outside,
    Optional<Figure> figure) {

  /** Copies the lists. */
  public Finding {
    rows = List.copyOf(rows);
    outside = List.copyOf(outside);
  }

  /** The rule was met, or not; these are the runs. */
  public static Finding judged(boolean met, List<Row> rows) {
    return new Finding(
        Optional.of(met), rows, "", Double.NaN, OptionalDouble.empty(), Optional.empty(), "", List.of(), Optional.empty());
  }

  /** There is no rule; these are the runs. */
  public static Finding reported(List<Row> rows) {
    return new Finding(
        Optional.empty(), rows, "", Double.NaN, OptionalDouble.empty(), Optional.empty(), "", List.of(), Optional.empty());
  }

  /** The same without its rule: it only reports. */
  public Finding withoutRule() {
    return new Finding(Optional.empty(), rows, quantity, measured, predicted, interval, explanation, outside, figure);
  }

  /** The figure measured, and what it is. */
  public Finding measured(String what, double value) {
    return new Finding(rule, rows, what, value, predicted, interval, explanation, outside, figure);
  }

  /** The figure predicted for it. */
  public Finding predicted(double value) {
    return new Finding(
        rule, rows, quantity, measured, OptionalDouble.of(value), interval, explanation, outside, figure);
  }

  /** The interval of the figure measured. */
  public Finding interval(Interval found) {
    return new Finding(
        rule, rows, quantity, measured, predicted, Optional.of(found), explanation, outside, figure);
  }

  /** What it comes to. */
  public Finding explained(String sentence) {
    return new Finding(rule, rows, quantity, measured, predicted, interval, sentence, outside, figure);
  }

  /** The plan leaves an assumption of the statement: which one and by how much. */
  public Finding outside(String assumption) {
    List<String> more = new ArrayList<>(outside);
    more.add(assumption);
    return new Finding(rule, rows, quantity, measured, predicted, interval, explanation, more, figure);
  }

  /** A picture of it. */
  public Finding figure(Figure picture) {
    return new Finding(
        rule, rows, quantity, measured, predicted, interval, explanation, outside, Optional.of(picture));
  }
}
