package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.blueprint.Architectures;
import org.liftgrad.blueprint.Blueprint;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.kernel.Elementary;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Workers;
import org.liftgrad.lift.Coverage;
import org.liftgrad.lift.Edges;
import org.liftgrad.lift.Lift;
import org.liftgrad.lift.LiftBuilder;
import org.liftgrad.lift.LiftedNetwork;
import org.liftgrad.lift.ParameterLaw;
import org.liftgrad.lift.Passes;
import org.liftgrad.lift.ReadoutLaw;
import org.liftgrad.lift.Regression;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/**
 * S5: a random sparse lift of x → h1 → h2 → t with biases, tanh, in-degree 2. S5a a training step (forward, loss,
 * reverse, update) against PyTorch by gather, by index_add and by sparse CSR matrices; S5b its growth with the number of
 * edges; S5c building a lift of 10⁷ edges; S5d counting the copies of a witness in it.
 */
final class SparseLifts implements Job {

  private static final Blueprint BLUEPRINT = Architectures.perceptron(2, Activation.tanh());
  private static final int BATCH = 128;
  private static final int COMPARED_STEPS = 3;
  private static final double STEP = 1e-3;
  private static final List<String> FORMS = List.of("gather", "index_add", "sparse");

  @Override
  public String id() {
    return "S5";
  }

  @Override
  public List<Bar> run(Setting setting) {
    List<Bar> bars = new ArrayList<>();
    bars.addAll(step(setting));
    bars.add(growth(setting));
    bars.addAll(building(setting));
    return bars;
  }

  static LiftedNetwork network(int width, long seed) {
    return LiftBuilder.lift(BLUEPRINT).fibre("x", 2).width("h1", width).width("h2", width).inDegree(2)
        .weights(ParameterLaw.normal(1)).readout(ReadoutLaw.overWidth(1)).seed(seed).sparse();
  }

  /** x1 x2 at Gaussian points. */
  static Regression regression(int samples) {
    RandomStream stream = RandomStream.of(1, "inputs");
    double[] inputs = new double[2 * samples];
    Arrays.setAll(inputs, k -> stream.nextGaussian());
    double[] targets = new double[samples];
    Arrays.setAll(targets, s -> inputs[s] * inputs[samples + s]);
    return Regression.of(inputs, targets, samples);
  }

  // ---- S5a

  private List<Bar> step(Setting setting) {
    int width = setting.quick() ? 20_000 : 100_000;
    String work = "training step, 2·" + width + " hidden vertices, in-degree 2, batch " + BATCH;
    LiftedNetwork network = network(width, 1);
    Passes passes = new Passes(network.lift(), regression(BATCH));
    double[] parameters = network.parameters();
    Rounds rounds = new Rounds().with("ours", () -> ours(passes, parameters));
    List<String> remarks = new ArrayList<>();
    Optional<Peer> torch = setting.peer("torch");
    List<String> forms = new ArrayList<>();
    if (torch.isPresent()) {
      Path folder = setting.folder().resolve("lift");
      export(network, folder);
      for (String form : FORMS) {
        try {
          double apart = difference(torch.get(), network, form, folder);
          setting.say("PyTorch, " + form + ": parameters after " + COMPARED_STEPS + " steps differ by " + apart);
          if (apart > 1e-10) {
            throw new Peer.Failure("other parameters, by " + apart);
          }
          forms.add(form);
          rounds.with(
              form,
              () -> torch.get().secondsEach("lift_step", Map.of("form", form, "step", STEP, "steps", 3)));
        } catch (Peer.Failure failure) {
          remarks.add(form + " failed: " + failure.getMessage());
        }
      }
    }
    Map<String, double[]> seconds = rounds.run(setting.rounds());
    double ours = Summary.median(seconds.get("ours"));
    List<Bar> bars = new ArrayList<>();
    Optional<String> fastest =
        forms.stream().min((a, b) -> Double.compare(Summary.median(seconds.get(a)), Summary.median(seconds.get(b))));
    String each = forms.stream().map(form -> form + " " + time(Summary.median(seconds.get(form)))).toList().toString();
    remarks.add(0, "the same parameters after " + COMPARED_STEPS + " steps; " + each);
    String bar = "≥ 10× the fastest form";
    if (fastest.isPresent()) {
      Ratios ratios = Ratios.of(seconds.get(fastest.get()), seconds.get("ours"));
      bars.add(
          new Bar(
              "S5a", work, time(ours), time(Summary.median(seconds.get(fastest.get()))) + ", PyTorch, " + fastest.get(),
              ratios + "×", bar, Outcome.atLeast(ratios.median(), 10), String.join("; ", remarks)));
    } else {
      bars.add(
          new Bar("S5a", work, time(ours), "–", "–", bar, Outcome.NOT_MEASURED, "PyTorch is not there; " + remarks));
    }
    bars.add(floor(width, ours));
    return bars;
  }

