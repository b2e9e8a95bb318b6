package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.cli.Shell.Outcome;

/** {@code liftgrad check --ledger}: what a check has computed is found again. */
class CheckLedgerTest {

  private static final String TABLE = "\"shallow/T1a, quick\"";

  @TempDir Path folder;

  private Outcome check(String... more) {
    List<String> line = new ArrayList<>(List.of("check", "shallow/T1a", "--set", "points=5", "--set", "dimensionFactors=1,16", "--set", "runs=9", "--json"));
    line.addAll(List.of(more));
    return Shell.run(line.toArray(String[]::new));
  }

  private String ledger() {
    return folder.resolve("checks.ledger").toString();
  }

  private long sql(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + ledger());
        Statement of = connection.createStatement()) {
      if (!statement.startsWith("SELECT")) {
        return of.executeUpdate(statement);
      }
      try (ResultSet answer = of.executeQuery(statement)) {
        answer.next();
        return answer.getLong(1);
      }
    }
  }

  @Test
  void aCheckThatIsResumedGivesTheBytesOfOneThatWasNeverStopped() throws Exception {
    Outcome whole = check();
    assertThat(whole.code()).isZero();
    assertThat(check("--ledger", ledger()).out()).isEqualTo(whole.out());
    long rows = sql("SELECT count(*) FROM " + TABLE);
    assertThat(rows).isEqualTo(36);

    // As after a kill: some rows had been written, others not.
    assertThat(sql("DELETE FROM " + TABLE + " WHERE replicate % 3 = 1")).isEqualTo(12);
    Outcome resumed = check("--ledger", ledger(), "--resume");
    assertThat(resumed.code()).isZero();
    assertThat(resumed.out()).isEqualTo(whole.out());
    assertThat(sql("SELECT count(*) FROM " + TABLE)).isEqualTo(rows);

    // What is in the ledger is taken from there.
    sql("UPDATE " + TABLE + " SET \"time\" = 12345");
    assertThat(check("--ledger", ledger(), "--resume").out()).contains("12345");
  }

  @Test
  void severalChecksAndTheirControlsShareALedger() throws Exception {
    check("--ledger", ledger());
    assertThat(check("--ledger", ledger(), "--resume", "--control").code()).isZero();
    assertThat(Shell.run("check", "shallow/L1a", "--set", "runs=2", "--ledger", ledger(), "--resume").code()).isZero();
    assertThat(sql("SELECT count(*) FROM section")).isGreaterThanOrEqualTo(2);
    Shell.run("sweep", "status", "--ledger", ledger()).isRefusal("holds the runs of checks (shallow/", "it must be the ledger of a sweep.");
  }

  @Test
  void anotherPlanOrAnotherStateOfTheLedgerIsRefused() throws Exception {
    check("--ledger", ledger());
    byte[] before = Files.readAllBytes(folder.resolve("checks.ledger"));
    check("--ledger", ledger()).isRefusal("which exists; it must be a new file");
    check("--ledger", ledger(), "--resume", "--seed", "2").isRefusal("the plan of shallow/T1a, quick is Liftgrad ", "seed 2;", "as in the ledger");
    check("--ledger", folder.resolve("none").toString(), "--resume").isRefusal("which does not exist");
    check("--resume").isRefusal("--resume is given without --ledger");
    assertThat(Files.readAllBytes(folder.resolve("checks.ledger"))).isEqualTo(before);
    assertThat(folder.toFile().list()).containsExactly("checks.ledger");
  }

  @Test
  void finishedCellsAreWrittenAsTheLibraryCarriesThem() throws Exception {
    check("--ledger", ledger());
    Outcome written = Shell.run("check", "--cells-of", ledger(), "--output", folder.toString());
    assertThat(written.code()).isZero();
    assertThat(written.out()).contains("shallow/T1a, quick: 4 cells in ");
    byte[] once = Files.readAllBytes(folder.resolve("shallow-T1a-quick.cells"));
    Shell.run("check", "--cells-of", ledger(), "--output", folder.toString());
    assertThat(Files.readAllBytes(folder.resolve("shallow-T1a-quick.cells"))).isEqualTo(once);
    Shell.run("check", "--cells-of", ledger()).isRefusal("--output is given without --cells-of");
    Shell.run("check", "shallow/T1a", "--cells-of", ledger(), "--output", folder.toString()).isRefusal("given with something to run");
    Shell.run("check", "--cells-of", folder.resolve("none").toString(), "--output", folder.toString()).isRefusal("cannot be read (NoSuchFileException)");
  }

  @Test
  void whatTheLibraryDoesNotCarryIsSaid() {
    assertThat(Shell.run("check", "shallow/T1a", "--scale", "quick", "--committed").out())
        .contains("no rows of scale quick come with the library.");
    Shell.run("check", "shallow/T1a", "--committed", "--seed", "2").isRefusal("--committed is given with what changes a run");
  }
}
