package org.liftgrad.bench;

import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.flow.RightHandSide;
import org.liftgrad.kernel.Workers;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One right-hand side on orthogonal inputs, beside a copy of as many bytes by the same threads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
public class OrthogonalBenchmark {

  private static final int STRETCH = 1 << 16;

  /** The number of points. */
  @Param("100000")
  public int points;

  /** The number of neurons. */
  @Param("100")
  public int neurons;

  /** The path of the passes; the system's BLAS has none of its own. */
  @Param({"java", "vector"})
  public String passes;

  private RightHandSide side;
  private double[] u;
  private double[] a;
  private double[] residual;
  private double[] preactivationSpeeds;
  private double[] readoutSpeeds;
  private final IntConsumer copying =
      stretch -> {
        int from = stretch * STRETCH;
        System.arraycopy(u, from, preactivationSpeeds, from, Math.min(STRETCH, u.length - from));
      };

  /** Draws a problem. */
  @Setup
  public void draw() {
    double[] norms = ProductBenchmark.gaussian(points, "norms");
    side =
        RightHandSide.diagonal(
            Activation.relu(),
            ProductBenchmark.gaussian(points, "labels"),
            neurons,
            norms,
            ProductBenchmark.products(passes));
    u = ProductBenchmark.gaussian(points * neurons, "pre-activations");
    a = ProductBenchmark.gaussian(neurons, "readout");
    residual = new double[points];
    preactivationSpeeds = new double[points * neurons];
    readoutSpeeds = new double[neurons];
  }

  /** One evaluation: 16 bytes a pair. */
  @Benchmark
  public double[] evaluate() {
    side.evaluate(u, a, residual, preactivationSpeeds, readoutSpeeds);
    return preactivationSpeeds;
  }

  /** The memory's own speed: 16 bytes a pair. */
  @Benchmark
  public double[] copy() {
    Workers.run((u.length + STRETCH - 1) / STRETCH, copying);
    return preactivationSpeeds;
  }
}
