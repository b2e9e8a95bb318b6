package org.liftgrad.statistics;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.liftgrad.kernel.Argument;

/**
 * Numbers as text, the same on every JDK and in every locale. {@code Double.toString} chose other
 * digits before JDK 19, and {@code String.format} rounds what it chose; here the binary value is
 * rounded once, exactly, to nearest with ties to even.
 */
public final class Numbers {

  private Numbers() {}

  /**
   * Rounded to significant digits, without trailing zeros: {@code 0.05}, {@code 12000}, {@code
   * 1.5e-12}. Plain notation for sizes from 1e-4 up to 1e7, else scientific.
   *
   * @param value any number; not finite gives {@code NaN}, {@code Infinity}, {@code -Infinity}
   * @param digits significant digits, at least 1
   */
  public static String rounded(double value, int digits) {
    Argument.positive("digits", digits);
    if (!Double.isFinite(value)) {
      return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == 0) {
      return "0";
    }
    return text(new BigDecimal(value).round(new MathContext(digits, RoundingMode.HALF_EVEN)));
  }

  /**
   * The fewest digits, of 15 to 17, that read back as the same number: for files.
   *
   * @param value any number; not finite gives {@code NaN}, {@code Infinity}, {@code -Infinity}
   */
  public static String exact(double value) {
    for (int digits = 15; digits < 17; digits++) {
      String text = rounded(value, digits);
      if (Double.parseDouble(text) == value) {
        // Minus zero is a number of its own.
        return value == 0 && 1 / value < 0 ? "-0" : text;
      }
    }
    return rounded(value, 17);
  }

  /**
   * A count with what it counts: {@code 1 run}, {@code 12 runs}.
   *
   * @param what one of them, of a plural with s
   */
  public static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  private static String text(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    if (exponent >= -4 && exponent < 7) {
      return stripped.toPlainString();
    }
    return stripped.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }
}
