package org.liftgrad.theorem.lifts;

import java.util.List;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Statement;

/** Bundles, homomorphisms, modules, lifts: what is a definition, and what follows from it at once (groups A to D). */
final class Structure {

  private Structure() {}

  static List<Statement> statements() {
    return List.of();
  }

  static List<Check> checks() {
    return List.of();
  }
}
