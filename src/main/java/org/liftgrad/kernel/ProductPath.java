package org.liftgrad.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Which arithmetic dense products are asked to use; {@link DenseProducts} says which they got. */
public enum ProductPath {
  /** Plain Java: the default, with the same bytes on every machine. */
  JAVA,
  /** The Vector module of the JDK (jdk.incubator.vector), where the JVM was started with it. */
  VECTOR,
  /** A BLAS of the system, such as OpenBLAS, where there is one. */
  NATIVE,
  /** The first of {@link #VECTOR}, {@link #NATIVE} and {@link #JAVA} that works here. */
  FASTEST;

  /** The system property that asks for a path: java, vector, native or fastest; java where it is not set. */
  public static final String PROPERTY = "liftgrad.products";

  /** The path that a value of the property asks for. */
  static ProductPath named(String value) {
    Optional<ProductPath> path =
        Arrays.stream(values()).filter(one -> one.toString().equals(value.strip().toLowerCase(Locale.ROOT))).findFirst();
    Argument.require(
        path.isPresent(),
        PROPERTY,
        value,
        Arrays.stream(values()).map(ProductPath::toString).collect(Collectors.joining(", ")));
    return path.orElseThrow();
  }

  /** The name in small letters, as it is asked for. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
