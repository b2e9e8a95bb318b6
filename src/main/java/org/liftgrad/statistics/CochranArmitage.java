package org.liftgrad.statistics;

import java.util.List;
import org.hipparchus.special.Erf;
import org.liftgrad.kernel.Argument;

/**
 * Whether a probability rises with a score: the test for a linear trend in proportions (Cochran 1954, Biometrics 10;
 * Armitage 1955, Biometrics 11), one-sided.
 *
 * <pre>{@code
 * CochranArmitage.rising(new double[] {2, 4, 6}, List.of(new Proportion(30, 60), new Proportion(55, 60), new Proportion(60, 60)))
 * }</pre>
 */
public final class CochranArmitage {

  private CochranArmitage() {}

  /**
   * The test with the pooled estimate of the variance and the normal law, without correction for continuity: close to its
   * level where the probability is the same at all scores and some of both outcomes are seen. It looks for a rise on the
   * whole; a single step down is a matter of two proportions.
   *
   * @param scores one a proportion, finite, not all the same
   * @param proportions at least two
   * @return z, above 0 where the probability rises, and P(Z ≥ z); where all trials are alike z is 0
   */
  public static TestResult rising(double[] scores, List<Proportion> proportions) {
    Argument.atLeast("the number of proportions", proportions.size(), 2);
    Argument.require(
        scores.length == proportions.size(), "the length of scores", scores.length,
        "the number of proportions = " + proportions.size());
    Argument.finite("scores", scores);
    double trials = 0;
    double successes = 0;
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      trials += proportions.get(i).trials();
      successes += proportions.get(i).successes();
      sum += scores[i] * proportions.get(i).trials();
    }
    double mean = sum / trials;
    double pooled = successes / trials;
    double above = 0;
    double spread = 0;
    for (int i = 0; i < scores.length; i++) {
      double distance = scores[i] - mean;
      above += distance * proportions.get(i).successes();
      spread += distance * distance * proportions.get(i).trials();
    }
    Argument.require(spread > 0, "scores", scores[0], "not the same for all proportions");
    double variance = pooled * (1 - pooled) * spread;
    double z = variance == 0 ? 0 : above / Math.sqrt(variance);
    return new TestResult("Cochran–Armitage, rising", z, 0.5 * Erf.erfc(z / Math.sqrt(2)));
  }
}
