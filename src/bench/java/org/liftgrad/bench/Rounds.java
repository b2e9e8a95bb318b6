package org.liftgrad.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.liftgrad.statistics.Summary;

/**
 * Several contestants, one after the other in each round, so that a machine that is slower for a while is
 * so for all of them. Whoever began a round is last in the next.
 */
final class Rounds {

  /** Threads of the one before may spin for a while before they sleep. */
  private static final long REST_MILLISECONDS = 300;

  /** So many rests are waited for other programs to end, over the whole run; then it goes on, and says so. */
  private static int patience = 300;

  /** And no more than so many before one turn. */
  private static final int MOST_RESTS = 20;

  /** Other programs that take more than this share of the processors disturb. */
  static final double BUSY = 0.1;

  private static int turns;
  private static int disturbed;

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

  /** One contestant alone: once where it takes long, else the median of three, each when the machine is quiet. */
  static double alone(DoubleSupplier work) {
    rest();
    double first = work.getAsDouble();
    if (first > 2) {
      return first;
    }
    rest();
    double second = work.getAsDouble();
    rest();
    return Summary.median(first, second, work.getAsDouble());
  }

  /** Seconds of our own work. */
  static double seconds(Runnable work) {
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) * 1e-9;
  }

  /**
   * How quiet the machine was. Libraries whose threads wait for each other spinning become a hundred
   * times slower while one other program runs, so figures of a busy machine are not to be trusted.
   *
   * @param turns how often a contestant began
   * @param disturbed how often other programs were still busy then, for all our waiting
   */
  record Quiet(int turns, int disturbed) {}

  /** A quick run waits less. */
  static void beQuick() {
    patience = 60;
  }

  /** Of this run, so far. */
  static Quiet quiet() {
    return new Quiet(turns, disturbed);
  }

  private static void rest() {
    double busy = Machine.busyDuring(REST_MILLISECONDS);
    for (int rest = 0; busy > BUSY && patience > 0 && rest < MOST_RESTS; rest++) {
      patience--;
      busy = Machine.busyDuring(REST_MILLISECONDS);
    }
    turns++;
    disturbed += busy > BUSY ? 1 : 0;
  }
}
