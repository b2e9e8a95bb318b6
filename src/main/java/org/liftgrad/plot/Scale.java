package org.liftgrad.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.liftgrad.statistics.Numbers;

/**
 * How the numbers of one axis are handed to XChart, and how it labels its ticks.
 *
 * <p>XChart's linear ticks lose their way where the numbers are far from 1, and its logarithmic ones
 * draw nine lines a decade however many decades there are. So linear axes are scaled by a power of
 * ten, axes of three decades and more are handed over as logarithms with ticks at whole decades, and
 * only short logarithmic axes are XChart's own.
 *
 * @param kind which of the three
 * @param unit what linear numbers are divided by
 * @param least the least shown, in data units
 * @param most the most shown, in data units, above {@code least}
 */
record Scale(Kind kind, double unit, double least, double most) {

  enum Kind { LINEAR, DECADES, LOGARITHMIC }

  private static final double SHORT = 3;
  private static final double HAIR = 0.002;

  /** The scale of an axis whose data lie in [low, high]; infinite where there are none. */
  static Scale of(Axis axis, double low, double high, double padding) {
    boolean empty = !(low <= high);
    double from = empty ? (axis.logarithmic() ? 0.1 : 0) : low;
    double to = empty ? 1 : high;
    boolean fixedLow = axis.shows(axis.least());
    boolean fixedHigh = axis.shows(axis.most());
    from = fixedLow ? axis.least() : from;
    to = fixedHigh ? axis.most() : to;
    if (axis.logarithmic()) {
      double logFrom = StrictMath.log10(from);
      double logTo = StrictMath.log10(to);
      // Less than half a decade has no ticks to read it by: show half a decade about its middle.
      double lacking = Math.max(0, 0.5 - (logTo - logFrom)) / 2;
      double more = Math.max(lacking, padding * (logTo - logFrom));
      // Ends that were said get a hair of room, or XChart would not label a tick on the border.
      double hair = HAIR * Math.max(1e-3, logTo - logFrom);
      logFrom -= fixedLow ? hair : more;
      logTo += fixedHigh ? Math.max(hair, logFrom + 1e-3 - logTo) : more;
      boolean isShort = logTo - logFrom < SHORT;
      return new Scale(
          isShort ? Kind.LOGARITHMIC : Kind.DECADES, 1, power(logFrom), power(logTo));
    }
    double span = to - from;
    double size = Math.max(Math.abs(from), Math.abs(to));
    // Equal numbers, or equal but for rounding: room about them.
    if (!(span > 1e-12 * size)) {
      double room = size == 0 ? 1 : size / 2;
      from -= room;
      to += room;
    } else {
      from -= (fixedLow ? HAIR : padding) * span;
      to += (fixedHigh ? HAIR : padding) * span;
    }
    return new Scale(Kind.LINEAR, power(Math.floor(StrictMath.log10(to - from))), from, to);
  }

  private static double power(double exponent) {
    return StrictMath.pow(10, Math.max(-300, Math.min(300, exponent)));
  }

  /** What XChart is handed for a number. */
  double forward(double value) {
    return switch (kind) {
      case LINEAR -> value / unit;
      case DECADES -> StrictMath.log10(value);
      case LOGARITHMIC -> value;
    };
  }

  /** The place of a number along the axis, 0 at the least and 1 at the most. */
  double place(double value) {
    if (kind == Kind.LINEAR) {
      return (value - least) / (most - least);
    }
    double low = StrictMath.log10(least);
    return (StrictMath.log10(value) - low) / (StrictMath.log10(most) - low);
  }

  /** The number at a place along the axis. */
  double at(double place) {
    if (kind == Kind.LINEAR) {
      return least + place * (most - least);
    }
    double low = StrictMath.log10(least);
    return power(low + place * (StrictMath.log10(most) - low));
  }

  /** How many decades a logarithmic axis shows. */
  double decades() {
    return StrictMath.log10(most) - StrictMath.log10(least);
  }

  /** The text at one of XChart's ticks; a blank where none belongs. */
  String label(double tick) {
    switch (kind) {
      case LINEAR:
        return linear(tick);
      case DECADES:
        double whole = Math.rint(tick);
        if (Math.abs(tick - whole) < 1e-6) {
          return decade((int) whole);
        }
        // XChart gives up on an axis whose two ends read alike, so they may not both be blank.
        return tick == forward(least) ? "least" : tick == forward(most) ? "most" : " ";
      default:
        int exponent = (int) Math.floor(StrictMath.log10(tick) + 1e-9);
        int digit = (int) Math.rint(tick / StrictMath.pow(10, exponent));
        boolean labelled =
            decades() < 0.8
                || digit == 1
                || digit == 2
                || digit == 5
                || (decades() < 1.2 && (digit == 3 || digit == 7));
        return !labelled ? " " : text(BigDecimal.valueOf(digit).scaleByPowerOfTen(exponent));
    }
  }

  private String linear(double tick) {
    // Ticks are handed out in units of the span: digits below a thousandth of it are rounding.
    BigDecimal value =
        new BigDecimal(tick).setScale(4, RoundingMode.HALF_EVEN).multiply(new BigDecimal(unit));
    if (value.signum() == 0) {
      return "0";
    }
    int digits =
        Math.max(1, 4 + (int) Math.ceil(StrictMath.log10(Math.max(1, Math.abs(tick)))));
    return text(value.round(new MathContext(digits, RoundingMode.HALF_EVEN)));
  }

  private static String decade(int exponent) {
    return exponent == 0 ? "1" : exponent == 1 ? "10" : "10" + superscript(exponent);
  }

  private static String text(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    int exponent = stripped.precision() - stripped.scale() - 1;
    if (exponent >= -4 && exponent <= 5) {
      return stripped.toPlainString().replace('-', '−');
    }
    String factor = stripped.scaleByPowerOfTen(-exponent).stripTrailingZeros().toPlainString();
    return (factor.equals("1") ? "" : factor.replace('-', '−') + "·") + "10" + superscript(exponent);
  }

  private static String superscript(int exponent) {
    StringBuilder text = new StringBuilder();
    for (char letter : Integer.toString(exponent).toCharArray()) {
      text.append(letter == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹".charAt(letter - '0'));
    }
    return text.toString();
  }

  /** As in {@code 1e-12 … 1 (logarithmic)}. */
  String description(double low, double high) {
    return Numbers.rounded(low, 4) + " … " + Numbers.rounded(high, 4)
        + (kind == Kind.LINEAR ? "" : " (logarithmic)");
  }
}
