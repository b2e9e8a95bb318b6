package org.liftgrad.bench;

import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.RightFactor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** C = A·B for a fixed B, all entries of A other than 0. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class ProductBenchmark {

  /** The rows of A, the columns of B, the rows of B. */
  @Param({"32x100x100", "64x1000x1000", "100x3000x3000", "36x100x1300", "36x1300x100"})
  public String shape;

  /** The path of the products. */
  @Param({"java", "vector", "native"})
  public String path;

  private int height;
  private double[] left;
  private double[] result;
  private RightFactor factor;

  /** Draws the matrices. */
  @Setup
  public void draw() {
    String[] sizes = shape.split("x");
    height = Integer.parseInt(sizes[0]);
    int columns = Integer.parseInt(sizes[1]);
    int rows = Integer.parseInt(sizes[2]);
    left = gaussian(height * rows, "left");
    result = new double[height * columns];
    factor = products(path).factor(DMatrixRMaj.wrap(rows, columns, gaussian(rows * columns, "right")));
  }

  /** The path, or an end of the benchmark where it is not there: nothing else is measured under its name. */
  static DenseProducts products(String path) {
    ProductPath wanted = ProductPath.valueOf(path.toUpperCase(Locale.ROOT));
    DenseProducts products = DenseProducts.of(wanted);
    if (products.path() != wanted) {
      throw new IllegalStateException(products.name());
    }
    return products;
  }

  static double[] gaussian(int count, String name) {
    RandomStream stream = RandomStream.of(1, name);
    double[] values = new double[count];
    for (int k = 0; k < count; k++) {
      values[k] = stream.nextGaussian();
    }
    return values;
  }

  /** One product. */
  @Benchmark
  public double[] product() {
    factor.multiply(height, left, result);
    return result;
  }
}
