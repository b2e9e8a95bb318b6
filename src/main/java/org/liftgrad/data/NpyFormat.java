package org.liftgrad.data;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.kernel.Argument;

/** NumPy's .npy (NumPy Enhancement Proposal 1): magic, version, a header that is a Python literal, the numbers. */
final class NpyFormat {

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16;

  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*('[^']{0,40}'|\\[|\"[^\"]{0,40}\")");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)\\b");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9, ]{0,200})\\)");

  private NpyFormat() {}

  /** No text file of numbers begins with this byte. */
  static boolean recognises(byte[] content) {
    return content.length >= 1 && content[0] == MAGIC[0];
  }

  /** Reads a whole file; its name is for the refusals. */
  static DMatrixRMaj read(Path file, byte[] content) {
    Argument.require(
        content.length >= 10 && Arrays.equals(content, 0, 6, MAGIC, 0, 6),
        "the beginning of " + file, "not that of a .npy file", "NumPy's magic string, a version and a header");
    int version = content[6];
    Argument.require(
        version >= 1 && version <= 3 && content[7] == 0,
        "the .npy version of " + file, (content[6] & 0xFF) + "." + (content[7] & 0xFF), "1.0, 2.0 or 3.0");
    ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
    int start = version == 1 ? 10 : 12;
    long length =
        version == 1 ? bytes.getShort(8) & 0xFFFFL : content.length < 12 ? Long.MAX_VALUE : bytes.getInt(8) & 0xFFFFFFFFL;
    Argument.require(
        length <= content.length - start && length <= MOST_HEADER,
        "the header of " + file, "cut off or too long", "within the file and at most " + MOST_HEADER + " bytes");
    String header = new String(content, start, (int) length, StandardCharsets.ISO_8859_1);
    String type = type(file, header);
    boolean fortran = match(file, ORDER, header, "fortran_order", "True or False").equals("True");
    long[] shape = shape(file, header);
    int width = type.charAt(2) - '0';
    long expected = width * shape[0] * shape[1];
    long present = content.length - start - length;
    Argument.require(
        present == expected,
        "the size of the numbers in " + file,
        present + " bytes",
        expected + " bytes, as the header's shape and type ask for (is the file cut off?)");
    bytes.order(type.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    return numbers(file, bytes, (int) (start + length), type, fortran, (int) shape[0], (int) shape[1]);
  }

  private static String type(Path file, String header) {
    String type = match(file, TYPE, header, "descr", "a type");
    String bare = type.equals("[") ? "a record" : type.substring(1, type.length() - 1);
    boolean objects = bare.contains("O");
    Argument.require(
        bare.matches("[<>](f8|f4|i8|i4)"),
        "the type of " + file,
        objects ? "pickled objects" : CsvFormat.shown(bare),
        "float64, float32, int64 or int32" + (objects ? ", as objects are never executed" : ""));
    return bare;
  }

  private static long[] shape(Path file, String header) {
    String text = match(file, SHAPE, header, "shape", "a tuple of sizes").strip();
    String[] parts = text.isEmpty() ? new String[0] : text.split("\\s*,\\s*");
    boolean allowed = (parts.length == 1 && text.endsWith(",")) || parts.length == 2;
    long[] shape = {1, 1};
    for (int k = 0; k < parts.length && allowed; k++) {
      // Sizes of more than nine digits are beyond any file that is read here.
      allowed = parts[k].matches("[0-9]{1,9}") && Long.parseLong(parts[k]) >= 1;
      shape[k] = allowed ? Long.parseLong(parts[k]) : 0;
    }
    Argument.require(
        allowed, "the shape in " + file, CsvFormat.shown("(" + text + ")"), "one or two sizes from 1 to 999999999");
    return shape;
  }

  private static String match(Path file, Pattern pattern, String header, String name, String expected) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw Argument.refused("'" + name + "' in the header of " + file, "missing or unreadable", expected);
    }
    return matcher.group(1);
  }

  private static DMatrixRMaj numbers(
      Path file, ByteBuffer bytes, int start, String type, boolean fortran, int rows, int columns) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, columns);
    int width = type.charAt(2) - '0';
    boolean whole = type.charAt(1) == 'i';
    int at = start;
    for (int k = 0; k < rows * columns; k++, at += width) {
      int row = fortran ? k % rows : k / columns;
      int column = fortran ? k / rows : k % columns;
      double value;
      if (whole) {
        long number = width == 8 ? bytes.getLong(at) : bytes.getInt(at);
        if (number > 1L << 53 || number < -(1L << 53)) {
          throw Argument.refused(place(file, row, column), number, "within ±2^53, to keep all digits");
        }
        value = number;
      } else {
        value = width == 8 ? bytes.getDouble(at) : bytes.getFloat(at);
      }
      if (!Double.isFinite(value)) {
        throw Argument.refused(place(file, row, column), value, "a finite number");
      }
      matrix.data[row * columns + column] = value;
    }
    return matrix;
  }

  private static String place(Path file, int row, int column) {
    return "row " + (row + 1) + ", column " + (column + 1) + " of " + file;
  }

  /** The header of a float64 matrix in C order, padded so that the numbers begin at a multiple of 64. */
  static byte[] header(int rows, int columns) {
    String text =
        "{'descr': '<f8', 'fortran_order': False, 'shape': (" + rows + ", " + columns + "), }";
    int length = (10 + text.length() + 1 + 63) / 64 * 64;
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (length - 10));
    bytes.put(text.getBytes(StandardCharsets.US_ASCII));
    while (bytes.position() < length - 1) {
      bytes.put((byte) ' ');
    }
    return bytes.put((byte) '\n').array();
  }
}
