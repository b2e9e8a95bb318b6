package org.liftgrad.sweep.spark;

import org.liftgrad.sweep.Executor;
import org.liftgrad.sweep.SparkSettings;

/** How {@link Executor#spark} finds Spark where it is on the class path. */
public final class SparkConnection implements Executor.SparkProvider {

  @Override
  public Executor connect(SparkSettings settings) {
    return new SparkExecutor(settings);
  }
}
