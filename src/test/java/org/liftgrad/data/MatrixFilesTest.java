package org.liftgrad.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.liftgrad.kernel.RandomStream;

class MatrixFilesTest {

  @TempDir Path folder;

  private Path file(String content) throws IOException {
    return file(content.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("matrix"), content);
  }

  private static byte[] npy(int version, String header, byte[] numbers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    ByteBuffer length = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(header.length());
    out.write(length.array(), 0, version == 1 ? 2 : 4);
    out.writeBytes(header.getBytes(StandardCharsets.ISO_8859_1));
    out.writeBytes(numbers);
    return out.toByteArray();
  }

  private static String header(String type, boolean fortran, String shape) {
    return "{'descr': '" + type + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape + ", }\n";
  }

  private static byte[] numbers(String type, double... values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(8 * values.length)
            .order(type.charAt(0) == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    for (double value : values) {
      switch (type.substring(1)) {
        case "f8" -> bytes.putDouble(value);
        case "f4" -> bytes.putFloat((float) value);
        case "i8" -> bytes.putLong((long) value);
        default -> bytes.putInt((int) value);
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  @Test
  void whatIsWrittenIsReadToTheBit() throws IOException {
    RandomStream stream = RandomStream.of(1, "test");
    DMatrixRMaj matrix = new DMatrixRMaj(200, 5);
    for (int at = 0; at < matrix.data.length; at++) {
      double value;
      do {
        value = Double.longBitsToDouble(stream.nextLong());
      } while (!Double.isFinite(value));
      matrix.data[at] = value;
    }
    double[] corners = {0.0, -0.0, Double.MIN_VALUE, -Double.MAX_VALUE, Double.MIN_NORMAL, 0.1, 1.0 / 3, 2e23, 1e22, 1};
    System.arraycopy(corners, 0, matrix.data, 0, corners.length);
    MatrixFiles.writeCsv(folder.resolve("m.csv"), matrix);
    MatrixFiles.writeNpy(folder.resolve("m.npy"), matrix);
    for (String name : new String[] {"m.csv", "m.npy"}) {
      DMatrixRMaj read = MatrixFiles.read(folder.resolve(name));
      assertThat(read.numRows).isEqualTo(200);
      for (int at = 0; at < matrix.data.length; at++) {
        assertThat(Double.doubleToRawLongBits(read.data[at])).isEqualTo(Double.doubleToRawLongBits(matrix.data[at]));
      }
    }
    try (var left = Files.list(folder)) {
      assertThat(left).hasSize(2);
    }
  }

  @Test
  void csvOfSpreadsheets() throws IOException {
    DMatrixRMaj read = MatrixFiles.read(file("\u00EF\u00BB\u00BF1, 2e-3\r\n-3.5,+4\r\n"));
    assertThat(read.data).containsExactly(1, 2e-3, -3.5, 4);
    assertThat(MatrixFiles.readVector(file("1,2,3"))).containsExactly(1, 2, 3);
    assertThat(MatrixFiles.readVector(file("1\n2\n3\n"))).containsExactly(1, 2, 3);
  }

  @Test
  void npyOfEveryAllowedKind() throws IOException {
    for (int version = 1; version <= 3; version++) {
      for (String type : new String[] {"<f8", ">f8", "<f4", ">f4", "<i8", ">i8", "<i4", ">i4"}) {
        byte[] numbers = numbers(type, 1, 2, 3, 4, 5, 6);
        assertThat(MatrixFiles.read(file(npy(version, header(type, false, "(2, 3)"), numbers))).data)
            .containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(MatrixFiles.read(file(npy(version, header(type, true, "(2, 3)"), numbers))).data)
            .containsExactly(1, 3, 5, 2, 4, 6);
        DMatrixRMaj column = MatrixFiles.read(file(npy(version, header(type, false, "(6,)"), numbers)));
        assertThat(column.numCols).isEqualTo(1);
        assertThat(MatrixFiles.readVector(folder.resolve("matrix"))).containsExactly(1, 2, 3, 4, 5, 6);
      }
    }
  }

  private void refused(byte[] content, String... parts) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> MatrixFiles.read(file))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .message()
        .contains(parts)
        .contains(file.toString(), "it must be")
        .endsWith(".")
        .doesNotContain("\n");
  }

  private void refused(String content, String... parts) throws IOException {
    refused(content.getBytes(StandardCharsets.ISO_8859_1), parts);
  }

  @Test
  void badTextIsRefusedInASentence() throws IOException {
    refused("", "empty");
    refused("1,2\n3\n", "the number of columns in line 2", " is 1; ", "2, as in line 1");
    refused("x,y\n1,2\n", "line 1, column 1", "'x'", "without a header line");
    refused("1,2\n3,NaN\n", "line 2, column 2", "'NaN'", "a finite number");
    refused("1,-Infinity\n", "line 1, column 2");
    refused("1e999\n", "line 1, column 1", "'1e999'");
    refused("1,2\n\n3,4\n", "line 2, column 1", "''");
    refused("1,,2\n", "line 1, column 2");
    refused("1,2,\n", "line 1, column 3");
    refused("1;2\n", "'1;2'");
    refused("0x10\n", "'0x10'");
    refused("1d\n", "'1d'");
    refused("1.2.3\n", "'1.2.3'");
    refused("\u0000\u0001\n", "'??'");
    refused("9".repeat(500) + "\n", "…");
    refused("\u00EF\u00BB\u00BF", "empty");
  }

  @Test
  void badNpyIsRefusedInASentence() throws IOException {
    byte[] six = numbers("<f8", 1, 2, 3, 4, 5, 6);
    byte[] good = npy(1, header("<f8", false, "(2, 3)"), six);
    refused(Arrays.copyOf(good, good.length - 1), "47 bytes", "48 bytes", "cut off");
    refused(Arrays.copyOf(good, good.length + 8), "56 bytes", "48 bytes");
    refused(Arrays.copyOf(good, 30), "the header");
    refused(Arrays.copyOf(good, 7), "magic");
    refused(new byte[] {(byte) 0x93, 'H', 'D', 'F', 0, 0, 0, 0, 0, 0, 0, 0}, "magic");
    refused(npy(4, header("<f8", false, "(2, 3)"), six), "4.0", "1.0, 2.0 or 3.0");
    refused(npy(1, header("|O", false, "(2, 3)"), six), "pickled objects", "never executed");
    refused(npy(1, header("<c16", false, "(3,)"), six), "'<c16'", "float64, float32, int64 or int32");
    refused(npy(1, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (6,), }", six), "a record");
    refused(npy(1, header("<f8", false, "()"), six), "the shape", "'()'");
    refused(npy(1, header("<f8", false, "(1, 2, 3)"), six), "the shape");
    refused(npy(1, header("<f8", false, "(0, 3)"), new byte[0]), "the shape");
    refused(npy(1, header("<f8", false, "(6)"), six), "the shape");
    refused(npy(1, header("<f8", false, "(999999999, 999999999)"), six), "7999999984000000008 bytes");
    refused(npy(1, header("<f8", false, "(99999999999, 3)"), six), "the shape");
    refused(npy(1, "{}", six), "'descr'", "missing");
    refused(npy(2, header("<f8", false, "(2, 3)") + " ".repeat(70_000), six), "the header");
    refused(npy(1, header("<f8", false, "(2, 3)"), numbers("<f8", 1, 2, 3, 4, Double.NaN, 6)), "row 2, column 2", "NaN");
    refused(npy(1, header("<f8", true, "(2, 3)"), numbers("<f8", 1, 2, Double.NaN, 4, 5, 6)), "row 1, column 2", "NaN");
    refused(npy(1, header(">i8", false, "(1,)"), numbers(">i8", 0x1.0p62)), "row 1, column 1", "±2^53");
  }

  @Test
  void missingFilesFoldersAndShapes() throws IOException {
    assertThatThrownBy(() -> MatrixFiles.read(folder.resolve("none.csv")))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll("none.csv", "missing");
    assertThatThrownBy(() -> MatrixFiles.read(folder))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a regular file");
    Path matrix = file("1,2\n3,4\n");
    assertThatThrownBy(() -> MatrixFiles.readVector(matrix)).hasMessageContainingAll("2×2", "one row or one column");
    DMatrixRMaj one = new DMatrixRMaj(new double[][] {{1}});
    assertThatThrownBy(() -> MatrixFiles.writeCsv(folder.resolve("no/m.csv"), one))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the folder");
    assertThatThrownBy(() -> MatrixFiles.writeNpy(folder, one))
        .isExactlyInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a folder");
    assertThatThrownBy(() -> MatrixFiles.writeCsv(matrix, Double.NaN)).hasMessageContaining("NaN");
    assertThat(Files.readString(matrix)).isEqualTo("1,2\n3,4\n");
  }

  @Test
  void dataFromFiles() throws IOException {
    MatrixFiles.writeNpy(folder.resolve("x.npy"), new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}}));
    MatrixFiles.writeCsv(folder.resolve("y.csv"), 1, -1);
    Dataset data = OwnData.readData(folder.resolve("x.npy"), folder.resolve("y.csv"));
    assertThat(data.gram().data).containsExactly(5, 11, 11, 25);
    assertThat(data.labels()).containsExactly(1, -1);
    assertThat(data.provenance().facts()).containsEntry("inputs", "x.npy");
  }

