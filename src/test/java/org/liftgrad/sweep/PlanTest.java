package org.liftgrad.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.kernel.Workers;

/** What a plan is, how it is written, and which random numbers its runs get. */
class PlanTest {

  private static final Plan PLAN =
      Plan.of("shallow-start").over("points", 20, 10).over("dimension", 1e3).over("neurons", new int[] {4, 8, 4}).replicates(5).seed(9);

  @Test
  void valuesAreASet() {
    assertThat(PLAN.values("points")).containsExactly(10L, 20L);
    assertThat(PLAN.values("neurons")).containsExactly(4L, 8L);
    assertThat(PLAN.values("scale")).containsExactly(1.0);
    assertThat(PLAN.axes()).containsExactly("points", "neurons");
    assertThat(PLAN.cells()).isEqualTo(4);
    assertThat(PLAN.runs()).isEqualTo(20);
    assertThat(PLAN).isEqualTo(PLAN.over("points", List.of(10, 20L)));
    assertThat(PLAN.hash()).isNotEqualTo(PLAN.over("points", 10).hash()).hasSize(64);
  }

  @Test
  void theCellsOfItsRunsAreAllCombinationsInOrder() {
    assertThat(PLAN.cell(0).subList(0, 3)).containsExactly(10L, 1000L, 4L);
    assertThat(PLAN.cell(4)).isEqualTo(PLAN.cell(0));
    assertThat(PLAN.cell(5).subList(0, 3)).containsExactly(10L, 1000L, 8L);
    assertThat(PLAN.cell(19).subList(0, 3)).containsExactly(20L, 1000L, 8L);
    Set<List<Object>> cells = new HashSet<>();
    for (long run = 0; run < PLAN.runs(); run++) {
      cells.add(PLAN.cell(run));
    }
    assertThat(cells).hasSize(4);
  }

  @Test
  void aFileGivesThePlanBack(@TempDir Path folder) {
    Plan plan = PLAN.over("scale", 0.1, 1e-12, 1e7 / 3).record("start loss", "well initialised");
    Path file = folder.resolve("plan.json");
    plan.save(file);
    assertThat(Plan.read(file)).isEqualTo(plan);
    assertThat(plan.recorded().stream().map(Column::name)).containsExactly("well initialised", "start loss");
  }

  @Test
  void nonsenseIsRefusedWhenItIsSaid() {
    assertThatIllegalArgumentException().isThrownBy(() -> Plan.of("nothing")).withMessageContaining("it must be one of shallow-flow, shallow-start");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.over("width", 3)).withMessageStartingWith("axis is “width”; it must be one of points");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.over("points")).withMessage("the number of values of axis “points” is 0; it must be at least 1.");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.over("points", 3, -1)).withMessage("axis “points” is “-1”; it must be a whole number from 1 to 11585.");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.over("law", "Gauss")).withMessageContaining("it must be one of S, gaussian, sphere");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.over("scale", Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.replicates(0)).withMessage("replicates is 0; it must be at least 1.");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.replicates(100_000_000)).withMessage("the number of runs of the plan is 4e8; it must be at most 1e8.");
    assertThatIllegalArgumentException().isThrownBy(() -> PLAN.record()).withMessage("the number of recorded figures is 0; it must be at least 1.");
    assertThatIllegalArgumentException().isThrownBy(() -> Plan.of("shallow-start").over("points", 3).runs())
        .withMessage("axis “dimension” is not said; it must be said, as shallow-start has no value for it otherwise.");
  }

  @Test
  void anExperimentThatALedgerCouldNotKeepIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Experiment.named("a").whole("Loss").runs(List.of(Column.number("loss")), run -> Row.start()))
        .withMessageContaining("upper and lower case are the same");
    assertThatIllegalArgumentException().isThrownBy(() -> Column.whole("replicate")).withMessageContaining("a ledger keeps its own column");
    assertThatIllegalArgumentException().isThrownBy(() -> Column.whole("a\"b"));
    assertThatIllegalArgumentException().isThrownBy(() -> Experiment.named("a b").runs(List.of(Column.number("loss")), run -> Row.start()));
    assertThatIllegalArgumentException().isThrownBy(() -> Experiment.named("a").runs(List.of(), run -> Row.start()));
    record Odd(int[] numbers) {}
    assertThatIllegalArgumentException().isThrownBy(() -> Experiment.named("a").runs(Odd.class, run -> new Odd(new int[0])))
        .withMessageContaining("the component “numbers” of a record is a int[]");
  }

  @Test
  void streamsDifferByCellReplicatePurposeAndSeedAndByNothingElse() {
    Set<Long> first = new HashSet<>();
    for (long run = 0; run < PLAN.runs(); run++) {
      Run each = new Run(PLAN, PLAN.cell(run), (int) (run % 5));
      assertThat(first.add(each.stream("data").nextLong())).isTrue();
      assertThat(first.add(each.stream("start").nextLong())).isTrue();
      assertThat(first.add(each.seed("more"))).isTrue();
      assertThat(first.add(new Run(PLAN.seed(10), PLAN.cell(run), (int) (run % 5)).stream("data").nextLong())).isTrue();
      Plan more = PLAN.over("points", 5, 10, 20, 30).over("neurons", 2, 4, 8).replicates(50).record("start loss");
      assertThat(new Run(more, PLAN.cell(run), (int) (run % 5)).stream("data").nextLong()).isEqualTo(each.stream("data").nextLong());
    }
  }

  @Test
  void aBatchThatWasComputedElsewhereIsTheSame() {
    Plan plan = Coins.plan();
    String lent = Experiments.lend(plan.experiment());
    List<Outcome> there = Batch.read(Batch.compute(Batch.text(plan, lent), new long[] {0, 7, 29, 17, 18, 19}), plan);
    for (Outcome outcome : there) {
      Outcome here = plan.compute(outcome.run());
      assertThat(outcome.values()).isEqualTo(here.values());
      assertThat(outcome.failure()).isEqualTo(here.failure());
    }
    Experiments.forget(lent);
    assertThat(there).hasSize(6);
  }

  /** Who hands out batches has one for each core: a run that took more would fight with its neighbours for them. */
  @Test
  void aRunOfABatchHasOneCore() {
    Experiment experiment =
        Experiment.named("cores").whole("k").runs(List.of(Column.whole("cores")), run -> Row.start().and("cores", Workers.count()));
    Plan plan = Plan.of(experiment).over("k", 1, 2).replicates(3);
    String lent = Experiments.lend(experiment);
    List<Outcome> outcomes = Batch.read(Batch.compute(Batch.text(plan, lent), new long[] {0, 5}), plan);
    Experiments.forget(lent);
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome.values()).containsExactly(1L));
  }

  @Test
  void progressSpeaksAsPeopleDo() {
    assertThat(new SweepProgress(400, 117, 3, 120, 12.2)).hasToString("120 of 400 runs, 3 failed, 12 a second, 23 s left");
    assertThat(new SweepProgress(400, 1, 0, 1, 0)).hasToString("1 of 400 runs");
    assertThat(new SweepProgress(400, 40, 0, 10, 0.05)).hasToString("40 of 400 runs, 3 a minute, 2 h 0 min left");
    assertThat(new SweepProgress(1, 1, 0, 1, 3)).hasToString("1 of 1 run");
    assertThat(SweepProgress.duration(200_000)).isEqualTo("2 d 7 h");
    assertThat(SweepProgress.duration(125)).isEqualTo("2 min 5 s");
  }
}
