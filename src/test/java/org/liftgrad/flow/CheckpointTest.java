package org.liftgrad.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.liftgrad.flow.GradientFlow.gradientFlow;
import static org.liftgrad.flow.StopCondition.lossBelow;
import static org.liftgrad.flow.StopCondition.timeReached;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.liftgrad.blueprint.Activation;
import org.liftgrad.kernel.RandomStream;
import org.liftgrad.shallow.ShallowNetwork;

/** A run that was stopped, saved and resumed gives the bytes of one that never was. */
class CheckpointTest {

  @TempDir private Path folder;

  /** The exact flow and descent, each on 23 problems: smooth ones, awkward ones of the fuzz, and orthogonal inputs. */
  static Stream<Arguments> problems() {
    return LongStream.range(0, 23)
        .boxed()
        .flatMap(
            seed ->
                Stream.of(
                    Arguments.of(seed, Method.eventByEvent()),
                    Arguments.of(seed, Method.neuronByNeuron()),
                    Arguments.of(seed, Method.descent(time(seed) / 997))));
  }

  private static double time(long seed) {
    return seed < 10 || seed >= 20 ? 20 : RandomInstance.of(seed).time();
  }

  private static ShallowNetwork network(long seed) {
    if (seed >= 20) {
      ShallowNetwork network = Problems.exactlyOrthogonal(17, 8, seed);
      return seed == 20 ? network.withActivation(Activation.leakyRelu(0.2)) : network;
    }
    if (seed >= 10) {
      return (seed % 3 == 0 ? RandomInstance.of(seed).leaky() : RandomInstance.of(seed)).network();
    }
    int[][] shapes = {{8, 200, 6}, {12, 12, 9}, {25, 8, 7}, {15, 40, 12}};
    int[] shape = shapes[(int) (seed % shapes.length)];
    ShallowNetwork network = Problems.random(shape[0], shape[1], shape[2], seed);
    return seed % 3 == 0 ? network.withActivation(Activation.leakyRelu(0.2)) : network;
  }

  private static GradientFlow flow(long seed, Method method) {
    GradientFlow flow =
        gradientFlow(network(seed))
            .method(method)
            .observe(
                Observer.loss(),
                Observer.curvatureIntegral(),
                Observer.slidingPairs(),
                Observer.smallest("least", FlowState::curvature),
                Observer.largest("drift", FlowState::conservationDrift));
    // Half of the problems observed at given times, some of them beyond the stop.
    double[] times = new double[12];
    Arrays.setAll(times, k -> time(seed) * k / 11);
    return seed % 2 == 0 ? flow : flow.at(times);
  }

  private static boolean refused(long seed) {
    try {
      flow(seed, Method.exact()).until(timeReached(1e-3 * time(seed))).solve();
      return false;
    } catch (IllegalArgumentException unstable) {
      return true;
    }
  }

  private Checkpoint throughFile(Solution stopped) {
    Path file = folder.resolve("run.checkpoint");
    stopped.checkpoint().save(file);
    Checkpoint loaded = Checkpoint.load(file);
    assertThat(loaded).isEqualTo(stopped.checkpoint());
    return loaded;
  }

  private static void assertSameBytes(Solution actual, Solution expected) {
    assertThat(actual.ending()).isEqualTo(expected.ending());
    assertThat(bits(actual.time())).isEqualTo(bits(expected.time()));
    assertThat(bits(actual.network().preactivations().data)).isEqualTo(bits(expected.network().preactivations().data));
    assertThat(bits(actual.network().readout())).isEqualTo(bits(expected.network().readout()));
    assertThat(bits(actual.network().weights().orElseThrow().data))
        .isEqualTo(bits(expected.network().weights().orElseThrow().data));
    assertThat(bits(actual.conservationDrift(), actual.curvature()))
        .isEqualTo(bits(expected.conservationDrift(), expected.curvature()));
    assertThat(actual.statistics()).isEqualTo(expected.statistics());
    assertThat(actual.slidingPairs()).isEqualTo(expected.slidingPairs());
    for (String column : expected.columns()) {
      assertThat(bits(actual.column(column))).as(column).isEqualTo(bits(expected.column(column)));
    }
    assertThat(actual.toString()).isEqualTo(expected.toString());
    // The checkpoint of the resumed run is that of the other one, too.
    assertThat(actual.checkpoint()).isEqualTo(expected.checkpoint());
  }

