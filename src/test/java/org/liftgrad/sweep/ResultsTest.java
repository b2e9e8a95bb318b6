package org.liftgrad.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.statistics.Proportion;
import tech.tablesaw.api.Table;

/** Tables, shares, thresholds and slopes of an experiment whose answers are known. */
class ResultsTest {

  /** Succeeds where the replicate is under the size; its time grows with the square of the size. */
  private static final Experiment KNOWN =
      Experiment.named("known")
          .whole("size").text("kind", "plain", "slow").number("fixed").otherwise(2)
          .runs(
              List.of(Column.yesOrNo("good"), Column.number("time"), Column.whole("k")),
              run -> {
                if (run.whole("size") == 8 && run.replicate() == 0) {
                  throw new IllegalStateException("one of them");
                }
                double factor = run.text("kind").equals("slow") ? 10 : 1;
                return Row.start()
                    .and("good", run.replicate() < run.whole("size"))
                    .and("time", factor * run.whole("size") * run.whole("size") * (1 + 0.01 * run.replicate()))
                    .and("k", run.replicate());
              });

  @TempDir Path folder;
  private Results results;

  @BeforeEach
  void run() {
    Path ledger = folder.resolve("known.ledger");
    Sweep.of(Plan.of(KNOWN).over("size", 1, 2, 4, 8, 16).over("kind", "plain", "slow").replicates(12)).into(ledger).run();
    results = Ledger.open(ledger).results();
  }

  @Test
  void theTableHasTheAxesAndTheFiguresOfTheRunsThatWereDone() {
    Table table = results.table();
    assertThat(table.columnNames()).containsExactly("size", "kind", "replicate", "good", "time", "k");
    assertThat(table.rowCount()).isEqualTo(118);
    assertThat(results.failed()).isEqualTo(2);
    assertThat(results.axes()).containsExactly("size", "kind");
    assertThat(table.row(0).getLong("size")).isEqualTo(1);
    assertThat(results.where("kind", "slow").where("size", 4.0).table().rowCount()).isEqualTo(12);
    assertThat(results.where("kind", "slow").axes()).containsExactly("size");
  }

  @Test
  void sharesHaveExactIntervals() {
    Table success = results.success("good").table();
    assertThat(success.columnNames()).containsExactly("size", "kind", "runs", "successes", "share", "lower", "upper");
    assertThat(success.rowCount()).isEqualTo(10);
    assertThat(success.longColumn("successes").asList()).containsExactly(1L, 1L, 2L, 2L, 4L, 4L, 7L, 7L, 12L, 12L);
    assertThat(success.longColumn("runs").asList()).containsExactly(12L, 12L, 12L, 12L, 12L, 12L, 11L, 11L, 12L, 12L);
    assertThat(success.doubleColumn("upper").get(0)).isEqualTo(new Proportion(1, 12).clopperPearson(0.95).upper());
  }

  @Test
  void thresholdsAreFoundForEachValueOfTheOtherAxes() {
    Table thresholds = results.success("good").threshold("size", 0.5).table();
    assertThat(thresholds.columnNames()).containsExactly("kind", "size", "lower", "upper", "remark");
    assertThat(thresholds.rowCount()).isEqualTo(2);
    assertThat(thresholds.doubleColumn("size").get(0)).isBetween(4.0, 8.0);
    assertThat(thresholds.doubleColumn("lower").get(0)).isLessThan(thresholds.doubleColumn("size").get(0));
    Thresholds.Threshold log = results.success("good").logThreshold("size", 0.5).thresholds().get(0);
    assertThat(log.value().orElseThrow()).isBetween(4.0, 8.0);
    assertThat(log.interval().orElseThrow().contains(log.value().orElseThrow())).isTrue();
    assertThat(results.where("size", 16).success("good").shares().get(0).runs().estimate()).isEqualTo(1);
    assertThat(results.where("kind", "plain").where("size", 16).success("good").shares()).hasSize(1);
  }

  @Test
  void aThresholdThatIsNotThereSaysWhy() {
    Experiment never =
        Experiment.named("never").whole("size").runs(List.of(Column.yesOrNo("good")), run -> Row.start().and("good", false));
    Path ledger = folder.resolve("never.ledger");
    Sweep.of(Plan.of(never).over("size", 1, 2)).into(ledger).run();
    Thresholds.Threshold none = Ledger.open(ledger).results().success("good").threshold("size", 0.5).thresholds().get(0);
    assertThat(none.value()).isEmpty();
    assertThat(none.remark()).isEqualTo("none succeeded");
  }

  @Test
  void slopesHaveBootstrapIntervals() {
    List<Slopes.Slope> slopes = results.slope("time", "size").slopes();
    assertThat(slopes).hasSize(2);
    for (Slopes.Slope slope : slopes) {
      assertThat(slope.value()).isCloseTo(2, within(0.01));
      assertThat(slope.interval().contains(2)).isTrue();
      assertThat(slope.interval().width()).isBetween(1e-4, 0.1);
    }
    assertThat(results.summary("time").doubleColumn("median").get(1)).isCloseTo(10.55, within(1e-9));
  }

  @Test
  void whatIsNotThereIsRefusedByName() {
    assertThatIllegalArgumentException().isThrownBy(() -> results.success("time"))
        .withMessageContaining("figure “time” is of type DOUBLE; it must be a yes or a no.");
    assertThatIllegalArgumentException().isThrownBy(() -> results.success("bad")).withMessageContaining("figure is “bad”; it must be one of size, kind");
    assertThatIllegalArgumentException().isThrownBy(() -> results.slope("time", "kind")).withMessageContaining("it must be one of numbers");
    assertThatIllegalArgumentException().isThrownBy(() -> results.where("size", 3)).withMessageContaining("axis “size” is 3; it must be one of");
    assertThatIllegalArgumentException().isThrownBy(() -> results.success("good").threshold("fixed", 0.5))
        .withMessageContaining("axis is “fixed”; it must be one of size, kind.");
  }
}
