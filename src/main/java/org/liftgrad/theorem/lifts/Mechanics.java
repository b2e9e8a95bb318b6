package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Statement;

/** What the gradient flow of a lift conserves, bounds and scales with (group G). */
final class Mechanics {

  private Mechanics() {}

  static List<Statement> statements() {
    return List.of();
  }

  static List<Check> checks() {
    return List.of();
  }
}
