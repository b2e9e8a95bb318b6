package org.liftgrad.sweep;

import java.util.List;
import org.liftgrad.statistics.Numbers;

/**
 * What came of computing runs of a ledger again.
 *
 * @param sampled how many were computed
 * @param finished how many the ledger holds
 * @param differences a sentence for each that came out otherwise
 */
public record Verification(int sampled, long finished, List<String> differences) {

  /** Copies the list. */
  public Verification {
    differences = List.copyOf(differences);
  }

  /** Are all bits the same? */
  public boolean same() {
    return differences.isEmpty();
  }

  /** How many of how many are the same, and the first that are not. */
  @Override
  public String toString() {
    String text =
        sampled + " of " + Numbers.counted(finished, "finished run") + " computed again: "
            + (same() ? "all bits the same" : differences.size() + " not the same");
    StringBuilder all = new StringBuilder(text);
    differences.stream().limit(10).forEach(each -> all.append("\n  ").append(each));
    return all.toString();
  }
}
