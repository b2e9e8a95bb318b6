package org.liftgrad.data;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;

/** Draws labels by their law; those of a point do not depend on how many points follow it. */
final class DrawnLabels {

  private DrawnLabels() {}

  /**
   * n labels. Within a group all have one sign: drawn ones take that of the group's first, given ones
   * must have it.
   */
  static double[] of(Labels law, int points, Inputs inputs, Optional<Groups> groups, long seed) {
    double[] labels = of(law, points, inputs, seed);
    if (groups.isEmpty()) {
      return labels;
    }
    double[] aligned = groups.get().alignSigns(labels);
    if (law instanceof Labels.Given) {
      for (int i = 0; i < points; i++) {
        Argument.require(
            aligned[i] == labels[i],
            "labels[" + i + "]", labels[i], "of the sign of the first label of its group " + groups.get().of(i));
      }
    }
    return aligned;
  }

  private static double[] of(Labels law, int points, Inputs inputs, long seed) {
    if (law instanceof Labels.Given given) {
      double[] labels = given.labels();
      Argument.require(
          labels.length == points,
          "the number of given labels", labels.length, points + ", the number of points");
      return labels;
    } else if (law instanceof Labels.Teacher teacher) {
      return teacher(inputs, points, teacher.neurons(), seed);
    }
    double[] labels = new double[points];
    if (law instanceof Labels.Uniform uniform) {
      RandomStream stream = RandomStream.of(seed, "labels");
      Bounds magnitudes = uniform.magnitudes();
      for (int i = 0; i < points; i++) {
        double magnitude = stream.nextUniform(magnitudes.least(), magnitudes.most());
        labels[i] = uniform.signed() ? stream.nextSign() * magnitude : magnitude;
      }
    } else if (law instanceof Labels.Constant constant) {
      Arrays.fill(labels, constant.label());
    }
    return labels;
  }

  private static double[] teacher(Inputs inputs, int points, int neurons, long seed) {
    DMatrixRMaj projections = GaussianProjections.of(inputs, points, neurons, seed);
    RandomStream stream = RandomStream.of(seed, "teacher readout");
    double[] readout = new double[neurons];
    Arrays.setAll(readout, j -> stream.nextSign());
    double[] labels = new double[points];
    for (int i = 0; i < points; i++) {
      double sum = 0;
      for (int j = 0; j < neurons; j++) {
        sum += readout[j] * Math.max(projections.get(i, j), 0);
      }
      labels[i] = sum / Math.sqrt(neurons);
    }
    return labels;
  }
}
