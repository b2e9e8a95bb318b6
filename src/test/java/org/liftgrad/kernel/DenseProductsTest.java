package org.liftgrad.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DenseProductsTest {

  private static final int[][] SHAPES = {
    {1, 1, 1}, {2, 1, 3}, {1, 7, 4}, {3, 5, 7}, {4, 8, 96}, {5, 9, 97}, {7, 24, 100}, {31, 100, 100},
    {32, 513, 40}, {33, 1030, 192}, {6, 3, 1100}, {64, 200, 513}
  };

  /** A random matrix; every third entry is zero where {@code sparse}. */
  private static DMatrixRMaj random(int rows, int columns, long seed, boolean sparse) {
    RandomStream stream = RandomStream.of(seed, "dense products");
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    for (int at = 0; at < matrix.data.length; at++) {
      double value = stream.nextGaussian();
      matrix.data[at] = sparse && (at * 7 % 3 == 0 || at / columns % 5 == 2) ? 0 : value;
    }
    return matrix;
  }

  /** The chain of fused multiply-adds itself. */
  private static double chain(DMatrixRMaj a, int i, DMatrixRMaj b, int j) {
    double sum = 0;
    for (int k = 0; k < b.numRows; k++) {
      sum = Math.fma(a.get(i, k), b.get(k, j), sum);
    }
    return sum;
  }

  private static void assertChains(DenseProducts products) {
    for (int[] shape : SHAPES) {
      for (boolean sparse : new boolean[] {false, true}) {
        DMatrixRMaj a = random(shape[0], shape[2], 1, sparse);
        DMatrixRMaj b = random(shape[2], shape[1], 2, false);
        DMatrixRMaj c = products.times(a, b);
        DMatrixRMaj d = products.timesTransposed(a, CommonOps_DDRM.transpose(b, null));
        for (int i = 0; i < shape[0]; i++) {
          for (int j = 0; j < shape[1]; j++) {
            if (c.get(i, j) != chain(a, i, b, j) || d.get(i, j) != chain(a, i, b, j)) {
              throw new AssertionError(products + " " + Arrays.toString(shape) + " at " + i + ", " + j);
            }
          }
        }
      }
    }
  }

  @Test
  void anEntryIsAChainFromTheLeftWhateverTheTiles() {
    assertChains(DenseProducts.java());
  }

  @Test
  void theNumberOfThreadsLeavesNoTrace() {
    for (int[] shape : SHAPES) {
      DMatrixRMaj a = random(shape[0], shape[2], 3, true);
      DMatrixRMaj b = random(shape[2], shape[1], 4, false);
      double[] many = DenseProducts.java().times(a, b).data;
      double[] one = Workers.serially(() -> DenseProducts.java().times(a, b).data);
      assertThat(many).isEqualTo(one);
    }
  }

  @Test
  void rowsMayHaveGapsBetweenThem() {
    DMatrixRMaj a = random(9, 20, 5, true);
    DMatrixRMaj b = random(20, 11, 6, false);
    double[] left = new double[3 + 9 * 23];
    for (int i = 0; i < 9; i++) {
      System.arraycopy(a.data, i * 20, left, 3 + i * 23, 20);
    }
    double[] result = new double[5 + 9 * 12];
    DenseProducts.java().factor(b).multiply(9, left, 3, 23, result, 5, 12);
    DMatrixRMaj expected = DenseProducts.java().times(a, b);
    for (int i = 0; i < 9; i++) {
      assertThat(Arrays.copyOfRange(result, 5 + i * 12, 16 + i * 12))
          .isEqualTo(Arrays.copyOfRange(expected.data, i * 11, i * 11 + 11));
      assertThat(result[4 + i * 12]).isZero();
    }
  }

  @Test
  void aFactorServesProductsOfAnyHeightInTurn() {
    DMatrixRMaj b = random(50, 60, 7, false);
    RightFactor factor = DenseProducts.java().factor(b);
    for (int height : new int[] {4, 31, 1, 12, 0, 31}) {
      DMatrixRMaj a = random(height, 50, 8 + height, true);
      double[] result = new double[height * 60];
      factor.multiply(height, a.data, result);
      assertThat(result).isEqualTo(DenseProducts.java().times(a, b).data);
    }
    assertThatThrownBy(() -> DenseProducts.java().times(b, b))
        .hasMessage("the number of columns of A is 60; it must be that of rows of B, 50.");
  }

  @Test
  void aProductAllocatesNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long here = Thread.currentThread().getId();
    DMatrixRMaj a = random(16, 40, 9, true);
    double[] result = new double[16 * 700];
    RightFactor factor = DenseProducts.java().factor(random(40, 700, 10, false));
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 20; round++) {
      long before = threads.getThreadAllocatedBytes(here);
      for (int k = 0; k < 100; k++) {
        factor.multiply(16, a.data, result);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(here) - before);
    }
    assertThat(least).isLessThan(1000);
  }

  /** The stated tolerance: 2 γ_K Σ_k |a_ik b_kj|. */
  private static void assertAgrees(DenseProducts products) {
    for (int[] shape : SHAPES) {
      DMatrixRMaj a = random(shape[0], shape[2], 11, true);
      DMatrixRMaj b = random(shape[2], shape[1], 12, false);
      DMatrixRMaj ours = DenseProducts.java().times(a, b);
      DMatrixRMaj straight = products.times(a, b);
      DMatrixRMaj transposed = products.timesTransposed(a, CommonOps_DDRM.transpose(b, null));
      double gamma = shape[2] * 0x1p-53 / (1 - shape[2] * 0x1p-53);
      for (int i = 0; i < shape[0]; i++) {
        for (int j = 0; j < shape[1]; j++) {
          double sizes = 0;
          for (int k = 0; k < shape[2]; k++) {
            sizes += Math.abs(a.get(i, k) * b.get(k, j));
          }
          for (double other : new double[] {straight.get(i, j), transposed.get(i, j)}) {
            if (!(Math.abs(other - ours.get(i, j)) <= 2 * gamma * sizes * (1 + 1e-9))) {
              throw new AssertionError(products + " " + Arrays.toString(shape) + " at " + i + ", " + j);
            }
          }
        }
      }
    }
  }

  @Test
  void theNativePathAgreesWhereThereIsOne() {
    DenseProducts found = DenseProducts.of(ProductPath.NATIVE);
    assumeTrue(found.path() == ProductPath.NATIVE, () -> found.reason().orElse(""));
    assertAgrees(found);
  }

  @Test
  void thePropertyIsReadStrictly() {
    assertThat(ProductPath.named(" Vector ")).isEqualTo(ProductPath.VECTOR);
    assertThat(DenseProducts.asked()).isSameAs(DenseProducts.java());
    assertThatThrownBy(() -> ProductPath.named("blas"))
        .hasMessage("liftgrad.products is blas; it must be java, vector, native, fastest.");
  }

  @Test
  void theProbeSeesAWrongProduct() {
    assertThat(ProductProbe.firstFault(DenseProducts.java())).isEmpty();
  }

  // The other paths are chosen once in the life of a JVM, so these tests start their own.

  /** What the JVMs of the tests below run: says which path it got, and compares. */
  public static final class Child {
    private Child() {}

    /** Prints the path and its name. */
    public static void main(String[] arguments) {
      DenseProducts products = DenseProducts.asked();
      if (products.path() == ProductPath.VECTOR) {
        assertChains(products);
      } else {
        assertAgrees(products);
      }
      System.out.println(products.path() + ": " + products.name());
    }
  }

  private static String child(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(all).isZero();
    // The JVM warns of modules in incubation, the bridge to the BLAS of what it cannot load.
    return Arrays.stream(all.split("\n")).filter(line -> !line.startsWith("WARNING") && !line.startsWith("netlib")).collect(Collectors.joining("\n")).strip();
  }

  @Test
  void theVectorPathHasTheBitsOfJavas() throws Exception {
    assertThat(child("--add-modules", "jdk.incubator.vector", "-Dliftgrad.products=vector"))
        .matches("vector: vector \\(\\d+ bits\\)");
    assertThat(child("--add-modules", "jdk.incubator.vector", "-Dliftgrad.products=fastest")).startsWith("vector: ");
  }

  @Test
  void whatIsMissingIsReplacedAndSaidSo(@TempDir Path folder) throws Exception {
    assertThat(child("-Dliftgrad.products=vector"))
        .isEqualTo(
            "java: java (the Vector module could not be loaded:"
                + " the JVM was not started with --add-modules jdk.incubator.vector)");
    Path broken = Files.writeString(folder.resolve("libopenblas.so"), "not a library");
    assertThat(child("-Dliftgrad.products=native", "-Ddev.ludovic.netlib.blas.nativeLibPath=" + broken))
        .startsWith("java: java (the native BLAS could not be loaded");
    assertThat(
            child(
                "-Dliftgrad.products=fastest", "-Ddev.ludovic.netlib.blas.nativeLibPath=" + broken))
        .contains("the Vector module could not be loaded", "the native BLAS could not be loaded");
  }
}
