package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.liftgrad.data.OrthogonalData.orthogonalData;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.timeReached;
import static org.liftgrad.shallow.ShallowNetworks.shallowNetwork;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.data.Dataset;
import org.liftgrad.data.Labels;
import org.liftgrad.shallow.OneNeuronGroup;
import org.liftgrad.shallow.ShallowNetwork;

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
}
