package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.Problems.largestDifference;
import static org.liftgrad.flow.StopCondition.timeReached;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.flow.Problems.Case;

/** Correlated inputs with many sliding pairs, against states found by an independent program. */
class FlowCasesTest {

  @ParameterizedTest
  @CsvSource({"flow-1, 1e-6", "flow-1, 1e-10", "flow-1, 1e-13", "flow-2, 1e-6", "flow-2, 1e-10", "flow-2, 1e-13"})
  void theFinalStateIsTheKnownOne(String name, double tolerance) throws IOException {
    Case known = Case.load(name);
    Solution run =
        gradientFlow(known.network()).until(timeReached(known.time())).tolerance(tolerance).solve();

    assertThat(largestDifference(run.network().preactivations().data, known.preactivations().data))
        .isLessThan(1e-9);
    assertThat(largestDifference(run.network().readout(), known.readout())).isLessThan(1e-9);
    assertThat(largestDifference(run.network().weights().orElseThrow().data, known.weights().data))
        .isLessThan(1e-9);
    assertThat(run.conservationDrift()).isLessThan(1e-8);
    assertThat(run.ending()).isEqualTo(Ending.TIME_REACHED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"flow-1", "flow-2"})
  void gradientDescentConvergesToTheFlowAtFirstOrder(String name) throws IOException {
    Case known = Case.load(name);
    Solution flow = gradientFlow(known.network()).until(timeReached(known.time())).solve();
    double[] steps = {5e-3, 2.5e-3, 1e-3, 5e-4, 2.5e-4, 1e-4};
    double[] x = new double[steps.length];
    double[] y = new double[steps.length];
    for (int k = 0; k < steps.length; k++) {
      Solution descent =
          gradientFlow(known.network())
              .method(Method.descent(steps[k]))
              .until(timeReached(known.time()))
              .at(known.time())
              .solve();
      x[k] = Math.log(steps[k]);
      y[k] = Math.log(largestDifference(flow.network(), descent.network()));
    }
    assertThat(slope(x, y)).isBetween(0.8, 1.2);
  }

  private static double slope(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    for (int k = 0; k < x.length; k++) {
      meanX += x[k] / x.length;
      meanY += y[k] / x.length;
    }
    double above = 0;
    double below = 0;
    for (int k = 0; k < x.length; k++) {
      above += (x[k] - meanX) * (y[k] - meanY);
      below += (x[k] - meanX) * (x[k] - meanX);
    }
    return above / below;
  }
}
