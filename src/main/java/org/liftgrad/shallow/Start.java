package org.liftgrad.shallow;

import java.util.Arrays;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Groups;
import org.liftgrad.data.Inputs;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;

/**
 * What a start gives before the readout is drawn.
 *
 * @param preactivations n×p
 * @param squaredNorms ‖w_j‖², p numbers
 * @param weights p×d, where they are kept
 */
record Start(DMatrixRMaj preactivations, double[] squaredNorms, Optional<DMatrixRMaj> weights) {

  /** Weights of more numbers than this are not drawn: about a minute on one core. */
  static final long MOST_DRAWN = 10_000_000_000L;

  /** Draws weights of a law as these data see them. */
  static Start of(Dataset data, WeightLaw law, int neurons, long seed) {
    if (law instanceof WeightLaw.Given given) {
      Argument.require(
          given.weights().numRows == neurons && given.weights().numCols == data.dimension(),
          "weights",
          given.weights().numRows + "×" + given.weights().numCols,
          neurons + "×" + data.dimension() + " (neurons by dimension)");
    }
    Inputs inputs = data.inputs();
    if (inputs instanceof Inputs.Implied implied && law instanceof WeightLaw.Gaussian gaussian) {
      return impliedGaussian(data, implied.factor(), gaussian.scale(), neurons, seed);
    }
    Argument.require(
        data.dimension() <= MOST_DRAWN / neurons,
        "dimension", data.dimension(),
        "at most " + MOST_DRAWN / neurons + " for " + neurons
            + " neurons whose weights are drawn; use gaussian weights on data that are exact in law beyond");
    if (inputs instanceof Inputs.Implied implied) {
      return implied(data, implied.factor(), law, neurons, seed);
    } else if (inputs instanceof Inputs.Axes axes) {
      return alongAxes(data, axes.norms(), law, neurons, seed);
    }
    Sums sums = new Sums(data, law, neurons, seed, inputs instanceof Inputs.Stored);
    if (inputs instanceof Inputs.Stored stored) {
      sums.add(stored.matrix(), 0);
    } else if (inputs instanceof Inputs.Streamed streamed) {
      streamed.columns().forEach(sums::add);
    }
    return new Start(sums.preactivations, sums.squaredNorms, sums.weights);
  }

  /** Sums over the columns of inputs and weights, tile by tile. */
  private static final class Sums {
    private final WeightLaw law;
    private final int neurons;
    private final long dimension;
    private final long seed;
    private final DMatrixRMaj preactivations;
    private final double[] squaredNorms;
    private final Optional<DMatrixRMaj> weights;

    Sums(Dataset data, WeightLaw law, int neurons, long seed, boolean keep) {
      this.law = law;
      this.neurons = neurons;
      this.dimension = data.dimension();
      this.seed = seed;
      preactivations = new DMatrixRMaj(data.points(), neurons);
      squaredNorms = new double[neurons];
      weights =
          keep && dimension <= Dataset.MOST_STORED / neurons
              ? Optional.of(new DMatrixRMaj(neurons, (int) dimension))
              : Optional.empty();
    }

    /** Draws the tiles of weights that belong to a block of inputs. */
    void add(DMatrixRMaj block, int first) {
      for (int from = 0; from < block.numCols; from += Products.TILE) {
        int width = Math.min(Products.TILE, block.numCols - from);
        DMatrixRMaj tile = drawTile(first + from, width);
        Products.addTimesTransposed(columns(block, from, width), tile, preactivations);
      }
    }

    /** Draws a tile, adds its squares and keeps it if all are kept. */
    DMatrixRMaj drawTile(int first, int width) {
      DMatrixRMaj tile = law.tile(neurons, dimension, first, width, seed);
      for (int j = 0; j < neurons; j++) {
        double sum = 0;
        for (int k = 0; k < width; k++) {
          sum += tile.data[j * width + k] * tile.data[j * width + k];
        }
        squaredNorms[j] += sum;
        if (weights.isPresent()) {
          DMatrixRMaj kept = weights.get();
          System.arraycopy(tile.data, j * width, kept.data, j * kept.numCols + first, width);
        }
      }
      return tile;
    }

