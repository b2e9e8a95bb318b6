package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.kernel.ProductPath;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/**
 * S4: one right-hand side on orthogonal inputs, n = 10⁵, p = 100: U is read and U' written, 16·n·p bytes, so the
 * memory is the limit. Its bandwidth is measured in the same rounds, by a copy of as many numbers.
 */
final class OrthogonalSide implements Job {

  private static final int POINTS = 100_000;
  private static final int NEURONS = 100;
  private static final double LEAST = 0.6;

  @Override
  public String id() {
    return "S4";
  }

  @Override
  public List<Bar> run(Setting setting) {
    Dataset data = OrthogonalData.orthogonalData().points(POINTS).seed(1).build();
    ShallowNetwork start = ShallowNetworks.shallowNetwork(data).neurons(NEURONS).dominantReadout().seed(1).build();
    int numbers = POINTS * NEURONS;
    double bytes = 16.0 * numbers;
    Map<String, Side> sides = new LinkedHashMap<>();
    for (DenseProducts path : Side.paths()) {
      // A native BLAS has no part in this.
      if (path.path() != ProductPath.NATIVE) {
        sides.put(path.name(), Side.diagonal(start, path));
      }
    }
    // Compiled before the rounds begin.
    sides.values().forEach(side -> side.calls(2));
    double[] source = new double[numbers];
    double[] target = new double[numbers];
    Arrays.fill(source, 1);
    Rounds rounds = new Rounds().with("copy", () -> Rounds.seconds(() -> copy(source, target, setting.threads())));
    sides.forEach((path, side) -> rounds.with(path, () -> side.seconds(1)));
    Optional<Peer> torch = setting.peer("torch");
    torch.ifPresent(
        peer ->
            rounds.with(
                "torch",
                () -> peer.secondsEach("copy_bandwidth", Map.of("numbers", numbers, "repeats", 3))));
    // One call a round is short: more rounds.
    Map<String, double[]> seconds = rounds.run(3 * setting.rounds());
    double[] copy = seconds.get("copy");
    // The bandwidth of the memory is the better one of the two copies.
    double[] best = seconds.containsKey("torch") ? Ratios.fastest(copy, seconds.get("torch")) : copy;
    String against =
        bandwidth(bytes, copy) + " Java's copy" + (torch.isPresent() ? ", " + bandwidth(bytes, seconds.get("torch")) + " PyTorch's" : "");
    List<Bar> bars = new ArrayList<>();
    for (String path : sides.keySet()) {
      Ratios share = Ratios.of(best, seconds.get(path));
      bars.add(
          new Bar(
              id(), "orthogonal inputs, n=10⁵, p=100, one right-hand side, products: " + path,
              time(Summary.median(seconds.get(path))) + ", " + bandwidth(bytes, seconds.get(path)), against,
              share + " of the better copy", "≥ " + LEAST, Outcome.atLeast(share.median(), LEAST), ""));
    }
    return bars;
  }

  private static String bandwidth(double bytes, double[] seconds) {
    return Numbers.rounded(bytes / Summary.median(seconds) / 1e9, 3) + " GB/s";
  }

  /** Copies in as many stretches as there are threads. */
  private static void copy(double[] source, double[] target, int threads) {
    List<Thread> crew = new ArrayList<>();
    for (int k = 0; k < threads; k++) {
      int from = (int) ((long) source.length * k / threads);
      int to = (int) ((long) source.length * (k + 1) / threads);
      Thread thread = new Thread(() -> System.arraycopy(source, from, target, from, to - from));
      thread.start();
      crew.add(thread);
    }
    for (Thread thread : crew) {
      try {
        thread.join();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("The measurement was interrupted.", stop);
      }
    }
  }
}
