package org.liftgrad.theorem.lifts;

import static org.liftgrad.theorem.lifts.LiftsCatalogue.statement;

import java.util.List;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Statement;

/** Probably approximately correct convergence, learning and approximation numbers (group H). */
final class Convergence {

  private Convergence() {}

  static List<Statement> statements() {
    return List.of(
        statement(
            "lifts/approximation-number", Kind.DEFINITION, "Approximation number",
            "The least size at which some network, with some parameters, has a loss under ε. The name and the idea are the"
                + " paper's; this formula is reconstructed. Universal approximation says that it is finite for every ε.",
            "n_{app}(\\varepsilon) = \\min\\{s : \\exists (g, \\theta),\\ L(F_{(s,g)}(\\theta)) < \\varepsilon\\}",
            Certainty.RECONSTRUCTED, "lifts/H7"),
        statement(
            "lifts/learning-number", Kind.DEFINITION, "Learning number",
            "The least size from which on the gradient flow reaches ε with probability at least 1 − δ over architecture"
                + " and start. That it is the least width at which a network learns, and to be compared with the"
                + " approximation number, is the paper's; the formula with its two quantifiers is reconstructed. Samples"
                + " do not enter.",
            "n_{learn}(\\varepsilon, \\delta) = \\min\\{s_1 : \\forall s \\ge s_1,\\ P_{N_s}(\\lim_t L(\\theta_t) \\le"
                + " \\varepsilon) \\ge 1 - \\delta\\}",
            Certainty.RECONSTRUCTED, "lifts/H1", "lifts/H7"),
        statement(
            "lifts/nearly-optimal", Kind.CLAIM, "Nearly optimal convergence",
            "The abstract claims nearly optimal convergence. Of what is meant only the goal is known to us: a learning"
                + " number that is finite, not linked to the number of samples, and not much larger than the approximation"
                + " number. We know no formula for nearly, so it is not judged: the check measures both numbers, asks that"
                + " they be finite and in order, and reports their ratio.",
            "n_{app}(\\varepsilon) \\le n_{learn}(\\varepsilon, \\delta) < \\infty, \\qquad"
                + " \\frac{n_{learn}(\\varepsilon, \\delta)}{n_{app}(\\varepsilon)} \\text{ not much above } 1",
            Certainty.RECONSTRUCTED, "lifts/H7"),
        statement(
            "lifts/theorem-4.3", Kind.THEOREM, "Random sparse lifts learn what a witness can",
            "Of the paper are known: its title, probable approximate correctness under gradient flow, and its gist, that"
                + " random sparse lifts get with high probability to the loss of any witness network. The statement is"
                + " reconstructed: let a finite lift of a perceptron with linear readout have a loss under ε₀. Then for"
                + " random sparse lifts whose degrees can host it and whose weights have full support, for every ε₁ > ε₀"
                + " and δ > 0, from some size on the gradient flow reaches ε₁ with probability at least 1 − δ.",
            "\\forall \\varepsilon_1 > \\varepsilon_0, \\delta > 0\\ \\exists s_1\\ \\forall s \\ge s_1:\\ P_{N_s}(\\lim_t"
                + " L(\\theta_t) \\le \\varepsilon_1) \\ge 1 - \\delta",
            Certainty.RECONSTRUCTED, "lifts/H1", "lifts/H2", "lifts/H4", "lifts/H5", "lifts/H6", "lifts/H9"),
        statement(
            "lifts/theorem-4.3-finite", Kind.THEOREM, "Enough copies at the start",
            "Proved here, with constants; no constant of the paper is known to compare with. A start has N η-copies of a"
                + " witness with readout a* and loss ε_w, one weight influences Δ copies at most, a₀ = 0, and e = √ε_w +"
                + " ‖a*‖₁ ω is under √ε₁, for a bound ω on what a surviving copy is off. If N is at least the bound below,"
                + " then L(T) ≤ ε₁ at T = ‖a*‖₁² (2/N)/(4 √ε₁(√ε₁ − e)): up to T at most half of the copies can be broken,"
                + " and re-weighting the others is a direction of descent. Nothing is random but N.",
            "N \\ge \\frac{\\|a^*\\|_1}{\\eta} \\sqrt{\\frac{\\Delta\\,"
                + " \\|f^*\\|^2}{\\sqrt{\\varepsilon_1}(\\sqrt{\\varepsilon_1} - e)}} \\implies L(\\theta_T) \\le"
                + " \\varepsilon_1",
            Certainty.DERIVED, "lifts/H2"),
        statement(
            "lifts/witness-loss", Kind.COROLLARY, "As low as the witness, and no promise beyond",
            "The argument takes the loss as close to the witness's as one likes, whether that is 0 or not, and says"
                + " nothing of what is below: a smaller loss needs a better witness, and may well be reached. Read off the"
                + " reconstructed theorem.",
            "\\inf_t L(\\theta_t) \\le \\varepsilon_w + o(1)", Certainty.DERIVED, "lifts/H5"),
        statement(
            "lifts/floors", Kind.PROPOSITION, "What no lift can do",
            "A loss that no lift of the blueprint goes under is a floor for every width and all of training. Lifts of"
                + " in-degree 1 compute sums of functions of one coordinate, to which x₁x₂ is orthogonal on a centred"
                + " product law; a blueprint that does not read an independent x₃ keeps the variance of its part. Both"
                + " proved here, as controls of the theorem.",
            "L \\ge \\|x_1 x_2\\|^2 \\text{ (in-degree 1)}, \\qquad L \\ge \\tfrac14 \\mathrm{Var}(x_3) \\text{ for } x_1"
                + " x_2 + \\tfrac12 x_3",
            Certainty.DERIVED, "lifts/H3", "lifts/H4"),
        statement(
            "lifts/no-overparameterisation", Kind.CLAIM, "Samples do not enter",
            "The authors say that convergence needs no relation between the numbers of parameters and of samples. In the"
                + " reconstructed theorem, which is ours, the data law is any law, of finitely many samples or not, and the"
                + " width that is asked for depends on the witness only. What is checked: a width that learns from few samples learns"
                + " from many times more than it has parameters.",
            "s_1 = s_1(\\text{witness}, \\varepsilon_1, \\delta), \\qquad \\frac{\\dim \\theta}{M} \\to 0 \\text{ allowed}",
            Certainty.STATED, "lifts/H6"),
        statement(
            "lifts/sparsity", Kind.QUESTION, "What sparsity is for",
            "A reviewer calls sparsity the crucial ingredient: a good small graph is found inside a large one, as matching"
                + " it is a local event, and a weight reaches few vertices. In a dense lift every vertex sees all others"
                + " and both steps of the proof fail. Whether dense networks fail is another matter: the theorem does not"
                + " say, and the figures are reported only.",
            "\\text{in-degree } O(1):\\ P(\\text{copy}) > 0; \\qquad \\text{in-degree } n:\\ P(\\text{copy}) = 0 \\text{"
                + " for } n > d",
            Certainty.RECONSTRUCTED, "lifts/H11"),
        statement(
            "lifts/weight-hole", Kind.PROPOSITION, "Full support is needed for copies",
            "If the law of the weights has no mass within η of one of a witness's weights, no start of any size has an"
                + " η-copy of it, and the theorem is silent; whether the flow learns all the same is not said. That the"
                + " paper assumes full support is known; this converse is proved here.",
            "\\mu(B(w^*_e, \\eta)) = 0 \\implies N = 0", Certainty.DERIVED, "lifts/H13"),
        statement(
            "lifts/other-losses", Kind.QUESTION, "Other losses",
            "A reviewer asks about losses that are not quadratic; what the authors answer is not known to us. The step"
                + " that uses the square is the lower bound of the gradient. For a convex loss of functions,"
                + " differentiable in L²(D), moving the readout to that of the surviving copies still gives a direction of"
                + " descent by convexity, and the same distance argument bounds the time; copies and their survival do not"
                + " depend on the loss. Derived here, not in the paper as far as we know, and without a check: this"
                + " library trains lifts on the quadratic loss.",
            "\\frac{d}{dt} \\tfrac12 \\|a_t - \\hat a\\|^2 = -\\langle \\nabla \\mathcal L(f_t), f_t - \\hat f\\rangle"
                + " \\le -(\\mathcal L(f_t) - \\mathcal L(\\hat f))",
            Certainty.DERIVED));
  }

  static List<Check> checks() {
    return List.of(
        SuccessAgainstWidth.fixedInDegree(), FiniteSize.check(), LossFloors.additive(), LossFloors.missingInput(),
        WitnessLoss.check(), SampleSizes.check(), LearningNumber.check(), OtherArchitectures.check(),
        SuccessAgainstWidth.laws(), DenseLifts.check(), WeightHole.check());
  }
}
