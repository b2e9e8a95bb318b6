package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Statement;

/** Tangent approximation (group F). */
final class Tangents {

  private Tangents() {}

  static List<Statement> statements() {
    return List.of(
        LiftsCatalogue.statement(
            "lifts/tangent-approximable", Kind.DEFINITION, "Tangent-approximable parameters",
            "Parameters are in A(c, ε) when some step u of length at most c brings the linearised network f + J u within ε of the"
                + " target, in squared norm. The caption of the paper's figure 1 states that A(0, ε) is where the loss is under ε and that"
                + " the first argument is ‖u‖; the rest is reconstructed. Proved here: the least residual ε(c) over such steps never"
                + " rises with c, its root is convex, and for large c it is what a projection on the range of J leaves of the residual.",
            "A(c, \\varepsilon) = \\{\\theta : \\exists u,\\ \\|u\\| \\le c,\\ \\|f_\\theta + J u - f^*\\|_D^2 < \\varepsilon\\},\\qquad"
                + " \\varepsilon_\\theta(c) = \\min_{\\|u\\| \\le c} \\|r + J u\\|_D^2",
            Certainty.RECONSTRUCTED, "lifts/F1", "lifts/F4", "lifts/F8"),
        LiftsCatalogue.statement(
            "lifts/figure-1", Kind.FIGURE, "Tangent approximation, drawn",
            "Functions as points, the ε-ball around the target dashed, one parameter inside it and one outside whose tangent step"
                + " lands inside. What the caption says is stated; the model of the paper's drawing is not known, ours is one neuron with"
                + " two parameters.",
            "\\theta \\in A(\\|u\\|, \\varepsilon) \\setminus A(0, \\varepsilon)",
            Certainty.STATED, "lifts/F8"),
        LiftsCatalogue.statement(
            "lifts/tangent-approximation", Kind.ASSUMPTION, "The tangent-approximation condition",
            "Around a random start all parameters of a ball of any radius R are tangent-approximable, with probability at least 1 − δ"
                + " once the network is large enough; the length of step allowed may grow with the distance from the start, but so slowly"
                + " that the integral of 1/κ diverges. That there is such a condition, and that it bounds from below which parameters are"
                + " tangent-approximable, is stated; its wording is lost, and this form, with κ, is reconstructed so that it suffices for"
                + " Theorem 2.1.",
            "\\forall R\\ \\exists s_R\\ \\forall s \\ge s_R:\\ P\\bigl(\\forall \\theta \\in B(\\theta_0, R):\\ \\theta \\in"
                + " A(\\kappa(\\|\\theta - \\theta_0\\|), \\varepsilon)\\bigr) \\ge 1 - \\delta,\\qquad \\int_0^\\infty \\frac{dr}{\\kappa(r)} = \\infty",
            Certainty.RECONSTRUCTED, "lifts/F7", "lifts/F6", "lifts/F5", "lifts/F9"),
        LiftsCatalogue.statement(
            "lifts/lemma-2.4", Kind.LEMMA, "Where a step helps, the gradient is long",
            "If some tangent step of length c leaves less than ε of a loss L above ε, then the gradient is at least (2/c) √L (√L − √ε)"
                + " long, so there is no critical point there with a loss above ε. The same says that the residual's Rayleigh quotient of the"
                + " tangent kernel is at least ((√L − √ε)/c)²: only the direction of the residual matters, not the least eigenvalue. It is"
                + " weak duality for ε(c), tried at the residual itself. Stated and proved here; the paper's own form is not known.",
            "\\|\\nabla L(\\theta)\\| \\ge \\frac2c \\sqrt L\\,(\\sqrt L - \\sqrt\\varepsilon),\\qquad"
                + " \\frac{\\langle r, K r\\rangle}{\\|r\\|^2} \\ge \\frac{(\\sqrt L - \\sqrt\\varepsilon)^2}{c^2}",
            Certainty.DERIVED, "lifts/F2", "lifts/F3"),
        LiftsCatalogue.statement(
            "lifts/readout-step", Kind.PROPOSITION, "Copies of a witness make a short step",
            "Share a witness's readout weight out evenly among the copies of each of its vertices. As the readout is linear, moving"
                + " to these weights is a tangent step that lands exactly on the witness's function, up to the error of the copies; it is at"
                + " most κ(r) = c₀ + r long at distance r from the start, and c₀ shrinks like one over the root of the number of"
                + " copies. So random sparse lifts satisfy the condition. That many copies cannot all be spoilt is the idea that the reviews"
                + " quote; the formulas and the proof are ours.",
            "\\Phi a + \\Phi(\\hat a - a) = \\Phi\\hat a,\\qquad \\|\\hat a - a\\| \\le \\|a_0\\| + \\|\\theta - \\theta_0\\| +"
                + " \\frac{\\|a^*\\|_1}{\\sqrt{\\min|S|}} = c_0 + r",
            Certainty.DERIVED, "lifts/F10", "lifts/F5", "lifts/F6", "lifts/F7"));
  }

  static List<Check> checks() {
    return List.of(
        TangentValue.minimum(), GradientBound.length(), GradientBound.quotient(), TangentValue.convexity(), ReadoutStep.check(),
        NestedLifts.check(), BallSearch.check(), FigureOne.check(), AdditiveNetworks.check(),
        CopiesStep.check());
  }
}
