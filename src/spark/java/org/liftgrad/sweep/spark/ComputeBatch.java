package org.liftgrad.sweep.spark;

import org.apache.spark.api.java.function.Function;
import org.liftgrad.sweep.Batch;

/**
 * What a worker does: from the numbers of runs to their figures. Spark sends it by Java serialisation, its own way for
 * functions, between members that share a secret; it holds one text.
 */
final class ComputeBatch implements Function<long[], byte[]> {

  private static final long serialVersionUID = 1;

  private final String plan;

  ComputeBatch(String plan) {
    this.plan = plan;
  }

  @Override
  public byte[] call(long[] runs) {
    return Batch.compute(plan, runs);
  }
}
