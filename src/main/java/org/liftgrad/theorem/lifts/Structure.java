package org.liftgrad.theorem.lifts;

import static org.liftgrad.theorem.lifts.LiftsCatalogue.statement;

import java.util.List;
import java.util.stream.Stream;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Statement;

/** Bundles, homomorphisms, modules, lifts: what is a definition, and what follows from it at once (groups A to D). */
final class Structure {

  private Structure() {}

  static List<Statement> statements() {
    return List.of(
        statement(
            "lifts/definition-3.1", Kind.DEFINITION, "Euclidean bundle over a finite set",
            "A space for each element of a finite set; a section is a point of each, and sections have the sum of the inner"
                + " products. The name is the paper's, the content is what the name forces.",
            "Y = \\coprod_{v \\in V} Y_v,\\qquad \\Gamma(Y) = \\prod_{v \\in V} Y_v",
            Certainty.RECONSTRUCTED, "lifts/A1"),
        statement(
            "lifts/definition-3.2", Kind.DEFINITION, "Pullback of bundles and sections",
            "A map π from U to V gives every element of U the space, and the point, of its image. The name and a picture"
                + " are the paper's. That adding over fibres is the adjoint, that compositions turn around, and base change"
                + " follow from the formula and are proved in a line each; the paper may not state them.",
            "(\\pi^*Y)_u = Y_{\\pi(u)},\\quad (\\pi^*y)_u = y_{\\pi(u)},\\quad (\\pi_*z)_v = \\sum_{\\pi(u) = v} z_u,\\quad"
                + " \\langle \\pi^*y, z\\rangle = \\langle y, \\pi_*z\\rangle",
            Certainty.RECONSTRUCTED, "lifts/A1", "lifts/A2", "lifts/A3", "lifts/A4", "lifts/A5"),
        statement(
            "lifts/figure-2", Kind.FIGURE, "A pullback bundle",
            "The paper's second figure pulls a bundle over three elements back to six. Its caption is known, its dimensions"
                + " are not; ours are 1, 2, 3.",
            "\\pi : U \\to V,\\quad |U| = 6,\\ |V| = 3",
            Certainty.STATED, "lifts/A1"),
        statement(
            "lifts/weight-sharing", Kind.CLAIM, "Shared weights are pulled back parameters",
            "Edges that share a weight are those with one image under a map τ to the parameters. Weights are then a"
                + " pullback, and"
                + " the gradient of the parameters is a push-forward. That sharing is meant is told by the paper's"
                + " keywords; the"
                + " formula is ours.",
            "w = \\tau^*\\theta,\\qquad \\nabla_\\theta = \\tau_*\\nabla_w",
            Certainty.RECONSTRUCTED, "lifts/A4"),
        statement(
            "lifts/definition-3.3", Kind.DEFINITION, "Perceptron module",
            "A finite acyclic graph with inputs and outputs, spaces of activations at vertices, of pre-activations"
                + " and weights at"
                + " edges, a message function for each edge and an activation function for each computed vertex,"
                + " which takes the"
                + " tuple of what arrives. The tuple of parts and their types are quoted from the paper by a review;"
                + " acyclicity is"
                + " in its summary; the conditions on inputs are reconstructed.",
            "M_e : W_e \\times Y_a \\to Z_e,\\qquad \\sigma_b : \\prod_{a : (a, b) \\in E} Z_{(a, b)} \\to Y_b",
            Certainty.RECONSTRUCTED, "lifts/I3", "lifts/B2", "lifts/C9"),
        statement(
            "lifts/figure-3", Kind.FIGURE, "The notation of a blueprint",
            "The paper's third figure fixes how a module is drawn: spaces and activation functions at vertices, weights and"
                + " messages on edges. The caption is known; how it is laid out is not, and our drawing and text"
                + " format are our own.",
            "Y_v, \\sigma_v \\text{ at } v;\\quad W_e, M_e \\text{ on } e",
            Certainty.RECONSTRUCTED, "lifts/I3"),
        statement(
            "lifts/definition-3.4", Kind.DEFINITION, "Activation map",
            "Inputs are given, and every other activation is its function of the messages that arrive; as the graph"
                + " is acyclic"
                + " there is exactly one solution, whatever the order it is computed in. The name is the paper's, the"
                + " formula is"
                + " forced by the types.",
            "y_v = x_v\\ (v \\in I),\\qquad y_b = \\sigma_b\\bigl((M_{(a, b)}(w_{(a, b)}, y_a))_{a \\to b}\\bigr)",
            Certainty.RECONSTRUCTED, "lifts/C1", "lifts/C2", "lifts/C3", "lifts/C4", "lifts/C5", "lifts/C6", "lifts/C7"),
        statement(
            "lifts/definition-3.5", Kind.DEFINITION, "Lift",
            "A graph with a homomorphism to the blueprint; everything is pulled back, and the messages over one edge of the"
                + " blueprint are added before the activation function takes them, where no edge counts as 0. That a"
                + " lift is a"
                + " homomorphism is the paper's; the formula is reconstructed.",
            "y_v = \\sigma_{\\pi(v)}\\Bigl(\\Bigl(\\sum_{(u, v) \\in E_G,\\ \\pi(u) = a} M_{(a, \\pi(v))}(w_{(u, v)},"
                + " y_u)\\Bigr)_{a \\to \\pi(v)}\\Bigr)",
            Certainty.RECONSTRUCTED, "lifts/B1", "lifts/B2", "lifts/B3", "lifts/C9", "lifts/D2", "lifts/D8"),
        statement(
            "lifts/definition-3.6", Kind.DEFINITION, "Fully connected lift",
            "The lift with given fibres and every edge that the blueprint allows. The name is the paper's; that the"
                + " data of the"
                + " fibres are index sets, such as channels, is our reading of its notation.",
            "V_G = \\{(v, i) : i \\in C_v\\},\\qquad \\#\\text{parameters} = \\sum_{(a, b) \\in E} |C_a|\\,|C_b|"
                + " \\dim W_{(a, b)}",
            Certainty.RECONSTRUCTED, "lifts/D1"),
        statement(
            "lifts/figure-4", Kind.FIGURE, "The multi-layer perceptron as a lift",
            "The paper's fourth figure lifts a chain to a perceptron from three colour channels to four outputs.",
            "\\mathbb R^{\\{r, g, b\\}} \\to \\mathbb R^4",
            Certainty.STATED, "lifts/C1", "lifts/D1"),
        statement(
            "lifts/figure-5", Kind.FIGURE, "Lifts that are not fully connected",
            "The paper's fifth figure shows lifts that the general definition allows and the fully connected one does not.",
            "E_G \\subsetneq \\pi^{-1}(E_B)",
            Certainty.STATED, "lifts/D5", "lifts/D7"),
        statement(
            "lifts/lemma-L1", Kind.LEMMA, "Identity and composition",
            "The lift along the identity is the module; a lift of a lift is the lift along the composed map. Stated"
                + " and proved by this"
                + " project: sums over fibres of fibres are sums over fibres.",
            "(\\pi \\circ \\rho)\\text{-lift} = \\rho\\text{-lift of the }\\pi\\text{-lift}",
            Certainty.DERIVED, "lifts/D2"),
        statement(
            "lifts/lemma-L2", Kind.LEMMA, "Fibrations pull activations back",
            "Along a homomorphism of lifts that is one to one and onto from in-edges to in-edges, pulled back weights"
                + " and inputs have"
                + " pulled back activations; it is enough that weights over one edge add up. Proved by this project,"
                + " by induction"
                + " on depth; that the paper's proof goes through such morphisms is known.",
            "\\mathrm{Act}_G(\\varphi^*w', \\varphi^*x') = \\varphi^*\\,\\mathrm{Act}_{G'}(w', x')",
            Certainty.DERIVED, "lifts/D3"),
        statement(
            "lifts/lemma-L3", Kind.LEMMA, "Constant fibres",
            "If messages are linear in the weights, inputs constant on fibres, no edge missing, and weights those of"
                + " the module"
                + " divided by the in-degree, then activations are constant on fibres and those of the module. Proved"
                + " by this project.",
            "w_{(u, v)} = \\frac{w_{(a, b)}}{\\deg_a(v)} \\implies y_v = y_{\\pi(v)}",
            Certainty.DERIVED, "lifts/D4"),
        statement(
            "lifts/lemma-L4", Kind.LEMMA, "Symmetry",
            "Permuting a hidden fibre, edges and weights along with it, leaves the function as it is; numbers of"
                + " vertices mean nothing."
                + " Proved by this project.",
            "F(\\varsigma \\cdot w, x) = F(w, x)",
            Certainty.DERIVED, "lifts/C7", "lifts/D6"),
        statement(
            "lifts/lemma-L5", Kind.LEMMA, "Masking",
            "Where a message with weight 0 is 0, a lift is the full lift with the missing weights set to 0 and kept"
                + " there, during"
                + " training too. The abstract speaks of weights made sparse at the start; the lemma is proved by"
                + " this project.",
            "F_G(w) = F_{G^{fc}}(w \\text{ on } E_G,\\ 0 \\text{ elsewhere})",
            Certainty.DERIVED, "lifts/D5", "lifts/D7"),
        statement(
            "lifts/lemma-L6", Kind.LEMMA, "Locality",
            "An activation depends on the weights of those edges only from which its vertex can be reached. Proved by"
                + " this project.",
            "\\partial y_v / \\partial w_e = 0 \\text{ unless } e \\leadsto v",
            Certainty.DERIVED, "lifts/C8"),
        statement(
            "lifts/mlps-and-convolutions", Kind.CLAIM, "Sparse versions of perceptrons and convolutional networks are"
                + " members",
            "The abstract says that the class holds sparse versions of every multi-layer perceptron and every"
                + " convolutional network."
                + " Checked for those with one activation function, biases and a linear readout; channels are the"
                + " fibres of a"
                + " convolution, and one kernel sits on each lifted edge.",
            "F^{\\text{sparse}}(w) = F^{\\text{dense}}(m \\odot w),\\quad m \\in \\{0, 1\\}^{E^{fc}}",
            Certainty.STATED, "lifts/C1", "lifts/C2", "lifts/D5", "lifts/D7", "lifts/H8"),
        statement(
            "lifts/transformer-like", Kind.CLAIM, "Attention",
            "The paper counts transformer-like networks among its lifts. How is not known: the blueprint is ours,"
                + " with scores and"
                + " mixing as activation functions of two pre-activations. Layer normalisation is a lift too, but"
                + " each of its vertices"
                + " reads a whole fibre, so it is outside a theorem on bounded degrees.",
            "o = \\mathrm{softmax}\\bigl(q k^\\top/\\sqrt{d_h}\\bigr)\\,v",
            Certainty.RECONSTRUCTED, "lifts/C3", "lifts/D7", "lifts/H8"),
        statement(
            "lifts/skip-connections", Kind.CLAIM, "Skip connections and gates",
            "A reviewer reads the paper as covering skip connections. A skip that joins namesakes is a lift that is"
                + " not fully connected."
                + " Gates, which multiply two pre-activations, fit as well, because activation functions take tuples;"
                + " that is our"
                + " example.",
            "h_{i+2} = \\varphi(W h_{i+1} + b + h_i)",
            Certainty.RECONSTRUCTED, "lifts/C4", "lifts/H8"),
        statement(
            "lifts/tensor-programs", Kind.CLAIM, "More expressive than Tensor Programs",
            "The paper claims that its class is more expressive than Tensor Programs; a reviewer found that"
                + " unjustified, and we found"
                + " no proof. Not checked, and we would not repeat it: at fixed widths a sparse lift is a dense one"
                + " with zeros (L5),"
                + " so as a set of functions it gains nothing over a program that multiplies by dense matrices. What"
                + " differs is"
                + " the law at the start: with k parents a pre-activation is a sum of k terms at every width, while"
                + " one product with a"
                + " dense Gaussian matrix tends to a Gaussian. Whether a longer program imitates that law, training"
                + " included, is open.",
            "z_v = \\sum_{j = 1}^k w_j\\,y_{u_j}\\quad\\text{against}\\quad z = W y,\\ W_{ij} \\sim \\mathcal N(0,"
                + " \\tfrac{\\sigma^2}n)",
            Certainty.STATED));
  }

  static List<Check> checks() {
    return Stream.of(
            BundleIdentities.checks(), HomomorphismIdentities.checks(), List.of(PassIdentities.notation()),
            KnownNetworks.full(), PassIdentities.checks(), List.of(KnownNetworks.widths()), LiftIdentities.lemmas(),
            List.of(KnownNetworks.sparse(), LiftIdentities.missing()))
        .flatMap(List::stream)
        .toList();
  }
}
