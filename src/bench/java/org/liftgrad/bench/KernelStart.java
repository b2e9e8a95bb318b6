package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.statistics.Summary;

/** N1: what a reader of a notebook waits for, from the start of the kernel to the first figure. */
final class KernelStart implements Job {

  private static final double MOST = 5;

  @Override
  public String id() {
    return "N1";
  }

  @Override
  public List<Bar> run(Setting setting) {
    String work = "kernel start to the first figure";
    String bar = "< " + time(MOST);
    Path checkout = setting.folder().toAbsolutePath().getParent().getParent();
    Path python = checkout.resolve("target/python/bin/python");
    if (!Files.isExecutable(python)) {
      return List.of(Bar.notMeasured(id(), work, bar, "the notebook tools are not installed (environment/reproduce does that)"));
    }
    double[] seconds = seconds(python, checkout.resolve("environment/kernel_start.py"), setting.rounds());
    double median = Summary.median(seconds);
    double most = Arrays.stream(seconds).max().orElseThrow();
    return List.of(
        new Bar(
            id(), work, time(median), "–", time(median) + ", at most " + time(most), bar, Outcome.atMost(most, MOST),
            "start of the JVM, compilation of the cell, a flow of n=20 to L < 1e-6, its picture; the longest of " + seconds.length + " counts"));
  }

  private static double[] seconds(Path python, Path program, int rounds) {
    try {
      Process process =
          new ProcessBuilder(python.toString(), program.toString(), Integer.toString(rounds))
              .redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the kernel showed no figure: " + said);
      }
      return Arrays.stream(said.split(",")).mapToDouble(Double::parseDouble).toArray();
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
