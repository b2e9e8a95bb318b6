package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.timeReached;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.shallow.ShallowNetwork;

/** Where the final state jumps as the start changes, the margin must say so, on both sides of the jump. */
class GrazingMarginTest {

  private static final double BESIDE = 1e-9;

  /** Of each kind: a turn against a crossing; another event shortly after a crossing; a residual that passes 0. */
  @ParameterizedTest(name = "seed {0}, from {1}")
  @CsvSource({"21, 1", "10, 0.8333", "10, 0.9", "14, 1.1666", "29, 0.8666", "1, 0.8", "2, 0.8", "3, 0.8", "5, 0.8", "6, 0.8"})
  void theMarginShowsEveryJump(long seed, double from) {
    jumps(seed, from, from + (from == 0.8 ? 0.4 : 0.0334), from == 0.8 ? 12 : 1, 0);
  }

  /** With a leak steps are longer: there a pair came to repel and turned back within one. */
  @Test
  void theMarginShowsAJumpWithALeak() {
    assertThat(jumps(29, 1.0333, 1.0667, 1, 0.2)).isEqualTo(1);
  }

  @Test
  @Tag("long")
  void theMarginShowsEveryJumpOfManyProblems() {
    long jumps = 0;
    for (long seed = 0; seed < 100; seed++) {
      jumps += jumps(seed, 0.8, 1.2, 12, 0);
      jumps += jumps(seed, 0.8, 1.2, 12, 0.2);
    }
    assertThat(jumps).isGreaterThan(300);
  }

  private static long jumps(long seed, double from, double to, int parts, double slope) {
    return DoubleStream.iterate(from, low -> low + (to - from) / parts)
        .limit(parts)
        .filter(low -> jumpIsShown(seed, low, low + (to - from) / parts, slope))
        .count();
  }

  /** Is there a jump of the final state between two factors of a readout? Then asserts that it is shown. */
  private static boolean jumpIsShown(long seed, double from, double to, double slope) {
    double low = from;
    double high = to;
    ShallowNetwork below = run(seed, low, slope).network();
    ShallowNetwork above = run(seed, high, slope).network();
    if (Problems.largestDifference(below, above) < 0.1) {
      return false;
    }
    for (int halving = 0; halving < 34; halving++) {
      double middle = 0.5 * (low + high);
      ShallowNetwork network = run(seed, middle, slope).network();
      if (Problems.largestDifference(below, network) > Problems.largestDifference(network, above)) {
        high = middle;
        above = network;
      } else {
        low = middle;
        below = network;
      }
    }
    if (Problems.largestDifference(below, above) < 0.01) {
      return false;
    }
    String name = "seed " + seed + ", slope " + slope + ", jump at " + low;
    assertThat(run(seed, low - BESIDE, slope).statistics().grazing().smallest()).as(name + ", below").isLessThan(1e-6);
    assertThat(run(seed, high + BESIDE, slope).statistics().grazing().smallest()).as(name + ", above").isLessThan(1e-6);
    return true;
  }

  private static Solution run(long seed, double factor, double slope) {
    int[][] shapes = {{8, 200, 6}, {12, 12, 9}, {25, 8, 7}, {15, 40, 12}};
    int[] shape = shapes[(int) (seed % shapes.length)];
    ShallowNetwork network =
        Problems.random(shape[0], shape[1], shape[2], seed).withActivation(Activation.leakyRelu(slope));
    double[] readout = network.readout();
    readout[0] *= factor;
    return gradientFlow(network.withReadout(readout)).until(timeReached(20)).tolerance(1e-12).solve();
  }
}
