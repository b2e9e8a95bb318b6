package org.liftgrad.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.liftgrad.kernel.Argument;
import org.liftgrad.statistics.Numbers;

/**
 * A ledger for runs that no {@link Plan} describes, such as those of the catalogue's checks: rows by section, cell and
 * replicate. What was computed before an interruption is found again, and the rest is computed.
 *
 * <pre>{@code
 * try (KeptRuns kept = KeptRuns.resume(path)) {
 *   KeptRuns.Section section = kept.section("shallow/T1a, paper", "seed 1; points = 10,20");
 *   Row row = section.find(cell, replicate).orElseGet(() -> section.keep(cell, replicate, compute(cell, replicate)));
 * }
 * }</pre>
 *
 * <p>Rows are written as a {@link Sweep} writes them, on the disk a tenth of a second after they were handed over;
 * {@link #close} waits for the last.
 */
public final class KeptRuns implements AutoCloseable {

  private static final Column CELL = Column.text("cell");

  private final LedgerLock lock;
  private final LedgerFile file;
  private Section open;

  private KeptRuns(LedgerLock lock, LedgerFile file) {
    this.lock = lock;
    this.file = file;
  }

  /**
   * Begins a new ledger.
   *
   * @throws IllegalArgumentException where the file is there, or its folder cannot be written
   */
  public static KeptRuns begin(Path ledger) {
    return open(ledger, false);
  }

  /**
   * Goes on with one that is there.
   *
   * @throws IllegalArgumentException where it is not there, is in use or damaged, or its figures are of another path of
   *     products
   */
  public static KeptRuns resume(Path ledger) {
    return open(ledger, true);
  }

  private static KeptRuns open(Path ledger, boolean resume) {
    String shown = LedgerFile.shown(ledger);
    Path path = LedgerFile.real(ledger);
    Argument.require(Files.exists(path) || !resume, "ledger", shown + ", which does not exist", "an existing one to resume");
    LedgerLock lock = LedgerLock.take(path, shown);
    try {
      Argument.require(resume || !Files.exists(path), "ledger", shown + ", which exists", "a new file, unless it is to be resumed");
      if (!resume) {
        LedgerFile.create(lock, List.of());
      }
      LedgerFile file = LedgerFile.toWrite(lock);
      try {
        file.requireSameProducts();
        return new KeptRuns(lock, file);
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * The runs of one name. The section that was asked for before is closed: its rows are written.
   *
   * @param name such as {@code shallow/T1a, paper}
   * @param plan all that the rows depend on beside cell and replicate
   * @throws IllegalArgumentException where the ledger has rows of this name under another plan
   */
  public Section section(String name, String plan) {
    closeSection();
    open = new Section(name, plan);
    return open;
  }

  /** Hears the rows of a section, cell by cell and in the order of their replicates. */
  interface Hearer {
    void row(String cell, int replicate, Row row);
  }

  static void forEach(LedgerFile file, LedgerFile.Section section, Hearer hearer) {
    List<String> columns = new ArrayList<>(List.of(CELL.name(), "replicate"));
    columns.addAll(section.figures().stream().map(Column::name).toList());
    file.forEach(
        section, columns, false,
        values -> {
          List<Object> figures = new ArrayList<>();
          for (int k = 0; k < section.figures().size(); k++) {
            figures.add(LedgerFile.value(values, k + 3, section.figures().get(k).type()));
          }
          hearer.row(values.getString(1), values.getInt(2), Row.of(section.figures(), figures));
        });
  }

  private void closeSection() {
    if (open != null) {
      Section last = open;
      open = null;
      last.close();
    }
  }

  /** Waits until all is written. */
  @Override
  public void close() {
    try (lock;
        file) {
      closeSection();
    }
  }

  @Override
  public String toString() {
    return "runs kept in " + file.shown();
  }

  /** The runs of one name. Safe for use by several threads at once. */
  public final class Section {
    private final String name;
    private final String plan;
    private final Map<String, Map<Integer, Row>> rows = new HashMap<>();
    private LedgerFile.Section known;
    private LedgerWriter writer;

    private Section(String name, String plan) {
      this.name = name;
      this.plan = plan;
      Optional<LedgerFile.Section> before = file.section(name);
      if (before.isPresent()) {
        known = before.get();
        Argument.require(known.plan().equals(plan), "the plan of " + name, plan, known.plan() + ", as in " + file.shown());
        read();
      }
    }

    private void read() {
      forEach(
          file, known,
          (cell, replicate, row) -> rows.computeIfAbsent(cell, key -> new HashMap<>()).put(replicate, row));
    }

    /** The row of a run that was computed before. */
    public synchronized Optional<Row> find(String cell, int replicate) {
      return Optional.ofNullable(rows.getOrDefault(cell, Map.of()).get(replicate));
    }

    /**
     * Keeps a row; all rows of a section have the columns of the first.
     *
     * @return the row
     * @throws IllegalArgumentException where its columns are others, or the run is there already
     * @throws LedgerException where the ledger can no longer be written
     */
    public synchronized Row keep(String cell, int replicate, Row row) {
      if (known == null) {
        known = new LedgerFile.Section(name, plan, List.of(CELL), row.columns());
        file.add(known);
      }
      if (writer == null) {
        writer = new LedgerWriter(file, known, file.beginSession(known, "a check"), false, written -> {});
      }
      Row there = rows.computeIfAbsent(cell, key -> new HashMap<>()).putIfAbsent(replicate, row);
      Argument.require(there == null, "run " + replicate + " of " + cell, "there already", "one that is not in the ledger");
      writer.put(new LedgerWriter.Entry(List.of(cell), replicate, known.figures().stream().map(row::value).toList(), null, 0, 0));
      return row;
    }

    @Override
    public synchronized String toString() {
      return name + ": " + Numbers.counted(rows.values().stream().mapToInt(Map::size).sum(), "run") + " kept";
    }

    private synchronized void close() {
      if (writer != null) {
        writer.close();
      }
    }
  }
}
