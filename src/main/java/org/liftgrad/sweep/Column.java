package org.liftgrad.sweep;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.liftgrad.kernel.Argument;

/**
 * A column of a ledger: a name and what its values are.
 *
 * @param name any words; a unit may stand in brackets at the end, as in {@code time [1/μ]}
 * @param type what the values are
 */
public record Column(String name, Type type) {

  /** What a ledger keeps beside every row, so that no column of yours may be called that. */
  static final Set<String> RESERVED = Set.of("replicate", "failure", "seconds", "session");

  private static final int MOST_LETTERS = 80;

  /** Refuses a name that a ledger could not keep. */
  public Column {
    Argument.require(
        !name.isBlank() && name.length() <= MOST_LETTERS && name.equals(name.strip())
            && name.chars().noneMatch(letter -> letter == '"' || Character.isISOControl(letter)),
        "the name of a column", "“" + name + "”", "1 to " + MOST_LETTERS + " letters without quotes or line feeds");
    Argument.require(
        !RESERVED.contains(name.toLowerCase(Locale.ROOT)),
        "the name of a column", "“" + name + "”", "another one: a ledger keeps its own column of that name");
  }

  /** A whole number. */
  public static Column whole(String name) {
    return new Column(name, Type.WHOLE);
  }

  /** A number. */
  public static Column number(String name) {
    return new Column(name, Type.NUMBER);
  }

  /** A text. */
  public static Column text(String name) {
    return new Column(name, Type.TEXT);
  }

  /** A yes or a no. */
  public static Column yesOrNo(String name) {
    return new Column(name, Type.YES_OR_NO);
  }

  /** Are the values numbers, whole or not? */
  public boolean isNumeric() {
    return type.isNumeric();
  }

  /** Refuses names that differ in case only: SQLite takes them for one. */
  static void requireDistinct(Collection<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      Argument.require(
          seen.add(name.toLowerCase(Locale.ROOT)),
          "the name of a column", "“" + name + "”", "one not taken before (upper and lower case are the same)");
    }
  }

  /** The name as SQL wants it. */
  String quoted() {
    return '"' + name + '"';
  }
}
