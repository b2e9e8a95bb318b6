package org.liftgrad.lift;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;

/**
 * Forward and reverse passes of a lift over all samples of a regression, on all cores: one pass over the sorted
 * lifted edges of each base edge, the samples innermost, on flat arrays that are made once. Evaluating, and a
 * step of descent, allocate nothing.
 *
 * <p>Results depend on the lift, the parameters and the samples alone: serial or parallel, on every JDK, they have
 * the same bits. They agree with {@link PlainPass} up to rounding.
 *
 * <p>Samples go through in batches of at most {@value #MOST_SAMPLES}, fewer where the fibres are so large that
 * memory would run out. A fibre takes 8 bytes a vertex, entry and sample of a batch; one whose activation is not
 * told by its value, or not a function of one sum, takes as much again for each sum. Not for several threads at
 * once.
 */
public final class Passes {

  /** The most samples of a batch. */
  public static final int MOST_SAMPLES = 128;

  /** The most numbers of a fibre's rows: a gigabyte. */
  private static final int MOST_NUMBERS = 1 << 27;

  private final Lift lift;
  private final Regression regression;
  private final int batches;
  private final EdgePass.Batch batch = new EdgePass.Batch();
  private final List<Vertex> inputs;
  private final List<Vertex> outputs;
  private final Rows[] values;
  private final Rows[] outputGradients;
  private final FibrePass[] computed;
  private final double[] descentGradient;

  /**
   * Passes of a lift over the samples of a regression.
   *
   * @throws IllegalArgumentException where they do not fit each other
   */
  public Passes(Lift lift, Regression regression) {
    this.lift = lift;
    this.regression = regression;
    Argument.require(
        regression.inputDimension() == lift.inputDimension(), "the dimension of the inputs",
        regression.inputDimension(), "that of the lift, " + lift.inputDimension());
    Argument.require(
        regression.outputDimension() == lift.outputDimension(), "the dimension of the targets",
        regression.outputDimension(), "that of the outputs of the lift, " + lift.outputDimension());
    inputs = lift.blueprint().inputs();
    outputs = lift.blueprint().outputs();
    int most = mostSamples();
    batches = (regression.samples() + most - 1) / most;
    PassAssembly assembly = new PassAssembly(lift, (regression.samples() + batches - 1) / batches, batch);
    values = assembly.values();
    outputGradients = assembly.outputGradients();
    computed = assembly.fibres();
    descentGradient = new double[lift.parameters()];
  }

  private int mostSamples() {
    long largest = 1;
    for (Vertex vertex : lift.blueprint().vertices()) {
      long dimension = vertex.space().dimension();
      for (Edge edge : lift.blueprint().incoming(vertex.index())) {
        dimension = Math.max(dimension, edge.message().output().dimension());
      }
      largest = Math.max(largest, lift.fibre(vertex.index()) * dimension);
    }
    Argument.require(
        largest <= MOST_NUMBERS, "the numbers of a fibre", largest, "at most " + MOST_NUMBERS + " for one sample");
    return (int) Math.min(MOST_SAMPLES, MOST_NUMBERS / largest);
  }

  /** The lift. */
  public Lift lift() {
    return lift;
  }

  /** The samples. */
  public Regression regression() {
    return regression;
  }

  /**
   * L at some parameters.
   *
   * @param parameters {@link Lift#parameters} numbers; not modified
   */
  public double loss(double[] parameters) {
    begin(parameters);
    double loss = 0;
    for (int k = 0; k < batches; k++) {
      forward(k);
      loss += batchLoss(k);
    }
    return loss;
  }

  /**
   * L and its gradient.
   *
   * @param parameters not modified
   * @param gradient overwritten, as long as {@code parameters}
   */
  public double gradient(double[] parameters, double[] gradient) {
    begin(parameters);
    sized("the gradient", gradient);
    Arrays.fill(gradient, 0);
    batch.gradient = gradient;
    double loss = 0;
    for (int k = 0; k < batches; k++) {
      forward(k);
      loss += batchLoss(k);
      reverse();
    }
    return loss;
  }

