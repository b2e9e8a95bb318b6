package org.liftgrad.lift;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.PointwiseSum;
import org.liftgrad.kernel.Workers;

/**
 * A fibre of computed vertices at work, block by block of its vertices: forward from the messages that arrive to
 * values, in reverse from the gradients behind the edges that leave to those in front of the edges that arrive.
 *
 * <p>Where all that arrives is added up, there is one sum a vertex; and where the slope of the activation is told by
 * its value, sums are not kept: then the gradient of a sum takes the place of the value, which nobody needs any more.
 */
final class FibrePass {

  /** Blocks of a task: enough that sums of collected messages are few, and tasks many. */
  static final int BLOCKS = 16;

  private final ActivationFunction activation;
  private final int vertices;
  private final int dimension;
  private final int height;
  private final Rows values;
  /** Of each base edge into the vertex, or one for all: sums of messages where they are kept, then their gradients. */
  private final Rows[] sums;

  private final boolean pooled;
  private final boolean keepsSums;
  private EdgePass[] arriving = {};
  private EdgePass[] leaving = {};
  private CollectedEdges[] collected = {};
  private boolean[] weightsOnly = {};
  private boolean handsOn;
  /** Where the fibre is an output: the gradient of the loss. */
  private final Rows[] outputGradients;

  private final EdgePass.Batch batch;
  private final Scratch[] scratch;
  /** Of each thread, as many of its arrays as there are sums: an activation function is given no more. */
  private final double[][][] sumsAtHand;

  private final double[][][] gradientsAtHand;
  // In fields, so that a pass allocates nothing.
  private final Workers.Task forward = this::forward;
  private final Workers.Task reverse = this::reverse;

  /**
   * A fibre at work.
   *
   * @param height the vertices of a block
   * @param values of its vertices
   * @param sums as many rows as sums; the same as {@code values} where one shall take the place of the other
   * @param outputGradients one, or none where the fibre is no output
   */
  FibrePass(
      ActivationFunction activation,
      int height,
      Rows values,
      List<Rows> sums,
      List<Rows> outputGradients,
      EdgePass.Batch batch,
      Scratch[] scratch) {
    this.activation = activation;
    this.height = height;
    this.values = values;
    this.sums = sums.toArray(Rows[]::new);
    this.outputGradients = outputGradients.toArray(Rows[]::new);
    this.batch = batch;
    this.scratch = scratch;
    sumsAtHand = new double[scratch.length][][];
    gradientsAtHand = new double[scratch.length][][];
    for (int thread = 0; thread < scratch.length; thread++) {
      sumsAtHand[thread] = Arrays.copyOf(scratch[thread].sums, sums.size());
      gradientsAtHand[thread] = Arrays.copyOf(scratch[thread].sumGradients, sums.size());
    }
    vertices = values.vertices;
    dimension = values.dimension;
    pooled = activation instanceof PointwiseSum;
    keepsSums = keepsSums(activation);
  }

  /** Must sums be kept for the way back, or are they told by the values? */
  static boolean keepsSums(ActivationFunction activation) {
    return !(activation instanceof PointwiseSum sum) || !sum.function().slopeFromValue();
  }

  /**
   * Says what arrives and what leaves.
   *
   * @param arriving over each base edge into the vertex, in order
   * @param weightsOnly for each of them, whether nobody asks for gradients with respect to its sources
   */
  void connect(
      List<EdgePass> arriving, boolean[] weightsOnly, List<EdgePass> leaving, List<CollectedEdges> collected) {
    this.arriving = arriving.toArray(EdgePass[]::new);
    this.weightsOnly = weightsOnly;
    this.leaving = leaving.toArray(EdgePass[]::new);
    this.collected = collected.toArray(CollectedEdges[]::new);
    handsOn = false;
    for (boolean only : weightsOnly) {
      handsOn |= !only;
    }
  }

  /** How many tasks a fibre is split into. */
  static int tasks(int vertices, int height) {
    int each = height * BLOCKS;
    return (vertices + each - 1) / each;
  }

  void forward() {
    Workers.run(tasks(vertices, height), forward);
  }

  void reverse() {
    Workers.run(tasks(vertices, height), reverse);
  }

  private int end(int task) {
    return (int) Math.min(vertices, (task + 1L) * height * BLOCKS);
  }

  private void forward(int task, int thread) {
    for (CollectedEdges edges : collected) {
      edges.begin(thread);
    }
    int begin = task * height * BLOCKS;
    for (int from = begin; from < end(task); from += height) {
      forward(from, Math.min(end(task), from + height), thread);
    }
    for (CollectedEdges edges : collected) {
      edges.end(batch, thread, task, Math.min(height, end(task) - begin), scratch[thread]);
    }
  }

  private void forward(int from, int to, int thread) {
    Scratch mine = scratch[thread];
    double[][] hand = sumsAtHand[thread];
    for (int k = 0; k < sums.length; k++) {
      Arrays.fill(hand[k], 0, (to - from) * sums[k].dimension * batch.samples, 0);
    }
    for (int k = 0; k < arriving.length; k++) {
      arriving[k].add(batch, from, to, hand[pooled ? 0 : k], mine);
    }
    int count = (to - from) * dimension * batch.samples;
    if (activation instanceof PointwiseSum sum) {
      sum.function().apply(hand[0], mine.values, count);
    } else {
      activation.apply(hand, mine.values, batch.samples);
    }
    values.store(from, to, batch.samples, mine.values);
    for (int k = 0; keepsSums && k < sums.length; k++) {
      sums[k].store(from, to, batch.samples, hand[k]);
    }
    for (CollectedEdges edges : collected) {
      edges.collect(batch, thread, from, to, mine.values);
    }
  }

  private void reverse(int task, int thread) {
    for (int from = task * height * BLOCKS; from < end(task); from += height) {
      reverse(from, Math.min(end(task), from + height), thread);
    }
  }

  private void reverse(int from, int to, int thread) {
    Scratch mine = scratch[thread];
    double[][] hand = sumsAtHand[thread];
    double[][] gradients = gradientsAtHand[thread];
    int count = (to - from) * dimension * batch.samples;
    values.load(from, to, batch.samples, mine.values);
    if (outputGradients.length == 0) {
      Arrays.fill(mine.gradients, 0, count, 0);
    } else {
      outputGradients[0].load(from, to, batch.samples, mine.gradients);
    }
    for (EdgePass edges : leaving) {
      edges.addReverse(batch, from, to, mine.values, mine.gradients, mine);
    }
    for (int k = 0; keepsSums && k < sums.length; k++) {
      sums[k].load(from, to, batch.samples, hand[k]);
    }
    if (activation instanceof PointwiseSum sum) {
      sum.function().slopes(hand[0], mine.values, gradients[0], count);
      Ranges.multiply(gradients[0], mine.gradients, gradients[0], 0, count);
    } else {
      activation.reverse(hand, mine.values, mine.gradients, gradients, batch.samples);
    }
    for (int k = 0; k < arriving.length; k++) {
      if (weightsOnly[k]) {
        arriving[k].addWeightGradients(batch, from, to, gradients[pooled ? 0 : k], mine);
      }
    }
    for (int k = 0; handsOn && k < sums.length; k++) {
      sums[k].store(from, to, batch.samples, gradients[k]);
    }
  }
}
