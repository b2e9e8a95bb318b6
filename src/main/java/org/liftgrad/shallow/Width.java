package org.liftgrad.shallow;

import org.liftgrad.kernel.Argument;

/**
 * How many neurons make a start well initialised: for each point some neuron is active on it and has
 * the readout sign of its label (weakly interacting data, Lemma 5). A neuron with a fair sign and a
 * symmetric law fails a point with probability 3/4.
 */
public final class Width {

  private Width() {}

  /**
   * ⌊log(n/ε) / log(4/3)⌋ + 1 neurons, with which n points are well initialised with probability at
   * least 1 − ε (Lemma 5; the width of the paper's experiments).
   *
   * @param points n, at least 1
   * @param epsilon ε, strictly between 0 and 1
   */
  public static int widthFor(long points, double epsilon) {
    return (int) Math.floor(logRatio(points, epsilon) / StrictMath.log(4.0 / 3.0)) + 1;
  }

  /**
   * ⌈4 log(n/ε)⌉ neurons, the width that Theorem 1 asks for.
   *
   * @param points n, at least 1
   * @param epsilon ε, strictly between 0 and 1
   */
  public static int theoremWidth(long points, double epsilon) {
    return (int) Math.ceil(4 * logRatio(points, epsilon));
  }

  private static double logRatio(long points, double epsilon) {
    Argument.positive("points", points);
    Argument.probability("epsilon", epsilon);
    return StrictMath.log(points) - StrictMath.log(epsilon);
  }

  /**
   * P(well initialised) for orthogonal inputs, Gaussian weights and fair readout signs, exactly:
   * Σ_q C(p,q) 2^−p (1 − 2^−q)^{n₊} (1 − 2^−(p−q))^{n₋} over the number q of positive readouts. All
   * terms are positive and summed in logarithms, so no digits are lost for any p and n.
   *
   * @param neurons p, at least 1
   * @param positive n₊, the number of points with a positive label, at least 0
   * @param negative n₋, the number with a negative label, at least 0
   */
  public static double probabilityWellInitialised(int neurons, long positive, long negative) {
    Argument.positive("neurons", neurons);
    Argument.require(positive >= 0, "positive", positive, "at least 0");
    Argument.require(negative >= 0, "negative", negative, "at least 0");
    double logBinomial = -neurons * StrictMath.log(2);
    double sum = 0;
    for (int q = 0; q <= neurons; q++) {
      double logTerm = logBinomial + logAllCovered(q, positive) + logAllCovered(neurons - q, negative);
      sum += StrictMath.exp(logTerm);
      logBinomial += StrictMath.log((double) (neurons - q) / (q + 1));
    }
    return Math.min(sum, 1);
  }

  /** log (1 − 2^−q)^n: every one of n points has an active one among q neurons. */
  private static double logAllCovered(int neurons, long points) {
    return points == 0 ? 0 : points * StrictMath.log1p(-StrictMath.scalb(1.0, -neurons));
  }

  /**
   * The union bound 1 − n (3/4)^p on the same probability, for any inputs; negative where it says nothing.
   *
   * @param neurons p, at least 1
   * @param points n, at least 1
   */
  public static double unionBound(int neurons, long points) {
    Argument.positive("neurons", neurons);
    Argument.positive("points", points);
    return 1 - points * StrictMath.pow(0.75, neurons);
  }
}
