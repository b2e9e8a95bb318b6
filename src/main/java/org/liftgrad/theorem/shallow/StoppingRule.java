package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;
import org.liftgrad.data.OrthogonalData;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Proportion;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;
import org.liftgrad.theorem.shallow.Training.Way;

/** E1e: does a run that meets the stopping rule L &lt; 1/(2n) go on to L = 0? */
final class StoppingRule {

  private static final double FITTED = 1e-8;
  private static final String ORTHOGONAL = "orthogonal";
  private static final String LAW_S = "law S";
  /** On orthogonal inputs the rate is at least of order 1/n, so this many n are enough. */
  private static final double TIMES_POINTS = 200;
  /** The labels of the control. */
  private static final double LEAST_LABEL = 0.05;
  private static final double MOST_LABEL = 0.5;
  /** The least share, of a width's runs, that broke the rule with the control in place: n = 20, half width, seed 1000. */
  private static final double SHARE_BROKEN = 0.4;
  /** And the largest part of the papers' width for which that was seen. */
  private static final double NARROW = 0.5;

  private StoppingRule() {}

  static Check check() {
    return Check.named("shallow/E1e", "The stopping rule", "shallow/experiment-1.0")
        .asks("Does every run that meets L < 1/(2n) go on to L < 1e-8?")
        .holdsIf(
            "on orthogonal inputs no flow that reaches L < 1/(2n) fails to reach L < 1e-8 within " + Numbers.rounded(TIMES_POINTS, 3)
                + " n (the theory says none, as no residual is then as large as its label, so that every point has a correct neuron);"
                + " descent and law S are reported")
        .control(
            "the hypothesis that labels have size 1 and more", "sizes from " + LEAST_LABEL + " to " + MOST_LABEL + " with the same goal 1/(2n)")
        .plan(Scale.QUICK, plan(List.of(20), List.of(0.5, 1.0), List.of(30), 10, 6, List.of("flow", "descent")))
        .plan(Scale.PAPER, plan(List.of(20, 50, 100), List.of(0.5, 1.0), List.of(20, 30, 40, 50), 10, 200, List.of("flow", "descent")))
        .plan(
            Scale.BEYOND,
            plan(List.of(20, 50, 100, 200), List.of(0.5, 1.0), List.of(20, 30, 40, 50, 60), 10, 1000, List.of("flow", "descent")))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(StoppingRule::assurance)
        .runs(StoppingRule::run);
  }

  private static Parameters plan(
      List<Integer> points, List<Double> widthFactors, List<Integer> correlatedPoints, int dimension, int runs, List<String> by) {
    return Parameters.none()
        .wholes("points", points, 2, Size.MOST_POINTS, "numbers of orthogonal points n")
        .numbers("widthFactors", widthFactors, 0.05, 100, "widths p of these over ⌊log(n/0.05)/log(4/3)⌋ + 1")
        .wholes("correlatedPoints", correlatedPoints, 2, Size.MOST_POINTS, "numbers of points n of law S, with p = 30")
        .whole("dimension", dimension, 2, 1000, "the dimension d of law S")
        .number("after", 20, 1, 1e6, "how long law S is followed after the stop, over the authors' cap")
        .whole("runs", runs, 1, 1_000_000, "runs a cell, each with data and start of its own")
        .words("by", by, List.of("descent", "flow"), "descent: step 1 on p L, as the authors; flow: exact, from the same starts; it is judged");
  }

  private record Cell(String data, int points, int dimension, int neurons, double widthFactor, Way way) {}

  private static List<Cell> cells(Parameters plan) {
    List<Cell> cells = new ArrayList<>();
    for (Way way : Way.values()) {
      if (!way.in(plan)) {
        continue;
      }
      for (int points : plan.wholes("points")) {
        for (double factor : plan.numbers("widthFactors")) {
          int neurons = Math.max(1, (int) Math.round(factor * Width.widthFor(points, 0.05)));
          cells.add(new Cell(ORTHOGONAL, points, points, neurons, factor, way));
        }
      }
      for (int points : plan.wholes("correlatedPoints")) {
        cells.add(new Cell(LAW_S, points, plan.whole("dimension"), 30, Double.NaN, way));
      }
    }
    return cells;
  }

