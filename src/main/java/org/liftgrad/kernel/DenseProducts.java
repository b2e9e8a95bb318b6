package org.liftgrad.kernel;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;

/**
 * Dense products A·B and A·Bᵀ on one of three paths, on all cores.
 *
 * <p>On the Java and the Vector path an entry is the chain of fused multiply-adds over k from the left: the
 * bits depend neither on the machine nor on the number of threads, and |error| ≤ γ_K Σ_k |a_ik b_kj| with
 * γ_K = K u / (1 − K u), u = 2⁻⁵³ (Higham, Accuracy and Stability of Numerical Algorithms, 2002, section
 * 3.1). A native BLAS sums in an order of its own, within the same bound, so that two paths differ by at
 * most 2 γ_K Σ_k |a_ik b_kj|.
 *
 * <p>Before a path other than Java's is used it multiplies whole numbers with known products. Where it is
 * missing or wrong, Java's takes its place and {@link #reason} says why.
 *
 * <p>On a processor without fused multiply-add (x86 before 2013) the Java path gives the same bits, but
 * slowly.
 */
public final class DenseProducts {

  private static final DenseProducts JAVA = new DenseProducts(ProductPath.JAVA, "java", Optional.empty());

  private static final Map<ProductPath, DenseProducts> FOUND = new EnumMap<>(ProductPath.class);

  private final ProductPath path;
  private final String name;
  private final Optional<String> reason;

  private DenseProducts(ProductPath path, String name, Optional<String> reason) {
    this.path = path;
    this.name = name;
    this.reason = reason;
  }

  /** The default path. */
  public static DenseProducts java() {
    return JAVA;
  }

  /** The path that the system property {@value ProductPath#PROPERTY} asks for; Java's where it is not set. */
  public static DenseProducts asked() {
    return of(ProductPath.named(System.getProperty(ProductPath.PROPERTY, ProductPath.JAVA.toString())));
  }

  /** A path, tried out the first time that it is asked for. */
  public static DenseProducts of(ProductPath wanted) {
    if (wanted == ProductPath.JAVA) {
      return JAVA;
    }
    synchronized (FOUND) {
      DenseProducts known = FOUND.get(wanted);
      if (known == null) {
        known = find(wanted);
        FOUND.put(wanted, known);
      }
      return known;
    }
  }

  private static DenseProducts find(ProductPath wanted) {
    if (wanted == ProductPath.FASTEST) {
      DenseProducts vector = of(ProductPath.VECTOR);
      if (vector.path == ProductPath.VECTOR) {
        return vector;
      }
      DenseProducts other = of(ProductPath.NATIVE);
      return other.path == ProductPath.NATIVE
          ? other
          : instead(vector.reason.orElse("") + "; " + other.reason.orElse(""));
    }
    try {
      String name = "vector";
      if (wanted == ProductPath.VECTOR) {
        name += " (" + vectorWidth() + " bits)";
      } else {
        name = "native (" + NativeFactor.library() + ")";
      }
      DenseProducts candidate = new DenseProducts(wanted, name, Optional.empty());
      return ProductProbe.firstFault(candidate).map(fault -> instead(name(wanted) + " " + fault)).orElse(candidate);
    } catch (RuntimeException | LinkageError missing) {
      return instead(name(wanted) + " could not be loaded: " + cause(missing));
    }
  }

  /** What is at the bottom of it, in words. */
  private static String cause(Throwable thrown) {
    Throwable deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    String message = deepest.getMessage();
    return message == null ? deepest.getClass().getSimpleName() : message;
  }

  private static String name(ProductPath path) {
    return path == ProductPath.VECTOR ? "the Vector module" : "the native BLAS";
  }

  private static DenseProducts instead(String reason) {
    return new DenseProducts(ProductPath.JAVA, "java (" + reason + ")", Optional.of(reason));
  }

