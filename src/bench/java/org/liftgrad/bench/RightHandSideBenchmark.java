package org.liftgrad.bench;

import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.flow.RightHandSide;
import org.liftgrad.kernel.Products;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One right-hand side of ReLU in Gram form. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class RightHandSideBenchmark {

  /** Points and neurons. */
  @Param({"100x32", "300x33", "1000x64", "3000x100"})
  public String size;

  /** The path of the products. */
  @Param({"java", "vector", "native"})
  public String path;

  private RightHandSide side;
  private double[] u;
  private double[] a;
  private double[] residual;
  private double[] preactivationSpeeds;
  private double[] readoutSpeeds;

  /** Draws a problem. */
  @Setup
  public void draw() {
    int n = Integer.parseInt(size.split("x")[0]);
    int p = Integer.parseInt(size.split("x")[1]);
    DMatrixRMaj gram = Products.gram(DMatrixRMaj.wrap(n, n, ProductBenchmark.gaussian(n * n, "inputs")));
    side =
        RightHandSide.gram(
            Activation.relu(), ProductBenchmark.gaussian(n, "labels"), p, gram, ProductBenchmark.products(path));
    u = ProductBenchmark.gaussian(n * p, "pre-activations");
    a = ProductBenchmark.gaussian(p, "readout");
    residual = new double[n];
    preactivationSpeeds = new double[n * p];
    readoutSpeeds = new double[p];
  }

  /** One evaluation. */
  @Benchmark
  public double[] evaluate() {
    side.evaluate(u, a, residual, preactivationSpeeds, readoutSpeeds);
    return preactivationSpeeds;
  }
}
