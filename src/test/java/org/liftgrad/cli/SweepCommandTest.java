package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.liftgrad.cli.Shell.Outcome;
import org.liftgrad.kernel.RandomStream;

/** {@code liftgrad sweep}: from plan file to export, and everything it refuses, with nothing changed. */
class SweepCommandTest {

  private static final int PAGE = 4096;

  @TempDir Path folder;

  @BeforeEach
  void writePlan() throws IOException {
    Files.writeString(
        folder.resolve("plan.json"),
        """
        {"format": "liftgrad plan 1", "experiment": "shallow-start", "seed": 3, "replicates": 100,
         "axes": {"points": [5, 10], "dimension": 1e2, "neurons": [4, 8]}}
        """);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Outcome sweep(String command, String... more) {
    List<String> line = new ArrayList<>(List.of("sweep", command));
    for (String word : more) {
      line.add(word.matches(".*\\.(json|ledger|csv|secret)") ? path(word) : word);
    }
    return Shell.run(line.toArray(String[]::new));
  }

  private void refused(String words, String command, String... more) throws IOException {
    Map<String, String> before = Shell.contents(folder);
    Outcome outcome = sweep(command, more);
    outcome.isRefusal(words);
    assertThat(outcome.error()).hasLineCount(1).endsWith(".\n");
    assertThat(Shell.contents(folder)).isEqualTo(before);
  }

  private void finished() {
    assertThat(sweep("run", "plan.json", "--ledger", "a.ledger").code()).isZero();
  }

  @Test
  void fromAPlanToAnExport() throws IOException {
    Outcome run = sweep("run", "plan.json", "--ledger", "a.ledger", "--workers", "2");
    assertThat(run.code()).isZero();
    assertThat(run.out()).matches("400 of 400 runs, [0-9]+ s: .*a\\.ledger\n");
    assertThat(run.error()).isEmpty();
    assertThat(sweep("status", "--ledger", "a.ledger").out())
        .startsWith("400 of 400 runs, 0 left").contains("dimension = 100\n", "products java", "on 2 workers");
    assertThat(sweep("export", "--ledger", "a.ledger", "--csv", "a.csv").out()).startsWith("400 runs written to ");
    assertThat(Files.readAllLines(folder.resolve("a.csv"))).hasSize(401);
    assertThat(sweep("verify", "--ledger", "a.ledger", "--sample", "7").out())
        .isEqualTo("7 of 400 finished runs computed again: all bits the same\n");

    Outcome again = sweep("run", "--ledger", "a.ledger", "--resume");
    assertThat(again.code()).isZero();
    assertThat(again.out()).startsWith("400 of 400 runs, 0 s");
    Files.writeString(folder.resolve("more.json"), Files.readString(folder.resolve("plan.json")).replace("[4, 8]", "[2, 4, 8]"));
    assertThat(sweep("run", "more.json", "--ledger", "a.ledger", "--resume").out()).startsWith("600 of 600 runs");
    assertThat(sweep("run", "more.json", "--ledger", "b.ledger", "--workers", "1").code()).isZero();
    sweep("export", "--ledger", "a.ledger", "--csv", "a.csv");
    sweep("export", "--ledger", "b.ledger", "--csv", "b.csv");
    assertThat(folder.resolve("a.csv")).hasSameBinaryContentAs(folder.resolve("b.csv"));
  }

  @Test
  void runsThatFailAreToldAndTriedAgainWhenAsked() throws IOException {
    Files.writeString(
        folder.resolve("coins.json"),
        "{\"format\": \"liftgrad plan 1\", \"experiment\": \"coins\", \"replicates\": 20, \"axes\": {\"tosses\": 10}}");
    Outcome run = sweep("run", "coins.json", "--ledger", "a.ledger");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out()).matches("20 of 20 runs, [0-9]+ failed, .*\n");
    assertThat(run.error()).matches("sweep: [0-9]+ failed; sweep export says why, and --resume --retry-failed tries them again\\.\n");
    sweep("export", "--ledger", "a.ledger", "--csv", "a.csv");
    assertThat(Files.readString(folder.resolve("a.csv"))).contains("\"IllegalStateException: four is not, \"\"allowed\"\"\"\n");
    Outcome again = sweep("run", "--ledger", "a.ledger", "--resume", "--retry-failed");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.out().replaceAll(", [0-9]+ s:.*", "")).isEqualTo(run.out().replaceAll(", [0-9]+ s:.*", ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "neurons"                 | "neuron"                 | axis is “neuron”; it must be one of points, dimension
          [5, 10]                   | []                       | the number of values of axis “points” is 0; it must be at least 1.
          [5, 10]                   | [0, 10]                  | axis “points” is “0”; it must be a whole number from 1 to 11585.
          [5, 10]                   | [5.5]                    | axis “points” is “5.5”; it must be a whole number
          [5, 10]                   | {"from": 5}              | it must be a value or a list of values.
          "replicates": 100         | "replicates": 0          | replicates is 0; it must be from 1 to 100000000.
          "replicates": 100         | "replicates": 1000000000000 | replicates is 1000000000000; it must be from 1 to 100000000.
          "seed": 3                 | "seed": 0.5              | seed is 0.5; it must be a whole number
          "seed": 3                 | "seeed": 3               | the entry “seeed” is unknown; it must be one of format
          "seed": 3                 | "version": 9             | version is 9; it must be 1 for shallow-start here.
          "seed": 3                 | "record": ["loss"]       | figure is “loss”; it must be one of well initialised, Assumption 1
          "seed": 3                 | "record": []             | the number of recorded figures is 0
          shallow-start             | shallow-strat            | experiment is “shallow-strat”; it must be one of shallow-flow, shallow-start
          "dimension": 1e2,         | ``                       | axis “dimension” is not said; it must be said
          liftgrad plan 1           | liftgrad plan 2          | format is "liftgrad plan 2"; it must be "liftgrad plan 1".
          "seed": 3                 | "seed": 3, "seed": 4     | what it holds is not JSON (line 1): Duplicate field
          {"format"                 | ["format"                | what it holds is not JSON
          """)
  void aPlanThatCannotBeIsRefused(String part, String instead, String words) throws IOException {
    String plan = Files.readString(folder.resolve("plan.json"));
    assertThat(plan).contains(part);
    Files.writeString(folder.resolve("bad.json"), plan.replace(part, instead == null ? "" : instead));
    refused(words, "run", "bad.json", "--ledger", "a.ledger");
  }

  @Test
  void aMillionMillionCellsAreRefused() throws IOException {
    List<Integer> thousands = IntStream.rangeClosed(1, 10_000).boxed().toList();
    Files.writeString(
        folder.resolve("huge.json"),
        "{\"format\": \"liftgrad plan 1\", \"experiment\": \"shallow-start\", \"axes\": {\"points\": " + thousands
            + ", \"dimension\": " + thousands + ", \"neurons\": " + thousands + "}}");
    refused("the number of runs of the plan is 1e12; it must be at most 1e8.", "run", "huge.json", "--ledger", "a.ledger");
  }

  @Test
  void aPlanThatIsNoFileIsRefused() throws IOException {
    refused("cannot be read (NoSuchFileException); it must be a readable file.", "run", "none.json", "--ledger", "a.ledger");
    Files.write(folder.resolve("bytes.json"), new byte[] {(byte) 0xff, 0, 1});
    refused("is not UTF-8; it must be JSON", "run", "bytes.json", "--ledger", "a.ledger");
    refused("PLAN is missing; it must be a plan file", "run", "--ledger", "a.ledger");
  }

  @Test
  void aLedgerThatIsNoneIsRefused() throws Exception {
    Files.writeString(folder.resolve("text.ledger"), "points,neurons\n1,2\n".repeat(20));
    Files.createFile(folder.resolve("empty.ledger"));
    Files.createDirectory(folder.resolve("folder.ledger"));
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + path("other.ledger"));
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE mine (a)");
    }
    finished();
    Files.copy(folder.resolve("a.ledger"), folder.resolve("later.ledger"));
    overwrite(folder.resolve("later.ledger"), 60, new byte[] {0, 0, 0, 2});
    for (String name : List.of("text.ledger", "empty.ledger", "other.ledger")) {
      refused("is not a ledger; it must be the file of a sweep that was begun.", "status", "--ledger", name);
      refused("is not a ledger; it must be the file of a sweep that was begun.", "run", "plan.json", "--ledger", name, "--resume");
    }
    refused("cannot be read", "status", "--ledger", "folder.ledger");
    refused("has format 2; it must be 1, which this version of Liftgrad reads.", "run", "--ledger", "later.ledger", "--resume");
    refused("has format 2; it must be 1", "export", "--ledger", "later.ledger", "--csv", "a.csv");
    refused("which does not exist; it must be an existing one to resume.", "run", "plan.json", "--ledger", "none.ledger", "--resume");
    refused("cannot be read (NoSuchFileException)", "status", "--ledger", "none.ledger");
    refused("which exists; it must be a new file", "run", "plan.json", "--ledger", "a.ledger");
    refused("in a folder that cannot be found", "run", "plan.json", "--ledger", "nowhere/a.ledger");
  }

  @Test
  void aDamagedLedgerIsRefused() throws Exception {
    finished();
    byte[] whole = Files.readAllBytes(folder.resolve("a.ledger"));
    int pages = whole.length / PAGE;
    assertThat(pages).isGreaterThan(8);
    RandomStream stream = RandomStream.of(1, "damage");
    byte[] noise = new byte[PAGE];
    for (int k = 0; k < PAGE; k++) {
      noise[k] = (byte) stream.nextLong();
    }
    int noticed = 0;
    for (int page = 1; page < pages; page++) {
      for (byte[] instead : List.of(noise, new byte[PAGE])) {
        Files.write(folder.resolve("b.ledger"), whole);
        overwrite(folder.resolve("b.ledger"), page * PAGE, instead);
        refused("is damaged; it must be whole", "run", "--ledger", "b.ledger", "--resume");
        refused("is damaged; it must be whole", "verify", "--ledger", "b.ledger");
        noticed++;
      }
    }
    assertThat(noticed).isEqualTo(2 * (pages - 1));
    Files.write(folder.resolve("c.ledger"), java.util.Arrays.copyOf(whole, whole.length - 3 * PAGE - 100));
    refused("is damaged; it must be whole", "run", "--ledger", "c.ledger", "--resume");
  }

  @Test
  void aLedgerThatWouldRunSomethingIsRefused() throws Exception {
    finished();
    for (String addition :
        List.of(
            "CREATE TRIGGER t AFTER INSERT ON runs BEGIN DELETE FROM runs; END", "CREATE VIEW v AS SELECT * FROM runs",
            "CREATE TABLE more (a)", "UPDATE section SET plan = replace(plan, '\"seed\":3', '\"seed\":4')",
            "ALTER TABLE runs RENAME TO rows")) {
      Path changed = folder.resolve("changed.ledger");
      Files.deleteIfExists(changed);
      Files.copy(folder.resolve("a.ledger"), changed);
      try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + changed);
          Statement statement = connection.createStatement()) {
        statement.execute(addition);
      }
      refused("is damaged; it must be whole", "status", "--ledger", "changed.ledger");
      refused("is damaged; it must be whole", "run", "--ledger", "changed.ledger", "--resume");
    }
  }

  @Test
  void anotherPathOfProductsIsRefused() throws Exception {
    finished();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path("a.ledger"));
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE ledger SET value = 'native' WHERE name = 'products'");
    }
    refused("the path of products is java; it must be native, as in the ledger", "run", "--ledger", "a.ledger", "--resume");
    refused("the path of products is java; it must be native, as in the ledger", "verify", "--ledger", "a.ledger");
  }

  @Test
  void otherNonsenseIsRefused() throws IOException {
    refused("--workers is 0; it must be from 1 to 1024.", "run", "plan.json", "--ledger", "a.ledger", "--workers", "0");
    refused("'two', but must be a whole number", "run", "plan.json", "--ledger", "a.ledger", "--workers", "two");
    refused("Spark is not on the class path", "run", "plan.json", "--ledger", "a.ledger", "--spark", "local[2]");
    refused("spark is “yarn”; it must be local[N] or spark://HOST:PORT.", "run", "plan.json", "--ledger", "a.ledger", "--spark", "yarn");
    refused("the secret of spark://localhost:7077 is missing", "run", "plan.json", "--ledger", "a.ledger", "--spark", "spark://localhost:7077");
    refused("--workers is given with --spark", "run", "plan.json", "--ledger", "a.ledger", "--spark", "local", "--workers", "2");
    refused("Missing required option: '--ledger=FILE'", "run", "plan.json");
    finished();
    refused("--sample is 0; it must be from 1", "verify", "--ledger", "a.ledger", "--sample", "0");
    refused("cannot be written (NoSuchFileException)", "export", "--ledger", "a.ledger", "--csv", "nowhere/a.csv");
    assertThat(Shell.run("sweep").code()).isEqualTo(2);
    assertThat(Shell.run("sweep").error()).contains("it must be one of run, status, export, verify, experiments");
  }

  @Test
  void theExperimentsAreListed() {
    assertThat(Shell.run("sweep", "experiments").out())
        .contains("shallow-flow: the gradient flow", "shallow-start: ", "converged (true or false)", "dimension: d; a whole number from 1 to 1e15");
  }

  private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      open.write(bytes);
    }
  }
}
