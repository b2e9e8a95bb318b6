package org.liftgrad.lift;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.liftgrad.kernel.Argument;

/**
 * What a lift is trained on: a target f* in L²(D), for a law D on finitely many samples, such as a data set or
 * the nodes of a quadrature. The loss of a function f is L(f) = ‖f − f*‖²_D = Σ_s D(s) |f(x_s) − f*(x_s)|², without
 * a factor ½ (theory file, 1.1 and 2.9). Immutable.
 *
 * <p>Inputs and targets are laid out as {@link Lift} says: a row for each entry, samples along the row.
 */
public final class Regression {

  private final int samples;
  private final double[] inputs;
  private final double[] targets;
  private final double[] masses;

  private Regression(int samples, double[] inputs, double[] targets, double[] masses) {
    this.samples = samples;
    this.inputs = inputs;
    this.targets = targets;
    this.masses = masses;
  }

  /**
   * Samples with their masses under D.
   *
   * @param inputs a row of samples for each entry of an input; finite, copied
   * @param targets a row of samples for each entry of an output: f*; finite, copied
   * @param masses D(s), finite and at least 0, one a sample; not scaled to sum to 1; copied
   */
  public static Regression of(double[] inputs, double[] targets, double[] masses) {
    int samples = Argument.atLeast("the number of samples", masses.length, 1);
    whole("inputs", inputs, samples);
    whole("targets", targets, samples);
    for (int s = 0; s < samples; s++) {
      if (!(masses[s] >= 0 && masses[s] < Double.POSITIVE_INFINITY)) {
        throw Argument.refused("masses[" + s + "]", masses[s], "a finite number of at least 0");
      }
    }
    return new Regression(samples, inputs.clone(), targets.clone(), masses.clone());
  }

  private static void whole(String name, double[] values, int samples) {
    Argument.require(
        values.length > 0 && values.length % samples == 0, "the number of " + name, values.length,
        "a positive multiple of the number of samples, " + samples);
    Argument.finite(name, values);
  }

  /**
   * Samples of equal mass.
   *
   * @param inputs a row of samples for each entry of an input
   * @param targets a row of samples for each entry of an output
   * @param samples how many, at least 1
   */
  public static Regression of(double[] inputs, double[] targets, int samples) {
    double[] masses = new double[Argument.atLeast("the number of samples", samples, 1)];
    Arrays.fill(masses, 1.0 / samples);
    return of(inputs, targets, masses);
  }

  /**
   * A function on a product grid over [−1, 1]^d, with equal masses.
   *
   * @param points along each axis, at least 2, the ends among them
   * @param dimension d, at least 1
   * @param target f*, called with a point; the array is used again
   */
  public static Regression onGrid(int points, int dimension, ToDoubleFunction<double[]> target) {
    Argument.atLeast("points", points, 2);
    Argument.atLeast("dimension", dimension, 1);
    double total = Math.rint(StrictMath.pow(points, dimension));
    Argument.require(total * dimension <= Edges.MOST, "the number of samples", total, "at most " + Edges.MOST / dimension);
    int samples = (int) total;
    double[] inputs = new double[samples * dimension];
    double[] targets = new double[samples];
    double[] point = new double[dimension];
    for (int s = 0; s < samples; s++) {
      int rest = s;
      for (int k = 0; k < dimension; k++) {
        // Exactly symmetric about 0.
        point[k] = (2.0 * (rest % points) - (points - 1)) / (points - 1);
        inputs[k * samples + s] = point[k];
        rest /= points;
      }
      targets[s] = target.applyAsDouble(point);
    }
    return of(inputs, targets, samples);
  }

  /** The number of samples. */
  public int samples() {
    return samples;
  }

  /** The number of entries of an input. */
  public int inputDimension() {
    return inputs.length / samples;
  }

  /** The number of entries of an output. */
  public int outputDimension() {
    return targets.length / samples;
  }

  /** A row of samples for each entry of an input; a copy. */
  public double[] inputs() {
    return inputs.clone();
  }

  /** f*: a row of samples for each entry of an output; a copy. */
  public double[] targets() {
    return targets.clone();
  }

  /** D; a copy. */
  public double[] masses() {
    return masses.clone();
  }

  /** ‖f*‖²_D: the loss of the function 0, where training with a readout of 0 begins. */
  public double lossOfZero() {
    return loss(new double[targets.length]);
  }

  /**
   * L(f).
   *
   * @param outputs f, laid out as {@link #targets}; not modified
   */
  public double loss(double[] outputs) {
    Argument.require(
        outputs.length == targets.length, "the number of outputs", outputs.length, Integer.toString(targets.length));
    double sum = 0;
    for (int at = 0; at < targets.length; at++) {
      double residual = outputs[at] - targets[at];
      sum += masses[at % samples] * residual * residual;
    }
    return sum;
  }

  /** One of the samples alone, with its mass. */
  Regression sample(int sample) {
    return new Regression(
        1, entriesOf(inputs, sample), entriesOf(targets, sample), new double[] {masses[sample]});
  }

  private double[] entriesOf(double[] rows, int sample) {
    double[] entries = new double[rows.length / samples];
    Arrays.setAll(entries, entry -> rows[entry * samples + sample]);
    return entries;
  }

  /** Copies samples first … first + batch − 1 of the inputs of some entries: a row of the batch each. */
  void inputs(int entry, int entries, int first, int batch, double[] rows) {
    for (int k = 0; k < entries; k++) {
      System.arraycopy(inputs, (entry + k) * samples + first, rows, k * batch, batch);
    }
  }

  /**
   * The part of a batch in the loss, over some entries of the outputs.
   *
   * @param entry the first entry
   * @param rows f on the batch
   * @param gradient overwritten with 2 D (f − f*), the gradient of the loss
   */
  double loss(int entry, int entries, int first, int batch, double[] rows, double[] gradient) {
    double sum = 0;
    for (int k = 0; k < entries; k++) {
      int at = (entry + k) * samples + first;
      for (int s = 0; s < batch; s++) {
        double residual = rows[k * batch + s] - targets[at + s];
        double weighted = masses[first + s] * residual;
        sum += weighted * residual;
        gradient[k * batch + s] = 2 * weighted;
      }
    }
    return sum;
  }

  @Override
  public String toString() {
    return samples + " samples, " + inputDimension() + " → " + outputDimension();
  }
}
