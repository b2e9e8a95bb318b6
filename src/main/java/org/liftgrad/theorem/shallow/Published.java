package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.statistics.Logistic;
import org.liftgrad.statistics.Proportion;

/** What the authors' repository holds of their experiments 1.0 to 1.2 (theory file, section 5). */
final class Published {

  /** d of experiment 1.0. */
  static final int DIMENSION = 100;

  /** Runs a size of experiment 1.0. */
  static final int RUNS = 80;

  /** The threshold that they fit, and how far from it ours may be. */
  static final double THRESHOLD = 1651;
  static final double THRESHOLD_MARGIN = 40;

  /** Of the loss, at most this much is left at the cap at n = 2100. */
  static final double REMAINING = 0.013;
  static final int MOST_POINTS = 2100;

  private static final double[] SHARES = {1, 0.9875, 1, 1, 0.9625, 0.85, 0.85, 0.675, 0.25, 0.0375, 0, 0, 0, 0, 0, 0, 0};
  private static final int FIRST_POINTS = 1300;
  private static final int STEP = 50;

  private static final int[] THRESHOLDS = {30, 80, 150, 280, 400, 600, 840, 961, 1169, 1301};

  private Published() {}

  /** From n to the share of runs that met the stopping rule: d = 100, 80 runs. */
  static Map<Integer, Proportion> shares() {
    Map<Integer, Proportion> shares = new LinkedHashMap<>();
    for (int k = 0; k < SHARES.length; k++) {
      shares.put(FIRST_POINTS + k * STEP, new Proportion((int) Math.round(SHARES[k] * RUNS), RUNS));
    }
    return shares;
  }

  /** The sizes of experiment 1.0. */
  static List<Integer> sizes() {
    return new ArrayList<>(shares().keySet());
  }

  /** The curve through the shares. */
  static Logistic curve() {
    Map<Integer, Proportion> shares = shares();
    return Logistic.fit(
        shares.keySet().stream().mapToDouble(Integer::doubleValue).toArray(), List.copyOf(shares.values()));
  }

  /** From d to the threshold N(d, 30) of experiment 1.1. */
  static Map<Integer, Integer> thresholds() {
    Map<Integer, Integer> thresholds = new LinkedHashMap<>();
    for (int k = 0; k < THRESHOLDS.length; k++) {
      thresholds.put(10 * (k + 1), THRESHOLDS[k]);
    }
    return thresholds;
  }
}
