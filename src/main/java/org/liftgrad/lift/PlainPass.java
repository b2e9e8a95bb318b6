package org.liftgrad.lift;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.blueprint.Edge;
import org.liftgrad.blueprint.Vertex;
import org.liftgrad.kernel.Argument;

/**
 * A lift run forward, and in reverse, in the plainest way: vertex by vertex, each message by itself, one array a lifted
 * vertex. Slow and easily seen to be right; faster passes must agree with it.
 *
 * <p>Inputs and outputs are laid out as {@link Lift} says. Source: Random Sparse Lifts, definition 3.5.
 */
public final class PlainPass {

  private final Lift lift;
  private final Blueprint blueprint;
  private final double[] parameters;
  private final int batch;
  /** A row for each vertex of each fibre. */
  private final double[][][] activations;

  /**
   * Runs a lift forward.
   *
   * @param parameters {@link Lift#parameters} numbers; not modified
   * @param inputs {@link Lift#inputDimension} numbers for each sample; not modified
   * @param batch the number of samples, at least 1
   */
  public PlainPass(Lift lift, double[] parameters, double[] inputs, int batch) {
    this.lift = lift;
    blueprint = lift.blueprint();
    Argument.require(
        parameters.length == lift.parameters(), "the number of parameters", parameters.length,
        Integer.toString(lift.parameters()));
    Argument.positive("batch", batch);
    sized("inputs", inputs, lift.inputDimension(), batch);
    this.parameters = parameters.clone();
    this.batch = batch;
    activations = rows();
    put(blueprint.inputs(), inputs, activations);
    for (Vertex vertex : blueprint.vertices()) {
      for (int i = 0; i < lift.fibre(vertex.index()); i++) {
        double[] row = activations[vertex.index()][i];
        switch (vertex.role()) {
          case INPUT -> { }
          case CONSTANT -> Arrays.fill(row, 1);
          case COMPUTED -> vertex.activation().orElseThrow().apply(sums(vertex, i), row, batch);
        }
      }
    }
  }

  private static void sized(String name, double[] values, int dimension, int batch) {
    Argument.require(
        values.length == (long) dimension * batch, "the number of " + name, values.length,
        dimension + " for each of " + batch + " samples");
  }

  private double[][][] rows() {
    double[][][] rows = new double[blueprint.vertices().size()][][];
    for (Vertex vertex : blueprint.vertices()) {
      rows[vertex.index()] = new double[lift.fibre(vertex.index())][vertex.space().dimension() * batch];
    }
    return rows;
  }

  private void put(List<Vertex> vertices, double[] values, double[][][] rows) {
    int at = 0;
    for (Vertex vertex : vertices) {
      for (double[] row : rows[vertex.index()]) {
        System.arraycopy(values, at, row, 0, row.length);
        at += row.length;
      }
    }
  }

  private double[] gathered(List<Vertex> vertices, int dimension, double[][][] rows) {
    double[] values = new double[dimension * batch];
    int at = 0;
    for (Vertex vertex : vertices) {
      for (double[] row : rows[vertex.index()]) {
        System.arraycopy(row, 0, values, at, row.length);
        at += row.length;
      }
    }
    return values;
  }

  /** For each edge of the blueprint into a vertex, the sum of the messages along the lifted edges over it. */
  private double[][] sums(Vertex vertex, int place) {
    List<Edge> incoming = blueprint.incoming(vertex.index());
    double[][] sums = new double[incoming.size()][];
    for (int k = 0; k < sums.length; k++) {
      Edge edge = incoming.get(k);
      Edges lifted = lift.edges(edge.index());
      sums[k] = new double[edge.message().output().dimension() * batch];
      for (int e = lifted.first(place); e < lifted.first(place + 1); e++) {
        edge.message()
            .add(parameters, weightAt(edge, e), activations[edge.source()][lifted.source(e)], sums[k], batch);
      }
    }
    return sums;
  }

  private int weightAt(Edge edge, int lifted) {
    return lift.blockStart(edge.group()) + lifted * edge.message().weights().dimension();
  }

  /** The row of a lifted vertex's activation; a copy. */
  public double[] activation(String vertex, int place) {
    return activations[blueprint.vertex(vertex).index()][place].clone();
  }

  /** The rows of the outputs, {@link Lift#outputDimension} numbers for each sample. */
  public double[] outputs() {
    return gathered(blueprint.outputs(), lift.outputDimension(), activations);
  }

  /**
   * Gradients of a function of the outputs.
   *
   * @param parameters with respect to the parameters, in their layout
   * @param inputs with respect to the inputs, in their layout
   */
  public record Gradients(double[] parameters, double[] inputs) {}

  /**
   * Runs in reverse.
   *
   * @param outputGradients the gradients with respect to {@link #outputs}, in their layout; not modified
   */
  public Gradients reverse(double[] outputGradients) {
    sized("output gradients", outputGradients, lift.outputDimension(), batch);
    double[] parameterGradient = new double[parameters.length];
    double[][][] gradients = rows();
    put(blueprint.outputs(), outputGradients, gradients);
    for (int v = activations.length - 1; v >= 0; v--) {
      Vertex vertex = blueprint.vertices().get(v);
      if (vertex.role() == Vertex.Role.COMPUTED) {
        for (int i = 0; i < activations[v].length; i++) {
          reverse(vertex, i, gradients, parameterGradient);
        }
      }
    }
    return new Gradients(
        parameterGradient, gathered(blueprint.inputs(), lift.inputDimension(), gradients));
  }

  private void reverse(Vertex vertex, int place, double[][][] gradients, double[] parameterGradient) {
    ActivationFunction activation = vertex.activation().orElseThrow();
    double[][] sums = sums(vertex, place);
    double[][] sumGradients = new double[sums.length][];
    Arrays.setAll(sumGradients, k -> new double[sums[k].length]);
    activation.reverse(
        sums, activations[vertex.index()][place], gradients[vertex.index()][place], sumGradients, batch);
    List<Edge> incoming = blueprint.incoming(vertex.index());
    for (int k = 0; k < sums.length; k++) {
      Edge edge = incoming.get(k);
      Edges lifted = lift.edges(edge.index());
      for (int e = lifted.first(place); e < lifted.first(place + 1); e++) {
        int source = lifted.source(e);
        edge.message()
            .addReverse(
                parameters, weightAt(edge, e), activations[edge.source()][source], sumGradients[k],
                gradients[edge.source()][source], parameterGradient, batch);
      }
    }
  }
}
