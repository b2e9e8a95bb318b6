package org.liftgrad.theorem;

/** Hears how far a run of a check has come; called from any thread, one call at a time, {@code done} growing. */
@FunctionalInterface
public interface ProgressListener {

  /**
   * Some of the work is done.
   *
   * @param what what is counted, in the plural, with the check's id: {@code "shallow/T1a: runs"}
   * @param done how many are done
   * @param total how many there will be
   */
  void at(String what, long done, long total);

  /** One that does not listen. */
  static ProgressListener none() {
    return (what, done, total) -> {};
  }
}
