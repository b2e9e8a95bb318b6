package org.liftgrad.lift;

import java.util.Arrays;
import java.util.List;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.ActivationFunction;
import org.liftgrad.blueprint.PointwiseSum;
import org.liftgrad.kernel.Workers;

/**
 * A fibre of computed vertices at work, block by block: forward from the messages that arrive to values, in reverse
 * from the gradients behind the edges that leave to those in front of the edges that arrive.
 *
 * <p>Where all that arrives is added up, there is one sum a vertex; and where the slope of the activation is told by
 * its value, sums are not kept: then the gradient of a sum takes the place of the value, which nobody needs any more.
 */
final class FibrePass {

  /** Blocks of a task: enough that the sums of collected messages are few, and the tasks many. */
  private static final int BLOCKS = 16;

  private final ActivationFunction activation;
  private final int height;
  private final Rows values;
  /** Sums of messages, where they are kept; then their gradients. */
  private final Rows[] sums;

  private final boolean pooled;
  private final boolean keepsSums;
  private final EdgePass[] arriving;
  /** Of those that arrive: does nobody ask for the gradients with respect to their sources? */
  private final boolean[] weightsOnly;

  /** Of the sums: does somebody fetch their gradients? */
  private final boolean[] handsOn;

  private final EdgePass[] leaving;
  private final CollectedEdges[] collected;
  /** One, where the fibre is an output: the gradients of the loss. */
  private final Rows[] outputGradients;

  private final EdgePass.Batch batch;
  private final Scratch[] scratch;
  // In fields, so that a pass allocates nothing.
  private final Workers.Task forward = this::forward;
  private final Workers.Task reverse = this::reverse;

  /**
   * A fibre at work.
   *
   * @param height the vertices of a block
   * @param values of its vertices
   * @param sums one for each base edge that arrives, or only one where all are added; {@code values} itself where its
   *     gradients shall take the place of values
   * @param outputGradients one, or none where the fibre is no output
   * @param arriving over each base edge into the vertex, in order
   * @param weightsOnly for each of them, whether nobody asks for gradients with respect to its sources
   * @param leaving over each base edge out of the vertex
   * @param batch that will be at hand
   * @param scratch for each thread
   */
  FibrePass(
      ActivationFunction activation,
      int height,
      Rows values,
      List<Rows> sums,
      List<Rows> outputGradients,
      List<EdgePass> arriving,
      boolean[] weightsOnly,
      List<EdgePass> leaving,
      EdgePass.Batch batch,
      Scratch[] scratch) {
    this.activation = activation;
    this.height = height;
    this.values = values;
    this.sums = sums.toArray(Rows[]::new);
    this.outputGradients = outputGradients.toArray(Rows[]::new);
    this.arriving = arriving.toArray(EdgePass[]::new);
    this.weightsOnly = weightsOnly;
    this.leaving = leaving.toArray(EdgePass[]::new);
    this.batch = batch;
    this.scratch = scratch;
    collected =
        leaving.stream()
            .filter(CollectedEdges.class::isInstance)
            .map(CollectedEdges.class::cast)
            .toArray(CollectedEdges[]::new);
    pooled = activation instanceof PointwiseSum;
    keepsSums = keepsSums(activation);
    handsOn = new boolean[this.sums.length];
    for (int k = 0; k < weightsOnly.length; k++) {
      handsOn[pooled ? 0 : k] |= !weightsOnly[k];
    }
  }

  /** Must sums be kept for the way back, or are slopes told by the values? */
  static boolean keepsSums(ActivationFunction activation) {
    return !(activation instanceof PointwiseSum sum) || !sum.function().slopeFromValue();
  }

  /** How many tasks a fibre is split into. */
  static int tasks(int vertices, int height) {
    int each = height * BLOCKS;
    return (vertices + each - 1) / each;
  }

  void forward() {
    Workers.run(tasks(values.vertices, height), forward);
  }

  void reverse() {
    Workers.run(tasks(values.vertices, height), reverse);
  }

  private int end(int task) {
    return (int) Math.min(values.vertices, (task + 1L) * height * BLOCKS);
  }