  private static Assurance assurance(Parameters plan) {
    long narrow = Arrays.stream(plan.numbers("widthFactors")).filter(factor -> factor <= NARROW).count();
    if (!Way.FLOW.in(plan) || narrow == 0) {
      return new Assurance(0, 0, "A verdict needs the flow, and a width of at most half the papers'.");
    }
    return Assurance.deterministic(
        narrow * plan.wholes("points").length * plan.whole("runs"), SHARE_BROKEN,
        "orthogonal inputs, n = 20, half the papers' width, seed 1000");
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Cell> cells = cells(plan);
    int runs = plan.whole("runs");
    List<Row> rows = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
    List<String> said = new ArrayList<>();
    List<Row> table = new ArrayList<>();
    int judged = 0;
    int exceptions = 0;
    for (int c = 0; c < cells.size(); c++) {
      Cell cell = cells.get(c);
      List<Row> stopped = rows.subList(c * runs, (c + 1) * runs).stream().filter(row -> row.yes("stopped")).toList();
      int lost = (int) stopped.stream().filter(row -> !row.yes("fitted")).count();
      if (cell.data.equals(ORTHOGONAL) && cell.way == Way.FLOW) {
        judged += stopped.size();
        exceptions += lost;
      }
      String name = cell.data + ", n = " + cell.points + ", p = " + cell.neurons + ", " + cell.way;
      said.add(
          name + ": " + lost + " of " + stopped.size()
              + (stopped.isEmpty() || cell.data.equals(ORTHOGONAL)
                  ? ""
                  : " (at most " + Numbers.rounded(100 * new Proportion(lost, stopped.size()).upperBound(0.95), 2) + " %)"));
      for (Row row : stopped) {
        table.add(
            Row.start().and("time of the stop, over the cap", row.number("stopped at") / row.number("cap"))
                .and("of", cell.data + ", " + cell.way).and("loss at the end", Math.max(row.number("loss"), 1e-12)));
      }
    }
    Finding finding =
        (judged == 0 ? Finding.reported(rows) : Finding.judged(exceptions == 0, rows))
            .measured("flows on orthogonal inputs that met the stopping rule and did not go on to 1e-8", exceptions)
            .predicted(0)
            .explained(
                "Of the runs that met the rule, these did not go on: " + String.join("; ", said)
                    + (judged == 0 ? ". No flow on orthogonal inputs met it." : "."));
    return finding.figure(
        table.isEmpty()
            ? Plot.plot(Row.table("E1e", rows)).x("cap").points("loss").logY().title("No run met the stopping rule")
            : Plot.plot(Row.table("E1e", table)).x("time of the stop, over the cap").by("of").points("loss at the end").logY()
                .title("After the stopping rule L < 1/(2n)"));
  }

  private static ShallowNetwork start(Trial trial, Cell cell, int replicate) {
    if (cell.data.equals(LAW_S)) {
      return Starts.lawS(trial, cell.points, cell.dimension, cell.neurons, replicate);
    }
    long[] address = {cell.points, cell.neurons, replicate};
    OrthogonalData law = OrthogonalData.orthogonalData().points(cell.points).seed(trial.seed("data", address));
    Dataset data = (trial.controlled() ? law.labels(Labels.signed(LEAST_LABEL, MOST_LABEL)) : law).build();
    return ShallowNetworks.shallowNetwork(data).neurons(cell.neurons).dominantReadout().seed(trial.seed("start", address)).build();
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    ShallowNetwork start = start(trial, cell, replicate);
    double cap = Training.cap(cell.points, cell.neurons);
    boolean orthogonal = cell.data.equals(ORTHOGONAL);
    // Law S as the authors stop it; on orthogonal inputs the theory knows no cap.
    double end = orthogonal ? TIMES_POINTS * cell.points : cap;
    Solution stop = Training.until(Training.goal(cell.points), cell.way, Training.training(start, cell.way, end));
    boolean stopped = Training.reached(stop);
    Solution last = stop;
    if (stopped) {
      double further = orthogonal ? TIMES_POINTS * cell.points : plan(trial, "after") * cap;
      last = Training.until(FITTED, cell.way, Training.training(start, cell.way, Math.ceil(stop.time()) + further));
    }
    return Row.start()
        .and("data", cell.data)
        .and("points", cell.points)
        .and("dimension", cell.dimension)
        .and("neurons", cell.neurons)
        .and("by", cell.way.toString())
        .and("run", replicate)
        .and("well initialised", start.wellInitialised())
        .and("cap", cap)
        .and("stopped", stopped)
        .and("stopped at", stop.time())
        .and("fitted", stopped && Training.reached(last))
        .and("loss", last.loss())
        .and("time", last.time())
        .and("ending", last.ending().toString());
  }

  private static double plan(Trial trial, String name) {
    return trial.parameters().number(name);
  }
}
