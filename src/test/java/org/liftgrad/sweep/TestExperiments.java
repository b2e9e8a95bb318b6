package org.liftgrad.sweep;

import java.util.List;

/** Registered for the tests as a user registers experiments, so that commands and other JVMs find them. */
public final class TestExperiments implements ExperimentProvider {

  /** Takes some milliseconds, and gives a figure as long as is asked. */
  static Experiment padded() {
    return Experiment.named("padded")
        .whole("k")
        .whole("milliseconds", 0, 60_000).otherwise(0)
        .whole("letters", 0, 1_000_000).otherwise(0)
        .runs(
            List.of(Column.number("uniform"), Column.text("padding")),
            run -> {
              Thread.sleep(run.whole("milliseconds"));
              return Row.start()
                  .and("uniform", run.stream("uniform").nextUniform())
                  .and("padding", Character.toString('a' + run.replicate() % 26).repeat(run.whole("letters")));
            });
  }

  @Override
  public List<Experiment> experiments() {
    return List.of(Coins.experiment(), padded());
  }
}
