package org.liftgrad.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import org.junit.jupiter.api.Test;
import org.liftgrad.shallow.ManyDigits;

class ElementaryTest {

  private static final MathContext DIGITS = new MathContext(40);

  /** Of every binade of tanh that matters, and of the whole range. */
  private static double[] arguments() {
    RandomStream stream = RandomStream.of(7, "tanh");
    double[] arguments = new double[1800];
    for (int k = 0; k < arguments.length; k++) {
      arguments[k] =
          switch (k % 3) {
            case 0 -> stream.nextUniform(-20, 20);
            case 1 -> 1.5 * stream.nextGaussian();
            default -> stream.nextSign() * StrictMath.exp(stream.nextUniform(-40, 1));
          };
    }
    return arguments;
  }

  private static BigDecimal exactly(double x) {
    BigDecimal grown = ManyDigits.exp(new BigDecimal(2 * x), DIGITS);
    return grown.subtract(BigDecimal.ONE).divide(grown.add(BigDecimal.ONE), DIGITS);
  }

  @Test
  void tanhErrsByLessThanSixUnitsInTheLastPlace() {
    double worst = 0;
    double sum = 0;
    double[] arguments = arguments();
    for (double x : arguments) {
      BigDecimal exact = exactly(x);
      double error =
          new BigDecimal(Elementary.tanh(x)).subtract(exact).abs().doubleValue() / Math.ulp(exact.doubleValue());
      worst = Math.max(worst, error);
      sum += error;
    }
    assertThat(worst).isLessThan(6);
    assertThat(sum / arguments.length).isLessThan(0.7);
  }

  @Test
  void tanhIsOddAndSaturatesAtOne() {
    assertThat(Elementary.tanh(0.0)).isEqualTo(0.0);
    assertThat(Double.doubleToRawLongBits(Elementary.tanh(-0.0))).isEqualTo(Double.doubleToRawLongBits(-0.0));
    assertThat(Elementary.tanh(Double.NaN)).isNaN();
    for (double x : new double[] {18.8, 19, 710, 1e300, Double.MAX_VALUE, Double.POSITIVE_INFINITY}) {
      assertThat(Elementary.tanh(x)).isBetween(1 - 0x1p-52, 1.0);
    }
    for (double x : arguments()) {
      assertThat(Elementary.tanh(-x)).isEqualTo(-Elementary.tanh(x));
    }
    double largest = 0;
    for (int k = 0; k < 1_000_000; k++) {
      largest = Math.max(largest, Elementary.tanh(14 + k * 6e-6));
    }
    assertThat(largest).isEqualTo(1);
    assertThat(Elementary.tanh(1e-300)).isEqualTo(1e-300);
  }

  @Test
  void manyNumbersAtOnceHaveTheSameBitsWhetherCompiledOrNot() {
    double[] arguments = arguments();
    double[] values = new double[arguments.length];
    // The first rounds are interpreted, the last ones are vectorised.
    double[] first = new double[arguments.length];
    Elementary.tanh(arguments, first, arguments.length);
    for (int round = 0; round < 2000; round++) {
      Elementary.tanh(arguments, values, arguments.length);
    }
    assertThat(values).isEqualTo(first);
    double[] inPlace = arguments.clone();
    Elementary.tanh(inPlace, inPlace, 1500);
    for (int k = 0; k < arguments.length; k++) {
      assertThat(inPlace[k]).isEqualTo(k < 1500 ? Elementary.tanh(arguments[k]) : arguments[k]);
    }
  }
}
