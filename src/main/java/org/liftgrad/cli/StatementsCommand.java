package org.liftgrad.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.theorem.Catalogue;
import org.liftgrad.theorem.Statement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code liftgrad statements}: what the two papers say, in our words, and how sure we are of it. */
@Command(
    name = "statements",
    sortOptions = false,
    versionProvider = Main.Named.class,
    description = {"Shows the statements of the papers: all in a line each, or those named, with formula and checks.", ""},
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:they were shown", "2:something given cannot be used; a sentence says what"})
public final class StatementsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
  private boolean help;

  @Option(names = {"-V", "--version"}, versionHelp = true, description = "Says the version and exits.")
  private boolean version;

  @Parameters(arity = "0..*", paramLabel = "ID", description = "Which, such as shallow/theorem-1; all if none is named.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--json", description = "Writes all as JSON, with their checks and what the rows say that come with the library.")
  private boolean json;

  @Override
  public Integer call() {
    Catalogue catalogue = Catalogue.standard();
    Argument.require(!json || ids.isEmpty(), "--json", "given with an ID", "given alone");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(catalogue.statementsJson());
    } else if (ids.isEmpty()) {
      catalogue.statements().forEach(each -> out.printf("%-34s %-11s %s%n", each.id(), each.kind(), each.title()));
    } else {
      List<Statement> shown = ids.stream().map(catalogue::statement).toList();
      out.println(shown.stream().map(Statement::toString).collect(Collectors.joining("\n\n")));
    }
    out.flush();
    return 0;
  }
}
