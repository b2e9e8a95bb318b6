package org.liftgrad.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.cli.Shell.Outcome;
import org.liftgrad.data.MatrixFiles;

/** {@code liftgrad flow}: known answers, the same bytes again, and everything it refuses. */
class FlowCommandTest {

  @TempDir Path scratch;
  private Path folder;
  private final Map<String, String> options = new LinkedHashMap<>();

  @BeforeEach
  void aSmallProblem() throws IOException {
    folder = Files.createDirectory(scratch.resolve("with a space"));
    option("--inputs", file("X.csv", "1,0.1\n0.2,1\n-0.5,0.7\n"));
    option("--labels", file("y.csv", "1\n-1\n0.5\n"));
    option("--weights", file("W.csv", "0.3,0.2\n-0.1,0.4\n"));
    option("--readout", file("a.csv", "0.5\n-0.6\n"));
    option("--time", "10");
    option("--output", folder.resolve("out"));
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private void option(String name, Object value) {
    options.put(name, String.valueOf(value));
  }

  private Outcome run() {
    List<String> line = new ArrayList<>(List.of("flow"));
    options.forEach((name, value) -> line.addAll(List.of(name, value)));
    return Shell.run(line.toArray(String[]::new));
  }

  private JsonNode record() throws IOException {
    return new ObjectMapper().readTree(folder.resolve("out/run.json").toFile());
  }

  // ---------------------------------------------------------------- known answers

  private Path knownCase(String name, double time) {
    String cases = System.getProperty("liftgrad.cases", "");
    Assumptions.assumeTrue(!cases.isBlank(), "the system property liftgrad.cases does not say where the cases are");
    Path known = Path.of(cases, name);
    for (String part : List.of("inputs", "labels", "weights", "readout")) {
      option("--" + part, known.resolve(part + ".csv"));
    }
    option("--time", time);
    return known;
  }

  @ParameterizedTest
  @CsvSource({"flow-1, 60", "flow-2, 40"})
  void theFinalStateIsTheKnownOneAndTheSameBytesAgain(String name, double time) throws IOException {
    Path known = knownCase(name, time);
    Outcome outcome = run();

    assertThat(outcome.error()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out()).contains("t = " + (int) time + ":", folder.resolve("out").toString());
    for (String part : List.of("weights", "readout")) {
      assertThat(largestDifference(folder.resolve("out/" + part + ".csv"), known.resolve(part + "-final.csv")))
          .isLessThan(1e-9);
    }
    List<String> trajectory = Files.readAllLines(folder.resolve("out/trajectory.csv"));
    assertThat(trajectory.get(0)).isEqualTo("time,loss,curvature,sliding pairs,conservation drift");
    assertThat(trajectory.subList(1, trajectory.size()))
        .allSatisfy(row -> assertThat(Double.parseDouble(row.split(",")[4])).isLessThan(1e-8));
    assertThat(record().at("/ended/conservationDrift").asDouble()).isLessThan(1e-8);

    Map<String, String> first = Shell.contents(folder.resolve("out"));
    option("--output", folder.resolve("again"));
    run();
    assertThat(Shell.contents(folder.resolve("again"))).isEqualTo(first).hasSize(5);
  }

  private static double largestDifference(Path left, Path right) {
    double[] found = MatrixFiles.read(left).data;
    double[] known = MatrixFiles.read(right).data;
    assertThat(found).hasSameSizeAs(known);
    double most = 0;
    for (int k = 0; k < known.length; k++) {
      most = Math.max(most, Math.abs(found[k] - known[k]));
    }
    return most;
  }

  @ParameterizedTest
  @CsvSource({"flow-1, 60", "flow-2, 40"})
  void npyGivesTheSameBytesAsCsv(String name, double time) throws IOException {
    knownCase(name, time);
    run();
    Map<String, String> text = Shell.contents(folder.resolve("out"));
    for (String part : List.of("inputs", "labels", "weights", "readout")) {
      DMatrixRMaj matrix = MatrixFiles.read(Path.of(options.get("--" + part)));
      MatrixFiles.writeNpy(folder.resolve(part + ".npy"), matrix);
      option("--" + part, folder.resolve(part + ".npy"));
    }
    option("--output", folder.resolve("npy"));
    run();
    Map<String, String> binary = Shell.contents(folder.resolve("npy"));
    assertThat(binary.get("run.json")).contains("inputs.npy");
    // The record names the files it read; the rest is the same.
    binary.remove("run.json");
    text.remove("run.json");
    assertThat(binary).isEqualTo(text).hasSize(4);
  }

  // ---------------------------------------------------------------- what it writes

  @Test
  void theRecordSaysWhatRanOnWhatAndHolds() throws IOException {
    run();
    JsonNode record = record();
    assertThat(record.at("/inputs/0/name").asText()).isEqualTo("X.csv");
    assertThat(record.at("/inputs/0/sha256").asText()).isEqualTo(InputFile.sha256(folder.resolve("X.csv")));
    assertThat(record.at("/inputs/2/columns").asInt()).isEqualTo(2);
    assertThat(record.at("/ended/ending").asText()).isEqualTo("TIME_REACHED");
    assertThat(record.at("/asked/tolerance").asDouble()).isEqualTo(1e-10);
    assertThat(record.at("/provenance/method").asText()).isEqualTo("exact flow");
    for (String name : List.of("weights.csv", "readout.csv", "trajectory.csv")) {
      assertThat(record.at("/sha256/" + name).asText()).isEqualTo(InputFile.sha256(folder.resolve("out/" + name)));
    }
    // No path of this machine.
    assertThat(record.toString()).doesNotContain(scratch.toString());
  }

  @Test
  void theTrajectoryIsTakenWhereAsked() throws IOException {
    option("--every", "4");
    run();
    assertThat(Files.readAllLines(folder.resolve("out/trajectory.csv")).stream().map(row -> row.split(",")[0]))
        .containsExactly("time", "0", "4", "8", "10");
  }

  @Test
  void descentGoesTheSameWay() throws IOException {
    run();
    double[] flow = MatrixFiles.read(folder.resolve("out/weights.csv")).data;
    option("--method", "descent:1e-4");
    assertThat(run().code()).isZero();
    double[] descent = MatrixFiles.read(folder.resolve("out/weights.csv")).data;
    for (int k = 0; k < flow.length; k++) {
      assertThat(descent[k]).isNotEqualTo(flow[k]).isCloseTo(flow[k], org.assertj.core.data.Offset.offset(1e-3));
    }
    assertThat(record().at("/asked/tolerance").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"exact", "descent:0.001"})
  void aResumedRunWritesTheSameFiles(String method) throws IOException {
    option("--method", method);
    assertThat(run().code()).isZero();
    Map<String, String> whole = Shell.contents(folder.resolve("out"));

    option("--time", "4.5");
    option("--checkpoint", folder.resolve("run.checkpoint"));
    assertThat(run().code()).isZero();
    assertThat(Shell.contents(folder.resolve("out"))).isNotEqualTo(whole);
    option("--time", "10");
    option("--resume", folder.resolve("run.checkpoint"));
    assertThat(run().code()).isZero();
    assertThat(Shell.contents(folder.resolve("out"))).isEqualTo(whole);
    // It was replaced by one of the later end, from which nothing is left to do.
    options.remove("--checkpoint");
    assertThat(run().code()).isZero();
    assertThat(Shell.contents(folder.resolve("out"))).isEqualTo(whole);
  }

  @Test
  void aRunAtItsStepLimitIsKept() throws IOException {
    option("--every", "2.5");
    assertThat(run().code()).isZero();
    Map<String, String> whole = Shell.contents(folder.resolve("out"));
    whole.remove("run.json");
    option("--maximum-steps", "3");
    option("--checkpoint", folder.resolve("run.checkpoint"));
    Outcome stopped = run();
    assertThat(stopped.code()).isEqualTo(1);
    assertThat(stopped.error())
        .hasLineCount(1)
        .contains("flow: the run is kept in ", "run.checkpoint at t = ", " of 10; go on with --resume ", "step limit");
    options.remove("--maximum-steps");
    option("--resume", folder.resolve("run.checkpoint"));
    assertThat(run().code()).isZero();
    Map<String, String> resumed = Shell.contents(folder.resolve("out"));
    resumed.remove("run.json");
    assertThat(resumed).isEqualTo(whole);
  }

  @Test
  void aCheckpointThatDoesNotFitIsRefused() throws IOException {
    option("--checkpoint", folder.resolve("missing/run.checkpoint"));
    assertRefused("--checkpoint", "in an existing folder");
    option("--checkpoint", folder.resolve("W.csv"));
    assertRefused("--checkpoint", "which is the file of --weights");
    option("--checkpoint", folder.resolve("run.checkpoint"));
    assertThat(run().code()).isZero();
    options.remove("--checkpoint");
    option("--resume", folder.resolve("none.checkpoint"));
    assertRefused("--resume", "none.checkpoint, which cannot be read");
    option("--resume", folder.resolve("W.csv"));
    assertRefused("--resume", "is none", "one that Liftgrad wrote");
    option("--resume", folder.resolve("run.checkpoint"));
    option("--time", "3");
    assertRefused("--resume run.checkpoint", "the time of the checkpoint");
    option("--time", "20");
    option("--activation", "leaky:0.1");
    assertRefused("--resume run.checkpoint", "network is", "the one of the checkpoint");
    options.remove("--activation");
    option("--tolerance", "1e-8");
    assertRefused("--resume run.checkpoint", "tolerance is 1.0E-8");
  }

  @Test
  void aLeakChangesTheFlowAndIsRecorded() throws IOException {
    run();
    double[] relu = MatrixFiles.read(folder.resolve("out/weights.csv")).data;
    option("--activation", "leaky:0.25");
    assertThat(run().code()).isZero();
    double[] flow = MatrixFiles.read(folder.resolve("out/weights.csv")).data;
    assertThat(flow).isNotEqualTo(relu);
    assertThat(record().at("/asked/activation").asText()).isEqualTo("leaky relu 0.25");
    assertThat(record().at("/ended/conservationDrift").asDouble()).isLessThan(1e-12);
    option("--method", "descent:1e-4");
    assertThat(run().code()).isZero();
    double[] descent = MatrixFiles.read(folder.resolve("out/weights.csv")).data;
    for (int k = 0; k < flow.length; k++) {
      assertThat(descent[k]).isNotEqualTo(flow[k]).isCloseTo(flow[k], org.assertj.core.data.Offset.offset(1e-3));
    }
  }

  @Test
  void anEarlierRunIsReplacedAndOtherFilesStay() throws IOException {
    Files.createDirectories(folder.resolve("out/notes"));
    file("out/notes/mine.txt", "mine");
    file("out/weights.csv", "old");
    assertThat(run().code()).isZero();
    Map<String, String> left = Shell.contents(folder.resolve("out"));
    assertThat(left).containsEntry("notes/mine.txt", "mine").containsKey("run.json").hasSize(7);
    assertThat(left.get("weights.csv")).isNotEqualTo("old");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
    "exact           | 3        | The step limit was reached first",
    "descent:0.001   | 100      | The step limit was reached first",
    "descent:1000    | 10000000 | The state is no longer finite"
  })
  void aRunThatEndsEarlierSaysWhyAndWritesNothing(String method, String limit, String advice) throws IOException {
    option("--time", "1e6");
    option("--method", method);
    option("--maximum-steps", limit);
    Files.createDirectory(folder.resolve("out"));
    file("out/weights.csv", "of an earlier run");
    Map<String, String> before = Shell.contents(folder);
    Outcome outcome = run();
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.error()).contains("nothing was written", advice).hasLineCount(1);
    assertThat(Shell.contents(folder)).isEqualTo(before);
  }

  @Test
  void anInterruptedThreadWritesNothing() throws IOException {
    Map<String, String> before = Shell.contents(folder);
    Thread.currentThread().interrupt();
    Outcome outcome = run();
    Thread.interrupted();
    // The first file that is read notices, or the first step.
    assertThat(outcome.code()).isIn(2, 130);
    assertThat(outcome.out()).isEmpty();
    assertThat(Shell.contents(folder)).isEqualTo(before);
  }

  // ---------------------------------------------------------------- what it refuses

  static Stream<Arguments> files() {
    String header = "finite number in a comma-separated file without a header line";
    return Stream.of(
        arguments("labels too few", "y.csv", "1\n-1\n", new String[] {"--labels", "y.csv of 2×1", "3 numbers", "X.csv of 3×2"}),
        arguments("labels no vector", "y.csv", "1,2\n3,4\n", new String[] {"--labels", "y.csv of 2×2", "one row or one column"}),
        arguments("weights too wide", "W.csv", "1,2,3\n", new String[] {"--weights", "W.csv of 1×3", "2 columns", "X.csv of 3×2"}),
        arguments("readout too long", "a.csv", "1\n2\n3\n", new String[] {"--readout", "a.csv of 3×1", "2 numbers", "W.csv of 2×2"}),
        arguments("NaN input", "X.csv", "1,0\nNaN,1\n0,1\n", new String[] {"--inputs", "line 2, column 1", "NaN", header}),
        arguments("infinite label", "y.csv", "1\nInfinity\n2\n", new String[] {"--labels", "line 2, column 1", "Infinity", header}),
        arguments("overflowing weight", "W.csv", "1,2\n3,1e999\n", new String[] {"--weights", "line 2, column 2", "1e999", header}),
        arguments("NaN readout", "a.csv", "nan\n1\n", new String[] {"--readout", "line 1, column 1", "nan", header}),
        arguments("huge weights", "W.csv", "1e200,1\n1,1\n", new String[] {"--weights W.csv", "finite"}),
        arguments("huge inputs", "X.csv", "1e200,1\n1,1\n1,2\n", new String[] {"--inputs X.csv", "squared norm of input 0"}),
        arguments("empty", "X.csv", "", new String[] {"--inputs", "X.csv is empty", "at least one number"}),
        arguments("no rows", "X.csv", "\n", new String[] {"--inputs", "line 1", header}),
        arguments("ragged", "X.csv", "1,2\n3\n", new String[] {"--inputs", "columns in line 2", "is 1", "2, as in line 1"}),
        arguments("header line", "X.csv", "x1,x2\n1,2\n", new String[] {"--inputs", "line 1, column 1", "'x1'", header}),
        arguments("empty line", "X.csv", "1,2\n\n3,4\n", new String[] {"--inputs", "line 2, column 1", header}),
        arguments("row of zeros", "X.csv", "1,2\n0,0\n1,0\n", new String[] {"--inputs X.csv", "input 1 is 0", "above 0"}),
        arguments("parallel inputs", "X.csv", "1,2\n-2,-4\n1,0\n", new String[] {"--inputs X.csv", "0 and 1", "parallel"}),
        arguments("all weights zero", "W.csv", "0,0\n0,0\n", new String[] {"--weights W.csv", "all 0"}),
        arguments("cut-off npy", "X.csv", "\u0093NUMPY", new String[] {"--inputs", "X.csv", ".npy"}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void aFileThatCannotBeUsedIsRefused(String what, String name, String content, String[] words) throws IOException {
    Files.writeString(folder.resolve(name), content, java.nio.charset.StandardCharsets.ISO_8859_1);
    assertRefused(words);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        arguments("--time", "0", new String[] {"above 0"}),
        arguments("--time", "-1", new String[] {"above 0"}),
        arguments("--time", "1e999", new String[] {"Infinity", "finite"}),
        arguments("--time", "NaN", new String[] {"a number such as"}),
        arguments("--time", "soon", new String[] {"a number such as"}),
        arguments("--time", "two\nlines", new String[] {"'two lines'", "a number such as"}),
        arguments("--tolerance", "0", new String[] {"between 1.0E-14 and 1.0E-4"}),
        arguments("--tolerance", "-1e-8", new String[] {"between 1.0E-14 and 1.0E-4"}),
        arguments("--tolerance", "1e-15", new String[] {"between 1.0E-14 and 1.0E-4"}),
        arguments("--tolerance", "0.01", new String[] {"between 1.0E-14 and 1.0E-4"}),
        arguments("--tolerance", "tight", new String[] {"a number such as"}),
        arguments("--every", "0", new String[] {"above 0"}),
        arguments("--every", "11", new String[] {"--time itself, which is 10"}),
        arguments("--every", "1e-9", new String[] {"--time itself, which is 10"}),
        arguments("--method", "rk4", new String[] {"exact, event-by-event, neuron-by-neuron, or descent:STEP"}),
        arguments("--method", "descent:", new String[] {"exact, event-by-event, neuron-by-neuron, or descent:STEP"}),
        arguments("--method", "descent:0", new String[] {"exact, event-by-event, neuron-by-neuron, or descent:STEP"}),
        arguments("--method", "descent:11", new String[] {"at most --time, which is 10"}),
        arguments("--activation", "tanh", new String[] {"relu or leaky:SLOPE"}),
        arguments("--activation", "leaky:1", new String[] {"relu or leaky:SLOPE"}),
        arguments("--activation", "leaky:-0.1", new String[] {"relu or leaky:SLOPE"}),
        arguments("--maximum-steps", "0", new String[] {"at least 1"}),
        arguments("--maximum-steps", "2.5", new String[] {"a whole number"}),
        arguments("--steps", "7", new String[] {"Unknown option"}));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("values")
  void aValueThatCannotBeUsedIsRefused(String option, String value, String[] words) throws IOException {
    option(option, value);
    List<String> all = new ArrayList<>(List.of(words));
    all.add(option);
    assertRefused(all.toArray(String[]::new));
  }

  @Test
  void severalUnreadableNumbersAreRefused() throws IOException {
    option("--time", "soon");
    option("--tolerance", "tight");
    assertRefused("--time", "'soon'");
  }

  @Test
  void aToleranceOfDescentIsRefused() throws IOException {
    option("--method", "descent:0.1");
    option("--tolerance", "1e-8");
    assertRefused("--tolerance", "left out");
  }

  @Test
  void aStartOnTheUnstableBoundaryIsRefused() throws IOException {
    // ⟨w, x_0⟩ = 0 repels: inactive it goes down by input 1, active up by its own residual.
    file("X.csv", "1,0\n-0.5,1\n");
    file("y.csv", "3\n2\n");
    file("W.csv", "0,1\n");
    file("a.csv", "1\n");
    assertRefused("--weights W.csv", "the start is on the boundary of neuron 0 and point 0", "off it");
  }

  @Test
  void missingFilesAndFoldersAreRefused() throws IOException {
    option("--weights", folder.resolve("nowhere.csv"));
    assertRefused("--weights", "nowhere.csv is missing", "an existing file");
    option("--weights", folder);
    assertRefused("--weights", folder.toString(), "a file, not a folder");
  }

  @Test
  void aMissingOptionIsRefused() throws IOException {
    options.remove("--labels");
    options.remove("--time");
    assertRefused("--labels", "--time");
  }

  @Test
  void anOutputFolderThatCannotBeWrittenIsRefused() throws IOException {
    option("--output", file("in the way", "mine"));
    assertRefused("--output", "in the way", "not a folder");
    option("--output", folder.resolve("nowhere/out"));
    assertRefused("--output", "nowhere", "in an existing one");
    Files.createDirectories(folder.resolve("out/run.json"));
    option("--output", folder.resolve("out"));
    assertRefused("--output", "run.json is a folder");
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("gone"));
    option("--output", folder.resolve("dangling"));
    assertRefusal(run(), "--output", "not a folder");
    // Not even root may write there.
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    option("--output", "/proc/liftgrad");
    assertRefusal(run(), "--output", "/proc/liftgrad", "cannot be written");
    option("--output", "/proc");
    assertRefusal(run(), "--output", "/proc", "cannot be written");
  }

  @Test
  void anInputIsNeverWrittenOver() throws IOException {
    Files.createDirectory(folder.resolve("out"));
    option("--weights", file("out/weights.csv", "0.3,0.2\n-0.1,0.4\n"));
    assertRefused("--output", "weights.csv is the file of --weights", "another folder");
  }

  private void assertRefused(String... words) throws IOException {
    Map<String, String> before = Shell.contents(folder);
    assertRefusal(run(), words);
    assertThat(Shell.contents(folder)).isEqualTo(before);
  }

  private static void assertRefusal(Outcome outcome, String... words) {
    outcome.isRefusal(words);
  }
}
