package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Statement;

/** Random sparse lifts and the copies of a witness in them (group E). */
final class Copies {

  private Copies() {}

  static List<Statement> statements() {
    return List.of();
  }

  static List<Check> checks() {
    return List.of();
  }
}