  private static double ours(Passes passes, double[] parameters) {
    int steps = 5;
    return Rounds.seconds(() -> {
      for (int k = 0; k < steps; k++) {
        passes.descend(parameters, 1e-6);
      }
    }) / steps;
  }

  /** Writes what a step needs: sources by target, all parameters by their blocks, samples. */
  static void export(LiftedNetwork network, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    Lift lift = network.lift();
    for (String[] edge : new String[][] {{"x", "h1"}, {"h1", "h2"}}) {
      Edges edges = lift.edges(edge[0], edge[1]);
      DMatrixRMaj sources = new DMatrixRMaj(edges.targets(), edges.count() / edges.targets());
      Arrays.setAll(sources.data, edges::source);
      MatrixFiles.writeNpy(folder.resolve("sources-" + edge[1] + ".npy"), sources);
    }
    column(folder, "parameters", network.parameters());
    Regression regression = regression(BATCH);
    column(folder, "inputs", regression.inputs());
    column(folder, "targets", regression.targets());
  }

  private static void column(Path folder, String name, double[] values) {
    MatrixFiles.writeNpy(folder.resolve(name + ".npy"), new DMatrixRMaj(values.length, 1, true, values));
  }

  /** The largest difference of a parameter after some steps, theirs against ours. */
  static double difference(Peer torch, LiftedNetwork network, String form, Path folder) {
    Passes passes = new Passes(network.lift(), regression(BATCH));
    double[] parameters = network.parameters();
    for (int k = 0; k < COMPARED_STEPS; k++) {
      passes.descend(parameters, STEP);
    }
    String file = folder.resolve("after-" + form + ".npy").toString();
    torch.ask("load_lift", Map.of("folder", folder.toString()));
    torch.ask("lift_step", Map.of("form", form, "step", STEP, "steps", COMPARED_STEPS, "save", file));
    double[] theirs = MatrixFiles.read(Path.of(file)).data;
    double most = theirs.length == parameters.length ? 0 : Double.POSITIVE_INFINITY;
    for (int k = 0; most < 1 && k < parameters.length; k++) {
      most = Math.max(most, Math.abs(theirs[k] - parameters[k]));
    }
    return most;
  }

  /**
   * What no step of this kind can do without: tanh of every hidden value, and rows moved: of each fibre written twice and
   * read three times one after the other, and h1 and the gradients of h2 each fetched by every edge between them.
   */
  private Bar floor(int width, double ours) {
    int threads = Workers.threads();
    double tanh = Rounds.alone(() -> Rounds.seconds(() -> Workers.run(threads, task -> tanh(2L * width * BATCH / threads))));
    double[] rows = new double[width * BATCH];
    double stream = Rounds.alone(() -> Rounds.seconds(() -> Workers.run(threads, task -> stream(rows, task, threads, width))));
    Edges edges = network(width, 1).lift().edges("h1", "h2");
    double gather =
        Rounds.alone(() -> Rounds.seconds(() -> Workers.run(threads, task -> gather(rows, edges, task, threads))));
    double floor = tanh + 5 * stream + 2 * gather;
    return new Bar(
        "S5a", "its floor: tanh " + time(tanh) + ", five passes over a fibre " + time(5 * stream) + ", two gathers along the edges "
            + time(2 * gather),
        time(ours), time(floor) + ", the floor", Numbers.rounded(ours / floor, 3) + "×", "", Outcome.REPORTED,
        "one after the other, as measured here");
  }

