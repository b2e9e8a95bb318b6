package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Statement;

/** Random sparse lifts and the copies of a witness in them (group E). */
final class Copies {

  private Copies() {}

  static List<Statement> statements() {
    return List.of(
        LiftsCatalogue.statement(
            "lifts/definition-4.1", Kind.DEFINITION, "Perceptron with linear readout",
            "A perceptron module whose outputs are plain sums, of messages that are linear in weights of their own. The network is"
                + " then linear in the readout weights, whatever the hidden ones are. The title is the paper's; the content is"
                + " reconstructed.",
            "F(\\theta_{hid}, a) = \\Phi(\\theta_{hid})\\, a,\\qquad \\partial_a F = \\Phi",
            Certainty.RECONSTRUCTED, "lifts/E0"),
        LiftsCatalogue.statement(
            "lifts/definition-4.2", Kind.DEFINITION, "Random sparse lift",
            "Fibres over inputs and outputs are fixed, hidden ones grow. Hidden edges are drawn with degrees that stay bounded, weights"
                + " independently with a law of full support, and all edges into the readout are there. The title is the paper's, and"
                + " bounded average degree and full support are said by its reviewers. The law of the edges is not recovered: there are"
                + " two here, a fixed in-degree (K), and Bernoulli edges (Ber) with λ over the number of sources, or of targets.",
            "\\text{(K)}\\ k_{ab}\\text{ parents i.i.d. uniform},\\qquad \\text{(Ber)}\\ P(u \\to v) = \\min(1, \\lambda_{ab}/n_a),\\qquad w_e \\sim \\mu_e",
            Certainty.RECONSTRUCTED, "lifts/E1", "lifts/E3"),
        LiftsCatalogue.statement(
            "lifts/copies", Kind.DEFINITION, "Copies of a witness",
            "A lifted vertex is an η-copy of a witness vertex if its in-edges and those of the witness can be paired so that weights"
                + " differ by at most η and sources are η-copies; an input is a copy of itself. Given the layers before, the vertices of"
                + " a fibre are copies independently, with a probability that is a product over what they need. Only what a vertex sees"
                + " matters, and in a sparse lift that is a tree but for a share of order 1/n. That the paper argues by copies of a good"
                + " sub-network is said in its reviews; definition and probabilities are ours.",
            "P(y^*) = \\prod_{(a,b)} \\frac{k!}{\\prod_j m_j!} \\prod_j (\\rho_j q_j)^{m_j},\\qquad \\rho_e = \\mu(B(w^*_e, \\eta))",
            Certainty.DERIVED, "lifts/E4", "lifts/E9", "lifts/E10"),
        LiftsCatalogue.statement(
            "lifts/counting", Kind.LEMMA, "How many copies there are",
            "Given the layers before, the number of copies in a fibre of n vertices is binomial, with the shares of copies there in the"
                + " place of their probabilities. So its mean and the probability that there is one are exact sums, and for wide lifts"
                + " the copies are a share P of the width, with a bound on the chance that some vertex has much fewer. Derived and proved"
                + " here. An exponential law in the mean alone is wrong, as the counts before are random.",
            "N \\mid \\text{before} \\sim \\mathrm{Bin}(n, \\hat P),\\qquad P(N \\ge 1) = 1 - E(1 - \\hat P)^n,\\qquad"
                + " P(\\exists y^*: N_{y^*} < (1-\\tau) n \\tilde P_{y^*}) \\le |V_h|\\, e^{-\\tau^2 n \\tilde p/2}",
            Certainty.DERIVED, "lifts/E4", "lifts/E5", "lifts/E6", "lifts/E8", "lifts/E9"),
        LiftsCatalogue.statement(
            "lifts/influence", Kind.LEMMA, "How far one weight reaches",
            "Under law (K) a vertex of a fibre is read by a binomial number of those of an equally wide one, and no vertex by more than"
                + " max(e² k, log(n |E_B|/δ)) of them, but with probability δ. So the number Δ of vertices below the readout that one edge"
                + " can change is polylogarithmic in n. That sparsity is what the proof needs is said in the paper's reviews; the lemma is"
                + " derived and proved here.",
            "\\deg^{out} \\sim \\mathrm{Bin}(kn, 1/n),\\qquad \\Delta \\le (\\#\\text{paths in } B)\\, x^{depth - 1},\\quad x = \\max(e^2 k, \\ln(n|E_B|/\\delta))",
            Certainty.DERIVED, "lifts/E2", "lifts/E11"),
        LiftsCatalogue.statement(
            "lifts/survival", Kind.LEMMA, "Copies survive a bounded move",
            "A move of the parameters of norm R shifts at most R²/η² weights by more than η, and each breaks at most Δ copies. Copies are"
                + " a share of n and these numbers are not, so in a wide lift nearly all survive. A reviewer quotes the idea from the"
                + " paper: a small change cannot much modify all of many copies; the numbers are derived here.",
            "\\#\\text{broken} \\le \\Delta\\, \\frac{R^2}{\\eta^2},\\qquad \\frac{\\#\\text{broken}}{N} \\to 0",
            Certainty.DERIVED, "lifts/E11"),
        LiftsCatalogue.statement(
            "lifts/copy-error", Kind.LEMMA, "A copy computes nearly the same",
            "With an activation of Lipschitz constant l, at most k edges into a vertex, witness weights of at most W and values of at"
                + " most A, an η-copy of a vertex of some depth is off by ω(η) at most; a copy that survives a move, by ω(2η). An exact"
                + " copy computes the same, by the lemma on fibrations. Derived and proved here.",
            "|y_{copy} - y^*| \\le \\omega(\\xi) = l k \\xi A \\sum_{i < depth} (l k (W + \\xi))^i",
            Certainty.DERIVED, "lifts/E12"),
        LiftsCatalogue.statement(
            "lifts/worked-numbers", Kind.CLAIM, "How wide for a copy",
            "For two inputs, in-degree 2 and parents of two kinds, with mass ρ around each weight, the probability of a copy squares"
                + " with each layer: it is exponential in the size of the tree, so counting is possible to depth 2 and no further. With"
                + " one layer a copy is there with probability 1 − δ from about log(1/δ)/P vertices on. Derived here.",
            "P_1 = \\tfrac{2\\rho^2}{4},\\quad P_{l+1} = 2\\rho^2 P_l^2,\\qquad n_\\delta \\approx \\frac{\\ln(1/\\delta)}{P_1}",
            Certainty.DERIVED, "lifts/E8"),
        LiftsCatalogue.statement(
            "lifts/widths", Kind.QUESTION, "Widths that fall with depth",
            "A reviewer quotes a remark of the paper that networks whose width does not grow with depth may be ill-behaved; its reason is"
                + " not recovered. Where pairs are edges with probability λ over the number of targets, in-degrees are λ n_a/n_b, bounded"
                + " only if widths do not fall: a guess of ours at the reason. What is left of it under fixed in-degrees is that copies are a"
                + " share of the last fibre, and so fewer where that is narrow.",
            "(n, n/4, n/16)\\ \\text{against}\\ (n, n, n)\\ \\text{and}\\ (n/16, n/4, n)",
            Certainty.RECONSTRUCTED, "lifts/E13"));
  }

  static List<Check> checks() {
    return List.of(
        LinearReadout.check(), SparseEdges.check(), OutDegrees.check(), WeightDraws.check(), CopyMeans.check(), CopyChances.check(),
        BinomialCopies.check(), FirstCopy.check(), CopyShares.check(), InTrees.check(), BrokenCopies.check(),
        CopyErrors.check(), FallingWidths.check());
  }
}
