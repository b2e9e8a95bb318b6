package org.liftgrad.blueprint;

/**
 * M(w, y) = w correlated with y: z_ij = Σ w_uv y_(i stride + u − padding, j stride + v − padding), where y is 0 beyond
 * its border. One kernel for the whole image: that is how the places of an image share weights. W is the space of
 * kernels; on vectors it is the same along a line.
 *
 * @param windows where the kernel is laid on y
 */
public record Convolution(Windows windows) implements MessageFunction {

  @Override
  public String name() {
    return "convolution " + windows;
  }

  @Override
  public Space weights() {
    return windows.window();
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
  public boolean linearInWeights() {
    return true;
  }

  @Override
  public void add(double[] weights, int at, double[] source, double[] preactivation, int batch) {
    int rows = windows.rows();
    int columns = windows.columns();
    int height = windows.height();
    int width = windows.width();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double weight = weights[at + y * width + x];
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < columns; column++) {
            int from = windows.under(row, column, y, x) * batch;
            int to = (row * columns + column) * batch;
            for (int s = 0; from >= 0 && s < batch; s++) {
              preactivation[to + s] += weight * source[from + s];
            }
          }
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
    int height = windows.height();
    int width = windows.width();
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double weight = weights[at + y * width + x];
        double sum = 0;
        for (int row = 0; row < rows; row++) {
          for (int column = 0; column < columns; column++) {
            int from = windows.under(row, column, y, x) * batch;
            int to = (row * columns + column) * batch;
            for (int s = 0; from >= 0 && s < batch; s++) {
              sourceGradient[from + s] += weight * preactivationGradient[to + s];
              sum += preactivationGradient[to + s] * source[from + s];
            }
          }
        }
        weightGradient[at + y * width + x] += sum;
      }
    }
  }
}
