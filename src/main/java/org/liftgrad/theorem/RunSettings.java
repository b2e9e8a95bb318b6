package org.liftgrad.theorem;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.sweep.KeptRuns;

/**
 * How to run a check. Immutable; every method returns another one.
 *
 * @param scale which plan
 * @param seed addresses all random numbers of the run
 * @param overrides parameters of the plan to replace: name to value, both as text
 * @param controlled whether the negative control is put in place
 * @param threads how many threads at most, or 0 for all {@linkplain org.liftgrad.kernel.Workers workers}; no
 *     result depends on it
 * @param progress hears how far the run has come
 * @param ledger where rows are kept as they are computed, and found by a later run; not closed by a check
 */
public record RunSettings(
    Scale scale,
    long seed,
    Map<String, String> overrides,
    boolean controlled,
    int threads,
    ProgressListener progress,
    Optional<KeptRuns> ledger) {

  /** The seed used unless another is asked for. */
  public static final long DEFAULT_SEED = 1;

  /** Copies the overrides; refuses fewer than 0 threads. */
  public RunSettings {
    overrides = Collections.unmodifiableMap(new LinkedHashMap<>(overrides));
    Argument.atLeast("threads", threads, 0);
  }

  /** The plan of this scale with seed 1, on all processors. */
  public static RunSettings of(Scale scale) {
    return new RunSettings(scale, DEFAULT_SEED, Map.of(), false, 0, ProgressListener.none(), Optional.empty());
  }

  /** The quick plan with seed 1, on all processors. */
  public static RunSettings quick() {
    return of(Scale.QUICK);
  }

  /** Another seed. */
  public RunSettings seed(long other) {
    return new RunSettings(scale, other, overrides, controlled, threads, progress, ledger);
  }

  /** Another value of one parameter of the plan; whether it fits is said when the check runs. */
  public RunSettings set(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(overrides);
    more.put(name, String.valueOf(value));
    return new RunSettings(scale, seed, more, controlled, threads, progress, ledger);
  }

  /**
   * The same from text, as in {@code runs=100} or {@code points=10,20}.
   *
   * @throws IllegalArgumentException for a text without a name, an equals sign and a value
   */
  public RunSettings set(String assignment) {
    int equals = assignment.indexOf('=');
    Argument.require(
        equals > 0 && equals < assignment.length() - 1, "set", "“" + assignment + "”", "name=value, such as runs=100");
    return set(assignment.substring(0, equals).strip(), assignment.substring(equals + 1).strip());
  }

  /** With the negative control in place: the check should not hold then. */
  public RunSettings withControl() {
    return new RunSettings(scale, seed, overrides, true, threads, progress, ledger);
  }

  /** On this many threads. */
  public RunSettings threads(int number) {
    return new RunSettings(scale, seed, overrides, controlled, number, progress, ledger);
  }

  /** Heard by another listener. */
  public RunSettings progress(ProgressListener listener) {
    return new RunSettings(scale, seed, overrides, controlled, threads, listener, ledger);
  }

  /** Rows are kept in this ledger as they are computed; those that it has already are taken from there. */
  public RunSettings ledger(KeptRuns kept) {
    return new RunSettings(scale, seed, overrides, controlled, threads, progress, Optional.of(kept));
  }
}
