package org.liftgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.data.OwnData;
import org.liftgrad.flow.Checkpoint;
import org.liftgrad.flow.Ending;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.GrazingMargin;
import org.liftgrad.flow.Method;
import org.liftgrad.flow.Observer;
import org.liftgrad.flow.Solution;
import org.liftgrad.flow.Statistics;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.Argument;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.statistics.Numbers;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code liftgrad flow}: the gradient flow of a network on data of one's own, from files to files.
 *
 * <p>Everything that can be refused is refused before the flow starts; the four files appear together
 * or not at all.
 */
@Command(
    name = "flow",
    sortOptions = false,
    description = {
      "Runs the gradient flow of a shallow ReLU or leaky ReLU network on your data.",
      "",
      "Files are comma-separated numbers without a header line, or NumPy's .npy. The output folder gets"
          + " weights.csv and readout.csv (the state at the end, 17 digits), trajectory.csv (time, loss,"
          + " curvature, sliding pairs, conservation drift) and run.json (what ran on what, how it ended,"
          + " what it cost). They appear together or not at all; other files of the folder stay.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:the time was reached and the files are written",
      "1:the run ended earlier; a sentence says why",
      "2:something given cannot be used; a sentence says what",
      "130:interrupted by Ctrl-C"
    })
public final class FlowCommand implements Callable<Integer> {

  private static final String WEIGHTS = "weights.csv";
  private static final String READOUT = "readout.csv";
  private static final String TRAJECTORY = "trajectory.csv";
  private static final String RUN = "run.json";
  private static final double MOST_OBSERVED = 1e6;

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
  private boolean help;

  @Option(names = "--inputs", required = true, paramLabel = "X", description = "The inputs, a row a point: n×d.")
  private Path inputs;

  @Option(names = "--labels", required = true, paramLabel = "Y", description = "The labels: n numbers in a row or a column.")
  private Path labels;

  @Option(names = "--weights", required = true, paramLabel = "W", description = "The hidden weights at the start, a row a neuron: p×d.")
  private Path weights;

  @Option(names = "--readout", required = true, paramLabel = "A", description = "The readout at the start: p numbers.")
  private Path readout;

  @Option(names = "--time", required = true, paramLabel = "T", converter = PlainNumber.class,
      description = "Until when, in units of the flow θ' = −p∇L.")
  private double time;

  @Option(names = "--output", required = true, paramLabel = "DIR",
      description = "The folder for the results: an existing one, or a new one in an existing one.")
  private Path output;

  @Option(names = "--tolerance", paramLabel = "E", converter = PlainNumber.class,
      description = "How exactly, from 1e-14 to 1e-4; unless said 1e-10, and 1e-6 past 4000 pairs.")
  private Double tolerance;

  @Option(names = "--every", paramLabel = "DT", converter = PlainNumber.class,
      description = "The trajectory at 0, DT, 2DT, ... and T, instead of after the steps (4096 of them at most).")
  private Double every;

  @Option(names = "--method", paramLabel = "M", converter = MethodConverter.class, defaultValue = "exact",
      description = "exact (the flow with its sliding pairs; event-by-event or neuron-by-neuron say how), or descent:STEP"
          + " (gradient descent of that step); exact unless said.")
  private Method method;

  @Option(names = "--activation", paramLabel = "S", converter = ActivationConverter.class, defaultValue = "relu",
      description = "relu, or leaky:SLOPE (leaky ReLU of that slope, under 1, on the inactive side); relu unless said.")
  private Activation activation;

  @Option(names = "--maximum-steps", paramLabel = "N", converter = PlainNumber.Whole.class, defaultValue = "10000000",
      description = "Gives up after so many steps; 10,000,000 unless said.")
  private long maximumSteps;

  @Option(names = "--checkpoint", paramLabel = "FILE",
      description = "Keeps there where the run ended, also after Ctrl-C or at the step limit, for a later --resume.")
  private Path checkpoint;

  @Option(names = "--resume", paramLabel = "FILE",
      description = {
        "Goes on from the checkpoint of an earlier run of the same command with a smaller --time or"
            + " --maximum-steps, to the same bytes as if that had never stopped."
      })
  private Path resume;

