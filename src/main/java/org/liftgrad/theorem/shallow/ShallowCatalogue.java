package org.liftgrad.theorem.shallow;

import java.util.List;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Paper;
import org.liftgrad.theorem.Statement;

/** The statements of the weakly-interacting-data paper and their checks. */
public final class ShallowCatalogue {

  private ShallowCatalogue() {}

  /** The statements, in the paper's order. */
  public static List<Statement> statements() {
    return List.of(
        statement(
            "shallow/mean-field-scaling", Kind.CLAIM, "The factor p",
            "The network has a factor 1/p and its flow a factor p. With all weights divided by √p this is the plain flow of the"
                + " network without factors, so the setting is that of ordinary training from a start 1/√p as large.",
            "\\tilde\\theta = \\theta/\\sqrt p:\\quad \\theta' = -p\\nabla L(\\theta) \\iff \\tilde\\theta' = -\\nabla \\tilde L(\\tilde\\theta),\\quad"
                + " \\tilde h = \\sum_j \\tilde a_j\\,\\sigma(\\langle \\tilde w_j, x\\rangle)",
            Certainty.STATED, "shallow/B8", "shallow/B15"),
        statement(
            "shallow/lemma-1", Kind.LEMMA, "Conservation",
            "Along the flow of a ReLU network the difference between a neuron's squared readout and the squared"
                + " norm of its hidden weights stays what it was. So a start under Assumption 1 stays under it,"
                + " and no readout changes its sign.",
            "a_j(t)^2 - \\|w_j(t)\\|^2 = a_j(0)^2 - \\|w_j(0)\\|^2",
            Certainty.STATED, "shallow/L1a", "shallow/L1b"),
        statement(
            "shallow/lemma-1-monomials", Kind.LEMMA, "Conservation for powers",
            "With the activation α u^β, or α max(u, 0)^β, the conserved quantity carries the factor β at the readout."
                + " The authors say that it holds up to a constant; the constant is ours.",
            "\\beta\\,a_j(t)^2 - \\|w_j(t)\\|^2 = \\beta\\,a_j(0)^2 - \\|w_j(0)\\|^2",
            Certainty.DERIVED, "shallow/L1c"),
        statement(
            "shallow/local-pl", Kind.DEFINITION, "Local-PL curvature",
            "The curvature along a trajectory is the rate at which the logarithm of the loss falls. It is the squared"
                + " speed of the parameters over p L, where the speed is the flow's own: while a pair slides on"
                + " its kink, the indicator has the value that holds it there.",
            "\\mu(t) = -\\frac{L'(t)}{L(t)} = \\frac{\\|\\theta'(t)\\|^2}{p\\,L(t)},\\qquad"
                + " L(t) = L(0)\\,e^{-\\int_0^t \\mu}",
            Certainty.READ_OFF_THE_CODE, "shallow/PLa"),
        statement(
            "shallow/figure-pl", Kind.FIGURE, "What local-PL curvature allows",
            "Three functions of one variable: a parabola, one that oscillates around it and is not convex but keeps f'²/f away from"
                + " 0, so that a flow from anywhere finds the minimum exponentially fast, and one that oscillates too much on one side"
                + " and holds a flow in a critical point.",
            "x^2,\\qquad x^2 + \\tfrac x5 \\sin 5x,\\qquad \\begin{cases} x^2 + \\frac x5 \\sin 5x & x > 0\\\\ x^2 + x \\sin 5x & x < 0\\end{cases}",
            Certainty.READ_OFF_THE_CODE, "shallow/F1"),
        statement(
            "shallow/lemma-12", Kind.LEMMA, "Two bounds on the curvature",
            "For orthogonal inputs and a start under Assumption 1, the curvature lies between 2/n times the smallest"
                + " active energy and 4/n times the largest, with the squared norm bounds of the inputs as factors.",
            "\\frac2n (C_x^-)^2 \\min_i E_i \\le \\mu(t) \\le \\frac4n (C_x^+)^2 \\max_i E_i,\\qquad"
                + " E_i = \\frac1p \\sum_j a_j^2\\,\\mathbf 1[\\langle w_j, x_i\\rangle > 0]",
            Certainty.READ_OFF_THE_CODE, "shallow/PLd"),
        statement(
            "shallow/equation-7", Kind.EQUATION, "Curvature from active energies",
            "For any inputs the curvature is at least 2/n times the smallest eigenvalue of the Gram matrix times the"
                + " smallest active energy; a pair that slides counts as inactive.",
            "\\mu(t) \\ge \\frac{2\\lambda_{\\min}(G)}{n} \\min_i E_i",
            Certainty.RECONSTRUCTED, "shallow/PLb"),
        statement(
            "shallow/key-inequality", Kind.EQUATION, "Active energy from what is fitted",
            "Under Assumption 1 a point that the network has fitted to some extent has active energy to that extent:"
                + " |h(x_i)| over the bound on the norms is at most E_i.",
            "E_i \\ge \\frac{|h(x_i)|}{C_x^+} = \\frac{|y_i|}{C_x^+}\\,\\Bigl|1 - \\frac{r_i}{y_i}\\Bigr|",
            Certainty.DERIVED, "shallow/PLe"),
        statement(
            "shallow/equation-6", Kind.EQUATION, "Curvature from residuals",
            "Equation (7) and the key inequality together bound the curvature by how much of each label is fitted."
                + " The bound says nothing while some point is not fitted at all.",
            "\\mu(t) \\ge \\frac{2\\lambda_{\\min}(G)\\,C_y^-}{n\\,C_x^+} \\min_i \\Bigl|1 - \\frac{r_i(t)}{y_i}\\Bigr|",
            Certainty.STATED, "shallow/PLc"),
        statement(
            "shallow/lemma-5", Kind.LEMMA, "Good initialisation",
            "A start is well initialised when every point has an active neuron whose readout has the sign of its"
                + " label. With fair signs and symmetric weights a point is missed with probability (3/4)^p, so"
                + " log(n/ε)/log(4/3) neurons make all n points well with probability at least 1 − ε. For orthogonal"
                + " inputs and Gaussian weights the probability is known exactly (our derivation).",
            "P = \\sum_q \\binom pq 2^{-p} (1 - 2^{-q})^{n_+} (1 - 2^{-(p-q)})^{n_-} \\ge 1 - n\\,(3/4)^p",
            Certainty.READ_OFF_THE_CODE, "shallow/W1", "shallow/W2"),
        statement(
            "shallow/assumption-1", Kind.ASSUMPTION, "Readouts that dominate",
            "At the start every readout is at least as large as the norm of its neuron's hidden weights. By conservation"
                + " it stays so, and no readout can change its sign. A good start also asks for neurons drawn independently,"
                + " with fair signs and weights of a symmetric law.",
            "|a_j(0)| \\ge \\|w_j(0)\\|\\quad\\text{for all } j",
            Certainty.STATED, "shallow/P3a", "shallow/P3b", "shallow/P3c", "shallow/B6"),
        statement(
            "shallow/assumption-2", Kind.ASSUMPTION, "Weak interaction",
            "Norms of inputs and sizes of labels are bounded from both sides, and the inputs are nearly orthogonal: in operator"
                + " norm the Gram matrix without its diagonal is at most a small multiple of 1/√n. The authors' review names the"
                + " order; the normalisation is ours.",
            "\\|XX^\\top - \\mathrm{diag}(\\|x_i\\|^2)\\|_{op} \\le \\kappa\\,\\frac{(C_x^-)^2}{\\sqrt n}",
            Certainty.RECONSTRUCTED, "shallow/C1a", "shallow/C1b"),
        statement(
            "shallow/lemma-4", Kind.LEMMA, "Random inputs interact weakly",
            "Independent sub-Gaussian inputs with norms away from 0 and infinity have a Gram matrix whose part off the"
                + " diagonal is of norm √(n/d), with high probability.",
            "\\|XX^\\top - \\mathrm{diag}(\\|x_i\\|^2)\\|_{op} \\asymp \\sqrt{n/d}",
            Certainty.STATED, "shallow/C1a"),
        statement(
            "shallow/corollary-1", Kind.COROLLARY, "A dimension of n² is enough",
            "So Assumption 2 holds with high probability once d is some multiple of n², or for up to some multiple of √d points;"
                + " the law of the authors' experiments is covered.",
            "d \\ge \\frac{c}{\\kappa^2}\\,n^2 \\implies \\text{Assumption 2 with high probability}",
            Certainty.STATED, "shallow/C1b", "shallow/C1c"),
        statement(
            "shallow/proposition-1-dichotomy", Kind.PROPOSITION, "Orthogonal data: converge or not",
            "With exactly orthogonal inputs and a start under Assumption 1, the loss tends to 0 if the start is well"
                + " initialised, and only then: an inactive pair is frozen, and so is the sign of a readout.",
            "L(t) \\to 0 \\iff \\forall i\\ \\exists j:\\ a_j(0)\\,y_i > 0,\\ \\langle w_j(0), x_i\\rangle > 0",
            Certainty.DERIVED, "shallow/W3"),
        statement(
            "shallow/theorem-1", Kind.THEOREM, "Weakly interacting inputs are learned",
            "Under Assumption 1 (each readout at least as large as the norm of its hidden weights) and Assumption 2"
                + " (inputs of bounded norm with correlations of order 1/√n), p ≥ 4 log(n/ε) neurons suffice for the"
                + " loss to tend to 0 with probability at least 1 − ε over the start, at a rate that is at least C/n"
                + " in the long run. The scale of the start does not matter.",
            "\\mu(t) \\ge \\frac Cn \\min_i \\Bigl|1 - \\frac{r_i(t)}{y_i}\\Bigr|,\\qquad"
                + " C = \\frac{C_x^-}{C_x^+}\\,C_x^-\\,C_y^-",
            Certainty.RECONSTRUCTED, "shallow/T1a", "shallow/T1b", "shallow/T1c"),
        statement(
            "shallow/constant-and-data", Kind.CLAIM, "Larger inputs are faster, more of them slower",
            "The authors answer a reviewer that larger inputs make C larger and learning faster, and that more data slow it down"
                + " only because the loss is a mean over n nearly independent problems.",
            "\\mu_\\infty \\propto c \\text{ for inputs } c\\,x_i,\\qquad n\\,\\mu_\\infty \\text{ the same on nested data}",
            Certainty.STATED, "shallow/T1d", "shallow/T1e", "shallow/B9"),
        statement(
            "shallow/plateaus", Kind.CLAIM, "Plateaus of small starts",
            "A start of size ε stays near the saddle at 0 for a time in proportion to log(1/ε). On orthogonal inputs we find"
                + " the constant: every neuron grows at the rate of the norm of its target over n, the sum of y x over the points"
                + " that it is correct on, so the plateau ends with the neuron of the largest target.",
            "T_{plateau} \\sim \\frac{n}{\\max_j \\|D_j^+\\|} \\log\\frac1\\varepsilon,\\qquad D_j^+ = \\sum_{i:\\ \\langle w_j, x_i\\rangle > 0,\\ a_j y_i > 0} y_i x_i",
            Certainty.DERIVED, "shallow/B7"),
        statement(
            "shallow/proposition-3", Kind.PROPOSITION, "Assumption 1 cannot simply be dropped",
            "Where every readout is smaller than the norm of its hidden weights, all of them can come to have one sign, and"
                + " the network is left at a positive loss. The example of Appendix C.1 was not recovered; ours has two"
                + " orthonormal points with labels 1 and −M and loses the first where |a_j| = δ‖w_j‖ with a small δ. It"
                + " shows that some condition is needed, not that this one is.",
            "|a_j(0)| = \\delta\\,\\|w_j(0)\\|,\\ \\delta < \\delta_c(M) < 1 \\implies L(t) \\to \\frac{y_1^2}{2n} > 0",
            Certainty.RECONSTRUCTED, "shallow/P3a", "shallow/P3b"),
        statement(
            "shallow/proposition-1", Kind.PROPOSITION, "Orthogonal data: how fast",
            "With exactly orthogonal inputs and a well-initialised start under Assumption 1, the asymptotic rate is between"
                + " order 1/n and order 1/√n.",
            "\\frac{2C}{n} \\le \\mu_\\infty \\le \\frac{K}{\\sqrt n}",
            Certainty.RECONSTRUCTED, "shallow/O1c"),
        statement(
            "shallow/proposition-1-rate", Kind.PROPOSITION, "Orthogonal data: the rate is an eigenvalue",
            "Near the end of a flow that fits its labels the residuals obey a linear equation, so the asymptotic rate is 2/n"
                + " times the smallest eigenvalue of the kernel there.",
            "\\mu_\\infty = \\frac2n \\lambda_{\\min}(K_\\infty),\\qquad K_{ik} = \\frac1p \\sum_j \\bigl[\\sigma_{ji}\\sigma_{jk} +"
                + " a_j^2\\,\\mathbf 1_{ji}\\mathbf 1_{jk}\\langle x_i, x_k\\rangle\\bigr]",
            Certainty.DERIVED, "shallow/O1a"),
        statement(
            "shallow/proposition-1-interlacing", Kind.PROPOSITION, "Orthogonal data: the eigenvalue between two energies",
            "On orthogonal inputs the kernel is a diagonal matrix, of the active energies times the squared norms, plus a"
                + " positive one of rank p, so its smallest eigenvalue lies between the smallest and the (p + 1)-th smallest of them.",
            "F_{(1)} \\le \\lambda_{\\min}(K) \\le F_{(p+1)},\\qquad F_i = \\|x_i\\|^2 E_i",
            Certainty.DERIVED, "shallow/O1b"),
        statement(
            "shallow/proposition-1-energy", Kind.PROPOSITION, "Orthogonal data: the energy grows as √n",
            "The mean squared readout at the end is at least ‖y‖/C_x⁺, and of that order where no point's active energy is much"
                + " below it and all fits are monotone. So the asymptotic rate is at most of order 1/√n.",
            "\\bar E = \\frac1p \\sum_j a_j^2,\\qquad \\bar E' = \\frac2n \\sum_i r_i h(x_i),\\qquad \\bar E_\\infty = \\Theta(\\sqrt n)",
            Certainty.DERIVED, "shallow/O1c"),
        statement(
            "shallow/group-initialisation", Kind.DEFINITION, "Group initialisation",
            "The points are shared out into groups whose labels have one sign, and neuron j is active on group j alone, with"
                + " a readout of that sign. On orthogonal inputs the flow is then that of as many separate problems, with one"
                + " neuron each.",
            "\\langle w_j(0), x_i\\rangle > 0 \\iff i \\in I_j,\\qquad a_j(0)\\,y_i > 0 \\text{ for } i \\in I_j,\\qquad D_j = \\sum_{i \\in I_j} y_i x_i",
            Certainty.STATED, "shallow/P2a"),
        statement(
            "shallow/one-neuron", Kind.EQUATION, "One neuron in closed form",
            "On orthonormal inputs a neuron with |a| = ‖w‖ in the span of its group has a closed form: it turns towards the"
                + " group's target D as a hyperbolic tangent would, and v = ‖w‖² follows a Bernoulli equation, which is logistic"
                + " for an aligned start. The authors' code has the aligned case; the other is ours.",
            "s(t) = \\frac{\\sinh\\tau + s_0\\cosh\\tau}{c},\\quad v(t) = \\frac{c^2}{1/v_0 + 2I/(p\\|D\\|)},\\quad"
                + " c = \\cosh\\tau + s_0\\sinh\\tau,\\ I = \\int_0^\\tau c^2,\\ \\tau = \\|D\\|t/n",
            Certainty.DERIVED, "shallow/P2a"),
        statement(
            "shallow/proposition-2", Kind.PROPOSITION, "All speeds occur",
            "For α from 1/2 to 1, a group initialisation with n^{2α−1} groups of n^{2−2α} points has an asymptotic rate of order"
                + " n^−α, and no other. The constant is ours: 2/n times the smallest ‖D_j‖ for unaligned groups of two points or"
                + " more, twice that for aligned ones and for single points.",
            "p_n = n^{2\\alpha-1} \\implies \\mu_\\infty = \\frac2n \\min_j \\|D_j\\| \\asymp n^{-\\alpha}",
            Certainty.RECONSTRUCTED, "shallow/P2b", "shallow/P2c"),
        statement(
            "shallow/theorem-2", Kind.THEOREM, "Phase transition",
            "Group initialisation on orthonormal inputs with a fixed number of groups, ‖D_j‖/√n → d_j, all distinct. In the"
                + " time t/(√n log n) the loss tends to a step function: group j is learned at 1/(4d_j), the largest d_j first, and"
                + " the relative width of its drop is of order 1/log n. The curvature goes from order 1/n to order 1/√n. The"
                + " constants and the normalisation of time are ours.",
            "\\frac{4 d_j\\,t_n^j(\\varepsilon)}{\\sqrt n \\log n} \\to 1,\\qquad"
                + " \\frac{t_n^j(\\varepsilon) - t_n^j(1-\\varepsilon)}{t_n^j(1/2)}\\,\\log n \\to"
                + " 2\\bigl(\\operatorname{logit}(1-\\sqrt\\varepsilon) - \\operatorname{logit}(1-\\sqrt{1-\\varepsilon})\\bigr)",
            Certainty.RECONSTRUCTED, "shallow/T2a", "shallow/T2b", "shallow/T2c", "shallow/T2d"),
        statement(
            "shallow/conjecture", Kind.CONJECTURE, "From a random start the rate is of order 1/√n",
            "On orthogonal inputs and from a random start, not a group initialisation, the curvature at the end and its mean over"
                + " time are conjectured to fall like 1/√n. Whether p or p/log n has to go to infinity with n is part of the hypothesis"
                + " that is not recovered, and it matters: the slowest point has few correct neurons where p is of order log n.",
            "\\mu(t_\\infty) \\sim \\frac{K}{\\sqrt n},\\qquad \\langle\\mu_\\infty\\rangle = \\lim_{t\\to\\infty} \\frac1t \\log\\frac{L(0)}{L(t)} \\sim"
                + " \\frac{K'}{\\sqrt n}",
            Certainty.READ_OFF_THE_CODE, "shallow/E2"),
        statement(
            "shallow/claim-5.2", Kind.CLAIM, "The same for Gaussian inputs",
            "The authors tell their reviewers that they expect the rate 1/√n for Gaussian inputs too, of a dimension large enough for"
                + " the inputs to interact weakly.",
            "x_i \\sim N(0, I_d/d),\\ d \\ge n^2:\\quad \\mu_\\infty \\sim \\frac{K}{\\sqrt n}",
            Certainty.STATED, "shallow/E2b"),
        statement(
            "shallow/experiment-1.0", Kind.EXPERIMENT, "How many points are learned",
            "Law S in d = 100, n from 1300 to 2100, the width of Lemma 5, gradient descent of step 1 until L < 1/(2n) or for T"
                + " steps, 80 runs a size. The share of runs that stop in time falls from 1 to 0 around n = 1651, sixteen times d,"
                + " while at n = 2100 at most 1.3 % of the loss are left.",
            "P\\bigl(L(t) < \\tfrac{1}{2n}\\text{ for some } t \\le T\\bigr),\\qquad T = \\bigl\\lfloor \\tfrac{1.5}{4}\\sqrt{np}\\,\\log(np) + 1 \\bigr\\rfloor",
            Certainty.READ_OFF_THE_CODE, "shallow/E1a", "shallow/E1d", "shallow/E1e", "shallow/E1f"),
        statement(
            "shallow/experiment-1.1", Kind.EXPERIMENT, "The threshold against the dimension",
            "The same with p = 30 neurons and d from 10 to 100: N(d, p) is the number of points at which half of 20 runs stop"
                + " in time. The authors read off that it is proportional to d; their own ten thresholds have a slope of 1.7 in"
                + " logarithms.",
            "N(d, p) \\approx C(p)\\, d",
            Certainty.READ_OFF_THE_CODE, "shallow/E1b", "shallow/E1d"),
        statement(
            "shallow/experiment-1.2", Kind.EXPERIMENT, "The threshold against the width",
            "The same with d = 30 and p from 50 to 400. The authors read off that the threshold grows slower than p, perhaps like"
                + " its logarithm.",
            "N(d, p) = o(p),\\quad\\text{perhaps } a \\log p + b",
            Certainty.READ_OFF_THE_CODE, "shallow/E1c"),
        statement(
            "shallow/experiment-2", Kind.EXPERIMENT, "Four slopes of about −1/2",
            "Descent of step 1 on orthogonal inputs in 2000 dimensions, n = 1000 to 2000, p = p₁(n), from small hidden weights and"
                + " starts that are well initialised: the last curvature, its mean over time and the two bounds of Lemma 12 are averaged"
                + " over runs, and all four are read as falling like n^−½.",
            "\\mu_{low} = \\frac2n \\min_i E_i,\\quad \\mu_{upp} = \\frac{16}n \\max_i E_i,\\quad \\mu(t_\\infty),\\quad \\langle\\mu_\\infty\\rangle\\ \\propto\\ n^{-1/2}",
            Certainty.READ_OFF_THE_CODE, "shallow/E2d", "shallow/E2"),
        statement(
            "shallow/implicit-bias", Kind.CLAIM, "Equal neurons are fast, unequal ones slow",
            "The authors connect the rate to implicit bias: solutions whose neurons are of equal size go with 1/√n, very unequal ones"
                + " with 1/n. How unequal neurons are is measured here by the participation of their squared readouts.",
            "\\rho\\Bigl(\\frac{p \\sum_j a_j^4}{(\\sum_j a_j^2)^2},\\ \\sqrt n\\,\\mu_\\infty\\Bigr) < 0",
            Certainty.STATED, "shallow/E2c"),
        statement(
            "shallow/revival", Kind.QUESTION, "Is a good start necessary?",
            "On exactly orthogonal inputs it is. With inputs that interact however weakly a point without a correct neuron can"
                + " still get one: what keeps the pair dead and what moves it both shrink like 1/√d, so the chance does not depend"
                + " on the dimension. It falls as the hidden weights at the start grow beside the way that they go. Orthogonal"
                + " data are a singular limit.",
            "P(\\text{conv} \\mid \\text{not well}) > 0 \\text{ for every } d,\\quad \\to 0 \\text{ as } \\|w(0)\\| \\gg (p\\sqrt n)^{1/2}",
            Certainty.DERIVED, "shallow/B2"),
        statement(
            "shallow/activations", Kind.CLAIM, "Other activations",
            "The authors remark that a leaky ReLU needs a constant number of neurons and that powers conserve the same"
                + " quantity up to a constant. On orthogonal inputs we find more: one leaky neuron is enough, the square needs"
                + " a neuron of the sign of each label, and a cube or a power of the positive part needs for each point a neuron"
                + " that is right for it, which asks for log n neurons again.",
            "P = 1,\\quad 1 - 2^{1-p},\\quad (1 - 2^{-p})^n,\\quad P(\\text{well initialised})\\qquad\\text{for leaky, } u^2,\\ u^3,\\ u_+^\\beta",
            Certainty.DERIVED, "shallow/B5"),
        statement(
            "shallow/gradient-descent", Kind.QUESTION, "From the flow to gradient descent",
            "A reviewer asks what the results mean for gradient descent. Linearised at the end of the flow, descent"
                + " on p L is stable up to a step of 2n over the largest eigenvalue of the kernel there, which is"
                + " n/max‖D_j‖ for a group initialisation: it grows like √n, and need not shrink with n, p or d. Below it descent"
                + " stays within a distance of the flow's loss that is in proportion to the step.",
            "\\eta_c = \\frac{2n}{\\lambda_{\\max}(K_\\infty)}\\ \\Bigl(= \\frac{n}{\\max_j \\|D_j\\|}\\text{ for groups}\\Bigr),\\qquad"
                + " \\sup_t |L_{GD}(t) - L_{GF}(t)| \\propto \\eta",
            Certainty.DERIVED, "shallow/B3", "shallow/B16"),
        statement(
            "shallow/perturbed-groups", Kind.QUESTION, "Noise on a group initialisation",
            "A reviewer asks what becomes of a group initialisation that is not met exactly; the authors expect the same"
                + " exponents for a little noise."
                + " We find that it depends on where the neurons stand on the points of other groups: at 0, as in the span"
                + " of their group, noise of any size"
                + " makes half of these pairs active, and their growth does not depend on its size; below 0, noise must"
                + " first get them over.",
            "w_j \\mapsto w_j + \\varsigma\\,\\|w_j\\|\\,g_j,\\quad g_j \\sim N(0, I_d):\\qquad \\mu_\\infty \\asymp"
                + " n^{-\\alpha}\\ \\text{for}\\ \\varsigma \\le \\varsigma^*(n)\\,?",
            Certainty.STATED, "shallow/P2c"),
        statement(
            "shallow/growing-groups", Kind.QUESTION, "Steps with a growing number of groups",
            "Theorem 2 keeps the number of groups fixed. A drop takes a part of its time of order 1/log n, so if the times"
                + " of the groups are spread evenly"
                + " over a fixed ratio, we expect steps as long as there are fewer groups than some part of log n, and a"
                + " smooth fall beyond.",
            "P_n \\ll \\log n:\\quad t_n^j(0.1) \\le t_n^{j+1}(0.9)\\ \\text{for all}\\ j < P_n",
            Certainty.DERIVED, "shallow/T2e"),
        statement(
            "shallow/necessity-of-assumption-1", Kind.QUESTION, "Who has to satisfy Assumption 1?",
            "The authors answer that their counterexample makes the assumption necessary, and that starts which fail"
                + " without it are rare. We ask for less: on"
                + " orthogonal inputs it is enough that those neurons satisfy it which a good start takes, and off"
                + " orthogonality bad starts can be revived anyway.",
            "\\{j : |a_j(0)| \\ge \\|w_j(0)\\|\\}\\ \\text{well initialised by itself} \\implies L(t) \\to 0\\,?",
            Certainty.DERIVED, "shallow/P3c", "shallow/B6"),
        statement(
            "shallow/linear-dimension", Kind.QUESTION, "Is a dimension of order n enough?",
            "The proof asks for d of order n². The authors think that a better control of the residuals would need order n"
                + " only, and read their own figures as a"
                + " number of learnable points in proportion to d that grows more slowly with the width than in proportion"
                + " to it.",
            "\\gamma = \\frac nd,\\qquad P(\\text{conv}) = \\tfrac12\\ \\text{at}\\ \\gamma_c(n, p),\\qquad \\gamma_c"
                + " \\not\\to 0\\,?",
            Certainty.STATED, "shallow/B1", "shallow/B17"),
        statement(
            "shallow/toy-groups", Kind.QUESTION, "Gaussian starts beside groups",
            "A reviewer asks what group initialisations say of usual starts; the authors call them a toy. Beside a Gaussian"
                + " start of balanced neurons one can compare"
                + " the exponent of the asymptotic rate, and the time in which most of the loss goes over the time that"
                + " learning takes.",
            "\\mu_\\infty \\asymp n^{-\\alpha},\\qquad \\frac{t(0.1) - t(0.9)}{t(0.01)}",
            Certainty.STATED, "shallow/B4"),
        statement(
            "shallow/local-minima", Kind.QUESTION, "Local minima",
            "Convergence is not for want of bad minima: with all readouts of one sign, or with a point that no neuron sees,"
                + " there are stationary points of positive loss"
                + " that attract all their neighbourhood, under Assumption 1 too. The theorem says that good starts on"
                + " weakly interacting inputs are never attracted.",
            "\\nabla L = 0,\\ L = \\frac1{2n}\\sum_{i\\ \\text{unseen}} y_i^2 > 0,\\qquad \\text{well initialised}"
                + " \\implies L(t) \\to 0",
            Certainty.DERIVED, "shallow/B14"),
        statement(
            "shallow/many-neurons", Kind.QUESTION, "Very many neurons",
            "With the factor p in the flow the law of a neuron does not depend on p, and as p grows the loss should follow"
                + " one curve, up to fluctuations of the order of"
                + " p^−½. Without the factor the same curve takes p times as long.",
            "\\sup_{t \\le T} |L_p(t) - L_p'(t)| \\propto p^{-1/2},\\qquad \\theta' = -\\nabla L:\\ L(p\\,t)",
            Certainty.DERIVED, "shallow/B15"),
        statement(
            "shallow/descent-decrease", Kind.QUESTION, "Theorem 1 for gradient descent",
            "For descent the theorem would follow if every step took a share of the decrease that the local-PL curvature"
                + " gives. Near the end the loss is quadratic, and a"
                + " step keeps the share c up to (1 − c) times the largest stable step, which grows like √n; whether that"
                + " is so all the way is asked here.",
            "L_{k+1} \\le (1 - c\\,\\eta\\,\\mu_k)\\,L_k\\quad\\text{for}\\ \\eta \\le \\eta_0 \\approx (1 - c)\\,\\eta_c",
            Certainty.DERIVED, "shallow/B16"),
        statement(
            "shallow/lazy-training", Kind.QUESTION, "Does the kernel move?",
            "In the lazy regime a network learns as its linearisation at the start does, and its tangent kernel stays. Here"
                + " the active energy at the end is of order √n whatever the start was, so we expect the kernel to change by a"
                + " multiple of itself that grows with n, and training and prediction to differ from those of any fixed kernel.",
            "\\frac{\\|K_\\infty - K_0\\|}{\\|K_0\\|} \\asymp \\sqrt n\\,?",
            Certainty.DERIVED, "shallow/B10"),
        statement(
            "shallow/teacher-rate", Kind.QUESTION, "The rate with the labels of a teacher",
            "The paper's labels are bounded away from 0. Those of a random network are not: the smallest of n is of order 1/n, and"
                + " a point of small label asks for little energy. Asked is whether the rate still falls like that of labels of random sign.",
            "y_i = \\frac{1}{\\sqrt k} \\sum_j b_j\\,\\sigma(\\langle v_j, x_i\\rangle):\\qquad \\mu_\\infty \\asymp n^{-1/2}\\,?",
            Certainty.DERIVED, "shallow/B11"),
        statement(
            "shallow/deeper-networks", Kind.QUESTION, "More layers and more outputs",
            "The paper has one hidden layer and one output. With a second layer a point is lost as soon as one of the two layers is"
                + " dead on it, and with k outputs all of them share the layers below. Asked is how often all labels are learned, and"
                + " what has collapsed where they are not.",
            "h(x) = A\\,\\sigma(W_2\\,\\sigma(W_1 x)) \\in \\mathbb R^k:\\qquad P(L(t) \\to 0)\\,?",
            Certainty.DERIVED, "shallow/B12"),
        statement(
            "shallow/other-losses", Kind.QUESTION, "Other losses",
            "What makes a good start good is that the force on a point keeps its sign until the point is learned. That is so"
                + " for the logistic loss and for Huber's as it is for the squared one, so on orthogonal inputs we expect the same"
                + " starts to converge.",
            "L = \\frac1n \\sum_i \\ell(h(x_i), y_i):\\qquad P(L(t) \\to 0 \\mid \\text{well initialised}) = 1\\,?",
            Certainty.DERIVED, "shallow/B13"),
        statement(
            "shallow/teacher-error", Kind.QUESTION, "Learning a teacher",
            "Labels of random sign cannot be predicted at new points, those of a small network can, once there are more points than"
                + " its weights can choose from. Asked is how the test error falls with n/d, and whether the loss near the teacher falls"
                + " at the rate of the linearised flow there, by the kernel's smallest eigenvalue that is not 0.",
            "\\frac{E(h - h^*)^2}{E(h^*)^2}\\ \\text{against}\\ \\frac nd,\\qquad \\mu_\\infty = \\frac2n\\,\\lambda_{\\min > 0}(K_*)\\,?",
            Certainty.DERIVED, "shallow/B18"));
  }

