package org.liftgrad.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.junit.jupiter.api.Test;

class ProductsTest {

  static DMatrixRMaj random(int rows, int columns, long seed) {
    RandomStream stream = RandomStream.of(seed, "test");
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int at = 0; at < matrix.data.length; at++) {
      matrix.data[at] = stream.nextGaussian();
    }
    return matrix;
  }

  private static DMatrixRMaj lower(int n, long seed) {
    DMatrixRMaj matrix = random(n, n, seed);
    for (int i = 0; i < n; i++) {
      for (int k = i + 1; k < n; k++) {
        matrix.set(i, k, 0);
      }
    }
    return matrix;
  }

  @Test
  void agreesWithEjmlForManyShapes() {
    for (int[] shape : new int[][] {{1, 1, 1}, {3, 5, 2}, {7, 255, 4}, {4, 256, 1}, {5, 257, 9}, {2, 1000, 3}}) {
      DMatrixRMaj x = random(shape[0], shape[1], 1);
      DMatrixRMaj w = random(shape[2], shape[1], 2);
      DMatrixRMaj expected = new DMatrixRMaj(1, 1);
      CommonOps_DDRM.multTransB(x, w, expected);
      assertThat(MatrixFeatures_DDRM.isIdentical(Products.timesTransposed(x, w), expected, 1e-12)).isTrue();
      CommonOps_DDRM.multTransB(x, x, expected);
      assertThat(MatrixFeatures_DDRM.isIdentical(Products.gram(x), expected, 1e-11)).isTrue();
    }
  }

  @Test
  void triangularProductsAgreeWithFullOnes() {
    for (int n : new int[] {1, 2, 255, 256, 257, 600}) {
      DMatrixRMaj l = lower(n, 3);
      DMatrixRMaj b = random(n, 3, 4);
      DMatrixRMaj expected = new DMatrixRMaj(1, 1);
      CommonOps_DDRM.multTransB(l, l, expected);
      assertThat(MatrixFeatures_DDRM.isIdentical(Products.gramOfLower(l), expected, 1e-10)).isTrue();
      CommonOps_DDRM.mult(l, b, expected);
      assertThat(MatrixFeatures_DDRM.isIdentical(Products.lowerTimes(l, b), expected, 1e-10)).isTrue();
    }
  }

  @Test
  void blocksGiveTheBitsOfTheWhole() {
    DMatrixRMaj x = random(6, 1100, 5);
    DMatrixRMaj blocks = new DMatrixRMaj(6, 6);
    for (int first = 0; first < 1100; first += 512) {
      DMatrixRMaj block = CommonOps_DDRM.extract(x, 0, 6, first, Math.min(1100, first + 512));
      Products.addGram(block, blocks);
    }
    Products.mirror(blocks);
    assertThat(blocks.data).isEqualTo(Products.gram(x).data);
  }

  @Test
  void theRoundingBoundHoldsAgainstExactArithmetic() {
    // All terms of one sign and one size: as unkind to a sum as rounding gets without planning.
    for (int d : new int[] {1, 3, 256, 300, 2000}) {
      DMatrixRMaj x = random(3, d, 6 + d);
      for (int at = 0; at < x.data.length; at++) {
        x.data[at] = 1 + Math.abs(x.data[at]) / 3;
      }
      DMatrixRMaj gram = Products.gram(x);
      for (int i = 0; i < 3; i++) {
        for (int k = 0; k < 3; k++) {
          BigDecimal exact = BigDecimal.ZERO;
          for (int c = 0; c < d; c++) {
            exact = exact.add(new BigDecimal(x.get(i, c)).multiply(new BigDecimal(x.get(k, c))));
          }
          double error = Math.abs(exact.subtract(new BigDecimal(gram.get(i, k))).doubleValue());
          double scale = Math.sqrt(gram.get(i, i) * gram.get(k, k));
          assertThat(error).isLessThanOrEqualTo(Products.gramRounding(d) * scale);
        }
      }
    }
    assertThat(Products.gramRounding(10_000)).isLessThan(4e-14);
  }

  @Test
  void choleskyAlsoOfSingularMatrices() {
    DMatrixRMaj thin = random(5, 2, 9);
    DMatrixRMaj singular = Products.gram(thin);
    DMatrixRMaj root = Products.choleskyLower(singular);
    assertThat(MatrixFeatures_DDRM.isIdentical(Products.gram(root), singular, 1e-12)).isTrue();
    DMatrixRMaj regular = Products.gram(random(5, 9, 10));
    root = Products.choleskyLower(regular);
    assertThat(MatrixFeatures_DDRM.isIdentical(Products.gram(root), regular, 1e-12)).isTrue();
    assertThat(root.get(0, 4)).isZero();
    assertThat(Products.choleskyLower(new DMatrixRMaj(2, 2)).data).containsOnly(0);
  }
}
