package org.liftgrad.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.liftgrad.kernel.Argument;
import org.liftgrad.sweep.Executor;
import org.liftgrad.sweep.Experiment;
import org.liftgrad.sweep.Experiments;
import org.liftgrad.sweep.Ledger;
import org.liftgrad.sweep.Plan;
import org.liftgrad.sweep.SparkSettings;
import org.liftgrad.sweep.Sweep;
import org.liftgrad.sweep.SweepProgress;
import org.liftgrad.sweep.Verification;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code liftgrad sweep}: many runs of an experiment into a ledger that survives whatever happens to its process. */
@Command(
    name = "sweep",
    sortOptions = false,
    description = {
      "Runs an experiment over a grid of values, and keeps every run in one file, the ledger.",
      "",
      "A plan file says what to run:",
      "  {\"format\": \"liftgrad plan 1\", \"experiment\": \"shallow-flow\", \"seed\": 7, \"replicates\": 40,",
      "   \"axes\": {\"points\": 20, \"dimension\": 400, \"neurons\": [2, 4, 8, 16, 32]},",
      "   \"record\": [\"converged\", \"time\"]}",
      "Seed, replicates (both 1 unless said) and record (all figures) may be left out, and so may axes that have a"
          + " value otherwise: see liftgrad sweep experiments.",
      ""
    },
    subcommands = {
      SweepCommand.RunCommand.class, SweepCommand.StatusCommand.class, SweepCommand.ExportCommand.class,
      SweepCommand.VerifyCommand.class, SweepCommand.ExperimentsCommand.class
    })
