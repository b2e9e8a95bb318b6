package org.liftgrad.theorem.lifts;

import static org.liftgrad.theorem.lifts.LiftsCatalogue.statement;

import java.util.List;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Statement;

/**
 * What the gradient flow of a lift conserves, bounds and scales with (group G), and theorem 2.1, which is made of that.
 *
 * <p>L is ‖f − f*‖², without a factor ½, r = f − f*, h = √L, e = √ε; θ is in A(c, ε) if some step u of norm at most c has
 * ‖r + J u‖² under ε. The gradient then is at least (2/c) h (h − e) long, and all of this chapter follows from that one
 * inequality and from L' = −‖∇L‖².
 */
final class Mechanics {

  private Mechanics() {}

  static List<Statement> statements() {
    return List.of(
        statement(
            "lifts/theorem-2.1", Kind.THEOREM, "Probably approximately correct convergence in loss",
            "Stated: the title, and two hypotheses on networks of size s with drawn architecture and start, namely that the initial loss is"
                + " bounded uniformly in s with high probability, and that tangent approximation to ε₀ holds with probability 1 − δ₀."
                + " Reconstructed: the form of the second hypothesis, as a non-decreasing κ with ∫ dr/κ = ∞ such that, for each"
                + " radius R and all large s, every θ within R of the start is in A(κ(‖θ − θ(0)‖), ε) with probability at least 1 − δ, for all"
                + " ε > ε₀, δ > δ₀; and the conclusion: for all ε₁ > ε₀ and δ₁ > δ₀ there are a time T and a size s₁ such that for all"
                + " s ≥ s₁ the flow has L ≤ ε₁ from T on, with probability at least 1 − δ₁. Proved here: that conclusion, from lemmas 2.5"
                + " and 2.7. Take ε and δ between, B with L(0) ≤ B but for probability δ₁ − δ, and R with ∫₀ᴿ dr/κ equal to"
                + " log((√B − √ε)/(√ε₁ − √ε)); within R the loss meets ε₁ before the path is R long, in a time that lemma 2.5 bounds, and"
                + " does not rise again.",
            "\\forall \\varepsilon_1 > \\varepsilon_0,\\ \\delta_1 > \\delta_0\\ \\exists T, s_1\\ \\forall s \\ge s_1:\\quad"
                + " P_{(g,\\theta_0)\\sim N_s}\\bigl(L(\\theta(t)) \\le \\varepsilon_1 \\text{ for all } t \\ge T\\bigr) \\ge 1 - \\delta_1",
            Certainty.RECONSTRUCTED, "lifts/G2", "lifts/G3", "lifts/G8", "lifts/H1", "lifts/H12"),
        statement(
            "lifts/lemma-2.5", Kind.LEMMA, "Rates",
            "While the flow is in A(c, ε) and h > e, h' ≤ −(2/c²) h (h − e)². So a level is reached before the time that is written"
                + " here with Ψ; for ε → 0 the loss is at most c²/(4t), and while it is at least 4ε at most c²/t: c enters the time"
                + " squared. Reconstructed: that the paper has rates is not known. Proved here, by integrating the gradient bound; with c"
                + " that changes along the path, ∫ 2 dt/c² takes the place of 2t/c².",
            "t \\le \\frac{c^2}{2}\\bigl[\\Psi(h_t) - \\Psi(h_0)\\bigr],\\qquad"
                + " \\Psi(h) = \\frac{1}{e(h - e)} + \\frac{1}{e^2}\\log\\frac{h - e}{h}",
            Certainty.DERIVED, "lifts/G1", "lifts/G3", "lifts/G8"),
        statement(
            "lifts/lemma-2.6", Kind.LEMMA, "The length of the path",
            "The path up to t is at most √(t (L(0) − L(t))) long, by Cauchy and Schwarz, since the squared speed integrates to what the loss"
                + " has lost; within A(c, ε) it is at most c log((h₀ − e)/(h_t − e)), whatever the time. Proved here, both in a line; the"
                + " paper's own form is not known.",
            "\\int_0^t \\|\\theta'\\| \\le \\sqrt{t\\,(L_0 - L_t)},\\qquad \\int_0^t \\|\\theta'\\| \\le c \\log\\frac{h_0 - e}{h_t - e}",
            Certainty.DERIVED, "lifts/G1", "lifts/G2"),
        statement(
            "lifts/lemma-2.7", Kind.LEMMA, "A bound c that grows with the distance",
            "If θ is in A(κ(r), ε) at distance r from the start, then in arc length ρ the excess h − e falls at least as"
                + " exp(−∫₀^ρ ds/κ). So a level is met within a radius that does not depend on the time, provided ∫ dr/κ diverges: for"
                + " κ = c₀ + r, which a linear readout gives, R = c₀ ((h₀ − e)/(√ε₁ − e) − 1); for a power over 1 nothing is"
                + " guaranteed. Proved here. Measured with c itself as a function of arc length, which is sharper than any κ.",
            "h - e \\le (h_0 - e)\\,\\exp\\Bigl(-\\int_0^\\rho \\frac{ds}{\\kappa(s)}\\Bigr)",
            Certainty.DERIVED, "lifts/G2"),
        statement(
            "lifts/global-existence", Kind.LEMMA, "Global existence",
            "Where the gradient of the loss is locally Lipschitz, the flow exists for all times: up to a time t it stays within √(t L(0)) of"
                + " its start. That an appendix of the paper proves something of this kind is stated; the statement and its proof are"
                + " reconstructed here. The sharper bound √(t (L(0) − L(t))) is what is judged.",
            "\\|\\theta(t) - \\theta(0)\\| \\le \\sqrt{t\\,(L_0 - L_t)} \\le \\sqrt{t\\,L_0}",
            Certainty.RECONSTRUCTED, "lifts/G7"),
        statement(
            "lifts/displacement", Kind.LEMMA, "Few weights ever move far",
            "The sum over weights of the squared farthest distance from the start is at most T (L(0) − L(T)), so that at most T L(0)/η²"
                + " weights are ever further than η, and at most Δ T L(0)/η² copies of a witness are ever spoilt, for Δ the largest number"
                + " of vertices read out that one weight can reach. In a sparse lift Δ grows like a power of log n, and the number of"
                + " copies like n: almost all survive. A reviewer quotes the idea; the inequality and its proof are ours.",
            "\\sum_e \\sup_{t \\le T} |w_e(t) - w_e(0)|^2 \\le T\\,(L_0 - L_T),\\qquad"
                + " \\#\\{e: \\sup_t |w_e(t) - w_e(0)| > \\eta\\} \\le \\frac{T L_0}{\\eta^2}",
            Certainty.DERIVED, "lifts/G5"),
        statement(
            "lifts/bounded-activations", Kind.LEMMA, "Bounded activations",
            "For an activation with σ(0) = 0 and Lipschitz constant l, and inputs in [−1, 1], each activation of a lift is bounded on the whole"
                + " ball of radius R around the start by a number that the start alone determines: l times the sum, over the edges into the"
                + " vertex, of |w(0)| + R times the bound of their source. With bounded in-degrees these numbers do not grow with n, but for"
                + " their largest. That the paper has a statement of this kind is stated; the bound is ours.",
            "|y_v(\\theta)| \\le A_v(R) = l \\sum_{e = (u, v)} (|w_e(0)| + R)\\,A_u(R)\\quad\\text{for } \\|\\theta - \\theta(0)\\| \\le R",
            Certainty.RECONSTRUCTED, "lifts/G6"),
        statement(
            "lifts/lyapunov", Kind.LEMMA, "The readout comes nearer to every one that does better",
            "For a fixed readout â with ‖Φ(θ(t)) â − f*‖ ≤ e up to T, V = ½ ‖a − â‖² has V' ≤ −2 √L (√L − e), whatever the hidden weights"
                + " do. So ‖a − â‖ does not increase while L ≥ e², and a level ε₁ > e² is reached before T = ‖a(0) − â‖²/(4 √ε₁ (√ε₁ − e));"
                + " for e = 0, L(t) ≤ ‖a(0) − â‖²/(4t). Proved here; the paper is not known to argue so. It holds with hidden weights that are"
                + " not trained too.",
            "\\tfrac{d}{dt}\\,\\tfrac12\\|a - \\hat a\\|^2 \\le -2\\sqrt L\\,(\\sqrt L - e)",
            Certainty.DERIVED, "lifts/G3", "lifts/G4", "lifts/H10"),
        statement(
            "lifts/readout-scaling", Kind.CLAIM, "A factor at the readout",
            "With the readout multiplied by n^−γ, the step that reaches the target is as n^{γ − 1/2} long, so the time to learn is as n^{2γ − 1}:"
                + " 1/n for a plain sum, constant for γ = 1/2, n for γ = 1 unless the learning rate is raised with n. Derived here by"
                + " counting powers, for large n; the paper's normalisation is not known.",
            "f = n^{-\\gamma}\\,\\Phi a:\\qquad c \\sim n^{\\gamma - 1/2},\\qquad T \\sim n^{2\\gamma - 1}",
            Certainty.DERIVED, "lifts/G9"));
  }

  static List<Check> checks() {
    return List.of(
        EnergyBalance.balance(), PathBounds.length(), PathBounds.time(), LyapunovArgument.distance(), Survival.check(),
        ActivationBounds.check(), EnergyBalance.displacement(), HalfTheSteps.check(), ReadoutScaling.check(),
        LyapunovArgument.frozen(), InitialLoss.check());
  }
}
