package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.flow.GrazingMargin;
import org.liftgrad.flow.Statistics;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.flow.Trajectory;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/**
 * S3: law S, n = 1300, d = 100, p = 36 to the authors' cap T = 873, with a state error of at most 1e-6, ours
 * against the 873 steps of gradient descent at step 1 that the authors take (whose state is not the flow's).
 */
final class AuthorsSize implements Job {

  private static final long SEED = 1;
  private static final double END = 873;
  private static final double WANTED = 1e-6;
  private static final double MOST = 15;

  @Override
  public String id() {
    return "S3";
  }

  @Override
  public List<Bar> run(Setting setting) {
    // Quick: the same size, over a twentieth of the time.
    double end = setting.quick() ? 44 : END;
    int steps = (int) end;
    String work =
        "n=1300, d=100, p=36, law S, to T=" + steps + ", state error ≤ " + WANTED + (setting.quick() ? " (quick: not to T=873)" : "");
    String bar = "≤ " + Numbers.rounded(MOST, 3) + "× " + steps + " steps of PyTorch at step 1";
    Instance instance = Instance.lawS(1300, 100, 36, SEED);
    ShallowNetwork start = instance.network();
    double[] times = Trajectory.times(end, 3, 50);
    List<OwnMethod> methods = OwnMethod.forPairs(instance.pairs());
    Path problem = instance.export(setting.folder());
    Optional<Peer> torch = setting.peer("torch");
    torch.ifPresent(peer -> peer.load(problem));
    if (methods.isEmpty()) {
      return torch
          .map(
              peer -> {
                double seconds =
                    Summary.median(
                        new Rounds().with("a", () -> autograd(peer, steps)).run(setting.rounds()).get("a"));
                return List.of(
                    new Bar(
                        id(), work, "–", time(seconds) + ", PyTorch autograd", "–", bar, Outcome.NOT_MEASURED,
                        "no method of this version follows " + instance.pairs() + " pairs in a time that can be measured"));
              })
          .orElse(List.of(Bar.notMeasured(id(), work, bar, "neither ours (too slow at this size) nor PyTorch")));
    }
    // The tightest run of the first method is what all are compared with.
    OwnMethod first = methods.get(0);
    Trajectory reference =
        first.trajectory(first.flow(start, first.reference()).until(StopCondition.timeReached(end)), times);
    Statistics fine = reference.solution().orElseThrow().statistics();
    GrazingMargin margin = fine.grazing();
    String conditioning =
        "smallest grazing margin "
            + Numbers.rounded(Math.min(margin.smallestTurn(), margin.smallestClearance()), 2) + ", "
            + fine.events() + " events";
    setting.say(conditioning);
    record Candidate(OwnMethod method, double tolerance, double seconds, double error) {}
    Candidate best = new Candidate(first, first.reference(), Double.POSITIVE_INFINITY, Double.NaN);
    for (OwnMethod method : methods) {
      for (double tolerance : method.tolerances()) {
        double[] seconds = new double[1];
        List<Trajectory> run = new ArrayList<>();
        seconds[0] =
            Rounds.seconds(
                () ->
                    run.add(
                        method.trajectory(
                            method.flow(start, tolerance).until(StopCondition.timeReached(end)), times)));
        double error = run.get(0).worstError(reference);
        setting.say(
            method.name() + ", tolerance " + tolerance + ": " + time(seconds[0]) + ", error " + Numbers.rounded(error, 2));
        if (error <= WANTED && seconds[0] < best.seconds) {
          best = new Candidate(method, tolerance, seconds[0], error);
        }
      }
    }
    if (Double.isInfinite(best.seconds)) {
      return List.of(Bar.notMeasured(id(), work, bar, "no tolerance of ours reached this error; " + conditioning));
    }
    Candidate chosen = best;
    String how =
        chosen.method.name() + ", tolerance " + chosen.tolerance + ", error " + Numbers.rounded(chosen.error, 2) + "; " + conditioning;
    if (torch.isEmpty()) {
      return List.of(new Bar(id(), work, time(chosen.seconds), "–", "–", bar, Outcome.NOT_MEASURED, "PyTorch is not there; " + how));
    }
    Map<String, double[]> seconds =
        new Rounds()
            .with("ours", () -> Rounds.seconds(() -> chosen.method.solve(chosen.method.flow(start, chosen.tolerance).until(StopCondition.timeReached(end)))))
            .with("autograd", () -> autograd(torch.get(), steps))
            .run(Math.min(5, setting.rounds()));
    // Ours over theirs here: how many times longer the flow takes than descent.
    Ratios ratios = Ratios.of(seconds.get("ours"), seconds.get("autograd"));
    String file = setting.folder().resolve("authors-descent.npy").toString();
    torch.get().ask("descent", Map.of("step", 1.0, "steps", steps, "times", times, "save", file));
    double descentError =
        new Trajectory(times, start.neurons(), Peer.saved(Path.of(file)), Optional.empty()).worstError(reference);
    return List.of(
        new Bar(
            id(), work, time(Summary.median(seconds.get("ours"))),
            time(Summary.median(seconds.get("autograd"))) + ", PyTorch autograd", ratios + "×", bar,
            setting.quick() ? Outcome.REPORTED : Outcome.atMost(ratios.median(), MOST),
            how + ". The state of that descent is off by " + Numbers.rounded(descentError, 2)));
  }

  private static double autograd(Peer peer, int steps) {
    return steps * peer.secondsEach("autograd", Map.of("step", 1.0, "steps", steps));
  }
}
