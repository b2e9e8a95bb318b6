package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.timeReached;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.Workers;
import org.liftgrad.shallow.ShallowNetwork;

/**
 * The stepping loop allocates nothing: a run of many steps takes as many bytes as one of fewer steps of the same
 * problem. Figures observed over the run are part of the loop; rows of a trajectory are not, so none is asked for.
 */
class AllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  static Stream<Arguments> runs() {
    return Stream.of(
        Arguments.of("exact", Problems.random(60, 90, 12, 5), Method.exact(), 500, 750),
        Arguments.of("exact, more points than twice the dimension", Problems.random(25, 8, 12, 3), Method.exact(), 500, 2000),
        Arguments.of(
            "exact, leaky", Problems.random(60, 90, 12, 5).withActivation(Activation.leakyRelu(0.1)), Method.exact(), 500, 750),
        Arguments.of("neuron by neuron", Problems.random(90, 30, 12, 5), Method.neuronByNeuron(), 300, 400),
        Arguments.of("descent", Problems.random(30, 40, 12, 5), Method.descent(1e-3), 1000, 9000));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("runs")
  void aStepAllocatesNothing(String name, ShallowNetwork network, Method method, int fewer, int more) {
    // The least of some runs, as the virtual machine may do work of its own on this thread.
    long few = Long.MAX_VALUE;
    long many = Long.MAX_VALUE;
    for (int round = 0; round < 5; round++) {
      few = Math.min(few, bytes(network, method, fewer));
      many = Math.min(many, bytes(network, method, more));
    }
    // The fewer steps go past the largest sets of sliding pairs, to which work arrays grow. Not one number a step is left.
    assertThat(many - few).as("bytes of %d more steps".formatted(more - fewer)).isLessThan(2L * (more - fewer));
  }

  private static long bytes(ShallowNetwork network, Method method, long steps) {
    GradientFlow flow =
        gradientFlow(network)
            .method(method)
            .until(timeReached(1e6))
            .at(1e6)
            .maximumSteps(steps)
            .observe(
                Observer.integral("μ", FlowState::curvature), Observer.largest("drift", FlowState::conservationDrift));
    long before = THREADS.getCurrentThreadAllocatedBytes();
    // On this thread alone: only what it allocates is counted.
    Solution run = Workers.serially(flow::solve);
    long after = THREADS.getCurrentThreadAllocatedBytes();
    assertThat(run.ending()).isEqualTo(Ending.STEP_LIMIT);
    assertThat(run.statistics().steps()).isEqualTo(steps);
    return after - before;
  }
}
