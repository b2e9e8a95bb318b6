package org.liftgrad.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.kernel.Argument;

/**
 * A matrix that an option named.
 *
 * @param option the option, such as {@code --inputs}
 * @param path where it is
 * @param matrix what it holds; not to be modified
 */
record InputFile(String option, Path path, DMatrixRMaj matrix) {

  /** Reads CSV or NPY; a refusal begins with the option. */
  static InputFile read(String option, Path path) {
    return new InputFile(option, path, Refusals.of(option, () -> MatrixFiles.read(path)));
  }

  /** Its entries, where it is one row or one column. */
  double[] vector() {
    Argument.require(
        matrix.numRows == 1 || matrix.numCols == 1, option, this, "of one row or one column");
    return matrix.data.clone();
  }

  /** The file's name without its folder. */
  String name() {
    return String.valueOf(path.getFileName());
  }

  /** Name, hash and shape, for a record of the run: no path of this machine. */
  Map<String, Object> record() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("option", option);
    facts.put("name", name());
    facts.put("sha256", sha256(path));
    facts.put("rows", matrix.numRows);
    facts.put("columns", matrix.numCols);
    return facts;
  }

  static String sha256(Path file) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + "); it must be readable.", e);
    }
  }

  /** Name and shape, as a refusal shows them. */
  @Override
  public String toString() {
    return name() + " of " + matrix.numRows + "×" + matrix.numCols;
  }
}
