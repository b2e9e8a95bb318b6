package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Statement;

/** Probably approximately correct convergence, learning and approximation numbers (group H). */
final class Convergence {

  private Convergence() {}

  static List<Statement> statements() {
    return List.of();
  }

  static List<Check> checks() {
    return List.of(OtherArchitectures.check());
  }
}
