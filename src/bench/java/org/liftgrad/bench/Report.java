package org.liftgrad.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;

/**
 * The table of a run, as CSV and as Markdown.
 *
 * @param machine its name
 * @param notes what holds for the whole run: versions, what was left out, how quiet the machine was
 * @param bars the rows
 */
record Report(String machine, List<String> notes, List<Bar> bars) {

  private static final String BEGIN = "<!-- environment/bench writes from here -->";
  private static final String END = "<!-- to here -->";

  private static final List<String> NAMES =
      List.of("id", "work", "ours", "against", "measured", "bar", "outcome", "promised", "remark");

  private static final List<Function<Bar, String>> VALUES =
      List.of(
          Bar::id, Bar::work, Bar::ours, Bar::against, Bar::measured, Bar::bar,
          bar -> bar.outcome().toString(), bar -> bar.promised() ? "yes" : "no", Bar::remark);

  /** A row a bar, with a line of names; quotes where needed (RFC 4180). */
  String csv() {
    StringBuilder text = new StringBuilder(String.join(",", NAMES)).append('\n');
    for (Bar bar : bars) {
      text.append(VALUES.stream().map(value -> quoted(value.apply(bar))).collect(Collectors.joining(",")));
      text.append('\n');
    }
    return text.toString();
  }

  private static String quoted(String value) {
    return value.matches("(?s).*[\",\n\r].*") ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  /** The machine, how many bars are kept and which are not; folded away, all rows with remarks and notes. */
  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("Measured on: ").append(machine).append(".\n\n");
    List<Bar> lost = bars.stream().filter(bar -> bar.outcome() == Outcome.MISSED).toList();
    List<Bar> missing = bars.stream().filter(bar -> bar.outcome() == Outcome.NOT_MEASURED).toList();
    long kept = bars.stream().filter(bar -> bar.outcome() == Outcome.KEPT).count();
    text.append(
        lost.isEmpty()
            ? "No bar that was measured is missed.\n"
            : kept + " of " + (kept + lost.size()) + " bars are kept. **Where we lose:**\n\n"
                + lost.stream().map(bar -> "* " + lost(bar) + "\n").collect(Collectors.joining()));
    if (!missing.isEmpty()) {
      text.append("\n**Not measured:** ")
          .append(missing.stream().map(bar -> bar.id() + ", " + bar.work()).collect(Collectors.joining("; ")))
          .append(".\n");
    }
    text.append("\n<details><summary>All rows: what was measured, against whom, and how</summary>\n\n");
    text.append("| | work | ours | against | measured | bar | |\n| --- | --- | --- | --- | --- | --- | --- |\n");
    for (Bar bar : bars) {
      String outcome = bar.outcome() == Outcome.MISSED ? "**not kept**" : bar.outcome().toString();
      for (String cell : List.of(bar.id(), bar.work(), bar.ours(), bar.against(), bar.measured(), bar.bar(), outcome)) {
        text.append("| ").append(cell.replace("|", "\\|").replace("\n", " ")).append(' ');
      }
      text.append("|\n");
    }
    List<Bar> remarked = bars.stream().filter(bar -> !bar.remark().isEmpty()).toList();
    if (!remarked.isEmpty()) {
      text.append('\n');
      remarked.forEach(bar -> text.append("* ").append(bar.id()).append(", ").append(bar.work()).append(": ")
          .append(bar.remark()).append('\n'));
    }
    text.append('\n');
    notes.forEach(note -> text.append("* ").append(note).append('\n'));
    return text.append("\n</details>\n").toString();
  }

  private static String lost(Bar bar) {
    return bar.id() + " (" + bar.work() + "): " + bar.measured() + ", to be " + bar.bar();
  }

  /** Writes bench.csv and bench.md into a folder. */
  void write(Path folder) throws IOException {
    Files.writeString(folder.resolve("bench.csv"), csv());
    Files.writeString(folder.resolve("bench.md"), "# Benchmarks\n\n" + markdown());
  }

  /**
   * A text with the part between the two marks replaced.
   *
   * @throws IllegalArgumentException where the marks are missing
   */
  static String replaced(String text, String block) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    Argument.require(begin >= 0 && end > begin, "README.md", "without its marks", "with " + BEGIN + " … " + END);
    return text.substring(0, begin + BEGIN.length()) + "\n\n" + block.strip() + "\n\n" + text.substring(end);
  }

  /** Puts the table into the README, between its marks, and a picture beside the others of src/docs. */
  void updateReadme(Path checkout, List<Path> pictures) throws IOException {
    StringBuilder block = new StringBuilder(markdown());
    for (Path picture : pictures) {
      String name = picture.getFileName().toString();
      Files.write(checkout.resolve("src/docs").resolve(name), Files.readAllBytes(picture));
      if (name.endsWith(".png")) {
        block.append("\n![Error of the trajectory against time, all methods on one picture; the numbers are in the CSV file beside it.](src/docs/")
            .append(name).append(")\n");
      }
    }
    Path readme = checkout.resolve("README.md");
    Files.writeString(readme, replaced(Files.readString(readme, StandardCharsets.UTF_8), block.toString()));
  }
}
