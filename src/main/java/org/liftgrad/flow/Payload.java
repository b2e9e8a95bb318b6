package org.liftgrad.flow;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.liftgrad.kernel.Argument;

/**
 * What an integrator and the recorder leave in a checkpoint to go on from: arrays by name, of
 * {@code double}, {@code long} or {@code byte}. Immutable; arrays are copied on their way in and out. What
 * is read back is checked: a file may say anything.
 */
final class Payload {

  private static final Payload NOTHING = new Payload(Map.of());

  /** double[], long[] or byte[]. */
  private final Map<String, Object> arrays;

  private Payload(Map<String, Object> arrays) {
    this.arrays = arrays;
  }

  static Payload nothing() {
    return NOTHING;
  }

  Payload with(String name, double... values) {
    return withArray(name, values.clone());
  }

  Payload with(String name, long... values) {
    return withArray(name, values.clone());
  }

  Payload with(String name, byte... values) {
    return withArray(name, values.clone());
  }

  private Payload withArray(String name, Object copy) {
    Map<String, Object> more = new LinkedHashMap<>(arrays);
    Argument.require(more.put(name, copy) == null, "the checkpoint entry", name, "of a name of its own");
    return new Payload(Collections.unmodifiableMap(more));
  }

  /** The arrays by name, in the order in which they were said; not copied, not to be modified. */
  Map<String, Object> arrays() {
    return arrays;
  }

  /** As many finite numbers as asked for. */
  double[] finite(String name, int length) {
    return Argument.finite("the checkpoint entry " + name, doubles(name, length));
  }

  /** As many numbers as asked for. */
  double[] doubles(String name, int length) {
    double[] values = doubles(name);
    requireLength(name, values.length, length);
    return values;
  }

  /** Numbers. */
  double[] doubles(String name) {
    if (arrays.get(name) instanceof double[] values) {
      return values.clone();
    }
    throw missing(name);
  }

  /** As many whole numbers of at least 0 as asked for. */
  long[] counts(String name, int length) {
    if (!(arrays.get(name) instanceof long[] values)) {
      throw missing(name);
    }
    requireLength(name, values.length, length);
    for (long value : values) {
      Argument.require(value >= 0, "the checkpoint entry " + name, value, "at least 0");
    }
    return values.clone();
  }

  /** As many bytes as asked for, each from 0 to {@code most}. */
  byte[] bytes(String name, int length, int most) {
    if (!(arrays.get(name) instanceof byte[] values)) {
      throw missing(name);
    }
    requireLength(name, values.length, length);
    for (byte value : values) {
      Argument.require(value >= 0 && value <= most, "the checkpoint entry " + name, value, "from 0 to " + most);
    }
    return values.clone();
  }

  private static void requireLength(String name, int length, int expected) {
    Argument.require(
        length == expected, "the length of the checkpoint entry " + name, length, Integer.toString(expected));
  }

  private IllegalArgumentException missing(String name) {
    return Argument.refused("the checkpoint entry " + name, "missing or of another type", "there");
  }

  /** Names and lengths. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    arrays.forEach(
        (name, array) ->
            text.append(text.length() == 0 ? "" : ", ").append(name).append('[')
                .append(java.lang.reflect.Array.getLength(array)).append(']'));
    return text.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Payload payload
        && Arrays.deepEquals(arrays.values().toArray(), payload.arrays.values().toArray())
        && arrays.keySet().equals(payload.arrays.keySet());
  }

  @Override
  public int hashCode() {
    return arrays.keySet().hashCode();
  }
}
