package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.flow.SideAccess;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Summary;

/** S2: one right-hand side in Gram form, ours against PyTorch's and JAX's, whichever is the faster. */
final class RightHandSides implements Job {

  /** n, p, and how many times as fast as the faster peer we are to be. */
  private record Size(int points, int neurons, double least) {}

  private static final List<Size> SIZES =
      List.of(new Size(100, 31, 1.5), new Size(300, 45, 1.5), new Size(1000, 64, 0.9), new Size(3000, 100, 0.9));

  /** Relative; sums of 3000 products in another order. */
  private static final double SAME = 1e-11;

  @Override
  public String id() {
    return "S2";
  }

  @Override
  public List<Bar> run(Setting setting) {
    List<Bar> bars = new ArrayList<>();
    for (Size size : SIZES) {
      bars.addAll(run(size, setting));
    }
    return bars;
  }

  /** Seconds a right-hand side of a start, over calls that take about so many seconds together, after as many calls to warm up. */
  static double seconds(ShallowNetwork start, double together) {
    Runnable side = SideAccess.rightHandSide(start, new double[start.data().points() * start.neurons()]);
    int calls = calls(side, together);
    return repeated(side, calls);
  }

  private static int calls(Runnable side, double together) {
    int calls = 1;
    while (Rounds.seconds(repeat(side, calls)) < together && calls < 1 << 20) {
      calls *= 2;
    }
    return calls;
  }

  private static double repeated(Runnable side, int calls) {
    return Rounds.seconds(repeat(side, calls)) / calls;
  }

  private static Runnable repeat(Runnable side, int calls) {
    return () -> {
      for (int k = 0; k < calls; k++) {
        side.run();
      }
    };
  }

  private List<Bar> run(Size size, Setting setting) {
    Instance instance = Instance.exactInLaw(size.points, size.neurons, 1);
    String work = "one right-hand side, n=" + size.points + ", p=" + size.neurons;
    String bar = "≥ " + size.least + "× the faster peer";
    double[] speeds = new double[instance.pairs()];
    Runnable side = SideAccess.rightHandSide(instance.network(), speeds);
    double slice = setting.quick() ? 0.2 : 0.5;
    int calls = calls(side, slice);
    Path problem = instance.export(setting.folder());
    Map<String, String> names = new LinkedHashMap<>();
    Rounds rounds = new Rounds().with("ours", () -> repeated(side, calls));
    for (String library : List.of("torch", "jax")) {
      Optional<Peer> peer = setting.peer(library);
      if (peer.isPresent()) {
        peer.get().load(problem);
        requireSame(peer.get(), side, speeds, setting.folder());
        names.put(library, library.equals("torch") ? "PyTorch" : "JAX");
        rounds.with(library, () -> peer.get().seconds("right_hand_side", Map.of("repeats", calls)));
      }
    }
    Map<String, double[]> seconds = rounds.run(setting.rounds());
    double ours = Summary.median(seconds.get("ours"));
    if (names.isEmpty()) {
      return List.of(new Bar(id(), work, time(ours), "–", "–", bar, Outcome.NOT_MEASURED, "no peer is there"));
    }
    double[] fastest = seconds.get(names.keySet().iterator().next());
    StringBuilder against = new StringBuilder();
    for (Map.Entry<String, String> peer : names.entrySet()) {
      fastest = Ratios.fastest(fastest, seconds.get(peer.getKey()));
      against.append(against.isEmpty() ? "" : ", ")
          .append(time(Summary.median(seconds.get(peer.getKey())))).append(' ').append(peer.getValue());
    }
    Ratios ratios = Ratios.of(fastest, seconds.get("ours"));
    setting.say(work + ": ours " + time(ours) + ", " + against + ", ratio " + ratios);
    return List.of(
        new Bar(
            id(), work, time(ours), against.toString(), ratios + "×", bar,
            Outcome.atLeast(ratios.median(), size.least), names.size() == 2 ? "" : "one peer only"));
  }

  private static void requireSame(Peer peer, Runnable side, double[] speeds, Path folder) {
    String file = folder.resolve("speeds.npy").toString();
    peer.ask("right_hand_side", Map.of("repeats", 1, "save", file));
    side.run();
    double difference = Trajectory.relativeDistance(Trajectory.read(Path.of(file), new double[1]).states().get(0), speeds);
    if (!(difference <= SAME)) {
      throw new Peer.Failure(peer.name() + " computes another right-hand side: relative difference " + difference);
    }
  }
}
