package org.liftgrad.sweep;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.kernel.Argument;

/**
 * The figures of one run: named whole numbers, numbers, texts and yes-or-no answers, in a fixed order.
 * Immutable; {@code and} returns another row. A Java record makes a row too: {@link #of}.
 */
public final class Row {

  private final Map<String, Object> values;

  private Row(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** A row without columns. */
  public static Row start() {
    return new Row(new LinkedHashMap<>());
  }

  /** Adds a whole number. */
  public Row and(String name, long value) {
    return with(name, value);
  }

  /** Adds a number; NaN and the infinities are allowed, and −0 becomes 0. */
  public Row and(String name, double value) {
    return with(name, value);
  }

  /** Adds a text. */
  public Row and(String name, String value) {
    return with(name, value);
  }

  /** Adds a yes or a no. */
  public Row and(String name, boolean value) {
    return with(name, value);
  }

  /**
   * The components of a record as a row, each under its own name.
   *
   * @param record with components of {@code int}, {@code long}, {@code double}, {@code float}, {@code boolean},
   *     {@code String} or an enum
   */
  public static Row of(Record record) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      values.put(component.getName(), Type.ofClass(component.getType()).flatMap(type -> type.form(read(record, component)))
          .orElseThrow(() -> notAValue(component)));
    }
    return new Row(values);
  }

  /** Values of these columns, each in its one form. */
  static Row of(List<Column> columns, List<Object> values) {
    Map<String, Object> named = new LinkedHashMap<>();
    for (int k = 0; k < columns.size(); k++) {
      named.put(columns.get(k).name(), values.get(k));
    }
    return new Row(named);
  }

  /** The columns that records of this class make. */
  static List<Column> columns(Class<? extends Record> type) {
    List<Column> columns = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      columns.add(
          new Column(component.getName(), Type.ofClass(component.getType()).orElseThrow(() -> notAValue(component))));
    }
    return columns;
  }

  private static Object read(Record record, RecordComponent component) {
    try {
      // A record that was declared in a notebook's cell need not be public.
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("The component " + component.getName() + " of a record cannot be read.", e);
    }
  }

  private static IllegalArgumentException notAValue(RecordComponent component) {
    return Argument.refused(
        "the component “" + component.getName() + "” of a record",
        "a " + component.getType().getSimpleName(), "an int, long, double, float, boolean, String or enum, and not null");
  }

  /** The names, in their order. */
  public List<String> names() {
    return List.copyOf(values.keySet());
  }

  /** A number, whole or not. */
  public double number(String name) {
    return as(Number.class, name).doubleValue();
  }

  /** A whole number. */
  public long whole(String name) {
    return as(Long.class, name);
  }

  /** A text. */
  public String text(String name) {
    return as(String.class, name);
  }

  /** A yes or a no. */
  public boolean yes(String name) {
    return as(Boolean.class, name);
  }

  /** A value, as a {@code Long}, {@code Double}, {@code String} or {@code Boolean}. */
  public Object value(String name) {
    return as(Object.class, name);
  }

  /** A value in its one form, by its column's type. */
  Object value(Column column) {
    Object value = values.get(column.name());
    if (value == null || Type.of(value).orElseThrow() != column.type()) {
      throw Argument.refused(
          "the figure “" + column.name() + "” of a run", value == null ? "missing" : value, column.type().words());
    }
    return value;
  }

  /** The columns that this row would have. */
  List<Column> columns() {
    return values.entrySet().stream()
        .map(value -> new Column(value.getKey(), Type.of(value.getValue()).orElseThrow()))
        .toList();
  }

  private <T> T as(Class<T> type, String name) {
    Object value = values.get(name);
    // The sentences are put together only where they are needed: a verdict asks millions of figures.
    if (value == null) {
      throw Argument.refused("column", "“" + name + "”", "one of " + String.join(", ", values.keySet()));
    }
    if (!type.isInstance(value)) {
      throw Argument.refused("column", "“" + name + "”, which is " + value, "one of that type");
    }
    return type.cast(value);
  }

  /** The same with one more value, in its one form. */
  Row with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(values);
    more.put(name, Type.of(value).flatMap(type -> type.form(value)).orElseThrow());
    return new Row(more);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Row row && values.equals(row.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  /** Names and values. */
  @Override
  public String toString() {
    return values.toString();
  }
}
