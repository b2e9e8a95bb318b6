package org.liftgrad.shallow;

import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;

/** The law of the hidden weights w_1 … w_p in R^d, independent of each other and of the data. */
public sealed interface WeightLaw {

  /** Entries uniform on ±1/√d: what PyTorch's Linear draws, and the paper's experiments. */
  static WeightLaw uniform() {
    return new Uniform();
  }

  /**
   * w_j ~ N(0, scale² I_d).
   *
   * @param scale the standard deviation of an entry, above 0
   */
  static WeightLaw gaussian(double scale) {
    return new Gaussian(scale);
  }

  /**
   * The weights themselves.
   *
   * @param weights p×d, finite; copied
   */
  static WeightLaw given(DMatrixRMaj weights) {
    return new Given(weights.copy());
  }

  /** Uniform entries. */
  record Uniform() implements WeightLaw {
    @Override
    public String toString() {
      return "uniform on ±1/√d";
    }
  }

  /**
   * Normal entries.
   *
   * @param scale their standard deviation
   */
  record Gaussian(double scale) implements WeightLaw {
    /** Refuses a scale of 0 or less. */
    public Gaussian {
      Argument.positive("the scale of the weights", scale);
    }

    @Override
    public String toString() {
      return "gaussian of standard deviation " + scale;
    }
  }

  /**
   * Weights as given.
   *
   * @param weights p×d; not to be modified
   */
  record Given(DMatrixRMaj weights) implements WeightLaw {
    /** Refuses what is empty or not finite. */
    public Given {
      Argument.require(
          weights.numRows >= 1 && weights.numCols >= 1,
          "weights", weights.numRows + "×" + weights.numCols, "at least 1×1");
      Argument.finite("weights", weights);
    }

    @Override
    public String toString() {
      return "given";
    }
  }

  /**
   * A tile of columns, p×width, the same at each call. Drawn neuron after neuron, so that the first
   * neurons do not depend on how many follow.
   *
   * @param first the number of its first column, a multiple of {@link Products#TILE}
   */
  default DMatrixRMaj tile(int neurons, long dimension, int first, int width, long seed) {
    DMatrixRMaj tile = new DMatrixRMaj(neurons, width);
    if (this instanceof Given given) {
      for (int j = 0; j < neurons; j++) {
        System.arraycopy(
            given.weights.data, j * given.weights.numCols + first, tile.data, j * width, width);
      }
      return tile;
    }
    RandomStream stream = RandomStream.of(seed, "weights", first / Products.TILE);
    double bound = 1 / Math.sqrt(dimension);
    for (int at = 0; at < tile.data.length; at++) {
      tile.data[at] =
          this instanceof Gaussian gaussian
              ? gaussian.scale * stream.nextGaussian()
              : stream.nextUniform(-bound, bound);
    }
    return tile;
  }
}
