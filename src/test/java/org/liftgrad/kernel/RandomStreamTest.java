package org.liftgrad.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.hipparchus.special.Erf;
import org.hipparchus.special.Gamma;
import org.junit.jupiter.api.Test;
import org.liftgrad.statistics.KolmogorovSmirnov;

/** Each law against its distribution function: false alarm 10⁻⁴ a test, seeds fixed. */
class RandomStreamTest {

  private static final double FALSE_ALARM = 1e-4;
  private static final int SIZE = 20_000;

  private static double[] sample(long key, java.util.function.ToDoubleFunction<RandomStream> law) {
    RandomStream stream = RandomStream.of(11, "test", key);
    return DoubleStream.generate(() -> law.applyAsDouble(stream)).limit(SIZE).toArray();
  }

  @Test
  void lawsHaveTheirDistributions() {
    assertThat(
            KolmogorovSmirnov.oneSample(sample(1, RandomStream::nextUniform), x -> x).rejectsAt(FALSE_ALARM))
        .isFalse();
    assertThat(
            KolmogorovSmirnov.oneSample(
                    sample(2, RandomStream::nextGaussian), x -> 0.5 * Erf.erfc(-x / Math.sqrt(2)))
                .rejectsAt(FALSE_ALARM))
        .isFalse();
    assertThat(
            KolmogorovSmirnov.oneSample(sample(3, RandomStream::nextExponential), x -> 1 - Math.exp(-x))
                .rejectsAt(FALSE_ALARM))
        .isFalse();
    for (double shape : new double[] {0.3, 0.5, 1, 2.5, 40, 5000}) {
      assertThat(
              KolmogorovSmirnov.oneSample(
                      sample(4, s -> s.nextGamma(shape)), x -> Gamma.regularizedGammaP(shape, x))
                  .rejectsAt(FALSE_ALARM))
          .as("gamma of shape %s", shape)
          .isFalse();
    }
  }

  @Test
  void theTestsSeeAWrongDegreeOfFreedom() {
    assertThat(
            KolmogorovSmirnov.oneSample(
                    sample(5, s -> s.nextChiSquared(10)), x -> Gamma.regularizedGammaP(5.5, x / 2))
                .rejectsAt(FALSE_ALARM))
        .isTrue();
  }

  @Test
  void chiSquaredKeepsItsSpreadAtAMillionMillionDegrees() {
    double degrees = 1e12;
    double[] standard =
        Arrays.stream(sample(6, s -> s.nextChiSquared(degrees)))
            .map(x -> (x - degrees) / Math.sqrt(2 * degrees))
            .toArray();
    assertThat(
            KolmogorovSmirnov.oneSample(standard, x -> 0.5 * Erf.erfc(-x / Math.sqrt(2))).rejectsAt(FALSE_ALARM))
        .isFalse();
    assertThat(RandomStream.of(1, "test").nextChiSquared(0)).isZero();
  }

  @Test
  void anAddressIsAnAddress() {
    assertThat(RandomStream.of(1, "a", 2).nextLong()).isEqualTo(RandomStream.of(1, "a", 2).nextLong());
    long[] others = {
      RandomStream.of(1, "a", 2).nextLong(), RandomStream.of(1, "a").nextLong(),
      RandomStream.of(1, "a", 2, 0).nextLong(), RandomStream.of(1, "a", 3).nextLong(),
      RandomStream.of(2, "a", 2).nextLong(), RandomStream.of(1, "b", 2).nextLong(),
      RandomStream.of(1, "a", 0, 2).nextLong()
    };
    assertThat(Arrays.stream(others).distinct().count()).isEqualTo(others.length);
  }
}
