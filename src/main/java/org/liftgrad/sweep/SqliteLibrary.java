package org.liftgrad.sweep;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where SQLite's native library is unpacked: the driver takes it out of its jar into a folder at every start. The
 * folder is one of our own, which only this user may enter, so that nobody else can put another library there.
 */
final class SqliteLibrary {

  private static final String FOLDER = "org.sqlite.tmpdir";
  private static final String PREFIX = "liftgrad-sqlite-";
  private static final Duration LEFT_BEHIND = Duration.ofHours(1);

  private static boolean prepared;

  private SqliteLibrary() {}

  /** Before the first connection of this JVM. */
  static synchronized void prepare() {
    if (prepared || System.getProperty(FOLDER) != null || System.getProperty("org.sqlite.lib.path") != null) {
      return; // the user has chosen
    }
    try {
      Path parent = Path.of(System.getProperty("java.io.tmpdir"));
      removeLeftBehind(parent);
      Path folder = Files.createTempDirectory(parent, PREFIX + ProcessHandle.current().pid() + "-");
      System.setProperty(FOLDER, folder.toString());
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder), "sqlite library"));
      prepared = true;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "java.io.tmpdir is " + System.getProperty("java.io.tmpdir") + ", where no folder can be made ("
              + e.getClass().getSimpleName() + "); it must be a writable folder, as SQLite's library is unpacked there.", e);
    }
  }

  /** A process that was killed leaves its folder; an hour is longer than any start. */
  private static void removeLeftBehind(Path parent) throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(parent)) {
      folders = all.filter(each -> each.getFileName().toString().matches(PREFIX + "[0-9]{1,10}-.*")).toList();
    }
    for (Path folder : folders) {
      try {
        long process = Long.parseLong(folder.getFileName().toString().substring(PREFIX.length()).split("-")[0]);
        boolean old =
            Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(Instant.now().minus(LEFT_BEHIND));
        if (old && ProcessHandle.of(process).isEmpty()) {
          remove(folder);
        }
      } catch (NoSuchFileException e) {
        // Another process of ours was quicker.
      }
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // It is another user's, or in use: it is looked at again an hour later.
    }
  }
}
