package org.liftgrad.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.liftgrad.kernel.Version;
import org.liftgrad.sweep.LedgerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The jobs of the library from a shell: what {@code environment/liftgrad} runs. A refusal is one
 * sentence on the error stream and exit code 2.
 */
@Command(
    name = "liftgrad",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Named.class,
    description = "The jobs of the library from a shell.",
    subcommands = {CheckCommand.class, FlowCommand.class, SampleCommand.class, ShellCommand.class, StatementsCommand.class, SweepCommand.class})
public final class Main {

  private Main() {}

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] arguments) {
    CommandLine line =
        commandLine()
            .setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8))
            .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    System.exit(line.execute(arguments));
  }

  /** The commands, with their refusals. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler((e, arguments) -> refuse(e.getCommandLine(), e))
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              if (e instanceof IllegalArgumentException) {
                return refuse(line, e);
              }
              Optional<LedgerException> full = ledgerFault(e);
              if (full.isPresent()) {
                line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + full.get().getMessage());
                line.getErr().flush();
                return CommandLine.ExitCode.SOFTWARE;
              }
              if (System.getenv("LIFTGRAD_DEBUG") != null) {
                throw e;
              }
              // A fault of ours: still one sentence; the variable shows where it was.
              line.getErr().println(
                  line.getCommandSpec().qualifiedName() + ": a fault of the program: "
                      + String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ").strip() + " ("
                      + e.getClass().getSimpleName() + "; LIFTGRAD_DEBUG=1 shows where).");
              line.getErr().flush();
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** A disk that is full is nobody's fault, and told in its own sentence. */
  private static Optional<LedgerException> ledgerFault(Throwable thrown) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof LedgerException full) {
        return Optional.of(full);
      }
    }
    return Optional.empty();
  }

  private static int refuse(CommandLine line, Exception e) {
    // What the user gave may hold line feeds or worse.
    String sentence = e.getMessage().replaceAll("\\p{Cntrl}+", " ").strip();
    String stop = sentence.endsWith(".") ? "" : ".";
    line.getErr().println(line.getCommandSpec().qualifiedName() + ": " + sentence + stop);
    line.getErr().flush();
    return CommandLine.ExitCode.USAGE;
  }

  /** The version that a run's provenance names. */
  static final class Named implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"liftgrad " + Version.current()};
    }
  }
}
