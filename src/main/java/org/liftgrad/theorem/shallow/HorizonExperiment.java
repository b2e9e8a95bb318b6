package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.distribution.continuous.NormalDistribution;
import org.liftgrad.flow.GradientFlow;
import org.liftgrad.flow.Solution;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.statistics.Bootstrap;
import org.liftgrad.statistics.Interval;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;
import org.liftgrad.theorem.shallow.Training.Way;

/** E1d: does the threshold N(d, p) stay where it is when runs may take longer? */
final class HorizonExperiment {

  private static final double LEVEL = 0.95;
  private static final int RESAMPLES = 1000;
  /** The threshold has settled where the last cap raises it by less than this factor. */
  private static final double MOST_GROWTH = 1.05;
  /** The last cap must be so much longer than the one before. */
  private static final double LEAST_STRETCH = 3;
  /** The growth with the factor p left out, and its standard deviation times √runs: d = 10, caps 3 and 10, 8 runs, seed 1000. */
  private static final double CONTROLLED_GROWTH = 1.15;
  private static final double CONTROLLED_SPREAD = 0.136;

  private HorizonExperiment() {}

  static Check check() {
    return Check.named("shallow/E1d", "The threshold and the horizon", "shallow/experiment-1.1", "shallow/experiment-1.0")
        .asks("Is N(d, p) a threshold of convergence: does it stay where it is when the cap is raised?")
        .holdsIf(
            "for every d, N at the largest multiple of the authors' cap is less than " + MOST_GROWTH
                + " times N at the one before it; descent is judged, or the flow where it is asked for alone;"
                + " where that is so but an N is cut off by the sizes that are tried, it only reports")
        .control("the mechanism: the factor p of θ' = −p∇L is left out", "every horizon 1/p as long")
        .plan(
            Scale.QUICK,
            plan(List.of(10), List.of(1.0, 3.0, 10.0), List.of(2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0), 6, List.of("descent"), List.of(10), 2))
        .plan(
            Scale.PAPER,
            plan(
                List.of(10, 20, 40), List.of(1.0, 3.0, 10.0, 50.0, 250.0), List.of(2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 24.0), 16,
                List.of("descent", "flow"), List.of(10), 4))
        .plan(
            Scale.BEYOND,
            plan(
                List.of(10, 20, 40, 80), List.of(1.0, 3.0, 10.0, 50.0, 250.0, 1000.0),
                List.of(2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 25.0, 30.0), 40, List.of("descent", "flow"), List.of(10, 20), 10))
        .recorded(Scale.QUICK, Verdict.FAILS)
        .recorded(Scale.PAPER, Verdict.FAILS)
        .assured(HorizonExperiment::assurance)
        .runs(HorizonExperiment::run);
  }

  private static Parameters plan(
      List<Integer> dimensions, List<Double> caps, List<Double> multiples, int runs, List<String> by,
      List<Integer> flowDimensions, int flowRuns) {
    return Parameters.none()
        .wholes("dimensions", dimensions, 2, 1000, "dimensions d")
        .whole("neurons", 30, 1, 100_000, "the number of neurons p")
        .numbers("caps", caps, 1e-3, 1e6, "horizons, over the authors' cap")
        .numbers("multiples", multiples, 0.5, 1000, "numbers of points n, over d; rounded")
        .whole("runs", runs, 2, 100_000, "runs a size by descent, each with data and start of its own")
        .words("by", by, List.of("descent", "flow"), "descent: step 1 on p L, as the authors; flow: exact, from the same starts")
        .wholes("flowDimensions", flowDimensions, 2, 1000, "those of the dimensions that the flow is run at")
        .whole("flowRuns", flowRuns, 2, 100_000, "runs a size by the flow");
  }

  private record Cell(int dimension, int points, Way way) {}

  private static double[] caps(Parameters plan) {
    return Arrays.stream(plan.numbers("caps")).distinct().sorted().toArray();
  }

  private static double[] multiples(Parameters plan) {
    return Arrays.stream(plan.numbers("multiples")).distinct().sorted().toArray();
  }