  private static int vectorWidth() {
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
      throw new IllegalStateException("the JVM was not started with --add-modules jdk.incubator.vector");
    }
    return 64 * vectorFactor(1, new double[1][1]).lanes();
  }

  /** The path in use: {@link ProductPath#JAVA}, {@link ProductPath#VECTOR} or {@link ProductPath#NATIVE}. */
  public ProductPath path() {
    return path;
  }

  /** What to write down beside a figure: the path, the library, and why it is not the one asked for. */
  public String name() {
    return name;
  }

  /** Why Java's path is used although another was asked for. */
  public Optional<String> reason() {
    return reason;
  }

  /**
   * A matrix for products A·B.
   *
   * @param b K×N; kept where the path is native, so not to be modified
   */
  public RightFactor factor(DMatrixRMaj b) {
    if (path == ProductPath.NATIVE) {
      return new NativeFactor(b.data, b.numRows, b.numCols, false);
    }
    double[][] rows = new double[b.numRows][b.numCols];
    for (int k = 0; k < b.numRows; k++) {
      System.arraycopy(b.data, k * b.numCols, rows[k], 0, b.numCols);
    }
    return inRows(b.numCols, rows);
  }

  /**
   * A matrix for products A·Bᵀ.
   *
   * @param b N×K; kept where the path is native, so not to be modified
   */
  public RightFactor factorTransposed(DMatrixRMaj b) {
    if (path == ProductPath.NATIVE) {
      return new NativeFactor(b.data, b.numCols, b.numRows, true);
    }
    double[][] rows = new double[b.numCols][b.numRows];
    for (int j = 0; j < b.numRows; j++) {
      for (int k = 0; k < b.numCols; k++) {
        rows[k][j] = b.data[j * b.numCols + k];
      }
    }
    return inRows(b.numRows, rows);
  }

  /** Passes through max(u, 0) by the Vector module, on the path of that name. */
  public Optional<Rectifier> rectifier() {
    if (path != ProductPath.VECTOR) {
      return Optional.empty();
    }
    try {
      Constructor<?> constructor = Class.forName("org.liftgrad.kernel.VectorRectifier").getDeclaredConstructor();
      return Optional.of((Rectifier) constructor.newInstance());
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException(missing.toString(), missing);
    }
  }

  private RightFactor inRows(int columns, double[][] rows) {
    return path == ProductPath.VECTOR ? vectorFactor(columns, rows).factor() : new JavaFactor(columns, rows);
  }

  /** A·B; for one product, as laying out B costs about as much as a row of A. */
  public DMatrixRMaj times(DMatrixRMaj a, DMatrixRMaj b) {
    return product(a, factor(b));
  }

  /** A·Bᵀ. */
  public DMatrixRMaj timesTransposed(DMatrixRMaj a, DMatrixRMaj b) {
    return product(a, factorTransposed(b));
  }

  private static DMatrixRMaj product(DMatrixRMaj a, RightFactor b) {
    Argument.require(a.numCols == b.rows(), "the number of columns of A", a.numCols, "that of rows of B, " + b.rows());
    DMatrixRMaj c = new DMatrixRMaj(a.numRows, b.columns());
    b.multiply(a.numRows, a.data, c.data);
    return c;
  }

  /** What the class behind the Vector module gives. */
  private record VectorProducts(RightFactor factor, int lanes) {}

  /** By name, as that class can be loaded only where the module is. */
  private static VectorProducts vectorFactor(int columns, double[][] rows) {
    try {
      Class<?> type = Class.forName("org.liftgrad.kernel.VectorFactor");
      Constructor<?> constructor = type.getDeclaredConstructor(int.class, double[][].class);
      int lanes = (int) type.getDeclaredMethod("lanes").invoke(null);
      return new VectorProducts((RightFactor) constructor.newInstance(columns, rows), lanes);
    } catch (InvocationTargetException thrown) {
      throw new IllegalStateException(thrown.getCause().toString(), thrown);
    } catch (ReflectiveOperationException missing) {
      throw new IllegalStateException(missing.toString(), missing);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
