package org.liftgrad.blueprint;

import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * σ_b(z_1, …, z_k) = φ(z_1 + … + z_k), entry by entry, for pre-activations of one space; with the identity for φ the
 * plain sum.
 *
 * @param function φ
 * @param inputs the spaces of the pre-activations: at least one, all the same
 */
public record PointwiseSum(Activation function, List<Space> inputs) implements ActivationFunction {

  /** Refuses pre-activations of several spaces, which have no sum. */
  public PointwiseSum {
    Argument.atLeast("the number of pre-activations", inputs.size(), 1);
    inputs = Arity.alike(inputs.size(), inputs);
  }

  @Override
  public String name() {
    return function instanceof Activation.Identity ? "sum" : function.name();
  }

  @Override
  public Space output() {
    return inputs.get(0);
  }

  @Override
  public void apply(double[][] preactivations, double[] value, int batch) {
    int count = output().dimension() * batch;
    sum(preactivations, value, count);
    function.apply(value, value, count);
  }

  @Override
  public void reverse(
      double[][] preactivations,
      double[] value,
      double[] valueGradient,
      double[][] preactivationGradients,
      int batch) {
    int count = output().dimension() * batch;
    double[] first = preactivationGradients[0];
    // The sum stands where its gradient will stand: nothing is allocated.
    sum(preactivations, first, count);
    function.slopes(first, value, first, count);
    for (int j = 0; j < count; j++) {
      first[j] *= valueGradient[j];
    }
    for (int k = 1; k < inputs.size(); k++) {
      System.arraycopy(first, 0, preactivationGradients[k], 0, count);
    }
  }

  private static void sum(double[][] rows, double[] sum, int count) {
    System.arraycopy(rows[0], 0, sum, 0, count);
    for (int k = 1; k < rows.length; k++) {
      double[] row = rows[k];
      for (int j = 0; j < count; j++) {
        sum[j] += row[j];
      }
    }
  }
}