  private static Statement statement(
      String id, Kind kind, String title, String wording, String formula, Certainty certainty, String... checks) {
    return new Statement(id, Paper.SHALLOW, kind, title, wording, formula, certainty, List.of(checks));
  }

  /** The checks, in the order of the theory file. */
  public static List<Check> checks() {
    return List.of(
        Conservation.drift(),
        Conservation.signs(),
        MonomialConservation.check(),
        CurvatureIdentity.check(),
        CurvatureIllustration.check(),
        CurvatureInequalities.fromEnergy(),
        CurvatureInequalities.fromResidual(),
        CurvatureInequalities.upper(),
        CurvatureInequalities.key(),
        WidthFormula.check(),
        CorrelatedWidth.check(),
        Dichotomy.check(),
        WeakCorrelation.norm(),
        WeakCorrelation.crossing(),
        WeakCorrelation.heavyTails(),
        Convergence.probability(),
        Convergence.rate(),
        Convergence.scales(),
        RateAndData.inputSize(),
        RateAndData.nested(),
        Counterexample.check(),
        SmallReadout.orthogonal(),
        AsymptoticRate.eigenvalue(),
        AsymptoticRate.interlacing(),
        AsymptoticRate.bracket(),
        ClosedForm.check(),
        GroupRates.check(),
        PhaseTransition.times(),
        SimulatedTransition.check(),
        PhaseTransition.steps(),
        PhaseTransition.curvature(),
        Conjecture.orthogonal(),
        Conjecture.gaussian(),
        ImplicitBias.check(),
        ExperimentTwo.check(),
        ConvergenceExperiment.check(),
        ThresholdExperiment.dimension(),
        ThresholdExperiment.neurons(),
        HorizonExperiment.check(),
        StoppingRule.check(),
        EarlyLoss.check(),
        Revival.check(),
        OtherActivations.check(),
        Plateau.check(),
        MeanFieldScaling.check(),
        DescentLimit.check(),
        PerturbedGroups.check(),
        GrowingGroups.check(),
        SmallReadout.interacting(),
        ShareOfReadouts.check(),
        WidthAndDimension.dimension(),
        WidthAndDimension.width(),
        GaussianAndGroups.check(),
        RateAndData.compared(),
        KernelMovement.check(),
        TeacherLabels.check(),
        DeeperNetworks.check(),
        OtherLosses.check(),
        LocalMinima.check(),
        ManyNeurons.check(),
        DescentDecrease.check(),
        TeacherError.check());
  }
}