  @Override
  public Integer call() {
    try (Interruption interruption = new Interruption("flow", spec.commandLine().getErr())) {
      try {
        return run(interruption);
      } catch (IllegalArgumentException e) {
        if (interruption.requested()) {
          return Interruption.EXIT;
        }
        throw e;
      } catch (OutOfMemoryError e) {
        throw new IllegalArgumentException(
            "the memory of the JVM is " + (Runtime.getRuntime().maxMemory() >> 20)
                + " MiB; it must be more for inputs and weights of this size"
                + " (set the environment variable JAVA_TOOL_OPTIONS=-Xmx8g, say).", e);
      }
    }
  }

  private int run(Interruption interruption) {
    checkNumbers();
    OutputFolder folder = new OutputFolder("--output", output, WEIGHTS, READOUT, TRAJECTORY, RUN);
    interruption.spare(folder);
    InputFile x = InputFile.read("--inputs", inputs);
    InputFile y = InputFile.read("--labels", labels);
    InputFile w = InputFile.read("--weights", weights);
    InputFile a = InputFile.read("--readout", readout);
    List<InputFile> files = List.of(x, y, w, a);
    files.forEach(folder::sparing);
    spareWithCheckpoint(files);
    ShallowNetwork start = network(x, y, w, a);
    Optional<Checkpoint> from = Optional.ofNullable(resume).map(file -> Refusals.of("--resume", () -> Checkpoint.load(file)));

    String kept = "";
    Solution run;
    if (checkpoint != null) {
      interruption.awaitFarewell();
    }
    try {
      run = solve(start, x, w, from);
      kept = keep(run);
    } finally {
      interruption.kept(kept);
    }
    if (run.ending() == Ending.INTERRUPTED) {
      if (!interruption.requested()) {
        interruption.say(kept.isEmpty() ? "nothing was written." : kept);
      }
      return Interruption.EXIT;
    }
    if (!run.ending().asAsked()) {
      say(
          spec.commandLine().getErr(),
          "flow: " + (kept.isEmpty() ? "nothing was written" : kept.replaceFirst("\\.$", "")) + ", as the run ended at t = "
              + Numbers.rounded(run.time(), 6) + " of " + Numbers.rounded(time, 6) + ": " + run.ending().advice());
      return 1;
    }
    folder
        .with(WEIGHTS, file -> MatrixFiles.writeCsv(file, run.network().weights().orElseThrow()))
        .with(READOUT, file -> MatrixFiles.writeCsv(file, run.network().readout()))
        .with(TRAJECTORY, file -> writeTrajectory(file, run))
        .with(RUN, file -> JsonFile.write(file, record(files, run, file.getParent())));
    folder.write();
    summarise(spec.commandLine().getOut(), start, run);
    return 0;
  }

  /** Refuses to write a checkpoint over a file that is read, or where there is no folder. */
  private void spareWithCheckpoint(List<InputFile> files) {
    if (checkpoint == null) {
      return;
    }
    Path whole = checkpoint.toAbsolutePath();
    Argument.require(
        whole.getParent() != null && Files.isDirectory(whole.getParent()) && !Files.isDirectory(whole),
        "--checkpoint", checkpoint, "a file, new or to be replaced, in an existing folder");
    for (InputFile file : files) {
      try {
        Argument.require(
            !Files.exists(whole) || !Files.isSameFile(whole, file.path()),
            "--checkpoint", checkpoint + ", which is the file of " + file.option(), "another file");
      } catch (IOException e) {
        throw Argument.refused("--checkpoint", checkpoint + ", which cannot be read", "a file that can");
      }
    }
  }

  /** Keeps where the run ended; the rest of a sentence that says where, empty where it is not asked for. */
  private String keep(Solution run) {
    if (checkpoint == null || run.ending() == Ending.NOT_FINITE || run.ending() == Ending.STALLED) {
      return "";
    }
    Refusals.of(
        "--checkpoint",
        () -> {
          run.checkpoint().save(checkpoint);
          return checkpoint;
        });
    return "the run is kept in " + checkpoint + " at t = " + Numbers.rounded(run.checkpoint().time(), 6) + " of "
        + Numbers.rounded(time, 6) + "; go on with --resume " + checkpoint + ".";
  }

  // ---------------------------------------------------------------- what is given

  private void checkNumbers() {
    Argument.positive("--time", time);
    Argument.require(maximumSteps >= 1, "--maximum-steps", maximumSteps, "at least 1");
    if (tolerance != null) {
      Argument.require(
          method instanceof Method.Exact,
          "--tolerance", tolerance + " with --method " + method.name(), "left out, as only the step says how exact descent is");
      Argument.between("--tolerance", tolerance, 1e-14, 1e-4);
    }
    if (every != null) {
      Argument.positive("--every", every);
      Argument.require(
          every <= time && time / every <= MOST_OBSERVED,
          "--every", every, "from a millionth of --time to --time itself, which is " + time);
    }
    if (method instanceof Method.Descent descent) {
      Argument.require(
          descent.step() <= time, "--method", "descent:" + descent.step(), "of a step of at most --time, which is " + time);
    }
  }

