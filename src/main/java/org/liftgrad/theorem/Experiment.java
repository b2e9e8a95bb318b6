package org.liftgrad.theorem;

/** What a check does when it runs: from a trial (parameters, seeds, cores) to what was found. */
@FunctionalInterface
public interface Experiment {

  /**
   * Runs it. Everything random comes from {@link Trial#seed}, and the finding is the same whatever
   * the number of threads.
   */
  Finding run(Trial trial);
}
