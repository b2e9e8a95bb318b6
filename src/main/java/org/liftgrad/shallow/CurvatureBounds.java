package org.liftgrad.shallow;

import org.liftgrad.data.Bounds;
import org.liftgrad.data.Dataset;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * The paper's bounds on the local-PL curvature μ = −L'/L, as functions of the state of a flow: the
 * active energies E_i = (1/p) Σ_j a_j² 1[⟨w_j, x_i⟩ &gt; 0], the residuals r_i and the labels y_i. They hold
 * for ReLU under Assumption 1, |a_j| ≥ ‖w_j‖ (weakly interacting data, sections 2 and 3).
 *
 * <p>For leaky ReLU the proofs of Lemma 12, of equation (7) and of its counterpart go through word for word
 * with E_i = (1/p) Σ_j a_j² σ'(⟨w_j, x_i⟩)², which is what {@link ShallowNetwork#activeEnergy} gives. Equation
 * (6) and the key inequality do not: |h(x_i)| is bounded by the sum of a_j² σ', and σ' is more than σ'²; there
 * the right-hand sides must be multiplied by the slope of the inactive side.
 *
 * @param points n
 * @param norms C_x^±
 * @param labels C_y^±
 * @param smallestEigenvalue of the Gram matrix
 * @param largestEigenvalue of the Gram matrix
 */
public record CurvatureBounds(
    int points, Bounds norms, Bounds labels, double smallestEigenvalue, double largestEigenvalue) {

  /** Refuses a set without points. */
  public CurvatureBounds {
    Argument.positive("points", points);
  }

  /** With the bounds and eigenvalues measured on a data set. O(n³) unless its Gram matrix is diagonal. */
  public static CurvatureBounds of(Dataset data) {
    return new CurvatureBounds(
        data.points(), data.normBounds(), data.labelBounds(), data.smallestEigenvalue(), data.largestEigenvalue());
  }

  /** Lemma 12, orthogonal inputs: μ ≥ (2/n) (C_x^-)² min_i E_i. */
  public double orthogonalLower(double[] activeEnergy) {
    return 2.0 / points * norms.least() * norms.least() * least(checkLength("active energies", activeEnergy));
  }

  /** Lemma 12, orthogonal inputs: μ ≤ (4/n) (C_x^+)² max_i E_i. */
  public double orthogonalUpper(double[] activeEnergy) {
    return 4.0 / points * norms.most() * norms.most() * most(checkLength("active energies", activeEnergy));
  }

  /** Equation (7), any inputs: μ ≥ (2 λ_min / n) min_i E_i. */
  public double lower(double[] activeEnergy) {
    return 2.0 / points * smallestEigenvalue * least(checkLength("active energies", activeEnergy));
  }

  /** Its counterpart, any inputs: μ ≤ (4 λ_max / n) max_i E_i. */
  public double upper(double[] activeEnergy) {
    return 4.0 / points * largestEigenvalue * most(checkLength("active energies", activeEnergy));
  }

  /** C = (C_x^- / C_x^+) C_x^- C_y^- of Theorem 1. */
  public double constant() {
    return norms.least() / norms.most() * norms.least() * labels.least();
  }

  /**
   * Equation (6): μ ≥ (C/n) min_i |1 − r_i/y_i|; follows from (7) where λ_min ≥ (C_x^-)²/2.
   *
   * @param residual r, n numbers
   * @param label y, n numbers, none 0
   */
  public double theoremLower(double[] residual, double[] label) {
    return constant() / points * leastFit(residual, label);
  }

  /**
   * Equation (6) before Assumption 2 is used: μ ≥ (2 λ_min / n) (C_y^- / C_x^+) min_i |1 − r_i/y_i|.
   *
   * @param residual r, n numbers
   * @param label y, n numbers, none 0
   */
  public double fitLower(double[] residual, double[] label) {
    return 2.0 / points * smallestEigenvalue * labels.least() / norms.most() * leastFit(residual, label);
  }

  /**
   * How far the key inequality E_i ≥ |y_i − r_i| / C_x^+ is from failing: the least difference of its
   * two sides over the points, negative where it fails.
   */
  public double keyInequalitySlack(double[] activeEnergy, double[] residual, double[] label) {
    checkLength("active energies", activeEnergy);
    checkLength("residuals", residual);
    checkLength("labels", label);
    double slack = Double.POSITIVE_INFINITY;
    for (int i = 0; i < points; i++) {
      slack = Math.min(slack, activeEnergy[i] - Math.abs(label[i] - residual[i]) / norms.most());
    }
    return slack;
  }

  private double leastFit(double[] residual, double[] label) {
    checkLength("residuals", residual);
    checkLength("labels", label);
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < points; i++) {
      least = Math.min(least, Math.abs(1 - residual[i] / label[i]));
    }
    return least;
  }

  private double[] checkLength(String name, double[] values) {
    if (values.length != points) {
      throw Argument.refused("the number of " + name, values.length, points + ", the number of points");
    }
    return values;
  }

  private static double least(double[] values) {
    double least = Double.POSITIVE_INFINITY;
    for (double value : values) {
      least = Math.min(least, value);
    }
    return least;
  }

  private static double most(double[] values) {
    double most = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      most = Math.max(most, value);
    }
    return most;
  }

  /** The figures that the bounds are made of. */
  @Override
  public String toString() {
    return "bounds on the curvature for " + Numbers.counted(points, "point") + ": C = " + Numbers.rounded(constant(), 4)
        + ", ‖x_i‖ " + norms + ", |y_i| " + labels
        + ", eigenvalues of the Gram matrix from " + Numbers.rounded(smallestEigenvalue, 4) + " to " + Numbers.rounded(largestEigenvalue, 4);
  }
}
