package org.liftgrad.sweep;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;

/**
 * Only one process at a time writes to a ledger. The lock is the operating system's, on a file beside the ledger, and
 * so it is gone with its process, however that ends; a file that was left behind locks nobody out.
 *
 * <p>It is not taken on the ledger itself: SQLite has locks of its own there. Locks of POSIX belong to the process and
 * go when it closes the file by whatever handle; so in this class no file is closed that this process has locked.
 */
final class LedgerLock implements AutoCloseable {

  /** The ledgers that this process writes to. */
  private static final Set<Path> HELD = new HashSet<>();

  private static final int MOST_LETTERS = 200;

  private final Path ledger;
  private final String shown;
  private final Path file;
  private final FileChannel channel;
  private final FileChannel witness;

  private LedgerLock(Path ledger, String shown, Path file, FileChannel channel, FileChannel witness) {
    this.ledger = ledger;
    this.shown = shown;
    this.file = file;
    this.channel = channel;
    this.witness = witness;
  }

  /**
   * Takes it.
   *
   * @param ledger without symbolic links
   * @param shown how a refusal calls the ledger
   * @throws IllegalArgumentException where a process has it, or the folder cannot be written
   */
  static LedgerLock take(Path ledger, String shown) {
    synchronized (HELD) {
      if (HELD.contains(ledger)) {
        throw inUse(shown, "this process");
      }
      Path file = ledger.resolveSibling(ledger.getFileName() + ".lock");
      try {
        while (true) {
          FileChannel channel =
              FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
          if (channel.tryLock() == null) {
            String holder = content(channel).lines().findFirst().orElse("");
            channel.close();
            throw inUse(shown, holder.matches("process [0-9]{1,10}") ? holder : "another process");
          }
          String mark = "process " + ProcessHandle.current().pid() + "\n" + UUID.randomUUID() + "\n";
          channel.truncate(0);
          channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.UTF_8)), 0);
          try {
            FileChannel witness = FileChannel.open(file, StandardOpenOption.READ);
            if (content(witness).equals(mark)) {
              HELD.add(ledger);
              return new LedgerLock(ledger, shown, file, channel, witness);
            }
            witness.close();
          } catch (NoSuchFileException e) {
            // Once more, as below.
          }
          // Whoever had it took the file away between our opening and locking it: what we locked is no longer there.
          channel.close();
        }
      } catch (IOException e) {
        throw new IllegalArgumentException(
            shown + " cannot be locked (" + e.getClass().getSimpleName() + " at " + file.getFileName()
                + "); its folder must be a writable one, on a disk with locks.", e);
      }
    }
  }

  /** The ledger that is locked. */
  Path ledger() {
    return ledger;
  }

  /** How sentences call it. */
  String shown() {
    return shown;
  }

  private static String content(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MOST_LETTERS);
    channel.read(bytes, 0);
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  private static IllegalArgumentException inUse(String shown, String holder) {
    return new IllegalArgumentException(
        shown + " is in use by " + holder + "; it must be free, as one process at a time writes to a ledger.");
  }

  @Override
  public void close() {
    synchronized (HELD) {
      // The file goes while it is still locked, so that it is nobody else's.
      try (channel; witness) {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        // Left behind it locks nobody out.
      } finally {
        HELD.remove(ledger);
      }
    }
  }
}
