package org.liftgrad.lift;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * How many vertices the fibres over hidden vertices have, by their depth among the hidden ones, from 0. The paper lets
 * widths not decrease with depth; a schedule that decreases is the control.
 */
public sealed interface WidthSchedule {

  /** The width at a depth, at least 1. */
  int width(int depth);

  /** The same at each depth. */
  static WidthSchedule constant(int width) {
    return new Geometric(width, 1);
  }

  /**
   * width · ratio^depth, rounded down, and at least 1.
   *
   * @param width at depth 0, at least 1
   * @param ratio above 0; under 1 widths decrease
   */
  static WidthSchedule geometric(int width, double ratio) {
    return new Geometric(width, ratio);
  }

  /** Each width by itself, from depth 0 on. */
  static WidthSchedule given(int... widths) {
    return new Given(widths);
  }

  /**
   * A geometric sequence.
   *
   * @param first the width at depth 0
   * @param ratio from one depth to the next
   */
  record Geometric(int first, double ratio) implements WidthSchedule {
    /** Refuses a width under 1 and a ratio of 0 or less. */
    public Geometric {
      Argument.positive("width", first);
      Argument.positive("the ratio of widths", ratio);
    }

    @Override
    public int width(int depth) {
      double width = first;
      for (int k = 0; k < depth; k++) {
        width *= ratio;
      }
      Argument.require(
          width <= Edges.MOST, "the width at depth " + depth, Numbers.rounded(width, 4), "at most " + Edges.MOST);
      return Math.max(1, (int) width);
    }

    @Override
    public String toString() {
      return first + (ratio == 1 ? "" : " × " + Numbers.rounded(ratio, 4) + "^depth");
    }
  }

  /** Widths one by one. */
  final class Given implements WidthSchedule {
    private final int[] widths;

    private Given(int[] widths) {
      for (int width : widths) {
        Argument.positive("width", width);
      }
      this.widths = widths.clone();
    }

    @Override
    public int width(int depth) {
      Argument.require(
          depth < widths.length, "the number of widths", widths.length, "at least " + (depth + 1) + ", one a depth");
      return widths[depth];
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Given given && Arrays.equals(widths, given.widths);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(widths);
    }

    @Override
    public String toString() {
      return Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }
  }
}
