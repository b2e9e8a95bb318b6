package org.liftgrad.blueprint;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * The activation map of a blueprint at given parameters and inputs: y_v = x_v for an input, and otherwise y_b = σ_b of
 * the messages M_e(w_e, y_a) along the edges into b. As plain as can be: it says what larger networks must agree with.
 *
 * <p>Inputs and outputs of a batch are rows one after the other, vertex by vertex in the order of the blueprint: entry
 * c of sample s of a vertex stands {@code c * batch + s} places behind where its row begins.
 *
 * <p>Source: Random Sparse Lifts, definition 3.4.
 */
public final class ActivationMap {

  private final Blueprint blueprint;
  private final double[] parameters;
  private final Bundle groups;
  private final int batch;
  private final double[][] activations;
  private final double[][] preactivations;

  /**
   * Runs a blueprint forward.
   *
   * @param parameters a section of {@link Blueprint#parameters}
   * @param inputs the rows of {@link Blueprint#inputs}, one after the other
   * @param batch the number of samples, at least 1
   */
  public ActivationMap(Blueprint blueprint, Section parameters, double[] inputs, int batch) {
    this.blueprint = blueprint;
    groups = blueprint.parameters();
    Argument.require(
        parameters.bundle().equals(groups), "the bundle of the parameters", parameters.bundle(), groups.toString());
    this.parameters = parameters.values();
    this.batch = Argument.positive("batch", batch);
    Argument.require(
        inputs.length == dimension(blueprint.inputs()) * batch, "the number of inputs", inputs.length,
        dimension(blueprint.inputs()) + " for each of " + batch + " samples");
    activations = new double[blueprint.vertices().size()][];
    preactivations = new double[blueprint.edges().size()][];
    forward(inputs);
  }

  private void forward(double[] inputs) {
    int at = 0;
    for (Vertex vertex : blueprint.vertices()) {
      double[] row = new double[vertex.space().dimension() * batch];
      activations[vertex.index()] = row;
      switch (vertex.role()) {
        case INPUT -> {
          System.arraycopy(inputs, at, row, 0, row.length);
          at += row.length;
        }
        case CONSTANT -> Arrays.fill(row, 1);
        case COMPUTED -> {
          for (Edge edge : blueprint.incoming(vertex.index())) {
            double[] preactivation = new double[edge.message().output().dimension() * batch];
            preactivations[edge.index()] = preactivation;
            edge.message()
                .add(parameters, groups.start(edge.group()), activations[edge.source()], preactivation, batch);
          }
          vertex.activation().orElseThrow().apply(arriving(preactivations, vertex), row, batch);
        }
      }
    }
  }

  private double[][] arriving(double[][] rows, Vertex vertex) {
    return blueprint.incoming(vertex.index()).stream().map(edge -> rows[edge.index()]).toArray(double[][]::new);
  }

  private static int dimension(List<Vertex> vertices) {
    return vertices.stream().mapToInt(vertex -> vertex.space().dimension()).sum();
  }

  /** The row of a vertex's activation; a copy. */
  public double[] activation(String vertex) {
    return activations[blueprint.vertex(vertex).index()].clone();
  }

  /** The rows of {@link Blueprint#outputs}, one after the other. */
  public double[] outputs() {
    double[] outputs = new double[dimension(blueprint.outputs()) * batch];
    int at = 0;
    for (Vertex output : blueprint.outputs()) {
      double[] row = activations[output.index()];
      System.arraycopy(row, 0, outputs, at, row.length);
      at += row.length;
    }
    return outputs;
  }

  /**
   * Gradients of a function of the outputs.
   *
   * @param parameters with respect to the parameters: of tied edges the sum, which is the push-forward along τ
   * @param inputs with respect to the inputs, in their layout
   */
  public record Gradients(Section parameters, double[] inputs) {}

  /**
   * Runs in reverse.
   *
   * @param outputGradients the gradients with respect to {@link #outputs}, in their layout
   */
  public Gradients reverse(double[] outputGradients) {
    Argument.require(
        outputGradients.length == dimension(blueprint.outputs()) * batch, "the number of output gradients",
        outputGradients.length, dimension(blueprint.outputs()) + " for each of " + batch + " samples");
    double[] parameterGradient = new double[parameters.length];
    double[][] gradients = new double[activations.length][];
    Arrays.setAll(gradients, v -> new double[activations[v].length]);
    int at = 0;
    for (Vertex output : blueprint.outputs()) {
      System.arraycopy(outputGradients, at, gradients[output.index()], 0, gradients[output.index()].length);
      at += gradients[output.index()].length;
    }
    for (int v = activations.length - 1; v >= 0; v--) {
      Vertex vertex = blueprint.vertices().get(v);
      if (vertex.role() == Vertex.Role.COMPUTED) {
        reverse(vertex, gradients, parameterGradient);
      }
    }
    return new Gradients(Section.of(groups, parameterGradient), inputGradients(gradients));
  }

  private void reverse(Vertex vertex, double[][] gradients, double[] parameterGradient) {
    double[][] arrived = arriving(preactivations, vertex);
    double[][] arrivedGradients = new double[arrived.length][];
    Arrays.setAll(arrivedGradients, k -> new double[arrived[k].length]);
    vertex.activation().orElseThrow()
        .reverse(arrived, activations[vertex.index()], gradients[vertex.index()], arrivedGradients, batch);
    List<Edge> incoming = blueprint.incoming(vertex.index());
    for (int k = 0; k < incoming.size(); k++) {
      Edge edge = incoming.get(k);
      edge.message()
          .addReverse(
              parameters, groups.start(edge.group()), activations[edge.source()], arrivedGradients[k],
              gradients[edge.source()], parameterGradient, batch);
    }
  }

  private double[] inputGradients(double[][] gradients) {
    double[] inputs = new double[dimension(blueprint.inputs()) * batch];
    int at = 0;
    for (Vertex input : blueprint.inputs()) {
      System.arraycopy(gradients[input.index()], 0, inputs, at, gradients[input.index()].length);
      at += gradients[input.index()].length;
    }
    return inputs;
  }
}
