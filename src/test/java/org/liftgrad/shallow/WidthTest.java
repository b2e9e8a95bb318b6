package org.liftgrad.shallow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.data.OrthogonalData.orthogonalData;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.liftgrad.data.Labels;

class WidthTest {

  @Test
  void widthsOfThePaper() {
    // Experiment 1: 36 to 38 neurons for 1300 to 2100 points at ε = 0.05; 27 at 100 and 35 at 1000.
    assertThat(Width.widthFor(1300, 0.05)).isEqualTo(36);
    assertThat(Width.widthFor(2100, 0.05)).isBetween(37, 38);
    assertThat(Width.widthFor(100, 0.05)).isEqualTo(27);
    assertThat(Width.widthFor(1000, 0.05)).isEqualTo(35);
    for (long n : new long[] {1, 10, 1000, 1_000_000_000_000L}) {
      for (double epsilon : new double[] {0.01, 0.05, 0.5}) {
        int p = Width.widthFor(n, epsilon);
        assertThat(Width.theoremWidth(n, epsilon)).isGreaterThanOrEqualTo(p);
        assertThat(Width.unionBound(p, n)).isGreaterThanOrEqualTo(1 - epsilon);
        assertThat(Width.unionBound(p - 1, n)).isLessThanOrEqualTo(1 - epsilon + 1e-12);
        assertThat(Width.probabilityWellInitialised(p, n / 2, n - n / 2)).isGreaterThanOrEqualTo(1 - epsilon);
      }
    }
  }

  @Test
  void theExactProbabilityAgainstExactArithmetic() {
    assertThat(Width.probabilityWellInitialised(27, 50, 50)).isCloseTo(0.9625, Offset.offset(5e-5));
    assertThat(Width.probabilityWellInitialised(35, 500, 500)).isCloseTo(0.9651, Offset.offset(5e-5));
    assertThat(Width.probabilityWellInitialised(27, 500, 500)).isCloseTo(0.758, Offset.offset(5e-4));
    for (int p : new int[] {1, 2, 5, 60, 300}) {
      for (int plus : new int[] {0, 1, 7, 40}) {
        for (int minus : new int[] {0, 3, 40}) {
          double exact = exact(p, plus, minus);
          assertThat(Width.probabilityWellInitialised(p, plus, minus))
              .as("p = %s, n = %s + %s", p, plus, minus)
              .isCloseTo(exact, Offset.offset(1e-12 * exact + 1e-300));
        }
      }
    }
  }

  private static double exact(int p, int plus, int minus) {
    BigDecimal sum = BigDecimal.ZERO;
    BigInteger binomial = BigInteger.ONE;
    MathContext digits = new MathContext(60);
    for (int q = 0; q <= p; q++) {
      sum =
          sum.add(
              new BigDecimal(binomial)
                  .multiply(covered(q, plus, digits), digits)
                  .multiply(covered(p - q, minus, digits), digits));
      binomial = binomial.multiply(BigInteger.valueOf(p - q)).divide(BigInteger.valueOf(q + 1L));
    }
    return sum.divide(BigDecimal.valueOf(2).pow(p), digits).doubleValue();
  }

  private static BigDecimal covered(int neurons, int points, MathContext digits) {
    return BigDecimal.ONE.subtract(BigDecimal.ONE.divide(BigDecimal.valueOf(2).pow(neurons))).pow(points, digits);
  }

  @Test
  void manyNeuronsAndPoints() {
    assertThat(Width.probabilityWellInitialised(5000, 1_000_000, 1_000_000)).isCloseTo(1, Offset.offset(1e-11));
    assertThat(Width.probabilityWellInitialised(100, 1_000_000_000_000L, 1)).isBetween(0.3, 0.99);
  }

  /** 4,000 starts; the interval of five standard errors has a false-alarm rate under 10⁻⁶. */
  @Test
  void startsAreWellInitialisedAsOftenAsTheFormulaSays() {
    int starts = 4000;
    int well = 0;
    var data = orthogonalData().points(20).labels(Labels.given(signs(20, 8))).build();
    for (int r = 0; r < starts; r++) {
      var network = ShallowNetworks.shallowNetwork(data).neurons(14).weights(WeightLaw.gaussian(1)).seed(r).build();
      well += network.wellInitialised() ? 1 : 0;
    }
    double p = Width.probabilityWellInitialised(14, 8, 12);
    assertThat(p).isBetween(0.6, 0.9);
    assertThat(well / (double) starts).isCloseTo(p, Offset.offset(5 * Math.sqrt(p * (1 - p) / starts)));
    // Control: the formula for one neuron less is outside.
    double fewer = Width.probabilityWellInitialised(13, 8, 12);
    assertThat(Math.abs(well / (double) starts - fewer)).isGreaterThan(5 * Math.sqrt(p * (1 - p) / starts));
  }

  private static double[] signs(int points, int positive) {
    double[] labels = new double[points];
    for (int i = 0; i < points; i++) {
      labels[i] = i < positive ? 1 : -1;
    }
    return labels;
  }

  @Test
  void refusals() {
    assertThatThrownBy(() -> Width.widthFor(0, 0.1)).hasMessage("points is 0; it must be at least 1.");
    assertThatThrownBy(() -> Width.widthFor(5, 1)).hasMessage("epsilon is 1.0; it must be strictly between 0 and 1.");
    assertThatThrownBy(() -> Width.probabilityWellInitialised(3, -1, 2)).hasMessage("positive is -1; it must be at least 0.");
  }
}
