/**
 * The catalogue: what the two papers say ({@link org.liftgrad.theorem.Statement}), and checks of it
 * ({@link org.liftgrad.theorem.Check}) whose plan, rule, false-alarm rate and power are settled
 * before they run.
 *
 * <pre>{@code
 * theorem("shallow/theorem-1").check();                                       // all its checks
 * var result = Catalogue.standard().check("shallow/T1a").run(RunSettings.quick().seed(2));
 * result.verdict();                                                          // holds, fails or reported
 * result.table();                                                            // one row a run
 * Catalogue.standard().check("shallow/T1a").runWithControl().verdict();      // not holds
 * }</pre>
 *
 * <p>The runs of a check go over the {@linkplain org.liftgrad.kernel.Workers workers}, one core each, since they
 * are many and independent: rows, progress and failures are those of one thread. A flow that is alone
 * has all cores. With {@link org.liftgrad.theorem.RunSettings#ledger} the rows of such runs are kept as they are computed,
 * and a later run of the same plan finds them: {@code paper} and {@code beyond} take hours.
 *
 * <p>The checks themselves are one room further in: {@code theorem.shallow}. A verdict of {@code
 * fails} is a result: the figures contradict the statement as we read it.
 */
package org.liftgrad.theorem;
