package org.liftgrad.theorem;

import java.util.List;
import java.util.stream.Collectors;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.Table;

/**
 * What the checks of one statement gave.
 *
 * @param statement the statement
 * @param results one a check, in the statement's order
 */
public record StatementResult(Statement statement, List<CheckResult> results) implements Tabular {

  /** Copies the list. */
  public StatementResult {
    results = List.copyOf(results);
  }

  /** Fails where a check fails, else holds where one holds, else reported. */
  public Verdict verdict() {
    List<Verdict> verdicts = results.stream().map(CheckResult::verdict).toList();
    return verdicts.contains(Verdict.FAILS)
        ? Verdict.FAILS
        : verdicts.contains(Verdict.HOLDS) ? Verdict.HOLDS : Verdict.REPORTED;
  }

  /** A row a check: id, verdict, measured, predicted, false-alarm rate, power. */
  @Override
  public Table table() {
    return Row.table(
        statement.id(),
        results.stream()
            .map(
                result ->
                    Row.start()
                        .and("check", result.id())
                        .and("verdict", result.verdict().toString())
                        .and("quantity", result.quantity())
                        .and("measured", result.measured())
                        .and("predicted", result.predicted().orElse(Double.NaN))
                        .and("false alarm", result.falseAlarm())
                        .and("power", result.power()))
            .toList());
  }

  /** The results as a JSON array. */
  public String json() {
    return Json.of(results);
  }

  /** The statement and every result. */
  @Override
  public String toString() {
    return statement + "\n\n"
        + results.stream().map(CheckResult::toString).collect(Collectors.joining("\n\n"));
  }
}
