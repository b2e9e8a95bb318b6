package org.liftgrad.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.statistics.Numbers;

/**
 * Runs the benchmarks and holds them to what the project promises: called by {@code environment/bench}.
 *
 * <p>Exit code 0 where all promises are kept, 1 where one is not or a job failed.
 */
public final class Benchmarks {

  private static final List<Job> JOBS =
      List.of(
          new Kernels(), new FlowAgainstDescent(), new RightHandSides(), new AuthorsSize(), new OrthogonalSide(),
          new Growth(), new Trials(), new SparseLifts(), new SweepRows(), new SweepWorkers(), new SweepSpark(),
          new KernelStart());

  private Benchmarks() {}

  /** What was asked for. */
  private record Request(
      Path folder, int threads, boolean quick, List<String> jobs, String python, Path programs, Optional<Path> checkout) {

    static Request of(String[] arguments) {
      List<String> given = List.of(arguments);
      return new Request(
          Path.of(value(given, "--folder").orElseThrow()),
          Integer.parseInt(value(given, "--threads").orElse("2")),
          given.contains("--quick"),
          value(given, "--jobs").map(list -> List.of(list.split(","))).orElse(List.of()),
          value(given, "--peers-python").orElse(""),
          Path.of(value(given, "--peers-programs").orElse(".")),
          value(given, "--update-readme").map(Path::of));
    }

    private static Optional<String> value(List<String> given, String name) {
      int at = given.indexOf(name);
      return at < 0 || at + 1 >= given.size() ? Optional.empty() : Optional.of(given.get(at + 1));
    }

    boolean wants(Job job) {
      return jobs.isEmpty() || jobs.contains(job.id());
    }
  }

  /** Runs what was asked for. */
  public static void main(String[] arguments) throws IOException {
    Request request = Request.of(arguments);
    List<String> known = JOBS.stream().map(Job::id).toList();
    for (String job : request.jobs) {
      if (!known.contains(job)) {
        System.err.println("bench: --jobs is " + job + "; it must be of " + String.join(", ", known) + ".");
        System.exit(2);
      }
    }
    Files.createDirectories(request.folder);
    if (request.quick) {
      Rounds.beQuick();
    }
    List<String> notes = new ArrayList<>();
    List<Bar> bars = new ArrayList<>();
    List<Peer> peers = new ArrayList<>();
    boolean failed = !startPeers(request, peers, notes);
    Setting setting = new Setting(request.quick, request.threads, request.folder, List.copyOf(peers));
    String machine = Machine.name(request.threads);
    Map<String, List<String>> earlier = new LinkedHashMap<>();
    for (Job job : JOBS) {
      if (request.wants(job)) {
        System.out.println(job.id() + " …");
        try {
          List<Bar> made = job.run(setting);
          made.forEach(bar -> setting.say(line(bar)));
          bars.addAll(made);
          new Results(job.id(), machine, request.quick, made).save(request.folder);
        } catch (RuntimeException failure) {
          failed = true;
          failure.printStackTrace();
          bars.add(Bar.notMeasured(job.id(), "the job", "", "it failed: " + failure.getMessage()));
        }
      } else {
        Optional<Results> kept = Results.load(request.folder, job.id(), request.quick);
        kept.ifPresent(results -> {
          bars.addAll(results.bars());
          earlier.computeIfAbsent(results.machine(), key -> new ArrayList<>()).add(job.id());
        });
      }
    }
    peers.forEach(Peer::close);
    notes.add(
        "Our paths of products here: "
            + Side.paths().stream().map(DenseProducts::name).collect(Collectors.joining(", ")) + "."
            + Side.missing().stream().map(reason -> " " + reason + ".").collect(Collectors.joining()));
    notes.add(disturbance());
    if (!earlier.isEmpty()) {
      earlier.forEach((where, ids) -> notes.add("Rows of earlier runs on " + where + ": " + String.join(", ", ids) + "."));
    }
    if (request.quick) {
      notes.add("A quick run: fewer rounds and smaller jobs than the bars ask for.");
    }
    Report report = new Report(machine, notes, bars);
    report.write(request.folder);
    if (request.checkout.isPresent()) {
      // The picture is of S1; without its rows it does not belong to this table.
      boolean drawn = bars.stream().anyMatch(bar -> bar.id().equals("S1"));
      report.updateReadme(request.checkout.get(), drawn ? pictures(request.folder) : List.of());
    }
    System.out.println("The table is " + request.folder.resolve("bench.md"));
    List<Bar> broken = bars.stream().filter(Bar::broken).toList();
    broken.forEach(bar -> System.err.println("bench: a promise is not kept: " + line(bar)));
    System.exit(failed || !broken.isEmpty() ? 1 : 0);
  }

  private static String line(Bar bar) {
    return bar.id() + " " + bar.work() + ": " + bar.measured() + (bar.bar().isEmpty() ? "" : ", bar " + bar.bar()) + ": "
        + bar.outcome() + (bar.remark().isEmpty() ? "" : " (" + bar.remark() + ")");
  }

  /** Starts the peers that are there; false where one does something other than we do, and is left out for that. */
  private static boolean startPeers(Request request, List<Peer> peers, List<String> notes) {
    boolean allSame = true;
    List<String> missing = new ArrayList<>();
    for (String library : List.of("torch", "jax", "scipy")) {
      Optional<Peer> started =
          request.python.isEmpty()
              ? Optional.empty()
              : Peer.start(request.python, request.programs, library, request.threads, request.folder);
      if (started.isEmpty()) {
        missing.add(library);
        continue;
      }
      Peer peer = started.get();
      Map<String, Double> differences = SameDescent.differences(peer, request.folder);
      double worst = differences.values().stream().mapToDouble(each -> each).max().orElse(Double.NaN);
      if (worst <= SameDescent.TOLERANCE) {
        peers.add(peer);
        notes.add(
            peer.name() + ", float64, " + request.threads + (request.threads == 1 ? " thread" : " threads")
                + "; agrees with our descent to " + Numbers.rounded(worst, 2) + ": "
                + String.join(", ", differences.keySet()) + ".");
      } else {
        allSame = false;
        notes.add(peer.name() + " is left out: it does other work than we do, " + differences + ".");
        peer.close();
      }
    }
    if (!missing.isEmpty()) {
      notes.add("Left out, as not installed: " + String.join(", ", missing) + ".");
    }
    notes.forEach(System.out::println);
    return allSame;
  }

  private static String disturbance() {
    Rounds.Quiet quiet = Rounds.quiet();
    return "Contestants take turns; figures are medians over the rounds, and ratios medians of the rounds' ratios with their"
        + " range. " + quiet.disturbed() + " of " + quiet.turns() + " turns began while other programs took more than "
        + Math.round(100 * Rounds.BUSY) + " % of the processors"
        + (quiet.disturbed() > 0 ? ": the machine was not quiet, and figures may be off." : ".");
  }

  private static List<Path> pictures(Path folder) {
    return Arrays.stream(new String[] {WorkPrecision.NAME + ".png", WorkPrecision.NAME + ".svg", WorkPrecision.NAME + ".csv"})
        .map(folder::resolve).filter(Files::exists).toList();
  }
}
