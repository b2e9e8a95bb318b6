package org.liftgrad.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Assumptions;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Inputs;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.kernel.Provenance;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;

/** Networks from plain arrays, and the problems with known answers. */
final class Problems {

  private Problems() {}

  static ShallowNetwork network(double[][] inputs, double[] labels, double[][] weights, double[] readout) {
    return network(Activation.relu(), inputs, labels, weights, readout);
  }

  static ShallowNetwork network(
      Activation activation, double[][] inputs, double[] labels, double[][] weights, double[] readout) {
    DMatrixRMaj x = new DMatrixRMaj(inputs);
    DMatrixRMaj w = new DMatrixRMaj(weights);
    DMatrixRMaj gram = new DMatrixRMaj(x.numRows, x.numRows);
    CommonOps_DDRM.multTransB(x, x, gram);
    DMatrixRMaj u = new DMatrixRMaj(x.numRows, w.numRows);
    CommonOps_DDRM.multTransB(x, w, u);
    double[] squaredNorms = new double[w.numRows];
    for (int j = 0; j < w.numRows; j++) {
      for (double value : weights[j]) {
        squaredNorms[j] += value * value;
      }
    }
    Dataset data =
        new Dataset(gram, labels, x.numCols, new Inputs.Stored(x), 4e-16 * x.numCols, Provenance.none());
    return new ShallowNetwork(
        data, activation, u, squaredNorms, readout, Optional.of(w), Provenance.none());
  }

  /** Law S inputs in dimension d with the papers' start, drawn plainly. */
  static ShallowNetwork random(int points, int dimension, int neurons, long seed) {
    RandomStream stream = RandomStream.of(seed, "flow test");
    double[][] x = new double[points][dimension];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      double square = 0;
      for (int k = 0; k < dimension; k++) {
        x[i][k] = stream.nextGaussian();
        square += x[i][k] * x[i][k];
      }
      double factor = stream.nextUniform(1, 2) / Math.sqrt(square);
      for (int k = 0; k < dimension; k++) {
        x[i][k] *= factor;
      }
      y[i] = stream.nextSign() * stream.nextUniform(1, 2);
    }
    return network(x, y, weights(stream, neurons, dimension), new double[neurons], stream);
  }

  private static ShallowNetwork network(
      double[][] x, double[] y, double[][] w, double[] a, RandomStream stream) {
    for (int j = 0; j < a.length; j++) {
      double norm = Math.sqrt(Arrays.stream(w[j]).map(value -> value * value).sum());
      a[j] = stream.nextSign() * (norm + stream.nextExponential());
    }
    return network(x, y, w, a);
  }

  /** Inputs ‖x_i‖ e_i with the papers' start. */
  static ShallowNetwork orthogonal(int points, int neurons, long seed) {
    RandomStream stream = RandomStream.of(seed, "orthogonal flow test");
    double[][] x = new double[points][points];
    double[] y = new double[points];
    for (int i = 0; i < points; i++) {
      x[i][i] = stream.nextUniform(1, 2);
      y[i] = stream.nextSign() * stream.nextUniform(1, 2);
    }
    return network(x, y, weights(stream, neurons, points), new double[neurons], stream);
  }

  /** Orthogonal inputs by law, with zeros in the Gram matrix that are exact, and the papers' start. */
  static ShallowNetwork exactlyOrthogonal(int points, int neurons, long seed) {
    return ShallowNetworks.shallowNetwork(OrthogonalData.orthogonalData().points(points).seed(seed).build())
        .neurons(neurons)
        .dominantReadout()
        .seed(seed)
        .build();
  }

  private static double[][] weights(RandomStream stream, int neurons, int dimension) {
    double[][] w = new double[neurons][dimension];
    double bound = 1 / Math.sqrt(dimension);
    for (double[] row : w) {
      Arrays.setAll(row, k -> stream.nextUniform(-bound, bound));
    }
    return w;
  }

  /** A problem with a known answer; skips the test where their folder is not given. */
  record Case(ShallowNetwork network, double time, DMatrixRMaj preactivations, DMatrixRMaj weights, double[] readout) {
    static Case load(String name) throws IOException {
      String folder = System.getProperty("liftgrad.cases", "");
      Assumptions.assumeTrue(
          !folder.isBlank(), "the system property liftgrad.cases does not say where the cases are");
      Path path = Path.of(folder, name);
      Assumptions.assumeTrue(Files.isDirectory(path), path + " is not there");
      double[][] inputs = read(path.resolve("inputs.csv"));
      double[] labels = column(path.resolve("labels.csv"));
      double[][] weights = read(path.resolve("weights.csv"));
      double[] readout = column(path.resolve("readout.csv"));
      String json = Files.readString(path.resolve("case.json"));
      double time = Double.parseDouble(json.replaceAll("(?s).*\"time\":\\s*([0-9.]+).*", "$1"));
      return new Case(
          Problems.network(inputs, labels, weights, readout),
          time,
          new DMatrixRMaj(read(path.resolve("preactivations-final.csv"))),
          new DMatrixRMaj(read(path.resolve("weights-final.csv"))),
          column(path.resolve("readout-final.csv")));
    }

    private static double[][] read(Path path) throws IOException {
      return Files.readAllLines(path).stream()
          .filter(line -> !line.isBlank())
          .map(line -> Arrays.stream(line.split(",")).mapToDouble(Double::parseDouble).toArray())
          .toArray(double[][]::new);
    }

    private static double[] column(Path path) throws IOException {
      return Arrays.stream(read(path)).mapToDouble(row -> row[0]).toArray();
    }
  }

  static double largestDifference(double[] left, double[] right) {
    double most = 0;
    for (int k = 0; k < left.length; k++) {
      most = Math.max(most, Math.abs(left[k] - right[k]));
    }
    return most;
  }

  static double largestDifference(ShallowNetwork left, ShallowNetwork right) {
    return Math.max(
        largestDifference(left.preactivations().data, right.preactivations().data),
        largestDifference(left.readout(), right.readout()));
  }
}