  /**
   * A step of gradient descent, θ ← θ − step ∇L(θ).
   *
   * @param parameters modified
   * @param step its size
   * @return L before the step
   */
  public double descend(double[] parameters, double step) {
    double loss = gradient(parameters, descentGradient);
    for (int k = 0; k < parameters.length; k++) {
      parameters[k] -= step * descentGradient[k];
    }
    return loss;
  }

  /**
   * f on all samples.
   *
   * @param parameters not modified
   * @param into overwritten, laid out as {@link Regression#targets}
   */
  public void outputs(double[] parameters, double[] into) {
    begin(parameters);
    Argument.require(
        into.length == regression.samples() * lift.outputDimension(), "the length of the outputs", into.length,
        Integer.toString(regression.samples() * lift.outputDimension()));
    for (int k = 0; k < batches; k++) {
      forward(k);
      copyOutputs(k, into);
    }
  }

  private void copyOutputs(int number, double[] into) {
    int entry = 0;
    for (int t = 0; t < outputs.size(); t++) {
      Rows rows = values[outputs.get(t).index()];
      for (int k = 0; k < rows.vertices * rows.dimension; k++) {
        System.arraycopy(
            rows.data, k * batch.samples, into, entry * regression.samples() + first(number), batch.samples);
        entry++;
      }
    }
  }

  /**
   * Jᵀ v, for J the derivative of the outputs on all samples with respect to the parameters.
   *
   * @param parameters not modified
   * @param vector v, laid out as {@link Regression#targets}; not modified
   * @param product overwritten, as long as {@code parameters}
   */
  public void transposedDerivative(double[] parameters, double[] vector, double[] product) {
    begin(parameters);
    sized("the product", product);
    Arrays.fill(product, 0);
    batch.gradient = product;
    for (int k = 0; k < batches; k++) {
      forward(k);
      int entry = 0;
      for (int t = 0; t < outputs.size(); t++) {
        Rows rows = outputGradients[t];
        for (int i = 0; i < rows.vertices * rows.dimension; i++) {
          System.arraycopy(
              vector, entry * regression.samples() + first(k), rows.data, i * batch.samples, batch.samples);
          entry++;
        }
      }
      reverse();
    }
  }

  private void begin(double[] parameters) {
    sized("parameters", parameters);
    batch.parameters = parameters;
  }

  private void sized(String name, double[] values) {
    if (values.length != lift.parameters()) {
      throw Argument.refused("the length of " + name, values.length, Integer.toString(lift.parameters()));
    }
  }

  /** Where a batch begins; they are as equal in size as can be. */
  private int first(int number) {
    return (int) ((long) regression.samples() * number / batches);
  }

  private void forward(int number) {
    int first = first(number);
    batch.samples = first(number + 1) - first;
    int entry = 0;
    for (int k = 0; k < inputs.size(); k++) {
      Rows rows = values[inputs.get(k).index()];
      int entries = rows.vertices * rows.dimension;
      regression.inputs(entry, entries, first, batch.samples, rows.data);
      entry += entries;
    }
    for (int k = 0; k < computed.length; k++) {
      computed[k].forward();
    }
  }

  private double batchLoss(int number) {
    double loss = 0;
    int entry = 0;
    for (int t = 0; t < outputs.size(); t++) {
      Rows rows = values[outputs.get(t).index()];
      int entries = rows.vertices * rows.dimension;
      loss +=
          regression.loss(entry, entries, first(number), batch.samples, rows.data, outputGradients[t].data);
      entry += entries;
    }
    return loss;
  }

  private void reverse() {
    for (int k = computed.length - 1; k >= 0; k--) {
      computed[k].reverse();
    }
  }
}
