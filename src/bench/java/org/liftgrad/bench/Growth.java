package org.liftgrad.bench;

import static org.liftgrad.bench.Setting.time;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.liftgrad.flow.StopCondition;
import org.liftgrad.kernel.DenseProducts;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.Width;
import org.liftgrad.statistics.Line;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.statistics.Summary;

/**
 * S9: how the time of a flow grows with n·p, and how that of one right-hand side does: law S in d = 4n²,
 * p = ⌊log(n/0.05)/log(4/3)⌋ + 1, until the loss is 1e-6.
 */
final class Growth implements Job {

  private static final double LOSS = 1e-6;
  private static final double TOLERANCE = 1e-4;
  private static final double ALLOWANCE = 0.3;
  private static final int[] POINTS = {20, 40, 80, 160, 320, 640, 1300};

  /** One flow that takes longer than this ends its method's line. */
  private static final double MOST_SECONDS = 60;

  /** Sizes and times of one line. */
  private record Curve(String name, List<Double> pairs, List<Double> seconds) {
    double[] x() {
      return pairs.stream().mapToDouble(each -> each).toArray();
    }

    double[] y() {
      return seconds.stream().mapToDouble(each -> each).toArray();
    }

    double decades() {
      return pairs.size() < 2 ? 0 : Math.log10(pairs.get(pairs.size() - 1) / pairs.get(0));
    }

    Line fit() {
      return Line.logLog(x(), y());
    }
  }

  @Override
  public String id() {
    return "S9";
  }

  @Override
  public List<Bar> run(Setting setting) {
    double mostSeconds = setting.quick() ? 5 : MOST_SECONDS;
    List<Curve> flows = new ArrayList<>();
    for (OwnMethod method : OwnMethod.all()) {
      Curve curve = new Curve(method.name(), new ArrayList<>(), new ArrayList<>());
      for (int points : POINTS) {
        Instance instance = instance(points);
        if (instance.pairs() > method.mostPairs()) {
          break;
        }
        // Growth is asked for, not accuracy: one loose tolerance. Three seeds, as event counts vary.
        double[] seconds = new double[3];
        for (int seed = 0; seed < seconds.length; seed++) {
          ShallowNetwork start = Instance.exactInLaw(points, instance.network().neurons(), 1 + seed).network();
          Runnable solve = () -> method.solve(method.flow(start, TOLERANCE).until(StopCondition.lossBelow(LOSS)));
          seconds[seed] = warm(solve);
        }
        curve.pairs.add((double) instance.pairs());
        curve.seconds.add(Summary.median(seconds));
        setting.say(method.name() + ", n·p = " + instance.pairs() + ": " + time(Summary.median(seconds)));
        if (Summary.median(seconds) > mostSeconds) {
          break;
        }
      }
      flows.add(curve);
    }
    Curve side = new Curve("one right-hand side", new ArrayList<>(), new ArrayList<>());
    double most = flows.stream().flatMap(curve -> curve.pairs.stream()).mapToDouble(each -> each).max().orElse(0);
    for (int points : POINTS) {
      Instance instance = instance(points);
      if (instance.pairs() <= most) {
        Side one = Side.gram(instance.network(), DenseProducts.java());
        int calls = one.calls(0.3);
        double[] seconds = new double[5];
        for (int round = 0; round < seconds.length; round++) {
          seconds[round] = one.seconds(calls);
        }
        side.pairs.add((double) instance.pairs());
        side.seconds.add(Summary.median(seconds));
      }
    }
    draw(flows, side, setting.folder());
    return bars(flows, side);
  }

  /** Short ones are run until the compiler has seen them. */
  private static double warm(Runnable solve) {
    double spent = 0;
    double last = Double.POSITIVE_INFINITY;
    for (int run = 0; run == 0 || run < 20 && spent + last < 3; run++) {
      last = Rounds.seconds(solve);
      spent += last;
    }
    return last > 1.5 ? last : Rounds.alone(() -> Rounds.seconds(solve));
  }

  private static Instance instance(int points) {
    return Instance.exactInLaw(points, Width.widthFor(points, 0.05), 1);
  }

  private List<Bar> bars(List<Curve> flows, Curve side) {
    List<Bar> bars = new ArrayList<>();
    for (Curve flow : flows) {
      String work =
          "flow time against n·p, " + Numbers.rounded(flow.pairs.get(0), 3) + " … "
              + Numbers.rounded(flow.pairs.get(flow.pairs.size() - 1), 3) + ", " + flow.name;
      if (flow.pairs.size() < 3) {
        bars.add(Bar.notMeasured(id(), work, "", "too few sizes for a slope"));
        continue;
      }
      // The right-hand side over the same sizes.
      Curve same = new Curve(side.name, side.pairs.subList(0, flow.pairs.size()), side.seconds.subList(0, flow.pairs.size()));
      double least = same.fit().slope() + ALLOWANCE;
      double slope = flow.fit().slope();
      bars.add(
          new Bar(
              id(), work, time(flow.seconds.get(0)) + " … " + time(flow.seconds.get(flow.seconds.size() - 1)),
              "slope of the right-hand side " + Numbers.rounded(same.fit().slope(), 3), "slope " + Numbers.rounded(slope, 3),
              "≤ " + Numbers.rounded(least, 3) + " over two decades",
              flow.decades() < 1.9 && slope <= least ? Outcome.REPORTED : Outcome.atMost(slope, least),
              bend(flow) + (flow.decades() < 1.9 ? "; only " + Numbers.rounded(flow.decades(), 2) + " decades were measured" : "")));
    }
    return bars;
  }

  /** The slope from each size to the next: where the line bends. */
  private static String bend(Curve curve) {
    StringBuilder text = new StringBuilder("slope from size to size");
    for (int k = 1; k < curve.pairs.size(); k++) {
      double slope =
          Math.log(curve.seconds.get(k) / curve.seconds.get(k - 1)) / Math.log(curve.pairs.get(k) / curve.pairs.get(k - 1));
      text.append(k == 1 ? " " : ", ").append(Numbers.rounded(slope, 2));
    }
    return text.toString();
  }

  private static void draw(List<Curve> flows, Curve side, Path folder) {
    Figure figure = Plot.plot(side.x(), side.y()).named(side.name);
    for (Curve flow : flows) {
      figure = figure.line("flow, " + flow.name, flow.x(), flow.y());
    }
    figure = figure.logLog().xLabel("n·p").yLabel("time [s]").title("Law S, d = 4n², until the loss is 1e-6");
    try {
      figure.save(folder.resolve("growth.svg"));
      figure.save(folder.resolve("growth.png"));
      Files.writeString(folder.resolve("growth.csv"), figure.data());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

}
