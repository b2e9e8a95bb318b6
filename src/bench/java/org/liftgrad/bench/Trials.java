package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.util.List;
import java.util.Map;
import org.liftgrad.statistics.Summary;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.RunSettings;

/** S10: 80 trials of a check of Theorem 1 on two cores against one. */
final class Trials implements Job {

  private static final double LEAST = 1.8;

  @Override
  public String id() {
    return "S10";
  }

  @Override
  public List<Bar> run(Setting setting) {
    Check check = Catalogue.standard().check("shallow/T1a");
    int points = setting.quick() ? 20 : 40;
    RunSettings settings =
        RunSettings.quick().set("points", points).set("dimensionFactors", 4.0)
            .set("widths", "paper").set("runs", 80);
    String work = "80 trials of shallow/T1a, n=" + points + ", two cores against one";
    String bar = "≥ " + LEAST + "×";
    if (setting.threads() < 2) {
      return List.of(Bar.notMeasured(id(), work, bar, "run with --threads 1"));
    }
    Map<String, double[]> seconds =
        new Rounds()
            .with("one", () -> Rounds.seconds(() -> check.run(settings.threads(1))))
            .with("two", () -> Rounds.seconds(() -> check.run(settings.threads(2))))
            .run(setting.rounds());
    Ratios ratios = Ratios.of(seconds.get("one"), seconds.get("two"));
    return List.of(
        new Bar(
            id(), work, time(Summary.median(seconds.get("two"))), time(Summary.median(seconds.get("one"))) + ", one core",
            ratios + "×", bar, Outcome.atLeast(ratios.median(), LEAST), ""));
  }
}
