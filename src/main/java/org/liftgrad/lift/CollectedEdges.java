package org.liftgrad.lift;

import java.util.Arrays;
import org.liftgrad.kernel.Workers;

/**
 * Edges from a large fibre into a few vertices, such as a readout: the messages are added up while the values of the
 * sources are at hand, so that these need not be fetched once more.
 *
 * <p>There is one sum for each task of sources and each target, added up in the order of tasks: which thread takes
 * which task does not matter. Within a task the k-th vertices of its blocks have a sum of their own, as then all
 * rows stand at the same places of their arrays.
 */
final class CollectedEdges implements EdgePass {

  private final EdgePass edges;
  private final Edges.BySource bySource;
  private final int dimension;
  private final int blockStart;
  private final boolean weighted;
  private final int tasks;
  private final int targets;
  /** For each thread and target, as long as a block. */
  private final double[][][] blockSums;

  /** For each task and target. */
  private final Rows taskSums;

  /**
   * Edges at work.
   *
   * @param edges the same, for the way back
   * @param bySource the same, by source
   * @param targets the size of the fibre of targets
   * @param dimension of a sum of messages
   * @param blockStart where their weights begin
   * @param weighted whether they have any
   * @param tasks into how many the sources are split
   * @param height the vertices of a block of sources
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
      int height,
      int mostSamples) {
    this.edges = edges;
    this.bySource = bySource;
    this.targets = targets;
    this.dimension = dimension;
    this.blockStart = blockStart;
    this.weighted = weighted;
    this.tasks = tasks;
    blockSums = new double[Workers.threads()][targets][height * dimension * mostSamples];
    taskSums = new Rows(Math.multiplyExact(tasks, targets), dimension, mostSamples);
  }

  /** Before the blocks of a task. */
  void begin(int thread) {
    for (double[] sum : blockSums[thread]) {
      Arrays.fill(sum, 0);
    }
  }

  /**
   * Adds the messages of the sources from … to − 1.
   *
   * @param block their values, one row after the other; not modified
   */
  void collect(Batch batch, int thread, int from, int to, double[] block) {
    int length = dimension * batch.samples;
    for (int u = from; u < to; u++) {
      int at = (u - from) * length;
      for (int place = bySource.first(u); place < bySource.first(u + 1); place++) {
        double weight = weighted ? batch.parameters[blockStart + bySource.edge(place)] : 1;
        add(blockSums[thread][bySource.target(place)], weight, block, at, at + length);
      }
    }
  }

  private static void add(double[] sum, double weight, double[] row, int from, int to) {
    for (int j = from; j < to; j++) {
      sum[j] += weight * row[j];
    }
  }

  /** After the blocks of a task, of which the largest had so many vertices. */
  void end(Batch batch, int thread, int task, int vertices, double[][] gathered) {
    int length = dimension * batch.samples;
    for (int target = 0; target < targets; target++) {
      double[] sum = blockSums[thread][target];
      for (int k = 1; k < vertices; k++) {
        System.arraycopy(sum, k * length, gathered[0], 0, length);
        Ranges.add(sum, 1, gathered[0], length);
      }
      taskSums.store(task * targets + target, batch.samples, sum);
    }
  }

  @Override
  public void add(Batch batch, int from, int to, double[][] sums, double[][] gathered) {
    int length = dimension * batch.samples;
    for (int v = from; v < to; v++) {
      for (int task = 0; task < tasks; task++) {
        taskSums.load(task * targets + v, batch.samples, gathered[0]);
        Ranges.add(sums[v - from], 1, gathered[0], length);
      }
    }
  }

  @Override
  public void addReverse(
      Batch batch, int from, int to, double[][] values, double[][] gradients, double[][] gathered) {
    edges.addReverse(batch, from, to, values, gradients, gathered);
  }

  @Override
  public void addWeightGradients(Batch batch, int from, int to, double[][] gradients, double[][] gathered) {
    edges.addWeightGradients(batch, from, to, gradients, gathered);
  }
}
