package org.liftgrad.blueprint;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * σ_b(A, v) = A v for a matrix A ∈ R^m×n and a vector v ∈ R^n: the values of an attention head, mixed by its attention
 * (Vaswani et al. 2017).
 *
 * @param inputs R^m×n and R^n
 */
public record Mix(List<Space> inputs) implements ActivationFunction {

  /** Refuses what is not a matrix and a vector with as many entries as it has columns. */
  public Mix {
    inputs = Arity.of(2, inputs);
    Space matrix = Arity.ranked("the first pre-activation", inputs.get(0), 2, "a matrix");
    Argument.require(
        inputs.get(1).equals(Space.of(matrix.size(1))), "the second pre-activation", "in " + inputs.get(1),
        "in R^" + matrix.size(1) + ", an entry for each column of the first");
  }

  @Override
  public String name() {
    return "mix";
  }

  @Override
  public Space output() {
    return Space.of(inputs.get(0).size(0));
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    double[] matrix = preactivations[0];
    double[] vector = preactivations[1];
    int columns = inputs.get(0).size(1);
    int rows = inputs.get(0).size(0);
    Arrays.fill(value, 0, rows * batch, 0);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        int at = (i * columns + j) * batch;
        for (int s = 0; s < batch; s++) {
          value[i * batch + s] += matrix[at + s] * vector[j * batch + s];
        }
      }
    }
  }

  @Override
  public void reverse(
      double[][] preactivations,
      double[] value,
      double[] valueGradient,
      double[][] preactivationGradients,
      int batch) {
    double[] matrix = preactivations[0];
    double[] vector = preactivations[1];
    double[] matrixGradient = preactivationGradients[0];
    double[] vectorGradient = preactivationGradients[1];
    int columns = inputs.get(0).size(1);
    Arrays.fill(vectorGradient, 0, columns * batch, 0);
    for (int i = 0; i < inputs.get(0).size(0); i++) {
      for (int j = 0; j < columns; j++) {
        int at = (i * columns + j) * batch;
        for (int s = 0; s < batch; s++) {
          double gradient = valueGradient[i * batch + s];
          matrixGradient[at + s] = gradient * vector[j * batch + s];
          vectorGradient[j * batch + s] += gradient * matrix[at + s];
        }
      }
    }
  }
}
