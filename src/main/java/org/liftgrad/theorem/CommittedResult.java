package org.liftgrad.theorem;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.liftgrad.statistics.Interval;
import tech.tablesaw.api.Table;

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

  /** How many cells are in, in a sentence. */
  public String cells() {
    String in = finished + " of " + planned + " cells of scale " + scale + " are in";
    return in
        + (result.isEmpty()
            ? ", too few to be judged."
            : complete() ? "." : "; the plan shown is the part of it whose cells are all there.");
  }

  /**
   * A row a check: cells, verdict, figures. A check whose rows the library does not carry has the verdict that was
   * recorded when it was run, or none.
   */
  public static Table table(Scale scale, List<Check> checks) {
    return Row.table("Scale " + scale, checks.stream().map(check -> row(check, scale)).toList());
  }

  private static Row row(Check check, Scale scale) {
    Optional<CommittedResult> committed = check.committed(scale);
    Optional<CheckResult> result = committed.flatMap(CommittedResult::result);
    Optional<Interval> interval = result.flatMap(CheckResult::interval);
    String otherwise =
        committed.isPresent() ? "too few cells" : check.recorded(scale).map(verdict -> verdict + ", as recorded").orElse("not run");
    return Row.start()
        .and("check", check.id())
        .and("cells", committed.map(some -> some.finished + " of " + some.planned).orElse("–"))
        .and("verdict", result.map(each -> each.verdict().toString()).orElse(otherwise))
        .and("quantity", result.map(CheckResult::quantity).orElse(""))
        .and("measured", result.map(CheckResult::measured).orElse(Double.NaN))
        .and("from", interval.map(Interval::lower).orElse(Double.NaN))
        .and("to", interval.map(Interval::upper).orElse(Double.NaN))
        .and("predicted", result.map(CheckResult::predicted).orElse(OptionalDouble.empty()).orElse(Double.NaN));
  }

  /** How many cells are in, and what they say. */
  @Override
  public String toString() {
    return result.map(CheckResult::toString).orElse(check.id() + ": " + check.title()) + "\n  committed  " + cells();
  }
}
