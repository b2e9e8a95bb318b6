package org.liftgrad.sweep;

import java.util.List;

/**
 * Brings experiments of your own to plan files and to the workers of a cluster: a class with a public constructor
 * without arguments, named in {@code META-INF/services/org.liftgrad.sweep.ExperimentProvider} of your jar.
 */
public interface ExperimentProvider {

  /** The experiments. */
  List<Experiment> experiments();
}
