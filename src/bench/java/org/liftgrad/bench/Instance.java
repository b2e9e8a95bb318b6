package org.liftgrad.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;

/**
 * A start to be followed, and its name.
 *
 * @param name a file name
 * @param network the start
 */
record Instance(String name, ShallowNetwork network) {

  /** n. */
  int points() {
    return network.data().points();
  }

  /** n·p. */
  int pairs() {
    return points() * network.neurons();
  }

  /** Gaussian inputs, stored, and a start of Assumption 1. */
  static Instance gaussian(int points, int dimension, int neurons, long seed) {
    Dataset data = SubGaussianData.subGaussianData().points(points).dimension(dimension).seed(seed).build();
    return of("gaussian", data, neurons, seed);
  }

  /** Law S, stored, and the papers' start. */
  static Instance lawS(int points, int dimension, int neurons, long seed) {
    return of("law-s", SubGaussianData.lawS().points(points).dimension(dimension).seed(seed).build(), neurons, seed);
  }

  /** Law S in dimension 4n², exact in law, and Gaussian weights of the variance of the papers' start, whose law needs no inputs. */
  static Instance exactInLaw(int points, int neurons, long seed) {
    long dimension = 4L * points * points;
    Dataset data = SubGaussianData.lawS().points(points).dimension(dimension).exactInLaw().seed(seed).build();
    return new Instance(
        "exact-in-law-" + points + "-" + neurons + "-" + seed,
        ShallowNetworks.shallowNetwork(data)
            .neurons(neurons).weights(WeightLaw.gaussian(1 / Math.sqrt(3.0 * dimension))).dominantReadout().seed(seed).build());
  }

  private static Instance of(String law, Dataset data, int neurons, long seed) {
    ShallowNetwork network =
        ShallowNetworks.shallowNetwork(data).neurons(neurons).dominantReadout().seed(seed).build();
    String name = law + "-" + data.points() + "-" + data.dimension() + "-" + neurons + "-" + seed;
    return new Instance(name, network);
  }

  /** Writes it for the peers and returns the folder: the Gram matrix, labels, pre-activations and readout, and inputs and weights where they are stored. */
  Path export(Path parent) {
    Path folder = parent.resolve(name);
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    MatrixFiles.writeNpy(folder.resolve("gram.npy"), network.data().gram());
    MatrixFiles.writeNpy(folder.resolve("labels.npy"), column(network.data().labels()));
    MatrixFiles.writeNpy(folder.resolve("preactivations.npy"), network.preactivations());
    MatrixFiles.writeNpy(folder.resolve("readout.npy"), column(network.readout()));
    network.data().storedInputs().ifPresent(x -> MatrixFiles.writeNpy(folder.resolve("inputs.npy"), x));
    network.weights().ifPresent(w -> MatrixFiles.writeNpy(folder.resolve("weights.npy"), w));
    return folder;
  }

  private static DMatrixRMaj column(double[] values) {
    return DMatrixRMaj.wrap(values.length, 1, values);
  }
}
