package org.liftgrad.theorem.lifts;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.theorem.Parameters;

/**
 * A cell of the checks that vary the width of the hidden fibres alone.
 *
 * @param vertices n
 */
record Width(int vertices) {

  /** The widths of a plan, each once, in ascending order. */
  static List<Width> of(Parameters plan) {
    return Arrays.stream(plan.wholes("widths")).distinct().sorted().mapToObj(Width::new).toList();
  }

  @Override
  public String toString() {
    return "n = " + vertices;
  }
}