  /** 2,000 files a bit wrong: each is read or refused, quickly, and with one type of exception. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void mutatedFiles() throws IOException {
    RandomStream stream = RandomStream.of(2, "fuzz");
    byte[][] seeds = {
      "1.5,2,-3e-4\n4,5,6\n7,8,9\n".getBytes(StandardCharsets.US_ASCII),
      npy(1, header("<f8", false, "(2, 3)"), numbers("<f8", 1, 2, 3, 4, 5, 6)),
      npy(2, header(">i4", true, "(6,)"), numbers(">i4", 1, 2, 3, 4, 5, 6)),
      npy(3, header("<f4", true, "(3, 2)"), numbers("<f4", 1, 2, 3, 4, 5, 6)),
    };
    int read = 0;
    int refused = 0;
    for (int k = 0; k < 2000; k++) {
      byte[] content = seeds[k % seeds.length].clone();
      int changes = 1 + stream.nextInt(4);
      for (int c = 0; c < changes && content.length > 0; c++) {
        int at = stream.nextInt(content.length);
        switch (stream.nextInt(4)) {
          case 0 -> content[at] = (byte) stream.nextInt(256);
          case 1 -> content[at] ^= (byte) (1 << stream.nextInt(8));
          case 2 -> content = Arrays.copyOf(content, at);
          default -> {
            byte[] longer = Arrays.copyOf(content, content.length + 1 + stream.nextInt(20));
            System.arraycopy(content, at, longer, longer.length - (content.length - at), content.length - at);
            content = longer;
          }
        }
      }
      Path file = file(content);
      try {
        DMatrixRMaj matrix = MatrixFiles.read(file);
        assertThat(matrix.data.length).isEqualTo(matrix.numRows * matrix.numCols).isLessThan(1000);
        assertThat(Arrays.stream(matrix.data)).allMatch(Double::isFinite);
        read++;
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).contains("it must be").endsWith(".").doesNotContain("\n").contains(file.toString());
        assertThat(e.getMessage().length()).isLessThan(300 + 2 * file.toString().length());
        refused++;
      }
    }
    // The mutations are neither harmless nor hopeless.
    assertThat(read).isGreaterThan(100);
    assertThat(refused).isGreaterThan(1000);
  }
}
