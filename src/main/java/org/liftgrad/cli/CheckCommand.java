package org.liftgrad.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.liftgrad.kernel.Argument;
import org.liftgrad.sweep.FinishedCells;
import org.liftgrad.sweep.KeptRuns;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.CheckResult;
import org.liftgrad.theorem.RunSettings;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Verdict;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code liftgrad check}: lists the checks of the catalogue, or runs some. What can be refused is
 * refused before anything runs, and results are written together when all are there.
 */
@Command(
    name = "check",
    sortOptions = false,
    versionProvider = Main.Named.class,
    description = {
      "Runs checks of the papers' statements, or lists them.",
      "",
      "An ID is that of a check (shallow/T1a) or of a statement (shallow/theorem-1: all its checks).",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:every check ran, whatever its verdict",
      "1:with --strict: a verdict differs from the recorded one",
      "2:something given cannot be used; a sentence says what",
      "130:interrupted by Ctrl-C"
    })
public final class CheckCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
  private boolean help;

  @Option(names = {"-V", "--version"}, versionHelp = true, description = "Says the version and exits.")
  private boolean version;

  @Parameters(arity = "0..*", paramLabel = "ID", description = "What to run.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--list", description = "Lists all checks.")
  private boolean list;

  @Option(names = "--scale", paramLabel = "S", converter = ScaleConverter.class, defaultValue = "quick",
      description = "quick (seconds; unless said), paper (the papers' sizes) or beyond.")
  private Scale scale;

  @Option(names = "--seed", paramLabel = "N", converter = SeedConverter.class, defaultValue = "1",
      description = "A whole number that addresses all random numbers; 1 unless said.")
  private long seed;

  @Option(names = "--set", paramLabel = "NAME=VALUE",
      description = "Another value of a parameter of the plan, as in --set runs=100 --set points=10,20.")
  private List<String> assignments = new ArrayList<>();

  @Option(names = "--control", description = "Puts the negative control in place: the check should not hold.")
  private boolean control;

  @Option(names = "--ledger", paramLabel = "FILE",
      description = "Keeps every run there as it is computed: a run of hours may be interrupted, or killed, and resumed.")
  private Path ledger;

  @Option(names = "--resume", description = "Goes on with a ledger that is there: what it holds is not computed again.")
  private boolean resume;

  @Option(names = "--committed",
      description = "Runs nothing: judges the rows of that scale which come with the library, and says how many cells are in.")
  private boolean committed;

  @Option(names = "--cells-of", paramLabel = "FILE",
      description = "Runs nothing: writes the finished cells of this ledger into the folder of --output, as the library carries them.")
  private Path cellsOf;

  @Option(names = "--output", paramLabel = "FOLDER", description = "Where --cells-of writes.")
  private Path output;

  @Option(names = "--json", description = "Writes JSON.")
  private boolean json;

  @Option(names = "--strict", description = "Ends with 1 if a verdict differs from the recorded one.")
  private boolean strict;

  @Override
  public Integer call() {
    Catalogue catalogue = Catalogue.standard();
    Argument.require((cellsOf == null) == (output == null), "--output", "given without --cells-of or the other way round", "given with it");
    if (cellsOf != null) {
      Argument.require(
          ids.isEmpty() && assignments.isEmpty() && !control && !strict && !list && !committed && ledger == null,
          "--cells-of", "given with something to run", "given with --output alone");
      say(cells());
      return 0;
    }
    if (list) {
      Argument.require(
          ids.isEmpty() && assignments.isEmpty() && !control && !strict,
          "--list", "given with something to run", "given alone or with --json");
      say(json ? catalogue.json() : listed(catalogue));
      return 0;
    }
    Argument.require(!ids.isEmpty(), "ID", "missing", "at least one id, such as shallow/T1a, or --list");
    try (Interruption interruption = new Interruption("check", spec.commandLine().getErr())) {
      try {
        return run(catalogue, interruption);
      } catch (CancellationException interrupted) {
        if (!interruption.requested()) {
          interruption.tell(true);
        }
        return Interruption.EXIT;
      }
    }
  }

  private int run(Catalogue catalogue, Interruption interruption) {
    Set<Check> checks = new LinkedHashSet<>();
    for (String id : ids) {
      checks.addAll(catalogue.checksOf(id));
    }
    RunSettings settings = RunSettings.of(scale).seed(seed);
    for (String assignment : assignments) {
      settings = Refusals.of("--set", settingsWith(settings, assignment));
    }
    if (control) {
      settings = settings.withControl();
    }
    for (Check check : checks) {
      // A plan that cannot be made is refused before the first check takes its minutes.
      RunSettings asked = settings;
      Refusals.of(check.id(), () -> check.plan(asked.scale()).with(asked.overrides()));
    }
    if (committed) {
      Argument.require(
          assignments.isEmpty() && !control && ledger == null && !json && !strict && seed == RunSettings.DEFAULT_SEED,
          "--committed", "given with what changes a run", "given with ids and --scale alone");
      say(String.join("\n\n", checks.stream().map(this::committed).toList()));
      return 0;
    }
    Argument.require(!resume || ledger != null, "--resume", "given without --ledger", "given with the ledger to go on with");
    if (ledger == null) {
      return run(checks, settings);
    }
    interruption.awaitFarewell();
    try (KeptRuns kept = resume ? KeptRuns.resume(ledger) : KeptRuns.begin(ledger)) {
      return run(checks, settings.ledger(kept));
    } finally {
      interruption.kept("what was computed is kept in " + ledger + "; go on with --resume.");
    }
  }

  private int run(Set<Check> checks, RunSettings settings) {
    List<CheckResult> results = new ArrayList<>();
    PrintWriter error = spec.commandLine().getErr();
    try (TerminalLine line = new TerminalLine(error)) {
      RunSettings heard =
          settings.progress(
              (what, done, total) -> {
                synchronized (line) {
                  line.show(() -> what + ": " + done + " of " + total);
                }
              });
      for (Check check : checks) {
        results.add(Refusals.of(check.id(), () -> check.run(heard)));
      }
    }
    say(json ? CheckResult.json(results) : text(results));
    return strict ? compared(results) : 0;
  }

  private String committed(Check check) {
    return check.committed(scale).map(Object::toString)
        .orElse(check.id() + ": " + check.title() + "\n  no rows of scale " + scale + " come with the library.");
  }

  private String cells() {
    List<String> lines = new ArrayList<>();
    for (FinishedCells cells : FinishedCells.of(cellsOf)) {
      cells.write(output.resolve(cells.fileName()));
      lines.add(cells.name() + ": " + cells.count() + " cells in " + output.resolve(cells.fileName()));
    }
    return String.join("\n", lines);
  }

  private static java.util.function.Supplier<RunSettings> settingsWith(RunSettings settings, String assignment) {
    return () -> settings.set(assignment);
  }

  private int compared(List<CheckResult> results) {
    int differing = 0;
    for (CheckResult result : results) {
      Verdict recorded = result.check().recorded(result.scale()).orElse(result.verdict());
      if (recorded != result.verdict()) {
        differing++;
        spec.commandLine().getErr().println(
            "check: " + result.id() + " is " + result.verdict() + " and was recorded as " + recorded + ".");
      }
    }
    return differing == 0 ? 0 : 1;
  }

  private static String listed(Catalogue catalogue) {
    StringBuilder text = new StringBuilder();
    for (Check check : catalogue.checks()) {
      text.append(String.format("%-13s %-34s %s%n", check.id(), check.statements().get(0), check.title()));
    }
    return text.toString().stripTrailing();
  }

  private static String text(List<CheckResult> results) {
    return String.join("\n\n", results.stream().map(CheckResult::toString).toList());
  }

  private void say(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  /** A scale by its name. */
  static final class ScaleConverter implements ITypeConverter<Scale> {
    @Override
    public Scale convert(String text) {
      try {
        return Scale.of(text);
      } catch (IllegalArgumentException refusal) {
        throw new TypeConversionException(refusal.getMessage());
      }
    }
  }

  /** A seed: any whole number of 64 bits. */
  static final class SeedConverter implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        return Long.valueOf(text.strip());
      } catch (NumberFormatException notWhole) {
        throw new TypeConversionException(
            Argument.refused("seed", "“" + text + "”", "a whole number of at most 64 bits").getMessage());
      }
    }
  }
}