    private static DMatrixRMaj columns(DMatrixRMaj block, int from, int width) {
      if (from == 0 && width == block.numCols) {
        return block;
      }
      DMatrixRMaj part = new DMatrixRMaj(block.numRows, width);
      for (int i = 0; i < block.numRows; i++) {
        System.arraycopy(block.data, i * block.numCols + from, part.data, i * width, width);
      }
      return part;
    }
  }

  /** x_i = ‖x_i‖ e_i: a pre-activation is one weight. */
  private static Start alongAxes(Dataset data, double[] norms, WeightLaw law, int neurons, long seed) {
    Sums sums = new Sums(data, law, neurons, seed, true);
    for (long first = 0; first < data.dimension(); first += Products.TILE) {
      int width = (int) Math.min(Products.TILE, data.dimension() - first);
      DMatrixRMaj tile = sums.drawTile((int) first, width);
      for (int i = (int) first; i < Math.min(norms.length, first + width); i++) {
        for (int j = 0; j < neurons; j++) {
          sums.preactivations.set(i, j, norms[i] * tile.get(j, i - (int) first));
        }
      }
    }
    return new Start(sums.preactivations, sums.squaredNorms, sums.weights);
  }

  /**
   * X = L Q and w_j ~ N(0, s² I): Q w_j / s is standard normal in R^n whatever Q is, and what of w_j is
   * orthogonal to the inputs has a squared norm s² χ²(d − n), independent of it.
   */
  private static Start impliedGaussian(Dataset data, DMatrixRMaj factor, double scale, int neurons, long seed) {
    int n = data.points();
    DMatrixRMaj z = new DMatrixRMaj(n, neurons);
    double[] squaredNorms = new double[neurons];
    for (int j = 0; j < neurons; j++) {
      RandomStream stream = RandomStream.of(seed, "weights in law", j);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double entry = scale * stream.nextGaussian();
        z.set(i, j, entry);
        sum += entry * entry;
      }
      squaredNorms[j] = sum + scale * scale * stream.nextChiSquared(data.dimension() - n);
    }
    return new Start(Products.lowerTimes(factor, z), squaredNorms, Optional.empty());
  }

  /**
   * X = L Q and any weights W: with W Wᵀ = R Rᵀ there is an orthonormal p-frame F with W = R F, so
   * X Wᵀ = L (Q Fᵀ) Rᵀ. As Q is uniform and independent of F, Q Fᵀ has the law of the n×p corner of a
   * uniform rotation of R^d; that is the top of a uniform p-frame, got from a Gaussian d×p matrix A by
   * Gram and Schmidt: A C⁻¹ with Cᵀ C = Aᵀ A. The top of A is a normal matrix Z (n×p), and the rest
   * enters through its Gram matrix alone, a Wishart matrix of d − n degrees of freedom.
   */
  private static Start implied(Dataset data, DMatrixRMaj factor, WeightLaw law, int neurons, long seed) {
    int n = data.points();
    Argument.require(
        (long) n + neurons <= data.dimension(),
        "points + neurons", (long) n + neurons,
        "at most the dimension " + data.dimension()
            + " for weights that are not gaussian; leave exactInLaw() out below that");
    DMatrixRMaj weightGram = new DMatrixRMaj(neurons, neurons);
    for (long first = 0; first < data.dimension(); first += Products.TILE) {
      int width = (int) Math.min(Products.TILE, data.dimension() - first);
      Products.addGram(law.tile(neurons, data.dimension(), (int) first, width, seed), weightGram);
    }
    Products.mirror(weightGram);
    DMatrixRMaj corner = rotationCorner(n, neurons, data.dimension(), seed);
    DMatrixRMaj root = Products.choleskyLower(weightGram);
    DMatrixRMaj inFrame = Products.timesTransposed(corner, root);
    double[] squaredNorms = new double[neurons];
    Arrays.setAll(squaredNorms, j -> weightGram.get(j, j));
    return new Start(Products.lowerTimes(factor, inFrame), squaredNorms, Optional.empty());
  }

  /** The n×p corner of a uniformly random rotation of R^d, n + p ≤ d. */
  static DMatrixRMaj rotationCorner(int n, int p, long dimension, long seed) {
    DMatrixRMaj z = new DMatrixRMaj(n, p);
    DMatrixRMaj transposed = new DMatrixRMaj(p, n);
    for (int i = 0; i < n; i++) {
      RandomStream stream = RandomStream.of(seed, "frame", i);
      for (int j = 0; j < p; j++) {
        double entry = stream.nextGaussian();
        z.set(i, j, entry);
        transposed.set(j, i, entry);
      }
    }
    DMatrixRMaj below = new DMatrixRMaj(p, p);
    for (int j = 0; j < p; j++) {
      RandomStream stream = RandomStream.of(seed, "below the frame", j);
      for (int k = 0; k < j; k++) {
        below.set(j, k, stream.nextGaussian());
      }
      below.set(j, j, Math.sqrt(stream.nextChiSquared(dimension - n - j)));
    }
    DMatrixRMaj square = Products.gramOfLower(below);
    Products.addGram(transposed, square);
    Products.mirror(square);
    // Cᵀ is the lower Cholesky factor, and a row of Z C⁻¹ solves Cᵀ m = z.
    DMatrixRMaj lower = Products.choleskyLower(square);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < p; j++) {
        double sum = z.get(i, j);
        for (int k = 0; k < j; k++) {
          sum -= lower.get(j, k) * z.get(i, k);
        }
        z.set(i, j, sum / lower.get(j, j));
      }
    }
    return z;
  }

  /**
   * Neuron g in the span of group g, of norm 1 and active on all of it: w_g = Σ c_i x_i/‖x_i‖ over the
   * group, c in the positive orthant of the sphere, along D_g = Σ y_i x_i or uniform.
   */
  static Start groups(Dataset data, Groups groups, boolean aligned, long seed) {
    int n = data.points();
    int p = groups.count();
    double[] norms = data.norms();
    double[] labels = data.labels();
    DMatrixRMaj coefficients = new DMatrixRMaj(p, n);
    DMatrixRMaj preactivations = new DMatrixRMaj(n, p);
    for (int g = 0; g < p; g++) {
      RandomStream stream = RandomStream.of(seed, "group", g);
      int[] members = groups.members(g);
      double square = 0;
      for (int i : members) {
        double c = aligned ? Math.abs(labels[i]) * norms[i] : Math.abs(stream.nextGaussian());
        coefficients.set(g, i, c);
        square += c * c;
      }
      for (int i : members) {
        double c = coefficients.get(g, i) / Math.sqrt(square);
        coefficients.set(g, i, c / norms[i]);
        preactivations.set(i, g, c * norms[i]);
      }
    }
    double[] ones = new double[p];
    Arrays.fill(ones, 1);
    boolean kept = data.dimension() <= Dataset.MOST_STORED / p;
    Optional<DMatrixRMaj> weights =
        kept ? data.storedInputs().map(x -> combination(coefficients, x)) : Optional.empty();
    return new Start(preactivations, ones, weights);
  }

  private static DMatrixRMaj combination(DMatrixRMaj coefficients, DMatrixRMaj x) {
    DMatrixRMaj weights = new DMatrixRMaj(coefficients.numRows, x.numCols);
    for (int g = 0; g < coefficients.numRows; g++) {
      for (int i = 0; i < x.numRows; i++) {
        double c = coefficients.get(g, i);
        for (int k = 0; k < x.numCols && c != 0; k++) {
          weights.data[g * x.numCols + k] += c * x.data[i * x.numCols + k];
        }
      }
    }
    return weights;
  }

  /** Everything multiplied by a factor. */
  Start scaled(double factor) {
    if (factor == 1) {
      return this;
    }
    return new Start(
        scaled(preactivations, factor),
        Arrays.stream(squaredNorms).map(square -> factor * factor * square).toArray(),
        weights.map(w -> scaled(w, factor)));
  }

  static DMatrixRMaj scaled(DMatrixRMaj matrix, double factor) {
    DMatrixRMaj scaled = matrix.copy();
    for (int at = 0; at < scaled.getNumElements(); at++) {
      scaled.data[at] *= factor;
    }
    return scaled;
  }
}
