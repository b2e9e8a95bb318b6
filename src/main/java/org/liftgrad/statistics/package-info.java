/**
 * Statistics behind the verdicts: exact intervals for proportions, fits of slopes, the bootstrap over
 * runs, and tests whose false-alarm rate is stated. Thin over Hipparchus; tables are tablesaw's.
 *
 * <p>What lives here:
 *
 * <ul>
 *   <li>{@link org.liftgrad.statistics.Proportion}: how often a run converged, with Wilson's and the
 *       exact interval, one-sided bounds, and the comparison of two proportions;
 *   <li>{@link org.liftgrad.statistics.Binomial} and {@link org.liftgrad.statistics.Family}: false-alarm
 *       rates and power of a rule, worked out before a plan runs;
 *   <li>{@link org.liftgrad.statistics.Line} and {@link org.liftgrad.statistics.Bootstrap}: exponents
 *       and their intervals;
 *   <li>{@link org.liftgrad.statistics.Logistic}: where a probability crosses a level, with its interval;
 *   <li>{@link org.liftgrad.statistics.KolmogorovSmirnov} and {@link
 *       org.liftgrad.statistics.ChiSquared}: whether samples have one law;
 *   <li>{@link org.liftgrad.statistics.CochranArmitage}: whether a probability rises with a score;
 *   <li>{@link org.liftgrad.statistics.Columns} and {@link org.liftgrad.statistics.Tabular}: tables
 *       with units in their column names.
 * </ul>
 *
 * <pre>{@code
 * Proportion converged = new Proportion(387, 400);
 * converged.wilson(0.95).lower() >= 0.95       // the rule of shallow/T1a
 * new Proportion(0, 400).upperBound(0.95)      // 0.0075: no exception among 400
 * new Binomial(400, 0.91).probabilityThat(k -> new Proportion(k, 400).wilson(0.95).lower() >= 0.95)
 * Line.logLog(steps, errors).slopeInterval(0.95)
 * }</pre>
 *
 * <p>No statement of the papers lives here; the checks of section 6 of the second paper's theory file
 * (Wilson intervals, bootstrap over runs for slopes, two-proportion tests) are made of these parts.
 */
package org.liftgrad.statistics;
