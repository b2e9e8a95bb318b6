package org.liftgrad.sweep;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Writes rows to a ledger in a thread of its own, several to a transaction: whatever has come since the last one, at
 * most ten times a second. So a row that takes long has a transaction to itself, and a million quick ones share a few
 * hundred; what is reported has been committed and is on the disk.
 */
final class LedgerWriter implements AutoCloseable {

  /** Transactions are at least so far apart, as each of them waits for the disk. */
  static final long INTERVAL_NANOS = 100_000_000L;

  /** So many rows make a transaction at once, and so many more may wait: the memory is bounded by that. */
  static final int MOST_ROWS = 10_000;

  /**
   * A row to be written.
   *
   * @param keys the values of the section's keys
   * @param replicate from 0
   * @param figures the values of the section's figures; none where it failed
   * @param failure why it failed, or null as SQL has it
   * @param seconds how long it took
   * @param number its number, for whoever hears that it is written
   */
  record Entry(List<Object> keys, int replicate, List<Object> figures, String failure, double seconds, long number) {}

  private final LedgerFile file;
  private final LedgerFile.Section section;
  private final long session;
  private final boolean replacing;
  private final Consumer<List<Entry>> committed;
  private final BlockingQueue<Entry> waiting = new ArrayBlockingQueue<>(MOST_ROWS);
  private final Thread thread = new Thread(this::write, "ledger");
  private volatile boolean ended;
  private volatile RuntimeException fault;
  /** A fault that was thrown by one method must not be thrown by the closing of the same block again. */
  private volatile boolean told;

  /**
   * Begins to write.
   *
   * @param file from now on this writer's alone
   * @param replacing whether a row may take the place of one that failed
   * @param committed hears of rows when they are on the disk, in the writer's thread
   */
  LedgerWriter(
      LedgerFile file, LedgerFile.Section section, long session, boolean replacing, Consumer<List<Entry>> committed) {
    this.file = file;
    this.section = section;
    this.session = session;
    this.replacing = replacing;
    this.committed = committed;
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Hands a row over; waits where the disk is behind.
   *
   * @throws LedgerException where the ledger can no longer be written
   */
  void put(Entry entry) {
    boolean interrupted = false;
    try {
      while (true) {
        throwFault();
        try {
          if (waiting.offer(entry, INTERVAL_NANOS, TimeUnit.NANOSECONDS)) {
            return;
          }
        } catch (InterruptedException e) {
          interrupted = true; // a row that was computed is kept, whatever the thread does next
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void write() {
    List<Entry> rows = new ArrayList<>();
    long last = System.nanoTime() - INTERVAL_NANOS;
    try (PreparedStatement insertion = file.insertion(section, replacing)) {
      while (collect(rows, last)) {
        last = System.nanoTime();
        commit(insertion, rows);
        committed.accept(rows);
        rows.clear();
      }
    } catch (SQLException e) {
      fault = file.fault(e);
    } catch (RuntimeException e) {
      fault = e;
    } catch (Error e) {
      // Whoever waits for this thread must hear of it.
      fault = new IllegalStateException("The ledger's writer failed: " + e, e);
    }
  }

  /** Takes what comes until the next transaction is due; false at the end. */
  private boolean collect(List<Entry> rows, long last) {
    while (rows.size() < MOST_ROWS) {
      waiting.drainTo(rows, MOST_ROWS - rows.size());
      long due = last + INTERVAL_NANOS - System.nanoTime();
      if (!rows.isEmpty() && (due <= 0 || ended)) {
        break;
      }
      if (ended && waiting.isEmpty()) {
        return !rows.isEmpty();
      }
      try {
        Entry next = waiting.poll(Math.max(due, INTERVAL_NANOS / 10), TimeUnit.NANOSECONDS);
        if (next != null) {
          rows.add(next);
        }
      } catch (InterruptedException e) {
        // Nobody has reason to interrupt this thread; it ends when it is closed.
      }
    }
    return true;
  }

  private void commit(PreparedStatement insertion, List<Entry> rows) throws SQLException {
    Connection connection = file.connection();
    connection.setAutoCommit(false);
    try {
      for (Entry row : rows) {
        bind(insertion, row);
        insertion.executeUpdate();
      }
      connection.commit();
    } catch (SQLException e) {
      try {
        connection.rollback();
      } catch (SQLException worse) {
        e.addSuppressed(worse);
      }
      throw e;
    }
  }

  private void bind(PreparedStatement insertion, Entry row) throws SQLException {
    int place = 1;
    for (Object key : row.keys()) {
      LedgerFile.bind(insertion, place++, key);
    }
    insertion.setLong(place++, row.replicate());
    for (int k = 0; k < section.figures().size(); k++) {
      if (row.failure() == null) {
        LedgerFile.bind(insertion, place++, row.figures().get(k));
      } else {
        insertion.setNull(place++, java.sql.Types.NULL);
      }
    }
    insertion.setString(place++, row.failure());
    insertion.setDouble(place++, row.seconds());
    insertion.setLong(place, session);
  }

  private void throwFault() {
    RuntimeException seen = fault;
    if (seen != null) {
      told = true;
      throw seen;
    }
  }

  /**
   * Writes what is left and ends.
   *
   * @throws LedgerException where that can no longer be written
   */
  @Override
  public void close() {
    ended = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!told) {
      throwFault();
    }
  }
}
