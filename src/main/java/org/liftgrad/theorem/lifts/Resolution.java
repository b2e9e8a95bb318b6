package org.liftgrad.theorem.lifts;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.LiftTraining;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.Regression;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Row;

/**
 * Is a flow fine enough (G8)? It is solved once more with half the steps, and what was seen must not depend on it: L(t)
 * changes by less than 1 %, and no verdict. The solver is of order 8, so that half the steps mean a tolerance of
 * 1/256: halving the tolerance itself would shorten the steps by 8 % only and show nothing.
 *
 * <pre>{@code
 * Resolution resolution = Resolution.ofFlow(network, regression, 1e-8, training -> training.untilLoss(0.016).untilTime(50));
 * resolution.coarse();                                            // the run, as it would have been
 * boolean same = succeeded(resolution.coarse()) == succeeded(resolution.fine());
 * Row row = Resolution.into(Row.start()..., resolution.change(), same);
 * ...
 * return Resolution.guarding(Finding.judged(met, rows)...);       // void, and so reported, where a run is not resolved
 * }</pre>
 *
 * @param coarse the run
 * @param fine the one with half the steps
 * @param change the largest |L(t)/L_fine(t) − 1| over the ends of the coarse run's steps that both runs reach; NaN where the
 *     run was not repeated
 */
record Resolution(LiftRun coarse, LiftRun fine, double change) {

  /** L(t) may change by less than this. */
  static final double MOST = 0.01;

  /** A tolerance over this halves the steps of a method of order 8. */
  static final double HALF = 256;

  /** Columns of a row. NaN in the first: this run was not repeated. */
  private static final String CHANGE = "change at half the step";

  private static final String SAME = "same at half the step";

  /** A training that is not yet told how fine it is to be. */
  interface Ends {
    /** Says until when, at which rates. */
    LiftTraining of(LiftTraining training);
  }

  /** A flow, and the same with half the steps. */
  static Resolution ofFlow(LiftedNetwork start, Regression regression, double tolerance, Ends ends) {
    LiftTraining training = ends.of(LiftTraining.of(start, regression));
    return of(training.flow(tolerance), training.flow(tolerance / HALF), start, regression);
  }

  /** A flow, and the same with half the steps if it is to be repeated; otherwise itself, and the change is NaN. */
  static Resolution ofFlow(
      LiftedNetwork start, Regression regression, double tolerance, boolean repeated, Ends ends) {
    if (repeated) {
      return ofFlow(start, regression, tolerance, ends);
    }
    LiftRun run = ends.of(LiftTraining.of(start, regression)).flow(tolerance).solve();
    return new Resolution(run, run, Double.NaN);
  }

  /** Any training of a network, and a finer one of the same. */
  static Resolution of(LiftTraining coarse, LiftTraining fine, LiftedNetwork start, Regression regression) {
    return of(coarse, fine, stretch -> {}, start, regression);
  }

  /** The same, where somebody is to see the finer one. */
  static Resolution of(
      LiftTraining coarse, LiftTraining fine, Consumer<LiftTraining.Stretch> ofFine, LiftedNetwork start,
      Regression regression) {
    LiftRun run = coarse.solve();
    Comparison comparison = new Comparison(run, new Passes(start.lift(), regression)::loss);
    Consumer<LiftTraining.Stretch> first = comparison::compare;
    LiftRun finer = fine.observe(first.andThen(ofFine)).solve();
    return new Resolution(run, finer, comparison.change);
  }

  /** L of another run at the times of one. */
  static final class Comparison {
    private final List<LiftRun.Step> path;
    private final ToDoubleFunction<double[]> loss;
    private int next = 1;
    private double change;

    Comparison(LiftRun run, ToDoubleFunction<double[]> loss) {
      path = run.path();
      this.loss = loss;
    }

    void compare(LiftTraining.Stretch stretch) {
      for (; next < path.size() && path.get(next).time() <= stretch.to(); next++) {
        double other = loss.applyAsDouble(stretch.at(Math.max(stretch.from(), path.get(next).time())));
        double off = Math.abs(path.get(next).loss() / other - 1);
        // A loss that is not a number has changed too.
        change = off <= change ? change : Double.isNaN(off) ? Double.POSITIVE_INFINITY : off;
      }
    }

    double change() {
      return change;
    }
  }

  /** Do L and the way the run ended stay, or was it not repeated? */
  boolean resolved() {
    return Double.isNaN(change) || change < MOST && coarse.ending() == fine.ending();
  }

  /**
   * The columns that {@link #guarding} looks at.
   *
   * @param change of L, or of a time, over itself; NaN where the run was not repeated
   * @param same is what the row says of the statement the same in both runs?
   */
  static Row into(Row row, double change, boolean same) {
    return row.and(CHANGE, change).and(SAME, same);
  }

  /** The finding, void of a verdict where a row that was repeated is not resolved; it says so either way. */
  static Finding guarding(Finding finding) {
    long repeated = finding.rows().stream().filter(row -> !Double.isNaN(row.number(CHANGE))).count();
    long unresolved = finding.rows().stream().filter(row -> !isResolved(row)).count();
    double most = finding.rows().stream().mapToDouble(row -> row.number(CHANGE)).filter(x -> !Double.isNaN(x)).max().orElse(0);
    String sentence =
        " Half the steps, in " + repeated + " of " + finding.rows().size() + " runs (G8), change what was measured by "
            + Numbers.rounded(100 * most, 2) + " % at most; "
            + (unresolved == 0 ? "all verdicts stay." : unresolved + " not resolved: no verdict.");
    return (unresolved == 0 ? finding : finding.withoutRule()).explained(finding.explanation() + sentence);
  }

  /** Is a row's run resolved, or was it not repeated? */
  static boolean isResolved(Row row) {
    double change = row.number(CHANGE);
    return Double.isNaN(change) || change < MOST && row.yes(SAME);
  }
}
