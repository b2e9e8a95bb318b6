package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.List;
import org.liftgrad.shallow.Width;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;

/**
 * A cell of a plan over sizes.
 *
 * @param points n
 * @param dimension d
 * @param neurons p
 */
record Size(int points, long dimension, int neurons) {

  static final int MOST_POINTS = 1000;

  /** The papers' width of n points at the plan's ε; d = factor·n² for each of the plan's factors. */
  static List<Size> of(Parameters plan) {
    List<Size> sizes = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (double factor : plan.numbers("dimensionFactors")) {
        sizes.add(
            new Size(points, Starts.dimension(points, factor), Width.widthFor(points, plan.number("epsilon"))));
      }
    }
    return sizes;
  }

  /** The parameters that {@link #of} reads, and the number of runs. */
  static Parameters plan(List<Integer> points, List<Double> dimensionFactors, int runs) {
    return Parameters.none()
        .wholes("points", points, 2, MOST_POINTS, "numbers of points n")
        .numbers("dimensionFactors", dimensionFactors, 1e-3, 1e9, "dimensions d, over n²")
        .number("epsilon", 0.05, 1e-12, 0.999, "ε of the papers' width p = ⌊log(n/ε)/log(4/3)⌋ + 1")
        .whole("runs", runs, 1, 100_000, "runs a size, each with data and start of its own");
  }

  /** A row that begins with the sizes and the run. */
  Row row(int replicate) {
    return Row.start()
        .and("points", points)
        .and("dimension", dimension)
        .and("neurons", neurons)
        .and("run", replicate);
  }
}
