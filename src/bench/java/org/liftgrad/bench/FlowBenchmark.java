package org.liftgrad.bench;

import java.util.concurrent.TimeUnit;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The exact flow on law S at the smallest size of the second paper's experiments, d = 4n². */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FlowBenchmark {

  /** The number of points. */
  @Param("20")
  public int points;

  /** Their dimension. */
  @Param("1600")
  public long dimension;

  /** When the flow ends. */
  @Param("100")
  public double time;

  private ShallowNetwork start;

  /** Draws the start. */
  @Setup
  public void draw() {
    Dataset data = SubGaussianData.lawS().points(points).dimension(dimension).seed(1).build();
    start = ShallowNetworks.shallowNetwork(data).neurons(Width.widthFor(points, 0.05)).seed(1).build();
  }

  /** Runs it at the default tolerance. */
  @Benchmark
  public Solution exactFlow() {
    return GradientFlow.gradientFlow(start).until(StopCondition.timeReached(time)).solve();
  }
}
