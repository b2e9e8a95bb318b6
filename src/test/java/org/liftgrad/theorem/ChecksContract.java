package org.liftgrad.theorem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every check keeps, at a small plan: it holds and its control does not, or it has no rule and reports; neither prints
 * anything, and threads change nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public interface ChecksContract {

  /** The checks of a room. */
  List<Check> checks();

  /** For every check's id: what its quick plan is made smaller by, as name=value. */
  Map<String, List<String>> small();

  /** What a check gives at its small plan where that is not "holds, and fails with its control". */
  record Expected(Verdict verdict, Verdict control, String reason) {}

  /** The checks whose statement the figures contradict, with the reason: by id. */
  default Map<String, Expected> exceptions() {
    return Map.of();
  }

  /** The ids, for the tests below. */
  default Stream<String> ids() {
    return checks().stream().map(Check::id);
  }

  /** Settings of a check's small plan. */
  default RunSettings small(String id) {
    assertThat(small()).as("small plans").containsKey(id);
    RunSettings settings = RunSettings.quick();
    for (String assignment : small().get(id)) {
      settings = settings.set(assignment);
    }
    return settings;
  }

  /** No small plan is left over from a check that was renamed. */
  @Test
  default void everySmallPlanIsOfACheck() {
    assertThat(ids().toList()).containsAll(small().keySet()).containsAll(exceptions().keySet());
  }

  /** The statement holds, and does not with the negative control in its place. */
  @ParameterizedTest
  @MethodSource("ids")
  default void theCheckHoldsAndItsControlDoesNot(String id) {
    Check check = Catalogue.standard().check(id);
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    CheckResult result;
    CheckResult controlled;
    try {
      result = check.run(small(id));
      controlled = check.run(small(id).withControl());
    } finally {
      System.setOut(out);
    }
    assertThat(said.size()).as("prints nothing").isZero();
    if (check.rule().isEmpty()) {
      assertThat(result.verdict()).as(result.toString()).isEqualTo(Verdict.REPORTED);
      assertThat(controlled.verdict()).as(controlled.toString()).isEqualTo(Verdict.REPORTED);
      assertThat(controlled.explanation()).as("what is seen with the control").isNotEqualTo(result.explanation());
    } else {
      Expected expected = exceptions().getOrDefault(id, new Expected(Verdict.HOLDS, Verdict.FAILS, "the rule"));
      if (expected.verdict() != Verdict.REPORTED) {
        assertThat(result.power()).as(result.toString()).isGreaterThanOrEqualTo(0.8);
      }
      assertThat(result.verdict()).as(expected.reason() + "\n" + result).isEqualTo(expected.verdict());
      assertThat(controlled.verdict()).as(expected.reason() + "\n" + controlled).isEqualTo(expected.control());
    }
    System.out.printf(
        Locale.ROOT, "%s: %s, with its control %s; power %.4f at the small plan, %.4f at quick%n", id, result.verdict(),
        controlled.verdict(), result.power(), check.assurance(Scale.QUICK).power());
    assertThat(result.figure()).isPresent();
    assertThat(result.figure().get().svg()).contains("<svg");
    assertThat(result.explanation()).endsWith(".");
  }

  /** Results do not depend on threads. */
  @ParameterizedTest
  @MethodSource("ids")
  default void theSameSeedGivesTheSameBytesSerialAndParallel(String id) {
    Check check = Catalogue.standard().check(id);
    RunSettings tiny = small(id);
    for (Parameter parameter : check.plan(Scale.QUICK).all()) {
      tiny =
          switch (parameter.name()) {
            case "runs" -> tiny.set("runs", 2);
            case "draws" -> tiny.set("draws", 50);
            default -> tiny;
          };
    }
    assertThat(check.run(tiny.threads(1)).json()).isEqualTo(check.run(tiny.threads(3)).json());
  }
}
