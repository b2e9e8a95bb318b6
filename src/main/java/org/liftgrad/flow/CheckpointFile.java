package org.liftgrad.flow;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.liftgrad.kernel.Argument;

/**
 * Checkpoints as files, all numbers big-endian: the eight bytes of {@link #MAGIC}, the version (int), the length
 * of the whole file (long), the fingerprint (32 bytes), method (text), tolerance and time (double), the number of
 * observers (int) and their names (text), the number of arrays (int) and for each its name (text), type (byte: 0
 * double, 1 long, 2 byte), length (int) and numbers; then the SHA-256 of everything before it. A text is its
 * length in bytes (int) and UTF-8.
 *
 * <p>Nothing is believed before the hash has been seen to be right, and no array is made that the file is too
 * short to fill.
 */
final class CheckpointFile {

  private static final byte[] MAGIC = "LIFTGRAD".getBytes(StandardCharsets.US_ASCII);

  /** Of the layout and of the algorithm: a change of either that another could not go on from raises it. */
  private static final int VERSION = 1;

  private static final int MOST_ARRAYS = 1000;
  private static final int HASH = 32;
  private static final int HEAD = MAGIC.length + Integer.BYTES + Long.BYTES;
  private static final byte DOUBLES = 0;
  private static final byte LONGS = 1;
  private static final byte BYTES = 2;

  private CheckpointFile() {}

  // ---------------------------------------------------------------- writing

