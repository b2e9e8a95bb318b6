package org.liftgrad.data;

import org.liftgrad.statistics.Numbers;

/**
 * Assumption 2 read as a predicate on the data at hand: ‖X Xᵀ − diag(‖x_i‖²)‖ ≤ κ (C_x^-)² / √n in
 * operator norm.
 *
 * <p>The papers' review thread names the order 1/√n of the correlations and the regime d ≳ n²; this
 * normalisation is reconstructed from them, not quoted.
 *
 * @param kappa κ, above 0
 * @param offDiagonalNorm the operator norm of the Gram matrix without its diagonal
 * @param allowed κ min_i ‖x_i‖² / √n
 */
public record WeakInteraction(double kappa, double offDiagonalNorm, double allowed) {

  /** Is the assumption met? */
  public boolean holds() {
    return offDiagonalNorm <= allowed;
  }

  /** The smallest κ with which it would be met. */
  public double smallestKappa() {
    return offDiagonalNorm * (kappa / allowed);
  }

  /** The verdict of Assumption 2 and the figures behind it. */
  @Override
  public String toString() {
    return "Assumption 2 at κ = " + Numbers.rounded(kappa, 4) + (holds() ? " holds" : " does not hold") + ": off-diagonal norm "
        + Numbers.rounded(offDiagonalNorm, 4) + ", allowed " + Numbers.rounded(allowed(), 4) + "; it holds from κ = "
        + Numbers.rounded(smallestKappa(), 4) + " on";
  }
}
