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
            "shallow/local-pl", Kind.DEFINITION, "Local-PL curvature",
            "The curvature along a trajectory is the rate at which the logarithm of the loss falls. It is the squared"
                + " speed of the parameters over p L, where the speed is the flow's own: while a pair slides on"
                + " its kink, the indicator has the value that holds it there.",
            "\\mu(t) = -\\frac{L'(t)}{L(t)} = \\frac{\\|\\theta'(t)\\|^2}{p\\,L(t)},\\qquad"
                + " L(t) = L(0)\\,e^{-\\int_0^t \\mu}",
            Certainty.READ_OFF_THE_CODE, "shallow/PLa"));
  }

  private static Statement statement(
      String id, Kind kind, String title, String wording, String formula, Certainty certainty, String... checks) {
    return new Statement(id, Paper.SHALLOW, kind, title, wording, formula, certainty, List.of(checks));
  }

  /** The checks, in the order of the theory file. */
  public static List<Check> checks() {
    return List.of(CurvatureIdentity.check());
  }
}
