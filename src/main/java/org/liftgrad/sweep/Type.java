package org.liftgrad.sweep;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.Optional;

/**
 * What a value of a row may be. Values are of one form each, so that equal values have equal bytes: a
 * {@code Long}, a {@code Double} with one zero and one NaN, a {@code String}, a {@code Boolean}.
 */
public enum Type {
  /** A whole number of 64 bits. */
  WHOLE("a whole number", "INTEGER"),
  /** A number of float64; a figure may also be NaN or infinite. */
  NUMBER("a number", "REAL"),
  /** A text. */
  TEXT("a text", "TEXT"),
  /** A yes or a no. */
  YES_OR_NO("true or false", "INTEGER");

  private final String words;
  private final String sql;

  Type(String words, String sql) {
    this.words = words;
    this.sql = sql;
  }

  /** In words, with its article. */
  public String words() {
    return words;
  }

  /** Is it one of numbers? */
  boolean isNumeric() {
    return this == WHOLE || this == NUMBER;
  }

  /** What SQLite calls a column of it. */
  String sql() {
    return sql;
  }

  /** The name that files use: {@code whole}, {@code number}, {@code text}, {@code yes-or-no}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The type that a Java value is of, where it is of any. */
  static Optional<Type> of(Object value) {
    if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
      return Optional.of(WHOLE);
    } else if (value instanceof Double || value instanceof Float) {
      return Optional.of(NUMBER);
    } else if (value instanceof CharSequence || value instanceof Enum) {
      return Optional.of(TEXT);
    }
    return value instanceof Boolean ? Optional.of(YES_OR_NO) : Optional.empty();
  }

  /** The type that a Java class holds values of, where it holds any. */
  static Optional<Type> ofClass(Class<?> type) {
    if (type == long.class || type == int.class || type == Long.class || type == Integer.class) {
      return Optional.of(WHOLE);
    } else if (type == double.class || type == float.class || type == Double.class || type == Float.class) {
      return Optional.of(NUMBER);
    } else if (type == String.class || type.isEnum()) {
      return Optional.of(TEXT);
    }
    return type == boolean.class || type == Boolean.class ? Optional.of(YES_OR_NO) : Optional.empty();
  }

  /** The value in its one form; empty where it is not of this type. A whole number may be given as 1e12. */
  Optional<Object> form(Object value) {
    return switch (this) {
      case WHOLE -> whole(value);
      case NUMBER -> value instanceof Number number ? Optional.of(number(number.doubleValue())) : Optional.empty();
      case TEXT -> value instanceof CharSequence || value instanceof Enum ? Optional.of(value.toString()) : Optional.empty();
      case YES_OR_NO -> value instanceof Boolean ? Optional.of(value) : Optional.empty();
    };
  }

  private static Optional<Object> whole(Object value) {
    if (value instanceof BigDecimal || value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      // Beyond 2⁵³ a double no longer says which whole number is meant.
      boolean exact = Math.abs(number) <= 0x1p53 && number == Math.rint(number);
      return exact ? Optional.of((long) number) : Optional.empty();
    }
    return of(value).filter(type -> type == WHOLE).map(type -> ((Number) value).longValue());
  }

  /** One zero and one NaN: SQLite keeps no other. */
  private static Object number(double value) {
    return value == 0 ? 0.0 : Double.isNaN(value) ? Double.NaN : value;
  }

  /** The order in which values of this type are listed. */
  int compare(Object one, Object other) {
    return switch (this) {
      case WHOLE -> Long.compare((Long) one, (Long) other);
      case NUMBER -> Double.compare((Double) one, (Double) other);
      case TEXT -> one.toString().compareTo(other.toString());
      case YES_OR_NO -> Boolean.compare((Boolean) one, (Boolean) other);
    };
  }

  /** A type by the name that files use. */
  static Optional<Type> named(String name) {
    for (Type type : values()) {
      if (type.toString().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
