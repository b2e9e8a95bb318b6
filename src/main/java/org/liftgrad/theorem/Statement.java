package org.liftgrad.theorem;

import java.util.List;
import org.liftgrad.kernel.Argument;

/**
 * Something that a paper says, in our words.
 *
 * @param id such as {@code shallow/theorem-1}
 * @param paper which paper
 * @param kind what it is there
 * @param title a few words
 * @param wording our wording, with its hypotheses
 * @param formula its formula in LaTeX, without delimiters
 * @param certainty how sure we are that this is what the paper says
 * @param checkIds the ids of its checks
 */
public record Statement(
    String id,
    Paper paper,
    Kind kind,
    String title,
    String wording,
    String formula,
    Certainty certainty,
    List<String> checkIds) {

  /** Copies the list; refuses an id that does not begin with its paper's word. */
  public Statement {
    Argument.require(
        id.startsWith(paper.prefix() + "/"), "id", id, "one that begins with " + paper.prefix() + "/");
    checkIds = List.copyOf(checkIds);
  }

  /** Runs all its checks at scale quick with seed 1. */
  public StatementResult check() {
    return check(RunSettings.quick());
  }

  /** Runs all its checks at a scale with seed 1. */
  public StatementResult check(Scale scale) {
    return check(RunSettings.of(scale));
  }

  /** Runs all its checks. */
  public StatementResult check(RunSettings settings) {
    return new StatementResult(
        this, checkIds.stream().map(each -> Catalogue.standard().check(each).run(settings)).toList());
  }

  /** Title, wording, formula and how sure we are. */
  @Override
  public String toString() {
    return id + ": " + title + " (" + kind + ", " + certainty + ")\n" + wording + "\n" + formula + "\nChecks: "
        + (checkIds.isEmpty() ? "none yet" : String.join(", ", checkIds));
  }
}
