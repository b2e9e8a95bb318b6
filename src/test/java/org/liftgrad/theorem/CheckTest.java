package org.liftgrad.theorem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Interval;
import org.liftgrad.sweep.KeptRuns;

/** The frame, with a check of a coin. */
class CheckTest {

  private static Check coin(double power, double falseAlarm) {
    return Check.named("shallow/coin", "A fair coin", "shallow/statement")
        .asks("Is it fair?")
        .holdsIf("fewer than 70 % are heads")
        .control("its fairness", "heads always")
        .plan(Scale.QUICK, Parameters.none().whole("runs", 200, 1, 10_000, "throws"))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .assured(plan -> new Assurance(falseAlarm, power, "Said."))
        .runs(
            trial -> {
              List<Row> rows =
                  trial.runs(
                      List.of("cell"),
                      trial.parameters().whole("runs"),
                      (cell, replicate) ->
                          Row.start()
                              .and("run", replicate)
                              .and("value", trial.stream("throw", replicate).nextUniform())
                              .and("heads", trial.controlled() || trial.stream("throw", replicate).nextUniform() < 0.5)
                              .and("kind", cell));
              double share = rows.stream().filter(row -> row.yes("heads")).count() / (double) rows.size();
              return Finding.judged(share < 0.7, rows)
                  .measured("share of heads", share)
                  .predicted(0.5)
                  .interval(new Interval(Double.NEGATIVE_INFINITY, 1, 0.95))
                  .explained("Thrown.");
            });
  }

  @Test
  void theVerdictFollowsTheRule() {
    assertThat(coin(1, 0.01).run().verdict()).isEqualTo(Verdict.HOLDS);
    CheckResult broken = coin(1, 0.01).runWithControl();
    assertThat(broken.verdict()).isEqualTo(Verdict.FAILS);
    assertThat(broken.explanation()).startsWith("The negative control is in place: its fairness (heads always).");
  }

  @Test
  void aPlanThatCannotTellGivesNoVerdict() {
    CheckResult weak = coin(0.79, 0.01).run();
    assertThat(weak.verdict()).isEqualTo(Verdict.REPORTED);
    assertThat(weak.explanation()).contains("power of this plan is 0.79, under 0.8; the rule was met");
    assertThat(coin(1, 0.6).run().verdict()).isEqualTo(Verdict.REPORTED);
  }

  @Test
  void theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() {
    Check coin = coin(1, 0.01);
    String one = coin.run(RunSettings.quick().threads(1)).json();
    assertThat(coin.run(RunSettings.quick().threads(4)).json()).isEqualTo(one);
    assertThat(coin.run(RunSettings.quick().seed(2)).json()).isNotEqualTo(one);
  }

  @Test
  void moreRunsLeaveTheEarlierOnesAsTheyWere() {
    List<Row> few = coin(1, 0.01).run(RunSettings.quick().set("runs", 5)).rows();
    List<Row> more = coin(1, 0.01).run(RunSettings.quick().set("runs", 9)).rows();
    assertThat(more.subList(0, 5)).map(Row::toString).isEqualTo(few.stream().map(Row::toString).toList());
  }

  @Test
  void theJsonHoldsWhatTheIssueAsksFor() throws Exception {
    JsonNode json = new ObjectMapper().readTree(coin(1, 0.01).run(RunSettings.quick().set("runs", 20)).json());
    assertThat(json.fieldNames())
        .toIterable()
        .contains(
            "id", "scale", "seed", "parameters", "verdict", "measured", "predicted", "interval", "falseAlarm", "power",
            "rows");
    assertThat(json.get("parameters").get("runs").intValue()).isEqualTo(20);
    assertThat(json.get("verdict").textValue()).isEqualTo("holds");
    assertThat(json.get("interval").get("lower").isNull()).as("no infinity in JSON").isTrue();
    assertThat(json.get("rows")).hasSize(20);
    assertThat(json.get("rows").get(3).get("heads").isBoolean()).isTrue();
  }

  @Test
  void theTableHasARowARun() {
    CheckResult result = coin(1, 0.01).run();
    assertThat(result.table().rowCount()).isEqualTo(200);
    assertThat(result.table().columnNames()).containsExactly("run", "value", "heads", "kind");
    assertThat(result.toString()).contains("verdict    holds at scale quick, seed 1").contains("holds if");
  }

  @Test
  void progressIsHeardToTheEnd() {
    AtomicInteger most = new AtomicInteger();
    coin(1, 0.01)
        .run(
            RunSettings.quick()
                .progress((what, done, total) -> most.accumulateAndGet((int) (1000 * done / total), Math::max)));
    assertThat(most).hasValue(1000);
  }

  @Test
  void anInterruptedRunKeepsNothing() throws Exception {
    for (int threads = 1; threads <= 3; threads++) {
      Thread.currentThread().interrupt();
      int crew = threads;
      assertThatThrownBy(() -> coin(1, 0.01).run(RunSettings.quick().threads(crew)))
          .isInstanceOf(CancellationException.class);
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
    }
  }

  @Test
  void aFailureNamesItsRun() {
    Check broken =
        Check.named("shallow/broken", "Broken", "shallow/statement")
            .plan(Scale.QUICK, Parameters.none().whole("runs", 6, 1, 10, "runs"))
            .runs(
                trial ->
                    Finding.reported(
                        trial.runs(
                            List.of("n = 3", "n = 7"), 6,
                            (cell, replicate) -> {
                              Argument.require(
                                  replicate < 5 || cell.equals("n = 3"), "points", cell, "less");
                              return Row.start();
                            })));
    assertThatThrownBy(broken::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shallow/broken, run 5 of n = 7: points is n = 7; it must be less.");
  }

  @Test
  void aScaleWithoutAPlanIsRefused() {
    assertThatThrownBy(() -> coin(1, 0.01).run(Scale.PAPER))
        .hasMessage("scale is paper; it must be one of [quick] for shallow/coin.");
    assertThatThrownBy(() -> Scale.of("huge")).hasMessage("scale is huge; it must be quick, paper or beyond.");
  }

  /** A flow that is interrupted ends early and gives a row all the same. */
  @Test
  void whatAnInterruptedRunGivesIsNotKept(@TempDir Path folder) {
    AtomicInteger interrupted = new AtomicInteger(3);
    Check check =
        Check.named("shallow/flow", "A flow", "shallow/statement")
            .plan(Scale.QUICK, Parameters.none())
            .runs(
                trial ->
                    Finding.reported(
                            trial.runs(
                                List.of("cell"), 6,
                                (cell, replicate) -> {
                                  boolean stopped = interrupted.compareAndSet(replicate, -1);
                                  if (stopped) {
                                    Thread.currentThread().interrupt();
                                  }
                                  return Row.start().and("run", replicate).and("whole", !stopped);
                                }))
                        .explained("Run."));
    RunSettings settings = RunSettings.quick().threads(1);
    Path ledger = folder.resolve("runs.ledger");
    try (KeptRuns kept = KeptRuns.begin(ledger)) {
      assertThatThrownBy(() -> check.run(settings.ledger(kept))).isInstanceOf(CancellationException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    try (KeptRuns kept = KeptRuns.resume(ledger)) {
      assertThat(check.run(settings.ledger(kept)).rows()).hasSize(6).allMatch(row -> row.yes("whole"));
    }
  }
}
