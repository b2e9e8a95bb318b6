package org.liftgrad.theorem;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.liftgrad.kernel.Argument;

/**
 * A question to a statement, with everything that is decided before it is asked: plan, rule, what
 * the plan can tell, and the negative control that it must be able to tell.
 *
 * @param id such as {@code shallow/T1a}, as in the theory files
 * @param statements the ids of the statements it asks about, the main one first
 * @param title a few words
 * @param question the question in a sentence
 * @param rule when the verdict is that the statement holds, in words; empty for a report only
 * @param control the negative control
 * @param plans the plan of each scale
 * @param recorded the verdict that a run with the default seed gave, for the scales that were run
 * @param assurance from a plan to its false-alarm rate and its power
 * @param experiment what is done
 */
public record Check(
    String id,
    List<String> statements,
    String title,
    String question,
    String rule,
    Control control,
    Map<Scale, Parameters> plans,
    Map<Scale, Verdict> recorded,
    Function<Parameters, Assurance> assurance,
    Experiment experiment) {

  /** Copies the collections; refuses a check without statement or plan. */
  public Check {
    Argument.require(!id.isBlank(), "id", "blank", "such as shallow/T1a");
    Argument.require(!statements.isEmpty(), "the number of statements of " + id, 0, "at least 1");
    Argument.require(!plans.isEmpty(), "the number of plans of " + id, 0, "at least 1");
    statements = List.copyOf(statements);
    plans = Collections.unmodifiableMap(new EnumMap<>(plans));
    recorded = recorded.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(recorded));
  }

  /** The scales that have a plan, smallest first. */
  public List<Scale> scales() {
    return List.copyOf(plans.keySet());
  }

  /**
   * The plan of a scale.
   *
   * @throws IllegalArgumentException for a scale without one
   */
  public Parameters plan(Scale scale) {
    Parameters plan = plans.get(scale);
    if (plan == null) {
      throw Argument.refused("scale", scale, "one of " + scales() + " for " + id);
    }
    return plan;
  }

  /** The recorded verdict of a scale, where it was run. */
  public Optional<Verdict> recorded(Scale scale) {
    return Optional.ofNullable(recorded.get(scale));
  }

  /** What the plan of a scale can tell. */
  public Assurance assurance(Scale scale) {
    return assurance.apply(plan(scale));
  }

  /** Runs the quick plan with seed 1. */
  public CheckResult run() {
    return run(RunSettings.quick());
  }

  /** Runs the plan of a scale with seed 1. */
  public CheckResult run(Scale scale) {
    return run(RunSettings.of(scale));
  }

  /** Runs the quick plan with seed 1 and the negative control in place: it should not hold. */
  public CheckResult runWithControl() {
    return run(RunSettings.quick().withControl());
  }

  /**
   * Runs it.
   *
   * @throws IllegalArgumentException for an unknown parameter or an impossible value, before anything
   *     is computed
   * @throws java.util.concurrent.CancellationException where the thread is interrupted
   */
  public CheckResult run(RunSettings settings) {
    Parameters parameters = plan(settings.scale()).with(settings.overrides());
    Assurance beforehand = assurance.apply(parameters);
    Finding finding = experiment.run(new Trial(id, parameters, settings, Optional.empty()));
    return CheckResult.of(this, settings, parameters, beforehand, finding);
  }

  /** The verdict on rows that are there; nothing is run, and what the plan can tell is worked out only where all are there. */
  CheckResult judge(RunSettings settings, CommittedRows rows) {
    Parameters parameters = plan(settings.scale()).with(settings.overrides());
    Finding finding = finding(settings, rows);
    return CheckResult.of(this, settings, parameters, assurance.apply(parameters), finding);
  }

  /** What such rows show, without a verdict. */
  Finding finding(RunSettings settings, CommittedRows rows) {
    return experiment.run(new Trial(id, plan(settings.scale()).with(settings.overrides()), settings, Optional.of(rows)));
  }

  /**
   * What the rows say that this library carries of a scale of hours: they are judged afresh, and nothing is run. Where
   * some cells of the plan are missing, the widest part of the plan is judged whose cells are all there.
   *
   * @return nothing where the library carries no rows of this check and scale
   */
  public Optional<CommittedResult> committed(Scale scale) {
    return CommittedRows.of(id, scale).map(rows -> rows.judge(this, scale));
  }

  /** Id, title, rule and what the quick plan can tell. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(id + ": " + title + "\n" + question + "\n");
    text.append(rule.isEmpty() ? "No rule: it reports." : "Holds if " + rule + ".");
    text.append("\nControl: ").append(control);
    plans.forEach(
        (scale, plan) -> text.append("\n").append(scale).append(": ").append(plan).append(" (")
            .append(assurance.apply(plan)).append(")"));
    return text.toString();
  }

  /** Starts a check; the rest is said in a row, and {@link Draft#runs} ends it. */
  public static Draft named(String id, String title, String... statements) {
    return new Draft(
        id, List.of(statements), title, "", "", new Control("nothing", "none"), Map.of(), Map.of(),
        parameters -> new Assurance(0, 0, "Not worked out."));
  }

  /** A check half said. Immutable. */
  public record Draft(
      String id,
      List<String> statements,
      String title,
      String question,
      String rule,
      Control control,
      Map<Scale, Parameters> plans,
      Map<Scale, Verdict> recorded,
      Function<Parameters, Assurance> assurance) {

    /** The question in a sentence. */
    public Draft asks(String sentence) {
      return new Draft(id, statements, title, sentence, rule, control, plans, recorded, assurance);
    }

    /** When it holds, in words, after "Holds if". */
    public Draft holdsIf(String words) {
      return new Draft(id, statements, title, question, words, control, plans, recorded, assurance);
    }

    /** The negative control. */
    public Draft control(String breaks, String size) {
      return new Draft(
          id, statements, title, question, rule, new Control(breaks, size), plans, recorded, assurance);
    }

    /** The plan of a scale. */
    public Draft plan(Scale scale, Parameters parameters) {
      Map<Scale, Parameters> more = new EnumMap<>(Scale.class);
      more.putAll(plans);
      more.put(scale, parameters);
      return new Draft(id, statements, title, question, rule, control, more, recorded, assurance);
    }

    /** The verdict that a run of this scale with seed 1 gave. */
    public Draft recorded(Scale scale, Verdict verdict) {
      Map<Scale, Verdict> more = new EnumMap<>(Scale.class);
      more.putAll(recorded);
      more.put(scale, verdict);
      return new Draft(id, statements, title, question, rule, control, plans, more, assurance);
    }

    /** From a plan to what it can tell. */
    public Draft assured(Function<Parameters, Assurance> beforehand) {
      return new Draft(id, statements, title, question, rule, control, plans, recorded, beforehand);
    }

    /** What is done; this ends the draft. */
    public Check runs(Experiment experiment) {
      return new Check(
          id, statements, title, question, rule, control, plans, recorded, assurance, experiment);
    }
  }
}
