package org.liftgrad.theorem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.flow.Ending;
import org.liftgrad.sweep.FinishedCells;
import org.liftgrad.sweep.KeptRuns;

/** The rows of hours that come with the library. */
class CommittedRowsTest {

  @TempDir Path folder;

  /** The mean of what the runs of two sizes and two widths give. */
  private static final Check SUM =
      Check.named("shallow/test", "A sum", "shallow/test-statement")
          .plan(
              Scale.PAPER,
              Parameters.none()
                  .wholes("points", List.of(10, 20, 30), 1, 100, "sizes")
                  .wholes("neurons", List.of(1, 2), 1, 100, "widths")
                  .whole("runs", 4, 1, 100, "runs a cell"))
          .runs(CommittedRowsTest::sum);

  private record Cell(int points, int neurons) {}

  private static Finding sum(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = new ArrayList<>();
    for (int points : plan.wholes("points")) {
      for (int neurons : plan.wholes("neurons")) {
        cells.add(new Cell(points, neurons));
      }
    }
    List<Row> rows =
        trial.runs(
            cells, plan.whole("runs"),
            (cell, replicate) ->
                Row.start().and("points", cell.points).and("share", cell.points / 7.0 + cell.neurons).and("run", replicate)
                    .and("ended", replicate % 2 == 0).and("said", "“" + cell + "”").and("never", Double.NaN));
    return Finding.reported(rows).measured("the sum", rows.stream().mapToDouble(row -> row.number("share")).sum()).explained("Summed.");
  }

  private CommittedRows kept(String... deleted) throws SQLException {
    Path ledger = folder.resolve("runs.ledger");
    try (KeptRuns kept = KeptRuns.begin(ledger)) {
      SUM.run(RunSettings.of(Scale.PAPER).ledger(kept));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger);
        Statement of = connection.createStatement()) {
      for (String condition : deleted) {
        of.executeUpdate("DELETE FROM \"shallow/test, paper\" WHERE " + condition);
      }
    }
    FinishedCells cells = FinishedCells.of(ledger).get(0);
    Path file = folder.resolve(cells.fileName());
    cells.write(file);
    assertThat(file.getFileName()).hasToString("shallow-test-paper.cells");
    try (InputStream in = Files.newInputStream(file)) {
      FinishedCells read = FinishedCells.read(in, "the file");
      assertThat(read.count()).isEqualTo(cells.count());
      return new CommittedRows(Map.of(read.name(), read));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theRowsOfAFileGiveTheBytesOfTheRun() throws Exception {
    CommittedResult result = kept().judge(SUM, Scale.PAPER);
    assertThat(result.complete()).isTrue();
    assertThat(result.planned()).isEqualTo(6);
    assertThat(result.result().orElseThrow().json()).isEqualTo(SUM.run(RunSettings.of(Scale.PAPER)).json());
    assertThat(result).asString().contains("6 of 6 cells of scale paper are in.");
  }

  @Test
  void aPartOfTheCellsIsJudgedWhereItIsAPlanOfItsOwn() throws Exception {
    // 10/2 and 20/2 are unfinished, so that one neuron has three cells and 30 points have two.
    CommittedResult result = kept("cell LIKE '%points=10, neurons=2%' AND replicate = 3", "cell LIKE '%points=20, neurons=2%' AND replicate = 0").judge(SUM, Scale.PAPER);
    assertThat(result.complete()).isFalse();
    assertThat(result.finished()).isEqualTo(4);
    assertThat(result.result().orElseThrow().parameters().wholes("neurons")).containsExactly(1);
    assertThat(result.result().orElseThrow().rows()).hasSize(12);
    assertThat(result).asString().contains("4 of 6 cells of scale paper are in; the plan shown is the part of it");
  }

  @Test
  void twoParametersAreNarrowedWhereOneIsNotEnough() throws Exception {
    CommittedResult result =
        kept("cell LIKE '%neurons=2%' AND cell NOT LIKE '%points=10,%' AND replicate = 3", "cell LIKE '%points=10, neurons=1%' AND replicate = 1")
            .judge(SUM, Scale.PAPER);
    assertThat(result.finished()).isEqualTo(3);
    Parameters judged = result.result().orElseThrow().parameters();
    assertThat(judged.wholes("neurons")).containsExactly(1);
    assertThat(judged.wholes("points")).containsExactly(20, 30);
  }

  @Test
  void whereACellIsAloneItIsJudgedAlone() throws Exception {
    CommittedResult result = kept("cell NOT LIKE '%points=20, neurons=1%' AND replicate = 2").judge(SUM, Scale.PAPER);
    assertThat(result.finished()).isEqualTo(1);
    assertThat(result.result().orElseThrow().rows()).hasSize(4);
  }

  @Test
  void rowsOfFewerRunsThanThePlanHasAreCountedAndNotJudged() throws Exception {
    CommittedResult result = kept("replicate = 3").judge(SUM, Scale.PAPER);
    assertThat(result.result()).isEmpty();
    assertThat(result.finished()).isZero();
    assertThat(result).asString().contains("0 of 6 cells of scale paper are in, too few to be judged.");
  }

  @Test
  void anotherFileOrHalfOfOneIsRefused() throws Exception {
    kept();
    byte[] whole = Files.readAllBytes(folder.resolve("shallow-test-paper.cells"));
    for (byte[] wrong : List.of(new byte[0], "cells".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, whole.length / 2))) {
      assertThatThrownBy(() -> FinishedCells.read(new ByteArrayInputStream(wrong), "the file x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the file x is no file of finished cells, or is damaged; it must be as it was written.");
    }
  }

  private record Rows(Check check, Scale scale, CommittedResult result) {
    @Override
    public String toString() {
      return check.id() + ", " + scale;
    }
  }

  static Stream<Rows> all() {
    return Catalogue.standard().checks().stream()
        .flatMap(
            check ->
                Stream.of(Scale.PAPER, Scale.BEYOND)
                    .flatMap(scale -> check.committed(scale).map(result -> new Rows(check, scale, result)).stream()));
  }

  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("all")
  void rowsAreOfThePlanOfTodayAndGiveTheRecordedVerdict(Rows rows) {
    assertThat(rows.result.plan()).as("computed with").endsWith("; seed 1; " + rows.check.plan(rows.scale));
    assertThat(rows.result.finished()).isBetween(1, rows.result.planned());
    Optional<Verdict> judged = rows.result.result().map(CheckResult::verdict);
    if (rows.result.complete()) {
      assertThat(rows.check.recorded(rows.scale)).as(rows.result.toString()).isEqualTo(judged);
    }
  }

  /** A run that used up its steps has not come to its horizon, so it speaks against nothing. */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("all")
  void noRunIsJudgedThatUsedUpItsStepsUnlessTheRuleNamesThem(Rows rows) {
    rows.result.result().filter(result -> result.verdict() != Verdict.REPORTED && !rows.check.rule().contains("steps"))
        .map(CheckResult::table).filter(table -> table.containsColumn("ending"))
        .ifPresent(table -> assertThat(table.stringColumn("ending").asList()).doesNotContain(Ending.STEP_LIMIT.toString()));
  }
}
