package org.liftgrad.data;

import java.nio.file.Path;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.Products;
import org.liftgrad.kernel.Provenance;

/** Data sets from numbers of your own. */
public final class OwnData {

  private OwnData() {}

  /**
   * Inputs and labels as they are.
   *
   * @param inputs n rows of d finite numbers, none all 0; copied
   * @param labels n finite numbers; copied
   */
  public static Dataset ownData(double[][] inputs, double[] labels) {
    Argument.require(inputs.length >= 1, "the number of rows of inputs", inputs.length, "at least 1");
    int d = inputs[0].length;
    Argument.require(d >= 1, "the number of columns of inputs", d, "at least 1");
    for (int i = 0; i < inputs.length; i++) {
      Argument.require(
          inputs[i].length == d, "the length of row " + i + " of inputs", inputs[i].length, d + ", that of row 0");
    }
    return ownData(new DMatrixRMaj(inputs), labels);
  }

  /**
   * Inputs and labels as they are.
   *
   * @param inputs n×d, finite, no row all 0; copied
   * @param labels n finite numbers; copied
   */
  public static Dataset ownData(DMatrixRMaj inputs, double... labels) {
    return ownData(inputs, labels, Provenance.none().with("law", "own data"));
  }

  /**
   * Inputs and labels from files, CSV or NPY by their content.
   *
   * @param inputs n×d
   * @param labels n numbers, in a row or a column
   * @throws IllegalArgumentException if a file cannot be used, in one sentence that names it
   */
  public static Dataset readData(Path inputs, Path labels) {
    return ownData(
        MatrixFiles.read(inputs),
        MatrixFiles.readVector(labels),
        Provenance.none()
            .with("law", "own data")
            .with("inputs", String.valueOf(inputs.getFileName()))
            .with("labels", String.valueOf(labels.getFileName())));
  }

  private static Dataset ownData(DMatrixRMaj inputs, double[] labels, Provenance provenance) {
    int n = inputs.numRows;
    int d = inputs.numCols;
    Argument.require(n >= 1 && d >= 1, "inputs", n + "×" + d, "at least 1×1");
    Argument.require(
        labels.length == n, "the number of labels", labels.length, n + ", the number of rows of inputs");
    DMatrixRMaj copy = Argument.finite("inputs", inputs).copy();
    DMatrixRMaj gram = Products.gram(copy);
    // Before the entries beside it, which say less.
    for (int i = 0; i < n; i++) {
      Dataset.checkSquaredNorm(i, gram.get(i, i));
    }
    return new Dataset(
        gram,
        labels,
        d,
        new Inputs.Stored(copy),
        Products.gramRounding(d),
        provenance.with("points", n).with("dimension", d));
  }
}
