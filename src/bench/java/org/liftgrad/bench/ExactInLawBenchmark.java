package org.liftgrad.bench;

import java.util.concurrent.TimeUnit;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.SubGaussianData;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.WeightLaw;
import org.liftgrad.shallow.Width;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Data of law S and the start of a network, exact in law, without the inputs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ExactInLawBenchmark {

  /** The number of points. */
  @Param("1000")
  public int points;

  /** Their dimension. */
  @Param("1000000000000")
  public long dimension;

  /** Draws both. */
  @Benchmark
  public ShallowNetwork dataAndStart() {
    Dataset data = SubGaussianData.lawS().points(points).dimension(dimension).exactInLaw().build();
    return ShallowNetworks.shallowNetwork(data)
        .neurons(Width.widthFor(points, 0.05))
        .weights(WeightLaw.gaussian(1 / Math.sqrt(3.0 * dimension)))
        .build();
  }
}
