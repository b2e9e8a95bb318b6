package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.liftgrad.cli.Shell.Outcome;
import org.liftgrad.data.MatrixFiles;
import org.liftgrad.data.SubGaussianData;

/** {@code liftgrad sample}. */
class SampleCommandTest {

  @TempDir Path scratch;

  @ParameterizedTest
  @CsvSource({"S", "gaussian"})
  void saysWhatWasDrawnAndHowLongItTook(String law) {
    Outcome outcome = Shell.run("sample", "--points", "50", "--dimension", "1e12", "--law", law, "--eigenvalues", "--warm", "2");
    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("50 points in dimension 1000000000000, 25 neurons, seed 0", "off-diagonal norm", "eigenvalues from")
        .containsPattern("drawn in [0-9.e-]+ s cold, [0-9.e-]+ s warm \\(median of 2\\)");
  }

  @Test
  void writesTheDataThatTheLibraryDraws() throws IOException {
    for (String name : new String[] {"out", "again"}) {
      Outcome outcome =
          Shell.run("sample", "--points", "8", "--dimension", "1e9", "--neurons", "3", "--seed", "7", "--warm", "0",
              "--output", scratch.resolve(name).toString());
      assertThat(outcome.code()).isZero();
      assertThat(outcome.out()).contains(scratch.resolve(name).toString()).doesNotContain("warm");
    }
    assertThat(MatrixFiles.read(scratch.resolve("out/gram.npy")).data)
        .isEqualTo(SubGaussianData.lawS().points(8).dimension(1_000_000_000).exactInLaw().seed(7).build().gram().data);
    assertThat(MatrixFiles.read(scratch.resolve("out/preactivations.npy")).numCols).isEqualTo(3);
    assertThat(MatrixFiles.readVector(scratch.resolve("out/readout.npy"))).hasSize(3);
    assertThat(java.util.Arrays.stream(MatrixFiles.readVector(scratch.resolve("out/weight-norms.npy"))).boxed())
        .allSatisfy(norm -> assertThat(norm).isBetween(0.57, 0.585)); // 1/√3
    Map<String, String> first = Shell.contents(scratch.resolve("out"));
    assertThat(Shell.contents(scratch.resolve("again"))).isEqualTo(first).hasSize(7);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
    "--points 20 --dimension 10               | --points is 20 | at most --dimension, which is 10",
    "--points 0 --dimension 10                | --points is 0  | between 1 and 11585",
    "--points -3 --dimension 10               | --points is -3 | between 1 and 11585",
    "--points 20000 --dimension 1e9           | --points is 20000 | between 1 and 11585",
    "--points 5 --dimension 1e16              | --dimension is 10000000000000000 | between 1 and 1e15",
    "--points 5 --dimension 1e999999999       | '--dimension' | a whole number of at most 18 digits",
    "--points 5 --dimension 1.5               | '1.5' | a whole number",
    "--points five --dimension 10             | 'five' | a whole number",
    "--points 5 --dimension 10 --neurons 0    | --neurons is 0 | between 1 and",
    "--points 5 --dimension 10 --law cauchy   | 'cauchy' | S or gaussian",
    "--points 5 --dimension 10 --warm -1      | --warm is -1 | between 0 and 1000",
    "--points 5 --dimension 10 --seed x       | '--seed' | a whole number",
    "--points 5                               | --dimension | Missing required option",
  })
  void whatCannotBeDrawnIsRefused(String arguments, String value, String allowed) {
    Shell.run(("sample " + arguments).split(" +")).isRefusal(value, allowed);
  }

  @Test
  void anOutputFolderThatCannotBeWrittenIsRefused() throws IOException {
    Path inTheWay = Files.writeString(scratch.resolve("file"), "mine");
    Shell.run("sample", "--points", "5", "--dimension", "10", "--output", inTheWay.toString())
        .isRefusal("--output", "not a folder");
    assertThat(Files.readString(inTheWay)).isEqualTo("mine");
  }
}
