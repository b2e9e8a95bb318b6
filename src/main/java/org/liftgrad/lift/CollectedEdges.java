package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.kernel.Workers;

/**
 * Edges from a large fibre into a few vertices, such as a readout: the messages are added up while the values of the
 * sources are at hand, so that these need not be fetched once more.
 *
 * <p>One sum a task of sources and a target, added up in the order of tasks: which thread takes which task does not
 * matter. Within a task the k-th vertices of its blocks have a sum of their own, as then all rows stand at the same
 * places of their arrays.
 */
final class CollectedEdges implements EdgePass {

  private final EdgePass edges;
  private final Edges.BySource bySource;
  private final int targets;
  private final int dimension;
  private final int blockStart;
  private final boolean weighted;
  /** For each thread and target. */
  private final double[][][] sums;

  /** For each task and target. */
  private final Rows taskSums;

  private final int tasks;

  /**
   * Edges at work.
   *
   * @param edges the same, for the way back
   * @param targets the size of the fibre of targets
   * @param dimension of a sum of messages
   * @param blockStart where their weights begin
   * @param weighted whether they have any
   * @param tasks into how many the sources are split
   * @param blockLength the most numbers of a block of sources
   * @param mostSamples of a batch
   */
  CollectedEdges(
      EdgePass edges,
      Edges.BySource bySource,
      int targets,
      int dimension,
      int blockStart,
      boolean weighted,
      int tasks,
      int blockLength,
      int mostSamples) {
    this.edges = edges;
    this.bySource = bySource;
    this.targets = targets;
    this.dimension = dimension;
    this.blockStart = blockStart;
    this.weighted = weighted;
    this.tasks = tasks;
    sums = new double[Workers.threads()][targets][blockLength];
    taskSums = new Rows(Math.multiplyExact(tasks, targets), dimension, mostSamples);
  }

  /** Before the blocks of a task. */
  void begin(int thread) {
    for (double[] sum : sums[thread]) {
      Arrays.fill(sum, 0);
    }
  }

  /**
   * Adds the messages of the sources from … to − 1.
   *
   * @param values of the sources; not modified
   */
  void collect(Batch batch, int thread, int from, int to, double[] values) {
    int length = dimension * batch.samples;
    for (int u = from; u < to; u++) {
      int at = (u - from) * length;
      for (int place = bySource.first(u); place < bySource.first(u + 1); place++) {
        double weight = weighted ? batch.parameters[blockStart + bySource.edge(place)] : 1;
        Ranges.add(sums[thread][bySource.target(place)], weight, values, at, at + length);
      }
    }
  }

  /** After the blocks of a task, of which the largest had so many vertices. */
  void end(Batch batch, int thread, int task, int vertices, Scratch scratch) {
    int length = dimension * batch.samples;
    for (int target = 0; target < targets; target++) {
      double[] sum = sums[thread][target];
      for (int k = 1; k < vertices; k++) {
        System.arraycopy(sum, k * length, scratch.first, 0, length);
        Ranges.add(sum, 1, scratch.first, 0, length);
      }
      int row = task * targets + target;
      taskSums.store(row, row + 1, batch.samples, sum);
    }
  }

  @Override
  public void add(Batch batch, int from, int to, double[] into, Scratch scratch) {
    int length = dimension * batch.samples;
    for (int v = from; v < to; v++) {
      int at = (v - from) * length;
      for (int task = 0; task < tasks; task++) {
        System.arraycopy(taskSums.data, (task * targets + v) * length, scratch.first, at, length);
        Ranges.add(into, 1, scratch.first, at, at + length);
      }
    }
  }

  @Override
  public void addReverse(
      Batch batch, int from, int to, double[] values, double[] gradients, Scratch scratch) {
    edges.addReverse(batch, from, to, values, gradients, scratch);
  }

  @Override
  public void addWeightGradients(Batch batch, int from, int to, double[] sumGradients, Scratch scratch) {
    edges.addWeightGradients(batch, from, to, sumGradients, scratch);
  }
}
