package org.liftgrad.cli;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A number as people write it: 60, 0.5, 1e-8; not Java's own forms, such as 1d or 0x1p3. */
final class PlainNumber implements ITypeConverter<Double> {

  private static final Pattern FORM = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,9})?");

  @Override
  public Double convert(String text) {
    return parse(text, "a number such as 60 or 1e-8");
  }

  static double parse(String text, String allowed) {
    if (!FORM.matcher(text).matches()) {
      throw new TypeConversionException("it is '" + text + "', but must be " + allowed);
    }
    return Double.parseDouble(text);
  }

  /** A whole number, which may be written as 1e12. */
  static final class Whole implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      if (FORM.matcher(text).matches()) {
        BigDecimal value = new BigDecimal(text).stripTrailingZeros();
        // The size first: 1e999999999 written out would fill the memory.
        if (value.scale() <= 0 && value.precision() - value.scale() <= 18) {
          return value.longValueExact();
        }
      }
      throw new TypeConversionException(
          "it is '" + text + "', but must be a whole number of at most 18 digits, such as 1000 or 1e12");
    }
  }
}
