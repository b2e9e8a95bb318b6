package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.liftgrad.statistics.Logistic;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.statistics.Summary;

/** The number of points at which half the runs fail, from runs that are numbered alike at every size. */
sealed interface Threshold {

  /** Bisection ends where the two sizes are no further apart than this factor. */
  double RESOLUTION = 1.06;

  /**
   * From some of the runs.
   *
   * @param runs their numbers, from 0; one may be there several times, as a bootstrap draws them
   */
  double of(int[] runs);

  /** Is it, of all runs, beyond the sizes that were tried, so that all that is known is on which side? */
  boolean cutOff();

  /** Behind its figure. */
  default String note() {
    return cutOff() ? ", cut off by the sizes" : "";
  }

  /** From all runs. */
  default double ofAll(int runs) {
    return of(all(runs));
  }

  private static int[] all(int runs) {
    int[] all = new int[runs];
    Arrays.setAll(all, run -> run);
    return all;
  }

  /** How many of these runs are among those that converged. */
  private static int count(boolean[] converged, int[] runs) {
    return (int) Arrays.stream(runs).filter(run -> converged[run]).count();
  }

  /**
   * From a grid: where a logistic curve in n crosses one half. Where all runs succeeded it is the largest size, where none
   * did the smallest.
   *
   * @param points the sizes, increasing
   * @param converged by size and run
   */
  record Grid(double[] points, boolean[][] converged) implements Threshold {
    @Override
    public boolean cutOff() {
      double all = ofAll(converged[0].length);
      return all == points[0] || all == points[points.length - 1];
    }

    @Override
    public double of(int[] runs) {
      List<Proportion> shares = new ArrayList<>();
      long good = 0;
      for (boolean[] size : converged) {
        int count = count(size, runs);
        good += count;
        shares.add(new Proportion(count, runs.length));
      }
      if (good == 0 || good == (long) runs.length * points.length) {
        return points[good == 0 ? 0 : points.length - 1];
      }
      double crossing = Logistic.fit(points, shares).threshold(0.5);
      return Math.max(points[0], Math.min(points[points.length - 1], crossing));
    }
  }

  /**
   * From a grid without a curve: the mean size at which a run begins to fail, n₁ + Σ (P_k + P_{k+1})/2 · (n_{k+1} − n_k)
   * (Spearman and Kärber). All runs are taken to succeed below the grid and to fail above it, so that it is cut off where that
   * is not so at an end of the grid.
   *
   * @param points the sizes, increasing
   * @param converged by size and run
   */
  record Mean(double[] points, boolean[][] converged) implements Threshold {
    /** Runs that fail at the smallest size may be stuck whatever the size is, but not half of them. */
    @Override
    public boolean cutOff() {
      int[] all = all(converged[0].length);
      return 2 * count(converged[0], all) < all.length || count(converged[points.length - 1], all) > 0;
    }

    @Override
    public double of(int[] runs) {
      double sum = points[0];
      double before = 0;
      for (int k = 0; k < points.length; k++) {
        double share = (double) count(converged[k], runs) / runs.length;
        sum += k == 0 ? 0 : (before + share) / 2 * (points[k] - points[k - 1]);
        before = share;
      }
      return sum;
    }
  }

  /**
   * From bisections, one a run, each size of which had data and start of its own: their median, which is at one half where
   * the share of successes falls with n.
   *
   * @param found what each run came to
   */
  record Bisected(List<Search> found) implements Threshold {
    @Override
    public boolean cutOff() {
      return 2 * found.stream().filter(Search::within).count() <= found.size();
    }

    @Override
    public double of(int[] runs) {
      return Summary.median(Arrays.stream(runs).mapToDouble(run -> found.get(run).points()).toArray());
    }
  }

  /**
   * Looks for the size at which runs begin to fail.
   *
   * @param least a size that is taken to succeed
   * @param most a size that is taken to fail
   */
  static Search search(int least, int most, IntPredicate succeeds) {
    int low = least;
    int high = most;
    int tried = 0;
    while (high > low * RESOLUTION && high > low + 1) {
      int middle = Math.max(low + 1, Math.min(high - 1, (int) Math.round(Math.sqrt((double) low * high))));
      tried++;
      if (succeeds.test(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return new Search(Math.sqrt((double) low * high), tried, low > least && high < most);
  }

  /**
   * What a bisection came to.
   *
   * @param points between the largest size that succeeded and the smallest that failed
   * @param trainings how many runs it took
   * @param within whether both of its ends were tried
   */
  record Search(double points, int trainings, boolean within) {}
}
