package org.liftgrad.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.ejml.data.DMatrixRMaj;
import org.liftgrad.data.MatrixFiles;

/**
 * A Python process that does the same work with another library: one JSON object a line goes in, one comes
 * out (environment/peers). It stays warm between the rounds, and its clock runs on its side only.
 */
final class Peer implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long START_SECONDS = 120;
  private static final long MOST_SECONDS = 1800;

  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;
  private final String library;
  private final String name;

  private Peer(String library, Process process) throws IOException {
    this.library = library;
    this.process = process;
    commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    name = read(START_SECONDS).get("name").asText();
  }

  /**
   * Starts one.
   *
   * @param python the interpreter
   * @param programs environment/peers
   * @param library torch, jax or scipy
   * @return empty where that Python does not have the library; its log says why
   */
  static Optional<Peer> start(String python, Path programs, String library, int threads, Path folder) {
    File log = folder.resolve("peer-" + library + ".log").toFile();
    try {
      Process process =
          new ProcessBuilder(List.of(python, "-u", programs.resolve("peer.py").toString(), library, "" + threads))
              .redirectError(log)
              .start();
      try {
        return Optional.of(new Peer(library, process));
      } catch (IOException | Failure missing) {
        process.destroyForcibly();
        return Optional.empty();
      }
    } catch (IOException noPython) {
      return Optional.empty();
    }
  }

  /** The library and its version. */
  String name() {
    return name;
  }

  /** torch, jax or scipy. */
  String library() {
    return library;
  }

  /** Reads a problem that {@link Instance#export} wrote. */
  void load(Path problem) {
    ask("load", Map.of("folder", problem.toString()));
  }

  /**
   * Does something; what can be done are the methods of the Python classes.
   *
   * @throws Failure where it fails
   */
  JsonNode ask(String what, Map<String, Object> arguments) {
    Map<String, Object> command = new LinkedHashMap<>(arguments);
    command.put("do", what);
    try {
      commands.write(JSON.writeValueAsString(command));
      commands.newLine();
      commands.flush();
      JsonNode answer = read(MOST_SECONDS);
      if (answer.has("failed")) {
        throw new Failure(name + ": " + answer.get("failed").asText());
      }
      return answer;
    } catch (IOException gone) {
      throw new Failure(library + " ended: " + gone.getMessage());
    }
  }

  /**
   * Does something for its time.
   *
   * @return seconds a step; of fewer steps than asked for where those would have taken too long
   */
  double secondsEach(String what, Map<String, Object> arguments) {
    JsonNode answer = ask(what, arguments);
    return answer.get("seconds").asDouble() / answer.get("steps").asLong();
  }

  /** The rows of what a peer saved: states, or speeds. */
  static List<double[]> saved(Path file) {
    DMatrixRMaj matrix = MatrixFiles.read(file);
    List<double[]> rows = new ArrayList<>();
    for (int k = 0; k < matrix.numRows; k++) {
      rows.add(Arrays.copyOfRange(matrix.data, k * matrix.numCols, (k + 1) * matrix.numCols));
    }
    return rows;
  }

  private JsonNode read(long seconds) throws IOException {
    CompletableFuture<String> line =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                String read = answers.readLine();
                return read == null ? "" : read;
              } catch (IOException gone) {
                return "";
              }
            });
    try {
      String read = line.get(seconds, TimeUnit.SECONDS);
      if (read.isEmpty()) {
        throw new Failure(library + " ended without an answer; see its log.");
      }
      return JSON.readTree(read);
    } catch (TimeoutException slow) {
      process.destroyForcibly();
      throw new Failure(library + " did not answer within " + seconds + " s and was ended.");
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new Failure("interrupted");
    } catch (ExecutionException impossible) {
      throw new Failure(String.valueOf(impossible.getCause()));
    }
  }

  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException | InterruptedException ended) {
      process.destroyForcibly();
    }
  }

  /** What a peer could not do. */
  static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    Failure(String message) {
      super(message);
    }
  }
}
