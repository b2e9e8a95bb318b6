/**
 * The checks of the weakly-interacting-data paper, one class a check or a small family; ids as in the
 * theory file. {@link org.liftgrad.theorem.shallow.ShallowCatalogue} lists them.
 *
 * <p>Conventions: every run is the exact flow unless it says otherwise; a start has converged when L &lt;
 * 1e-6/(2n) within the horizon H that the rule names; an indicator is strict, so a pair that slides
 * counts as inactive.
 */
package org.liftgrad.theorem.shallow;
