package org.liftgrad.data;

import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.RandomStream;

/** ⟨v_j, x_i⟩ for independent standard normal directions v_j in R^d. */
final class GaussianProjections {

  private GaussianProjections() {}

  /** n×k; exact in law also where the inputs are only implied, and then independent of their frame. */
  static DMatrixRMaj of(Inputs inputs, int points, int directions, long seed) {
    DMatrixRMaj sum = new DMatrixRMaj(points, directions);
    if (inputs instanceof Inputs.Implied implied) {
      return Products.lowerTimes(implied.factor(), gaussian(points, directions, seed, 0));
    } else if (inputs instanceof Inputs.Axes axes) {
      DMatrixRMaj projections = gaussian(points, directions, seed, 0);
      double[] norms = axes.norms();
      for (int i = 0; i < points; i++) {
        for (int j = 0; j < directions; j++) {
          projections.set(i, j, norms[i] * projections.get(i, j));
        }
      }
      return projections;
    } else if (inputs instanceof Inputs.Streamed streamed) {
      streamed.columns().forEach((block, first) -> add(block, first, directions, seed, sum));
    } else if (inputs instanceof Inputs.Stored stored) {
      add(stored.matrix(), 0, directions, seed, sum);
    }
    return sum;
  }

  private static void add(DMatrixRMaj block, int first, int directions, long seed, DMatrixRMaj sum) {
    for (int from = 0; from < block.numCols; from += Products.TILE) {
      int width = Math.min(Products.TILE, block.numCols - from);
      DMatrixRMaj tile = Columns.of(block, from, width);
      Products.addTimesTransposed(
          tile, gaussian(directions, width, seed, (first + from) / Products.TILE), sum);
    }
  }

  private static DMatrixRMaj gaussian(int rows, int columns, long seed, long tile) {
    RandomStream stream = RandomStream.of(seed, "teacher", tile);
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int at = 0; at < matrix.data.length; at++) {
      matrix.data[at] = stream.nextGaussian();
    }
    return matrix;
  }
}
