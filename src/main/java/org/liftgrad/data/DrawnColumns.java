package org.liftgrad.data;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.ObjIntConsumer;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;

/**
 * The columns of inputs with independent entries, drawn again at each visit. Each tile of columns has
 * a stream of its own, used row after row: the first m inputs are the same whatever their number, and
 * all bits are the same whatever the width of the blocks.
 */
final class DrawnColumns implements Inputs.ColumnBlocks {

  private final int points;
  private final int dimension;
  private final int blockColumns;
  private final InputLaw law;
  private final Optional<Covariance> covariance;
  private final double[] factors;
  private final long seed;

  private DrawnColumns(
      int points,
      int dimension,
      int blockColumns,
      InputLaw law,
      Optional<Covariance> covariance,
      double[] factors,
      long seed) {
    this.points = points;
    this.dimension = dimension;
    this.blockColumns = blockColumns;
    this.law = law;
    this.covariance = covariance;
    this.factors = factors;
    this.seed = seed;
  }

  /**
   * Columns scaled as the inputs are: law/√d, or every row to its drawn norm.
   *
   * @param norms one for each point, if rows are rescaled
   */
  static DrawnColumns of(
      int points,
      int dimension,
      int blockColumns,
      InputLaw law,
      Optional<Covariance> covariance,
      Optional<double[]> norms,
      long seed) {
    double[] factors = new double[points];
    Arrays.fill(factors, 1);
    boolean sphere = law instanceof InputLaw.Sphere;
    if (norms.isEmpty() && !sphere) {
      Arrays.fill(factors, 1 / Math.sqrt(dimension));
    } else {
      // On the sphere without norms the direction is drawn before the covariance stretches it.
      Optional<Covariance> stretched = norms.isPresent() ? covariance : Optional.empty();
      double[] drawn = new DrawnColumns(points, dimension, blockColumns, law, stretched, factors, seed).norms();
      for (int i = 0; i < points; i++) {
        Argument.require(
            drawn[i] > 0, "the norm of input " + i, drawn[i], "above 0 to be rescaled; draw with another seed");
        factors[i] = (norms.isPresent() ? norms.get()[i] : 1) / drawn[i];
      }
    }
    return new DrawnColumns(points, dimension, blockColumns, law, covariance, factors, seed);
  }

  private double[] norms() {
    double[] squares = new double[points];
    forEach(
        (block, first) -> {
          for (int i = 0; i < points; i++) {
            for (int k = 0; k < block.numCols; k++) {
              double entry = block.data[i * block.numCols + k];
              squares[i] += entry * entry;
            }
          }
        });
    return Arrays.stream(squares).map(Math::sqrt).toArray();
  }

  @Override
  public void forEach(ObjIntConsumer<DMatrixRMaj> visitor) {
    DMatrixRMaj block = new DMatrixRMaj(points, Math.min(blockColumns, dimension));
    for (long first = 0; first < dimension; first += blockColumns) {
      block.reshape(points, (int) Math.min(blockColumns, dimension - first));
      for (int tile = 0; tile < block.numCols; tile += Products.TILE) {
        draw(block, tile, Math.min(block.numCols, tile + Products.TILE), (int) first);
      }
      visitor.accept(block, (int) first);
    }
  }

  private void draw(DMatrixRMaj block, int from, int end, int first) {
    RandomStream stream = RandomStream.of(seed, "inputs", (first + from) / Products.TILE);
    double[] deviations = deviations(first + from, end - from);
    for (int i = 0; i < points; i++) {
      int row = i * block.numCols;
      for (int k = from; k < end; k++) {
        block.data[row + k] = factors[i] * deviations[k - from] * law.draw(stream);
      }
    }
  }

  private double[] deviations(int first, int width) {
    double[] deviations = new double[width];
    Arrays.fill(deviations, 1);
    covariance.ifPresent(
        c ->
            Arrays.setAll(
                deviations,
                k -> Math.sqrt(Argument.notNegative("eigenvalue " + (first + k + 1L), c.eigenvalue(first + k + 1L)))));
    return deviations;
  }
}
