package org.liftgrad.cli;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import jdk.jshell.tool.JavaShellToolBuilder;
import org.liftgrad.kernel.Argument;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code liftgrad shell}: the JDK's own JShell with the library at hand, for a line or two without a notebook. */
@Command(
    name = "shell",
    sortOptions = false,
    versionProvider = Main.Named.class,
    description = {
      "Opens JShell with the library imported, as in a notebook's first cell.",
      "",
      "What a line gives is shown as text; " + ShellCommand.SHOWN + ". A figure is kept with plot(...).save(\"figure.svg\")."
          + " /exit or Ctrl-D ends it.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:it was left", "2:something given cannot be used; a sentence says what"})
public final class ShellCommand implements Callable<Integer> {

  static final String SHOWN = "show(x) prints it as a notebook would, a table rounded and aligned";

  /** What is imported, and a mode that shows all of what a value says of itself: JShell's own stop after 80 letters. */
  private static final List<String> STARTUP =
      List.of(
          "import java.nio.file.Path;",
          "import java.util.*;",
          "import java.util.stream.*;",
          "import static org.liftgrad.notebook.Liftgrad.*;",
          "/set mode liftgrad -quiet",
          "/set prompt liftgrad \"\\njshell> \" \"   ...> \"",
          "/set truncation liftgrad 4000",
          "/set format liftgrad pre \"|  \"",
          "/set format liftgrad post \"%n\"",
          "/set format liftgrad name \"%1$s\"",
          "/set format liftgrad value \"%3$s\"",
          "/set format liftgrad unresolved \"%4$s\"",
          "/set format liftgrad errors \"%5$s\"",
          "/set format liftgrad err \"%6$s\"",
          "/set format liftgrad errorline \"{pre}{err}{post}\"",
          "/set format liftgrad display \"{name} = {value}{post}\" added,modified,replaced-expression,varvalue,assignment,varinit-ok-primary",
          "/set format liftgrad display \"{pre}{name} needs {unresolved}{post}\""
              + " added,modified,replaced-method,class,interface,enum,record-defined,notdefined-primary");

  private static final Logger PREFERENCES = Logger.getLogger("java.util.prefs");

  @Spec private CommandSpec spec;

  @Option(names = {"-h", "--help"}, usageHelp = true, description = "Says this and exits.")
  private boolean help;

  @Option(names = {"-V", "--version"}, versionHelp = true, description = "Says the version and exits.")
  private boolean version;

  @Parameters(arity = "0..*", paramLabel = "FILE", description = "Java lines to run first, as JShell reads them.")
  private List<Path> files = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    for (Path file : files) {
      Argument.require(Files.isReadable(file), "the file " + file, "missing or not readable", "a file of Java lines");
    }
    if (TerminalLine.LIVE) { // a greeting is for people
      spec.commandLine().getErr().println("The library is imported: " + SHOWN + "; /exit ends.");
    }
    // It says when it makes a place for the history of lines, which is nobody's concern.
    PREFERENCES.setLevel(Level.WARNING);
    Path startup = Files.createTempFile("liftgrad-", ".jsh");
    try {
      Files.write(startup, STARTUP, StandardCharsets.UTF_8);
      return JavaShellToolBuilder.builder().start(options(startup));
    } finally {
      Files.deleteIfExists(startup);
    }
  }

  private String[] options(Path startup) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--class-path", System.getProperty("java.class.path"), "--startup", "DEFAULT", "--startup", startup.toString(),
                "--feedback", "liftgrad", "-R-Djava.awt.headless=true", "-R-Duser.home=" + System.getProperty("user.home"),
                "-R--enable-native-access=ALL-UNNAMED"));
    for (Path file : files) {
      options.add(file.toString());
    }
    return options.toArray(String[]::new);
  }
}
