package org.liftgrad.theorem.shallow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.liftgrad.plot.Figure;
import org.liftgrad.plot.Plot;
import org.liftgrad.statistics.Numbers;
import org.liftgrad.theorem.Assurance;
import org.liftgrad.theorem.Check;
import org.liftgrad.theorem.Finding;
import org.liftgrad.theorem.Parameters;
import org.liftgrad.theorem.Row;
import org.liftgrad.theorem.Scale;
import org.liftgrad.theorem.Trial;
import org.liftgrad.theorem.Verdict;

/** F1: the three functions of one variable that illustrate local-PL curvature. */
final class CurvatureIllustration {

  /** Up to here both sides of the ratio are bounded by f'' alone, as they vanish at 0. */
  private static final double NEAR = 0.05;

  private CurvatureIllustration() {}

  static Check check() {
    return Check.named("shallow/F1", "Convex, local-PL, neither", "shallow/figure-pl")
        .asks(
            "Is f'²/f bounded away from 0 for x² and for the second function, which is not convex, and has the third a critical point"
                + " that is not its least?")
        .holdsIf(
            "on a grid of [−R, R] the smallest f'²/f of the first two, less what it can fall between two grid points (within 0.05 of 0: a"
                + " bound by f''), is above 0, the second has a negative f'' somewhere, and the third has a critical point with f above its least value by 0.01")
        .control("the oscillation of the second function: five times as large, as in the third", "amplitude x in place of x/5")
        .plan(Scale.QUICK, plan(20, 400_000))
        .plan(Scale.PAPER, plan(100, 10_000_000))
        .plan(Scale.BEYOND, plan(1000, 100_000_000))
        .recorded(Scale.QUICK, Verdict.HOLDS)
        .recorded(Scale.PAPER, Verdict.HOLDS)
        .assured(
            plan ->
                new Assurance(
                    0, 1,
                    "Deterministic. With the control in place f' = 2x + sin 5x + 5x cos 5x changes its sign within every period from"
                        + " x = 0.5 on, so f'²/f comes to 0."))
        .runs(CurvatureIllustration::run);
  }

  private static Parameters plan(double range, int cells) {
    return Parameters.none()
        .number("range", range, 2, 1e4, "R")
        .whole("cells", cells, 1000, 1_000_000_000, "cells of the grid on either side of 0");
  }

  /** x² + amplitude · x · sin 5x. */
  private record Wave(double amplitude) {
    double value(double x) {
      return x * x + amplitude * x * StrictMath.sin(5 * x);
    }

    double slope(double x) {
      return 2 * x + amplitude * (StrictMath.sin(5 * x) + 5 * x * StrictMath.cos(5 * x));
    }

    double bend(double x) {
      return 2 + amplitude * (10 * StrictMath.cos(5 * x) - 25 * x * StrictMath.sin(5 * x));
    }

    /** A bound from below on f'²/f for 0 < |x| ≤ NEAR: f' ≥ m|x| and f ≤ M x²/2 where m ≤ f'' ≤ M. */
    double leastNearZero() {
      double turn = NEAR * Math.abs(amplitude) * (75 + 125 * NEAR);
      double least = bend(0) - turn;
      return least > 0 ? 2 * least * least / (bend(0) + turn) : 0;
    }

    /** A bound on |f''| up to |x|. */
    double mostBend(double x) {
      return 2 + Math.abs(amplitude) * (10 + 25 * Math.abs(x));
    }
  }

  /** What a panel shows; a wave each for positive and negative x. */
  private record Panel(String name, Wave right, Wave left) {
    Wave at(double x) {
      return x > 0 ? right : left;
    }
  }

