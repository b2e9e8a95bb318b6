package org.liftgrad.sweep;

import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.liftgrad.kernel.Argument;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.kernel.Workers;

/**
 * What a sweep has found so far: its plan, its rows, who computed them. Reading disturbs no sweep that is at work.
 *
 * <pre>{@code
 * Ledger ledger = Ledger.open(Path.of("width.ledger"));
 * ledger.status();                                   // draws itself: plan, done, failed, sessions
 * ledger.results().success("converged");             // shares with exact intervals, a row a cell
 * ledger.exportCsv(Path.of("width.csv"));
 * }</pre>
 *
 * <p>Every method reads the ledger as it is at that time; nothing is held open between them.
 */
public final class Ledger {

  private final Path path;
  private final String shown;

  private Ledger(Path path, String shown) {
    this.path = path;
    this.shown = shown;
  }

  /**
   * A ledger that is there.
   *
   * @throws IllegalArgumentException where it is none, is damaged, or has another format
   */
  public static Ledger open(Path file) {
    Ledger ledger = new Ledger(LedgerFile.real(file), LedgerFile.shown(file));
    ledger.read(LedgerFile::sections);
    return ledger;
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  /** The plan that it was begun with, and what was added since. An experiment that is not registered here cannot run. */
  public Plan plan() {
    return read(Ledger::plan);
  }

  /** How far it is, and who computed what. */
  public LedgerStatus status() {
    return read(
        file -> {
          LedgerFile.Section section = section(file);
          LedgerFile.Count count = file.count(section);
          return new LedgerStatus(
              path, plan(file), count.rows() - count.failed(), count.failed(), count.seconds(), file.size(),
              file.fact("created"), file.fact("liftgrad"), file.fact("products"), file.sessions());
        });
  }

  /** The runs that were done, as a table to be looked at. */
  public Results results() {
    return read(Results::of);
  }

  /**
   * Writes every run to a CSV file, in the order of the plan: parameters, replicate, figures, and why it failed. The
   * bytes depend on the rows alone, not on how often the sweep was interrupted or where it ran.
   *
   * @param file replaced if it is there, when all is written
   * @return how many runs were written
   */
  public long exportCsv(Path file) {
    return read(ledger -> CsvExport.write(ledger, section(ledger), file));
  }

  /**
   * Writes the same rows and columns to a Parquet file; the figures of a run that failed are missing.
   *
   * @param file replaced if it is there, when all is written
   * @return how many runs were written
   * @throws IllegalArgumentException also where the optional library for it is not on the class path
   */
  public long exportParquet(Path file) {
    try {
      return read(ledger -> ParquetExport.write(ledger, section(ledger), file));
    } catch (NoClassDefFoundError e) {
      throw new IllegalArgumentException(
          "parquet is not on the class path; it must be, as org.apache.parquet:parquet-hadoop and org.apache.hadoop:hadoop-common.", e);
    }
  }

  /**
   * Computes some of its runs again, chosen at random, and compares the bits of their figures.
   *
   * @param sample how many, at least 1; all of them where there are fewer
   * @param seed chooses them
   */
  public Verification verify(int sample, long seed) {
    return verify(plan(), sample, seed);
  }

  /**
   * The same, for an experiment that is not registered.
   *
   * @param plan the ledger's plan, with the experiment itself
   */
  public Verification verify(Plan plan, int sample, long seed) {
    Argument.positive("sample", sample);
    return read(
        file -> {
          plan.requireExtends(plan(file), shown);
          Argument.require(plan.text().equals(plan(file).text()), "the plan", "larger than that of " + shown, "the same");
          file.requireSameProducts();
          file.requireWhole();
          Sweep.Finished finished = Sweep.Finished.of(file, plan);
          BitSet all = (BitSet) finished.done().clone();
          all.or(finished.failed());
          long[] chosen = chosen(all, sample, RandomStream.of(seed, "verify"));
          Outcome[] stored = stored(file, plan, chosen);
          String[] differences = new String[chosen.length];
          Workers.run(chosen.length, k -> differences[k] = difference(plan, stored[k], plan.compute(chosen[k])));
          return new Verification(
              chosen.length, all.cardinality(), Arrays.stream(differences).filter(each -> !each.isEmpty()).toList());
        });
  }

  /** So many of the set bits, each with the same chance, in ascending order (Knuth 1997, algorithm 3.4.2 S). */
  private static long[] chosen(BitSet all, int sample, RandomStream stream) {
    int left = all.cardinality();
    int wanted = Math.min(sample, left);
    long[] chosen = new long[wanted];
    int found = 0;
    for (int run = all.nextSetBit(0); run >= 0 && found < wanted; run = all.nextSetBit(run + 1)) {
      if (stream.nextInt(left) < wanted - found) {
        chosen[found++] = run;
      }
      left--;
    }
    return chosen;
  }

  private static Outcome[] stored(LedgerFile file, Plan plan, long[] runs) {
    LedgerFile.Section section = section(file);
    Outcome[] stored = new Outcome[runs.length];
    try (PreparedStatement query = file.lookup(section)) {
      for (int k = 0; k < runs.length; k++) {
        int place = 1;
        for (Object key : plan.cell(runs[k])) {
          LedgerFile.bind(query, place++, key);
        }
        query.setLong(place, runs[k] % plan.replicates());
        try (ResultSet row = query.executeQuery()) {
          row.next();
          String failure = row.getString(section.figures().size() + 1);
          List<Object> values = new ArrayList<>();
          for (int f = 0; f < section.figures().size() && failure == null; f++) {
            values.add(LedgerFile.value(row, f + 1, section.figures().get(f).type()));
          }
          stored[k] = new Outcome(runs[k], values, Optional.ofNullable(failure), 0);
        }
      }
      return stored;
    } catch (SQLException e) {
      throw file.fault(e);
    }
  }

  /** A sentence, or nothing where all bits are the same. */
  private static String difference(Plan plan, Outcome stored, Outcome computed) {
    String run = new Run(plan, plan.cell(stored.run()), (int) (stored.run() % plan.replicates())).toString();
    if (stored.failure().isPresent() || computed.failure().isPresent()) {
      String before = stored.failure().map(why -> "failed (" + why + ")").orElse("did not fail");
      String now = computed.failure().map(why -> "failed (" + why + ")").orElse("did not fail");
      return before.equals(now) ? "" : run + " " + before + " and now " + now + ".";
    }
    List<String> parts = new ArrayList<>();
    List<Column> figures = plan.recorded();
    for (int k = 0; k < figures.size(); k++) {
      if (!stored.values().get(k).equals(computed.values().get(k))) {
        parts.add("“" + figures.get(k).name() + "” was " + stored.values().get(k) + " and now is " + computed.values().get(k));
      }
    }
    return parts.isEmpty() ? "" : run + ": " + String.join(", ", parts) + ".";
  }

  private interface Reading<T> {
    T of(LedgerFile file);
  }

  private <T> T read(Reading<T> reading) {
    try (LedgerFile file = LedgerFile.toRead(path, shown)) {
      return reading.of(file);
    }
  }

  // ---------------------------------------------------------------- for the package

  /** The section of a sweep. */
  static LedgerFile.Section section(LedgerFile file) {
    return file.section(Sweep.SECTION)
        .orElseThrow(
            () -> new IllegalArgumentException(
                file.shown() + " holds the runs of checks (" + file.sections().stream().map(LedgerFile.Section::name).collect(Collectors.joining("; "))
                    + "); it must be the ledger of a sweep."));
  }

  /** The plan of a sweep, with the registered experiment where that is the one; else with one that cannot run. */
  static Plan plan(LedgerFile file) {
    LedgerFile.Section section = section(file);
    return PlanText.parse(section.plan(), (name, version) -> experiment(name, version, section));
  }

  private static Experiment experiment(String name, int version, LedgerFile.Section section) {
    return Experiments.find(name)
        .filter(
            known -> known.version() == version
                && known.parameters().stream().map(Parameter::column).toList().equals(section.keys())
                && known.figures().containsAll(section.figures()))
        .orElseGet(
            () -> new Experiment(
                name, version, "not registered here",
                section.keys().stream()
                    .map(key -> Parameter.of(key, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, List.of()))
                    .toList(),
                section.figures(),
                run -> {
                  throw new IllegalStateException(name + ", version " + version + ", is not registered here");
                }));
  }

  /** Its file and how far it is. */
  @Override
  public String toString() {
    LedgerStatus status = status();
    return shown + ": " + status.done() + " of " + status.plan().runs() + " runs done, " + status.failed() + " failed, " + status.left() + " left";
  }
}
