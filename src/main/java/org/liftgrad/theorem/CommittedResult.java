package org.liftgrad.theorem;

import java.util.Optional;

/**
 * What the rows say of a check that were computed before, take hours, and are part of this library.
 *
 * @param check the check
 * @param scale the scale
 * @param finished how many cells of the plan are in
 * @param planned how many cells the plan has
 * @param plan version, seed and parameters that the rows were computed with
 * @param result of the widest part of the plan whose cells are all in; nothing where there is none
 */
public record CommittedResult(
    Check check, Scale scale, int finished, int planned, String plan, Optional<CheckResult> result) {

  /** Are all cells in? */
  public boolean complete() {
    return finished == planned;
  }

  /** How many cells are in, and what they say. */
  @Override
  public String toString() {
    String cells = finished + " of " + planned + " cells of scale " + scale + " are in";
    if (result.isEmpty()) {
      return check.id() + ": " + check.title() + "\n  " + cells + ", too few to be judged.";
    }
    return result.get() + "\n  committed  " + cells
        + (complete() ? "." : "; the plan above is the part of it whose cells are all there.");
  }
}