  private static int points(double multiple, int dimension) {
    return (int) Math.max(2, Math.round(multiple * dimension));
  }

  private static boolean judges(Parameters plan) {
    double[] caps = caps(plan);
    return caps.length >= 2
        && multiples(plan).length >= 2
        && caps[caps.length - 1] >= LEAST_STRETCH * caps[caps.length - 2];
  }

  private static Assurance assurance(Parameters plan) {
    if (!judges(plan)) {
      return new Assurance(1, 0, "A verdict needs two sizes and two caps, the last three times the one before.");
    }
    int runs = plan.whole(Way.DESCENT.in(plan) ? "runs" : "flowRuns");
    return new Assurance(
        0,
        new NormalDistribution()
            .cumulativeProbability((CONTROLLED_GROWTH - MOST_GROWTH) / (CONTROLLED_SPREAD / Math.sqrt(runs))),
        "Where a threshold has settled, no run that fails by the last cap but one succeeds by the last; both are read off the same"
            + " runs, so the growth is then 1 exactly. With the factor left out every cap is 1/p as long, and N grew by a factor of "
            + CONTROLLED_GROWTH + " from 3 to 10 caps, with a standard deviation of " + CONTROLLED_SPREAD
            + "/√runs (d = 10, seed 1000); it grows faster between later caps.");
  }

  // ---------------------------------------------------------------- the runs

  /** Thresholds of one way and dimension, a cap each. */
  private record Curve(Way way, int dimension, double[] caps, List<Threshold> thresholds, int runs) {

    Threshold last() {
      return thresholds.get(caps.length - 1);
    }

    double[] values() {
      return thresholds.stream().mapToDouble(each -> each.ofAll(runs)).toArray();
    }

    double[] overDimension() {
      return Arrays.stream(values()).map(each -> each / dimension).toArray();
    }

    double growth() {
      return last().ofAll(runs) / thresholds.get(caps.length - 2).ofAll(runs);
    }

    Interval growthInterval(Trial trial) {
      return Bootstrap.seed(trial.seed("bootstrap", way.ordinal(), dimension))
          .resamples(RESAMPLES)
          .ofIndices(runs, drawn -> last().of(drawn) / thresholds.get(caps.length - 2).of(drawn), LEVEL);
    }

    Interval lastInterval(Trial trial) {
      return Bootstrap.seed(trial.seed("bootstrap of the last", way.ordinal(), dimension))
          .resamples(RESAMPLES)
          .ofIndices(runs, last()::of, LEVEL);
    }

    String name() {
      return "d = " + dimension + ", " + way;
    }

    String said(Trial trial) {
      List<String> each = new ArrayList<>();
      double[] values = values();
      for (int k = 0; k < caps.length; k++) {
        each.add(Numbers.rounded(caps[k], 4) + "×: " + Numbers.rounded(values[k], 4));
      }
      Interval last = lastInterval(trial);
      return name() + ": N at " + String.join(", ", each) + " (" + Numbers.rounded(last.lower(), 4) + " to "
          + Numbers.rounded(last.upper(), 4) + ")" + (caps.length < 2 ? "" : ", growth at last " + Numbers.rounded(growth(), 4) + " "
          + growthInterval(trial))
          + last().note();
    }
  }

