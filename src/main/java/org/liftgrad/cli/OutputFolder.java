package org.liftgrad.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.liftgrad.kernel.Argument;

/**
 * A folder that gets some files of a run, all of them or none. They are written into a hidden folder
 * beside their place and then renamed: a new folder appears whole, in one step; in an existing one the
 * files of an earlier run are replaced one after another, and put back if one of them cannot be. Other
 * files of the folder stay.
 */
final class OutputFolder {

  private static final CopyOption[] AS_IT_IS = {
    LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES
  };

  private final String option;
  private final Path shown;
  private final Path folder;
  private final List<String> names;
  private final Map<String, Consumer<Path>> contents = new LinkedHashMap<>();
  private final Path stage;
  private boolean abandoned;
  private boolean written;

  /**
   * Refuses what cannot be written, before there is anything to write.
   *
   * @param option the option that named it
   * @param path the folder: an existing one, or a new one in an existing one
   * @param names the files to come
   */
  OutputFolder(String option, Path path, String... names) {
    this.option = option;
    shown = path;
    folder = path.toAbsolutePath();
    this.names = List.of(names);
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      Argument.require(
          Files.isDirectory(folder), option, path + ", which is not a folder", "a folder, a new one or an existing one");
      for (String name : names) {
        Argument.require(
            !Files.isDirectory(folder.resolve(name)),
            option, path + ", where " + name + " is a folder", "a folder where " + name + " can be written");
      }
    } else {
      Argument.require(
          folder.getParent() != null && Files.isDirectory(folder.getParent()),
          option, path + ", whose own folder does not exist", "a folder in an existing one");
    }
    // On the same disk as the files' last place.
    Path beside = Files.isDirectory(folder) ? folder : folder.getParent();
    stage = beside.resolve(".liftgrad-" + UUID.randomUUID() + ".part");
    try {
      Files.delete(Files.createDirectory(stage));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  /** Refuses to write over a file that is read. */
  OutputFolder sparing(InputFile input) {
    for (String name : names) {
      try {
        Path target = folder.resolve(name);
        Argument.require(
            !Files.exists(target) || !Files.isSameFile(target, input.path()),
            option, shown + ", where " + name + " is the file of " + input.option(), "another folder");
      } catch (IOException e) {
        throw unwritable(e);
      }
    }
    return this;
  }

  /**
   * Says what a file is to hold.
   *
   * @param content writes to the path it is given
   */
  OutputFolder with(String name, Consumer<Path> content) {
    contents.put(name, content);
    return this;
  }

  /** Writes all files, in the order in which they were said, so that one may speak of those before it. */
  void write() {
    try {
      try {
        begin();
        for (Map.Entry<String, Consumer<Path>> file : contents.entrySet()) {
          file.getValue().accept(stage.resolve(file.getKey()));
        }
        putInPlace();
      } finally {
        remove(stage);
      }
    } catch (UncheckedIOException e) {
      throw unwritable(e.getCause());
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private synchronized void begin() throws IOException {
    refuseAbandoned();
    Files.createDirectory(stage);
  }

  private synchronized void putInPlace() throws IOException {
    refuseAbandoned();
    if (Files.isDirectory(folder)) {
      replace();
    } else {
      Files.move(stage, folder, StandardCopyOption.ATOMIC_MOVE);
    }
    written = true;
  }

  private void refuseAbandoned() throws IOException {
    if (abandoned) {
      throw new InterruptedIOException();
    }
  }

  /**
   * From another thread, for good: the folder stays as it is.
   *
   * @return false where all files are already in their place
   */
  synchronized boolean abandon() {
    abandoned = true;
    try {
      remove(stage);
    } catch (IOException e) {
      // The thread that writes has its own try at removing.
    }
    return !written;
  }

  private void replace() throws IOException {
    Map<String, Path> earlier = new LinkedHashMap<>();
    for (String name : contents.keySet()) {
      Path target = folder.resolve(name);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        earlier.put(name, Files.copy(target, stage.resolve(name + ".earlier"), AS_IT_IS));
      }
    }
    Deque<String> moved = new ArrayDeque<>();
    try {
      for (String name : contents.keySet()) {
        Files.move(stage.resolve(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        moved.push(name);
      }
    } catch (IOException e) {
      for (String name : moved) {
        if (earlier.containsKey(name)) {
          Files.move(earlier.get(name), folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } else {
          Files.deleteIfExists(folder.resolve(name));
        }
      }
      throw e;
    }
  }

  /** What is still being written may come into the way of its removal, but not again and again. */
  private static void remove(Path stage) throws IOException {
    for (int attempt = 1; Files.exists(stage); attempt++) {
      try {
        List<Path> left;
        try (Stream<Path> files = Files.list(stage)) {
          left = files.toList();
        }
        for (Path file : left) {
          Files.deleteIfExists(file);
        }
        Files.deleteIfExists(stage);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        if (attempt == 100) {
          throw e;
        }
      }
    }
  }

  private IllegalArgumentException unwritable(IOException e) {
    return new IllegalArgumentException(
        option + " is " + shown + ", which cannot be written (" + e.getClass().getSimpleName()
            + "); it must be a folder that can.", e);
  }
}