  private static long[] bits(double... values) {
    return Arrays.stream(values).mapToLong(Double::doubleToLongBits).toArray();
  }

  @ParameterizedTest(name = "seed {0}, {1}")
  @MethodSource("problems")
  void aResumedRunGivesTheBytesOfOneThatWasNeverStopped(long seed, Method method) {
    org.junit.jupiter.api.Assumptions.assumeFalse(refused(seed), "a start on an unstable boundary");
    GradientFlow flow = flow(seed, method);
    double end = time(seed);
    Solution whole = flow.until(timeReached(end)).solve();
    assertThat(whole.ending()).isEqualTo(Ending.TIME_REACHED);

    // Stopped by a time, near and far.
    for (double part : new double[] {0.003, 0.31, 0.77}) {
      Solution stopped = flow.until(timeReached(part * end)).solve();
      Checkpoint checkpoint = throughFile(stopped);
      assertThat(checkpoint.time()).isLessThanOrEqualTo(stopped.time());
      assertSameBytes(flow.until(timeReached(end)).resume(checkpoint).solve(), whole);
    }

    // Stopped by a loss: halfway between those at start and end.
    double loss = 0.5 * (network(seed).loss() + whole.loss());
    Solution fitted = flow.until(timeReached(end)).until(lossBelow(loss)).solve();
    if (fitted.ending() == Ending.LOSS_REACHED && fitted.time() > 0) {
      assertSameBytes(flow.until(timeReached(end)).resume(throughFile(fitted)).solve(), whole);
      if (whole.loss() > 0) {
        Solution lower = flow.until(timeReached(end)).until(lossBelow(0.5 * (loss + whole.loss()))).solve();
        Solution resumed =
            flow.until(timeReached(end)).until(lossBelow(0.5 * (loss + whole.loss()))).resume(throughFile(fitted)).solve();
        assertSameBytes(resumed, lower);
      }
    }

    // Stopped by the step limit, after every few steps again.
    long stride = Math.max(1, whole.statistics().steps() / 5);
    Solution limited = flow.until(timeReached(end)).maximumSteps(stride).solve();
    for (long limit = 2 * stride; limited.ending() == Ending.STEP_LIMIT; limit += stride) {
      limited = flow.until(timeReached(end)).maximumSteps(limit).resume(throughFile(limited)).solve();
    }
    assertSameBytes(limited, whole);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anInterruptedRunIsResumed(boolean exact) {
    Method method = exact ? Method.exact() : Method.descent(0.02);
    boolean[] armed = {false};
    GradientFlow flow =
        gradientFlow(Problems.random(15, 40, 12, 3))
            .method(method)
            .until(timeReached(20))
            .observe(
                Observer.curvatureIntegral(),
                Observer.value(
                    "loss",
                    state -> {
                      if (armed[0] && state.time() > 7) {
                        Thread.currentThread().interrupt();
                      }
                      return state.loss();
                    }));
    Solution whole = flow.solve();
    armed[0] = true;
    Solution interrupted = flow.solve();
    // With the flag still up, as a caller would have it.
    Checkpoint checkpoint = throughFile(interrupted);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(interrupted.ending()).isEqualTo(Ending.INTERRUPTED);
    assertThat(interrupted.time()).isBetween(7.0, 19.0);
    armed[0] = false;
    assertSameBytes(flow.resume(checkpoint).solve(), whole);
  }

  @Test
  void aRunThatEndedAtItsStartIsResumed() {
    GradientFlow flow = flow(4, Method.exact());
    Solution nothing = flow.until(lossBelow(1e9)).solve();
    assertThat(nothing.time()).isZero();
    Solution whole = flow.until(timeReached(5)).solve();
    assertSameBytes(flow.until(timeReached(5)).resume(throughFile(nothing)).solve(), whole);
  }

  /** A trajectory of more rows than are kept: the thinning goes on where it was. */
  @Test
  void thinnedRowsAreResumed() {
    GradientFlow flow =
        gradientFlow(Problems.random(8, 30, 6, 2)).method(Method.descent(1e-3)).observe(Observer.loss());
    Solution whole = flow.until(timeReached(21)).solve();
    assertThat(whole.column("loss").length).isLessThan(4200);
    for (double stop : new double[] {3.7, 4.097, 16}) {
      Solution stopped = flow.until(timeReached(stop)).solve();
      assertSameBytes(flow.until(timeReached(21)).resume(throughFile(stopped)).solve(), whole);
    }
  }

  // ---------------------------------------------------------------- what does not belong together

  private static void assertRefused(GradientFlow flow, String... words) {
    assertThatThrownBy(flow::solve)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(words)
        .hasMessageMatching("[^\n]+ is [^\n]+; it must be [^\n]+\\.");
  }

  @Test
  void whatDoesNotBelongToACheckpointIsRefused() {
    GradientFlow flow = flow(4, Method.exact()).until(timeReached(5));
    Checkpoint checkpoint = flow.solve().checkpoint();
    GradientFlow longer = flow(4, Method.exact()).until(timeReached(9)).resume(checkpoint);
    longer.solve();
    assertRefused(longer.tolerance(1e-9), "tolerance is 1.0E-9", "1.0E-10, the tolerance of the checkpoint");
    assertRefused(longer.method(Method.descent(0.1)), "method is gradient descent", "the method of the checkpoint");
    assertRefused(longer.observe(Observer.readout(0)), "observe is", "the observers of the checkpoint");
    assertRefused(longer.at(1, 2, 3), "at is given", "after its steps");
    assertRefused(flow(4, Method.exact()).until(timeReached(3)).resume(checkpoint), "beyond", "the time of the checkpoint");
    assertRefused(
        flow(4, Method.exact()).until(lossBelow(1e9)).resume(checkpoint), "until is lossBelow", "the loss of the checkpoint");
    assertRefused(flow(6, Method.exact()).until(timeReached(9)).resume(checkpoint), "network is", "on the same data");
    GradientFlow other =
        gradientFlow(network(4).withActivation(Activation.leakyRelu(1e-3)))
            .observe(
                Observer.loss(),
                Observer.curvatureIntegral(),
                Observer.slidingPairs(),
                Observer.smallest("least", FlowState::curvature),
                Observer.largest("drift", FlowState::conservationDrift));
    assertRefused(other.until(timeReached(9)).resume(checkpoint), "network is");

    GradientFlow timed = flow(5, Method.exact());
    Checkpoint observed = timed.until(timeReached(9)).solve().checkpoint();
    assertRefused(timed.at(0, 0.1, 15).until(timeReached(20)).resume(observed), "at is of other times");
    GradientFlow stock = gradientFlow(Problems.orthogonal(4, 3, 1)).method(Method.stock()).until(timeReached(1));
    assertThatThrownBy(() -> stock.solve().checkpoint())
        .hasMessage(
            "method is Dormand-Prince 8(5,3); it must be the exact flow or gradient descent for a checkpoint.");
  }

  // ---------------------------------------------------------------- files

  private static void assertRefused(Path file, String... words) {
    assertThatThrownBy(() -> Checkpoint.load(file))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(refusal -> assertThat(List.of(words)).allMatch(refusal.getMessage()::contains))
        .hasMessageContaining(file.toString())
        .hasMessageMatching("[^\n]+; it must be [^\n]+\\.");
  }

  @Test
  void aFileThatIsNoneIsRefused() throws IOException {
    Path file = folder.resolve("a.checkpoint");
    assertRefused(file, "cannot be read", "NoSuchFileException");
    assertRefused(folder, "it must be");
    Files.writeString(file, "time,loss\n0,1\n");
    assertRefused(file, "is none", "one that Liftgrad wrote");
    Files.write(file, new byte[0]);
    assertRefused(file, "is none");
    Files.write(file, "LIFTGRAD".getBytes(StandardCharsets.US_ASCII));
    assertRefused(file, "cut short after 8 bytes");

    Checkpoint checkpoint = flow(4, Method.exact()).until(timeReached(5)).solve().checkpoint();
    checkpoint.save(file);
    byte[] whole = Files.readAllBytes(file);
    byte[] other = whole.clone();
    other[11] = 7;
    Files.write(file, other);
    assertRefused(file, "of version 7", "of version 1");
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    assertRefused(file, "of " + (whole.length - 1) + " bytes where it says " + whole.length);
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertRefused(file, "where it says " + whole.length);
    other = whole.clone();
    other[whole.length / 2] ^= 1;
    Files.write(file, other);
    assertRefused(file, "damaged");
  }

  @Test
  void savingReplacesTheFileAndLeavesNothingBeside() throws IOException {
    Path file = folder.resolve("a.checkpoint");
    Files.writeString(file, "something else");
    Checkpoint checkpoint = flow(4, Method.exact()).until(timeReached(5)).solve().checkpoint();
    checkpoint.save(file);
    assertThat(Checkpoint.load(file)).isEqualTo(checkpoint).hasSameHashCodeAs(checkpoint);
    assertThat(checkpoint.toString()).startsWith("checkpoint at t = ").contains("of exact flow");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
    assertThatThrownBy(() -> checkpoint.save(folder.resolve("missing/a.checkpoint")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("in an existing folder");
    assertThatThrownBy(() -> checkpoint.save(folder)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Ten thousand damaged files, each refused in one sentence, none believed. */
  @Test
  void everyDamagedFileIsRefused() throws IOException {
    Path file = folder.resolve("a.checkpoint");
    Checkpoint checkpoint = flow(5, Method.exact()).until(timeReached(9)).solve().checkpoint();
    checkpoint.save(file);
    byte[] whole = Files.readAllBytes(file);
    RandomStream stream = RandomStream.of(1, "damaged checkpoints");
    for (int trial = 0; trial < 10_000; trial++) {
      byte[] damaged = damaged(whole, stream);
      if (Arrays.equals(damaged, whole)) {
        continue;
      }
      Files.write(file, damaged);
      assertRefused(file);
    }
  }

  private static byte[] damaged(byte[] whole, RandomStream stream) {
    byte[] damaged = whole.clone();
    switch (stream.nextInt(4)) {
      case 0 -> damaged[stream.nextInt(whole.length)] ^= (byte) (1 << stream.nextInt(8));
      case 1 -> damaged = Arrays.copyOf(whole, stream.nextInt(2 * whole.length));
      case 2 -> {
        int from = stream.nextInt(whole.length);
        Arrays.fill(damaged, from, from + 1 + stream.nextInt(whole.length - from), (byte) stream.nextInt(256));
      }
      default -> {
        // Near the head, where lengths and version are.
        for (int k = stream.nextInt(6); k >= 0; k--) {
          damaged[stream.nextInt(Math.min(400, whole.length))] = (byte) stream.nextInt(256);
        }
      }
    }
    return damaged;
  }

  /** Files that lie, with a right hash: they are refused, or give a run that ends; nothing else, and no huge array. */
  @Test
  void aForgedFileIsRefusedOrRuns() throws IOException {
    Path file = folder.resolve("a.checkpoint");
    GradientFlow flow = flow(5, Method.exact());
    flow.until(timeReached(9)).solve().checkpoint().save(file);
    byte[] whole = Files.readAllBytes(file);
    GradientFlow more = flow.until(timeReached(9.5)).maximumSteps(1000);
    RandomStream stream = RandomStream.of(2, "forged checkpoints");
    int refused = 0;
    int ran = 0;
    for (int trial = 0; trial < 4_000; trial++) {
      byte[] forged = damaged(whole, stream);
      if (forged.length < 100) {
        continue;
      }
      System.arraycopy(whole, 0, forged, 0, 12);
      ByteBuffer.wrap(forged).putLong(12, forged.length);
      byte[] hash = Checkpoint.sha256().digest(Arrays.copyOf(forged, forged.length - 32));
      System.arraycopy(hash, 0, forged, forged.length - 32, 32);
      Files.write(file, forged);
      try {
        more.resume(Checkpoint.load(file)).solve();
        ran++;
      } catch (IllegalArgumentException expected) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1000);
    assertThat(ran).isPositive();
  }

  @Test
  void aLengthThatTheFileCannotHoldMakesNoArray() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write("LIFTGRAD".getBytes(StandardCharsets.US_ASCII));
    out.writeInt(1);
    out.writeLong(20 + 32 + 4 + 16 + 4 + 4 + 4 + 1 + 4 + 32);
    out.write(new byte[32]);
    out.writeInt(0);
    out.writeDouble(1);
    out.writeDouble(1);
    out.writeInt(0);
    out.writeInt(1);
    out.writeInt(0);
    out.writeByte(0);
    out.writeInt(Integer.MAX_VALUE);
    out.write(Checkpoint.sha256().digest(bytes.toByteArray()));
    Path file = folder.resolve("a.checkpoint");
    Files.write(file, bytes.toByteArray());
    assertRefused(file, "of 2147483647 things where 0 bytes are left");
  }
}
