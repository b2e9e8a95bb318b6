package org.liftgrad.plot;

import java.util.Optional;

/** One thing that a figure draws, with its data resolved. */
sealed interface Layer {

  /** What the legend calls it. */
  String name();

  Layer named(String name);

  /** How points are drawn. */
  enum Mark { LINE, POINTS }

  /** A curve or a cloud of points. */
  record Curve(String name, Mark mark, double[] x, double[] y) implements Layer {
    @Override
    public Layer named(String other) {
      return new Curve(other, mark, x, y);
    }
  }

  /** What lies between two curves. */
  record Band(String name, double[] x, double[] lower, double[] upper) implements Layer {
    @Override
    public Layer named(String other) {
      return new Band(other, x, lower, upper);
    }
  }

  /** At each place an upright line from one value to another. */
  record Intervals(String name, double[] x, double[] lower, double[] upper) implements Layer {
    @Override
    public Layer named(String other) {
      return new Intervals(other, x, lower, upper);
    }
  }

  /** A dashed curve to compare with; a constant where it has two points and the x range is unknown. */
  record Bound(String name, double[] x, double[] y) implements Layer {
    @Override
    public Layer named(String other) {
      return new Bound(other, x, y);
    }
  }

  /** A dashed level across the figure. */
  record Level(String name, double y) implements Layer {
    @Override
    public Layer named(String other) {
      return new Level(other, y);
    }
  }

  /** A power law through the middle of the first curve, or through a point that was given. */
  record Slope(String name, double exponent, Optional<double[]> through) implements Layer {
    @Override
    public Layer named(String other) {
      return new Slope(other, exponent, through);
    }
  }

  /** Vertical lines where something happens. */
  record Event(String name, double[] x) implements Layer {
    @Override
    public Layer named(String other) {
      return new Event(other, x);
    }
  }

  /** Bars; the number of bins 0 means: choose. */
  record Bars(String name, double[] values, int bins, boolean density) implements Layer {
    @Override
    public Layer named(String other) {
      return new Bars(other, values, bins, density);
    }
  }

  /** A matrix in colours. */
  record Heat(String name, HeatMap map) implements Layer {
    @Override
    public Layer named(String other) {
      return new Heat(other, map);
    }
  }
}
