package org.liftgrad.theorem;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.liftgrad.kernel.Argument;
import org.liftgrad.theorem.lifts.LiftsCatalogue;
import org.liftgrad.theorem.shallow.ShallowCatalogue;

/**
 * The statements of the two papers and their checks.
 *
 * <pre>{@code
 * theorem("shallow/theorem-1").check()     // runs all its checks
 * check("shallow/T1a").run()               // runs one
 * }</pre>
 */
public final class Catalogue {

  private final Map<String, Statement> statements = new LinkedHashMap<>();
  private final Map<String, Check> checks = new LinkedHashMap<>();

  /**
   * A catalogue.
   *
   * @param statements all different ids
   * @param checks all different ids; each names statements of this catalogue, which name it
   * @throws IllegalArgumentException where the two do not fit together
   */
  public Catalogue(List<Statement> statements, List<Check> checks) {
    for (Statement statement : statements) {
      Argument.require(
          this.statements.put(statement.id(), statement) == null, "statement", statement.id(), "in the list once");
    }
    for (Check check : checks) {
      Argument.require(this.checks.put(check.id(), check) == null, "check", check.id(), "in the list once");
      for (String id : check.statements()) {
        Argument.require(
            statement(id).checkIds().contains(check.id()), "statement " + id, "without check " + check.id(),
            "one that names its checks");
      }
    }
    for (Statement statement : statements) {
      for (String id : statement.checkIds()) {
        Argument.require(
            check(id).statements().contains(statement.id()), "check " + id, "without statement " + statement.id(),
            "one that names its statements");
      }
    }
  }

  private static final class Standard {
    static final Catalogue CATALOGUE =
        new Catalogue(
            joined(ShallowCatalogue.statements(), LiftsCatalogue.statements()),
            joined(ShallowCatalogue.checks(), LiftsCatalogue.checks()));

    private static <T> List<T> joined(List<T> shallow, List<T> lifts) {
      return Stream.concat(shallow.stream(), lifts.stream()).toList();
    }
  }

  /** All that this library knows. */
  public static Catalogue standard() {
    return Standard.CATALOGUE;
  }

  /**
   * A statement of the standard catalogue, to run all its checks.
   *
   * @throws IllegalArgumentException for an unknown id, with the nearest ones
   */
  public static Statement theorem(String id) {
    return standard().statement(id);
  }

  /** The statements, in the papers' order. */
  public List<Statement> statements() {
    return List.copyOf(statements.values());
  }

  /** The checks, in the order of the theory files. */
  public List<Check> checks() {
    return List.copyOf(checks.values());
  }

  /**
   * A statement.
   *
   * @throws IllegalArgumentException for an unknown id, with the nearest ones
   */
  public Statement statement(String id) {
    return known("statement", id, statements, "statements");
  }

  /**
   * A check.
   *
   * @throws IllegalArgumentException for an unknown id, with the nearest ones
   */
  public Check check(String id) {
    return known("check", id, checks, "check --list");
  }

  /**
   * The checks behind an id: that check, or all of that statement.
   *
   * @throws IllegalArgumentException for an unknown id, with the nearest ones
   */
  public List<Check> checksOf(String id) {
    if (checks.containsKey(id)) {
      return List.of(checks.get(id));
    }
    if (statements.containsKey(id)) {
      return statements.get(id).checkIds().stream().map(this::check).toList();
    }
    List<String> all = new ArrayList<>(checks.keySet());
    all.addAll(statements.keySet());
    throw unknown("check", id, all, "check --list");
  }

  /** The checks as a JSON array of {id, statement, paper, title, scales, recorded}. */
  public String json() {
    return Json.list(checks(), this);
  }

  /**
   * The statements as a JSON array of {id, paper, kind, title, wording, formula, certainty, checks}, each check with its
   * question, rule, control, and what the rows say that come with the library.
   */
  public String statementsJson() {
    return Json.statements(statements(), this);
  }

  private static <T> T known(String what, String id, Map<String, T> all, String command) {
    T found = all.get(id);
    if (found == null) {
      throw unknown(what, id, all.keySet(), command);
    }
    return found;
  }

  private static IllegalArgumentException unknown(String what, String id, Collection<String> all, String command) {
    String meant = id.toLowerCase(Locale.ROOT);
    List<String> nearest =
        all.stream()
            .sorted(Comparator.comparingInt(each -> distance(meant, each.toLowerCase(Locale.ROOT))))
            .limit(3)
            .toList();
    return Argument.refused(
        what, "“" + id + "”", "an id of the catalogue, such as " + String.join(", ", nearest)
            + " (liftgrad " + command + " shows all)");
  }

  /** The edit distance of Levenshtein; a missing paper's word before the slash costs nothing. */
  private static int distance(String meant, String known) {
    int slash = known.indexOf('/');
    return Math.min(edits(meant, known), meant.contains("/") ? Integer.MAX_VALUE : edits(meant, known.substring(slash + 1)));
  }

  private static int edits(String one, String other) {
    int[] row = new int[other.length() + 1];
    for (int k = 0; k < row.length; k++) {
      row[k] = k;
    }
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int k = 1; k <= other.length(); k++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(k - 1) ? 0 : 1);
        diagonal = row[k];
        row[k] = Math.min(change, Math.min(row[k], row[k - 1]) + 1);
      }
    }
    return row[other.length()];
  }

  /** How much it holds. */
  @Override
  public String toString() {
    return statements.size() + " statements, " + checks.size() + " checks; theorem(id) and check(id) show one";
  }
}
