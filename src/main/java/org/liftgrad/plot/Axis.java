package org.liftgrad.plot;

import java.util.Optional;
import org.liftgrad.kernel.Argument;

/**
 * What was said about an axis.
 *
 * @param label what stands beside it, if said
 * @param logarithmic whether it is logarithmic
 * @param least the least shown; NaN where the data decide
 * @param most the most shown; NaN where the data decide
 */
record Axis(Optional<String> label, boolean logarithmic, double least, double most) {

  static final Axis LINEAR = new Axis(Optional.empty(), false, Double.NaN, Double.NaN);

  Axis logarithm() {
    return new Axis(label, true, least, most);
  }

  Axis labelled(String text) {
    return new Axis(Optional.of(text), logarithmic, least, most);
  }

  Axis ranged(String name, double from, double to) {
    Argument.finite("least " + name, from);
    Argument.finite("most " + name, to);
    Argument.require(to > from, "most " + name, to, "above the least = " + from);
    return new Axis(label, logarithmic, from, to);
  }

  /** Whether the axis can show the number at all. */
  boolean shows(double value) {
    return Double.isFinite(value) && (!logarithmic || value > 0);
  }
}
