package org.liftgrad.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.cli.Main;

/** Disks that are full or cannot be written, real ones: a limit on the size of files, a small disk in memory, a read-only mount. */
class FullDiskTest {

  private static final Plan PLAN = Plan.of("padded").over("k", 1, 2, 3).over("letters", 3000).replicates(1000).seed(5);
  private static final Pattern KEPT =
      Pattern.compile("liftgrad sweep run: the ledger .* cannot be written.*; ([0-9]+) of 3000 runs are kept, and the sweep can be resumed\\.");

  @TempDir Path folder;
  private Path plan;
  private Path place;

  private record Outcome(int code, List<String> said) {}

  @BeforeEach
  void prepare() throws Exception {
    plan = folder.resolve("plan.json");
    PLAN.save(plan);
    place = Files.createDirectory(folder.resolve("place"));
  }

  /** Runs a command of ours from a shell that first does something to the disk; {@code "$@"} is the command. */
  private Outcome shell(String script, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("bash", "-c", script, "bash"));
    line.addAll(OtherJvm.command(folder, Main.class, arguments));
    return wait(line);
  }

  private Outcome wait(List<String> line) throws Exception {
    Path said = folder.resolve("said");
    Process process = OtherJvm.start(line, said);
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Outcome(process.exitValue(), Files.readAllLines(said));
  }

  /** Nobody but us sees what is mounted, and it is gone with the shell. */
  private void assumeMounting() throws Exception {
    assumeTrue(
        wait(List.of("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", place.toString())).code() == 0,
        "this machine does not allow mounting");
  }

  private void assertNothingWasLost(Outcome outcome, Path ledger) throws Exception {
    assertThat(outcome.code()).as("%s", outcome.said()).isEqualTo(1);
    assertThat(outcome.said()).hasSize(1);
    Matcher sentence = KEPT.matcher(outcome.said().get(0));
    assertThat(sentence.matches()).as(outcome.said().get(0)).isTrue();
    long kept = Long.parseLong(sentence.group(1));
    assertThat(kept).isPositive();
    assertThat(Ledger.open(ledger).status().done()).isBetween(kept, PLAN.runs() - 1);
    assertThat(Sweep.of(PLAN).into(ledger).resume().run().complete()).isTrue();
    Path whole = folder.resolve("whole.ledger");
    Sweep.of(PLAN).into(whole).run();
    assertThat(csv(ledger)).isEqualTo(csv(whole));
  }

  private String csv(Path ledger) throws Exception {
    Path file = folder.resolve("export.csv");
    Ledger.open(ledger).exportCsv(file);
    return Files.readString(file);
  }

  @Test
  void aLimitOnTheSizeOfFilesLosesNothing() throws Exception {
    Path ledger = place.resolve("a.ledger");
    Outcome outcome = shell("ulimit -f 4096; exec \"$@\"", "sweep", "run", plan.toString(), "--ledger", ledger.toString());
    assertNothingWasLost(outcome, ledger);
  }

  @Test
  void aFullDiskLosesNothing() throws Exception {
    assumeMounting();
    Path kept = Files.createDirectory(folder.resolve("kept"));
    String script =
        "unshare -rm bash -c 'mount -t tmpfs -o size=5m tmpfs \"" + place + "\"; \"$@\"; code=$?; cp \"" + place + "\"/* \"" + kept
            + "\"; exit $code' bash \"$@\"";
    Outcome outcome = shell(script, "sweep", "run", plan.toString(), "--ledger", place.resolve("a.ledger").toString());
    assertNothingWasLost(outcome, kept.resolve("a.ledger"));
  }

  @Test
  void aReadOnlyFolderIsRefusedAndCanStillBeLookedAt() throws Exception {
    assumeMounting();
    Path ledger = place.resolve("a.ledger");
    Sweep.of(PLAN).into(ledger).atMost(10).run();
    byte[] before = Files.readAllBytes(ledger);
    String script =
        "exec unshare -rm bash -c 'mount --bind \"" + place + "\" \"" + place + "\"; mount -o remount,ro,bind \"" + place
            + "\"; exec \"$@\"' bash \"$@\"";
    for (String[] command :
        List.of(
            new String[] {"sweep", "run", plan.toString(), "--ledger", place.resolve("new.ledger").toString()},
            new String[] {"sweep", "run", "--resume", "--ledger", ledger.toString()},
            new String[] {"sweep", "export", "--ledger", ledger.toString(), "--csv", place.resolve("a.csv").toString()})) {
      Outcome refused = shell(script, command);
      assertThat(refused.code()).as("%s", refused.said()).isEqualTo(2);
      assertThat(refused.said()).hasSize(1);
      assertThat(refused.said().get(0)).contains("its folder must be a writable one");
    }
    Outcome status = shell(script, "sweep", "status", "--ledger", ledger.toString());
    assertThat(status.code()).as("%s", status.said()).isZero();
    assertThat(status.said().get(0)).startsWith("10 of 3000 runs, 2990 left");
    assertThat(place.toFile().list()).containsExactly("a.ledger");
    assertThat(Files.readAllBytes(ledger)).isEqualTo(before);
  }
}
