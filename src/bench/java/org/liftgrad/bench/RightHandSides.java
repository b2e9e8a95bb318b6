package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.liftgrad.flow.Trajectory;
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
      List<Bar> rows = run(size, setting);
      rows.forEach(row -> setting.say(row.work() + ": " + row.ours() + " against " + row.against() + ", " + row.measured()));
      bars.addAll(rows);
    }
    return bars;
  }

  /** A row for each path of our products, all in the same rounds. */
  private List<Bar> run(Size size, Setting setting) {
    Instance instance = Instance.exactInLaw(size.points, size.neurons, 1);
    String work = "one right-hand side, n=" + size.points + ", p=" + size.neurons;
    String bar = "≥ " + size.least + "× the faster peer";
    Map<String, Side> sides = new LinkedHashMap<>();
    Side.paths().forEach(path -> sides.put(path.name(), Side.gram(instance.network(), path)));
    // So many calls of Java's path, for all the same: a fraction of a second.
    int calls = sides.values().iterator().next().calls(setting.quick() ? 0.2 : 0.5);
    Path problem = instance.export(setting.folder());
    Map<String, String> names = new LinkedHashMap<>();
    Rounds rounds = new Rounds();
    sides.forEach((name, side) -> rounds.with(name, () -> side.seconds(calls)));
    for (String library : List.of("torch", "jax")) {
      Optional<Peer> peer = setting.peer(library);
      if (peer.isPresent()) {
        peer.get().load(problem);
        sides.values().forEach(side -> requireSame(peer.get(), side, setting.folder()));
        names.put(library, library.equals("torch") ? "PyTorch" : "JAX");
        rounds.with(library, () -> peer.get().secondsEach("right_hand_side", Map.of("repeats", calls)));
      }
    }
    Map<String, double[]> seconds = rounds.run(setting.rounds());
    List<Bar> bars = new ArrayList<>();
    for (String path : sides.keySet()) {
      double[] ours = seconds.get(path);
      String done = work + ", products: " + path;
      if (names.isEmpty()) {
        bars.add(new Bar(id(), done, time(Summary.median(ours)), "–", "–", bar, Outcome.NOT_MEASURED, "no peer is there"));
      } else {
        double[] fastest = names.keySet().stream().map(seconds::get).reduce(Ratios::fastest).orElseThrow();
        String against =
            names.entrySet().stream()
                .map(peer -> time(Summary.median(seconds.get(peer.getKey()))) + " " + peer.getValue())
                .collect(Collectors.joining(", "));
        Ratios ratios = Ratios.of(fastest, ours);
        bars.add(
            new Bar(
                id(), done, time(Summary.median(ours)), against, ratios + "×", bar,
                Outcome.atLeast(ratios.median(), size.least), names.size() == 2 ? "" : "one peer only"));
      }
    }
    return bars;
  }

  private static void requireSame(Peer peer, Side side, Path folder) {
    String file = folder.resolve("speeds.npy").toString();
    peer.ask("right_hand_side", Map.of("repeats", 1, "save", file));
    side.run();
    double difference = Trajectory.relativeDistance(Peer.saved(Path.of(file)).get(0), side.speeds());
    if (!(difference <= SAME)) {
      throw new Peer.Failure(peer.name() + " computes another right-hand side: relative difference " + difference);
    }
  }
}
