package org.liftgrad.notebook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Array;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.ejml.data.DMatrix;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.internal.chartpart.IChart;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.WeakInteraction;
import org.liftgrad.flow.LiftRun;
import org.liftgrad.flow.Solution;
import org.liftgrad.lift.CopyLaw;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.plot.Diagram;
import org.liftgrad.plot.Figure;
import org.liftgrad.shallow.CurvatureBounds;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.LedgerStatus;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.Results;
import org.liftgrad.sweep.Slopes;
import org.liftgrad.sweep.Success;
import org.liftgrad.sweep.Thresholds;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.CommittedResult;
import org.liftgrad.theorem.Statement;
import org.liftgrad.theorem.StatementResult;
import tech.tablesaw.api.Table;

/** The one list of what the library shows richly. */
final class StandardDisplays {
  private static final int SHOWN_ENTRIES = 12;

  private StandardDisplays() {}

  /** One line a type: add yours here. */
  static Displays registerAll(Displays displays) {
    return displays
        .register(Table.class, TableDisplay::of)
        .register(IChart.class, StandardDisplays::chart)
        .register(Figure.class, ResultDisplays::figure)
        .register(Diagram.class, ResultDisplays::diagram)
        .register(Blueprint.class, ResultDisplays::blueprint)
        .register(Lift.class, ResultDisplays::lift)
        .register(LiftedNetwork.class, ResultDisplays::liftedNetwork)
        .register(Film.class, Film::display)
        .register(Dataset.class, ResultDisplays::dataset)
        .register(WeakInteraction.class, ResultDisplays::weakInteraction)
        .register(ShallowNetwork.class, ResultDisplays::network)
        .register(Solution.class, ResultDisplays::solution)
        .register(LiftRun.class, ResultDisplays::liftRun)
        .register(Coverage.class, ResultDisplays::coverage)
        .register(CopyLaw.class, law -> ResultDisplays.table(law, law.toString()))
        .register(CurvatureBounds.class, ResultDisplays::curvatureBounds)
        .register(GroupFlow.class, ResultDisplays::groupFlow)
        .register(Check.class, ResultDisplays::plannedCheck)
        .register(CheckResult.class, ResultDisplays::check)
        .register(CommittedResult.class, ResultDisplays::committed)
        .register(Statement.class, ResultDisplays::statement)
        .register(Claim.class, Claim::display)
        .register(StatementResult.class, ResultDisplays::statementResult)
        .register(Plan.class, SweepDisplays::plan)
        .register(Ledger.class, SweepDisplays::ledger)
        .register(LedgerStatus.class, SweepDisplays::status)
        .register(Results.class, SweepDisplays::results)
        .register(Success.class, SweepDisplays::success)
        .register(Thresholds.class, each -> TableDisplay.of(each.table()))
        .register(Slopes.class, each -> TableDisplay.of(each.table()))
        .register(DMatrix.class, TableDisplay::matrix)
        .register(double[].class, StandardDisplays::entries)
        .register(int[].class, StandardDisplays::entries)
        .register(long[].class, StandardDisplays::entries)
        .register(boolean[].class, StandardDisplays::entries)
        .register(String[].class, StandardDisplays::entries)
        .register(double[][].class, StandardDisplays::rows)
        .register(int[][].class, StandardDisplays::rows);
  }

  private static Display chart(IChart chart) {
    String title = chart.getTitle() == null || chart.getTitle().isBlank() ? "untitled" : chart.getTitle();
    try {
      return Display.text("Figure: " + title).withPng(ChartEncoder.getBytes(chart, "png"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Display entries(Object values) {
    return Display.text(line(values));
  }

  private static Display rows(Object[] rows) {
    String shown = Arrays.stream(rows).limit(SHOWN_ENTRIES).map(StandardDisplays::line)
        .collect(Collectors.joining("\n"));
    return Display.text(rows.length > SHOWN_ENTRIES ? shown + "\n… " + rows.length + " rows" : shown);
  }

  /** The first entries of an array of any kind, and how many there are if these are not all. */
  private static String line(Object values) {
    if (values == null) {
      return "null";
    }
    int length = Array.getLength(values);
    String shown = IntStream.range(0, Math.min(length, SHOWN_ENTRIES)).mapToObj(k -> entry(Array.get(values, k)))
        .collect(Collectors.joining(", ", "[", ""));
    return length > SHOWN_ENTRIES ? shown + ", … " + length + " values]" : shown + "]";
  }

  private static String entry(Object value) {
    return value instanceof Double number ? TableDisplay.figure(number) : String.valueOf(value);
  }
}
