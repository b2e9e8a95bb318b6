package org.liftgrad.shallow;

import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;

/** The law of the readout a_1 … a_p, given the norms of the hidden weights. */
sealed interface ReadoutLaw {

  /** |a_j| = factor ‖w_j‖ + excess · Exp(1), fair signs. */
  record Relative(double factor, boolean excess) implements ReadoutLaw {
    @Override
    public String toString() {
      String norm = factor == 1 ? "‖w‖" : factor + " ‖w‖";
      return "|a| = " + norm + (excess ? " + Exp(1)" : "") + ", fair signs";
    }
  }

  /** PyTorch's Linear with p inputs. */
  record Uniform() implements ReadoutLaw {
    @Override
    public String toString() {
      return "uniform on ±1/√p";
    }
  }

  /** As given. */
  record Given(double[] readout) implements ReadoutLaw {
    @Override
    public String toString() {
      return "given";
    }
  }

  /** p numbers; a neuron's does not depend on how many follow (but for PyTorch's scale). */
  default double[] draw(double[] squaredWeightNorms, long seed) {
    int p = squaredWeightNorms.length;
    double[] readout = new double[p];
    if (this instanceof Given given) {
      Argument.require(
          given.readout.length == p,
          "the number of readouts", given.readout.length, p + ", the number of neurons");
      return given.readout.clone();
    } else if (this instanceof Relative relative) {
      RandomStream signs = RandomStream.of(seed, "readout signs");
      RandomStream excesses = RandomStream.of(seed, "readout excesses");
      for (int j = 0; j < p; j++) {
        double magnitude = relative.factor * Math.sqrt(squaredWeightNorms[j]);
        readout[j] = signs.nextSign() * (relative.excess ? magnitude + excesses.nextExponential() : magnitude);
      }
    } else {
      RandomStream stream = RandomStream.of(seed, "readout");
      double bound = 1 / Math.sqrt(p);
      for (int j = 0; j < p; j++) {
        readout[j] = stream.nextUniform(-bound, bound);
      }
    }
    return readout;
  }
}