  static void write(Path file, Checkpoint checkpoint) {
    Path whole = file.toAbsolutePath();
    Argument.require(
        whole.getParent() != null && Files.isDirectory(whole.getParent()) && !Files.isDirectory(whole),
        "the checkpoint file", file, "a file, new or to be replaced, in an existing folder");
    Path beside = whole.resolveSibling("." + whole.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try {
        // Not a channel, which an interrupted thread may not use: it is then that checkpoints are needed.
        try (FileOutputStream out = new FileOutputStream(beside.toFile())) {
          write(out, checkpoint);
          out.getFD().sync();
        }
        try {
          Files.move(beside, whole, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
          Files.move(beside, whole, StandardCopyOption.REPLACE_EXISTING);
        }
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the checkpoint file is " + file + ", which cannot be written (" + e.getClass().getSimpleName()
              + "); it must be a file that can.", e);
    }
  }

  private static void write(OutputStream file, Checkpoint checkpoint) throws IOException {
    MessageDigest digest = Checkpoint.sha256();
    DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(new DigestOutputStream(file, digest), 1 << 16));
    out.write(MAGIC);
    out.writeInt(VERSION);
    out.writeLong(length(checkpoint));
    out.write(checkpoint.fingerprint());
    writeText(out, checkpoint.method());
    out.writeDouble(checkpoint.tolerance());
    out.writeDouble(checkpoint.time());
    out.writeInt(checkpoint.observers().size());
    for (String observer : checkpoint.observers()) {
      writeText(out, observer);
    }
    Map<String, Object> arrays = checkpoint.payload().arrays();
    out.writeInt(arrays.size());
    for (Map.Entry<String, Object> entry : arrays.entrySet()) {
      writeText(out, entry.getKey());
      writeArray(out, entry.getValue());
    }
    out.flush();
    file.write(digest.digest());
  }

  private static void writeArray(DataOutputStream out, Object array) throws IOException {
    if (array instanceof double[] values) {
      out.writeByte(DOUBLES);
      out.writeInt(values.length);
      for (double value : values) {
        out.writeDouble(value);
      }
    } else if (array instanceof long[] values) {
      out.writeByte(LONGS);
      out.writeInt(values.length);
      for (long value : values) {
        out.writeLong(value);
      }
    } else if (array instanceof byte[] values) {
      out.writeByte(BYTES);
      out.writeInt(values.length);
      out.write(values);
    } else {
      throw new IllegalStateException("no type for " + array.getClass());
    }
  }

  private static void writeText(DataOutputStream out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static long length(Checkpoint checkpoint) {
    long length = HEAD + HASH + textLength(checkpoint.method()) + 2L * Double.BYTES + 2L * Integer.BYTES + HASH;
    for (String observer : checkpoint.observers()) {
      length += textLength(observer);
    }
    for (Map.Entry<String, Object> entry : checkpoint.payload().arrays().entrySet()) {
      int count = java.lang.reflect.Array.getLength(entry.getValue());
      int size = entry.getValue() instanceof byte[] ? 1 : 8;
      length += textLength(entry.getKey()) + 1 + Integer.BYTES + (long) count * size;
    }
    return length;
  }

  private static long textLength(String text) {
    return Integer.BYTES + (long) text.getBytes(StandardCharsets.UTF_8).length;
  }

  // ---------------------------------------------------------------- reading

  static Checkpoint read(Path file) {
    try {
      long length = Files.size(file);
      try (InputStream in = new FileInputStream(file.toFile())) {
        requireWhole(file, in, length);
      }
      try (InputStream in = new BufferedInputStream(new FileInputStream(file.toFile()), 1 << 16)) {
        return new Parser(file, in, length - HASH).checkpoint();
      }
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the checkpoint file is " + file + ", which cannot be read (" + e.getClass().getSimpleName()
              + "); it must be a file that can.", e);
    }
  }

  private static void requireWhole(Path file, InputStream in, long length) throws IOException {
    byte[] head = in.readNBytes(HEAD);
    require(
        head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length),
        file, "none", "one that Liftgrad wrote");
    require(head.length == HEAD, file, "cut short after " + length + " bytes", "whole");
    DataInputStream rest = new DataInputStream(new java.io.ByteArrayInputStream(head, MAGIC.length, HEAD - MAGIC.length));
    int version = rest.readInt();
    require(version == VERSION, file, "of version " + version, "of version " + VERSION + ", that of this Liftgrad");
    long stated = rest.readLong();
    require(stated == length, file, "of " + length + " bytes where it says " + stated, "whole");
    require(length >= HEAD + 2L * HASH, file, "of " + length + " bytes", "whole");
    MessageDigest digest = Checkpoint.sha256();
    digest.update(head);
    byte[] block = new byte[1 << 16];
    for (long left = length - HEAD - HASH; left > 0; ) {
      int count = in.read(block, 0, (int) Math.min(block.length, left));
      require(count > 0, file, "cut short", "whole");
      digest.update(block, 0, count);
      left -= count;
    }
    require(
        Arrays.equals(digest.digest(), in.readNBytes(HASH)), file, "damaged: its SHA-256 is not the one it holds", "whole");
  }

  private static void require(boolean right, Path file, String what, String allowed) {
    Argument.require(right, "the checkpoint " + file, what, allowed);
  }

  /** Reads what lies between head and hash, never more than is left. */
  private static final class Parser {
    private final Path file;
    private final DataInputStream in;
    private long left;

    Parser(Path file, InputStream in, long content) {
      this.file = file;
      this.in = new DataInputStream(in);
      left = content;
    }

    Checkpoint checkpoint() throws IOException {
      try {
        in.skipNBytes(take(HEAD));
        byte[] fingerprint = in.readNBytes((int) take(HASH));
        String method = text();
        double tolerance = number();
        double time = number();
        List<String> observers = new ArrayList<>();
        for (int k = count(Integer.BYTES); k > 0; k--) {
          observers.add(text());
        }
        Payload payload = Payload.nothing();
        int arrays = count(2 * Integer.BYTES + 1);
        require(arrays <= MOST_ARRAYS, file, "of " + arrays + " arrays", "of at most " + MOST_ARRAYS);
        for (int k = 0; k < arrays; k++) {
          payload = array(payload, text());
        }
        require(left == 0, file, "longer than what it holds", "whole");
        return new Checkpoint(fingerprint, method, tolerance, time, observers, payload);
      } catch (EOFException e) {
        throw Argument.refused("the checkpoint " + file, "changed while it was read", "left alone");
      }
    }

    private Payload array(Payload payload, String name) throws IOException {
      take(1);
      byte type = in.readByte();
      switch (type) {
        case DOUBLES -> {
          double[] values = new double[count(Double.BYTES)];
          for (int k = 0; k < values.length; k++) {
            values[k] = number();
          }
          return payload.with(name, values);
        }
        case LONGS -> {
          long[] values = new long[count(Long.BYTES)];
          take((long) values.length * Long.BYTES);
          for (int k = 0; k < values.length; k++) {
            values[k] = in.readLong();
          }
          return payload.with(name, values);
        }
        case BYTES -> {
          byte[] values = new byte[count(1)];
          take(values.length);
          in.readFully(values);
          return payload.with(name, values);
        }
        default -> throw Argument.refused("the checkpoint " + file, "of arrays of type " + type, "of types 0, 1 and 2");
      }
    }

    private double number() throws IOException {
      take(Double.BYTES);
      return in.readDouble();
    }

    private String text() throws IOException {
      byte[] bytes = new byte[count(1)];
      take(bytes.length);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    /** A number of things of at least this size, which what is left can hold. */
    private int count(int size) throws IOException {
      take(Integer.BYTES);
      int count = in.readInt();
      require(
          count >= 0 && (long) count * size <= left,
          file, "of " + count + " things where " + left + " bytes are left", "whole");
      return count;
    }

    private long take(long bytes) {
      require(bytes <= left, file, "shorter than what it should hold", "whole");
      left -= bytes;
      return bytes;
    }
  }
}
