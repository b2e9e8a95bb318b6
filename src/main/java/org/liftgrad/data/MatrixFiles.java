package org.liftgrad.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;

/**
 * Matrices in files: comma-separated text without a header line, and NumPy's .npy.
 *
 * <p>What is read is told apart by its content, not its name: .npy begins with a byte that no number
 * begins with. Read: .npy of versions 1 to 3, float64, float32, int64 and int32 in either byte order,
 * C or Fortran order, one or two dimensions. Pickled objects are refused, never executed. Every number
 * must be finite.
 *
 * <p>Files that cannot be used raise {@link IllegalArgumentException} with one sentence that names the
 * file, the place in it and what is expected; nothing larger than a few times the file is allocated.
 * Files are written beside their place and then renamed, so that a reader never sees half of one.
 */
public final class MatrixFiles {

  private MatrixFiles() {}

  /**
   * A matrix; a .npy of one dimension becomes a column.
   *
   * @throws IllegalArgumentException if the file cannot be used
   */
  public static DMatrixRMaj read(Path file) {
    byte[] content = content(file);
    return NpyFormat.recognises(content) ? NpyFormat.read(file, content) : CsvFormat.read(file, content);
  }

  /**
   * A vector: a row or a column of a file.
   *
   * @throws IllegalArgumentException if the file cannot be used or has several rows and columns
   */
  public static double[] readVector(Path file) {
    DMatrixRMaj matrix = read(file);
    Argument.require(
        matrix.numRows == 1 || matrix.numCols == 1,
        "the shape of " + file, matrix.numRows + "×" + matrix.numCols, "one row or one column");
    return matrix.data.clone();
  }

  private static byte[] content(Path file) {
    Argument.require(Files.exists(file), "the file " + file, "missing", "an existing file");
    Argument.require(Files.isRegularFile(file), "the file " + file, "not a regular file", "a file, not a folder or device");
    try {
      long size = Files.size(file);
      Argument.require(size > 0, "the file " + file, "empty", "a matrix of at least one number");
      Argument.require(size <= 1L << 30, "the size of " + file, size + " bytes", "at most " + (1L << 30));
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static IllegalArgumentException unreadable(Path file, IOException e) {
    return new IllegalArgumentException(
        "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + "); it must be readable.", e);
  }

  /**
   * Writes comma-separated text, a line a row, 17 significant digits at most: reading gives the same
   * bits, and the same bits give the same bytes on every JDK.
   *
   * @throws IllegalArgumentException if the folder does not exist or an entry is not finite
   * @throws UncheckedIOException if writing fails; the file is then as it was
   */
  public static void writeCsv(Path file, DMatrixRMaj matrix) {
    checkFinite(matrix);
    write(
        file,
        out -> {
          StringBuilder line = new StringBuilder();
          for (int i = 0; i < matrix.numRows; i++) {
            line.setLength(0);
            for (int k = 0; k < matrix.numCols; k++) {
              line.append(k == 0 ? "" : ",").append(digits(matrix.get(i, k)));
            }
            out.write(line.append('\n').toString().getBytes(StandardCharsets.US_ASCII));
          }
        });
  }

  /** Writes a column, a number a line; otherwise as {@link #writeCsv(Path, DMatrixRMaj)}. */
  public static void writeCsv(Path file, double... column) {
    writeCsv(file, DMatrixRMaj.wrap(column.length, 1, column.clone()));
  }

  /**
   * Writes .npy, version 1, little-endian float64 in C order.
   *
   * @throws IllegalArgumentException if the folder does not exist or an entry is not finite
   * @throws UncheckedIOException if writing fails; the file is then as it was
   */
  public static void writeNpy(Path file, DMatrixRMaj matrix) {
    checkFinite(matrix);
    write(
        file,
        out -> {
          out.write(NpyFormat.header(matrix.numRows, matrix.numCols));
          ByteBuffer row = ByteBuffer.allocate(8 * matrix.numCols).order(ByteOrder.LITTLE_ENDIAN);
          for (int i = 0; i < matrix.numRows; i++) {
            row.clear();
            for (int k = 0; k < matrix.numCols; k++) {
              row.putDouble(matrix.get(i, k));
            }
            out.write(row.array());
          }
        });
  }

  private static void checkFinite(DMatrixRMaj matrix) {
    Argument.require(
        matrix.numRows >= 1 && matrix.numCols >= 1,
        "the matrix to write", matrix.numRows + "×" + matrix.numCols, "at least 1×1");
    Argument.finite("the matrix to write", matrix);
  }

  /**
   * The shortest of the usual forms of 17 significant digits, by exact decimal arithmetic:
   * Double.toString changed in JDK 19.
   */
  static String digits(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0";
    }
    BigDecimal exact = new BigDecimal(value);
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN)).stripTrailingZeros().toString();
  }

  @FunctionalInterface
  private interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static void write(Path file, Content content) {
    Path whole = file.toAbsolutePath();
    Path folder = whole.getParent();
    Argument.require(folder != null && whole.getFileName() != null, "the file " + file, "a root folder", "a file");
    Argument.require(
        Files.isDirectory(folder), "the folder " + folder, "missing or not a folder", "an existing folder");
    Argument.require(!Files.isDirectory(whole), "the file " + file, "a folder", "a file");
    Path beside = folder.resolve("." + whole.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out =
          new BufferedOutputStream(Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        content.writeTo(out);
      }
      try {
        Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the file " + file + " cannot be written (" + e.getClass().getSimpleName() + ").", e);
    } finally {
      try {
        Files.deleteIfExists(beside);
      } catch (IOException e) {
        // The first failure is the one to tell; a part file left behind harms nobody.
      }
    }
  }
}
