package org.liftgrad.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Several contestants, one after the other in each round, so that a machine that is slower for a while is
 * so for all of them. Whoever began a round is last in the next.
 */
final class Rounds {

  /** Threads of the one before may spin for a while before they sleep. */
  private static final long REST_MILLISECONDS = 300;

  private final Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();

  /** Adds one: does its work and returns the seconds. */
  Rounds with(String name, DoubleSupplier work) {
    contestants.put(name, work);
    return this;
  }

  /** Runs the rounds after one that does not count; the seconds of each contestant, round by round. */
  Map<String, double[]> run(int rounds) {
    Map<String, double[]> seconds = new LinkedHashMap<>();
    contestants.keySet().forEach(name -> seconds.put(name, new double[rounds]));
    List<String> names = new ArrayList<>(contestants.keySet());
    for (int round = -1; round < rounds; round++) {
      for (String name : names) {
        rest();
        double took = contestants.get(name).getAsDouble();
        if (round >= 0) {
          seconds.get(name)[round] = took;
        }
      }
      names.add(names.remove(0));
    }
    return seconds;
  }

  /** Seconds of our own work. */
  static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) * 1e-9;
  }

  private static void rest() {
    try {
      Thread.sleep(REST_MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("The measurement was interrupted.", stop);
    }
  }
}
