package org.liftgrad.theorem.lifts;

import java.util.List;
import java.util.stream.Stream;
import org.liftgrad.theorem.Certainty;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Kind;
import org.liftgrad.theorem.Paper;
import org.liftgrad.theorem.Statement;

/** The statements of the Random Sparse Lifts paper and their checks, chapter by chapter. */
public final class LiftsCatalogue {

  private LiftsCatalogue() {}

  /** The statements, in the order of the theory file. */
  public static List<Statement> statements() {
    return Stream.of(
            Structure.statements(), Copies.statements(), Tangents.statements(), Mechanics.statements(),
            Convergence.statements())
        .flatMap(List::stream)
        .toList();
  }

  /** The checks, in the order of the theory file. */
  public static List<Check> checks() {
    return Stream.of(Structure.checks(), Copies.checks(), Tangents.checks(), Mechanics.checks(), Convergence.checks())
        .flatMap(List::stream)
        .toList();
  }

  static Statement statement(
      String id, Kind kind, String title, String wording, String formula, Certainty certainty, String... checks) {
    return new Statement(id, Paper.LIFTS, kind, title, wording, formula, certainty, List.of(checks));
  }
}