  private static Finding run(Trial trial) {
    Parameters plan = trial.parameters();
    List<Row> rows = new ArrayList<>();
    List<Curve> curves = new ArrayList<>();
    double[] caps = caps(plan);
    for (Way way : Way.values()) {
      int[] dimensions = dimensions(plan, way);
      if (dimensions.length == 0) {
        continue;
      }
      int runs = plan.whole(way == Way.DESCENT ? "runs" : "flowRuns");
      double[] multiples = multiples(plan);
      List<Cell> cells = new ArrayList<>();
      for (int dimension : dimensions) {
        for (double multiple : multiples) {
          cells.add(new Cell(dimension, points(multiple, dimension), way));
        }
      }
      List<Row> found = trial.runs(cells, runs, (cell, replicate) -> row(trial, cell, replicate));
      for (int k = 0; k < dimensions.length; k++) {
        List<Row> here = found.subList(k * multiples.length * runs, (k + 1) * multiples.length * runs);
        curves.add(new Curve(way, dimensions[k], caps, thresholds(caps, multiples, dimensions[k], here, runs), runs));
      }
      rows.addAll(found);
    }
    Way judged = Way.DESCENT.in(plan) ? Way.DESCENT : Way.FLOW;
    List<Curve> deciding = curves.stream().filter(curve -> curve.way == judged).toList();
    Finding finding;
    if (judges(plan)) {
      Curve most = deciding.stream().max(Comparator.comparingDouble(Curve::growth)).orElseThrow();
      boolean met = most.growth() < MOST_GROWTH;
      boolean cutOff = deciding.stream().anyMatch(curve -> curve.last().cutOff());
      finding =
          (met && cutOff ? Finding.reported(rows) : Finding.judged(met, rows))
              .measured("the largest growth of N from the last cap but one to the last, at " + most.name(), most.growth())
              .predicted(1)
              .interval(most.growthInterval(trial));
    } else {
      Curve first = curves.get(0);
      finding = Finding.reported(rows).measured("N at the largest cap, at " + first.name(), first.values()[caps.length - 1]);
    }
    return finding
        .explained(curves.stream().map(each -> each.said(trial)).reduce((one, two) -> one + ". " + two).orElseThrow() + ".")
        .figure(figure(curves));
  }

  private static Figure figure(List<Curve> curves) {
    Figure figure = Plot.plot(curves.get(0).caps, curves.get(0).overDimension()).named(curves.get(0).name());
    for (Curve curve : curves.subList(1, curves.size())) {
      figure = figure.line(curve.name(), curve.caps, curve.overDimension());
    }
    return figure.xLabel("horizon, over the authors' cap").yLabel("N/d").logX().title("The threshold against the horizon");
  }

  private static int[] dimensions(Parameters plan, Way way) {
    int[] followed = plan.wholes("flowDimensions");
    boolean all = way == Way.DESCENT || !Way.DESCENT.in(plan);
    return !way.in(plan)
        ? new int[0]
        : Arrays.stream(plan.wholes("dimensions"))
            .filter(each -> all || Arrays.stream(followed).anyMatch(other -> other == each))
            .distinct()
            .toArray();
  }

  private static List<Threshold> thresholds(double[] caps, double[] multiples, int dimension, List<Row> rows, int runs) {
    double[] points = Arrays.stream(multiples).map(multiple -> points(multiple, dimension)).toArray();
    List<Threshold> thresholds = new ArrayList<>();
    for (double cap : caps) {
      boolean[][] converged = new boolean[multiples.length][runs];
      for (int k = 0; k < multiples.length; k++) {
        for (int run = 0; run < runs; run++) {
          Row row = rows.get(k * runs + run);
          converged[k][run] = row.yes("converged") && row.number("time over cap") <= cap * (1 + 1e-12);
        }
      }
      thresholds.add(new Threshold.Mean(points, converged));
    }
    return thresholds;
  }

  private static Row row(Trial trial, Cell cell, int replicate) {
    int neurons = trial.parameters().whole("neurons");
    ShallowNetwork start = Starts.lawS(trial, cell.points, cell.dimension, neurons, replicate);
    double cap = Training.cap(cell.points, neurons);
    double horizon = cap * Arrays.stream(trial.parameters().numbers("caps")).max().orElseThrow();
    GradientFlow training =
        trial.controlled()
            ? Training.withoutFactor(start, cell.way, horizon)
            : Training.training(start, cell.way, horizon);
    Solution end = Training.until(Training.goal(cell.points), cell.way, training);
    double steps = trial.controlled() ? end.time() * neurons : end.time();
    return Training.row(start, cell.way, replicate)
        .and("cap", cap)
        .and("converged", Training.reached(end))
        .and("time over cap", steps / cap)
        .and("remaining loss", end.loss() / start.loss())
        .and("ending", end.ending().toString());
  }
}
