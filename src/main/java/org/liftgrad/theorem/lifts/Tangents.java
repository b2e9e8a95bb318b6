package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Statement;

/** Tangent approximation (group F). */
final class Tangents {

  private Tangents() {}

  static List<Statement> statements() {
    return List.of();
  }

  static List<Check> checks() {
    return List.of();
  }
}
