package org.liftgrad.theorem;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.liftgrad.plot.Figure;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Tabular;
import tech.tablesaw.api.Table;

/**
 * What a run of a check gives. Immutable.
 *
 * @param check the check that ran
 * @param settings how it was run
 * @param parameters the plan that was run, with what the user replaced
 * @param verdict what it says of the statement
 * @param assurance what the plan could tell, worked out before the run
 * @param finding what was found
 */
public record CheckResult(
    Check check,
    RunSettings settings,
    Parameters parameters,
    Verdict verdict,
    Assurance assurance,
    Finding finding)
    implements Tabular {

  static CheckResult of(
      Check check, RunSettings settings, Parameters parameters, Assurance assurance, Finding finding) {
    Verdict verdict =
        finding.rule().isEmpty() || !assurance.decides()
            ? Verdict.REPORTED
            : finding.rule().get() ? Verdict.HOLDS : Verdict.FAILS;
    return new CheckResult(check, settings, parameters, verdict, assurance, finding);
  }

  /** The check's id. */
  public String id() {
    return check.id();
  }

  /** The scale that was run. */
  public Scale scale() {
    return settings.scale();
  }

  /** The seed. */
  public long seed() {
    return settings.seed();
  }

  /** Was the negative control in place? Then the verdict is about the check, not about the statement. */
  public boolean controlled() {
    return settings.controlled();
  }

  /** What {@link #measured} and {@link #predicted} are, in a phrase. */
  public String quantity() {
    return finding.quantity();
  }

  /** The figure measured. */
  public double measured() {
    return finding.measured();
  }

  /** The figure predicted, or the bound, where there is one. */
  public OptionalDouble predicted() {
    return finding.predicted();
  }

  /** The interval of the figure measured, where chance plays a part in it. */
  public Optional<Interval> interval() {
    return finding.interval();
  }

  /** The chance that the rule fails although the statement holds; worked out before the run. */
  public double falseAlarm() {
    return assurance.falseAlarm();
  }

  /** The chance that the rule fails with the negative control in place; worked out before the run. */
  public double power() {
    return assurance.power();
  }

  /** The runs, one row each. */
  public List<Row> rows() {
    return finding.rows();
  }

  /** The runs as a table, one row each; a fresh copy. */
  @Override
  public Table table() {
    return Row.table(id(), finding.rows());
  }

  /** A picture of it, where one helps. */
  public Optional<Figure> figure() {
    return finding.figure();
  }

  /** Which assumptions of the statement the plan leaves, and by how much; empty where it leaves none. */
  public List<String> outsideTheAssumptions() {
    return finding.outside();
  }

  /** What it comes to: why there is a verdict or none, and what was seen. */
  public String explanation() {
    StringBuilder text = new StringBuilder();
    if (controlled()) {
      text.append("The negative control is in place: ").append(check.control()).append(". ");
    }
    text.append(finding.explanation());
    if (finding.rule().isPresent() && !assurance.decides()) {
      text.append(
              power() < Assurance.LEAST_POWER
                  ? " No verdict, as the power of this plan is " + Numbers.rounded(power(), 3) + ", under "
                      + Assurance.LEAST_POWER
                  : " No verdict, as the false-alarm rate of this plan is " + Numbers.rounded(falseAlarm(), 3))
          .append("; the rule was ")
          .append(finding.rule().get() ? "met." : "not met.");
    }
    if (!finding.outside().isEmpty()) {
      text.append(" Outside the assumptions: ").append(String.join("; ", finding.outside())).append('.');
    }
    return text.toString();
  }

  /** As one JSON object; the same bytes for the same plan and seed, on every machine. */
  public String json() {
    return Json.of(this);
  }

  /** The same without the rows. */
  public String summaryJson() {
    return Json.summary(this);
  }

  /** Several as a JSON array. */
  public static String json(List<CheckResult> results) {
    return Json.of(results);
  }

  /** What ran, what it found and what it says, in a few lines. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(id()).append(": ").append(check.title()).append('\n');
    text.append("  verdict    ").append(verdict).append(controlled() ? " (with the control in place)" : "")
        .append(" at scale ").append(scale()).append(", seed ").append(seed()).append('\n');
    text.append("  measured   ").append(Numbers.rounded(measured(), 6));
    interval().ifPresent(interval -> text.append(", ").append(interval));
    predicted().ifPresent(value -> text.append("; predicted ").append(Numbers.rounded(value, 6)));
    text.append(" – ").append(quantity()).append('\n');
    if (!check.rule().isEmpty()) {
      text.append("  holds if   ").append(check.rule()).append('\n');
    }
    text.append("  beforehand false-alarm rate ").append(Numbers.rounded(falseAlarm(), 2))
        .append(", power ").append(Numbers.rounded(power(), 4)).append(" against: ").append(check.control())
        .append('\n');
    text.append("  plan       ").append(parameters).append('\n');
    text.append("  ").append(explanation());
    return text.toString();
  }
}