public final class SweepCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
  private boolean help;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "what to do is missing; it must be one of run, status, export, verify, experiments (--help says more)");
  }

  /** What every command about one ledger has. */
  static final class About {
    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
    private boolean help;

    @Option(names = "--ledger", required = true, paramLabel = "FILE", description = "The ledger: one file.")
    private Path ledger;

    Ledger open() {
      return Ledger.open(ledger);
    }
  }

  private static void say(CommandSpec spec, String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  // ---------------------------------------------------------------- run

  /** {@code liftgrad sweep run}. */
  @Command(
      name = "run",
      sortOptions = false,
      description = {
        "Computes the runs of a plan that are not in the ledger yet.",
        "",
        "Every run that is reported finished is in the ledger and on the disk: kill the process, or cut the power, and"
            + " --resume goes on with the next. The first Ctrl-C lets the runs at work come to their end, the second one"
            + " gives them up.",
        ""
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:every run of the plan is in the ledger with its figures",
        "1:some runs failed (the ledger says why), or the ledger could not be written any more",
        "2:something given cannot be used; a sentence says what, and nothing was changed",
        "130:interrupted by Ctrl-C; 143: by a request to terminate"
      })
  static final class RunCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private About about;

    @Parameters(arity = "0..1", paramLabel = "PLAN",
        description = "The plan file; with --resume it may be left out, or ask for more values or replicates.")
    private Path plan;

    @Option(names = "--resume", description = "Goes on with a ledger that is there.")
    private boolean resume;

    @Option(names = "--retry-failed", description = "Computes again what failed before.")
    private boolean retryFailed;

    @Option(names = "--workers", paramLabel = "N", converter = PlainNumber.Whole.class,
        description = "So many runs at a time; as many as there are cores unless said.")
    private Long workers;

    @Option(names = "--spark", paramLabel = "MASTER",
        description = "On Apache Spark: local[N], or spark://HOST:PORT of a standalone master. Fetches Spark when it is first asked for.")
    private String spark;

    @Option(names = "--spark-secret", paramLabel = "FILE",
        description = "A file that holds the cluster's spark.authenticate.secret.")
    private Path sparkSecret;

    @Option(names = "--spark-address", paramLabel = "HOST", defaultValue = SparkSettings.LOOPBACK,
        description = "Where the cluster reaches this process; 127.0.0.1 unless said.")
    private String sparkAddress;

    @Override
    public Integer call() {
      Argument.require(plan != null || resume, "PLAN", "missing", "a plan file, unless --resume goes on with that of the ledger");
      Argument.require(workers == null || spark == null, "--workers", "given with --spark", "given without: the master says how many");
      Executor executor = executor();
      Plan asked = plan == null ? about.open().plan() : Plan.read(plan);
      AtomicBoolean stop = new AtomicBoolean();
      PrintWriter error = spec.commandLine().getErr();
      long began = System.nanoTime();
      SweepProgress end;
      try (TerminalLine line = new TerminalLine(error);
          Signals signals = new Signals(signal -> interrupted(signal, stop, line))) {
        Sweep sweep = Sweep.of(asked).into(about.ledger).on(executor).stopWhen(stop::get).progress(progress -> line.show(progress::toString));
        sweep = retryFailed ? sweep.retryFailed() : sweep;
        end = (resume ? sweep.resume() : sweep).run();
        if (stop.get() && !end.complete()) {
          line.say("sweep: interrupted; " + end.counts() + " are kept in " + about.ledger + "; go on with --resume.");
          return signals.exitCode();
        }
      }
      say(spec, end.counts() + ", " + SweepProgress.duration((System.nanoTime() - began) * 1e-9) + ": " + about.ledger);
      if (end.failed() > 0) {
        error.println("sweep: " + end.failed() + " failed; sweep export says why, and --resume --retry-failed tries them again.");
        error.flush();
      }
      return end.failed() > 0 ? 1 : 0;
    }

    private void interrupted(String signal, AtomicBoolean stop, TerminalLine line) {
      if (!stop.getAndSet(true)) {
        line.say("sweep: " + signal + "; the runs at work come to their end (once more gives them up).");
      } else {
        line.say("sweep: interrupted; the runs at work are given up, and what was finished is kept in " + about.ledger + "; go on with --resume.");
        Runtime.getRuntime().halt(Interruption.EXIT);
      }
    }

    private Executor executor() {
      if (spark != null) {
        SparkSettings settings = new SparkSettings(spark, sparkAddress, secret());
        return Executor.spark(settings);
      }
      if (workers == null) {
        return Executor.allCores();
      }
      Argument.require(workers >= 1 && workers <= 1024, "--workers", workers, "from 1 to 1024");
      return Executor.workers(workers.intValue());
    }

    private Optional<String> secret() {
      if (sparkSecret == null) {
        return Optional.empty();
      }
      try {
        String secret = Files.readString(sparkSecret).strip();
        Argument.require(!secret.isEmpty(), "--spark-secret", sparkSecret + ", which is empty", "a file that holds a secret");
        return Optional.of(secret);
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "--spark-secret is " + sparkSecret + ", which cannot be read (" + e.getClass().getSimpleName() + "); it must be a readable file.", e);
      }
    }
  }

  // ---------------------------------------------------------------- status

  /** {@code liftgrad sweep status}. */
  @Command(
      name = "status",
      sortOptions = false,
      description = {"Says how far a ledger is, also while a sweep is at work on it.", ""})
  static final class StatusCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private About about;

    @Override
    public Integer call() {
      say(spec, about.open().status().toString());
      return 0;
    }
  }

  // ---------------------------------------------------------------- export

  /** {@code liftgrad sweep export}. */
  @Command(
      name = "export",
      sortOptions = false,
      description = {
        "Writes the runs of a ledger to a file, in the order of the plan: parameters, replicate, figures, and why a run failed.",
        "",
        "The bytes depend on the runs alone, not on how often the sweep was interrupted or where it ran.",
        ""
      })
  static final class ExportCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private About about;

    @ArgGroup(multiplicity = "1")
    private Form form;

    /** One of the forms. */
    static final class Form {
      @Option(names = "--csv", paramLabel = "FILE", description = "As comma-separated values with a header line.")
      private Path csv;

      @Option(names = "--parquet", paramLabel = "FILE", description = "As Parquet.")
      private Path parquet;
    }

    @Override
    public Integer call() {
      boolean csv = form.csv != null;
      long rows = csv ? about.open().exportCsv(form.csv) : about.open().exportParquet(form.parquet);
      say(spec, rows + " runs written to " + (csv ? form.csv : form.parquet));
      return 0;
    }
  }

  // ---------------------------------------------------------------- verify

  /** {@code liftgrad sweep verify}. */
  @Command(
      name = "verify",
      sortOptions = false,
      description = {"Looks through the ledger's pages, computes some of its runs again, and compares the bits of their figures.", ""},
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        "0:all bits are the same", "1:some are not; sentences say which", "2:something given cannot be used; a sentence says what"
      })
  static final class VerifyCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private About about;

    @Option(names = "--sample", paramLabel = "K", converter = PlainNumber.Whole.class, defaultValue = "10",
        description = "How many runs, chosen at random; 10 unless said.")
    private long sample;

    @Option(names = "--seed", paramLabel = "N", converter = PlainNumber.Whole.class, defaultValue = "1",
        description = "Chooses them; 1 unless said, so that another number looks at others.")
    private long seed;

    @Override
    public Integer call() {
      Argument.require(sample >= 1 && sample <= Integer.MAX_VALUE, "--sample", sample, "from 1 to " + Integer.MAX_VALUE);
      Verification found = about.open().verify((int) sample, seed);
      say(spec, found.toString());
      return found.same() ? 0 : 1;
    }
  }

  // ---------------------------------------------------------------- experiments

  /** {@code liftgrad sweep experiments}. */
  @Command(
      name = "experiments",
      sortOptions = false,
      description = {"Lists the experiments that a plan can name, with their axes and figures.", ""})
  static final class ExperimentsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
    private boolean help;

    @Override
    public Integer call() {
      say(spec, String.join("\n\n", Experiments.all().stream().map(Experiment::toString).toList()));
      return 0;
    }
  }
}
