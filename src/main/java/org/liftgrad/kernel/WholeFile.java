package org.liftgrad.kernel;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Files read and written as a whole. They are written beside their place and then renamed, so that a reader never
 * sees half of one.
 */
public final class WholeFile {

  /** What is written. */
  @FunctionalInterface
  public interface Content {

    /** Writes it. */
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  /**
   * All bytes of a file.
   *
   * @param most the largest size that is read, in bytes
   * @throws IllegalArgumentException if it is missing, no regular file, larger, or cannot be read
   */
  public static byte[] read(Path file, long most) {
    Argument.require(Files.exists(file), "the file " + file, "missing", "an existing file");
    Argument.require(
        Files.isRegularFile(file), "the file " + file, "not a regular file", "a file, not a folder or device");
    try {
      long size = Files.size(file);
      Argument.require(size <= most, "the size of " + file, size + " bytes", "at most " + most);
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + "); it must be readable.", e);
    }
  }

  /**
   * Writes a file, in place of one that may be there.
   *
   * @throws IllegalArgumentException if the folder does not exist
   * @throws UncheckedIOException if writing fails; the file is then as it was
   */
  public static void write(Path file, Content content) {
    Path whole = file.toAbsolutePath();
    Path folder = whole.getParent();
    Argument.require(folder != null && whole.getFileName() != null, "the file " + file, "a root folder", "a file");
    Argument.require(
        Files.isDirectory(folder), "the folder " + folder, "missing or not a folder", "an existing folder");
    Argument.require(!Files.isDirectory(whole), "the file " + file, "a folder", "a file");
    Path beside = folder.resolve("." + whole.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
        content.writeTo(out);
      }
      try {
        Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the file " + file + " cannot be written (" + e.getClass().getSimpleName() + ").", e);
    } finally {
      try {
        Files.deleteIfExists(beside);
      } catch (IOException e) {
        // The first failure is the one to tell; a part file left behind harms nobody.
      }
    }
  }
}