  private ShallowNetwork network(InputFile x, InputFile y, InputFile w, InputFile a) {
    int n = x.matrix().numRows;
    int d = x.matrix().numCols;
    int p = w.matrix().numRows;
    double[] labels = y.vector();
    double[] readout = a.vector();
    Argument.require(labels.length == n, "--labels", y, "of " + n + " numbers, as --inputs is " + x);
    Argument.require(w.matrix().numCols == d, "--weights", w, "of " + d + " columns, as --inputs is " + x);
    Argument.require(readout.length == p, "--readout", a, "of " + p + " numbers, as --weights is " + w);
    Argument.require(
        (long) n * n <= Dataset.MOST_STORED, "--inputs", x, "of at most 11585 rows, as their Gram matrix is held");
    Argument.require(
        (long) n * p <= Dataset.MOST_STORED && (long) p * d <= Dataset.MOST_STORED,
        "--weights", w, "of at most " + Dataset.MOST_STORED / Math.max(n, d) + " rows, as --inputs is " + x);
    Dataset data = Refusals.of("--inputs " + x.name(), () -> OwnData.ownData(x.matrix(), labels));
    return Refusals.of(
        "--weights " + w.name(),
        () -> ShallowNetworks.shallowNetwork(data)
            .weights(w.matrix()).readout(readout).activation(activation).build());
  }

  private Solution solve(ShallowNetwork start, InputFile x, InputFile w, Optional<Checkpoint> from) {
    try (TerminalLine line = new TerminalLine(spec.commandLine().getErr())) {
      GradientFlow flow =
          GradientFlow.gradientFlow(start)
              .until(StopCondition.timeReached(time))
              .method(method)
              .maximumSteps(maximumSteps)
              .observe(
                  Observer.value(
                      "loss",
                      state -> {
                        double loss = state.loss();
                        line.show(
                            () -> "t = " + Numbers.rounded(state.time(), 4) + " of " + Numbers.rounded(time, 4)
                                + ", loss " + Numbers.rounded(loss, 4));
                        return loss;
                      }),
                  Observer.curvature(),
                  Observer.slidingPairs(),
                  Observer.conservationDrift());
      GradientFlow exactly = tolerance == null ? flow : flow.tolerance(tolerance);
      GradientFlow observed = every == null ? exactly : exactly.at(observedTimes());
      GradientFlow resumed = from.map(observed::resume).orElse(observed);
      String about = "--inputs " + x.name() + " with --weights " + w.name();
      return Refusals.of(from.isPresent() ? "--resume " + resume.getFileName() + " with " + about : about, resumed::solve);
    }
  }

  /** 0, dt, 2dt … and the end. */
  private double[] observedTimes() {
    int whole = (int) Math.ceil(time / every * (1 - 1e-12));
    double[] times = new double[whole + 1];
    for (int k = 0; k < whole; k++) {
      times[k] = k * every;
    }
    times[whole] = time;
    return times;
  }

  // ---------------------------------------------------------------- what comes out

