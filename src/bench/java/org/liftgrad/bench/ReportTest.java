package org.liftgrad.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table as CSV and Markdown, the README's block, and what counts as a broken promise. */
class ReportTest {

  private static Bar bar(String id, Outcome outcome) {
    return new Bar(id, "a flow, \"quick\"", "1 s", "2 s", "2×", "≥ 1.5×", outcome, "warm");
  }

  @Test
  void csvQuotesWhatHoldsACommaOrAQuote() {
    String csv = new Report("box", List.of(), List.of(bar("S2", Outcome.KEPT))).csv();
    assertThat(csv.lines().toList())
        .containsExactly(
            "id,work,ours,against,measured,bar,outcome,promised,remark",
            "S2,\"a flow, \"\"quick\"\"\",1 s,2 s,2×,≥ 1.5×,kept,no,warm");
  }

  @Test
  void markdownNamesTheMachineAndWhereWeLose() {
    String text = new Report("box of 2", List.of(), List.of(bar("S2", Outcome.MISSED), bar("S6", Outcome.KEPT))).markdown();
    assertThat(text).contains("box of 2").contains("1 of 2 bars are kept. **Where we lose:**\n\n* S2 (a flow, \"quick\"): 2×, to be ≥ 1.5×\n");
  }

  @Test
  void markdownSaysSoWhereNothingIsLostAndWhatIsMissing() {
    String text = new Report("box", List.of(), List.of(bar("S2", Outcome.NOT_MEASURED))).markdown();
    assertThat(text).contains("No bar that was measured is missed").contains("**Not measured:** S2");
  }

  @Test
  void rowsOfAnEarlierRunAreReadAsTheyWereKept(@TempDir Path folder) throws IOException {
    Results results = new Results("S2", "box, today", false, List.of(bar("S2", Outcome.KEPT), bar("S2", Outcome.MISSED)));
    results.save(folder);
    assertThat(Results.load(folder, "S2", false)).contains(results);
    assertThat(Results.load(folder, "S2", true)).as("a quick run does not stand for a full one").isEmpty();
    assertThat(Results.load(folder, "S3", false)).isEmpty();
  }

  @Test
  void onlyAMissedPromiseIsBroken() {
    assertThat(bar("S6", Outcome.MISSED).broken()).isTrue();
    assertThat(bar("S6", Outcome.KEPT).broken()).isFalse();
    assertThat(bar("S6", Outcome.NOT_MEASURED).broken()).isFalse();
    assertThat(bar("JMH", Outcome.MISSED).broken()).isFalse();
  }

  @Test
  void theReadmeKeepsWhatStandsOutsideTheMarks() {
    String begin = "<!-- environment/bench writes from here -->";
    String end = "<!-- to here -->";
    String text = "before\n" + begin + "\nold\n" + end + "\nafter";
    assertThat(Report.replaced(text, "new\n")).isEqualTo("before\n" + begin + "\n\nnew\n\n" + end + "\nafter");
    // Twice gives the same as once.
    assertThat(Report.replaced(Report.replaced(text, "new"), "new")).isEqualTo(Report.replaced(text, "new"));
    assertThatThrownBy(() -> Report.replaced("no marks", "new")).hasMessageContaining("README.md");
  }
}
