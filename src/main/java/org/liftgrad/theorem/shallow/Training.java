package org.liftgrad.theorem.shallow;

import java.util.Locale;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;

/**
 * A run of the authors' experiments (theory file, section 5): from their start to L &lt; 1/(2n) or to their cap, by
 * gradient descent of step 1 on p L as they do, or by the exact flow.
 */
final class Training {

  /** The tolerance of the flow: whether a loss is reached before a time does not need more. */
  private static final double TOLERANCE = 1e-6;

  /** C_y^- of law S. */
  private static final double LEAST_LABEL = 1;

  private Training() {}

  /** How a run goes. */
  enum Way {
    DESCENT,
    FLOW;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Does a plan ask for it? */
    boolean in(Parameters plan) {
      return plan.words("by").contains(toString());
    }
  }

  /** The authors' cap ⌊1.5 √(np) log(np)/4 + 1⌋: one and a half transition times of p equal groups. */
  static double cap(int points, int neurons) {
    double pairs = (double) points * neurons;
    return Math.floor(1.5 * Math.sqrt(pairs) * StrictMath.log(pairs) / 4 + 1);
  }

  /** The loss at which the authors stop, (C_y^-)²/(2n): no residual is then as large as its label. */
  static double goal(int points) {
    return LEAST_LABEL * LEAST_LABEL / (2 * points);
  }

  /** A run of so many steps of 1, or as long a flow. */
  static GradientFlow training(ShallowNetwork start, Way way, double steps) {
    return training(start, way, steps, 1);
  }

  /** The same without the factor p of θ' = −p∇L: a step is worth 1/p of the flow's time. */
  static GradientFlow withoutFactor(ShallowNetwork start, Way way, double steps) {
    return training(start, way, steps, 1.0 / start.neurons());
  }

  private static GradientFlow training(ShallowNetwork start, Way way, double steps, double step) {
    GradientFlow flow = GradientFlow.gradientFlow(start).until(StopCondition.timeReached(steps * step));
    return way == Way.DESCENT ? flow.method(Method.descent(step)) : flow.tolerance(TOLERANCE);
  }

  /**
   * Trains until a loss, too. Descent may diverge, and has then not reached it; of the flow a run that could not be
   * followed ends the check.
   */
  static Solution until(double loss, Way way, GradientFlow training) {
    GradientFlow ended = training.until(StopCondition.lossBelow(loss));
    return way == Way.DESCENT ? ended.solve() : Starts.followed(ended);
  }

  /** Did a run end at its loss? */
  static boolean reached(Solution solution) {
    return solution.ending() == Ending.LOSS_REACHED;
  }

  /** A row that begins with sizes, way and run. */
  static Row row(ShallowNetwork start, Way way, int replicate) {
    return Row.start()
        .and("points", start.data().points())
        .and("dimension", start.data().dimension())
        .and("neurons", start.neurons())
        .and("by", way.toString())
        .and("run", replicate)
        .and("well initialised", start.wellInitialised());
  }
}