  private static void writeTrajectory(Path file, Solution run) {
    List<double[]> columns = run.columns().stream().map(run::column).toList();
    StringBuilder text = new StringBuilder(String.join(",", run.columns())).append('\n');
    for (int row = 0; row < columns.get(0).length; row++) {
      for (int k = 0; k < columns.size(); k++) {
        text.append(k == 0 ? "" : ",").append(Numbers.exact(columns.get(k)[row]));
      }
      text.append('\n');
    }
    try {
      Files.writeString(file, text, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The record of a run: no clock, no path; but for the machine, the same on every one. */
  private Map<String, Object> record(List<InputFile> files, Solution run, Path written) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("time", time);
    asked.put("method", run.method().name());
    asked.put("activation", activation.name());
    asked.put("tolerance", method instanceof Method.Exact ? run.tolerance() : null);
    asked.put("every", every);
    asked.put("maximumSteps", maximumSteps);

    Map<String, Object> ended = new LinkedHashMap<>();
    ended.put("ending", run.ending());
    ended.put("advice", run.ending().advice());
    ended.put("warning", run.warning().orElse(null));
    ended.put("time", run.time());
    ended.put("loss", run.loss());
    ended.put("curvature", run.curvature());
    ended.put("slidingPairs", run.slidingPairs());
    ended.put("conservationDrift", run.conservationDrift());

    Statistics statistics = run.statistics();
    Map<String, Object> cost = new LinkedHashMap<>();
    cost.put("steps", statistics.steps());
    cost.put("products", statistics.products());
    cost.put("events", statistics.events());
    cost.put("jumps", statistics.jumps());
    cost.put("ambiguous", statistics.ambiguous());
    cost.put("largestOrder", statistics.largestOrder());
    cost.put("mostSliding", statistics.mostSliding());

    GrazingMargin grazing = statistics.grazing();
    Map<String, Object> margin = new LinkedHashMap<>();
    margin.put("smallestTurn", grazing.smallestTurn());
    margin.put("smallestSpeed", grazing.smallestSpeed());
    margin.put("smallestClearance", grazing.smallestClearance());
    margin.put("smallestExit", grazing.smallestExit());

    // The hashes of the three files before this one tell whether the four belong together.
    Map<String, Object> outputs = new LinkedHashMap<>();
    for (String name : List.of(WEIGHTS, READOUT, TRAJECTORY)) {
      outputs.put(name, InputFile.sha256(written.resolve(name)));
    }

    Map<String, Object> all = new LinkedHashMap<>();
    all.put("inputs", files.stream().map(InputFile::record).toList());
    all.put("asked", asked);
    all.put("ended", ended);
    all.put("statistics", cost);
    all.put("grazingMargin", margin);
    all.put("sha256", outputs);
    all.put("provenance", run.provenance().facts());
    all.put("citations", run.citations());
    return all;
  }

  private void summarise(PrintWriter out, ShallowNetwork start, Solution run) {
    Statistics statistics = run.statistics();
    GrazingMargin grazing = statistics.grazing();
    double margin = grazing.smallest();
    say(out, run.method().name() + " of " + start + " in dimension " + start.data().dimension());
    say(
        out,
        "t = " + Numbers.rounded(run.time(), 6) + ": loss " + Numbers.rounded(run.loss(), 4) + ", curvature "
            + Numbers.rounded(run.curvature(), 4) + ", sliding pairs " + run.slidingPairs());
    say(
        out,
        statistics.events() + " events in " + statistics.steps() + " steps; conservation drift "
            + Numbers.rounded(run.conservationDrift(), 2)
            + (Double.isFinite(margin) ? "; grazing margin " + Numbers.rounded(margin, 2) : ""));
    run.warning().ifPresent(sentence -> say(out, sentence));
    say(out, String.join(", ", List.of(WEIGHTS, READOUT, TRAJECTORY)) + " and " + RUN + " are in " + output);
  }

  private static void say(PrintWriter writer, String line) {
    writer.println(line);
    writer.flush();
  }

  /** {@code relu} or {@code leaky:SLOPE}. */
  static final class ActivationConverter implements ITypeConverter<Activation> {
    private static final String ALLOWED =
        "relu or leaky:SLOPE with a slope of at least 0 and under 1, such as leaky:0.01";

    @Override
    public Activation convert(String text) {
      if (text.equals("relu")) {
        return Activation.relu();
      }
      if (text.startsWith("leaky:")) {
        double slope = PlainNumber.parse(text.substring("leaky:".length()), ALLOWED);
        if (slope >= 0 && slope < 1) {
          return Activation.leakyRelu(slope);
        }
      }
      throw new TypeConversionException("it is '" + text + "', but must be " + ALLOWED);
    }
  }

  /** A name of the exact flow, or {@code descent:STEP}. */
  static final class MethodConverter implements ITypeConverter<Method> {
    private static final String ALLOWED = "exact, event-by-event, neuron-by-neuron, or descent:STEP with a step above 0, such as descent:0.001";

    @Override
    public Method convert(String text) {
      switch (text) {
        case "exact":
          return Method.exact();
        case "event-by-event":
          return Method.eventByEvent();
        case "neuron-by-neuron":
          return Method.neuronByNeuron();
        default:
          break;
      }
      if (text.startsWith("descent:")) {
        double step = PlainNumber.parse(text.substring("descent:".length()), ALLOWED);
        if (step > 0 && step < Double.POSITIVE_INFINITY) {
          return Method.descent(step);
        }
      }
      throw new TypeConversionException("it is '" + text + "', but must be " + ALLOWED);
    }
  }
}
