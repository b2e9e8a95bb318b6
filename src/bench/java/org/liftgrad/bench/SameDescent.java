package org.liftgrad.bench;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.flow.Trajectory;

/** Do the peers do the same work? Before anything is timed each must reach the states of our own descent. */
final class SameDescent {

  /** Relative; what is left of 50 steps of another order of summation. */
  static final double TOLERANCE = 1e-12;

  private static final double STEP = 0.125;
  private static final int STEPS = 50;

  private SameDescent() {}

  /** The largest relative difference of the peer's states from ours, by what it was asked to do. */
  static Map<String, Double> differences(Peer peer, Path folder) {
    Instance instance = Instance.gaussian(12, 40, 8, 3);
    peer.load(instance.export(folder));
    Map<String, Double> differences = new LinkedHashMap<>();
    String file = folder.resolve("same-" + peer.library() + ".npy").toString();
    if (peer.library().equals("scipy")) {
      // A right-hand side is what one step of descent adds.
      peer.ask("right_hand_side", Map.of("repeats", 1, "save", file));
      double[] speeds = Peer.saved(Path.of(file)).get(0);
      Trajectory ours = descent(instance, 1, new double[] {0, STEP});
      double[] from = ours.states().get(0);
      double[] to = ours.states().get(1);
      for (int k = 0; k < speeds.length; k++) {
        speeds[k] = from[k] + STEP * speeds[k];
      }
      differences.put("right-hand side", Trajectory.relativeDistance(speeds, to));
      return differences;
    }
    double[] ours = descent(instance, STEPS, new double[] {STEP * STEPS}).states().get(0);
    for (String what : List.of("autograd", "descent")) {
      peer.ask(what, Map.of("step", STEP, "steps", STEPS, "save", file));
      double[] theirs = Peer.saved(Path.of(file)).get(0);
      differences.put(what, Trajectory.relativeDistance(theirs, ours));
    }
    // Between two steps both are linear in time.
    double[] times = {0.3, 1.7, 4.99};
    peer.ask("descent", Map.of("step", STEP, "steps", STEPS, "times", times, "save", file));
    differences.put(
        "states between steps",
        new Trajectory(times, instance.network().neurons(), Peer.saved(Path.of(file)), Optional.empty())
            .worstError(descent(instance, STEPS, times)));
    return differences;
  }

  private static Trajectory descent(Instance instance, int steps, double[] times) {
    return Trajectory.of(
        GradientFlow.gradientFlow(instance.network()).method(Method.descent(STEP))
            .until(StopCondition.timeReached(STEP * steps)),
        times);
  }
}