  private static Finding run(Trial trial) {
    double range = trial.parameters().number("range");
    int cells = trial.parameters().whole("cells");
    Wave parabola = new Wave(0);
    Wave gentle = new Wave(trial.controlled() ? 1 : 0.2);
    List<Panel> panels =
        List.of(
            new Panel("x²", parabola, parabola),
            new Panel("x² + (x/5) sin 5x", gentle, gentle),
            new Panel("the same for x > 0, x² + x sin 5x for x < 0", gentle, new Wave(1)));
    List<Row> rows = trial.inParallel("panels", panels.size(), k -> row(panels.get(k), range, cells));
    Row first = rows.get(0);
    Row second = rows.get(1);
    Row third = rows.get(2);
    boolean met =
        first.number("certified least f'²/f") > 0
            && second.number("certified least f'²/f") > 0
            && second.number("least f''") < 0
            && third.number("highest critical value") > third.number("least f") + 0.01;
    return Finding.judged(met, rows)
        .measured("smallest f'²/f of the second function on the grid", second.number("least f'²/f"))
        .explained(
            "f'²/f is at least " + Numbers.rounded(first.number("certified least f'²/f"), 4) + " for the first function and "
                + Numbers.rounded(second.number("certified least f'²/f"), 4) + " for the second (on the grid "
                + Numbers.rounded(second.number("least f'²/f"), 4) + "), whose f'' goes down to "
                + Numbers.rounded(second.number("least f''"), 4) + ". The third has " + third.whole("critical points")
                + " critical points beside 0, with values from " + Numbers.rounded(third.number("least f"), 4) + " to "
                + Numbers.rounded(third.number("highest critical value"), 4) + "; as its least value is below 0, 0 is not its minimum"
                + " either, if the left half is x² + x sin 5x as we have it.")
        .figure(picture(panels));
  }

  /**
   * Within a cell of width h the numerator f'² is at least (|f'| − h sup|f''|)² and f at most f + h sup|f'|, which
   * bounds the ratio from below.
   */
  private static Row row(Panel panel, double range, int cells) {
    double h = range / cells;
    double least = Double.POSITIVE_INFINITY;
    double certified = Math.min(panel.right.leastNearZero(), panel.left.leastNearZero());
    double leastValue = 0;
    double leastBend = Double.POSITIVE_INFINITY;
    double highest = Double.NEGATIVE_INFINITY;
    long critical = 0;
    for (int side = -1; side <= 1; side += 2) {
      double before = 0;
      for (int k = 1; k <= cells && !Thread.currentThread().isInterrupted(); k++) {
        double x = side * k * h;
        Wave wave = panel.at(x);
        double value = wave.value(x);
        double slope = wave.slope(x);
        leastValue = Math.min(leastValue, value);
        leastBend = Math.min(leastBend, wave.bend(x));
        if (value > 0) {
          least = Math.min(least, slope * slope / value);
        }
        if (value > 0 && k * h >= NEAR) {
          double bend = wave.mostBend(x);
          double fall = Math.max(0, Math.abs(slope) - h * bend);
          certified = Math.min(certified, fall * fall / (value + h * (Math.abs(slope) + h * bend)));
        }
        if (k > 1 && before * slope < 0) {
          critical++;
          highest = Math.max(highest, value);
        }
        before = slope;
      }
    }
    return Row.start()
        .and("function", panel.name)
        .and("least f'²/f", least)
        .and("certified least f'²/f", certified)
        .and("least f", leastValue)
        .and("least f''", leastBend)
        .and("critical points", critical)
        .and("highest critical value", highest);
  }

  private static Figure picture(List<Panel> panels) {
    int points = 401;
    double[] x = new double[points];
    for (int k = 0; k < points; k++) {
      x[k] = -3 + 6.0 * k / (points - 1);
    }
    List<double[]> values = new ArrayList<>();
    for (Panel panel : panels) {
      DoubleUnaryOperator f = at -> panel.at(at).value(at);
      values.add(Arrays.stream(x).map(f).toArray());
    }
    return Plot.plot(x, values.get(0)).line(panels.get(0).name, x, values.get(0)).line(panels.get(1).name, x, values.get(1))
        .line(panels.get(2).name, x, values.get(2)).xLabel("x").yLabel("f").title("Convex, local-PL, neither");
  }
}
