package org.liftgrad.notebook;

import static org.liftgrad.notebook.Displays.escape;

import java.util.List;
import java.util.stream.Collectors;
import org.liftgrad.notebook.ResultDisplays.Facts;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.sweep.Column;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.LedgerStatus;
import org.liftgrad.sweep.Parameter;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Results;
import org.liftgrad.sweep.Success;

/** How plans, ledgers and what comes of them look. No times: a notebook that is run again shows the same. */
final class SweepDisplays {

  private static final int SHOWN_VALUES = 12;

  private SweepDisplays() {}

  static Display plan(Plan plan) {
    Facts facts = axes(plan);
    facts.add(
        "fixed",
        plan.experiment().parameters().stream().map(Parameter::name).filter(name -> !plan.axes().contains(name))
            .map(name -> name + " = " + values(plan.values(name))).collect(Collectors.joining(", ")));
    facts.add("records", plan.recorded().stream().map(Column::name).collect(Collectors.joining(", ")));
    return Display.text(plan.toString()).withHtml(facts.html());
  }

  private static Facts axes(Plan plan) {
    Facts facts =
        new Facts()
            .add("experiment", plan.experiment().name())
            .add("runs", plan.runs() + " = " + plan.cells() + " cells × " + plan.replicates() + " replicates")
            .add("seed", plan.seed());
    plan.axes().forEach(axis -> facts.add("over " + axis, values(plan.values(axis))));
    return facts;
  }

  private static String values(List<Object> values) {
    return values.stream().limit(SHOWN_VALUES)
            .map(value -> value instanceof Double number ? TableDisplay.figure(number) : value.toString())
            .collect(Collectors.joining(", "))
        + (values.size() > SHOWN_VALUES ? ", … " + values.size() + " values" : "");
  }

  static Display ledger(Ledger ledger) {
    return status(ledger.status());
  }

  static Display status(LedgerStatus status) {
    Facts facts =
        axes(status.plan())
            .add("ledger", status.path().getFileName())
            .add("done", status.done())
            .add("failed", status.failed())
            .add("left", status.left())
            .add("begun or resumed", Numbers.counted(status.sessions().size(), "time"))
            .add("products", status.products());
    return Display.text(facts.text()).withHtml(facts.html());
  }

  static Display results(Results results) {
    Display table = TableDisplay.of(results.table());
    String failed = results.failed() == 0 ? "" : results.failed() + " failed runs are left out.";
    return failed.isEmpty() ? table : Display.text(table.text() + "\n" + failed).withHtml(table.html().orElse("") + "<p>" + escape(failed) + "</p>");
  }

  /** The table, and beside it the picture where there is one. */
  static Display success(Success success) {
    Display table = TableDisplay.of(success.table());
    boolean drawn = success.axes().stream().anyMatch(Column::isNumeric);
    return drawn
        ? table.withHtml(ResultDisplays.besides(table.html().orElse(""), Plot.plot(success).size(420, 280)))
        : table;
  }
}
