package org.liftgrad.kernel;

import dev.ludovic.netlib.blas.NativeBLAS;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Products by the system's BLAS, through the bridge of netlib-blas. It brings threads of its own, whose
 * number its own settings give (OPENBLAS_NUM_THREADS), not {@link Workers}.
 */
final class NativeFactor implements RightFactor {

  /** The property of netlib-blas with the file to load. */
  private static final String FILE = "dev.ludovic.netlib.blas.nativeLibPath";

  /** The property of netlib-blas with the name of a library to look for. */
  private static final String NAME = "dev.ludovic.netlib.blas.nativeLib";

  private static final List<String> FOLDERS =
      List.of(
          "/usr/lib/x86_64-linux-gnu",
          "/usr/lib/aarch64-linux-gnu",
          "/usr/lib64",
          "/usr/lib",
          "/usr/local/lib",
          "/opt/homebrew/opt/openblas/lib",
          "/usr/local/opt/openblas/lib");

  private static final List<String> FILES = List.of("libopenblas.so.0", "libopenblas.so", "libopenblas.dylib", "libblas.so.3");

  private final double[] factor;
  private final int rows;
  private final int columns;
  private final boolean transposed;

  /**
   * Keeps a matrix.
   *
   * @param factor B row by row, or Bᵀ where {@code transposed}; not modified
   */
  NativeFactor(double[] factor, int rows, int columns, boolean transposed) {
    this.factor = factor;
    this.rows = rows;
    this.columns = columns;
    this.transposed = transposed;
  }

  /** Loads the BLAS and names it; throws where there is none. */
  static String library() {
    return Library.NAME;
  }

  /** Loaded when first asked for. */
  private static final class Library {
    static final Logger QUIET = Logger.getLogger("dev.ludovic.netlib.blas");
    static final String NAME;
    static final NativeBLAS BLAS;

    static {
      // It reports to the error stream what the provenance says anyway.
      QUIET.setLevel(Level.OFF);
      NAME = choose();
      BLAS = NativeBLAS.getInstance();
    }
  }

  /** What the user set, OpenBLAS where it is found, or what the bridge takes by itself. */
  private static String choose() {
    String set = System.getProperty(FILE, System.getProperty(NAME, ""));
    if (!set.isEmpty()) {
      return set;
    }
    Optional<Path> file = openBlas();
    // The bridge would look for one file only, and complain on the error stream where it is not there.
    if (file.isEmpty() && System.getProperty("os.name").startsWith("Linux")) {
      throw new IllegalStateException("none of " + String.join(", ", FILES) + " is in the system's folders");
    }
    file.ifPresent(path -> System.setProperty(FILE, path.toString()));
    return file.map(NativeFactor::realName).orElse("the system's default BLAS");
  }

  private static Optional<Path> openBlas() {
    String more = Optional.ofNullable(System.getenv("LD_LIBRARY_PATH")).orElse("");
    List<String> folders =
        Stream.concat(Stream.of(more.split(":")).filter(folder -> !folder.isBlank()), FOLDERS.stream()).toList();
    return FILES.stream()
        .flatMap(name -> folders.stream().flatMap(folder -> path(folder, name).stream()))
        .filter(Files::isReadable)
        .findFirst();
  }

  private static Optional<Path> path(String folder, String name) {
    try {
      return Optional.of(Path.of(folder, name));
    } catch (InvalidPathException odd) {
      return Optional.empty();
    }
  }

  /** The file behind the links, whose name usually tells the version. */
  private static String realName(Path file) {
    try {
      return file.toRealPath().getFileName().toString();
    } catch (IOException gone) {
      return file.getFileName().toString();
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int columns() {
    return columns;
  }

  @Override
  public void multiply(
      int height, double[] left, int leftAt, int leftStride, double[] result, int resultAt, int resultStride) {
    if (height == 0 || columns == 0) {
      return;
    }
    // BLAS counts down the columns: what are rows to us are columns to it, so it computes Cᵀ = Bᵀ Aᵀ.
    Library.BLAS.dgemm(
        transposed ? "T" : "N",
        "N",
        columns,
        height,
        rows,
        1,
        factor,
        0,
        Math.max(1, transposed ? rows : columns),
        left,
        leftAt,
        leftStride,
        0,
        result,
        resultAt,
        resultStride);
  }
}
