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

  /** How many rests to wait for other programs to end; then it goes on, and says so. */
  private static final int MOST_RESTS = 40;

  private static double worstDisturbance;

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

  /**
   * The largest share of the processors that other programs took while ours rested, from 0 to 1: where it is not
   * small the figures of the run are not to be trusted. Libraries whose threads wait for each other
   * spinning become a hundred times slower when one other program runs.
   */
  static double worstDisturbance() {
    return worstDisturbance;
  }

  private static void rest() {
    double disturbance = 1;
    for (int rest = 0; rest < MOST_RESTS && disturbance > 0.1; rest++) {
      disturbance = Machine.busyDuring(REST_MILLISECONDS);
    }
    worstDisturbance = Math.max(worstDisturbance, disturbance);
  }
}