  private void forward(int task, int thread) {
    Scratch mine = scratch[thread];
    for (CollectedEdges edges : collected) {
      edges.begin(thread);
    }
    int begin = task * height * BLOCKS;
    for (int from = begin; from < end(task); from += height) {
      int to = Math.min(end(task), from + height);
      arrive(from, to, mine);
      activate(from, to, mine);
      for (CollectedEdges edges : collected) {
        edges.collect(batch, thread, from, to, mine.block);
      }
    }
    for (CollectedEdges edges : collected) {
      edges.end(batch, thread, task, Math.min(height, end(task) - begin), mine.gathered);
    }
  }

  private void arrive(int from, int to, Scratch mine) {
    for (int k = 0; k < sums.length; k++) {
      for (int v = 0; v < to - from; v++) {
        Arrays.fill(mine.sums[k][v], 0, sums[k].length(batch.samples), 0);
      }
    }
    for (int k = 0; k < arriving.length; k++) {
      arriving[k].add(batch, from, to, mine.sums[pooled ? 0 : k], mine.gathered);
    }
    for (int k = 0; keepsSums && k < sums.length; k++) {
      sums[k].store(from, to, batch.samples, mine.sums[k]);
    }
  }

  private void activate(int from, int to, Scratch mine) {
    int length = values.length(batch.samples);
    for (int v = from; v < to; v++) {
      double[] row = mine.values[v - from];
      if (pooled) {
        row = mine.sums[0][v - from];
      } else {
        tuple(mine.sums, v - from, mine.tuple);
        activation.apply(mine.tuple, row, batch.samples);
      }
      System.arraycopy(row, 0, mine.block, (v - from) * length, length);
    }
    if (activation instanceof PointwiseSum sum) {
      // All rows at once, as a function is the faster the more numbers it is given.
      sum.function().apply(mine.block, mine.block, (to - from) * length);
    }
    System.arraycopy(mine.block, 0, values.data, from * length, (to - from) * length);
  }

  private static void tuple(double[][][] rows, int vertex, double[][] tuple) {
    for (int k = 0; k < tuple.length; k++) {
      tuple[k] = rows[k][vertex];
    }
  }

  private void reverse(int task, int thread) {
    Scratch mine = scratch[thread];
    for (int from = task * height * BLOCKS; from < end(task); from += height) {
      int to = Math.min(end(task), from + height);
      values.load(from, to, batch.samples, mine.values);
      begin(from, to, mine);
      for (EdgePass edges : leaving) {
        edges.addReverse(batch, from, to, mine.values, mine.gradients, mine.gathered);
      }
      for (int k = 0; keepsSums && k < sums.length; k++) {
        sums[k].load(from, to, batch.samples, mine.sums[k]);
      }
      for (int v = 0; v < to - from; v++) {
        slope(v, mine);
      }
      handOn(from, to, mine);
    }
  }

  private void begin(int from, int to, Scratch mine) {
    if (outputGradients.length > 0) {
      outputGradients[0].load(from, to, batch.samples, mine.gradients);
      return;
    }
    for (int v = 0; v < to - from; v++) {
      Arrays.fill(mine.gradients[v], 0, values.length(batch.samples), 0);
    }
  }

  /** From the gradient with respect to a value to those with respect to its sums. */
  private void slope(int vertex, Scratch mine) {
    if (activation instanceof PointwiseSum sum) {
      Activation function = sum.function();
      double[] slopes = mine.sumGradients[0][vertex];
      int length = values.length(batch.samples);
      function.slopes(mine.sums[0][vertex], mine.values[vertex], slopes, length);
      Ranges.multiply(slopes, mine.gradients[vertex], slopes, length);
    } else {
      tuple(mine.sums, vertex, mine.tuple);
      tuple(mine.sumGradients, vertex, mine.gradientTuple);
      activation.reverse(
          mine.tuple, mine.values[vertex], mine.gradients[vertex], mine.gradientTuple, batch.samples);
    }
  }

  private void handOn(int from, int to, Scratch mine) {
    for (int k = 0; k < arriving.length; k++) {
      if (weightsOnly[k]) {
        arriving[k].addWeightGradients(batch, from, to, mine.sumGradients[pooled ? 0 : k], mine.gathered);
      }
    }
    for (int k = 0; k < sums.length; k++) {
      if (handsOn[k]) {
        sums[k].store(from, to, batch.samples, mine.sumGradients[k]);
      }
    }
  }
}
