package org.liftgrad.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;

/** Error of the trajectory against time, a line a method. */
final class WorkPrecision {

  static final String NAME = "work-precision";

  private WorkPrecision() {}

  /** Draws it as SVG and PNG, with its numbers as CSV; returns the files. */
  static List<Path> draw(List<FlowAgainstDescent.Point> points, Path folder) {
    Map<String, List<FlowAgainstDescent.Point>> methods = new LinkedHashMap<>();
    for (FlowAgainstDescent.Point point : points) {
      // Logarithmic axes show neither an error of 0 nor one that is not finite.
      if (point.error() > 0 && Double.isFinite(point.error()) && point.drawn()) {
        methods.computeIfAbsent(point.method(), name -> new ArrayList<>()).add(point);
      }
    }
    Figure figure = null;
    for (Map.Entry<String, List<FlowAgainstDescent.Point>> method : methods.entrySet()) {
      double[] seconds = method.getValue().stream().mapToDouble(FlowAgainstDescent.Point::seconds).toArray();
      double[] errors = method.getValue().stream().mapToDouble(FlowAgainstDescent.Point::error).toArray();
      boolean alone = seconds.length == 1 || method.getKey().contains("stopped");
      if (figure == null) {
        figure = Plot.plot(seconds, errors).named(method.getKey());
      } else if (alone) {
        figure = figure.points(method.getKey(), seconds, errors);
      } else {
        figure = figure.line(method.getKey(), seconds, errors);
      }
    }
    if (figure == null) {
      return List.of();
    }
    Figure whole =
        figure.logLog().xLabel("time [s]").yLabel("largest relative error of U over the run")
            .title("n = 100, d = 10⁴, p = 31, until the loss is 1e-10").size(860, 520);
    try {
      Path csv = folder.resolve(NAME + ".csv");
      Files.writeString(csv, whole.data());
      return List.of(whole.save(folder.resolve(NAME + ".svg")), whole.save(folder.resolve(NAME + ".png")), csv);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
