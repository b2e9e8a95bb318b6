package org.liftgrad.blueprint;

import org.liftgrad.kernel.Argument;

/**
 * M(0, y) = the mean or the largest entry under each window, without parameters: W = {0}. The largest entry is
 * differentiable where there is only one; where there are several, its reverse rule takes the first.
 *
 * @param kind what is taken of each window
 * @param windows where the windows lie on y, without padding
 */
public record Pooling(Kind kind, Windows windows) implements MessageFunction {

  /** What is taken of each window. */
  public enum Kind {
    /** The mean of its entries. */
    MEAN,
    /** The largest of them. */
    LARGEST
  }

  /** Refuses padding: there is nothing to take beyond the border. */
  public Pooling {
    Argument.require(windows.padding() == 0, "padding", windows.padding(), "0 for a pooling");
  }

  @Override
  public String name() {
    return (kind == Kind.MEAN ? "mean" : "largest") + " of " + windows;
  }

  @Override
  public Space weights() {
    return Space.ofDimensionZero();
  }

  @Override
  public Space source() {
    return windows.source();
  }

  @Override
  public Space output() {
    return windows.output();
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    int rows = windows.rows();
    int columns = windows.columns();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int to = (row * columns + column) * batch;
        for (int s = 0; s < batch; s++) {
          preactivation[to + s] +=
              kind == Kind.MEAN
                  ? mean(row, column, source, s, batch)
                  : source[largest(row, column, source, s, batch)];
        }
      }
    }
  }

  @Override
  public void addReverse(
      double[] weights,
      int at,
      double[] source,
      double[] preactivationGradient,
      double[] sourceGradient,
      double[] weightGradient,
      int batch) {
    int rows = windows.rows();
    int columns = windows.columns();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int to = (row * columns + column) * batch;
        for (int s = 0; s < batch; s++) {
          double gradient = preactivationGradient[to + s];
          if (kind == Kind.LARGEST) {
            sourceGradient[largest(row, column, source, s, batch)] += gradient;
          } else {
            for (int y = 0; y < windows.height(); y++) {
              for (int x = 0; x < windows.width(); x++) {
                sourceGradient[windows.under(row, column, y, x) * batch + s] += gradient / windows.window().dimension();
              }
            }
          }
        }
      }
    }
  }

  private double mean(int row, int column, double[] source, int s, int batch) {
    double sum = 0;
    for (int y = 0; y < windows.height(); y++) {
      for (int x = 0; x < windows.width(); x++) {
        sum += source[windows.under(row, column, y, x) * batch + s];
      }
    }
    return sum / windows.window().dimension();
  }

  /** The place in the row of the largest entry under a window, for one sample. */
  private int largest(int row, int column, double[] source, int s, int batch) {
    int largest = windows.under(row, column, 0, 0) * batch + s;
    for (int y = 0; y < windows.height(); y++) {
      for (int x = 0; x < windows.width(); x++) {
        int at = windows.under(row, column, y, x) * batch + s;
        largest = source[at] > source[largest] ? at : largest;
      }
    }
    return largest;
  }
}
