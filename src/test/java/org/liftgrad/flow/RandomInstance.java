package org.liftgrad.flow;

import java.util.Arrays;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * A small problem drawn from a seed, of a kind that tempts an event-by-event integrator: inputs and
 * weights of small integers (so that pairs start at zero and events coincide), more points than
 * dimensions, zero rows, zero readouts and zero labels, readouts that change their sign, scales far from 1.
 */
record RandomInstance(
    long seed, double[][] inputs, double[] labels, double[][] weights, double[] readout, double time,
    boolean integers, Activation activation, String kind) {

  static RandomInstance of(long seed) {
    RandomStream stream = RandomStream.of(seed, "flow fuzz");
    boolean integers = stream.nextInt(3) == 0;
    int dimension = 1 + (stream.nextInt(3) == 0 ? stream.nextInt(30) : stream.nextInt(6));
    int points = dimension == 1 ? 1 : 1 + stream.nextInt(12);
    int neurons = 1 + stream.nextInt(8);
    int shape = stream.nextInt(4);
    double[][] x = new double[points][];
    int found = 0;
    for (int attempt = 0; attempt < 500 && found < points; attempt++) {
      double[] candidate = new double[dimension];
      for (int k = 0; k < dimension; k++) {
        candidate[k] =
            integers ? stream.nextInt(5) - 2
                : shape == 0 ? Math.abs(stream.nextGaussian())
                : shape == 1 && k > 0 ? 0.1 * stream.nextGaussian()
                : stream.nextGaussian();
      }
      if (norm(candidate) > 0 && apart(x, found, candidate)) {
        x[found++] = candidate;
      }
    }
    points = found;
    x = Arrays.copyOf(x, points);
    double[] y = new double[points];
    int labelKind = stream.nextInt(4);
    for (int i = 0; i < points; i++) {
      y[i] = labelKind == 0 ? stream.nextInt(5) - 2
          : labelKind == 1 && stream.nextInt(3) == 0 ? 0
          : stream.nextSign() * stream.nextUniform(0.5, 2);
    }
    double[][] w = new double[neurons][dimension];
    double[] a = new double[neurons];
    int readoutKind = stream.nextInt(4);
    double size = stream.nextInt(4) == 0 ? Math.pow(10, stream.nextUniform(-4, 1)) : 1;
    for (int j = 0; j < neurons; j++) {
      boolean zero = stream.nextInt(12) == 0;
      boolean onKink = !integers && stream.nextInt(8) == 0;
      for (int k = 0; k < dimension; k++) {
        w[j][k] = zero ? 0 : size * (integers ? stream.nextInt(5) - 2 : stream.nextGaussian() / Math.sqrt(dimension));
      }
      if (onKink) {
        // Orthogonal to one input, up to rounding.
        int i = stream.nextInt(points);
        double factor = dot(w[j], x[i]) / dot(x[i], x[i]);
        for (int k = 0; k < dimension; k++) {
          w[j][k] -= factor * x[i][k];
        }
      }
      double norm = norm(w[j]);
      a[j] = switch (readoutKind) {
        case 0 -> integers ? stream.nextInt(5) - 2 : stream.nextGaussian() * norm;
        case 1 -> stream.nextInt(3) == 0 ? 0 : stream.nextSign() * norm * stream.nextUniform(0, 1.5);
        default -> stream.nextSign() * (norm + size * stream.nextExponential());
      };
    }
    double time = stream.nextUniform(0.5, 20);
    int scaling = stream.nextInt(6);
    double inputScale = scaling == 0 ? Math.pow(10, stream.nextInt(17) - 8) : 1;
    double labelScale = scaling <= 1 ? Math.pow(10, stream.nextInt(13) - 6) : 1;
    // The flow keeps its form under x → s x, y → l y, (w, a) → √(l/s) (w, a), t → t/(l s).
    double alpha = Math.sqrt(labelScale / inputScale);
    for (double[] row : x) {
      scale(row, inputScale);
    }
    scale(y, labelScale);
    for (double[] row : w) {
      scale(row, alpha);
    }
    scale(a, alpha);
    time /= labelScale * inputScale;
    String kind =
        "n=" + points + " d=" + dimension + " p=" + neurons + (integers ? " integers" : "") + " readout kind "
            + readoutKind + " labels kind " + labelKind + " size " + size + " inputs ×" + inputScale + " labels ×" + labelScale;
    return new RandomInstance(seed, x, y, w, a, time, integers, Activation.relu(), kind);
  }

  /** The size of the largest weight or readout relative to the scale at which the labels can be fitted. */
  double startSize() {
    double most = 0;
    for (int j = 0; j < readout.length; j++) {
      most = Math.max(most, Math.max(Math.abs(readout[j]), norm(weights[j])));
    }
    double label = Arrays.stream(labels).map(Math::abs).max().orElse(0);
    double input = Arrays.stream(inputs).mapToDouble(RandomInstance::norm).max().orElse(0);
    return label == 0 || most == 0 ? 1 : most / Math.sqrt(label / input);
  }

  ShallowNetwork network() {
    return Problems.network(activation, inputs, labels, weights, readout);
  }

  /** The same problem with a leak, of a slope from 0.001 to 0.95. */
  RandomInstance leaky() {
    double[] slopes = {0.001, 0.01, 0.1, 0.3, 0.5, 0.8, 0.95};
    Activation leak = Activation.leakyRelu(slopes[RandomStream.of(seed, "leak").nextInt(slopes.length)]);
    return new RandomInstance(
        seed, inputs, labels, weights, readout, time, integers, leak, leak.name() + " " + kind);
  }

  private static void scale(double[] row, double factor) {
    for (int k = 0; k < row.length; k++) {
      row[k] *= factor;
    }
  }

  static double dot(double[] left, double[] right) {
    double sum = 0;
    for (int k = 0; k < left.length; k++) {
      sum += left[k] * right[k];
    }
    return sum;
  }

  static double norm(double[] row) {
    return Math.sqrt(dot(row, row));
  }

  private static boolean apart(double[][] x, int found, double[] candidate) {
    for (int i = 0; i < found; i++) {
      if (Math.abs(dot(x[i], candidate)) > 0.9999 * norm(x[i]) * norm(candidate)) {
        return false;
      }
    }
    return true;
  }
}
