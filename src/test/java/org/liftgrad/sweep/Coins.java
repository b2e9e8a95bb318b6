package org.liftgrad.sweep;

import org.liftgrad.kernel.RandomStream;

/** A quick experiment with parameters and figures of every type, of which some runs fail. */
final class Coins {

  /** How it came out. */
  enum Winner { HEADS, TAILS }

  /** Its figures. */
  record Tossed(int heads, double share, boolean more, Winner winner, double odds) {}

  private Coins() {}

  static Experiment experiment() {
    return Experiment.named("coins")
        .whole("tosses", 1, 1_000_000)
        .number("bias", 0, 1).otherwise(0.5)
        .text("name").otherwise("a, \"b\"")
        .yesOrNo("turned").otherwise(false)
        .runs(Tossed.class, Coins::toss);
  }

  /** A plan of 2 × 3 cells. */
  static Plan plan() {
    return Plan.of(experiment()).over("tosses", 1, 10).over("bias", 0, 0.25, 0.5).replicates(5).seed(3);
  }

  static Tossed toss(Run run) {
    RandomStream stream = run.stream("tosses");
    int heads = 0;
    for (int k = 0; k < run.whole("tosses"); k++) {
      heads += stream.nextUniform() < run.number("bias") ? 1 : 0;
    }
    if (heads == 4) {
      throw new IllegalStateException("four is\nnot, \"allowed\"");
    }
    double share = (double) heads / run.whole("tosses");
    boolean more = share > 0.5 != run.yes("turned");
    return new Tossed(heads, share, more, more ? Winner.HEADS : Winner.TAILS, share / (1 - share));
  }
}
