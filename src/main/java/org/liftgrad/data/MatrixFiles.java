package org.liftgrad.data;

import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.WholeFile;

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
    byte[] content = WholeFile.read(file, 1L << 30);
    Argument.require(content.length > 0, "the file " + file, "empty", "a matrix of at least one number");
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

  /**
   * Writes comma-separated text, a line a row, 17 significant digits at most: reading gives the same
   * bits, and the same bits give the same bytes on every JDK.
   *
   * @throws IllegalArgumentException if the folder does not exist or an entry is not finite
   * @throws UncheckedIOException if writing fails; the file is then as it was
   */
  public static void writeCsv(Path file, DMatrixRMaj matrix) {
    checkFinite(matrix);
    WholeFile.write(
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
    WholeFile.write(
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
}
