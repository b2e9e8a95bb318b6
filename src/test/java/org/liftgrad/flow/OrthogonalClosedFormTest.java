package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.data.OrthogonalData.orthogonalData;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.timeReached;
import static org.liftgrad.shallow.ShallowNetworks.shallowNetwork;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.GroupFlow;
import org.liftgrad.shallow.OneNeuronGroup;
import org.liftgrad.shallow.ShallowNetwork;
import org.liftgrad.shallow.ShallowNetworks;

/** Group initialisation on orthonormal inputs: p problems of one neuron each, with a closed form (section 4.3). */
class OrthogonalClosedFormTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theFlowIsTheClosedForm(long seed) {
    int groups = 3;
    Dataset data =
        orthogonalData().points(15).norms(1, 1).groups(groups).labels(Labels.signed(1, 2)).seed(seed).build();
    ShallowNetwork network =
        seed % 2 == 0
            ? shallowNetwork(data).neurons(groups).alignedGroupInitialisation().seed(seed).build()
            : shallowNetwork(data).neurons(groups).groupInitialisation().seed(seed).build();
    double[] times = {0.5, 2, 5, 10, 20, 40, 60};
    Solution run =
        gradientFlow(network).until(timeReached(60)).at(times).observe(Observer.loss(), Observer.curvature()).solve();
    double[] loss = run.column("loss");
    for (int k = 0; k < times.length; k++) {
      double sum = 0;
      for (int g = 0; g < groups; g++) {
        sum += OneNeuronGroup.of(network, g).loss(times[k]);
      }
      assertThat(loss[k]).as("loss at t = " + times[k]).isCloseTo(sum, within(1e-9));
    }
    for (int g = 0; g < groups; g++) {
      double square = OneNeuronGroup.of(network, g).squaredNorm(60);
      // Balanced: a² = ‖w‖² at all times.
      assertThat(run.network().squaredWeightNorms()[g]).isCloseTo(square, within(1e-9));
      assertThat(run.network().readout()[g] * run.network().readout()[g]).isCloseTo(square, within(1e-9));
    }
    assertThat(run.slidingPairs()).isZero();
  }

  /** The exact flow keeps the whole Gram matrix; what needs its diagonal alone goes to any n. */
  @Test
  void theStockSolverGoesWhereNoGramMatrixFits() {
    Dataset data = orthogonalData().points(20_000).norms(1, 1).groups(1).labels(Labels.positive(1, 2)).seed(7).build();
    ShallowNetwork network = shallowNetwork(data).groupInitialisation().seed(7).build();
    GradientFlow flow = gradientFlow(network).until(timeReached(100)).observe(Observer.loss());
    Solution run = flow.method(Method.stock()).tolerance(1e-10).solve();
    assertThat(run.loss() / OneNeuronGroup.of(network, 0).loss(100)).isCloseTo(1, within(1e-6));
    assertThatThrownBy(flow::solve)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the number of points is 20000; it must be at most 10000 for the exact flow of orthogonal inputs, which keeps n² numbers;"
                + " descent and the stock solver go further.");
  }

  /**
   * A thousand random starts of up to four groups, most of them unaligned, at five times each until most of the
   * loss is gone: loss and norms of the flow are those of the closed form to 1e-8 of themselves.
   */
  @Test
  void aThousandRandomStarts() {
    for (int run = 0; run < 1000; run++) {
      RandomStream stream = RandomStream.of(5, "closed form", run);
      int groups = 1 + stream.nextInt(4);
      int points = Math.max(2, groups + stream.nextInt(20));
      Dataset data =
          orthogonalData().points(points).norms(1, 1).groups(groups)
              .labels(Labels.signed(0.5, 1 + 3 * stream.nextUniform())).seed(run).build();
      ShallowNetworks start = shallowNetwork(data).scale(StrictMath.exp(stream.nextUniform(-4, 0.5))).seed(run);
      ShallowNetwork network =
          run % 4 == 0 ? start.alignedGroupInitialisation().build() : start.groupInitialisation().build();
      GroupFlow exact = GroupFlow.of(network);
      double end = exact.flowTime(exact.timeOfRemaining(1e-4));
      double[] times = new double[5];
      Arrays.setAll(times, k -> end * (k + 1 - 0.5 * stream.nextUniform()) / 5);
      times[4] = end;
      Solution solved = gradientFlow(network).until(timeReached(end)).at(times).observe(Observer.loss()).solve();
      double[] loss = solved.column("loss");
      for (int k = 0; k < times.length; k++) {
        double expected = exact.loss(exact.rescaledTime(times[k]));
        assertThat(loss[k]).as("run " + run + ", loss at t = " + times[k]).isCloseTo(expected, within(1e-8 * expected));
      }
      for (int g = 0; g < groups; g++) {
        double square = OneNeuronGroup.of(network, g).squaredNorm(end);
        assertThat(solved.network().squaredWeightNorms()[g]).as("run " + run).isCloseTo(square, within(1e-8 * square));
      }
    }
  }
}