  private static void tanh(long count) {
    double[] values = new double[1024];
    Arrays.setAll(values, k -> (k - 512) / 200.0);
    double[] results = new double[1024];
    for (long done = 0; done < count; done += 1024) {
      Elementary.tanh(values, results, 1024);
    }
  }

  private static void stream(double[] rows, int task, int tasks, int width) {
    double[] block = new double[8 * BATCH];
    int end = (int) ((long) width * (task + 1) / tasks) / 8 * 8;
    for (int v = (int) ((long) width * task / tasks) / 8 * 8; v < end; v += 8) {
      System.arraycopy(rows, v * BATCH, block, 0, block.length);
    }
  }

  private static void gather(double[] rows, Edges edges, int task, int tasks) {
    double[][] gathered = new double[16][BATCH];
    int end = (int) ((long) edges.count() * (task + 1) / tasks);
    for (int e = (int) ((long) edges.count() * task / tasks); e < end; e++) {
      System.arraycopy(rows, edges.source(e) * BATCH, gathered[e & 15], 0, BATCH);
    }
  }

  // ---- S5b

  private static Bar growth(Setting setting) {
    int[] widths = setting.quick() ? new int[] {100, 1000, 10_000} : new int[] {100, 316, 1000, 3162, 10_000, 31_623, 100_000};
    double[] edges = new double[widths.length];
    double[] seconds = new double[widths.length];
    for (int k = 0; k < widths.length; k++) {
      LiftedNetwork network = network(widths[k], 1);
      Passes passes = new Passes(network.lift(), regression(BATCH));
      double[] parameters = network.parameters();
      int steps = Math.max(5, 200_000 / widths[k]);
      Runnable work = () -> {
        for (int step = 0; step < steps; step++) {
          passes.descend(parameters, 1e-9);
        }
      };
      work.run();
      edges[k] = network.lift().edgeCount();
      seconds[k] = Rounds.alone(() -> Rounds.seconds(work)) / steps;
      setting.say(Numbers.rounded(edges[k], 4) + " edges: " + time(seconds[k]) + " a step");
    }
    double slope = Line.logLog(edges, seconds).slope();
    return new Bar(
        "S5b", "training step against edges, " + Numbers.rounded(edges[0], 3) + " … " + Numbers.rounded(edges[edges.length - 1], 3),
        time(seconds[0]) + " … " + time(seconds[seconds.length - 1]), "–", "slope " + Numbers.rounded(slope, 3), "≤ 1.05",
        Outcome.atMost(slope, 1.05), "from the smallest cache to main memory");
  }

  // ---- S5c, S5d

  private static List<Bar> building(Setting setting) {
    int width = (setting.quick() ? 1_000_000 : 10_000_000) / 7;
    List<LiftedNetwork> built = new ArrayList<>();
    double seconds = Rounds.alone(() -> Rounds.seconds(() -> {
      built.clear();
      built.add(network(width, 1));
    }));
    Lift lift = built.get(0).lift();
    long bytes = 0;
    for (int e = 0; e < lift.blueprint().edges().size(); e++) {
      bytes += lift.edges(e).bytes() + lift.edges(e).bySource().bytes();
    }
    double each = (double) bytes / lift.edgeCount();
    LiftedNetwork witness =
        LiftBuilder.lift(BLUEPRINT).fibre("x", 2).width("h1", 2).width("h2", 1).weights(ParameterLaw.normal(1)).seed(3).inDegree(2)
            .sparse();
    double counting = Rounds.alone(() -> Rounds.seconds(() -> Coverage.of(built.get(0), witness, 0.5)));
    String size = Numbers.rounded(lift.edgeCount(), 3) + " edges";
    return List.of(
        new Bar(
            "S5c", "building a lift of " + size + ", weights too", time(seconds), "–", time(seconds), "< 2 s",
            Outcome.atMost(seconds, 2), ""),
        new Bar(
            "S5c", "its memory beside weights, by target and by source", "–", "–", Numbers.rounded(each, 3) + " bytes an edge",
            "≤ 24", Outcome.atMost(each, 24), ""),
        new Bar(
            "S5d", "counting copies of three witness vertices in " + size, time(counting), "–", time(counting), "< 1 s",
            Outcome.atMost(counting, 1), Coverage.of(built.get(0), witness, 0.5).toString()));
  }
}
